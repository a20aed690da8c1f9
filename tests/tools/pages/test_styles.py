"""The one style sheet: what stays, what goes, and that it still says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.tools.pages.test_steps import ICONS
from tools.book.course import CourseError
from tools.pages import keep
from tools.pages.icons import SCRIPT
from tools.pages.page import Page
from tools.pages.styles import one_sheet, read_sheets, reduce, used_names

USED = {"html", "p", "a", "box", "open", "main"}


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keep, "KEPT", tmp_path / "kept")
    write(tmp_path / SCRIPT, ICONS)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "css",
    [
        ".box{color:red}",
        "p>a.box:hover::before{color:red}",
        '#main [data-x="y"]{color:red}',
        "p:not(.never){color:red}",
        ":is(.never,.box) a{color:red}",
        'html[data-theme="dark"] p{color:red}',
        "@media print{.box{color:red}}",
        "@page{margin:1cm}",
        "*{color:red}",
        "P{color:red}",
    ],
)
def test_a_rule_stays_that_can_apply(raw: Path, css: str) -> None:
    assert reduce(css, USED, set(), raw) == css


@pytest.mark.parametrize(
    "css",
    [
        ".never{color:red}",
        ".box .never{color:red}",
        "#never{color:red}",
        "table{color:red}",
        ":where(.never,table) a{color:red}",
        "@media print{.never{color:red}}",
        "/* a note */",
        ".box{}",
    ],
)
def test_a_rule_goes_that_cannot_apply(raw: Path, css: str) -> None:
    assert reduce(css, USED, set(), raw) == ""


def test_of_several_selectors_the_useful_ones_stay(raw: Path) -> None:
    assert reduce(".never,.box,table{color:red}", USED, set(), raw) == ".box{color:red}"


def test_a_property_goes_that_nothing_asks_for_any_more(raw: Path) -> None:
    css = "html{--a:1;--b:var(--a);--c:2;--d:3;--e:x}.box{width:var(--c)}.never{width:var(--b)}"
    assert reduce(css, USED, {"--e"}, raw) == "html{--c:2;--e:x}.box{width:var(--c)}"


def test_keyframes_and_fonts_stay_where_they_are_used(raw: Path) -> None:
    frames = "@keyframes %s{from{top:0}to{top:1px}}"
    face = '@font-face{font-family:"%s";src:url(f.woff2)}'
    css = "".join([frames % "turn", frames % "lost", face % "Mine", face % "Lost"])
    css += 'p{animation:turn 1s;font-family:"Mine",serif}'
    kept = reduce(css, USED, set(), raw)
    assert "turn{" in kept and '"Mine";src' in kept and "ost" not in kept


@pytest.mark.parametrize(
    "css",
    [
        '.box::before{content:"\\f303";font:var(--fa-font-solid)}',
        '.box::before{content:"\\f303";font-family:Font Awesome\\ 6 Free}',
        'html{--pst-icon-x:"\\f303"}.box::before{content:var(--pst-icon-x);font:var(--fa-font-solid)}',
    ],
)
def test_a_sign_of_an_icon_font_becomes_a_mask_in_the_colour_of_the_text(
    raw: Path, css: str
) -> None:
    kept = reduce(css, USED, set(), raw)
    assert "M3" in kept and "mask-image:" in kept and "background-color:currentColor" in kept
    assert 'content:"";' in kept and "Awesome" not in kept and "\uf303" not in kept


def test_the_classes_of_an_icon_font_go_though_a_script_names_them(raw: Path) -> None:
    page = Page("a.html", LexborHTMLParser('<svg class="fa-sun"></svg>'), raw, "")
    used = used_names([page], ['f.classList="fa-solid fa-pencil added"'])
    css = '.fa-pencil:before{content:"\\f303"}.fa-sun:before{content:"\\f185"}.fa-solid{top:0}'
    assert reduce(css + ".added{top:0}", used, set(), raw) == ".added{top:0}"


def test_what_an_old_browser_wants_is_skipped_and_damage_is_told(raw: Path) -> None:
    assert reduce("p{*zoom:1;color:red}", USED, set(), raw) == "p{color:red}"
    with pytest.raises(CourseError, match="line 1"):
        reduce("p color red", USED, set(), raw)


def test_sheets_bring_what_they_import_and_find_their_pictures(raw: Path) -> None:
    write(raw / "_static" / "styles" / "a.css", '@import "../b.css";p{background:url(../x.png)}')
    write(raw / "_static" / "b.css", "a{background:url('img/y.png')}i{src:url(data:x)}")
    lines = read_sheets(raw, ["_static/styles/a.css"], {}).splitlines()
    assert lines[-2:] == [
        "a{background:url('img/y.png')}i{src:url(data:x)}",
        "p{background:url(x.png)}",
    ]


def test_a_sheet_that_a_step_made_goes_into_the_one(raw: Path) -> None:
    link = '<link rel="stylesheet" href="_static/widgets/a.css"><p class="box">'
    page = Page("a.html", LexborHTMLParser(link), raw, "")
    page.files["_static/widgets/a.css"] = b".box{color:red}.never{color:red}"
    one_sheet([page], [])
    ((name, sheet),) = page.files.items()
    assert name.startswith("_static/book.") and sheet.endswith(b".box{color:red}")


def test_all_pages_load_the_same_sheet_and_its_name_is_its_digest(raw: Path) -> None:
    def pages() -> list[Page]:
        link = '<link rel="stylesheet" href="{}_static/a.css">'
        bodies = {"a.html": '<p class="box">', "b/c.html": '<p class="open">'}
        return [
            Page(name, LexborHTMLParser(link.format(prefix) * 2 + text), raw, prefix)
            for (name, text), prefix in zip(bodies.items(), ("", "../"), strict=True)
        ]

    def built(css: str) -> tuple[list[str], str]:
        write(raw / "_static" / "a.css", css)
        made = pages()
        one_sheet(made, [])
        links = [[n.attrs["href"] for n in p.tree.css('link[rel="stylesheet"]')] for p in made]
        (name,) = made[0].files
        assert links == [[name], [f"../{name}"]] and made[0].files == made[1].files
        return name, made[0].files[name].decode()

    name, sheet = built(".box{top:0}.open{top:1px}.never{top:2px}")
    assert ".box" in sheet and ".open" in sheet and ".never" not in sheet
    assert built(".box{top:0}.open{top:1px}.never{top:3px}")[0] == name
    assert built(".box{top:0}.open{top:2px}")[0] != name
