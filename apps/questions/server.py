"""Serve the page: on which port, what may be asked, and what is said when things go wrong."""

from __future__ import annotations

import errno
import os
import socket
import sys
import traceback
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from urllib.parse import parse_qs

from apps.questions.page import ASSETS, ROOT

HOST, PORTS = "127.0.0.1", range(8050, 8060)
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
FILES = {
    "/page.css": (ASSETS / "page.css", "text/css; charset=utf-8"),
    "/icon.svg": (ROOT / "_static" / "logo.svg", "image/svg+xml"),
}
HEADERS = {  # the page uses its own files alone, runs no script, and stands in no frame
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
Page = Callable[[Mapping[str, str]], str]  #: from what is asked to the HTML


class CannotListen(Exception):
    """The address cannot be used; the message says why and names the way out."""


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD; what is longer than 64 KiB, or another method, the library refuses."""

    timeout = 60  # seconds that a client may keep silent
    server_version = sys_version = ""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        try:
            if path == "/":
                fields = parse_qs(query, keep_blank_values=True)
                shown = self.server.page({name: texts[-1] for name, texts in fields.items()})
                self.answer(shown.encode("utf-8", "replace"), "text/html; charset=utf-8")
            elif path in FILES:
                file, kind = FILES[path]
                self.answer(file.read_bytes(), kind)
            else:
                self.send_error(404)
        except ConnectionError:  # the browser has gone elsewhere
            pass
        except Exception:
            traceback.print_exc()
            self.send_error(500, explain="The terminal of the app says what went wrong.")

    do_HEAD = do_GET

    def answer(self, body: bytes, kind: str) -> None:
        """Send what was asked for."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        """Add the headers that every answer has."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the terminal quiet."""


class Server(ThreadingTCPServer):
    """A thread for each request; ``page`` is what answers."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # so that the app can start again at once
    request_queue_size = 100
    page: Page

    def __init__(self, host: str, port: int) -> None:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        self.address_family = family
        super().__init__(address, Handler)

    @property
    def address(self) -> str:
        """What to type into a browser."""
        host, port = self.server_address[:2]
        host = {"0.0.0.0": HOST, "::": "::1"}.get(host, host)
        return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

    def handle_error(self, *_: object) -> None:
        """Clients that go away are no trouble; all else is printed."""
        if not isinstance(sys.exception(), OSError):
            traceback.print_exc()


def listen(host: str = HOST, port: int | None = None) -> Server:
    """Return a server that listens and does not answer yet.

    Parameters
    ----------
    host : str
        Name or address of one of this machine's interfaces.
    port : int, optional
        0 for any that is free. If not given, the first free one of 8050 to 8059.

    Raises
    ------
    CannotListen
        If the port is taken, or the address is none of this machine's.
    """
    for one in PORTS if port is None else [port]:
        try:
            return Server(host, one)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise CannotListen(f"Cannot listen on {host!r}: {error.strerror}.") from None
            reason = "is taken" if error.errno == errno.EADDRINUSE else "may not be used"
    if port is None:
        raise CannotListen(
            f"The ports {PORTS[0]} to {PORTS[-1]} of {host} are all taken.\n"
            "Stop a run of this app with Ctrl-C in its terminal, or choose a port: --port 9000"
        )
    raise CannotListen(
        f"Port {port} of {host} {reason}.\n"
        "Stop whatever listens there, leave --port away to get a free one, or choose another."
    )
