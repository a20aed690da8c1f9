"""What `state-of-a-novel` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons, load_results
from tools.claims import claim, quote


def lesson(page):
    quote(austen_characters=page.novels["text"].str.len().sum() / 1e6)
    chapter = page.chapter
    opening = 2047 + page.passage.index('"')
    quote(speech_length=chapter.index('"', opening + 1) - opening)
    claim("a quotation mark opens her speech", page.passage.count('"') == 1)
    quote(speech_back=len(page.speech) - page.speech.index('"'))
    claim(
        "makes the difference between one in three and hardly ever",
        0.25 < page.of_speech[0] < 0.4 and page.of_speech[1] < 0.03,
    )
    carried(page)
    costs()
    looked_at(page)


def carried(page):
    """The state from call to call, and from batch to batch."""
    quote(steps_again=sum(range(101, 131)), steps_onward=130)
    claim("The predictions are the same, up to rounding.", page.gap < 1e-3)
    by_state = page.by_state
    quote(trained=True, start_cost=by_state["empty"] - by_state["kept"])
    claim("An empty state costs", by_state["empty"] > by_state["kept"] + 0.06)
    claim("a wrong memory is worse than none", by_state["other"] > by_state["empty"] + 0.08)


def costs():
    """Two costs on the same chapters."""
    results = load_results("char_language_models")
    rows = results[results["study"] == "novels"]
    grams = rows[rows["model"] == "n-grams"]
    opened = rows[rows["model"] == "LSTM(256)"].iloc[0]
    regression = rows[rows["model"] == "logistic regression"].iloc[0]
    small = rows[(rows["model"] == "LSTM(128)") & (rows["rate"] == 0.012)]
    kept = small[small["gates"] == "Keras's"].iloc[0]
    began_open = small[small["gates"] == "open"]
    best, at_marks = (grams.loc[grams[name].idxmin()] for name in ("valid", "quote_valid"))
    six = grams[grams["order"] == 6].iloc[0]
    compared = load_comparisons("char_language_models")
    lead = compared["per decision: LSTM(256) - n-grams"]
    quote(
        five_size=int(at_marks["size"]),
        nine_size=int(best["size"]),
        lstm_size=int(opened["size"]),
        regression_size=int(regression["size"]),
        six_size=int(six["size"]),
        novels_six=six["test"],
        novels_ngrams=best["test"],
        novels_five=at_marks["test"],
        novels_lstm=opened["test"],
        mark_nine=best["quote_test"],
        mark_ngrams=at_marks["quote_test"],
        mark_lstm=opened["quote_test"],
        mark_regression=regression["quote_test"],
        kept_mark=kept["quote_test"],
        kept_bits=kept["test"],
        open_mark=began_open["quote_test"].mean(),
        open_bits=began_open["test"].mean(),
        mark_lead=lead["estimate"],
        mark_error=lead["error"],
        valid_lead=at_marks["quote_valid"] - opened["quote_valid"],
    )
    claim("9-grams (best per character)", best["order"] == 9)
    claim("5-grams (best per decision)", at_marks["order"] == 5)
    claim(
        "Per character the counts win, with ten times as many numbers.",
        compared["per character: LSTM(256) - n-grams"]["high"] < 0
        and best["test"] < opened["test"]
        and 9.5 < best["size"] / opened["size"] < 10.5,
    )
    claim(
        "Per decision the LSTM wins over all n-grams",
        lead["low"] > 0
        and opened["quote_test"] < grams["quote_test"].min() - 0.05
        and grams["order"].max() == 14,
    )
    claim("and are level with the LSTM", abs(six["test"] - opened["test"]) < 0.015)
    claim(
        "A longer context does not help the counts",
        grams.loc[grams["order"] >= 6, "quote_test"].is_monotonic_increasing,
    )
    claim(
        "It needs as few bits as the LSTM.",
        abs(regression["quote_test"] - opened["quote_test"]) < 0.01,
    )
    claim(
        "The memory has a price, too.",
        len(began_open) == 3
        and began_open["quote_test"].max() < kept["quote_test"] - 0.04
        and began_open["test"].min() > kept["test"] + 0.04,
    )


def looked_at(page):
    """What the LSTM needs if it sees only the end, and what one blank does."""
    cost = {k: np.mean(bits) for k, bits in page.costs.items()}
    change = {what: np.mean(bits) for what, bits in page.changes.items()}
    marked = page.places[page.came]
    long_ago = [i - page.text.rfind('"', 0, i) >= 50 for i in marked]
    blanked = page.changes["last quotation mark"]
    error = np.std(blanked, ddof=1) / len(blanked) ** 0.5
    gain, gain_error = page.mean_and_error(page.costs[20] - page.costs[50])
    quote(trained=True, gain=gain, gain_error=gain_error)
    far, far_error = page.mean_and_error(page.costs[50] - page.costs[200])
    quote(trained=True, gain_far=far, gain_far_error=far_error)
    quote(num_marks=len(marked), num_far=sum(long_ago))
    quote(
        trained=True,
        marks_twenty=cost[20],
        marks_fifty=cost[50],
        blanked_mark=change["last quotation mark"],
        blanked_error=error,
        blanked_stop=change["last comma or stop"],
        blanked_after=change["character after the mark"],
    )
    claim("With 20 characters the network needs", gain > 2 * gain_error)
    claim("Beyond 50 little more is gained", far < 0.03 and far < 2 * far_error)
    claim("Yet the text would reward a longer memory", 0.5 < np.mean(long_ago) < 0.75)
    claim(
        "Without the last quotation mark a decision costs",
        change["last quotation mark"] > 3 * error
        and change["last quotation mark"] > 3 * change["last comma or stop"]
        and change["last quotation mark"] > 3 * change["character after the mark"],
    )
    harm, (near, _, other) = page.harm, page.groups.values()
    quote(num_near=int(near.sum()))
    claim(
        "nearly all of it from the",
        harm[near].sum() > 0.85 * harm.sum() and abs(harm[other].mean()) < 0.01,
    )
    claim(
        "long speech the mark makes no difference any more",
        abs(page.of_long[0] - page.of_long[1]) < 0.02 and page.of_long[0] > 0.3,
    )


def exercises(page):
    claim(
        "A start costs about six bits, whatever the length of the pieces.",
        all(5 < bits < 7 for bits in page.start_bits.values()),
    )
