"""The samples: what they give, and that their data cards tell the truth."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pytest

from apps.questions.models import words_of
from helpers.data import (
    DATA_FOLDER,
    load_austen,
    load_names,
    load_question_pairs,
    load_reviews,
    load_ridership,
    load_shoes,
    load_stocks,
    load_sunspots,
    load_word_vectors,
    read_checksums,
    read_sample_reviews,
)
from tools.samples import austen as make_austen
from tools.samples import films as make_films
from tools.samples import question_pairs as make_question_pairs
from tools.samples import shoes as make_shoes

load_films = partial(load_reviews, sample="films")
LAWS = ["law_table", "law_text", "law_both"]
DAY_COLUMNS = [f"day_{day}" for day in range(1, 102)]
TEXT, WHOLE, REAL, DAY = "text", "int64", "float64", "datetime64[ns]"
PROMISED = {
    load_stocks: (
        500,
        dict(ticker=TEXT, window=WHOLE, start=DAY, end=DAY) | dict.fromkeys(DAY_COLUMNS, REAL),
        {"unit": "US dollars", "source": "skfolio 1.12.2 (BSD-3-Clause)"},
    ),
    load_reviews: (
        4_972,
        dict(text=TEXT, label=WHOLE, split=TEXT),
        {
            "source": "modeldata 1.4.0 (MIT)",
            "positive": "5 stars",
            "negative": "1 to 4 stars",
        },
    ),
    load_films: (
        10_070,
        dict(text=TEXT, label=WHOLE, split=TEXT),
        {
            "source": "vaderSentiment 3.3.2 (MIT)",
            "positive": "mean rating of 0.5 to 4",
            "negative": "mean rating of -4 to -0.5",
        },
    ),
    load_question_pairs: (
        4_000,
        dict(question1=TEXT, question2=TEXT)
        | dict.fromkeys(["label", "qid1", "qid2", "intent1", "intent2"], WHOLE)
        | dict(split=TEXT),
        {"source": "made by the course", "dropped": "0"},
    ),
    load_shoes: (
        5_600,
        dict.fromkeys(
            ["text", "brand", "type", "material", "colour", "condition", "shop", "size"], TEXT
        )
        | dict.fromkeys(["heel", "photos", "price"], REAL)
        | dict(split=TEXT)
        | dict.fromkeys(LAWS, REAL),
        {"source": "made up", "without_price": "28"},
    ),
}


def read_card(name: str) -> str:
    """Read a data card as one line."""
    return " ".join((DATA_FOLDER / f"{name}.md").read_text(encoding="utf-8").split())


def size_of(file: str) -> str:
    """How a card tells the size of a file."""
    return f"{(DATA_FOLDER / file).stat().st_size:,} bytes"


@pytest.mark.parametrize("load", PROMISED)
def test_a_sample_has_the_promised_rows_columns_types_and_notes(
    load: Callable[[], pd.DataFrame],
) -> None:
    frame = load()
    rows, columns, attrs = PROMISED[load]
    assert list(frame.columns) == list(columns)
    assert frame.index.equals(pd.RangeIndex(rows))
    for name, kind in columns.items():
        if kind == TEXT:
            assert pd.api.types.is_string_dtype(frame[name])
            assert all(isinstance(value, str) for value in frame[name])
        else:
            assert frame[name].dtype == kind
    assert frame.attrs["tier"] == "sample"
    assert set(frame.attrs) == {"tier", *attrs}
    assert all(part in str(frame.attrs[name]) for name, part in attrs.items())


def test_splits_and_labels_are_those_promised() -> None:
    reviews, pairs, shoes = load_reviews(), load_question_pairs(), load_shoes()
    assert set(reviews["label"]) == set(pairs["label"]) == {0, 1}
    assert set(pairs["split"]) == {"train"}
    assert shoes["split"].value_counts().to_dict() == {"train": 4800, "test": 800}
    assert reviews["text"].is_unique  # so no text is in both splits
    assert (load_stocks()[DAY_COLUMNS] > 0).all(axis=None)


def test_sunspots_are_yearly_from_1700_to_2008() -> None:
    sunspots = load_sunspots()
    assert (sunspots.name, sunspots.index.name, sunspots.dtype) == ("sunspots", "year", "float64")
    assert sunspots.index.tolist() == list(range(1700, 2009))
    assert sunspots.loc[[1700, 1957, 2008]].tolist() == [5.0, 190.2, 2.9]


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("reviews.csv.gz", 1_500_000),
        ("films.csv.gz", 500_000),
        ("question_pairs.csv.gz", 300_000),
        ("shoes.csv.gz", 300_000),
        ("austen.csv.bz2", 1_000_000),
        ("word_vectors.npz", 1_500_000),
    ],
)
def test_a_sample_is_small_enough_to_travel_with_the_course(name: str, most: int) -> None:
    assert (DATA_FOLDER / name).stat().st_size < most


@pytest.mark.parametrize(
    ("package", "owner", "card"),
    [
        ("skfolio", "Copyright (c) 2023-2026 The skfolio developers.", "stocks"),
        ("modeldata", "Copyright (c) 2019 Max Kuhn, RStudio", "reviews"),
        ("modeldata", "Copyright (c) 2019 Max Kuhn, RStudio", "ridership"),
        ("vaderSentiment", "Copyright (c) 2016 C.J. Hutto", "films"),
        ("janeaustenr", "Copyright (c) 2016-2017 Julia Silge", "austen"),
        ("names", "Copyright © 2013 Trey Hunner", "names"),
        ("wink-embeddings", "Copyright (c) 2024  GRAYPE Systems Private Limited", "word_vectors"),
    ],
)
def test_a_licence_travels_with_what_it_covers(package: str, owner: str, card: str) -> None:
    notice = (DATA_FOLDER / f"LICENSE-{package}.txt").read_text(encoding="utf-8")
    bsd, mit = "Redistributions of source code must retain the above copyright", "this permission"
    assert owner in notice and (bsd if package == "skfolio" else mit) in notice
    assert f"LICENSE-{package}.txt" in read_card(card)


# --- Stocks ---------------------------------------------------------------------------------


def test_windows_come_in_order_for_each_ticker_and_follow_each_other_without_overlap() -> None:
    frame = load_stocks()
    order = list(zip(frame["window"], frame["ticker"], strict=True))
    assert order == sorted(order)
    assert frame["window"].value_counts().to_dict() == dict.fromkeys(range(1, 26), 20)
    assert frame["ticker"].nunique() == 20
    windows = frame.drop_duplicates(["window", "start", "end"])
    assert len(windows) == 25  # the same days for all tickers
    assert (windows["start"] < windows["end"]).all()
    assert (windows["start"].to_numpy()[1:] > windows["end"].to_numpy()[:-1]).all()
    assert windows["end"].iloc[-1] == pd.Timestamp("2022-12-28")


def test_each_row_of_the_sample_is_a_stretch_of_one_column_of_the_file() -> None:
    table = pd.read_csv(DATA_FOLDER / "stocks.csv", parse_dates=["date"])
    for _, row in load_stocks().sample(25, random_state=0).iterrows():
        days = table[table["window"] == row["window"]]
        assert (days["date"].iloc[0], days["date"].iloc[-1]) == (row["start"], row["end"])
        np.testing.assert_array_equal(
            row[DAY_COLUMNS].to_numpy(dtype=float), days[row["ticker"]].to_numpy()
        )


def test_the_numbers_of_the_stock_card_are_those_of_the_file() -> None:
    frame = load_stocks()
    prices = frame[DAY_COLUMNS].to_numpy()
    first, last = prices[:, :-1], prices[:, -1]
    outside = (last > first.max(axis=1)) | (last < first.min(axis=1))
    for fact in (
        ", ".join(frame["ticker"].unique()),
        f"{frame['start'].min():%Y-%m-%d} to {frame['end'].max():%Y-%m-%d}",
        f"from {prices.min():.2f} to {prices.max():.2f}",
        f"in {outside.sum()} of the 500 windows",
        size_of("stocks.csv"),
    ):
        assert fact in read_card("stocks"), fact


# --- Boardings ------------------------------------------------------------------------------


def test_boardings_are_a_number_for_each_day_and_weekends_are_quiet() -> None:
    series = load_ridership()
    assert (series.name, series.index.name, series.dtype) == ("ridership", "date", "float64")
    assert series.index.equals(pd.date_range("2001-01-22", "2016-08-28", name="date"))
    assert series.loc[["2001-01-22", "2001-12-25"]].tolist() == [15.732, 0.601]
    assert (series > 0).all() and set(series.attrs) == {"unit", "source"}
    assert "modeldata 1.4.0 (MIT)" in series.attrs["source"]


def test_the_numbers_of_the_card_of_boardings_are_those_of_the_file() -> None:
    from pandas.tseries.holiday import USFederalHolidayCalendar

    card, series = read_card("ridership"), load_ridership()
    calendar = USFederalHolidayCalendar()
    names = calendar.holidays(series.index[0], series.index[-1], return_name=True)
    holiday = series.index.isin(names.index)
    weekday = series.index.day_of_week < 5
    empty = weekday & (series < 9).to_numpy()
    mean = series[holiday].groupby(names).mean()
    for fact in (
        f"| {len(series):,}, from {series.index[0]:%Y-%m-%d} to {series.index[-1]:%Y-%m-%d}",
        f"{series.min():.3f} ({series.idxmin():%Y-%m-%d}) to "
        f"{series.max():.3f} ({series.idxmax():%Y-%m-%d}); half of the days up to "
        f"{series.median():.3f}",
        f"mean {series[weekday & ~holiday].mean():.2f} on Mondays to Fridays without the "
        f"{holiday.sum()} federal holidays, {series[holiday].mean():.2f} on those holidays, "
        f"{series[~weekday].mean():.2f} on Saturdays",
        f"On {empty.sum()} of the Mondays to Fridays",
        f"{(empty & holiday).sum()} of these are federal holidays",
        f"(means {mean['Columbus Day']:.2f} and {mean['Veterans Day']:.2f})",
        f"The mean was {series['2001'].mean():.1f} in 2001 and {series['2016'].mean():.1f} in 2016",
        size_of("ridership.csv"),
        read_checksums(DATA_FOLDER / "checksums.txt")["ridership.csv"],
    ):
        assert fact in card, fact
    others = series[empty & ~holiday].index
    odd = [day for day in others if not (day.month == 12 and day.day >= 24 or day.month == 11)]
    assert len(others) - len(odd) == 29
    assert [f"{day:%Y-%m-%d}" for day in odd] == ["2011-02-02", "2014-01-06"]


# --- Novels ---------------------------------------------------------------------------------


def test_chapters_come_in_order_and_whole_ones_are_held_out() -> None:
    frame = load_austen()
    assert list(frame.columns) == ["novel", "chapter", "text", "split"]
    assert frame["novel"].drop_duplicates().tolist() == list(make_austen.NOVELS.values())
    for _, novel in frame.groupby("novel"):
        assert novel["chapter"].tolist() == list(range(1, len(novel) + 1))
    four = 4 * ["train"]
    assert frame["split"].iloc[:10].tolist() == [*four, "validation", *four, "test"]
    assert frame["text"].iloc[0].startswith("The family of Dashwood had long been settled in S")
    assert frame["text"].iloc[-1].endswith("in its national importance.")
    everything = "\n".join(frame["text"])
    assert "  " not in everything and "\n\n" not in everything and "_" not in everything
    assert not re.search("chapter [ivx0-9]+$|gutenberg", everything, re.IGNORECASE | re.MULTILINE)
    assert set(frame.attrs) == {"source"}


def test_the_numbers_of_the_card_of_novels_are_those_of_the_file() -> None:
    card, frame = read_card("austen"), load_austen()
    novels = frame.groupby("novel", sort=False)["text"]
    length, everything = frame["text"].str.len(), "\n".join(frame["text"])
    part = length.groupby(frame["split"]).agg(["size", "sum"])
    dashes = novels.apply(lambda texts: sum(text.count("--") for text in texts))
    for fact in (
        f"{len(frame)}, in reading order: {', '.join(f'{n} {len(t)}' for n, t in novels)} |",
        f"{length.sum():,} in the texts, {len(set(everything))} different ones; "
        f"{len(everything.split()):,} words",
        f"{length.min():,} to {length.max():,} characters a chapter, half of the chapters up to "
        f"{length.median():,.0f}",
        f"{part.loc['train', 'size']} chapters ({part.loc['train', 'sum']:,} characters)",
        *(
            f"{part.loc[s, 'size']} ({part.loc[s, 'sum']:,}) for {s}"
            for s in ("validation", "test")
        ),
        f"{everything.count(chr(34)):,} of them",
        f"Emma has {dashes['Emma']:,} pairs of hyphens, Persuasion {dashes['Persuasion']}",
        size_of("austen.csv.bz2"),
        read_checksums(DATA_FOLDER / "checksums.txt")["austen.csv.bz2"],
    ):
        assert fact in card, fact
    texts = frame.groupby("split")["text"].agg("\n".join)
    assert pieces(texts["train"], 51) & pieces(texts["test"], 51) == pieces(
        "--She felt the engagement to be a source of repentance and misery to each", 51
    )


def pieces(text: str, length: int) -> set[str]:
    """All pieces of a text that have some length."""
    return {text[i : i + length] for i in range(len(text) - length + 1)}


# --- Reviews --------------------------------------------------------------------------------


def test_reviews_are_in_order_clean_and_whole_and_the_positive_ones_praise() -> None:
    frame = load_reviews()
    assert frame["split"].tolist() == ["train"] * 3_972 + ["test"] * 1_000
    texts, everything = frame["text"], "".join(frame["text"])
    assert not texts.str.contains(r"</?(?:br|a|p|span)\b|&[a-z]+;|&#", regex=True).any()
    assert not texts.str.contains(r"^\s|\s$|\s\s|[^\S ]", regex=True).any()
    assert texts.str.len().min() >= 50
    assert all(kept in everything for kept in ("LOVE IT.", "!!", "'", "😊", "<3", "é"))
    for word, more in [("delicious", 1), ("perfect", 1), ("disappointed", 0), ("terrible", 0)]:
        share = texts.str.lower().str.contains(word).groupby(frame["label"]).mean()
        assert share[more] > 1.5 * share[1 - more], word


def test_the_numbers_of_the_review_card_are_those_of_the_file() -> None:
    frame = load_reviews()
    texts = frame["text"]
    words = texts.str.split().str.len()
    n_rows = frame["split"].value_counts()
    share = 100 * frame.groupby("split")["label"].mean()
    count = {2: "Two", 3: "Three", 4: "four", 5: "Five"}
    for fact in (
        f"{len(frame):,}: {n_rows['train']:,} for training, {n_rows['test']:,} for testing",
        f"{share['train']:.1f} % of the training reviews, {share['test']:.1f} % of the test",
        f"{words.min()} to {words.max():,} words, half of the reviews up to {words.median():.0f}",
        f"mean {words.mean():.0f}; {texts.str.len().min()} to {texts.str.len().max():,} char",
        f"{sum(not text.isascii() for text in texts)} texts hold a character beyond ASCII",
        f"In {texts.str.contains(chr(0xFFFD)).sum()} texts a character was lost",
        f"{count[texts.str.contains('http', regex=False).sum()]} texts hold the address of a page",
        f"{count[texts.str.startswith('Length:: ').sum()]} begin with the length of a video",
        f"{count[texts.str.contains('<[a-zA-Z]').sum()]} texts hold `<` before a letter",
        f'always saying "positive" is right on {share["test"]:.1f} %',
        size_of("reviews.csv.gz"),
        f"drops {5_000 - len(frame)} texts",
    ):
        assert fact in read_card("reviews"), fact


@pytest.mark.parametrize(("load", "accuracy"), [(load_reviews, 0.79), (load_films, 0.78)])
def test_the_linear_baseline_of_the_card_is_what_one_gets(
    load: Callable[[], pd.DataFrame], accuracy: float
) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    frame = load()
    train, test = (frame[frame["split"] == split] for split in ("train", "test"))
    model = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    model.fit(train["text"], train["label"])
    assert model.score(test["text"], test["label"]) == pytest.approx(accuracy, abs=0.01)


# --- Films ----------------------------------------------------------------------------------


def test_the_default_sample_of_reviews_is_that_of_food() -> None:
    pd.testing.assert_frame_equal(load_reviews(), load_reviews(sample="food"))
    assert load_reviews().attrs == load_reviews("food").attrs != load_films().attrs


def test_films_are_in_order_clean_and_half_positive_and_the_positive_ones_praise() -> None:
    frame = load_films()
    assert frame["split"].tolist() == ["train"] * 8_070 + ["test"] * 2_000
    assert set(frame["label"]) == {0, 1}
    assert frame.groupby("split")["label"].mean().between(0.48, 0.52).all()
    texts, everything = frame["text"], "".join(frame["text"])
    assert not texts.str.contains(r"</?[a-z]|&[a-z]+;|&#|''", regex=True).any()
    assert not texts.str.contains(r"^\s|\s$|\s\s|[^\S ]|^$", regex=True).any()
    assert all(kept in everything for kept in ('"Conan"', "S&M", "!", "it's", "é", "½"))
    for word, more in [("moving", 1), ("delightful", 1), ("dull", 0), ("mess", 0)]:
        share = texts.str.lower().str.contains(word).groupby(frame["label"]).mean()
        assert share[more] > 1.5 * share[1 - more], word


def test_no_two_films_differ_in_case_or_punctuation_alone() -> None:
    assert load_films()["text"].map(make_films.skeleton).is_unique  # in neither split, nor across


def test_the_numbers_of_the_film_card_are_those_of_the_file() -> None:
    frame = load_films()
    texts = frame["text"]
    words = texts.str.split().str.len()
    n_rows = frame["split"].value_counts()
    share = 100 * frame.groupby("split")["label"].mean()
    for fact in (
        f"{len(frame):,}: {n_rows['train']:,} for training, {n_rows['test']:,} for testing",
        f"{share['train']:.1f} % of the training snippets, {share['test']:.1f} % of the test",
        f"{words.min()} to {words.max()} words, half of the snippets up to {words.median():.0f}",
        f"mean {words.mean():.1f}; {texts.str.len().min()} to {texts.str.len().max()} char",
        f"{sum(not text.isascii() for text in texts)} texts hold a character beyond ASCII",
        f"{texts.str.contains('`').sum()} texts open a quotation with a grave accent",
        f"{texts.str.contains('**', regex=False).sum()} hold stars for a swear word",
        f'always saying "negative" is right on {100 - share["test"]:.1f} %',
        f'one `"` (in {texts.str.contains(chr(34)).sum() - 1} texts)',  # one measures 9 inches
        f"{10_072 - len(frame)} texts. If labels disagreed",
        size_of("films.csv.gz"),
    ):
        assert fact in read_card("films"), fact
    assert not texts.str.contains("-").any()  # no text holds a hyphen
    assert not texts.str.contains(chr(0xFFFD)).any()  # no character is undecodable


# --- Question pairs -------------------------------------------------------------------------


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


def jaccard(one: str, two: str) -> float:
    a, b = set(words_of(one)), set(words_of(two))
    return len(a & b) / len(a | b)


def counted(frame: pd.DataFrame) -> pd.DataFrame:
    """What can be counted in each pair without knowing a word."""
    sides = [[words_of(text) for text in frame[f"question{k}"]] for k in (1, 2)]
    rows = [
        {
            "overlap": jaccard(*pair),
            "common": len({*one} & {*two}),
            "one_sided": len({*one} ^ {*two}),
            "lengths": abs(len(one) - len(two)),
            "same_start": one[:1] == two[:1],
            "same_words": {*one} == {*two},
        }
        for one, two, pair in zip(
            *sides, zip(frame["question1"], frame["question2"], strict=True), strict=True
        )
    ]
    return pd.DataFrame(rows).astype(float)


def kept_apart(model: object, X: object, frame: pd.DataFrame) -> float:
    """Accuracy of a probe over five folds, no question in two of them."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from sklearn.model_selection import GroupKFold, cross_val_predict

    size = 1 + frame[["qid1", "qid2"]].to_numpy().max()
    joined = coo_matrix((np.ones(len(frame)), (frame["qid1"], frame["qid2"])), shape=(size, size))
    groups = connected_components(joined, directed=False)[1][frame["qid1"]]
    says = cross_val_predict(model, X, frame["label"], groups=groups, cv=GroupKFold(5))
    return float((says == frame["label"]).mean())


def test_word_overlap_says_little_and_duplicates_may_share_few_words() -> None:
    from sklearn.metrics import roc_auc_score

    frame = load_question_pairs()
    overlap = counted(frame)["overlap"]
    assert (overlap[frame["label"] == 1] < 0.2).mean() > 0.2
    assert (overlap[frame["label"] == 0] > 0.6).mean() > 0.1
    assert 0.55 < roc_auc_score(frame["label"], overlap) < 0.7


def test_counts_alone_hardly_beat_the_majority() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    frame = load_question_pairs()
    probe = HistGradientBoostingClassifier(max_iter=50, random_state=0)
    majority = 1 - frame["label"].mean()
    assert majority < kept_apart(probe, counted(frame), frame) < majority + 0.09


def test_a_bag_of_the_words_that_differ_gives_little_away() -> None:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    frame = load_question_pairs()
    count = CountVectorizer(token_pattern=r"\w+", binary=True)
    count.fit([*frame["question1"], *frame["question2"]])
    one, two = (count.transform(frame[f"question{k}"]) for k in (1, 2))
    assert kept_apart(LogisticRegression(max_iter=500), abs(one - two), frame) < 0.76
    assert kept_apart(LogisticRegression(max_iter=500), one + two, frame) < 0.62  # what it is about


def test_no_cell_of_overlap_and_first_word_gives_the_answer_away() -> None:
    frame = load_question_pairs()
    facts = counted(frame)
    cells = frame["label"].groupby([(5 * facts["overlap"]).round(), facts["same_start"]])
    shares = cells.mean()[cells.size() >= 100]
    assert len(shares) > 6 and shares.between(0.1, 0.85).all()
    equal = frame["label"][facts["same_words"] == 1]
    assert len(equal) > 100 and 0.25 < equal.mean() < 0.6
    near = (facts["overlap"] >= 0.6) & (facts["same_start"] == 0)
    assert near.sum() > 300 and frame["label"][near].mean() < 0.75


def test_the_shortcuts_of_the_card_of_question_pairs_are_those_of_the_file() -> None:
    card = read_card("question_pairs")
    frame = load_question_pairs()
    facts, label = counted(frame), frame["label"]
    equal = label[facts["same_words"] == 1]
    near = facts["overlap"] >= 0.6
    other, same = (label[near & (facts["same_start"] == k)] for k in (0, 1))
    for fact in (
        f"{len(equal)} pairs, {100 * equal.mean():.0f} % of them",
        f"of {len(other)} pairs with an overlap of 0.6 or more and different first words, "
        f"{100 * other.mean():.0f} % are duplicates; with the same first word it is "
        f"{100 * same.mean():.0f} %",
    ):
        assert fact in card, fact


def test_the_numbers_of_the_card_of_question_pairs_are_those_of_the_file() -> None:
    card = read_card("question_pairs")
    frame = load_question_pairs()
    times = Counter([*frame["qid1"], *frame["qid2"]])
    texts = pd.concat([frame["question1"], frame["question2"]])
    words = texts.map(lambda text: len(words_of(text)))
    others = frame[frame["label"] == 0]
    same_intent = (others["intent1"] == others["intent2"]).sum()
    known = {word for text in texts for word in words_of(text)}
    for fact in (
        f"{len(frame):,} pairs of {len(times):,} different questions; "
        f"{sum(n == 2 for n in times.values()):,} questions stand in two pairs, none in more",
        f"{100 * frame['label'].mean():.1f} % of the pairs",
        f"{same_intent:,} share the intent and differ in the thing, "
        f"{len(others) - same_intent:,} are of neighbouring intents",
        f"{words.min()} to {words.max()} words, mean {words.mean():.1f}; "
        f"{texts.str.len().min()} to {texts.str.len().max()} characters",
        f"{len(known):,} different words",
        size_of("question_pairs.csv.gz"),
        *(f"| {weight} % |" for weight in make_question_pairs.KINDS.values()),
    ):
        assert fact in card, fact
    assert max(times.values()) == 2


# --- Shoes ----------------------------------------------------------------------------------


def test_what_is_missing_is_empty_or_nan_and_the_law_never_is() -> None:
    shoes = load_shoes()
    missing = {name: int((shoes[name] == "").sum()) for name in ("material", "brand", "size")}
    assert missing["material"] > 500 and missing["brand"] == missing["size"] == 0
    assert shoes["heel"].isna().sum() > 500
    assert shoes.attrs["without_price"] == shoes["price"].isna().sum() == 28
    assert shoes[LAWS].notna().all(axis=None)
    assert (~shoes["text"].str.contains(r"\w")).sum() == 55


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


def test_the_numbers_of_the_card_of_shoes_are_those_of_the_file() -> None:
    card = read_card("shoes")
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
        size_of("shoes.csv.gz"),
        read_checksums(DATA_FOLDER / "checksums.txt")["shoes.csv.gz"],
        f"{errors[0]}, {errors[1]} and {errors[2]}",
    ):
        assert fact in card, fact


def test_the_law_of_the_card_is_the_law_of_the_generator() -> None:
    card = read_card("shoes")
    for rows in (make_shoes.BRANDS, make_shoes.TYPES, make_shoes.MATERIALS, make_shoes.SHOPS):
        for name, effect, _ in rows:
            number = f"{effect:.2f}" if effect else "0"
            assert f"{name} {number}" in card, name


# --- Names ----------------------------------------------------------------------------------


def test_names_are_2000_plain_ones_each_once_in_order_and_say_where_they_come_from() -> None:
    names = load_names()
    assert names.name == "name" and names.index.equals(pd.RangeIndex(2_000))
    assert pd.api.types.is_string_dtype(names) and all(isinstance(name, str) for name in names)
    assert names.is_unique and names.tolist() == sorted(names)
    assert set("".join(names)) == set(string.ascii_lowercase)
    assert {"mary", "patricia", "linda", "james", "john", "robert", "jose"} <= set(names)
    source = names.attrs["source"]
    assert "census of 1990 (public domain)" in source and "names 0.3.0 (MIT)" in source


def one_letter_away(name: str) -> set[str]:
    """Return what one gets by adding, leaving out or changing one letter."""
    letters = string.ascii_lowercase
    cuts = [(name[:at], name[at:]) for at in range(len(name) + 1)]
    added = {start + letter + end for start, end in cuts for letter in letters}
    changed = {start + letter + end[1:] for start, end in cuts if end for letter in letters}
    left_out = {start + end[1:] for start, end in cuts if end}
    return (added | changed | left_out) - {name}


def test_the_numbers_of_the_card_of_names_are_those_of_the_file() -> None:
    card = read_card("names")
    names = load_names()
    length = names.str.len()
    last = names.str[-1].value_counts()
    known = set(names)
    for fact in (
        f"{len(names):,}, one a line",
        f"{length.min()} to {length.max()} letters, mean {length.mean():.2f}; "
        f"{length.between(5, 7).sum():,} names have 5 to 7",
        f'"a" in {last["a"]} names, "e" in {last["e"]}, "n" in {last["n"]}',
        f"{sum(bool(one_letter_away(name) & known) for name in names):,} of them become another",
        size_of("names.txt"),
    ):
        assert fact in card, fact


def test_the_names_that_the_card_gives_as_examples_are_in_the_sample() -> None:
    lacking = {"edgardo", "zoila"}
    examples = set(re.findall(r'"([a-z]{2,})"', read_card("names"))) - lacking
    assert len(examples) > 10
    assert examples <= set(load_names())
    assert not lacking & set(load_names())


# --- Word vectors -------------------------------------------------------------------------------


def nearest(word: str, vectors: pd.DataFrame) -> list[str]:
    """The five words whose vectors point most nearly where a word's does."""
    units = vectors.to_numpy() / np.linalg.norm(vectors.to_numpy(), axis=1, keepdims=True)
    order = np.argsort(-(units @ units[vectors.index.get_loc(word)]))
    return vectors.index[order[1:6]].tolist()


def test_word_vectors_are_a_table_with_a_row_a_word() -> None:
    vectors = load_word_vectors()
    assert vectors.shape == (17_643, 100) and (vectors.dtypes == np.float32).all()
    assert vectors.index.is_unique and vectors.index[0] == "the"
    assert np.isfinite(vectors.to_numpy()).all() and (vectors != 0).any(axis=1).all()
    assert "GloVe" in vectors.attrs["source"]
    assert "dull" in nearest("boring", vectors) and "horrible" in nearest("terrible", vectors)


def test_the_numbers_of_the_card_of_word_vectors_are_those_of_the_file() -> None:
    card, vectors = read_card("word_vectors"), load_word_vectors()
    no_marks = str.maketrans("", "", string.punctuation)
    for fact in (f"{len(vectors):,} words", "100 numbers", size_of("word_vectors.npz")):
        assert fact in card, fact
    for name in ("films.csv.gz", "reviews.csv.gz"):
        texts = read_sample_reviews(DATA_FOLDER / name)["text"].str.lower()
        words = texts.str.translate(no_marks).str.split().explode()
        assert f"{words.isin(vectors.index).mean():.0%} of the words" in card.replace("\n", " ")
    assert not {"a", "i", "2"} & set(vectors.index)
    assert "single letters and numbers" in card.replace("\n", " ")
    step = np.diff(np.unique(vectors.to_numpy())).min()
    assert f"{step:.3f} apart" in card.replace("\n", " ")
