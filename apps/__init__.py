"""The web app of lecture 10: are these two questions the same? ``python -m apps`` starts it.

Imports `helpers`; nothing but tests and benchmarks imports it.
"""
