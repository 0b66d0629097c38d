"""Compare a trade table with one that is known: which way round it is, and in which unit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from openward.observe.audit.finding import Finding, Severity

MINIMUM_PAIRS = 20
"""Fewer pairs in common say nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """Trade by pair of economies that is taken to be right.

    Attributes
    ----------
    pairs : DataFrame
        ``exporter, importer, value`` in thousand USD a year.
    name : str
        Printed in messages.
    year : int
        Single flows are compared within five years of it.
    """

    pairs: pl.DataFrame
    name: str
    year: int


def orientation(pairs: pl.DataFrame, *, reference: Reference, where: str) -> Iterator[Finding]:
    """Find a table whose exporters are importers.

    Where both directions are there, the balance of a pair, ln(v_ij / v_ji), must go with the known one.
    Where only one is, a flow less the mean of the pair's two flows in the reference must; that is weaker
    evidence (wrong for 3 of 79 exporters in 2020), so it only warns.
    """
    both = pairs.filter(pl.col("value") > 0)
    known = _sides(reference.pairs.filter(pl.col("value") > 0))
    sides = _sides(both).join(known, on=["exporter", "importer"], suffix="_known")
    if sides.height >= MINIMUM_PAIRS:
        fit, least, severity = _correlation(sides["half"], sides["half_known"]), -0.1, Severity.REFUSE
        said = f"balances of {sides.height // 2} pairs correlate {fit:+.2f}"
    else:
        lone = both.join(known, on=["exporter", "importer"])
        fit = _correlation(lone["value"].log() - lone["middle"], lone["half"])
        least, severity = -0.2, Severity.WARN
        said = f"flows of {lone.height} pairs correlate {fit:+.2f} with the balances"
    if fit < least:
        sure = "are" if severity is Severity.REFUSE else "may be"
        yield Finding(
            kind="orientation",
            severity=severity,
            where=where,
            rows=pairs.height,
            message=f"exporter and importer {sure} swapped: {said} of {reference.name}",
            hint="exchange the two columns; in a table of imports the reporter is the importer",
        )


def unit(pairs: pl.DataFrame, *, reference: Reference, where: str) -> Iterator[Finding]:
    """Find values that are a thousand, or a million, times too large or too small."""
    both = pairs.join(reference.pairs, on=["exporter", "importer"], suffix="_known")
    both = both.filter((pl.col("value") > 0) & (pl.col("value_known") > 0))
    if both.height < MINIMUM_PAIRS:
        return
    ratio = float(both.select(pl.col("value").sum() / pl.col("value_known").sum()).item())
    slip = slipped(ratio)
    if slip:
        looks = {3: "USD", -3: "million USD", -6: "billion USD"}.get(slip, f"thousand USD times 1e{slip}")
        yield Finding(
            kind="unit",
            severity=Severity.REFUSE,
            where=f"{where}: value",
            rows=pairs.height,
            message=(
                f"values are {ratio:.3g} times those of {reference.name} over {both.height} pairs: they look "
                f"like {looks}, thousand USD is expected"
            ),
            hint=f"multiply by 1e{-slip}",
        )


def far_from(pairs: pl.DataFrame, *, reference: Reference, where: str) -> Iterator[Finding]:
    """Find large flows that differ from the reference by more than ten times."""
    both = pairs.join(
        reference.pairs, on=["exporter", "importer"], how="full", coalesce=True, suffix="_known"
    )
    if pairs.join(reference.pairs, on=["exporter", "importer"]).height < MINIMUM_PAIRS:
        return
    least = 1e-4 * float(reference.pairs["value"].sum())
    high = pl.max_horizontal(pl.col("value").fill_null(0), pl.col("value_known").fill_null(0))
    low = pl.min_horizontal(pl.col("value").fill_null(0), pl.col("value_known").fill_null(0))
    there = pl.lit(True)
    for column in ("exporter", "importer"):
        shared = set(pairs[column].to_list()) & set(reference.pairs[column].to_list())
        there = there & pl.col(column).is_in(sorted(shared))
    far = both.filter(there & (high > least) & (high > 10 * low)).sort(high, descending=True)
    if far.height:
        first = "; ".join(
            f"{row['exporter']} to {row['importer']} {row['value'] or 0:,.0f}"
            f", there {row['value_known'] or 0:,.0f}"
            for row in far.head(3).iter_rows(named=True)
        )
        yield Finding(
            kind="mirror-gap",
            severity=Severity.WARN,
            where=where,
            rows=far.height,
            message=f"{far.height} large flows differ more than ten times from {reference.name}: {first}",
            hint="entrepot trade, secret trade, or a code that means another economy",
        )


def slipped(ratio: float) -> int:
    """Give the power of a thousand by which a ratio has slipped: -6, -3, 0, 3 or 6.

    Prices and growth move a flow by less than ten times between the years that are compared.
    """
    if not ratio > 0:
        return 0
    power = math.log10(ratio)
    return next((slip for slip in (-6, -3, 3, 6) if abs(power - slip) < 1.0), 0)


def _sides(pairs: pl.DataFrame) -> pl.DataFrame:
    """Give for every flow the mean of the pair's two flows and half their difference, in logarithms."""
    back = pairs.rename({"exporter": "importer", "importer": "exporter"}).select(
        "exporter", "importer", "value"
    )
    both = pairs.join(back, on=["exporter", "importer"], suffix="_back")
    there, other = pl.col("value").log(), pl.col("value_back").log()
    return both.select("exporter", "importer", middle=(there + other) / 2, half=(there - other) / 2)


def _correlation(one: pl.Series, other: pl.Series) -> float:
    if len(one) < MINIMUM_PAIRS or one.std() == 0 or other.std() == 0:
        return 0.0
    found = pl.select(pl.corr(one.cast(pl.Float64), other.cast(pl.Float64))).item()
    return float(found) if found is not None and math.isfinite(found) else 0.0
