"""Scorers: how sure we are that two names are one party's, and which features say so."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Any, Protocol

from openward.determine.screening.chinese import sounds
from openward.determine.screening.features import compare
from openward.determine.screening.name import Name
from openward.determine.screening.needs import needed

MATCH = 0.5
SAME_CHARACTERS = "same characters"
BEGINS_ALIKE = "begins alike"


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature of a comparison: its value, and what it adds to the score (before the curve)."""

    feature: str
    value: float
    adds: float

    def __str__(self) -> str:
        return f"{self.feature} {self.value:.2f} ({self.adds:+.2f})"


@dataclass(frozen=True, slots=True)
class Scored:
    """A score in ``[0, 1]`` (a match from :data:`MATCH` on) with its reasons, the heaviest first."""

    score: float
    reasons: tuple[Reason, ...]

    @property
    def match(self) -> bool:
        """True where the names count as one party's."""
        return self.score >= MATCH


class Scorer(Protocol):
    """Anything that compares two prepared names."""

    @property
    def name(self) -> str:
        """Give its name and version."""
        ...

    def score(self, query: Name, candidate: Name) -> Scored:
        """Compare two names."""
        ...


@dataclass(frozen=True, slots=True)
class AlignmentScorer:
    """Our own scorer: words aligned, then a weighted sum of what is covered and what contradicts.

    The weights were fitted on the half of the labelled pairs whose SHA-256 of ``name1|name2`` is even, with
    the sign of every weight fixed beforehand (likeness never counts against a match); the features were
    written with both halves in sight;
    ``benchmarks/screening.py`` reports both halves. Chinese names are compared by character,
    persons also by sound.
    """

    name: str = "alignment-1"

    def score(self, query: Name, candidate: Name) -> Scored:
        """Compare two names, in Chinese characters where both have them."""
        if query.chinese and candidate.chinese:
            return _chinese(query.chinese, candidate.chinese, person=query.person or candidate.person)
        if query.chinese or candidate.chinese:
            return _sound(query, candidate)
        if query.words == candidate.words and (query.legal == candidate.legal or not query.legal):
            return Scored(1.0, (Reason("same words", 1.0, 1.0),))
        if query.core and query.core == candidate.core and query.legal == candidate.legal:
            return Scored(0.97, (Reason("same letters, other spaces", 1.0, 0.97),))
        if not query.words or not candidate.words:
            return Scored(0.0, (Reason("no words", 1.0, 0.0),))
        found = compare(query, candidate)
        reasons = tuple(
            Reason(feature.replace("_", " "), getattr(found, feature), weight * getattr(found, feature))
            for feature, weight in _WEIGHTS
        )
        total = _INTERCEPT + sum(reason.adds for reason in reasons)
        said = sorted((r for r in reasons if r.adds), key=lambda r: -abs(r.adds))
        return Scored(1 / (1 + exp(-4 * total)), tuple(said))


_WEIGHTS = (
    ("covered", 1.42),
    ("covered_longer", 1.26),
    ("contradicted", -1.42),
    ("last_contradicted", -1.10),
    ("spelling", 0.36),
    ("legal", -1.22),
)
_INTERCEPT = -2.16


def _chinese(one: str, other: str, *, person: bool) -> Scored:
    """Compare two Chinese cores; ``one`` is the name asked about.

    A name cut short still begins as the listed one does. A longer name than the listed one is more often a
    subsidiary's: it counts as a match only where little is added.
    """
    if one == other:
        return Scored(1.0, (Reason(SAME_CHARACTERS, 1.0, 1.0),))
    share = min(len(one), len(other)) / max(len(one), len(other))
    if person or min(len(one), len(other)) < 3:
        return Scored(0.0, (Reason("other characters", share, 0.0),))
    if (other.startswith(one) and share >= 0.6) or (one.startswith(other) and share >= 0.9):
        return Scored(0.55 + 0.35 * share, (Reason(BEGINS_ALIKE, share, 0.55 + 0.35 * share),))
    if other.endswith(one) and share >= 0.7 and len(one) >= 4:
        return Scored(0.5 + 0.3 * share, (Reason("ends alike", share, 0.5 + 0.3 * share),))
    if len(one) >= 4 and (one.startswith(other) or other.startswith(one)):
        return Scored(0.3 + 0.15 * share, (Reason("part of a longer name", share, 0.3 + 0.15 * share),))
    distance: Any = needed("rapidfuzz.distance").Levenshtein.distance
    edits = distance(one, other)
    alike = 1 - edits / max(len(one), len(other))
    if len(one) == len(other) and alike >= 0.6 and sounds(one) == sounds(other):
        value = 0.5 + 0.4 * alike
        return Scored(value, (Reason("characters of the same sound", alike, value),))
    if alike >= 0.9:
        return Scored(0.5 + 0.4 * (alike - 0.8), (Reason("characters alike", alike, alike),))
    return Scored(max(0.0, 0.5 * alike), (Reason("other characters", alike, 0.5 * alike),))


def _sound(query: Name, candidate: Name) -> Scored:
    chinese, latin = (query, candidate) if query.chinese else (candidate, query)
    if not chinese.sound or not latin.words or latin.schema not in {"", "Person"}:
        return Scored(0.0, (Reason("no script in common", 0.0, 0.0),))
    surname, given = chinese.sound
    for family in (latin.words[0], latin.words[-1]):
        rest = latin.words[1:] if family is latin.words[0] else latin.words[:-1]
        if family == surname and "".join(rest) == given:
            return Scored(0.8, (Reason("sounds alike (pinyin)", 1.0, 0.8),))
    return Scored(0.0, (Reason("sounds otherwise (pinyin)", 0.0, 0.0),))
