"""The committed results of the web app's benchmark, and what is told of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("app.json")
STATUS = RESULTS.with_name("app.md")  # status.md includes it
WAYS = {
    "app": "the app: `predict_on_batch`, compiled once",
    "called": "the model called, not compiled",
    "predict": "`model.predict` a request",
}


def read_app_results() -> dict[str, Any]:
    """The committed results."""
    return json.loads(RESULTS.read_text(encoding="utf-8"))


def app_section(results: dict[str, Any]) -> str:
    """The results as Markdown: a table and a paragraph."""
    rows = [
        "| how a request calls the network | network alone, ms | over HTTP, ms | 95 % within, ms "
        "| times the app |",
        "|---|---|---|---|---|",
    ]
    for way, name in WAYS.items():
        http_, alone = results["http"][way], results["alone"][way]
        rows.append(
            f"| {name} | {alone['median']:.1f} | {http_['median']:.1f} | {http_['p95']:.1f} "
            f"| {http_['times_app']:.1f} |"
        )
    row, crowd, where = results["in_a_row"], results["at_once"], results["machine"]
    shared = " Others used the machine at the same time." if results["shared_machine"] else ""
    return (
        "\n".join(rows) + "\n\n"
        f"{row['requests']:,} requests in a row: {row['errors']} errors, {row['median']:.1f} ms at "
        f"the median; {row['memory_after_100']:,} MB of memory after the first hundred, "
        f"{row['memory_after_all']:,} MB at the end. {crowd['people']} people at once: "
        f"{crowd['errors']} errors, the last one served after {crowd['slowest'] / 1000:.1f} s. "
        f"Taken on {results['made']} on {where['cores']} cores ({where['processor']}, "
        f"{where['system']}), Keras {results['versions']['keras']} on {results['backend']}, "
        f"Dash {results['versions']['dash']}, waitress {results['versions']['waitress']}.{shared}\n"
    )
