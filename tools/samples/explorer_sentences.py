"""Short sentences about restaurants, made by a seeded generator, to train the explorer's network.

No free collection of short restaurant reviews is known to us, so the network of the explorer
learns the words of dining, negation and contrast from these sentences. They are built from the
lists of explorer_phrases.txt, which are the course's own. A label follows three rules:

- a negation turns a judgement around ("not bad" is praise, "not fresh" is blame),
- after "but" the second half counts, and so it does after "although ...,",
- several sentences in a row have the same label.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

PHRASES = Path(__file__).with_name("explorer_phrases.txt")


def read_phrases(path: Path = PHRASES) -> dict[str, list[str]]:
    """Read the lists: the lines under each heading in brackets, in their order."""
    lists: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            entries = lists.setdefault(heading[1], [])
        elif line and not line.startswith("#"):
            entries.append(line)
    return lists


LISTS = read_phrases()
DEGREES = ["", "", "", "very ", "so ", "really ", "absolutely ", "extremely ", "just ", "truly "]
LITTLE = ["", "", "all ", "simply ", "quite ", "always ", "pretty "]
JOINTS = [", ", ". ", "! ", " and ", ". ", "... ", ", "]
SLOT = re.compile(r"\{(\w+)\}")
SLOTS = {
    "food": LISTS["FOODS"],
    "foods": LISTS["FOODS_MANY"],
    "staff": LISTS["STAFF"],
    "place": LISTS["PLACES"],
    "visit": LISTS["VISITS"],
    "goodfood": LISTS["FOOD_GOOD"],
    "badfood": LISTS["FOOD_BAD"],
    "goodstaff": LISTS["STAFF_GOOD"],
    "badstaff": LISTS["STAFF_BAD"],
    "goodplace": LISTS["PLACE_GOOD"],
    "badplace": LISTS["PLACE_BAD"],
    "goodvisit": LISTS["VISIT_GOOD"],
    "badvisit": LISTS["VISIT_BAD"],
    "goodprice": LISTS["PRICE_GOOD"],
    "badprice": LISTS["PRICE_BAD"],
    "goodfeel": LISTS["FEEL_GOOD"],
    "badfeel": LISTS["FEEL_BAD"],
    "goodnoun": LISTS["NOUN_GOOD"],
    "badnoun": LISTS["NOUN_BAD"],
    "high": LISTS["HIGH"],
    "low": LISTS["LOW"],
    "short": LISTS["SHORT"],
    "long": LISTS["LONG"],
}


class Generator:
    """Makes labelled sentences; the same seed makes the same sentences.

    Parameters
    ----------
    seed : int
        Of NumPy's generator.
    """

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def make(self, count: int) -> list[tuple[str, int]]:
        """Return texts and labels (1 praise, 0 blame), as many of one as of the other."""
        return [(self._text(bool(number % 2)), number % 2) for number in range(count)]

    def _pick(self, entries: list[str]) -> str:
        return entries[self._rng.integers(len(entries))]

    def _chance(self, probability: float) -> bool:
        return self._rng.random() < probability

    def _filled(self, pattern: str) -> str:
        return SLOT.sub(lambda slot: self._pick(SLOTS[slot[1]]), pattern)

    def _text(self, good: bool) -> str:
        sentences = [self._sentence(good)]
        while len(sentences) < 4 and self._chance(0.35):
            sentences.append(self._sentence(good))
        return "".join(
            sentence + (self._pick(JOINTS) if number < len(sentences) - 1 else "")
            for number, sentence in enumerate(sentences)
        )

    def _sentence(self, good: bool) -> str:
        kinds: list[tuple[float, Callable[[bool], str]]] = [
            (0.20, self._idiom),
            (0.18, self._negated_idiom),
            (0.22, self._turn),
            (0.20, self._judgement),
            (0.11, self._negated_judgement),
            (0.06, self._noun_phrase),
            (0.15, self._contrast),
        ]
        shares = np.array([share for share, _ in kinds])
        return kinds[self._rng.choice(len(kinds), p=shares / shares.sum())][1](good)

    def _idiom(self, good: bool) -> str:
        return self._filled(self._pick(LISTS["PRAISE"] if good else LISTS["BLAME"]))

    def _negated_idiom(self, good: bool) -> str:
        return self._filled(self._pick(LISTS["NEGATED_PRAISE"] if good else LISTS["NEGATED_BLAME"]))

    def _turn(self, good: bool) -> str:
        return self._filled(self._pick(LISTS["TURNS_GOOD"] if good else LISTS["TURNS_BAD"]))

    def _subject(self, good: bool) -> tuple[str, str, str]:
        """A subject, its verb and something that `good` says of it."""
        verb = self._pick(["was", "was", "is"])
        kind = self._rng.integers(12)
        start = self._pick(["the ", "the ", "our ", "their ", "my "])
        if kind < 4:
            return (
                start + self._pick(LISTS["FOODS"]),
                verb,
                self._pick(LISTS["FOOD_GOOD"] if good else LISTS["FOOD_BAD"]),
            )
        if kind < 6:
            verb = {"was": "were", "is": "are"}[verb]
            return (
                start + self._pick(LISTS["FOODS_MANY"]),
                verb,
                self._pick(LISTS["FOOD_GOOD"] if good else LISTS["FOOD_BAD"]),
            )
        if kind < 8:
            start = self._pick(["the ", "our ", "the "])
            return (
                start + self._pick(LISTS["STAFF"]),
                verb,
                self._pick(LISTS["STAFF_GOOD"] if good else LISTS["STAFF_BAD"]),
            )
        if kind < 10:
            return (
                self._pick(["the ", "this "]) + self._pick(LISTS["PLACES"]),
                verb,
                self._pick(LISTS["PLACE_GOOD"] if good else LISTS["PLACE_BAD"]),
            )
        if kind == 10:
            return (
                "the prices",
                "are",
                self._pick(LISTS["PRICE_GOOD"] if good else LISTS["PRICE_BAD"]),
            )
        subject = self._pick(
            ["it", "everything", "this", "that", "our " + self._pick(LISTS["VISITS"])]
        )
        return subject, verb, self._pick(LISTS["VISIT_GOOD"] if good else LISTS["VISIT_BAD"])

    def _judgement(self, good: bool) -> str:
        subject, verb, value = self._subject(good)
        if self._chance(0.2):
            _, _, more = self._subject(good)
            value = f"{value} and {more}"
        return f"{subject} {verb} {self._pick(DEGREES)}{value}"

    def _negated_judgement(self, good: bool) -> str:
        subject, verb, value = self._subject(not good)
        patterns = ["{s} {v} not {x}", "{s} {v} not {x} at all", "{s} {v}n't {x}", "not {x}"]
        patterns += ["{s} {v} never {x}", "{s} {v} not {a}{x}", "{s} {v} far from {x}"]
        if self._chance(0.25):  # two of them, so that the first does not give the end away
            first = f"{subject} {verb} not {value}"
            subject, verb, value = self._subject(not good)
            return f"{first} and {subject} {verb} not {value}"
        if self._chance(0.25):
            _, _, more = self._subject(good)
            return f"{subject} {verb} not {value} but {more}"
        pattern = self._pick(patterns)
        return pattern.format(s=subject, v=verb, x=value, a=self._pick(LITTLE))

    def _noun_phrase(self, good: bool) -> str:
        parts = []
        for _ in range(1 + self._rng.integers(3)):
            kind = self._rng.integers(4)
            values, names = [
                (LISTS["FOOD_GOOD"] if good else LISTS["FOOD_BAD"], LISTS["FOODS"]),
                (LISTS["FOOD_GOOD"] if good else LISTS["FOOD_BAD"], LISTS["FOODS_MANY"]),
                (LISTS["STAFF_GOOD"] if good else LISTS["STAFF_BAD"], LISTS["STAFF"]),
                (LISTS["PLACE_GOOD"] if good else LISTS["PLACE_BAD"], LISTS["PLACES"]),
            ][kind]
            parts.append(f"{self._pick(values)} {self._pick(names)}")
        return self._pick([", ", " and ", ", "]).join(parts)

    def _plain(self, good: bool) -> str:
        return [
            self._judgement,
            self._judgement,
            self._idiom,
            self._negated_idiom,
            self._turn,
        ][self._rng.integers(5)](good)

    def _contrast(self, good: bool) -> str:
        mild = LISTS["MILD_GOOD"] if good else LISTS["MILD_BAD"]
        first = self._pick(mild) if self._chance(0.5) else self._plain(not good)
        second = self._plain(good)
        if self._chance(0.3):
            second = f"{second} and {self._plain(good)}"
        pattern = self._pick(
            [
                "{a} but {b}",
                "{a} but {b}",
                "{a}, but {b}",
                "{a}. But {b}",
                "{a} yet {b}",
                "{a}, however {b}",
                "{a}. However, {b}",
                "although {a}, {b}",
                "even though {a}, {b}",
                "while {a}, {b}",
                "{b} even though {a}",
                "{b} although {a}",
                "{a}, still {b}",
                "{a}, yet {b}",
                "despite that {a}, {b}",
                "{a} at first, but then {b}",
                "yes, {a}. But {b}",
                "{a}. Unfortunately {b}" if not good else "{a}. Luckily {b}",
            ]
        )
        return pattern.format(a=first, b=second)
