"""What makes the built pages light: Sphinx's pages and files in, the site's out.

The slides (``tools/slides``) are made of the same parts: formulas, pictures, widgets.
"""

from tools.pages.finish import finish
from tools.pages.formulas import FormulaError, to_mathml
from tools.pages.front import front_widget
from tools.pages.keep import kept
from tools.pages.math_font import write_math_font
from tools.pages.page import Page
from tools.pages.pictures import pack, size_of
from tools.pages.widgets import move_widgets

__all__ = [
    "FormulaError",
    "Page",
    "finish",
    "front_widget",
    "kept",
    "move_widgets",
    "pack",
    "size_of",
    "to_mathml",
    "write_math_font",
]
