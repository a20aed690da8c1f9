"""Measure the web app: one answer over HTTP, a thousand in a row, fifty at once, and its memory.

Three servers run side by side, which differ in one thing: how a request calls the network. The app
hands Keras one batch of one shape, which is compiled once (``predict_on_batch``); the others call
``model.predict``, and the model as it is. Requests go to them in turn, so that a slow second of the
machine hits all alike. ``make bench ARGS=--app`` starts it and writes ``app.json``; the command
line here is for the processes that it starts.
"""

from __future__ import annotations

import argparse
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

import psutil

from apps.questions.page import make_app
from apps.questions.reading import make_reader
from apps.questions.server import UPDATE, address_of, listen, make_server, secured
from apps.questions.training import trained
from benchmarks.machine import ROOT, environment, run_module, versions
from benchmarks.recipe import WAYS

# --- The servers, each a process -----------------------------------------------------------------


def serve(way: str) -> None:
    """Serve the app with one of the ways to call the network, until the process is ended."""
    one, read = reader(way)
    listening = listen(port=0)
    server = make_server(secured(make_app(one.facts, read)), listening)
    print(address_of(listening), flush=True)
    server.run()


def reader(way: str) -> tuple:
    """The app's network, and a reader that calls it in one of the ways."""
    import keras

    calls = {
        "app": None,
        "called": lambda model, ids: keras.ops.convert_to_numpy(model(ids, training=False)),
        "predict": lambda model, ids: model.predict(ids, verbose=0),
    }
    one = trained(say=lambda line: print(line, file=sys.stderr))
    return one, make_reader(one.model, one.vocabulary, calls[way])


def read_alone(rounds: int) -> None:
    """Time the readers without a server, in turn; print the medians in milliseconds as JSON."""
    readers = {way: reader(way) for way in WAYS}
    pairs = [pair for _, *pair in readers["app"][0].facts["examples"]]
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    for number in range(rounds):
        for way, (_, read) in readers.items():
            start = time.perf_counter()
            read(*pairs[number % len(pairs)])
            seconds[way].append(time.perf_counter() - start)
    print(json.dumps({way: milliseconds(of_way) for way, of_way in seconds.items()}))


# --- The client -----------------------------------------------------------------------------------


@contextmanager
def running(way: str) -> Iterator[tuple[str, psutil.Process]]:
    """Start a server; yield its address and its process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.app", "--serve", way],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        address = process.stdout.readline().strip()
        if not address:
            sys.exit(f"the server did not start: {WAYS[way]}")
        yield urlsplit(address).netloc, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def body_of(dependencies: Sequence[dict], first: Any, second: Any) -> dict:
    """What the page sends when somebody compares two questions.

    Parameters
    ----------
    dependencies : sequence of dict
        What the app answers at ``/_dash-dependencies``.
    first, second : object
        The questions.
    """
    (known,) = dependencies
    outputs = [one.rsplit(".", 1) for one in known["output"].strip(".").split("...")]
    texts = zip(known["state"], (first, second), strict=True)
    return {
        "output": known["output"],
        "outputs": [{"id": which, "property": what} for which, what in outputs],
        "inputs": [{**one, "value": 1} for one in known["inputs"]],
        "changedPropIds": ["compare.n_clicks"],
        "state": [{**one, "value": text} for one, text in texts],
    }


def ask(connection: http.client.HTTPConnection, body: bytes) -> float:
    """Ask for one answer and read it; return the seconds, or NaN for an error."""
    start = time.perf_counter()
    connection.request("POST", UPDATE, body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    seconds = time.perf_counter() - start
    return seconds if answer.status == 200 else float("nan")


def bodies_for(address: str) -> list[bytes]:
    """What to send to a server, from what it tells of itself."""
    connection = http.client.HTTPConnection(address)
    connection.request("GET", "/_dash-dependencies")
    dependencies = json.loads(connection.getresponse().read())
    examples = trained().facts["examples"]
    return [json.dumps(body_of(dependencies, *pair)).encode() for _, *pair in examples]


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, and how many are no number."""
    fine = [one for one in seconds if one == one]
    return {
        "median": round(1000 * median(fine), 2),
        "p95": round(1000 * quantiles(fine, n=20)[-1], 2),
        "errors": len(seconds) - len(fine),
    }


def megabytes(process: psutil.Process) -> int:
    """Resident memory."""
    return round(process.memory_info().rss / 1e6)


def in_turn(addresses: dict[str, str], bodies: list[bytes], rounds: int) -> dict[str, Any]:
    """Ask the servers in turn; medians of each, and of the ratios to the app within a round."""
    connections = {way: http.client.HTTPConnection(place) for way, place in addresses.items()}
    seconds: dict[str, list[float]] = {way: [] for way in addresses}
    for number in range(rounds + 5):
        for way, connection in connections.items():
            took = ask(connection, bodies[number % len(bodies)])
            if number >= 5:  # the first ones warm up
                seconds[way].append(took)
    found = {way: milliseconds(of_way) for way, of_way in seconds.items()}
    for way, of_way in found.items():
        ratios = [ours / app for ours, app in zip(seconds[way], seconds["app"], strict=True)]
        of_way["times_app"] = round(median(ratios), 2)
    return found


def in_a_row(
    address: str, bodies: list[bytes], requests: int, process: psutil.Process
) -> dict[str, Any]:
    """Ask one after the other on one connection; memory after the first hundred and at the end."""
    connection, seconds = http.client.HTTPConnection(address), []
    for number in range(requests):
        if number == 100:
            before = megabytes(process)
        seconds.append(ask(connection, bodies[number % len(bodies)]))
    return milliseconds(seconds) | {
        "requests": requests,
        "memory_after_100": before,
        "memory_after_all": megabytes(process),
    }


def at_once(address: str, bodies: list[bytes], people: int) -> dict[str, Any]:
    """Let many people ask at the same time, each on a connection of their own."""

    def one(number: int) -> float:
        return ask(http.client.HTTPConnection(address, timeout=60), bodies[number % len(bodies)])

    start = time.perf_counter()
    with ThreadPoolExecutor(people) as pool:
        seconds = list(pool.map(one, range(people)))
    took = time.perf_counter() - start
    return milliseconds(seconds) | {
        "people": people,
        "slowest": round(1000 * max(seconds), 1),
        "all_seconds": round(took, 2),
    }


def measure_app(rounds: int = 200, requests: int = 1_000) -> dict[str, Any]:
    """Start the servers, measure, return the results."""
    print("the network alone", flush=True)
    alone = run_module("benchmarks.app", "--alone", rounds)
    with ExitStack() as stack:
        servers = {way: stack.enter_context(running(way)) for way in WAYS}
        app, process = servers["app"]
        bodies = bodies_for(app)
        print("three servers in turn", flush=True)
        over_http = in_turn({way: place for way, (place, _) in servers.items()}, bodies, rounds)
        print(f"{requests} requests in a row, then 50 at once", flush=True)
        row = in_a_row(app, bodies, requests, process)
        crowd = at_once(app, bodies, 50)
        crowd["memory_after"] = megabytes(process)
    return {
        "backend": environment().get("KERAS_BACKEND", "tensorflow"),
        "versions": versions("dash", "waitress"),
        "rounds": rounds,
        "alone": alone,
        "http": over_http,
        "in_a_row": row,
        "at_once": crowd,
    }


def main() -> None:
    """Read the command line of a process that was started above."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.app", description=__doc__)
    parser.add_argument("--serve", choices=WAYS, help="with one of the ways to call the network")
    parser.add_argument("--alone", type=int, help="time the readers in so many rounds")
    chosen = parser.parse_args()
    if chosen.serve:
        serve(chosen.serve)
    elif chosen.alone:
        read_alone(chosen.alone)


if __name__ == "__main__":
    main()
