"""What the outputs of a lecture depend on, as one digest. (A stand-in until `digest` is merged.)"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tools.book import notebooks


def digest(source: Path, *, backend: str = "tensorflow", tier: str = "sample") -> str:
    """What a lecture's outputs depend on, as a SHA-256 digest (hexadecimal).

    Parameters
    ----------
    source : Path
        The lecture, or a copy of it that is cut or changed, anywhere on the disk.
    backend : str
        Value of ``KERAS_BACKEND``.
    tier : str
        Value of ``RNN_DATA``: ``sample``, or a folder, whose files then count.
    """
    total = hashlib.sha256(f"{notebooks.digest(source)} {backend}".encode())
    if tier != "sample":
        for path in sorted(path for path in Path(tier).rglob("*") if path.is_file()):
            total.update(path.relative_to(tier).as_posix().encode() + path.read_bytes())
    return total.hexdigest()
