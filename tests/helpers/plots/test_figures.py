"""What the book's figures show: the data, the names, the colours, and what bad input gets."""

from __future__ import annotations

import io
import re

import matplotlib

matplotlib.use("Agg")

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Annotation

from helpers.plots import figures as plots
from helpers.plots.figures import (
    COLORS,
    PANEL,
    STYLE_SHEET,
    TEXT,
    plot_bars,
    plot_gradient_over_time,
    plot_loss,
    plot_many_series,
    plot_predicted_against_true,
    plot_series,
    save_figure,
    use_style,
)


@pytest.fixture(autouse=True)
def house_style():
    """Draw in the book's style, and leave neither figures nor settings behind."""
    with plt.rc_context():
        use_style()
        yield
    plt.close("all")


PRICES = 100 + np.cumsum(np.random.default_rng(0).normal(size=40))
LOSSES = 0.3 * np.exp(-np.arange(50) / 8) + 0.04
GRADIENTS = {"w2 = 0.5": 0.5 ** np.arange(99, -1, -1), "w2 = 1": np.ones(100)}


def draw_series(**options):
    return plot_series(PRICES, 101.5, prediction={"mean": 99.0, "persistence": 101.0}, **options)


def draw_many(**options):
    return plot_many_series(PRICES.reshape(4, 10), "ABCD", y_next=np.arange(4.0), **options)


def draw_loss(**options):
    return plot_loss(LOSSES, baselines={"mean": 0.35, "persistence": 0.033}, **options)


def draw_scatter(**options):
    return plot_predicted_against_true(PRICES / 100, PRICES / 101, reachable=(-1, 1), **options)


def draw_bars(**options):
    return plot_bars(
        ["mean", "neuron"],
        [0.35, 0.04],
        spread=[0.02, 0.01],
        baseline={"persistence": 0.033},
        x_label="Error",
        **options,
    )


def draw_gradient(**options):
    return plot_gradient_over_time(GRADIENTS, **options)


DRAWINGS = {
    "series": draw_series,
    "many series": draw_many,
    "loss": draw_loss,
    "scatter": draw_scatter,
    "bars": draw_bars,
    "gradient": draw_gradient,
}
one_axes = pytest.mark.parametrize(
    "draw",
    [draw for name, draw in DRAWINGS.items() if name != "many series"],
    ids=[name for name in DRAWINGS if name != "many series"],
)
every_drawing = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS.keys())


def figure_of(drawn):
    return np.atleast_1d(np.asarray(drawn, dtype=object)).ravel()[0].figure


def png(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return buffer.getvalue()


def annotation(ax, name):
    (found,) = [text for text in ax.texts if text.get_text() == name]
    return found


def boxes(texts):
    return [matplotlib.text.Text.get_window_extent(text) for text in texts]


def contrast(one, other):
    """WCAG 2.2 contrast ratio of two colours."""

    def luminance(color):
        channels = np.array(matplotlib.colors.to_rgb(color))
        linear = np.where(
            channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
        )
        return float(linear @ [0.2126, 0.7152, 0.0722])

    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


# Style


def test_the_contrast_formula_agrees_with_the_known_extremes():
    assert contrast("white", "black") == pytest.approx(21)
    assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.01)


def test_every_idea_has_its_colour():
    assert list(COLORS) == ["input", "state", "gate", "output", "target", "weight", "highlight"]
    assert all(re.fullmatch("#[0-9A-F]{6}", color) for color in COLORS.values())
    assert len(set(COLORS.values())) == len(COLORS)


@pytest.mark.parametrize("name", [name for name in COLORS if name != "highlight"])
def test_lines_stand_out_from_the_panel(name):
    assert contrast(COLORS[name], PANEL) >= 3


def test_text_stands_out_from_the_panel_and_from_a_highlight():
    assert contrast(TEXT, PANEL) >= 4.5
    assert contrast(TEXT, COLORS["highlight"]) >= 4.5


def test_the_sheet_has_the_colours_of_the_vocabulary():
    cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    assert [to_hex(color).upper() for color in cycle] == [
        color for name, color in COLORS.items() if name != "highlight"
    ]


@pytest.mark.parametrize("setting", ["figure.facecolor", "axes.facecolor", "savefig.facecolor"])
def test_the_sheet_gives_each_figure_its_own_light_panel(setting):
    assert to_hex(plt.rcParams[setting]).upper() == PANEL
    assert plt.rcParams["savefig.transparent"] is False


@pytest.mark.parametrize(
    "setting", ["text.color", "axes.labelcolor", "xtick.labelcolor", "ytick.labelcolor"]
)
def test_the_sheet_writes_all_text_in_the_text_colour(setting):
    assert to_hex(plt.rcParams[setting]).upper() == TEXT


def test_the_sheet_is_read_without_a_complaint(recwarn, caplog):
    settings = matplotlib.rc_params_from_file(STYLE_SHEET, use_default_template=False)
    assert settings["figure.figsize"] == [7.0, 3.2]
    assert not list(recwarn)
    assert not caplog.records


def test_importing_the_module_changes_no_setting():
    import importlib

    with plt.rc_context():
        matplotlib.rcdefaults()
        before = dict(matplotlib.rcParams)
        importlib.reload(plots)
        assert dict(matplotlib.rcParams) == before


# What holds for every drawing


@one_axes
def test_it_draws_on_the_axes_it_is_given_and_returns_them(draw):
    figure, ax = plt.subplots()
    assert draw(ax=ax) is ax
    assert plt.get_fignums() == [figure.number]


@every_drawing
def test_without_axes_it_opens_one_figure_and_no_more(draw):
    drawn = draw()
    assert plt.get_fignums() == [figure_of(drawn).number]


@every_drawing
def test_it_does_not_show(draw, monkeypatch):
    shown = []
    monkeypatch.setattr(plt, "show", lambda *a, **k: shown.append(1))
    draw()
    assert not shown


@every_drawing
def test_the_same_call_twice_gives_the_same_bytes(draw):
    first = png(figure_of(draw()))
    plt.close("all")
    assert png(figure_of(draw())) == first


@every_drawing
def test_it_has_labels_on_its_axes_and_no_title(draw):
    figure = figure_of(draw())
    assert figure.get_suptitle() == ""
    assert any(ax.get_xlabel() for ax in figure.axes)


@one_axes
def test_the_labels_of_the_axes_can_be_set(draw):
    if draw is draw_scatter:
        ax = draw(labels=("True (m)", "Predicted (m)"))
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("True (m)", "Predicted (m)")
        return
    options = {"y_label": "Metres (m)"}
    if draw is not draw_bars:
        options["x_label"] = "Seconds (s)"
    ax = draw(**options)
    assert ax.get_ylabel() == "Metres (m)"
    assert ax.get_xlabel() == options.get("x_label", "Error")


@every_drawing
def test_all_text_has_the_text_colour_and_is_in_the_picture(draw):
    figure = figure_of(draw())
    figure.draw_without_rendering()
    for text in figure.findobj(matplotlib.text.Text):
        if text.get_text() and text.get_visible():
            assert to_hex(text.get_color()).upper() == TEXT, text.get_text()
    # What the tight crop keeps of the figure is the figure: nothing sticks out of it.
    tight = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert tight.x0 >= -0.01
    assert tight.y0 >= -0.01
    assert tight.x1 <= width + 0.01
    assert tight.y1 <= height + 0.01


@every_drawing
def test_every_line_stands_out_from_the_panel(draw):
    for line in figure_of(draw()).findobj(matplotlib.lines.Line2D):
        in_grid = to_hex(line.get_color()) == to_hex(plt.rcParams["grid.color"])
        if line.get_linestyle() != "None" and not in_grid:
            assert contrast(line.get_color(), PANEL) >= 3


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_saved_figure_has_the_same_bytes_each_time(tmp_path, ending):
    paths = [tmp_path / f"{name}.{ending}" for name in ("one", "two")]
    for path in paths:
        save_figure(draw_loss().figure, path)
        plt.close("all")
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_saved_drawing_holds_real_text_and_no_date(tmp_path):
    save_figure(draw_loss().figure, tmp_path / "loss.svg")
    drawn = (tmp_path / "loss.svg").read_text(encoding="utf-8")
    assert ">persistence</text>" in drawn
    assert "<dc:date>" not in drawn
    assert "matplotlib.org" not in drawn


# plot_series


def test_a_series_is_drawn_from_step_1_in_the_colour_of_inputs():
    line = plot_series(PRICES).lines[0]
    assert line.get_xdata().tolist() == list(range(1, 41))
    assert line.get_ydata().tolist() == PRICES.tolist()
    assert line.get_color() == COLORS["input"]


def test_the_next_value_is_a_large_dot_at_t_plus_1_with_a_dashed_link():
    link, dot = plot_series(PRICES, 101.5).lines[1:]
    assert link.get_xdata().tolist() == [40, 41]
    assert link.get_ydata().tolist() == [PRICES[-1], 101.5]
    assert link.is_dashed()
    assert (dot.get_xdata().tolist(), dot.get_ydata().tolist()) == ([41], [101.5])
    assert dot.get_marker() == "o"
    assert dot.get_markersize() >= 8
    assert {link.get_color(), dot.get_color()} == {COLORS["target"]}


def test_each_prediction_has_its_own_marker_and_its_name_beside_it():
    ax = draw_series()
    guesses = ax.lines[3:]
    assert [line.get_xdata().tolist() for line in guesses] == [[41], [41]]
    assert [line.get_ydata().tolist() for line in guesses] == [[99.0], [101.0]]
    assert len({line.get_marker() for line in guesses}) == 2
    assert {line.get_markeredgecolor() for line in guesses} == {COLORS["output"]}
    assert annotation(ax, "mean").xy == (41, 99.0)
    assert annotation(ax, "persistence").xy == (41, 101.0)


def test_predictions_need_no_true_value():
    ax = plot_series(PRICES, prediction={"mean": 99.0})
    assert ax.lines[-1].get_xdata().tolist() == [41]


def test_the_label_of_a_series_stands_in_the_legend():
    ax = plot_series(PRICES, label="GOOG")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["GOOG"]


def test_a_series_without_label_has_no_legend():
    assert plot_series(PRICES, 101.5).get_legend() is None


def test_the_legend_hides_no_data():
    ax = plot_series(PRICES, label="GOOG")
    ax.figure.draw_without_rendering()
    assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1 - 1


def test_dates_take_the_place_of_step_numbers():
    dates = pd.date_range("2020-09-28", periods=41, freq="B")
    ax = plot_series(PRICES, 101.5, dates=dates)
    dot = ax.lines[2]
    assert pd.Timestamp(dot.get_xdata()[0]) == dates[-1]
    assert isinstance(ax.xaxis.get_major_locator(), mdates.AutoDateLocator)


def test_a_series_of_one_value_can_be_seen():
    assert plot_series([1.0]).lines[0].get_marker() == "o"


def test_names_of_close_predictions_do_not_overlap():
    guesses = {f"model {i}": 100 + 0.001 * i for i in range(6)}
    ax = plot_series(PRICES, 100.0, prediction=guesses)
    ax.figure.draw_without_rendering()
    names = boxes([text for text in ax.texts if isinstance(text, Annotation)])
    assert len(names) == 7
    for i, one in enumerate(names):
        assert not any(one.overlaps(other) for other in names[:i])


# plot_many_series


def test_each_series_has_its_panel_with_name_and_next_value():
    panels = draw_many()
    assert [panel.get_title(loc="left") for panel in panels] == list("ABCD")
    for number, panel in enumerate(panels):
        assert panel.lines[0].get_ydata().tolist() == PRICES.reshape(4, 10)[number].tolist()
        assert panel.lines[1].get_xdata().tolist() == [11]
        assert panel.lines[1].get_ydata().tolist() == [float(number)]


def test_panels_that_are_not_needed_are_taken_away():
    panels = draw_many(columns=3)
    assert len(panels) == 4
    assert len(panels[0].figure.axes) == 4


def test_outer_panels_carry_the_axis_labels():
    panels = draw_many(columns=2, x_label="Day", y_label="Price ($)")
    assert [panel.get_xlabel() for panel in panels] == ["", "", "Day", "Day"]
    assert [panel.get_ylabel() for panel in panels] == ["Price ($)", "", "Price ($)", ""]


def test_the_lowest_panel_of_each_column_has_tick_labels():
    panels = draw_many(columns=3)
    panels[0].figure.draw_without_rendering()
    for panel in panels[1:]:
        assert any(label.get_visible() and label.get_text() for label in panel.get_xticklabels())


@pytest.mark.parametrize(("share", "scales"), [(True, 1), (False, 4)])
def test_panels_share_their_scale_on_demand(share, scales):
    assert len({panel.get_ylim() for panel in draw_many(share_y=share)}) == scales


def test_series_are_drawn_on_given_panels():
    figure, grid = plt.subplots(2, 2)
    panels = draw_many(ax=grid)
    assert list(panels) == list(grid.ravel())
    assert plt.get_fignums() == [figure.number]


# plot_loss


def test_losses_are_drawn_from_epoch_1():
    line = plot_loss(LOSSES).lines[0]
    assert line.get_xdata().tolist() == list(range(1, 51))
    assert line.get_ydata().tolist() == LOSSES.tolist()


def test_the_first_epoch_can_be_0():
    assert plot_loss(LOSSES, first_epoch=0).lines[0].get_xdata()[[0, -1]].tolist() == [0, 49]


def test_baselines_are_horizontal_lines_named_at_their_end():
    ax = draw_loss()
    levels = [line.get_ydata()[0] for line in ax.lines[1:]]
    assert levels == [0.35, 0.033]
    assert annotation(ax, "mean").xy == (1, 0.35)
    assert annotation(ax, "persistence").xy == (1, 0.033)


def test_the_curve_is_named_where_it_ends():
    assert annotation(plot_loss(LOSSES, label="training"), "training").xy == (1, LOSSES[-1])


def test_several_curves_differ_in_more_than_colour():
    ax = plot_loss({"training": LOSSES, "validation": LOSSES * 1.1})
    assert len({line.get_color() for line in ax.lines}) == 2
    assert [line.is_dashed() for line in ax.lines] == [False, True]
    assert annotation(ax, "validation").xy == (1, LOSSES[-1] * 1.1)


@pytest.mark.parametrize("log", [False, True])
def test_names_of_close_lines_do_not_overlap_and_stay_near(log):
    levels = {f"baseline {i}": 0.04 + 0.0001 * i for i in range(6)}
    ax = plot_loss(LOSSES, baselines=levels, log=log)
    ax.figure.draw_without_rendering()
    names = boxes(ax.texts)
    assert len(names) == 7
    for i, one in enumerate(names):
        assert not any(one.overlaps(other) for other in names[:i])
    middle = np.mean([(box.y0 + box.y1) / 2 for box in names])
    target = np.mean([ax.transData.transform((1, level))[1] for level in levels.values()])
    height = names[0].height
    assert abs(middle - target) < 4 * height


def test_names_that_have_room_stand_level_with_their_lines():
    ax = plot_loss(LOSSES, baselines={"mean": 0.2})
    ax.figure.draw_without_rendering()
    (box,) = boxes([annotation(ax, "mean")])
    assert (box.y0 + box.y1) / 2 == pytest.approx(ax.transData.transform((1, 0.2))[1], abs=1.5)


def test_names_keep_the_order_of_their_lines():
    ax = plot_loss(LOSSES, baselines={"b": 0.0402, "a": 0.0401, "c": 0.0403})
    ax.figure.draw_without_rendering()
    heights = [boxes([annotation(ax, name)])[0].y0 for name in "abc"]
    assert heights == sorted(heights)


def test_a_logarithmic_loss_axis_has_plain_numbers():
    ax = draw_loss(log=True)
    ax.figure.draw_without_rendering()
    assert ax.get_yscale() == "log"
    low, high = ax.get_ylim()
    shown = [
        label.get_text()
        for label, at in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)
        if low <= at <= high
    ]
    assert {"0.05", "0.1", "0.2"} <= set(shown)


# plot_predicted_against_true


def test_points_stand_at_truth_and_prediction():
    ax = plot_predicted_against_true([0.0, 1.0, 2.0], [0.5, 1.0, 1.0])
    points = ax.collections[0].get_offsets()
    assert points.tolist() == [[0.0, 0.5], [1.0, 1.0], [2.0, 1.0]]


def test_both_axes_have_one_scale():
    ax = plot_predicted_against_true([0.0, 1.0, 2.0], [0.5, 1.0, 9.0])
    assert ax.get_aspect() == 1
    assert ax.get_xlim() == ax.get_ylim()
    assert ax.get_xlim()[1] > 9


def test_the_diagonal_is_drawn_and_named():
    ax = plot_predicted_against_true([0.0, 1.0], [0.5, 1.0])
    line = ax.lines[0]
    assert list(line.get_xdata()) == list(line.get_ydata()) == list(ax.get_xlim())
    assert annotation(ax, "prediction\n= truth")


def test_the_mean_squared_error_stands_in_the_corner():
    ax = plot_predicted_against_true([0.0, 1.0, 2.0], [0.5, 1.0, 1.0])
    assert "MSE 0.417" in [text.get_text() for text in ax.texts]


def test_limits_can_be_set():
    ax = plot_predicted_against_true([0.0, 1.0], [0.5, 1.0], limits=(-2, 3))
    assert ax.get_xlim() == ax.get_ylim() == (-2, 3)


def test_what_a_model_can_reach_is_a_named_band():
    ax = draw_scatter()
    (band,) = ax.patches
    assert (band.get_y(), band.get_y() + band.get_height()) == (-1, 1)
    assert annotation(ax, "the model\ncan reach\nthis band")


def test_equal_values_everywhere_can_be_drawn():
    low, high = plot_predicted_against_true([1.0, 1.0], [1.0, 1.0]).get_xlim()
    assert low < 1 < high


# plot_bars


def test_bars_stand_in_order_from_the_top_with_their_values():
    ax = draw_bars()
    assert [bar.get_width() for bar in ax.patches] == [0.35, 0.04]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["mean", "neuron"]
    top, bottom = ax.transData.transform([(0, 0), (0, 1)])[:, 1]
    assert top > bottom
    assert annotation(ax, "0.350").xy == (pytest.approx(0.37), 0)
    assert annotation(ax, "0.040").xy == (pytest.approx(0.05), 1)


def test_bars_start_at_zero():
    assert plot_bars(["a", "b"], [90.0, 91.0], x_label="%").get_xlim()[0] == 0


def test_negative_bars_carry_their_value_on_the_left():
    ax = plot_bars(["a"], [-0.3], x_label="gain")
    label = annotation(ax, "\N{MINUS SIGN}0.300")
    assert label.get_ha() == "right"
    assert ax.get_xlim()[1] == 0


@pytest.mark.parametrize(
    ("spread", "ends"),
    [([0.1, 0.2], [(0.9, 1.1), (1.8, 2.2)]), ([[0.1, 0.2], [0.3, 0.4]], [(0.9, 1.3), (1.8, 2.4)])],
)
def test_a_spread_is_drawn_to_both_sides(spread, ends):
    ax = plot_bars(["a", "b"], [1.0, 2.0], spread=spread, x_label="score")
    segments = ax.collections[0].get_segments()
    assert [tuple(s[:, 0]) for s in segments] == [pytest.approx(pair) for pair in ends]


def test_a_baseline_is_a_vertical_line_named_above():
    ax = draw_bars()
    assert 0.033 in [line.get_xdata()[0] for line in ax.lines if line.is_dashed()]
    assert annotation(ax, "persistence").xy == (0.033, 1)


def test_names_of_close_baselines_do_not_overlap():
    ax = plot_bars(["a"], [0.4], x_label="e", baseline={"persistence": 0.033, "drift": 0.034})
    ax.figure.draw_without_rendering()
    one, other = boxes([annotation(ax, "persistence"), annotation(ax, "drift")])
    assert not one.overlaps(other)


def test_the_format_of_values_can_be_set():
    assert annotation(plot_bars(["a"], [0.5], x_label="%", value_format="{:.0%}"), "50%")


# plot_gradient_over_time


def test_gradients_are_drawn_as_magnitudes_from_step_1():
    ax = plot_gradient_over_time({"a": [-1e-3, 0.1, -1.0]})
    assert ax.get_yscale() == "log"
    assert ax.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert ax.lines[0].get_ydata().tolist() == [1e-3, 0.1, 1.0]


def test_what_lies_below_the_floor_is_drawn_on_it_and_said_so():
    ax = plot_gradient_over_time({"a": [0.0, 1e-141, 1e-3, 1.0]}, floor=1e-12)
    assert ax.lines[0].get_ydata().tolist() == [1e-12, 1e-12, 1e-3, 1.0]
    assert ax.lines[1].get_ydata()[0] == 1e-12
    assert "below $10^{-12}$, drawn on the line" in [text.get_text() for text in ax.texts]
    assert ax.get_ylim()[0] < 1e-12


def test_without_underflow_there_is_no_floor():
    ax = plot_gradient_over_time({"a": [1e-3, 1.0]})
    assert len(ax.lines) == 1
    assert not ax.texts


def test_gradients_that_are_zero_everywhere_can_be_drawn():
    ax = plot_gradient_over_time({"a": np.zeros(3)})
    assert ax.lines[0].get_ydata().tolist() == [1e-16] * 3
    assert png(ax.figure)


def test_each_gradient_has_its_name_and_its_own_dashes():
    ax = plot_gradient_over_time({f"w2 = {k}": [0.1**k, 1.0] for k in range(6)})
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == [f"w2 = {k}" for k in range(6)]
    styles = {(line.get_color(), str(line._unscaled_dash_pattern)) for line in ax.lines}
    assert len(styles) == 6


# Bad input


NAN, INF = float("nan"), float("inf")
BAD = {
    "x with NaN": (lambda: plot_series([1, NAN]), r"x holds nan at index 1 \(shape \(2,\)\)"),
    "x empty": (lambda: plot_series([]), r"x is empty \(shape \(0,\)\)"),
    "x of two axes": (lambda: plot_series(np.ones((2, 3))), r"x has shape \(2, 3\)"),
    "x of text": (lambda: plot_series(["a"]), "x holds something that is not a number"),
    "x ragged": (lambda: plot_series([[1], [1, 2]]), "x holds something that is not a number"),
    "y_next infinite": (lambda: plot_series([1], INF), "y_next holds inf"),
    "y_next an array": (lambda: plot_series([1], [1, 2]), r"y_next has shape \(2,\)"),
    "prediction NaN": (
        lambda: plot_series([1], prediction={"mean": NAN}),
        r"prediction\['mean'\] holds nan",
    ),
    "prediction no mapping": (lambda: plot_series([1], prediction=3.0), "prediction is 3.0"),
    "too few dates": (
        lambda: plot_series([1, 2], 3, dates=["2020-01-01", "2020-01-02"]),
        r"dates has shape \(2,\), x \(2,\) and the next value needs its date too: give 3",
    ),
    "too many dates": (
        lambda: plot_series([1], dates=["2020-01-01", "2020-01-02"]),
        r"dates has shape \(2,\), x \(1,\): give 1",
    ),
    "a date missing": (lambda: plot_series([1], dates=[pd.NaT]), "dates holds NaT at index 0"),
    "numbers for dates": (lambda: plot_series([1], dates=[1700]), "dates holds numbers"),
    "no dates": (lambda: plot_series([1], dates=["soon"]), "dates holds something"),
    "X of one axis": (lambda: plot_many_series([1, 2], "ab"), r"X has shape \(2,\)"),
    "X with NaN": (lambda: plot_many_series([[1, NAN]], "a"), r"X holds nan at index \(0, 1\)"),
    "too few labels": (
        lambda: plot_many_series(np.ones((2, 3)), ["a"]),
        "labels has 1 names, X has 2 rows",
    ),
    "too few next values": (
        lambda: plot_many_series(np.ones((2, 3)), "ab", y_next=[1]),
        r"y_next has shape \(1,\), X \(2, 3\)",
    ),
    "too few panels": (
        lambda: plot_many_series(np.ones((2, 3)), "ab", ax=[None]),
        "ax has 1 Axes, X has 2 rows",
    ),
    "no columns": (lambda: plot_many_series(np.ones((2, 3)), "ab", columns=0), "columns is 0"),
    "losses with NaN": (lambda: plot_loss([1, NAN]), "losses holds nan at index 1"),
    "losses empty": (lambda: plot_loss([]), "losses is empty"),
    "no curves": (lambda: plot_loss({}), "losses is empty"),
    "one curve empty": (lambda: plot_loss({"val": []}), r"losses\['val'\] is empty"),
    "losses on a log axis": (lambda: plot_loss([1, 0], log=True), "losses holds 0: a logarithmic"),
    "a baseline on a log axis": (
        lambda: plot_loss([1], log=True, baselines={"b": -1}),
        r"baselines\['b'\] holds -1",
    ),
    "a baseline that is text": (
        lambda: plot_loss([1], baselines={"b": "low"}),
        r"baselines\['b'\] holds something",
    ),
    "predictions of another length": (
        lambda: plot_predicted_against_true([1, 2], [1, 2, 3]),
        r"y_pred has shape \(3,\), y_true \(2,\)",
    ),
    "predictions in a column": (
        lambda: plot_predicted_against_true([1, 2], [[1], [2]]),
        r"y_pred has shape \(2, 1\), y_true \(2,\)\. Take y_pred\[:, 0\]",
    ),
    "truth with NaN": (lambda: plot_predicted_against_true([NAN], [1]), "y_true holds nan"),
    "limits the wrong way": (
        lambda: plot_predicted_against_true([1], [1], limits=(1, 0)),
        r"limits is \(1, 0\): give \(lower, upper\)",
    ),
    "reachable of one number": (
        lambda: plot_predicted_against_true([1], [1], reachable=(1,)),
        r"reachable is \(1,\)",
    ),
    "labels of one text": (
        lambda: plot_predicted_against_true([1], [1], labels="xy"),
        "labels is 'xy': give two",
    ),
    "names too few": (
        lambda: plot_bars(["a"], [1, 2], x_label="x"),
        r"names has 1 entries, values shape \(2,\)",
    ),
    "no bars": (lambda: plot_bars([], [], x_label="x"), "values is empty"),
    "spread too short": (
        lambda: plot_bars(["a", "b"], [1, 2], spread=[1], x_label="x"),
        r"spread has shape \(1,\), values \(2,\)",
    ),
    "spread negative": (
        lambda: plot_bars(["a"], [1], spread=[-1], x_label="x"),
        "spread holds -1: a length is 0 or more",
    ),
    "no gradients": (lambda: plot_gradient_over_time({}), "gradients is empty"),
    "gradients with infinity": (
        lambda: plot_gradient_over_time({"a": [1, INF]}),
        r"gradients\['a'\] holds inf at index 1",
    ),
    "gradients of two lengths": (
        lambda: plot_gradient_over_time({"a": [1], "b": [1, 2]}),
        r"gradients differ in length: \{'a': \(1,\), 'b': \(2,\)\}",
    ),
    "floor of zero": (lambda: plot_gradient_over_time({"a": [1]}, floor=0), "floor is 0"),
}


@pytest.mark.parametrize(("call", "message"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_refused_by_name_and_opens_no_figure(call, message):
    with pytest.raises(ValueError, match=message) as caught:
        call()
    assert len(str(caught.value).splitlines()) == 1
    assert plt.get_fignums() == []


# Spreading names


@pytest.mark.parametrize("seed", range(50))
def test_spread_out_keeps_distance_order_and_bounds(seed):
    rng = np.random.default_rng(seed)
    centres, sizes = rng.uniform(0, 100, size=7), rng.uniform(5, 13, size=7)
    moved = plots._spread_out(centres, sizes, 0, 100)
    order = np.argsort(centres)
    gaps = np.diff(moved[order])
    assert (gaps >= (sizes[order][1:] + sizes[order][:-1]) / 2 - 1e-9).all()
    assert moved.min() >= -1e-9
    assert moved.max() <= 100 + 1e-9


def test_spread_out_moves_nothing_that_has_room():
    centres = np.array([50.0, 10.0, 90.0])
    assert plots._spread_out(centres, np.full(3, 12.0), 0, 100).tolist() == centres.tolist()


def test_spread_out_moves_a_pair_apart_evenly():
    moved = plots._spread_out(np.array([49.0, 51.0]), np.full(2, 10.0), 0, 100)
    assert moved.tolist() == [45.0, 55.0]
