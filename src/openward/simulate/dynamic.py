r"""A path over years: staged changes, and capital that follows real income.

With logarithmic utility and Cobb-Douglas capital formation investment is a constant share of income, so
capital follows in closed form (Anderson, Larch and Yotov 2020, *Transitional growth and trade with
frictions*, Econ. J. 130). Against the steady state before, with depreciation :math:`\delta` and capital's
share :math:`\alpha` of value added:

.. math::

    \hat K_{n,t+1} = \hat K_{nt}^{1-\delta} \Big(\frac{\hat W_{nt}}{\hat P_{nt}}\Big)^{\delta}, \qquad
    \hat A_{nst} = \hat K_{nt}^{\alpha \gamma_{ns}}

where :math:`\hat W / \hat P` is real value added at the capital of the year. Every year is an equilibrium
of the model chosen; nobody foresees later stages in its trade, and saving does not depend on them
(logarithmic utility). What it cannot say: no bonds, no lags other than capital's, one capital good bought
like final demand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from openward.errors import InputError
from openward.simulate.baseline import Array, Baseline, Outcome, Shock
from openward.simulate.models import Options, get


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One year of the path.

    Attributes
    ----------
    year : int
    capital_hat : [N]
        Capital at the beginning of the year over the steady state before.
    outcome : Outcome
        Against the baseline.
    """

    year: int
    capital_hat: Array
    outcome: Outcome


def dynamic_path(
    baseline: Baseline,
    stages: Mapping[int, Shock],
    *,
    until: int,
    depreciation: float,
    capital_share: float,
    model: str = "caliendo-parro",
    closure: str | None = None,
    options: Options | None = None,
) -> tuple[Stage, ...]:
    """Solve a staged change year by year.

    Parameters
    ----------
    baseline : Baseline
        A steady state.
    stages : mapping of year to Shock
        Each holds from its year until the next; all are changes against the baseline.
    until : int
        Last year solved.
    depreciation : float
        Share of capital that wears out in a year, adjusted for the cost of adjustment; above 0, up to 1.
    capital_share : float
        Of value added, from 0 to below 1.
    model, closure, options
        As in `openward.simulate.models`.

    Raises
    ------
    InputError
        No stage, a last year before the first, or parameters outside their range.
    NotConvergedError
    """
    if not stages or until < min(stages):
        raise InputError("a path needs a stage and a last year not before it", where="dynamic path")
    if not 0 < depreciation <= 1 or not 0 <= capital_share < 1:
        raise InputError(
            f"depreciation {depreciation:g} or capital share {capital_share:g} is out of range",
            hint="depreciation above 0 and up to 1, capital share from 0 to below 1",
            where="dynamic path",
        )
    solver = get(model)
    capital = np.ones(len(baseline.economies))
    out: list[Stage] = []
    for year in range(min(stages), until + 1):
        shock = stages[max(y for y in stages if y <= year)]
        made = capital[:, None] ** (capital_share * baseline.value_added)
        if (capital != 1.0).any():
            own = shock.productivity
            shock = replace(shock, productivity=made if own is None else made * own)
        outcome = solver.solve(baseline, shock, closure=closure, options=options)
        out.append(Stage(year, capital, outcome))
        real = 1.0 + outcome.real_wage_pct / 100.0
        capital = capital ** (1.0 - depreciation) * real**depreciation
    return tuple(out)
