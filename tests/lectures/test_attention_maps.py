"""The page on attention maps: its network, occlusion, patching; the experiment on them."""

from __future__ import annotations

import ast
import string
from types import SimpleNamespace

import jupytext
import keras
import numpy as np
import pytest

from experiments import spelling_to_sound as experiment
from helpers.data import load_pronouncer
from tests.support import ROOT, functions_of


def pronouncer(found: SimpleNamespace) -> SimpleNamespace:
    """What a page defines, with its trained network."""
    encoder, decoder = found.make_encoder(), found.make_decoder()
    letters, before = (keras.Input((None,), dtype="int32") for _ in range(2))
    states, g, cell = encoder(letters)
    scores, *_ = decoder([before, g, cell, states, keras.ops.not_equal(letters, 0)])
    found.network = keras.Model([letters, before], scores)
    found.network.set_weights(load_pronouncer())
    found.speak.__globals__.update(encoder=encoder, decoder=decoder)  # of the page, all functions'
    return found


@pytest.fixture(scope="module")
def lecture() -> SimpleNamespace:
    """What the page defines, with its trained network."""
    return pronouncer(functions_of("attention-maps"))


def statements(slug: str, *, repeated: bool) -> set[str]:
    """Code of a page, statement by statement, without blanks and comments."""
    cells = [
        cell.source
        for cell in jupytext.read(ROOT / "lectures" / f"{slug}.md").cells
        if cell.cell_type == "code"
        and (not repeated or "repeated" in cell.metadata.get("tags", []))
    ]
    return {ast.unparse(node) for source in cells for node in ast.parse(source).body}


def test_what_the_page_repeats_is_code_of_the_page_before() -> None:
    mine = statements("attention-maps", repeated=True)
    assert len(mine) > 9
    assert mine <= statements("spelling-to-sound", repeated=False)


def probabilities(lecture, word: str, said: list[int]) -> np.ndarray:
    """Of the sounds (S,), as the page has it, for one word: (S,)."""
    return lecture.probabilities(lecture.encode([word]), said)[0]


@pytest.fixture(scope="module")
def cat() -> list[int]:
    """The numbers of the sounds of a word."""
    symbols = experiment.symbols_of(experiment.words_by_split())
    return [symbols.index(sound) for sound in ("K", "AE", "T")]


def test_the_probabilities_are_those_of_the_whole_network(lecture, cat) -> None:
    scores = lecture.network.predict_on_batch([lecture.to_ids(["cat"]), np.array([[1, *cat[:-1]]])])
    shares = lecture.softmax(scores[0], axis=-1)
    np.testing.assert_allclose(probabilities(lecture, "cat", cat), shares[range(3), cat], atol=1e-5)


def test_occlusion_is_the_mean_share_lost_over_the_other_letters(lecture, cat) -> None:
    before = probabilities(lecture, "cat", cat)
    others = [f"c{letter}t" for letter in string.ascii_lowercase if letter != "a"]
    assert lecture.replaced("cat", 1) == others
    after = [probabilities(lecture, other, cat) for other in others]
    lost = lecture.occlusion("cat", cat)
    assert lost.shape == (3, 3)
    np.testing.assert_allclose(lost[:, 1], 1 - np.mean(after, axis=0) / before, atol=1e-4)


def test_the_experiment_replaces_one_letter_as_the_page_does(lecture, cat) -> None:
    rows = lecture.to_ids(["cat"]), np.array([[1, *cat[:-1]]]), np.array([cat])
    before = probabilities(lecture, "cat", cat)
    theirs = experiment.probabilities(lecture.network, rows)[0]
    np.testing.assert_allclose(theirs, before, atol=1e-5)
    after = experiment.after_replacing(lecture.network, rows)[0]
    lost = lecture.occlusion("cat", cat)
    np.testing.assert_allclose(1 - after / before[:, None], lost, atol=1e-4)


def test_the_experiment_patches_and_masks_one_state_as_the_page_does(lecture) -> None:
    said, _ = lecture.speak("ashburn")
    rows = lecture.to_ids(["ashburn"]), np.array([[1, *said[:-1]]]), np.array([said])
    same, others = map(lecture.encode, (["ashburn"] * 25, lecture.replaced("ashburn", 5)))
    start = same[0], *others[1:]
    cases = {
        "patched_map": lecture.patched(same, others, 4),
        "patched_worst": lecture.patched(same, others, 5),
        "patched_start": start,
        "beside_other": lecture.patched(same, lecture.encode(lecture.replaced("ashburn", 3)), 4),
        "restored_map": lecture.patched(others, same, 4),
    }
    ours = {name: lecture.probabilities(x, said)[:, 3].mean() for name, x in cases.items()}
    encoder, decoder = networks_of_experiment(lecture)
    where, places = (np.array([0]), np.array([3])), [np.array([t]) for t in (4, 5)]
    theirs = experiment.patched(encoder, decoder, rows, where, *places)
    theirs |= experiment.beside(encoder, decoder, rows, where, *places)
    for name, probability in ours.items():
        assert theirs[name] == pytest.approx(probability, abs=1e-4)
    assert theirs["patched_map"] < 0.3 < 0.6 < theirs["patched_worst"]
    states, *last = lecture.encode(["ashburn"])
    left_out = lecture.probabilities([np.delete(states, 4, axis=1), *last], said)
    assert theirs["masked_map"] == pytest.approx(left_out[0, 3], abs=1e-4)


def networks_of_experiment(lecture) -> tuple:
    """Encoder and decoder of the experiment, with the weights of the page's."""
    encoder, decoder, joined = experiment.network(27, 41, "attention")
    joined.set_weights(lecture.network.get_weights())
    return encoder, decoder


def test_words_of_other_lengths_are_not_patched_into_one_another(lecture) -> None:
    with pytest.raises(ValueError, match="shapes"):
        lecture.patched(lecture.encode(["cat"]), lecture.encode(["cats"]), 1)


def test_one_half_of_a_state_is_patched_and_the_other_stays(lecture) -> None:
    own, other = lecture.encode(["cat"])[0], lecture.encode(["cut"])[0]
    mixed = lecture.patched_half(own, other, 1, "backward")
    np.testing.assert_array_equal(mixed[0, 1], [*own[0, 1, :32], *other[0, 1, 32:]])
    np.testing.assert_array_equal(mixed[:, [0, 2]], own[:, [0, 2]])
