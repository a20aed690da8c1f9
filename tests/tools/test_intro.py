"""The way in: the list, the drawing and the routes name the lectures that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from tests.support import ROOT
from tools.book.course import branch, numbers_of_lectures
from tools.course_map import NEEDS, OPTIONAL, PLACES
from tools.pages.front import place_map, place_start
from tools.pages.page import Page

INTRO = (ROOT / "intro.md").read_text(encoding="utf-8")
DOC = re.compile(r"\{doc\}`lectures/([\w-]+)`")


def lectures() -> list[str]:
    """Slugs of the lectures in the order of the book."""
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    files = [chapter["file"] for part in parts for chapter in part["chapters"]]
    return [file.removeprefix("lectures/") for file in files if file.startswith("lectures/")]


def listed() -> dict[str, str]:
    """What the list says of each lecture."""
    line = r"^- \{doc\}`lectures/([\w-]+)`( \(optional\))? \(\{minutes\}`([\w-]+)`\):"
    found = re.findall(line, INTRO, re.MULTILINE)
    assert all(slug == timed for slug, _, timed in found)
    return {slug: optional for slug, optional, _ in found}


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


def front_page(html: str) -> Page:
    """A page of its own, as Sphinx leaves it, beside the drawings."""
    return Page("intro.html", LexborHTMLParser(html), ROOT / "lectures", "")


def test_each_box_of_the_map_leads_to_its_lecture() -> None:
    page = front_page('<img src="figures/who-needs-what.svg" alt="x">')
    place_map(page)
    assert not page.tree.css("img")
    links = [link.attrs["href"] for link in page.tree.css("svg.course-map a")]
    assert sorted(links) == sorted(f"lectures/{slug}.html" for slug in lectures())
    numbers = numbers_of_lectures()
    for link in page.tree.css("svg.course-map a"):
        number = numbers[Path(link.attrs["href"]).stem]
        assert link.text(strip=True).startswith(number)


def test_the_three_ways_in_lead_to_what_there_is() -> None:
    page = front_page('<div class="start-here"></div>')
    place_start(page)
    colab, short_way, deck = (link.attrs["href"] for link in page.tree.css("nav.start-here a"))
    place = f"/blob/{branch()}/lectures/two-classes.ipynb"
    assert colab.startswith("https://colab.research.google.com/github/") and colab.endswith(place)
    assert short_way == "lectures/two-classes.html" and "two-classes" in lectures()
    assert deck == "slides/two-classes.html" and (ROOT / "slides" / "two-classes.md").is_file()
    assert '<div class="start-here"></div>' in INTRO


@pytest.mark.parametrize("word", ["RNN", "LSTM", "GRU", "transformer", "TensorFlow", "Keras"])
def test_what_a_newcomer_looks_for_is_named(word: str) -> None:
    assert word in INTRO.partition("## Contents")[0]
