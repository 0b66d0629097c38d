"""What two names have in common and where they differ, as numbers in ``[0, 1]`` that can be explained."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from openward.determine.screening.align import Alignment, align, weight
from openward.determine.screening.name import Name
from openward.determine.screening.needs import needed


@dataclass(frozen=True, slots=True)
class Features:
    """Comparison of two names in Latin letters.

    Attributes
    ----------
    likeness : float
        Mean likeness of the paired words, by weight.
    worst : float
        Likeness of the worst pair.
    covered : float
        Share of the shorter name's weight that is paired.
    covered_longer : float
        The same of the longer name.
    contradicted : float
        Weight left over on both sides at once (one word in place of another), as a share of the shorter name.
    last_contradicted : float
        1 where the last words of both stand against each other.
    spelling : float
        Likeness of the whole, words sorted, by single letters.
    joined : float
        Likeness of the whole without spaces.
    reordered : float
        1 where the pairs cross each other without a comma that says so.
    initials : float
        Share of pairs that are an initial.
    numbers : float
        1 where the figures in the two names differ.
    legal : float
        1 where both state a legal form and they differ.
    short : float
        1 where one side is a single word.
    """

    likeness: float
    worst: float
    covered: float
    covered_longer: float
    contradicted: float
    last_contradicted: float
    spelling: float
    joined: float
    reordered: float
    initials: float
    numbers: float
    legal: float
    short: float

    def values(self) -> tuple[float, ...]:
        """Give the numbers in the order of the fields."""
        return tuple(getattr(self, field.name) for field in fields(self))


def compare(left: Name, right: Name) -> Features:
    """Compare two prepared names."""
    ratio: Any = needed("rapidfuzz.fuzz").ratio
    found = align(left, right)
    left_weight = sum(weight(word) for word in left.words) or 1.0
    right_weight = sum(weight(word) for word in right.words) or 1.0
    left_rest = sum(weight(left.words[i]) for i in found.left_over)
    right_rest = sum(weight(right.words[j]) for j in found.right_over)
    shorter, longer = sorted(((left_weight, left_rest), (right_weight, right_rest)))
    likes = [
        (pair.likeness, weight(left.words[pair.left])) for pair in found.pairs if pair.left < len(left.words)
    ]
    total = sum(w for _, w in likes)
    return Features(
        likeness=sum(value * w for value, w in likes) / total if total else 0.0,
        worst=min((value for value, _ in likes), default=0.0),
        covered=1 - shorter[1] / shorter[0],
        covered_longer=1 - longer[1] / longer[0],
        contradicted=min(1.0, min(left_rest, right_rest) / shorter[0]),
        last_contradicted=_last(left, right, found),
        spelling=ratio(" ".join(sorted(left.words)), " ".join(sorted(right.words))) / 100,
        joined=ratio(left.core, right.core) / 100,
        reordered=_reordered(left, right, found),
        initials=sum(pair.initial for pair in found.pairs) / max(1, len(found.pairs)),
        numbers=float(_figures(left) != _figures(right)),
        legal=float(bool(left.legal and right.legal) and left.legal != right.legal),
        short=float(min(len(left.words), len(right.words)) == 1),
    )


def _last(left: Name, right: Name, found: Alignment) -> float:
    if not left.words or not right.words:
        return 0.0
    over = len(left.words) - 1 in found.left_over and len(right.words) - 1 in found.right_over
    return float(over)


def _reordered(left: Name, right: Name, found: Alignment) -> float:
    if left.inverted or right.inverted:
        return 0.0
    places = [pair.right for pair in sorted(found.pairs, key=lambda pair: pair.left)]
    return float(any(a > b for a, b in pairwise(places)))


def _figures(name: Name) -> tuple[str, ...]:
    return tuple(
        sorted(
            "".join(c for c in word if c.isdigit()) for word in name.words if any(c.isdigit() for c in word)
        )
    )
