"""The page: two questions in, a verdict at a cost that the reader moves; and a search.

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
    MOST_FOUND,
    Found,
    Reading,
    closest_share,
    judge,
    unknown_share,
    unknown_words,
)
from apps.questions.training import COSTS, SIZE, cut_at
from helpers.siamese import NUM_TOKENS

ROOT = Path(__file__).resolve().parents[2]
TITLE = "Are these two questions the same?"
MOST_CHARACTERS = 500  #: that the fields take; a longer question is read all the same
MOST_NAMED, MOST_SHOWN = 6, 24  #: unknown words that are named; characters shown of a word
FULL_COLOUR = 0.3  #: a word that changes the answer so much has the full colour
WARN_FROM = 0.2  #: share of unknown words from which the answer is to be mistrusted
CHOICES = {"cost": set(map(str, COSTS))}  #: what a control may send
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


def make_app(
    facts: dict[str, Any],
    read: Callable[[str, str], Reading],
    search: Callable[[str], Found],
    num_known: int,
) -> Dash:
    """Make the Dash app, which a server can serve as ``app.server``.

    Parameters
    ----------
    facts : dict
        What the page tells about the network, from `apps.questions.training.measure`.
    read, search : callable
        From `apps.questions.reading.make_reader` and `make_search`.
    num_known : int
        How many questions are searched.
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
        description="The course's Siamese network compares two questions of yours.",
    )
    last = "outside" if facts["tier"] == "sample" else "class"
    examples = [*facts["examples"], [last, *CLASS_PAIR]]
    first = examples[0][1:]
    app.layout = layout(facts, examples, result(read(*first), facts, COSTS[0]), num_known)
    places = range(MOST_FOUND)

    @app.callback(
        Output("result", "children"),
        Output("at-cost", "children"),
        Output("explained", "children"),
        Output("question-1", "value"),
        Output("question-2", "value"),
        Input("compare", "n_clicks"),
        Input("question-1", "n_submit"),
        Input("question-2", "n_submit"),
        Input("cost", "value"),
        *[Input(f"example-{k}", "n_clicks") for k in range(len(examples))],
        *[Input(f"found-{k}", "n_clicks") for k in places],
        State("question-1", "value"),
        State("question-2", "value"),
        State("searched", "data"),
        prevent_initial_call=True,
    )
    def compare(*values: Any) -> tuple:
        """Answer to the questions in the fields, or put a pair there and answer to it."""
        who = ctx.triggered[-1]["prop_id"]  # the last of several that were clicked in haste
        name, _, number = who.partition(".")[0].rpartition("-")
        *pair, searched = [value or "" for value in values[-3:]]
        chosen = None
        if name == "example":
            chosen = examples[int(number)][1:]
        elif name == "found" and int(number) < len(nearest := search(searched).nearest):
            chosen = [searched, nearest[int(number)][1]]
        answer = result(read(*(chosen or pair)), facts, int(values[3]))
        return *answer, *(chosen or (no_update, no_update))

    @app.callback(
        Output("told", "children"),
        Output("searched", "data"),
        *[Output(f"found-{k}", "children") for k in places],
        *[Output(f"found-{k}", "hidden") for k in places],
        Input("search", "n_clicks"),
        Input("wanted", "n_submit"),
        State("wanted", "value"),
        prevent_initial_call=True,
    )
    def find(_: Any, __: Any, text: str | None) -> tuple:
        """Show the known questions that are nearest to a text."""
        found = search(text or "")
        lines = [found_line(*one) for one in found.nearest]
        empty = MOST_FOUND - len(lines)
        return (
            told_of_search(found),
            text or "",
            *lines,
            *[None] * empty,
            *[False] * len(lines),
            *[True] * empty,
        )

    return app


def lecture_address() -> str:
    """Where the Siamese lecture is published: ``_config.yml`` holds the repository's address."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    owner, name = config["repository"]["url"].rstrip("/").removesuffix(".git").split("/")[-2:]
    return f"https://{owner}.github.io/{name}/lectures/siamese-quora.html"


# --- The page ------------------------------------------------------------------------------------


def layout(
    facts: dict[str, Any],
    examples: Sequence[Sequence[str]],
    shown: Sequence[Any],
    num_known: int,
) -> html.Div:
    """The whole page, with the answer to its first example on it."""
    lecture = html.A("this lecture", href=lecture_address(), rel="noreferrer")
    head = [html.H1(TITLE), html.P(["The network of ", lecture, " reads both and answers."])]
    go = [html.Button("Compare", id="compare"), html.A("or try an example", href="#examples")]
    ask = html.Div(
        [
            field("question-1", "First question", examples[0][1]),
            field("question-2", "Second question", examples[0][2]),
            html.Div(go, className="go"),
        ],
        className="ask",
        role="form",
        id="ask",
        **{"aria-label": "Two questions"},
    )
    verdict, at_cost, explained = shown
    to_try = [
        html.H2("Examples", id="examples"),
        html.P("From the test pairs, which it has not learned from; only the last is the class's."),
        *example_list(examples),
    ]
    main = [
        html.P(world(facts), className="world"),
        ask,
        html.P(id="trouble", role="alert", hidden=True),
        html.Div(
            [
                html.Div(verdict, id="result"),
                costs(at_cost),
                html.Details(
                    [
                        html.Summary("Why? Word by word", id="why"),
                        html.Div(explained, id="explained"),
                    ]
                ),
            ],
            className="answers",
        ),
        searching(facts, num_known),
        html.Section(to_try, className="examples"),
        html.Section([html.H2("What it was trained on"), about(facts)], className="about"),
    ]
    logo = html.Img(src="/icon.svg", alt="", width=56, height=56)
    return html.Div([html.Header([logo, html.Div(head)]), html.Main(main)], className="page")


def costs(told: list) -> html.Div:
    """The slider for what a wrong merge costs, and what the cut that follows does."""
    name = "A wrong merge costs as much as how many missed duplicates?"
    low, high = str(COSTS[0]), str(COSTS[-1])
    slider = dcc.Input(id="cost", type="range", min=low, max=high, step=1, value=low)
    ends = [html.Span(end, **{"aria-hidden": "true"}) for end in (low, high)]
    line = html.Div([ends[0], slider, ends[1]], className="line")
    parts = [html.Label(name, htmlFor="cost"), line, html.P(told, id="at-cost")]
    return html.Div(parts, className="costs")


def searching(facts: dict[str, Any], num_known: int) -> html.Section:
    """The search among all known questions; five buttons wait for what is found."""
    note = (
        "These are similarities, not probabilities. The network has learned from pairs of which "
        f"{percent(facts['share'])} were duplicates; among all known questions hardly one is. So "
        "the nearest may well ask for something else, and in the lecture a mere count of words "
        "finds more duplicates."
    )
    label = f"Find the nearest of all {num_known:,} known questions to"
    return html.Section(
        [
            html.H2("Search"),
            field("wanted", label, "", "search"),
            html.Div(html.Button("Search", id="search"), className="go"),
            html.Div(id="told", **{"aria-live": "polite"}),
            *[
                html.Button(id=f"found-{k}", className="example", hidden=True)
                for k in range(MOST_FOUND)
            ],
            html.P(note, className="small"),
            dcc.Store(id="searched"),
        ],
        className="search",
        role="search",
        **{"aria-label": "Known questions"},
    )


def found_line(alike: float, question: str) -> list:
    """What stands on the button of a question that was found."""
    number = html.Span(f"similarity {alike:.2f}", className="number")
    return [html.Span(question, dir="auto"), number]


def told_of_search(found: Found) -> list:
    """What is said above the questions that were found."""
    if not found.length:
        return [html.P("Type a question first: there is no word in the field.")]
    unknown = list(
        dict.fromkeys(w for w, known in zip(found.words, found.known, strict=True) if not known)
    )
    told = []
    if found.nearest:
        told.append(html.P("The nearest ones; choose one to compare it with yours."))
    else:
        told.append(html.P("The network knows no word of it, so it cannot search."))
    if unknown:
        told.append(html.P(note_on_unknown(unknown), className="note"))
    if found.length > NUM_TOKENS:
        text = f"It has {found.length:,} words; only the last {NUM_TOKENS} are read."
        told.append(html.P(text, className="note"))
    return told


def field(name: str, label: str, value: str, kind: str = "text") -> html.Div:
    """A labelled text field."""
    looks = {"type": kind, "autoComplete": "off", "spellCheck": "true"}
    entry = dcc.Input(id=name, value=value, maxLength=MOST_CHARACTERS, **looks)
    return html.Div([html.Label(label, htmlFor=name), entry], className="field")


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
    tier, source = origin(facts)
    low, high = (percent(facts[end], 1) for end in ("low", "high"))
    slope, shift = facts["line"]
    sign = "minus" if shift < 0 else "plus"
    refused = f" {facts['num_refused']:,} pairs that it cannot judge count as “not the same”."
    refused = refused if facts["num_refused"] else ""
    rows = {
        "Pairs": f"{facts['num_pairs']:,} ({tier}: {source}); {facts['num_train']:,} to learn "
        f"from, {facts['num_validation']:,} to choose the epoch and to calibrate, "
        f"{facts['num_test']:,} for the test. No question stands in two of these parts.",
        "Words": f"It knows {facts['num_words']:,} words. All others are one and the same unknown "
        f"word to it, and of a long question it reads the last {NUM_TOKENS} words.",
        "Accuracy": f"If both mistakes cost the same, it is right on "
        f"{percent(facts['accuracy'], 1)} of the test pairs ({percent(0.95)} interval: {low} to "
        f"{high}). Always saying “not the same” is right on {percent(facts['majority'], 1)}."
        f"{refused}",
        "Network": f"An embedding and an LSTM of {SIZE} units read each question, with the same "
        "weights for both. Their similarity is exp(−d): d is how far apart the two last states "
        "are, summed over the units.",
        "Probability": f"Its log-odds are those of the similarity, times {slope:.2f} {sign} "
        f"{abs(shift):.2f}: numbers that make the validation pairs most likely. On the test pairs "
        f"they take the cross-entropy from {facts['loss_raw']:.3f} to {facts['loss']:.3f}.",
    }
    terms = [[html.Dt(name), html.Dd(text)] for name, text in rows.items()]
    return html.Dl(sum(terms, []))


def percent(share: float, digits: int = 0) -> str:
    """A share in per cent, with a blank that does not break."""
    return f"{100 * share:.{digits}f}\N{NO-BREAK SPACE}%"


# --- The answer ----------------------------------------------------------------------------------


def result(reading: Reading, facts: dict[str, Any], cost: int) -> tuple[list, list, list]:
    """The answer to two questions.

    Parameters
    ----------
    reading : Reading
        Of the two questions.
    facts : dict
        From `apps.questions.training.measure`.
    cost : int
        Of a wrong merge, one of `COSTS`.

    Returns
    -------
    (list, list, list)
        The verdict; what the cut at this cost is and does; the explanation.
    """
    kind = judge(reading, cut_at(cost))
    if kind in ("same", "different"):
        explained = [word_by_word(reading), side_by_side(reading)]
    else:
        explained = [html.P("Without a verdict there is nothing to explain.")]
    return [verdict(reading, kind, facts, cost)], told_of_cost(facts, cost), explained


def verdict(reading: Reading, kind: str, facts: dict[str, Any], cost: int) -> html.Section:
    """The verdict in words, the probability beside the cut, and what to be wary of."""
    sign, head, close_head = HEADS[kind]
    told: list = []
    if kind in ("same", "different"):
        if is_close(reading, facts, cost):
            head = close_head
        elif is_in_the_dark(reading):
            head = head.replace("Probably", "Perhaps")
        told = [bar(reading.probability, cut_at(cost)), html.P(numbers(reading, facts, cost))]
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


def numbers(reading: Reading, facts: dict[str, Any], cost: int) -> list:
    """The sentence with the probability, and what became of test pairs with such an answer."""
    told: list = [
        "That both ask the same has a probability of ",
        html.B(f"{reading.probability:.2f}"),
        f"; from {cut_at(cost):.2f} on it counts as “the same”.",
    ]
    if not is_in_the_dark(reading):
        duplicates, looked_at = closest_share(facts["answers"], reading.similarity)
        told.append(
            f" Of the {looked_at} test pairs with the closest answers, {duplicates} "
            f"{'was a duplicate' if duplicates == 1 else 'were duplicates'}."
        )
    return told


def told_of_cost(facts: dict[str, Any], cost: int) -> list:
    """Where the cut is at a cost, and what it does on the test pairs."""
    at = facts["at"][cost - COSTS[0]]
    as_much = "a missed duplicate" if cost == 1 else f"{cost} missed duplicates"
    if at["merged"]:
        found = (
            f"calls {at['merged']:,} “the same”: {percent(at['precision'])} of them are "
            f"(precision), and {percent(at['recall'])} of all duplicates are among them (recall)."
        )
    else:
        found = "calls none “the same”."
    return [
        f"If it costs as much as {as_much}, merge from a probability of ",
        html.B(f"{cost}/{cost + 1} = {cut_at(cost):.2f}"),
        f" on. Of the {facts['num_test']:,} test pairs this {found} A pair then costs "
        f"{at['paid']:.2f} missed duplicates on average; with no merge at all, "
        f"{at['paid_none']:.2f}.",
    ]


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
        told.append(note_on_unknown(unknown))
        if kind in ("same", "different") and is_in_the_dark(reading):
            told[-1].append(" So mistrust the answer.")
    for name, length in zip(("first", "second"), reading.lengths, strict=True):
        if length > NUM_TOKENS:
            told.append(
                f"The {name} question has {length:,} words; only the last {NUM_TOKENS} are read."
            )
    if reading.words[0] == reading.words[1] and all(reading.lengths):
        told.append("Both read alike, word for word: the similarity is 1 whatever it has learned.")
    return told


def note_on_unknown(unknown: Sequence[str]) -> list:
    """Which words the network does not know, and what that means."""
    named = [html.Bdi(f"“{shortened(word)}”") for word in unknown[:MOST_NAMED]]
    told = ["It does not know ", *[part for one in named for part in (one, ", ")][:-1]]
    if len(unknown) > MOST_NAMED:
        told.append(f" and {len(unknown) - MOST_NAMED} more")
    return [*told, ". All unknown words are one and the same word to it."]


def is_close(reading: Reading, facts: dict[str, Any], cost: int) -> bool:
    """Whether the other choice would cost little more, by the probability or by test pairs.

    At equal costs these are probabilities, and shares of duplicates among the test pairs with the
    closest answers, of 0.4 to 0.6.
    """
    shares = [reading.probability]
    if not is_in_the_dark(reading):
        duplicates, looked_at = closest_share(facts["answers"], reading.similarity)
        shares.append(duplicates / max(looked_at, 1))
    both = [(cost * (1 - share), share) for share in shares]  # of a merge, and of none
    if reading.probability < cut_at(cost):
        both = [one[::-1] for one in both]
    return any(other <= CLOSE * chosen for chosen, other in both)


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
        "Under each word: the probability with it less the probability without it. ",
        html.Span("Orange", className="key up s7"),
        " words make the two more alike to the network, ",
        html.Span("blue", className="key down s7"),
        " ones less.",
    ]
    warning = (
        "This tells what the network does with a word, not what the word means. The numbers need "
        "not add up to the probability: words work together, and a question without one of them "
        "may be unlike any that it has learned from."
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
        html.B("The last cell is the similarity that the probability comes from."),
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
