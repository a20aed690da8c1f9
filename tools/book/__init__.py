"""Notebooks, conversion, Sphinx, status; ``python -m tools.book`` builds the book."""
