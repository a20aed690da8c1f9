"""The web app of the Siamese lecture: do these two questions ask the same thing?

``python -m apps.questions`` starts it. Imports `helpers`; tests import it.
"""
