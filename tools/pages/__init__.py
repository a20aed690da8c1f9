"""What makes the built pages light: formulas and their font."""

from tools.pages.math_font import write_math_font

__all__ = ["write_math_font"]
