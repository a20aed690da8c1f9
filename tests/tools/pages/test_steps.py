"""Each step that makes a page light, on a page of a few lines."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from tools.book.course import CourseError
from tools.pages import keep
from tools.pages.boxes import fold
from tools.pages.head import tidy_head
from tools.pages.icons import SCRIPT, draw_icons
from tools.pages.page import Page, read_page
from tools.pages.pictures import natural_size, pack, place_pictures
from tools.pages.pieces import FIRST, cut_in_pieces
from tools.pages.scripts import defer_scripts, without_tab_stops

ICONS = (
    'x={github:[496,512,[],"f09b","M9"]};("fab",x);x={sun:[512,512,[],"f185","M1"]};("far",x);'
    'x={"0":[320,512,[],"30","M0"],pencil:[512,512,[9999,"pencil-alt"],"f303","M3"],'
    'sun:[512,512,[9728],"f185","M2"]};("fas",x)'
)
MATH = '<math display="block"><mi mathvariant="normal">x</mi></math>'


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A folder such as Sphinx writes, with a script of icons."""
    write(tmp_path / SCRIPT, ICONS)
    return tmp_path


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "KEPT", tmp_path / "kept")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def page(raw: Path, body: str, head: str = "", name: str = "lectures/one.html") -> Page:
    html = (
        f"<!DOCTYPE html><html><head><title>One</title>"
        f'<link rel="stylesheet" href="../_static/a.css">{head}</head><body>{body}</body></html>'
    )
    return Page(name, LexborHTMLParser(html), raw, "../" * name.count("/"))


def body(of: Page) -> str:
    return of.tree.body.inner_html


# -- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("../_static/a.js?v=1", "_static/a.js"),
        ("two.html#part", "lectures/two.html"),
        ("../_images/a%20b.png", "_images/a b.png"),
        ("https://example.org/a.js", None),
        ("data:image/png;base64,AA", None),
    ],
)
def test_an_address_on_a_page_leads_to_a_file(raw: Path, address: str, file: str | None) -> None:
    assert page(raw, "").file(address) == file


def test_a_page_for_any_address_names_files_from_the_sites_folder(raw: Path) -> None:
    write(raw / "404.html", '<link rel="icon" href="/book/_static/favicon.ico">')
    lost = read_page(raw, raw / "404.html")
    assert lost.address("_static/a.css") == "/book/_static/a.css"
    assert lost.file("/book/_static/a.css") == "_static/a.css"


# -- head -----------------------------------------------------------------------------------------


def test_a_page_without_a_description_gets_its_title(raw: Path) -> None:
    lone = page(raw, "")
    tidy_head(lone)
    assert [m.attrs["content"] for m in lone.tree.css('meta[name="description"]')] == ["One"]


def test_a_description_stays_and_a_second_viewport_goes(raw: Path) -> None:
    view = '<meta name="viewport" content="width=device-width">'
    said = page(raw, "", f'{view}<meta name="description" content="Mine">{view}')
    tidy_head(said)
    assert [m.attrs["content"] for m in said.tree.css('meta[name="description"]')] == ["Mine"]
    assert len(said.tree.css('meta[name="viewport"]')) == 1


# -- icons ----------------------------------------------------------------------------------------


def test_an_icon_becomes_a_drawing_that_nobody_hears(raw: Path) -> None:
    drawn = page(raw, '<button aria-label="Edit"><i class="fas fa-pencil-alt fa-lg"></i></button>')
    draw_icons(drawn)
    svg = drawn.tree.css_first("svg")
    assert svg.attrs["aria-hidden"] == "true" and svg.attrs["viewBox"] == "0 0 512 512"
    assert svg.css_first("path").attrs["d"] == "M3"
    assert svg.attrs["class"].split() == ["svg-inline--fa", "fa-pencil-alt", "fa-lg"]
    assert not drawn.tree.css("i")


@pytest.mark.parametrize(
    ("classes", "path"), [("fas fa-sun", "M2"), ("far fa-sun", "M1"), ("fab fa-github", "M9")]
)
def test_an_icon_is_of_the_style_that_the_page_names(raw: Path, classes: str, path: str) -> None:
    drawn = page(raw, f'<i class="{classes}"></i>')
    draw_icons(drawn)
    assert drawn.tree.css_first("path").attrs["d"] == path


def test_an_icon_keeps_what_scripts_look_for(raw: Path) -> None:
    drawn = page(
        raw, '<i class="theme-switch fa-solid fa-sun" data-mode="light" title="Light"></i>'
    )
    draw_icons(drawn)
    svg = drawn.tree.css_first("svg.theme-switch")
    assert svg.attrs["data-mode"] == "light" and svg.css_first("title").text() == "Light"


def test_an_unknown_icon_stops_the_build(raw: Path) -> None:
    with pytest.raises(CourseError, match="no icon 'unicorn' in fas"):
        draw_icons(page(raw, '<i class="fas fa-unicorn"></i>'))


def test_what_only_begins_like_an_icon_stays(raw: Path) -> None:
    text = f'<p class="fact"><i>faster</i></p>{MATH}'
    kept = page(raw, text)
    draw_icons(kept)
    assert body(kept) == text


# -- boxes ----------------------------------------------------------------------------------------

BOX = '<div class="admonition dropdown" id="{}"><p class="admonition-title">{}</p>{}</div>'


def test_an_answer_folds_under_its_title(raw: Path) -> None:
    folded = page(raw, BOX.format("a", 'To <a href="#b">2.1</a>', f"<p>Yes</p>{MATH}"))
    fold(folded)
    box = folded.tree.css_first("details#a.admonition.dropdown")
    assert box.child.tag == "summary" and box.child.text() == "To 2.1"
    assert not box.child.css("a")  # who presses the title means to open the box
    assert box.html.endswith(f"</summary><p>Yes</p>{MATH}</details>")
    assert "open" not in box.attrs


def test_a_box_inside_another_folds_as_well(raw: Path) -> None:
    folded = page(raw, BOX.format("a", "Outer", BOX.format("b", "Inner", "<p>Yes</p>")))
    fold(folded)
    assert folded.tree.css_first("details#a > details#b > p").text() == "Yes"


def test_a_box_that_is_no_dropdown_stays_open(raw: Path) -> None:
    text = '<div class="admonition note"><p class="admonition-title">Note</p></div>'
    shown = page(raw, text)
    fold(shown)
    assert body(shown) == text


# -- pictures -------------------------------------------------------------------------------------


@pytest.fixture
def pictures(raw: Path) -> Path:
    (raw / "_images").mkdir()
    Image.new("RGBA", (30, 20), (255, 0, 0, 255)).save(raw / "_images" / "a.png")
    write(raw / "_images" / "b.svg", '<svg viewBox="0 0 7 5" width="70" height="49.6"></svg>')
    write(raw / "_images" / "c.svg", '<svg viewBox="0 0 7 5"></svg>')
    write(raw / "_images" / "d.svg", '<svg width="504pt" height="60.6pt"></svg>')
    return raw


def placed(raw: Path, html: str) -> list[dict]:
    new = page(raw, html)
    place_pictures(new)
    return [dict(image.attributes) for image in new.tree.css("img")]


def test_a_picture_takes_its_place_before_it_arrives(pictures: Path) -> None:
    sources = ["a.png", "b.svg", "c.svg", "d.svg"]
    images = placed(pictures, "".join(f'<img src="../_images/{s}">' for s in sources))
    sizes = [(image.get("width"), image.get("height")) for image in images]
    assert sizes == [("30", "20"), ("70", "50"), (None, None), ("672", "81")]


def test_a_size_that_the_author_gave_stays(pictures: Path) -> None:
    images = placed(pictures, '<img src="../_images/a.png" width="15" alt="A red field">')
    assert (
        images == [images[0] | {"width": "15", "alt": "A red field"}] and "height" not in images[0]
    )


def test_all_pictures_but_the_first_wait(pictures: Path) -> None:
    picture = '<img src="../_images/a.png">'
    logo = '<img class="logo__image" src="../_images/b.svg">'
    waits = [i.get("loading") for i in placed(pictures, f"{logo}<article>{picture * 3}</article>")]
    assert waits == [None, None, "lazy", "lazy"]


def test_a_png_is_packed_without_loss(pictures: Path) -> None:
    before = (pictures / "_images" / "a.png").read_bytes()
    new = page(pictures, '<img src="../_images/a.png">')
    place_pictures(new)
    after = new.files["_images/a.png"]
    assert len(after) < len(before) and natural_size_of(after, pictures) == (30, 20)
    assert colours(after, pictures) == colours(before, pictures)


def test_a_png_that_is_packed_already_stays() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    head = struct.pack(">IIBBBBB", 1, 1, 1, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0\0", 9)), chunk(b"IEND", b"")]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(parts)
    assert len(pack(png)) <= len(png)


def natural_size_of(png: bytes, folder: Path) -> tuple[int, int]:
    (folder / "x.png").write_bytes(png)
    return natural_size(folder / "x.png")


def colours(png: bytes, folder: Path) -> bytes:
    (folder / "x.png").write_bytes(png)
    return Image.open(folder / "x.png").convert("RGBA").tobytes()


# -- scripts --------------------------------------------------------------------------------------


@pytest.fixture
def scripts(raw: Path) -> Path:
    for name in ("one.js", "two.js", "copybutton.js", "design-tabs.js", "togglebutton.js"):
        write(raw / "_static" / name, f"/* note */ let {name[:3]} = 1;")
    write(raw / "math" / "math.js", "let math = 1;")
    return raw


HEAD = "".join(
    f'<script src="../_static/{name}.js?v=1"></script>'
    for name in ("one", "copybutton", "design-tabs", "togglebutton")
)
CODE = '<div class="highlight"><pre>x</pre></div>'


def loaded(page: Page) -> list[str]:
    """The names of the scripts that a page loads, without their digests."""
    nodes = page.tree.css("script[src]")
    assert all("defer" in node.attrs for node in nodes)
    return [node.attrs["src"].removeprefix("../_static/").split(".")[0] for node in nodes]


def deferred(raw: Path, body: str = "", head: str = HEAD) -> Page:
    new = page(raw, body, head)
    defer_scripts(new)
    return new


def test_a_page_loads_the_scripts_that_it_needs_and_waits_for_none(scripts: Path) -> None:
    assert loaded(deferred(scripts)) == ["book"]
    assert loaded(deferred(scripts, CODE)) == ["book", "copybutton"]
    assert loaded(deferred(scripts, '<div class="sd-tab-set"></div>')) == ["book", "design-tabs"]


def test_what_all_pages_share_keeps_its_order_and_lines_of_the_head_their_place(
    scripts: Path,
) -> None:
    lines = "<script>run();</script><script>run();</script>"
    last = '<script defer src="../_static/two.js"></script>'
    new = deferred(scripts, last, f"{HEAD}{lines}<script>let toggleHintShow=1</script>")
    (book,) = new.files.values()
    assert book.decode().startswith("let one=1;;run();;let two=1;")


def test_scripts_in_the_text_and_data_stay(scripts: Path) -> None:
    text = '<p><script>draw()</script><script type="application/json">{"a": 1}</script></p>'
    assert body(deferred(scripts, text)) == text


def test_the_script_of_an_extension_stays_apart_behind_the_books(scripts: Path) -> None:
    head = f'<script src="../math/math.js"></script>{HEAD}'
    new = deferred(scripts, "", head)
    book, math = (node.attrs["src"] for node in new.tree.css("script[src][defer]"))
    assert "/book." in book and math == "../math/math.js"


def test_the_theme_is_set_before_anything_is_drawn(scripts: Path) -> None:
    early = '<script data-cfasync="false">document.x</script>'
    new = deferred(scripts, "", early + HEAD)
    (inline,) = [node for node in new.tree.css("script") if "src" not in node.attrs]
    assert "prefers-color-scheme" in inline.text() and inline.parent.tag == "head"
    assert new.tree.css_first("html").attrs["data-theme"] == "light"  # without scripts


def test_a_script_that_is_not_there_stops_the_build(scripts: Path) -> None:
    with pytest.raises(CourseError, match="lost.js, which is no file of the book"):
        deferred(scripts, "", '<script src="../_static/lost.js"></script>')


def test_the_themes_tab_stops_go_and_the_rest_stays() -> None:
    start = '"complete"===document.readyState?O():window.addEventListener("load",O)'
    assert without_tab_stops(f"(()=>{{a(),{start}}})();") == "(()=>{a(),0})();"


def test_a_theme_without_its_tab_stops_stops_the_build() -> None:
    with pytest.raises(CourseError, match="Did the theme change"):
        without_tab_stops("(()=>{a()})();")


# -- pieces ---------------------------------------------------------------------------------------


def later(raw: Path, first: str) -> list[str]:
    """The sections that wait on a page whose first section holds this."""
    html = (
        f"<article><section id=top><h1>Top</h1><section id=a>{first}<section id=b><p>B</p>"
        "</section></section><section id=c><p>C</p></section></section></article>"
    )
    one = page(raw, html)
    cut_in_pieces(one)
    return [section.attrs["id"] for section in one.tree.css("[data-piece]")]


def test_sections_wait_below_more_text_than_a_window_holds(raw: Path) -> None:
    assert later(raw, f"<p>{'x' * FIRST}</p>") == ["b", "c"]
    assert later(raw, f"<p>{'x' * (FIRST // 2)}</p>") == []


def test_text_that_one_does_not_see_does_not_count(raw: Path) -> None:
    assert later(raw, f"<details><p>{'x' * 2 * FIRST}</p></details>") == []


def test_bootstrap_asks_nothing_of_a_page_by_itself(raw: Path) -> None:
    one = page(raw, '<a data-bs-toggle="tooltip" title="T">A</a><a data-bs-toggle="dropdown">B</a>')
    one.tree.body.attrs["data-bs-spy"] = "scroll"
    cut_in_pieces(one)
    assert one.tree.html.count("data-bs-") == 1
    assert one.tree.css_first("[data-tip]").text() == "A"
