"""The explorer: an LSTM that reads the reader's own sentence inside the page, with no server.

``LSTMExplorer.load()`` gives the network that comes with the course (``data/explorer.npz``);
``explorer(model, vocabulary)`` takes any Keras model of Embedding, LSTM and one sigmoid output. As
the last line of a cell either shows itself: in the book, in JupyterLab and in Colab alive, where
scripts are stripped as coloured words, elsewhere as plain text. What the page's own JavaScript
computes stands in ``explorer_lstm.js``, see `javascript_source`.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.widgets.page import source, widget

WEIGHTS = "explorer.npz"
LSTM_SCRIPT, PAGE_SCRIPT, STYLE = "explorer_lstm.js", "explorer_page.js", "explorer.css"
DTYPES = {"float16": ("<f2", "f2"), "float32": ("<f4", "f4")}
MOST_WORDS = 400  # to read, where the network sets no limit
PAD, UNKNOWN = 0, 1
PUNCTUATION = re.compile(r"[!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']")
CAPITALS = re.compile("[A-Z]+")
WHITE = re.compile("[ \t\n\v\f\r]+")
WARM, COLD = (244, 140, 50), (86, 160, 216)  # above and below zero, as in explorer.css
STEP_NAMES = ("input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden")
FIRST_EXAMPLES = (
    "Worst service ever, never again.",
    "Not bad at all!",
    "The food was great but the waiter was rude.",
    "The waiter was rude but the food was great.",
    "I would never come back to this bar. The man who mixes the drinks knows every song he plays, "
    "the gin is cold and clear, and my friends loved the little plates.",
)


class Network(NamedTuple):
    """A trained network: V words of m numbers, p units."""

    embedding: NDArray  # (V, m)
    W_x: NDArray  # (m, 4p), parts in Keras's order: input, forget, candidate, output
    W_h: NDArray  # (p, 4p)
    b: NDArray  # (4p,)
    head_W: NDArray  # (p, 1)
    head_b: NDArray  # (1,)
    vocabulary: list[str]  # word by number; 0 is the pad, 1 is [UNK]
    about: dict[str, Any]


class Reading(NamedTuple):
    """What the network does on one text of T words."""

    words: list[str]  # as it knows them, small and without punctuation
    numbers: list[int]  # in the vocabulary
    inside: dict[str, NDArray]  # gates and states by name, each (T, p)
    positive: NDArray  # (T + 1,): P(positive) before the first word, and after each


# --- Words ------------------------------------------------------------------------------------


def split_words(text: str) -> list[str]:
    """Cut a text into words as ``keras.layers.TextVectorization`` does by default.

    Capitals of A to Z become small, ASCII punctuation goes, and words end at ASCII white space.
    """
    text = CAPITALS.sub(lambda capitals: capitals[0].lower(), text)
    return [word for word in WHITE.split(PUNCTUATION.sub("", text)) if word]


# --- The file ---------------------------------------------------------------------------------


def write_weights(
    file: Path, arrays: Sequence[ArrayLike], vocabulary: Sequence[str], about: Mapping[str, Any]
) -> None:
    """Write a network to a file: its six arrays, its vocabulary, and what is said about it."""
    named = {name: np.asarray(array) for name, array in zip(Network._fields, arrays, strict=False)}
    text = {"vocabulary": "\n".join(vocabulary), "about": json.dumps(dict(about), sort_keys=True)}
    as_bytes = {name: np.frombuffer(value.encode(), np.uint8) for name, value in text.items()}
    stream = io.BytesIO()  # first as a whole: the file is never half written
    np.savez_compressed(stream, **named, **as_bytes)
    file.write_bytes(stream.getvalue())


def read_weights(file: Path) -> Network:
    """Read a network that `write_weights` wrote.

    Raises
    ------
    ValueError
        If the file is of another form.
    """
    try:
        with np.load(file, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in Network._fields}
    except (KeyError, ValueError, EOFError) as error:
        raise ValueError(f"{file}: no weights of the explorer ({error}).") from None
    vocabulary = found.pop("vocabulary").tobytes().decode().split("\n")
    about = json.loads(found.pop("about").tobytes().decode())
    return Network(**found, vocabulary=vocabulary, about=about)


# --- The object -------------------------------------------------------------------------------


class LSTMExplorer:
    """A network to look into; as the last line of a cell it shows itself.

    Parameters
    ----------
    network : Network
        Weights and vocabulary.
    reviews : sequence of str, optional
        Texts to choose from in the page. Without it, a few sentences of the course.
    length : int, optional
        Words that the network reads; later ones are left out. Without it, as
        ``network.about["length"]`` says, else 400.
    weights_dtype : str
        ``"float16"`` or ``"float32"``: how the numbers of the words travel. All other weights are
        few and travel as float32.
    unit : int, optional
        The unit that colours the words at first, counted from 1. Without it, the one that moves
        the verdict most.
    note : sequence of str, optional
        Lines below the explorer: what the network was trained on, where it fails.

    Raises
    ------
    ValueError
        If shapes do not fit, weights are not finite (or not in float16), or an argument is out of
        range.
    """

    def __init__(
        self,
        network: Network,
        reviews: Sequence[str] | None = None,
        length: int | None = None,
        weights_dtype: str = "float16",
        unit: int | None = None,
        note: Sequence[str] | None = None,
    ) -> None:
        if weights_dtype not in DTYPES:
            raise ValueError(f"weights_dtype is {weights_dtype!r}: give 'float16' or 'float32'.")
        if isinstance(reviews, str):
            raise ValueError("reviews is one text: give a list of texts.")
        self._dtype = weights_dtype
        self.network = _checked(network, weights_dtype)
        self.vocabulary = self.network.vocabulary
        self.about = dict(network.about)
        self.num_units = len(self.network.head_W)
        self.length = int(length or self.about.get("length") or MOST_WORDS)
        if not 1 <= self.length <= 10_000:
            raise ValueError(f"length is {length}: give a number of words from 1 to 10,000.")
        self.reviews = [str(text) for text in (FIRST_EXAMPLES if reviews is None else reviews)]
        self.note = [note] if isinstance(note, str) else list(note or ())
        self._numbers = {word: number for number, word in enumerate(self.vocabulary)}
        spread, self.scale = self._measure()
        if unit is None:
            unit = 1 + int(np.argmax(np.abs(self.network.head_W[:, 0]) * spread))
        if not 1 <= unit <= self.num_units:
            raise ValueError(f"unit is {unit}: give a unit from 1 to {self.num_units}.")
        self.unit = int(unit)

    @classmethod
    def load(cls, reviews: Sequence[str] | None = None, **options: Any) -> LSTMExplorer:
        """The network of the course, trained beforehand (see ``data/explorer.md``).

        Parameters
        ----------
        reviews : sequence of str, optional
            Texts to choose from.
        **options
            As for the class.

        Raises
        ------
        helpers.data.CourseDataError
            If the file is missing or altered.
        """
        from helpers.data import explorer_file

        network = read_weights(explorer_file())
        return cls(network, reviews, note=options.pop("note", course_note(network)), **options)

    # -- reading

    def read(self, text: str) -> Reading:
        """Let the network read a text; gates, states and P(positive) after each word."""
        words = split_words(text)[: self.length]
        numbers = [self._numbers.get(word, UNKNOWN) for word in words]
        inside = _lstm(self.network.embedding[numbers], self.network)
        before = np.zeros((1, self.num_units))
        hidden = np.concatenate([before, inside["hidden"]])
        positive = _sigmoid(hidden @ self.network.head_W[:, 0] + self.network.head_b[0])
        return Reading(words, numbers, inside, positive)

    def predict(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """P(positive) of each text (n,)."""
        return np.array([self.read(text).positive[-1] for text in texts])

    def keras_model(self) -> Any:
        """The same network in Keras; it reads numbers of words, padded with 0 at the end."""
        import keras
        from keras import layers

        num_words, num_features = self.network.embedding.shape
        model = keras.Sequential(
            [
                keras.Input((None,), dtype="int32"),
                layers.Embedding(num_words, num_features, mask_zero=True),
                layers.LSTM(self.num_units),
                layers.Dense(1, activation="sigmoid"),
            ]
        )
        model.set_weights([np.asarray(array, "float32") for array in self.network[:6]])
        return model

    def _measure(self) -> tuple[NDArray, list[float]]:
        """How much each unit moves over the examples, and how far it goes from zero."""
        texts = [text for text in self.reviews if split_words(text)] or list(FIRST_EXAMPLES)
        hidden = np.concatenate([self.read(text).inside["hidden"] for text in texts[:50]])
        most = np.maximum(np.abs(hidden).max(axis=0), 0.05)
        return hidden.std(axis=0), [float(np.ceil(value * 100) / 100) for value in most]

    # -- showing

    def __repr__(self) -> str:
        num_words, num_features = self.network.embedding.shape
        lines = [
            f"LSTM explorer: {num_words:,} words of {num_features} numbers, {self.num_units} "
            f"units, reads up to {self.length} words.",
            "It is alive in the book, in JupyterLab and in Colab.",
        ]
        if self.reviews:
            reading = self.read(self.reviews[0])
            state = reading.inside["hidden"][:, self.unit - 1]
            words = [f"{w} {value:+.2f}" for w, value in zip(reading.words, state, strict=True)]
            read = textwrap.wrap(f"Unit {self.unit}: " + ", ".join(words[:60]), 82)
            lines += [*read, f"P(positive) = {reading.positive[-1]:.2f}"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return widget(
            "rnn-explorer", self._static(), self._data(), [LSTM_SCRIPT, PAGE_SCRIPT], [STYLE]
        )

    def _data(self) -> dict[str, Any]:
        """What the page's JavaScript gets."""
        arrays = {
            name: _packed(getattr(self.network, name), dtype)
            for name, dtype in [
                ("embedding", self._dtype),
                ("W_x", "float32"),
                ("W_h", "float32"),
                ("b", "float32"),
                ("head_W", "float32"),
                ("head_b", "float32"),
            ]
        }
        return {
            "title": "LSTM explorer",
            **arrays,
            "vocabulary": "\n".join(self.vocabulary),
            "length": self.length,
            "examples": self.reviews,
            "scale": self.scale,
            "unit": self.unit - 1,
            "about": self.note,
        }

    def _static(self) -> str:
        """The first text with coloured words, for viewers that strip scripts."""
        if not self.reviews:
            return "<p>The explorer needs JavaScript, which this viewer does not run.</p>"
        reading = self.read(self.reviews[0])
        state = reading.inside["hidden"][:, self.unit - 1]
        words = " ".join(
            _coloured(word, value, value / self.scale[self.unit - 1], number == UNKNOWN)
            for word, value, number in zip(reading.words, state, reading.numbers, strict=True)
        )
        return (
            f'<p style="line-height:2.2">{words}</p>'
            f"<p>Words coloured by unit {self.unit} of the LSTM: orange above zero, blue below; "
            f"a question mark follows a word that it does not know. After the last word "
            f"P(positive) = {reading.positive[-1]:.2f}.</p>"
            "<p>To type a sentence of your own, open this page where scripts run: in the book, in "
            "JupyterLab or in Colab.</p>"
        )


def explorer(
    model: Any,
    vocabulary: Sequence[str],
    reviews: Sequence[str] | None = None,
    weights_dtype: str = "float16",
    **options: Any,
) -> LSTMExplorer:
    """An explorer of a trained Keras model.

    Parameters
    ----------
    model : keras.Model
        Embedding with ``mask_zero=True``, one LSTM with Keras's usual activations, Dense(1) with a
        sigmoid. Layers that do nothing after training, dropout, may stand between.
    vocabulary : sequence of str
        Word by number, as ``TextVectorization.get_vocabulary()`` gives it.
    reviews, weights_dtype, **options
        As for `LSTMExplorer`.

    Raises
    ------
    ValueError
        If the model is of another kind, or the vocabulary does not fit.
    """
    kept = [layer for layer in model.layers if not _is_idle(layer)]
    kinds = [type(layer).__name__ for layer in kept]
    if kinds != ["Embedding", "LSTM", "Dense"]:
        raise ValueError(
            f"The model has the layers {', '.join(kinds) or 'none'}: "
            "the explorer reads Embedding, LSTM, Dense."
        )
    settings = [layer.get_config() for layer in kept]
    wanted = [
        (0, "mask_zero", True),
        (1, "activation", "tanh"),
        (1, "recurrent_activation", "sigmoid"),
        (1, "use_bias", True),
        (1, "go_backwards", False),
        (1, "return_sequences", False),
        (1, "return_state", False),
        (2, "units", 1),
        (2, "activation", "sigmoid"),
        (2, "use_bias", True),
    ]
    for place, name, value in wanted:
        if (found := settings[place].get(name)) != value:
            raise ValueError(
                f"{kinds[place]} has {name}={found!r}: the explorer needs {name}={value!r}."
            )
    arrays = [np.asarray(array) for layer in kept for array in layer.get_weights()]
    if len(vocabulary) > len(arrays[0]):
        raise ValueError(
            f"The vocabulary has {len(vocabulary):,} words, but Embedding has {len(arrays[0]):,} "
            "rows: give the vocabulary that the model was trained with."
        )
    arrays[0] = arrays[0][: len(vocabulary)]
    network = Network(*arrays, vocabulary=list(vocabulary), about={})
    return LSTMExplorer(network, reviews, weights_dtype=weights_dtype, **options)


def javascript_source(function: str | None = None) -> str:
    """The JavaScript that reads a text in the page: `explorer_lstm.js`, or one function of it.

    Parameters
    ----------
    function : str, optional
        ``"lstmStep"``, ``"verdict"``, ``"readWords"``, ``"splitWords"``, ``"fromHalf"`` or
        ``"decodeArray"``: that function alone, with the comment above it.

    Raises
    ------
    ValueError
        If there is no such function.
    """
    text = source(LSTM_SCRIPT)
    if function is None:
        return text
    pattern = rf"(?:^//[^\n]*\n)*^function {re.escape(function)}\(.*?^\}}$"
    if not (found := re.search(pattern, text, re.DOTALL | re.MULTILINE)):
        known = ", ".join(re.findall(r"^function (\w+)", text, re.MULTILINE))
        raise ValueError(f"There is no function {function!r} in {LSTM_SCRIPT}, but {known}.")
    return found[0]


def course_note(network: Network) -> list[str]:
    """What the page says of the course's network: its training, its accuracy, where it fails."""
    accuracy, count = network.about["accuracy"], network.about["num_texts"]
    return [
        f"What it learned from: {network.about['num_training_texts']:,} labelled texts, namely "
        "reviews of food, snippets of reviews of films and goods, tweets, single words with their "
        "ratings, and short sentences about restaurants that a program of the course made up.",
        f"How often it is right on texts that it never saw: {accuracy['sentences']:.0%} of "
        f"{count['sentences']} short sentences about restaurants, {accuracy['reviews']:.0%} of "
        f"{count['reviews']:,} reviews of food (five stars or fewer?), {accuracy['snippets']:.0%} "
        f"of {count['snippets']:,} snippets.",
        "Where it fails: irony, stories that never name a feeling, long texts, words that it does "
        "not know, and whatever is not about a meal. It only knows positive and negative, so it "
        "takes sides on neutral texts too.",
    ]


# --- Inside -----------------------------------------------------------------------------------


def _is_idle(layer: Any) -> bool:
    name = type(layer).__name__
    return (
        name == "InputLayer" or re.fullmatch(r"(Gaussian|Spatial)?Dropout(1D)?", name) is not None
    )


def _checked(network: Network, weights_dtype: str) -> Network:
    """The network as the page will have it, with the embedding rounded to its type."""
    arrays = [np.asarray(array, dtype=np.float64) for array in network[:6]]
    embedding, W_x, W_h, b, head_W, head_b = arrays
    p = len(W_h)
    shapes = {
        "embedding": (embedding.shape, (len(network.vocabulary), len(W_x))),
        "W_x": (W_x.shape, (len(W_x), 4 * p)),
        "W_h": (W_h.shape, (p, 4 * p)),
        "b": (b.shape, (4 * p,)),
        "head_W": (head_W.shape, (p, 1)),
        "head_b": (head_b.shape, (1,)),
    }
    for name, (found, needed) in shapes.items():
        if found != needed:
            raise ValueError(f"{name} has shape {found}, {needed} is needed.")
    for name, array in zip(shapes, arrays, strict=True):
        if not np.isfinite(array).all():
            raise ValueError(
                f"{name} holds {array[~np.isfinite(array)][0]}: train the model again."
            )
    words = list(network.vocabulary)
    if words[:2] != ["", "[UNK]"]:
        raise ValueError(
            f"The vocabulary begins with {words[:2]}: it must begin with '' (the pad) and '[UNK]'."
        )
    if any("\n" in word for word in words) or len(set(words)) < len(words):
        raise ValueError("The vocabulary holds a word twice, or one with a line end in it.")
    with np.errstate(over="ignore"):
        rounded = embedding.astype(DTYPES[weights_dtype][0])
    if not np.isfinite(rounded).all():
        raise ValueError(
            f"embedding holds {np.abs(embedding).max():g}, too large for {weights_dtype}: "
            "use weights_dtype='float32'."
        )
    others = [array.astype(np.float32).astype(np.float64) for array in arrays[1:]]
    return Network(rounded.astype(np.float64), *others, vocabulary=words, about=network.about)


def _sigmoid(z: NDArray) -> NDArray:
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _lstm(X: NDArray, network: Network) -> dict[str, NDArray]:
    """Gates and states over the words of one text, X of shape (T, m); each (T, p)."""
    p = len(network.W_h)
    cell, hidden = np.zeros(p), np.zeros(p)
    steps = np.empty((6, len(X), p))
    for t, x in enumerate(X):
        z = network.b + x @ network.W_x + hidden @ network.W_h
        i, f, o = (_sigmoid(z[k * p : (k + 1) * p]) for k in (0, 1, 3))
        candidate = np.tanh(z[2 * p : 3 * p])
        cell = f * cell + i * candidate
        hidden = o * np.tanh(cell)
        steps[:, t] = i, f, candidate, o, cell, hidden
    return dict(zip(STEP_NAMES, steps, strict=True))


def _packed(array: NDArray, dtype: str) -> dict[str, str]:
    """An array as text: its bytes in base64, little-endian, row after row."""
    layout, name = DTYPES[dtype]
    return {"type": name, "data": base64.b64encode(array.astype(layout).tobytes()).decode()}


def _coloured(word: str, value: float, share: float, unknown: bool) -> str:
    """One word of the static view, its value behind it."""
    red, green, blue = WARM if share > 0 else COLD
    mixed = [round(255 - min(abs(share), 1) * 0.6 * (255 - one)) for one in (red, green, blue)]
    mark = "?" if unknown else ""
    shown = word if len(word) <= 40 else word[:40] + "\u2026"
    return (
        f'<span style="background:rgb({mixed[0]},{mixed[1]},{mixed[2]});color:#111;'
        f'padding:0.1em 0.25em;border-radius:0.2em">{html.escape(shown)}{mark}'
        f"<sub>{value:+.2f}</sub></span>"
    )
