"""What is answered to the question: what rate did an importer apply to a partner's goods on a day?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from openward.determine.order import Alternative
from openward.determine.step import Step, percent


@dataclass(frozen=True, slots=True)
class LineRate:
    """The rate on one class of tariff lines of the industry.

    Attributes
    ----------
    code : str
        Class, ``"all"`` where the industry is not split.
    share : float
        Part of the industry's imports at reference weights.
    lines : int
        Tariff lines in the class; 0 where they were not counted.
    rate : float or None
        Fraction; None where a fact is missing.
    measures : tuple of str
        Ids of the measures the rate is made of.
    """

    code: str
    share: float
    lines: int
    rate: float | None
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppliedRate:
    """The applied duty on one partner's industry on one day, with the steps that led there.

    Attributes
    ----------
    importer, partner, sector, on
        The question; ``partner`` is empty where the origin is not known.
    rate : float or None
        Fraction of the customs value, averaged over the line classes by their shares; None where a fact is
        missing.
    base_rate : float or None
        The same average of the base (MFN) duties.
    lines : tuple of LineRate
        Empty where no customs duty exists: services, domestic goods.
    sentence : str
        The answer in one sentence.
    trace : tuple of Step
    unverified : tuple of str
        Ids of measures behind the rate that were not read in an official source.
    assumptions, missing, notes : tuple of str
        What was assumed; which facts are missing; what else to know.
    alternatives : tuple of Alternative
        Measures in force that were not applied, and why.
    """

    importer: str
    partner: str
    sector: str
    on: date
    rate: float | None
    base_rate: float | None
    lines: tuple[LineRate, ...]
    sentence: str
    trace: tuple[Step, ...]
    unverified: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        """Ids of all measures the rate is made of."""
        return tuple(dict.fromkeys(m for line in self.lines for m in line.measures))

    def as_dict(self) -> dict[str, Any]:
        """Give the answer as JSON prints it."""
        out = asdict(self)
        out["on"] = self.on.isoformat()
        return out

    def as_text(self) -> str:
        """Give the answer as a terminal prints it: the sentence, then the trace, then what to know."""
        parts = [self.sentence]
        if len(self.lines) > 1:
            parts += [_line(line) for line in self.lines]
        for title, entries in (
            ("Steps", [str(step) for step in self.trace]),
            ("Missing", list(self.missing)),
            ("Not applied", [_alternative(a) for a in self.alternatives]),
            ("Unverified", list(self.unverified)),
            ("Assumed", list(self.assumptions)),
            ("Notes", list(self.notes)),
        ):
            if entries:
                parts += ["", f"{title}:", *(f"  {entry}" for entry in entries)]
        return "\n".join(parts)


def _line(line: LineRate) -> str:
    rate = "not known" if line.rate is None else percent(line.rate)
    return f"  {line.code}: {rate} ({line.lines:,} lines, {percent(line.share)} of the industry's imports)"


def _alternative(alternative: Alternative) -> str:
    rate = "" if alternative.rate is None else f" ({percent(alternative.rate)})"
    return f"{alternative.measure}{rate}: {alternative.reason}"
