"""The form of the exercises: starter, check and solution, and that the solution answers.

What a check says to the starter and to the solution is tested where nbval runs: test_runs.py.
"""

from __future__ import annotations

import ast

import pytest

from tests.support import (
    ROOT,
    Exercise,
    Ran,
    Trial,
    code_cells,
    exercises,
    kernel,
    kernel_environment,
    lecture_names,
    notebook,
    run_code,
    try_exercise,
)
from tools.book.course import number_of

LEAST = 2  # exercises that check themselves; the others guess, or are open
TEACHING = [name for name in lecture_names() if not number_of(name).isalpha()]
EXERCISES = {name: exercises(code_cells(notebook(name))) for name in lecture_names()}
EACH = [(name, number) for name, found in EXERCISES.items() for number in range(len(found))]


def code(lecture: str, positions: tuple[int, ...]) -> str:
    """The code of some cells of a lecture."""
    cells = code_cells(notebook(lecture))
    return "\n".join(cells[position].source for position in positions)


@pytest.mark.parametrize("lecture", TEACHING)
def test_a_lecture_has_exercises_that_check_themselves(lecture: str) -> None:
    assert len(EXERCISES[lecture]) >= LEAST


@pytest.mark.parametrize("lecture", EXERCISES)
def test_each_exercise_has_a_solution_and_some_have_no_check(lecture: str) -> None:
    texts = [cell.source for cell in notebook(lecture).cells if cell.cell_type == "markdown"]
    lines = [line for text in texts for line in text.splitlines()]
    headings = [line for line in lines if line.startswith("#### Exercise ")]
    solutions = [line for line in lines if line.startswith("#### Solution of exercise ")]
    assert len(headings) == len(solutions) >= len(EXERCISES[lecture])  # guesses, open questions


@pytest.mark.parametrize(("lecture", "number"), EACH)
def test_an_exercise_has_starter_check_and_solution_in_this_order(
    lecture: str, number: int
) -> None:
    exercise = EXERCISES[lecture][number]
    assert exercise.starters and len(exercise.checks) == 1 and exercise.solutions
    assert exercise.starters[-1] < exercise.checks[0] < exercise.solutions[0]


@pytest.mark.parametrize(("lecture", "number"), EACH)
def test_the_solution_takes_the_place_of_the_starter(lecture: str, number: int) -> None:
    exercise = EXERCISES[lecture][number]
    starter = bound_names(code(lecture, exercise.starters))
    assert starter
    missing = asked_for(lecture, exercise) - bound_names(code(lecture, exercise.solutions))
    assert not missing, f"the solution does not bind {missing}, which the starter asks for"


def asked_for(lecture: str, exercise: Exercise) -> set[str]:
    """Names of a starter that its check reads."""
    check = ast.parse(code(lecture, exercise.checks))
    read = {node.id for node in ast.walk(check) if isinstance(node, ast.Name)}
    asked = bound_names(code(lecture, exercise.starters)) & read
    assert asked, "the check reads nothing that the starter defines"
    return asked


def bound_names(code: str) -> set[str]:
    """Names that code binds at its top level, imports left aside."""
    names: set[str] = set()
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            stored = [n for n in ast.walk(statement) if isinstance(n, ast.Name)]
            names |= {n.id for n in stored if isinstance(n.ctx, ast.Store)}
    return names


def test_an_exercise_whose_check_accepts_the_starter_is_found() -> None:
    # The trial itself bites: a check that always says "Right" shows as such.
    import nbformat

    sources = ["answer = ...", "print('Right: whatever')", "answer = 1"]
    tags = ["exercise-starter", "exercise-check", "exercise-solution"]
    cells = [
        nbformat.v4.new_code_cell(source, metadata={"tags": [tag]})
        for source, tag in zip(sources, tags, strict=True)
    ]
    trials: dict[int, Trial] = {}
    with kernel(ROOT, kernel_environment()) as client:
        for position, cell in enumerate(cells):
            run_code(client, cell.source)
            try_exercise(client, cells, position, trials)
    right = Ran("Right: whatever\n")
    assert trials == {0: Trial(unsolved=right, strict=right, solved=right)}
