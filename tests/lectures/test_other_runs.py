"""Lectures that use Keras run on JAX too; those on reviews and question pairs also on real ones.

The bands are those of the run on TensorFlow and the sample (``expected.toml``), which must be wide
enough for another backend, and those of ``expected-real-data.toml``.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from tests.lectures.other_runs import OtherRun, OtherRuns, lectures_with
from tests.lectures.test_numbers import EXPECTED, complaints, entry_faults, read_numbers
from tests.support import ROOT, lecture_names

REAL: dict[str, dict] = tomllib.loads(
    (ROOT / "lectures" / "expected-real-data.toml").read_text(encoding="utf-8")
)
FOLDER = str(Path(os.environ["RNN_REAL_DATA"]).resolve()) if os.environ.get("RNN_REAL_DATA") else ""
READ_FILES = [*lectures_with("load_reviews"), *lectures_with("load_question_pairs")]
# On JAX, which is faster. RNN_EVERY_RUN=1 also runs the others, which say little
# about the data, and all of them on TensorFlow.
MOST_TOLD = {"05-yelp-reviews", "06-conv1d", "07-lstm", "10-siamese-quora"}
EVERY_RUN = os.environ.get("RNN_EVERY_RUN") == "1"
# A lecture that runs on JAX on real data need not run there on the sample too.
ON_JAX = [
    OtherRun(name, "jax", "sample")
    for name in lectures_with("keras")
    if EVERY_RUN or not (FOLDER and name in MOST_TOLD)
]
ON_REAL_DATA = [
    OtherRun(name, backend, FOLDER)
    for backend in (("jax", "tensorflow") if EVERY_RUN else ("jax",))
    for name in READ_FILES
    if EVERY_RUN or name in MOST_TOLD
]


def test_the_lectures_on_keras_are_found() -> None:
    assert {run.lecture for run in ON_JAX} >= {"03-keras-rnns", "04-text-as-sequences"}
    assert {"01-what-comes-next", "02-single-neuron-rnn"}.isdisjoint(run.lecture for run in ON_JAX)


@pytest.mark.slow
@pytest.mark.parametrize("run", ON_JAX, ids=lambda run: run.name)
def test_on_jax_the_numbers_lie_in_the_same_bands(run: OtherRun, other_runs: OtherRuns) -> None:
    pytest.importorskip("jax")
    recorded = read_numbers(other_runs.numbers(run))
    assert complaints(EXPECTED[run.lecture], recorded) == []


@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.parametrize("run", ON_REAL_DATA, ids=lambda run: run.name)
def test_on_real_data_the_lecture_runs_and_its_numbers_lie_in_bands(
    run: OtherRun, real_data_folder: str, other_runs: OtherRuns
) -> None:
    pytest.importorskip(run.backend)
    recorded = read_numbers(other_runs.numbers(run))
    expected = REAL[run.lecture]
    assert complaints(expected, {name: recorded.get(name, "nothing") for name in expected}) == []


def test_the_bands_for_real_data_belong_to_lectures_and_to_their_numbers() -> None:
    assert REAL.keys() == set(READ_FILES) <= set(lecture_names())
    assert {run.lecture for run in ON_REAL_DATA} >= MOST_TOLD
    for lecture, entries in REAL.items():
        assert entries.keys() <= EXPECTED[lecture].keys()
        assert [fault for entry in entries.values() for fault in entry_faults(entry)] == []
