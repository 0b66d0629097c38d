"""Small indices for tests."""

from __future__ import annotations

import numpy as np

from openward.indicators.composite.data import Array, IndexData
from openward.indicators.composite.reading import parse_spec
from openward.indicators.composite.spec import IndexSpec

HEAD = """
schema: openward.index/1
name: small
title: A small index
source: made up
"""
MEMBERS = """
indicators:
  - {code: a, name: A, direction: 1, weight: 1, parent: one}
  - {code: b, name: B, direction: -1, weight: 1, parent: one}
  - {code: c, name: C, direction: 1, weight: 2, parent: two}
  - {code: d, name: D, direction: 1, weight: 1, parent: two}
aggregates:
  - {code: one, name: One, weight: 1, parent: top}
  - {code: two, name: Two, weight: 3, parent: top}
  - {code: top, name: Top}
"""
PLAIN = """
steps:
  - normalize: {method: min-max, low: 1, high: 100}
  - aggregate: {method: arithmetic}
"""
VALUES = np.array(
    [
        [1.0, 9.0, 4.0, 2.0],
        [2.0, 7.0, 1.0, 8.0],
        [4.0, 1.0, 3.0, 3.0],
        [3.0, 4.0, 9.0, 1.0],
        [9.0, 3.0, 2.0, 5.0],
    ]
)


def small_spec(steps: str = PLAIN, more: str = "") -> IndexSpec:
    """Give the four-indicator spec with these steps."""
    return parse_spec(HEAD + MEMBERS + steps + more, where="small.yaml")


def small_data(values: Array = VALUES) -> IndexData:
    """Give data for `small_spec`, one unit a row."""
    units = tuple("UVWXYZABCDEFGHIJKLMNOPQRST"[: len(values)])
    groups = {"half": tuple("left" if k % 2 == 0 else "right" for k in range(len(values)))}
    return IndexData(units=units, codes=("a", "b", "c", "d"), values=values, groups=groups)
