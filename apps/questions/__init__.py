"""The web app of the Siamese lecture: are these two questions the same?

``python -m apps.questions`` starts it. Imports `helpers`; tests and benchmarks import it.
"""
