"""The loader of question pairs: what each tier gives, bad input, and how the sample is made."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from helpers.data.loading import (
    DATA_FOLDER,
    PUBLISHED_FILES,
    CourseDataError,
    PublishedFile,
    load_question_pairs,
    read_checksums,
    read_sample_pairs,
)
from helpers.siamese import words_of
from tests.helpers.data.test_stocks import course_copy, cut_off, delete, in_course, serving
from tools.samples import make as make_data
from tools.samples import question_pairs as make_question_pairs

SAMPLE = "question_pairs.csv.gz"
TSV, SMALL, ARCHIVE = "quora_duplicate_questions.tsv", "quora_small.csv", "QQP.zip"
ADDRESS = PUBLISHED_FILES[ARCHIVE].url
COLUMNS = ["question1", "question2", "label", "qid1", "qid2", "intent1", "intent2", "split"]
HEADER = ["id", "qid1", "qid2", "question1", "question2", "is_duplicate"]
ROWS = [
    ["0", "1", "2", "Is it far?", "How far is it?", "1"],
    ["1", "3", "1", 'What is a "quark"?', "Is it far?", "0"],
]
OFFLINE_SECONDS = 10.0
HARD_TEXTS = {
    "blanks around": "  why? ",
    "Hebrew": "מה השעה?",
    "Chinese": "几点了？",
    "emoji": "why 😊👩‍🍳?",
    "HTML": "<b>why</b> &amp; <br> x < y?",
    "quotes": 'Who said "no", and why?',
    "a quote alone": '"',
    "a tab": "one\ttwo?",
    "line ends": "one\ntwo\r\nthree?",
    "not a missing value": "NA",
    "long": "very " * 20_000,
    "formula": "=1+1",
}


@pytest.fixture(autouse=True)
def sample_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test from an environment that asks for nothing."""
    for name in ("RNN_DATA", "RNN_CACHE", "RNN_DOWNLOAD_MIRROR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")


def table(rows: list[list[str]], delimiter: str, header: list[str] = HEADER) -> str:
    """Write a table as Quora does: quoted where it must be, quotes doubled."""

    def cell(text: str) -> str:
        must = any(mark in text for mark in (delimiter, '"', "\n", "\r"))
        return '"' + text.replace('"', '""') + '"' if must else text

    return "".join(delimiter.join(map(cell, row)) + "\n" for row in [header, *rows])


def glue(rows: list[list[str]], header: list[str] = HEADER) -> bytes:
    """Write a table as GLUE does: split at tabs, quotes doubled in a quoted cell."""
    return table(rows, "\t", header).encode()


def archive_of(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def small_archive() -> bytes:
    return archive_of(
        {
            "QQP/train.tsv": glue(ROWS),
            "QQP/test.tsv": b"id\tquestion1\tquestion2\n0\ta\tb\n",
            "QQP/dev.tsv": glue([["7", "8", "9", "Who?", "Who is it?", "1"]]),
        }
    )


@pytest.fixture(params=[(TSV, "\t"), (SMALL, ",")], ids=["tsv", "csv"])
def quora(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, str]:
    """A folder with Quora's file or the class's, asked for; give the file and its delimiter."""
    name, delimiter = request.param
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    file = tmp_path / name
    file.write_bytes(table(ROWS, delimiter).encode())
    return file, delimiter


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with GLUE's archive, asked for; give the archive."""
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    (tmp_path / ARCHIVE).write_bytes(small_archive())
    return tmp_path / ARCHIVE


# --- Sample -----------------------------------------------------------------------------------


def test_the_sample_has_4000_pairs_of_the_promised_columns() -> None:
    frame = load_question_pairs()
    assert list(frame.columns) == COLUMNS
    assert len(frame) == 4_000
    assert set(frame["label"]) == {0, 1}
    assert set(frame["split"]) == {"train"}
    assert frame.index.equals(pd.RangeIndex(len(frame)))
    assert not frame.isna().any(axis=None)
    assert frame.attrs["tier"] == "sample" and frame.attrs["dropped"] == 0
    assert "made by the course" in frame.attrs["source"]


def test_a_question_has_one_id_and_an_id_one_question_and_one_intent() -> None:
    frame = load_question_pairs()
    sides = [
        frame[[f"qid{k}", f"question{k}", f"intent{k}"]].set_axis(["id", "text", "intent"], axis=1)
        for k in (1, 2)
    ]
    questions = pd.concat(sides).drop_duplicates()
    assert questions["id"].is_unique and questions["text"].is_unique
    assert sorted(questions["id"]) == list(range(1, len(questions) + 1))


def test_duplicates_share_their_intent_and_no_pair_comes_twice() -> None:
    frame = load_question_pairs()
    duplicates = frame[frame["label"] == 1]
    assert (duplicates["intent1"] == duplicates["intent2"]).all()
    assert ((frame["intent1"] - 1) // 3 == (frame["intent2"] - 1) // 3).all()  # one family
    seen = [frozenset(pair) for pair in zip(frame["qid1"], frame["qid2"], strict=True)]
    assert len(set(seen)) == len(seen) and min(map(len, seen)) == 2


def test_there_are_60_to_100_intents_with_six_to_ten_phrasings() -> None:
    _, intents = make_question_pairs.read_intents(
        make_question_pairs.INTENTS_FILE.read_text(encoding="utf-8")
    )
    assert 60 <= len(intents) <= 100
    assert {6 <= len(intent.phrasings) <= 10 for intent in intents} == {True}
    assert {n for n in Counter(intent.family for intent in intents).values()} == {3}
    phrasings = [(phrasing, i.slot) for i in intents for phrasing in i.phrasings]
    assert len(set(phrasings)) == len(phrasings)
    assert load_question_pairs()["intent1"].max() == len(intents)


def jaccard(one: str, two: str) -> float:
    a, b = set(words_of(one)), set(words_of(two))
    return len(a & b) / len(a | b)


def test_some_duplicates_share_few_words_and_some_others_almost_all() -> None:
    frame = load_question_pairs()
    overlap = pd.Series(
        [jaccard(a, b) for a, b in zip(frame["question1"], frame["question2"], strict=True)]
    )
    same, other = (overlap[frame["label"] == label] for label in (1, 0))
    assert (same < 0.2).mean() > 0.2
    assert (other > 0.6).mean() > 0.1


def test_word_overlap_is_better_than_chance_and_can_be_beaten() -> None:
    from sklearn.metrics import roc_auc_score

    frame = load_question_pairs()
    overlap = [jaccard(a, b) for a, b in zip(frame["question1"], frame["question2"], strict=True)]
    assert 0.58 < roc_auc_score(frame["label"], overlap) < 0.72


def test_the_sample_is_made_again_to_the_byte(tmp_path: Path) -> None:
    assert make_data.main(["pairs", "--to", str(tmp_path)]) == 0
    made, kept = ((folder / SAMPLE).read_bytes() for folder in (tmp_path, DATA_FOLDER))
    assert gzip.decompress(made) == gzip.decompress(kept)
    if made != kept:
        pytest.skip("the text is the same; this Python compresses with another zlib")
    assert read_checksums(tmp_path / "checksums.txt")[SAMPLE] == hashlib.sha256(kept).hexdigest()


def test_another_seed_makes_other_pairs() -> None:
    one, two = (make_question_pairs.question_pairs(num_pairs=50, seed=seed) for seed in (1, 2))
    assert one != two and one.count("\n") == two.count("\n") == 51


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello\n", "line 1: 'hello' stands before any intent"),
        ("[a] {city}\n", "line 1: '.* names no slot that is known"),
        ("{city} = Rome, Bonn\n[a] {city}\n= b\nWhere is it?\n", "line 4: .* must hold city"),
        ("{c} = A, B\n[a] {c} {c}\n= b\nWhy {c}?\n", "line 4: .* must hold c, other"),
    ],
)
def test_intents_of_another_form_are_refused(text: str, said: str) -> None:
    with pytest.raises(CourseDataError, match=said):
        make_question_pairs.read_intents(text)


def test_more_pairs_than_phrasings_allow_are_refused() -> None:
    text = "{c} = A, B\n[a] {c}\n= b\nWhy {c}?\nHow {c}?\n= d\nWho {c}?\nWhose {c}?\n"
    with pytest.raises(CourseDataError, match="of 100 pairs"):
        make_question_pairs.make_pairs(*make_question_pairs.read_intents(text), 100, 0)


def test_the_numbers_of_the_card_are_those_of_the_file() -> None:
    card = " ".join((DATA_FOLDER / "question_pairs.md").read_text(encoding="utf-8").split())
    frame = load_question_pairs()
    times = Counter([*frame["qid1"], *frame["qid2"]])
    texts = pd.concat([frame["question1"], frame["question2"]])
    words = texts.map(lambda text: len(words_of(text)))
    others = frame[frame["label"] == 0]
    same_intent = (others["intent1"] == others["intent2"]).sum()
    known = {word for text in texts for word in words_of(text)}
    for fact in (
        f"{len(frame):,} pairs of {len(times):,} different questions; "
        f"{sum(n == 2 for n in times.values())} questions stand in two pairs, none in more",
        f"{100 * frame['label'].mean():.1f} % of the pairs",
        f"{same_intent} share the intent and differ in the thing, "
        f"{len(others) - same_intent:,} are of neighbouring intents",
        f"{words.min()} to {words.max()} words, mean {words.mean():.1f}; "
        f"{texts.str.len().min()} to {texts.str.len().max()} characters",
        f"{len(known):,} different words",
        f"{(DATA_FOLDER / SAMPLE).stat().st_size:,} bytes",
        *(f"| {weight} % |" for weight in make_question_pairs.KINDS.values()),
    ):
        assert fact in card, fact
    assert max(times.values()) == 2


def test_the_sample_is_small() -> None:
    assert (DATA_FOLDER / SAMPLE).stat().st_size < 300_000


@pytest.mark.parametrize(
    ("damage", "said"), [(delete, "the file is missing"), (cut_off, "altered or cut off")]
)
def test_a_damaged_sample_is_refused_with_the_way_back(
    damage: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    course = course_copy(tmp_path)
    damage(course / "data" / SAMPLE)
    run = in_course(course, "load_question_pairs()")
    assert run.returncode == 1
    first, second = run.stderr.splitlines()[-2:]
    assert "CourseDataError" in first and said in first
    assert f"git checkout data/{SAMPLE}" in second


NAMES = "question1,question2,label,qid1,qid2,intent1,intent2\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        (NAMES, "there is a header but no row"),
        (NAMES.replace("label,", ""), "the column 'label' is missing"),
        (NAMES + "a,b,1,1,2,1\n", "line 2 has 6 cells, the header 7"),
        (NAMES + "a,b,2,1,2,1,1\n", "line 2, column 'label': '2' is neither"),
        (NAMES + "a,b,1,x,2,1,1\n", "line 2, column 'qid1': 'x' is no whole number"),
        (NAMES + "a,b,1,1,2,1,-1\n", "line 2, column 'intent2': '-1' is no whole number"),
        (NAMES + "a,b,1,1,2,1,1", "line 2 has no line end"),
    ],
)
def test_a_sample_of_another_form_is_refused(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / SAMPLE
    file.write_bytes(gzip.compress(text.encode()))
    with pytest.raises(CourseDataError, match=f"^{re.escape(str(file))}: {said}"):
        read_sample_pairs(file)


def test_a_sample_that_is_no_whole_gzip_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / SAMPLE
    file.write_bytes((DATA_FOLDER / SAMPLE).read_bytes()[:5000])
    with pytest.raises(CourseDataError, match="is no whole gzip file"):
        read_sample_pairs(file)


# --- Folder -----------------------------------------------------------------------------------


def test_a_folder_gives_quora_s_pairs_in_their_order(quora: tuple[Path, str]) -> None:
    frame = load_question_pairs()
    assert frame[COLUMNS].to_numpy().tolist() == [
        ["Is it far?", "How far is it?", 1, 1, 2, -1, -1, "train"],
        ['What is a "quark"?', "Is it far?", 0, 3, 1, -1, -1, "train"],
    ]
    assert frame.attrs["dropped"] == 0
    assert str(quora[0]) in frame.attrs["source"]


def test_types_and_names_do_not_depend_on_the_tier(
    quora: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from_folder = load_question_pairs()
    monkeypatch.delenv("RNN_DATA")
    sample = load_question_pairs()
    pd.testing.assert_series_equal(from_folder.dtypes, sample.dtypes)
    assert from_folder.attrs.keys() == sample.attrs.keys()


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
def test_a_hard_question_comes_through_unharmed(text: str, quora: tuple[Path, str]) -> None:
    file, delimiter = quora
    rows = [["0", "1", "2", "before", text, "1"], ["1", "3", "4", text, "after", "0"]]
    file.write_bytes(table(rows, delimiter).encode())
    frame = load_question_pairs()
    assert frame["question2"].tolist() == [text, "after"]
    assert frame["question1"].tolist() == ["before", text]


@pytest.mark.parametrize(
    ("before", "line_end"), [("", "\r\n"), ("\ufeff", "\n"), ("\ufeff", "\r\n")]
)
def test_a_file_may_begin_with_a_byte_order_mark_and_come_from_windows(
    before: str, line_end: str, quora: tuple[Path, str]
) -> None:
    file, delimiter = quora
    plain = load_question_pairs()
    file.write_bytes((before + table(ROWS, delimiter).replace("\n", line_end)).encode())
    pd.testing.assert_frame_equal(load_question_pairs(), plain)


@pytest.mark.parametrize("missing", ["", "   "])
def test_rows_without_a_question_are_left_out_and_counted(
    missing: str, quora: tuple[Path, str]
) -> None:
    file, delimiter = quora
    rows = [*ROWS, ["2", "5", "6", missing, "Why?", "0"], ["3", "7", "8", "Why?", missing, "0"]]
    file.write_bytes(table(rows, delimiter).encode())
    frame = load_question_pairs()
    assert len(frame) == 2 and frame.attrs["dropped"] == 2


def test_quora_s_release_is_taken_before_the_class_s_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    (tmp_path / SMALL).write_bytes(table(ROWS[:1], ",").encode())
    assert len(load_question_pairs()) == 1
    (tmp_path / TSV).write_bytes(table(ROWS, "\t").encode())
    assert len(load_question_pairs()) == 2


def test_an_empty_folder_is_refused_with_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    with pytest.raises(CourseDataError, match="there is no such file, nor") as caught:
        load_question_pairs()
    first, second = str(caught.value).splitlines()
    assert all(name in first for name in (TSV, SMALL, ARCHIVE))
    assert ADDRESS in second and "RNN_DATA=sample" in second


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text, d: "", "the file is empty"),
        (lambda text, d: table([], d), "there is a header but no row"),
        (lambda text, d: text.replace("is_duplicate", "same"), "column 'is_duplicate' is missing"),
        (lambda text, d: text.replace("qid2", "qid1", 1), "the column 'qid1' comes twice"),
        (lambda text, d: text + f"1{d}2\n", "line 4 has 2 cells, the header 6"),
        (lambda text, d: text[:-2] + "7\n", "line 3, column 'is_duplicate': '7' is neither"),
        (lambda text, d: text[:-2], "line 3 has no line end, so the file seems cut off"),
        (lambda text, d: text + 'x"\n', "line 4 has 1 cells|line 4: no CSV"),
        (lambda text, d: text + '"x\n', "line 4: no CSV"),
        (lambda text, d: text.replace("1", "one", 1).replace("\n1", "\nx"), "column|neither|no wh"),
    ],
)
def test_a_file_of_another_form_is_refused_with_the_address(
    change: Callable[[str, str], str], said: str, quora: tuple[Path, str]
) -> None:
    file, delimiter = quora
    file.write_bytes(change(table(ROWS, delimiter), delimiter).encode())
    with pytest.raises(CourseDataError, match=said) as caught:
        load_question_pairs()
    first, second = str(caught.value).splitlines()
    assert str(file) in first and "RNN_DATA=sample" in second


def test_a_file_that_is_no_utf_8_is_refused(quora: tuple[Path, str]) -> None:
    quora[0].write_bytes(table(ROWS, quora[1]).encode("utf-16"))
    with pytest.raises(CourseDataError, match="is no UTF-8 text"):
        load_question_pairs()


# --- The archive ------------------------------------------------------------------------------


def test_the_archive_gives_both_labelled_tables(archive: Path) -> None:
    frame = load_question_pairs()
    assert frame["split"].tolist() == ["train", "train", "validation"]
    assert frame["question1"].tolist() == ["Is it far?", 'What is a "quark"?', "Who?"]
    assert frame["label"].tolist() == [1, 0, 1]
    assert list(archive.parent.iterdir()) == [archive]  # nothing unpacked


def test_broken_lines_of_the_archive_are_left_out_and_counted(archive: Path) -> None:
    many = [[str(k), str(k), str(k + 1), f"Why {k}?", "Why?", "0"] for k in range(300)]
    content = glue(many) + b"300\t1\t2\tcut in\n" + b"two\t0\n"
    archive.write_bytes(archive_of({"QQP/train.tsv": content, "QQP/dev.tsv": glue(ROWS)}))
    frame = load_question_pairs()
    assert len(frame) == 302 and frame.attrs["dropped"] == 2


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"QQP/train.tsv": glue(ROWS)}, "the archive has no file QQP/dev.tsv"),
        ({"QQP/train.tsv": glue(ROWS), "QQP/dev.tsv": b""}, "dev.tsv: the column 'qid1' is miss"),
        (
            {"QQP/train.tsv": glue(ROWS).replace(b"question2", b"q2"), "QQP/dev.tsv": glue(ROWS)},
            "train.tsv: the column 'question2' is missing",
        ),
        (
            {"QQP/train.tsv": glue(ROWS) + b"a\n" * 9, "QQP/dev.tsv": glue(ROWS)},
            "train.tsv: 9 of 11 lines have not 6 cells",
        ),
        (
            {"QQP/train.tsv": glue(ROWS)[:-2] + b"5\n", "QQP/dev.tsv": glue(ROWS)},
            "train.tsv: line 3, column 'is_duplicate': '5' is neither",
        ),
        (
            {"QQP/train.tsv": glue(ROWS) + b"\xe9\n", "QQP/dev.tsv": glue(ROWS)},
            "train.tsv: is no UTF-8 text",
        ),
    ],
)
def test_an_archive_of_another_form_is_refused(
    members: dict[str, bytes], said: str, archive: Path
) -> None:
    archive.write_bytes(archive_of(members))
    with pytest.raises(CourseDataError, match=said) as caught:
        load_question_pairs()
    assert ADDRESS in str(caught.value).splitlines()[1]


def test_an_archive_cut_off_or_altered_anywhere_is_refused_or_reads_the_same(
    archive: Path,
) -> None:
    whole, expected = archive.read_bytes(), load_question_pairs()
    refused = 0
    for position in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[position] ^= 0x10
        for content in (bytes(damaged), whole[:position]):
            archive.write_bytes(content)
            try:
                pd.testing.assert_frame_equal(load_question_pairs(), expected)
            except CourseDataError:
                refused += 1
    assert refused > len(whole) / 3  # each cut, and many a flipped bit


# --- Full -------------------------------------------------------------------------------------


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ask for the full data, from a mirror that holds a small archive; give the cache folder."""
    monkeypatch.setenv("RNN_DATA", "full")
    monkeypatch.setenv("RNN_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "mirror" / ADDRESS.removeprefix("https://dl.fbaipublicfiles.com/")
    file.parent.mkdir(parents=True)
    content = small_archive()
    file.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    monkeypatch.setitem(PUBLISHED_FILES, ARCHIVE, PublishedFile(ADDRESS, digest, len(content)))
    return tmp_path / "cache"


def test_full_downloads_the_archive_once_and_then_needs_no_network(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path / "mirror") as address:
        monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", address)
        downloaded = load_question_pairs()
    pd.testing.assert_frame_equal(downloaded, load_question_pairs())  # the server is gone
    assert downloaded.attrs["source"] == f"{ADDRESS} (SHA-256 verified)"
    assert len(downloaded) == 3
    assert [file.name for file in full.iterdir()] == [ARCHIVE]


def test_full_refuses_other_bytes_and_keeps_none_of_them(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = next((tmp_path / "mirror").rglob("*.zip"))
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with serving(tmp_path / "mirror") as address:
        monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", address)
        with pytest.raises(CourseDataError, match="SHA-256 differs"):
            load_question_pairs()
    assert list(full.iterdir()) == []


def test_offline_is_told_at_once(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", "http://publisher.invalid")  # never resolves
    begin = time.monotonic()
    with pytest.raises(CourseDataError, match="you seem to be offline"):
        load_question_pairs()
    assert time.monotonic() - begin < OFFLINE_SECONDS


def test_the_archive_is_the_one_that_tensorflow_datasets_downloads() -> None:
    builders = pytest.importorskip("tensorflow_datasets.text.glue")
    (config,) = (one for one in builders.Glue.BUILDER_CONFIGS if one.name == "qqp")
    assert config.data_url == ADDRESS


# --- Quora's real pairs -------------------------------------------------------------------------


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "rows", "share"), [(TSV, 10_880, 0.49), (SMALL, 1_000, 0.38)])
def test_real_pairs_equal_those_of_another_reader(
    name: str,
    rows: int,
    share: float,
    real_data_folder: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = Path(real_data_folder) / name
    (tmp_path / name).write_bytes(source.read_bytes())
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    frame = load_question_pairs()
    other = pd.read_csv(source, sep="\t" if name == TSV else ",", keep_default_na=False)
    assert len(frame) == rows and frame.attrs["dropped"] == 0
    assert frame["label"].mean() == pytest.approx(share, abs=0.005)
    for column in ("question1", "question2", "qid1", "qid2"):
        assert frame[column].tolist() == other[column].tolist()
    assert frame["label"].tolist() == other["is_duplicate"].tolist()


@pytest.mark.real_data
def test_the_class_s_file_is_the_published_one(
    real_data_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = (Path(real_data_folder) / SMALL).read_bytes()
    published = PUBLISHED_FILES[SMALL]
    assert hashlib.sha256(content).hexdigest() == published.sha256
    assert len(content) == published.size
    (tmp_path / SMALL).write_bytes(content)
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    frame = load_question_pairs()
    assert frame["label"].mean() == 0.38
    assert "the same bytes as" in frame.attrs["source"]
