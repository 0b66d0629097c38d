"""One package tried: the world under it, what parties gain, and the slope of everything to every lever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from openward.simulate.baseline import Array, Baseline, Outcome, Shock
from openward.simulate.caliendo_parro import solve
from openward.simulate.gradient.derivative import gradients
from openward.simulate.gradient.goal import Goal
from openward.simulate.negotiate.table import Levers, Party, Table

SMALLEST_GAIN = 1e-9
"""In percent: below it the logarithm of a gain goes on in a straight line."""
TOLERANCE = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A package tried.

    Attributes
    ----------
    outcome : Outcome
    gain : [P]
        Real income of each party, percent: change at prices before, over its income before.
    revenue : [P]
        Tariff revenue over that before.
    objective : float
        Percent.
    objective_slope : [M]
    slack : [K]
        Of the constraints, percent.
    slack_slope : [K, M]
    """

    outcome: Outcome
    gain: Array
    revenue: Array
    objective: float
    objective_slope: Array
    slack: Array
    slack_slope: Array


class Trials:
    """Packages tried on one world; the last one is remembered.

    Parameters
    ----------
    table : Table
    moves : Levers
    world : Baseline
        In equilibrium.
    closure : str
    report : callable, optional
        Told the objective after each solution.
    """

    __slots__ = (
        "_closure",
        "_income",
        "_key",
        "_last",
        "_moves",
        "_report",
        "_revenue",
        "_table",
        "_world",
        "solutions",
    )

    def __init__(
        self,
        table: Table,
        moves: Levers,
        world: Baseline,
        *,
        closure: str,
        report: Callable[[str], None] | None = None,
    ) -> None:
        self._table, self._moves, self._closure, self._report = table, moves, closure, report
        settled = solve(world, Shock(name="before"), closure=closure, tolerance=TOLERANCE)
        self._world = settled.after
        revenue = settled.tariff_revenue_after
        earned = (self._world.value_added * self._world.flows.sum(axis=0)).sum(axis=1)
        self._income: Array = np.asarray(earned + revenue + self._world.deficits)
        self._revenue = revenue
        self._key: bytes = b""
        self._last: Trial | None = None
        self.solutions = 0

    @property
    def world(self) -> Baseline:
        """The world before."""
        return self._world

    @property
    def income(self) -> Array:
        """Final spending before [N]."""
        return self._income

    @property
    def constraint_names(self) -> tuple[str, ...]:
        """One name a constraint, in the order of ``Trial.slack``."""
        names = []
        for party in self._table.parties:
            if self._table.each_member and len(party.members) > 1:
                names += [f"{code} no worse off ({party.name})" for code in party.members]
            else:
                names.append(f"{party.name} no worse off")
        names += [
            f"{p.name} keeps {p.revenue_floor:.0%} of revenue" for p in self._table.parties if self._floor(p)
        ]
        return tuple(names)

    def _floor(self, party: Party) -> bool:
        return party.revenue_floor > 0

    def solve(self, x: Array) -> Outcome:
        """Solve the world under a package."""
        tariffs, costs = self._moves.policies(x, self._world)
        self.solutions += 1
        start = None if self._last is None else self._last.outcome
        return solve(
            self._world,
            Shock("package", tariffs=tariffs, trade_costs=costs),
            closure=self._closure,
            tolerance=TOLERANCE,
            start=start,
        )

    def gains(self, outcome: Outcome) -> tuple[Array, Array]:
        """Give percent gain and revenue ratio by party."""
        gain, kept = [], []
        for at in self._moves.members:
            gain.append((self._income[at] * outcome.real_income_pct[at]).sum() / self._income[at].sum())
            before = self._revenue[at].sum()
            kept.append(outcome.tariff_revenue_after[at].sum() / before if before > 0 else 1.0)
        return np.array(gain), np.array(kept)

    def at(self, x: Array) -> Trial:
        """Try a package."""
        key = np.asarray(x, dtype=float).tobytes()
        if self._last is not None and key == self._key:
            return self._last
        outcome = self.solve(np.clip(x, 0.0, self._moves.limit))
        trial = self._differentiate(outcome)
        self._key, self._last = key, trial
        if self._report is not None:
            self._report(f"world {self.solutions}: objective {trial.objective:+.7f} %")
        return trial

    def _differentiate(self, outcome: Outcome) -> Trial:
        parties, N = self._table.parties, len(self._income)
        level = 1.0 + outcome.real_income_pct / 100.0
        gain, kept = self.gains(outcome)
        goals, slack = [], []
        party_goals = []
        for party, at in zip(parties, self._moves.members, strict=True):
            whole = np.zeros(N)
            whole[at] = 100.0 * self._income[at] * level[at] / self._income[at].sum()
            party_goals.append(whole)
            if self._table.each_member and len(party.members) > 1:
                for n in at:
                    one = np.zeros(N)
                    one[n] = 100.0 * level[n]
                    goals.append(Goal(real_income=one))
                    slack.append(outcome.real_income_pct[n])
            else:
                goals.append(Goal(real_income=whole))
                slack.append(gain[len(party_goals) - 1])
        for p, (party, at) in enumerate(zip(parties, self._moves.members, strict=True)):
            if self._floor(party):
                money = np.zeros(N)
                money[at] = 100.0 / max(float(self._revenue[at].sum()), np.finfo(float).tiny)
                goals.append(Goal(revenue=money))
                slack.append(100.0 * (kept[p] - party.revenue_floor))
        objective, worth = self._objective(gain)
        combined = np.einsum("p,pn->n", worth, np.stack(party_goals))
        found = gradients(outcome.after, (Goal(real_income=combined), *goals), closure=self._closure)
        # A tariff moves revenue and price together, a trade cost only the price.
        slopes = [self._moves.collect(each.tariff, each.trade_costs, self._world) for each in found]
        return Trial(outcome, gain, kept, objective, slopes[0], np.array(slack), np.stack(slopes[1:]))

    def _objective(self, gain: Array) -> tuple[float, Array]:
        """Give the objective and its derivative to the parties' gains in percent."""
        parties = self._table.parties
        if self._table.objective == "joint":
            share = np.array([self._income[at].sum() for at in self._moves.members])
            share = share / share.sum()
            return float(share @ gain), share
        share = np.array([party.weight for party in parties])
        share = share / share.sum()
        if self._table.objective == "weighted":
            return float(share @ gain), share
        safe = np.maximum(gain, SMALLEST_GAIN)
        value = float(np.exp(share @ np.log(safe)))
        return value, value * share / safe
