"""What lives in a page: explorer and sliders, each with its script and style beside it.

Imported by lectures; the explorer and its file by tools. Imports `helpers.data` for that file. A
new widget gets a module of its own here, with its ``.js``, ``.css`` and ``.html`` beside it;
`widget` makes the HTML.
"""

from helpers.widgets.explorer import FIRST_EXAMPLES, LSTMExplorer
from helpers.widgets.explorer_lstm import (
    javascript_source,
    read_weights,
    split_words,
    write_weights,
)
from helpers.widgets.page import widget
from helpers.widgets.sliders import NeuronSliders

__all__ = [
    "FIRST_EXAMPLES",
    "LSTMExplorer",
    "NeuronSliders",
    "javascript_source",
    "read_weights",
    "split_words",
    "widget",
    "write_weights",
]
