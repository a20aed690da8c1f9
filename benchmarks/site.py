"""A server for the built book that does what GitHub Pages does: folder of its own, gzip, 404."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMPRESSED = (".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".ipynb", ".inv", ".ttf")


class BookHandler(SimpleHTTPRequestHandler):
    """Serves a folder under a prefix; text is compressed for those who accept gzip."""

    protocol_version = "HTTP/1.1"  # one connection for many files

    def __init__(self, *args: object, prefix: str, **named: object) -> None:
        self.prefix = prefix
        super().__init__(*args, **named)

    def handle(self) -> None:
        """Answer until the browser hangs up."""
        with suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        """Answer with a file, or with the page for what does not exist."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        found = self.path.startswith(self.prefix) and path.is_file()
        path = path if found else Path(self.directory) / "404.html"
        if not path.is_file():
            self.send_error(404)
            return
        zipped = path.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", "")
        body = read(path, path.stat().st_mtime_ns, zipped)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if path.suffix in COMPRESSED:
            self.send_header("Vary", "Accept-Encoding")
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def translate_path(self, path: str) -> str:
        """Where the file of an address lies; below the prefix lies the folder."""
        return super().translate_path("/" + path.removeprefix(self.prefix))

    def guess_type(self, path: str | Path) -> str:
        """The type of a file; text says that it is UTF-8."""
        kind = super().guess_type(path)
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@cache
def read(path: Path, _changed: int, zipped: bool) -> bytes:
    """The bytes of a file, compressed or as they are; read once as long as it does not change."""
    body = path.read_bytes()
    return gzip.compress(body, mtime=0) if zipped else body


@contextmanager
def serving(folder: Path, prefix: str = "/") -> Iterator[str]:
    """Serve a folder on this machine; yields the address, with a slash at its end."""
    handler = partial(BookHandler, directory=str(folder), prefix=prefix)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{prefix}"
    finally:
        server.shutdown()
        server.server_close()
