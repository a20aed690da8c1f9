"""The class, number by number: what its own file gives back, and what can be counted.

The class's numbers are written down here once more, from its slides, apart from the page.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers.data import CourseDataError, load_class_stocks
from tests.support import code_cells, functions_of, notebook
from tools.book.course import RESULTS

LECTURE = "the-class"
COUNTS = {
    "SimpleRNN 10, 5, 1": 207,
    "MLP": 500_571,
    "SimpleRNN 10, 1": 500_672,
    "Conv1D 5, SimpleRNN 10, 1": 500_727,
    "LSTM 10, 1": 502_538,
    "Siamese LSTM": 6_531_842,
}


def value(name: str) -> dict:
    """What is stored of a computation on the class's file."""
    path = RESULTS / "stored" / f"class-file-{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))["value"]


def rows() -> list[list[str]]:
    """The rows of the tables that set the class's numbers beside ours, name first."""
    cells = code_cells(notebook(LECTURE))
    shown = [cell for cell in cells if "class-numbers" in cell.metadata.get("tags", [])]
    html = [out.data.get("text/html", "") for cell in shown for out in cell.get("outputs", [])]
    found = [row for text in html for row in BeautifulSoup(text, "html.parser").select("tbody tr")]
    return [[cell.get_text() for cell in row.select("th, td")] for row in found]


# -- on the class's own file ----------------------------------------------------------------------


def test_mean_and_persistence_come_back_to_the_last_digit() -> None:
    found = value("baselines")
    assert found["mean"] == pytest.approx(0.3516210190443937, rel=1e-14)
    assert found["persistence"] == pytest.approx(0.033289150367058463, rel=1e-14)


def test_the_neuron_from_scratch_comes_back_to_the_last_digit() -> None:
    found = value("neuron")
    assert np.round(found["weights"], 8).tolist() == [-0.07161043, 1.15476269, 0.25800392]
    assert found["mse"] == pytest.approx(0.03900926352398098, rel=1e-14)
    assert found["last loss"] == pytest.approx(0.03901103, abs=5e-9)


def test_the_leak_gives_away_the_targets_that_lie_outside() -> None:
    found = value("baselines")
    assert found["read off"] == found["outside"] == 133
    assert (found["targets at +1"], found["targets at -1"]) == (117, 16)
    assert found["rule"] == pytest.approx(0.0246, abs=5e-5)
    assert found["floor of tanh"] == pytest.approx(0.0074, abs=5e-5)


def test_what_keras_trains_comes_back_near_the_class() -> None:
    errors = [start["mse"] for start in value("keras-neuron").values()]
    assert min(errors) < 0.0438 < sorted(errors)[-2]
    assert np.mean(list(value("keras-stack").values())) == pytest.approx(0.0277, abs=0.002)


def test_the_row_that_the_slide_labels_mmm_is_aos() -> None:
    assert value("facts")["first two rows"] == ["MMM", "AOS"]


# -- without it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_keras_counts_what_the_class_counted(name: str, count: int) -> None:
    (row,) = [row for row in rows() if row[0] == f"parameters: {name}"]
    _, of_class, here, by_layer = row
    assert of_class == here == f"{count:,}"
    assert sum(int(part.replace(",", "")) for part in by_layer.split("+")) == count


def test_the_gradient_of_the_page_agrees_with_differences_of_the_loss() -> None:
    page, rng = functions_of(LECTURE), np.random.default_rng(0)
    X, y, w = rng.uniform(-1, 1, (7, 12)), rng.uniform(-1, 1, 7), np.array([0.1, 0.8, -0.6])

    def loss(w: np.ndarray) -> float:
        return np.mean((y - page.outputs(X, w)[-1]) ** 2)

    nudges = 1e-6 * np.eye(3)
    slopes = [(loss(w + nudge) - loss(w - nudge)) / 2e-6 for nudge in nudges]
    assert page.gradient(X, y, page.outputs(X, w), w) == pytest.approx(slopes, abs=1e-8)


def test_the_class_file_is_never_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RNN_DATA", raising=False)
    with pytest.raises(
        CourseDataError, match=r"(?s)fortune500_100_days.csv .* RNN_DATA=full"
    ) as error:
        load_class_stocks()
    assert "folder" in str(error.value)


def test_in_a_folder_the_class_file_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    with pytest.raises(CourseDataError, match="fortune500_100_days.csv"):
        load_class_stocks()
    days = pd.date_range("2020-01-01", periods=101).strftime("%d/%m/%Y")
    table = pd.DataFrame(np.linspace(-1, 1, 101)[None], index=["ABC"], columns=days)
    table.to_csv(tmp_path / "fortune500_100_days.csv", index_label="Fortune500")
    assert load_class_stocks()["ticker"].tolist() == ["ABC"]
