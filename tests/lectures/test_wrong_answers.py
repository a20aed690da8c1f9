"""The wrong answers that a reader has found to slip through a check: none is called right.

A check cell runs here on what its lecture defines (functions, classes and imports), on small
stand-ins for what the lecture loads or trains, and on the wrong answer; no notebook is executed.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import jupytext
import numpy as np
import pytest

from tests.support import ROOT, functions_of


@dataclass(frozen=True)
class Wrong:
    """A wrong answer to an exercise: the code in the starter's place, and what the check says."""

    lecture: str
    asked: str  # a name that the starter binds, and only this exercise's check reads
    code: str
    hint: str
    stand_ins: dict = field(default_factory=dict)


def network_of_ten(seed: int) -> list[np.ndarray]:
    """Weights of the shapes of `14-lstm-probes`: table, the LSTM's three, the head's two."""
    rng = np.random.default_rng(seed)
    shapes = [(20, 5), (5, 40), (10, 40), (40,), (10, 1), (1,)]
    return [rng.normal(size=shape).astype("float32") for shape in shapes]


WRONG = {
    "logit gradient: divided by all steps, padding included": Wrong(
        "language-models",
        "logit_gradient",
        """
def logit_gradient(logits, targets, real):
    gradient = softmax(logits, axis=-1) - np.eye(logits.shape[-1])[targets]
    return gradient * real[..., np.newaxis] / real.size
""",
        "logit_gradient",
    ),
    "logit gradient: padding pulls too": Wrong(
        "language-models",
        "logit_gradient",
        """
def logit_gradient(logits, targets, real):
    gradient = softmax(logits, axis=-1) - np.eye(logits.shape[-1])[targets]
    return gradient / real.sum()
""",
        "logit_gradient",
    ),
    "nucleus of characters: without the symbol that crosses the border": Wrong(
        "language-models",
        "nucleus",
        """
def nucleus(chances, share):
    order = np.argsort(-chances, axis=-1)
    ranked = np.take_along_axis(chances, order, axis=-1)
    kept = np.zeros(chances.shape)
    inside = np.where(ranked.cumsum(axis=-1) <= share, ranked, 0)
    np.put_along_axis(kept, order, inside, axis=-1)
    return kept / np.maximum(kept.sum(axis=-1, keepdims=True), 1e-9)
""",
        "nucleus",
    ),
    "nucleus of characters: one symbol too many where the share is met": Wrong(
        "language-models",
        "nucleus",
        """
def nucleus(chances, share):
    order = np.argsort(-chances, axis=-1)
    ranked = np.take_along_axis(chances, order, axis=-1)
    kept = np.zeros(chances.shape)
    inside = np.where(ranked.cumsum(axis=-1) - ranked <= share, ranked, 0)
    np.put_along_axis(kept, order, inside, axis=-1)
    return kept / kept.sum(axis=-1, keepdims=True)
""",
        "nucleus",
    ),
    "half-life: the time after which 1/e is left": Wrong(
        "lstm",
        "bias_of",
        """
def bias_of(half_life):
    return -np.log(np.expm1(1 / half_life))
""",
        "With this bias 1/e is left",
    ),
    "counting cell: gates that do not saturate": Wrong(
        "lstm",
        "counting_weights",
        """
counting_weights = (
    np.array([[0, 0, 10, 0], [0, -20, 0, 0]]),
    np.zeros((1, 4)),
    np.array([10, 10, 0, 10]),
)
""",
        "The gates are not saturated",
    ),
    "share in the mean: nothing forgotten, so all of it": Wrong(
        "13-lstm-reviews",
        "share_in_mean",
        """
def share_in_mean(k, T, f):
    if f == 1:
        return 1.0
    return (1 - f ** (T - k + 1)) / (T * (1 - f))
""",
        "share_in_mean",
    ),
    "three causes: each taken away last": Wrong(
        "13-lstm-reviews",
        "worth",
        """
def worth(ends):
    rest = {"f": "hw", "h": "fw", "w": "fh"}
    return {cause: ends[rest[cause]] - ends["fhw"] for cause in rest}
""",
        "worth",
    ),
    "a second machine: the gradient sent once": Wrong(
        "20-full-size",
        "break_even",
        """
def break_even(c, S, v, K):
    return S / (c * v)
""",
        "mind the 2",
    ),
    "a second machine: the own rows forgotten": Wrong(
        "20-full-size",
        "break_even",
        """
def break_even(c, S, v, K):
    return 2 * (K - 1) / K * S / (c * v)
""",
        "Several devices still work on their rows",
    ),
    "a second machine: the local batch": Wrong(
        "20-full-size",
        "break_even",
        """
def break_even(c, S, v, K):
    return 2 * S / (c * v * K)
""",
        "That is the local batch",
    ),
    "a second machine: whole gradients sent": Wrong(
        "20-full-size",
        "break_even",
        """
def break_even(c, S, v, K):
    return 2 * K * S / (c * v)
""",
        "A piece of the gradient",
    ),
    "unequal parts: a plain mean": Wrong(
        "20-full-size",
        "combine",
        """
def combine(gradients, num_rows):
    return sum(gradients) / len(gradients)
""",
        "A plain mean",
    ),
    "unequal parts: a sum": Wrong(
        "20-full-size",
        "combine",
        """
def combine(gradients, num_rows):
    return (gradients * num_rows[:, None]).sum(axis=0)
""",
        "a sum over rows",
    ),
    "unequal parts: by the number of parts": Wrong(
        "20-full-size",
        "combine",
        """
def combine(gradients, num_rows):
    return (gradients * num_rows[:, None]).mean(axis=0)
""",
        "not by the number of parts",
    ),
    "updates: K times the epochs": Wrong(
        "20-full-size",
        "epochs_needed",
        """
def epochs_needed(n, B, E, K):
    return E * K
""",
        "only where nothing is left out",
    ),
    "updates: rounded down": Wrong(
        "20-full-size",
        "epochs_needed",
        """
def epochs_needed(n, B, E, K):
    return E * (n // B) // (n // (B * K))
""",
        "makes fewer updates",
    ),
    "updates: a fraction of an epoch": Wrong(
        "20-full-size",
        "epochs_needed",
        """
def epochs_needed(n, B, E, K):
    return E * (n // B) / (n // (B * K))
""",
        "pochs are whole",
    ),
    "updates: the last batch is kept": Wrong(
        "20-full-size",
        "epochs_needed",
        """
import math
def epochs_needed(n, B, E, K):
    return math.ceil(E * math.ceil(n / B) / math.ceil(n / (B * K)))
""",
        "ound n / B down",
    ),
    "updates: rounded down once, over all epochs": Wrong(
        "20-full-size",
        "epochs_needed",
        """
def epochs_needed(n, B, E, K):
    return -(-(E * n // B) // (n // (B * K)))
""",
        "n each epoch, not once",
    ),
    "updates: not rounded down before": Wrong(
        "20-full-size",
        "epochs_needed",
        """
import math
def epochs_needed(n, B, E, K):
    return math.ceil(E * n / B / (n // (B * K)))
""",
        "n each epoch, not once",
    ),
    "predict: through the origin": Wrong(
        "20-full-size",
        "predict",
        """
def predict(rows, seconds, n):
    return sum(rows * seconds) / sum(rows**2) * n
""",
        "the fixed part a is missing",
    ),
    "predict: seconds per row": Wrong(
        "20-full-size",
        "predict",
        """
def predict(rows, seconds, n):
    return (seconds / rows).mean() * n
""",
        "hold a share of a",
    ),
    "predict: the largest epoch alone": Wrong(
        "20-full-size",
        "predict",
        """
def predict(rows, seconds, n):
    return seconds[-1] * n / rows[-1]
""",
        "One measurement cannot tell",
    ),
    "predict: a left out": Wrong(
        "20-full-size",
        "predict",
        """
def predict(rows, seconds, n):
    b, a = np.polyfit(rows, seconds, 1)
    return b * n
""",
        "add a",
    ),
    "predict: a and b exchanged": Wrong(
        "20-full-size",
        "predict",
        """
def predict(rows, seconds, n):
    a, b = np.polyfit(rows, seconds, 1)
    return a + b * n
""",
        "are exchanged",
    ),
    "noise: the answer for negatives in proportion to the counts": Wrong(
        "09-word-vectors",
        "best_scores",
        """
def best_scores(meetings, q, k):
    total = meetings.sum(axis=1)
    return np.log(meetings * total.sum() / np.outer(total, total)) - np.log(k)
""",
        "negatives in proportion to the counts",
    ),
    "noise: one set of negatives for each word": Wrong(
        "09-word-vectors",
        "best_scores",
        """
def best_scores(meetings, q, k):
    return np.log(meetings / (k * q))
""",
        "One set for each of its meetings",
    ),
    "one step: a word drawn twice counts once": Wrong(
        "09-word-vectors",
        "one_step",
        """
def one_step(W, C, i, j, negatives, rate):
    chosen = np.append(j, negatives)
    truth = np.append(1.0, np.zeros(len(negatives)))
    off = truth - 1 / (1 + np.exp(-C[chosen] @ W[i]))
    W_new, C_new = W.copy(), C.copy()
    W_new[i] += rate * off @ C[chosen]
    C_new[chosen] += rate * np.outer(off, W[i])
    return W_new, C_new
""",
        "What happens to a word that was drawn twice?",
    ),
    "one step: one table after the other": Wrong(
        "09-word-vectors",
        "one_step",
        """
def one_step(W, C, i, j, negatives, rate):
    chosen = np.append(j, negatives)
    truth = np.append(1.0, np.zeros(len(negatives)))
    off = truth - 1 / (1 + np.exp(-C[chosen] @ W[i]))
    W_new, C_new = W.copy(), C.copy()
    W_new[i] += rate * off @ C[chosen]
    np.add.at(C_new, chosen, rate * np.outer(off, W_new[i]))
    return W_new, C_new
""",
        "Both tables must be moved from where they were",
    ),
    "one step: the tables that were given are changed": Wrong(
        "09-word-vectors",
        "one_step",
        """
def one_step(W, C, i, j, negatives, rate):
    chosen = np.append(j, negatives)
    truth = np.append(1.0, np.zeros(len(negatives)))
    off = truth - 1 / (1 + np.exp(-C[chosen] @ W[i]))
    old = W[i].copy()
    W[i] += rate * off @ C[chosen]
    np.add.at(C, chosen, rate * np.outer(off, old))
    return W, C
""",
        "Your function changes what it is given",
    ),
    "gradient of a table: the pads count as words": Wrong(
        "09-word-vectors",
        "table_gradient",
        """
def table_gradient(table, v, b, ids, y):
    words = np.ones(ids.shape)
    share = words / words.sum(axis=1, keepdims=True)
    off = 1 / (1 + np.exp(-b - np.sum((table @ v)[ids] * share, axis=1))) - y
    found = np.zeros_like(table)
    for row, step in zip(ids, off[:, np.newaxis] * share):
        np.add.at(found, row, step[:, np.newaxis] * v)
    return found
""",
        "The mean leaves the pads out",
    ),
    "gradient of a table: a word counts once in a sentence": Wrong(
        "09-word-vectors",
        "table_gradient",
        """
def table_gradient(table, v, b, ids, y):
    words = (ids != 0).astype(float)
    share = words / words.sum(axis=1, keepdims=True)
    off = 1 / (1 + np.exp(-b - np.sum((table @ v)[ids] * share, axis=1))) - y
    found = np.zeros_like(table)
    for row, step in zip(ids, off[:, np.newaxis] * share):
        found[row] += step[:, np.newaxis] * v
    return found
""",
        "A word may stand in a sentence more than once",
    ),
    "predict: first and last": Wrong(
        "20-full-size",
        "predict",
        """
def predict(rows, seconds, n):
    b = (seconds[-1] - seconds[0]) / (rows[-1] - rows[0])
    return seconds[0] + b * (n - rows[0])
""",
        "leaves the others out",
    ),
    "network of nine: held at zero, not removed": Wrong(
        "14-lstm-probes",
        "without",
        """
def without(weights, unit):
    return fix_unit(weights, unit, 0.0)
""",
        "without. The unit is held at zero, but it is still there",
        {"trained": [network_of_ten(seed) for seed in range(3)]},
    ),
    "third branch: the brand as an amount": Wrong(
        "15-text-and-tables",
        "three_branches",
        """
def three_branches(num_brands):
    ids = keras.Input((64,), dtype="int32", name="ids")
    numbers = keras.Input((84,), name="table")
    brand = keras.Input((1,), dtype="int32", name="brand")
    parts = [windows(ids), numbers, ops.cast(brand, "float32")]
    return keras.Model([ids, numbers, brand], layers.Dense(1)(layers.Concatenate()(parts)))
""",
        "A brand's id is no amount",
    ),
    "third branch: one more dense layer": Wrong(
        "15-text-and-tables",
        "three_branches",
        """
def three_branches(num_brands):
    ids = keras.Input((64,), dtype="int32", name="ids")
    numbers = keras.Input((84,), name="table")
    brand = keras.Input((1,), dtype="int32", name="brand")
    vector = layers.Flatten()(layers.Embedding(num_brands, 4)(brand))
    parts = layers.Concatenate()([windows(ids), numbers, layers.Dense(4)(vector)])
    return keras.Model([ids, numbers, brand], layers.Dense(1)(parts))
""",
        "three_branches(",
    ),
    "third branch: a price that cannot fall below zero": Wrong(
        "15-text-and-tables",
        "three_branches",
        """
def three_branches(num_brands):
    shapes = {"ids": ((64,), "int32"), "table": ((84,), "float32"), "brand": ((1,), "int32")}
    ids, table, brand = [keras.Input(s, dtype=d, name=n) for n, (s, d) in shapes.items()]
    read = [windows(ids), table, layers.Flatten()(layers.Embedding(num_brands, 4)(brand))]
    price = layers.Dense(1, activation="relu")(layers.Concatenate()(read))
    return keras.Model([ids, table, brand], price)
""",
        "three_branches(",
    ),
    "what a sum leaves: each fact by its own share": Wrong(
        "15-text-and-tables",
        "best_sum",
        """
def best_sum(c, p, q):
    return [-c * p * q, c * p, c * q, c**2 * p * (1 - p) * q * (1 - q)]
""",
        "the share of the *other*",
    ),
    "what a sum leaves: no constant": Wrong(
        "15-text-and-tables",
        "best_sum",
        """
def best_sum(c, p, q):
    return [0, c * q, c * p, c**2 * p * (1 - p) * q * (1 - q)]
""",
        "The constant takes back what both count twice",
    ),
    "one ReLU unit: the product itself": Wrong(
        "15-text-and-tables",
        "relu_product",
        """
def relu_product(a, b):
    return a * b
""",
        "no ReLU unit multiplies",
    ),
    "one ReLU unit: right for 0 and 1, with another bias": Wrong(
        "15-text-and-tables",
        "relu_product",
        """
def relu_product(a, b):
    return np.maximum(0, 1.5 * a + 1.5 * b - 2)
""",
        "for 0 and 1",
    ),
    "Duan's factor: forecast minus true": Wrong(
        "15-text-and-tables",
        "mean_factor",
        """
def mean_factor(y, f):
    return np.mean(np.exp(f - y))
""",
        "True minus forecast",
    ),
    "Duan's factor: the one of normal errors": Wrong(
        "15-text-and-tables",
        "mean_factor",
        """
def mean_factor(y, f):
    return np.exp(np.var(y - f) / 2)
""",
        "mean_factor",
    ),
    "Duan's factor: a ratio of means": Wrong(
        "15-text-and-tables",
        "mean_factor",
        """
def mean_factor(y, f):
    return np.exp(y).mean() / np.exp(f).mean()
""",
        "That weighs dear pairs more",
    ),
    "weighted: a dense unit on both states end to end": Wrong(
        "16-siamese-quora",
        "by_weighted",
        """
def by_weighted(u, v):
    return layers.Dense(1, activation="sigmoid")(layers.Concatenate()([u, v]))
""",
        "u and v are not treated alike",
    ),
    "weighted: differences with their sign": Wrong(
        "16-siamese-quora",
        "by_weighted",
        """
def by_weighted(u, v):
    return layers.Dense(1, activation="sigmoid")(u - v)
""",
        "u - v still has its sign",
    ),
    "weighted: without a bias": Wrong(
        "16-siamese-quora",
        "by_weighted",
        """
def by_weighted(u, v):
    return layers.Dense(1, activation="sigmoid", use_bias=False)(ops.abs(u - v))
""",
        "by_weighted",
    ),
    "reachable: one step only": Wrong(
        "16-siamese-quora",
        "reachable",
        """
def reachable(start, left, right):
    return {start}.union(*({a, b} for a, b in zip(left, right) if start in (a, b)))
""",
        "ou stop after one step",
    ),
    "similarities: no care for a vector of zeros": Wrong(
        "16-siamese-quora",
        "similarities",
        """
def similarities(u, v):
    lengths = np.linalg.norm(u, axis=1) * np.linalg.norm(v, axis=1)
    with np.errstate(invalid="ignore"):
        cosine = (u * v).sum(1) / lengths
    return np.column_stack([(u * v).sum(1), cosine, np.exp(-np.abs(u - v).sum(1))])
""",
        "vector of zeros divides 0 by 0",
    ),
    "similarities: a vector of zeros is like itself": Wrong(
        "16-siamese-quora",
        "similarities",
        """
def similarities(u, v):
    lengths = np.linalg.norm(u, axis=1) * np.linalg.norm(v, axis=1)
    cosine = np.where(lengths > 0, (u * v).sum(1) / np.maximum(lengths, 1e-12), 1.0)
    return np.column_stack([(u * v).sum(1), cosine, np.exp(-np.abs(u - v).sum(1))])
""",
        "similarities",
    ),
    "cheapest cut: the costs the wrong way round": Wrong(
        "16-siamese-quora",
        "cheapest_cut",
        """
def cheapest_cut(answers, labels, merge_cost, miss_cost):
    above = answers >= np.arange(101)[:, None] / 100
    merges, misses = (above & (labels == 0)).sum(1), (~above & (labels == 1)).sum(1)
    return (merges * miss_cost + misses * merge_cost).argmin() / 100
""",
        "the wrong way round",
    ),
    "cheapest cut: strictly above": Wrong(
        "16-siamese-quora",
        "cheapest_cut",
        """
def cheapest_cut(answers, labels, merge_cost, miss_cost):
    above = answers > np.arange(101)[:, None] / 100
    merges, misses = (above & (labels == 0)).sum(1), (~above & (labels == 1)).sum(1)
    return (merges * merge_cost + misses * miss_cost).argmin() / 100
""",
        "cheapest_cut",
    ),
    "cheapest cut: 1.00 is left out": Wrong(
        "16-siamese-quora",
        "cheapest_cut",
        """
def cheapest_cut(answers, labels, merge_cost, miss_cost):
    above = answers >= np.arange(100)[:, None] / 100
    merges, misses = (above & (labels == 0)).sum(1), (~above & (labels == 1)).sum(1)
    return (merges * merge_cost + misses * miss_cost).argmin() / 100
""",
        "cheapest_cut",
    ),
    "precision elsewhere: the precision here": Wrong(
        "16-siamese-quora",
        "precision_elsewhere",
        """
def precision_elsewhere(merged, labels, share):
    return labels[merged].mean()
""",
        "hat is the precision here",
    ),
    "precision elsewhere: wrong merges as a share of all": Wrong(
        "16-siamese-quora",
        "precision_elsewhere",
        """
def precision_elsewhere(merged, labels, share):
    recall, false = merged[labels == 1].mean(), np.mean(merged & (labels == 0))
    return share * recall / (share * recall + (1 - share) * false)
""",
        "is one of the pairs that are no duplicates",
    ),
    "context slope: the state without the context": Wrong(
        "17-attention",
        "context_slope",
        """
def context_slope(scores, states):
    return softmax(scores)[:, None] * states
""",
        "takes weight from all others",
    ),
    "context slope: a sigmoid's slope": Wrong(
        "17-attention",
        "context_slope",
        """
def context_slope(scores, states):
    weights = softmax(scores)
    return (weights * (1 - weights))[:, None] * states
""",
        "their states count as well",
    ),
    "context slope: away from the state": Wrong(
        "17-attention",
        "context_slope",
        """
def context_slope(scores, states):
    weights = softmax(scores)
    return weights[:, None] * (weights @ states - states)
""",
        "the context moves toward a state",
    ),
    "context slope: without the weight": Wrong(
        "17-attention",
        "context_slope",
        """
def context_slope(scores, states):
    return states - softmax(scores) @ states
""",
        "context_slope",
    ),
    "context slope: turned": Wrong(
        "17-attention",
        "context_slope",
        """
def context_slope(scores, states):
    weights = softmax(scores)
    return (weights[:, None] * (states - weights @ states)).T
""",
        "shape",
    ),
    "context slope: a bare exponential": Wrong(
        "17-attention",
        "context_slope",
        """
def context_slope(scores, states):
    with np.errstate(all="ignore"):
        weights = np.exp(scores) / np.sum(np.exp(scores))
        return weights[:, None] * (states - weights @ states)
""",
        "overflows",
    ),
    "context slope: the scores less their mean": Wrong(
        "17-attention",
        "context_slope",
        """
def context_slope(scores, states):
    with np.errstate(all="ignore"):
        weights = np.exp(scores - np.mean(scores))
        weights = weights / np.sum(weights)
        return weights[:, None] * (states - weights @ states)
""",
        "far above the mean",
    ),
    "context slope: by differences": Wrong(
        "17-attention",
        "context_slope",
        """
def context_slope(scores, states):
    rows = []
    for t in range(len(scores)):
        up, down = scores.copy(), scores.copy()
        up[t], down[t] = up[t] + 1e-5, down[t] - 1e-5
        rows.append((softmax(up) @ states - softmax(down) @ states) / 2e-5)
    return np.array(rows)
""",
        "nudge is lost",
    ),
    "attend all: no mask": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    return np.einsum("nst,ntp->nsp", softmax(scores, axis=2), states)
""",
        "pads are looked at",
    ),
    "attend all: a mask behind the softmax": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    weights = softmax(scores, axis=-1)
    pads = np.arange(scores.shape[-1]) >= np.asarray(lengths)[:, None]
    weights[np.broadcast_to(pads[:, None], weights.shape)] = 0
    return weights @ states
""",
        "no longer sum to one",
    ),
    "attend all: scores of zero": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None]
    return softmax(np.where(real[:, None], scores, 0), axis=-1) @ states
""",
        "is no mask",
    ),
    "attend all: over the steps": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None]
    exps = np.exp(scores) * real[:, None]
    return exps / (exps.sum(axis=1, keepdims=True) + 1e-300) @ states
""",
        "attend_all",
    ),
    "attend all: over the steps, masked by a low score": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None]
    return softmax(np.where(real[:, None], scores, -1e9), axis=1) @ states
""",
        "runs over the steps",
    ),
    "attend all: over the examples": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None]
    return softmax(np.where(real[:, None], scores, -1e9), axis=0) @ states
""",
        "runs over the examples",
    ),
    "attend all: minus twenty": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None]
    return softmax(np.where(real[:, None], scores, -20), axis=-1) @ states
""",
        "may be lower than your number",
    ),
    "attend all: pads taken away afterwards, the rest renormalized": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = (np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None])[:, None]
    with np.errstate(all="ignore"):
        weights = softmax(scores, axis=-1) * real
        return weights / weights.sum(axis=-1, keepdims=True) @ states
""",
        "louder than the letters",
    ),
    "attend all: pads lowered by 1,000": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = (np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None])[:, None]
    return softmax(scores - 1e3 * ~real, axis=-1) @ states
""",
        "replace its score",
    ),
    "attend all: pads lowered by 30": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = (np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None])[:, None]
    return softmax(np.where(real, scores, scores - 30), axis=-1) @ states
""",
        "replace its score",
    ),
    "attend all: minus two thousand": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = (np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None])[:, None]
    return softmax(np.where(real, scores, -2000.0), axis=-1) @ states
""",
        "may be lower than your number",
    ),
    "attend all: less the largest of all scores": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = (np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None])[:, None]
    with np.errstate(all="ignore"):
        exps = np.exp(scores - scores.max()) * real
        return exps / exps.sum(axis=-1, keepdims=True) @ states
""",
        "",
    ),
    "attend all: less the mean": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = (np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None])[:, None]
    with np.errstate(all="ignore"):
        exps = np.exp(scores - scores.mean(axis=-1, keepdims=True)) * real
        return exps / exps.sum(axis=-1, keepdims=True) @ states
""",
        "",
    ),
    "attend all: a little in the denominator": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = (np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None])[:, None]
    with np.errstate(all="ignore"):
        exps = np.exp(scores - scores.max(axis=-1, keepdims=True)) * real
        return exps / (exps.sum(axis=-1, keepdims=True) + 1e-12) @ states
""",
        "",
    ),
    "attend all: a bare exponential": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None]
    with np.errstate(all="ignore"):
        exps = np.exp(np.where(real[:, None], scores, -np.inf))
        return exps / exps.sum(axis=-1, keepdims=True) @ states
""",
        "overflows",
    ),
    "attend all: in place": Wrong(
        "17-attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    for row, length in zip(scores, lengths):
        row[:, length:] = -np.inf
    return softmax(scores, axis=-1) @ states
""",
        "",
    ),
    "best of all: greedy": Wrong(
        "17-attention",
        "best_log",
        """
def best_log(first, follow, length):
    last = np.argmax(first)
    total = np.log(first[last])
    for _ in range(length - 1):
        total, last = total + np.log(follow[last].max()), np.argmax(follow[last])
    return total
""",
        "a less probable beginning",
    ),
    "best of all: a beam of all within 25 nats of the best": Wrong(
        "17-attention",
        "best_log",
        """
def best_log(first, follow, length):
    best = np.log(first)
    for _ in range(length - 1):
        best = np.where(best > best.max() - 25, best, -np.inf)
        best = (best[:, None] + np.log(follow)).max(axis=0)
    return best.max()
""",
        "",
    ),
    "best of all: a beam": Wrong(
        "17-attention",
        "best_log",
        """
def best_log(first, follow, length):
    beam = [(np.log(p), k) for k, p in enumerate(first)]
    for _ in range(length - 1):
        logs = np.log(follow)
        beam = sorted((p + q, k) for p, j in beam for k, q in enumerate(logs[j]))[-len(first) :]
    return max(beam)[0]
""",
        "is a beam of V",
    ),
    "best of all: a beam of nine": Wrong(
        "17-attention",
        "best_log",
        """
def best_log(first, follow, length):
    beam = [(np.log(p), k) for k, p in enumerate(first)]
    for _ in range(length - 1):
        logs = np.log(follow)
        beam = sorted((p + q, k) for p, j in beam for k, q in enumerate(logs[j]))[-9:]
    return max(beam)[0]
""",
        "is a beam of about",
    ),
    "best of all: a beam of two hundred": Wrong(
        "17-attention",
        "best_log",
        """
def best_log(first, follow, length):
    beam = [(np.log(p), k) for k, p in enumerate(first)]
    for _ in range(length - 1):
        logs = np.log(follow)
        beam = sorted((p + q, k) for p, j in beam for k, q in enumerate(logs[j]))[-200:]
    return max(beam)[0]
""",
        "best_log",
    ),
    "best of all: a beam of two thousand": Wrong(
        "17-attention",
        "best_log",
        """
def best_log(first, follow, length):
    totals, last = np.log(first), np.arange(len(first))
    for _ in range(length - 1):
        keep = np.argsort(totals)[-2000:]
        totals = (totals[keep, None] + np.log(follow[last[keep]])).ravel()
        last = np.tile(np.arange(len(first)), len(keep))
    return totals.max()
""",
        "is a beam of about",
    ),
    "best of all: products": Wrong(
        "17-attention",
        "best_log",
        """
def best_log(first, follow, length):
    best = first
    for _ in range(length - 1):
        best = (best[:, None] * follow).max(axis=0)
    with np.errstate(divide="ignore"):
        return np.log(best).max()
""",
        "become 0",
    ),
    "best of all: the probability": Wrong(
        "17-attention",
        "best_log",
        """
def best_log(first, follow, length):
    best = first
    for _ in range(length - 1):
        best = (best[:, None] * follow).max(axis=0)
    return best.max()
""",
        "its logarithm is asked for",
    ),
    "best of all: always six steps": Wrong(
        "17-attention",
        "best_log",
        """
def best_log(first, follow, length):
    best = np.log(first)
    for _ in range(6):
        best = (best[:, None] + np.log(follow)).max(axis=0)
    return best.max()
""",
        "best_log",
    ),
    "best of all: the table turned": Wrong(
        "17-attention",
        "best_log",
        """
def best_log(first, follow, length):
    best = np.log(first)
    for _ in range(length - 1):
        best = (np.log(follow) + best).max(axis=1)
    return best.max()
""",
        "is the symbol before, a column",
    ),
    "best of all: sums for the best": Wrong(
        "17-attention",
        "best_log",
        """
def best_log(first, follow, length):
    best = first
    for _ in range(length - 1):
        best = best @ follow
    return np.log(best.max())
""",
        "adds up all ways",
    ),
    "best of all: one step too many": Wrong(
        "17-attention",
        "best_log",
        """
def best_log(first, follow, length):
    best = np.log(first)
    for _ in range(length):
        best = (best[:, None] + np.log(follow)).max(axis=0)
    return best.max()
""",
        "counts all symbols",
    ),
    "answer by query: the weight times the value": Wrong(
        "18-self-attention",
        "answer_by_query",
        """
def answer_by_query(query, keys, values):
    weights = softmax(keys @ query / np.sqrt(len(query)))
    return keys.T @ (weights * values) / np.sqrt(len(query))
""",
        "takes weight from all the others",
    ),
    "answer by query: what the scores hand on is not divided": Wrong(
        "18-self-attention",
        "answer_by_query",
        """
def answer_by_query(query, keys, values):
    weights = softmax(keys @ query / np.sqrt(len(query)))
    return keys.T @ (weights * (values - weights @ values))
""",
        "so is what they hand on",
    ),
    "answer by query: divided by d": Wrong(
        "18-self-attention",
        "answer_by_query",
        """
def answer_by_query(query, keys, values):
    weights = softmax(keys @ query / np.sqrt(len(query)))
    return keys.T @ (weights * (values - weights @ values)) / len(query)
""",
        "once too often",
    ),
    "answer by query: the difference, not weighed": Wrong(
        "18-self-attention",
        "answer_by_query",
        """
def answer_by_query(query, keys, values):
    weights = softmax(keys @ query / np.sqrt(len(query)))
    return keys.T @ (values - weights @ values) / np.sqrt(len(query))
""",
        "it still has to be weighed",
    ),
    "answer by query: weights of undivided scores": Wrong(
        "18-self-attention",
        "answer_by_query",
        """
def answer_by_query(query, keys, values):
    weights = softmax(keys @ query)
    return keys.T @ (weights * (values - weights @ values)) / np.sqrt(len(query))
""",
        "divided before the softmax",
    ),
    "answer by query: the sign": Wrong(
        "18-self-attention",
        "answer_by_query",
        """
def answer_by_query(query, keys, values):
    weights = softmax(keys @ query / np.sqrt(len(query)))
    return keys.T @ (weights * (weights @ values - values)) / np.sqrt(len(query))
""",
        "ight but for the sign",
    ),
    "answer by query: a softmax that overflows": Wrong(
        "18-self-attention",
        "answer_by_query",
        """
def answer_by_query(query, keys, values):
    rises = np.exp(keys @ query / np.sqrt(len(query)))
    weights = rises / rises.sum()
    return keys.T @ (weights * (values - weights @ values)) / np.sqrt(len(query))
""",
        "answer_by_query",
    ),
    "answer by query: a softmax less the mean overflows": Wrong(
        "18-self-attention",
        "answer_by_query",
        """
def answer_by_query(query, keys, values):
    scores = keys @ query / np.sqrt(len(query))
    rises = np.exp(scores - scores.mean())
    weights = rises / rises.sum()
    return keys.T @ (weights * (values - weights @ values)) / np.sqrt(len(query))
""",
        "NaN",
    ),
    "answer by query: a softmax less the first score overflows": Wrong(
        "18-self-attention",
        "answer_by_query",
        """
def answer_by_query(query, keys, values):
    scores = keys @ query / np.sqrt(len(query))
    rises = np.exp(scores - scores[0])
    weights = rises / rises.sum()
    return keys.T @ (weights * (values - weights @ values)) / np.sqrt(len(query))
""",
        "NaN",
    ),
    "answer by query: by the scores": Wrong(
        "18-self-attention",
        "answer_by_query",
        """
def answer_by_query(query, keys, values):
    weights = softmax(keys @ query / np.sqrt(len(query)))
    return weights * (values - weights @ values)
""",
        "shape",
    ),
    "window: one step too many": Wrong(
        "18-self-attention",
        "window",
        """
def window(T, w):
    return np.tri(T, dtype=bool) & ~np.tri(T, k=-w - 1, dtype=bool)
""",
        "ne step too many",
    ),
    "window: one step too few": Wrong(
        "18-self-attention",
        "window",
        """
def window(T, w):
    return np.tri(T, dtype=bool) & ~np.tri(T, k=1 - w, dtype=bool)
""",
        "ne step too few",
    ),
    "window: both ways": Wrong(
        "18-self-attention",
        "window",
        """
def window(T, w):
    t = np.arange(T)
    return np.abs(t[:, None] - t) < w
""",
        "looks ahead as well",
    ),
    "window: rows and columns exchanged": Wrong(
        "18-self-attention",
        "window",
        """
def window(T, w):
    return np.tri(T, k=w - 1, dtype=bool) & ~np.tri(T, k=-1, dtype=bool)
""",
        "turned round",
    ),
    "window: true where it is hidden": Wrong(
        "18-self-attention",
        "window",
        """
def window(T, w):
    return ~(np.tri(T, dtype=bool) & ~np.tri(T, k=-w, dtype=bool))
""",
        "hides what should be seen",
    ),
    "window: numbers in place of truth values": Wrong(
        "18-self-attention",
        "window",
        """
def window(T, w):
    return np.where(np.tri(T, dtype=bool) & ~np.tri(T, k=-w, dtype=bool), 0, -np.inf)
""",
        "window",
    ),
    "layers needed: rounded down": Wrong(
        "18-self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return (T - 1) // (w - 1)
""",
        "needs a layer, too",
    ),
    "layers needed: not rounded": Wrong(
        "18-self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return (T - 1) / (w - 1)
""",
        "ayers are whole",
    ),
    "layers needed: T steps": Wrong(
        "18-self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return int(np.ceil(T / (w - 1)))
""",
        "T - 1 steps, not T",
    ),
    "layers needed: one too many": Wrong(
        "18-self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return (T - 1) // (w - 1) + 1
""",
        "T - 1 steps, not T",
    ),
    "layers needed: w new steps per layer": Wrong(
        "18-self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return int(np.ceil((T - 1) / w))
""",
        "adds w - 1 new steps",
    ),
    "layers needed: w new steps per layer, and T of them": Wrong(
        "18-self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return int(np.ceil(T / w))
""",
        "and it is T - 1 steps",
    ),
    "layers needed: multiplied": Wrong(
        "18-self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return int(np.ceil(np.log(T) / np.log(w) - 1e-9))
""",
        "not multiplied",
    ),
    "leaks: the middle place alone": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    changed = X.copy()
    changed[len(X) // 2] = 7
    return bool(np.any(layer(changed)[:len(X) // 2] != layer(X)[:len(X) // 2]))
""",
        "in the middle is not enough",
    ),
    "leaks: place 3 alone": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    changed = X.copy()
    changed[3] = 7
    return bool(np.any(layer(changed)[:3] != layer(X)[:3]))
""",
        "no better than another",
    ),
    "leaks: the last place alone": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    changed = X.copy()
    changed[-1] = 7
    return bool(np.any(layer(changed)[:-1] != layer(X)[:-1]))
""",
        "last row alone",
    ),
    "leaks: the first answer alone": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    found = False
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place] = 7
        apart = np.abs(layer(changed) - layer(X)).max(axis=1)
        found |= bool(apart[0] > 1e-9)
    return found
""",
        "not at the first alone",
    ),
    "leaks: the answer just before alone": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    found = False
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place] = 7
        apart = np.abs(layer(changed) - layer(X)).max(axis=1)
        found |= bool(apart[place - 1] > 1e-9)
    return found
""",
        "just before alone",
    ),
    "leaks: the own answer as well": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    found = False
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place] = 7
        apart = np.abs(layer(changed) - layer(X)).max(axis=1)
        found |= bool(apart[: place + 1].max() > 1e-9)
    return found
""",
        "leaks where there are none",
    ),
    "leaks: later answers": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    found = False
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place] = 7
        apart = np.abs(layer(changed) - layer(X)).max(axis=1)
        found |= bool(apart[place:].max() > 1e-9)
    return found
""",
        "leaks where there are none",
    ),
    "leaks: the other way round": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    found = False
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place] = 7
        apart = np.abs(layer(changed) - layer(X)).max(axis=1)
        found |= bool(apart[:place].max() > 1e-9)
    return not found
""",
        "means that it leaks",
    ),
    "leaks: one entry of the answers alone": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place] += 1
        apart = layer(changed) - layer(X)
        if np.any(np.abs(apart[:place, 0]) > 1e-9):
            return True
    return False
""",
        "",
    ),
    "leaks: one entry of the input alone": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place, 0] += 1
        apart = layer(changed) - layer(X)
        if np.any(np.abs(apart[:place]) > 1e-9):
            return True
    return False
""",
        "",
    ),
    "leaks: moves added up with their signs": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place] += 1
        apart = layer(changed) - layer(X)
        if abs(apart[:place].sum()) > 1e-9:
            return True
    return False
""",
        "",
    ),
    "leaks: five steps and no more": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    for place in range(1, 5):
        changed = X.copy()
        changed[place] += 1
        apart = layer(changed) - layer(X)
        if np.any(np.abs(apart[:place]) > 1e-9):
            return True
    return False
""",
        "",
    ),
    "leaks: a few rows of the answers": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place] += 1
        apart = layer(changed) - layer(X)
        if np.any(np.abs(apart[[0, min(1, place - 1), place - 1]]) > 1e-9):
            return True
    return False
""",
        "",
    ),
    "leaks: moves upward alone": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place] += 1
        apart = (layer(changed) - layer(X))[:place]
        if np.any(apart > 1e-9):
            return True
    return False
""",
        "",
    ),
    "leaks: moves of a twentieth and more": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place] += 1
        apart = (layer(changed) - layer(X))[:place]
        if np.any(np.abs(apart) > 0.05):
            return True
    return False
""",
        "",
    ),
    "leaks: the second entry alone": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place] += 1
        apart = (layer(changed) - layer(X))[:place]
        if np.any(np.abs(apart[:, 1]) > 1e-9):
            return True
    return False
""",
        "",
    ),
    "leaks: the third entry alone": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    for place in range(1, len(X)):
        changed = X.copy()
        changed[place] += 1
        apart = (layer(changed) - layer(X))[:place]
        if np.any(np.abs(apart[:, 2]) > 1e-9):
            return True
    return False
""",
        "",
    ),
    "leaks: rows that are replaced stay so": Wrong(
        "18-self-attention",
        "leaks",
        """
def leaks(layer, X):
    before, changed, found = layer(X), X.copy(), False
    for place in range(1, len(X)):
        changed[place] = 7
        found |= bool(np.any(np.abs(layer(changed) - before)[:place] > 1e-9))
    return found
""",
        "starts from X as it was given",
    ),
    "rotation: the other way": Wrong(
        "18-self-attention",
        "rotation",
        """
def rotation(k, omega):
    sine, cosine = np.sin(omega * k), np.cos(omega * k)
    return np.array([[cosine, -sine], [sine, cosine]])
""",
        "turns the other way",
    ),
    "rotation: one step in place of k": Wrong(
        "18-self-attention",
        "rotation",
        """
def rotation(k, omega):
    sine, cosine = np.sin(omega), np.cos(omega)
    return np.array([[cosine, sine], [-sine, cosine]])
""",
        "not omega",
    ),
    "rotation: the angle is k": Wrong(
        "18-self-attention",
        "rotation",
        """
def rotation(k, omega):
    sine, cosine = np.sin(k), np.cos(k)
    return np.array([[cosine, sine], [-sine, cosine]])
""",
        "not k",
    ),
    "rotation: the sine by the root": Wrong(
        "18-self-attention",
        "rotation",
        """
def rotation(k, omega):
    cosine = np.cos(omega * k)
    sine = np.sqrt(1 - cosine**2)
    return np.array([[cosine, sine], [-sine, cosine]])
""",
        "root of 1 minus a square",
    ),
    "a linear recurrence: what a step hears directly": Wrong(
        "19-parallel-recurrence",
        "gradients",
        """
def gradients(a, states, direct):
    before = np.vstack([0 * states[:1], states[:-1]])
    return direct * before, direct
""",
        "what each step hears directly",
    ),
    "a linear recurrence: the state of the same step": Wrong(
        "19-parallel-recurrence",
        "gradients",
        """
def gradients(a, states, direct):
    later = np.vstack([a[1:], 0 * a[:1]])
    whole = scan(later[::-1], direct[::-1])[::-1]
    return whole * states, whole
""",
        "not the state of its own step",
    ),
    "a linear recurrence: gates not moved": Wrong(
        "19-parallel-recurrence",
        "gradients",
        """
def gradients(a, states, direct):
    whole = loop(a[::-1], direct[::-1])[::-1]
    return whole * np.vstack([0 * states[:1], states[:-1]]), whole
""",
        "stands the gate of step",
    ),
    "a linear recurrence: right, but the given gates are changed": Wrong(
        "19-parallel-recurrence",
        "gradients",
        """
def gradients(a, states, direct):
    a[:-1], a[-1] = a[1:].copy(), 0
    whole = loop(a[::-1], direct[::-1])[::-1]
    return whole * np.vstack([0 * states[:1], states[:-1]]), whole
""",
        "changes what it is given",
    ),
    "resume: from zero": Wrong(
        "19-parallel-recurrence",
        "states_from",
        """
def states_from(a, b, start):
    return scan(a, b)
""",
        "begins at zero",
    ),
    "resume: the start past the first gate": Wrong(
        "19-parallel-recurrence",
        "states_from",
        """
def states_from(a, b, start):
    return scan(a, np.vstack([b[:1] + start, b[1:]]))
""",
        "first gate multiplies the start",
    ),
    "resume: the start added to all states": Wrong(
        "19-parallel-recurrence",
        "states_from",
        """
def states_from(a, b, start):
    return scan(a, b) + start
""",
        "start fades with each step",
    ),
    "resume: right, but the given inputs are changed": Wrong(
        "19-parallel-recurrence",
        "states_from",
        """
def states_from(a, b, start):
    b[0] += a[0] * start
    return scan(a, b)
""",
        "changes what it is given",
    ),
    "ones: where it ends up": Wrong(
        "19-parallel-recurrence",
        "state_after",
        """
def state_after(n, a, b, start):
    return b / (1 - a)
""",
        "where it ends up",
    ),
    "ones: from zero": Wrong(
        "19-parallel-recurrence",
        "state_after",
        """
def state_after(n, a, b, start):
    return b * (1 - a**n) / (1 - a)
""",
        "what is left of the first state",
    ),
    "ones: one power too few": Wrong(
        "19-parallel-recurrence",
        "state_after",
        """
def state_after(n, a, b, start):
    rest = b / (1 - a)
    return rest + a ** (n - 1) * (start - rest)
""",
        "step too few",
    ),
    "ones: the states differ by less one step later": Wrong(
        "19-parallel-recurrence",
        "ones_until",
        """
def ones_until(a, b, gap):
    return int(np.log(gap / b) / np.log(a))
""",
        "one step fewer two neighbours",
    ),
    "ones: the later of the two neighbours": Wrong(
        "19-parallel-recurrence",
        "ones_until",
        """
def ones_until(a, b, gap):
    return int(np.ceil(np.log(gap / b) / np.log(a))) + 1
""",
        "the earlier one of the two neighbours",
    ),
    "ones: near the end in place of near each other": Wrong(
        "19-parallel-recurrence",
        "ones_until",
        """
def ones_until(a, b, gap):
    return int(np.ceil(np.log(gap * (1 - a) / b) / np.log(a)))
""",
        "near its end",
    ),
    "ones: any b taken for 1": Wrong(
        "19-parallel-recurrence",
        "ones_until",
        """
def ones_until(a, b, gap):
    return int(np.ceil(np.log(gap) / np.log(a)))
""",
        "first step has the size b",
    ),
    "ones: a number that is right for the first case alone": Wrong(
        "19-parallel-recurrence",
        "ones_until",
        """
def ones_until(a, b, gap):
    return 153
""",
        "(1 of 3 calls right.)",
    ),
    "a linear recurrence: gates without their sign": Wrong(
        "19-parallel-recurrence",
        "gradients",
        """
def gradients(a, states, direct):
    whole = direct.copy()
    for t in range(len(a) - 2, -1, -1):
        whole[t] += abs(a[t + 1]) * whole[t + 1]
    return whole * np.vstack([0 * states[:1], states[:-1]]), whole
""",
        "its sign counts",
    ),
    "a linear recurrence: products by sums of logarithms": Wrong(
        "19-parallel-recurrence",
        "gradients",
        """
def gradients(a, states, direct):
    with np.errstate(invalid="ignore"):
        decay = np.exp(np.cumsum(np.log(a), axis=0))
    whole = np.cumsum((decay * direct)[::-1], axis=0)[::-1] / decay
    return whole * np.vstack([0 * states[:1], states[:-1]]), whole
""",
        "NaN",
    ),
    "a linear recurrence: seven steps ahead and no further": Wrong(
        "19-parallel-recurrence",
        "gradients",
        """
def gradients(a, states, direct):
    whole = np.zeros_like(a)
    for t in range(len(a)):
        for later in range(t, min(t + 8, len(a))):
            whole[t] += np.prod(a[t + 1 : later + 1], axis=0) * direct[later]
    return whole * np.vstack([0 * states[:1], states[:-1]]), whole
""",
        "(3 of 4 calls right.)",
    ),
}


def check_cell(lecture: str, asked: str) -> str:
    """The check cell of the exercise whose starter binds a name."""
    cells = jupytext.read(ROOT / "lectures" / f"{lecture}.md").cells
    found = [
        cell.source
        for cell in cells
        if "exercise-check" in cell.metadata.get("tags", []) and asked in cell.source
    ]
    assert len(found) == 1, f"{len(found)} check cells of {lecture} read {asked}"
    return found[0]


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_check_tells_a_wrong_answer_from_the_solution(wrong: Wrong, monkeypatch, capsys) -> None:
    monkeypatch.delenv("RNN_CHECKS", raising=False)
    check = check_cell(wrong.lecture, wrong.asked)
    known = {**vars(functions_of(wrong.lecture)), **copy.deepcopy(wrong.stand_ins)}
    if wrong.asked in known:  # the solution; where it is no function, test_exercises.py tries it
        exec(check, dict(known))
        assert capsys.readouterr().out.startswith("Right: ")
    answered = dict(known)
    exec(wrong.code, answered)
    exec(check, answered)
    said = capsys.readouterr().out
    assert said.startswith("Not yet: ") and wrong.hint in said, said
