"""What `state-of-a-novel` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons, load_results
from tools.claims import claim, quote


def lesson(page):
    quote(austen_characters=page.novels["text"].str.len().sum() / 1e6)
    chapter = page.chapter
    opening = page.start + page.passage.index('"')
    quote(speech_length=chapter.index('"', opening + 1) - opening)
    claim("a quotation mark opens her speech", page.passage.count('"') == 1)
    quote(speech_back=len(page.speech) - 1 - page.speech.index('"'))
    whole, without, *others = page.of_speech
    claim(
        "With it a closing mark has one chance in three, without it hardly any.",
        0.25 < whole < 0.45 and without < 0.03,
    )
    claim("None of the ten characters behind it matters as much.", min(others) > 0.15)
    far(page)
    carried(page)
    costs()


def far(page):
    """A mark that is not needed, marks that are inserted, and what the cell holds of them."""
    said = page.long_speech
    whole, without, *others = page.of_long
    quote(long_back=len(said) - 1 - said.index('"'))
    claim(
        "whether it is there makes no difference",
        whole > 0.3 and max(abs(whole - one) for one in (without, *others)) < 0.02,
    )
    claim(
        "her last 100 characters alone tell that she speaks",
        '"' not in said[-100:] and page.alone > 0.25,
    )
    claim("Do it at 60 full stops", len(page.places) == len(set(page.places)) == 60)
    by_kind = page.inserted.groupby(["mark", "distance"], sort=False)["probability"]
    opening, closing = by_kind.median()["opening"], by_kind.median()["closing"]
    quote(trained=True, no_mark=page.without, near_mark=opening["20 back"])
    claim(
        "and then less and less with distance",
        opening.iloc[1:].is_monotonic_decreasing and opening["200 back"] < 0.6 * opening["20 back"],
    )
    claim("A closing mark changes little.", abs(closing - page.without).max() < 0.03)
    titles = [text[-4:].strip() in ("Mr.", "Mrs.", "Dr.", "St.") for text in page.places]
    probabilities = page.mark_probabilities(page.places)
    claim(
        "are stops of abbreviations",
        0 < np.sum(titles) == np.sum(probabilities < 0.01)
        and probabilities[np.array(titles)].max() < 0.01,
    )
    claim("and beyond 100 characters, too", opening["150 back"] > 1.2 * closing["150 back"])
    cell, output, logits, untrained = np.array(list(page.held.values())).T
    claim("At 200 the dots of the two kinds largely overlap", logits[-1] < 0.75)
    last = page.inserted.query("distance == '200 back'")
    pairs = [
        last.loc[last["mark"] == kind, "probability"].to_numpy() for kind in ("opening", "closing")
    ]
    claim("in most texts the opening mark still leads to", np.mean(pairs[0] > pairs[1]) > 0.6)
    claim("Guessing gets 50 %.", abs(untrained - 0.5).max() < 0.08)
    claim(
        "At 200 characters the cell still tells more of the texts apart than the logits, and than",
        cell[-1] > max(logits[-1], output[-1]) + 0.03 and cell[-1] > 0.65,
    )


def carried(page):
    """The state from call to call, and from batch to batch."""
    quote(steps_again=sum(range(101, 131)), steps_onward=130)
    claim("They do, up to rounding.", page.gap < 1e-3)
    by_state = {what: bits.mean() for what, bits in page.by_state.items()}
    lost = by_state["empty"] - by_state["kept"]
    quote(trained=True, start_cost=lost)
    claim("An empty state costs", lost > 0.06)
    claim(
        "a state from the middle of another word is worse than none",
        by_state["other"] > by_state["empty"] + 0.08,
    )
    losses = [page.by_state[what] - page.by_state["kept"] for what in ("empty", "other")]
    claim(
        "Most of the cost falls on the first five characters of a piece",
        all(loss[:5].sum() > 0.65 * loss.sum() for loss in losses),
    )


def costs():
    """Two costs on the same chapters."""
    rows = load_results("char_language_models")
    grams = rows[rows["model"] == "n-grams"]
    lstm = rows[rows["model"] == "LSTM(256)"].iloc[0]
    regression = rows[rows["model"] == "logistic regression"].iloc[0]
    six = grams[grams["order"] == 6].iloc[0]
    small = rows[rows["model"] == "LSTM(128)"]
    kept = small[small["gates"] == "Keras's"].iloc[0]
    opened = small[(small["gates"] == "open") & (small["rate"] == kept["rate"])]
    best, at_marks = (grams.loc[grams[name].idxmin()] for name in ("valid", "quote_valid"))
    compared = load_comparisons("char_language_models")
    lead = compared["per decision: LSTM(256) - n-grams"]
    quote(
        five_size=int(at_marks["size"]),
        six_size=int(six["size"]),
        novels_six=six["test"],
        mark_six=six["quote_test"],
        nine_size=int(best["size"]),
        lstm_size=int(lstm["size"]),
        regression_size=int(regression["size"]),
        novels_five=at_marks["test"],
        novels_ngrams=best["test"],
        novels_lstm=lstm["test"],
        mark_ngrams=at_marks["quote_test"],
        mark_nine=best["quote_test"],
        mark_lstm=lstm["quote_test"],
        mark_regression=regression["quote_test"],
        mark_lead=lead["estimate"],
        mark_error=lead["error"],
    )
    claim("9-grams (best per character)", best["order"] == 9)
    claim("5-grams (best per decision)", at_marks["order"] == 5)
    claim(
        "the 6-grams are level with the LSTM, larger tables are ahead",
        abs(six["test"] - lstm["test"]) < 0.02
        and grams.loc[grams["order"] > 6, "test"].max() < lstm["test"] - 0.05
        and compared["per character: LSTM(256) - n-grams"]["high"] < 0,
    )
    claim(
        "is better per character than with open gates, and as blind to speeches as the n-grams",
        kept["test"] < opened["test"].min() - 0.05
        and kept["quote_test"] > grams["quote_test"].min() - 0.01,
    )
    claim(
        "Per decision the LSTM beats all n-grams up to $n = 14$",
        lead["low"] > 0
        and lstm["quote_test"] < grams["quote_test"].min() - 0.05
        and grams["order"].max() == 14,
    )
    claim(
        "on the words before a decision does as well as the LSTM",
        abs(regression["quote_test"] - lstm["quote_test"]) < 0.01,
    )


def exercises(page):
    ratios = page.by_distance.median()
    claim(
        "Up to some 50 characters the mark makes a closing one many times as probable",
        len(page.cases) > 150 and ratios["mark"].iloc[:2].min() > 5 > 1.3 > ratios["mark"].iloc[3],
    )
    claim("The letter does not matter.", abs(ratios["letter"] - 1).max() < 0.1)
    claim(
        "A start costs about six bits, whatever the length of the pieces.",
        all(5 < bits < 7 for bits in page.start_bits.values()),
    )
