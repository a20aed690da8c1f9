"""Labelled reviews: the course's two samples, and Yelp Review Polarity."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers.data.tables import Rule, read_table, refuse
from helpers.data.through_tfds import read_prepared
from helpers.data.tiers import PublishedFile, data_tier, find, folder_of, sample_file

__all__ = ["ARCHIVE", "load_reviews", "read_sample_reviews", "read_yelp_folder", "unescape"]

SPLITS = ("train", "test")


class _Sample(NamedTuple):
    """A sample of reviews: its file, and what to say of it."""

    file: str
    source: str
    positive: str
    negative: str


SAMPLES = {
    "food": _Sample(
        "reviews.csv.gz",
        "Amazon reviews of food (SNAP, web-FineFoods), from modeldata 1.4.0 (MIT), cleaned",
        "5 stars",
        "1 to 4 stars",
    ),
    "films": _Sample(
        "films.csv.gz",
        "snippets of film reviews (Pang and Lee 2005, from Rotten Tomatoes), each rated by 15 "
        "people or more, from vaderSentiment 3.3.2 (MIT), cleaned",
        "mean rating of 0.5 to 4",
        "mean rating of -4 to -0.5",
    ),
}
YELP_FOLDER = "yelp_review_polarity_csv"
YELP_LABELS = {"1": 0, "2": 1}  # class 1 is negative, class 2 positive
ARCHIVE = PublishedFile(
    name=f"{YELP_FOLDER}.tgz",
    url="https://s3.amazonaws.com/fast-ai-nlp/yelp_review_polarity_csv.tgz",
    sha256="528f22e286cad085948acbc3bea7e58188416546b0e364d0ae4ca0ce666abe35",
)

# Yelp's texts were cut out of JSON: a line end is \n in two characters, a quote is \", and so on.
ESCAPE = re.compile(r'\\(?:[nrt"\\]|u[0-9A-Fa-f]{4})')
SURROGATES = re.compile("([\ud800-\udbff])([\udc00-\udfff])")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
ESCAPED = {r"\n": "\n", r"\r": "\r", r"\t": "\t", r"\"": '"', r"\\": "\\"}


def load_reviews(sample: str = "food") -> pd.DataFrame:
    r"""Load labelled reviews, one row a review, in the tier of ``RNN_DATA``.

    Sample "food": 4,972 Amazon reviews of food, cleaned, no two alike; positive means five stars.
    Sample "films": 10,070 snippets of film reviews, cleaned, no two alike, that people rated from
    -4 to 4; positive means a mean of 0.5 or more, negative one of -0.5 or less. Full: Yelp Review
    Polarity, 560,000 + 38,000 reviews of businesses, through tensorflow-datasets
    (``yelp_polarity_reviews``); positive means four or five stars, negative one or two. Folder:
    the same, as the folder ``yelp_review_polarity_csv`` with ``train.csv`` and ``test.csv``, or
    as the archive ``yelp_review_polarity_csv.tgz``, which tensorflow-datasets then prepares.
    ``data/README.md`` has the details.

    Nothing of the texts is missing, lower-cased or cut. Yelp's hold line ends, may be empty
    (``""``) and may look like HTML: escape them before you put them into a page.

    Parameters
    ----------
    sample : str
        Which sample: "food" or "films". It changes nothing in the tiers full and folder.

    Returns
    -------
    pandas.DataFrame
        Columns ``text`` (str), ``label`` (int64; 1 positive, 0 negative) and ``split`` (str;
        "train" or "test"), in the order of the file, all training reviews first. The two text
        columns have the type that pandas gives to text: ``str``, packed by pyarrow, under pandas
        3, and ``object`` under pandas 2. ``frame.attrs`` has ``tier`` (as `data_tier` gives it),
        ``source`` (text for people), ``positive`` and ``negative`` (what the labels mean).

    Raises
    ------
    ValueError
        If there is no such sample.
    CourseDataError
        If ``RNN_DATA`` is no tier, or if the file is missing, damaged, out of reach or not of the
        form that is described in `read_yelp_folder`.

    Notes
    -----
    A folder of 598,000 reviews (400 MB) takes about 5 seconds and 0.7 GB of memory at the highest.
    """
    if sample not in SAMPLES:
        raise ValueError(f"sample is {sample!r}; it must be {' or '.join(map(repr, SAMPLES))}")
    tier = data_tier()
    if tier == "sample":
        chosen = SAMPLES[sample]
        frame, source = read_sample_reviews(sample_file(chosen.file)), chosen.source
        meaning = {"positive": chosen.positive, "negative": chosen.negative}
    else:
        frame, source = _yelp(tier)
        meaning = {"positive": "4 or 5 stars", "negative": "1 or 2 stars"}
    frame.attrs = {"tier": tier, "source": source, **meaning}
    return frame


def read_sample_reviews(file: Path) -> pd.DataFrame:
    """Read a table of reviews of the course's, whose checksum is right.

    Parameters
    ----------
    file : pathlib.Path
        CSV compressed with gzip, with the columns ``text``, ``label`` (0 or 1) and ``split``
        (train or test).

    Returns
    -------
    pandas.DataFrame
        As `load_reviews` describes, without ``attrs``.
    """
    return pd.read_csv(file, na_filter=False, dtype={"label": "int64"})


def read_yelp_folder(folder: Path) -> pd.DataFrame:
    r"""Read Yelp Review Polarity as it is published.

    Parameters
    ----------
    folder : pathlib.Path
        The folder that holds ``train.csv`` and ``test.csv``. Both tables are UTF-8, have no
        header and two quoted columns: the class ("1" negative, "2" positive) and the text, where
        a line end is written as ``\n`` and other escapes of JSON stand too (see `unescape`).

    Returns
    -------
    pandas.DataFrame
        As `load_reviews` describes, without ``attrs``.

    Raises
    ------
    CourseDataError
        If the files cannot be read or are not of this form. The message names file, line and
        value. (A file that lost whole lines at its end has this form, and goes through.)
    """
    way_out = f"Replace it with what {ARCHIVE.url} holds, or set RNN_DATA=sample."
    parts = []
    for split in SPLITS:
        file = folder / f"{split}.csv"
        names = ["class", "text"]
        table = read_table(file, way_out, names, has_header=False, convert={"text": unescape})
        labels = table["class"].map(YELP_LABELS)
        unknown = Rule("class", labels.isna(), "is neither '1' (negative) nor '2' (positive)")
        refuse(file, table, [unknown], way_out)
        parts.append(pd.DataFrame({"text": table["text"], "label": labels.astype("int64")}))
        parts[-1]["split"] = split
    return pd.concat(parts, ignore_index=True)


def unescape(text: str) -> str:
    r"""Undo the escapes in a text of Yelp Review Polarity.

    The publisher describes one: a line end is written as a backslash and an n. The texts come
    from JSON, and its other escapes stand in them too: ``\"``, ``\\``, ``\r``, ``\t`` and
    ``\u00e9``. Half a surrogate pair is left as it is written, for it is no character.

    Examples
    --------
    >>> print(unescape(r'He said \"no\".\nMy fianc\u00e9 left.'))
    He said "no".
    My fiancé left.
    """
    if "\\" not in text:
        return text
    text = ESCAPE.sub(_character, text)
    text = SURROGATES.sub(lambda pair: _joined(pair[1], pair[2]), text)
    return LONE_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _yelp(tier: str) -> tuple[pd.DataFrame, str]:
    """Return Yelp's reviews under the tier "full" or a folder, and what to say of their origin."""
    folder = folder_of(tier)
    if tier != "full":
        way_out = f"Save {ARCHIVE.url} there, or set RNN_DATA=sample."
        if folder.name == YELP_FOLDER:
            way_out = f"Set RNN_DATA to the folder above, {folder.parent}."
        place = find(folder, [YELP_FOLDER, ARCHIVE.name], way_out)
        if place.is_dir():
            frame = read_yelp_folder(place)
            rows = frame["split"].value_counts()
            return frame, (
                f"{place} ({rows['train']:,} training and {rows['test']:,} test reviews; "
                "the publisher has 560,000 and 38,000)"
            )
    name = "yelp_polarity_reviews"
    frame = read_prepared(name, ARCHIVE, folder, SPLITS, _unescape_prepared)
    return frame[["text", "label", "split"]], f"{ARCHIVE.url} (tensorflow-datasets, {name})"


def _unescape_prepared(text: str) -> str:
    """Undo what tensorflow-datasets leaves in a text: doubled quotes of the CSV, and escapes."""
    return unescape(text.replace('""', '"'))


def _character(escape: re.Match[str]) -> str:
    """Return what one escape stands for (perhaps half of a surrogate pair)."""
    return ESCAPED.get(escape[0]) or chr(int(escape[0][2:], 16))


def _joined(high: str, low: str) -> str:
    """Return the one character that a surrogate pair stands for."""
    return chr(0x10000 + ((ord(high) - 0xD800) << 10) + (ord(low) - 0xDC00))
