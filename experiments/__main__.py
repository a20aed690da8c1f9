"""Run experiments: ``python -m experiments NAME``. What runs them is ``tools/experiments.py``."""

import sys

from tools.experiments import main

if __name__ == "__main__":
    sys.exit(main())
