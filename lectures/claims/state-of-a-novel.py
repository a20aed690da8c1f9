"""What `state-of-a-novel` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons, load_results
from tools.claims import claim, quote

PLACES = ("first", "second")


def lesson(page):
    quote(austen_characters=page.novels["text"].str.len().sum() / 1e6)
    chapter = page.chapter
    opening = 2047 + page.passage.index('"')
    quote(speech_length=chapter.index('"', opening + 1) - opening)
    claim("a quotation mark opens her speech", page.passage.count('"') == 1)
    quote(speech_back=len(page.speech) - 1 - page.opening)
    claim(
        "makes the difference between one in three and hardly ever",
        0.25 < page.of_speech[0] < 0.4 and page.of_speech[1] < 0.03,
    )
    carried(page)
    costs()
    looked_at(page)
    distances()


def carried(page):
    """The state from call to call, and from batch to batch."""
    quote(steps_again=sum(range(101, 131)), steps_onward=130)
    claim("The predictions are the same, up to rounding.", page.gap < 1e-3)
    by_state = page.by_state
    quote(trained=True, start_cost=by_state["empty"] - by_state["kept"])
    claim("An empty state costs", by_state["empty"] > by_state["kept"] + 0.06)
    state = page.keras.ops.convert_to_numpy(page.small.layers[1].states[0])
    claim(
        "Here it trains a small network",
        page.after_training < page.before_training - 2 and np.abs(state).max() > 0.1,
    )
    claim("a wrong memory is worse than none", by_state["other"] > by_state["empty"] + 0.08)


def costs():
    """Two costs on the same chapters."""
    results = load_results("char_language_models")
    rows = results[results["study"] == "novels"]
    grams = rows[rows["model"] == "n-grams"]
    opened = rows[rows["model"] == "LSTM(256)"].iloc[0]
    regression = rows[rows["model"] == "logistic regression"].iloc[0]
    tables = rows[rows["model"] == "table"].set_index("table")
    best, at_marks = (grams.loc[grams[name].idxmin()] for name in ("valid", "quote_valid"))
    six = grams[grams["order"] == 6].iloc[0]
    compared = load_comparisons("char_language_models")
    lead = compared["per decision: LSTM(256) - n-grams"]
    quote(
        five_size=int(at_marks["size"]),
        six_size=int(six["size"]),
        nine_size=int(best["size"]),
        lstm_size=int(opened["size"]),
        regression_size=int(regression["size"]),
        novels_five=at_marks["test"],
        novels_six=six["test"],
        novels_ngrams=best["test"],
        novels_lstm=opened["test"],
        mark_ngrams=at_marks["quote_test"],
        mark_six=six["quote_test"],
        mark_nine=best["quote_test"],
        mark_lstm=opened["quote_test"],
        mark_not_told=tables.loc["not told", "quote_test"],
        mark_told=tables.loc["told", "quote_test"],
        mark_regression=regression["quote_test"],
        mark_lead=lead["estimate"],
        mark_error=lead["error"],
        valid_lead=at_marks["quote_valid"] - opened["quote_valid"],
    )
    claim("The tables know the last four characters.", (tables["order"] == 4).all())
    claim("9-grams (best per character)", best["order"] == 9)
    claim("5-grams (best at prediction points)", at_marks["order"] == 5)
    claim(
        "Per character the counts win, but only with more numbers.",
        compared["per character: LSTM(256) - n-grams"]["high"] < 0
        and best["test"] < opened["test"] - 0.05
        and grams.loc[grams["size"] < opened["size"], "test"].min() > opened["test"] + 0.05,
    )
    claim(
        "The 5-grams have fewer than the LSTM and lose",
        at_marks["size"] < opened["size"] and at_marks["test"] > opened["test"] + 0.05,
    )
    claim("the 6-grams are level with it", abs(six["test"] - opened["test"]) < 0.015)
    claim(
        "with ten times as many are ahead",
        9.5 < best["size"] / opened["size"] < 10.5,
    )
    claim(
        "At the prediction points the LSTM beats all n-grams",
        lead["low"] > 0
        and opened["quote_test"] < grams["quote_test"].min() - 0.05
        and grams["order"].max() == 14,
    )
    claim(
        "A longer context does not help the counts",
        grams.loc[grams["order"] >= 6, "quote_test"].is_monotonic_increasing,
    )
    claim(
        "it needs about as few bits as the LSTM",
        abs(tables.loc["told", "quote_test"] - opened["quote_test"]) < 0.01
        and tables.loc["not told", "quote_test"] > opened["quote_test"] + 0.08
        and abs(regression["quote_test"] - opened["quote_test"]) < 0.01,
    )
    small_ones(rows[rows["model"] == "LSTM(128)"], at_marks["quote_test"])


def small_ones(small, counted):
    """What the initialization of an LSTM(128) does."""
    ours = small[small["rate"] == 0.012]
    kept = ours[ours["gates"] == "Keras's"].iloc[0]
    began_open = ours[ours["gates"] == "open"]
    slowly = small[small["rate"] == 0.004].iloc[0]
    claim(
        "with all three seeds",
        len(began_open) == 3 and began_open["quote_test"].max() < counted - 0.03,
    )
    claim(
        "or at a third of that rate, it does not",
        min(kept["quote_test"], slowly["quote_test"]) > counted and slowly["gates"] == "open",
    )
    claim(
        "Per character the open gates have a price",
        began_open["test"].min() > kept["test"] + 0.04,
    )


def looked_at(page):
    """Two speeches, their opening mark blanked."""
    near, without, control = page.of_cases["Mr."]
    claim("He needs the mark", near - without > 0.2 and abs(near - control) < 0.1)
    far, without, control = page.of_cases["Mrs."]
    claim("she does not", far > 0.3 and max(abs(far - without), abs(far - control)) < 0.02)


def distances():
    """How much more is gained from further back, and what blanking costs there."""
    rows = load_results("mark_distance")
    lengths = rows[rows["study"] == "last characters"].set_index("k")
    gain, gain_error = lengths["gain"], lengths["gain_error"]
    quote(num_points=int(lengths["n"].iloc[0]), gain_hundred=gain[100], gain_far=gain[200])
    claim(
        "The step from 20 to 50 characters gains most.",
        gain[50] > gain.drop(50).max() + 2 * gain_error[50],
    )
    claim("to 100, still gains", gain[100] > 4 * gain_error[100])
    claim("no more than two errors from zero", gain[200] < 2 * gain_error[200])
    claim(
        "the whole chapter adds nothing to 200 characters",
        abs(gain[0]) < gain_error[0] < 0.001,
    )
    blanked = rows[rows["study"] == "one blanked"].set_index(["mark", "least", "blanked"])
    mark = blanked.xs("the mark", level="blanked")
    first, second = (blanked.xs(f"{one} after the mark", level="blanked") for one in PLACES)
    other, next_one = (blanked.xs(f"{one} after the mark, by W", level="blanked") for one in PLACES)
    total, opened = mark["harm"] * mark["n"], mark.loc["opens"]
    claim(
        "It does most of its harm where the mark is among the last 50 characters",
        total["opens", 2] > 0.8 * total["opens"].sum()
        and second.loc[("opens", 2), "excess"] > 4 * second.loc[("opens", 2), "excess_error"],
    )
    claim(
        "and some from 50 to 99 back",
        opened.loc[50, "harm"] > 0.08
        and second.loc[("opens", 50), "excess"] > 3 * second.loc[("opens", 50), "excess_error"],
    )
    claim(
        "Further back no harm can be told from zero.",
        opened.loc[100, "harm"] < 2 * opened.loc[100, "error"]
        and second.loc[("opens", 100), "excess"] < 2 * second.loc[("opens", 100), "excess_error"],
    )
    claim(
        "So the state carries that a speech was opened, for about 100 characters.",
        gain[100] > 4 * gain_error[100] and opened.loc[100, "harm"] < 0.03,
    )
    far = opened.loc[100]
    quote(far_read=far["chance_came"], far_blanked=far["chance_came_blanked"])
    claim("So there it goes mostly by something else", far["chance_came_blanked"] > 0.3)
    harm = first.loc[("opens", 2), "harm"]
    claim(
        "One control does harm: the first character after a near mark.",
        harm > 3 * first.loc[("opens", 2), "error"]
        and (second.loc["opens", "harm"] < 0.02).all()
        and (first.loc["opens", "harm"].drop(2) < 2 * first.loc["opens", "error"].drop(2)).all(),
    )
    claim("and the harm is gone", other.loc[("opens", 2), "harm"] < 0.01 < harm - 0.05)
    closed = mark.loc[("closes, space", 2), "chance"]
    letter, later = (some.loc[("closes, space", 2), "chance_blanked"] for some in (other, next_one))
    quote(closed_read=closed, closed_letter=letter, closed_later=later)
    claim(
        "A W in place of that space raises this to",
        letter > 2 * closed and later < 1.15 * closed,
    )


def exercises(page):
    claim(
        "A start costs about six bits, whatever the length of the pieces.",
        all(5 < bits < 7 for bits in page.start_bits.values()),
    )
