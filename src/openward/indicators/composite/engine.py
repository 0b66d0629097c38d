"""Replicates of an index at speed.

A replicate differs from another in the steps it takes and in its weights. Steps are taken once for each
combination of them (what combinations share, once for all); then weights vary only in the last aggregation,
which runs for a block of replicates at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from openward.errors import OpenwardError
from openward.indicators.composite.aggregate import aggregated
from openward.indicators.composite.build import begin
from openward.indicators.composite.data import IndexData
from openward.indicators.composite.design import Choices, Design
from openward.indicators.composite.hierarchy import Hierarchy
from openward.indicators.composite.passes import apply, pending
from openward.indicators.composite.ranks import descending_ranks
from openward.indicators.composite.spec import IndexSpec
from openward.indicators.composite.state import State
from openward.indicators.composite.steps import Aggregate, AnyStep

Array = NDArray[np.float64]
Ranks = NDArray[np.int16]
BLOCK = 256
"""Replicates that go together: their scores stay in the cache."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A combination of choices that no index comes out of.

    Attributes
    ----------
    choices : mapping of str to str
        Factor to alternative.
    replicates : int
        How many had it.
    why : str
    """

    choices: dict[str, str]
    replicates: int
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """Everything that replicates share.

    Attributes
    ----------
    spec, tree, data, factors
    """

    spec: IndexSpec
    tree: Hierarchy
    data: IndexData
    factors: tuple[Choices, ...]
    _states: dict[tuple[int, ...], State | OpenwardError] = field(default_factory=dict)

    def ranks(
        self, design: Design, *, threads: int = 1, block: int = BLOCK
    ) -> tuple[Ranks, tuple[Failure, ...]]:
        """Give the ranks [R, U] of all units of the data; 0 where there is none.

        Neither `threads` nor `block` changes a rank.
        """
        out = np.zeros((design.size, len(self.data.units)), dtype=np.int16)
        failures: list[Failure] = []
        tasks: list[tuple[State, tuple[AnyStep, ...], NDArray[np.int64]]] = []
        for combination, rows in _grouped(design.choice):
            try:
                state, rest = self._stem(combination)
            except OpenwardError as error:
                failures.append(self._failure(combination, rows.size, error))
                continue
            if rest:
                tasks += [(state, rest, rows[k : k + block]) for k in range(0, rows.size, block)]
            else:
                out[rows] = self._placed(state, state.values[None, :, self.tree.root])
        done = self._run(tasks, design, threads)
        for (_, _, rows), result in zip(tasks, done, strict=True):
            if isinstance(result, OpenwardError):
                failures.append(self._failure(tuple(design.choice[rows[0]]), rows.size, result))
            else:
                out[rows] = result
        return out, _merged(failures)

    def _run(
        self,
        tasks: list[tuple[State, tuple[AnyStep, ...], NDArray[np.int64]]],
        design: Design,
        threads: int,
    ) -> Iterator[Ranks | OpenwardError]:
        def one(task: tuple[State, tuple[AnyStep, ...], NDArray[np.int64]]) -> Ranks | OpenwardError:
            state, rest, rows = task
            try:
                return self._block(state, rest, design.take(rows))
            except OpenwardError as error:
                return error

        if threads <= 1:
            yield from map(one, tasks)
            return
        with ThreadPoolExecutor(threads) as pool:
            yield from pool.map(one, tasks)

    def _block(self, state: State, rest: tuple[AnyStep, ...], part: Design) -> Ranks:
        noise = np.ones((len(self.tree.codes), part.size))
        for f, drawn in part.noise.items():
            for k, column in enumerate(self.factors[f].columns):
                noise[column] *= drawn[:, k]
        if all(isinstance(step, Aggregate) for step in rest):
            scores = self._aggregated(state, rest, noise)
            return self._placed(state, np.ascontiguousarray(scores.T))
        return np.concatenate([self._one_by_one(state, rest, noise[:, r]) for r in range(part.size)])

    def _aggregated(self, state: State, rest: tuple[AnyStep, ...], noise: Array) -> Array:
        """Aggregate a block upward; give the index [U, B]."""
        varied = (noise != noise[:, :1]).any(axis=1) | (noise[:, 0] != 1.0)
        columns = [np.ascontiguousarray(state.values[:, k, None]) for k in range(len(self.tree.codes))]
        open_columns = state.values
        for step in rest:
            assert isinstance(step, Aggregate)
            nodes = pending(step, self.tree, open_columns)
            for node in nodes:
                below = self.tree.children[node]
                weights = [state.weights[k] * (noise[k] if varied[k] else noise[k, :1]) for k in below]
                columns[node] = aggregated(
                    children=[columns[k] for k in below],
                    weights=weights,
                    method=step.each.get(self.tree.codes[node], step.method),
                    minimum_available=step.minimum_available,
                    where=self.tree.codes[node],
                )
            open_columns = open_columns.copy()
            open_columns[:, nodes] = 0.0
        return np.broadcast_to(columns[self.tree.root], (state.values.shape[0], noise.shape[1]))

    def _one_by_one(self, state: State, rest: tuple[AnyStep, ...], noise: Array) -> Ranks:
        """Take the remaining steps for one replicate: its weights change what later steps see."""
        for step in rest:
            if isinstance(step, Aggregate):
                noisy = replace(state, weights=state.weights * noise)
                moved = apply(step, spec=self.spec, tree=self.tree, state=noisy).state
                state = replace(moved, weights=state.weights)
            else:
                state = apply(step, spec=self.spec, tree=self.tree, state=state).state
        return self._placed(state, state.values[None, :, self.tree.root])

    def _placed(self, state: State, scores: Array) -> Ranks:
        """Rank [R, units still in] and put the ranks where the units stand in the data."""
        ranks = np.nan_to_num(descending_ranks(scores=scores, ties="least"), nan=0.0).astype(np.int16)
        if state.data.units == self.data.units:
            return ranks
        out = np.zeros((scores.shape[0], len(self.data.units)), dtype=np.int16)
        at = {unit: k for k, unit in enumerate(self.data.units)}
        out[:, [at[unit] for unit in state.data.units]] = ranks
        return out

    def _stem(self, combination: tuple[int, ...]) -> tuple[State, tuple[AnyStep, ...]]:
        """Take the steps that no weight noise reaches; give the state and the steps left."""
        steps = list(self.spec.steps)
        for factor, choice in zip(self.factors, combination, strict=True):
            if factor.position < 0:
                continue
            step = factor.steps[choice]
            if factor.factor.vary is not None:
                change = {factor.factor.vary: getattr(step, factor.factor.vary)}
                step = steps[factor.position].model_copy(update=change)
            steps[factor.position] = step
        noisy = {column for factor in self.factors for column in factor.columns}
        state = begin(self.spec, self.tree, self.data)
        for k, step in enumerate(steps):
            if isinstance(step, Aggregate):
                nodes = pending(step, self.tree, state.values)
                if any(column in noisy for node in nodes for column in self.tree.children[node]):
                    return state, tuple(steps[k:])
            taken = (f.position <= k for f in self.factors)
            key = (k, *(choice for choice, early in zip(combination, taken, strict=True) if early))
            if key not in self._states:
                try:
                    self._states[key] = apply(step, spec=self.spec, tree=self.tree, state=state).state
                except OpenwardError as error:
                    self._states[key] = error
            found = self._states[key]
            if isinstance(found, OpenwardError):
                raise found
            state = found
        return state, ()

    def _failure(self, combination: tuple[int, ...], replicates: int, error: OpenwardError) -> Failure:
        named = {
            factor.factor.name: factor.label(int(choice))
            for factor, choice in zip(self.factors, combination, strict=True)
            if factor.position >= 0
        }
        return Failure(named, replicates, str(error).split("\n")[0])


def _grouped(choice: NDArray[np.int64]) -> Iterator[tuple[tuple[int, ...], NDArray[np.int64]]]:
    """Give every combination that occurs with its replicates, in order."""
    if choice.shape[0] == 0:
        return
    combinations, inverse = np.unique(choice, axis=0, return_inverse=True)
    order = np.argsort(inverse.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(inverse.ravel(), minlength=len(combinations)))
    for combination, rows in zip(combinations, np.split(order, ends[:-1]), strict=True):
        yield tuple(int(one) for one in combination), rows


def _merged(failures: list[Failure]) -> tuple[Failure, ...]:
    """Add up failures of the same choices for the same reason."""
    counts: dict[tuple[tuple[tuple[str, str], ...], str], int] = {}
    for one in failures:
        key = (tuple(one.choices.items()), one.why)
        counts[key] = counts.get(key, 0) + one.replicates
    return tuple(Failure(dict(choices), count, why) for (choices, why), count in counts.items())
