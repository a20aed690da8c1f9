"""Pairs of questions: the course's sample, Quora's release, and GLUE's QQP."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.data.tables import Rule, bad, read_table, refuse
from helpers.data.through_tfds import read_prepared
from helpers.data.tiers import PublishedFile, data_tier, find, folder_of, origin, sample_file

__all__ = ["ARCHIVE", "CLASS_FILE", "load_question_pairs", "read_quora_file", "read_sample_pairs"]

COLUMNS = ["question1", "question2", "label", "qid1", "qid2", "intent1", "intent2", "split"]
UNKNOWN_INTENT = -1
QUORA_FILE = "quora_duplicate_questions.tsv"
CLASS_FILE = PublishedFile(
    name="quora_small.csv",
    url="https://raw.githubusercontent.com/DSApps-2023/Class_Slides/"
    "bed59e19bbc2cf44a32e739e2fe629f803d3c815/data/quora_small.csv",
    sha256="7206d5025344686fdffd34442a6239fe8e1ba6f37a8b5998b22b36b68bb89d74",
)
ARCHIVE = PublishedFile(
    name="QQP.zip",
    url="https://dl.fbaipublicfiles.com/glue/data/QQP.zip",
    sha256="40e7c862c04eb26ee04b67fd900e76c45c6ba8e6d8fab4f8f1f8072a1a3fbae0",
)


def load_question_pairs() -> pd.DataFrame:
    """Load pairs of questions, one row a pair, in the tier of ``RNN_DATA``.

    Sample: 4,000 pairs that the course's generator made from hand-written intents; a pair is a
    duplicate if both ask for the same intent about the same thing. Full: the labelled pairs of
    GLUE's QQP, from Quora, where people judged, through tensorflow-datasets (``glue/qqp``).
    Folder: Quora's own release ``quora_duplicate_questions.tsv``; where that is not there, the
    class's ``quora_small.csv``; else GLUE's archive ``QQP.zip``, which tensorflow-datasets then
    prepares. ``data/README.md`` has the details.

    Questions are kept as they are: case, typing mistakes, line ends, other scripts; escape them
    before you put them into a page. A row of which a question is missing is left out.

    Returns
    -------
    pandas.DataFrame
        Columns ``question1`` and ``question2`` (str), ``label`` (int64; 1 duplicate, 0 not),
        ``qid1`` and ``qid2`` (int64; the same question has the same id: the publisher's, but in
        GLUE, where tensorflow-datasets drops it, a number of each text), ``intent1`` and
        ``intent2`` (int64; -1 where the publisher knows none, which is everywhere but in the
        sample) and ``split`` (str; "train" or "validation", the latter only in GLUE), in the
        order of the file. ``frame.attrs`` has ``tier`` (as `data_tier` gives it), ``source``
        (text for people) and ``dropped`` (int, how many rows were left out).

    Raises
    ------
    CourseDataError
        If ``RNN_DATA`` is no tier, or if the file is missing, damaged, out of reach or not of the
        form that is described in `read_quora_file`.
    """
    tier = data_tier()
    dropped = 0
    if tier == "sample":
        frame = read_sample_pairs(sample_file("question_pairs.csv.gz"))
        source = "made by the course from its own hand-written intents; no person asked these"
    else:
        frame, dropped, source = _quora(tier)
    frame.attrs = {"tier": tier, "source": source, "dropped": dropped}
    return frame


def read_sample_pairs(file: Path) -> pd.DataFrame:
    """Read the course's table of question pairs, whose checksum is right.

    Parameters
    ----------
    file : pathlib.Path
        CSV compressed with gzip, with all columns of `load_question_pairs` but ``split``.

    Returns
    -------
    pandas.DataFrame
        As `load_question_pairs` describes, without ``attrs``.
    """
    return pd.read_csv(file, na_filter=False).assign(split="train")[COLUMNS]


def read_quora_file(file: Path) -> tuple[pd.DataFrame, int]:
    """Read Quora's own release, or the class's file of its first rows.

    Parameters
    ----------
    file : pathlib.Path
        A table with the columns ``qid1``, ``qid2`` (whole numbers), ``question1``, ``question2``
        and ``is_duplicate`` (0 or 1) and perhaps others, in any order, split at tabs if its name
        ends in ``.tsv``, else at commas; a question may be quoted and hold line ends, delimiters
        and doubled quotes.

    Returns
    -------
    frame : pandas.DataFrame
        As `load_question_pairs` describes, without ``attrs``.
    dropped : int
        How many rows were left out, for want of a question.

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form. The message names file, line, column
        and value.
    """
    way_out = CLASS_FILE.way_out if file.name == CLASS_FILE.name else ARCHIVE.way_out
    table = read_table(
        file,
        way_out,
        ["qid1", "qid2", "question1", "question2", "is_duplicate"],
        delimiter="\t" if file.suffix == ".tsv" else ",",
    )
    kept = _with_questions(table)
    if kept.empty:
        raise bad(file, "every row lacks a question", way_out)
    rules = [
        Rule(name, ~kept[name].str.fullmatch("[0-9]{1,18}"), "is no whole number")
        for name in ("qid1", "qid2")
    ]
    unknown = ~kept["is_duplicate"].isin(["0", "1"])
    rules.append(Rule("is_duplicate", unknown, "is neither '0' nor '1'"))
    refuse(file, kept, rules, way_out)
    numbers = kept[["qid1", "qid2", "is_duplicate"]].astype("int64")
    frame = numbers.rename(columns={"is_duplicate": "label"}).assign(
        question1=kept["question1"], question2=kept["question2"], split="train"
    )
    return _without_intents(frame), len(table) - len(kept)


def _quora(tier: str) -> tuple[pd.DataFrame, int, str]:
    """Return the pairs under the tier "full" or a folder, how many were dropped, their origin."""
    folder = folder_of(tier)
    if tier != "full":
        way_out = f"Save {ARCHIVE.url} there, or set RNN_DATA=sample."
        file = find(folder, [QUORA_FILE, CLASS_FILE.name, ARCHIVE.name], way_out)
        if file.name != ARCHIVE.name:
            source = origin(file, CLASS_FILE) if file.name == CLASS_FILE.name else str(file)
            return *read_quora_file(file), source
    table = read_prepared("glue/qqp", ARCHIVE, folder, ["train", "validation"], _unquoted)
    num_rows = (table.groupby("split")["idx"].max() + 1).sum()  # idx counts broken rows too
    table = _with_questions(table)
    texts = pd.concat([table["question1"], table["question2"]])
    ids = pd.factorize(texts)[0].astype("int64") + 1
    frame = table.assign(qid1=ids[: len(table)], qid2=ids[len(table) :])
    source = f"{ARCHIVE.url} (tensorflow-datasets, glue/qqp)"
    return _without_intents(frame), int(num_rows - len(table)), source


def _with_questions(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have both questions."""
    has_both = table["question1"].str.strip().ne("") & table["question2"].str.strip().ne("")
    return table[has_both]


def _without_intents(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the columns in order; the intents are unknown."""
    unknown = dict.fromkeys(("intent1", "intent2"), UNKNOWN_INTENT)
    return frame.assign(**unknown).reset_index(drop=True)[COLUMNS]


def _unquoted(cell: str) -> str:
    """Take the quotes off a quoted cell, which tensorflow-datasets leaves on; leave all else."""
    inner = cell[1:-1]
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"')
    return cell
