"""How the samples are made: from pinned sources, to the byte, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import lzma
import os
import re
import shutil
import struct
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from helpers.data import DATA_FOLDER, CourseDataError, load_question_pairs, read_checksums
from tests.helpers.data.support import tar_gz, tar_of
from tools.samples import make
from tools.samples import question_pairs as make_question_pairs
from tools.samples import shoes as make_shoes
from tools.samples.make import Review

WOMEN = "MARY           2.629  2.629      1\nJESSE          0.040  2.669      2\n"
MEN = "JAMES          3.318  3.318      1\nJESSE          0.035  3.353      2\n"
PINNED = {
    "stocks": "sp500_dataset.csv.gz",
    "reviews": make.MODELDATA_FILE,
    "names": make.NAMES_FILE,
}
FILES = {
    "stocks": "stocks.csv",
    "reviews": "reviews.csv.gz",
    "names": "names.txt",
    "shoes": "shoes.csv.gz",
    "pairs": "question_pairs.csv.gz",
}


# --- All samples ------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", PINNED)
def test_another_source_is_refused_and_nothing_is_written(
    sample: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / PINNED[sample]
    (tmp_path / "out").mkdir()
    asked = [sample, "--from", str(source), "--to", str(tmp_path / "out")]
    assert make.main(asked) == 1
    assert f"{source}: there is no such file" in capsys.readouterr().err
    source.write_bytes(gzip.compress(b"Date,A\n")[:-4])
    assert make.main(asked) == 1
    said = capsys.readouterr().err
    assert str(source) in said and "not the pinned file" in said and "cut off or altered" in said
    assert "--from" in said
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("sample", FILES)
def test_a_sample_is_made_again_to_the_byte(sample: str, tmp_path: Path) -> None:
    asked = [sample, "--to", str(tmp_path)]
    if sample in PINNED:
        variable = f"RNN_{sample.upper()}_SOURCE"
        if not os.environ.get(variable):
            pytest.skip(f"{variable} is not set; set it to {PINNED[sample]}")
        asked += ["--from", os.environ[variable]]
    assert make.main(asked) == 0
    name = FILES[sample]
    made, kept = ((folder / name).read_bytes() for folder in (tmp_path, DATA_FOLDER))
    if name.endswith(".gz") and made != kept:
        assert gzip.decompress(made) == gzip.decompress(kept)
        pytest.skip("the text is the same; this Python compresses with another zlib")
    assert made == kept
    sums = [read_checksums(folder / "checksums.txt") for folder in (tmp_path, DATA_FOLDER)]
    assert sums[0][name] == sums[1][name]


# --- Stocks ---------------------------------------------------------------------------------


def test_windows_are_cut_from_the_end_and_prices_are_copied_as_written() -> None:
    source = "Date,B,A\n" + "".join(f"2020-01-{day:02},{day}.10,{day}e0\n" for day in range(1, 8))
    assert make.cut_windows(source, n_windows=2, n_days=3) == (
        "date,window,B,A\n"
        "2020-01-02,1,2.10,2e0\n2020-01-03,1,3.10,3e0\n2020-01-04,1,4.10,4e0\n"
        "2020-01-05,2,5.10,5e0\n2020-01-06,2,6.10,6e0\n2020-01-07,2,7.10,7e0\n"
    )


def test_too_few_days_to_cut_are_refused() -> None:
    with pytest.raises(CourseDataError, match="1 days; 'Date' and at least 6 days are needed"):
        make.cut_windows("Date,A\n2020-01-01,1.0\n", n_windows=2, n_days=3)


def test_recording_a_checksum_keeps_the_other_lines(tmp_path: Path) -> None:
    (tmp_path / "checksums.txt").write_text(f"{'a' * 64}  z.csv\n", encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(b"")
    make.record_checksum(tmp_path / "b.csv")
    assert (tmp_path / "checksums.txt").read_bytes() == (
        f"{hashlib.sha256(b'').hexdigest()}  b.csv\n{'a' * 64}  z.csv\n".encode()
    )


# --- Reviews --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Good.<br /><br />Cheap!", "Good. Cheap!"),
        ("a<BR>b<p>c</p>d", "a b c d"),
        (
            'see <a href="http://x.com/y?a=1&b=2">Tea, 20 Count</a>, it is',
            "see Tea, 20 Count, it is",
        ),
        (
            '<span class="tiny"> Length:: 0:36 Mins<br /><br /></span>My dog',
            "Length:: 0:36 Mins My dog",
        ),
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
    assert make.clean_review(raw) == clean


def test_a_text_in_both_splits_stays_in_the_test_split_alone() -> None:
    reviews = [Review("a", 1, "train"), Review("b", 1, "train"), Review("a", 0, "test")]
    assert make.without_duplicates(reviews) == reviews[1:]


def test_of_equal_texts_in_one_split_the_first_stays_and_the_order_is_kept() -> None:
    reviews = [
        Review("b", 1, "train"),
        Review("a", 1, "train"),
        Review("b", 0, "train"),
        Review("d", 0, "test"),
        Review("c", 0, "test"),
        Review("d", 1, "test"),
    ]
    assert make.without_duplicates(reviews) == [reviews[i] for i in (0, 1, 3, 4)]


def test_packing_leaves_no_trace_of_time_and_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 2e9)
    packed = make.packed("é\n")
    assert gzip.decompress(packed) == "é\n".encode()
    assert packed[3:8] == bytes(5)  # no name, no time
    assert packed[9] == 255  # system unknown


def r_int(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}i", *numbers)


def r_string(text: str | None) -> bytes:
    if text is None:
        return r_int(9, -1)
    return r_int(0x40009, len(text.encode())) + text.encode()


def r_strings(texts: list[str | None], attributes: bytes = b"") -> bytes:
    flags = 16 | (0x200 if attributes else 0)
    return r_int(flags, len(texts)) + b"".join(map(r_string, texts)) + attributes


def r_attributes(**values: bytes) -> bytes:
    pairs = (r_int(0x402, 1) + r_string(name) + value for name, value in values.items())
    return b"".join(pairs) + r_int(254)


def r_list(members: dict[str, bytes]) -> bytes:
    names = r_attributes(names=r_strings([*members]))
    return r_int(0x213, len(members)) + b"".join(members.values()) + names


def r_factor(codes: list[int], levels: list[str]) -> bytes:
    attributes = r_attributes(levels=r_strings(levels), **{"class": r_strings(["factor"])})
    return r_int(0x30D, len(codes), *codes) + attributes


def r_file(value: bytes) -> bytes:
    return b"X\n" + r_int(3, 0x40401, 0x30500, 5) + b"UTF-8" + value


def r_database(tables: dict[str, bytes]) -> tuple[bytes, bytes]:
    """Write a lazy-load database: its index and its values."""
    database, places = b"", {}
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6}]
    for name, table in tables.items():
        packed = lzma.compress(r_file(table), lzma.FORMAT_RAW, filters=filters)
        entry = struct.pack(">I", len(r_file(table))) + b"Z" + packed
        places[name] = r_int(13, 2, len(database), len(entry))
        database += entry
    index = r_list({"variables": r_list(places), "compressed": r_int(13, 1, 3)})
    return gzip.compress(r_file(index)), database


def r_reviews(texts: list[str], scores: list[int]) -> bytes:
    return r_list({"review": r_strings(texts), "score": r_factor(scores, ["great", "other"])})


def test_a_table_of_an_r_package_is_read_by_name() -> None:
    index, database = r_database(
        {"first": r_reviews(["x"], [1]), "second": r_reviews(["é", "😊"], [2, 1])}
    )
    assert make.read_r_table(index, database, "second") == {
        "review": ["é", "😊"],
        "score": ["other", "great"],
    }


def test_r_values_of_each_known_kind_are_read() -> None:
    symbol_twice = r_attributes(a=r_int(13, 1, 5))[:-4] + r_int(0x402, 0x1FF, 13, 1, 6, 254)
    value = r_int(0x213, 5) + r_int(10, 1, 1) + r_int(14, 1) + struct.pack(">d", 0.5)
    value += r_strings(["a", None]) + r_int(254) + r_int(13, 2, -1, 7) + symbol_twice
    read = make.read_r(r_file(value))
    assert read.values[0].values == (1,)
    assert read.values[1].values == (0.5,)
    assert read.values[2].values == ["a", None]
    assert read.values[3] == []
    assert read.values[4].values == (-1, 7)
    assert read.attributes["a"].values == (6,)  # the second pair refers back to the symbol


def test_an_unknown_r_table_is_refused_with_those_there_are() -> None:
    index, database = r_database({"first": r_reviews(["x"], [1])})
    with pytest.raises(CourseDataError, match="holds no 'third', but first"):
        make.read_r_table(index, database, "third")


def test_what_the_r_reader_does_not_know_is_refused() -> None:
    with pytest.raises(CourseDataError, match=r"R's data begin with b'A\\n'"):
        make.read_r(b"A\n1\n")
    with pytest.raises(CourseDataError, match="R's type 6 at byte"):
        make.read_r(r_file(r_int(6)))
    index, database = r_database({"first": r_reviews(["x"], [1])})
    with pytest.raises(CourseDataError, match="compressed in an unknown way"):
        make.read_r_table(index, database[:4] + b"2" + database[5:], "first")


def deb_of(members: dict[str, bytes]) -> bytes:
    """Make a Debian package: an ar archive of which one member is a tar archive."""
    package = b"!<arch>\n"
    parts = {
        "debian-binary": b"2.0\n",
        "control.tar.xz": b"odd",
        "data.tar.xz": tar_of(members, "w:xz"),
    }
    for name, content in parts.items():
        package += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode()
        package += content + b"\n" * (len(content) % 2)
    return package


def test_a_file_is_taken_out_of_a_debian_package(tmp_path: Path) -> None:
    package = tmp_path / "a.deb"
    package.write_bytes(deb_of({"./usr/x": b"wrong", "./usr/y": b"right"}))
    assert make.deb_member(package, "./usr/y") == b"right"


@pytest.mark.parametrize("content", [b"", b"no package", deb_of({"./usr/x": b""})])
def test_a_package_without_the_file_is_refused(content: bytes, tmp_path: Path) -> None:
    package = tmp_path / "a.deb"
    package.write_bytes(content)
    with pytest.raises(CourseDataError, match=r"a\.deb: there is no file \./usr/y in it"):
        make.deb_member(package, "./usr/y")


def test_the_sample_is_made_from_a_package_of_the_right_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    index, database = r_database(
        {
            "training_data": r_reviews(["Yum<br />Yum", "Bad &amp; sad", "Same"], [1, 2, 1]),
            "testing_data": r_reviews(["Same", "Fine"], [2, 1]),
        }
    )
    names = {
        make.MODELDATA_DATABASE + end: content
        for end, content in ((".rdx", index), (".rdb", database))
    }
    package = tmp_path / make.MODELDATA_FILE
    package.write_bytes(deb_of(names))
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    monkeypatch.setattr(make, "MODELDATA_SHA256", digest)
    assert make.main(["reviews", "--from", str(package), "--to", str(tmp_path)]) == 0
    assert gzip.decompress((tmp_path / "reviews.csv.gz").read_bytes()).decode() == (
        "text,label,split\nYum Yum,1,train\nBad & sad,0,train\nSame,0,test\nFine,1,test\n"
    )
    made = hashlib.sha256((tmp_path / "reviews.csv.gz").read_bytes()).hexdigest()
    assert read_checksums(tmp_path / "checksums.txt") == {"reviews.csv.gz": made}
    assert "reviews.csv.gz: 4 reviews, " in capsys.readouterr().out


def test_without_apt_get_the_command_says_where_else_to_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert make.main(["reviews", "--to", str(tmp_path)]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert "There is no apt-get here" in first
    assert f"--from .../{make.MODELDATA_FILE}" in second


@pytest.mark.skipif(not shutil.which("apt-get"), reason="there is no apt-get here")
def test_a_package_that_apt_get_cannot_find_is_told_in_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lists" / "partial").mkdir(parents=True)
    settings = f'Dir::State::lists "{tmp_path}/lists";\nDir::Cache "{tmp_path}";\n'
    (tmp_path / "apt.conf").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    monkeypatch.setenv("LC_ALL", "C")
    assert make.main(["reviews", "--to", str(tmp_path)]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert f"Cannot fetch {make.MODELDATA_FILE}: E: " in first
    assert f"--from .../{make.MODELDATA_FILE}" in second


# --- Names ----------------------------------------------------------------------------------


def census(**shares: str) -> str:
    """Write a table in the form of the census."""
    return "".join(
        f"{name.upper():15}{share} 0.000 {rank:6}\n"
        for rank, (name, share) in enumerate(shares.items(), start=1)
    )


def test_shares_of_a_name_in_both_tables_are_added() -> None:
    women, men = census(ann="0.300", kim="0.200"), census(bob="0.290", kim="0.101")
    assert make.most_common([women, men], 1) == ["kim"]
    assert make.most_common([women, men], 2) == ["ann", "kim"]


def test_shares_are_added_exactly_so_that_a_tie_is_a_tie() -> None:
    assert 0.1 + 0.2 > 0.3  # what adding them as they are would make of it
    women, men = census(zoe="0.100", amy="0.300"), census(zoe="0.200")
    assert make.most_common([women, men], 1) == ["amy"]


def test_of_names_with_equal_shares_the_first_in_the_alphabet_are_taken() -> None:
    table = census(zoe="0.001", eva="0.001", mia="0.002", ada="0.001")
    assert make.most_common([table], 3) == ["ada", "eva", "mia"]


def test_names_come_in_lower_case_and_in_alphabetical_order() -> None:
    assert make.most_common([WOMEN, MEN], 3) == ["james", "jesse", "mary"]


def test_too_few_names_are_refused() -> None:
    with pytest.raises(CourseDataError, match="hold 3 names; 4 are needed"):
        make.most_common([WOMEN, MEN], 4)


@pytest.mark.parametrize(
    "line",
    ["MARY 2.629 2.629", "MARY ANN 2.629 2.629 1", "MARY n/a 2.629 1", "MARY inf 2.629 1", ""],
)
def test_a_line_of_another_form_is_refused(line: str) -> None:
    said = f"A line of the census is {line!r}, not name, share"
    with pytest.raises(CourseDataError, match=re.escape(said)):
        make.most_common([f"{line}\n{WOMEN}"], 1)


def archive_of(women: str, men: str, folder: Path) -> Path:
    """Make an archive in the form of the package's."""
    file = folder / make.NAMES_FILE
    tables = (women.encode("ascii"), men.encode("ascii"))
    file.write_bytes(tar_gz(dict(zip(make.NAMES_TABLES, tables, strict=True))))
    return file


def test_the_sample_is_made_from_an_archive_of_the_right_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = archive_of(WOMEN, MEN, tmp_path)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    monkeypatch.setattr(make, "NAMES_SHA256", digest)
    monkeypatch.setattr(make, "NUM_NAMES", 2)
    assert make.main(["names", "--from", str(source), "--to", str(tmp_path)]) == 0
    assert (tmp_path / "names.txt").read_bytes() == b"james\nmary\n"
    made = hashlib.sha256(b"james\nmary\n").hexdigest()
    assert read_checksums(tmp_path / "checksums.txt") == {"names.txt": made}
    assert "names.txt: 2 names, 11 bytes" in capsys.readouterr().out


def test_without_pip_the_command_says_where_else_to_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make.importlib.util, "find_spec", lambda name: None)
    assert make.main(["names", "--to", str(tmp_path)]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert "This Python has no pip" in first
    assert f"--from .../{make.NAMES_FILE}" in second


def test_an_archive_that_pip_cannot_find_is_told_in_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pip")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert make.main(["names", "--to", str(tmp_path)]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert f"Cannot fetch {make.NAMES}: ERROR: No matching distribution" in first
    assert f"--from .../{make.NAMES_FILE}" in second
    assert list(tmp_path.iterdir()) == []


def test_pip_refuses_another_archive_before_it_runs_anything_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pip")
    (tmp_path / "index").mkdir()
    ran = tmp_path / "ran"
    setup = f"open({str(ran)!r}, 'w').close()\n".encode()
    (tmp_path / "index" / make.NAMES_FILE).write_bytes(tar_gz({"names-0.3.0/setup.py": setup}))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    assert make.main(["names", "--to", str(tmp_path)]) == 1
    digest = hashlib.sha256((tmp_path / "index" / make.NAMES_FILE).read_bytes()).hexdigest()
    first, _ = capsys.readouterr().err.splitlines()
    assert re.search(rf"Cannot fetch {make.NAMES}: Got +{digest}$", first)
    assert not ran.exists()


# --- Question pairs -------------------------------------------------------------------------


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


# --- Shoes ----------------------------------------------------------------------------------


def test_the_mean_over_what_is_unknown_is_the_mean_of_many_listings() -> None:
    terms, shares = make_shoes.law(), make_shoes.shares_of()
    chance = make_shoes.Chance(1)
    known = {"brand": 0, "condition": 3}
    drawn = []
    for _ in range(4000):
        codes = {name: chance.code(share) for name, share in shares.items()} | known
        drawn.append(make_shoes.expected(codes, terms, shares))
    error = np.std(drawn) / np.sqrt(len(drawn))
    assert make_shoes.expected(known, terms, shares) == pytest.approx(np.mean(drawn), abs=4 * error)


def price_by_hand(names: dict[str, str]) -> float:
    """The log price without noise, written again from the data card."""
    total = 4.2
    for rows, name in [
        (make_shoes.BRANDS, "brand"),
        (make_shoes.TYPES, "type"),
        (make_shoes.MATERIALS, "material"),
        (make_shoes.COLOURS, "colour"),
        (make_shoes.CONDITIONS, "condition"),
        (make_shoes.SHOPS, "shop"),
        (make_shoes.SIZES, "size"),
    ]:
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
        said = parts & set(make_shoes.SENTENCES[fact])
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


def test_a_table_without_gaps_leaves_the_noise_alone() -> None:
    terms, shares = make_shoes.law(), make_shoes.shares_of()
    chance = make_shoes.Chance(3)
    noise = [chance.noise() for _ in range(4000)]
    assert np.std(noise) == pytest.approx(make_shoes.NOISE, rel=0.05)
    assert abs(np.mean(noise)) < 0.01
    assert {name for term in terms for name in term.attributes} == set(shares)


@pytest.mark.parametrize("word", ["", "no", "box", "scratch"])
def test_a_slip_changes_at_most_one_place_of_a_word(word: str) -> None:
    chance = make_shoes.Chance(0)
    for _ in range(50):
        slipped = make_shoes.misspell(word, chance)
        assert abs(len(slipped) - len(word)) <= 1
        assert slipped == word if len(word) < 4 else slipped[0] == word[0]


def test_a_true_fact_is_told_and_never_denied() -> None:
    names = make_shoes.names_of()
    codes = dict.fromkeys(names, 0) | dict.fromkeys(make_shoes.FACTS, 1)
    chance = make_shoes.Chance(2)
    for _ in range(40):
        text, told = make_shoes.write_text(codes, chance)
        if told:
            assert set(make_shoes.FACTS) <= told
            assert "no box" not in text.lower() and "no scratches" not in text.lower()
