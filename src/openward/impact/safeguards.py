"""Part 3, safeguards: which industries shrink, who leans on whom, and what a stop of supply would cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from openward.codes.industries import industry
from openward.impact.result import DependencyRow, IndustryRow, SafeguardsPart, StressRow
from openward.impact.stress import largest_suppliers, supplier_stop
from openward.indicators.concentration import import_concentration
from openward.simulate.baseline import Outcome
from openward.simulate.caliendo_parro import Closure

MOST_INDUSTRIES = 20
MOST_DEPENDENCIES = 40
LARGEST_MOVERS = 10
# An industry below this output cannot be a headline: a large percent of next to nothing.
MATERIAL_OUTPUT_MUSD = 100.0
STRESS_NOTE = (
    "Each economy's three largest foreign suppliers (all goods and services, under the law before) stop "
    "selling to it; everybody adjusts prices, wages and suppliers. A medium-run loss of real income; the "
    "short run is worse."
)


def safeguards_part(
    outcome: Outcome,
    *,
    parties: frozenset[str],
    closure: Closure,
    stress: str,
    progress: Callable[[str, float], None],
) -> SafeguardsPart:
    """Gather the safeguards part: industries, import dependency, stress test under both laws."""
    industries = _industries(outcome)
    watched = () if stress == "none" else stress_set(outcome, parties=parties, everybody=stress == "all")
    return SafeguardsPart(
        falling=tuple(r for r in industries if r.output_volume_pct < 0)[:MOST_INDUSTRIES],
        rising=tuple(r for r in reversed(industries) if r.output_volume_pct > 0)[:MOST_INDUSTRIES],
        dependency=_dependency(outcome, parties),
        stress=_stress(outcome, watched, closure, progress),
        stress_note=STRESS_NOTE,
    )


def stress_set(outcome: Outcome, *, parties: frozenset[str], everybody: bool) -> tuple[int, ...]:
    """Give the economies to stress: the parties and the ten largest movers, or all."""
    codes = outcome.baseline.economies
    if everybody:
        return tuple(range(len(codes)))
    movers = np.argsort(-np.abs(outcome.real_income_pct), kind="stable")[:LARGEST_MOVERS]
    chosen = {n for n, code in enumerate(codes) if code in parties} | {int(n) for n in movers}
    return tuple(sorted(chosen))


def _industries(outcome: Outcome) -> list[IndustryRow]:
    """Give industries whose output moves, the deepest fall (in percent of volume) first."""
    world = outcome.baseline
    output = world.flows.sum(axis=0)
    rows = [
        IndustryRow(
            economy=world.economies[n],
            sector=world.sectors[j],
            sector_name=industry(world.sectors[j]).name,
            output_volume_pct=float(outcome.output_volume_pct[n, j]),
            output_musd=float(output[n, j]),
            output_change_musd=float(output[n, j] * outcome.output_volume_pct[n, j] / 100.0),
        )
        for n, j in np.argwhere((output >= MATERIAL_OUTPUT_MUSD) & (outcome.output_volume_pct != 0))
    ]
    return sorted(rows, key=lambda r: r.output_volume_pct)


def _dependency(outcome: Outcome, parties: frozenset[str]) -> tuple[DependencyRow, ...]:
    """Give the parties' goods industries in which concentration moves most, weighted by imports."""
    world = outcome.baseline
    before, after = import_concentration(flows=world.flows), import_concentration(flows=outcome.after.flows)
    moved = np.abs(after.hhi - before.hhi) * before.imports
    cells = [
        (n, j)
        for n, code in enumerate(world.economies)
        if code in parties
        for j, sector in enumerate(world.sectors)
        if industry(sector).goods and moved[n, j] > 0
    ]
    cells.sort(key=lambda c: -moved[c])
    return tuple(
        DependencyRow(
            economy=world.economies[n],
            sector=world.sectors[j],
            sector_name=industry(world.sectors[j]).name,
            top_before=world.economies[before.top[n, j]],
            top_share_before=float(before.top_share[n, j]),
            top_after=world.economies[after.top[n, j]],
            top_share_after=float(after.top_share[n, j]),
            hhi_before=float(before.hhi[n, j]),
            hhi_after=float(after.hhi[n, j]),
            imports_musd=float(before.imports[n, j]),
        )
        for n, j in cells[:MOST_DEPENDENCIES]
    )


def _stress(
    outcome: Outcome,
    watched: Sequence[int],
    closure: Closure,
    progress: Callable[[str, float], None],
) -> tuple[StressRow, ...]:
    rows = []
    for done, n in enumerate(watched):
        progress("stress test", done / len(watched))
        suppliers = largest_suppliers(outcome.baseline, n)
        before = supplier_stop(outcome.baseline, n, suppliers, closure=closure)
        after = (
            before
            if outcome.after is outcome.baseline
            else supplier_stop(outcome.after, n, suppliers, closure=closure)
        )
        rows.append(
            StressRow(
                economy=before.economy,
                suppliers=before.suppliers,
                loss_before_pct=before.loss_pct,
                loss_after_pct=after.loss_pct,
            )
        )
    return tuple(sorted(rows, key=lambda r: -r.loss_before_pct))
