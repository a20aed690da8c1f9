"""The committed results, and what is made of them: tables, a plot, the numbers in the README."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from statistics import median

from benchmarks.recipe import MODELS, SETTINGS

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results.json"
FOR_LECTURES = FOLDER.parent / "data" / "results" / "speed.json"
PLOT = FOLDER / "speed.svg"
STATUS = FOLDER / "speed.md"  # status.md includes it
README = FOLDER.parent / "README.md"
BEGIN, END = "<!-- speed: written by make bench -->\n", "<!-- end of speed -->\n"
PARTS = {
    "rnn": "SimpleRNN pair, all of it",
    "rnn, frozen": "SimpleRNN pair, embedding not trained",
    "rnn, eight": "SimpleRNN pair, steps_per_execution=8",
    "lstm": "LSTM pair, all of it",
    "lstm, frozen": "LSTM pair, embedding not trained",
    "lstm, eight": "LSTM pair, steps_per_execution=8",
    "mean": "mean of the vectors, no step in time",
    "mean, frozen": "mean of the vectors, embedding not trained",
}

STEPS = {"load": "load, s", "adapt": "vocabulary, s", "tokenize": "ids, s"}


def read_results() -> dict:
    """The committed results."""
    return json.loads(RESULTS.read_text(encoding="utf-8"))


def write_results(results: dict) -> None:
    """Write the results; the proof on full size stays from before where it was not run again."""
    if RESULTS.is_file() and "full_size" not in results and "full_size" in read_results():
        results = {**results, "full_size": read_results()["full_size"]}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8", newline="\n")
    STATUS.write_text(status_text(results), encoding="utf-8", newline="\n")


def status_text(results: dict) -> str:
    """What the status page says: tables and plot."""
    parts = [
        description(results),
        speed_table(results),
        peers_text(results),
        f"```{{image}} benchmarks/{PLOT.name}\n:alt: {alt_text(results)}\n```\n",
        parts_table(results),
    ]
    if "full_size" in results:
        parts += [full_size_description(results), full_size_table(results)]
    return "\n".join(parts)


def for_lectures(results: dict) -> dict[str, int | str]:
    """What lecture 7 quotes: reviews a second by ``SETTING_MODEL``, and the day."""
    told = {
        f"{setting}_{model}": results["speed"][setting][model]["median"]
        for setting in ("class", "compiled", "jax")
        for model in MODELS
    }
    return {"made": results["made"], **told}


def write_for_lectures(results: dict) -> None:
    """Write ``data/results/speed.json``."""
    text = json.dumps(for_lectures(results), indent=1) + "\n"
    FOR_LECTURES.write_text(text, encoding="utf-8", newline="\n")


def times_class(results: dict, setting: str, model: str) -> str:
    """How many times as fast as the class's code, to two digits: "8.2" or "13"."""
    ratio = results["speed"][setting][model]["times_class"]["median"]
    return f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:.0f}"


def times_peer(results: dict, setting: str, peer: str, model: str) -> float:
    """How many times as fast one setting is as another: the median over rounds of the ratio."""
    of_setting, of_peer = (results["speed"][name][model]["rounds"] for name in (setting, peer))
    return median(ours / theirs for ours, theirs in zip(of_setting, of_peer, strict=True))


def peers_text(results: dict) -> str:
    """One sentence on JAX beside PyTorch, where that was measured; else nothing."""
    if "torch" not in results["speed"]:
        return ""
    told = [
        f"{times_peer(results, 'jax', peer, model):.1f}"
        for peer in ("torch", "fused")
        for model in ("rnn", "lstm")
    ]
    return (
        f"Within a round, the lecture's code on JAX trains the SimpleRNN pair {told[0]} times and "
        f"the LSTM pair {told[1]} times as fast as plain PyTorch, and {told[2]} and {told[3]} "
        "times as fast as PyTorch with its fused Adam.\n"
    )


def speed_table(results: dict) -> str:
    """A Markdown table: a row a setting, a column a model, samples a second and ratios."""
    rows = []
    for name, of_models in results["speed"].items():
        cells = [
            f"{one['median']:,} ({times_class(results, name, model)}x)"
            for model, one in of_models.items()
        ]
        warm_up = sum(one["warm_up"] for one in of_models.values()) / len(of_models)
        memory = results["memory"].get(name)
        cells += [f"{warm_up:.1f}", f"{memory:,}" if memory is not None else "not known"]
        rows.append([SETTINGS[name].name, *cells])
    head = ["samples a second", *(title for title, _ in MODELS.values())]
    return table([*head, "first batches, s", "peak memory, MB"], rows)


def parts_table(results: dict) -> str:
    """A Markdown table: milliseconds a batch takes on JAX, with and without its parts."""
    measured = results["milliseconds_a_batch"]
    rows = [[text, f"{measured[name]:.2f}"] for name, text in PARTS.items() if name in measured]
    return table(["one batch, lecture's code on JAX", "milliseconds"], rows)


def full_size_table(results: dict) -> str:
    """A Markdown table: seconds and memory by number of reviews."""
    rows = []
    for one in results["full_size"]["sizes"]:
        steps = [f"{one[step]:.1f} ({one[step + '_cpu']:.1f})" for step in STEPS]
        epoch = f"{one['epoch']:.0f}" if one.get("epoch") else ""
        memory = f"{one['memory'] / 1000:.2f}" if one["memory"] is not None else ""
        rows.append([f"{one['reviews']:,}", *steps, epoch, memory])
    head = ["reviews", *STEPS.values(), "one epoch, s", "peak memory, GB"]
    return table(head, rows)


def full_size_description(results: dict) -> str:
    """One paragraph: what the proof on full size ran on."""
    proof = results["full_size"]
    trained = [one for one in proof["sizes"] if one.get("epoch")]
    text = (
        f"At full size: {proof['rows_repeated']:,} real reviews ({proof['rows_from']}), repeated, "
        "each copy with a new word of its own, go the way of the lectures on reviews. Seconds on "
        "the clock; in brackets those on the processor, which others on the machine hardly change."
    )
    for one in trained:
        text += (
            f" One epoch of the {one['epoch_model'].upper()} pair reads {one['epoch_rows']:,} of "
            f"the {one['reviews']:,}, on JAX."
        )
    return text + "\n"


def description(results: dict) -> str:
    """One paragraph: on what the numbers were taken."""
    where, versions = results["machine"], results["versions"]
    tensorflow = versions.get("tensorflow") or versions.get("tensorflow-cpu", "")
    peers = f", PyTorch {versions['torch']}" if "torch" in versions else ""
    shared = (
        " **Others used the machine at the same time**: trust the ratios more than the speeds."
        if results["shared_machine"]
        else ""
    )
    return (
        f"Taken on {results['made']} on {where['cores']} cores ({where['processor']}, "
        f"{where['system']}), Python {versions['python']}, Keras {versions['keras']}, "
        f"TensorFlow {tensorflow}, JAX {versions['jax']}{peers}: batches of {results['batch']}, "
        f"medians of {results['rounds']} rounds; in brackets how many times as fast as the "
        f"class's code in the same round.{shared}\n"
    )


def readme_text(results: dict) -> str:
    """What README.md says of the JAX backend."""
    ratios = {
        (name, model): times_class(results, name, model)
        for name in ("jax", "compiled", "three_jax", "three_tensorflow")
        for model in ("rnn", "lstm")
    }
    warm_up = {
        name: sum(one["warm_up"] for one in results["speed"][name].values()) / len(MODELS)
        for name in ("compiled", "jax")
    }
    text = f"""
Lectures run on TensorFlow, as on Colab. On a laptop, `KERAS_BACKEND=jax make lab` runs the same
cells on JAX, which `make` has installed. There the class's SimpleRNN pair trains
{ratios["jax", "rnn"]} times and its LSTM pair {ratios["jax", "lstm"]} times as fast as the class's
own code on TensorFlow, in batches of 30; on TensorFlow, where the lectures compile their networks,
{ratios["compiled", "rnn"]} and {ratios["compiled", "lstm"]} times. A new network first takes
{warm_up["jax"]:.0f} s to compile on JAX and {warm_up["compiled"]:.0f} s on TensorFlow. With three
networks side by side in one model, as lectures 5 to 7 train them, a row that trains all three
counts three times, and then JAX is at {ratios["three_jax", "rnn"]} and
{ratios["three_jax", "lstm"]} times, TensorFlow at {ratios["three_tensorflow", "rnn"]} and
{ratios["three_tensorflow", "lstm"]} times. `make bench` measures it on your machine.
"""
    return "\n".join(textwrap.wrap(" ".join(text.split()), 100, break_on_hyphens=False)) + "\n"


def update_readme(results: dict) -> None:
    """Put the ratios into README.md, between the two marks."""
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    README.write_text(
        f"{before}{BEGIN}{readme_text(results)}{END}{after}", encoding="utf-8", newline="\n"
    )


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def alt_text(results: dict) -> str:
    """What one sees in the plot, for those who do not see it."""
    told = []
    for model, title in (("rnn", "SimpleRNN pair"), ("lstm", "LSTM pair")):
        medians = {name: of[model]["median"] for name, of in results["speed"].items()}
        longest = max(medians, key=medians.__getitem__)
        told.append(
            f"For the {title} the longest bar, {SETTINGS[longest].name}, is "
            f"{medians[longest] / medians['class']:.0f} times as long as that of the class's code."
        )
    return " ".join(["Two groups of horizontal bars, one bar a setting.", *told])


def draw(results: dict, path: Path = PLOT) -> None:
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
    for model, ax, color in zip(("rnn", "lstm"), axes, ("state", "gate"), strict=True):
        values = [speed[name][model]["median"] for name in speed]
        reach = [
            [speed[name][model]["median"] - speed[name][model]["low"] for name in speed],
            [speed[name][model]["high"] - speed[name][model]["median"] for name in speed],
        ]
        plot_bars(
            names,
            values,
            spread=reach,
            x_label="Reviews a second (line: slowest to fastest round)" if model == "lstm" else "",
            y_label={"rnn": "SimpleRNN pair", "lstm": "LSTM pair"}[model],
            value_format="{:,.0f}",
            color=COLORS[color],
            ax=ax,
        )
    widest = max(speed[name][model]["high"] for name in speed for model in ("rnn", "lstm"))
    axes[1].set_xlim(0, 1.25 * widest)
    axes[1].xaxis.set_major_locator(MaxNLocator(5))
    axes[1].xaxis.set_major_formatter("{x:,.0f}")
    save_figure(figure, path)
    plt.close(figure)
    path.write_text(_with_title(path.read_text(encoding="utf-8"), alt_text(results)), "utf-8")


def _with_title(svg: str, text: str) -> str:
    """The drawing with its alternative text inside, for readers of the bare file."""
    start = svg.index(">", svg.index("<svg")) + 1
    return f"{svg[:start]}\n <title>{text}</title>{svg[start:]}"
