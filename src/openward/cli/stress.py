"""``openward stress``: what is lost when suppliers stop, month by month and year by year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import Format, FormatOption

if TYPE_CHECKING:
    from openward.simulate.baseline import Baseline


def stress(
    partner: Annotated[list[str], typer.Option("--partner", help="Who stops selling; may be repeated.")],
    economy: Annotated[str | None, typer.Option("--economy", help="To whom only.")] = None,
    sector: Annotated[list[str] | None, typer.Option("--sector", help="What only; may be repeated.")] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="Folder with a baseline (default: the shipped world).")
    ] = None,
    inventory_days: Annotated[
        float, typer.Option(help="Days of normal use that buyers hold of every input.", min=0)
    ] = 30.0,
    months: Annotated[int, typer.Option(help="Months followed without substitution.", min=1)] = 12,
    essential: Annotated[
        float, typer.Option(help="Least share of an input in output that makes it indispensable.")
    ] = 0.01,
    short: Annotated[
        float, typer.Option(help="Trade elasticities of the first year over the long run's.")
    ] = 0.38,
    rows: Annotated[int, typer.Option(help="Economies shown, those that lose most.", min=1)] = 15,
    format: FormatOption = Format.TABLE,
    quiet: Annotated[bool, typer.Option("--quiet", help="No notes on standard error.")] = False,
) -> None:
    """Stop suppliers: value added without substitution, real income with it."""
    import numpy as np

    from openward.cli.output import print_json, print_rows, say
    from openward.simulate.stress import cut_off, months_after, stopped_flows, years_after

    world = _world(baseline)
    partners = tuple(code.upper() for code in partner)
    to = economy.upper() if economy else None
    stop = stopped_flows(world, partners=partners, economy=to, sectors=tuple(sector or ()))
    early = months_after(world, stop, inventory_days=inventory_days, months=months, essential=essential)
    later = years_after(world, stop, short=short)
    value = float(world.flows[stop].sum())
    notes: tuple[str, ...] = (
        f"{int(stop.sum())} flows stop, {value:.6g} a year in the unit of {world.name}.",
        f"Months: no substitution, {inventory_days:g} days of inventories: an upper bound. Years: trade "
        f"elasticities from {short:g} of the long run's to all of them in year 10: everything else adjusts.",
    )
    if (cut_off(world, stop) & ~stop).any():
        notes += (
            "Who can sell nothing abroad cannot pay: in the years its purchases stop as well, "
            "and trade is balanced.",
        )
    for note in notes:
        say(f"note: {note}", quiet=quiet)
    shown = [m for m in (1, 3, 6, 12) if m <= months]
    table = []
    for n in np.argsort(np.array(later[0].real_income_pct), kind="stable")[:rows]:
        row: dict[str, object] = {"economy": world.economies[n]}
        for month in shown:
            row[f"value_added_month_{month}_pct"] = float(early.value_added_pct[month - 1, n])
        for year in later:
            row[f"real_income_year_{year.year}_pct"] = year.real_income_pct[n]
        table.append(row)
    if format is Format.JSON:
        print_json(
            {
                "stopped": {
                    "partners": list(partners),
                    "economy": to,
                    "sectors": sector or [],
                    "value": value,
                },
                "notes": list(notes),
                "economies": table,
            }
        )
        return
    print_rows(table, format, title=f"{', '.join(partners)} stops: {world.name}")


def _world(baseline: Path | None) -> Baseline:
    if baseline is not None:
        from openward.simulate.baseline_dir import read_baseline

        return read_baseline(baseline)
    from datetime import date

    from openward.book import load
    from openward.determine.table import rate_table
    from openward.observe.worldpack import load_world
    from openward.simulate.calibrate import calibrate
    from openward.simulate.elasticities import elasticities
    from openward.simulate.lines import revenue_rates

    pack = load_world()
    law = rate_table(load("chn"), on=date(pack.year, 7, 1), economies=pack.economies, sectors=pack.sectors)
    return calibrate(pack, revenue_rates(law), theta=elasticities("caliendo-parro", sectors=pack.sectors))
