"""What do layers with a state of fixed size recall of pairs, when keys repeat?

Design. Eight pairs of a key (8 numbers) and a value (one of 4, one-hot) go by, a pair per step;
then a question, inputs of its own: one of the keys that came; what was its last value? Three kinds
of lists. "new": each list has four keys of its own, random vectors of length 1, and each pair one
of them. "known": the same, but the four keys are drawn from eight that are always the same,
one-hot. "once": eight new keys, each in one pair, so that there is nothing to overwrite. Chance is
1/4.

Layers, a linear output of four scores behind each. A table S of 8 x 8, with dense keys k and
queries q of unit length, values v and write strengths b = sigmoid(dense): linear attention, S <- S
+ b k v'; one decay, S <- a S + b k v' with a = sigmoid(one weight), which begins at 3; gated, S <-
diag(a) S + b k v' with a vector of 8 gates a = sigmoid(dense), whose biases begin at 3; delta rule,
S <- (I - b k k') S + b k v'. These four differ in the transition of S alone. Softmax attention over
all pairs, with a learned penalty per step of age, without which it could not tell the last of two
values. The best that can be done when the order of the pairs is lost ("best without order"): the
most frequent value of the key.

Training: 1,500 updates on 32 new lists each, Adam, gradient norm clipped to 1, rate falling to zero
along half a cosine from 0.01, 0.03, 0.1 or 0.3; seeds 0 to 4 at each rate, the rate chosen by the
mean accuracy of the seeds on 2,000 validation lists. Accuracy on 2,000 test lists.

Declared win: with new keys the delta rule is more accurate than linear attention for each pair of
seeds. Control: with each key once the mean lead of the delta rule over linear attention is below
0.05. Declared open: the other three layers. Primary comparisons: delta rule less linear attention,
new and once; delta rule less gated linear attention, new.

Known before. Two full runs of a larger design (known keys alone, up to 8 in 16 pairs; then new and
known keys with 16 and 64 numbers, and known keys each once). Known keys each once: delta rule and
linear attention 1.00; so the control has new keys. With 16 numbers and new keys the delta rule had
.74 (seeds .58 to .85). A third run was this design with rates up to 0.1, which was the best one for
all tables with new keys; hence 0.3. It also had layers with a vector of 64 numbers as state, which
have five to twelve times the weights and which the page does not discuss: new keys, minGRU .63,
minGRU with an output gate that reads the question .88, LSTM .84; each once, .45, .84, .76. A fourth
run was this design without the layer with one decay, which a reader had trained: with new keys .80,
as the gated layer .84.

Rows: keys, model, numbers (of the state; softmax attention: of keys and values kept), rate, seed,
weights (number of), valid, accuracy, chosen.

Cost: one minute on two cores, five on busy ones, JAX.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jax import lax
from jax.nn import sigmoid

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two units run at once

BACKEND = "jax"
MINUTES = 4

KEYS, VALUES = 8, 4
INPUTS = 2 * KEYS + VALUES  # a key and its value, or the key that is asked for
PAIRS = 8
DIFFERENT = {"new": 4, "known": 4, "once": 8}  # keys of a list
D = 8  # dimensions of a key; the state has so many squared numbers
SUM, DECAY, GATED, DELTA = MATRIX = (
    "linear attention",
    "one decay",
    "gated linear attention",
    "delta rule",
)
SOFTMAX, BLIND = "softmax attention", "best without order"
RATES, SEEDS = (0.01, 0.03, 0.1, 0.3), (0, 1, 2, 3, 4)
UPDATES, BATCH, TEST = 1500, 32, 2000
KEEP = 3.0  # bias of gates that keep: sigmoid(3) is 0.95
UNITS = [{"keys": keys, "model": model} for keys in DIFFERENT for model in (*MATRIX, SOFTMAX)]
UNITS += [{"keys": "new", "model": BLIND}]


def run(keys: str, model: str) -> Iterator[dict]:
    """All seeds at all rates; the rate with the best mean on validation is marked as chosen."""
    if model == BLIND:
        yield {"seed": 0, "accuracy": without_order(), "chosen": True}
        return
    size = sum(int(a.size) for a in jax.tree.leaves(weights(model, D, jax.random.key(0))))
    numbers = 2 * D * PAIRS if model == SOFTMAX else D * D
    rates, seeds = np.repeat(RATES, len(SEEDS)), np.tile(SEEDS, len(RATES))
    found = {name: np.asarray(a) for name, a in train(model, keys, D, seeds, rates).items()}
    best = RATES[found["valid"].reshape(len(RATES), len(SEEDS)).mean(axis=1).argmax()]
    for i, (rate, seed) in enumerate(zip(rates, seeds, strict=True)):
        row = {"numbers": numbers, "weights": size, "rate": float(rate), "seed": int(seed)}
        yield (
            row | {name: float(a[i]) for name, a in found.items()} | {"chosen": bool(rate == best)}
        )


def compare(rows: pd.DataFrame) -> dict:
    """Differences of accuracy: of the means, and of the worst pair of seeds."""
    rows, told = rows[rows["chosen"]], {}
    for keys, one, other in [
        ("new", DELTA, SUM),
        ("once", DELTA, SUM),
        ("new", DELTA, GATED),
    ]:
        some = rows[rows["keys"] == keys]
        a, b = (some.loc[some["model"] == m, "accuracy"] for m in (one, other))
        told[f"{keys}: {one} - {other}"] = {
            "mean": float(a.mean() - b.mean()),
            "worst": float(a.min() - b.max()),
        }
    return told


# -- lists ----------------------------------------------------------------------------------------


def lists(key: jax.Array, keys: str, n: int) -> tuple[jax.Array, jax.Array]:
    """Pairs and a question (n, T + 1, inputs), and the last value of the key asked for (n,)."""
    for_vectors, for_keys, for_values, for_question = jax.random.split(key, 4)
    different = DIFFERENT[keys]
    if keys != "known":
        vectors = unit_length(jax.random.normal(for_vectors, (n, different, KEYS)))
    else:
        orders = jax.random.split(for_vectors, n)
        vectors = jax.vmap(lambda one: jax.random.permutation(one, jnp.eye(KEYS)))(orders)
    k = jax.random.randint(for_keys, (n, PAIRS), 0, different)
    if keys == "once":
        k = jnp.tile(jnp.arange(PAIRS), (n, 1))
    v = jax.random.randint(for_values, (n, PAIRS), 0, VALUES)
    came = (k[:, :, None] == jnp.arange(different)).any(axis=1)
    asked = jnp.argmax(jnp.where(came, jax.random.uniform(for_question, came.shape), -1), axis=1)
    last = jnp.argmax((k == asked[:, None]) * jnp.arange(1, PAIRS + 1), axis=1)
    row = jnp.arange(n)
    pairs = jnp.concatenate([vectors[row[:, None], k], jax.nn.one_hot(v, VALUES)], axis=2)
    X = jnp.pad(pairs, ((0, 0), (0, 1), (0, KEYS)))
    return X.at[:, -1, KEYS + VALUES :].set(vectors[row, asked]), v[row, last]


def without_order(n: int = 100_000) -> float:
    """Accuracy of the most frequent value: any value of the key is the last one as likely."""
    rng, different = np.random.default_rng(0), DIFFERENT["new"]
    k, v = rng.integers(0, different, (n, PAIRS)), rng.integers(0, VALUES, (n, PAIRS))
    counts = np.zeros((n, different, VALUES))
    np.add.at(counts, (np.arange(n)[:, None], k, v), 1)
    came = counts.sum(axis=2)
    asked = np.argmax(np.where(came > 0, rng.random(came.shape), -1), axis=1)
    row = np.arange(n)
    return float(np.mean(counts[row, asked].max(axis=1) / came[row, asked]))


# -- layers ---------------------------------------------------------------------------------------


def dense(X: jax.Array, layer: tuple[jax.Array, jax.Array]) -> jax.Array:
    return X @ layer[0] + layer[1]


def left_at_end(keep: jax.Array) -> jax.Array:
    """What gates (n, T, p) leave of each step at the end: the product of all later ones."""
    later = jnp.triu(jnp.ones((keep.shape[1], keep.shape[1])), 1)
    return jnp.exp(jnp.einsum("ts,nsp->ntp", later, jnp.log(keep + 1e-9)))


def unit_length(X: jax.Array) -> jax.Array:
    return X / jnp.sqrt(jnp.sum(X**2, axis=-1, keepdims=True) + 1e-6)


def weights(model: str, d: int, key: jax.Array) -> dict:
    """Dense layers by name, Glorot uniform, zero biases but for gates that keep."""
    sizes = {"out": (d, VALUES), "key": (INPUTS, d), "value": (INPUTS, d), "query": (INPUTS, d)}
    if model in MATRIX:
        sizes["write"] = (INPUTS, 1)
    if model == GATED:
        sizes["gate"] = (INPUTS, d)
    made = {}
    for (name, (m, n)), one in zip(sizes.items(), jax.random.split(key, len(sizes)), strict=True):
        limit = jnp.sqrt(6 / (m + n))
        made[name] = jax.random.uniform(one, (m, n), minval=-limit, maxval=limit), jnp.zeros(n)
    if "gate" in made:
        made["gate"] = made["gate"][0], jnp.full(made["gate"][1].shape, KEEP)
    if model == DECAY:
        made["decay"] = (jnp.array(KEEP),)
    if model == SOFTMAX:
        made["recency"] = jnp.array(0.0), jnp.array(0.0)
    return made


def answers(model: str, w: dict, X: jax.Array) -> jax.Array:
    """Scores of the values (n, values)."""
    pairs, question = X[:, :-1], X[:, -1]
    k, v, q = dense(pairs, w["key"]), dense(pairs, w["value"]), dense(question, w["query"])
    if model == SOFTMAX:
        age = jnp.arange(pairs.shape[1])[::-1]
        scores = jnp.einsum("btd,bd->bt", k, q) / jnp.sqrt(k.shape[-1])
        scores = scores - jax.nn.softplus(w["recency"][0]) * age
        return dense(jnp.einsum("bt,btd->bd", jax.nn.softmax(scores), v), w["out"])
    k, q, beta = unit_length(k), unit_length(q), sigmoid(dense(pairs, w["write"]))
    if model == DELTA:

        def step(S: jax.Array, now: tuple) -> tuple:
            k, v, beta = now
            wrong = v - jnp.einsum("nkv,nk->nv", S, k)
            return S + jnp.einsum("nk,nv->nkv", beta * k, wrong), None

        zero = jnp.zeros((len(X), k.shape[-1], v.shape[-1]))
        S, _ = lax.scan(step, zero, tuple(a.swapaxes(0, 1) for a in (k, v, beta)))
    else:
        k = beta * k
        if model == DECAY:
            k = k * sigmoid(w["decay"][0]) ** jnp.arange(k.shape[1])[::-1, None]
        if model == GATED:
            k = k * left_at_end(sigmoid(dense(pairs, w["gate"])))
        S = jnp.einsum("ntk,ntv->nkv", k, v)
    return dense(jnp.einsum("nkv,nk->nv", S, q), w["out"])


# -- training -------------------------------------------------------------------------------------


def loss(model: str, w: dict, X: jax.Array, y: jax.Array) -> jax.Array:
    log = jax.nn.log_softmax(answers(model, w, X))
    return -jnp.mean(jnp.take_along_axis(log, y[:, None], axis=1))


@partial(jax.jit, static_argnums=(0, 1, 2))
@partial(jax.vmap, in_axes=(None, None, None, 0, 0))
def train(model: str, keys: str, d: int, seed: jax.Array, rate: jax.Array) -> dict:
    """Train by Adam at a rate that falls to zero along half a cosine; accuracies."""
    start, draws = jax.random.split(jax.random.key(seed))
    w = weights(model, d, start)
    zero = jax.tree.map(jnp.zeros_like, w)

    def update(state: tuple, t: jax.Array) -> tuple:
        w, mean, square = state
        X, y = lists(jax.random.fold_in(draws, t), keys, BATCH)
        g = jax.grad(loss, argnums=1)(model, w, X, y)
        norm = jnp.sqrt(sum(jnp.sum(a**2) for a in jax.tree.leaves(g)))
        g = jax.tree.map(lambda a: a / jnp.maximum(norm, 1), g)
        mean = jax.tree.map(lambda m, a: 0.9 * m + 0.1 * a, mean, g)
        square = jax.tree.map(lambda s, a: 0.999 * s + 0.001 * a**2, square, g)
        now = rate * (1 + jnp.cos(jnp.pi * t / UPDATES)) / 2
        first, second = 1 - 0.9 ** (t + 1), 1 - 0.999 ** (t + 1)
        w = jax.tree.map(
            lambda w, m, s: w - now * (m / first) / (jnp.sqrt(s / second) + 1e-7), w, mean, square
        )
        return (w, mean, square), None

    (w, _, _), _ = lax.scan(update, (w, zero, zero), jnp.arange(UPDATES))
    found = {}
    for part, number in (("valid", 1), ("accuracy", 2)):
        X, y = lists(jax.random.key(10_000 + number), keys, TEST)
        found[part] = jnp.mean(jnp.argmax(answers(model, w, X), axis=1) == y)
    return found
