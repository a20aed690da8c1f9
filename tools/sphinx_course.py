"""Sphinx extension of the book: derives addresses, and tells what each reference became.

Loaded by ``_config.yml``. The notebooks need every cross-reference as text with a link ("Fig. 2.1",
"Hochreiter and Schmidhuber (1997)"). Sphinx knows these, so this extension wraps each reference
before Sphinx resolves it, looks into the wrapping afterwards, and writes what it finds to
``_build/references/PAGE.json``. ``tools/convert.py`` reads it.
"""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

WRAPPED = "course_reference"


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
    config.ogp_image = f"{config.html_baseurl}_static/social-card.png"
    config.notfound_urls_prefix = f"/{name}/"


def write_references(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write what the references, figures, equations and exercises of one page became."""
    references = []
    for wrapper in doctree.findall(nodes.inline):
        if WRAPPED not in wrapper:
            continue
        kind, target, source_text = wrapper[WRAPPED]
        link = next(iter(wrapper.findall(nodes.reference)), None)
        url = None if link is None else link.get("refuri") or "#" + link.get("refid", "")
        references.append(
            {
                "kind": kind,
                "target": target,
                "source": source_text,
                "text": wrapper.astext(),
                "url": url,
            }
        )
    numbers = {
        label.removeprefix("equation-"): ".".join(map(str, number))
        for kind in app.env.toc_fignumbers.get(docname, {}).values()
        for label, number in kind.items()
    }
    # A label of the source ("fig-goog") may have become an id of the page; keep both.
    for label, (page, identifier, *_) in app.env.domaindata["std"]["labels"].items():
        if page == docname and identifier in numbers:
            numbers[label] = numbers[identifier]
    folder = Path(app.outdir).parent / "references"
    path = folder / f"{docname}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"references": references, "numbers": numbers}, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> dict:
    app.add_post_transform(WrapReferences)
    app.connect("config-inited", derive_addresses, priority=900)
    app.connect("doctree-resolved", write_references, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
