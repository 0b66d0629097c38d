"""``openward smart``: trade creation, diversion, revenue and welfare, line by line."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from openward.cli.options import Format, FormatOption


class By(StrEnum):
    """What effects are summed over."""

    LINE = "line"
    PRODUCT = "product"
    PARTNER = "partner"
    TOTAL = "total"


def smart(
    table: Annotated[
        Path,
        typer.Argument(
            help="Table of lines (.parquet or .csv): product, partner, imports, rate_before, rate_after."
        ),
    ],
    by: Annotated[By, typer.Option("--by", help="line, product, partner or total.")] = By.PARTNER,
    demand_elasticity: Annotated[
        float | None, typer.Option(help="Of imports, zero or less, where the table has no such column.")
    ] = None,
    substitution: Annotated[float, typer.Option(help="Between suppliers, where there is no column.")] = 1.5,
    supply_elasticity: Annotated[
        float, typer.Option(help="Of exports, where there is no column; inf: the world price stands.")
    ] = 99.0,
    utilization: Annotated[
        float, typer.Option(help="Share of imports that takes a lower rate, where there is no column.")
    ] = 1.0,
    threshold: Annotated[
        float, typer.Option(help="Cuts below this are not claimed; a fraction: 0.02 is two points.")
    ] = 0.0,
    format: FormatOption = Format.TABLE,
    quiet: Annotated[bool, typer.Option("--quiet", help="No notes on standard error.")] = False,
) -> None:
    """Work out the effects of new rates on tariff lines, one importer, partial equilibrium."""
    from openward.cli.output import print_json, print_rows, say
    from openward.simulate.smart_table import SmartOptions, read_smart
    from openward.simulate.smart_table import smart as work_out

    options = SmartOptions(demand_elasticity, substitution, supply_elasticity, utilization, threshold)
    result = work_out(read_smart(table), options)
    for note in result.notes:
        say(f"note: {note}", quiet=quiet)
    keys = {By.PRODUCT: ("product",), By.PARTNER: ("partner",), By.TOTAL: ()}
    rows = (result.lines if by is By.LINE else result.by(*keys[by])).to_dicts()
    if format is Format.JSON:
        print_json({"model": "smart", "by": by.value, "notes": list(result.notes), "rows": rows})
        return
    print_rows(rows, format, title=f"SMART by {by.value}: {table.name}")
