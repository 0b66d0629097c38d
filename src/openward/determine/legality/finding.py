"""What a legal check finds, and the texts it cites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from openward.codes.terms import Status
from openward.determine.decision import plain


class Severity(StrEnum):
    """How grave a finding is; only ``breach`` makes the check fail."""

    BREACH = "breach"
    DOUBT = "doubt"
    DUTY = "duty"
    UNKNOWN = "not-known"
    IN_ORDER = "in-order"


_ORDER = tuple(Severity)


@dataclass(frozen=True, slots=True)
class LegalText:
    """A text of law in our words, and whether it was read in the official text."""

    id: str
    name: str
    says: str
    status: Status
    act: str = ""

    @property
    def citation(self) -> str:
        """The name, with ``unverified`` where the text was not read."""
        return self.name if self.status is Status.OFFICIAL else f"{self.name}; unverified"


@cache
def texts() -> Mapping[str, LegalText]:
    """Give every text by id."""
    source = files("openward.determine.legality").joinpath("data", "texts.yaml").read_text(encoding="utf-8")
    rows = yaml.load(source, Loader=yaml.CSafeLoader)["texts"]
    return {
        key: LegalText(key, row["name"], row["says"], Status(row["status"]), row.get("act", ""))
        for key, row in rows.items()
    }


@dataclass(frozen=True, slots=True)
class LegalFinding:
    """One finding about a reform.

    Attributes
    ----------
    rule : str
        The check: ``bound-rate``, ``most-favored-nation``, ``additional-duty``, ``agreement``, ``organ``,
        ``notice``, ``claim``.
    severity : Severity
    sentence : str
        The finding in one sentence.
    texts : tuple of LegalText
        What it rests on.
    edits : tuple of int
        Places of the edits in the reform, from 1.
    measures : tuple of str
    unknown : tuple of str
        What would have to be known, and could change it.
    figures : mapping
        Numbers behind it; shares are fractions, trade is in millions of US dollars.
    """

    rule: str
    severity: Severity
    sentence: str
    texts: tuple[LegalText, ...]
    edits: tuple[int, ...] = ()
    measures: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    figures: Mapping[str, float | str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def citation(self) -> str:
        """The texts by name."""
        return "; ".join(text.citation for text in self.texts)

    def as_dict(self) -> dict[str, Any]:
        """Give the finding as JSON prints it."""
        document = {f.name: plain(getattr(self, f.name)) for f in fields(self)}
        document["citation"] = self.citation
        return document


def finding(
    rule: str,
    severity: Severity,
    sentence: str,
    cites: tuple[str, ...],
    *,
    edits: tuple[int, ...] = (),
    measures: tuple[str, ...] = (),
    unknown: tuple[str, ...] = (),
    figures: Mapping[str, float | str] | None = None,
) -> LegalFinding:
    """Build a finding from the ids of the texts it cites."""
    cited = tuple(texts()[key] for key in cites)
    kept = MappingProxyType(dict(figures or {}))
    return LegalFinding(rule, severity, sentence, cited, edits, measures, unknown, kept)


def gravity(one: LegalFinding) -> int:
    """Order findings: breaches first."""
    return _ORDER.index(one.severity)
