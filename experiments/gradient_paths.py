"""By which path does the last state of a recurrent layer depend on the first input?

Design. Networks of the experiment ``adding_problem``: 16 units, 32 steps, five seeds, Adam at 0.02,
400 updates. Norm of the derivative of the last state with respect to the state at step 1, median of
five sequences: whole; by the cell-state path alone (recurrent kernels set to zero in the
Jacobians); by the paths through the gates alone. Before and after training.

Primary comparisons: none; the three norms are described, seed by seed.

Rows: layer, seed, when (before, after), whole, direct, detours.

Cost: about two minutes on two cores, TensorFlow, on which the page trains.
"""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
from keras import layers

from helpers.data import adding_problem
from helpers.training import adam, train_seeds

BACKEND = "tensorflow"
MINUTES = 2

LAYERS = {"SimpleRNN": layers.SimpleRNN, "LSTM": layers.LSTM, "GRU": layers.GRU}
UNITS = [{"layer": layer} for layer in LAYERS]


def run(layer: str) -> Iterator[dict]:
    """Train five seeds; yield the three norms of each, before and after."""
    rng = np.random.default_rng(0)
    X, y = adding_problem(4000, 32, rng)
    networks = train_seeds(
        lambda: adding_network(LAYERS[layer](16)),
        X,
        y,
        seeds=5,
        optimizer=adam(0.02, global_clipnorm=5.0),
        batch_size=80,
        max_epochs=8,
        loss="mse",
    )
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        new = adding_network(LAYERS[layer](16)).get_weights()
        for when, weights in (("before", new), ("after", networks.weights(seed))):
            whole, direct, detours = ways(layer, weights)[:, 0]
            row = {"seed": seed, "when": when, "whole": whole, "direct": direct}
            yield row | {"detours": detours}


def adding_network(layer: layers.Layer) -> keras.Sequential:
    """A recurrent layer and a linear output, not yet trained."""
    return keras.Sequential([keras.Input((None, 2)), layer, layers.Dense(1)])


def ways(name, weights):
    """Influence by the whole, directly, by detours; (3, T), median of 5 rows."""
    some, _ = adding_problem(5, 32, np.random.default_rng(1))
    weights, curves = [np.asarray(w, float) for w in weights[:3]], []
    for X in some:
        whole, direct = whole_and_direct(name, X, *weights)
        curves.append([influence(j) for j in (whole, direct, whole - direct)])
    return np.median(curves, axis=0)


# -- the layers and their Jacobians, as the page has them ------------------------------------------


def sigmoid(z):
    """1 / (1 + exp(-z)), written so that large numbers do no harm."""
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def lstm_step(x, hidden, cell, W_x, W_h, b):
    """One step for inputs (n, m): gates and states by name, each (n, p)."""
    z = b + x @ W_x + hidden @ W_h
    z_input, z_forget, z_candidate, z_output = np.split(z, 4, axis=1)
    input_gate, forget_gate = sigmoid(z_input), sigmoid(z_forget)
    output_gate, candidate = sigmoid(z_output), np.tanh(z_candidate)
    cell = forget_gate * cell + input_gate * candidate
    hidden = output_gate * np.tanh(cell)
    gates = {"input_gate": input_gate, "forget_gate": forget_gate}
    gates |= {"output_gate": output_gate, "candidate": candidate}
    return gates | {"cell": cell, "hidden": hidden}


def lstm(X, W_x, W_h, b):
    """All gates and states for inputs (n, T, m), by name; each (n, T, p)."""
    steps, hidden, cell = [], *np.zeros((2, len(X), len(W_h)))
    for x in np.moveaxis(X, 1, 0):
        steps.append(lstm_step(x, hidden, cell, W_x, W_h, b))
        hidden, cell = steps[-1]["hidden"], steps[-1]["cell"]
    return {name: np.stack([s[name] for s in steps], 1) for name in steps[0]}


def lstm_jacobians(inside, W_h):
    """J_1 ... J_T, shape (T, 2p, 2p), for one example: arrays (T, p) by name."""
    W_hi, W_hf, W_hc, W_ho = np.split(W_h.T, 4)  # each transposed
    i, f, new, o, cell = (
        inside[name][:, :, None]
        for name in ["input_gate", "forget_gate", "candidate", "output_gate", "cell"]
    )
    last_cell = np.concatenate([0 * cell[:1], cell[:-1]])
    q = o * (1 - np.tanh(cell) ** 2)
    cell_by_cell = f * np.eye(len(W_h))
    cell_by_hidden = last_cell * f * (1 - f) * W_hf
    cell_by_hidden += new * i * (1 - i) * W_hi + i * (1 - new**2) * W_hc
    hidden_by_hidden = q * cell_by_hidden + np.tanh(cell) * o * (1 - o) * W_ho
    top = [hidden_by_hidden, q * cell_by_cell]
    return np.block([top, [cell_by_hidden, cell_by_cell]])


def gru_step(x, state, W_x, W_h, b):
    """One step for inputs (n, m): update, reset, candidate, state, each (n, p)."""
    a_update, a_reset, a_candidate = np.split(b[0] + x @ W_x, 3, axis=1)
    b_update, b_reset, b_candidate = np.split(b[1] + state @ W_h, 3, axis=1)
    update, reset = sigmoid(a_update + b_update), sigmoid(a_reset + b_reset)
    candidate = np.tanh(a_candidate + reset * b_candidate)
    return update, reset, candidate, update * state + (1 - update) * candidate


def nudged_jacobian(step, state, size=1e-6):
    """Jacobian (p, p) of a step from states (n, p) to states, at a state (p,)."""
    nudges = size * np.eye(len(state))  # one row for each number
    return (step(state + nudges) - step(state - nudges)).T / (2 * size)


def gru_jacobians(X, W_x, W_h, b):
    """J_1 ... J_T and the update gates of one sequence X (T, m)."""
    state, jacobians, gates = np.zeros(len(W_h)), [], []
    for x in X[:, None]:  # each of shape (1, m)

        def step(states, x=x):
            return gru_step(x, states, W_x, W_h, b)[-1]

        jacobians.append(nudged_jacobian(step, state))
        gates.append(gru_step(x, state[None], W_x, W_h, b)[0][0])
        state = step(state[None])[0]
    return np.array(jacobians), np.array(gates)


def rnn_jacobians(X, W_x, W_h, b):
    """J_1 ... J_T of a SimpleRNN on one sequence X (T, m); (T, p, p)."""
    state, slopes = np.zeros(len(b)), []
    for x in X:
        state = np.tanh(b + x @ W_x + state @ W_h)
        slopes.append(1 - state**2)
    return np.array(slopes)[:, :, None] * W_h.T


def influence(jacobians):
    """Norm of the derivative of the last state in state t; shape (T,)."""
    product, norms = np.eye(jacobians.shape[-1]), []
    for jacobian in jacobians[::-1]:
        norms.append(np.linalg.norm(product, 2))
        product = product @ jacobian
    return np.array(norms[::-1])


def whole_and_direct(name, X, W_x, W_h, b):
    """The Jacobians of a layer on one sequence X (T, m), and their direct part."""
    if name == "LSTM":
        inside = {k: v[0] for k, v in lstm(X[None], W_x, W_h, b).items()}
        return lstm_jacobians(inside, W_h), lstm_jacobians(inside, 0 * W_h)
    if name == "GRU":
        whole, gates = gru_jacobians(X, W_x, W_h, b)
        return whole, gates[:, :, None] * np.eye(len(W_h))
    whole = rnn_jacobians(X, W_x, W_h, b)
    return whole, 0 * whole
