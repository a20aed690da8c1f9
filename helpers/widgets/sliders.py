"""A single recurrent neuron with a slider for each of its three weights, alive in the page.

Where scripts are stripped, the curve at the given weights stays as a drawing.
"""

from __future__ import annotations

import html

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.widgets.page import source, widget

NAMES = [("0", "bias"), ("1", "today"), ("2", "its last output")]
WHY = (
    "Scripts do not run here, so the curve stands still. To move the weights, open this page where "
    "they do: in the book, in JupyterLab or in Colab."
)
PRESETS = {"all one": (1.0, 1.0, 1.0), "no memory": (0.0, 1.0, 0.0), "only memory": (0.2, 0.0, 0.9)}


class NeuronSliders:
    """One series, and the neuron's forecast of each next day; the reader sets the weights.

    Parameters
    ----------
    x : array-like, shape (T,)
        The series, scaled to about [-1, 1]: the neuron's inputs.
    target : float
        The value of the day after.
    weights : array-like, shape (3,)
        w0, w1, w2 to begin with; each between -2 and 2, where the sliders end.
    name : str
        What the series is.

    Raises
    ------
    ValueError
        If a shape is wrong, a number is not finite, or a weight is out of reach.
    """

    def __init__(self, x: ArrayLike, target: float, weights: ArrayLike, name: str) -> None:
        self.x = np.asarray(x, dtype=np.float64)
        self.weights = np.asarray(weights, dtype=np.float64).round(2)
        if self.x.ndim != 1 or len(self.x) < 2:
            raise ValueError(f"x has shape {self.x.shape}: give one series of two days or more.")
        if self.weights.shape != (3,):
            raise ValueError(f"weights has shape {self.weights.shape}: give w0, w1, w2.")
        self.next = np.append(self.x[1:], float(target))
        if not (np.isfinite(self.x).all() and np.isfinite(self.next).all()):
            raise ValueError("x or target holds a number that is not finite.")
        if not (np.abs(self.weights) <= 2).all():
            raise ValueError(f"weights holds {self.weights}: the sliders reach from -2 to 2.")
        self.name = str(name)

    def outputs(self, weights: ArrayLike | None = None) -> NDArray[np.float64]:
        """The neuron's outputs at t = 1 ... T, shape (T,)."""
        w0, w1, w2 = self.weights if weights is None else np.asarray(weights, dtype=np.float64)
        y, outputs = 0.0, []
        for x_t in self.x:
            y = np.tanh(w0 + w1 * x_t + w2 * y)
            outputs.append(y)
        return np.array(outputs)

    def error(self, weights: ArrayLike | None = None) -> float:
        """Mean squared error of the forecasts of days 2 to T + 1."""
        return float(np.mean((self.next - self.outputs(weights)) ** 2))

    @property
    def persistence(self) -> float:
        """The same error of the guess that tomorrow is as today."""
        return float(np.mean((self.next - self.x) ** 2))

    def __repr__(self) -> str:
        w0, w1, w2 = self.weights
        return (
            f"{self.name}: neuron with w0 = {w0:.2f}, w1 = {w1:.2f}, w2 = {w2:.2f} has mean "
            f"squared error {self.error():.4f} (persistence {self.persistence:.4f}).\n"
            "Its sliders move in the book, in JupyterLab and in Colab."
        )

    def _repr_html_(self) -> str:
        first = ", ".join(f"{weight:.2f}" for weight in self.weights)
        presets = {"as trained": self.weights.tolist(), **PRESETS}
        data = {
            "title": f"A neuron with three sliders on the price of {self.name}",
            "name": self.name,
            "x": self.x.round(4).tolist(),
            "next": self.next.round(4).tolist(),
            "persistence": round(self.persistence, 6),
            "presets": list(presets.values()),
        }
        sliders = "".join(
            f'<label class="cw-field"><span>w<sub>{number}</sub>, {meaning}: '
            f"<b>{f'{weight:.2f}'.replace('-', '−')}</b></span>"
            f'<input type="range" min="-2" max="2" step="0.01" value="{weight:.2f}"></label>'
            for (number, meaning), weight in zip(NAMES, self.weights, strict=True)
        )
        buttons = "".join(f'<button type="button">{label}</button>' for label in presets)
        days = len(self.x)
        top = max(1.15, float(np.abs(self.next).max()) * 1.05)
        price = _path(range(days + 1), np.append(self.x[0], self.next))
        neuron = _path(range(1, days + 1), self.outputs())
        name = html.escape(self.name)
        static = (
            f'<p class="cw-why">{WHY}</p><div class="cw-board">{sliders}<div class="cw-presets" '
            f'role="group" aria-label="Set all three weights">{buttons}</div></div>'
            '<div class="cw-plot"><div class="cw-scale" aria-hidden="true">'
            f"<span>{top:.1f}</span><span>0</span><span>\N{MINUS SIGN}{top:.1f}</span></div>"
            '<div class="cw-box"><svg role="img" preserveAspectRatio="none" '
            f'viewBox="0 {-100 * top:.0f} {days} {200 * top:.0f}" aria-label="{name}: the price, '
            f"and the neuron's forecasts with weights {first}, mean squared error "
            f'{self.error():.4f}">'
            f'<path class="cw-zero" fill="none" stroke="#8a8a8a" d="M0 0H{days}"/>'
            f'<path class="cw-price" fill="none" stroke="#5a5a5a" d="{price}"/>'
            f'<path class="cw-neuron" fill="none" stroke="#aa4499" d="{neuron}"/>'
            "</svg></div></div>"
            f'<p class="cw-below"><span>Day 1</span><span>Day {days + 1}</span></p>'
            f'<p class="cw-keys"><span class="cw-key">{name}, scaled price</span> '
            '<span class="cw-key cw-of-neuron">the neuron\'s forecast, a day ahead</span></p>'
            f'<p class="cw-error">Mean squared error {self.error():.4f}; persistence '
            f"{self.persistence:.4f}.</p>"
        )
        return widget("neuron-sliders", static, data, source("sliders.js"), source("sliders.css"))


def _path(steps: range, values: NDArray) -> str:
    """The line through values at steps, up being positive."""
    points = (f"{step} {-100 * value:.1f}" for step, value in zip(steps, values, strict=True))
    return "M" + "L".join(points)
