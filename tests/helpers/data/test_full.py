"""The full data: tensorflow-datasets and the class's file, from a server on this machine."""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple
from urllib.parse import urlsplit

import pandas as pd
import pytest

from helpers.data import (
    CourseDataError,
    load_question_pairs,
    load_reviews,
    load_shoes,
    load_stocks,
    question_pairs,
    reviews,
    stocks,
)
from helpers.data.shoes import DATAFINITI_FILES, SHOES_PAGE
from tests.helpers.data.support import (
    DATAFINITI,
    FORMS,
    OFFLINE_SECONDS,
    PAIRS,
    TEST,
    TRAIN,
    TSV,
    YELP_FOLDER,
    class_table,
    put,
    quoted,
    serving,
    tar_gz,
    zip_of,
)

tfds = pytest.importorskip("tensorflow_datasets")
UrlInfo = pytest.importorskip("tensorflow_datasets.core.download.checksums").UrlInfo

# Texts that tensorflow-datasets leaves escaped: doubled quotes, escapes of JSON; and broken rows.
HARD_TRAIN = TRAIN + '"2",""\n"1","said \\""no\\"", fianc\\u00e9 C:\\\\new \\ud83d\\ude0a"\n'
DEV = [PAIRS[0], ["7", "8", "9", '"Who" asks?', "Who is it?", "1"]]
LACKING = [["2", "5", "6", "", "Why?", "0"], ["3", "7", "8", "Why?", "  ", "0"]]


class Set(NamedTuple):
    """A data set that tensorflow-datasets prepares."""

    name: str
    module: ModuleType
    load: Callable[[], pd.DataFrame]
    archive: bytes  # a small one of the publisher's form
    folder: dict[str, str]  # the same rows as the folder tier takes them


SETS = {
    "reviews": Set(
        "yelp_polarity_reviews",
        reviews,
        load_reviews,
        tar_gz(
            {
                f"{YELP_FOLDER}/readme.txt": b"Yelp Review Polarity Dataset\n",
                f"{YELP_FOLDER}/test.csv": TEST.encode(),
                f"{YELP_FOLDER}/train.csv": HARD_TRAIN.encode(),
            }
        ),
        {f"{YELP_FOLDER}/train.csv": HARD_TRAIN, f"{YELP_FOLDER}/test.csv": TEST},
    ),
    "pairs": Set(
        "glue/qqp",
        question_pairs,
        load_question_pairs,
        zip_of(
            {
                "QQP/train.tsv": quoted([*PAIRS, *LACKING], "\t").encode()
                + b"300\t1\t2\tcut in\ntwo\t0\n"  # a question with a line end in it
                + quoted([["4", "1", "5", "Is it far?", "Odd?", "0"]], "\t").encode(),
                "QQP/test.tsv": b"id\tquestion1\tquestion2\n0\ta\tb\n",
                "QQP/dev.tsv": quoted(DEV, "\t").encode(),
            }
        ),
        {TSV: quoted([*PAIRS, *LACKING, ["4", "1", "5", "Is it far?", "Odd?", "0"], DEV[1]], "\t")},
    ),
}


class Publisher(NamedTuple):
    """A server that has the small archive where the publisher's is asked for."""

    set: Set
    folder: Path  # what the server serves
    cache: Path
    archive: str  # name of the archive

    def names(self) -> set[str]:
        """What lies in the cache."""
        return {file.name for file in self.cache.rglob("*")} if self.cache.exists() else set()

    @property
    def served(self) -> Path:
        return self.folder / self.archive


@pytest.fixture(params=SETS.values(), ids=SETS)
def publisher(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Publisher]:
    """Ask for the full data; let tensorflow-datasets know a small archive on this machine."""
    one: Set = request.param
    (tmp_path / "web").mkdir()
    with serving(tmp_path / "web") as address:
        name = one.module.ARCHIVE.name
        url = f"{address}/{name}"
        (tmp_path / "web" / name).write_bytes(one.archive)
        digest = hashlib.sha256(one.archive).hexdigest()
        known = one.module.ARCHIVE._replace(url=url, sha256=digest)
        monkeypatch.setattr(one.module, "ARCHIVE", known)
        builder = tfds.builder_cls(one.name.split("/")[0])
        infos = {url: UrlInfo(size=len(one.archive), checksum=digest, filename=name)}
        monkeypatch.setattr(builder, "url_infos", infos)
        if one.name == "glue/qqp":
            (config,) = (each for each in builder.BUILDER_CONFIGS if each.name == "qqp")
            monkeypatch.setattr(config, "data_url", url)
        else:
            yelp = pytest.importorskip("tensorflow_datasets.text.yelp_polarity")
            monkeypatch.setattr(yelp, "_DOWNLOAD_URL", url)
        monkeypatch.setenv("RNN_DATA", "full")
        monkeypatch.setenv("RNN_CACHE", str(tmp_path / "cache"))
        yield Publisher(one, tmp_path / "web", tmp_path / "cache", name)


def without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every connection and name look-up fail."""

    def fail(*_: object, **__: object) -> None:
        raise OSError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    monkeypatch.setattr(socket.socket, "connect", fail)


def rows(frame: pd.DataFrame) -> pd.DataFrame:
    """What both ways of reading tell alike (GLUE keeps no ids, and has a split of its own)."""
    return frame[[name for name in ("text", "question1", "question2", "label") if name in frame]]


def test_full_gives_the_rows_of_the_folder_and_then_needs_no_network(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloaded = publisher.set.load()
    without_network(monkeypatch)
    publisher.served.unlink()
    pd.testing.assert_frame_equal(publisher.set.load(), downloaded)
    assert downloaded.attrs["tier"] == "full"
    assert downloaded.attrs["source"] == (
        f"{publisher.set.module.ARCHIVE.url} (tensorflow-datasets, {publisher.set.name})"
    )
    for path, content in publisher.set.folder.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8")
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    from_folder = publisher.set.load()
    pd.testing.assert_frame_equal(rows(downloaded), rows(from_folder))
    pd.testing.assert_series_equal(downloaded.dtypes, from_folder.dtypes)
    assert not {name for name in publisher.names() if name.startswith((".part", "incomplete"))}


def test_pairs_of_glue_have_its_splits_a_number_for_each_question_and_a_count_of_lost_rows(
    publisher: Publisher,
) -> None:
    frame = publisher.set.load()
    if publisher.set.name != "glue/qqp":
        assert frame["split"].tolist() == ["train"] * 5 + ["test"] * 2
        return
    assert frame["split"].tolist() == ["train"] * 3 + ["validation"]
    assert frame["qid1"].tolist() == [1, 2, 1, 3]  # "Is it far?" comes three times
    assert frame["qid2"].tolist()[1] == 1
    assert pd.concat([frame["qid1"], frame["qid2"]]).nunique() == 6
    assert frame.attrs["dropped"] == 4
    assert (frame[["intent1", "intent2"]] == -1).all(axis=None)


@pytest.mark.parametrize("where", ["cache", "mine"])
def test_an_archive_in_a_folder_is_taken_without_network(
    where: str, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / where).mkdir()
    (tmp_path / where / publisher.archive).write_bytes(publisher.set.archive)
    if where == "mine":
        monkeypatch.setenv("RNN_DATA", str(tmp_path / where))
    without_network(monkeypatch)
    assert len(publisher.set.load()) > 3
    assert (tmp_path / where / publisher.archive).read_bytes() == publisher.set.archive


def test_a_mirror_is_asked_and_verified(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mirror").mkdir()
    mirrored = tmp_path / "mirror" / publisher.archive
    mirrored.write_bytes(publisher.set.archive[:-1] + b"x")
    publisher.served.unlink()
    with serving(tmp_path / "mirror") as address:
        monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", address)
        with pytest.raises(CourseDataError, match="SHA-256 differs"):
            publisher.set.load()
        mirrored.write_bytes(publisher.set.archive)
        assert len(publisher.set.load()) > 3


@pytest.mark.parametrize("content", [b"", b"no archive", "cut off", "altered"])
@pytest.mark.parametrize("where", ["web", "mine"])
def test_another_archive_is_refused_nothing_is_left_and_the_next_try_succeeds(
    where: str,
    content: bytes | str,
    publisher: Publisher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = publisher.set.archive
    bad = {"cut off": good[:-20], "altered": good[:-1] + b"x"}.get(content, content)
    (tmp_path / where).mkdir(exist_ok=True)
    (tmp_path / where / publisher.archive).write_bytes(bad)
    if where == "mine":
        monkeypatch.setenv("RNN_DATA", str(tmp_path / where))
    with pytest.raises(CourseDataError, match=f"^Cannot prepare {publisher.set.name} from") as got:
        publisher.set.load()
    assert "RNN_DATA=sample" in str(got.value).splitlines()[1]
    assert not {name for name in publisher.names() if name.endswith((".csv", ".tsv", ".json"))} - {
        "metadata.json"
    }
    (tmp_path / where / publisher.archive).write_bytes(good)
    assert len(publisher.set.load()) > 3


def test_a_server_without_the_archive_is_named(publisher: Publisher) -> None:
    publisher.served.unlink()
    with pytest.raises(CourseDataError, match=f"Cannot prepare {publisher.set.name} .*404"):
        publisher.set.load()


@pytest.mark.parametrize("mirror", [None, "http://publisher.invalid"])  # never resolves
def test_offline_is_told_at_once_and_the_advice_that_comes_with_it_works(
    mirror: str | None, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mirror:
        monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", mirror)
    else:
        url = f"http://publisher.invalid/{publisher.archive}"
        known = publisher.set.module.ARCHIVE
        monkeypatch.setattr(publisher.set.module, "ARCHIVE", known._replace(url=url))
    begin = time.monotonic()
    with pytest.raises(CourseDataError, match="you seem to be offline") as caught:
        publisher.set.load()
    assert time.monotonic() - begin < OFFLINE_SECONDS
    url = publisher.set.module.ARCHIVE.url
    assert f"save {url} as {publisher.archive} in a folder of yours" in str(caught.value)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / publisher.archive).write_bytes(publisher.set.archive)
    monkeypatch.setenv("RNN_DATA", str(tmp_path / "mine"))
    assert len(publisher.set.load()) > 3


@pytest.mark.parametrize("one", SETS.values(), ids=SETS)
def test_the_archive_is_the_one_that_tensorflow_datasets_downloads(one: Set) -> None:
    known = tfds.builder_cls(one.name.split("/")[0]).url_infos[one.module.ARCHIVE.url]
    assert (known.filename, known.checksum) == (one.module.ARCHIVE[0], one.module.ARCHIVE[2])


@pytest.mark.real_data
def test_real_reviews_are_those_of_tensorflow_datasets(
    real_data_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(real_data_folder) / YELP_FOLDER
    content = tar_gz(
        {f"{YELP_FOLDER}/{file.name}": file.read_bytes() for file in folder.glob("*.csv")}
    )
    (tmp_path / reviews.ARCHIVE.name).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    info = UrlInfo(size=len(content), checksum=digest, filename=reviews.ARCHIVE.name)
    monkeypatch.setattr(
        tfds.builder_cls("yelp_polarity_reviews"), "url_infos", {reviews.ARCHIVE.url: info}
    )
    monkeypatch.setenv("RNN_CACHE", str(tmp_path))
    monkeypatch.setenv("RNN_DATA", "full")
    prepared = load_reviews()
    monkeypatch.setenv("RNN_DATA", real_data_folder)
    pd.testing.assert_frame_equal(prepared, load_reviews())


# --- The class's file ---------------------------------------------------------------------------


def publish(content: bytes, folder: Path) -> None:
    """Put `content` where a mirror of the class's file has it."""
    file = folder / urlsplit(stocks.CLASS_FILE.url).path[1:]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def test_full_downloads_the_class_file_once_and_then_needs_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = class_table().encode()
    known = stocks.CLASS_FILE._replace(sha256=hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(stocks, "CLASS_FILE", known)
    monkeypatch.setenv("RNN_DATA", "full")
    monkeypatch.setenv("RNN_CACHE", str(tmp_path / "cache"))
    publish(content[:-1] + b"x", tmp_path / "mirror")
    with serving(tmp_path / "mirror") as address:
        monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", address)
        with pytest.raises(CourseDataError, match="SHA-256 differs"):
            load_stocks()
        assert list((tmp_path / "cache").iterdir()) == []
        publish(content, tmp_path / "mirror")
        downloaded = load_stocks()
    pd.testing.assert_frame_equal(load_stocks(), downloaded)  # the server is gone
    assert downloaded.attrs["tier"] == "full"
    assert downloaded.attrs["source"] == f"{known.url} (SHA-256 verified)"
    monkeypatch.setenv("RNN_DATA", str(put(tmp_path, FORMS["stocks"]).parent))
    pd.testing.assert_frame_equal(load_stocks(), downloaded)


@pytest.mark.real_data
@pytest.mark.parametrize("published", [stocks.CLASS_FILE, question_pairs.CLASS_FILE])
def test_the_published_checksums_are_those_of_the_class_s_files(
    published: tuple[str, str, str], real_data_folder: str
) -> None:
    content = Path(os.path.join(real_data_folder, published[0])).read_bytes()
    assert hashlib.sha256(content).hexdigest() == published[2]


# --- Shoes ----------------------------------------------------------------------------------------


def test_full_says_that_shoes_cannot_be_downloaded_and_where_to_put_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", "full")
    monkeypatch.setenv("RNN_CACHE", str(tmp_path))
    with pytest.raises(CourseDataError, match="without an account at Kaggle") as caught:
        load_shoes()
    first, second = str(caught.value).splitlines()
    assert str(tmp_path / DATAFINITI_FILES[0]) in first
    assert SHOES_PAGE in second and "RNN_DATA=sample" in second
    (tmp_path / DATAFINITI_FILES[0]).write_text(DATAFINITI, encoding="utf-8")
    assert len(load_shoes()) == 4
