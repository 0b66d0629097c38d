"""Which tariffs to cut first: welfare per dollar of revenue lost, or of wages at risk, by one gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from openward.book.loading import load
from openward.book.reform import freeze
from openward.errors import InputError
from openward.impact.worlds import read_laws, solve_worlds
from openward.observe.worldpack import load_world
from openward.simulate.baseline import Array, Baseline
from openward.simulate.elasticities import elasticities
from openward.simulate.gradient.derivative import gradients
from openward.simulate.gradient.goal import Goal

POINT = 0.01
"""Effects are of one percentage point less."""
SMALLEST_TRADE = 1.0
"""Million USD: cells with less trade are left out."""


@dataclass(frozen=True, slots=True)
class Line:
    """One tariff of the importer, and what a percentage point less would do (million USD a year).

    ``gain_per_revenue`` is empty where a cut costs no revenue (it pays for itself); ``gain_per_wages`` where
    the industry at home does not shrink.
    """

    rank: int
    exporter: str
    sector: str
    rate: float
    trade_musd: float
    welfare_gain_musd: float
    world_gain_musd: float
    revenue_lost_musd: float
    wages_at_risk_musd: float
    gain_per_revenue: float | None
    gain_per_wages: float | None


@dataclass(frozen=True, slots=True)
class LinesFirst:
    """Tariffs in the order in which to cut them."""

    importer: str
    book: str
    on: date
    per: str
    lines: tuple[Line, ...]
    left_out: int
    residual: float


def lines_first(
    book: str = "chn",
    *,
    importer: str | None = None,
    on: date | None = None,
    per: str = "revenue",
    partners: Sequence[str] = (),
    closure: str = "fixed",
) -> LinesFirst:
    """Rank the tariffs of an importer.

    Parameters
    ----------
    book : str
        Name or folder.
    importer : str, optional
        The book's economy by default.
    on : date, optional
        Day of the law; the last day the book covers by default.
    per : {"revenue", "wages"}
        Welfare per dollar of tariff revenue lost, or of wages in the competing industry at home (jobs at
        constant shares).
    partners : sequence of str
        Only these exporters; all by default.
    closure : str

    Raises
    ------
    InputError
        Unknown importer, partner or measure; nothing to cut.
    """
    if per not in ("revenue", "wages"):
        raise InputError(f"no ranking per {per!r}", where="--per", hint="revenue or wages")
    law = load(book)
    day = on or law.covered_to
    pack = load_world()
    frozen = freeze(law, day)
    laws = read_laws(law, frozen, frozen, pack=pack, on=day)
    theta = elasticities("caliendo-parro", sectors=pack.sectors)
    closed = solve_worlds(pack, laws, theta=theta, closure=closure, name="law").to_before  # type: ignore[arg-type]
    buyer = importer or law.economy
    wanted = (buyer, *partners)
    if unknown := [code for code in wanted if code not in pack.economies]:
        raise InputError(
            "not in the baseline: " + ", ".join(unknown), hint="economies are ISO alpha-3 codes such as CHN"
        )
    lines, left_out, residual = _rank(closed.after, buyer, per=per, partners=partners, closure=closure)
    return LinesFirst(buyer, law.name, day, per, lines, left_out, residual)


def _rank(
    world: Baseline, buyer: str, *, per: str, partners: Sequence[str], closure: str
) -> tuple[tuple[Line, ...], int, float]:
    n = world.economies.index(buyer)
    cells = (world.tariffs[n] > 0) & (world.flows[n] > 0)
    if partners:
        cells &= np.isin(np.array(world.economies), list(partners))[:, None]
    small = cells & (world.flows[n] < SMALLEST_TRADE)
    cells &= ~small
    if not cells.any():
        raise InputError(
            f"{buyer} levies no tariff there: nothing to cut", where=world.name, hint="ask for other partners"
        )
    gain, everybody, revenue, wages, residual = _effects(world, n, cells, closure)
    made = []
    for i, j in np.argwhere(cells):
        lost, risk = float(revenue[i, j]), float(wages[i, j])
        made.append(
            Line(
                rank=0,
                exporter=world.economies[i],
                sector=world.sectors[j],
                rate=float(world.tariffs[n, i, j]),
                trade_musd=float(world.flows[n, i, j]),
                welfare_gain_musd=float(gain[i, j]),
                world_gain_musd=float(everybody[i, j]),
                revenue_lost_musd=lost,
                wages_at_risk_musd=risk,
                gain_per_revenue=float(gain[i, j]) / lost if lost > 0 else None,
                gain_per_wages=float(gain[i, j]) / risk if risk > 0 else None,
            )
        )
    made.sort(key=lambda line: _order(line, per))
    ranked = tuple(_numbered(line, at + 1) for at, line in enumerate(made))
    return ranked, int(small.sum()), residual


def _effects(
    world: Baseline, n: int, cells: np.ndarray, closure: str
) -> tuple[Array, Array, Array, Array, float]:
    """Give effects [N, J] of a point less by cell: own and world welfare, revenue lost, wages at risk."""
    N, J = world.final.shape
    output = world.flows.sum(axis=0)
    paid = world.value_added * output
    revenue = (world.flows * world.tariffs).sum(axis=(1, 2))
    income = paid.sum(axis=1) + revenue + world.deficits
    own = np.zeros(N)
    own[n] = income[n]
    money = np.zeros(N)
    money[n] = 1.0
    sectors = np.flatnonzero(cells.any(axis=0) & (output[n] > 0))
    goals = [Goal(real_income=own), Goal(real_income=income), Goal(revenue=money)]
    for j in sectors:
        weight = np.zeros((N, J))
        weight[n, j] = paid[n, j]
        goals.append(Goal(output=weight))
    found = gradients(world, goals, closure=closure)
    wages = np.zeros((N, J))
    for at, j in enumerate(sectors):
        wages[:, j] = POINT * found[3 + at].tariff[n, :, j]
    return (
        -POINT * found[0].tariff[n],
        -POINT * found[1].tariff[n],
        POINT * found[2].tariff[n],
        wages,
        max(one.residual for one in found),
    )


def _order(line: Line, per: str) -> tuple[int, float]:
    """First what gains and costs nothing, then by ratio; last what loses."""
    ratio = line.gain_per_revenue if per == "revenue" else line.gain_per_wages
    if line.welfare_gain_musd <= 0:
        return (2, -line.welfare_gain_musd)
    return (0, -line.welfare_gain_musd) if ratio is None else (1, -ratio)


def _numbered(line: Line, rank: int) -> Line:
    from dataclasses import replace

    return replace(line, rank=rank)
