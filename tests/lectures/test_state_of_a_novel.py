"""The page on the state of a novel: predictions of quotation marks, the experiment's decisions.

The functions are the page's own, taken from its cells, so there is one copy of them.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import softmax

from helpers.data import load_austen, load_novelist
from tests.support import functions_of

SYMBOLS = load_novelist().symbols


@pytest.fixture
def lecture(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the page defines; its functions find network and symbols as global names."""
    found = functions_of("state-of-a-novel")
    for function in (found.build_model, found.as_numbers, found.mark_probability):
        monkeypatch.setitem(function.__globals__, "symbols", SYMBOLS)
    return found


def test_a_mark_is_as_probable_as_the_network_of_the_experiments_predicts(
    lecture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpers.characters import build

    plain = build(80, 256, 1)
    plain.set_weights(load_novelist().weights)
    model = lecture.build_model()
    model.set_weights(load_novelist().weights)
    monkeypatch.setitem(lecture.mark_probability.__globals__, "model", model)
    texts = ('"Oh, my dear.', "He left, she,")
    numbers = np.array([[SYMBOLS.index(s) for s in text] for text in texts])
    expected = softmax(plain.predict(numbers, verbose=0)[:, -1], axis=-1)[:, SYMBOLS.index('"')]
    np.testing.assert_allclose(lecture.mark_probability(texts), expected, rtol=1e-3)
    assert model.predict_on_batch(lecture.as_numbers(texts)).shape == (2, 80)


def test_each_character_is_left_out_in_turn(lecture, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setitem(lecture.occlude.__globals__, "mark_probability", seen.extend)
    lecture.occlude('a"bc')
    assert seen == ['"bc', "abc", 'a"c', 'a"b']


def test_characters_that_the_novels_do_not_have_are_named(lecture) -> None:
    with pytest.raises(ValueError, match="not among the 80 characters of the model: .'É', '“'."):
        lecture.as_numbers(["“Oh,", " É, "])


def test_a_paragraph_of_narration_gives_the_text_before_its_last_full_stop(lecture) -> None:
    text = 'He came. He saw. He left.\n"Yes," he said. He went. So far.\nHe sat. Then he ate. No.'
    lecture.narration.__globals__["chapters"] = [text, "She went too. And so on"]
    expected = [". He left.", "e ate. No.", " went too."]
    assert lecture.narration(length=10) == expected


def test_speeches_end_at_a_comma_or_stop_before_the_next_mark(lecture) -> None:
    text = (
        "It was so, she thought, all day.\n"
        + '"No, no, never, I say," he said, "no, no."\n"Oh, dear.'
    )
    lecture.speeches.__globals__["chapters"] = [text]
    found = lecture.speeches(length=24)
    assert [back for _, back in found] == [3, 7, 14, 21, 3, 9]
    for said, back in found:
        assert len(said) == 24 and said[-1] in ",." and said[23 - back] == '"'


@pytest.mark.parametrize("back", [1, 5, 11])
def test_two_symbols_take_the_place_of_a_space(lecture, back: int) -> None:
    text = "It was so, he said, and left."
    opened, closed = (lecture.insert(text, back, two) for two in (' "', '" '))
    assert len(opened) == len(closed) == len(text) + 1
    place = opened.index('"')
    assert len(opened) - place > back and closed.index('"') == place - 1
    assert opened[place - 1] == " " and text == opened[:place] + opened[place + 1 :]


def test_a_speech_is_opened_and_soon_closed(lecture) -> None:
    text = "It was so, he said, and then he left the room, at once."
    assert lecture.open_and_close(text, 25) == (
        'It was so, he said, and then "he left," the room, at once.'
    )


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('"Yes," he said. "No."', "_xxxxx_________ _xxxx"),
        ('"One.\n"Two." He.', "_xxxxx_xxxxx____"),
        ('when--"But," he', "_______xxxxx___"),
        ('"Wait--" he', "_xxxxxxx___"),
    ],
)
def test_a_speech_is_open_from_its_first_mark_to_its_last(text: str, inside: str) -> None:
    from experiments.char_language_models import since_opened

    since = since_opened(text)
    assert len(since) == len(text) + 1 and since[0] == 0
    found = "".join("x" if s else "_" for s in since[: len(text)])
    assert found == inside.replace(" ", "_")


def test_decisions_of_networks_and_of_tables_are_the_same_places() -> None:
    from experiments.char_language_models import Chapters, decisions, since_opened

    chapters = Chapters("test")
    told = list(decisions(chapters))
    assert [one.marked for one in told] == chapters.marked.tolist()
    assert [one.chapter for one in told] == chapters.chapter[chapters.decided].tolist()
    assert not any(one.marked for one in told if not one.inside)  # as the page says
    assert len(load_austen().query("split == 'test'")) == told[-1].chapter + 1
    since = np.concatenate([since_opened(text)[: len(text) + 1] for text in chapters.texts])
    inside = since[chapters.decided]
    assert (inside > 0).tolist() == [one.inside for one in told]
    assert np.mean(inside[inside > 0] > 13) > 0.9  # mostly further back than n-grams see


def test_regression_is_given_the_last_mark_and_what_it_was() -> None:
    from experiments.char_language_models import pieces

    text = '\n"Oh, dear." He left,\n'
    symbols = "".join(sorted(set(text)))
    numbers = np.array([symbols.index(s) for s in text])
    decided = np.array([place for place, s in enumerate(text[:-1]) if s in ".,"])
    found = list(pieces(SimpleNamespace(symbols=symbols, numbers=numbers, decided=decided)))
    kinds = [next(k for k in ("opened", "closed", "no mark") if k in one) for one in found]
    assert kinds == ["opened", "opened", "closed"]
    assert "word dear" in found[1] and "word dear" not in found[0] and "last h," in found[0]


def test_decisions_are_texts_up_to_a_comma_or_stop_and_what_came_next(lecture) -> None:
    chapters = ['He said, "No, no." So it was.', '"Yes, yes.\n"Yes." He went.', "She."]
    found = lecture.decisions(chapters, length=4)
    assert found["text"].tolist()[:5] == ["aid,", '"No,', " no.", "was.", "Yes,"]
    assert found["after"].tolist() == [*",,..,..."]
    assert found["open"].tolist() == [False, True, True, False, True, True, True, False]
    assert found["marked"].tolist() == [False, False, True, *[False] * 3, True, False]


def test_the_rule_of_the_page_is_that_of_the_experiment(lecture) -> None:
    from experiments.char_language_models import since_opened

    texts = load_austen().query("split == 'test'")["text"]
    found = lecture.decisions(texts)
    whole = "\n".join(texts)
    after = [end for end in range(200, len(whole)) if whole[end - 1] in ".,"]
    inside = np.array(since_opened(whole))[after] > 0
    assert np.mean(found["open"] == inside) > 0.99
    assert not found.loc[~found["open"], "marked"].any()


def test_as_many_letters_are_erased_as_there_are_marks(lecture) -> None:
    text = '"Oh, dear," he said.'
    erased = lecture.erase_letters(text, np.random.default_rng(0))
    changed = [a for a, b in zip(text, erased, strict=True) if a != b]
    assert len(changed) == 2 and all(a.isalpha() for a in changed)
