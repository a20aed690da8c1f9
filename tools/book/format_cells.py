"""Format the code cells of the lectures with ruff, at a width that needs no scrolling on the page.

It rewrites ``lectures/*.md``; with ``--check`` it only names what
it would change, and each line that is still too wide (ruff breaks no strings).
"""

from __future__ import annotations

import re
import subprocess
import sys

from tools.book.course import lecture_sources

WIDTH = 82  # characters that fit the text column of the page
CELL = re.compile(
    r"^(```\{code-cell\}[^\n]*\n)((?:---\n.*?^---\n|(?::[^\n]*\n)+)?)\n?(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def format_code(code: str) -> str:
    """Format one cell's code; code that does not parse is returned as it is."""
    command = [sys.executable, "-m", "ruff", "format", "--line-length", str(WIDTH), "-"]
    run = subprocess.run(command, input=code, capture_output=True, text=True, encoding="utf-8")
    return run.stdout if run.returncode == 0 else code


def format_lecture(text: str) -> str:
    """Format every code cell of a lecture's source."""

    def replace(match: re.Match) -> str:
        fence, options, code = match.groups()
        blank = "\n" if options.startswith(":") else ""
        return f"{fence}{options}{blank}{format_code(code)}```"

    return CELL.sub(replace, text)


def wide_lines(text: str) -> list[str]:
    """Lines of code cells that are wider than the page's column."""
    lines = (line for _, _, code in CELL.findall(text) for line in code.splitlines())
    return [line for line in lines if len(line) > WIDTH]


def main() -> int:
    check = "--check" in sys.argv
    found = 0
    for source in lecture_sources():
        text = source.read_text(encoding="utf-8")
        formatted = format_lecture(text)
        if formatted != text:
            print(f"{'would format' if check else 'formatted'} lectures/{source.name}")
            found += check
            if not check:
                source.write_text(formatted, encoding="utf-8", newline="\n")
        for line in wide_lines(formatted):
            print(f"lectures/{source.name}: wider than {WIDTH} characters: {line.strip()}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
