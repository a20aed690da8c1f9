"""Serve the page: on which port, how much may be sent, and what is said when things go wrong."""

from __future__ import annotations

import errno
import logging
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import waitress
from dash import Dash
from dash.exceptions import DependencyException
from flask import Flask, Response, abort, request, send_file
from waitress.server import BaseWSGIServer
from werkzeug.exceptions import HTTPException

from apps.questions.page import CHOICES, ROOT, make_app
from apps.questions.reading import make_reader, make_search, make_states
from apps.questions.training import Trained

HOST, PORTS = "127.0.0.1", range(8050, 8060)
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
THREADS, CONNECTIONS = 4, 100
MOST_BYTES = 2_000_000  #: of a request
UPDATE = "/_dash-update-component"
ICON = ROOT / "_static" / "logo.svg"
log = logging.getLogger(__name__)


class CannotListen(Exception):
    """The address cannot be used; the message says why and names the way out."""


# --- The Flask app around the page ---------------------------------------------------------------


def flask_for(one: Trained, call: Callable | None = None) -> Flask:
    """Return the Flask app around a trained network; `call` is for `make_states`."""
    states = make_states(one.model, call)
    read = make_reader(states, one.vocabulary, one.facts["line"])
    search = make_search(states, one.vocabulary, one.questions)
    return secured(make_app(one.facts, read, search, len(one.questions)))


def secured(app: Dash) -> Flask:
    """Return the Flask app of a Dash app, with limits, headers, errors and the book's icon."""
    flask: Flask = app.server
    flask.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    headers = security_headers(app.csp_hashes())

    @flask.before_request
    def refuse_what_the_page_never_asks() -> None:
        if request.path == UPDATE and request.method == "POST":
            try:
                body = request.get_json(silent=True)
            except RecursionError:  # brackets within brackets within brackets
                body = None
            if not is_of_the_page(body, app.callback_map, CHOICES):
                abort(400, "The page sends no such request.")

    @flask.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(headers)
        return response

    @flask.errorhandler(HTTPException)
    def say_what_is_wrong(error: HTTPException) -> tuple[str, int, dict]:
        return f"{error.description}\n", error.code or 500, {"Content-Type": "text/plain"}

    @flask.errorhandler(DependencyException)
    def say_that_there_is_no_such_script(_: Exception) -> tuple[str, int, dict]:
        return "There is no such file.\n", 404, {"Content-Type": "text/plain"}

    @flask.errorhandler(Exception)
    def keep_the_traceback_here(error: Exception) -> tuple[str, int, dict]:
        log.error("%s %s failed", request.method, request.path, exc_info=error)
        text = "Something went wrong here; the terminal of the app says what.\n"
        return text, 500, {"Content-Type": "text/plain"}

    @flask.get("/icon.svg")
    def icon() -> Response:
        return send_file(ICON, mimetype="image/svg+xml", max_age=3600)

    return flask


def security_headers(script_hashes: Iterable[str]) -> dict[str, str]:
    """Headers that let the page use its own files alone, and nobody put it into a frame.

    Parameters
    ----------
    script_hashes : iterable of str
        Of the scripts inside the page, from `dash.Dash.csp_hashes`.
    """
    policy = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *script_hashes]),
        "style-src": "'self' 'unsafe-inline'",  # Dash brings its styles along in its scripts
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def is_of_the_page(
    body: Any,
    callbacks: Mapping[str, Mapping[str, Any]],
    choices: Mapping[str, set[str]],
) -> bool:
    """Whether the body of an update has the form that the page sends, with texts as questions.

    Parameters
    ----------
    body : object
        Parsed JSON, whatever it is.
    callbacks : mapping
        `dash.Dash.callback_map`: what each callback gets and changes.
    choices : mapping
        What a control may send, by its id.
    """
    try:
        known = callbacks[body["output"]]
        outputs = [one.rsplit(".", 1) for one in body["output"].strip(".").split("...")]
        wanted = {"outputs": [{"id": which, "property": what} for which, what in outputs]}
        wanted |= {name: known[name] for name in ("inputs", "state")}
        of_page = all(
            [(one["id"], one["property"]) for one in body[name]]
            == [(one["id"], one["property"]) for one in expected]
            for name, expected in wanted.items()
        )
        triggers = {f"{one['id']}.{one['property']}" for one in known["inputs"]}
        changed, texts = body["changedPropIds"], [one.get("value") for one in body["state"]]
        of_page &= isinstance(changed, list) and bool(changed) and triggers.issuperset(changed)
        of_page &= all(text is None or isinstance(text, str) for text in texts)
        chosen = [one for one in body["inputs"] if one["id"] in choices]
        return of_page and all(one["value"] in choices[one["id"]] for one in chosen)
    except (KeyError, TypeError, AttributeError):
        return False


# --- The server ----------------------------------------------------------------------------------


def listen(host: str = HOST, port: int | None = None) -> socket.socket:
    """Return a socket that listens.

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
            family, kind, _, _, address = socket.getaddrinfo(host, one, type=socket.SOCK_STREAM)[0]
            opened = socket.socket(family, kind)
        except OSError as error:
            raise CannotListen(f"{host!r} is no address to listen on ({error.strerror}).") from None
        if sys.platform == "win32":
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # so that the app can start again at once
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind(address)
            opened.listen()
            return opened
        except OSError as error:
            opened.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise CannotListen(f"Cannot listen on {host}: {error.strerror}.") from None
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


def address_of(listening: socket.socket) -> str:
    """What to type into a browser."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": HOST, "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def make_server(flask: Flask, listening: socket.socket) -> BaseWSGIServer:
    """Return the WSGI server; its ``run()`` returns after Ctrl-C."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # waiting is no trouble
    return waitress.create_server(
        flask,
        sockets=[listening],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        max_request_body_size=MOST_BYTES,
        channel_timeout=60,
        ident=None,
    )
