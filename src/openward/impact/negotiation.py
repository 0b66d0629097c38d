"""A negotiation under a law: the package found, what each party gave and got, and what it cost the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from openward.book.loading import load
from openward.book.reform import freeze
from openward.codes.groups import members, memberships
from openward.errors import InputError
from openward.impact.negotiation_spec import NegotiationSpec, read_spec
from openward.impact.worlds import read_laws, solve_worlds
from openward.observe.worldpack import load_world
from openward.simulate.baseline import Baseline, Outcome
from openward.simulate.elasticities import elasticities
from openward.simulate.negotiate.bargain import Bargain, bargain
from openward.simulate.negotiate.table import Levers, Party, Table, levers
from openward.simulate.negotiate.trial import Trials

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PartyRow:
    """What a party gave and got. Money in million USD of the baseline year."""

    party: str
    real_income_pct: float
    real_income_musd: float
    gave_revenue_musd: float
    got_relief_musd: float
    average_cut_pct: float
    average_cut_met_pct: float
    revenue_before_musd: float
    revenue_after_musd: float
    exports_to_parties_pct: float
    imports_from_parties_pct: float


@dataclass(frozen=True, slots=True)
class CellRow:
    """One tariff of the package: average applied rates of an importer on a partner's industry, fractions."""

    importer: str
    exporter: str
    sector: str
    rate_before: float
    rate_after: float
    trade_cost_cut: float
    trade_musd: float


@dataclass(frozen=True, slots=True)
class ConstraintRow:
    """A constraint, its slack in percent, and what easing it by one unit is worth to the objective."""

    constraint: str
    slack_pct: float
    binds: bool
    shadow_price: float


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Real income of one economy under the package."""

    economy: str
    party: str
    real_income_pct: float
    full_cut_pct: float


@dataclass(frozen=True, slots=True)
class StageRow:
    """The package in one year of its staging."""

    year: int
    part: float
    party: str
    real_income_pct: float


@dataclass(frozen=True, slots=True, eq=False)
class Negotiation:
    """A package and its evidence."""

    name: str
    title: dict[str, str]
    book: str
    on: date
    objective: str
    objective_pct: float
    sentence: str
    parties: tuple[PartyRow, ...]
    members: tuple[MemberRow, ...]
    outsiders: tuple[MemberRow, ...]
    cells: tuple[CellRow, ...]
    constraints: tuple[ConstraintRow, ...]
    stages: tuple[StageRow, ...]
    levers: int
    promised: float
    spread: float
    violation: float
    iterations: int
    solutions: int
    starts: int
    residual: float
    seconds: float
    notes: tuple[str, ...]


def _silent(stage: str) -> None:
    """Say nothing."""


def negotiate(spec: str | Path | NegotiationSpec, *, progress: Progress = _silent) -> Negotiation:
    """Search for a package of cuts under the law of a day.

    Parameters
    ----------
    spec : path, name of a shipped case, or NegotiationSpec
    progress : callable
        Told what is being done.

    Raises
    ------
    InputError, InputErrors
        The specification, names in it, or nothing to cut.
    NotConvergedError
        No package that meets every constraint, or a search that stopped short.
    """
    began = time.perf_counter()
    asked = spec if isinstance(spec, NegotiationSpec) else read_spec(spec)
    progress("reading the law")
    book = load(asked.book)
    on = asked.on or book.covered_to
    pack = load_world()
    frozen = freeze(book, on)
    laws = read_laws(book, frozen, frozen, pack=pack, on=on)
    theta = elasticities(asked.elasticities, sectors=pack.sectors)
    world = solve_worlds(pack, laws, theta=theta, closure=asked.closure, name=asked.name).to_before.after
    goods = tuple(code for code, taxed in zip(pack.sectors, laws.before.goods, strict=True) if taxed)
    table = _table(asked, world, goods, on)
    moves = levers(table, world)
    trials = Trials(table, moves, world, closure=asked.closure, report=progress)
    progress(f"{moves.size} levers, {len(trials.constraint_names)} constraints")
    found = bargain(table, moves, trials)
    outcome, full = trials.solve(found.x), trials.solve(moves.limit)
    return _write(
        asked, table, moves, trials, found, outcome, full, on=on, seconds=time.perf_counter() - began
    )


def _table(asked: NegotiationSpec, world: Baseline, goods: tuple[str, ...], on: date) -> Table:
    return Table(
        parties=tuple(
            Party(
                name=party.name,
                members=_members(party.economies, world, on, party.name),
                sensitive=tuple(party.sensitive),
                maximum_cut=party.maximum_cut,
                revenue_floor=party.revenue_floor,
                weight=party.weight,
            )
            for party in asked.parties
        ),
        objective=asked.objective,
        sectors=tuple(asked.cuts.sectors) or goods,
        trade_cost_cut=asked.cuts.trade_costs,
        trade_cost_sectors=tuple(asked.cuts.trade_cost_sectors) or goods,
        each_member=asked.no_worse_off == "members",
    )


def _members(names: Sequence[str], world: Baseline, on: date, party: str) -> tuple[str, ...]:
    """Resolve groups to the members that the baseline has."""
    groups = {m.group for m in memberships()}
    found: list[str] = []
    for name in names:
        if name in world.economies:
            found.append(name)
        elif name in groups:
            found += [code for code in members(name, on) if code in world.economies]
        else:
            raise InputError(
                f"{name!r} is no economy of {world.name} and no group",
                where=f"parties: {party}",
                hint="use ISO alpha-3 codes such as KOR, or groups such as ASEAN",
            )
    return tuple(dict.fromkeys(found))


def _write(
    asked: NegotiationSpec,
    table: Table,
    moves: Levers,
    trials: Trials,
    found: Bargain,
    outcome: Outcome,
    full: Outcome,
    *,
    on: date,
    seconds: float,
) -> Negotiation:
    world, after = trials.world, outcome.after
    tariffs, costs = moves.policies(found.x, world)
    gain, _ = trials.gains(outcome)
    rows, members_of = [], {code: party.name for party in table.parties for code in party.members}
    for p, (party, at) in enumerate(zip(table.parties, moves.members, strict=True)):
        others = np.setdiff1d(moves.insiders, at)
        bought, sold = np.ix_(at, others), np.ix_(others, at)
        cut = world.tariffs - tariffs
        income = trials.income[at].sum()
        before, later = outcome.tariff_revenue_before[at].sum(), outcome.tariff_revenue_after[at].sum()
        gave, got = (float((cut[where] * world.flows[where]).sum()) for where in (bought, sold))
        rows.append(
            PartyRow(
                party=party.name,
                real_income_pct=float(gain[p]),
                real_income_musd=float(gain[p] / 100.0 * income),
                gave_revenue_musd=gave,
                got_relief_musd=got,
                average_cut_pct=100.0 * gave / float(world.flows[bought].sum()),
                average_cut_met_pct=100.0 * got / float(world.flows[sold].sum()),
                revenue_before_musd=float(before),
                revenue_after_musd=float(later),
                exports_to_parties_pct=_change(world.flows[sold].sum(), after.flows[sold].sum()),
                imports_from_parties_pct=_change(world.flows[bought].sum(), after.flows[bought].sum()),
            )
        )
    order = np.argsort(outcome.real_income_pct)
    everybody = [
        MemberRow(
            world.economies[n],
            members_of.get(world.economies[n], ""),
            float(outcome.real_income_pct[n]),
            float(full.real_income_pct[n]),
        )
        for n in order
    ]
    return Negotiation(
        name=asked.name,
        title=dict(asked.title),
        book=asked.book,
        on=on,
        objective=asked.objective,
        objective_pct=found.objective,
        sentence=_sentence(asked, table, rows, found),
        parties=tuple(rows),
        members=tuple(row for row in everybody if row.party),
        outsiders=tuple(row for row in everybody if not row.party),
        cells=_cells(world, moves, tariffs, costs),
        constraints=tuple(
            ConstraintRow(c.name, c.slack, c.slack <= 1e-6, c.shadow_price) for c in found.constraints
        ),
        stages=_stages(asked, table, trials, found),
        levers=moves.size,
        promised=found.promised,
        spread=found.spread,
        violation=found.violation,
        iterations=found.iterations,
        solutions=trials.solutions,
        starts=found.starts,
        residual=outcome.residual,
        seconds=seconds,
        notes=_notes(asked),
    )


def _change(before: float, after: float) -> float:
    return 100.0 * (float(after) / float(before) - 1.0) if before > 0 else 0.0


def _sentence(asked: NegotiationSpec, table: Table, rows: Sequence[PartyRow], found: Bargain) -> str:
    parts = ", ".join(f"{row.party} {row.real_income_pct:+.4f} %" for row in rows)
    binding = [c.name for c in found.constraints if c.slack <= 1e-6 and c.shadow_price > 0]
    held = f"; what holds it back: {', '.join(binding)}" if binding else "; no constraint binds"
    return f"The best package found changes real income by: {parts}{held}."


def _cells(world: Baseline, moves: Levers, tariffs: np.ndarray, costs: np.ndarray) -> tuple[CellRow, ...]:
    moved = (np.abs(tariffs - world.tariffs) > 1e-9) | (np.abs(costs - 1.0) > 1e-9)
    moved &= world.flows > 0
    cells = sorted(
        np.argwhere(moved), key=lambda c: -float((world.tariffs - tariffs)[tuple(c)] * world.flows[tuple(c)])
    )
    return tuple(
        CellRow(
            importer=world.economies[n],
            exporter=world.economies[i],
            sector=world.sectors[j],
            rate_before=float(world.tariffs[n, i, j]),
            rate_after=float(tariffs[n, i, j]),
            trade_cost_cut=float(1.0 - costs[n, i, j]),
            trade_musd=float(world.flows[n, i, j]),
        )
        for n, i, j in cells
    )


def _stages(asked: NegotiationSpec, table: Table, trials: Trials, found: Bargain) -> tuple[StageRow, ...]:
    rows = []
    for year, part in sorted(asked.cuts.staging.items()):
        gain, _ = trials.gains(trials.solve(part * found.x))
        rows += [
            StageRow(year, part, party.name, float(one))
            for party, one in zip(table.parties, gain, strict=True)
        ]
    return tuple(rows)


def _notes(asked: NegotiationSpec) -> tuple[str, ...]:
    notes = [
        "Rates are averages of an importer's industry as the book gives them; where an agreement is in force "
        "whose schedule the book does not hold line by line, it gives zero (assumed).",
        "A lever cuts all tariffs of one importing party in one industry on all other parties by one part.",
        "Exact real income of a static model: no investment, services rules or productivity gains.",
    ]
    if asked.cuts.trade_costs:
        notes.append(
            f"Other trade costs may fall by up to {asked.cuts.trade_costs:.1%} of the price; what that "
            "takes to bring about is not costed."
        )
    return tuple(notes)
