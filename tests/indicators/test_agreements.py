"""Share of trade under preferences."""

from __future__ import annotations

import numpy as np
import pytest

from openward.indicators.agreements import agreement_coverage


def test_imports_and_exports_both_count() -> None:
    flows = np.zeros((3, 3, 2))
    flows[0, 1] = [30.0, 10.0]
    flows[1, 0] = [20.0, 0.0]
    flows[0, 2] = [40.0, 0.0]
    flows[[0, 1, 2], [0, 1, 2]] = 1e6
    preferred = np.zeros((3, 3, 2), dtype=bool)
    preferred[0, 1, 0] = True
    preferred[0, 0] = True
    assert agreement_coverage(flows=flows, preferred=preferred) == pytest.approx([0.3, 0.5, 0.0])
    goods = np.array([True, False])
    assert agreement_coverage(flows=flows, preferred=preferred, goods=goods) == pytest.approx(
        [3 / 9, 0.6, 0.0]
    )
    assert flows[0, 0, 0] == 1e6


def test_no_trade_is_no_coverage() -> None:
    none = np.zeros((2, 2, 1))
    assert agreement_coverage(flows=none, preferred=none == 0).tolist() == [0.0, 0.0]
