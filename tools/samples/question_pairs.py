"""Make the sample of question pairs from the hand-written intents in ``question_intents.txt``.

``python -m tools.samples.make pairs`` calls it. Nothing is fetched. The same intents and seed
give the same bytes on every system: all chance comes from `random.Random.random`, whose sequence
Python guarantees.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from helpers.data import CourseDataError
from tools.samples.chance import Chance
from tools.samples.files import csv_text, packed

INTENTS_FILE = Path(__file__).with_name("question_intents.txt")
SEED = 20221226
NUM_PAIRS = 4_000
COLUMNS = ["question1", "question2", "label", "qid1", "qid2", "intent1", "intent2"]

#: How the second question of a pair comes from the first, and how many pairs in a hundred are so.
KINDS = {
    "same, other words": 25,  # the same intent about the same thing: these are the duplicates,
    "same, reworded": 10,  # in another phrasing, in this one in another manner,
    "same, turned": 5,  # or with the same words in another order
    "other thing": 12,  # the same phrasing about another thing
    "other thing, other words": 11,
    "neighbour": 18,  # a neighbouring intent about the same thing
    "neighbour, other thing": 12,
    "swapped": 7,  # from here to there, and from there to here
}
#: Other openings of a question that leave its meaning as it is; the first that fits is taken.
OPENINGS = (
    ("How do I ", "How can I "),
    ("How can I ", "How do I "),
    ("How does one ", "How do you "),
    ("What is the ", "What's the "),
    ("What is a ", "What would be a "),
    ("What are ", "What would be "),
    ("Which ", "Does anyone know which "),
    ("Can I ", "Do you think that I can "),
    ("Can one ", "Is it true that one can "),
    ("Should I ", "Do you think I should "),
    ("Is there ", "Is there perhaps "),
    ("Is it ", "Is it really "),
    ("Where can I ", "Where could I "),
    ("Where do I ", "Does anyone know where I can "),
    ("How many ", "I would like to know how many "),
    ("How much ", "How much, roughly, "),
    ("How long ", "How long, roughly, "),
    ("How often ", "Can anyone tell me how often "),
    ("When ", "Please tell me, when "),
    ("Why ", "Does anybody know why "),
)
#: What people write before or behind a question; it asks nothing.
EXTRAS = (
    ("A quick question: ", ""),
    ("For a friend: ", ""),
    ("Serious question: ", ""),
    ("Hello everybody, ", ""),
    ("", " Thanks!"),
    ("", " Any ideas?"),
    ("", " Please help me."),
    ("", " I am new to this."),
)
#: What changes places where a question is turned: "from here to there", "to there from here".
TURNS = re.compile(r"\b(from \{\w+\}) ((?:in)?to \{\w+\})|\b((?:in)?to \{\w+\}) (from \{\w+\})")
#: Chances of each question, whatever the label: another opening, something before or behind.
SHARE_OPENING, SHARE_EXTRA = 0.35, 0.3
SHARE_SAME_MANNER = 0.3  # chance that a pair of one phrasing that may have one manner has it
SHARE_CLOSE = 0.5  # chance that of three phrasings the one is taken that shares most words
SHARE_AGAIN = 0.15  # chance that a pair is tried with a question that stands in another one
SHARE_LOWER, SHARE_BARE, SHARE_TYPO = 0.08, 0.06, 0.05  # how people type


class Intent(NamedTuple):
    """One thing that somebody may want to know."""

    family: int  # intents of one family are neighbours: about the same subject
    name: str
    slot: str
    num_slots: int  # 2 for an ordered pair
    phrasings: tuple[str, ...]


class Question(NamedTuple):
    """One intent about one thing, in one phrasing and one manner."""

    intent: int
    phrasing: int
    filling: tuple[str, ...]
    opening: bool = False  # another one
    extra: int = -1  # which of `EXTRAS`; -1 for none
    turned: bool = False


def read_intents(text: str) -> tuple[dict[str, tuple[str, ...]], list[Intent]]:
    """Read the hand-written intents.

    Parameters
    ----------
    text : str
        What ``question_intents.txt`` holds; its first lines explain the form.

    Returns
    -------
    slots : dict
        What may stand in each slot.
    intents : list of Intent
        In the order of the text.

    Raises
    ------
    CourseDataError
        If a line is of another form or names an unknown slot; the message names the line.
    """
    slots: dict[str, tuple[str, ...]] = {}
    heads: list[tuple[int, str, str, int]] = []
    phrasings: list[list[str]] = []
    family, family_slots = -1, []
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if found := re.fullmatch(r"\{(\w+)\} = (.+)", line):
            slots[found[1]] = tuple(item.strip() for item in found[2].split(","))
        elif found := re.fullmatch(r"\[(.+)\] (.+)", line):
            family, family_slots = family + 1, re.findall(r"\{(\w+)\}", found[2])
            if not family_slots or family_slots[0] not in slots:
                raise _bad_line(number, line, "names no slot that is known")
        elif line.startswith("= ") and family_slots:
            heads.append((family, line[2:], family_slots[0], len(family_slots)))
            phrasings.append([])
        elif phrasings:
            wanted = {family_slots[0]} | ({"other"} if len(family_slots) == 2 else set())
            if set(re.findall(r"\{(\w+)\}", line)) != wanted:
                raise _bad_line(number, line, f"must hold {', '.join(sorted(wanted))}")
            phrasings[-1].append(line)
        else:
            raise _bad_line(number, line, "stands before any intent")
    pairs = zip(heads, phrasings, strict=True)
    return slots, [Intent(*head, tuple(lines)) for head, lines in pairs]


def _bad_line(number: int, line: str, what: str) -> CourseDataError:
    return CourseDataError(
        f"{INTENTS_FILE.name}, line {number}: {line!r} {what}.\nIts first lines explain the form."
    )


def make_pairs(
    slots: dict[str, tuple[str, ...]], intents: list[Intent], num_pairs: int, seed: int
) -> list[tuple[Question, Question]]:
    """Draw pairs of questions by chance, in the proportions of `KINDS`.

    No pair comes twice, in either order. Most questions stand in one pair, some in two.

    Raises
    ------
    CourseDataError
        If there are too few phrasings for so many pairs.
    """
    chance, times, seen, pairs = Chance(seed), Counter(), set(), []
    kinds, weights = list(KINDS), list(KINDS.values())
    kind, tries, drawn = kinds[chance.code(weights)], 0, []
    while len(pairs) < num_pairs:
        tries += 1
        if tries > 5_000:
            raise CourseDataError(
                f"Found {len(pairs)} of {num_pairs} pairs.\nWrite more phrasings, or ask for fewer."
            )
        again = drawn and chance.happens(SHARE_AGAIN)
        pair = _draw(chance, slots, intents, kind, chance.one_of(drawn) if again else None)
        if pair is None or frozenset(pair) in seen or any(times[one] > 1 for one in pair):
            continue
        if plain_text(intents, pair[0]) == plain_text(intents, pair[1]):
            continue
        seen.add(frozenset(pair))
        times.update(pair)
        drawn += pair
        pairs.append(pair if chance.happens(0.5) else pair[::-1])
        kind, tries = kinds[chance.code(weights)], 0
    return pairs


def _draw(
    chance: Chance,
    slots: dict[str, tuple[str, ...]],
    intents: list[Intent],
    kind: str,
    one: Question | None = None,
) -> tuple[Question, Question] | None:
    """Draw one pair of a kind, or nothing if chance has led to where there is none.

    The first question may be given; it is drawn if not.
    """
    at = one.intent if one else chance.below(len(intents))
    intent, values = intents[at], slots[intents[at].slot]
    filling = one.filling if one else tuple(chance.in_any_order(values)[: intent.num_slots])
    one = one or _in_some_manner(
        chance, intents, Question(at, chance.below(len(intent.phrasings)), filling)
    )
    if kind in ("same, turned", "swapped"):
        return _with_the_same_words(chance, intents, one, kind)
    if "other thing" in kind:
        filling = tuple(chance.in_any_order(values)[: intent.num_slots])
        if filling == one.filling:
            return None
    if kind in ("same, reworded", "other thing"):
        other = _in_some_manner(chance, intents, one._replace(filling=filling))
        if kind == "other thing" and chance.happens(SHARE_SAME_MANNER):
            other = one._replace(filling=filling)
        return one, other
    if kind.startswith("neighbour"):
        family = [k for k, other in enumerate(intents) if other.family == intent.family and k != at]
        at = chance.one_of(family)
    tried = [chance.below(len(intents[at].phrasings)) for _ in range(3)]
    if at == one.intent:
        tried = [phrasing for phrasing in tried if phrasing != one.phrasing]
    others = [
        _in_some_manner(chance, intents, Question(at, phrasing, filling)) for phrasing in tried
    ]
    if not others:
        return None
    if chance.happens(SHARE_CLOSE):
        return one, max(others, key=lambda other: _shared(intents, one, other))
    return one, others[0]


def _with_the_same_words(
    chance: Chance, intents: list[Intent], one: Question, kind: str
) -> tuple[Question, Question] | None:
    """Turn a question, which leaves its meaning, or swap its slots, which does not.

    A swapped one is turned as well every other time: then the two names stand in the same order.
    """
    intent = intents[one.intent]
    if intent.num_slots < 2 or not TURNS.search(intent.phrasings[one.phrasing]):
        return None
    one = one._replace(turned=chance.happens(0.5))
    turned = kind == "same, turned" or chance.happens(0.5)
    filling = one.filling[::-1] if kind == "swapped" else one.filling
    other = one._replace(filling=filling, turned=one.turned != turned)
    if not chance.happens(SHARE_SAME_MANNER):
        other = _in_some_manner(chance, intents, other)
    return one, other


def _in_some_manner(chance: Chance, intents: list[Intent], one: Question) -> Question:
    """Draw another opening, and something before or behind, as for every question."""
    opening, extra = chance.happens(SHARE_OPENING), chance.happens(SHARE_EXTRA)
    which = chance.below(len(EXTRAS))
    text = intents[one.intent].phrasings[one.phrasing]
    fits = any(text.startswith(old) for old, _ in OPENINGS)
    return one._replace(opening=opening and fits, extra=which if extra else -1)


def _shared(intents: list[Intent], one: Question, other: Question) -> float:
    """Share of the words of two questions that stand in both."""
    words = [set(re.findall(r"\w+", plain_text(intents, each).lower())) for each in (one, other)]
    return len(words[0] & words[1]) / len(words[0] | words[1])


def plain_text(intents: list[Intent], question: Question) -> str:
    """Return a question as it is written by hand, slots filled."""
    intent = intents[question.intent]
    names = (intent.slot, "other")
    text = intent.phrasings[question.phrasing]
    if question.turned:
        text = TURNS.sub(lambda found: f"{found[2] or found[4]} {found[1] or found[3]}", text)
    for name, value in zip(names, question.filling, strict=False):
        text = text.replace(f"{{{name}}}", value)
    if question.opening:
        old, new = next(pair for pair in OPENINGS if text.startswith(pair[0]))
        text = new + text.removeprefix(old)
    before, behind = EXTRAS[question.extra] if question.extra >= 0 else ("", "")
    keep = not before or text.split(" ", 1)[0] == "I"
    return before + (text if keep else text[0].lower() + text[1:]) + behind


def as_typed(text: str, chance: Chance) -> str:
    """Write a question as people type: now and then in small letters, bare, or with a slip."""
    if chance.happens(SHARE_LOWER):
        text = text.lower()
    if chance.happens(SHARE_BARE):
        text = text.rstrip("?")
    if chance.happens(SHARE_TYPO):
        words = text.split(" ")
        long = [place for place, word in enumerate(words) if word.isalpha() and len(word) > 4]
        if long:
            place = chance.one_of(long)
            cut = 1 + chance.below(len(words[place]) - 2)
            word = words[place]
            words[place] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
            text = " ".join(words)
    return text


def question_pairs(
    source: Path = INTENTS_FILE, num_pairs: int = NUM_PAIRS, seed: int = SEED
) -> str:
    """Return the whole sample as CSV text; see the data card for its columns."""
    slots, intents = read_intents(source.read_text(encoding="utf-8"))
    pairs = make_pairs(slots, intents, num_pairs, seed)
    chance = Chance(seed + 1)
    ids: dict[Question, int] = {}
    typed: dict[Question, str] = {}
    for pair in pairs:
        for one in pair:
            if one not in ids:
                ids[one] = len(ids) + 1
                typed[one] = as_typed(plain_text(intents, one), chance)
    rows = [COLUMNS]
    for one, two in pairs:
        label = int(one.intent == two.intent and one.filling == two.filling)
        rows.append(
            [typed[one], typed[two], label, ids[one], ids[two], one.intent + 1, two.intent + 1]
        )
    return csv_text(rows)


def content(source: Path | None = None) -> bytes:
    """Return the sample as packed CSV, made from the course's intents or from others."""
    return packed(question_pairs(source or INTENTS_FILE))
