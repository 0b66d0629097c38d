"""What is differentiated: a linear combination of log real incomes, tariff revenues and log outputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.errors import InputError
from openward.simulate.baseline import Array, Baseline


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """Weights of an objective. None: that part carries no weight.

    Attributes
    ----------
    real_income : [N], optional
        On the logarithm of exact real income (welfare): final spending over the final price index.
    revenue : [N], optional
        On tariff revenue, per unit of the baseline's money; the numeraire is world value added.
    output : [N, J], optional
        On the logarithm of the value of gross output; no weight where nothing is made.
    price_index : [N], optional
        On the logarithm of the final price index, beside what real income holds of it.
    """

    real_income: Array | None = None
    revenue: Array | None = None
    output: Array | None = None
    price_index: Array | None = None


def welfare_of(baseline: Baseline, economy: str) -> Goal:
    """Give the goal of one economy: the logarithm of its real income."""
    return Goal(real_income=(np.array(baseline.economies) == economy).astype(np.float64))


def revenue_of(baseline: Baseline, economy: str) -> Goal:
    """Give the tariff revenue of one economy as a goal."""
    return Goal(revenue=(np.array(baseline.economies) == economy).astype(np.float64))


def check_goal(goal: Goal, *, economies: tuple[str, ...], sectors: tuple[str, ...], output: Array) -> None:
    """Refuse weights that do not fit a world.

    Raises
    ------
    InputError
        Wrong shape, missing values, no weight at all, or weight on an industry that makes nothing.
    """
    N, J = len(economies), len(sectors)
    given = 0
    wanted = {"real_income": (N,), "revenue": (N,), "output": (N, J), "price_index": (N,)}
    for name, shape in wanted.items():
        weights: Array | None = getattr(goal, name)
        if weights is None:
            continue
        given += 1
        if weights.shape != shape:
            raise InputError(
                f"weights on {name} have shape {weights.shape}, expected {shape}",
                where="goal",
                hint="use the world's economies and sectors, in its order",
            )
        if not np.isfinite(weights).all():
            raise InputError(
                f"weights on {name} hold missing or infinite values", where="goal", hint="use zero for none"
            )
    if not given:
        raise InputError(
            "the goal carries no weight", where="goal", hint="weigh real incomes, revenues or outputs"
        )
    if goal.output is not None:
        for n, j in np.argwhere((goal.output != 0) & (output <= 0)):
            raise InputError(
                f"{economies[n]} makes nothing in {sectors[j]}: its logarithm has no derivative",
                where="goal",
                hint="put no weight on industries without output",
            )
