"""A network that says the reader's own word inside the page, and shows which letters it looks at.

``Speller.load()`` gives the network that comes with the course (``data/speller.npz``): an encoder
and a decoder with dot attention, as in lecture 17. As the last line of a cell it shows itself: in
the book, in JupyterLab and in Colab alive, where scripts are stripped as a table, elsewhere as
plain text. What it computes here, ``speller.js`` computes in the page.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.data import SpellerNetwork, load_speller
from helpers.widgets.explorer_lstm import CAPITALS, LSTM_SCRIPT, sigmoid
from helpers.widgets.page import source, widget

PAGE_SCRIPT, STYLE = "speller.js", "speller.css"
MOST_LETTERS, MOST_SOUNDS = 14, 16
STOP = 1  # number of the full stop, which begins and ends an answer
EDGES = re.compile(r"^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+\Z")
PLAIN = re.compile("[a-z]*")
EMPTY = f"Type a word of 1 to {MOST_LETTERS} letters."
STRANGE = "The network knows the letters a to z and nothing else: no spaces, accents or digits."
LONG = f"That is too long: the network has seen words of at most {MOST_LETTERS} letters."
WHY = (
    "Scripts do not run here, so this picture stands still. To type a word of your own, open this "
    "page where they do: in the book, in JupyterLab or in Colab."
)
FIRST_WORDS = ("junction", "flight", "telephone", "colonel")
#: A word in which each sound is heard
AS_IN = {
    **{"AA": "father", "AE": "at", "AH": "hut", "AO": "law", "AW": "cow", "AY": "my"},
    **{"B": "bee", "CH": "cheese", "D": "do", "DH": "this", "EH": "bed", "ER": "bird"},
    **{"EY": "day", "F": "fee", "G": "go", "HH": "he", "IH": "it", "IY": "eat", "JH": "jam"},
    **{"K": "key", "L": "lee", "M": "me", "N": "no", "NG": "sing", "OW": "oat", "OY": "boy"},
    **{"P": "pea", "R": "red", "S": "sea", "SH": "she", "T": "tea", "TH": "thin", "UH": "book"},
    **{"UW": "two", "V": "voice", "W": "we", "Y": "yes", "Z": "zoo", "ZH": "vision"},
}


class Spoken(NamedTuple):
    """What the network says to one text."""

    word: str  # as it reads it; empty where it reads nothing
    message: str  # why it reads nothing; else empty
    sounds: list[str]  # S of them, without the full stop
    weights: NDArray[np.float64]  # of attention, (S, letters)
    chance: float  # probability of the whole answer


class Speller:
    """A network to talk to; as the last line of a cell it shows itself.

    Parameters
    ----------
    network : SpellerNetwork
        Weights, letters and sounds.
    words : sequence of str, optional
        Words to choose from in the page; the first is said at once.

    Raises
    ------
    ValueError
        If there is no word, or one that the network cannot read.
    """

    def __init__(self, network: SpellerNetwork, words: Sequence[str] = FIRST_WORDS) -> None:
        self.network, self.words = network, list(words)
        if not self.words or isinstance(words, str):
            raise ValueError("words must be a list of one word or more.")
        for word in self.words:
            if message := self.read(word).message:
                raise ValueError(f"{word!r}: {message}")

    @classmethod
    def load(cls, words: Sequence[str] = FIRST_WORDS) -> Speller:
        """The network of the course, trained beforehand (see ``data/speller.md``).

        Raises
        ------
        helpers.data.CourseDataError
            If the file is missing or altered.
        """
        return cls(load_speller(), words)

    def read(self, text: str) -> Spoken:
        """Say a word greedily, the most probable sound at each step."""
        word = CAPITALS.sub(lambda capital: capital[0].lower(), EDGES.sub("", text))
        message = STRANGE if not PLAIN.fullmatch(word) else "" if word else EMPTY
        if message or len(word) > MOST_LETTERS:
            return Spoken("", message or LONG, [], np.zeros((0, 0)), 0.0)
        weights = self.network.weights
        state, states = np.zeros((2, len(weights["encoder_W_h"]))), []
        for letter in word:
            x = weights["letters"][self.network.letters.index(letter)]
            state = self._step("encoder", x, state)
            states.append(state[1])
        looked, numbers, chance = [], [STOP], 1.0
        while len(numbers) == 1 or (numbers[-1] != STOP and len(numbers) <= MOST_SOUNDS):
            state = self._step("decoder", weights["sounds"][numbers[-1]], state)
            looked.append(softmax(np.array(states) @ state[1]))
            both = np.concatenate([state[1], looked[-1] @ np.array(states)])
            shares = softmax(both @ weights["head_W"] + weights["head_b"])
            numbers.append(1 + int(shares[1:].argmax()))  # never the pad
            chance *= shares[numbers[-1]]
        sounds = [self.network.sounds[number] for number in numbers if number != STOP]
        return Spoken(word, "", sounds, np.array(looked)[: len(sounds)], float(chance))

    def _step(self, part: str, x: NDArray, state: NDArray) -> NDArray:
        """One step of an LSTM: cell and hidden state, (2, p), after it has read x."""
        W_x, W_h, b = (self.network.weights[f"{part}_{name}"] for name in ("W_x", "W_h", "b"))
        i, f, candidate, o = np.split(x @ W_x + state[1] @ W_h + b, 4)
        cell = sigmoid(f) * state[0] + sigmoid(i) * np.tanh(candidate)
        return np.array([cell, sigmoid(o) * np.tanh(cell)])

    # -- showing

    def __repr__(self) -> str:
        spoken = self.read(self.words[0])
        lines = [
            f"{spoken.word}: {' '.join(spoken.sounds)} (probability {spoken.chance:.2f})",
            "Each sound, and the letter whose state it looks at most:",
        ]
        for sound, row in zip(spoken.sounds, spoken.weights, strict=True):
            place = int(row.argmax())
            lines.append(f"{sound:>3}  {spoken.word[place]} (letter {place + 1}) {row[place]:.2f}")
        return "\n".join([*lines, "It is alive in the book, in JupyterLab and in Colab."])

    def _repr_html_(self) -> str:
        data = {
            "title": "A network that says words",
            "letters": self.network.letters,
            "sounds": self.network.sounds,
            "asIn": AS_IN,
            "most": [MOST_LETTERS, MOST_SOUNDS],
            "messages": [EMPTY, STRANGE, LONG],
        }
        weights = {name: _packed(array) for name, array in self.network.weights.items()}
        script = source(LSTM_SCRIPT) + source(PAGE_SCRIPT)
        shared = {"weights": weights}
        return widget("speller", self._static(), data, script, source(STYLE), shared=shared)

    def _static(self) -> str:
        """The first word and how it is said, as the script will find it."""
        spoken = self.read(self.words[0])
        buttons = "".join(f'<button type="button">{word}</button>' for word in self.words)
        heads = "".join(f'<th scope="col">{letter}</th>' for letter in spoken.word)
        rows = "".join(
            f'<tr><th scope="row">{sound} {_as_in(sound)}</th>'
            + "".join(_cell(weight) for weight in row)
            + "</tr>"
            for sound, row in zip(spoken.sounds, spoken.weights, strict=True)
        )
        return (
            f'<p class="cw-why">{WHY}</p><div class="cw-controls"><label class="cw-field">'
            f'<span>A word</span><input type="text" value="{escape(spoken.word)}" '
            'autocomplete="off" autocapitalize="none" spellcheck="false"></label>'
            f'<div class="cw-presets" role="group" aria-label="Words to try">{buttons}</div></div>'
            f'<p class="cw-said" role="status">{_said(spoken)}</p>'
            '<table><caption class="cw-hidden">A row for each sound, a column for each letter: '
            "percent of the attention</caption>"
            f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
            f'<p class="cw-about">{self._about()}</p>'
        )

    def _about(self) -> str:
        """What it learned from, and how often it is right."""
        about = self.network.about
        return (
            f"It learned from {about['num_words']:,} words. Of {about['num_test']:,} test words "
            f"{about['right']:.0%} come out with each sound right, and the phoneme error is "
            f"{about['phoneme_error']:.3f}."
        )


def softmax(scores: NDArray) -> NDArray:
    """Shares from scores of shape (n,), without overflow."""
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def _said(spoken: Spoken) -> str:
    """The line above the picture."""
    sounds = " ".join(spoken.sounds) or "nothing"
    return f"<strong>{spoken.word}</strong>: {sounds} (probability {spoken.chance:.2f})"


def _as_in(sound: str) -> str:
    """A word in which a sound is heard."""
    return f'<span class="cw-as">{AS_IN.get(sound, "")}</span>'


def _cell(weight: float) -> str:
    """One cell of the picture: the darker, the more attention."""
    percent = int(100 * weight + 0.5)
    return (
        f'<td title="{percent}%" style="--cw-share: {percent / 100:.2f};">'
        f'<span class="cw-hidden">{percent}%</span></td>'
    )


def _packed(array: NDArray) -> dict[str, Any]:
    """An array as text: its 16-bit numbers in base64, row after row."""
    return {"type": "f2", "data": base64.b64encode(array.astype("<f2").tobytes()).decode()}
