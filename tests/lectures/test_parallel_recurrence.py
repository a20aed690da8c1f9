"""Lecture 19: linear recurrences by loop, scan and chunks, the layers built of them, their tasks.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers, ops
from scipy.integrate import solve_ivp
from scipy.special import expit

from tests.support import functions_of

RNG = np.random.default_rng(0)
WAYS = ("by_loop", "by_scan", "by_keras", "by_chunks")


@pytest.fixture
def lecture(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the lecture defines; its recall task has 16 keys and four values."""
    found = functions_of("19-parallel-recurrence")
    world = found.recall_problem.__globals__
    for name, value in {"NUM_KEYS": 16, "NUM_VALUES": 4}.items():
        monkeypatch.setitem(world, name, value)
    return found


def naive(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """States of h_t = a_t h_{t-1} + b_t on the axis before the last, in the plainest way."""
    states, state = np.empty(b.shape, np.result_type(a, b)), 0 * b[..., 0, :]
    for t in range(b.shape[-2]):
        state = a[..., t, :] * state + b[..., t, :]
        states[..., t, :] = state
    return states


# -- three ways ---------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["loop", "scan"])
@pytest.mark.parametrize("T", [1, 2, 7, 8, 9, 100])
def test_states_in_numpy_for_gates_of_any_sign(lecture, way: str, T: int) -> None:
    a, b = RNG.uniform(-1, 1, (T, 3)), RNG.normal(size=(T, 3))
    given = a.copy(), b.copy()
    np.testing.assert_allclose(getattr(lecture, way)(a, b), naive(a, b), atol=1e-12)
    assert np.array_equal(a, given[0]) and np.array_equal(b, given[1])


def test_the_scan_takes_complex_gates(lecture) -> None:
    a = np.exp(1j * RNG.uniform(0, 2 * np.pi, (50, 2)))
    b = RNG.normal(size=(50, 2)) + 0j
    np.testing.assert_allclose(lecture.scan(a, b), naive(a, b), atol=1e-12)


def test_joining_is_associative_and_keeps_the_order(lecture) -> None:
    one, two, three = RNG.normal(size=(3, 2))
    left = lecture.join(lecture.join(one, two), three)
    right = lecture.join(one, lecture.join(two, three))
    np.testing.assert_allclose(left, right)
    assert not np.allclose(lecture.join(one, two), lecture.join(two, one))
    np.testing.assert_allclose(
        lecture.join(one, two)[1], naive(*np.array([one, two]).T[..., None])[1]
    )


@pytest.mark.parametrize("mean", [2.0, -3.0])
def test_a_chunk_is_exact_in_32_bits_with_gates_near_0(lecture, mean: float) -> None:
    gates = expit(RNG.normal(mean, 2, (100, 50))).astype("float32")
    inputs = RNG.normal(size=(100, 50)).astype("float32")
    true = naive(gates.astype(float), inputs.astype(float))
    np.testing.assert_allclose(lecture.chunk(gates, inputs), true, atol=2e-4)


def test_cumulative_sums_overflow_with_gates_near_0(lecture) -> None:
    gates = expit(RNG.normal(-3, 2, (100, 50))).astype("float32")
    inputs = RNG.normal(size=(100, 50)).astype("float32")
    with np.errstate(all="ignore"):
        states = lecture.by_cumulative_sums(gates, inputs)
        exact = lecture.by_cumulative_sums(gates[:5].astype(float), inputs[:5].astype(float))
    assert not np.isfinite(states).all()
    np.testing.assert_allclose(exact, naive(gates[:5].astype(float), inputs[:5]), atol=1e-6)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("mean", [0.0, -3.0, 5.0])
def test_states_and_gradients_in_keras(lecture, way: str, mean: float) -> None:
    """The gradient is the recurrence that runs backwards, here in double precision."""
    u = RNG.normal(mean, 3, (2, 48, 3)).astype("float32")
    b = RNG.normal(size=(2, 48, 3)).astype("float32")
    a = expit(u.astype(float))
    states = naive(a, b.astype(float))
    later = np.concatenate([a[:, 1:], 0 * a[:, :1]], axis=1)
    whole = naive(later[:, ::-1], 2 * states[:, ::-1])[:, ::-1]
    before = np.concatenate([0 * states[:, :1], states[:, :-1]], axis=1)
    model = lecture.one_layer(getattr(lecture, way), u, b, rate=1.0)
    np.testing.assert_allclose(model.train_on_batch(np.zeros((1, 1))), (states**2).sum(), rtol=1e-5)
    found = [old - new for old, new in zip((u, b), model.get_weights(), strict=True)]
    for ours, true in zip(found, (whole * before * a * (1 - a), whole), strict=True):
        np.testing.assert_allclose(ours, true, atol=1e-5 * abs(true).max())


def test_entries_masked_behind_the_exponential_spoil_the_gradient(lecture) -> None:
    """The lecture masks before it, and says why."""

    def masked_behind(a, b):
        log_decay = ops.cumsum(ops.log(a), axis=1)
        weights = ops.exp(log_decay[:, :, None] - log_decay[:, None])
        weights = ops.where(np.tri(a.shape[1])[..., None] > 0, weights, 0.0)
        return ops.einsum("ntjp,njp->ntp", weights, b)

    u, b = np.full((1, 40, 1), -4, "float32"), np.ones((1, 40, 1), "float32")
    states = [
        ops.convert_to_numpy(way(ops.sigmoid(u), b)) for way in (masked_behind, lecture.by_scan)
    ]
    np.testing.assert_allclose(*states, rtol=1e-4)
    for way, spoiled in ((masked_behind, True), (lecture.by_scan, False)):
        model = lecture.one_layer(way, u, b, rate=1.0)
        model.train_on_batch(np.zeros((1, 1)))
        assert np.isnan(model.get_weights()[0]).any() == spoiled


# -- layers -------------------------------------------------------------------------------------


def test_a_min_gru_is_its_formula_and_does_not_look_ahead(lecture) -> None:
    x = keras.Input((20, 3))
    model = keras.Model(x, lecture.min_gru(x, 4, keep_bias=1.5))
    W_write, b_write, W_new, b_new = model.get_weights()
    np.testing.assert_allclose(b_write, -1.5)
    X = RNG.normal(size=(2, 20, 3)).astype("float32")
    write = expit(b_write + X @ W_write)
    true = naive(1 - write, write * (b_new + X @ W_new))
    np.testing.assert_allclose(ops.convert_to_numpy(model(X)), true, atol=1e-5)
    other = X.copy()
    other[:, 12:] += 1
    moves = np.abs(ops.convert_to_numpy(model(other) - model(X))).max(axis=(0, 2))
    assert (moves[:12] == 0).all() and (moves[12:] > 0).all()


def test_pads_leave_the_state_of_a_min_gru_alone(lecture) -> None:
    x, real = keras.Input((9, 2)), keras.Input((9, 1))
    model = keras.Model([x, real], lecture.min_gru(x, 4, real=real))
    X = RNG.normal(size=(1, 9, 2)).astype("float32")
    mask = (np.arange(9) < 5).astype("float32")[None, :, None]
    states = ops.convert_to_numpy(model([X, mask]))[0]
    np.testing.assert_allclose(states[5:], np.tile(states[4], (4, 1)), atol=1e-6)


@pytest.mark.parametrize("layer", ["GRU", "minGRU", "mean"])
def test_a_film_reader_does_not_hear_pads(lecture, layer: str) -> None:
    keras.utils.set_random_seed(0)
    network = lecture.film_reader(layer)
    words = np.zeros((1, 32), "int32")
    words[0, :4] = [5, 9, 2, 7]
    before = ops.convert_to_numpy(network(words))
    table = next(one for one in network.layers if isinstance(one, layers.Embedding))
    weights = table.get_weights()[0]
    weights[0] = 3.0
    table.set_weights([weights])
    np.testing.assert_allclose(ops.convert_to_numpy(network(words)), before, atol=1e-6)


def test_gates_of_both_readers_start_at_the_same_bias(lecture) -> None:
    x = keras.Input((20, 2))
    model = keras.Model(x, lecture.last_state("GRU", x, 3, 20))
    np.testing.assert_allclose(model.get_weights()[2][0, :3], np.log(20), rtol=1e-6)
    X = np.zeros((1, 20, 2), "float32")
    kept = keras.Model(x, lecture.last_state("minGRU", x, 3, 20))
    np.testing.assert_allclose(expit(-kept.get_weights()[1]), 20 / 21, rtol=1e-6)
    assert np.abs(ops.convert_to_numpy(kept(X))).max() == 0


def test_five_networks_say_what_each_says_alone(lecture) -> None:
    model = lecture.five(lecture.reader, "minGRU", 6, 2)
    X = RNG.normal(size=(3, 6, 2)).astype("float32")
    says = ops.convert_to_numpy(model(X))
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        alone = lecture.reader("minGRU", 6, 2)
        np.testing.assert_allclose(says[:, seed], ops.convert_to_numpy(alone(X))[:, 0], atol=1e-6)


# -- state-space layers and linear attention ----------------------------------------------------


def test_turns_are_complex_products_and_a_convolution(lecture) -> None:
    radius, angle = RNG.uniform(0.5, 1, 3), RNG.uniform(0, np.pi, 3)
    B, C = RNG.normal(size=(2, 3, 2))
    x, eigenvalues = RNG.normal(size=40), radius * np.exp(1j * angle)
    inputs, outputs = B @ [1, 1j], C @ [1, -1j]
    states = naive(np.tile(eigenvalues, (40, 1)), x[:, None] * inputs)
    kernel = [(outputs * eigenvalues**k * inputs).sum().real for k in range(40)]
    ours = lecture.turn_and_shrink(x, radius, angle, B, C)
    np.testing.assert_allclose(ours, (states @ outputs).real)
    np.testing.assert_allclose(ours, np.convolve(x, kernel)[:40], atol=1e-12)


@pytest.mark.parametrize("radius", [0.5, 0.9, 0.99])
def test_the_factor_of_the_lru_keeps_the_variance_at_1(radius: float) -> None:
    """Of white noise: the sum of (1 - r^2) r^(2k) is 1."""
    weights = np.sqrt(1 - radius**2) * radius ** np.arange(5000)
    np.testing.assert_allclose((weights**2).sum(), 1, rtol=1e-9)
    np.testing.assert_allclose(radius ** (np.log(2) / -np.log(radius)), 0.5)


@pytest.mark.parametrize("angle", [0.1, 0.4, 0.7])
def test_a_turning_unit_answers_most_to_inputs_of_its_own_period(angle: float) -> None:
    """Of inputs cos(w t), the largest state is at w close to the angle, here of pi."""
    swings, steps = np.linspace(0.02, 0.98, 97), np.arange(600)
    gates = np.full((600, 97), 0.96 * np.exp(1j * np.pi * angle))
    states = naive(gates, np.cos(np.pi * np.outer(steps, swings)))
    largest = abs(states[300:]).max(axis=0).argmax()
    assert abs(swings[largest] - angle) <= 0.011


def test_one_linear_layer_with_a_linear_answer_is_linear_in_its_inputs(lecture) -> None:
    """So regression on all inputs, with a 1 for the bias, can say what the layer says."""
    X = RNG.normal(size=(200, 10, 2))
    gates = np.broadcast_to(RNG.uniform(0.2, 1, 3), (200, 10, 3))
    answers = naive(gates, X @ RNG.normal(size=(2, 3)))[:, -1] @ RNG.normal(size=3) + 0.7
    rows = lecture.with_ones(X)
    weights = np.linalg.lstsq(rows, answers, rcond=None)[0]
    assert rows.shape == (200, 21)
    np.testing.assert_allclose(rows @ weights, answers, atol=1e-9)


def test_discretization_is_exact_for_an_input_that_is_held() -> None:
    A, B, held, step = -0.7, 1.3, 0.4, 0.25
    end = solve_ivp(lambda _, h: A * h + B * held, (0, step), [0.9], rtol=1e-10, atol=1e-12).y[
        0, -1
    ]
    gate = np.exp(step * A)
    np.testing.assert_allclose(gate * 0.9 + (gate - 1) / A * B * held, end, rtol=1e-8)


def test_a_softplus_step_with_a_of_minus_1_is_a_sigmoid_gate() -> None:
    u = np.linspace(-5, 5, 11)
    gate = np.exp(-np.logaddexp(0, u))
    np.testing.assert_allclose(gate, expit(-u))
    np.testing.assert_allclose((gate - 1) / -1, 1 - gate)


def test_linear_attention_has_two_sides(lecture) -> None:
    Q, K, V = RNG.normal(size=(3, 12, 5))
    true = [sum((Q[t] @ K[j]) * V[j] for j in range(t + 1)) for t in range(12)]
    for side in (lecture.all_at_once, lecture.step_by_step):
        np.testing.assert_allclose(side(Q, K, V), true, atol=1e-12)


# -- tasks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("num_pairs", [None, 1, 5, 16])
def test_the_answer_of_a_recall_task_is_in_its_list(lecture, num_pairs: int | None) -> None:
    X, values = lecture.recall_problem(200, np.random.default_rng(0), num_pairs)
    keys, shown, asked = X[:, :-1, :16], X[:, :-1, 16:20], X[:, -1, 20:]
    lengths = keys.sum(axis=(1, 2))
    assert (keys.sum(axis=1) <= 1).all() and (asked.sum(axis=1) == 1).all()
    assert X[:, -1, :20].sum() == 0 == X[:, :-1, 20:].sum()
    assert set(lengths) == ({num_pairs} if num_pairs else set(range(1, 17)))
    found = np.einsum("nk,ntk,ntv->nv", asked, keys, shown)
    assert (found.sum(axis=1) == 1).all() and (found.argmax(axis=1) == values).all()


def test_who_is_right_is_told_for_each_start(lecture) -> None:
    keras.utils.set_random_seed(0)
    model = lecture.five(lecture.recaller, "linear", 4)
    X, values = lecture.recall_problem(30, np.random.default_rng(0))
    hits = lecture.right(model, X, values)
    says = ops.convert_to_numpy(model(X)).reshape(30, 5, 4)
    assert hits.shape == (5, 30)
    for seed in range(5):
        assert hits[seed].tolist() == (says[:, seed].argmax(axis=1) == values).tolist()


def test_signed_gates_are_read_off_the_gates_layer(lecture) -> None:
    model = lecture.five(lecture.counter, "signed gate", 4)
    gates = lecture.signed_gates(model)
    assert gates.shape == (5, 2, 16)
    network = [one for one in model.layers if isinstance(one, keras.Model)][3]
    layer = network.get_layer("gate")
    said = ops.convert_to_numpy(layer(np.array([[0.0], [1.0]], "float32")))
    np.testing.assert_allclose(gates[3], said, atol=1e-6)


def test_parity_is_the_number_of_ones_so_far(lecture) -> None:
    bits, odd = lecture.parity_problem(5, 30, np.random.default_rng(0))
    assert bits.shape == (5, 30, 1) and odd.shape == (5, 30)
    for row, answers in zip(bits[..., 0], odd, strict=True):
        assert answers.tolist() == [int(row[: t + 1].sum()) % 2 for t in range(30)]


def test_the_cue_and_the_sum_are_what_they_are_called(lecture) -> None:
    X, y = lecture.cue_problem(50, np.random.default_rng(0))
    assert X.shape == (50, 60, 1) and (X[:, 0, 0] == 2 * y - 1).all()
    X, y = lecture.adding_problem(50, 12, np.random.default_rng(0))
    assert (X[..., 1].sum(axis=1) == 2).all()
    np.testing.assert_allclose((X[..., 0] * X[..., 1]).sum(axis=1), y, rtol=1e-5)


@pytest.mark.parametrize("kind", ["attention", "linear", "minGRU", "LSTM"])
def test_recallers_answer_with_a_score_for_each_value(lecture, kind: str) -> None:
    network = lecture.recaller(kind, 4)
    X, _ = lecture.recall_problem(3, np.random.default_rng(0))
    assert network(X).shape == (3, 4)


def test_five_losses_of_recall_are_cross_entropies(lecture) -> None:
    says = RNG.normal(size=(6, 20)).astype("float32")
    values = RNG.integers(0, 4, 6)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    each = [loss(values, says[:, 4 * seed : 4 * seed + 4]) for seed in range(5)]
    ours = ops.mean(lecture.five_recall_loss(values[:, None], says))
    np.testing.assert_allclose(ours, np.mean([float(one) for one in each]), rtol=1e-5)


@pytest.mark.parametrize(
    "kind", ["SimpleRNN", "LSTM", "minGRU", "minGRU, two layers", "signed gate"]
)
def test_counters_answer_at_each_step_and_fit_any_length(lecture, kind: str) -> None:
    keras.utils.set_random_seed(0)
    short, long = lecture.counter(kind, 4), lecture.counter(kind, 9)
    long.set_weights(short.get_weights())
    bits, _ = lecture.parity_problem(2, 9, np.random.default_rng(0))
    says = ops.convert_to_numpy(long(bits))
    assert says.shape == (2, 9, 1)
    np.testing.assert_allclose(says[:, :4], ops.convert_to_numpy(short(bits[:, :4])), atol=1e-6)
