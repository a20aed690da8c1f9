"""The committed results, and what is told of them: status page, plot, README."""

from __future__ import annotations

import json
import textwrap
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.lighthouse import CATEGORIES, FORMS
from benchmarks.machine import ROOT
from benchmarks.recipe import MODELS, PARTS, SETTINGS

FOLDER = Path(__file__).resolve().parent
PAGES = ROOT / "data" / "results" / "pages.json"
README = ROOT / "README.md"
BEGIN, END = "<!-- speed: written by make bench -->\n", "<!-- end of speed -->\n"
PAIRS = {"rnn": "SimpleRNN pair", "lstm": "LSTM pair"}  # the models that the target names
PROOFS = ("full_size", "full_pages")  # what `make bench` does not measure each time
STEPS = {"load": "load, s", "adapt": "vocabulary, s", "tokenize": "ids, s"}


def read_results(name: str = "results.json", folder: Path = FOLDER) -> dict[str, Any]:
    """The committed results."""
    return json.loads((folder / name).read_text(encoding="utf-8"))


def write_results(results: dict, folder: Path = FOLDER) -> None:
    """Write the results, and what the status page includes of them.

    Some things stay from before: the proofs on full size where they were not run again, and the
    ratios that were ``seen`` in other runs.
    """
    before = read_results(folder=folder) if (folder / "results.json").is_file() else {}
    results = results | {k: before[k] for k in PROOFS if k in before and k not in results}
    seen = results.get("seen") or before.get("seen", {})
    results["seen"] = {model: _seen(results, model, seen.get(model, {})) for model in PAIRS}
    _write(folder / "results.json", results)
    _write(folder / "speed.md", status_text(results))


def keep_full_page(slug: str, found: dict) -> None:
    """Put what a lecture needed on a file of full size to the other results."""
    results = read_results()
    pages = {**results.get("full_pages", {}), slug: found}
    write_results({**results, "full_pages": dict(sorted(pages.items()))})
    write_for_readers()


def write_pages_results(results: dict, target: Path = PAGES, folder: Path = FOLDER) -> None:
    """Write the results of Lighthouse, and what the status page includes of them."""
    _write(target, results)
    _write(folder / "pages.md", pages_text(results))


def write_for_readers() -> None:
    """Bring plot and README in step with the committed results."""
    results = read_results()
    draw(results, FOLDER / "speed.svg")
    _write(README, with_speed(README.read_text(encoding="utf-8"), results))


def _write(path: Path, content: Any) -> None:
    text = content if isinstance(content, str) else json.dumps(content, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"Written: {path.name}")


def _seen(results: dict, model: str, before: dict[str, float]) -> dict[str, float]:
    """Lowest and highest ratio of JAX to the class's code in all runs."""
    ratios = [results["speed"]["jax"][model]["times_class"]["median"], *before.values()]
    return {"low": min(ratios), "high": max(ratios)}


# --- The status page -----------------------------------------------------------------------------


def status_text(results: dict) -> str:
    """What the status page says of speed: tables and plot, in Markdown."""
    parts = [
        description(results),
        speed_table(results),
        peers_text(results),
        f"```{{image}} benchmarks/speed.svg\n:alt: {alt_text(results)}\n```\n",
        parts_table(results),
    ]
    if "full_size" in results:
        parts += [full_size_description(results), full_size_table(results)]
    if "full_pages" in results:
        parts += [full_pages_table(results)]
    return "\n".join(parts)


def description(results: dict) -> str:
    """One paragraph: on what the numbers were taken."""
    versions = results["versions"]
    tensorflow = versions.get("tensorflow") or versions.get("tensorflow-cpu", "")
    peers = f", PyTorch {versions['torch']}" if "torch" in versions else ""
    return (
        f"{_taken(results)}, Python {versions['python']}, Keras {versions['keras']}, "
        f"TensorFlow {tensorflow}, JAX {versions['jax']}{peers}: batches of {results['batch']}, "
        f"medians of {results['rounds']} rounds; in brackets how many times as fast as the "
        f"class's code in the same round."
        f"{_shared(results)}\n"
    )


def _taken(results: dict) -> str:
    """When and on what machine."""
    where = results["machine"]
    machine = f"{where['cores']} cores ({where['processor']}, {where['system']})"
    return f"Taken on {results['made']} on {machine}"


def _shared(results: dict) -> str:
    """A warning if others used the machine."""
    told = " **Others used the machine at the same time**: trust the ratios more than the times."
    return told if results["shared_machine"] else ""


def speed_table(results: dict) -> str:
    """A Markdown table: a row a setting, a column a model, samples a second and ratios."""
    rows = []
    for name, of_models in results["speed"].items():
        cells = [
            f"{one['median']:,} ({two_digits(one['times_class']['median'])}x)"
            for one in of_models.values()
        ]
        memory = results["memory"].get(name)
        cells += [f"{_warm_up(of_models):.1f}", f"{memory:,}" if memory else "not known"]
        rows.append([SETTINGS[name].name, *cells])
    head = ["samples a second", *(title for title, _ in MODELS.values())]
    return table([*head, "first batches, s", "peak memory, MB"], rows)


def two_digits(ratio: float) -> str:
    """A ratio to two digits: "8.2" or "13"."""
    return f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:.0f}"


def _warm_up(of_models: dict) -> float:
    """Seconds before the first epoch, the mean over models."""
    return sum(one["warm_up"] for one in of_models.values()) / len(of_models)


def peers_text(results: dict) -> str:
    """One sentence on JAX beside PyTorch, where that was measured; else nothing."""
    if "torch" not in results["speed"]:
        return ""
    told = [times_peer(results, "jax", *which) for which in product(("torch", "fused"), PAIRS)]
    return (
        f"Within a round, the lecture's code on JAX trains the SimpleRNN pair {told[0]:.1f} times "
        f"and the LSTM pair {told[1]:.1f} times as fast as plain PyTorch, and {told[2]:.1f} and "
        f"{told[3]:.1f} times as fast as PyTorch with its fused Adam.\n"
    )


def times_peer(results: dict, setting: str, peer: str, model: str) -> float:
    """How many times as fast one setting is as another: the median over rounds of the ratio."""
    of_setting, of_peer = (results["speed"][name][model]["rounds"] for name in (setting, peer))
    return median(ours / theirs for ours, theirs in zip(of_setting, of_peer, strict=True))


def full_pages_table(results: dict) -> str:
    """What lectures needed on a file of 560,000 reviews: a sentence and a Markdown table."""
    rows = [
        [slug, f"{one['cells']} of {one['of']}", f"{one['seconds'] / 60:.0f}"]
        + [f"{one['memory'] / 1000:.2f}"]
        for slug, one in results["full_pages"].items()
    ]
    told = (
        "Lectures on a file of 560,000 reviews, as `make full` executes them (on TensorFlow), each "
        "for some minutes: how many of its cells were done by then, and the highest memory of its "
        "process.\n\n"
    )
    return told + table(["lecture", "cells", "minutes", "peak memory, GB"], rows)


def parts_table(results: dict) -> str:
    """A Markdown table: milliseconds a batch takes on JAX, with and without its parts."""
    measured = results["milliseconds_a_batch"]
    rows = [[PARTS[name][0], f"{measured[name]:.2f}"] for name in PARTS if name in measured]
    return table(["one batch, lecture's code on JAX", "milliseconds"], rows)


def full_size_description(results: dict) -> str:
    """One paragraph: what the proof on full size ran on."""
    proof = results["full_size"]
    last = proof["sizes"][-1]
    return (
        f"At full size: {proof['rows_repeated']:,} real reviews ({proof['rows_from']}), repeated, "
        "each copy with a new word of its own, go the way of the lectures on reviews. Seconds on "
        "the clock; in brackets those on the processor, which others on the machine hardly change. "
        f"One epoch of the {last['epoch_model'].upper()} pair, on JAX, reads "
        f"{last['epoch_rows'] / last['reviews']:.0%} of the reviews, {last['epoch_rows']:,} of "
        f"{last['reviews']:,}. Taken on {proof['made']}.{_shared(proof)}\n"
    )


def full_size_table(results: dict) -> str:
    """A Markdown table: seconds and memory by number of reviews."""
    rows = []
    for one in results["full_size"]["sizes"]:
        steps = [f"{one[step]:.1f} ({one[step + '_cpu']:.1f})" for step in (*STEPS, "epoch")]
        memory = f"{one['memory'] / 1000:.2f}" if one["memory"] is not None else ""
        rows.append([f"{one['reviews']:,}", *steps, memory])
    return table(["reviews", *STEPS.values(), "one epoch, s", "peak memory, GB"], rows)


def pages_text(results: dict | None) -> str:
    """What the status page says of the built pages: a table and a paragraph.

    Parameters
    ----------
    results : dict or None
        None if nothing has been measured yet.
    """
    if results is None:
        return "The pages have not been measured yet: `make bench ARGS=--pages`.\n"
    rows = []
    for page, forms in results["pages"].items():
        fast = [f"{forms[form]['performance']:.0f}" for form in FORMS]
        good = [min(of[name] for of in forms.values()) for name in list(CATEGORIES)[1:]]
        heavy = max(of["bytes"] for of in forms.values()) / 1000
        asked = max(of["requests"] for of in forms.values())
        numbers = [*good, heavy, asked]
        rows.append([page, *fast, *(f"{number:,.0f}" for number in numbers)])
    head = [*(f"performance, {form}" for form in FORMS), *list(CATEGORIES.values())[1:]]
    versions, index = results["versions"], results["benchmark_index"]
    return (
        table(["page", *head, "KB", "requests"], rows) + "\n"
        f"Scores of Lighthouse, of 100; medians of {results['rounds']} rounds. Accessibility, best "
        "practices and SEO are the lower of desktop and mobile, bytes (compressed) and requests "
        "the higher. "
        f"{_taken(results)}, Lighthouse {versions['lighthouse']}, Chromium {versions['chromium']}, "
        f"with a benchmark index, Lighthouse's measure of the machine, of {index['median']:,} at "
        f"the median ({index['low']:,} to {index['high']:,}).{_shared(results)}\n"
    )


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


# --- A lecture and the README --------------------------------------------------------------------


def readme_text(results: dict) -> str:
    """What README.md says of the JAX backend: ratios seen in all runs, and by round of the last."""
    speed, seen = results["speed"], [_from_to(results["seen"][model]) for model in PAIRS]
    compiled = [_from_to(speed["compiled"][model]["times_class"]) for model in PAIRS]
    text = f"""
Lectures run on TensorFlow, as on Colab. On a laptop, `KERAS_BACKEND=jax make lab` runs the same
cells on JAX, which `make` has installed. There the class's SimpleRNN pair trains {seen[0]} times
and its LSTM pair {seen[1]} times as fast as the class's own code on TensorFlow, in batches of 30
(the range of our runs); on TensorFlow, where the lectures compile their networks, {compiled[0]} and
{compiled[1]} times. A new network first takes {_warm_up(speed["jax"]):.0f} s to compile on JAX and
{_warm_up(speed["compiled"]):.0f} s on TensorFlow. `make bench` measures it on your machine.
"""
    return "\n".join(textwrap.wrap(" ".join(text.split()), 100, break_on_hyphens=False)) + "\n"


def _from_to(ratios: dict[str, float]) -> str:
    """A range: "5.4 to 8.0"."""
    return f"{two_digits(ratios['low'])} to {two_digits(ratios['high'])}"


def with_speed(readme: str, results: dict) -> str:
    """The README with these results between its two marks."""
    before, rest = readme.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}{readme_text(results)}{END}{after}"


# --- The plot ------------------------------------------------------------------------------------


def alt_text(results: dict) -> str:
    """What one sees in the plot, for those who do not see it."""
    told = []
    for model, title in PAIRS.items():
        medians = {name: of[model]["median"] for name, of in results["speed"].items()}
        longest = max(medians, key=medians.__getitem__)
        told.append(
            f"For the {title} the longest bar, {SETTINGS[longest].name}, is "
            f"{medians[longest] / medians['class']:.0f} times as long as that of the class's code."
        )
    return " ".join(["Two groups of horizontal bars, one bar a setting.", *told])


def draw(results: dict, path: Path) -> None:
    """Draw the plot: a bar a setting, for the two models that the target names."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import MaxNLocator

    from helpers.plots import COLORS, plot_bars, save_figure, use_style

    use_style()
    speed = results["speed"]
    names = [SETTINGS[name].name.replace(", TensorFlow, ", ",\nTensorFlow, ") for name in speed]
    figure, axes = plt.subplots(2, 1, figsize=(7, 0.9 * len(names) + 1.4), sharex=True)
    for model, ax, color in zip(PAIRS, axes, ("state", "gate"), strict=True):
        measured = [of_models[model] for of_models in speed.values()]
        plot_bars(
            names,
            [one["median"] for one in measured],
            spread=[[abs(one[end] - one["median"]) for one in measured] for end in ("low", "high")],
            x_label="Reviews a second (line: slowest to fastest round)" if model == "lstm" else "",
            y_label=PAIRS[model],
            value_format="{:,.0f}",
            color=COLORS[color],
            ax=ax,
        )
    widest = max(of_models[model]["high"] for of_models in speed.values() for model in PAIRS)
    axes[1].set_xlim(0, 1.25 * widest)
    axes[1].xaxis.set_major_locator(MaxNLocator(5))
    axes[1].xaxis.set_major_formatter("{x:,.0f}")
    save_figure(figure, path)
    plt.close(figure)
    # The alternative text inside, for readers of the bare file.
    svg = path.read_text(encoding="utf-8")
    start = svg.index(">", svg.index("<svg")) + 1
    titled = f"{svg[:start]}\n <title>{alt_text(results)}</title>{svg[start:]}"
    path.write_text(titled, encoding="utf-8", newline="\n")
