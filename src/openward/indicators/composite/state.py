"""What an index looks like between two steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.indicators.composite.data import IndexData
from openward.indicators.composite.hierarchy import Hierarchy
from openward.indicators.composite.spec import IndexSpec

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Values and weights between two steps.

    Attributes
    ----------
    data : IndexData
        Raw values of the units still in.
    values : [U, K]
        Columns of the hierarchy; NaN where missing or not aggregated yet.
    weights : [K]
    directions : [K]
        1 once a column is normalized.
    """

    data: IndexData
    values: Array
    weights: Array
    directions: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """What a step did: the state after it, and why cells changed.

    Attributes
    ----------
    state : State
    reasons : mapping of str to str
        By column; a column without one was not meant to change.
    notes : tuple of str
    """

    state: State
    reasons: dict[str, str]
    notes: tuple[str, ...] = ()


def start(spec: IndexSpec, tree: Hierarchy, data: IndexData) -> State:
    """Give the state before the first step."""
    weights = {one.code: one.weight for one in spec.weighted}
    values = np.full((len(data.units), len(tree.codes)), np.nan)
    values[:, : tree.indicators] = data.values
    return State(
        data=data,
        values=values,
        weights=np.array([weights[code] for code in tree.codes], dtype=np.float64),
        directions=np.array(tree.directions, dtype=np.int64),
    )
