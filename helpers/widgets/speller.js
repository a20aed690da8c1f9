// A network that says words, as helpers/widgets/speller.py computes it: an encoder and a decoder
// with dot attention. `lstmStep` and `decodeArray` stand in explorer_lstm.js.

const STOP = 1; // number of the full stop, which begins and ends an answer

function softmax(scores) {
  const powers = scores.map((score) => Math.exp(score - Math.max(...scores)));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

const dot = (a, b) => a.reduce((sum, value, k) => sum + value * b[k], 0);

// The word in a text, or a message why there is none to read.
function wordIn(text, { most: [mostLetters], messages: [empty, strange, long] }) {
  const word = text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, "")
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (!/^[a-z]*$/.test(word)) return { word: "", message: strange };
  if (word === "") return { word, message: empty };
  return word.length > mostLetters ? { word: "", message: long } : { word, message: "" };
}

// The network in what the page brings.
function spellerOf(data) {
  const array = (name) => decodeArray(data.weights[name]);
  const lstm = (name) => ({
    W_x: array(`${name}_W_x`), W_h: array(`${name}_W_h`), b: array(`${name}_b`),
  });
  const rows = (name, count) => {
    const all = array(name), width = all.length / count;
    return Array.from({ length: count }, (_, k) => Array.from(all.slice(k * width, (k + 1) * width)));
  };
  const headW = array("head_W"), headB = array("head_b"), V = headB.length;
  return {
    letters: rows("letters", data.letters.length),
    sounds: rows("sounds", V),
    encoder: lstm("encoder"),
    decoder: lstm("decoder"),
    head: (both) => Array.from(headB, (bias, k) => both.reduce((sum, value, row) =>
      sum + value * headW[row * V + k], bias)),
  };
}

// Greedy decoding: sounds, weights of attention (a row a sound), probability of the answer.
function say(word, network, data) {
  const p = network.encoder.W_h.length ** 0.5 / 2; // W_h is (p, 4p)
  let state = { cell: Array(p).fill(0), hidden: Array(p).fill(0) };
  const states = [...word].map((letter) => {
    state = lstmStep(network.letters[data.letters.indexOf(letter)], state, network.encoder);
    return state.hidden;
  });
  const numbers = [STOP], weights = [];
  let chance = 1;
  while (numbers.length === 1 || (numbers.at(-1) !== STOP && numbers.length <= data.most[1])) {
    state = lstmStep(network.sounds[numbers.at(-1)], state, network.decoder);
    const looked = softmax(states.map((one) => dot(state.hidden, one)));
    const context = state.hidden.map((_, k) => dot(looked, states.map((one) => one[k])));
    const shares = softmax(network.head([...state.hidden, ...context]));
    const best = shares.indexOf(Math.max(...shares.slice(1)), 1); // never the pad
    chance *= shares[best];
    numbers.push(best);
    weights.push(looked);
  }
  const sounds = numbers.filter((number) => number !== STOP).map((number) => data.sounds[number]);
  return { sounds, weights: weights.slice(0, sounds.length), chance };
}

function mount(root, data) {
  const network = spellerOf(data);
  const find = (name) => root.querySelector(name);
  const input = find("input"), said = find(".cw-said"), table = find("table");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.title);

  const element = (kind, text, set = {}) =>
    Object.assign(document.createElement(kind), { textContent: text }, set);

  function read(text) {
    const { word, message } = wordIn(text, data);
    const nothing = { sounds: [], weights: [], chance: 0 };
    return { word, message, ...(message ? nothing : say(word, network, data)) };
  }

  function cell(weight) {
    const percent = Math.floor(100 * weight + 0.5);
    const td = element("td", "", { title: `${percent}%` });
    td.style.setProperty("--cw-share", (percent / 100).toFixed(2));
    td.append(element("span", `${percent}%`, { className: "cw-hidden" }));
    return td;
  }

  function draw() {
    const { word, message, sounds, weights, chance } = read(input.value);
    if (message) {
      said.textContent = message;
    } else {
      said.replaceChildren(element("strong", word),
        `: ${sounds.join(" ") || "nothing"} (probability ${chance.toFixed(2)})`);
    }
    table.tHead.rows[0].replaceChildren(element("td", ""),
      ...[...word].map((letter) => element("th", letter, { scope: "col" })));
    table.tBodies[0].replaceChildren(...sounds.map((sound, row) => {
      const tr = element("tr", ""), head = element("th", `${sound} `, { scope: "row" });
      head.append(element("span", data.asIn[sound] ?? "", { className: "cw-as" }));
      tr.append(head, ...weights[row].map(cell));
      return tr;
    }));
  }

  const first = input.defaultValue;
  input.addEventListener("input", draw);
  for (const button of root.querySelectorAll("button")) {
    button.addEventListener("click", () => { input.value = button.textContent; draw(); });
  }
  root.addEventListener("keydown", (event) => event.stopPropagation()); // Jupyter's shortcuts
  root.speller = { read };
  if (input.value !== first) draw(); // typed before this script came
}
