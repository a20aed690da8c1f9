"""The forms in which data come from outside, one good small file of each; a server of files."""

from __future__ import annotations

import contextlib
import io
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.data import load_question_pairs, load_reviews, load_shoes, load_stocks
from helpers.data.question_pairs import ARCHIVE as QQP
from helpers.data.reviews import ARCHIVE as YELP
from helpers.data.shoes import SHOES_PAGE
from helpers.data.stocks import CLASS_FILE, DAYS_PER_WINDOW

ROOT = Path(__file__).resolve().parents[3]
OFFLINE_SECONDS = 10.0
YELP_FOLDER = "yelp_review_polarity_csv"
TSV, SMALL = "quora_duplicate_questions.tsv", "quora_small.csv"
TRAIN = '"1","Never again."\n"2","Good, ""really"" good."\n"1","Cold\\n\\nsoup"\n'
TEST = '"2","A gem"\n"1","Meh"\n'
PAIRS = [
    ["id", "qid1", "qid2", "question1", "question2", "is_duplicate"],
    ["0", "1", "2", "Is it far?", "How far is it?", "1"],
    ["1", "3", "1", 'What is a "quark"?', "Is it far?", "0"],
]
# The layout of Datafiniti's table, in rows of our own: quotes and line ends in a cell, two prices
# of one shoe, a price that is none, another currency, a brand that is missing.
DATAFINITI = (
    "id,brand,categories,colors,imageURLs,manufacturer,name,prices.amountMax,prices.amountMin,"
    "prices.condition,prices.currency,prices.isSale,prices.merchant,prices.size,sizes,weight\n"
    'AV1,Moss,"Shoes,Women","Red,Blue",http://a/1,Moss Inc,"Moss ""Ada"" Pump",49.99,39.99,New,USD,'
    'TRUE,Plaza,7.5,"7.5,8",1 lb\n'
    'AV1,Moss,"Shoes,Women","Red,Blue",http://a/1,Moss Inc,"Moss ""Ada"" Pump",55.00,55.00,New,USD,'
    'FALSE,Corso,,"8,9",1 lb\n'
    'AV2,,Shoes,,"http://a/2,http://a/3",Amble,"Amble\nboot",60,not sold,,USD,FALSE,,,,\n'
    "AV3,Basix,Shoes,Black,,,Basix Clog,30,25,Used,CAD,FALSE,Stride,6,6,\n"
)


def class_table(n_rows: int = 3) -> str:
    """A table in the form of the class's file: header, then `n_rows` tickers."""
    days = pd.date_range("2020-09-28", periods=DAYS_PER_WINDOW).strftime("%d/%m/%Y")
    values = np.random.default_rng(0).uniform(-1, 1, (n_rows, DAYS_PER_WINDOW)).round(9)
    rows = [[f"T{index}", *map(repr, row.tolist())] for index, row in enumerate(values)]
    return "".join(",".join(row) + "\n" for row in [["Fortune500", *days], *rows])


def quoted(rows: list[list[str]], delimiter: str) -> str:
    """Write a table as Quora does: quoted where it must be, quotes doubled."""

    def cell(text: str) -> str:
        must = any(mark in text for mark in (delimiter, '"', "\n", "\r"))
        return '"' + text.replace('"', '""') + '"' if must else text

    return "".join(delimiter.join(map(cell, row)) + "\n" for row in rows)


class Form(NamedTuple):
    """A form in which a data set comes from outside."""

    load: Callable[[], pd.DataFrame]
    path: str  # in the folder that RNN_DATA names
    good: str  # a file that is right
    way_out: str  # what a message must name
    needed: tuple[str, ...] = ()  # columns of the header, none if there is no header
    delimiter: str = ","
    beside: tuple[str, str] | None = None  # path and content of a file that must be there too


FORMS = {
    "stocks": Form(load_stocks, CLASS_FILE.name, class_table(), CLASS_FILE.url, ("Fortune500",)),
    "reviews, train": Form(
        load_reviews,
        f"{YELP_FOLDER}/train.csv",
        TRAIN,
        YELP.url,
        beside=(f"{YELP_FOLDER}/test.csv", TEST),
    ),
    "reviews, test": Form(
        load_reviews,
        f"{YELP_FOLDER}/test.csv",
        TEST,
        YELP.url,
        beside=(f"{YELP_FOLDER}/train.csv", TRAIN),
    ),
    "pairs, tsv": Form(
        load_question_pairs, TSV, quoted(PAIRS, "\t"), QQP.url, tuple(PAIRS[0][1:]), "\t"
    ),
    "pairs, csv": Form(
        load_question_pairs, SMALL, quoted(PAIRS, ","), f"/{SMALL}", tuple(PAIRS[0][1:])
    ),
    "shoes": Form(
        load_shoes, "7210_1.csv", DATAFINITI, SHOES_PAGE, ("name", "brand", "prices.amountMin")
    ),
}


def put(folder: Path, form: Form) -> Path:
    """Write the good file of a form, and what must be beside it; return the file."""
    for path, content in [(form.path, form.good), form.beside or (form.path, form.good)]:
        (folder / path).parent.mkdir(exist_ok=True, parents=True)
        (folder / path).write_bytes(content.encode())
    return folder / form.path


def tar_gz(members: Mapping[str, bytes]) -> bytes:
    """Make a tar.gz archive of plain files."""
    return tar_of(members, "w:gz")


def tar_of(members: Mapping[str, bytes], mode: str) -> bytes:
    """Make a tar archive, packed in some way, of plain files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def zip_of(members: Mapping[str, bytes]) -> bytes:
    """Make a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder over HTTP on this machine; give the base address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Keep the test output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
