"""The makers of what lies in ``data/``: ``python -m tools.samples.make NAME``."""
