"""Tariff lines inside a sector: price and revenue from shares and rates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from openward.errors import InputError
from openward.simulate.lines import inclusive_shares, revenue_rate, step_lines

Array = NDArray[np.float64]
thetas = st.floats(0.5, 65.0)


@st.composite
def cells(draw: st.DrawFn, *, most: int = 4) -> tuple[Array, Array, Array, Array]:
    """Give shares, rates before, rates after and an elasticity of one cell."""
    size = draw(st.integers(1, most))
    weights = np.array(draw(st.lists(st.floats(0.0, 1.0), min_size=size, max_size=size))) + 1e-3
    rates = st.lists(st.floats(0.0, 1.5), min_size=size, max_size=size)
    return weights / weights.sum(), np.array(draw(rates)), np.array(draw(rates)), np.array(draw(thetas))


@settings(max_examples=100)
@given(cells(most=1))
def test_one_class_is_the_plain_formula(cell: tuple[Array, Array, Array, Array]) -> None:
    shares, before, after, theta = cell
    step = step_lines(shares=shares, before=before, after=after, theta=theta)
    assert step.price_hat == pytest.approx((1 + after[0]) / (1 + before[0]), rel=1e-12)
    assert step.revenue_rate == pytest.approx(after[0], abs=1e-12)
    assert step.shares == pytest.approx([1.0])


@settings(max_examples=100)
@given(cells(), st.floats(0.5, 1.5))
def test_equal_changes_move_the_price_alone(cell: tuple[Array, Array, Array, Array], factor: float) -> None:
    shares, before, _, theta = cell
    after = (1 + before) * factor - 1
    step = step_lines(shares=shares, before=before, after=after, theta=theta)
    assert step.price_hat == pytest.approx(factor, rel=1e-12)
    assert step.shares == pytest.approx(shares, rel=1e-9)


@settings(max_examples=100)
@given(cells())
def test_bounds(cell: tuple[Array, Array, Array, Array]) -> None:
    shares, before, after, theta = cell
    step = step_lines(shares=shares, before=before, after=after, theta=theta)
    ratios = (1 + after) / (1 + before)
    assert ratios.min() * (1 - 1e-12) <= step.price_hat <= ratios.max() * (1 + 1e-12)
    assert after.min() <= step.revenue_rate <= after.max()
    assert step.shares.sum() == pytest.approx(1.0)
    assert (step.shares >= 0).all()


@settings(max_examples=100)
@given(cells())
def test_the_price_matches_the_formula_in_plain_powers(cell: tuple[Array, Array, Array, Array]) -> None:
    shares, before, after, theta = cell
    parts = shares * ((1 + after) / (1 + before)) ** -theta
    step = step_lines(shares=shares, before=before, after=after, theta=theta)
    assert step.price_hat == pytest.approx(parts.sum() ** (-1 / theta), rel=1e-10)
    assert step.shares == pytest.approx(parts / parts.sum(), rel=1e-9, abs=1e-300)
    assert 1 / (1 + step.revenue_rate) == pytest.approx((step.shares / (1 + after)).sum(), rel=1e-10)


@settings(max_examples=60)
@given(cells(), st.data())
def test_two_steps_are_one(cell: tuple[Array, Array, Array, Array], data: st.DataObject) -> None:
    shares, before, after, theta = cell
    size = len(shares)
    middle = np.array(data.draw(st.lists(st.floats(0.0, 1.5), min_size=size, max_size=size)))
    first = step_lines(shares=shares, before=before, after=middle, theta=theta)
    second = step_lines(shares=first.shares, before=middle, after=after, theta=theta)
    whole = step_lines(shares=shares, before=before, after=after, theta=theta)
    assert first.price_hat * second.price_hat == pytest.approx(whole.price_hat, rel=1e-9)
    assert second.shares == pytest.approx(whole.shares, rel=1e-7, abs=1e-12)
    assert second.revenue_rate == pytest.approx(whole.revenue_rate, rel=1e-7, abs=1e-12)


def test_very_large_elasticities_stay_finite() -> None:
    shares, before, after = np.array([0.5, 0.5]), np.array([0.0, 1.0]), np.array([3.0, 0.0])
    step = step_lines(shares=shares, before=before, after=after, theta=np.array(5000.0))
    assert step.price_hat == pytest.approx(0.5, rel=1e-3)
    assert step.shares == pytest.approx([0.0, 1.0])
    assert step.revenue_rate == pytest.approx(0.0)


def test_a_class_without_spending_counts_for_nothing() -> None:
    shares, before, after = np.array([0.0, 1.0]), np.array([0.0, 0.1]), np.array([0.5, 0.1])
    step = step_lines(shares=shares, before=before, after=after, theta=np.array(4.0))
    assert step.price_hat == pytest.approx(1.0, abs=1e-15)
    assert step.revenue_rate == pytest.approx(0.1)


def test_net_weights_become_spending_shares_with_the_same_revenue() -> None:
    weights, rates = np.array([0.25, 0.75]), np.array([0.0, 0.2])
    shares = inclusive_shares(weights=weights, rates=rates)
    assert shares == pytest.approx([0.25 / 1.15, 0.9 / 1.15])
    assert revenue_rate(shares=shares, rates=rates) == pytest.approx((weights * rates).sum())


def test_elasticities_must_be_positive() -> None:
    one = np.array([1.0])
    with pytest.raises(InputError, match="not positive"):
        step_lines(shares=one, before=one, after=one, theta=np.array(0.0))
