"""Reports of the same flow by both sides: what the importer says beside what the exporter says."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from openward.observe.audit.finding import Finding, Severity


def mirror_gaps(frame: pl.LazyFrame, *, where: str) -> Iterator[Finding]:
    """Compare imports, valued CIF, with the exports of the partner, valued FOB.

    Parameters
    ----------
    frame : LazyFrame
        ``reporter, flow, partner, value``; flow is import or export.
    where : str

    Notes
    -----
    Freight and insurance put the import 3 to 10 % above the export. A median below one over many pairs means
    that the flows carry each other's name.
    """
    flows = frame.group_by("reporter", "flow", "partner").agg(pl.col("value").sum())
    imports = flows.filter(pl.col("flow") == "import").select(
        exporter="partner", importer="reporter", cif="value"
    )
    exports = flows.filter(pl.col("flow") == "export").select(
        exporter="reporter", importer="partner", fob="value"
    )
    both = imports.join(exports, on=["exporter", "importer"]).filter(
        (pl.col("cif") > 0) & (pl.col("fob") > 0)
    )
    found = both.with_columns(ratio=pl.col("cif") / pl.col("fob")).collect()
    if found.is_empty():
        return
    middle = float(found["ratio"].median() or 1.0)  # type: ignore[arg-type]
    if found.height >= 10 and middle < 0.97:
        yield Finding(
            kind="orientation",
            severity=Severity.WARN,
            where=where,
            rows=found.height,
            message=(
                f"imports are {middle:.2f} times the partner's exports over {found.height} pairs; "
                "with freight and insurance they should be above: the flows may be swapped"
            ),
            hint="look which flow the reporter's imports are filed under",
        )
    wide = found.filter((pl.col("ratio") > 2) | (pl.col("ratio") < 0.5)).sort("cif", descending=True)
    if wide.height:
        first = "; ".join(
            f"{row['exporter']} to {row['importer']} {row['cif']:,.0f} imported, {row['fob']:,.0f} exported"
            for row in wide.head(3).iter_rows(named=True)
        )
        yield Finding(
            kind="mirror-gap",
            severity=Severity.WARN,
            where=where,
            rows=wide.height,
            message=f"the two sides differ more than twice on {wide.height} of {found.height} pairs: {first}",
            hint="transit, re-exports or misinvoicing; say which side's report a figure uses",
        )
