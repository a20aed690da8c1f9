"""One module a question: what takes longer than its page may, or needs seeds, sweeps, real data.

A module has a docstring (question, design, primary comparisons, cost) and

``BACKEND``
    ``"tensorflow"`` or ``"jax"``: the quicker one, on which it runs.
``MINUTES``
    What it may take on two cores; ten, thirty where ``tests/experiments`` names it.
``UNITS``
    A list of dicts: settings and seeds. A unit is what is run, kept and resumed as a whole.
``run(**unit)``
    Yields the unit's rows, dicts of plain values; the unit's own fields are added to each.
``compare(rows)``
    Optional: a dict of comparisons, made from all rows (a data frame).
``REAL_DATA``
    Optional: the publishers' files that it reads, in the folder ``RNN_REAL_DATA``.

``python -m experiments NAME`` runs one, ``make experiments`` those that are outdated; rows and how
they were made are kept in ``data/results/experiments/NAME.json``, which
``helpers.results.load_results("NAME")`` reads. Imports ``helpers`` and other
experiments alone, and no plots.
"""
