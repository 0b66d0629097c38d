"""What a spec must not say, beyond the shape of its fields."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from openward.errors import InputError, OpenwardError
from openward.indicators.composite.hierarchy import hierarchy
from openward.indicators.composite.spec import Factor, IndexSpec
from openward.indicators.composite.steps import KINDS, Aggregate, AnyStep, Denominate, Normalize, Screen

_STEP: TypeAdapter[AnyStep] = TypeAdapter(AnyStep)


def faults(spec: IndexSpec) -> list[OpenwardError]:
    """Find steps out of order or of levels that are not there, and factors that vary nothing."""
    found = _step_faults(spec)
    names = [factor.name for factor in spec.uncertainty]
    for name in sorted({name for name in names if names.count(name) > 1}):
        found.append(InputError("the factor is there twice", where=f"{spec.name}: {name}", hint="rename one"))
    for factor in spec.uncertainty:
        found += _factor_faults(spec, factor)
    return found


def alternatives(spec: IndexSpec, factor: Factor) -> tuple[tuple[int, AnyStep], ...]:
    """Give the steps a factor puts in place: position of the step and what stands there instead.

    Raises
    ------
    InputError
        There is no such step, or an alternative is not acceptable.
    """
    place = f"{spec.name}: {factor.name}"
    positions = [k for k, step in enumerate(spec.steps) if step.step == factor.step]
    if factor.nth > len(positions):
        what = f"the spec has {len(positions)} steps {factor.step!r}, not {factor.nth}"
        raise InputError(what, where=place, hint=f"steps are {', '.join(KINDS)}")
    position = positions[factor.nth - 1]
    nominal = spec.steps[position]
    bodies = factor.alternatives or tuple(
        {**nominal.model_dump(), str(factor.vary): value} for value in factor.values
    )
    try:
        made = tuple(_STEP.validate_python({**body, "step": factor.step}) for body in bodies)
    except ValidationError as error:
        detail = error.errors()[0]
        what = f"{'.'.join(map(str, detail['loc'][1:]))}: {detail['msg']}"
        raise InputError(f"an alternative is not acceptable: {what}", where=place, hint="") from error
    return tuple((position, step) for step in made)


def _factor_faults(spec: IndexSpec, factor: Factor) -> list[OpenwardError]:
    if factor.noise:
        top = hierarchy(spec).top
        return [
            InputError(
                f"no weights at level {level}", where=f"{spec.name}: {factor.name}", hint=f"1 to {top - 1}"
            )
            for level in factor.noise
            if not 1 <= level < top
        ]
    try:
        alternatives(spec, factor)
    except InputError as error:
        return [error]
    return []


def _step_faults(spec: IndexSpec) -> list[OpenwardError]:
    found: list[OpenwardError] = []
    tree = hierarchy(spec)
    reached, everything = 1, set(tree.codes) | {member.code for member in spec.indicators}
    for number, step in enumerate(spec.steps, start=1):
        where = f"{spec.name}: step {number}, {step.step}"
        level = getattr(step, "level", None)
        if level is not None and level > tree.top:
            found.append(InputError(f"there is no level {level}", where=where, hint=f"the top is {tree.top}"))
        elif level is not None and level > reached and step.step != "weigh":
            hint = "aggregate to that level first"
            found.append(InputError(f"level {level} is not aggregated yet", where=where, hint=hint))
        if isinstance(step, Denominate | Screen) and reached > 1:
            found.append(InputError("it comes after aggregation", where=where, hint="move it up"))
        named = [*getattr(step, "each", ()), *getattr(step, "exempt", ())]
        for code in (code for code in named if code not in everything):
            found.append(InputError(f"no column {code!r}", where=where, hint="codes of this spec only"))
        within = getattr(step, "within", None)
        if within is not None and spec.table is not None and within not in spec.table.groups:
            hint = f"groups are {', '.join(spec.table.groups) or 'none'}"
            found.append(InputError(f"no group {within!r}", where=where, hint=hint))
        if isinstance(step, Normalize):
            found += _target_faults(spec, step, where)
        if isinstance(step, Aggregate):
            reached = step.to or tree.top
    if reached < tree.top:
        found.append(InputError("the index itself is not aggregated", where=spec.name, hint="add aggregate"))
    return found


def _target_faults(spec: IndexSpec, step: Normalize, where: str) -> list[OpenwardError]:
    return [
        InputError("distance to target without a target", where=f"{where}: {member.code}", hint="add target")
        for member in spec.available
        if step.level == 1 and member.target is None
        if step.each.get(member.code, step).method == "distance-to-target"
    ]
