"""The lasso finds a sparse truth and satisfies the conditions of a minimum."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from openward.errors import InputError
from openward.simulate.estimate.lasso import Problem, descend, fit_lasso, penalty_path, plug_in, problem
from openward.simulate.estimate.ppml import ppml
from openward.simulate.estimate.run_lasso import bic, stationarity

P = 12
TRUE = np.zeros(P)
TRUE[[1, 4, 9]] = 0.8, -0.7, 0.6


def simulated() -> tuple[NDArray[np.float64], NDArray[np.float64], list[NDArray[np.int64]]]:
    rng = np.random.default_rng(305)
    n, periods = 24, 5
    i, j, t = (
        one.ravel() for one in np.meshgrid(np.arange(n), np.arange(n), np.arange(periods), indexing="ij")
    )
    # Provisions come in pairs, so that candidates are correlated as in agreements.
    raw = rng.random((n * n, P)) + 0.5 * rng.random((n * n, 1))
    entry = rng.integers(1, 9, n * n)
    pair = i * n + j
    x = ((raw[pair] > 0.75) & (t >= entry[pair])[:, None]).astype(float)
    effects = [i * periods + t, j * periods + t, pair]
    base = rng.normal(0, 0.5, n * periods)[effects[0]] + rng.normal(0, 0.5, n * periods)[effects[1]]
    mean = np.exp(1 + base + rng.normal(0, 0.5, n * n)[pair] + x @ TRUE)
    y = mean * rng.gamma(20.0, 0.05, len(mean)) * (rng.random(len(mean)) > 0.02)
    return y, x, effects


@pytest.fixture(scope="module")
def this() -> Problem:
    y, x, effects = simulated()
    return problem(outcome=y, columns=x, effects=effects, clusters=effects[2])


ALL = np.ones(P, dtype=bool)


def test_plug_in_selects_the_truth(this: Problem) -> None:
    fit = plug_in(this, ALL)
    assert np.flatnonzero(fit.coefficients).tolist() == [1, 4, 9]
    assert (np.sign(fit.coefficients) == np.sign(TRUE)).all()
    assert stationarity(fit) < 1e-6
    # The penalty shrinks.
    y, x, effects = simulated()
    after = ppml(
        outcome=y, regressors={str(k): x[:, k] for k in (1, 4, 9)}, effects=effects, clusters=effects[2:]
    )
    assert (np.abs(fit.coefficients[[1, 4, 9]]) < np.abs(after.coefficients)).all()
    np.testing.assert_array_less(np.abs(after.coefficients - TRUE[[1, 4, 9]]), 4 * after.standard_errors)


def test_conditions_of_a_minimum(this: Problem) -> None:
    loadings = np.linspace(0.5, 1.5, P)
    fit = fit_lasso(this, penalty=60.0, loadings=loadings)
    score, bound = this.columns.T @ (this.y - fit.mean), 60.0 * loadings
    on = fit.coefficients != 0
    assert 0 < on.sum() < P
    np.testing.assert_allclose(score[on], (bound * np.sign(fit.coefficients))[on], rtol=1e-6)
    assert (np.abs(score[~on]) < bound[~on]).all()
    # The effects are free: their scores are zero.
    for which in range(3):
        totals = this.effects.sums(which, (this.y - fit.mean)[:, None])
        assert np.abs(totals).max() < 1e-6 * this.y.sum()


def test_without_penalty_it_is_ppml(this: Problem) -> None:
    y, x, effects = simulated()
    plain = ppml(outcome=y, regressors={str(k): x[:, k] for k in range(P)}, effects=effects)
    fit = fit_lasso(this, penalty=0.0, loadings=np.ones(P))
    np.testing.assert_allclose(fit.coefficients, plain.coefficients, atol=1e-7)


def test_the_path_starts_where_nothing_is_selected_and_bic_keeps_the_truth(this: Problem) -> None:
    fits = penalty_path(this, ALL, steps=12)
    assert not fits[0].coefficients.any()
    assert (fits[-1].coefficients != 0).sum() >= 3
    criteria = bic(this, fits)
    chosen = np.flatnonzero(fits[int(np.argmin(criteria))].coefficients)
    assert {1, 4, 9} <= set(chosen.tolist())
    scaled = problem(
        outcome=1000 * this.y, columns=this.columns, effects=this.effects.levels, clusters=this.clusters
    )
    again = bic(scaled, penalty_path(scaled, ALL, steps=12))
    # Another currency, the same choice.
    assert int(np.argmin(again)) == int(np.argmin(criteria))


def test_what_is_not_penalized_stays(this: Problem) -> None:
    penalized = ALL.copy()
    penalized[0] = False
    assert plug_in(this, penalized).coefficients[0] != 0.0


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), strength=st.floats(0.0, 3.0))
def test_descent_meets_the_conditions(seed: int, strength: float) -> None:
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=(30, 5)), rng.normal(size=30)
    gram, target, threshold = x.T @ x, x.T @ z, np.full(5, strength * 5)
    b = descend(gram=gram, target=target, threshold=threshold, start=np.zeros(5))
    score = target - gram @ b
    on = b != 0
    np.testing.assert_allclose(score[on], (threshold * np.sign(b))[on], atol=1e-8)
    assert (np.abs(score[~on]) <= threshold[~on] + 1e-8).all()


def test_one_column_is_the_soft_threshold() -> None:
    b = descend(gram=np.array([[4.0]]), target=np.array([6.0]), threshold=np.array([2.0]), start=np.zeros(1))
    assert b[0] == pytest.approx(1.0)


def test_constant_candidates() -> None:
    y, x, effects = simulated()
    x[:, 3] = 1.0
    with pytest.raises(InputError, match="columns 3 do not vary"):
        problem(outcome=y, columns=x, effects=effects, clusters=None)
