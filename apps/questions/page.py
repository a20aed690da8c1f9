"""The page: one answer from the best model, the other one's beside it, why, and a search.

The HTML is ``assets/page.html``, a Jinja template that escapes whatever is put into it: texts of a
person and of the data are shown as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from apps.questions.learning import COSTS, threshold
from apps.questions.models import MOST_READ, NETWORK, WORDS, Answer, Learned, words_of

ROOT, ASSETS = Path(__file__).resolve().parents[2], Path(__file__).with_name("assets")
TITLE = "Do these two questions ask the same thing?"
CLASS_PAIR = ["What does a LSTM do?", "How does a LSTM work?"]
MOST_CHARACTERS = 500  #: that the fields take; a longer question is read all the same
MOST_SHOWN = 24  #: letters of a word
CLOSE = 1.5  #: a call is close unless the other choice costs more than so many times as much
CLOSEST = 100  #: test pairs to look at
HEADS = {
    "same": ("=", "Probably the same question", "A close call: rather the same"),
    "different": ("≠", "Probably not the same question", "A close call: rather not the same"),
    "equal": ("=", "The same question, word for word", ""),
    "unknown": ("?", "I cannot say", ""),
    "empty": ("…", "Two questions, please", ""),
}
KINDS = {
    "same": "The same, in other words",
    "different": "Not the same, in much the same words",
    "missed": "A mistake: the same, but it does not see it",
    "mistaken": "A mistake: not the same, but it thinks so",
    "class": "The class's own pair",
}


@cache
def template() -> Template:
    """The template with what it uses, read once; all that it writes is escaped."""
    files = FileSystemLoader(ASSETS)
    jinja = Environment(loader=files, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    jinja.filters |= {"shortened": shortened, "percent": percent, "signed": signed}
    return jinja.get_template("page.html")


def show(found: Learned, query: Mapping[str, str]) -> str:
    """Return the HTML of the page.

    Parameters
    ----------
    found : Learned
        What answers.
    query : mapping
        What the page's forms and links send, all of it as text, each part if it is there: ``q1``
        and ``q2`` to compare, ``cost``, and ``search``, a text to look for. Without a question the
        page shows its first example.
    """
    facts = found.facts
    examples = [*facts["examples"], ["class", *CLASS_PAIR]]
    pair = [clean(query.get(name, "")) for name in ("q1", "q2")]
    if not {"q1", "q2"} & query.keys():
        pair = examples[0][1:]
    cost = int(query["cost"]) if query.get("cost") in map(str, COSTS) else COSTS[0]
    searched = clean(query.get("search", ""))
    answer = found.compare(*pair)
    p = answer.outputs[facts["best"]]
    kind = judge(answer, p, threshold(cost))
    return template().render(
        title=TITLE,
        lecture=lecture_address(),
        facts=facts,
        best=facts["best"],
        other=next(name for name in (WORDS, NETWORK) if name != facts["best"]),
        pair=pair,
        most_characters=MOST_CHARACTERS,
        costs=COSTS,
        cost=cost,
        threshold=threshold(cost),
        at=facts["at"][cost - COSTS[0]],
        kind=kind,
        sign=HEADS[kind][0],
        head=headline(kind, p, cost),
        told=kind in ("same", "different"),
        closest=closest(found.arrays["closest"], p),
        answer=answer,
        unknown=list(dict.fromkeys(sum(answer.unknown, []))),
        most_read=MOST_READ,
        searched=searched,
        nearest=found.search(searched) if words_of(searched) else [],
        asked="search" in query,
        num_known=len(found.questions),
        examples=[(KINDS[name], *texts) for name, *texts in examples],
    )


def judge(answer: Answer, p: float, cut: float) -> str:
    """Judge what may be said.

    Returns
    -------
    str
        ``"empty"`` if a question has no word, ``"equal"`` if both have the same words in the same
        order, ``"unknown"`` if one has no word that was seen in training; else ``"same"`` from the
        threshold on, ``"different"`` below it.
    """
    if not all(answer.words):
        return "empty"
    if answer.words[0] == answer.words[1]:
        return "equal"
    if any(set(words) == set(new) for words, new in zip(answer.words, answer.unknown, strict=True)):
        return "unknown"
    return "same" if p >= cut else "different"


def headline(kind: str, p: float, cost: int) -> str:
    """The answer in words; a call is close where the other choice would cost little more."""
    _, head, close_head = HEADS[kind]
    of_merge, of_none = cost * (1 - p), p
    chosen, other = (of_merge, of_none) if kind == "same" else (of_none, of_merge)
    return close_head if close_head and other <= CLOSE * chosen else head


def closest(known: np.ndarray, p: float) -> tuple[int, int]:
    """Of the test pairs with the closest outputs: how many are duplicates, how many there are."""
    some = np.argsort(np.abs(known[:, 0] - p), kind="stable")[:CLOSEST]
    return int(known[some, 1].sum()), len(some)


@cache
def lecture_address() -> str:
    """Where the Siamese lecture is published: ``_config.yml`` holds the repository's address."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    owner, name = config["repository"]["url"].rstrip("/").removesuffix(".git").split("/")[-2:]
    return f"https://{owner}.github.io/{name}/lectures/siamese-quora.html"


def clean(text: str) -> str:
    """A text without halves of pairs, which UTF-8 cannot write."""
    return text.encode("utf-8", "replace").decode("utf-8")


def shortened(word: str) -> str:
    """A word, cut where it is very long."""
    return word if len(word) <= MOST_SHOWN else f"{word[: MOST_SHOWN - 1]}…"


def percent(share: float, digits: int = 1) -> str:
    """A share in per cent, with a blank that does not break."""
    return f"{100 * share:.{digits}f}\N{NO-BREAK SPACE}%"


def signed(x: float) -> str:
    """A number with its sign, unless it rounds to nought."""
    return f"{x:+.2f}".replace("-", "−") if abs(x) >= 0.005 else "0.00"
