"""Make the sample of films, ``data/films.csv.gz``, from the snippets that vaderSentiment carries.

People rated each snippet of a film review from -4 to 4. Those whose mean rating takes a side are
kept, cleaned, and split by chance.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tools.samples.chance import Chance
from tools.samples.explorer import SNIPPET_ARCHIVE, VADER_FOLDER, read_member
from tools.samples.files import csv_text, packed
from tools.samples.reviews import clean_review

SNIPPETS = "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt"
CLEAR = 0.5  # a mean rating nearer to 0 than this is no verdict
NUM_TEST = 2_000
SEED = 0


class Snippet(NamedTuple):
    """A cleaned text and its label (1 positive)."""

    text: str
    label: int


def content(source: Path) -> bytes:
    """Return the sample as packed CSV, made from the pinned source archive of vaderSentiment."""
    with tarfile.open(source) as archive:
        inner = io.BytesIO(read_member(archive, f"{VADER_FOLDER}/{SNIPPET_ARCHIVE}"))
    with tarfile.open(fileobj=inner, mode="r:*") as archive:
        table = read_member(archive, SNIPPETS).decode("utf-8", "replace")
    snippets = Chance(SEED).in_any_order(without_duplicates(read_clear(table)))
    rows = [(*snippet, "train") for snippet in snippets[NUM_TEST:]]
    rows += [(*snippet, "test") for snippet in snippets[:NUM_TEST]]
    return packed(csv_text([("text", "label", "split"), *rows]))


def read_clear(table: str) -> Iterator[Snippet]:
    """Read the snippets that people took a side on, cleaned; a text left empty is passed over.

    Parameters
    ----------
    table : str
        Lines of number, mean rating and text, split by tabs.
    """
    for line in table.split("\n"):
        if line.strip():
            _, rating, raw = line.split("\t")
            text = clean_snippet(raw)
            if text and abs(float(rating)) >= CLEAR:
                yield Snippet(text, int(float(rating) > 0))


def clean_snippet(text: str) -> str:
    """Write quotation marks that are two apostrophes as one character; then as for a review."""
    return clean_review(text.replace("''", '"'))


def without_duplicates(snippets: Iterable[Snippet]) -> list[Snippet]:
    """Keep the first of the snippets with one `skeleton`, or none if their labels disagree."""
    first: dict[str, Snippet] = {}
    labels: dict[str, set[int]] = {}
    for snippet in snippets:
        bare = skeleton(snippet.text)
        first.setdefault(bare, snippet)
        labels.setdefault(bare, set()).add(snippet.label)
    return [snippet for bare, snippet in first.items() if len(labels[bare]) == 1]


def skeleton(text: str) -> str:
    """Letters and digits of a text, case folded: what is left without punctuation and blanks."""
    return "".join(character for character in text.casefold() if character.isalnum())
