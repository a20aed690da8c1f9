"""The web app of lecture 16: are these two questions the same?

``python -m apps.questions`` starts it. Imports `helpers`; tests and benchmarks import it.
"""
