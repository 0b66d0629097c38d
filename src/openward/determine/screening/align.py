"""Align the words of two names: which word of one stands for which of the other, and how well."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from openward.determine.screening.name import Name, is_filler
from openward.determine.screening.needs import needed
from openward.determine.screening.phonetic import sounded

MATCHED = 0.72


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words that stand for each other, with their places and likeness in ``[0, 1]``."""

    left: int
    right: int
    likeness: float
    initial: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pairs, and the words left over on either side."""

    pairs: tuple[Pair, ...]
    left_over: tuple[int, ...]
    right_over: tuple[int, ...]


@lru_cache(maxsize=1)
def _measures() -> tuple[Any, Any, Any]:
    distance = needed("rapidfuzz.distance")
    return distance.JaroWinkler.similarity, distance.DamerauLevenshtein.distance, distance.Indel


@lru_cache(maxsize=400_000)
def likeness(one: str, other: str) -> tuple[float, bool]:
    """Compare two folded words: likeness in ``[0, 1]``, and whether one is the initial of the other."""
    if one == other:
        return 1.0, False
    if len(one) == 1 or len(other) == 1:
        return (0.8, True) if one[0] == other[0] and not (one + other).isdigit() else (0.0, False)
    if one.isdigit() or other.isdigit():
        return 0.0, False
    jaro, damerau, _ = _measures()
    edits = damerau(one, other)
    length = max(len(one), len(other))
    share = 1 - edits / length
    value = 0.5 * share + 0.5 * jaro(one, other)
    if sounded(one) == sounded(other):
        value = max(value, 0.93)
    if edits == 1 and length >= 4:
        value = max(value, 0.85)
    return float(value), False


def align(left: Name, right: Name) -> Alignment:
    """Pair words greedily, the most alike first; a word split or joined on one side counts as one."""
    scored = []
    for i, one in enumerate(left.words):
        for j, other in enumerate(right.words):
            value, initial = likeness(one, other)
            if value >= MATCHED:
                scored.append((value, -abs(i - j), i, j, initial))
    scored.sort(reverse=True)
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs = []
    for value, _, i, j, initial in scored:
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            pairs.append(Pair(i, j, value, initial))
    left_over = [i for i in range(len(left.words)) if i not in used_left]
    right_over = [j for j in range(len(right.words)) if j not in used_right]
    _join(left.words, left_over, right.words, right_over, pairs, swap=False)
    _join(right.words, right_over, left.words, left_over, pairs, swap=True)
    return Alignment(tuple(pairs), tuple(left_over), tuple(right_over))


def _join(
    split: tuple[str, ...],
    split_over: list[int],
    whole: tuple[str, ...],
    whole_over: list[int],
    pairs: list[Pair],
    *,
    swap: bool,
) -> None:
    """Pair a word left over with two neighbours that spell it together."""
    for j in list(whole_over):
        for i in range(len(split) - 1):
            if not {i, i + 1} & set(split_over):
                continue
            value, _ = likeness(split[i] + split[i + 1], whole[j])
            if value >= 0.88:
                for gone in (i, i + 1):
                    if gone in split_over:
                        split_over.remove(gone)
                whole_over.remove(j)
                pairs.append(Pair(j, i, value, False) if swap else Pair(i, j, value, False))
                break


def weight(word: str) -> float:
    """How much a word of a name tells: longer words more, fillers and initials little."""
    if is_filler(word):
        return 0.3
    return min(1.0, 0.25 + 0.15 * len(word))
