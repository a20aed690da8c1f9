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
        "attention",
        "context_slope",
        """
def context_slope(scores, states):
    return softmax(scores)[:, None] * states
""",
        "takes weight from all others",
    ),
    "context slope: a sigmoid's slope": Wrong(
        "attention",
        "context_slope",
        """
def context_slope(scores, states):
    weights = softmax(scores)
    return (weights * (1 - weights))[:, None] * states
""",
        "count as well",
    ),
    "context slope: away from the state": Wrong(
        "attention",
        "context_slope",
        """
def context_slope(scores, states):
    weights = softmax(scores)
    return weights[:, None] * (weights @ states - states)
""",
        "moves toward a state",
    ),
    "context slope: without the weight": Wrong(
        "attention",
        "context_slope",
        """
def context_slope(scores, states):
    return states - softmax(scores) @ states
""",
        "context_slope",
    ),
    "context slope: turned": Wrong(
        "attention",
        "context_slope",
        """
def context_slope(scores, states):
    weights = softmax(scores)
    return (weights[:, None] * (states - weights @ states)).T
""",
        "shape",
    ),
    "attend all: no mask": Wrong(
        "attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    return np.einsum("nst,ntp->nsp", softmax(scores, axis=2), states)
""",
        "adding gets weight",
    ),
    "attend all: a mask behind the softmax": Wrong(
        "attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    weights = softmax(scores, axis=-1)
    pads = np.arange(scores.shape[-1]) >= np.asarray(lengths)[:, None]
    weights[np.broadcast_to(pads[:, None], weights.shape)] = 0
    return weights @ states
""",
        "no longer sum to 1",
    ),
    "attend all: scores of zero": Wrong(
        "attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None]
    return softmax(np.where(real[:, None], scores, 0), axis=-1) @ states
""",
        "is no mask",
    ),
    "attend all: over the steps": Wrong(
        "attention",
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
        "attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None]
    return softmax(np.where(real[:, None], scores, -1e9), axis=1) @ states
""",
        "attend_all",
    ),
    "attend all: over the examples": Wrong(
        "attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None]
    return softmax(np.where(real[:, None], scores, -1e9), axis=0) @ states
""",
        "attend_all",
    ),
    "attend all: minus twenty": Wrong(
        "attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None]
    return softmax(np.where(real[:, None], scores, -20), axis=-1) @ states
""",
        "attend_all",
    ),
    "attend all: pads taken away afterwards, the rest renormalized": Wrong(
        "attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = (np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None])[:, None]
    with np.errstate(all="ignore"):
        weights = softmax(scores, axis=-1) * real
        return weights / weights.sum(axis=-1, keepdims=True) @ states
""",
        "mask before the softmax",
    ),
    "attend all: pads lowered by 1,000": Wrong(
        "attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = (np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None])[:, None]
    return softmax(scores - 1e3 * ~real, axis=-1) @ states
""",
        "attend_all",
    ),
    "attend all: pads lowered by 30": Wrong(
        "attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = (np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None])[:, None]
    return softmax(np.where(real, scores, scores - 30), axis=-1) @ states
""",
        "attend_all",
    ),
    "attend all: minus two thousand": Wrong(
        "attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = (np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None])[:, None]
    return softmax(np.where(real, scores, -2000.0), axis=-1) @ states
""",
        "attend_all",
    ),
    "attend all: less the largest of all scores": Wrong(
        "attention",
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
        "attention",
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
        "attention",
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
        "attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    real = np.arange(scores.shape[-1]) < np.asarray(lengths)[:, None]
    with np.errstate(all="ignore"):
        exps = np.exp(np.where(real[:, None], scores, -np.inf))
        return exps / exps.sum(axis=-1, keepdims=True) @ states
""",
        "attend_all",
    ),
    "attend all: in place": Wrong(
        "attention",
        "attend_all",
        """
def attend_all(scores, states, lengths):
    for row, length in zip(scores, lengths):
        row[:, length:] = -np.inf
    return softmax(scores, axis=-1) @ states
""",
        "",
    ),
    "answer by query: the weight times the value": Wrong(
        "self-attention",
        "output_by_query",
        """
def output_by_query(query, keys, values):
    weights = softmax(keys @ query / np.sqrt(len(query)))
    return keys.T @ (weights * values) / np.sqrt(len(query))
""",
        "takes weight from all the others",
    ),
    "answer by query: what the scores hand on is not divided": Wrong(
        "self-attention",
        "output_by_query",
        """
def output_by_query(query, keys, values):
    weights = softmax(keys @ query / np.sqrt(len(query)))
    return keys.T @ (weights * (values - weights @ values))
""",
        "so is their gradient",
    ),
    "answer by query: divided by d": Wrong(
        "self-attention",
        "output_by_query",
        """
def output_by_query(query, keys, values):
    weights = softmax(keys @ query / np.sqrt(len(query)))
    return keys.T @ (weights * (values - weights @ values)) / len(query)
""",
        "once too often",
    ),
    "answer by query: the difference, not weighed": Wrong(
        "self-attention",
        "output_by_query",
        """
def output_by_query(query, keys, values):
    weights = softmax(keys @ query / np.sqrt(len(query)))
    return keys.T @ (values - weights @ values) / np.sqrt(len(query))
""",
        "it still has to be weighed",
    ),
    "answer by query: weights of undivided scores": Wrong(
        "self-attention",
        "output_by_query",
        """
def output_by_query(query, keys, values):
    weights = softmax(keys @ query)
    return keys.T @ (weights * (values - weights @ values)) / np.sqrt(len(query))
""",
        "output_by_query",
    ),
    "answer by query: the sign": Wrong(
        "self-attention",
        "output_by_query",
        """
def output_by_query(query, keys, values):
    weights = softmax(keys @ query / np.sqrt(len(query)))
    return keys.T @ (weights * (weights @ values - values)) / np.sqrt(len(query))
""",
        "ight but for the sign",
    ),
    "answer by query: by the scores": Wrong(
        "self-attention",
        "output_by_query",
        """
def output_by_query(query, keys, values):
    weights = softmax(keys @ query / np.sqrt(len(query)))
    return weights * (values - weights @ values)
""",
        "shape",
    ),
    "layers needed: rounded down": Wrong(
        "self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return (T - 1) // (w - 1)
""",
        "needs a layer, too",
    ),
    "layers needed: not rounded": Wrong(
        "self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return (T - 1) / (w - 1)
""",
        "ayers are whole",
    ),
    "layers needed: T steps": Wrong(
        "self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return int(np.ceil(T / (w - 1)))
""",
        "T - 1 steps, not T",
    ),
    "layers needed: one too many": Wrong(
        "self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return (T - 1) // (w - 1) + 1
""",
        "T - 1 steps, not T",
    ),
    "layers needed: w new steps per layer": Wrong(
        "self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return int(np.ceil((T - 1) / w))
""",
        "adds w - 1 new steps",
    ),
    "layers needed: w new steps per layer, and T of them": Wrong(
        "self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return int(np.ceil(T / w))
""",
        "and it is T - 1 steps",
    ),
    "layers needed: multiplied": Wrong(
        "self-attention",
        "layers_needed",
        """
def layers_needed(T, w):
    return int(np.ceil(np.log(T) / np.log(w) - 1e-9))
""",
        "not multiplied",
    ),
    "leaks: the middle place alone": Wrong(
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
        "self-attention",
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
    ("attention", "attend_all"),
    ("attention", "beam_step"),
    ("attention", "context_slope"),
    ("full-size", "break_even"),
    ("full-size", "combine"),
    ("inside-an-lstm", "worth"),
    ("inside-an-lstm", "two_accounts"),
    ("parallel-recurrence", "gradients"),
    ("parallel-recurrence", "ones_until"),
    ("recurrent-today", "pulse"),
    ("recurrent-today", "delta_rule"),
    ("self-attention", "layers_needed"),
    ("self-attention", "leaks"),
    ("self-attention", "output_by_query"),
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
