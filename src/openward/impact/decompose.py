"""What each edit of a reform brings: exact Shapley values for few edits, gradients along the way for many.

Shapley (1953): the mean, over all orders in which edits could be made, of what an edit adds; every subset of
edits is a law, a shock and a world of its own. Many edits: the reform is walked in a straight line and the
slope to each tariff is summed up (Aumann and Shapley 1974); a tariff's part goes to the edits that move it,
in the order of the law. Either way the parts add up to the whole effect.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from openward.book.canonical import canonical_order
from openward.book.edits import Edit, Reform
from openward.book.loading import load
from openward.book.model import Book
from openward.book.query import sentence
from openward.book.reform import apply
from openward.book.reform_files import load_reform
from openward.determine.table import RateTable, rate_table
from openward.errors import InputError, NothingTouchedError, OpenwardError
from openward.impact.law import LawStep, law_step
from openward.impact.worlds import Laws, read_laws
from openward.observe.worldpack import load_world
from openward.simulate.baseline import Array, Baseline, Shock
from openward.simulate.calibrate import calibrate
from openward.simulate.caliendo_parro import solve
from openward.simulate.elasticities import elasticities
from openward.simulate.gradient.derivative import gradients
from openward.simulate.gradient.goal import Goal
from openward.simulate.lines import reference_shares, revenue_rates
from openward.simulate.shock import chain_shock

SHAPLEY_EDITS = 6
NODES = 6
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class EditPart:
    """What one edit brings to one economy, percent of real income, and in million USD."""

    edit: int
    kind: str
    target: str
    sentence: str
    economy: str
    real_income_pct: float
    real_income_musd: float


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A reform's effect by edit.

    Attributes
    ----------
    method : {"shapley", "gradient"}
    parts : tuple of EditPart
        Every edit and economy; over edits they add up to ``total_pct``.
    economies : tuple of str
    total_pct : tuple of float
        The exact effect of the whole reform on each economy.
    remainder : float
        Largest part of a total that quadrature missed and that was spread over the edits; zero for Shapley.
    worlds : int
        Worlds solved.
    seconds : float
    """

    name: str
    hash: str
    method: str
    parts: tuple[EditPart, ...]
    economies: tuple[str, ...]
    total_pct: tuple[float, ...]
    remainder: float
    worlds: int
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    reform: Reform
    edits: tuple[Edit, ...]
    step: LawStep
    laws: Laws
    world: Baseline
    shares: Array
    closure: str


def _silent(stage: str) -> None:
    """Say nothing."""


def decompose(
    reform: str | Reform,
    *,
    book: str | Book = "chn",
    closure: str = "fixed",
    economies: Sequence[str] = (),
    method: str = "auto",
    progress: Progress = _silent,
) -> Decomposition:
    """Split the effect of a reform over its edits.

    Parameters
    ----------
    reform : Reform, name of a shipped one, or path
    book, closure
        As in `openward.impact.run.study`.
    economies : sequence of str
        Whose real income; the book's economy and the four that are moved most by default.
    method : {"auto", "shapley", "gradient"}
        Auto: Shapley up to `SHAPLEY_EDITS` edits.

    Raises
    ------
    InputError
        Unknown economy or method, or too many edits for Shapley.
    NothingTouchedError
        No edit moves a rate.
    """
    began = time.perf_counter()
    scene = _scene(reform, book, closure)
    edits = scene.edits
    if method not in ("auto", "shapley", "gradient"):
        raise InputError(f"no method {method!r}", where="--method", hint="auto, shapley or gradient")
    if method == "shapley" and len(edits) > 12:
        raise InputError(
            f"{len(edits)} edits are {2 ** len(edits):,} worlds", where="--method", hint="use gradient"
        )
    chosen = method if method != "auto" else ("shapley" if len(edits) <= SHAPLEY_EDITS else "gradient")
    if unknown := [code for code in economies if code not in scene.world.economies]:
        raise InputError("not in the baseline: " + ", ".join(unknown), where="--for")
    scene.laws.refuse_bans(where=scene.reform.name)
    whole = _shock(scene, scene.laws.after)
    if not _moves(whole, scene.world):
        raise NothingTouchedError(
            f"the reform {scene.reform.name!r} touches nothing: there is nothing to split",
            hint="openward impact says why, edit by edit",
        )
    total = solve(scene.world, whole, closure=closure).real_income_pct
    shown = tuple(economies) or _shown(scene, book, total)
    at = [scene.world.economies.index(code) for code in shown]
    split = _shapley if chosen == "shapley" else _along_the_way
    parts, remainder, worlds = split(scene, total, at, progress)
    return Decomposition(
        name=scene.reform.name,
        hash=scene.reform.hash,
        method=chosen,
        parts=_rows(scene, parts, shown),
        economies=shown,
        total_pct=tuple(float(total[scene.world.economies.index(code)]) for code in shown),
        remainder=remainder,
        worlds=worlds,
        seconds=time.perf_counter() - began,
    )


def _scene(reform: str | Reform, book: str | Book, closure: str) -> _Scene:
    script = reform if isinstance(reform, Reform) else load_reform(reform)
    law = book if isinstance(book, Book) else load(book)
    if not script.edits:
        raise NothingTouchedError(f"the reform {script.name!r} has no edits", hint="add some")
    pack = load_world()
    step = law_step(law, script, from_law=None)
    laws = read_laws(law, step.before, step.after, pack=pack, on=step.on)
    theta = elasticities("caliendo-parro", sectors=pack.sectors)
    year = calibrate(pack, revenue_rates(laws.year), theta=theta)
    first = chain_shock(laws.year, laws.before, year, shares=reference_shares(laws.year), name="law before")
    world = solve(year, first.shock, closure=closure).after
    return _Scene(script, tuple(canonical_order(script.edits)), step, laws, world, first.shares, closure)


def _table(scene: _Scene, edits: Sequence[Edit]) -> RateTable:
    if not edits:
        return scene.laws.before
    after = apply(scene.step.before, replace(scene.reform, edits=tuple(edits)))
    return rate_table(after, on=scene.step.on, economies=scene.world.economies, sectors=scene.world.sectors)


def _shock(scene: _Scene, after: RateTable) -> Shock:
    return chain_shock(
        scene.laws.before, after, scene.world, shares=scene.shares, name=scene.reform.name
    ).shock


def _moves(shock: Shock, world: Baseline) -> bool:
    assert shock.tariffs is not None
    assert shock.price_wedge is not None
    return bool((shock.tariffs != world.tariffs).any() or (shock.price_wedge != 1.0).any())


def _shapley(scene: _Scene, total: Array, at: Sequence[int], progress: Progress) -> tuple[Array, float, int]:
    count = len(scene.edits)
    value: dict[frozenset[int], Array] = {frozenset(): np.zeros_like(total), frozenset(range(count)): total}
    for size in range(1, count):
        for chosen in combinations(range(count), size):
            progress(f"world {len(value) - 1} of {2**count - 1}")
            try:
                table = _table(scene, [scene.edits[k] for k in chosen])
            except OpenwardError as bad:
                raise InputError(
                    f"edits {', '.join(str(k + 1) for k in chosen)} cannot stand alone: {bad.message}",
                    where=scene.reform.name,
                    hint="edits that build on each other have no value of their own: try --method gradient",
                ) from bad
            shock = _shock(scene, table)
            value[frozenset(chosen)] = solve(scene.world, shock, closure=scene.closure).real_income_pct
    parts = np.zeros((count, len(total)))
    for k in range(count):
        for without, worth in value.items():
            if k not in without:
                s = len(without)
                weight = math.factorial(s) * math.factorial(count - s - 1) / math.factorial(count)
                parts[k] += weight * (value[without | {k}] - worth)
    return parts[:, at], 0.0, len(value) - 1


def _along_the_way(
    scene: _Scene, total: Array, at: Sequence[int], progress: Progress
) -> tuple[Array, float, int]:
    """Sum slopes over Gauss-Legendre points of the straight line from the law before to the law after."""
    rates, wedges = [scene.world.tariffs], [np.zeros_like(scene.world.tariffs)]
    for upto in range(1, len(scene.edits) + 1):
        progress(f"law {upto} of {len(scene.edits)}")
        shock = _shock(scene, _table(scene, scene.edits[:upto]))
        assert shock.tariffs is not None
        assert shock.price_wedge is not None
        rates.append(shock.tariffs)
        wedges.append(np.log(shock.price_wedge))
    moved, pushed = rates[-1] - rates[0], wedges[-1]
    by_edit = [
        (np.diff(np.stack(rates[k : k + 2]), axis=0)[0], wedges[k + 1] - wedges[k])
        for k in range(len(scene.edits))
    ]
    wanted = total[list(at)]
    goals = [Goal(real_income=np.eye(len(total))[n]) for n in at]
    points, weights = np.polynomial.legendre.leggauss(NODES)
    parts = np.zeros((len(scene.edits), len(goals)))
    start = None
    for point, weight in zip(0.5 * (points + 1.0), 0.5 * weights, strict=True):
        progress(f"slopes at {point:.0%} of the way")
        shock = Shock("part", tariffs=rates[0] + point * moved, price_wedge=np.exp(point * pushed))
        start = solve(scene.world, shock, closure=scene.closure, start=start)
        level = 100.0 + start.real_income_pct[list(at)]
        for m, slope in enumerate(gradients(start.after, goals, closure=scene.closure)):
            for k, (rate, wedge) in enumerate(by_edit):
                part = float((slope.revenue_rate * rate).sum() + (slope.price_wedge * wedge).sum())
                parts[k, m] += weight * level[m] * part
    gap = wanted - parts.sum(axis=0)
    size = np.abs(parts)
    share = np.divide(
        size, size.sum(axis=0), out=np.full_like(size, 1.0 / len(size)), where=size.sum(axis=0) > 0
    )
    scale = np.maximum(np.abs(wanted), 1e-3 * np.abs(total).max())
    return parts + share * gap, float((np.abs(gap) / scale).max()), NODES + 1


def _shown(scene: _Scene, book: str | Book, total: Array) -> tuple[str, ...]:
    law = book if isinstance(book, Book) else load(book)
    most = [scene.world.economies[n] for n in np.argsort(-np.abs(total))]
    own = [law.economy] if law.economy in scene.world.economies else []
    return tuple(dict.fromkeys(own + most))[:5]


def _rows(scene: _Scene, parts: Array, shown: Sequence[str]) -> tuple[EditPart, ...]:
    world = scene.world
    earned = (world.value_added * world.flows.sum(axis=0)).sum(axis=1)
    income = earned + (world.flows * world.tariffs).sum(axis=(1, 2)) + world.deficits
    rows = []
    for k, edit in enumerate(scene.edits):
        for m, code in enumerate(shown):
            n = world.economies.index(code)
            rows.append(
                EditPart(
                    edit=k + 1,
                    kind=edit.kind,
                    target=edit.subject,
                    sentence=sentence(edit, scene.step.before),
                    economy=code,
                    real_income_pct=float(parts[k, m]),
                    real_income_musd=float(parts[k, m] / 100.0 * income[n]),
                )
            )
    return tuple(rows)
