"""The page: two questions in, a verdict, and an explanation one can look at.

What a person writes appears on the page as children of Dash components alone, which the browser
shows as text, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml
from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from apps.questions.reading import (
    CLOSE,
    Reading,
    closest_share,
    judge,
    unknown_share,
    unknown_words,
)
from apps.questions.training import SIZE
from helpers.siamese import NUM_TOKENS

ROOT = Path(__file__).resolve().parents[2]
TITLE = "Are these two questions the same?"
MOST_CHARACTERS = 500  #: that the fields take; a longer question is read all the same
MOST_NAMED, MOST_SHOWN = 6, 24  #: unknown words that are named; characters shown of a word
FULL_COLOUR = 0.3  #: a word that changes the answer so much has the full colour
NEAR_A_COIN = 0.1  #: so near to one half, a share of duplicates leaves a verdict open
WARN_FROM = 0.2  #: share of unknown words from which the answer is to be mistrusted
CLASS_PAIR = ["What does a LSTM do?", "How does a LSTM work?"]

HEADS = {
    "same": ("=", "Probably the same question", "A close call: rather the same"),
    "different": ("≠", "Probably not the same question", "A close call: rather not the same"),
    "unknown": ("?", "I cannot say", ""),
    "empty": ("…", "Two questions, please", ""),
}
KINDS = {
    "same": "The same, in other words",
    "different": "Not the same, in much the same words",
    "missed": "A mistake: the same, but it does not see it",
    "mistaken": "A mistake: not the same, but it thinks so",
    "outside": "The class's own pair, outside of what it has learned",
    "class": "The class's own pair",
}
INDEX = """<!DOCTYPE html>
<html lang="en">
  <head>
    {%metas%}
    <meta name="color-scheme" content="light dark">
    <title>{%title%}</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml">
    {%css%}
  </head>
  <body>
    <noscript>This page needs JavaScript.</noscript>
    {%app_entry%}
    {%config%}
    {%scripts%}
    {%renderer%}
  </body>
</html>
"""


def make_app(facts: dict[str, Any], read: Callable[[str, str], Reading]) -> Dash:
    """Make the Dash app, which a server can serve as ``app.server``.

    Parameters
    ----------
    facts : dict
        What the page tells about the network, from `apps.questions.training.measure`.
    read : callable
        Reads two questions, from `apps.questions.reading.make_reader`.
    """
    app = Dash(
        "apps",
        title=TITLE,
        update_title=None,
        index_string=INDEX,
        assets_folder=str(Path(__file__).with_name("assets")),
        serve_locally=True,
        enable_mcp=False,
        add_log_handler=False,
        description="Lecture 16's Siamese network compares two questions of yours.",
    )
    last = "outside" if facts["tier"] == "sample" else "class"
    examples = [*facts["examples"], [last, *CLASS_PAIR]]
    first = examples[0][1:]
    app.layout = layout(facts, examples, result(read(*first), facts))

    @app.callback(
        Output("result", "children"),
        Output("question-1", "value"),
        Output("question-2", "value"),
        Input("compare", "n_clicks"),
        Input("question-1", "n_submit"),
        Input("question-2", "n_submit"),
        *[Input(f"example-{k}", "n_clicks") for k in range(len(examples))],
        State("question-1", "value"),
        State("question-2", "value"),
        prevent_initial_call=True,
    )
    def compare(*values: Any) -> tuple:
        """Answer to the questions in the fields, or put an example there and answer to it."""
        who = ctx.triggered[-1]["prop_id"]  # the last of several that were clicked in haste
        if who.startswith("example-"):
            number = who.removeprefix("example-").removesuffix(".n_clicks")
            pair = examples[int(number)][1:]
            return result(read(*pair), facts), *pair
        pair = [value or "" for value in values[-2:]]
        return result(read(*pair), facts), no_update, no_update

    return app


def lecture_address() -> str:
    """Where lecture 16 is published: ``_config.yml`` holds the repository's address."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    owner, name = config["repository"]["url"].rstrip("/").removesuffix(".git").split("/")[-2:]
    return f"https://{owner}.github.io/{name}/lectures/16-siamese-quora.html"


# --- The page ------------------------------------------------------------------------------------


def layout(facts: dict[str, Any], examples: Sequence[Sequence[str]], shown: list) -> html.Div:
    """The whole page, with the answer to its first example on it."""
    lecture = html.A("lecture 16", href=lecture_address(), rel="noreferrer")
    head = [html.H1(TITLE), html.P(["The network of ", lecture, " reads both and answers."])]
    go = [html.Button("Compare", id="compare"), html.A("or try an example", href="#examples")]
    ask = html.Div(
        [field(1, examples[0][1]), field(2, examples[0][2]), html.Div(go, className="go")],
        className="ask",
        role="form",
        id="ask",
        **{"aria-label": "Two questions"},
    )
    to_try = [
        html.H2("Examples", id="examples"),
        html.P("From the test pairs, which it has not learned from; only the last is the class's."),
        *example_list(examples),
    ]
    main = [
        html.P(world(facts), className="world"),
        ask,
        html.P(id="trouble", role="alert", hidden=True),
        html.Div(shown, id="result"),
        html.Section(to_try, className="examples"),
        html.Section([html.H2("What it was trained on"), about(facts)], className="about"),
    ]
    logo = html.Img(src="/icon.svg", alt="", width=56, height=56)
    return html.Div([html.Header([logo, html.Div(head)]), html.Main(main)], className="page")


def field(number: int, value: str) -> html.Div:
    """A labelled text field."""
    name = f"question-{number}"
    label = html.Label(f"{('First', 'Second')[number - 1]} question", htmlFor=name)
    looks = {"type": "text", "autoComplete": "off", "spellCheck": "true"}
    entry = dcc.Input(id=name, value=value, maxLength=MOST_CHARACTERS, **looks)
    return html.Div([label, entry], className="field")


def world(facts: dict[str, Any]) -> str:
    """What the network has seen, in two sentences."""
    pairs = f"{facts['num_train']:,} of {facts['num_pairs']:,}"
    if facts["tier"] == "sample":
        learned = (
            f"It has learned from {pairs} made-up pairs of questions about {facts['num_intents']} "
            "intents, such as when to visit a city or what a nurse earns, and not from Quora's."
        )
    else:
        learned = f"It has learned from {pairs} pairs of questions: {origin(facts)[1]}."
    return f"{learned} What it says about anything else is noise."


def origin(facts: dict[str, Any]) -> tuple[str, str]:
    """The tier and the source of the pairs; of a folder no more than the name of the file."""
    if facts["tier"] in ("sample", "full"):
        return facts["tier"], facts["source"]
    return "folder", Path(facts["source"]).name


def example_list(examples: Sequence[Sequence[str]]) -> list:
    """A button for each example, under headings that say what kind it is."""
    parts, last = [], None
    for number, (kind, *pair) in enumerate(examples):
        if kind != last:
            parts.append(html.H3(KINDS[kind]))
        lines = [html.Span(question, dir="auto") for question in pair]
        parts.append(html.Button(lines, id=f"example-{number}", className="example"))
        last = kind
    return parts


def about(facts: dict[str, Any]) -> html.Dl:
    """What is known of the network, as a list of terms."""
    num_validation = facts["num_pairs"] - facts["num_train"] - facts["num_test"]
    tier, source = origin(facts)
    low, high = (percent(facts[end], 1) for end in ("low", "high"))
    rows = {
        "Pairs": f"{facts['num_pairs']:,} ({tier}: {source}); "
        f"{facts['num_train']:,} to learn from, {num_validation:,} to choose the epoch and the "
        f"cut, {facts['num_test']:,} for the test. No question stands in two of these parts.",
        "Words": f"It knows {facts['num_words']:,} words. All others are one and the same unknown "
        f"word to it, and of a long question it reads the last {NUM_TOKENS} words.",
        "Accuracy": f"At the cut it is right on {percent(facts['accuracy'], 1)} of the test pairs "
        f"({percent(0.95)} interval: {low} to {high}). Always saying “not the same” is right on "
        f"{percent(facts['majority'], 1)}.",
        "Mistakes": f"Of the test pairs that it calls “the same”, {percent(facts['precision'])} "
        f"are; of the true duplicates it finds {percent(facts['recall'])}.",
        "Cut": f"{facts['cut']:.2f}. From there on, a pair was rather a duplicate than not among "
        "the validation pairs, which is right if both mistakes cost the same. A site that fears "
        "wrong merges would choose a higher one.",
        "Network": f"An embedding and an LSTM of {SIZE} units read each question, with the same "
        "weights for both. The answer is exp(−d): d is how far apart the two last states are, "
        "summed over the units.",
    }
    terms = [[html.Dt(name), html.Dd(text)] for name, text in rows.items()]
    return html.Dl(sum(terms, []))


def percent(share: float, digits: int = 0) -> str:
    """A share in per cent, with a blank that does not break."""
    return f"{100 * share:.{digits}f}\N{NO-BREAK SPACE}%"


# --- The answer ----------------------------------------------------------------------------------


def result(reading: Reading, facts: dict[str, Any]) -> list:
    """Verdict, warnings, and explanation where there is something to explain."""
    kind = judge(reading, facts["cut"])
    parts = [verdict(reading, kind, facts)]
    if kind in ("same", "different"):
        parts += [word_by_word(reading), side_by_side(reading)]
    return parts


def verdict(reading: Reading, kind: str, facts: dict[str, Any]) -> html.Section:
    """The verdict in words, the probability beside the cut, and what to be wary of."""
    sign, head, close_head = HEADS[kind]
    told: list = []
    if kind in ("same", "different"):
        if is_close(reading, facts):
            head = close_head
        elif is_in_the_dark(reading):
            head = head.replace("Probably", "Perhaps")
        told = [bar(reading.probability, facts["cut"]), html.P(numbers(reading, facts))]
    else:
        told = [html.P(why_not(reading, kind))]
    told += [html.P(note, className="note") for note in notes(reading, kind)]
    shown = html.Div(sign, className="sign", **{"aria-hidden": "true"})
    parts = [shown, html.Div([html.H2(head), *told])]
    return html.Section(parts, className=f"verdict {kind}", role="status")


def bar(probability: float, cut: float) -> html.Div:
    """The probability on a line from 0 to 1, with the cut on it."""
    fill = html.Div(className="fill", style={"width": f"{100 * probability:.1f}%"})
    mark = html.Span(f"cut {cut:.2f}")
    at_cut = html.Div(mark, className="cut", style={"left": f"{100 * cut:.1f}%"})
    return html.Div([fill, at_cut], className="bar", **{"aria-hidden": "true"})


def numbers(reading: Reading, facts: dict[str, Any]) -> list:
    """The sentence with the probability, and what became of test pairs with such an answer."""
    told: list = [
        "The network's answer is ",
        html.B(f"{reading.probability:.2f}"),
        f"; from {facts['cut']:.2f} on it counts as “the same”.",
    ]
    if not is_in_the_dark(reading):
        duplicates, looked_at = closest_share(facts["answers"], reading.probability)
        told.append(
            f" Of the {looked_at} test pairs with the closest answers, {duplicates} "
            f"{'was a duplicate' if duplicates == 1 else 'were duplicates'}."
        )
    return told


def why_not(reading: Reading, kind: str) -> str:
    """Why there is no verdict."""
    names = ("first", "second")
    if kind == "empty":
        empty = [f"the {n}" for n, count in zip(names, reading.lengths, strict=True) if not count]
        return f"There is no word in {empty[0] if len(empty) == 1 else 'either'} question."
    blind = [f"the {n}" for n, known in zip(names, reading.known, strict=True) if not any(known)]
    if blind:
        which = blind[0] if len(blind) == 1 else "either"
        return f"The network knows no word of {which} question."
    return (
        "The two questions differ only in words that the network does not know. It reads them all "
        "as one and the same word, so both look equal to it."
    )


def notes(reading: Reading, kind: str) -> list:
    """What to be wary of, each as the children of a paragraph."""
    told: list = []
    unknown = unknown_words(reading)
    if unknown:
        named = [html.Bdi(f"“{shortened(word)}”") for word in unknown[:MOST_NAMED]]
        told.append(["It does not know ", *[part for one in named for part in (one, ", ")][:-1]])
        if len(unknown) > MOST_NAMED:
            told[-1].append(f" and {len(unknown) - MOST_NAMED} more")
        told[-1].append(". All unknown words are one and the same word to it.")
        if kind in ("same", "different") and is_in_the_dark(reading):
            told[-1].append(" So mistrust the answer.")
    for name, length in zip(("first", "second"), reading.lengths, strict=True):
        if length > NUM_TOKENS:
            told.append(
                f"The {name} question has {length:,} words; only the last {NUM_TOKENS} are read."
            )
    if reading.words[0] == reading.words[1] and all(reading.lengths):
        told.append("Both read alike, word for word: the answer is 1 whatever it has learned.")
    return told


def is_close(reading: Reading, facts: dict[str, Any]) -> bool:
    """Whether the answer is near the cut, or what became of such answers is near a coin."""
    if abs(reading.probability - facts["cut"]) < CLOSE:
        return True
    duplicates, looked_at = closest_share(facts["answers"], reading.probability)
    near_a_coin = abs(duplicates / max(looked_at, 1) - 0.5) < NEAR_A_COIN
    return near_a_coin and not is_in_the_dark(reading)


def is_in_the_dark(reading: Reading) -> bool:
    """Whether one question has many unknown words, or each has some and not the same ones."""
    first, second = (
        {word for word, known in zip(*one, strict=True) if not known}
        for one in zip(reading.words, reading.known, strict=True)
    )
    return unknown_share(reading) >= WARN_FROM or bool(first and second and first != second)


def shortened(word: str) -> str:
    """A word, cut where it is very long."""
    return word if len(word) <= MOST_SHOWN else f"{word[: MOST_SHOWN - 1]}…"


# --- The explanation -----------------------------------------------------------------------------


def word_by_word(reading: Reading) -> html.Section:
    """What leaving out each word does to the answer."""
    parts: list = []
    for name, words, known, without in zip(
        ("First", "Second"), reading.words, reading.known, reading.without, strict=True
    ):
        changes = reading.probability - without
        items = [
            chip(*one, reading.probability - change)
            for *one, change in zip(words, known, changes, changes, strict=True)
        ]
        parts += [html.H3(f"{name} question"), html.Ol(items, className="words")]
    key = [
        "Under each word: the answer with it less the answer without it. ",
        html.Span("Orange", className="key up s7"),
        " words make the two more alike to the network, ",
        html.Span("blue", className="key down s7"),
        " ones less.",
    ]
    warning = (
        "This tells what the network does with a word, not what the word means. The numbers need "
        "not add up to the answer: words work together, and a question without one of them may be "
        "unlike any that it has learned from."
    )
    return explanation("What each word does", key, parts, warning)


def explanation(title: str, key: list, parts: list, warning: str) -> html.Section:
    """A section of the explanation: how to read it, its parts, what not to read into it."""
    small = html.P(warning, className="small")
    return html.Section([html.H2(title), html.P(key), *parts, small], className="explain")


def chip(word: str, known: bool, change: float, without: float) -> html.Li:
    """One word with what it does to the answer."""
    share = min(1.0, abs(change) / FULL_COLOUR)
    text = f"{change:+.2f}".replace("-", "−")
    text = "0.00" if text in ("+0.00", "−0.00") else text
    way = "up" if change > 0 else "down"
    parts = [
        html.Span(shortened(word), dir="auto", className="word" if known else "word unknown"),
        html.Span(" (unknown)" if not known else "", className="hidden"),
        html.Span(text, className="number", title=f"without it: {without:.2f}"),
    ]
    return html.Li(parts, className=f"{way} s{round(10 * share)}")


def side_by_side(reading: Reading) -> html.Section:
    """How alike the two states are after each pair of words."""
    first, second = ([shortened(word) for word in words] for words in reading.words)
    head = [html.Td(), *[html.Th(html.Span(w, dir="auto"), scope="col") for w in second]]
    rows = [
        html.Tr([html.Th(word, scope="row", dir="auto"), *map(cell, likeness)])
        for word, likeness in zip(first, reading.alike, strict=True)
    ]
    rows[-1].children[-1].className += " answer"
    key = [
        "The LSTM reads from left to right. A row is the first question up to that word, a column "
        "the second: in the cell stands, in per cent, how alike the two states are there. ",
        html.B("The last cell is the answer."),
    ]
    table = html.Div(
        html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)]),
        className="scroll",
        tabIndex=0,
        role="region",
        **{"aria-label": "Table of similarities; scrolls sideways"},
    )
    warning = (
        "A state holds what the network has kept of all words so far. So a cell with much colour "
        "does not say that its two words mean the same."
    )
    return explanation("How alike the two readings are, word by word", key, [table], warning)


def cell(likeness: float) -> html.Td:
    """One cell of the table: per cent, on a ground that has the more colour the more alike."""
    return html.Td(f"{100 * likeness:.0f}", className=f"s{round(10 * likeness)}")
