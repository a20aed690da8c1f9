"""What makes the built pages light: Sphinx's pages and files in, the site's out."""

from tools.pages.finish import finish
from tools.pages.math_font import write_math_font

__all__ = ["finish", "write_math_font"]
