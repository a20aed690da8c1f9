// The front page's sentence, alive: typed words are read at once, by explorer_lstm.js. The network
// comes with the first touch. Texts become text nodes, never markup.

const SHOWN_LETTERS = 30; // of one word
const PAUSE = 1200; // milliseconds after the last key until the verdict is spoken

function mount(root, data) {
  const find = (selector) => root.querySelector(selector);
  const textarea = find("textarea"), words = find(".fr-words"), verdict = find(".fr-verdict");
  const live = find(".cw-live"), again = find(".fr-again"), picks = find(".fr-picks");
  let network, speaking = 0;

  // Asked for at the first touch, and once; again where that failed.
  function fetchNetwork() {
    network ??= window.courseLoad(root.dataset.later)
      .then(() => networkOf(window.courseParts[data.shared]));
    network.catch(() => { network = undefined; });
    return network;
  }

  function read(text, { numbers, ...weights }) {
    const found = splitWords(text), kept = found.slice(0, data.length);
    for (const word of kept) word.number = numbers.get(word.word) ?? 1; // 1 is [UNK]
    const { positive } = readWords(kept.map(({ number }) => number), weights);
    return { words: kept, more: found.length - kept.length, positive };
  }

  function make(parent, name, className, textContent = "") {
    const made = Object.assign(document.createElement(name), { className, textContent });
    parent.append(made);
    return made;
  }

  function draw({ words: read, more, positive }) {
    words.textContent = "";
    for (const [place, { shown, number }] of read.entries()) {
      const now = positive[place + 1], missing = number === 1;
      const cell = make(words, "li", now >= 0.5 ? "fr-up" : "fr-down");
      if (missing) cell.classList.add("fr-missing");
      cell.style.setProperty("--p", Math.abs(2 * now - 1).toFixed(3));
      cell.title = `P(positive) = ${now.toFixed(2)}`;
      const short = shown.length > SHOWN_LETTERS ? `${shown.slice(0, SHOWN_LETTERS)}\u2026` : shown;
      make(cell, "span", missing ? "fr-word fr-unknown" : "fr-word", short);
      make(cell, "span", "cw-hidden", `, ${missing ? "unknown word, " : ""}${now.toFixed(2)}`);
      make(cell, "span", "fr-bar");
    }
    const last = positive.at(-1), side = last >= 0.5 ? "positive" : "negative";
    verdict.textContent = "";
    if (read.length) {
      const kind = last >= 0.5 ? "fr-positive" : "fr-negative"; // whole: unknown rules are cut
      make(verdict, "span", `fr-value ${kind}`, `${last >= 0.5 ? "\u2191" : "\u2193"} ${side}`);
      verdict.append(" ");
      make(verdict, "span", "", `P(positive) = ${last.toFixed(2)}`);
      if (more) make(verdict, "span", "fr-more", ` It reads ${read.length} words, not the ${more} after.`);
    } else {
      make(verdict, "span", "", "Nothing to read yet.");
    }
  }

  // Shows what the network makes of the text; `play` lets the bars rise word by word.
  async function show(play) {
    const text = textarea.value;
    root.setAttribute("aria-busy", "true");
    const slow = setTimeout(() => { verdict.textContent = "Fetching the network \u2026"; }, 300);
    let brought;
    try {
      brought = await fetchNetwork();
    } catch {
      verdict.textContent = "The network could not be loaded. Type on to try again.";
      return;
    } finally {
      clearTimeout(slow);
      root.removeAttribute("aria-busy");
    }
    if (text !== textarea.value) return; // the reader has typed on
    const reading = read(text, brought);
    draw(reading);
    words.classList.remove("fr-play");
    if (play) {
      void words.offsetWidth; // so that the animation starts anew
      words.style.setProperty("--fr-step", `${Math.min(260, 5000 / reading.words.length)}ms`);
      [...words.children].forEach((cell, place) => cell.style.setProperty("--k", place));
      words.classList.add("fr-play");
    }
    clearTimeout(speaking);
    speaking = setTimeout(() => { live.textContent = spoken(reading); }, PAUSE);
  }

  function spoken({ words: read, positive }) {
    if (!read.length) return "Nothing to read yet.";
    const unknown = read.filter(({ number }) => number === 1).length;
    const last = positive.at(-1);
    return `${last >= 0.5 ? "Positive" : "Negative"}, probability of positive ${last.toFixed(2)}.`
      + (unknown ? ` Unknown words: ${unknown}.` : "");
  }

  for (const touch of ["pointerdown", "focusin"]) {
    root.addEventListener(touch, () => { fetchNetwork().catch(() => {}); });
  }
  textarea.addEventListener("input", () => show(false));
  textarea.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    show(true);
  });
  picks.addEventListener("click", (event) => {
    const pick = event.target.closest("button");
    if (!pick) return;
    textarea.value = pick.value;
    show(true);
  });
  again.addEventListener("click", () => show(true));
  // What the reader typed before this script was there counts.
  if (textarea.value !== textarea.defaultValue) show(false);
  root.front = { read: async (text) => read(text, await fetchNetwork()) };
}
