"""Phrases that name positions of the tariff: "heading 5205 to heading 5207, 5209 to 5212 or chapter 55"."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from openward.determine.origin.codes import CodeRange
from openward.determine.origin.rule import Excepted
from openward.errors import OpenwardError

_WORD = r"(?:(?P<{k}>chapters?|headings?|subheadings?|tariff items?)\s+(?:nos?\.?\s+)?)"
_CODE = r"(?P<{n}>\d[\d.]*\d|\d)"
_PLACE = re.compile(
    _WORD.format(k="kind")
    + "?"
    + _CODE.format(n="first")
    + r"(?:\s*(?:to|through|-|–)\s*"
    + _WORD.format(k="kind2")
    + "?"
    + _CODE.format(n="last")
    + r")?(?!\d|\s*%|[.,]\d)",
    re.IGNORECASE,
)
_JOIN = re.compile(
    (
        r"^(?:[\s,;]|and/or\b|and\b|or\b|of\b|from\b|either\b|non-originating\b|materials?\b|those\b|"
        r"the\b|in\b|classified\b|within\b|any\b|under\b)*$"
    ),
    re.IGNORECASE,
)
_SIZES = {"chapter": 2, "heading": 4, "subheading": 6}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Positions found in a text, and what the text says besides."""

    ranges: tuple[CodeRange, ...]
    start: int
    end: int


def phrases(text: str) -> list[Phrase]:
    """Find runs of positions; a number without a word for its level continues the level before it."""
    found: list[Phrase] = []
    kind = ""
    for match in _PLACE.finditer(text):
        word = (match.group("kind") or "").lower().rstrip("s")
        kind = word or kind
        first = match.group("first").replace(".", "")
        if not kind or (not word and (len(first) < 4 if kind != "chapter" else len(first) > 2)):
            continue
        last = (match.group("last") or first).replace(".", "")
        least = 1 if kind == "chapter" else 4
        if len(first) < least or len(first) > 10 or (kind == "chapter" and len(first) > 2):
            continue
        if kind == "chapter":
            first, last = first.zfill(2), last.zfill(2)
        try:
            found.append(Phrase((CodeRange(first, last),), match.start(), match.end()))
        except OpenwardError:
            return []
    return found


def _bare(text: str) -> bool:
    return bool(_JOIN.match(text))


def places(text: str) -> tuple[CodeRange, ...] | None:
    """Give the positions of a text that names nothing else; None where it says more."""
    found = phrases(text)
    if not found:
        return None
    gaps = [text[: found[0].start]]
    gaps += [text[one.end : other.start] for one, other in itertools.pairwise(found)]
    gaps.append(text[found[-1].end :].rstrip(" ."))
    if not all(_bare(gap) for gap in gaps):
        return None
    return tuple(each for phrase in found for each in phrase.ranges)


_LEADING = re.compile(
    (
        r"^(?:[\s,;]*(?:and/or|and|or|from|either|those of|non-originating materials of|materials "
        r"of|that of)\b)*[\s,;]*"
    ),
    re.IGNORECASE,
)
_MATERIALS = re.compile(r"^(?:non-originating |other )?materials?$|^those$|^$", re.IGNORECASE)


def named(text: str, *, spread: bool = False) -> tuple[Excepted, ...]:
    """Read a list of positions, some of them narrowed by a description before or after.

    ``spread``: a description holds for every position up to the next one, as in "ingots of heading 7206 or
    heading 7218"; without it, for the position it stands before alone, as in lists of exceptions.
    """
    found = phrases(text)
    if not found:
        words = _LEADING.sub("", text).strip(" .,;")
        return (Excepted((), words),) if words else ()
    read: list[Excepted] = []
    at, carried = 0, ""
    for phrase in found:
        before = _LEADING.sub("", text[at : phrase.start]).strip(" ,;")
        before = re.sub(
            r"\s*\b(?:classified |falling )?(?:of|in|within|under|from)$", "", before, flags=re.IGNORECASE
        )
        if _bare(before) or _MATERIALS.match(before):
            before = carried if spread else ""
        carried = before
        after = re.match(
            r"\s*(?:containing|having|used as|put up|of a kind)\b[^,;]*?(?=,|;| or | and |$)",
            text[phrase.end :],
        )
        tail = after.group(0).strip(" .") if after else ""
        read.append(Excepted(phrase.ranges, " ".join(filter(None, (before, tail)))))
        at = phrase.end + (after.end() if after else 0)
    rest = _LEADING.sub("", text[at:]).strip(" .,;")
    if rest:
        read.append(Excepted((), rest))
    return merged(read)


def merged(read: list[Excepted]) -> tuple[Excepted, ...]:
    """Join what is named by code alone into one record, first."""
    plain = tuple(each for one in read if not one.description and not one.when for each in one.ranges)
    rest = [one for one in read if one.description or one.when]
    return ((Excepted(plain),) if plain else ()) + tuple(rest)
