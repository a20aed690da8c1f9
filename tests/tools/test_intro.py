"""The way in: the list, the drawing and the routes name the lectures that there are."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.support import ROOT
from tools.figures.course import NEEDS, OPTIONAL, PLACES

INTRO = (ROOT / "intro.md").read_text(encoding="utf-8")
DOC = re.compile(r"\{doc\}`lectures/([\w-]+)`")


def lectures() -> list[str]:
    """Slugs of the lectures in the order of the book."""
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    files = [chapter["file"] for part in parts for chapter in part["chapters"]]
    return [file.removeprefix("lectures/") for file in files if file.startswith("lectures/")]


def listed() -> dict[str, str]:
    """What the list says of each lecture."""
    return dict(re.findall(r"^- \{doc\}`lectures/([\w-]+)`( \(optional\))?:", INTRO, re.MULTILINE))


def route(name: str) -> list[str]:
    """The lectures that a route names."""
    found = re.search(rf"^- \*\*{name}\*\*.*", INTRO, re.MULTILINE)
    assert found, name
    return [slug for slug in DOC.findall(found[0]) if slug != "the-class"]


def test_the_list_holds_every_lecture_in_the_order_of_the_book() -> None:
    assert list(listed()) == lectures()


def test_the_drawing_holds_every_lecture_and_no_other() -> None:
    assert sorted(NEEDS) == sorted(PLACES) == sorted(lectures())


def test_list_and_drawing_agree_on_what_may_be_left_out() -> None:
    assert {slug for slug, optional in listed().items() if optional} == OPTIONAL


def everything_before(slug: str) -> set[str]:
    """What the drawing says is needed for a lecture, and for what that needs."""
    return {slug}.union(*(everything_before(need) for need in NEEDS[slug]))


@pytest.mark.parametrize("slug", lectures())
def test_the_drawing_leads_to_a_lecture_from_whatever_it_says_that_it_needs(slug: str) -> None:
    text = (ROOT / "lectures" / f"{slug}.md").read_text(encoding="utf-8")
    needs = re.findall(r"^\*\*Need\.\*\*.*", text, re.MULTILINE)
    named = {name for line in needs for name in re.findall(r"\{doc\}`([\w-]+)`", line)}
    assert named <= everything_before(slug)


@pytest.mark.parametrize("name", ["The path of the class", "Six parts"])
def test_a_route_leaves_out_nothing_that_it_needs(name: str) -> None:
    found = route(name)
    assert len(found) > 5
    missing = {need for slug in found for need in everything_before(slug)} - set(found)
    assert missing == set()


@pytest.mark.parametrize("name", ["The path of the class", "Six parts"])
def test_a_route_adds_up_the_minutes_of_the_lectures_that_it_names(name: str) -> None:
    line = re.search(rf"^- \*\*{name}\*\*.*", INTRO, re.MULTILINE)[0]
    sums = {slug for slugs in re.findall(r"\{minutes\}`([^`]+)`", line) for slug in slugs.split()}
    assert sums == set(route(name))


def test_the_longest_route_leaves_out_what_is_optional_alone() -> None:
    assert set(route("A term")) == OPTIONAL
