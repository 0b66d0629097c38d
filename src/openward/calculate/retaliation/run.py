"""Choosing a list of equal trade effect at the least cost to our own buyers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from openward.calculate.retaliation.case import Basis, Candidate, RetaliationCase, Struck
from openward.calculate.step import Step, Trail
from openward.errors import InputError, NotConvergedError

ARTICLE = "DSU art 22.4 (equivalent level); WTO Safeguards Agreement art 8 (substantially equivalent)"


@dataclass(frozen=True, slots=True)
class RetaliationResult:
    """A list.

    Attributes
    ----------
    limit, effect : Fraction
        The other side's effect on us, and ours on them, in currency a year; ours is never larger.
    lines : tuple of Candidate
        In the order of the file.
    cost : Fraction
        Sum of imports taxed weighted by the supplier's share, which the choice makes least.
    gap : Fraction
        ``1 - effect / limit``, at most the tolerance.
    """

    limit: Fraction
    effect: Fraction
    lines: tuple[Candidate, ...]
    cost: Fraction
    gap: Fraction
    steps: tuple[Step, ...]


def trade_effect(line: Struck | Candidate, basis: Basis) -> Fraction:
    """Give the effect of a duty on a line, a year.

    Duty collected: ``value * added duty`` on unchanged trade. Trade lost: ``value * min(elasticity * added
    duty / (1 + duty), 1)``, the elasticity of import demand taken as constant near the price.
    """
    if basis == "duty-collected":
        return line.value * line.added_duty
    assert line.elasticity is not None
    return line.value * min(line.elasticity * line.added_duty / (1 + line.duty), Fraction(1))


def cost_of(line: Candidate) -> Fraction:
    """Give what taxing a line costs our buyers: its value weighted by how hard it is to replace."""
    return line.value * line.supplier_share


def calculate_retaliation(case: RetaliationCase) -> RetaliationResult:
    """Choose whole lines so that the effect is within the tolerance below the limit, at the least cost.

    ``min sum cost_i x_i`` subject to ``(1 - tolerance) limit <= sum effect_i x_i <= limit``, ``x_i`` zero or
    one: an integer program, solved to proven optimality; the bounds are then checked in exact numbers.

    Raises
    ------
    InputError
        No list of the candidates comes within the tolerance.
    NotConvergedError
        The solver stopped before it proved the optimum.
    """
    trail = Trail()
    limit = _limit(case, trail)
    offered = [one for one in case.candidates if not one.excluded]
    effects = [trade_effect(one, case.basis) for one in offered]
    chosen = _choose(effects, [cost_of(one) for one in offered], limit, case.tolerance)
    lines = tuple(one for one, taken in zip(offered, chosen, strict=True) if taken)
    effect = sum((trade_effect(one, case.basis) for one in lines), Fraction(0))
    for one in lines:
        _note(one, case.basis, case.currency, trail)
    trail.note(
        effect,
        subject=case.against,
        name="effect of the list",
        formula="sum of effects; (1 - tolerance) * limit <= effect <= limit",
        inputs={"limit": limit, "tolerance": case.tolerance, "lines": len(lines)},
        unit=case.currency,
        citation=ARTICLE,
    )
    cost = sum((cost_of(one) for one in lines), Fraction(0))
    trail.note(
        cost,
        subject=case.against,
        name="cost to our buyers, made least",
        formula="sum of value * supplier share",
        inputs=tuple((one.line, cost_of(one)) for one in lines),
        unit=case.currency,
    )
    return RetaliationResult(limit, effect, lines, cost, 1 - effect / limit, tuple(trail.steps))


def _limit(case: RetaliationCase, trail: Trail) -> Fraction:
    if case.authorized is not None:
        trail.note(
            case.authorized,
            subject=case.against,
            name="limit",
            formula="amount authorized",
            unit=case.currency,
            citation=ARTICLE,
        )
        return case.authorized
    for one in case.struck:
        _note(one, case.basis, case.currency, trail)
    return sum((trade_effect(one, case.basis) for one in case.struck), Fraction(0))


def _note(line: Struck | Candidate, basis: Basis, currency: str, trail: Trail) -> None:
    inputs = {"value": line.value, "added duty": line.added_duty, "duty": line.duty}
    if line.elasticity is not None and basis == "trade-lost":
        inputs["elasticity"] = line.elasticity
    trail.note(
        trade_effect(line, basis),
        subject=line.line,
        name="struck" if isinstance(line, Struck) else "on the list",
        formula="value * added duty"
        if basis == "duty-collected"
        else "value * min(elasticity * added duty / (1 + duty), 1)",
        inputs=inputs,
        unit=currency,
        citation=ARTICLE,
    )


ENUMERATED = 12
"""Up to so many lines every list is tried in exact numbers; beyond it a solver chooses."""


def _best_of_all(
    effects: list[Fraction], costs: list[Fraction], limit: Fraction, tolerance: Fraction
) -> list[bool]:
    from itertools import compress, product

    fitting = [
        (sum(compress(costs, taken), Fraction(0)), taken)
        for taken in product((False, True), repeat=len(effects))
        if (1 - tolerance) * limit <= sum(compress(effects, taken), Fraction(0)) <= limit
    ]
    if not fitting:
        raise InputError(
            "no list of these lines comes within the tolerance below the limit",
            where="candidates",
            hint="offer more or smaller lines, other duties, or a larger tolerance",
        )
    return list(min(fitting)[1])


def _choose(
    effects: list[Fraction], costs: list[Fraction], limit: Fraction, tolerance: Fraction
) -> list[bool]:
    if 0 < len(effects) <= ENUMERATED:
        return _best_of_all(effects, costs, limit, tolerance)
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    scale = np.array([float(one / limit) for one in effects])
    largest = max(costs, default=Fraction(0)) or Fraction(1)
    found = (
        milp(
            np.array([float(one / largest) for one in costs]),
            constraints=LinearConstraint(scale[None, :], float(1 - tolerance), 1.0),
            integrality=np.ones(len(effects)),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0.0},
        )
        if effects
        else None
    )
    if found is None or found.status == 2:
        raise InputError(
            "no list of these lines comes within the tolerance below the limit",
            where="candidates",
            hint="offer more or smaller lines, other duties, or a larger tolerance",
        )
    if found.status != 0:
        raise NotConvergedError(f"the choice was not proven best: {found.message}", where="candidates")
    taken = [bool(round(value)) for value in found.x]
    effect = sum((one for one, chosen in zip(effects, taken, strict=True) if chosen), Fraction(0))
    if not (1 - tolerance) * limit <= effect <= limit:
        raise NotConvergedError(
            "the list misses its bounds by less than the solver sees",
            where="candidates",
            hint="change the tolerance a little",
        )
    return taken
