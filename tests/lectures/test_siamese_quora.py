"""Lecture 16: its splits, networks and cuts, and the helpers that surround the network.

The functions of the lecture are its own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import layers, ops

from helpers.data import load_question_pairs
from helpers.siamese import (
    NUM_TOKENS,
    UNKNOWN,
    fit_vocabulary,
    load_siamese,
    predict_question_pairs,
    save_siamese,
    to_ids,
    words_of,
)
from tests.support import ROOT, functions_of

LECTURE = "16-siamese-quora"
WORDS = [f"word{k}" for k in range(30)]
COMPARISONS = ["by_dot", "by_cosine", "by_features", "by_manhattan"]


@pytest.fixture
def lecture(monkeypatch) -> SimpleNamespace:
    """The lecture's functions, and the sample that they look up."""
    monkeypatch.delenv("RNN_DATA", raising=False)
    found, pairs = functions_of(LECTURE), load_question_pairs()
    by_question = found.components(pairs["qid1"].tolist(), pairs["qid2"].tolist())
    by_intent = found.components(pairs["intent1"].tolist(), pairs["intent2"].tolist())
    look_up = {"pairs": pairs, "by_question": by_question, "by_intent": by_intent}
    found.deal.__globals__.update(look_up)
    return found


def random_ids(num_pairs: int, seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.integers(0, len(WORDS) + 2, (num_pairs, 20)).astype("int32") for _ in range(2)]


def network(lecture: SimpleNamespace, comparison: str) -> keras.Model:
    """A network of the lecture with weights that are far from where they start."""
    keras.utils.set_random_seed(0)
    model = lecture.siamese(getattr(lecture, comparison), lecture.reader(len(WORDS)))
    rng = np.random.default_rng(1)
    weights = model.get_weights()
    model.set_weights([w + rng.normal(0, 0.1, w.shape).astype(w.dtype) for w in weights])
    return model


def answers(model: keras.Model, ids: list[np.ndarray]) -> np.ndarray:
    return ops.convert_to_numpy(model(ids))


# --- The split --------------------------------------------------------------------------------


def test_components_are_those_of_scipy(lecture) -> None:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    rng = np.random.default_rng(0)
    left, right = rng.integers(0, 400, (2, 180))
    group = lecture.components(left.tolist(), right.tolist())
    graph = coo_matrix((np.ones(180), (left, right)), shape=(400, 400))
    theirs = connected_components(graph, directed=False)[1][left]
    assert len({*zip(group, theirs, strict=True)}) == len(set(group)) == len(set(theirs))


def test_a_long_chain_needs_no_deep_recursion(lecture) -> None:
    group = lecture.components(list(range(50_000)), list(range(1, 50_001)))
    assert len(set(group)) == 1


def test_groups_stay_whole_and_parts_have_about_the_right_size(lecture) -> None:
    group = np.random.default_rng(0).integers(0, 900, 3_000)
    part = lecture.deal(group)
    assert len({*zip(group, part, strict=True)}) == len(set(group))
    np.testing.assert_allclose(np.bincount(part) / 3_000, [0.7, 0.1, 0.2], atol=0.02)


def test_a_giant_group_goes_to_training(lecture) -> None:
    group = np.concatenate([np.zeros(500, int), np.arange(1, 501)])
    for seed in range(5):
        part = lecture.deal(group, seed)
        assert (part[:500] == 0).all()
        assert set(part) == {0, 1, 2}


@pytest.mark.parametrize("seed", range(3))
def test_a_leak_of_questions_changes_the_training_set_alone(lecture, seed) -> None:
    test, held_out, without, having = lecture.leak_of_questions(seed)
    pairs = load_question_pairs()
    assert len(without) == len(having) > 1_000 and len({*having}) == len(having)
    assert not {*test} & {*without, *having, *held_out}
    assert not lecture.touches(pairs.iloc[test], pairs.iloc[without]).any()
    assert lecture.touches(pairs.iloc[test], pairs.iloc[having]).mean() > 0.2


@pytest.mark.parametrize("seed", range(3))
def test_a_leak_of_intents_shares_intents_and_no_question(lecture, seed) -> None:
    test, held_out, without, having = lecture.leak_of_intents(seed)
    pairs = load_question_pairs()
    assert len(without) == len(having) and not {*test} & {*without, *having, *held_out}
    intents = [{*pairs["intent1"].iloc[rows]} for rows in (test, without, having)]
    assert not intents[0] & intents[1] and len(intents[0] & intents[2]) > 0.9 * len(intents[0])
    added = np.setdiff1d(having, without)
    assert not lecture.touches(pairs.iloc[test], pairs.iloc[added]).any()


# --- The networks -----------------------------------------------------------------------------


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_swapping_the_questions_changes_nothing(lecture, comparison) -> None:
    model, ids = network(lecture, comparison), random_ids(64)
    one, two = answers(model, ids), answers(model, ids[::-1])
    assert one.shape == (64, 1)
    assert np.ptp(one) > 1e-3  # it does answer differently to different pairs
    np.testing.assert_allclose(one, two, rtol=0, atol=1e-6)


def test_the_class_s_network_has_its_number_of_parameters(lecture) -> None:
    model = lecture.siamese(lecture.by_dot, lecture.reader(50_000, size=128))
    assert model.count_params() == 6_531_842


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_five_networks_in_one_model_say_what_each_says_alone(lecture, comparison) -> None:
    by, ids = getattr(lecture, comparison), random_ids(16)
    together = answers(lecture.five_twins(by, len(WORDS)), ids)
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        alone = lecture.siamese(by, lecture.reader(len(WORDS)))
        np.testing.assert_allclose(answers(alone, ids)[:, 0], together[:, seed], atol=1e-5)


def test_the_comparisons_follow_their_equations(lecture) -> None:
    rng = np.random.default_rng(0)
    u, v = rng.normal(size=(2, 5, 4)).astype("float32")

    def says(name: str) -> np.ndarray:
        sides = [keras.Input((4,)) for _ in range(2)]
        model = keras.Model(sides, getattr(lecture, name)(*sides))
        if name == "by_dot":
            model.set_weights([np.ones((1, 1)), np.zeros(1)])
        return answers(model, [u, v])[:, 0]

    np.testing.assert_allclose(says("by_manhattan"), np.exp(-np.abs(u - v).sum(-1)), rtol=1e-5)
    np.testing.assert_allclose(says("by_dot"), 1 / (1 + np.exp(-(u * v).sum(-1))), rtol=1e-5)
    lengths = np.linalg.norm(u, axis=-1) * np.linalg.norm(v, axis=-1)
    by_hand = 1 / (1 + np.exp(9 - 10 * (u * v).sum(-1) / lengths))
    np.testing.assert_allclose(says("by_cosine"), by_hand, rtol=1e-4)


def test_the_squares_of_the_third_input_s_model_are_the_contrastive_loss(
    lecture, monkeypatch
) -> None:
    ids, label = np.stack(random_ids(60)), np.arange(60) % 2
    trained_on = {}

    def look(model, X, y, **rules):
        trained_on.update(model=model, X=X, y=y, **rules)

    found = lecture.train_five_by_contrast.__globals__
    monkeypatch.setitem(found, "truth", label)
    monkeypatch.setitem(found, "train_seeds", look)
    monkeypatch.setitem(found, "RULES", {})
    lecture.train_five_by_contrast(np.arange(40), np.arange(40, 60), ids, len(WORDS))
    model, X = trained_on["model"], trained_on["X"]
    assert trained_on["loss"] == "mse" and not trained_on["y"].any()
    d = answers(model, [*X[:2], np.ones((40, 1), "float32")])
    y = label[:40, np.newaxis]
    loss = y * d**2 + (1 - y) * np.maximum(0, 1 - d) ** 2
    np.testing.assert_allclose(answers(model, X) ** 2, loss, rtol=1e-4, atol=1e-6)


# --- Cuts and probabilities -------------------------------------------------------------------


def test_the_f1_score_at_each_cut_is_that_of_scikit_learn(lecture) -> None:
    from sklearn.metrics import f1_score

    rng = np.random.default_rng(0)
    says, labels = rng.random(40), rng.integers(0, 2, 40)
    cuts, f1 = lecture.f1_by_cut(says, labels)
    theirs = [f1_score(labels, says >= cut) for cut in cuts]
    np.testing.assert_allclose(f1, theirs)


def test_the_best_cut_for_f1_of_true_probabilities_is_half_of_the_best_f1(lecture) -> None:
    rng = np.random.default_rng(0)
    p = rng.beta(0.6, 1, 4_000)
    cuts, f1 = lecture.f1_by_cut(p, (rng.random(4_000) < p).astype(int))
    assert abs(cuts[f1.argmax()] - f1.max() / 2) < 0.05


def test_a_probability_at_another_share_is_that_of_bayes_and_comes_back(lecture) -> None:
    now = lecture.at_another_share(0.9, 0.4, 0.01)
    odds = 9 * (0.01 / 0.99) / (0.4 / 0.6)
    assert now == pytest.approx(odds / (1 + odds))
    assert lecture.at_another_share(now, 0.01, 0.4) == pytest.approx(0.9)


# --- Words and ids ----------------------------------------------------------------------------


def test_words_are_letters_and_digits_of_any_script() -> None:
    assert words_of("What's an LSTM?") == ["what", "s", "an", "lstm"]
    assert words_of("") == words_of(" ?! 🙂") == []
    assert words_of("מה השעה Ünlü 3.5 <b>x</b>") == ["מה", "השעה", "ünlü", "3", "5", "b", "x", "b"]


def test_the_vocabulary_holds_the_most_frequent_words_first() -> None:
    questions = ["b a a", "c a b", "d"]
    assert fit_vocabulary(questions, 10) == ["a", "b", "c", "d"]
    assert fit_vocabulary(questions, 2) == ["a", "b"]


@pytest.mark.parametrize(("questions", "most"), [([], 5), (["?!"], 5), (["a"], 0)])
def test_a_vocabulary_without_a_word_is_refused(questions, most) -> None:
    with pytest.raises(ValueError, match="word"):
        fit_vocabulary(questions, most)


def test_ids_stand_behind_pads_and_unknown_words_are_zero() -> None:
    ids = to_ids(["A b zzz", "", "a " * 25 + "b"], ["a", "b"], num_tokens=4)
    assert ids.tolist() == [[3, 1, 2, UNKNOWN], [3, 3, 3, 3], [1, 1, 1, 2]]
    assert ids.dtype == "int32" and to_ids([], ["a"]).shape == (0, NUM_TOKENS)


# --- One file ---------------------------------------------------------------------------------


@pytest.fixture
def single(lecture) -> keras.Model:
    """The network that the lecture saves, untrained: no layer or constraint of the course."""
    keras.utils.set_random_seed(0)
    return lecture.siamese(lecture.by_manhattan, lecture.reader(len(WORDS)))


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_a_network_and_its_vocabulary_come_back_from_one_file(
    lecture, comparison, tmp_path
) -> None:
    model, ids, file = network(lecture, comparison), random_ids(16), tmp_path / "a.keras"
    words = ["naïve", "'", "שלום", *WORDS[3:]]
    save_siamese(model, words, file)
    assert [path.name for path in tmp_path.iterdir()] == ["a.keras"]
    loaded, its_words = load_siamese(file)
    assert its_words == words
    np.testing.assert_allclose(answers(loaded, ids), answers(model, ids), rtol=0, atol=1e-6)


@pytest.mark.slow
def test_the_file_is_read_by_another_process(single, tmp_path) -> None:
    file = tmp_path / "a.keras"
    save_siamese(single, WORDS, file)
    code = (
        "import sys; from helpers.siamese import load_siamese, predict_question_pairs as ask\n"
        "print(*ask(*load_siamese(sys.argv[1]), ['word1 word2', ''], ['word2', 'word3']))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(file)], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    here = predict_question_pairs(single, WORDS, ["word1 word2", ""], ["word2", "word3"])
    np.testing.assert_allclose([float(x) for x in run.stdout.split()], here, atol=1e-6)


def test_the_file_holds_the_words_and_no_code(single, tmp_path) -> None:
    file = tmp_path / "a.keras"
    save_siamese(single, WORDS, file)
    with zipfile.ZipFile(file) as archive:
        config = archive.read("config.json").decode()
    assert json.loads(config)
    assert all(f'"{word}"' in config for word in WORDS)
    assert "Lambda" not in config


def test_a_saved_network_may_be_loaded_and_saved_again(single, tmp_path) -> None:
    first, second = tmp_path / "a.keras", tmp_path / "b.keras"
    save_siamese(single, WORDS, first)
    loaded, words = load_siamese(first)
    with_it = predict_question_pairs(loaded, words, "word1", "word2")
    save_siamese(single, words, second)
    again = predict_question_pairs(*load_siamese(second), "word1", "word2")
    np.testing.assert_allclose(with_it, again, atol=1e-7)


def test_a_file_with_code_in_it_is_refused(tmp_path) -> None:
    questions = [keras.Input((20,), dtype="int32") for _ in range(2)]
    both = layers.Lambda(lambda pair: ops.cast(pair[0] + pair[1], "float32"))(questions)
    model = keras.Model(questions, layers.Dense(1)(both))
    save_siamese(model, WORDS, tmp_path / "a.keras")
    with pytest.raises(ValueError, match="holds no Siamese network.*[Ll]ambda"):
        load_siamese(tmp_path / "a.keras")


def test_what_is_no_such_file_is_refused(single, tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no such file"):
        load_siamese(tmp_path / "none.keras")
    (tmp_path / "text.keras").write_text("no model", encoding="utf-8")
    with pytest.raises(ValueError, match="holds no Siamese network"):
        load_siamese(tmp_path / "text.keras")
    single.save(tmp_path / "bare.keras")
    with pytest.raises(ValueError, match="holds no Siamese network"):
        load_siamese(tmp_path / "bare.keras")
    with pytest.raises(ValueError, match="must end in .keras"):
        save_siamese(single, WORDS, tmp_path / "a.h5")


def test_a_cut_file_is_refused(single, tmp_path) -> None:
    file = tmp_path / "a.keras"
    save_siamese(single, WORDS, file)
    whole = file.read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 3):
        file.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="holds no Siamese network"):
            load_siamese(file)


# --- Asking -----------------------------------------------------------------------------------

ODD = [
    "",
    " ",
    "?",
    "word " * 100_000,
    "<script>x</script>",
    "\x00",
    "何時",
    "🙂",
    "a\nb",
    "\ud800",
]


def test_any_text_gets_a_probability(single) -> None:
    found = predict_question_pairs(single, WORDS, ODD, ODD[::-1])
    assert found.shape == (len(ODD),) and found.dtype == "float64"
    assert np.isfinite(found).all() and (found >= 0).all() and (found <= 1).all()


def test_one_pair_is_asked_as_text_or_as_lists_of_one_and_none_gives_no_answer(single) -> None:
    one = predict_question_pairs(single, WORDS, "word1 word2", "word3")
    listed = predict_question_pairs(single, WORDS, ["word1 word2"], ("word3",))
    assert one.shape == (1,)
    np.testing.assert_array_equal(one, listed)
    assert predict_question_pairs(single, WORDS, [], []).shape == (0,)


def test_many_pairs_are_asked_some_at_a_time(single) -> None:
    rng = np.random.default_rng(0)
    q1, q2 = ([" ".join(rng.choice(WORDS, 3)) for _ in range(2_100)] for _ in range(2))
    found = predict_question_pairs(single, WORDS, q1, q2)
    few = [predict_question_pairs(single, WORDS, q1[k], q2[k])[0] for k in (0, 999, 1000, 2099)]
    np.testing.assert_allclose(found[[0, 999, 1000, 2099]], few, atol=1e-6)


@pytest.mark.parametrize(("q1", "q2"), [(["a", "b"], ["a"]), ("a", ["a", "b"]), ([], "a")])
def test_lists_of_unequal_length_are_refused(single, q1, q2) -> None:
    with pytest.raises(ValueError, match=r"q1 holds \d questions and q2 \d"):
        predict_question_pairs(single, WORDS, q1, q2)


@pytest.mark.parametrize("bad", [None, 3, b"bytes", float("nan")])
def test_what_is_no_text_is_refused(single, bad) -> None:
    with pytest.raises(TypeError, match=r"q2\[1\] is of type"):
        predict_question_pairs(single, WORDS, ["a", "b"], ["a", bad])


# --- Results on Quora's real pairs --------------------------------------------------------------
