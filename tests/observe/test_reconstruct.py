"""Fitting final demand to its margins: exact margins, no NaN from empty rows, clear refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.errors import InputError, NotConvergedError
from openward.observe.proof import limited, sum_to_zero
from openward.observe.reconstruct import (
    balance,
    home_preference,
    seed_from_import_shares,
    seed_from_intermediates,
)


def random_problem(seed: int, n: int, j: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    intermediate = rng.gamma(0.5, 1.0, (n, n, j)) * (rng.random((n, n, j)) < 0.7)
    final = rng.gamma(0.5, 1.0, (n, n, j))
    home = np.arange(n)
    final[home, home] += 1.0
    empty = rng.random((n, j)) < 0.1
    intermediate[:, empty] = 0.0
    return intermediate, final


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 6), j=st.integers(1, 4))
def test_margins_are_met_for_both_seeds(seed: int, n: int, j: int) -> None:
    intermediate, final = random_problem(seed, n, j)
    produced, spending = final.sum(axis=0), final.sum(axis=(1, 2))
    # A full seed can meet any margins: zeros would make some problems infeasible.
    intermediate = intermediate + 1e-3
    for guess in (
        seed_from_intermediates(
            intermediate=intermediate, produced=produced, home_preference=np.full(j, 2.0)
        ),
        seed_from_import_shares(intermediate=intermediate, produced=produced),
    ):
        fitted = balance(
            seed=guess, produced=produced, spending=spending, tolerance=1e-9, max_iterations=50_000
        )
        np.testing.assert_allclose(fitted.values.sum(axis=0), produced, rtol=1e-9)
        np.testing.assert_allclose(fitted.values.sum(axis=(1, 2)), spending, rtol=1e-8)
        assert (fitted.values >= 0).all()
        assert fitted.residual <= 1e-9


def test_a_seed_that_fits_is_left_alone() -> None:
    _, final = random_problem(3, 4, 3)
    fitted = balance(seed=final, produced=final.sum(axis=0), spending=final.sum(axis=(1, 2)))
    assert fitted.iterations == 1
    np.testing.assert_allclose(fitted.values, final, rtol=1e-12)


def test_empty_industries_breed_no_nan() -> None:
    intermediate, final = random_problem(5, 4, 3)
    intermediate[:, 1, 2] = 0.0
    final[:, 1, 2] = 0.0
    produced = final.sum(axis=0)
    guess = seed_from_intermediates(
        intermediate=intermediate + 1e-3 * (intermediate > 0), produced=produced, home_preference=np.ones(3)
    )
    assert np.isfinite(guess).all()
    assert guess[:, 1, 2].sum() == 0
    silent = seed_from_intermediates(
        intermediate=np.zeros_like(intermediate), produced=produced, home_preference=np.ones(3)
    )
    home = np.arange(4)
    assert (silent.sum(axis=0) == silent[home, home]).all()


def test_impossible_margins_are_refused() -> None:
    seed = np.ones((2, 2, 1))
    with pytest.raises(InputError, match="differ"):
        balance(seed=seed, produced=np.ones((2, 1)), spending=np.array([1.0, 2.0]))
    with pytest.raises(InputError, match="produced"):
        balance(seed=seed, produced=np.array([[1.0], [np.nan]]), spending=np.ones(2))
    with pytest.raises(InputError, match="empty seed"):
        balance(seed=np.zeros((2, 2, 1)), produced=np.ones((2, 1)), spending=np.ones(2))
    only_home = np.eye(2)[:, :, None]
    with pytest.raises(NotConvergedError):
        balance(seed=only_home, produced=np.ones((2, 1)), spending=np.array([0.5, 1.5]), max_iterations=50)


def test_home_preference_finds_the_odds_ratio_that_made_the_data() -> None:
    rng = np.random.default_rng(1)
    n, ratio = 8, 3.0
    shares = rng.dirichlet(np.ones(n), size=n)
    intermediate = shares[:, :, None] * 10.0
    tilted = shares.copy()
    home = np.arange(n)
    tilted[home, home] *= ratio
    final = (tilted / tilted.sum(axis=1, keepdims=True))[:, :, None] * rng.uniform(1, 5, (n, 1, 1))
    found = home_preference(intermediate=intermediate, final=final)
    np.testing.assert_allclose(found, ratio, rtol=1e-9)
    part = home_preference(intermediate=intermediate, final=final, economies=home < 4)
    np.testing.assert_allclose(part, ratio, rtol=1e-9)


def test_home_preference_is_one_where_nothing_is_imported_and_is_limited() -> None:
    flows = np.eye(3)[:, :, None]
    assert home_preference(intermediate=flows, final=flows) == pytest.approx([1.0])
    np.testing.assert_array_equal(limited(np.array([0.01, 1.0, 99.0])), [0.2, 1.0, 20.0])


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8))
def test_scaled_deficits_sum_to_zero_and_keep_their_sign(values: list[float]) -> None:
    deficits = np.array(values)
    balanced = sum_to_zero(deficits)
    assert abs(balanced.sum()) <= 1e-9 * np.abs(deficits).sum() + 1e-12
    assert (balanced * deficits >= 0).all()
