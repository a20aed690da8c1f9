"""The page on Siamese networks: its groups, its law, its network; the helpers of the app."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
from keras import layers, ops

from experiments import duplicate_questions as experiment
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

WORDS = [f"word{k}" for k in range(30)]
COUPLES = [("Ada", "Ben"), ("Cleo", "Dan"), ("Ben", "Cleo")]


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    found = functions_of("siamese-quora")
    known = {"OLDER": experiment.OLDER, "YOUNGER": experiment.YOUNGER}
    found.age_questions.__globals__.update(known)
    return found


# --- The network and the law ------------------------------------------------------------------


def yes(question: str, older: str) -> bool:
    """The answer, by reading: is the person of whom is asked the older one?"""
    first, second = (word for word in question.split() if word.istitle())
    asked_for_older = "older" in question or "before" in question
    assert older in (first, second)
    return (first == older) == asked_for_older


def test_two_questions_are_duplicates_if_the_answers_agree_whoever_is_older(lecture) -> None:
    rows = lecture.age_questions(500, COUPLES, np.random.default_rng(0))
    for one, two, label in rows:
        names = [word for word in one.split() if word.istitle()]
        assert sorted(names) == sorted(word for word in two.split() if word.istitle())
        agree = {yes(one, older) == yes(two, older) for older in names}
        assert agree == {bool(label)}
        assert set(one.split()) - set(names) != set(two.split()) - set(names)  # two phrasings


def test_given_the_words_of_both_questions_the_label_is_a_fair_coin(lecture) -> None:
    rows = lecture.age_questions(6000, COUPLES[:1], np.random.default_rng(1))
    bags = pd.Series([" ".join(sorted(a.split()) + sorted(b.split())) for a, b, _ in rows])
    shares = pd.Series([label for *_, label in rows]).groupby(bags).agg(["mean", "size"])
    assert len(shares) == 30  # ordered pairs of different phrasings
    assert (abs(shares["mean"] - 0.5) < 4 * 0.5 / np.sqrt(shares["size"])).all()


def test_the_page_and_the_experiment_draw_the_same_pairs(lecture) -> None:
    rows = lecture.age_questions(50, COUPLES, np.random.default_rng(2))
    same = experiment.age_questions(50, COUPLES, np.random.default_rng(2))
    assert [tuple(row) for row in same.to_numpy()] == rows


def test_no_couple_and_no_question_stands_in_two_parts_of_the_experiment() -> None:
    parts = experiment.divided(experiment.NAMES, np.random.default_rng(0))
    couples = [frozenset(couple) for some in parts.values() for couple in some]
    assert len(set(couples)) == len(couples) == 435
    sample = experiment.pairs_of("sample")
    ids = [{*rows["qid1"], *rows["qid2"]} for rows in sample.values()]
    assert not (ids[0] & ids[1] or ids[0] & ids[2] or ids[1] & ids[2])
    assert sum(map(len, sample.values())) == 4000


def test_the_output_follows_the_equation_and_is_symmetric(lecture) -> None:
    keras.utils.set_random_seed(0)
    network = lecture.siamese(20, num_units=5)
    rng = np.random.default_rng(0)
    a, b = (rng.integers(1, 20, (6, 4)) for _ in range(2))
    u, v = (np.asarray(network.get_layer("encoder")(x)) for x in (a, b))
    output = np.asarray(network([a, b]))[:, 0]
    np.testing.assert_allclose(output, np.exp(-np.abs(u - v).sum(axis=1)), rtol=1e-5)
    np.testing.assert_allclose(output, np.asarray(network([b, a]))[:, 0], rtol=1e-6)
    np.testing.assert_allclose(np.asarray(network([a, a])), 1)


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
def single() -> keras.Model:
    """A Siamese network of the kind that the app saves, untrained: no layer of the course."""
    keras.utils.set_random_seed(0)
    embedding, lstm = layers.Embedding(len(WORDS) + 2, 24), layers.LSTM(24)
    questions = [keras.Input((NUM_TOKENS,), dtype="int32") for _ in range(2)]
    u, v = (lstm(embedding(question)) for question in questions)
    return keras.Model(questions, ops.exp(-ops.sum(ops.abs(u - v), axis=1, keepdims=True)))


def test_a_network_and_its_vocabulary_come_back_from_one_file(single, tmp_path) -> None:
    rng, file = np.random.default_rng(0), tmp_path / "a.keras"
    ids = [rng.integers(0, len(WORDS) + 2, (16, NUM_TOKENS)).astype("int32") for _ in range(2)]
    words = ["naïve", "'", "שלום", *WORDS[3:]]
    save_siamese(single, words, file)
    assert [path.name for path in tmp_path.iterdir()] == ["a.keras"]
    loaded, its_words = load_siamese(file)
    assert its_words == words
    outputs = [model.predict(ids, verbose=0) for model in (loaded, single)]
    np.testing.assert_allclose(*outputs, rtol=0, atol=1e-6)


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
