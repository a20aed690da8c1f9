"""Lecture 05: its gradients, its truncation and its optimizers, against autodiff and Keras.

The functions are the lecture's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers

from tests.support import functions_of


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    return functions_of("05-learning-through-time")


def problem(
    lecture: SimpleNamespace, num_steps: int = 9, num_inputs: int = 2
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Inputs (7, T, m), targets (7,), and weights W_x, W_h, b, v, c of a layer of five units."""
    rng = np.random.default_rng(num_steps)
    X = rng.normal(size=(7, num_steps, num_inputs))
    shapes = [(num_inputs, 5), (5, 5), (5,), (5,), ()]
    weights = [rng.normal(0, 0.6, shape) for shape in shapes]
    return X, rng.integers(0, 2, 7).astype(float), weights


# -- one neuron ---------------------------------------------------------------------------------


@pytest.mark.parametrize("w2", [0.5, -1.2, 3.0])
def test_the_influence_is_the_derivative_of_the_last_state_in_each_state(lecture, w2) -> None:
    X, w = np.random.default_rng(0).normal(size=(1, 8)), (0.1, 0.7, w2)
    states = lecture.neuron_states(X, w)

    def last(step: int, nudge: float) -> float:
        state = states[step, 0] + nudge
        for x_t in X[0, step:]:
            state = np.tanh(w[0] + w[1] * x_t + w[2] * state)
        return state

    slopes = [(last(t, 1e-6) - last(t, -1e-6)) / 2e-6 for t in range(1, 9)]
    found = lecture.neuron_influence(states, w2)[:, 0]
    np.testing.assert_allclose(found, np.abs(slopes), rtol=1e-5, atol=1e-10)


def test_the_terms_of_the_text_add_up_to_the_gradient_in_w_1(lecture) -> None:
    """Equation eq-time-terms, for the last state as the loss."""
    X, w = np.random.default_rng(1).normal(size=(1, 6)), np.array([0.1, 0.7, 1.3])
    states = lecture.neuron_states(X, w)
    signed = lecture.neuron_influence(states, w[2])[:, 0]  # w2 > 0: no sign is lost
    found = np.sum(signed * (1 - states[1:, 0] ** 2) * X[0])
    up, down = (lecture.neuron_states(X, w + [0, e, 0])[-1, 0] for e in (1e-6, -1e-6))
    assert found == pytest.approx((up - down) / 2e-6, rel=1e-6)


def test_without_noise_every_latch_keeps_the_sign(lecture) -> None:
    assert lecture.sign_survives(2.0, noise=0.0, num_runs=50) == 1


@pytest.mark.parametrize("w2", [1.05, 1.5, 2.0, 4.0])
def test_the_factor_at_rest_has_the_closed_form_of_the_exercise(lecture, w2) -> None:
    rest = lecture.neuron_states(np.eye(1, 5000), (0, 1, w2))[-1, 0]
    factor = lecture.factor_at_rest(w2 * rest)
    assert factor == pytest.approx(w2 * (1 - rest**2), rel=1e-8)
    assert factor < 1


# -- the task -----------------------------------------------------------------------------------


def test_the_first_input_is_the_sign_and_the_rest_is_noise(lecture) -> None:
    X, y = lecture.first_sign(4000, 10, seed=0)
    np.testing.assert_array_equal(X[:, 0, 0], 2 * y - 1)
    assert X[:, 1:].std() == pytest.approx(0.2, rel=0.02)
    assert abs(np.corrcoef(X[:, 1:].mean(axis=(1, 2)), y)[0, 1]) < 0.05


@pytest.mark.parametrize(("start", "low", "high"), [("below 1", 0, 1), ("at 2", 2, 2)])
def test_a_neuron_starts_where_its_name_says(lecture, start, low, high) -> None:
    weights = [lecture.memory_network(1, start).get_weights()[1].item() for _ in range(5)]
    assert all(low <= weight <= high for weight in weights)


@pytest.mark.parametrize(("start", "size"), [("orthogonal", 1.0), ("orthogonal x 0.7", 0.7)])
def test_a_layer_starts_orthogonal_times_its_factor(lecture, start, size) -> None:
    W_h = lecture.memory_network(16, start).get_weights()[1]
    np.testing.assert_allclose(W_h @ W_h.T, size**2 * np.eye(16), atol=1e-5)


def test_what_is_held_still_does_not_learn(lecture) -> None:
    network = lecture.memory_network(1, "at 2", learns=False)
    assert [weight.shape for weight in network.trainable_weights] == [(1, 1), (1,)]


# -- the gradient of a layer --------------------------------------------------------------------


def test_the_states_are_those_of_keras(lecture) -> None:
    X, _, (W_x, W_h, b, _, _) = problem(lecture)
    layer = layers.SimpleRNN(5, return_sequences=True)
    layer.build(X.shape)
    layer.set_weights([W_x, W_h, b])
    by_keras = keras.ops.convert_to_numpy(layer(X.astype("float32")))
    found = lecture.layer_states(X, W_x, W_h, b)[1:].swapaxes(0, 1)
    np.testing.assert_allclose(found, by_keras, atol=1e-5)


def by_tape(
    X: np.ndarray, y: np.ndarray, given: list, every_step: bool, chunk: int | None = None
) -> list[np.ndarray]:
    """Gradients of W_x, W_h, b and h_0; with a chunk, states are cut off at its borders."""
    tf = pytest.importorskip("tensorflow")
    W_x, W_h, b, v, c = given
    start = np.linspace(-0.4, 0.4, 5)
    weights = [tf.Variable(weight, dtype=tf.float64) for weight in (W_x, W_h, b, start)]
    num_steps = X.shape[1]
    with tf.GradientTape() as tape:
        state, total = tf.zeros((len(X), 5), tf.float64) + weights[3], 0.0
        for t in range(num_steps):
            if chunk and t % chunk == 0:
                state = tf.stop_gradient(state)
            state = tf.tanh(X[:, t] @ weights[0] + state @ weights[1] + weights[2])
            z = tf.linalg.matvec(state, tf.constant(v)) + c
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, z))
            if every_step or t == num_steps - 1:
                total += loss / (num_steps if every_step else 1)
    gradients = tape.gradient(total, weights, unconnected_gradients="zero")
    return [gradient.numpy() for gradient in gradients]


@pytest.mark.parametrize("every_step", [False, True])
@pytest.mark.parametrize("num_steps", [1, 9])
def test_the_gradients_by_hand_equal_the_tape_s(lecture, every_step, num_steps) -> None:
    X, y, weights = problem(lecture, num_steps)
    W_x, W_h, b, v, c = weights
    states = lecture.layer_states(X, W_x, W_h, b, np.linspace(-0.4, 0.4, 5))
    signal = lecture.loss_signal(states, y, v, c, 1 if every_step else num_steps)
    expected = by_tape(X, y, weights, every_step)
    found = lecture.layer_gradient(X, states, signal, W_h)
    for one, other in zip(found, expected[:3], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-13)
    of_start = lecture.start_gradient(states, signal, W_h)
    np.testing.assert_allclose(of_start, expected[3], atol=1e-13)


@pytest.mark.parametrize("chunk", [1, 2, 4, 9])
def test_truncation_stops_the_gradient_at_the_borders_and_nothing_else(lecture, chunk) -> None:
    X, y, weights = problem(lecture)
    W_x, W_h, b, v, c = weights
    states = lecture.layer_states(X, W_x, W_h, b, np.linspace(-0.4, 0.4, 5))
    signal = lecture.loss_signal(states, y, v, c, first=1)
    found = lecture.truncated_gradient(X, states, signal, W_h, chunk)
    for one, other in zip(found, by_tape(X, y, weights, True, chunk)[:3], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-13)


@pytest.mark.parametrize("first", [1, 11, 30])
def test_the_row_of_all_gradients_is_the_slope_of_the_loss(lecture, first) -> None:
    """With one chunk over all 30 steps; readout and bias included."""
    X, y = lecture.first_sign(6, 30, seed=1)
    w = np.concatenate([np.ravel(part) for part in lecture.start_weights(8, 1.0, seed=1)])

    def loss(w: np.ndarray) -> float:
        W_x, W_h, b, v, c = lecture.unpack(w)
        states = lecture.layer_states(X, W_x, W_h, b)
        return lecture.losses(states, y, v, c)[first - 1 :].mean()

    found = lecture.network_gradient(w, X, y, first, chunk=30)
    np.testing.assert_allclose(found, lecture.nudged(loss, w), atol=1e-8)


def test_cut_into_chunks_the_row_is_another_gradient(lecture) -> None:
    X, y = lecture.first_sign(6, 30, seed=1)
    w = np.concatenate([np.ravel(part) for part in lecture.start_weights(8, 1.0, seed=1)])
    same = lecture.network_gradient(w, X, y, 30, chunk=10)
    assert np.abs(same - lecture.network_gradient(w, X, y, 30, chunk=30)).max() > 1e-6


def test_the_losses_are_keras_s_cross_entropy(lecture) -> None:
    X, y, (W_x, W_h, b, v, c) = problem(lecture)
    states = lecture.layer_states(X, W_x, W_h, b)
    p = 1 / (1 + np.exp(-(states[-1] @ v + c)))
    expected = keras.losses.BinaryCrossentropy()(y.astype("float32"), p.astype("float32"))
    assert lecture.losses(states, y, v, c)[-1] == pytest.approx(float(expected), rel=1e-5)


# -- what reaches back --------------------------------------------------------------------------


def test_influence_is_the_norm_of_the_true_derivative(lecture) -> None:
    tf = pytest.importorskip("tensorflow")
    X, _, (W_x, W_h, b, _, _) = problem(lecture)
    states = lecture.layer_states(X[:1], W_x, W_h, b)[1:, 0]
    for t in range(9):
        start = tf.constant(states[t][None])
        with tf.GradientTape() as tape:
            tape.watch(start)
            state = start
            for later in range(t + 1, 9):
                state = tf.tanh(b + X[:1, later] @ W_x + state @ W_h)
        jacobian = tape.batch_jacobian(state, start)[0].numpy()
        assert lecture.influence(states, W_h)[t] == pytest.approx(np.linalg.norm(jacobian, 2))


@pytest.mark.parametrize("seed", range(5))
def test_the_bound_of_the_exercise_holds(lecture, seed) -> None:
    rng = np.random.default_rng(seed)
    W_h, states = rng.normal(0, 0.7, (4, 4)), rng.uniform(-1, 1, (6, 4))
    assert lecture.influence(states, W_h)[0] <= lecture.bound(W_h, states[1:]) * (1 + 1e-12)
    small = W_h / np.linalg.norm(W_h, 2)
    assert lecture.influence(states, small).max() <= 1 + 1e-12


def test_an_orthogonal_matrix_keeps_lengths(lecture) -> None:
    W_h = lecture.orthogonal(50, np.random.default_rng(0))
    np.testing.assert_allclose(W_h @ W_h.T, np.eye(50), atol=1e-10)


def test_twins_start_a_billionth_apart_in_each_unit(lecture) -> None:
    apart = lecture.twins_apart(0.5, seed=0, num_steps=20)
    assert apart[0] == pytest.approx(1e-9 * np.sqrt(32), rel=1e-6)
    assert apart[-1] < 0.5**19 * apart[0] * (1 + 1e-3) + 1e-15


# -- clipping -----------------------------------------------------------------------------------


@pytest.mark.parametrize("b", [-0.6, -0.45, 0.0, 1.0])
def test_the_slope_of_the_cliff_is_that_of_its_loss(lecture, b) -> None:
    up, down = (lecture.cliff(np.array([b + e]))[0].item() for e in (1e-6, -1e-6))
    slope = lecture.cliff(np.array([b]))[1].item()
    assert slope == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-8)


def test_the_steps_of_adam_are_keras_s(lecture) -> None:
    gradients = np.random.default_rng(0).normal(size=30) * np.tile([0.1, 1.0, 50.0], 10)
    weight = keras.Variable(np.zeros(1, "float32"))
    optimizer = keras.optimizers.Adam(0.01)
    found, memory = 0.0, (0.0, 0.0)
    for k, gradient in enumerate(gradients, 1):
        optimizer.apply([keras.ops.convert_to_tensor([gradient], "float32")], [weight])
        step, memory = lecture.adam_step(gradient, memory, k)
        found += step
    assert found == pytest.approx(keras.ops.convert_to_numpy(weight).item(), abs=1e-5)


def test_clipping_by_hand_equals_keras(lecture) -> None:
    gradients = [np.array([3.0, 4.0]), np.array([[0.3], [0.4]])]
    sgd = keras.optimizers.SGD(1.0, global_clipnorm=1.0)
    weights = [keras.Variable(np.zeros(g.shape, "float32")) for g in gradients]
    sgd.apply([keras.ops.cast(g, "float32") for g in gradients], weights)
    for clipped, weight in zip(lecture.clip_by_global_norm(gradients, 1.0), weights, strict=True):
        np.testing.assert_allclose(clipped, -keras.ops.convert_to_numpy(weight), rtol=1e-5)


def test_one_number_is_clipped_to_the_limit_and_keeps_its_sign(lecture) -> None:
    np.testing.assert_allclose(lecture.clip(np.array([-5, 0.3, 0]), 1), [-1, 0.3, 0])
