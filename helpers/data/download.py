"""Download one file: verified, whole or not at all, and quick to tell that you are offline.

The work is pooch's (https://www.fatiando.org/pooch): it fetches, draws the progress bar and
checks what arrived against a known SHA-256. This module adds what a lecture room needs: a
reachability check with one deadline for everything, a mirror, and errors of two lines that name
the way out.

Environment variables, read at each call:

``RNN_CACHE``
    Folder for downloads, instead of the system's cache folder.
``RNN_DOWNLOAD_MIRROR``
    Base address that takes the place of scheme and host in every download address, for a lecture
    room with a mirror of its own: with ``http://10.0.0.5/mirror``, the file
    ``https://example.org/a/b.csv`` is asked for at ``http://10.0.0.5/mirror/a/b.csv``. Checksums
    are verified all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import queue
import shutil
import socket
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import requests

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # tqdm's notice to install ipywidgets, in every notebook
    import pooch

__all__ = [
    "CONNECT_SECONDS",
    "CourseDataError",
    "cache_folder",
    "check_reachable",
    "fetch",
    "mirrored",
    "scratch_folder",
    "sha256_of",
]

CONNECT_SECONDS = 8.0
STALL_SECONDS = 30.0
PART_PREFIX = ".part-"  # folder of a download under way, inside the cache folder
STALE_PART_SECONDS = 24 * 60 * 60
PORTS = {"http": 80, "https": 443, "socks4": 1080, "socks5": 1080, "socks5h": 1080}


class CourseDataError(RuntimeError):
    """Data are missing, damaged, unreadable or out of reach; the message names the way out."""


def cache_folder() -> Path:
    """Return the folder that downloads go to: ``RNN_CACHE``, else the system's cache folder.

    Returns
    -------
    pathlib.Path
        The folder; it need not exist yet.
    """
    chosen = os.environ.get("RNN_CACHE", "").strip()
    return Path(chosen).expanduser().absolute() if chosen else Path(pooch.os_cache("rnn-course"))


def mirrored(url: str) -> str:
    """Return the address to ask, which is `url` unless ``RNN_DOWNLOAD_MIRROR`` is set.

    Parameters
    ----------
    url : str
        The publisher's address.

    Returns
    -------
    str
        The mirror's base address followed by path and query of `url`, or `url` itself.

    Raises
    ------
    CourseDataError
        If the mirror is not an http or https address.
    """
    mirror = os.environ.get("RNN_DOWNLOAD_MIRROR", "").strip().rstrip("/")
    if not mirror:
        return url
    try:
        base = urlsplit(mirror)
        usable = base.scheme in ("http", "https") and bool(base.hostname) and base.port != 0
    except ValueError:  # a port that is no number
        usable = False
    if not usable:
        raise CourseDataError(
            f"RNN_DOWNLOAD_MIRROR is {mirror!r}, which is no http or https address.\n"
            "Set it to one, such as http://10.0.0.5:8000, or unset it to ask the publisher."
        )
    asked = urlsplit(url)
    return mirror + asked.path + (f"?{asked.query}" if asked.query else "")


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file's bytes, as 64 lower-case hexadecimal digits.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fetch(
    url: str,
    sha256: str,
    file_name: str,
    *,
    folder: Path | None = None,
    stall_seconds: float = STALL_SECONDS,
) -> Path:
    """Return the path of a verified copy of `url`, downloading it if there is none yet.

    A copy that is there is verified too, and replaced if it is damaged. A download goes to a
    folder of its own and is renamed into place once its checksum is right, so that no half file
    ever carries the name, also when the process is killed or two processes fetch at once. It
    honours the usual proxy variables.

    Parameters
    ----------
    url : str
        The publisher's address (see ``RNN_DOWNLOAD_MIRROR`` above).
    sha256 : str
        Expected SHA-256, 64 hexadecimal digits.
    file_name : str
        Name of the file in `folder`.
    folder : pathlib.Path, optional
        Where the file is kept; `cache_folder()` if not given. Made if it does not exist.
    stall_seconds : float
        Seconds of silence after which a download under way counts as stalled.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CourseDataError
        If the host is out of reach, answers with an error, falls silent, breaks off or sends
        other bytes than expected, or if the folder cannot be written.
    """
    folder = cache_folder() if folder is None else folder
    target = folder / file_name
    address = mirrored(url)
    way_out = (
        "Try again, or set RNN_DATA=sample to use the data that come with the course, or save "
        f"{url} as {file_name} in a folder of yours and set RNN_DATA to that folder."
    )
    try:
        if _is_whole(target, sha256):
            return target
        check_reachable(address, f"Cannot download {file_name}", way_out)
        with scratch_folder(folder) as part:
            arrived = pooch.retrieve(
                address,
                known_hash=f"sha256:{sha256}",
                fname=file_name,
                path=part,
                downloader=pooch.HTTPDownloader(
                    progressbar=True,
                    timeout=(CONNECT_SECONDS, stall_seconds),
                    headers={"Accept-Encoding": "identity"},  # so that Content-Length is our size
                ),
            )
            _put_in_place(Path(arrived), target, sha256)
        return target
    except requests.HTTPError as error:
        reason = str(error)
    except requests.RequestException as error:
        silent = isinstance(error, requests.Timeout) or "timed out" in str(error)
        reason = (
            f"no byte came for {stall_seconds:g} seconds" if silent else f"broken off ({error})"
        )
    except ValueError:  # so says pooch
        reason = "what arrived is not the published file (its SHA-256 differs)"
    except OSError as error:
        raise CourseDataError(
            f"Cannot keep {file_name} in {folder}: {error.strerror or error}.\n"
            "Make room there, or set RNN_CACHE to a folder that you can write to."
        ) from None
    raise CourseDataError(f"Cannot download {file_name}: {reason}.\n{way_out}")


def check_reachable(address: str, what_fails: str, way_out: str) -> None:
    """Connect to the host of `address`, or to its proxy, and hang up again.

    One deadline, `CONNECT_SECONDS`, holds for the name look-up and for all addresses of the host,
    which are tried at once. (Left to itself, a look-up may take half a minute, and each address
    has a time limit of its own.) It is tried once.

    Parameters
    ----------
    address : str
        An http or https address.
    what_fails, way_out : str
        For the message: what cannot be done without it, and what to do instead.

    Raises
    ------
    CourseDataError
        If no connection comes about in time.
    """
    proxy = requests.utils.select_proxy(address, requests.utils.get_environ_proxies(address))
    place = urlsplit(requests.utils.prepend_scheme_if_needed(proxy, "http") if proxy else address)
    host, port = place.hostname, place.port or PORTS.get(place.scheme, 80)
    outcome: queue.SimpleQueue[str] = queue.SimpleQueue()

    def attempt() -> None:
        try:
            _connect(host, port)
        except (OSError, UnicodeError) as error:  # UnicodeError: a name that no look-up can take
            outcome.put(getattr(error, "strerror", None) or str(error))
        else:
            outcome.put("")

    threading.Thread(target=attempt, daemon=True).start()
    try:
        reason = outcome.get(timeout=CONNECT_SECONDS)
    except queue.Empty:
        reason = f"no answer within {CONNECT_SECONDS:g} seconds"
    if reason:
        shown = f"the proxy {host}:{port}" if proxy else f"{host}:{port}"
        raise CourseDataError(
            f"{what_fails}: {shown} cannot be reached ({reason}); you seem to be offline.\n"
            f"{way_out}"
        )


def _connect(host: str, port: int) -> None:
    """Connect to one of a host's addresses, all tried at once; if none answers, raise why."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)

    async def first() -> None:
        failure = OSError("no address")
        calls = [asyncio.open_connection(*where[:2]) for *_, where in found]
        for call in asyncio.as_completed(calls):
            try:
                _, connection = await call
            except OSError as error:
                failure = error
            else:
                connection.close()
                return
        raise failure

    asyncio.run(first())


def _is_whole(file: Path, sha256: str) -> bool:
    """Tell whether `file` exists and has the SHA-256 expected of it."""
    return file.is_file() and sha256_of(file) == sha256.lower()


@contextlib.contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Make `folder`, and a folder in it for a download under way, which goes afterwards.

    What killed downloads left there is removed once it is a day old.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for part in folder.glob(f"{PART_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > STALE_PART_SECONDS:
                shutil.rmtree(part, ignore_errors=True)
    with tempfile.TemporaryDirectory(
        prefix=PART_PREFIX, dir=folder, ignore_cleanup_errors=True
    ) as scratch:
        yield Path(scratch)


def _put_in_place(arrived: Path, target: Path, sha256: str) -> None:
    """Rename the verified file `arrived` to `target`, in one step that nobody sees half done."""
    arrived.chmod(0o644)  # pooch's temporary file is readable by its owner alone
    try:
        os.replace(arrived, target)
    except PermissionError:
        # Windows refuses while another process reads the file; if that one is right, all is well.
        if not _is_whole(target, sha256):
            raise
