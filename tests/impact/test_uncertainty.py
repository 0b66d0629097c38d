"""Draws of a whole study: the central point is the study, workers do not matter, JSON carries it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from openward.book import load, load_reform
from openward.errors import InputError
from openward.impact.law import law_step
from openward.impact.run import study
from openward.impact.uncertainty import run_draws
from openward.impact.uncertainty_chain import Point, central, make_chain, solve_point
from openward.impact.worlds import read_laws, solve_worlds
from openward.observe.worldpack import load_world
from openward.report.impact_json import impact_dict
from openward.simulate.draws import elasticity_draws


@pytest.fixture(scope="module")
def case() -> SimpleNamespace:
    pack, book, reform = load_world(), load("chn"), load_reform("africa-zero-tariff")
    step = law_step(book, reform, from_law=date(2026, 4, 30))
    laws = read_laws(book, step.before, step.after, pack=pack, on=step.on)
    days = (date(pack.year, 7, 1), step.on, step.on)
    chain = make_chain(
        book, step.before, step.after, laws, pack=pack, days=days, closure="fixed", name="africa"
    )
    spread = elasticity_draws("caliendo-parro", sectors=pack.sectors)
    return SimpleNamespace(pack=pack, laws=laws, chain=chain, spread=spread)


def test_the_central_point_is_the_study(case: SimpleNamespace) -> None:
    theta = case.spread.theta
    worlds = solve_worlds(case.pack, case.laws, theta=theta, closure="fixed", name="africa")
    solved, moved = solve_point(case.chain, central(case.chain, theta))
    np.testing.assert_allclose(solved.step.real_income_pct, worlds.step.real_income_pct, rtol=0, atol=1e-7)
    np.testing.assert_array_equal(moved, worlds.law_shock.changed)


def test_a_preference_nobody_claims_changes_next_to_nothing(case: SimpleNamespace) -> None:
    middle = central(case.chain, case.spread.theta)
    unclaimed = Point(middle.theta, np.zeros_like(middle.claimed), middle.errors)
    solved, _ = solve_point(case.chain, unclaimed)
    assert np.abs(solved.step.real_income_pct).max() < 1e-9


def test_no_border_inside_the_customs_union(case: SimpleNamespace) -> None:
    at = [case.pack.economies.index(code) for code in ("DEU", "FRA")]
    chile = case.pack.economies.index("CHL")
    for law in case.chain.laws:
        assert law.gap[at[0], at[1]].max() == 0.0
        assert law.gap[at[0], chile].max() > 0.0


def test_workers_and_executors_give_the_same_bits(case: SimpleNamespace) -> None:
    def run(workers: int, executor: ThreadPoolExecutor | None = None) -> object:
        found = run_draws(
            case.chain,
            case.spread,
            draws=22,
            seed=5,
            parties=frozenset({"CHN"}),
            workers=workers,
            executor=executor,
        )
        return found.economies, found.world, found.world_sources

    alone = run(1)
    assert run(2) == alone
    with ThreadPoolExecutor(2) as pool:
        assert run(1, pool) == alone


def test_a_study_with_draws_says_how_sure_it_is() -> None:
    impact = study("africa-zero-tariff", stress="none", draws=12, seed=3)
    found = impact_dict(impact)["uncertainty"]
    assert (found["draws"], found["seed"], found["exact"]) == (12, 3, True)
    rows = {row["economy"]: row for row in found["economies"]}
    opened = {row.economy: row for row in impact.opening.economies}
    for code in ("CHN", "ZAF"):
        shown = rows[code]["real_income_pct"]
        assert shown["point"] == pytest.approx(opened[code].real_income_pct, abs=1e-7)
        assert shown["low"] <= shown["median"] <= shown["high"]
    assert rows["ZAF"]["loses"]["probability"] == 0.0
    assert rows["AGO"]["loses"]["probability"] == 1.0
    assert "--draws 12 --seed 3" in impact.reproduce.command


def test_without_draws_there_is_no_such_field() -> None:
    impact = study("africa-zero-tariff", stress="none")
    assert "uncertainty" not in impact_dict(impact)
    assert "--draws" not in impact.reproduce.command


def test_one_draw_is_refused(case: SimpleNamespace) -> None:
    with pytest.raises(InputError, match="no interval"):
        run_draws(case.chain, case.spread, draws=1, seed=0, parties=frozenset())
