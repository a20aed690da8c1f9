"""Start the build: ``python -m tools.book``."""

import sys

from tools.book.build import main

if __name__ == "__main__":
    sys.exit(main())
