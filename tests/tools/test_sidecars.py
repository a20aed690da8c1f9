"""Claims beside a page: what they may give, how their words and names are held, what is kept."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from tests.support import HEADER, ROOT, kernel, kernel_environment, lecture_names, run_code, write
from tools import claims
from tools.book import sidecars
from tools.book.course import LECTURES, CourseError
from tools.book.sidecars import Given, bound_names, complaints, problems
from tools.claims import claim, quote

# -- what a function of claims gives --------------------------------------------------------------


def given_by(tmp_path: Path, body: str, function: str = "lesson", **names: object) -> dict:
    """What a function with this body gives."""
    path, target = tmp_path / "claims.py", tmp_path / "given.json"
    head = "import numpy as np\nfrom tools.claims import claim, quote\n\n"
    write(path, f"{head}def {function}(page):\n    {body}\n")
    claims.run(str(path), function, names, str(target))
    return json.loads(target.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (3, 3),
        (0.1, 0.1),
        ("text", "text"),
        (True, True),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.array([[2.5]]), 2.5),
    ],
)
def test_a_scalar_is_given_as_a_plain_value(tmp_path: Path, value: object, plain: object) -> None:
    told = given_by(tmp_path, "quote(number=page.x)", x=value)
    assert told["numbers"] == {"number": plain} and "error" not in told
    assert type(told["numbers"]["number"]) is type(plain)


def test_trained_numbers_and_tolerances_are_marked_and_lines_kept(tmp_path: Path) -> None:
    body = "quote(a=1); quote(trained=True, b=2.0); quote(tolerance=0.2, c=3.0); claim('d', True)"
    told = given_by(tmp_path, body)
    assert told["trained"] == {"b": None, "c": 0.2}
    assert told["lines"] == {"a": 5, "b": 5, "c": 5, "d": 5}
    assert told["claims"] == {"d": True}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("quote(loss=page.nan)", "quote(loss=nan): not a finite number"),
        ("quote(loss=-np.inf)", "quote(loss=-inf): not a finite number"),
        ("quote(loss=[1])", "quote(loss=...): a scalar is wanted, not list"),
        ("quote(loss=np.array([1, 2]))", "a scalar is wanted, not ndarray"),
        ("quote(loss=1); quote(loss=1)", "quoted twice"),
        ("claim('x', 1)", "one condition, true or false, not 1"),
        ("claim('x', np.array([True, True]))", "one condition, true or false"),
        ("claim('x', True); claim('x', True)", "claimed twice"),
        ("page.lost", "AttributeError: "),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_what_cannot_be_given_is_told_with_its_line(tmp_path: Path, body: str, told: str) -> None:
    error = given_by(tmp_path, body, nan=math.nan)["error"]
    assert told in error["message"] and error["line"] == 5


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    error = given_by(tmp_path, "quote(")["error"]
    assert "SyntaxError" in error["message"] and error["line"] == 5


def test_outside_of_a_run_both_are_refused() -> None:
    for call in (lambda: quote(a=1), lambda: claim("a", True)):
        with pytest.raises(claims.ClaimsError, match="lectures/claims/"):
            call()


def test_the_function_sees_a_copy_prints_nothing_and_leaves_no_figure(tmp_path: Path) -> None:
    write(
        tmp_path / "claims.py",
        "import matplotlib.pyplot as plt\nfrom tools.claims import quote\n\n\n"
        "def lesson(page):\n    print('seen?')\n    plt.figure()\n    page.x = 2\n"
        "    display = __import__('IPython.display').display.display\n    display('shown?')\n"
        "    quote(x=page.x)\n",
    )
    target = tmp_path / "given.json"
    call = f"__import__('tools.claims', fromlist=['run']).run({str(tmp_path / 'claims.py')!r}, "
    call += f"'lesson', globals(), {str(target)!r})"
    with kernel(ROOT, kernel_environment()) as client:
        run_code(client, "import matplotlib.pyplot as plt\nx = 1")
        assert run_code(client, call).stdout == ""
        left = "print(x, plt.get_fignums(), sorted(n for n in globals() if 'claim' in n))"
        assert run_code(client, left).stdout == "1 [] []\n"
    assert json.loads(target.read_text(encoding="utf-8"))["numbers"] == {"x": 2}


# -- words and names ------------------------------------------------------------------------------

PAGE = """\
# Title

The network adds, with an error of {glue:text}`loss:.3f`. It is
not *much* better.

```{code-cell} ipython3
# The network adds.
loss, (first, *others) = 1, [1, 2]
for epoch in range(3):
    loss = 0.5
rows = [hidden for hidden in range(3)]
```

```{code-cell} ipython3
---
mystnb:
  figure:
    caption: Two curves that meet {glue:text}`share:.0%`.
    name: fig-two
---
def f(inside):
    loss = inside
    return loss
import numpy as np
share = 0.5
```

It is much better.

## Exercises

It holds.

```{code-cell} ipython3
:tags: [exercise-starter]

answer = ...
```

```{code-cell} ipython3
:tags: [exercise-solution]

answer, share = 3, 1.0
```
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page, alone in the world."""
    for name in ("CLAIMS", "RESULTS"):
        monkeypatch.setattr(sidecars, name, tmp_path)
    write(tmp_path / "page.md", HEADER + PAGE)
    return tmp_path / "page.md"


def faults(page: Path, lesson: str, more: str = "") -> list[str]:
    """What is wrong with claims whose lesson has this body."""
    write(page.with_suffix(".py"), f"def lesson(page):\n    {lesson}\n{more}")
    return problems(page)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("The network adds, with an error of", None),
        ("It is not *much* better.", None),
        ("Two curves that meet", None),
        ("It holds.", None),
        ("The network adds.", 'does not say "The network adds.": take words of the page. The near'),
        ("It is not much better.", "The nearest there"),
        ("It", 'says "It" 3 times (lines 14, 39, 43)'),
        ("better.", 'says "better." 2 times (lines 15, 39)'),
        ("", "does not say"),
    ],
)
def test_the_words_of_a_claim_stand_on_the_page_once(page: Path, words: str, told) -> None:
    found = faults(page, f"claim({words!r}, True)")
    assert len(found) == bool(told)
    if told:
        assert found[0].startswith("lectures/claims/page.py:2: ") and told in found[0]


def test_words_are_spelled_out_where_the_claim_stands(page: Path) -> None:
    (told,) = faults(page, "words = 'It holds.'; claim(words, True)")
    assert told.endswith(":2: the words of a claim are spelled out where it stands.")


@pytest.mark.parametrize(
    ("reads", "told"),
    [
        ("page.loss + page.share + page.epoch + page.f(1) + page.np.pi", None),
        ("page.first + page.others[0]", None),
        (
            "page.hidden",
            "page.hidden, which no cell of lectures/page.md before the exercises binds",
        ),
        ("page.inside", "which no cell"),
        ("page.answer", "page.answer, which no cell"),
    ],
)
def test_a_lesson_reads_names_that_a_cell_binds(page: Path, reads: str, told: str | None) -> None:
    found = faults(page, f"return {reads}")
    assert len(found) == bool(told) and (not told or told in found[0])


def test_a_name_that_is_bound_again_is_refused_also_in_what_the_lesson_calls(page: Path) -> None:
    write(page, page.read_text("utf-8").replace("share = 0.5", "share = 0.5\nloss = 3"))
    more = "\n\ndef race(page):\n    return page.loss\n\n\ndef idle(page):\n    return page.lost\n"
    (told,) = faults(page, "race(page)", more)
    assert told == (
        "lectures/claims/page.py:6: it reads page.loss, which lectures/page.md binds in line 19 "
        "and again in 37: give one of them another name."
    )


def test_exercises_may_read_what_the_solution_binds_but_not_a_name_with_two_meanings(page) -> None:
    more = "\n\ndef exercises(page):\n    return page.answer\n"
    assert faults(page, "pass", more) == []
    (told,) = faults(page, "pass", more.replace("answer", "share"))
    assert "page.share, which lectures/page.md binds in line 36 and again in 54" in told


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("a = b", {"a"}),
        ("a, (b, *c) = d", {"a", "b", "c"}),
        ("a.b = 1; a[0] = 2", set()),
        ("a += 1", {"a"}),
        ("for a in b:\n    c = 1\nelse:\n    d = 1", {"a", "c", "d"}),
        ("with a as b:\n    pass", {"b"}),
        ("import a.b as c, d.e", {"c", "d"}),
        ("from a import b", {"b"}),
        ("def a(b):\n    c = 1", {"a"}),
        ("class a:\n    b = 1", {"a"}),
        ("x = [a for a in b]\ny = lambda z: z", {"x", "y"}),
        ("if (a := 1):\n    pass", {"a"}),
        ("%matplotlib inline\na = 1\n!ls", {"a"}),
    ],
)
def test_names_that_a_cell_binds(code: str, names: set[str]) -> None:
    assert bound_names(code).keys() == names


# -- numbers: quoted and given, as they were ------------------------------------------------------

NUMBERS = {"loss": 0.2, "share": 0.5}


def judged(page: Path, numbers: dict, stored: dict, trained: dict | None = None) -> list[str]:
    """Complaints about a run that gave these numbers, where others are kept."""
    write(page.with_suffix(".py"), "def lesson(page):\n    quote(loss=1, share=2)\n")
    kept = Given(stored, {}, trained or {})
    return complaints(page, Given(numbers, {}, trained or {}), kept)


@pytest.mark.parametrize(
    ("loss", "trained", "told"),
    [
        (0.2, {}, None),
        (0.2 * (1 + 9e-7), {}, None),
        (0.2000004, {}, "loss is 0.2000004, and was 0.2; is it trained? then say quote(trained"),
        (0.9, {"loss": None}, None),
        (0.23, {"loss": 0.2}, None),
        (0.25, {"loss": 0.2}, "loss is 0.25, and was 0.2"),
        (math.nan, {}, "loss is nan"),
        ("0.2", {}, "loss is '0.2'"),
    ],
)
def test_a_number_is_as_it_was_but_for_what_is_trained(page, loss, trained, told) -> None:
    found = judged(page, NUMBERS | {"loss": loss}, NUMBERS, trained)
    assert len(found) == bool(told)
    if told:
        assert found[0].startswith("lectures/claims/page.py:2: ") and told in found[0]


def test_what_is_quoted_is_given_and_what_is_given_is_quoted(page: Path) -> None:
    found = judged(page, {"loss": 0.2, "more": 1}, {"loss": 0.2, "more": 1})
    assert [line.partition(": ")[0] for line in found] == [
        "lectures/page.md:29",
        "lectures/claims/page.py:1",
    ]
    assert "share is quoted, but lectures/claims/page.py does not give it" in found[0]
    assert "more is given, but lectures/page.md does not quote it" in found[1]


def test_a_claim_that_does_not_hold_is_told_with_its_line(page: Path) -> None:
    write(page.with_suffix(".py"), "def lesson(page):\n    pass\n    claim('It holds.', False)\n")
    (told,) = complaints(page, Given(NUMBERS, {"It holds.": False}, {}))
    assert told == 'lectures/claims/page.py:3: not so in this run: "It holds."'


def test_what_a_run_gave_is_kept_and_read_and_a_damaged_file_is_told(page: Path) -> None:
    given = Given({"share": 1 / 3, "loss": 2}, {"It holds.": True}, {"share": None})
    assert sidecars.read_results(page) == (sidecars.NOTHING, {})
    assert sidecars.write_results(page, given, {"fingerprint": "x"})
    assert not sidecars.write_results(page, given, {"fingerprint": "x"})
    kept, made = sidecars.read_results(page)
    assert kept == given._replace(numbers={"loss": 2, "share": 0.333333333333})
    assert made == {"fingerprint": "x"}
    path = page.with_suffix(".json")
    path.write_text(path.read_text("utf-8")[:80], encoding="utf-8")
    with pytest.raises(CourseError, match=r"data/results/page\.json is damaged .*git checkout"):
        sidecars.read_results(page)


@pytest.mark.parametrize("slug", lecture_names())
def test_each_page_claims_something_of_what_it_quotes(slug: str) -> None:
    given, made = sidecars.read_results(LECTURES / f"{slug}.md")
    assert given.numbers and given.claims and made["backend"] == "tensorflow"
    assert all(given.claims.values())
