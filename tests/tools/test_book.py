"""The built book, looked at as files: links, figures, addresses, weight, downloads."""

from __future__ import annotations

import base64
import gzip
import io
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.support import HTML, ROOT, lecture_names, markdown_cells, notebook, notebook_path
from tools.book.course import branch, config, number_of, repository, site_url

pytestmark = pytest.mark.usefixtures("book")

HEAVIEST_PAGE = 1_000_000  # bytes of HTML, CSS and JavaScript, gzipped, before figures
HEAVIEST_WITH_WEIGHTS = 2_200_000  # the page that holds a trained network
WITH_QUESTIONS = {"baselines", "single-neuron-rnn"}  # among others, the class's own
WITH_WEIGHTS = {"lectures/inside-an-lstm"}
HEAVIEST_TRANSFER = 600_000  # bytes of the figures of one page, as they are sent
LOADING = {  # attributes and elements that make a browser load something
    "src": ["script", "img", "iframe", "source", "video", "audio", "embed", "input"],
    "srcset": ["img", "source"],
    "href": ["link", "image", "use"],
    "poster": ["video"],
    "data": ["object"],
}
NOT_LOADED = {"canonical", "index", "search", "next", "prev", "author", "copyright", "license"}
LECTURES = lecture_names()
PAGES = ["intro", "glossary", "references", "status", *(f"lectures/{name}" for name in LECTURES)]


@cache
def tree(page: str) -> LexborHTMLParser:
    """A page of the book (``lectures/SLUG``, without ``.html``), parsed."""
    return LexborHTMLParser((HTML / f"{page}.html").read_text(encoding="utf-8"))


def article(page: str) -> LexborNode:
    """The part of a page that the authors wrote."""
    return tree(page).css_first("article.bd-article")


def all_pages() -> list[str]:
    """Every HTML page of the built book, the generated ones too."""
    own = [path for path in HTML.rglob("*.html") if "_static" not in path.parts]
    return sorted(path.relative_to(HTML).with_suffix("").as_posix() for path in own)


def inside(page: str, address: str) -> tuple[Path, str] | None:
    """The file and the anchor that an address on a page means; None if it leaves the book."""
    base = f"{site_url()}{page}.html"
    target = urljoin(base, address)
    if not target.startswith(site_url()):
        return None
    parts = urlsplit(target)
    path = unquote(target.removeprefix(site_url()).partition("#")[0].partition("?")[0])
    return HTML / (path or "index.html"), unquote(parts.fragment)


# -- addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in LECTURES if number_of(name)])
def test_page_sections_figures_and_sidebar_carry_the_number_of_the_contents(name: str) -> None:
    page, number = tree(f"lectures/{name}"), number_of(name)
    headings = page.css("article h1 .section-number, article h2 .section-number")
    figures = page.css("article .caption-number")
    current = page.css_first("nav.bd-links a.current.reference")
    assert len(headings) > 3
    assert figures
    assert {h.text().split(".")[0].strip() for h in headings} == {number}
    assert {f.text().split()[1].split(".")[0] for f in figures} == {number}
    assert current.text().strip().startswith(f"{number}. ")


def test_every_page_of_the_contents_is_built_and_no_lecture_that_is_gone() -> None:
    assert set(PAGES) <= set(all_pages())
    assert {path.stem for path in (HTML / "lectures").glob("*.html")} == set(LECTURES)


def broken_links(page: str) -> list[str]:
    """Links of a page whose target in the book does not exist."""
    broken = []
    for link in tree(page).css("a[href]"):
        address = link.attrs["href"]
        found = inside(page, address)
        if found is None:
            continue
        path, anchor = found
        if not path.is_file():
            broken.append(f"{address}: no such page")
        elif not is_there(path, anchor):
            broken.append(f"{address}: no such anchor")
    return broken


def is_there(path: Path, anchor: str) -> bool:
    """Whether a file of the book has an anchor; any file has the empty one."""
    if not anchor or path.suffix != ".html":
        return True
    other = tree(path.relative_to(HTML).with_suffix("").as_posix())
    return bool(other.css(f'[id="{anchor}"], a[name="{anchor}"]'))


def test_every_link_inside_the_book_resolves() -> None:
    assert {page: broken for page in all_pages() if (broken := broken_links(page))} == {}


@contextmanager
def added(page: str, html: str) -> Iterator[None]:
    """A page with something at its end that the search must find."""
    end = tree(page).body
    for element in LexborHTMLParser(f"<body>{html}").body.iter():
        end.insert_child(element)
    yield
    tree.cache_clear()


def test_the_search_for_broken_links_finds_them() -> None:
    page = f"lectures/{LECTURES[0]}"
    links = ["../lost.html", "#lost", "../glossary.html#lost", f"{site_url()}lost/"]
    html = "".join(f'<a href="{link}">a</a>' for link in [*links, "https://example.org/"])
    with added(page, html):
        told = ["no such page", "no such anchor", "no such anchor", "no such page"]
        assert broken_links(page) == [f"{x}: {t}" for x, t in zip(links, told, strict=True)]


@pytest.mark.parametrize("name", LECTURES)
def test_links_of_a_notebook_to_the_book_and_its_figures_resolve(name: str) -> None:
    raw = f"{repository()}/{branch()}/".replace("github.com", "raw.githubusercontent.com")
    text = "\n".join(cell.source for cell in markdown_cells(notebook(name)))
    links = re.findall(r"\]\((https?://[^)\s]+)\)", text)
    to_book = [inside("intro", link) for link in links if link.startswith(site_url())]
    assert to_book
    assert [link for link in to_book if not (link[0].is_file() and is_there(*link))] == []
    for link in links:
        if "raw.githubusercontent" in link:
            assert link.startswith(raw) and (ROOT / link.removeprefix(raw)).is_file(), link


@pytest.mark.parametrize("name", LECTURES)
def test_the_colab_button_opens_the_notebook_of_the_page(name: str) -> None:
    buttons = tree(f"lectures/{name}").css('a[href^="https://colab.research.google.com/"]')
    slug = repository().removeprefix("https://github.com/")
    prefix = f"https://colab.research.google.com/github/{slug}/blob/{branch()}/"
    assert {button.attrs["href"] for button in buttons} == {f"{prefix}lectures/{name}.ipynb"}
    assert (ROOT / buttons[0].attrs["href"].removeprefix(prefix)).is_file()


@pytest.mark.parametrize("name", LECTURES)
def test_the_download_button_serves_the_committed_notebook(name: str) -> None:
    button = tree(f"lectures/{name}").css_first(".btn-download-notebook-button")
    path, _ = inside(f"lectures/{name}", button.attrs["href"])
    assert path == HTML / "_sources" / "lectures" / f"{name}.ipynb"
    same = path.read_bytes() == notebook_path(name).read_bytes()
    assert same, f"lectures/{name}.ipynb is not in step with its source. Run: make notebooks"


# -- what the browser loads ---------------------------------------------------------------------


def foreign_loads(page: str) -> list[str]:
    """Addresses outside the book that a browser would load when it shows a page."""
    loads = [
        element.attrs[attribute]
        for attribute, names in LOADING.items()
        for element in tree(page).css(", ".join(f"{name}[{attribute}]" for name in names))
        if not (element.tag == "link" and set(element.attrs.get("rel", "").split()) & NOT_LOADED)
    ]
    styles = [style.text() for style in tree(page).css("style")]
    styles += [element.attrs["style"] for element in tree(page).css("[style]")]
    loads += [address for style in styles for address in css_addresses(style)]
    return [address for address in loads if is_foreign(page, address)]


def is_foreign(page: str, address: str) -> bool:
    return not address.startswith("data:") and inside(page, address) is None


def css_addresses(css: str) -> list[str]:
    """Addresses that a style sheet loads."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    found = re.findall(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""", css)
    return [url or imported for url, imported in found]


def test_no_page_makes_the_browser_load_from_another_host() -> None:
    assert {page: loads for page in all_pages() if (loads := foreign_loads(page))} == {}


def test_no_style_sheet_loads_from_another_host() -> None:
    for sheet in HTML.rglob("*.css"):
        page = sheet.relative_to(HTML).as_posix()
        assert [a for a in css_addresses(sheet.read_text("utf-8")) if is_foreign(page, a)] == []


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example.org/a.js"></script>',
        '<script src="//cdn.example.org/a.js"></script>',
        '<img src="http://example.org/a.png">',
        '<link rel="stylesheet" href="https://example.org/a.css">',
        '<link rel="preconnect" href="https://fonts.example.org">',
        '<p style="background: url(https://example.org/a.png)">',
        "<style>@import 'https://example.org/a.css';</style>",
    ],
)
def test_the_search_for_foreign_loads_finds_them(html: str) -> None:
    with added("intro", html):
        assert len(foreign_loads("intro")) == 1


def weight(page: str) -> int:
    """Bytes of a page and the styles and scripts that it names, each gzipped."""
    files = {HTML / f"{page}.html"}
    for element in tree(page).css('script[src], link[rel~="stylesheet"], link[rel~="preload"]'):
        files.add(inside(page, element.attrs.get("src") or element.attrs["href"])[0])
    return sum(len(gzip.compress(file.resolve().read_bytes(), 6)) for file in files)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_light(page: str, record_property: pytest.FixtureRequest) -> None:
    record_property("gzipped_bytes", weight(page))
    assert weight(page) < (HEAVIEST_WITH_WEIGHTS if page in WITH_WEIGHTS else HEAVIEST_PAGE)


@pytest.mark.parametrize("name", LECTURES)
def test_the_figures_of_a_page_are_light(name: str) -> None:
    page = f"lectures/{name}"
    files = {inside(page, image.attrs["src"])[0] for image in article(page).css("img")}
    sent = [
        len(gzip.compress(f.read_bytes(), 6)) if f.suffix == ".svg" else f.stat().st_size
        for f in files
    ]
    assert sum(sent) < HEAVIEST_TRANSFER


# -- what the reader sees -----------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_every_image_says_in_words_what_it_shows(page: str) -> None:
    for image in article(page).css("img"):
        alt = image.attrs.get("alt", "")
        assert len(alt.split()) >= 4, image
        assert not re.search(r"\.(png|svg|jpe?g|gif)\b|[0-9a-f]{16}|/", alt), image


@pytest.mark.parametrize("name", LECTURES)
def test_every_figure_has_a_number_a_caption_and_is_mentioned(name: str) -> None:
    page = f"lectures/{name}"
    figures = article(page).css("figure")
    assert figures
    mentioned = {link.attrs["href"].partition("#")[2] for link in article(page).css("a[href*='#']")}
    for figure in figures:
        assert figure.css_first(".caption-number"), figure
        words = figure.css_first(".caption-text").text().split()
        assert 0 < len(words) <= 20, figure
        assert figure.attrs["id"] in mentioned, f"{figure['id']} is not referred to in the text"


@pytest.mark.parametrize("page", PAGES)
def test_no_raw_directive_is_left_in_a_page(page: str) -> None:
    prose = LexborHTMLParser(article(page).html)
    while code := prose.css_first("pre, code, .math, script, style"):
        code.decompose()
    text = prose.body.text()
    raw = re.search(
        r"\{[\w:.-]+\}`|```|:::|^\s*:\w+: |^\(\S+\)=$|\{(glue|ref|numref|eq|cite|term|doc)\b",
        text,
        re.MULTILINE,
    )
    assert raw is None, raw
    assert "papermill" not in text and "scrapbook" not in text
    assert not article(page).css(".problematic, .system-message")


@pytest.mark.parametrize("page", PAGES)
def test_headings_step_down_one_level_at_a_time(page: str) -> None:
    levels = [int(heading.tag[1]) for heading in article(page).css("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(lower - upper <= 1 for upper, lower in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize("name", LECTURES)
def test_every_question_hides_its_answer(name: str) -> None:
    questions = article(f"lectures/{name}").css(".admonition.question")
    assert questions or name not in WITH_QUESTIONS
    source = (ROOT / "lectures" / f"{name}.md").read_text(encoding="utf-8")
    assert len(questions) == len(re.findall("^:class: question", source, re.MULTILINE))
    for question in questions:
        assert question.css_first(".admonition.dropdown"), question.text()[:80]


# -- the face of the book -------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_title_and_address_for_search_engines_and_cards(page: str) -> None:
    head = tree(page).head
    title = config()["title"]
    assert title in head.css_first("title").text()
    assert head.css_first('link[rel="canonical"]').attrs["href"] == f"{site_url()}{page}.html"
    cards = {
        meta.attrs["property"]: meta.attrs["content"] for meta in head.css("meta[property^='og:']")
    }
    assert cards["og:url"] == f"{site_url()}{page}.html"
    assert cards["og:site_name"] == title
    assert cards["og:title"] and cards["og:description"]
    assert inside(page, cards["og:image"])[0].is_file()
    assert head.css_first('meta[name="description"]').attrs["content"]


@pytest.mark.parametrize("page", PAGES)
def test_the_footer_names_author_year_and_licence(page: str) -> None:
    footer = tree(page).css_first("footer.bd-footer-content").text(separator=" ", strip=True)
    assert config()["author"] in footer
    assert "CC BY 4.0" in footer and "BSD-3-Clause" in footer
    assert "Jupyter Book community" not in tree(page).html


@pytest.mark.parametrize("page", [*PAGES, "404", "search"])
def test_a_page_has_an_icon_a_logo_and_a_language(page: str) -> None:
    assert tree(page).root.attrs["lang"] == "en"
    assert inside(page, tree(page).css_first('link[rel="icon"]').attrs["href"])[0].is_file()
    logo = tree(page).css_first("a.navbar-brand img")
    assert inside(page, logo.attrs["src"])[0].is_file() and logo.attrs["alt"]


def test_the_page_for_what_does_not_exist_works_from_any_folder() -> None:
    page = tree("404")
    assert "does not exist" in page.css_first("article").text()
    prefix = urlsplit(site_url()).path
    for element in page.css("link[href][rel~='stylesheet'], script[src]"):
        assert (element.attrs.get("href") or element.attrs["src"]).startswith(prefix), element
    for link in page.css("article a[href]"):
        # Served for any address, such as lectures/lost.html: relative links would be lost too.
        assert link.attrs["href"].startswith((prefix, "https://")), link


def test_the_sitemap_lists_every_page_of_the_contents() -> None:
    site_map = ElementTree.parse(HTML / "sitemap.xml")
    listed = {element.text for element in site_map.iter() if element.tag.endswith("}loc")}
    assert {f"{site_url()}{page}.html" for page in PAGES} <= listed
    assert f"{site_url()}404.html" not in listed


def test_the_first_page_leads_into_the_book() -> None:
    refresh = tree("index").css_first('meta[http-equiv="Refresh"]')
    assert refresh is not None and "intro.html" in refresh.attrs["content"]


# -- formulas -----------------------------------------------------------------------------------


def formulas() -> list[LexborNode]:
    """Every formula of the book."""
    return [formula for page in PAGES for formula in tree(page).css("math")]


def drawn(formula: LexborNode) -> set[str]:
    """The characters that a browser draws for a formula: a letter alone becomes italic."""
    texts = (node for node in formula.traverse(include_text=True) if node.tag == "-text")
    shown = {c for text in texts if text.parent.tag != "annotation" for c in text.text_content}
    alone = (mi.text() for mi in formula.css("mi:not([mathvariant])"))
    for letter in (text for text in alone if len(text) == 1):
        kind = r"(GREEK|LATIN|) ?(CAPITAL|SMALL)( LETTER)?"
        name = re.sub(kind, r"MATHEMATICAL ITALIC \2", unicodedata.name(letter, ""), count=1)
        with suppress(KeyError):  # a figure or a sign
            shown.add(unicodedata.lookup(name))
    return shown


def test_every_character_of_a_formula_is_in_the_font_of_the_book() -> None:
    sheet = next((HTML / "_static").glob("book.*.css")).read_text(encoding="utf-8")
    data = re.search(r"data:font/woff2;base64,([^\")]+)", sheet)[1]
    known = set(map(chr, TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap()))
    shown = {c for formula in formulas() for c in drawn(formula)} - {"\ufe00"}
    assert {"𝑥", "𝑊", "𝜎", "∑", "ˆ", "0"} <= shown
    assert shown - known == set()


def test_every_formula_keeps_its_latex() -> None:
    latex = [formula.css_first("annotation").text() for formula in formulas()]
    assert len(latex) > 300 and all(latex)
    source = (ROOT / "lectures" / f"{LECTURES[0]}.md").read_text(encoding="utf-8")
    first = tree(f"lectures/{LECTURES[0]}").css_first("math annotation").text()
    assert f"${first}$" in source


def test_the_licence_of_the_font_can_be_read_in_the_book() -> None:
    link = article("references").css_first('a[href$="licence.txt"]')
    licence, _ = inside("references", link.attrs["href"])
    assert "SIL OPEN FONT LICENSE" in licence.read_text(encoding="utf-8")


def test_the_status_page_shows_the_tables_of_the_class_as_its_own_page_does() -> None:
    status = {table.text(separator=" ", strip=True) for table in article("status").css("table")}
    page = article("lectures/the-class").css(".tag_class-numbers table")
    tables = {table.text(separator=" ", strip=True) for table in page}
    assert len(tables) >= 3 and tables <= status
    assert any("6,531,842" in table for table in tables)


# -- what is not in the site ----------------------------------------------------------------------


def test_no_page_needs_an_icon_font_or_the_theme_s_script_of_icons() -> None:
    written, escaped = re.compile("[\ue000-\uf8ff]"), re.compile(r"\\(e[\da-f]|f[0-8])[\da-f]{2}\b")
    for path in [*HTML.rglob("*.css"), *HTML.rglob("*.html")]:
        text = path.read_text(encoding="utf-8")
        assert not written.search(text), path
        assert path.suffix == ".html" or not escaped.search(text), path
    assert not [page for page in all_pages() if tree(page).css("i[class*='fa-'], i[class*='fas']")]


def test_the_site_holds_no_file_that_no_page_needs() -> None:
    names = [path.relative_to(HTML).as_posix() for path in HTML.rglob("*") if path.is_file()]
    unneeded = r"\.(map|ttf|woff|po|mo)$|fontawesome|locales|webpack|thebe|togglebutton"
    assert [n for n in names if re.search(unneeded, n)] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_waits_for_one_style_sheet_and_no_script(page: str) -> None:
    assert len(tree(page).css('link[rel="stylesheet"]')) == 1
    assert [s for s in tree(page).css("script[src]") if "defer" not in s.attributes] == []
