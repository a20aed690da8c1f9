"""Notebooks, the book, and what ties the two together."""

import sys

# jsonschema, which nbformat loads, would compile a grammar of addresses when it is imported: 1.5 s
# in each process. No schema of a notebook asks for one, and jsonschema does without.
sys.modules.setdefault("rfc3987_syntax", None)
