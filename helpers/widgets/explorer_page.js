// The explorer in the page: brings the static view (explorer.html) to life with explorer_lstm.js.
// Everything is made with the document's own functions and textContent: a text is never markup.

const SHOWN_LETTERS = 40; // of one word
const READ_LETTERS = 200000; // of a text, to be cut into words
const LINES = [
  ["i", "input gate", 0, 1],
  ["f", "forget gate", 0, 1],
  ["o", "output gate", 0, 1],
  ["candidate", "candidate", -1, 1],
  ["cell", "cell state", null, null],
  ["hidden", "hidden state", -1, 1],
];

function signed(value) {
  const text = Math.abs(value).toFixed(2);
  return text === "0.00" ? "0.00" : (value < 0 ? "\u2212" : "+") + text;
}

function element(parent, name, properties = {}, attributes = {}) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

// A curve over the steps in a box that stretches: first word at the left edge, last at the right.
function chart(box, low, high, middle) {
  const svg = box.querySelector("svg"), shapes = {};
  for (const kind of ["middle", "cursor", "curve", "dot"]) {
    shapes[kind] = svg.querySelector(`.cw-${kind}`);
  }
  let values = [];
  const across = (place) => (values.length > 1 ? 1.5 + (97 * place) / (values.length - 1) : 50);
  let bounds = [low, high];
  const up = (value) => 96 - (92 * (value - bounds[0])) / (bounds[1] - bounds[0]);
  return {
    box,
    draw(newValues, newBounds, label) {
      values = newValues;
      bounds = newBounds ?? [low, high];
      shapes.middle.setAttribute("d", `M0 ${up(middle).toFixed(2)}H100`);
      const points = values.map((value, place) => `${across(place).toFixed(2)} ${up(value).toFixed(2)}`);
      shapes.curve.setAttribute("d", points.length ? `M${points.join("L")}` : "");
      svg.setAttribute("aria-label", label);
    },
    point(place) {
      const seen = place >= 0 && place < values.length;
      const x = seen ? across(place).toFixed(2) : 0;
      shapes.cursor.setAttribute("d", seen ? `M${x} 0V100` : "");
      shapes.dot.setAttribute("d", seen ? `M${x} ${up(values[place]).toFixed(2)}h0.001` : "");
    },
    placeAt(event) {
      const frame = svg.getBoundingClientRect();
      const share = ((event.clientX - frame.left) / Math.max(frame.width, 1) - 0.015) / 0.97;
      return Math.round(Math.min(Math.max(share, 0), 1) * (values.length - 1));
    },
  };
}

function mount(root, data) {
  const network = networkOf(data), { numbers } = network;
  function read(text) {
    const found = splitWords(text.slice(0, READ_LETTERS));
    const words = found.slice(0, data.length);
    for (const word of words) word.number = numbers.get(word.word) ?? 1; // 1 is [UNK]
    const inside = readWords(words.map(({ number }) => number), network);
    return { words, found: found.length, cut: text.length > READ_LETTERS, ...inside };
  }

  // -- what stands in the page

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.title);
  const find = (selector) => root.querySelector(selector);
  const example = find(".cw-example"), textarea = find("textarea"), unit = find(".cw-unit");
  const play = find(".cw-play"), slider = find("input[type=range]"), strip = find(".cw-words");
  const status = find(".cw-status"), live = find(".cw-live"), said = find(".cw-said");
  const low = find(".cw-low"), high = find(".cw-high");
  const curve = chart(find(".cw-verdict"), 0, 1, 0.5);
  const small = LINES.map(([name, label, from, to]) => {
    const figure = find(`.cw-of-${name}`);
    const drawn = chart(figure.querySelector(".cw-box"), from, to, 0);
    return {
      name, label, drawn, value: figure.querySelector("b"), ends: figure.querySelector(".cw-ends"),
    };
  });
  const details = find(".cw-numbers"), table = details.querySelector("div");

  // -- what happens

  let reading, step = 0, spans = [], waiting = 0, playing = 0;

  const wordAt = (place) => reading.words[place];
  const shownWord = ({ shown }) =>
    shown.length > SHOWN_LETTERS ? `${shown.slice(0, SHOWN_LETTERS)}\u2026` : shown;

  function show(text) {
    stop();
    reading = read(text);
    step = reading.words.length;
    slider.max = String(step);
    slider.disabled = play.disabled = step === 0;
    strip.textContent = "";
    spans = reading.words.map((word, place) => {
      const span = element(strip, "span", { className: "cw-word", textContent: shownWord(word) });
      if (word.number === 1) span.classList.add("cw-unknown");
      span.dataset.place = String(place + 1);
      span.spoken = element(span, "span", { className: "cw-hidden" });
      strip.append(" ");
      return span;
    });
    if (!spans.length) {
      element(strip, "span", { className: "cw-nothing", textContent: "Nothing to read yet." });
    }
    curve.draw(
      reading.positive, null,
      `P(positive) word by word: ${reading.positive.map((value) => value.toFixed(2)).slice(0, 30).join(", ")}`
        + (reading.positive.length > 30 ? ` and so on to ${reading.positive.at(-1).toFixed(2)}` : ""),
    );
    const missing = reading.words.filter(({ number }) => number === 1).length;
    const total = `${reading.found.toLocaleString("en")}${reading.cut ? " or more" : ""}`;
    const plural = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;
    status.textContent = (reading.found > reading.words.length || reading.cut
      ? `Reads the first ${reading.words.length} of ${total} words.`
      : `${plural(reading.words.length, "word")}.`)
      + (missing ? ` ${plural(missing, "word")} unknown to it.` : "");
    recolour();
  }

  function recolour() {
    const k = Number(unit.value), most = data.scale[k];
    const state = reading.steps.map(({ hidden }) => hidden[k]);
    for (const [place, span] of spans.entries()) {
      const share = Math.max(-1, Math.min(1, state[place] / most));
      span.style.setProperty("--cw-share", Math.abs(share).toFixed(3));
      span.classList.toggle("cw-below", share < 0);
      const lost = wordAt(place).number === 1 ? ", unknown word" : "";
      span.spoken.textContent = ` (${signed(state[place])}${lost})`;
      span.title = `${wordAt(place).number === 1 ? "unknown word, read as [UNK]\n" : ""}`
        + `unit ${k + 1}: ${signed(state[place])}\n`
        + `P(positive) so far: ${reading.positive[place + 1].toFixed(2)}`;
    }
    low.textContent = `unit ${k + 1}:  ${signed(-most)}`;
    high.textContent = signed(most);
    for (const { name, label, drawn, ends } of small) {
      const values = reading.steps.map((one) => one[name][k]);
      let bounds = null;
      if (name === "cell") {
        const widest = Math.max(1, ...values.map(Math.abs));
        bounds = [-widest, widest];
      }
      const [from, to] = bounds ?? LINES.find(([other]) => other === name).slice(2);
      ends.textContent = `${from.toFixed(from % 1 ? 1 : 0).replace("-", "\u2212")} to ${to.toFixed(to % 1 ? 1 : 0)}`;
      const span = values.length ? `from ${values[0].toFixed(2)} to ${values.at(-1).toFixed(2)}` : "empty";
      drawn.draw(values, bounds, `${label} of unit ${k + 1} over the words, ${span}`);
    }
    if (details.open) fillTable();
    point();
  }

  function point() {
    const k = Number(unit.value), now = reading.positive[step];
    for (const [place, span] of spans.entries()) {
      span.classList.toggle("cw-read", place < step);
      span.classList.toggle("cw-now", place === step - 1);
    }
    slider.value = String(step);
    const where = step === 0 ? "before the first word"
      : `word ${step} of ${reading.words.length}, ${shownWord(wordAt(step - 1))}`;
    slider.setAttribute("aria-valuetext", `${where}: P(positive) ${now.toFixed(2)}`);
    said.textContent = "";
    said.append(step === 0 ? "Before the first word: " : "After \u201c");
    if (step) {
      element(said, "strong", { textContent: shownWord(wordAt(step - 1)) });
      said.append(`\u201d (${step} of ${reading.words.length}): `);
    }
    element(said, "span", {
      className: `cw-value ${now < 0.5 ? "cw-negative" : "cw-positive"}`,
      textContent: `P(positive) = ${now.toFixed(2)}`,
    });
    said.append(now < 0.5 ? " \u2193 negative" : " \u2191 positive");
    curve.point(step);
    for (const { name, value, drawn } of small) {
      drawn.point(step - 1);
      value.textContent = step ? reading.steps[step - 1][name][k].toFixed(2).replace("-", "\u2212") : "";
    }
    play.textContent = playing ? "Pause" : "Read";
    play.setAttribute("aria-label", playing ? "Pause reading" : "Read word by word from the start");
  }

  function moveTo(place) {
    step = Math.max(0, Math.min(reading.words.length, place));
    point();
    const span = spans[step - 1];
    if (span && strip.scrollHeight > strip.clientHeight) {
      const top = span.offsetTop - strip.offsetTop;
      if (top < strip.scrollTop || top > strip.scrollTop + strip.clientHeight - 30) {
        strip.scrollTop = top - 10;
      }
    }
  }

  function stop() {
    clearInterval(playing);
    playing = 0;
  }

  function fillTable() {
    const k = Number(unit.value);
    table.textContent = "";
    const made = element(table, "table");
    const head = element(element(made, "thead"), "tr");
    const names = ["word", "P(positive)", ...LINES.map(([, label]) => label)];
    for (const name of names) element(head, "th", { textContent: name, scope: "col" });
    const body = element(made, "tbody");
    for (const [place, one] of reading.steps.entries()) {
      const row = element(body, "tr");
      const lost = wordAt(place).number === 1 ? " (unknown)" : "";
      element(row, "th", { textContent: shownWord(wordAt(place)) + lost, scope: "row" });
      element(row, "td", { textContent: reading.positive[place + 1].toFixed(3) });
      for (const [name] of LINES) {
        element(row, "td", { textContent: one[name][k].toFixed(3).replace("-", "\u2212") });
      }
    }
  }

  example.addEventListener("change", () => {
    if (example.value === "") textarea.focus();
    else textarea.value = data.examples[Number(example.value)];
    show(textarea.value);
    announce();
  });
  textarea.addEventListener("input", () => {
    example.value = "";
    clearTimeout(waiting);
    waiting = setTimeout(() => show(textarea.value), textarea.value.length > 2000 ? 250 : 30);
    clearTimeout(live.waiting);
    live.waiting = setTimeout(announce, 1500); // once the reader pauses, not at each letter
  });
  function announce() {
    const now = reading.positive.at(-1);
    live.textContent = `${status.textContent} P(positive) ${now.toFixed(2)}, `
      + (now < 0.5 ? "negative." : "positive.");
  }
  unit.addEventListener("change", recolour);
  slider.addEventListener("input", () => { stop(); moveTo(Number(slider.value)); });
  strip.addEventListener("click", (event) => {
    const span = event.target.closest("[data-place]");
    if (span) { stop(); moveTo(Number(span.dataset.place)); }
  });
  strip.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const to = { Home: 0, End: reading.words.length }[event.key];
    if (by === undefined && to === undefined) return;
    event.preventDefault();
    stop();
    moveTo(by === undefined ? to : step + by);
  });
  curve.box.addEventListener("pointerdown", (event) => { stop(); moveTo(curve.placeAt(event)); });
  curve.box.addEventListener("pointermove", (event) => {
    if (event.buttons) moveTo(curve.placeAt(event));
  });
  play.addEventListener("click", () => {
    if (playing) { stop(); point(); return; }
    moveTo(step >= reading.words.length ? 0 : step);
    playing = setInterval(() => {
      if (step + 1 >= reading.words.length) stop();
      moveTo(step + 1);
    }, 450);
    point();
  });
  details.addEventListener("toggle", () => { if (details.open) fillTable(); });
  // Jupyter has shortcuts of its own for single keys; what is typed here is for the explorer.
  root.addEventListener("keydown", (event) => event.stopPropagation());

  // What the reader did before the script was there counts.
  const chosen = data.examples.indexOf(textarea.value);
  example.value = chosen < 0 ? "" : String(chosen);
  show(textarea.value);
  root.explorer = { read, show: (text) => { textarea.value = text; example.value = ""; show(text); } };
}
