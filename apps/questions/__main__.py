"""Start the web app: ``python -m apps.questions``, or ``make app``. Ctrl-C ends it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from functools import partial
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, learn or load, serve the page.

    Returns
    -------
    int
        Exit status: 0 after Ctrl-C, 1 if the app could not start, 130 if it was stopped before.
    """
    parser = argparse.ArgumentParser(prog="python -m apps.questions", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, help="port to listen on (the first free from 8050)")
    parser.add_argument("--folder", type=Path, help="where what was learned is kept (_build/app)")
    chosen = parser.parse_args(arguments)
    if chosen.port is not None and not 0 <= chosen.port <= 65535:
        parser.error(f"--port {chosen.port}: a port is a number from 0 to 65535")

    for name, value in {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}.items():
        os.environ.setdefault(name, value)
    # Both end it as Ctrl-C does, also where the shell that started it ignores Ctrl-C (nohup, &).
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    try:
        return start(chosen.host, chosen.port, chosen.folder)
    except KeyboardInterrupt:
        print("\nStopped before the page was there.", file=sys.stderr)
        return 130


def start(host: str, port: int | None, folder: Path | None) -> int:
    """Serve until Ctrl-C."""
    say = partial(print, flush=True)
    say("Loading; a few seconds ...")
    from apps.questions.learning import FOLDER, learned
    from apps.questions.page import show
    from apps.questions.server import LOOPBACK, CannotListen, listen
    from helpers.data import CourseDataError

    try:
        server = listen(host, port)
        found = learned(folder or FOLDER, say=say)
    except (CannotListen, CourseDataError) as problem:
        print(problem, file=sys.stderr)
        return 1
    server.page = partial(show, found)
    with server:
        if host not in LOOPBACK:
            say(f"Careful: on {host} everyone on the network can use it, unencrypted.")
        try:
            say(f"The page is at {server.address} (Ctrl-C ends it)")
            server.serve_forever()
        except KeyboardInterrupt:
            say("\nStopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
