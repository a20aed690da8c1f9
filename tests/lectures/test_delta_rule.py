"""The page on the delta rule: its recurrence, and its chunks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("delta-rule")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_the_recurrence_is_the_sum_of_what_the_later_transitions_leave(lecture, rng) -> None:
    A, B = rng.normal(size=(5, 3, 3)), rng.normal(size=(5, 3))
    x, C = rng.normal(size=(5, 2)), rng.normal(size=(5, 3))
    outputs, S = lecture.run(A, B, x, C)
    total = np.zeros((3, 2))
    for t in range(5):
        left = np.eye(3)
        for later in A[t + 1 :]:
            left = later @ left
        total += left @ np.outer(B[t], x[t])
    assert np.allclose(S, total) and np.allclose(outputs[-1], C[-1] @ total)


def test_a_diagonal_transition_may_be_given_by_its_numbers(lecture, rng) -> None:
    A, B, C = rng.normal(size=(3, 5, 3))
    x = rng.normal(size=(5, 2))
    outputs, S = lecture.run(A, B, x, C)
    by_matrices, same = lecture.run(np.stack([np.diag(a) for a in A]), B, x, C)
    assert np.allclose(outputs, by_matrices) and np.allclose(S, same)


def test_without_forgetting_it_is_causal_attention_without_the_softmax(lecture, rng) -> None:
    Q, K, V = rng.normal(size=(3, 7, 4))
    outputs, _ = lecture.run(np.ones((7, 4)), K, V, Q)
    assert np.allclose(outputs, np.tril(Q @ K.T) @ V)


def test_the_delta_rule_writes_the_error(lecture, rng) -> None:
    keys, values = rng.normal(size=(6, 4)), rng.normal(size=(6, 2))
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)
    _, S = lecture.run(*lecture.delta_parts(keys, 0.3), values, keys)
    state = np.zeros((4, 2))
    for k, v in zip(keys, values, strict=True):
        state = state + 0.3 * k[:, None] * (v - k @ state)
    assert np.allclose(S, state)
    outputs, _ = lecture.run(*lecture.delta_parts(keys), values, keys)
    assert np.allclose(outputs, values)  # asked at once, it has what was written


def test_the_gradient_of_the_squared_error_is_the_key_times_the_error(rng) -> None:
    k, v, S = rng.normal(size=4), rng.normal(size=3), rng.normal(size=(4, 3))
    found, step = np.empty((4, 3)), 1e-6
    for place in np.ndindex(4, 3):
        nudge = np.zeros((4, 3))
        nudge[place] = step
        up, down = (np.sum((k @ (S + way * nudge) - v) ** 2) / 2 for way in (1, -1))
        found[place] = (up - down) / (2 * step)
    assert np.allclose(found, np.outer(k, k @ S - v), atol=1e-6)


@pytest.mark.parametrize("steps", [1, 3, 6, 20])
def test_chunks_are_the_delta_rule_step_by_step(lecture, rng, steps) -> None:
    keys, values = rng.normal(size=(9, 4)), rng.normal(size=(9, 3))
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)
    queries, beta = rng.normal(size=(9, 4)), rng.uniform(size=9)
    expected, last = lecture.run(*lecture.delta_parts(keys, beta), values, queries)
    answers, S = lecture.delta_chunks(keys, values, queries, beta, steps)
    assert np.allclose(answers, expected) and np.allclose(S, last)


def test_gates_that_suit_the_stored_numbers_fail_for_others(lecture) -> None:
    """Turned keys, with gates and a write strength made for Ann's 3 and Bob's 1."""
    ann, bob = np.array([0.6, 0.8]), np.array([0.8, -0.6])
    keys, A = np.array([ann, bob, ann]), np.array([(1, 1), (1, 1), (0.7, 0.42)])
    B, read = keys * np.array([[1], [1], [0.66]]), {}
    for old in (3.0, 7.0):
        _, S = lecture.run(A, B, np.array([[old], [1.0], [5.0]]), keys)
        read[old] = np.array([ann @ S, bob @ S]).ravel()
    assert np.allclose(read[3.0], [5, 1], atol=0.01) and abs(read[7.0] - [5, 1]).max() > 1
