"""The server for built pages: gzip, its folder on the host, what does not exist."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks.site import serving


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small book."""
    (tmp_path / "index.html").write_text("first page " * 100, encoding="utf-8")
    (tmp_path / "404.html").write_text("nothing here", encoding="utf-8")
    (tmp_path / "figure.png").write_bytes(b"pixels" * 100)
    return tmp_path


@pytest.fixture
def connection(folder: Path) -> Iterator[http.client.HTTPConnection]:
    """A connection to its server."""
    with serving(folder, "/book/") as address:
        yield http.client.HTTPConnection(urlsplit(address).netloc)


def get(connection: http.client.HTTPConnection, path: str, *accepted: str) -> tuple:
    """Ask for an address; status, headers and body."""
    connection.request("GET", path, headers={"Accept-Encoding": ", ".join(accepted)})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def test_text_is_compressed_for_those_who_accept_it(connection, folder: Path) -> None:
    text = (folder / "index.html").read_bytes()
    status, headers, body = get(connection, "/book/index.html", "br", "gzip")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert len(body) < len(text) / 5 and gzip.decompress(body) == text
    _, headers, body = get(connection, "/book/index.html")
    assert headers["Content-Encoding"] is None and body == text


def test_pictures_are_sent_as_they_are(connection, folder: Path) -> None:
    _, headers, body = get(connection, "/book/figure.png", "gzip")
    assert headers["Content-Encoding"] is None and headers["Content-Type"] == "image/png"
    assert body == (folder / "figure.png").read_bytes()


def test_a_folder_shows_its_index_whatever_is_asked_of_it(connection) -> None:
    assert get(connection, "/book/?q=words")[2] == get(connection, "/book/index.html")[2]


@pytest.mark.parametrize("path", ["/book/lost.html", "/index.html", "/", "/book/../../secret"])
def test_what_does_not_exist_or_lies_elsewhere_is_the_404_page(connection, path: str) -> None:
    assert get(connection, path)[0::2] == (404, b"nothing here")


def test_without_a_404_page_the_answer_is_still_404(connection, folder: Path) -> None:
    (folder / "404.html").unlink()
    assert get(connection, "/book/lost.html")[0] == 404


def test_a_file_that_has_changed_is_sent_anew(connection, folder: Path) -> None:
    before = get(connection, "/book/index.html", "gzip")[2]
    (folder / "index.html").write_text("second page", encoding="utf-8")
    assert gzip.decompress(get(connection, "/book/index.html", "gzip")[2]) == b"second page"
    assert before != b""
