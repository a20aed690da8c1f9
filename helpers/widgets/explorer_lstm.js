// An LSTM that reads a text word by word: its equations, under their usual names.
// It has p units, and a word is m numbers. Matrices lie row after row in one long array.

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

// One step: from a word x (m numbers) and the state before it to the gates and the state after it.
function lstmStep(x, { cell: lastCell, hidden: lastHidden }, { W_x, W_h, b }) {
  const p = lastHidden.length;
  const z = Array.from(b); // will be b + x W_x + h W_h: four parts side by side, p numbers each
  for (let k = 0; k < 4 * p; k++) {
    x.forEach((value, row) => { z[k] += value * W_x[row * 4 * p + k]; });
    lastHidden.forEach((value, row) => { z[k] += value * W_h[row * 4 * p + k]; });
  }
  const part = (number) => z.slice(number * p, (number + 1) * p);
  const i = part(0).map(sigmoid); // input gate: how much of the candidate is written
  const f = part(1).map(sigmoid); // forget gate: how much of the old cell state stays
  const candidate = part(2).map(Math.tanh); // what this word would like to write
  const o = part(3).map(sigmoid); // output gate: how much of the cell state is shown
  const cell = lastCell.map((c, k) => f[k] * c + i[k] * candidate[k]);
  const hidden = cell.map((c, k) => o[k] * Math.tanh(c));
  return { i, f, o, candidate, cell, hidden };
}

// The head: P(positive) from the hidden state, which is all that it sees.
function verdict(hidden, { W, b }) {
  return sigmoid(hidden.reduce((sum, h, k) => sum + h * W[k], b[0]));
}

// Read numbers of words; return the steps, one a word, and P(positive) before and after each.
function readWords(numbers, { embedding, lstm, head }) {
  const p = head.W.length, m = lstm.W_x.length / (4 * p);
  let state = { cell: Array(p).fill(0), hidden: Array(p).fill(0) };
  const steps = [], positive = [verdict(state.hidden, head)];
  for (const number of numbers) {
    const x = embedding.slice(number * m, (number + 1) * m); // the word's row of the table
    state = lstmStep(x, state, lstm);
    steps.push(state);
    positive.push(verdict(state.hidden, head));
  }
  return { steps, positive };
}

// Cut a text into words as keras.layers.TextVectorization does: small letters (of A to Z alone),
// no punctuation, a new word after each white space. `shown` is how the reader wrote the word.
function splitWords(text) {
  return text.split(/[ \t\n\v\f\r]+/).map((shown) => ({
    shown,
    word: shown.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
      .replace(/[!"#$%&()*+,\-./:;<=>?@[\\\]^_`{|}~']/g, ""),
  })).filter(({ word }) => word !== "");
}

// A number of 16 bits: one for the sign, five for the exponent, ten for the fraction.
function fromHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

// Weights travel as text (base64) that stands for bytes, two (f2) or four (f4) a number.
function decodeArray({ type, data }) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  if (type === "f4") return new Float32Array(bytes.buffer);
  return Float32Array.from(new Uint16Array(bytes.buffer), fromHalf);
}

// The network in what the page brings: weights under their names, and the number of each word.
function networkOf(data) {
  const [W_x, W_h, b] = [data.W_x, data.W_h, data.b].map(decodeArray);
  return {
    embedding: decodeArray(data.embedding),
    lstm: { W_x, W_h, b },
    head: { W: decodeArray(data.head_W), b: decodeArray(data.head_b) },
    numbers: new Map(data.vocabulary.split("\n").map((word, number) => [word, number])),
  };
}
