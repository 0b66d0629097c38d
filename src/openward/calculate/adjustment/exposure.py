"""Exposure of a region's workers to imports."""

from __future__ import annotations

from fractions import Fraction

from openward.calculate.adjustment.case import AdjustmentCase
from openward.calculate.step import Trail


def exposures(case: AdjustmentCase, trail: Trail) -> dict[str, Fraction]:
    """Give each region's exposure per worker, in currency, largest first.

    ``sum_j (L_ij / L_i) (change of imports_j / L_j)`` (Autor, Dorn and Hanson 2013, equation 3).
    """
    shocks = {one.industry: one.imports_change / one.workers for one in case.shocks}
    found: dict[str, Fraction] = {}
    for region, total in case.total_workers.items():
        rows = [one for one in case.employment if one.region == region]
        value = sum((one.workers / total * shocks[one.industry] for one in rows), Fraction(0))
        trail.note(
            value,
            subject=region,
            name="exposure per worker",
            formula="sum(workers / all of the region * rise of imports / workers of the industry)",
            inputs=tuple((one.industry, one.workers / total * shocks[one.industry]) for one in rows),
            unit=f"{case.currency} per worker",
            citation="Autor, Dorn and Hanson (2013), equation 3",
        )
        found[region] = value
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
