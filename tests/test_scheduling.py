"""How the tests are dealt out to the workers."""

from __future__ import annotations

from itertools import groupby

import pytest

from tests.scheduling import QUICK_PAGES, SECONDS, pages_to_run, quick, unit
from tests.support import lecture_names
from tools.book.execute import last_run


@pytest.mark.parametrize(
    ("nodeid", "belongs_to"),
    [
        ("lectures/inside-an-lstm.ipynb::Cell 3", "inside-an-lstm"),
        ("tests/lectures/test_runs.py::test_fresh[inside-an-lstm]", "inside-an-lstm"),
        ("tests/lectures/test_runs.py::test_right[lstm-0]", "lstm"),
        ("tests/lectures/test_runs.py::test_entry[a b::c]", "tests/lectures/test_runs.py"),
        ("tests/lectures/test_lstm.py::test_gates[inside-an-lstm]", "tests/lectures/test_lstm.py"),
        (
            "tests/pages/test_pages.py::test_axe[lectures/inside-an-lstm]",
            "pages/lectures/inside-an-lstm",
        ),
        ("tests/pages/test_pages.py::test_axe[404]", "pages/404"),
        ("tests/pages/test_arrival.py::test_light[404]", "pages/404"),
        ("tests/pages/test_arrival.py::test_lost[<p>a</p>-text]", "tests/pages/test_arrival.py"),
        ("tests/pages/test_arrival.py::test_shifts[404]", "pages/404"),
        ("tests/pages/test_pages.py::test_search", "tests/pages/test_pages.py"),
    ],
)
def test_a_test_belongs_to_a_lecture_a_page_or_its_file(nodeid: str, belongs_to: str) -> None:
    assert unit(nodeid) == belongs_to


def test_what_looks_at_a_run_stays_with_its_notebook(request: pytest.FixtureRequest) -> None:
    looking = [i for i in request.session.items if "nbval_trials" in getattr(i, "fixturenames", ())]
    astray = [i.nodeid for i in looking if unit(i.nodeid) != i.callspec.params["lecture"]]
    assert astray == [], "name its file in tests/scheduling.py"


def test_the_tests_of_a_unit_follow_each_other(request: pytest.FixtureRequest) -> None:
    units = [name for name, _ in groupby(unit(item.nodeid) for item in request.session.items)]
    assert sorted(units) == sorted(set(units))


def test_the_quick_tests_execute_a_fixed_page_and_others_in_their_time() -> None:
    run, aside = pages_to_run()
    assert "lstm" in run and set(run) | set(aside) <= set(lecture_names())
    others = sum(last_run()["seconds"][slug] for slug in run if slug != "lstm")
    assert others <= SECONDS


def test_what_is_slow_is_left_out_of_the_quick_tests(request: pytest.FixtureRequest) -> None:
    items = request.session.items
    slow = [item for item in items if item.get_closest_marker("slow")]
    assert not any(quick(item, ["lstm"]) for item in slow)
    assert {page.removeprefix("lectures/") for page in QUICK_PAGES} - {"intro"} <= set(
        lecture_names()
    )
