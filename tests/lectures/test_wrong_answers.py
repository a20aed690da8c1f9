"""The wrong answers that a reader has found to slip through a check: none is called right.

A check cell runs here on what its lecture defines (functions, classes and imports), on small
stand-ins for what the lecture loads or trains, and on the wrong answer; no notebook is executed.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import pytest

from tests.support import check_cell, check_says, functions_of


@dataclass(frozen=True)
class Wrong:
    """A wrong answer to an exercise: the code in the starter's place, and what the check says."""

    lecture: str
    asked: str  # a name that the starter binds, and only this exercise's check reads
    code: str
    hint: str
    stand_ins: dict = field(default_factory=dict)


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
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_check_tells_a_wrong_answer_from_the_solution(wrong: Wrong, monkeypatch) -> None:
    monkeypatch.delenv("RNN_CHECKS", raising=False)
    known = {**vars(functions_of(wrong.lecture)), **copy.deepcopy(wrong.stand_ins)}
    if wrong.asked in known:  # the solution; where it is no function, test_exercises.py tries it
        assert check_says(wrong.lecture, wrong.asked, "", known).startswith("Right: ")
    said = check_says(wrong.lecture, wrong.asked, wrong.code, known)
    assert said.startswith("Not yet: ") and wrong.hint in said, said


SLIPS = [  # checks whose slips are told on the page: lecture, name that the starter binds
    ("full-size", "break_even"),
    ("full-size", "combine"),
    ("inside-an-lstm", "worth"),
    ("inside-an-lstm", "two_accounts"),
    ("parallel-recurrence", "gradients"),
    ("parallel-recurrence", "ones_until"),
    ("recurrent-today", "pulse"),
    ("recurrent-today", "delta_rule"),
    ("siamese-quora", "precision_elsewhere"),
    ("siamese-quora", "in_batch_loss"),
    ("single-neuron-rnn", "gradient_h0"),
    ("single-neuron-rnn", "as_autoregression"),
    ("tagging", "share_whole"),
    ("tagging", "first_and_last"),
    ("tagging", "best_accuracy"),
    ("text-and-tables", "best_sum"),
    ("text-and-tables", "interaction"),
]


@pytest.mark.parametrize(("lecture", "asked"), SLIPS)
def test_each_slip_is_refused_with_its_own_hint(lecture, asked, monkeypatch, capsys) -> None:
    monkeypatch.delenv("RNN_CHECKS", raising=False)
    known, calls = dict(vars(functions_of(lecture))), []
    check_function = known["check_function"]
    known["check_function"] = lambda *given, **options: calls.append((given, options))
    exec(check_cell(lecture, asked), known)
    (((answer, reference), options),) = calls
    check_function(answer, reference, **options)
    assert capsys.readouterr().out.startswith("Right: ")
    for hint, slip in options["slips"].items():
        check_function(slip, reference, **options)
        said = capsys.readouterr().out
        assert said.startswith("Not yet: ") and hint[1:] in said, f"{hint}: {said}"
