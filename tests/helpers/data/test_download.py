"""Downloads, tried against a real server that truncates, stalls, corrupts and then works."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from helpers.data import download
from helpers.data.download import CourseDataError, cache_folder, fetch, mirrored
from tests.helpers.data.support import OFFLINE_SECONDS, ROOT

BODY = bytes(range(256)) * 1000  # 256,000 bytes
SHA256 = hashlib.sha256(BODY).hexdigest()
NAME = "body.bin"
PUBLISHER = "http://publisher.invalid/some/where/body.bin"  # .invalid never resolves (RFC 2606)


class Server:
    """A server on this machine that answers each request by the next entry of `plan`.

    Entries: "good", "truncated", "stalled", "silent", "corrupt", "long", "slow", "404",
    "500". When the plan is used up, everything is "good".
    """

    def __init__(self) -> None:
        self.plan: list[str] = []
        self.paths: list[str] = []
        self.closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.paths.append(self.path)
                outer._answer(self, outer.plan.pop(0) if outer.plan else "good")

            def log_message(self, *_: object) -> None:
                """Keep the test output quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.url = f"{self.address}/body.bin"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def _answer(self, request: BaseHTTPRequestHandler, act: str) -> None:
        if act.isdecimal():
            request.send_error(int(act))
            return
        if act == "silent":
            self.closing.wait(30)
            return
        half = len(BODY) // 2
        body = {
            "corrupt": BODY[:half] + bytes([BODY[half] ^ 1]) + BODY[half + 1 :],
            "long": BODY + b"more",
        }.get(act, BODY)
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if act in ("truncated", "stalled"):
            request.wfile.write(body[:half])
            request.wfile.flush()
            if act == "stalled":
                self.closing.wait(30)
            request.close_connection = True
            return
        for start in range(0, len(body), len(body) // 10):
            request.wfile.write(body[start : start + len(body) // 10])
            request.wfile.flush()
            self.closing.wait(0.1 if act == "slow" else 0)

    def close(self) -> None:
        self.closing.set()
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


def get(server: Server, folder: Path, **options: float) -> Path:
    return fetch(server.url, SHA256, NAME, folder=folder, **options)


def listing(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def closed_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- What works -------------------------------------------------------------------------------


def test_a_download_has_the_publishers_bytes_a_bar_on_stderr_and_is_kept(
    server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = get(server, tmp_path / "new" / "folder")
    assert file == tmp_path / "new" / "folder" / NAME
    assert file.read_bytes() == BODY
    assert listing(file.parent) == [NAME]
    out, err = capfd.readouterr()
    assert out == "" and "100%|" in err and "256k" in err
    assert get(server, file.parent) == file
    assert len(server.paths) == 1  # a second call asks no server
    assert capfd.readouterr() == ("", "")


def test_a_damaged_copy_is_replaced_and_a_right_one_is_not(server: Server, tmp_path: Path) -> None:
    get(server, tmp_path).write_bytes(BODY[:-1])
    for _ in range(2):
        file = fetch(server.url, SHA256.upper(), NAME, folder=tmp_path)  # capitals do not matter
        assert file.read_bytes() == BODY and len(server.paths) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission bits")
def test_a_download_can_be_read_by_others_who_share_the_folder(
    server: Server, tmp_path: Path
) -> None:
    assert get(server, tmp_path).stat().st_mode & 0o444 == 0o444


def test_a_download_goes_through_the_readers_proxy(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, server.address)
    assert fetch(PUBLISHER, SHA256, NAME, folder=tmp_path).read_bytes() == BODY
    assert server.paths == [PUBLISHER]  # a proxy is asked for the whole address


# --- What goes wrong: nothing is left, the message says why, the next try succeeds ------------


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ("truncated", "broken off"),
        ("stalled", "no byte came for 0.5 seconds"),
        ("silent", "no byte came for 0.5 seconds"),
        ("corrupt", "its SHA-256 differs"),
        ("long", "its SHA-256 differs"),
        ("404", "404 .*Not Found"),
        ("500", "500 .*Internal Server Error"),
    ],
)
def test_a_failed_download_leaves_nothing_and_the_next_try_succeeds(
    server: Server, tmp_path: Path, act: str, reason: str
) -> None:
    (tmp_path / "mine.csv").write_text("mine", encoding="utf-8")
    server.plan = [act]
    with pytest.raises(CourseDataError, match=f"Cannot download {NAME}: .*{reason}") as caught:
        get(server, tmp_path, stall_seconds=0.5)
    _, second = str(caught.value).splitlines()
    for way_out in ("Try again", "RNN_DATA=sample", f"{server.url} as {NAME}"):
        assert way_out in second
    assert listing(tmp_path) == ["mine.csv"]
    assert get(server, tmp_path).read_bytes() == BODY
    assert len(server.paths) == 2  # nothing is retried


def test_a_folder_that_cannot_be_made_is_named(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(CourseDataError, match=r"Cannot keep body.bin in .*file.*\n.*RNN_CACHE"):
        get(server, tmp_path / "file")


# A process of its own; it minds Ctrl-C even where the shell that started the tests ignores it.
FETCH = """
import signal, sys
from pathlib import Path
from helpers.data.download import fetch
signal.signal(signal.SIGINT, signal.default_int_handler)
fetch(sys.argv[1], sys.argv[2], sys.argv[3], folder=Path(sys.argv[4]))
"""


def start_fetching(server: Server, folder: Path) -> subprocess.Popen[str]:
    arguments = [server.url, SHA256, NAME, str(folder)]
    return subprocess.Popen(
        [sys.executable, "-c", FETCH, *arguments], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )


def wait_for_bytes(folder: Path) -> None:
    """Wait until a download under way has written something."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if any(file.is_file() and file.stat().st_size for file in folder.rglob("*")):
            return
        time.sleep(0.01)
    pytest.fail("the download did not begin within 60 seconds")


def test_two_processes_that_fetch_at_once_both_get_the_file(server: Server, tmp_path: Path) -> None:
    server.plan = ["slow", "slow"]
    running = [start_fetching(server, tmp_path), start_fetching(server, tmp_path)]
    errors = [process.communicate(timeout=120)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0], errors
    assert (tmp_path / NAME).read_bytes() == BODY
    assert listing(tmp_path) == [NAME]


@pytest.mark.parametrize("how", ["killed", "interrupted"])
def test_a_download_that_is_ended_leaves_no_file_of_that_name(
    how: str, server: Server, tmp_path: Path
) -> None:
    if how == "interrupted" and os.name == "nt":
        pytest.skip("Windows sends no SIGINT to one process alone")
    server.plan = ["stalled"]
    process = start_fetching(server, tmp_path)
    wait_for_bytes(tmp_path)
    if how == "killed":
        process.kill()
    else:
        process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert all(name.startswith(".part-") for name in listing(tmp_path))  # swept after a day
    if how == "interrupted":
        assert "KeyboardInterrupt" in said and listing(tmp_path) == []
    assert get(server, tmp_path).read_bytes() == BODY


def test_what_a_killed_download_left_is_swept_after_a_day(server: Server, tmp_path: Path) -> None:
    for name, age in [(".part-old", 2 * 86_400), (".part-new", 60), ("mine", 2 * 86_400)]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "half").write_bytes(b"half")
        then = time.time() - age
        os.utime(tmp_path / name, (then, then))
    get(server, tmp_path)
    assert listing(tmp_path) == [".part-new", NAME, "mine"]


# --- Offline: told within ten seconds ---------------------------------------------------------


def assert_told_offline(url: str, folder: Path, host: str, why: str = "") -> None:
    begin = time.monotonic()
    with pytest.raises(CourseDataError, match=f"{host}.* cannot be reached .*{why}.*offline"):
        fetch(url, SHA256, NAME, folder=folder)
    assert time.monotonic() - begin < OFFLINE_SECONDS
    assert not folder.exists()


@pytest.mark.parametrize(
    ("url", "named", "why"),
    [
        (PUBLISHER, "publisher.invalid", ""),  # a name that nobody knows
        (f"http://{'a' * 70}.org/x", "aaa", "label"),  # one that no look-up can take
        ("http://127.0.0.1:{port}/x", "127.0.0.1:{port}", ""),  # a refused connection
    ],
)
def test_who_is_offline_is_told_within_ten_seconds(
    url: str, named: str, why: str, tmp_path: Path
) -> None:
    port = closed_port()
    assert_told_offline(url.format(port=port), tmp_path / "cache", named.format(port=port), why)


def test_a_look_up_that_hangs_is_told_within_ten_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = threading.Event()

    def hang(*_: object, **__: object) -> None:
        hanging.wait(30)
        raise OSError("too late")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(download, "CONNECT_SECONDS", 1.0)
    assert_told_offline(PUBLISHER, tmp_path / "cache", "publisher.invalid:80")
    hanging.set()


def test_one_address_that_answers_is_enough(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ("127.0.0.1", int(server.address.rsplit(":", 1)[1]))
    look_up = socket.getaddrinfo

    def two_addresses(host: str, *rest: object, **options: object) -> list:
        found = look_up(*place, *rest[1:], **options)
        return [(*found[0][:4], ("127.0.0.1", closed_port())), *found] if host == "two" else found

    monkeypatch.setattr(socket, "getaddrinfo", two_addresses)
    monkeypatch.setenv("no_proxy", "two")
    assert fetch("http://two/x", SHA256, NAME, folder=tmp_path).read_bytes() == BODY


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux drops calls to a full queue")
def test_a_connection_that_is_never_answered_is_told_within_ten_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert download.CONNECT_SECONDS < OFFLINE_SECONDS
    monkeypatch.setattr(download, "CONNECT_SECONDS", 1.0)
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for caller in (first, second):  # fill the queue, so that the next call is dropped
            caller.setblocking(False)
            caller.connect_ex(deaf.getsockname())
        time.sleep(0.1)
        port = deaf.getsockname()[1]
        assert_told_offline(f"http://127.0.0.1:{port}/x", tmp_path / "cache", f"127.0.0.1:{port}")


def test_a_proxy_out_of_reach_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = closed_port()
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    assert_told_offline(PUBLISHER, tmp_path / "cache", f"the proxy 127.0.0.1:{port}")


# --- Where from and where to ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mirror", "asked"),
    [
        ("http://10.0.0.5:8000/mirror/", "http://10.0.0.5:8000/mirror/a/b.csv?v=1"),
        ("", "https://example.org/a/b.csv?v=1"),
    ],
)
def test_a_mirror_takes_the_place_of_scheme_and_host(
    mirror: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", mirror)
    assert mirrored("https://example.org/a/b.csv?v=1") == asked


@pytest.mark.parametrize("mirror", ["ftp://host", "host:80", "/folder", "http://host:port"])
def test_a_mirror_that_is_no_address_is_refused(
    mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", mirror)
    with pytest.raises(CourseDataError, match=f"RNN_DOWNLOAD_MIRROR is '{mirror}'"):
        mirrored("https://example.org/a/b.csv")


def test_a_file_from_the_mirror_is_verified_all_the_same(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNN_DOWNLOAD_MIRROR", server.address)
    server.plan = ["corrupt"]
    with pytest.raises(CourseDataError, match="SHA-256 differs"):
        fetch(PUBLISHER, SHA256, NAME, folder=tmp_path)
    assert fetch(PUBLISHER, SHA256, NAME, folder=tmp_path).read_bytes() == BODY
    assert server.paths == ["/some/where/body.bin"] * 2


def test_downloads_go_to_the_folder_of_rnn_cache_else_to_the_systems_cache(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "rnn-course" in cache_folder().parts
    monkeypatch.setenv("RNN_CACHE", str(tmp_path / "cache"))
    assert fetch(server.url, SHA256, NAME) == tmp_path / "cache" / NAME
