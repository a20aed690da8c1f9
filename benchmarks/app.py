"""Measure the web app: an answer over HTTP, fifty people for a minute, odd texts, its memory.

First it learns from the sample, and from Quora's pairs if ``RNN_REAL_DATA`` names a folder with
them, and compares and searches with each. Then three servers run side by side, which differ in one
thing: how a request calls the network. The app hands Keras one batch of one shape, which is
compiled once (``predict_on_batch``); the others call ``model.predict``, and the model as it is.
Requests go to them in turn, so that a slow second of the machine hits all alike. The rest goes to
the app alone. ``make bench ARGS=--app`` starts it and writes ``app.json``; the command line here is
for the processes that it starts.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

import psutil

from apps.questions.reading import make_reader, make_states
from apps.questions.server import UPDATE, address_of, flask_for, listen, make_server
from apps.questions.training import FOLDER, trained
from benchmarks.machine import ROOT, environment, run_module, versions
from benchmarks.recipe import WAYS

# --- The servers, each a process -----------------------------------------------------------------


def serve(way: str, folder: Path) -> None:
    """Serve the app with one of the ways to call the network, until the process is ended."""
    one = trained(folder, say=lambda line: print(line, file=sys.stderr))
    listening = listen(port=0)
    server = make_server(flask_for(one, call_of(way)), listening)
    print(address_of(listening), flush=True)
    server.run()


def call_of(way: str) -> Callable | None:
    """How one of the ways calls the network."""
    import keras

    calls = {
        "app": None,
        "called": lambda model, ids: keras.ops.convert_to_numpy(model(ids, training=False)),
        "predict": lambda model, ids: model.predict(ids, verbose=0),
    }
    return calls[way]


def learn(folder: Path) -> None:
    """Train a network on the pairs of ``RNN_DATA``; print as JSON how that went."""
    start = time.perf_counter()
    one = trained(folder, say=lambda line: print(line, file=sys.stderr))
    took = time.perf_counter() - start
    told = ("num_train", "accuracy", "low", "high", "examples")
    facts = {name: one.facts[name] for name in told}
    print(json.dumps({**facts, "num_known": len(one.questions), "seconds": round(took, 1)}))


def read_alone(rounds: int) -> None:
    """Time the readers without a server, in turn; print the medians in milliseconds as JSON."""
    one = trained(say=lambda line: print(line, file=sys.stderr))
    rest = one.vocabulary, one.facts["line"]
    readers = {way: make_reader(make_states(one.model, call_of(way)), *rest) for way in WAYS}
    pairs = [pair for _, *pair in one.facts["examples"]]
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    for number in range(rounds):
        for way, read in readers.items():
            start = time.perf_counter()
            read(*pairs[number % len(pairs)])
            seconds[way].append(time.perf_counter() - start)
    print(json.dumps({way: milliseconds(of_way) for way, of_way in seconds.items()}))


# --- The client -----------------------------------------------------------------------------------


@contextmanager
def running(
    way: str = "app", folder: Path = FOLDER, **variables: str
) -> Iterator[tuple[str, psutil.Process]]:
    """Start a server; yield its address and its process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.app", "--serve", way, "--folder", str(folder)],
        cwd=ROOT,
        env=environment(**variables),
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


def update(dependencies: Sequence[dict], changed: str, values: Mapping[str, Any]) -> dict:
    """What the page sends when something on it has changed.

    Parameters
    ----------
    dependencies : sequence of dict
        What the app answers at ``/_dash-dependencies``.
    changed : str
        What has changed, such as ``compare.n_clicks``.
    values : mapping
        What the fields hold, by their ids.
    """

    def filled(parts: Sequence[dict]) -> list[dict]:
        return [
            {**one, "value": 1 if one["property"].startswith("n_") else values.get(one["id"])}
            for one in parts
        ]

    def names(parts: Sequence[dict]) -> set[str]:
        return {f"{one['id']}.{one['property']}" for one in parts}

    (known,) = (one for one in dependencies if changed in names(one["inputs"]))
    outputs = [one.rsplit(".", 1) for one in known["output"].strip(".").split("...")]
    return {
        "output": known["output"],
        "outputs": [{"id": which, "property": what} for which, what in outputs],
        "inputs": filled(known["inputs"]),
        "changedPropIds": [changed],
        "state": filled(known["state"]),
    }


def body_of(dependencies: Sequence[dict], first: Any, second: Any, cost: Any = "1") -> dict:
    """What the page sends when somebody compares two questions."""
    values = {"question-1": first, "question-2": second, "cost": cost}
    return update(dependencies, "compare.n_clicks", values)


def search_of(dependencies: Sequence[dict], text: Any) -> dict:
    """What the page sends when somebody searches."""
    return update(dependencies, "search.n_clicks", {"wanted": text})


def odd_texts(number: int, seed: int = 0) -> Iterator[str]:
    """Texts that nobody expects: any characters, halves of pairs, markup, very long ones."""
    rng = random.Random(seed)
    pieces = ["how", "much", "the", "?", " ", "\n", "\x00", "\ud800", "\u202e", "<b>", "&lt;", "'"]
    for _ in range(number):
        kind, length = rng.randrange(4), int(10 ** rng.uniform(0, 3))
        if kind == 0:  # any character at all
            yield "".join(chr(rng.randrange(0x110000)) for _ in range(length))
        elif kind == 1:  # of one script
            first = rng.randrange(0, 0x30000, 0x80)
            yield "".join(chr(first + rng.randrange(0x80)) for _ in range(length))
        elif kind == 2:  # words and breaks
            yield " ".join(rng.choices(pieces, k=length))
        else:  # the same again and again
            yield rng.choice(pieces) * length * 10


def ask(connection: http.client.HTTPConnection, body: bytes) -> float:
    """Ask for one answer and read it; return the seconds, or NaN for an error."""
    start = time.perf_counter()
    try:
        connection.request("POST", UPDATE, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()  # the next request opens it again
        return float("nan")
    seconds = time.perf_counter() - start
    return seconds if answer.status == 200 else float("nan")


def dependencies_of(address: str) -> list[dict]:
    """What a server tells of its callbacks."""
    connection = http.client.HTTPConnection(address)
    connection.request("GET", "/_dash-dependencies")
    return json.loads(connection.getresponse().read())


def bodies_for(address: str, examples: Sequence[Sequence[str]]) -> dict[str, list[bytes]]:
    """What to send to a server to compare and to search, from the examples of its network."""
    dependencies, pairs = dependencies_of(address), [pair for _, *pair in examples]
    asked = {
        "compare": [body_of(dependencies, *pair) for pair in pairs],
        "search": [search_of(dependencies, first) for first, _ in pairs],
    }
    return {what: [json.dumps(body).encode() for body in of] for what, of in asked.items()}


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


def crowd(
    address: str, bodies: list[bytes], people: int, seconds: float, process: psutil.Process
) -> dict[str, Any]:
    """Let many people ask without a pause for some time, each on a connection of their own."""
    before, end = megabytes(process), time.perf_counter() + seconds

    def one(number: int) -> list[float]:
        connection, took = http.client.HTTPConnection(address, timeout=60), []
        while time.perf_counter() < end:
            took.append(ask(connection, bodies[(number + len(took)) % len(bodies)]))
        return took

    with ThreadPoolExecutor(people) as pool:
        took = sum(pool.map(one, range(people)), [])
    return milliseconds(took) | {
        "people": people,
        "seconds": seconds,
        "requests": len(took),
        "memory_before": before,
        "memory_after": megabytes(process),
    }


def odd(address: str, number: int, process: psutil.Process) -> dict[str, Any]:
    """Compare odd texts with each other, and search for each."""
    dependencies, before = dependencies_of(address), megabytes(process)
    connection, took, last = http.client.HTTPConnection(address), [], ""
    for text in odd_texts(number):
        for body in (body_of(dependencies, last, text), search_of(dependencies, text)):
            took.append(ask(connection, json.dumps(body).encode()))
        last = text
    memory = {"memory_before": before, "memory_after": megabytes(process)}
    return milliseconds(took) | {"texts": number, "requests": len(took)} | memory


def on_data(data: str, rounds: int) -> dict[str, Any]:
    """Train on some data, then compare and search in turn."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = run_module("benchmarks.app", "--learn", "--folder", folder, RNN_DATA=data)
        with running(folder=folder, RNN_DATA=data) as (address, process):
            connection = http.client.HTTPConnection(address)
            bodies = bodies_for(address, found["examples"])
            took: dict[str, list[float]] = {what: [] for what in bodies}
            for number in range(rounds + 5):
                for what, of in bodies.items():
                    seconds = ask(connection, of[number % len(of)])
                    if number >= 5:
                        took[what].append(seconds)
            found["memory"] = megabytes(process)
    return found | {what: milliseconds(of) for what, of in took.items()}


def measure_app(rounds: int = 200, requests: int = 1_000) -> dict[str, Any]:
    """Start the servers, measure, return the results."""
    data = {}
    for name, where in {"sample": "sample", "real": os.environ.get("RNN_REAL_DATA")}.items():
        if where:
            print(f"learning from the {name} pairs, comparing, searching", flush=True)
            data[name] = on_data(where, rounds)
    print("the network alone", flush=True)
    examples = [of_data.pop("examples") for of_data in data.values()][0]
    alone = run_module("benchmarks.app", "--alone", rounds)
    with ExitStack() as stack:
        servers = {way: stack.enter_context(running(way)) for way in WAYS}
        bodies = bodies_for(servers["app"][0], examples)
        print("three servers in turn", flush=True)
        places = {way: place for way, (place, _) in servers.items()}
        over_http = in_turn(places, bodies["compare"], rounds)
    with running() as (app, process):
        print(f"{requests} requests in a row, then 50 people for a minute", flush=True)
        bodies = bodies_for(app, examples)
        row = in_a_row(app, bodies["compare"], requests, process)
        many = crowd(app, sum(bodies.values(), []), 50, 60, process)
        print("10,000 odd texts", flush=True)
        texts = odd(app, 10_000, process)
    return {
        "backend": environment().get("KERAS_BACKEND", "tensorflow"),
        "versions": versions("dash", "waitress"),
        "rounds": rounds,
        "data": data,
        "alone": alone,
        "http": over_http,
        "in_a_row": row,
        "crowd": many,
        "odd": texts,
    }


def main() -> None:
    """Read the command line of a process that was started above."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.app", description=__doc__)
    parser.add_argument("--serve", choices=WAYS, help="with one of the ways to call the network")
    parser.add_argument("--alone", type=int, help="time the readers in so many rounds")
    parser.add_argument("--learn", action="store_true", help="train a network")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where networks are kept")
    chosen = parser.parse_args()
    if chosen.serve:
        serve(chosen.serve, chosen.folder)
    elif chosen.learn:
        learn(chosen.folder)
    elif chosen.alone:
        read_alone(chosen.alone)


if __name__ == "__main__":
    main()
