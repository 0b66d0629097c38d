"""An injury file: factor table, prices, causes set apart, cumulation, a triage number."""

from __future__ import annotations

from dataclasses import dataclass

from openward.calculate.injury.case import Cause, InjuryCase
from openward.calculate.injury.cumulation import Cumulated, cumulation
from openward.calculate.injury.prices import PriceEffects, price_effects
from openward.calculate.injury.table import Row, Triage, factor_table, triage
from openward.calculate.jurisdiction import rules
from openward.calculate.step import Step, Trail
from openward.errors import MissingDataError

LISTED = (
    "imports not dumped",
    "demand",
    "patterns of consumption",
    "restrictive practices",
    "competition among producers",
    "technology",
    "export performance",
    "productivity",
)
"""Other factors named in ADA art 3.5, in shorter words."""


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One other cause and what was found of it (non-attribution, ADA art 3.5).

    ``cause`` is None for a cause the Agreement names and the file does not: it is shown, as not examined.
    """

    factor: str
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class InjuryResult:
    """What an injury file gives.

    Attributes
    ----------
    table : tuple of Row
        Fifteen, always.
    not_given : tuple of str
        Factors with neither figures nor words: the Agreement asks for all.
    prices : PriceEffects or None
        None where the file has no prices.
    causes : tuple of CauseRow
    cumulated : tuple of Cumulated
    triage : Triage
    steps : tuple of Step
    """

    table: tuple[Row, ...]
    not_given: tuple[str, ...]
    prices: PriceEffects | None
    causes: tuple[CauseRow, ...]
    cumulated: tuple[Cumulated, ...]
    triage: Triage
    steps: tuple[Step, ...]


def calculate_injury(case: InjuryCase, *, jurisdiction: str | None = None) -> InjuryResult:
    """Calculate an injury file.

    Raises
    ------
    MissingDataError
        Origins are given without the jurisdiction or the total that tests them.
    """
    trail = Trail()
    table = factor_table(case)
    for row in table:
        if row.change is not None:
            trail.note(
                row.change,
                subject=row.factor.name,
                name=f"trend: {row.trend}",
                formula="last / first - 1",
                inputs={key: value for key, value in (row.values[0], row.values[-1]) if value is not None},
                unit="fraction",
                citation="ADA art 3.4",
            )
    prices = price_effects(case.prices, trail) if case.prices else None
    cumulated: tuple[Cumulated, ...] = ()
    if case.sources:
        name = jurisdiction or case.rules
        if name is None:
            raise MissingDataError("whose rules?", where="rules", hint="write rules: chn, or give --rules")
        cumulated = cumulation(
            case.sources,
            rules(name),
            trail,
            total_imports=case.total_imports,
            consumption=case.consumption,
        )
    return InjuryResult(
        table=table,
        not_given=tuple(row.factor.name for row in table if row.trend == "not given"),
        prices=prices,
        causes=_causes(case),
        cumulated=cumulated,
        triage=triage(table),
        steps=tuple(trail.steps),
    )


def _causes(case: InjuryCase) -> tuple[CauseRow, ...]:
    named = {one.factor for one in case.causes}
    missing = [CauseRow(factor, None) for factor in LISTED if factor not in named]
    return (*(CauseRow(one.factor, one) for one in case.causes), *missing)
