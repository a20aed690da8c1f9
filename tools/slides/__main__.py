"""Build the slides from the pages' stored outputs (``make slides``); executes nothing."""

from __future__ import annotations

import sys

from tools.book.course import HTML, CourseError, lecture_sources
from tools.book.state import stored_outputs
from tools.slides import FOLDER, make_decks, read_decks, write_decks


def main() -> int:
    """Command line: see ``python -m tools.slides``."""
    try:
        decks = read_decks()
        pages = {deck.page for deck in decks}
        sources = [source for source in lecture_sources() if source.stem in pages]
        made = make_decks(decks, {source: stored_outputs(source) for source in sources})
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    write_decks(made, HTML / FOLDER)
    for deck in decks:
        minutes = sum(slide.minutes for slide in deck.slides)
        print(f"slides/{deck.path.name}: {len(deck.slides)} slides, {minutes:g} minutes.")
    print(f"Open {HTML / FOLDER}" if decks else "There are no slides yet: no slides/SLUG.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
