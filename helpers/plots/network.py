"""Draw a Keras model as boxes and arrows, without Graphviz.

`keras.utils.plot_model` does the same through Graphviz, a program that pip does not install. Here
Matplotlib draws. Knows Keras only through the model that it is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyBboxPatch

from helpers.plots.style import COLORS, TEXT

if TYPE_CHECKING:
    import keras

ROLES = {"InputLayer": "input", "LSTM": "state", "GRU": "state", "SimpleRNN": "state"}
WIDTH, HEIGHT = 0.86, 0.62  #: of a box, where 1 is the distance between neighbours
INCHES = (2.9, 0.68)  #: from a box to its neighbour, across and up

Place = tuple[float, float]  #: the middle of a box, or a point: across and up


class Step(NamedTuple):
    """One box of the drawing."""

    name: str
    reads: list[str]  #: names of the steps whose outputs it reads
    shape: tuple  #: of what it gives, without the batch
    parameters: int  #: numbers that it learns
    role: str  #: one of `helpers.plots.COLORS`


def steps_of(model: keras.Model) -> list[Step]:
    """List what a functional or sequential model does, each step behind those that it reads.

    Parameters
    ----------
    model : keras.Model
        Built, with each layer called once and one output a layer.

    Raises
    ------
    ValueError
        If the model is not built, if it is neither functional nor sequential, or if a layer is
        called more than once or gives several outputs.
    """
    steps: list[Step] = []
    made_by: dict[int, str] = {}
    for layer in _operations(model):
        try:
            reads, gives = _tensors(layer.input), _tensors(layer.output)
            is_input = type(layer).__name__ == "InputLayer"
            sources = [] if is_input else [made_by[id(tensor)] for tensor in reads]
        except (AttributeError, KeyError, ValueError):
            raise ValueError(f"{layer.name}, or what it reads, is called more than once") from None
        if len(gives) != 1:
            raise ValueError(f"{layer.name} gives {len(gives)} outputs, one can be drawn")
        made_by[id(gives[0])] = layer.name
        is_output = any(gives[0] is tensor for tensor in model.outputs)
        role = "output" if is_output else ROLES.get(type(layer).__name__, "weight")
        count = layer.count_params() if hasattr(layer, "count_params") else 0
        steps.append(Step(layer.name, sources, tuple(gives[0].shape[1:]), int(count), role))
    return steps


def draw_network(model: keras.Model, ax: Axes | None = None) -> Axes:
    """Draw a model from its inputs at the bottom to its outputs on top.

    Each box says the layer's name, the shape that it gives for one example and, if it learns, how
    many numbers. It stands above everything that it reads. An arrow that would pass behind a box
    goes round the outside.

    Parameters
    ----------
    model : keras.Model
        As for `steps_of`.
    ax : Axes, optional
        Where to draw. Without it, on a new figure as large as the boxes need.

    Raises
    ------
    ValueError
        As `steps_of`.
    """
    steps = {step.name: step for step in steps_of(model)}
    places = _places(list(steps.values()))
    across = max(x for x, _ in places.values()) + 1
    up = max(y for _, y in places.values()) + 1
    if ax is None:
        _, ax = plt.subplots(figsize=(max(4.0, INCHES[0] * across), INCHES[1] * up))
    ax.set(xlim=(-0.5, across - 0.5), ylim=(-0.5, up - 0.5))
    ax.axis("off")
    for step in steps.values():
        x, y = places[step.name]
        for number, source in enumerate(step.reads):
            start_x, start_y = places[source]
            end_x = x + WIDTH * ((number + 0.5) / len(step.reads) - 0.5)
            arrow = {"arrowstyle": "-|>", "color": COLORS[steps[source].role]}
            start, end = (start_x, start_y + HEIGHT / 2), (end_x, y - HEIGHT / 2)
            others = [place for name, place in places.items() if name not in (source, step.name)]
            if _crosses(start, end, others):
                start, end, lane = _around(places[source], (x, y))
                way = [start[0], lane, lane], [start[1], start[1], end[1]]
                ax.plot(*way, color=arrow["color"], linewidth=1)
                start = (lane, end[1])
            ax.annotate("", xy=end, xytext=start, arrowprops=arrow | {"shrinkA": 0})
        corner, edge = (x - WIDTH / 2, y - HEIGHT / 2), COLORS[step.role]
        tint = [0.8 + 0.2 * part for part in to_rgb(edge)]
        style = {"boxstyle": "round,pad=0,rounding_size=0.08", "facecolor": tint, "edgecolor": edge}
        ax.add_patch(FancyBboxPatch(corner, WIDTH, HEIGHT, **style))
        learns = f", learns {step.parameters:,}" if step.parameters else ""
        shape = " × ".join("?" if size is None else f"{size:,}" for size in step.shape) or "1"
        ax.text(x, y + 0.14, step.name, ha="center", va="center", weight="bold", color=TEXT)
        ax.text(x, y - 0.14, f"{shape}{learns}", ha="center", va="center", color=TEXT)
    return ax


def _places(steps: list[Step]) -> dict[str, tuple[float, float]]:
    """Where each box stands: as high as its longest way from an input, in the middle of what it
    reads, and at least 1 from others at that height."""
    places: dict[str, tuple[float, float]] = {}
    num_inputs = 0
    for step in steps:
        if not step.reads:
            places[step.name] = (float(num_inputs), 0.0)
            num_inputs += 1
            continue
        below = [places[name] for name in step.reads]
        x, y = sum(x for x, _ in below) / len(below), 1 + max(y for _, y in below)
        taken = [other for other, height in places.values() if height == y]
        while any(abs(other - x) < 1 for other in taken):
            x = min(other for other in taken if abs(other - x) < 1) + 1
        places[step.name] = (x, y)
    return places


def _crosses(start: Place, end: Place, boxes: list[Place]) -> bool:
    """Whether a straight line passes behind one of some boxes."""
    (x, y), (end_x, end_y) = start, end
    on_line = [(x + k / 50 * (end_x - x), y + k / 50 * (end_y - y)) for k in range(51)]
    return any(
        abs(x - box_x) < WIDTH / 2 and abs(y - box_y) < HEIGHT / 2
        for x, y in on_line
        for box_x, box_y in boxes
    )


def _around(source: Place, reader: Place) -> tuple[Place, Place, float]:
    """Where an arrow leaves one box sideways and enters another, and how far out it climbs."""
    side = 1 if source[0] > reader[0] else -1
    lane = source[0] + side * 0.49
    (x, y), (end_x, end_y) = source, reader
    return (x + side * WIDTH / 2, y), (end_x + side * WIDTH / 2, end_y), lane


def _operations(model: Any) -> list[Any]:
    """Inputs, layers and other operations of a built model, in the order of computation."""
    if getattr(model, "inputs", None) is None:
        raise ValueError(f"{model.name} is not built: begin it with keras.Input")
    inner = getattr(model, "_functional", None) or model  # a Sequential keeps a functional one
    if not hasattr(inner, "operations"):
        raise ValueError(f"{model.name} is a {type(model).__name__}, not made of inputs and layers")
    return list(inner.operations)


def _tensors(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]
