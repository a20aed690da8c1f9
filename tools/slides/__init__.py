"""Slides: ``slides/SLUG.md`` in, ``_build/html/slides/SLUG.html`` out, filled by name from a page.

Nothing is executed: numbers, figures, equations, code and outputs come from the page's source and
its stored run (`names`); `source` reads a deck, `render` fills it, `site` puts reveal.js beside it.
"""

from tools.slides.site import FOLDER, make_decks, read_decks, write_decks

__all__ = ["FOLDER", "make_decks", "read_decks", "write_decks"]
