"""Make up listings of women's shoes: a table, a text, and a price from a law that is written here.

    python -m tools.samples.make shoes

Nothing is real but the kinds of shoes. Each listing has attributes, drawn independently of each
other. Some stand in its table, some are told in its text, some in both. Its log price is a sum of
terms of one or two attributes, the tables in `law`, plus noise. Because the law and the shares
are known, so is the best forecast from the table alone, from the text alone, and from both: for
what is not known, each term is averaged over the shares (`expected`).

Only `random.Random.random` is asked for chance, the one method whose numbers Python promises to
keep, so that the file is the same to the byte everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.samples.chance import Chance
from tools.samples.files import csv_text, packed

SEED = 9
NUM_LISTINGS = 5_600
NUM_TEST = 800
NOISE = 0.12  #: standard deviation of the log price around the law
MISSPELLED = 0.04  #: share of the words of a text
UNKNOWN = -1  #: the code of an attribute that is not known

#: (name, log price against the mean brand, share in parts); the last ones are rare.
BRANDS = [
    ("Valmora", 0.80, 62),
    ("Castellane", 0.65, 66),
    ("Ilaria Conti", 0.55, 70),
    ("Maison Orle", 0.45, 74),
    ("Brennwick", 0.30, 40),
    ("Solenne", 0.25, 44),
    ("Harrow & Pine", 0.20, 46),
    ("Tessaly", 0.15, 48),
    ("Marlo Field", 0.10, 50),
    ("Odette K", 0.05, 52),
    ("Kestrel Lane", 0.05, 52),
    ("Nordvik", 0.00, 54),
    ("Pilar Rosa", -0.05, 54),
    ("Amble", -0.05, 56),
    ("Juniper Row", -0.10, 56),
    ("Westerly", -0.15, 56),
    ("Lottie May", -0.15, 58),
    ("Cobble", -0.20, 58),
    ("Finch & Daughter", -0.25, 56),
    ("Daisy Step", -0.30, 54),
    ("Urbanita", -0.35, 52),
    ("Quickstep", -0.40, 48),
    ("Basix", -0.50, 46),
    ("Shoetopia", -0.60, 44),
    ("Ateliers Noé", 0.70, 5),
    ("Van der Laan", 0.20, 5),
    ("Grey Heron", 0.10, 4),
    ("Sunday Club", -0.20, 4),
    ("Moss", -0.30, 3),
    ("Pennywise", -0.55, 3),
]
DESIGNERS = {"Valmora", "Castellane", "Ilaria Conti", "Maison Orle", "Ateliers Noé"}
#: (name, log price, share in parts)
TYPES = [
    ("pumps", 0.05, 20),
    ("sandals", -0.15, 18),
    ("ankle boots", 0.15, 16),
    ("boots", 0.30, 12),
    ("mules", -0.05, 10),
    ("loafers", 0.00, 10),
    ("oxfords", 0.05, 8),
    ("clogs", -0.20, 6),
]
HIGH_TYPES = {"pumps", "sandals", "ankle boots", "boots"}  # a heel costs here, not elsewhere
MATERIALS = [
    ("leather", 0.25, 28),
    ("suede", 0.15, 18),
    ("patent leather", 0.20, 10),
    ("nubuck", 0.10, 8),
    ("satin", 0.05, 8),
    ("canvas", -0.25, 10),
    ("faux leather", -0.20, 12),
    ("synthetic", -0.35, 6),
]
FINE_MATERIALS = {"leather", "suede", "patent leather", "nubuck"}
COLOURS = [
    ("black", 0.02, 30),
    ("brown", 0.00, 14),
    ("white", 0.00, 10),
    ("red", 0.02, 8),
    ("navy", 0.00, 8),
    ("beige", 0.00, 8),
    ("grey", 0.00, 6),
    ("green", -0.04, 4),
    ("pink", -0.02, 4),
    ("gold", 0.04, 3),
    ("silver", 0.02, 3),
    ("burgundy", 0.00, 2),
]
CONDITIONS = [
    ("new with tags", 0.20, 35),
    ("new without tags", 0.05, 25),
    ("like new", -0.10, 20),
    ("used", -0.45, 20),
]
NEW_CONDITIONS = {"new with tags", "new without tags"}
SHOPS = [
    ("Corso", 0.15, 12),
    ("Grand Arcade", 0.10, 12),
    ("Stride", 0.05, 14),
    ("Plaza", 0.00, 14),
    ("Sole Mates", 0.00, 10),
    ("The Shoe Room", -0.05, 10),
    ("Heel & Toe", -0.05, 8),
    ("Second Spin", -0.15, 8),
    ("Mill Outlet", -0.25, 7),
    ("Depot Outlet", -0.30, 5),
]
SIZES = [
    ("5", -0.08, 3),
    ("5.5", -0.06, 4),
    ("6", -0.02, 6),
    ("6.5", 0.00, 8),
    ("7", 0.00, 11),
    ("7.5", 0.02, 12),
    ("8", 0.02, 13),
    ("8.5", 0.02, 12),
    ("9", 0.00, 10),
    ("9.5", 0.00, 8),
    ("10", -0.02, 6),
    ("10.5", -0.06, 4),
    ("11", -0.08, 3),
]
HEELS = [(str(cm), 0.0, share) for cm, share in zip(range(1, 12), [6] * 5 + [5] * 6, strict=True)]

#: What stands in the table of a listing.
ATTRIBUTES = {
    "brand": BRANDS,
    "type": TYPES,
    "material": MATERIALS,
    "colour": COLOURS,
    "condition": CONDITIONS,
    "shop": SHOPS,
    "size": SIZES,
    "heel": HEELS,
}
TABLE = list(ATTRIBUTES)
COLUMNS = ["text", *TABLE, "photos", "price", "split", "law_table", "law_text", "law_both"]

#: What only the text tells: share of the listings, and how it is said or denied.
FACTS = {
    "handmade": 0.30,
    "limited": 0.30,
    "damaged": 0.30,
    "boxed": 0.40,
    "last season": 0.30,
}
MISSING = {"material": 0.25, "heel": 0.20}  #: share of the listings whose table lacks it
TOLD = {  #: share of the texts that tell it
    "brand": 0.50,
    "type": 0.90,
    "material": 0.60,
    "colour": 0.50,
    "condition": 0.35,
    "heel": 0.40,
}

SENTENCES = {
    "brand": [
        "a pair by {}",
        "from {}",
        "{} shoes as you know them",
        "the label says {}",
        "my favourite brand {}",
    ],
    "type": [
        "lovely {}",
        "these {} go with everything",
        "{} for work and weekend",
        "selling my {}",
        "pretty {} with a round toe",
        "classic {}",
    ],
    "material": [
        "made of {}",
        "upper in {}",
        "the outside is {}",
        "soft {} all around",
        "{} that ages well",
    ],
    "colour": ["in {}", "colour is {}", "a nice {}", "looks great in {}", "the {} ones"],
    "heel": ["heel is {} cm", "with a {} cm heel", "about {} cm high", "heel height {} cm"],
    "condition": {
        "new with tags": ["brand new with tags", "tags still on", "new and the tags are there"],
        "new without tags": ["never worn", "unworn and new", "new but no tags"],
        "like new": ["worn once", "worn one evening only", "as good as new"],
        "used": ["worn for a year", "well loved", "worn many times", "signs of wear"],
    },
    "handmade": [
        "made by hand in a small workshop",
        "handmade",
        "sewn by hand",
        "hand stitched soles",
    ],
    "not handmade": ["not handmade but well made", "not sewn by hand of course"],
    "limited": ["limited edition", "one of a limited series", "numbered and limited"],
    "not limited": ["not a limited edition", "not one of the limited series"],
    "damaged": [
        "a scratch on the left heel",
        "some scratches at the toe",
        "one stain inside",
        "the right sole has a crack",
        "a small tear at the back",
    ],
    "not damaged": [
        "no scratches at all",
        "no stain and no tear",
        "not a single scratch",
        "without any scratches or stains",
        "no crack anywhere",
    ],
    "boxed": ["with box and dust bag", "comes in its box", "box and dust bag included"],
    "not boxed": ["no box", "without box or dust bag", "box not included", "the box is gone"],
    "last season": ["from last season", "bought last year", "last season so no returns"],
    "not last season": ["not from last season", "this season", "just bought this year"],
}
DENIED = {  #: share of the texts without the fact that deny it
    "handmade": 0.40,
    "limited": 0.50,
    "damaged": 0.60,
    "boxed": 0.40,
    "last season": 0.30,
}
FILLERS = [
    "fits true to size",
    "runs a little small",
    "very comfortable",
    "ask me for more pictures",
    "ships the same day",
    "from a home without pets",
    "they look better than in the photos",
    "no returns please",
    "price is firm",
    "they did not fit my sister",
    "padded insole",
    "leather insole",
    "great for a wedding",
    "i have too many shoes",
    "smoke free home",
    "you will get compliments",
    "easy to walk in",
    "not for long walks",
    "a present that came too late",
    "thank you for looking",
]
WORDLESS = ("", "!!!", "...", "***")
SHARE_WORDLESS = 0.01
SHARE_WITHOUT_PRICE = 0.008


class Term(NamedTuple):
    """One term of the law: a number for each combination of codes of its attributes."""

    attributes: tuple[str, ...]
    values: NDArray[np.float64]


def names_of() -> dict[str, list[str]]:
    """What the codes of each attribute mean; facts are false (0) or true (1)."""
    known = {name: [row[0] for row in rows] for name, rows in ATTRIBUTES.items()}
    return known | {fact: ["no", "yes"] for fact in FACTS}


def shares_of() -> dict[str, NDArray[np.float64]]:
    """How often each code of each attribute is drawn; sums to one."""
    parts = {name: np.array([row[2] for row in rows], float) for name, rows in ATTRIBUTES.items()}
    shares = {name: part / part.sum() for name, part in parts.items()}
    return shares | {fact: np.array([1 - share, share]) for fact, share in FACTS.items()}


def law() -> list[Term]:
    """The terms whose sum, with 4.2, is the log price in US dollars without noise."""
    effects = {name: np.array([row[1] for row in rows]) for name, rows in ATTRIBUTES.items()}
    names = names_of()

    def is_in(attribute: str, some: set[str]) -> NDArray[np.float64]:
        return np.array([float(name in some) for name in names[attribute]])

    designer, fine = is_in("brand", DESIGNERS), is_in("material", FINE_MATERIALS)
    new, high = is_in("condition", NEW_CONDITIONS), is_in("type", HIGH_TYPES)
    outlet = is_in("shop", {"Mill Outlet", "Depot Outlet"})
    yes, height = np.array([0.0, 1.0]), np.arange(1.0, 12.0)
    return [
        *(Term((name,), values) for name, values in effects.items()),
        Term(("type", "heel"), 0.025 * np.outer(high, height)),
        Term(("brand", "material"), 0.20 * np.outer(designer, fine)),
        Term(("material", "handmade"), np.outer(0.40 * fine, yes)),
        Term(("brand", "limited"), np.outer(0.60 * designer, yes)),
        Term(("condition", "damaged"), -np.outer(0.10 + 0.40 * new, yes)),
        Term(("boxed",), 0.10 * yes),
        Term(("shop", "last season"), -np.outer(0.25 * (1 - outlet), yes)),
    ]


def expected(
    known: Mapping[str, int], terms: Sequence[Term], shares: Mapping[str, NDArray]
) -> float:
    """The mean log price of all listings with these attributes.

    Parameters
    ----------
    known : mapping of str to int
        The code of each attribute that is known. All others are averaged over their shares.
    terms, shares
        As `law` and `shares_of` give them.
    """
    total = 4.2
    for term in terms:
        values = term.values
        for name in term.attributes:  # each round takes the first axis away
            code = known.get(name, UNKNOWN)
            values = values[code] if code != UNKNOWN else np.tensordot(shares[name], values, 1)
        total += float(values)
    return total


def misspell(word: str, chance: Chance) -> str:
    """Make one slip: two neighbours change places, or one letter is left out or doubled."""
    if len(word) < 4:
        return word
    at, slip = 1 + chance.below(len(word) - 2), chance.below(3)
    if slip == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + (word[at + 1 :] if slip == 1 else word[at] + word[at:])


def write_text(codes: Mapping[str, int], chance: Chance) -> tuple[str, set[str]]:
    """Write the text of a listing; return it and the attributes that one knows from it."""
    if chance.happens(SHARE_WORDLESS):
        return chance.one_of(WORDLESS), set()
    names, parts, told = names_of(), [], set(FACTS)
    for name, share in TOLD.items():
        if not chance.happens(share):
            continue
        value = names[name][codes[name]]
        ways = SENTENCES[name][value] if name == "condition" else SENTENCES[name]
        parts.append(chance.one_of(ways).format(value))
        told.add(name)
    for fact, share in DENIED.items():
        if codes[fact]:
            parts.append(chance.one_of(SENTENCES[fact]))
        elif chance.happens(share):
            parts.append(chance.one_of(SENTENCES[f"not {fact}"]))
    fillers = chance.in_any_order(FILLERS)
    parts += fillers[: 1 + chance.below(3)]
    while len(" ".join(parts).split()) < 20:
        parts.append(fillers[3 + chance.below(len(fillers) - 3)])
    text = ", ".join(chance.in_any_order(parts))
    words = [
        misspell(word, chance) if chance.happens(MISSPELLED) else word for word in text.split(" ")
    ]
    text = " ".join(words)
    return text[0].upper() + text[1:] + chance.one_of([".", ".", "!", ""]), told


def make_listings(seed: int = SEED, count: int = NUM_LISTINGS) -> list[list[str]]:
    """Make the rows of the sample, the header first, everything as text.

    The last 800 rows are for testing. The rows are independent, so their order
    means nothing. ``law_table``, ``law_text`` and ``law_both`` are the mean log prices of all
    listings that share what the table tells, the text tells, or both tell.
    """
    chance, terms, shares, names = Chance(seed), law(), shares_of(), names_of()
    rows = [list(COLUMNS)]
    for number in range(count):
        codes = {name: chance.code(share) for name, share in shares.items()}
        missing = {name for name, share in MISSING.items() if chance.happens(share)}
        in_table = {name for name in TABLE if name not in missing}
        text, told = write_text(codes, chance)
        log_price = expected(codes, terms, shares) + NOISE * chance.normal()
        price = "" if chance.happens(SHARE_WITHOUT_PRICE) else f"{math.exp(log_price):.2f}"
        cells = {name: names[name][codes[name]] if name in in_table else "" for name in TABLE}
        cells |= {"text": text, "photos": str(1 + chance.below(12)), "price": price}
        cells["split"] = "test" if number >= count - NUM_TEST else "train"
        for name, known in [("table", in_table), ("text", told), ("both", in_table | told)]:
            best = expected({key: codes[key] for key in known}, terms, shares)
            cells[f"law_{name}"] = f"{best:.3f}"
        rows.append([cells[name] for name in COLUMNS])
    return rows


def content(_source: object = None) -> bytes:
    """Return the sample as packed CSV; the listings are made up, so there is no source."""
    return packed(csv_text(make_listings()))
