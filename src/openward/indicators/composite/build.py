"""Building an index: the steps of its spec, in order, each traced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.indicators.composite.audit import Change, changes
from openward.indicators.composite.data import IndexData
from openward.indicators.composite.hierarchy import Hierarchy, hierarchy
from openward.indicators.composite.passes import apply
from openward.indicators.composite.ranks import descending_ranks
from openward.indicators.composite.spec import IndexSpec
from openward.indicators.composite.state import State, start

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """Values after one step.

    Attributes
    ----------
    step : str
    units : tuple of str
        Those still in.
    values : [U, K]
        Columns of the hierarchy; NaN where missing or not aggregated yet.
    """

    step: str
    units: tuple[str, ...]
    values: Array


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """A built index.

    Attributes
    ----------
    spec : IndexSpec
    hierarchy : Hierarchy
    units : tuple of str
        In the order of the data.
    names : mapping
    stages : tuple of Stage
        One a step; the last holds the result.
    weights : [K]
    coverage : [U]
        Share of the indicators in the spec that had a value of the unit's own.
    changes : tuple of Change
    notes : tuple of str
    """

    spec: IndexSpec
    hierarchy: Hierarchy
    units: tuple[str, ...]
    names: dict[str, str]
    stages: tuple[Stage, ...]
    weights: Array
    coverage: Array
    changes: tuple[Change, ...]
    notes: tuple[str, ...]

    @property
    def values(self) -> Array:
        """Final values [U, K]."""
        return self.stages[-1].values

    @property
    def scores(self) -> Array:
        """The index itself [U]; NaN where it could not be aggregated."""
        return np.asarray(self.values[:, self.hierarchy.root])

    @property
    def ranks(self) -> Array:
        """Ranks [U], 1 the highest; ties share the least; NaN without score."""
        return np.asarray(descending_ranks(scores=self.scores[None, :], ties="least")[0])

    def stage(self, step: str) -> Stage:
        """Give the values after the last step of a kind."""
        for one in reversed(self.stages):
            if one.step == step:
                return one
        raise InputError(f"the index has no step {step!r}", where=self.spec.name, hint="see its spec")


def build(spec: IndexSpec, data: IndexData) -> Index:
    """Build an index.

    Parameters
    ----------
    spec : IndexSpec
    data : IndexData
        With the available indicators of the spec, in its order.

    Raises
    ------
    InputError, InputErrors
        Columns unlike the spec's; values that a step cannot take.
    """
    tree = hierarchy(spec)
    state = begin(spec, tree, data)
    own = (~np.isnan(data.values)).sum(axis=1) / len(spec.indicators)
    stages, trail, notes = [], [], list(data.notes)
    for step in spec.steps:
        move = apply(step, spec=spec, tree=tree, state=state)
        trail += changes(step=step.step, tree=tree, before=state, move=move)
        notes += move.notes
        state = move.state
        stages.append(Stage(step.step, state.data.units, state.values))
    coverage = dict(zip(data.units, own, strict=True))
    return Index(
        spec=spec,
        hierarchy=tree,
        units=state.data.units,
        names=dict(data.names),
        stages=tuple(stages),
        weights=state.weights,
        coverage=np.array([coverage[unit] for unit in state.data.units]),
        changes=tuple(trail),
        notes=tuple(notes),
    )


def begin(spec: IndexSpec, tree: Hierarchy, data: IndexData) -> State:
    """Check that the data are the spec's and give the state before the first step."""
    wanted = tree.codes[: tree.indicators]
    if data.codes != wanted:
        raise InputError(
            "the data hold other indicators than the spec",
            where=spec.name,
            hint=f"wanted in this order: {', '.join(wanted)}",
        )
    if len(data.units) < 2:
        raise InputError(f"{len(data.units)} units are no ranking", where=spec.name, hint="give at least two")
    return start(spec, tree, data)
