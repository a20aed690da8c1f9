"""What `language-models` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_comparisons
from tools.claims import claim, quote


def lesson(page):
    a_after_q = page.by_code
    quote(
        bits_uniform=page.knows_nothing,
        q_total=page.after_q["u"],
        q_discount=page.taken,
        q_bits=-np.log2(a_after_q),
        j_count=page.raw[1]["j"],
        j_start=page.raw[2][".j"],
        j_before=page.ngrams[0][0]["j"],
        valid_two=page.valid_bits[2],
        valid_best=page.valid_bits[page.best_order],
    )
    claim('always by "u"', list(page.after_q) == ["u"])
    claim("After a context that is new, it is unlikely.", page.ngrams[0][0]["j"] < 10)
    claim("a model of 5-grams", page.best_order == 5)
    claim(
        "Longer contexts neither help nor harm.",
        max(abs(page.valid_bits[n] - page.valid_bits[5]) for n in (6, 7)) < 0.01,
    )
    names(page)
    novels(page.results)
    inside(page)
    written(page)


def names(page):
    """Counts against networks, and what was nearly seen."""
    bits = page.results[page.results["study"] == "names"]["test"]
    quote(names_ngrams=page.ngram_bits, names_lstm_best=bits.min())
    claim("No single LSTM beats the counts", len(bits) == 15 and page.ngram_bits < bits.min())
    quote(trained=True, both_bits=page.both_bits)
    claim(
        "less than either alone",
        page.both_bits < min(page.ngram_bits, page.test_loss / np.log(2)) - 0.03,
    )
    quote(
        num_near=len(page.near),
        near_bits=page.near_bits,
        far_bits=page.far_bits,
        without_close=page.without["close names"],
        without_random=page.without["random names"],
    )
    claim(
        "without as many others {glue:text}`without_random:.2f`",
        page.without["close names"] - page.without["random names"] > 0.2,
    )


def novels(rows):
    """Two questions about the same chapters."""
    rows = rows[rows["study"] == "novels"]
    grams = rows[rows["model"] == "n-grams"]
    big = rows[rows["model"] == "LSTM(256)"].iloc[0]
    small = rows[(rows["model"] == "LSTM(128)") & (rows["rate"] == 0.012)]
    opened, kept = (small[small["gates"] == g]["quote_test"] for g in ("open", "Keras's"))
    first = small[small["seed"] == 0].set_index("gates")["test"]
    best, decides = (grams.loc[grams[name].idxmin()] for name in ("valid", "quote_valid"))
    tables = rows[rows["model"] == "table"].set_index("table")["quote_test"]
    slow = rows[(rows["model"] == "LSTM(128)") & (rows["rate"] == 0.004)].iloc[0]
    told = load_comparisons("char_language_models")
    quote(
        novels_ngrams=best["test"],
        novels_lstm=big["test"],
        decision_ngrams=decides["quote_test"],
        decision_lstm=big["quote_test"],
        decision_small_least=opened.min(),
        decision_small_most=opened.max(),
        decision_kept=kept.iloc[0],
        decision_slow=slow["quote_test"],
        small_kept=first["Keras's"],
        small_open=first["open"],
        decision_untold=tables["not told"],
        decision_told=tables["told"],
        size_ngrams=best["size"] / 1e6,
        size_lstm=int(big["size"]),
    )
    claim("On the first question the counts win again", best["order"] == 9)
    claim(
        "against {glue:text}`novels_lstm:.2f` for the LSTM",
        told["per character: LSTM(256) - n-grams"]["high"] < 0,
    )
    claim("The best, $n = 5$", decides["order"] == 5)
    claim(
        "and the LSTM only {glue:text}`decision_lstm:.3f`",
        told["per decision: LSTM(256) - n-grams"]["low"] > 0
        and big["quote_test"] < grams["quote_test"].min(),
    )
    claim(
        "about as much as the LSTM, which nobody told",
        abs(big["quote_test"] - tables["told"]) < 0.01,
    )
    claim("has not learned it.", slow["quote_test"] > decides["quote_test"])
    claim("Three smaller LSTMs", len(opened) == 3 and opened.max() < grams["quote_test"].min())
    claim("Per character, though, it is ahead", first["Keras's"] < first["open"] - 0.03)
    claim(
        "no better than counting",
        kept.iloc[0] > decides["quote_test"] - 0.01
        and told["per decision: open - Keras's gates"]["low"] > 0,
    )


def inside(page):
    """Is a speech open?"""

    def at(chances, text, word):
        return float(chances[text.index(word) + len(word) - 1])

    first = [at(some[0], page.you, "Elizabeth.") for some in (page.marked, page.unmarked)]
    you = [at(some[0], page.you, "parents.") for some in (page.marked, page.unmarked)]
    she = [at(some[1], page.she, "parents.") for some in (page.marked, page.unmarked)]
    quote(trained=True, elizabeth_with=first[0], elizabeth_without=first[1])
    quote(trained=True, parents_with=she[0], parents_without=she[1])
    claim("the network expects a mark with probability", first[0] > 2 * first[1])
    claim("and believes in a speech either way", abs(you[0] - you[1]) < 0.1 < you[1])
    claim("In the third person it needs the mark", she[0] > 2 * she[1])
    speech, narration = (
        page.results.query("study == 'speech' and text == @kind").iloc[0]
        for kind in ("speech", "narration")
    )
    quote(
        narration_with=narration["with_mark"],
        narration_without=narration["without_mark"],
        austen_characters=page.novels["text"].str.len().sum() / 1e6,
    )
    quote(speech_with=speech["with_mark"], speech_without=speech["without_mark"])
    claim("In real speeches it matters less", speech["without_mark"] > 0.5 * speech["with_mark"])
    claim(
        "the mean probability of a mark rises from",
        narration["with_mark"] > 2 * narration["without_mark"]
        and min(narration["lower"], speech["lower"]) > 0.9,
    )


def written(page):
    """What the network writes, and whether it has copied it."""
    cold, warm, one = (len(copy) for copy in page.copies)
    quote(trained=True, copy_cold=cold, copy_warm=warm, copy_one=one)
    quote(copy_real_most=max(page.real))
    claim(
        "So by this measure the network does not recite at length.",
        max(cold, warm, one) < max(page.real),
    )
    known = set(page.source.split())
    made_up = [np.mean([w not in known for w in text.split()[2:-1]]) for text in page.written]
    claim("At 1.0 it makes up words", made_up[2] > 0.02 and made_up[2] > made_up[0])


def exercises(page):
    quote(trained=True, gradient_bias=np.abs(page.of_bias).max())
    claim("Our LSTM is close: no letter is off by more than", np.abs(page.of_bias).max() < 0.03)
    gap = page.backward_bits - page.ngram_bits
    quote(backwards_gap=abs(gap))
    claim("and yet the two differ by only", abs(gap) < 0.03)
