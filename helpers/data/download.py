"""Download one file: verified, whole or not at all, and quick to tell that you are offline.

The work is pooch's (https://www.fatiando.org/pooch): it checks what arrived against a known
SHA-256. This module adds what a lecture room needs: a reachability check with one deadline for
everything, a limit on silence, a progress bar for slow downloads alone, and errors of two lines
that name the way out.

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

import contextlib
import functools
import hashlib
import logging
import os
import queue
import shutil
import socket
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import requests
import urllib3
from tqdm import tqdm

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # tqdm's notice to install ipywidgets, in every notebook
    import pooch

__all__ = ["CourseDataError", "cache_folder", "fetch", "mirrored", "sha256_of"]

CHUNK_BYTES = 16 * 1024
PART_PREFIX = ".part-"  # folder of a download under way, inside the cache folder
STALE_PART_SECONDS = 24 * 60 * 60
BAR_DELAY_SECONDS = 1.0
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
    size: int | None = None,
    folder: Path | None = None,
    connect_seconds: float = 8.0,
    stall_seconds: float = 30.0,
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
    size : int, optional
        Expected size in bytes. If given, a server that offers another size is refused before
        anything is downloaded.
    folder : pathlib.Path, optional
        Where the file is kept; `cache_folder()` if not given. Made if it does not exist.
    connect_seconds : float
        Seconds to wait for the host, name look-up included, before it counts as out of reach.
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
    sha256 = sha256.lower()
    folder = cache_folder() if folder is None else Path(folder)
    target = folder / file_name
    address = mirrored(url)
    try:
        if _is_whole(target, sha256):
            return target
        _check_reachable(address, connect_seconds)
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        print(f"Downloading {file_name} from {address} to {folder}", file=sys.stderr)
        with (
            tempfile.TemporaryDirectory(
                prefix=PART_PREFIX, dir=folder, ignore_cleanup_errors=True
            ) as part,
            _quiet_pooch(),
        ):
            try:
                arrived = pooch.retrieve(
                    address,
                    known_hash=f"sha256:{sha256}",
                    fname=file_name,
                    path=part,
                    downloader=functools.partial(
                        _stream,
                        size=size,
                        connect_seconds=connect_seconds,
                        stall_seconds=stall_seconds,
                    ),
                )
            except ValueError:  # so says pooch
                raise _DownloadFailed(
                    "what arrived is not the published file (its SHA-256 differs)"
                ) from None
            _put_in_place(Path(arrived), target, sha256)
    except _DownloadFailed as failure:
        reason = str(failure)
    except OSError as error:
        raise CourseDataError(
            f"Cannot keep {file_name} in {folder}: {error.strerror or error}.\n"
            "Make room there, or set RNN_CACHE to a folder that you can write to."
        ) from None
    else:
        return target
    raise CourseDataError(
        f"Cannot download {file_name}: {reason}.\n"
        "Try again, or set RNN_DATA=sample to use the data that come with the course, or save "
        f"{url} as {file_name} in a folder of yours and set RNN_DATA to that folder."
    )


class _DownloadFailed(Exception):
    """Why a download failed, as a clause that completes "Cannot download NAME: ..."."""


def _is_whole(file: Path, sha256: str) -> bool:
    """Tell whether `file` exists and has the SHA-256 expected of it."""
    return file.is_file() and sha256_of(file) == sha256


def _sweep(folder: Path) -> None:
    """Remove what killed downloads left in `folder`, once it is a day old."""
    for part in folder.glob(f"{PART_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > STALE_PART_SECONDS:
                shutil.rmtree(part, ignore_errors=True)


def _put_in_place(arrived: Path, target: Path, sha256: str) -> None:
    """Rename the verified file `arrived` to `target`, in one step that nobody sees half done."""
    arrived.chmod(0o644)  # pooch's temporary file is readable by its owner alone
    try:
        os.replace(arrived, target)
    except PermissionError:
        # Windows refuses while another process reads the file; if that one is right, all is well.
        if not _is_whole(target, sha256):
            raise


@contextlib.contextmanager
def _quiet_pooch() -> Iterator[None]:
    """Keep pooch from announcing the temporary folder; warnings still show."""
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


def _check_reachable(address: str, seconds: float) -> None:
    """Connect to the host of `address`, or to its proxy, and hang up again.

    One deadline holds for the name look-up and for all addresses of the host, which are tried at
    once. (Left to itself, a look-up may take half a minute, and each address has a time limit of
    its own.)

    Raises
    ------
    _DownloadFailed
        If no connection comes about within `seconds`.
    """
    proxy = requests.utils.select_proxy(address, requests.utils.get_environ_proxies(address))
    place = urlsplit(requests.utils.prepend_scheme_if_needed(proxy, "http") if proxy else address)
    host, port = place.hostname, place.port or PORTS.get(place.scheme, 80)
    shown = f"the proxy {host}:{port}" if proxy else f"{host}:{port}"
    deadline = time.monotonic() + seconds
    try:
        found = _first_success(
            [lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)], deadline
        )
        _first_success(
            [functools.partial(_connect, *entry, seconds=seconds) for entry in found], deadline
        )
    except TimeoutError:
        reason = f"no answer within {seconds:g} seconds"
    except OSError as error:
        reason = error.strerror or str(error)
    else:
        return
    raise _DownloadFailed(f"{shown} cannot be reached ({reason}); you seem to be offline")


def _connect(
    family: int, kind: int, protocol: int, _name: str, place: tuple, *, seconds: float
) -> None:
    """Open and close one connection; the arguments are an entry of `socket.getaddrinfo`."""
    with socket.socket(family, kind, protocol) as connection:
        connection.settimeout(seconds)
        connection.connect(place)


def _first_success(tasks: list[Callable[[], object]], deadline: float) -> object:
    """Run all tasks at once, in threads that end with the process; return the first result.

    Raises
    ------
    TimeoutError
        If none has succeeded by `deadline` (seconds of `time.monotonic`).
    OSError
        The last task's error, if all have failed.
    """
    answers: queue.SimpleQueue[tuple[object, OSError | None]] = queue.SimpleQueue()

    def run(task: Callable[[], object]) -> None:
        try:
            answers.put((task(), None))
        except (OSError, UnicodeError) as error:  # UnicodeError: a host name no look-up can take
            answers.put((None, error if isinstance(error, OSError) else OSError(str(error))))

    for task in tasks:
        threading.Thread(target=run, args=(task,), daemon=True).start()
    failure = OSError("no address")
    for _ in tasks:
        try:
            result, error = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise TimeoutError from None
        if error is None:
            return result
        failure = error
    raise failure


def _stream(
    address: str,
    output_file: str,
    _pooch: object,
    *,
    size: int | None,
    connect_seconds: float,
    stall_seconds: float,
) -> None:
    """Write what `address` sends to `output_file` (a downloader in pooch's sense).

    Raises
    ------
    _DownloadFailed
        If the server answers with an error, another size, silence or too little.
    """
    received = 0
    try:
        with requests.get(
            address,
            stream=True,
            timeout=(connect_seconds, stall_seconds),
            headers={"Accept-Encoding": "identity"},  # so that Content-Length counts our bytes
        ) as response:
            if response.status_code != HTTPStatus.OK:
                raise _DownloadFailed(
                    f"{address} answers {response.status_code} {response.reason}".rstrip()
                )
            announced = response.headers.get("Content-Length", "")
            total = int(announced) if announced.isdecimal() else size
            if size is not None and total != size:
                raise _DownloadFailed(f"{address} offers {total} bytes instead of {size}")
            with (
                open(output_file, "wb") as file,
                tqdm(
                    total=total,
                    unit="B",
                    unit_scale=True,
                    file=sys.stderr,
                    delay=BAR_DELAY_SECONDS,
                    leave=False,
                ) as bar,
            ):
                for chunk in response.iter_content(CHUNK_BYTES):
                    received += len(chunk)
                    if size is not None and received > size:
                        raise _DownloadFailed(f"{address} sends more than {size} bytes")
                    file.write(chunk)
                    bar.update(len(chunk))
            if total is not None and received < total:
                raise _DownloadFailed(f"broken off after {received} of {total} bytes")
    except requests.RequestException as error:
        cause = error.args[0] if error.args else None
        if isinstance(error, requests.ReadTimeout) or isinstance(
            cause, urllib3.exceptions.ReadTimeoutError
        ):
            reason = f"stalled, no byte came for {stall_seconds:g} seconds"
        elif received or isinstance(error, requests.exceptions.ChunkedEncodingError):
            reason = f"broken off after {received} bytes"
        else:
            reason = f"no answer from {address} ({type(error).__name__})"
        raise _DownloadFailed(reason) from None
