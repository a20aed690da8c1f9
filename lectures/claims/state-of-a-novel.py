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
    opened = rows[rows["model"] == "LSTM(256)"].iloc[0]
    regression = rows[rows["model"] == "logistic regression"].iloc[0]
    small = rows[rows["model"] == "LSTM(128)"]
    kept = small[small["gates"] == "Keras's"].iloc[0]
    began_open = small[(small["gates"] == "open") & (small["rate"] == kept["rate"])]
    six = grams[grams["order"] == 6].iloc[0]
    best, at_marks = (grams.loc[grams[name].idxmin()] for name in ("valid", "quote_valid"))
    compared = load_comparisons("char_language_models")
    lead = compared["per decision: LSTM(256) - n-grams"]
    quote(
        five_size=int(at_marks["size"]),
        nine_size=int(best["size"]),
        six_size=int(six["size"]),
        lstm_size=int(opened["size"]),
        novels_six=six["test"],
        mark_six=six["quote_test"],
        kept_mark=kept["quote_test"],
        kept_bits=kept["test"],
        open_bits=began_open["test"].mean(),
        open_mark=began_open["quote_test"].mean(),
        regression_size=int(regression["size"]),
        novels_five=at_marks["test"],
        novels_ngrams=best["test"],
        novels_lstm=opened["test"],
        mark_ngrams=at_marks["quote_test"],
        mark_nine=best["quote_test"],
        mark_lstm=opened["quote_test"],
        mark_regression=regression["quote_test"],
        mark_lead=lead["estimate"],
        mark_error=lead["error"],
    )
    claim("9-grams (best per character)", best["order"] == 9)
    claim("5-grams (best per decision)", at_marks["order"] == 5)
    claim(
        "the 6-grams, with 1.6 times the LSTM's parameters, are level with it",
        abs(six["test"] - opened["test"]) < 0.02 and 1.55 < six["size"] / opened["size"] < 1.65,
    )
    claim(
        "and larger tables are ahead.",
        compared["per character: LSTM(256) - n-grams"]["high"] < 0
        and grams.loc[grams["order"] > 6, "test"].max() < opened["test"] - 0.05,
    )
    claim(
        "bits per decision, as many as the n-grams.",
        kept["quote_test"] > grams["quote_test"].min() > began_open["quote_test"].max() + 0.03
        and len(began_open) == 3,
    )
    claim(
        "Per decision the LSTM beats all n-grams",
        lead["low"] > 0
        and opened["quote_test"] < grams["quote_test"].min() - 0.05
        and grams["order"].max() == 14,
    )
    claim(
        "A longer context does not help the counts",
        grams.loc[grams["order"] >= 6, "quote_test"].is_monotonic_increasing,
    )
    claim(
        "The logistic regression does as well as the LSTM",
        abs(regression["quote_test"] - opened["quote_test"]) < 0.01,
    )
    claim("And it pays for that in bits", began_open["test"].min() > kept["test"] + 0.05)
    others = small[(small["gates"] == "open") & (small["rate"] != kept["rate"])]
    claim(
        "but at two other learning rates no fewer than with Keras's",
        len(others) == 2 and others["quote_test"].min() > kept["quote_test"] - 0.01,
    )


def looked_at(page):
    """Two speeches, their opening mark blanked."""
    near, without, control = page.of_cases["Mr."]
    moved = near - without > 0.2 and abs(near - control) < 0.1
    far, without, control = page.of_cases["Mrs."]
    still = far > 0.3 and max(abs(far - without), abs(far - control)) < 0.02
    claim("The first prediction depends on the mark, the second does not.", moved and still)


def distances():
    """How much the opening mark counts, by how far back it is."""
    rows = load_results("mark_distance")
    blanked = rows[rows["study"] == "one blanked"].set_index(["groups", "mark", "blanked", "least"])
    mark, control = (
        blanked.loc[("eight", "opens", what)] for what in ("the mark", "a letter after the mark")
    )
    inserted = rows[rows["study"] == "one inserted"].set_index(["inserted", "least"])
    opening, closing = (inserted.loc[what] for what in ("the mark", "a closing mark"))
    rise, error = opening["rise"], opening["rise_error"]
    fall = mark["fall"]
    lengths = rows[rows["study"] == "last characters"].set_index("k")
    half_life = -1 / np.polyfit(opening["back"], np.log2(rise), 1)[0]
    quote(
        num_blanked=int(mark["n"].sum()),
        num_inserted=int(opening["n"].max()),
        half_life=half_life,
        last_ten=lengths.loc[10, "bits"],
        last_fifty=lengths.loc[50, "bits"],
        last_hundred=lengths.loc[100, "bits"],
        last_two=lengths.loc[200, "bits"],
    )
    claim("The rest of the chapter saves nothing more.", abs(lengths.loc[0, "gain"]) < 0.001)
    claim("and less so with distance", rise.is_monotonic_decreasing and 40 < half_life < 55)
    ratios = rise.to_numpy()[1:] / rise.to_numpy()[:-1]
    claim(
        "There is no edge, not even at 100 characters",
        (ratios > 0.4).all() and (ratios < 0.85).all() and rise[150] > 6 * error[150],
    )
    claim(
        "Both controls do far less",
        (closing["rise"] < 0.1 * rise).all() and (control["fall"].abs() < 0.1 * fall).all(),
    )
    claim("Blanking shows a steeper fall.", fall[60] / fall[2] < 0.6 * rise[60] / rise[2])
    claim(
        "an inserted mark does far more than a blanked one",
        all(rise[d] > fall[d] + 2 * (error[d] + mark["fall_error"][d]) for d in mark.index[2:]),
    )
    claim("but within a speech the prediction hardly needs it", fall[80] < 0.15 * fall[2])
    spoken, narrated = (
        blanked.loc[("three", kind, "the mark", 100)] for kind in ("opens", "closes")
    )
    claim(
        "a probability about five times as high as in narration, and nearly so without",
        4.5 < spoken["chance"] / narrated["chance"] < 5.5
        and spoken["chance_blanked"] / narrated["chance_blanked"] > 4,
    )
    apart, by_last = (spoken[what] - narrated[what] for what in ("chance", "chance_last"))
    claim("about half of the difference", 0.4 < by_last / apart < 0.65)


def exercises(page):
    claim(
        "A start costs about six bits, whatever the length of the pieces.",
        all(5 < bits < 7 for bits in page.start_bits.values()),
    )
