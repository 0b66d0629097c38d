"""An alert: what was seen, by which rule and threshold, on which rows, under which law."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

SCHEMA = "openward.alert/1"


@dataclass(frozen=True, slots=True)
class Standing:
    """A measure that bears on what an alert is about.

    Attributes
    ----------
    measure, sentence, citation : str
    since : date
        First day of the measure, or of its present state.
    """

    measure: str
    sentence: str
    since: date
    citation: str


@dataclass(frozen=True, slots=True)
class Alert:
    """What a monitor says.

    Attributes
    ----------
    rule, family : str
    subject : mapping
        What it is about: reporter, flow, product, partner, or measure, economy, holding.
    on : date
        First day of the month, or the day, whose facts made it speak.
    sentence : str
        The alert in one sentence.
    statistic, threshold : float
    meaning : str
        What the statistic is, in words.
    window : tuple of date
        First and last month (or day) looked at.
    evidence : tuple of mapping
        Rows behind it, as published.
    in_force, announced : tuple of Standing
        Measures that already apply on the last day of the window; measures published by then that
        start later.
    clears : str
        What it would take for the rule to fall silent.
    notes : tuple of str
    """

    rule: str
    family: str
    subject: Mapping[str, str]
    on: date
    sentence: str
    statistic: float
    threshold: float
    meaning: str
    window: tuple[date, date]
    evidence: tuple[Mapping[str, Any], ...]
    in_force: tuple[Standing, ...]
    announced: tuple[Standing, ...]
    clears: str
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Name of the alert: the same rule on the same subject from the same month is the same alert."""
        told = "|".join([self.rule, *(f"{k}={self.subject[k]}" for k in sorted(self.subject)), f"{self.on}"])
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def document(self) -> dict[str, Any]:
        """Give the alert as a document of plain values (``openward.alert/1``)."""
        return {"schema": SCHEMA, "id": self.id, **_plain(asdict(self))}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
