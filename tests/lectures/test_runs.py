"""What a page did when nbval ran it: its numbers and claims, and the checks of its exercises.

See reexecution.py, which runs claims and checks in the kernel of the page.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import Trial, code_cells, exercises, lecture_names, notebook
from tools.book.course import LECTURES
from tools.book.sidecars import complaints, functions_in, read_given, read_results

EACH = [
    (slug, number)
    for slug in lecture_names()
    for number, _ in enumerate(exercises(code_cells(notebook(slug))))
]


@pytest.fixture
def trial(lecture: str, number: int, nbval_trials: dict[str, dict[int, Trial]]) -> Trial:
    """What the check of one exercise said."""
    return nbval_trials[lecture].get(number, Trial())


@pytest.mark.parametrize("lecture", lecture_names())
def test_numbers_are_as_they_were_and_claims_hold(
    lecture: str, claims_folder: Path, nbval_trials: dict[str, dict[int, Trial]]
) -> None:
    source = LECTURES / f"{lecture}.md"
    assert lecture in nbval_trials
    targets = [claims_folder / f"{lecture}.{one}.json" for one in functions_in(source)]
    assert complaints(source, read_given(source, targets), read_results(source)[0]) == []


@pytest.mark.parametrize(("lecture", "number"), EACH)
def test_the_check_says_not_yet_to_the_starter_and_does_not_raise(
    lecture: str, number: int, trial: Trial
) -> None:
    assert trial.unsolved is not None and trial.unsolved.error is None, trial
    lines = trial.unsolved.stdout.splitlines()
    assert lines and all(line.startswith(("Not yet", "Right")) for line in lines), lines
    assert lines[0].startswith("Not yet"), lines


@pytest.mark.parametrize(("lecture", "number"), EACH)
def test_a_strict_check_raises_on_the_starter(lecture: str, number: int, trial: Trial) -> None:
    assert trial.strict is not None and trial.strict.error == "ExerciseError", trial
    assert trial.strict.message.startswith("Not yet")


@pytest.mark.parametrize(("lecture", "number"), EACH)
def test_the_check_says_right_to_the_solution(lecture: str, number: int, trial: Trial) -> None:
    assert trial.solved is not None and trial.solved.error is None, trial
    lines = trial.solved.stdout.splitlines()
    assert lines and all(line.startswith("Right") for line in lines), lines
