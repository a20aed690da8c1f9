"""Sphinx extension of the book: derives addresses, tells minutes and what each reference became.

Loaded by ``_config.yml``. The notebooks need every cross-reference as text with a link ("Fig. 2.1",
"Hochreiter and Schmidhuber (1997)"). Sphinx knows these, so this extension wraps each reference
before Sphinx resolves it, looks into the wrapping afterwards, and writes what it finds to
``_build/references/PAGE.json``. ``tools/book/convert.py`` reads it.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

from tools.book import lengths
from tools.book.course import numbers_of_lectures

WRAPPED = "course_reference"
# The theme makes wide code reachable by keyboard when the window is resized, but not when an answer
# is opened and its code shows for the first time; and on paper nobody can open an answer.
FOLDING = """\
addEventListener("toggle", () => dispatchEvent(new Event("resize")), true);
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details.dropdown:not([open])")];
  closed.forEach(box => { box.open = true; });
});
addEventListener("afterprint", () => closed.forEach(box => { box.open = false; }));"""


# For those who hear the page: theme, MyST-NB and docutils give buttons names without the words that
# stand on them, leave headings empty, put the logo into no part of the page, and use a role that
# ARIA has given up. (pattern, what takes its place); tests/pages/test_pages.py finds what is left.
NAMES = [
    (r'(<button class="btn search-button-field[^>]*) aria-label="Search"', r"\1"),
    (r'aria-label="Color mode"', 'aria-label="Color mode: Light, Dark or System Settings"'),
    (r'<summary aria-label="[^"]*">', "<summary>"),
    (r'(<a class="navbar-brand logo".*?</a>)', r'<nav aria-label="Home">\1</nav>'),
    (r"<th( [^>]*)?>\s*(?:<p></p>)?\s*</th>", r"<td\1></td>"),
    (r"<h1>\s*</h1>", ""),
    (r'role="doc-biblioentry"', 'role="listitem"'),
]


class WrapReferences(SphinxPostTransform):
    """Put each pending reference into an inline node that remembers its role and target."""

    default_priority = 1  # before anything is resolved

    def run(self, **kwargs) -> None:
        for xref in list(self.document.findall(addnodes.pending_xref)):
            wrapper = nodes.inline(classes=["reference-wrapper"])
            wrapper[WRAPPED] = [xref["reftype"], xref["reftarget"], xref.astext()]
            xref.replace_self(wrapper)
            wrapper += xref


def derive_addresses(app: Sphinx, config) -> None:
    """Everything that needs the book's address gets it from ``repository: url``."""
    repository = config.html_theme_options["repository_url"].rstrip("/")
    owner, name = repository.split("/")[-2:]
    config.html_baseurl = f"https://{owner}.github.io/{name}/"
    config.ogp_site_url = config.html_baseurl
    config.ogp_site_name = config.html_title
    config.ogp_image_alt = config.html_title
    config.ogp_image = f"{config.html_baseurl}_static/social-card.png"
    config.notfound_urls_prefix = f"/{name}/"
    # The page for what does not exist is served in any folder: its links must not be relative.
    body = config.notfound_context.get("body", "")
    config.notfound_context["body"] = body.replace('href="index.html"', f'href="/{name}/"')
    config.html_context.setdefault("default_mode", "auto")  # light or dark as the reader's system
    # Anchors by key. Numbered ones move when a citation is added, and pages that Sphinx does not
    # write again, like the notebooks, would link to the wrong entry.
    config.bibtex_cite_id = config.bibtex_cite_id or "cite-{key}"


def mend_scripts(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Leave out the scripts of Thebe, which the book does not use, and those named twice.

    Thebe's would put another host's address into every page, and a script that declares its
    constants twice stops with an error.
    """
    seen, scripts = set(), []
    for script in context["script_files"]:
        text = f"{getattr(script, 'filename', script)} {getattr(script, 'attributes', '')}"
        if "thebe" not in text.lower() and text not in seen:
            scripts.append(script)
        seen.add(text)
    context["script_files"] = scripts
    context["css_files"] = [css for css in context["css_files"] if "thebe" not in str(css)]


def mend_names(html: str) -> str:
    """What a theme's page says to those who hear it, by the table ``NAMES``."""
    for pattern, mended in NAMES:
        html = re.sub(pattern, mended, html, flags=re.DOTALL)
    return html


def offer_mending(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Let ``templates/layout.html`` call :func:`mend_names`."""
    context["mend_names"] = mend_names


def markdown_parts(node: nodes.Node, url: str | None = None) -> list[tuple[str, str | None]]:
    """A resolved reference as Markdown: pieces of text, each with the address it links to.

    Parameters
    ----------
    node : Node
        What Sphinx put in the reference's place.
    url : str, optional
        Address of the link around this node, relative to the page.
    """
    if isinstance(node, nodes.Text):
        return [(re.sub(r"([\\`*_<>$])", r"\\\1", node.astext()), url)]
    if isinstance(node, nodes.reference):
        url = node.get("refuri") or "#" + node["refid"]
    pieces = [piece for child in node.children for piece in markdown_parts(child, url)]
    merged: list[tuple[str, str | None]] = []
    for text, address in pieces:
        if merged and merged[-1][1] == address:
            merged[-1] = (merged[-1][0] + text, address)
        else:
            merged.append((text, address))
    return merged


def number_by_contents(env: BuildEnvironment) -> None:
    """Give each lecture the number that `tools.book.course.numbers_of_lectures` gives it.

    Sphinx would count the appendix on.

    Parameters
    ----------
    env : BuildEnvironment
        Its lectures have section numbers already.
    """
    by_slug = numbers_of_lectures()
    for page, numbers in env.toc_secnumbers.items():
        first = by_slug.get(page.removeprefix("lectures/"))
        if not first:
            continue
        first = int(first) if first.isdigit() else first
        for anchor, number in numbers.items():
            numbers[anchor] = (first, *number[1:]) if number else number
        for reference in [env.titles[page], *env.tocs[page].findall(nodes.reference)]:
            if reference.get("secnumber"):
                reference["secnumber"] = [first, *reference["secnumber"][1:]]


def number_sections_by_contents(app: Sphinx, config) -> None:
    """Put :func:`number_by_contents` between the numbering of sections and that of figures."""
    in_order = TocTreeCollectorWithStyles.assign_section_numbers

    def by_contents(collector: TocTreeCollectorWithStyles, env: BuildEnvironment) -> list[str]:
        before = dict(env.toc_secnumbers)
        in_order(collector, env)
        number_by_contents(env)
        return [page for page, now in env.toc_secnumbers.items() if now != before.get(page)]

    TocTreeCollectorWithStyles.assign_section_numbers = by_contents


def depend_on_outputs(app: Sphinx, docname: str, content: list[str]) -> None:
    """Read a lecture's page again when its outputs changed, though its source did not."""
    digest = Path(app.srcdir) / "_build" / "generated" / f"{Path(docname).name}.outputs"
    if docname.startswith("lectures/") and digest.is_file():
        app.env.note_dependency(str(digest))


def minutes_of(env: BuildEnvironment, slug: str) -> int:
    """How long a lecture takes; the page that is being read is read again when that changes."""
    source = Path(env.srcdir) / "lectures" / f"{slug}.md"
    for path in (source, Path(lengths.__file__)):
        env.note_dependency(str(path))
    return lengths.minutes(source)


def say_minutes(app: Sphinx, doctree: nodes.document) -> None:
    """Say under a lecture's title how long it takes."""
    slug = Path(app.env.docname).name
    title = next(doctree.findall(nodes.title), None)
    if not app.env.docname.startswith("lectures/") or title is None:
        return
    told = f"About {minutes_of(app.env, slug)} minutes, exercises apart."
    line = nodes.paragraph("", "", nodes.emphasis(text=told), classes=["minutes"])
    title.parent.insert(title.parent.index(title) + 1, line)


class Minutes(SphinxRole):
    """How long some lectures take together: ``{minutes}`lstm yelp-reviews` ``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        slugs = self.text.split()
        if unknown := [slug for slug in slugs if slug not in numbers_of_lectures()]:
            told = f"{{minutes}}: no lecture of _toc.yml is called {' or '.join(unknown)}"
            logging.getLogger(__name__).warning(told, location=self.get_location())
            return [], []
        total = sum(minutes_of(self.env, slug) for slug in slugs)
        return [nodes.Text(f"about {spelled(total)}")], []


def spelled(minutes: int) -> str:
    """A time to read: in minutes, above ninety in hours, rounded up to half an hour."""
    if minutes <= 90:
        return f"{minutes} minutes"
    hours, half = divmod(math.ceil(minutes / 30), 2)
    return f"{hours}{'½' * half} hours"


def write_references(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write what the references, figures, equations and exercises of one page became."""
    references = []
    for wrapper in doctree.findall(nodes.inline):
        if WRAPPED in wrapper:
            kind, target, source = wrapper[WRAPPED]
            parts = markdown_parts(wrapper)
            references.append({"kind": kind, "target": target, "source": source, "parts": parts})
    numbers = {
        label.removeprefix("equation-"): ".".join(map(str, number))
        for kind in app.env.toc_fignumbers.get(docname, {}).values()
        for label, number in kind.items()
    }
    # A label of the source ("fig-goog") may have become an id of the page; keep both.
    for label, (page, identifier, *_) in app.env.domaindata["std"]["labels"].items():
        if page == docname and identifier in numbers:
            numbers[label] = numbers[identifier]
    for label, (page, _) in app.env.get_domain("math").equations.items():
        identifier = nodes.make_id(label)
        if page == docname and identifier in numbers:
            numbers[label] = numbers[identifier]
    folder = Path(app.srcdir) / "_build" / "references"
    path = folder / f"{docname}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"references": references, "numbers": numbers}, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def list_every_page(app: Sphinx, exception: Exception | None) -> None:
    """Put every page of the contents into the sitemap, and nothing else.

    sphinx-sitemap collects the pages that it sees being written: after a change to one lecture that
    is this lecture alone, and after a full build also the search page and the 404 page.
    """
    links = app.sitemap_links
    while not links.empty():
        links.get()
    for page in sorted(app.env.all_docs):
        links.put((app.builder.get_target_uri(page), None))


def setup(app: Sphinx) -> dict:
    app.add_post_transform(WrapReferences)
    app.add_js_file(None, body=FOLDING)
    app.add_role("minutes", Minutes())
    app.connect("config-inited", derive_addresses, priority=900)
    app.connect("config-inited", number_sections_by_contents)
    app.connect("source-read", depend_on_outputs)
    app.connect("doctree-read", say_minutes)
    app.connect("html-page-context", mend_scripts, priority=900)
    app.connect("html-page-context", offer_mending)
    app.connect("doctree-resolved", write_references, priority=900)
    app.connect("build-finished", list_every_page, priority=400)  # before the sitemap is written
    return {"parallel_read_safe": True, "parallel_write_safe": True}
