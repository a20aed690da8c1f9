"""What the book's figures show: the data, the names, the colours, and what bad input gets."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text

from helpers.plots import (
    PANEL,
    TEXT,
    plot_bars,
    plot_dots,
    plot_loss,
)
from helpers.plots.labels import spread_out
from tests.helpers.colours import contrast

LOSSES = 0.3 * np.exp(-np.arange(50) / 8) + 0.04


def draw_loss(**options: Any) -> Axes:
    return plot_loss(LOSSES, baselines={"mean": 0.35, "persistence": 0.033}, **options)


def draw_bars(**options: Any) -> Axes:
    options = {"x_label": "Error", "baseline": {"persistence": 0.033}, **options}
    return plot_bars(["mean", "neuron"], [0.35, 0.04], spread=[0.02, 0.01], **options)


def runs() -> pd.DataFrame:
    """Two models, two rates, two settings, three seeds."""
    index = pd.MultiIndex.from_product(
        [["LSTM", "GRU"], [0.01, 0.001], ["short", "long"], range(3)],
        names=["model", "rate", "setting", "seed"],
    )
    return pd.DataFrame({"mse": 0.02 + 0.01 * np.arange(24)}, index).reset_index()


def draw_dots(**options: Any) -> list[Axes]:
    options = {"series": "rate", "panels": "setting", "x_label": "Test MSE", **options}
    return plot_dots(runs(), "mse", "model", **({"baselines": {"always 1": 1 / 6}} | options))


ONE_AXES = [draw_loss, draw_bars]
one_axes = pytest.mark.parametrize("draw", ONE_AXES)
every_drawing = pytest.mark.parametrize("draw", [*ONE_AXES, draw_dots])


def figure_of(drawn: Any) -> Figure:
    """The figure of one Axes or of several, drawn, so that everything has its place."""
    figure = np.atleast_1d(np.asarray(drawn, dtype=object)).ravel()[0].figure
    figure.draw_without_rendering()
    return figure


def points(line: Line2D) -> list[tuple[float, float]]:
    return list(zip(line.get_xdata().tolist(), line.get_ydata().tolist(), strict=True))


def annotation(ax: Axes, name: str) -> Annotation:
    (found,) = [text for text in ax.texts if text.get_text() == name]
    return found


def boxes(ax: Axes, names: Iterable[str]) -> list[Any]:
    """Where names stand, without the lines that lead to them."""
    figure_of(ax)
    return [Text.get_window_extent(annotation(ax, name)) for name in names]


def overlap(found: list[Any]) -> bool:
    return any(a.overlaps(b) for i, a in enumerate(found) for b in found[:i])


# What holds for every drawing


@one_axes
def test_it_draws_on_the_axes_it_is_given_and_returns_them(draw: Callable) -> None:
    figure, ax = plt.subplots()
    assert draw(ax=ax) is ax
    assert plt.get_fignums() == [figure.number]


@one_axes
def test_axes_in_a_part_of_a_figure_do_as_well(draw: Callable) -> None:
    part = plt.figure(figsize=(14, 4)).subfigures(1, 2)[1]
    assert draw(ax=part.subplots()).figure is part


@every_drawing
def test_without_axes_it_opens_one_figure_and_shows_none(draw: Callable, monkeypatch) -> None:
    monkeypatch.setattr(plt, "show", lambda *_, **__: pytest.fail("shown"))
    figure = figure_of(draw())
    assert plt.get_fignums() == [figure.number]


@every_drawing
def test_the_same_call_twice_gives_the_same_bytes(draw: Callable) -> None:
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        figure_of(draw()).savefig(file, format="png", bbox_inches="tight")
    assert files[0].getvalue() == files[1].getvalue()


@every_drawing
def test_it_has_labels_on_its_axes_and_no_title(draw: Callable) -> None:
    figure = figure_of(draw())
    assert figure.get_suptitle() == "" and any(ax.get_xlabel() for ax in figure.axes)


@one_axes
def test_the_labels_of_the_axes_can_be_set(draw: Callable) -> None:
    ax = draw(x_label="A", y_label="B")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("A", "B")


@every_drawing
def test_all_text_has_the_text_colour_and_is_in_the_picture(draw: Callable) -> None:
    figure = figure_of(draw())
    shown = [t for t in figure.findobj(Text) if t.get_text() and t.get_visible()]
    assert {to_hex(text.get_color()).upper() for text in shown} == {TEXT}
    # What the tight crop keeps of the figure is the figure: nothing sticks out of it.
    (x0, y0), (x1, y1) = figure.get_tightbbox().get_points()
    width, height = figure.get_size_inches()
    assert x0 >= -0.01 and y0 >= -0.01 and x1 <= width + 0.01 and y1 <= height + 0.01


@every_drawing
def test_every_line_stands_out_from_the_panel(draw: Callable) -> None:
    grid = to_hex(plt.rcParams["grid.color"])
    lines = [to_hex(line.get_color()) for line in figure_of(draw()).findobj(Line2D)]
    assert min(contrast(color, PANEL) for color in lines if color != grid) >= 3


def test_a_single_loss_can_be_seen() -> None:
    assert plot_loss([1.0]).lines[0].get_marker() == "o"


# plot_loss


@pytest.mark.parametrize("first", [1, 0])
def test_losses_are_drawn_from_the_first_epoch(first: int) -> None:
    ax = plot_loss(LOSSES, first_epoch=first)
    assert points(ax.lines[0]) == list(enumerate(LOSSES, start=first))


def test_curves_and_baselines_are_named_where_they_end() -> None:
    ax = draw_loss(label="ours")
    assert [line.get_ydata()[0] for line in ax.lines[1:]] == [0.35, 0.033]
    for name, height in {"ours": LOSSES[-1], "mean": 0.35, "persistence": 0.033}.items():
        assert annotation(ax, name).xy == (1, height)


def test_several_curves_differ_in_more_than_colour() -> None:
    ax = plot_loss({"training": LOSSES, "validation": LOSSES * 1.1})
    assert len({line.get_color() for line in ax.lines}) == 2
    assert [line.is_dashed() for line in ax.lines] == [False, True]
    assert annotation(ax, "validation").xy == (1, LOSSES[-1] * 1.1)


def test_a_logarithmic_loss_axis_has_plain_numbers() -> None:
    ax = draw_loss(log=True)
    figure_of(ax)
    low, high = ax.get_ylim()
    ticks = zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)
    assert ax.get_yscale() == "log"
    assert {"0.05", "0.1", "0.2"} <= {t.get_text() for t, at in ticks if low <= at <= high}


# plot_bars


def test_bars_stand_in_order_from_the_top_with_their_values() -> None:
    ax = draw_bars()
    assert [bar.get_width() for bar in ax.patches] == [0.35, 0.04] and ax.yaxis_inverted()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["mean", "neuron"]
    assert annotation(ax, "0.350").xy == (pytest.approx(0.37), 0)
    assert annotation(ax, "0.040").xy == (pytest.approx(0.05), 1)


@pytest.mark.parametrize(
    ("value", "said", "side", "end"),
    [(90.0, "90.000", "left", 0), (-0.3, "\N{MINUS SIGN}0.300", "right", 1)],
)
def test_bars_start_at_zero_and_carry_their_value_outside(value, said, side, end) -> None:
    ax = plot_bars(["a"], [value], x_label="gain")
    assert ax.get_xlim()[end] == 0 and annotation(ax, said).get_ha() == side


@pytest.mark.parametrize(
    ("spread", "ends"),
    [([0.1, 0.2], [(0.9, 1.1), (1.8, 2.2)]), ([[0.1, 0.2], [0.3, 0.4]], [(0.9, 1.3), (1.8, 2.4)])],
)
def test_a_spread_is_drawn_to_both_sides(spread, ends) -> None:
    ax = plot_bars(["a", "b"], [1.0, 2.0], spread=spread, x_label="score")
    segments = ax.collections[0].get_segments()
    assert [tuple(s[:, 0]) for s in segments] == [pytest.approx(pair) for pair in ends]


def test_a_baseline_is_a_vertical_line_named_above() -> None:
    ax = draw_bars()
    assert 0.033 in [line.get_xdata()[0] for line in ax.lines if line.is_dashed()]
    assert annotation(ax, "persistence").xy == (0.033, 1)


def test_the_format_of_values_can_be_set() -> None:
    assert annotation(plot_bars(["a"], [0.5], x_label="%", value_format="{:.0%}"), "50%")


# plot_dots


def dots(ax: Axes) -> list[tuple[float, float]]:
    return sorted(pair for line in ax.lines if line.get_marker() != "None" for pair in points(line))


def test_each_run_is_a_dot_on_the_line_of_its_model_in_its_panel() -> None:
    short, long = draw_dots(series=None)
    for ax, setting in ((short, "short"), (long, "long")):
        rows = runs().query("setting == @setting")
        heights = rows["model"].map({"LSTM": 0.0, "GRU": 1.0})
        assert dots(ax) == sorted(zip(rows["mse"], heights, strict=True))
        assert ax.get_title(loc="left") == setting
    assert [label.get_text() for label in short.get_yticklabels()] == ["LSTM", "GRU"]
    assert short.yaxis_inverted() and short.get_xlim() == long.get_xlim()


def test_series_differ_in_colour_shape_and_height_and_are_named_once() -> None:
    panels = draw_dots()
    drawn = [line for line in panels[0].lines if line.get_marker() != "None"]
    assert len({line.get_marker() for line in drawn}) == 2
    assert len({line.get_markerfacecolor() for line in drawn}) == 2
    assert {y for _, y in dots(panels[0])} == {-0.12, 0.12, 0.88, 1.12}
    (legend,) = figure_of(panels).legends
    assert [text.get_text() for text in legend.get_texts()][1:] == ["rate 0.01", "rate 0.001"]


def test_each_panel_has_the_lines_of_its_baselines_and_then_its_own_scale() -> None:
    own = {"short": {"majority": 0.1, "bag": 0.3}, "long": {"majority": 0.2, "bag": 0.25}}
    panels = draw_dots(baselines=own)
    for ax, levels in zip(panels, own.values(), strict=True):
        assert [line.get_xdata()[0] for line in ax.lines if line.is_dashed()] == [*levels.values()]
    dashes = [line.get_linestyle() for line in panels[0].lines if line.is_dashed()]
    assert panels[0].get_xlim() != panels[1].get_xlim() and len(dashes) == 2
    (legend,) = figure_of(panels).legends
    named = [text.get_text() for text in legend.get_texts()]
    assert named == ["majority", "bag", "rate 0.01", "rate 0.001"]
    assert [ax.get_xscale() for ax in draw_dots(log=True)] == ["log", "log"]


def test_equal_scores_stand_apart() -> None:
    rows = pd.DataFrame({"model": ["LSTM"] * 3 + ["GRU"], "updates": [100, 100, 200, 100]})
    (ax,) = plot_dots(rows, "updates", "model", x_label="Updates")
    assert dots(ax) == [(100, -0.025), (100, 0.025), (100, 1.0), (200, 0.0)]


def test_without_panels_there_is_one() -> None:
    (ax,) = draw_dots(series=None, panels=None, baselines=None)
    assert len(dots(ax)) == 24 and not ax.texts


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        ({"mse": np.nan}, {}, "mse holds nan"),
        ({"mse": 0.0}, {"log": True}, "above 0"),
        ({}, {"series": "kind"}, "no column 'kind'"),
        ({"rate": range(24)}, {}, "24 values"),
        ({}, {"baselines": {"short": {"a": 1.0}}}, "no panel 'long'"),
    ],
)
def test_dots_refuse_what_they_cannot_show(change: dict, options: dict, said: str) -> None:
    rows = runs().assign(**change)
    options = {"series": "rate", "panels": "setting", "x_label": "MSE"} | options
    with pytest.raises(ValueError, match=said):
        plot_dots(rows, "mse", "model", **options)


# Names


CLOSE = {
    "loss": lambda names: plot_loss(LOSSES, baselines=names),
    "log loss": lambda names: plot_loss(LOSSES, baselines=names, log=True),
    "bars": lambda names: plot_bars(["a"], [300], x_label="e", baseline=names),
}


@pytest.mark.parametrize("draw", CLOSE.values(), ids=CLOSE)
def test_names_of_close_lines_do_not_overlap_and_keep_their_order(draw: Callable) -> None:
    names = {"b": 100.02, "a": 100.01, "c": 100.03, "a long name": 100.04}
    ax = draw(names)
    found = boxes(ax, sorted(names, key=names.get))
    places = [(box.x0, box.y0) for box in found]
    assert not overlap(found) and places == sorted(places, key=sum)


@pytest.mark.parametrize("log", [False, True])
def test_names_stay_near_their_lines(log: bool) -> None:
    names = {f"baseline {i}": 0.04 + 0.0001 * i for i in range(6)} | {"alone": 0.2}
    ax = plot_loss(LOSSES, baselines=names, log=log)
    *found, alone = boxes(ax, names)
    lines = ax.transData.transform([(1, level) for level in names.values()])[:, 1]
    middles = [(box.y0 + box.y1) / 2 for box in found]
    assert abs(np.mean(middles) - lines[:-1].mean()) < 4 * alone.height
    assert (alone.y0 + alone.y1) / 2 == pytest.approx(lines[-1], abs=1.5)


@pytest.mark.parametrize("seed", range(50))
def test_spread_out_keeps_distance_order_and_bounds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    centres, sizes = rng.uniform(0, 100, size=7), rng.uniform(5, 13, size=7)
    moved, order = spread_out(centres, sizes, 0, 100), np.argsort(centres)
    needed = (sizes[order][1:] + sizes[order][:-1]) / 2
    assert (np.diff(moved[order]) >= needed - 1e-9).all()
    assert moved.min() >= -1e-9 and moved.max() <= 100 + 1e-9


@pytest.mark.parametrize(
    ("centres", "expected"),
    [([50.0, 10.0, 90.0], [50, 10, 90]), ([49.0, 51.0], [45, 55]), ([0.0, 0.0], [0, 10])],
)
def test_spread_out_moves_no_more_than_it_must(centres, expected) -> None:
    moved = spread_out(np.array(centres), np.full(len(centres), 10.0), 0, 100)
    assert moved.tolist() == expected


# Bad input

NAN, INF = float("nan"), float("inf")
BAD = [
    (lambda: plot_loss([1, NAN]), "losses holds nan at index 1"),
    (lambda: plot_loss([]), "losses is empty"),
    (lambda: plot_loss({}), "losses is empty: give"),
    (lambda: plot_loss({"val": []}), "losses['val'] is empty"),
    (lambda: plot_loss([1, 0], log=True), "losses holds 0: a logarithmic"),
    (lambda: plot_loss({"v": [0]}, log=True), "losses['v'] holds 0: a logarithmic"),
    (lambda: plot_loss([1], log=True, baselines={"b": -1}), "baselines['b'] holds -1"),
    (lambda: plot_loss([1], baselines={"b": "low"}), "baselines['b'] holds something"),
    (lambda: plot_bars(["a"], [1, 2], x_label="x"), "names has 1 entries, values shape (2,)"),
    (lambda: plot_bars([], [], x_label="x"), "values is empty"),
    (
        lambda: plot_bars(["a", "b"], [1, 2], spread=[1], x_label="x"),
        "spread has shape (1,), values (2,)",
    ),
    (lambda: plot_bars(["a"], [1], spread=[-1], x_label="x"), "spread holds -1: a length is 0"),
]


@pytest.mark.parametrize(("call", "message"), BAD, ids=[message for _, message in BAD])
def test_bad_input_is_refused_by_name_and_opens_no_figure(call: Callable, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        call()
    assert len(str(caught.value).splitlines()) == 1
    assert plt.get_fignums() == []
