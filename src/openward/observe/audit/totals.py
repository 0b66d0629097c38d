"""Totals hidden among their parts: a row that equals the sum of all others of its group."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from openward.observe.audit.finding import Finding, Severity, examples

CLOSE = 1e-4
"""Relative distance at which a row counts as the sum of the others; single precision and rounding fit in."""


def hidden_totals(frame: pl.LazyFrame, *, group: tuple[str, ...], part: str, where: str) -> Iterator[Finding]:
    """Find members of a column that are, group by group, the sum of the other members.

    A member is named where it is the sum in most of the groups of at least four rows that it is in, and in
    five of them or more; in fewer groups only where every one of them has ten rows or more.

    Parameters
    ----------
    frame : LazyFrame
        With `group`, `part` and ``value``; one row a group and part.
    group : tuple of str
    part : str
        Column of the members.
    where : str
    """
    keys = list(group)
    sums = frame.group_by(keys).agg(pl.col("value").sum().alias("sum"), pl.len().alias("size"))
    big = sums.filter((pl.col("size") >= 4) & (pl.col("sum") > 0))
    is_sum = (2 * pl.col("value") - pl.col("sum")).abs() <= CLOSE * pl.col("sum")
    members = (
        frame.join(big, on=keys)
        .group_by(part)
        .agg(
            is_sum.sum().alias("times"),
            pl.len().alias("groups"),
            pl.col("size").filter(is_sum).min().alias("least"),
        )
        .filter((pl.col("times") > 0) & (pl.col("times") >= 0.5 * pl.col("groups")))
        .filter((pl.col("times") >= 5) | (pl.col("least") >= 10))
        .sort("times", descending=True)
        .collect(engine="streaming")
    )
    if members.height:
        yield Finding(
            kind="totals",
            severity=Severity.REFUSE,
            where=f"{where}: {part}",
            rows=int(members["times"].sum()),
            message=(
                f"{examples(members[part].to_list())} equals the sum of the others in {members['times'][0]} "
                f"of {members['groups'][0]} groups of {', '.join(keys)}: a total is hidden among its parts"
            ),
            hint=f"leave the total out, or every sum over {part} counts double",
        )


def suspects(by_exporter: pl.DataFrame) -> list[str]:
    """Give the products that could be a total: about half of the trade of a fifth of the exporters.

    A product that is nowhere near half cannot be the sum of the others, so the rows are not looked at.
    """
    total = pl.col("value").sum().over("exporter")
    near = (pl.col("value") / total - 0.5).abs() < 0.02
    exporters = by_exporter["exporter"].n_unique()
    found = by_exporter.filter(near).group_by("product").len().filter(pl.col("len") >= 0.2 * exporters)
    return [str(code) for code in found["product"].to_list()]
