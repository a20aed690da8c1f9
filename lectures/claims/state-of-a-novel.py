"""What `state-of-a-novel` quotes of its numbers, and what it claims."""

from helpers.results import load_comparisons, load_results
from tools.claims import claim, quote


def lesson(page):
    quote(austen_characters=page.novels["text"].str.len().sum() / 1e6)
    chapter = page.chapter
    opening = page.start + page.passage.index('"')
    quote(speech_length=chapter.index('"', opening + 1) - opening)
    claim("a quotation mark opens her speech", page.passage.count('"') == 1)
    quote(speech_back=len(page.speech) - 1 - page.speech.index('"'))
    whole, without, control = page.of_speech
    claim(
        "With it a closing mark has one chance in three, without it hardly any.",
        0.25 < whole < 0.45 and without < 0.03,
    )
    claim("too, but less.", abs(whole - control) < 0.15)
    far(page)
    carried(page)
    costs()


def far(page):
    """A mark out of sight, and marks that are inserted."""
    said = page.long_speech
    whole, without, control = page.of_long
    quote(long_back=len(said) - 1 - said.index('"'))
    claim(
        "whether it is there makes no difference",
        whole > 0.3 and max(abs(whole - without), abs(whole - control)) < 0.02,
    )
    claim(
        "In these 100 characters there is no quotation mark",
        '"' not in said[-100:] and page.alone > 0.25,
    )
    times = page.inserted.pivot_table(index="distance", columns="mark", values="times", sort=False)
    claim("at 60 decisions of the test chapters", len(page.places) == len(set(page.places)) == 60)
    by_kind = page.inserted.groupby(["mark", "distance"], sort=False)["times"]
    opening, closing = by_kind.median()["opening"], by_kind.median()["closing"]
    claim("dozens of times as probable at half of the decisions", opening["20 back"] > 24)
    claim("at 100 several times", 3 < opening["100 back"] < opening["50 back"])
    twice = page.inserted.query("mark == 'opening' and distance == '200 back'")["times"] < 2
    claim("at 200 less than twice at most of them", twice.mean() > 0.5)
    claim("So the effect fades gradually.", opening.is_monotonic_decreasing)
    claim(
        "In each row it is larger than that of the same symbol as a closing mark",
        (opening > 1.1 * closing).all() and (times["opening"] > times["closing"]).all(),
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
    best, at_marks = (grams.loc[grams[name].idxmin()] for name in ("valid", "quote_valid"))
    compared = load_comparisons("char_language_models")
    lead = compared["per decision: LSTM(256) - n-grams"]
    quote(
        five_size=int(at_marks["size"]),
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
        "Per character the counts win, with many times the LSTM's parameters.",
        compared["per character: LSTM(256) - n-grams"]["high"] < 0
        and best["size"] > 4 * lstm["size"],
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
    claim(
        "A start costs about six bits, whatever the length of the pieces.",
        all(5 < bits < 7 for bits in page.start_bits.values()),
    )
