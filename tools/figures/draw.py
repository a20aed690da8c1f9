"""Write the book's diagrams, logo and favicon: ``python -m tools.figures``.

One function a figure, in the vocabulary of `kit`. With ``--social`` the command also redraws the
social card and ``favicon.ico``, for which it needs a Chromium, Chrome or Edge on this machine.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import shutil
import struct
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.figures import (
    convolution,
    course,
    face,
    filters,
    looking,
    models,
    recurrent,
    scans,
    series,
    text,
)

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "lectures" / "figures"
STATIC = ROOT / "_static"

DIAGRAMS: dict[str, Callable[[], str]] = {
    "three-openings.svg": series.three_openings,
    "kinds-of-targets.svg": series.kinds_of_targets,
    "dense-network.svg": series.dense_network,
    "recurrent-neuron.svg": recurrent.recurrent_neuron,
    "last-state.svg": recurrent.last_state,
    "unrolled-neuron.svg": recurrent.unrolled_neuron,
    "two-ways-to-the-gradient.svg": recurrent.two_ways_to_the_gradient,
    "gradient-of-a-state.svg": recurrent.gradient_of_a_state,
    "batch-of-sequences.svg": recurrent.batch_of_sequences,
    "several-neurons.svg": recurrent.several_neurons,
    "return-sequences.svg": recurrent.return_sequences,
    "stacked-rnn.svg": recurrent.stacked_rnn,
    "kinds-of-rnn.svg": recurrent.kinds_of_rnn,
    "bidirectional.svg": recurrent.bidirectional,
    "recursive-and-direct.svg": recurrent.recursive_and_direct,
    "embedding-lookup.svg": text.embedding_lookup,
    "padding-and-mask.svg": text.padding_and_mask,
    "text-to-tensor.svg": text.text_to_tensor,
    "next-letter.svg": text.next_letter,
    "sliding-window.svg": convolution.sliding_window,
    "window-options.svg": convolution.window_options,
    "receptive-field.svg": convolution.receptive_field,
    "text-cnn.svg": filters.text_cnn,
    "lstm-keep.svg": recurrent.lstm_keep,
    "lstm-write.svg": recurrent.lstm_write,
    "lstm-cell.svg": recurrent.lstm_cell,
    "two-inputs.svg": models.two_inputs,
    "siamese-network.svg": models.siamese_network,
    "attention.svg": models.attention,
    "who-looks-at-whom.svg": looking.who_looks_at_whom,
    "transformer-block.svg": looking.transformer_block,
    "scan-tree.svg": scans.scan_tree,
    "scan-chunks.svg": scans.scan_chunks,
    "data-parallel.svg": models.data_parallel,
    "who-needs-what.svg": course.who_needs_what,
}
"""Every diagram of the lectures by file name. A new figure is a function and a line here."""


SIGNS: dict[str, Callable[[], str]] = {"logo.svg": face.logo, "favicon.svg": face.favicon}


SOCIAL_CARD = (1200, 630)


ICON_SIZES = (16, 32, 48)
"""Sizes in pixels: the card as width and height, the icon as the squares in ``favicon.ico``."""


BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "msedge"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
"""Where a browser may be, on the path or as macOS and Windows install it."""


def drawings() -> dict[Path, str]:
    """Draw all SVG files.

    Returns
    -------
    dict of Path to str
        The text of each file, by its place in the repository.
    """
    return {FIGURES / name: draw() for name, draw in DIAGRAMS.items()} | {
        STATIC / name: draw() for name, draw in SIGNS.items()
    }


def find_browser() -> Path | None:
    """Find a Chromium, Chrome or Edge: the one that RNN_BROWSER names, else one of `BROWSERS`.

    Returns
    -------
    Path or None
        The program, or None if there is none.

    Raises
    ------
    FileNotFoundError
        If RNN_BROWSER names a file that does not exist.
    """
    named = os.environ.get("RNN_BROWSER")
    if named and shutil.which(named) is None:
        raise FileNotFoundError(f"RNN_BROWSER={named}: no such program; unset it or mend it")
    found = map(shutil.which, [named] if named else BROWSERS)
    return next((Path(program) for program in found if program), None)


def picture(svg: str, width: int, height: int, browser: Path) -> bytes:
    """Turn an SVG drawing into a PNG through a browser.

    The PNG carries the digest of the drawing it was made from, so that a test can tell whether
    the two are in step on a machine without a browser.

    Parameters
    ----------
    svg : str
        The drawing.
    width, height : int
        Size of the picture in pixels.
    browser : Path
        A Chromium, Chrome or Edge.

    Returns
    -------
    bytes
        The PNG file; transparent where the drawing is.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo
    from playwright.sync_api import sync_playwright

    style = f"body{{margin:0}}svg{{display:block;width:{width}px;height:{height}px}}"
    with sync_playwright() as play:
        program = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = program.new_page(viewport={"width": width, "height": height})
        page.set_content(f"<!doctype html><style>{style}</style>{svg}")
        shot = page.screenshot(omit_background=True)
        program.close()
    note = PngInfo()
    note.add_text("Source", digest(svg))
    out = io.BytesIO()
    Image.open(io.BytesIO(shot)).save(out, "PNG", optimize=True, pnginfo=note)
    return out.getvalue()


def icon(pictures: Sequence[tuple[int, bytes]]) -> bytes:
    """Pack square PNG files into one ICO file.

    Parameters
    ----------
    pictures : sequence of (int, bytes)
        Side in pixels, at most 256, and the PNG file, for each size.

    Returns
    -------
    bytes
        The ICO file: a head of 6 bytes, 16 bytes for each picture, then the pictures unchanged.
    """
    offset = 6 + 16 * len(pictures)
    head, body = struct.pack("<HHH", 0, 1, len(pictures)), b""
    for side, png in pictures:
        place = offset + len(body)
        head += struct.pack("<BBBBHHII", side % 256, side % 256, 0, 0, 1, 32, len(png), place)
        body += png
    return head + body


def digest(svg: str) -> str:
    """Return the SHA-256 digest of a drawing as hexadecimal text."""
    return hashlib.sha256(svg.encode("utf-8")).hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """Write the files that changed, and name them."""
    parser = argparse.ArgumentParser(prog="python -m tools.figures", description=__doc__)
    parser.add_argument(
        "--social", action="store_true", help="redraw social-card.png and favicon.ico as well"
    )
    options = parser.parse_args(arguments)

    for path, svg in drawings().items():
        _write(path, svg.encode("utf-8"))
    if not options.social:
        return 0
    try:
        browser = find_browser()
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    if browser is None:
        print(
            "No Chromium, Chrome or Edge found to redraw the social card and favicon.ico: "
            "install one, or name it in RNN_BROWSER.",
            file=sys.stderr,
        )
        return 1
    _write(STATIC / "social-card.png", picture(face.social_card(), *SOCIAL_CARD, browser))
    sizes = [(side, picture(face.favicon(), side, side, browser)) for side in ICON_SIZES]
    _write(STATIC / "favicon.ico", icon(sizes))
    return 0


def _write(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    print(f"wrote {path.relative_to(ROOT)}")
