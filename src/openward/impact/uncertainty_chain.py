"""The chain of three laws for one draw: rates as claimed and as read, then the world before and after.

Equal to `openward.impact.worlds.solve_worlds` at the central values, but it touches only what a draw moves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from openward.book.model import Book, Instrument
from openward.determine.groups import GroupsOn
from openward.determine.table import RateTable, rate_table
from openward.impact.worlds import Laws
from openward.observe.worldpack import WorldPack
from openward.simulate.baseline import Array, Outcome, Shock
from openward.simulate.calibrate import calibrate
from openward.simulate.caliendo_parro import Closure, solve
from openward.simulate.draws import (
    ASSUMED_LOG_SD,
    UNVERIFIED_LOG_SD,
    ElasticityDraws,
    rate_draw,
    utilisation_draw,
)
from openward.simulate.lines import inclusive_shares, revenue_rate, step_lines

TOLERANCE = 1e-9
CUSTOMS_UNION = "EU27"


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """Rates of one law on goods, by class of lines.

    Attributes
    ----------
    rates : [N, N, G, S]
        As the law has them, every preference claimed.
    gap : [N, N, G, S]
        What is added where a preference is not claimed: most-favored rate less preferential rate.
    """

    rates: Array
    gap: Array


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Everything a worker needs to solve a draw.

    Attributes
    ----------
    pack : WorldPack
    goods : int array [G]
    laws : tuple of Law
        Of the baseline year, before, after; what is not known under a law and the one before it is held.
    weights : [N, G, S]
        Shares of the classes in imports of the industry, net of tariff.
    log_sd : [N, N, G]
        Spread of the rate.
    split : bool array [N, G]
        Industries of an importer with more than one class.
    closure : Closure
    name : str
    """

    pack: WorldPack
    goods: NDArray[np.intp]
    laws: tuple[Law, Law, Law]
    weights: Array
    log_sd: Array
    split: NDArray[np.bool_]
    closure: Closure
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """One point in the space of what is drawn.

    Attributes
    ----------
    theta : [J]
    claimed : [N]
        Share of eligible trade that claims its preference, by importer.
    errors : [N, G]
        Standard normal errors of the rates, by importer and industry; an error stays from law to law.
    """

    theta: Array
    claimed: Array
    errors: Array


def make_chain(
    book: Book,
    before: Book,
    after: Book,
    laws: Laws,
    *,
    pack: WorldPack,
    days: tuple[date, date, date],
    closure: Closure,
    name: str,
) -> Chain:
    """Prepare the laws of a study for draws.

    Parameters
    ----------
    book, before, after : Book
        The whole book and the two laws, as in `openward.impact.worlds.read_laws`.
    days : tuple of three dates
        On which the tables of ``laws`` were read.
    """
    laws.refuse_bans(where=name)
    goods = np.flatnonzero(laws.year.goods)
    tables = (laws.year, laws.before, laws.after)
    union = GroupsOn(before, days[1]).members(CUSTOMS_UNION)
    inside = np.array([code in union for code in pack.economies])
    found: list[Law] = []
    for table, law, day in zip(tables, (book, before, after), days, strict=True):
        gap = _gap(table, law, day)[:, :, goods]
        gap[np.ix_(inside, inside)] = 0.0
        here = Law(np.ascontiguousarray(table.rates[:, :, goods]), np.ascontiguousarray(gap))
        if found:
            known = (tables[len(found) - 1].known & table.known)[:, :, goods]
            last = found[-1]
            here = Law(np.where(known, here.rates, last.rates), np.where(known, here.gap, last.gap))
        found.append(here)
    assumed = laws.before.assumed | laws.after.assumed | laws.year.assumed
    doubtful = laws.before.unverified | laws.after.unverified | laws.year.unverified
    log_sd = np.where(assumed, ASSUMED_LOG_SD, np.where(doubtful, UNVERIFIED_LOG_SD, 0.0))
    weights = laws.year.shares[:, goods]
    return Chain(
        pack=pack,
        goods=goods,
        laws=(found[0], found[1], found[2]),
        weights=weights,
        log_sd=np.ascontiguousarray(log_sd[:, :, goods]),
        split=(weights > 0).sum(axis=2) > 1,
        closure=closure,
        name=name,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Solutions to begin from; they change the time, not the result."""

    to_before: Outcome
    step: Outcome


def solve_point(chain: Chain, point: Point, *, start: Start | None = None) -> tuple[Start, NDArray[np.bool_]]:
    """Solve the three laws at one point.

    Returns
    -------
    Start
        The two outcomes.
    moved : bool array [N, N, J]
        Cells whose rate moves in the last step.
    """
    to_before, shock, moved = last_step(chain, point, start=start)
    step = solve(
        to_before.after,
        shock,
        closure=chain.closure,
        tolerance=TOLERANCE,
        start=start.step if start else None,
    )
    return Start(to_before, step), moved


def last_step(
    chain: Chain, point: Point, *, start: Start | None = None
) -> tuple[Outcome, Shock, NDArray[np.bool_]]:
    """Solve up to the law before, and give the shock that is left, for any model."""
    year, before, after = (_drawn(law, chain, point) for law in chain.laws)
    N, J = len(chain.pack.economies), len(chain.pack.sectors)
    tariffs = np.zeros((N, N, J))
    first = year[..., 0].copy()
    n_split, g_split = np.nonzero(chain.split)
    drawn = year[n_split, :, g_split]
    inclusive = inclusive_shares(weights=chain.weights[n_split, g_split][:, None], rates=drawn)
    first[n_split, :, g_split] = revenue_rate(shares=inclusive, rates=drawn)
    tariffs[:, :, chain.goods] = first
    shares = np.zeros(year.shape)
    shares[..., 0] = 1.0
    shares[n_split, :, g_split] = inclusive
    world = calibrate(chain.pack, tariffs, theta=point.theta)
    shock, shares, _ = _step(chain, world.tariffs, shares, year, before, point.theta, "law before")
    to_before = solve(
        world, shock, closure=chain.closure, tolerance=TOLERANCE, start=start.to_before if start else None
    )
    shock, _, moved = _step(chain, to_before.after.tariffs, shares, before, after, point.theta, chain.name)
    return to_before, shock, moved


def central(chain: Chain, theta: Array) -> Point:
    """Give the point that a study without draws is at: every preference claimed, rates as read."""
    N, G = len(chain.pack.economies), len(chain.goods)
    return Point(theta, np.ones(N), np.zeros((N, G)))


def point_of(chain: Chain, spread: ElasticityDraws, *, seed: int, index: int) -> Point:
    """Draw a point: every source from the same index."""
    middle = central(chain, spread.theta)
    return Point(
        theta=spread.draw(seed=seed, index=index),
        claimed=utilisation_draw(len(middle.claimed), seed=seed, index=index),
        errors=rate_draw(middle.errors.shape, seed=seed, index=index),
    )


def _drawn(law: Law, chain: Chain, point: Point) -> Array:
    rates = law.gap * (1.0 - point.claimed)[:, None, None, None]
    rates += law.rates
    rates *= np.exp(chain.log_sd * point.errors[:, None])[..., None]
    return rates


def _step(
    chain: Chain, tariffs: Array, shares: Array, old: Array, new: Array, theta: Array, name: str
) -> tuple[Shock, Array, NDArray[np.bool_]]:
    moved = (old != new) & (shares > 0)
    cells = moved[..., 0].copy()
    for s in range(1, moved.shape[3]):
        cells |= moved[..., s]
    after, wedge, carried = tariffs.copy(), np.ones_like(tariffs), shares
    everywhere = np.zeros(tariffs.shape, dtype=bool)
    if cells.any():
        n, i, g = np.nonzero(cells)
        j = chain.goods[g]
        step = step_lines(shares=shares[cells], before=old[cells], after=new[cells], theta=theta[j])
        after[n, i, j], wedge[n, i, j] = step.revenue_rate, step.price_hat
        carried = shares.copy()
        carried[cells] = step.shares
        everywhere[n, i, j] = True
    return Shock(name=name, tariffs=after, price_wedge=wedge), carried, everywhere


def _gap(table: RateTable, law: Book, day: date) -> Array:
    """Give by how much the most-favored rate exceeds the preference [N, N, J, S]; 0 where unknown."""
    measures = {k: m for k, m in law.measures.items() if m.instrument is not Instrument.PREFERENTIAL_DUTY}
    plain = rate_table(
        replace(law, measures=measures), on=day, economies=table.economies, sectors=table.sectors
    )
    above = np.maximum(plain.rates - table.rates, 0.0)
    out: Array = np.where(table.preferred[..., None] & plain.known & table.known, above, 0.0)
    return out
