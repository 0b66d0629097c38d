"""Cumulation: which origins may be assessed together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from openward.calculate.injury.case import Source
from openward.calculate.jurisdiction import Rules
from openward.calculate.step import Trail
from openward.calculate.thresholds import de_minimis, negligible
from openward.errors import MissingDataError


@dataclass(frozen=True, slots=True)
class Cumulated:
    """One origin.

    Attributes
    ----------
    economy : str
    cumulated : bool
    share : Fraction
        Of imports, or of consumption.
    why_not : tuple of str
        Every reason it stands alone; empty if it is cumulated.
    """

    economy: str
    cumulated: bool
    share: Fraction
    why_not: tuple[str, ...]


def cumulation(
    sources: Sequence[Source],
    rules: Rules,
    trail: Trail,
    *,
    total_imports: Fraction | None,
    consumption: Fraction | None,
) -> tuple[Cumulated, ...]:
    """Test each origin: margin not de minimis, volume not negligible, competition on the same terms.

    Raises
    ------
    MissingDataError
        The total that the law measures volumes by is not stated.
    """
    of = rules.negligible.of
    total = total_imports if of == "imports" else consumption
    if total is None:
        field = "total_imports" if of == "imports" else "consumption"
        raise MissingDataError(
            f"{rules.name} measures volumes by {of}, which is not stated", where=field, hint=f"state {field}"
        )
    volumes = negligible({one.economy: one.volume for one in sources}, total, rules.negligible)
    out = []
    for one in sources:
        why = []
        if de_minimis(one.margin, rules, proceeding="investigation"):
            why.append("margin de minimis")
        if volumes[one.economy].negligible:
            why.append("volume negligible")
        if not one.same_competition:
            why.append("conditions of competition differ")
        share = volumes[one.economy].share
        out.append(Cumulated(one.economy, not why, share, tuple(why)))
        trail.note(
            not why,
            subject=one.economy,
            name="cumulated",
            formula="margin >= de minimis, volume not negligible, same conditions of competition",
            inputs={
                "margin": one.margin,
                f"share of {of}": share,
                "why not": "; ".join(why) or "nothing against",
            },
            citation=rules.cumulation.citation,
        )
    return tuple(out)
