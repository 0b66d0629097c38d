"""What each step does to the state: one function a kind of step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors, OpenwardError
from openward.indicators.composite.aggregate import aggregated
from openward.indicators.composite.denominate import denominated
from openward.indicators.composite.hierarchy import Hierarchy
from openward.indicators.composite.impute import filled_by_mean, filled_by_median, filled_from_before
from openward.indicators.composite.normalize import normalized
from openward.indicators.composite.spec import IndexSpec
from openward.indicators.composite.state import Move, State
from openward.indicators.composite.steps import (
    Aggregate,
    AnyStep,
    Denominate,
    Impute,
    Normalize,
    Screen,
    Treat,
    Weigh,
)
from openward.indicators.composite.treat import treated
from openward.indicators.composite.weigh import equal_correlation_weights, pca_weights

Array = NDArray[np.float64]


def apply(step: AnyStep, *, spec: IndexSpec, tree: Hierarchy, state: State) -> Move:
    """Apply one step.

    Raises
    ------
    InputError, InputErrors
        The values do not allow it; every column that fails is named.
    """
    if isinstance(step, Denominate):
        return _denominate(spec, tree, state)
    if isinstance(step, Impute):
        return _impute(step, tree, state)
    if isinstance(step, Screen):
        return _screen(step, tree, state)
    if isinstance(step, Treat):
        return _treat(step, tree, state)
    if isinstance(step, Normalize):
        return _normalize(step, spec, tree, state)
    if isinstance(step, Weigh):
        return _weigh(step, spec, tree, state)
    return _aggregate(step, tree, state)


def _denominate(spec: IndexSpec, tree: Hierarchy, state: State) -> Move:
    values, reasons = state.values.copy(), {}
    years = [year.values.copy() for year in state.data.earlier]
    for k, member in enumerate(spec.available):
        if member.denominator is None:
            continue
        values[:, k] = denominated(
            values=values[:, k], denominator=state.data.denominators[member.denominator]
        )
        for year, column in zip(state.data.earlier, years, strict=True):
            column[:, k] = denominated(values=column[:, k], denominator=year.denominators[member.denominator])
        reasons[member.code] = f"divided by {member.denominator}"
    earlier = tuple(
        replace(year, values=column) for year, column in zip(state.data.earlier, years, strict=True)
    )
    data = replace(state.data, earlier=earlier)
    return Move(replace(state, values=values, data=data), reasons)


def _impute(step: Impute, tree: Hierarchy, state: State) -> Move:
    values, reasons, notes = state.values.copy(), {}, []
    columns = tree.at(step.level)
    for k in columns if step.method != "none" else ():
        if step.method == "previous-year":
            before = [year.values[:, k] for year in state.data.earlier] if step.level == 1 else []
            values[:, k] = filled_from_before(values=values[:, k], earlier=before)
        else:
            fill = filled_by_mean if step.method == "mean" else filled_by_median
            for rows in _groups(state, step.within):
                values[rows, k] = fill(values=values[rows, k])
        reasons[tree.codes[k]] = f"missing: {step.method}" + (f" of its {step.within}" if step.within else "")
    left = int(np.isnan(values[:, columns]).sum())
    if left:
        notes.append(f"impute: {left} cells are still missing")
    return Move(replace(state, values=values), reasons, tuple(notes))


def _screen(step: Screen, tree: Hierarchy, state: State) -> Move:
    x = state.values[:, : tree.indicators]
    there = ~np.isnan(x)
    available = there.mean(axis=1)
    kept = available >= step.minimum_available - 1e-12
    if step.minimum_nonzero is not None:
        nonzero = (there & (x != 0)).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
        kept &= nonzero >= step.minimum_nonzero - 1e-12
    kept |= np.array([unit in step.keep for unit in state.data.units])
    gone = [unit for unit, stays in zip(state.data.units, kept, strict=True) if not stays]
    if kept.sum() < 2:
        raise InputError(
            f"{int(kept.sum())} units have {step.minimum_available:.0%} of the indicators",
            where="screen",
            hint="lower minimum_available",
        )
    notes = (f"screen: {len(gone)} units left out: {', '.join(gone)}",) if gone else ()
    return Move(replace(state, values=state.values[kept], data=state.data.rows(kept)), {}, notes)


def _treat(step: Treat, tree: Hierarchy, state: State) -> Move:
    values, reasons, notes = state.values.copy(), {}, []
    for k in tree.at(step.level):
        code = tree.codes[k]
        if code in step.exempt:
            continue
        hows = []
        for rows in _groups(state, step.within):
            done = treated(
                values=values[rows, k],
                skew=step.skewness,
                kurt=step.kurtosis,
                max_points=step.max_points,
                otherwise=step.otherwise,
            )
            values[rows, k] = done.values
            hows += [done.how] if done.how else []
            if not done.passes:
                notes.append(f"treat: {code} still has outliers")
        if hows:
            reasons[code] = "; ".join(dict.fromkeys(hows))
    return Move(replace(state, values=values), reasons, tuple(notes))


def _normalize(step: Normalize, spec: IndexSpec, tree: Hierarchy, state: State) -> Move:
    values, reasons = state.values.copy(), {}
    directions = state.directions.copy()
    targets = {member.code: member.target for member in spec.available}
    faults: list[OpenwardError] = []
    for k in tree.at(step.level):
        code = tree.codes[k]
        rule = step.each.get(code, step)
        for rows in _groups(state, step.within):
            try:
                values[rows, k] = normalized(
                    values=values[rows, k],
                    direction=int(directions[k]),
                    rule=rule,
                    target=targets.get(code),
                    where=code,
                )
            except InputError as error:
                faults.append(error)
        ends = "" if rule.low is None else f" {rule.low:g}..{rule.high:g}"
        centre = "" if rule.mean is None else f" {rule.mean:g} +- {rule.sd:g}"
        reasons[code] = rule.method + ends + centre + (", negated" if directions[k] < 0 else "")
        directions[k] = 1
    if faults:
        raise InputErrors(faults)
    return Move(replace(state, values=values, directions=directions), reasons)


def _weigh(step: Weigh, spec: IndexSpec, tree: Hierarchy, state: State) -> Move:
    weights = state.weights.copy()
    given = {one.code: one.weight for one in spec.weighted}
    from_data: dict[str, Callable[..., Array]] = {
        "pca": pca_weights,
        "equal-correlation": equal_correlation_weights,
    }
    for parent, below in enumerate(tree.children):
        columns = [k for k in below if tree.levels[k] == step.level]
        if not columns:
            continue
        if step.method in from_data:
            weights[columns] = from_data[step.method](
                values=state.values[:, columns], where=tree.codes[parent]
            )
        else:
            weights[columns] = [1.0 if step.method == "equal" else given[tree.codes[k]] for k in columns]
    return Move(replace(state, weights=weights), {})


def _aggregate(step: Aggregate, tree: Hierarchy, state: State) -> Move:
    values = state.values.copy()
    for node in pending(step, tree, values):
        below = tree.children[node]
        values[:, node] = aggregated(
            children=[values[:, k, None] for k in below],
            weights=[state.weights[k, None] for k in below],
            method=step.each.get(tree.codes[node], step.method),
            minimum_available=step.minimum_available,
            where=tree.codes[node],
        )[:, 0]
    return Move(replace(state, values=values), {})


def pending(step: Aggregate, tree: Hierarchy, values: Array) -> list[int]:
    """Give the columns a step aggregates: not aggregated yet, up to its level."""
    top = step.to or tree.top
    return [k for k, level in enumerate(tree.levels) if 1 < level <= top and np.isnan(values[:, k]).all()]


def _groups(state: State, within: str | None) -> list[Any]:
    """Give the rows of each group; all rows without one."""
    if within is None:
        return [slice(None)]
    if within not in state.data.groups:
        hint = f"groups are {', '.join(state.data.groups) or 'none'}"
        raise InputError(f"the data have no group {within!r}", where="within", hint=hint)
    labels = np.array(state.data.groups[within])
    return [np.flatnonzero(labels == label) for label in sorted(set(labels.tolist()))]
