"""Pictures that take their place at once, wait until they are near, and weigh no more than needed.

Width and height of each picture stand in the page, so that nothing moves when it arrives. All but
the first wait until they come near. PNGs are packed better, every pixel as it was.
"""

from __future__ import annotations

import re
import struct
from pathlib import Path

import oxipng

from tools.pages.keep import kept
from tools.pages.page import Page

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def place_pictures(page: Page) -> None:
    """Give each picture its size, and let all but the first of the article wait."""
    article = page.tree.css("article img")
    first = article[0].mem_id if article else None
    for image in page.tree.css("img"):
        file = page.file(image.attrs.get("src") or "")
        size = natural_size(page.raw / file) if file and (page.raw / file).is_file() else None
        if size and not {"width", "height", "style"} & set(image.attrs):
            image.attrs["width"], image.attrs["height"] = map(str, size)
        logo = "logo__image" in (image.attrs.get("class") or "")
        if image.mem_id != first and not logo:
            image.attrs["loading"], image.attrs["decoding"] = "lazy", "async"
        if size and file.endswith(".png"):
            page.files[file] = kept((page.raw / file).read_bytes(), pack)


def pack(png: bytes) -> bytes:
    """The same pixels in fewer bytes: no transparency that is not there, the best deflate."""
    smaller = oxipng.optimize_from_memory(
        png,
        level=0,
        filter=[oxipng.RowFilter.NoOp],
        deflate=oxipng.Deflaters.libdeflater(12),
        strip=oxipng.StripChunks.safe(),
    )
    return min(smaller, png, key=len)


def natural_size(picture: Path) -> tuple[int, int] | None:
    """Width and height of a PNG or SVG in CSS pixels; None for what says no size."""
    return size_of(picture.read_bytes()) if picture.suffix in {".png", ".svg"} else None


def size_of(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG's or an SVG's content in CSS pixels; None if it says no size."""
    if content.startswith(SIGNATURE):
        return struct.unpack(">II", content[16:24])
    start = re.search(r"<svg\b[^>]*>", content.decode("utf-8"))
    sides = [re.search(rf'\s{side}="([\d.]+)(px|pt)?"', start[0]) for side in ("width", "height")]
    if not all(sides):
        return None
    return tuple(round(float(side[1]) * (4 / 3 if side[2] == "pt" else 1)) for side in sides)
