// A single recurrent neuron with a slider for each weight; the curve follows at once.

// y_t = tanh(w0 + w1 x_t + w2 y_(t-1)), y_0 = 0: the outputs at t = 1 ... T.
function neuronOutputs(x, [w0, w1, w2]) {
  let y = 0;
  return x.map((x_t) => (y = Math.tanh(w0 + w1 * x_t + w2 * y)));
}

function meanSquaredError(outputs, next) {
  return outputs.reduce((sum, y_t, t) => sum + (next[t] - y_t) ** 2, 0) / outputs.length;
}

function mount(root, data) {
  const curve = root.querySelector(".cw-neuron");
  const svg = root.querySelector("svg");
  const said = root.querySelector(".cw-error");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.title);
  const minus = (value) => value.toFixed(2).replace("-", "\u2212");

  const sliders = [...root.querySelectorAll(".cw-field")].map((field) => {
    const slider = field.querySelector("input");
    slider.addEventListener("input", draw);
    return { slider, value: field.querySelector("b") };
  });
  root.querySelectorAll(".cw-presets button").forEach((button, place) => {
    button.addEventListener("click", () => {
      sliders.forEach(({ slider }, k) => { slider.value = String(data.presets[place][k]); });
      draw();
    });
  });

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
