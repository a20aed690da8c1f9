"""The words of ours for which the field has a term; ``tools/book/words.py`` looks for them.

A pattern is a regular expression for whole words, in small or capital letters; a blank may also be
the end of a line, with marks such as ``*`` around it.
"""

from __future__ import annotations

from typing import NamedTuple


class Phrase(NamedTuple):
    """A phrase that is refused, the field's term, a sentence that has it, and a near one."""

    pattern: str
    term: str
    refused: str
    passes: str


class Word(NamedTuple):
    """A word that is ordinary English as often as not, and the field's term for what is meant."""

    pattern: str
    term: str


REFUSED = (
    Phrase(
        "(?:two|three|four|five|six|ten|fifteen|twenty) starts",
        "(random) seeds",
        "Train it from five starts.",
        "It starts five times.",
    ),
    Phrase(
        "(?:each|every) start(?! of)",
        "each seed",
        "Every start converges.",
        "Pad each start of a name.",
    ),
    Phrase("rows to beat", "baselines", "Two rows to beat stand on top.", "Two rows beat it."),
    Phrase(
        "dullest guess", "naive forecast", "The dullest guess is ahead.", "A dull guess is ahead."
    ),
    Phrase(
        r"pad\w* behind",
        "post-padding",
        "It pads behind.",
        "The pads, behind a mask, are 0.",
    ),
    Phrase(
        r"pad\w* in front",
        "pre-padding",
        "It is padded in front.",
        "A pad stands in front.",
    ),
    Phrase(
        "at the floor", "failed to train", "Two are at the floor.", "The floor of the error is 0.2."
    ),
    Phrase(
        "(?:by|with) nudging",
        "by finite differences",
        "Check it by nudging.",
        "Nudging a rate is tuning.",
    ),
    Phrase(
        "both judges", "both gradient checks", "Both judges agree.", "Both agree; judges do not."
    ),
    Phrase(
        r"derivatives? in (?:(?=\$)|[b-z])",
        "with respect to",
        "Its derivative in $x$ is 2.",
        "A derivative in closed form.",
    ),
    Phrase(
        "tables? of counts", "n-gram model", "A table of counts wins.", "The table counts errors."
    ),
    Phrase(
        "runs? of (?:letters|words)",
        "n-gram",
        "It counts runs of letters.",
        "It runs over letters.",
    ),
    Phrase("resting points?", "fixed point", "It has one resting point.", "It rests at one point."),
    Phrase(
        "straight (?:neuron|unit|network)s?",
        "linear",
        "A straight neuron wins.",
        "A straight line wins.",
    ),
    Phrase(
        "bent (?:neuron|unit|network)s?",
        "nonlinear, tanh",
        "A bent neuron wins.",
        "A bent line wins.",
    ),
    Phrase("share right", "accuracy", "The share right is 0.8.", "The right share is 0.8."),
    Phrase(
        "verdict level",
        "equivalent within a margin",
        "Its verdict level stands.",
        "The verdict: level.",
    ),
    Phrase("kept runs?", "stored experiment", "A kept run is shown.", "It kept running."),
    Phrase(
        "(?:kept(?:-| )out|kept) rows?",
        "validation or test set",
        "Score the kept rows.",
        "It kept all rows.",
    ),
    Phrase("held still", "mean ablation", "Nine units are held still.", "It held, still."),
    Phrase(
        "the direct way(?! to)",
        "cell-state path",
        "It takes the direct way.",
        "The direct way to sum is a loop.",
    ),
    Phrase(
        "untrained twins?",
        "untrained network",
        "Its untrained twin fails.",
        "Untrained, its twin fails.",
    ),
    Phrase(
        "pull of (?:a|each|the) word", "weight, log-odds", "The pull of a word is 2.", "Words pull."
    ),
)
ASKED = (
    Word("starts?", "(random) seed, initialization"),
    Word("bends?|bent", "nonlinearity, activation"),
    Word("says?|said|told|tells?", "predicts, outputs"),
    Word("rivals?", "baseline"),
    Word("stuck|lost|arrived?", "failed to train (at majority-class accuracy); converged"),
    Word("nudg(?:e|es|ed|ing)|judges?", "finite differences, gradient check"),
    Word("list of words|pieces?", "vocabulary, subword tokens"),
    Word("meetings?|company", "co-occurrences, context"),
    Word("twins?", "near-duplicate (text), untrained network"),
    Word("the maximum|the mean", "global max or average pooling, if of a layer"),
    Word("cuts?", "(decision) threshold"),
    Word("met", "seen"),
    Word("facts?|answers?", "features, predictions"),
    Word("looks?", "evaluations"),
    Word("loops?|swings?", "recurrent weight, spectral radius; period-2 oscillation"),
    Word("direct way|detours?", "cell-state path, paths through the gates"),
    Word("cues?|first sign", "first-sign task; a cue is defined first"),
    Word("reach(?:es)?|feels?|influences?", "receptive field; sensitivity (Jacobian)"),
    Word("straight line", "affine map"),
    Word("numbers kept", "size of the state"),
    Word("pulls?", "weight, log-odds"),
    Word("descents?", "(stochastic) gradient descent, SGD"),
    Word("free weights|tied weights", "unconstrained, shared weights"),
    Word("kept(?:-| )out|held(?:-| )out", "validation set or test set, whichever it is"),
    Word("in sample", "on the training set"),
    Word("hits?", "correct predictions"),
    Word("recipes?", "hyperparameters"),
    Word("level", "equivalent within a margin (two one-sided tests)"),
    Word("saves?|saved", "lowers the error by"),
    Word("rooms?|houses?", "package, repository"),
    Word("tiers?", "data source (sample, full, folder)"),
    Word("other runs?|stored runs?", "check on JAX, on real data; stored experiment"),
    Word("digests?|stale", "fingerprint, outdated"),
    Word("bands?", "tolerance"),
    Word("mends?|mended", "fix"),
    Word("the class", "nothing, or once a page: the source class"),
)
