"""Indicators of the catalogue, as formulas ask for them."""

from __future__ import annotations

from typing import Any

from openward.claims.at_hand import AtHand
from openward.claims.claim import Datum
from openward.indicators.catalogue import find


def by_year(
    at: AtHand, name: str, *, economy: str, years: tuple[int, ...], **options: Any
) -> dict[int, float]:
    """Give an indicator of one economy by year.

    Raises
    ------
    UnknownCodeError
        No indicator has that name.
    MissingDataError
        Its tables are not at hand.
    """
    from openward.indicators.run import run

    entry = find(name)
    found = run(name, data=at.data, economies=(economy,), years=years, options=options)
    at.use(Datum(f"indicator {entry.name}: {entry.title}", found.source, found.vintage))
    return {int(row["year"]): float(row["value"]) for row in found.frame.iter_rows(named=True)}
