from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from openward.indicators.concentration import import_concentration
from openward.indicators.diversion import creation_diversion

FLOWS = arrays(np.float64, (4, 4, 2), elements=st.floats(0, 1e6, allow_subnormal=False))


def test_two_equal_foreign_suppliers() -> None:
    flows = np.zeros((3, 3, 1))
    flows[0, :, 0] = [100.0, 5.0, 5.0]
    result = import_concentration(flows=flows)
    assert result.hhi[0, 0] == 0.5
    assert result.top_share[0, 0] == 0.5
    assert result.imports[0, 0] == 10.0
    assert result.top[1, 0] == -1
    assert result.hhi[1, 0] == 0.0


@given(FLOWS)
def test_hhi_lies_between_its_bounds_and_ignores_domestic_sales(flows: np.ndarray) -> None:
    result = import_concentration(flows=flows)
    imported = result.imports > 1e-3
    assert (result.hhi[imported] >= result.top_share[imported] ** 2 - 1e-12).all()
    assert (result.hhi[imported] <= result.top_share[imported] + 1e-12).all()
    more_home = flows.copy()
    more_home[np.arange(4), np.arange(4)] += 7.0
    assert np.array_equal(import_concentration(flows=more_home).hhi, result.hhi)


def _shift(*, partner: float, other: float) -> tuple[float, float]:
    before = np.zeros((3, 3, 1))
    before[0, 1, 0], before[0, 2, 0] = 10.0, 20.0
    after = before.copy()
    after[0, 1, 0] += partner
    after[0, 2, 0] += other
    moved = np.zeros(before.shape, dtype=np.bool_)
    moved[0, 1, 0] = True
    result = creation_diversion(before=before, after=after, moved=moved)
    return float(result.created[0, 0]), float(result.diverted[0, 0])


def test_creation_and_diversion_of_a_cut_and_of_a_rise() -> None:
    assert _shift(partner=10.0, other=-4.0) == (6.0, 4.0)
    assert _shift(partner=10.0, other=3.0) == (10.0, 0.0)
    assert _shift(partner=-8.0, other=5.0) == (-3.0, 5.0)


@given(FLOWS, FLOWS)
def test_nothing_moves_where_no_rate_moves(before: np.ndarray, after: np.ndarray) -> None:
    moved = np.zeros(before.shape, dtype=np.bool_)
    result = creation_diversion(before=before, after=after, moved=moved)
    assert not result.created.any()
    assert not result.diverted.any()
