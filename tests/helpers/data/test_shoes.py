"""The loader of shoes: what each tier gives, what bad input gets, and how the sample is made."""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.data.loading import (
    DATA_FOLDER,
    SHOES_PAGE,
    CourseDataError,
    load_shoes,
    read_checksums,
    read_datafiniti_shoes,
    read_sample_shoes,
)
from helpers.data.shoes import DATAFINITI_FILES, SAMPLE_COLUMNS
from tests.helpers.data.test_stocks import course_copy, cut_off, delete, in_course
from tools.samples import make as make_data
from tools.samples import shoes as make_shoes

SAMPLE = "shoes.csv.gz"
LAWS = ["law_table", "law_text", "law_both"]
HEADER = ",".join(SAMPLE_COLUMNS)
ROW = "Nice,Moss,pumps,,red,used,Plaza,7.5,,3,12.5,train,2.5,2.6,2.7"

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


@pytest.fixture(autouse=True)
def sample_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test from an environment that asks for nothing."""
    for name in ("RNN_DATA", "RNN_CACHE", "RNN_DOWNLOAD_MIRROR"):
        monkeypatch.delenv(name, raising=False)


def packed(text: str, folder: Path) -> Path:
    """Write a small sample."""
    file = folder / SAMPLE
    file.write_bytes(gzip.compress(text.encode("utf-8")))
    return file


def published(text: str | bytes, folder: Path, name: str = DATAFINITI_FILES[0]) -> Path:
    """Write a small table in the publisher's layout."""
    file = folder / name
    file.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return file


# --- Sample -----------------------------------------------------------------------------------


def test_the_sample_has_5600_listings_of_which_800_are_for_testing() -> None:
    shoes = load_shoes()
    assert list(shoes.columns) == SAMPLE_COLUMNS
    assert shoes["split"].value_counts().to_dict() == {"train": 4800, "test": 800}
    assert shoes.index.equals(pd.RangeIndex(5600))


def test_words_are_text_and_numbers_are_floats() -> None:
    shoes = load_shoes()
    for name in ("heel", "photos", "price", *LAWS):
        assert shoes[name].dtype == "float64"
    for name in set(SAMPLE_COLUMNS) - {"heel", "photos", "price", *LAWS}:
        assert all(isinstance(value, str) for value in shoes[name])


def test_what_is_missing_is_empty_or_nan_and_the_law_never_is() -> None:
    shoes = load_shoes()
    missing = {name: int((shoes[name] == "").sum()) for name in ("material", "brand", "size")}
    assert missing["material"] > 500 and missing["brand"] == missing["size"] == 0
    assert shoes["heel"].isna().sum() > 500
    assert shoes.attrs["without_price"] == shoes["price"].isna().sum() == 28
    assert shoes[LAWS].notna().all(axis=None)


def test_some_texts_have_no_word() -> None:
    assert (~load_shoes()["text"].str.contains(r"\w")).sum() == 55


def test_the_sample_says_that_it_is_made_up() -> None:
    attrs = load_shoes().attrs
    assert attrs["tier"] == "sample"
    assert "made up" in attrs["source"]


def test_a_tier_that_is_asked_for_wins_over_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = load_shoes()
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    pd.testing.assert_frame_equal(load_shoes("sample"), plain)


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        (SAMPLE, delete, "the file is missing"),
        (SAMPLE, cut_off, "altered or cut off"),
        ("checksums.txt", lambda file: file.write_text("", encoding="utf-8"), "no line for shoes"),
    ],
)
def test_a_damaged_sample_is_refused_with_the_way_back(
    name: str, damage: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    course = course_copy(tmp_path)
    damage(course / "data" / name)
    run = in_course(course, "load_shoes()")
    assert run.returncode == 1
    first, second = run.stderr.splitlines()[-2:]
    assert "CourseDataError" in first and said in first
    assert f"git checkout data/{name}" in second


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the columns are"),
        (f"{HEADER}\n", "there is a header but no row"),
        (f"brand,{HEADER}\n{ROW}\n", "the columns are"),
        (f"{HEADER}\n{ROW},7\n", "row 2 has 16 cells, the header 15"),
        (f"{HEADER}\n{ROW}\n{ROW.replace('12.5', 'cheap')}\n", "row 3, column 'price': 'cheap'"),
        (f"{HEADER}\n{ROW.replace('12.5', '-1')}\n", "row 2, column 'price': '-1' is no price"),
        (f"{HEADER}\n{ROW.replace('2.6', '')}\n", "row 2, column 'law_text': '' is no finite"),
        (f"{HEADER}\n{ROW.replace('2.6', 'inf')}\n", "row 2, column 'law_text': 'inf' is no"),
        (f"{HEADER}\n{ROW.replace('train', 'dev')}\n", "row 2, column 'split': 'dev' is neither"),
        (f'{HEADER}\n"{ROW}\n', "is no CSV"),
    ],
)
def test_a_sample_of_another_form_is_refused(text: str, said: str, tmp_path: Path) -> None:
    file = packed(text, tmp_path)
    with pytest.raises(CourseDataError, match=f"^{re.escape(str(file))}: {said}"):
        read_sample_shoes(file)


def test_a_file_that_is_no_gzip_is_refused(tmp_path: Path) -> None:
    file = tmp_path / SAMPLE
    file.write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    with pytest.raises(CourseDataError, match="is no whole gzip file"):
        read_sample_shoes(file)


def test_a_sample_of_the_right_form_is_read(tmp_path: Path) -> None:
    shoes = read_sample_shoes(packed(f"{HEADER}\n{ROW}\n", tmp_path))
    assert shoes["brand"].tolist() == ["Moss"] and shoes["material"].tolist() == [""]
    assert shoes["price"].tolist() == [12.5] and np.isnan(shoes["heel"].iloc[0])


# --- The publisher's table in a folder ---------------------------------------------------------


def test_a_folder_gives_the_publishers_rows_in_the_columns_of_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(DATAFINITI, tmp_path)
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    shoes = load_shoes()
    pd.testing.assert_series_equal(shoes.dtypes, load_shoes("sample").dtypes)
    assert shoes["text"].tolist() == [
        'Moss "Ada" Pump',
        'Moss "Ada" Pump',
        "Amble boot",
        "Basix Clog",
    ]
    assert shoes["brand"].tolist() == ["Moss", "Moss", "Amble", "Basix"]
    assert shoes["colour"].tolist() == ["Red", "Red", "", "Black"]
    assert shoes["size"].tolist() == ["7.5", "8", "", "6"]
    assert shoes["shop"].tolist() == ["Plaza", "Corso", "", "Stride"]
    assert shoes["photos"].tolist() == [1, 1, 2, 0]
    assert (shoes[["type", "material"]] == "").all(axis=None)
    assert shoes[["heel", *LAWS]].isna().all(axis=None)


def test_only_positive_prices_in_us_dollars_are_prices(tmp_path: Path) -> None:
    price = read_datafiniti_shoes(published(DATAFINITI, tmp_path))["price"].tolist()
    assert price[:2] == [39.99, 55.0]
    assert all(math.isnan(value) for value in price[2:])
    free = DATAFINITI.replace(",39.99,", ",0,").replace(",55.00,55.00,", ",1,inf,")
    assert read_datafiniti_shoes(published(free, tmp_path))["price"].isna().all()


def test_all_prices_of_a_shoe_stand_on_one_side(tmp_path: Path) -> None:
    rows = [f"S{n % 300},B,name {n},{n + 1}" for n in range(900)]
    file = published("\n".join(["id,brand,name,prices.amountMin", *rows, ""]), tmp_path)
    shoes = read_datafiniti_shoes(file)
    sides = shoes.groupby(np.arange(900) % 300)["split"].nunique()
    assert (sides == 1).all()
    assert 0.1 < (shoes["split"] == "test").mean() < 0.3


def test_three_columns_are_enough(tmp_path: Path) -> None:
    text = "name,brand,prices.amountMin\nBoot,Moss,10\n"
    shoes = read_datafiniti_shoes(published(text, tmp_path))
    assert shoes[["text", "brand", "shop", "price"]].to_numpy().tolist() == [
        ["Boot", "Moss", "", 10.0]
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1"])
def test_the_table_may_have_been_saved_by_another_program(encoding: str, tmp_path: Path) -> None:
    text = "name,brand,prices.amountMin\r\nBoot,Noé,10\r\n"
    shoes = read_datafiniti_shoes(published(text.encode(encoding), tmp_path))
    assert shoes["brand"].tolist() == ["Noé"]


@pytest.mark.parametrize("column", ["name", "brand", "prices.amountMin"])
def test_a_table_without_a_needed_column_is_refused(column: str, tmp_path: Path) -> None:
    file = published(DATAFINITI.replace(f",{column},", ",other,"), tmp_path)
    with pytest.raises(CourseDataError, match=f"the column '{column}' is missing") as caught:
        read_datafiniti_shoes(file)
    assert SHOES_PAGE in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("name,brand,prices.amountMin\n", "there is a header but no row"),
        ("name,brand,prices.amountMin\na,b,1\na,b,1,2,3\n", "is no CSV"),
        ('name,brand,prices.amountMin\n"a,b,1\n', "is no CSV"),
    ],
)
def test_a_table_of_another_form_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(CourseDataError, match=said):
        read_datafiniti_shoes(published(text, tmp_path))


def test_of_several_files_the_newest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(DATAFINITI_FILES):
        published(f"name,brand,prices.amountMin\nBoot,Moss,{number + 1}\n", tmp_path, name)
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    for number, name in enumerate(DATAFINITI_FILES):
        assert load_shoes()["price"].tolist() == [number + 1]
        assert name in load_shoes().attrs["source"]
        (tmp_path / name).unlink()


def test_a_folder_without_the_table_is_refused_with_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", str(tmp_path))
    with pytest.raises(CourseDataError, match="no such file in the folder") as caught:
        load_shoes()
    assert all(name in str(caught.value) for name in (*DATAFINITI_FILES, SHOES_PAGE))


def test_full_says_that_it_cannot_download_and_where_to_put_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DATA", "full")
    monkeypatch.setenv("RNN_CACHE", str(tmp_path))
    with pytest.raises(CourseDataError, match="without an account at Kaggle") as caught:
        load_shoes()
    first, second = str(caught.value).splitlines()
    assert str(tmp_path / DATAFINITI_FILES[0]) in first
    assert SHOES_PAGE in second and "RNN_DATA=sample" in second
    published(DATAFINITI, tmp_path)
    assert len(load_shoes()) == 4


# --- Making the sample, and its papers ---------------------------------------------------------


def test_the_sample_is_made_again_to_the_byte(tmp_path: Path) -> None:
    assert make_data.main(["shoes", "--to", str(tmp_path)]) == 0
    made, kept = ((folder / SAMPLE).read_bytes() for folder in (tmp_path, DATA_FOLDER))
    assert gzip.decompress(made) == gzip.decompress(kept)
    if made != kept:
        pytest.skip("the text is the same; this Python compresses with another zlib")
    assert read_checksums(tmp_path / "checksums.txt")[SAMPLE] in (
        DATA_FOLDER / "checksums.txt"
    ).read_text(encoding="utf-8")


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


@pytest.mark.parametrize("law", LAWS)
def test_no_word_or_field_tells_more_than_the_law_of_both(law: str) -> None:
    # What is left over is noise: in no group of listings that a reader could name is it off.
    shoes = load_shoes().dropna(subset="price")
    left = np.log(shoes["price"]) - shoes[law]
    fields = {
        "law_table": ["brand", "type", "material", "condition", "shop", "size"],
        "law_text": ["text"],
        "law_both": ["brand", "type", "material", "condition", "shop", "size", "text"],
    }[law]
    groups = {f"{f} {v}": shoes[f] == v for f in fields if f != "text" for v in set(shoes[f])}
    if "text" in fields:
        for phrase in ("limited edition", "not a limited", "scratch", "tags", "handmade", "season"):
            groups[phrase] = shoes["text"].str.contains(phrase, case=False)
    for name, group in groups.items():
        some = left[group]
        assert abs(some.mean()) < 4.2 * some.std() / np.sqrt(len(some)), name


def test_who_knows_more_is_closer_to_the_price() -> None:
    shoes = load_shoes().dropna(subset="price")
    error = {name: np.sqrt(np.mean((np.log(shoes["price"]) - shoes[name]) ** 2)) for name in LAWS}
    assert error["law_both"] < error["law_table"] < error["law_text"] < np.log(shoes["price"]).std()
    assert make_shoes.NOISE < error["law_both"] < 0.17


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


def test_the_numbers_of_the_card_are_those_of_the_file() -> None:
    card = " ".join((DATA_FOLDER / "shoes.md").read_text(encoding="utf-8").split())
    shoes = load_shoes()
    price, words = shoes["price"].dropna(), shoes["text"].str.split().str.len()
    plain = [word.strip(",.!").lower() for text in shoes["text"] for word in text.split()]
    errors = [
        f"{np.sqrt(np.mean((np.log(price) - shoes.loc[price.index, n]) ** 2)):.3f}" for n in LAWS
    ]
    for fact in (
        f"{price.min():.2f} to {price.max():.2f} US dollars, half of the listings up to "
        f"{price.median():.2f}; {shoes['price'].isna().sum()} listings have none",
        f"{words.min()} to {words.max()} words, mean {words.mean():.0f}",
        f"{len(plain):,} in all, {len(set(plain)):,} different ones",
        f"one of 8; {(shoes['material'] == '').sum()} are missing",
        f"1 to 11; {shoes['heel'].isna().sum()} are missing",
        f"{(DATA_FOLDER / SAMPLE).stat().st_size:,} bytes",
        read_checksums(DATA_FOLDER / "checksums.txt")[SAMPLE],
        f"{errors[0]}, {errors[1]} and {errors[2]}",
    ):
        assert fact in card, fact


def test_the_law_of_the_card_is_the_law_of_the_generator() -> None:
    card = " ".join((DATA_FOLDER / "shoes.md").read_text(encoding="utf-8").split())
    for rows in (make_shoes.BRANDS, make_shoes.TYPES, make_shoes.MATERIALS, make_shoes.SHOPS):
        for name, effect, _ in rows:
            number = f"{effect:.2f}" if effect else "0"
            assert f"{name} {number}" in card, name


def test_the_sample_is_small_enough_to_travel_with_the_course() -> None:
    assert (DATA_FOLDER / SAMPLE).stat().st_size < 300_000
