"""The class's recipe, its four models, and the ways to train them. Loads no framework."""

from __future__ import annotations

from typing import NamedTuple

WORDS = 10_000  # the class's max_features
TOKENS = 100
DIMENSIONS = 50
UNITS = 10
BATCH = 30

#: Model to what it is called in tables, and its parameters as the class printed them.
MODELS = {
    "mlp": ("MLP, one word at a time", 500_571),
    "rnn": ("SimpleRNN(10), SimpleRNN(1)", 500_672),
    "conv": ("Conv1D(5, 2), SimpleRNN(10), SimpleRNN(1)", 500_727),
    "lstm": ("LSTM(10), LSTM(1)", 502_538),
}


EIGHT = {"steps_per_execution": 8}


class Setting(NamedTuple):
    """A way to train the models."""

    name: str  # in tables
    backend: str  # "tensorflow" or "jax" for KERAS_BACKEND; "torch" for PyTorch itself
    style: str  # "class" or "lecture": whose code; "torch"
    options: dict  # more arguments of `compile`, or of PyTorch's Adam


SETTINGS = {
    "class": Setting("class's code, TensorFlow", "tensorflow", "class", {}),
    "tensorflow": Setting("lecture's code, TensorFlow, not compiled", "tensorflow", "lecture", {}),
    "compiled": Setting(
        "lecture's code, TensorFlow", "tensorflow", "lecture", {"jit_compile": True}
    ),
    "jax": Setting("lecture's code, JAX", "jax", "lecture", {}),
    "torch": Setting("plain PyTorch", "torch", "torch", {}),
    "fused": Setting("plain PyTorch, fused Adam", "torch", "torch", {"fused": True}),
}

#: Where the time goes: what is measured to find out, by name; what it is called in tables, and more
#: arguments of `train`.
PARTS = {
    "rnn": ("SimpleRNN pair, all of it", {}),
    "rnn, frozen": ("SimpleRNN pair, embedding not trained", {"frozen": True}),
    "rnn, eight": ("SimpleRNN pair, steps_per_execution=8", {"options": EIGHT}),
    "lstm": ("LSTM pair, all of it", {}),
    "lstm, frozen": ("LSTM pair, embedding not trained", {"frozen": True}),
    "lstm, eight": ("LSTM pair, steps_per_execution=8", {"options": EIGHT}),
    "mean": ("mean of the vectors, no step in time", {}),
    "mean, frozen": ("mean of the vectors, embedding not trained", {"frozen": True}),
}
