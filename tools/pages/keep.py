"""Results that take long, kept by a digest of what they are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from tools.book.course import BUILD

KEPT = BUILD / "light"


def kept(content: bytes, make: Callable[[bytes], bytes]) -> bytes:
    """What ``make(content)`` gives, made once.

    The digest covers the content and the module that ``make`` stands in.
    """
    code = Path(make.__code__.co_filename).read_bytes()
    path = (
        KEPT / hashlib.sha256(make.__name__.encode() + b"\0" + code + b"\0" + content).hexdigest()
    )
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_bytes(make(content))
        partial.replace(path)
    return path.read_bytes()
