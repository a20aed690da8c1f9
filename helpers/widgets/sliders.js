// The single neuron of lecture 03 with a slider for each weight; the curve follows at once.

// y_t = tanh(w0 + w1 x_t + w2 y_(t-1)), y_0 = 0: the outputs at t = 1 ... T.
function neuronOutputs(x, [w0, w1, w2]) {
  let y = 0;
  return x.map((x_t) => (y = Math.tanh(w0 + w1 * x_t + w2 * y)));
}

function meanSquaredError(outputs, next) {
  return outputs.reduce((sum, y_t, t) => sum + (next[t] - y_t) ** 2, 0) / outputs.length;
}

const NAMES = [
  ["w0", "bias"],
  ["w1", "today"],
  ["w2", "its last output"],
];

function mount(root, data) {
  let number = 1; // among those of this page, so that each has ids of its own
  while (document.getElementById(`neuron${number}-w0`)) number++;
  const own = `neuron${number}-`;
  const curve = root.querySelector(".cw-neuron");
  const svg = root.querySelector("svg");
  const said = root.querySelector(".cw-error");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.title);
  const minus = (value) => value.toFixed(2).replace("-", "\u2212");

  const add = (parent, name, properties = {}, attributes = {}) => {
    const made = Object.assign(document.createElement(name), properties);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  };

  const board = document.createElement("div");
  board.className = "cw-board";
  root.prepend(board);
  const sliders = NAMES.map(([name, meaning], place) => {
    const field = add(board, "div", { className: "cw-field" });
    const label = add(field, "label", { htmlFor: own + name });
    label.append(name[0]);
    add(label, "sub", { textContent: name[1] });
    label.append(`, ${meaning}: `);
    const value = add(label, "b");
    const slider = add(field, "input", {
      id: own + name, type: "range", min: "-2", max: "2", step: "0.01",
      value: String(data.weights[place]),
    });
    slider.addEventListener("input", draw);
    return { slider, value };
  });
  const buttons = add(board, "div", { className: "cw-presets" }, {
    role: "group", "aria-label": "Set all three weights",
  });
  for (const [label, weights] of data.presets) {
    add(buttons, "button", { type: "button", textContent: label }).addEventListener("click", () => {
      sliders.forEach(({ slider }, place) => { slider.value = String(weights[place]); });
      draw();
    });
  }

  function draw() {
    const weights = sliders.map(({ slider }) => Number(slider.value));
    const outputs = neuronOutputs(data.x, weights);
    const error = meanSquaredError(outputs, data.next);
    const points = outputs.map((y_t, t) => `${t + 1} ${(-100 * y_t).toFixed(1)}`);
    curve.setAttribute("d", `M${points.join("L")}`);
    said.textContent = `Mean squared error ${error.toFixed(4)}; persistence ${data.persistence.toFixed(4)}.`;
    sliders.forEach(({ slider, value }, place) => {
      value.textContent = minus(weights[place]);
      slider.setAttribute("aria-valuetext", `${weights[place].toFixed(2)}, error ${error.toFixed(4)}`);
    });
    svg.setAttribute("aria-label", `${data.name}: the price, and the neuron's forecasts with weights `
      + `${weights.map((w) => w.toFixed(2)).join(", ")}, mean squared error ${error.toFixed(4)}`);
  }

  root.addEventListener("keydown", (event) => event.stopPropagation()); // Jupyter's shortcuts
  root.neuron = { outputs: (weights) => neuronOutputs(data.x, weights) };
  draw();
}
