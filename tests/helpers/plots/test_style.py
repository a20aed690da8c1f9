"""The house style: colours that can be told apart, the style sheet, and files without a date."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_hex

from helpers.plots import COLORS, PANEL, TEXT, plot_loss, save_figure
from helpers.plots.style import STYLE_SHEET
from tests.helpers.colours import contrast

INKS = {name: colour for name, colour in COLORS.items() if name != "highlight"}


def test_the_contrast_formula_agrees_with_the_known_values() -> None:
    assert contrast("white", "black") == pytest.approx(21)
    assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.01)


def test_every_idea_has_its_colour() -> None:
    assert list(COLORS) == ["input", "state", "gate", "output", "target", "weight", "highlight"]
    assert all(re.fullmatch("#[0-9A-F]{6}", color) for color in COLORS.values())
    assert len(set(COLORS.values())) == len(COLORS)


@pytest.mark.parametrize("name", INKS)
def test_lines_stand_out_from_the_panel(name: str) -> None:
    assert contrast(COLORS[name], PANEL) >= 3


@pytest.mark.parametrize("ground", [PANEL, COLORS["highlight"]])
def test_text_stands_out_from_the_panel_and_from_a_highlight(ground: str) -> None:
    assert contrast(TEXT, ground) >= 4.5


def test_the_sheet_has_the_colours_of_the_vocabulary() -> None:
    cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    assert [to_hex(color).upper() for color in cycle] == list(INKS.values())


@pytest.mark.parametrize(
    ("colour", "settings"),
    [
        (PANEL, ["figure.facecolor", "axes.facecolor", "savefig.facecolor"]),
        (TEXT, ["text.color", "axes.labelcolor", "xtick.labelcolor", "ytick.labelcolor"]),
    ],
)
def test_the_sheet_gives_each_figure_its_own_light_panel_and_one_colour_of_text(
    colour: str, settings: list[str]
) -> None:
    assert {to_hex(plt.rcParams[setting]).upper() for setting in settings} == {colour}
    assert plt.rcParams["savefig.transparent"] is False


def test_the_sheet_is_read_without_a_complaint(recwarn, caplog) -> None:
    settings = matplotlib.rc_params_from_file(STYLE_SHEET, use_default_template=False)
    assert settings["figure.figsize"] == [7.0, 3.2]
    assert not list(recwarn) and not caplog.records


def test_importing_the_room_changes_no_setting() -> None:
    code = "import matplotlib as m; old = dict(m.rcParams); import helpers.plots; "
    subprocess.run([sys.executable, "-c", code + "assert dict(m.rcParams) == old"], check=True)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_saved_figure_has_the_same_bytes_each_time(tmp_path: Path, ending: str) -> None:
    paths = [tmp_path / f"{name}.{ending}" for name in ("one", "two")]
    for path in paths:
        save_figure(plot_loss([2, 1]).figure, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert not re.search(rb"matplotlib\.org|CreationDate|<dc:date>", paths[0].read_bytes())


def test_text_in_a_saved_drawing_is_text(tmp_path: Path) -> None:
    save_figure(plot_loss([2, 1], baselines={"persistence": 1}).figure, tmp_path / "loss.svg")
    assert ">persistence</text>" in (tmp_path / "loss.svg").read_text(encoding="utf-8")
