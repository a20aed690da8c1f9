"""Draw: ``python -m tools.figures``."""

import sys

from tools.figures.draw import main

if __name__ == "__main__":
    sys.exit(main())
