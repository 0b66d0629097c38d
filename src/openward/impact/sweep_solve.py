"""Solve one scenario of a sweep: a reform on the embedded world, or a shock on anybody's baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from openward.book import load, load_reform
from openward.errors import InputError
from openward.impact.law import law_step
from openward.impact.uncertainty_chain import Chain, Point, central, last_step, make_chain, point_of
from openward.impact.worlds import read_laws
from openward.observe.worldpack import load_world
from openward.simulate.baseline import Array, Baseline, Outcome, Shock
from openward.simulate.baseline_dir import read_baseline
from openward.simulate.draws import (
    CONVENTION_LOG_SD,
    HIGHEST_THETA,
    LOWEST_THETA,
    elasticity_draws,
    generator,
)
from openward.simulate.elasticities import elasticities
from openward.simulate.models import get
from openward.simulate.shock_dir import read_shock

FIGURES = (
    "real_income_pct",
    "terms_of_trade_pct",
    "volume_of_trade_pct",
    "real_wage_pct",
    "price_index_pct",
    "revenue_before",
    "revenue_after",
    "exports_pct",
    "imports_pct",
)
COLUMNS: Mapping[str, Any] = {
    "reform": pl.String,
    "shock": pl.String,
    "model": pl.String,
    "closure": pl.String,
    "elasticities": pl.String,
    "scale": pl.Float64,
    "draw": pl.Int64,
    "economy": pl.String,
    **dict.fromkeys(FIGURES, pl.Float64),
    "iterations": pl.Int64,
    "residual": pl.Float64,
}
"""Parameters, figures by economy (percent; revenue in the baseline's unit), and evidence of the solution."""


@dataclass(frozen=True, slots=True)
class Solver:
    """Solves scenarios; small enough to travel, it reads what it needs where it works.

    Attributes
    ----------
    book : str
    baseline : str or None
    seed : int
    """

    book: str
    baseline: str | None
    seed: int

    def __call__(self, scenario: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Give one row per economy."""
        return rows_of(self.outcome(scenario))

    def outcome(self, scenario: Mapping[str, Any]) -> Outcome:
        """Solve a scenario.

        Raises
        ------
        OpenwardError
            Where it cannot be read or solved.
        """
        if self.baseline is None:
            world, shock = self._reform(scenario)
        else:
            world, shock = self._shock(scenario, self.baseline)
        return get(scenario["model"]).solve(world, shock, closure=scenario["closure"])

    def _reform(self, scenario: Mapping[str, Any]) -> tuple[Baseline, Shock]:
        closure = scenario["closure"]
        linked = closure if closure in ("fixed", "world-gdp-share", "balanced") else "fixed"
        chain = _chain(self.book, scenario["reform"], linked)
        sectors = chain.pack.sectors
        spread = elasticity_draws(scenario["elasticities"], sectors=sectors)
        if scenario["draw"] is None:
            point = central(chain, elasticities(scenario["elasticities"], sectors=sectors))
        else:
            point = point_of(chain, spread, seed=self.seed, index=scenario["draw"])
        point = Point(point.theta * scenario["scale"], point.claimed, point.errors)
        before, shock, _ = last_step(chain, point)
        return before.after, shock

    def _shock(self, scenario: Mapping[str, Any], folder: str) -> tuple[Baseline, Shock]:
        world = _baseline(folder)
        shock = _shock_of(folder, scenario["shock"])
        named = scenario["elasticities"] != "baseline"
        if shock.theta is not None and (named or scenario["draw"] is not None or scenario["scale"] != 1.0):
            raise InputError(
                "the shock brings elasticities of its own, and the scenario changes them too",
                where=scenario["shock"],
                hint="leave one of the two out",
            )
        theta = elasticities(scenario["elasticities"], sectors=world.sectors) if named else world.theta
        if scenario["draw"] is not None:
            theta = _drawn(theta, self.seed, scenario["draw"])
        return replace(world, theta=theta * scenario["scale"]), shock


def rows_of(outcome: Outcome) -> list[dict[str, Any]]:
    """Give the figures of an outcome by economy; None where a base is zero."""
    before, after = (_abroad(world.flows) for world in (outcome.baseline, outcome.after))
    figures = {
        "real_income_pct": outcome.real_income_pct,
        "terms_of_trade_pct": outcome.terms_of_trade_pct,
        "volume_of_trade_pct": outcome.volume_of_trade_pct,
        "real_wage_pct": outcome.real_wage_pct,
        "price_index_pct": outcome.price_index_pct,
        "revenue_before": outcome.tariff_revenue_before,
        "revenue_after": outcome.tariff_revenue_after,
    }
    rows = []
    for n, code in enumerate(outcome.baseline.economies):
        row: dict[str, Any] = {"economy": code, **{name: float(v[n]) for name, v in figures.items()}}
        for name, axis in (("exports_pct", 0), ("imports_pct", 1)):
            old, new = before.sum(axis=axis)[n], after.sum(axis=axis)[n]
            row[name] = float(100.0 * (new / old - 1.0)) if old > 0 else None
        rows.append({**row, "iterations": outcome.iterations, "residual": float(outcome.residual)})
    return rows


def _abroad(flows: Array) -> Array:
    total: Array = flows.sum(axis=2)
    np.fill_diagonal(total, 0.0)
    return total


def _drawn(theta: Array, seed: int, index: int) -> Array:
    """Draw elasticities of unknown origin: 95 % between half and twice, by sector."""
    errors = generator(seed, "elasticities", index).standard_normal(len(theta))
    out: Array = np.clip(theta * np.exp(CONVENTION_LOG_SD * errors), LOWEST_THETA, HIGHEST_THETA)
    return out


@lru_cache(maxsize=16)
def _chain(book: str, reform: str, closure: str) -> Chain:
    law, script, pack = load(book), load_reform(reform), load_world()
    step = law_step(law, script, from_law=None)
    laws = read_laws(law, step.before, step.after, pack=pack, on=step.on)
    return make_chain(
        law,
        step.before,
        step.after,
        laws,
        pack=pack,
        days=(date(pack.year, 7, 1), step.on, step.on),
        closure=closure,  # type: ignore[arg-type]
        name=script.name,
    )


@lru_cache(maxsize=2)
def _baseline(folder: str) -> Baseline:
    return read_baseline(Path(folder))


@lru_cache(maxsize=64)
def _shock_of(folder: str, shock: str) -> Shock:
    return read_shock(Path(shock), _baseline(folder))
