"""General equilibrium of one-sector gravity: goods differ by origin, endowments are fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, NotConvergedError

Array = NDArray[np.float64]
Deficits = Literal["share", "fixed", "balanced"]
MOST_STEPS = 100


@dataclass(frozen=True, slots=True, eq=False)
class GravityOutcome:
    """What a change of trade costs does, as new over old.

    Attributes
    ----------
    price : [N]
        Factory-gate prices, which are also nominal output; world output is the numeraire.
    price_index : [N]
        Of what buyers pay.
    real_output : [N]
        ``price / price_index``.
    real_income : [N]
        Expenditure over the price index: with transfers, welfare.
    flows : [N, N]
        New trade, seller by buyer, home sales included.
    iterations : int
        Newton steps.
    residual : float
        Largest excess demand over output.
    sigma : float
    deficits : str
    """

    price: Array
    price_index: Array
    real_output: Array
    real_income: Array
    flows: Array
    iterations: int
    residual: float
    sigma: float
    deficits: Deficits

    @property
    def foreign_exports(self) -> Array:
        """New exports without home sales [N]."""
        return np.asarray(self.flows.sum(axis=1) - np.diag(self.flows))


def solve_gravity(
    *,
    flows: Array,
    cost_change: Array,
    sigma: float,
    deficits: Deficits = "share",
    tolerance: float = 1e-12,
) -> GravityOutcome:
    r"""Solve full-endowment gravity in changes by Newton's method.

    With :math:`\lambda_{ij}` the share of seller i in the purchases of j and :math:`\hat\phi = \hat
    t^{1-\sigma}`, prices :math:`\hat p` clear

    .. math::

        \hat p_i Y_i = \sum_j \frac{\lambda_{ij} \hat\phi_{ij} \hat p_i^{1-\sigma}}
        {\sum_k \lambda_{kj} \hat\phi_{kj} \hat p_k^{1-\sigma}} E_j'

    (Anderson and van Wincoop 2003; in changes as Dekle, Eaton and Kortum 2007).

    Parameters
    ----------
    flows : [N, N]
        Seller by buyer, home sales included, in any unit. Fitted flows give the counterfactual of an
        estimated model, observed ones that of exact calibration.
    cost_change : [N, N]
        :math:`\hat\phi`: new over old :math:`t^{1-\sigma}`; 0 forbids a flow.
    sigma : float
        Elasticity of substitution, above 1.
    deficits : {"share", "fixed", "balanced"}
        Expenditure over output stays (up to a factor common to all); deficits stay, measured in world output;
        or they vanish (Dekle, Eaton and Kortum).
    tolerance : float
        On excess demand over output.

    Raises
    ------
    InputError
        An elasticity not above 1, flows or changes that are negative or missing, an economy without output or
        purchases, or cut off from every seller.
    NotConvergedError
    """
    _check(flows, cost_change, sigma)
    output, spending = flows.sum(axis=1), flows.sum(axis=0)
    seen = flows / spending * cost_change
    world = output.sum()
    log_price, residual = np.zeros(len(output)), np.inf
    for step in range(MOST_STEPS + 1):
        state = _state(log_price, seen, output, spending, sigma, deficits)
        residual = float(np.abs(state.excess / (np.exp(log_price) * output)).max())
        if residual <= tolerance:
            return _outcome(log_price, seen, state, spending, step, residual, sigma, deficits)
        jacobian = _jacobian(log_price, state, output, spending, sigma, deficits)
        # Walras: one market clears if the others do; the numeraire takes its place.
        right = -state.excess
        jacobian[-1], right[-1] = np.exp(log_price) * output, world - np.exp(log_price) @ output
        move = np.linalg.solve(jacobian, right)
        log_price = log_price + move * min(1.0, 1.0 / max(float(np.abs(move).max()), 1e-300))
    raise NotConvergedError(
        f"no equilibrium after {MOST_STEPS} Newton steps, excess demand is {residual:.1e} of output",
        hint="make the change smaller, or solve it in parts",
        where="gravity",
    )


@dataclass(slots=True)
class _State:
    shares: Array
    spending: Array
    excess: Array


def _state(
    log_price: Array, seen: Array, output: Array, spending: Array, sigma: float, deficits: Deficits
) -> _State:
    weights = seen * np.exp((1 - sigma) * log_price)[:, None]
    shares = weights / weights.sum(axis=0)
    income = np.exp(log_price) * output
    if deficits == "balanced":
        new = income
    elif deficits == "fixed":
        new = income + (spending - output)
    else:
        new = np.exp(log_price) * spending
        new = new * (income.sum() / new.sum())
    if not (new > 0).all():
        raise InputError(
            "an economy would spend less than nothing: its surplus exceeds its new output",
            hint="keep deficits in proportion (share), or make the change smaller",
            where="gravity",
        )
    return _State(shares, new, shares @ new - income)


def _jacobian(
    log_price: Array, state: _State, output: Array, spending: Array, sigma: float, deficits: Deficits
) -> Array:
    """Differentiate excess demand by log prices: [N, N]."""
    shares, new = state.shares, state.spending
    income = np.exp(log_price) * output
    substitution = (1 - sigma) * (np.diag(shares @ new) - (shares * new) @ shares.T)
    if deficits == "share":
        scale = income / income.sum() - new / new.sum()
        through = shares * new + np.outer(shares @ new, scale)
    else:
        through = shares * income
    return np.asarray(substitution + through - np.diag(income))


def _outcome(
    log_price: Array,
    seen: Array,
    state: _State,
    spending: Array,
    steps: int,
    residual: float,
    sigma: float,
    deficits: Deficits,
) -> GravityOutcome:
    price = np.exp(log_price)
    index = (seen * (price ** (1 - sigma))[:, None]).sum(axis=0) ** (1 / (1 - sigma))
    return GravityOutcome(
        price=price,
        price_index=index,
        real_output=price / index,
        real_income=state.spending / spending / index,
        flows=state.shares * state.spending,
        iterations=steps,
        residual=residual,
        sigma=sigma,
        deficits=deficits,
    )


def _check(flows: Array, cost_change: Array, sigma: float) -> None:
    if not sigma > 1:
        raise InputError(f"sigma is {sigma:g}", hint="it must be above 1", where="gravity")
    for what, values in (("flows", flows), ("cost changes", cost_change)):
        if not np.isfinite(values).all() or (values < 0).any():
            raise InputError(f"{what} are negative or missing", hint="zero is a value", where="gravity")
    for what, sums in (("output", flows.sum(axis=1)), ("purchases", flows.sum(axis=0))):
        if not (sums > 0).all():
            bad = int(np.argmin(sums))
            raise InputError(f"economy {bad} has no {what}", hint="leave it out", where="gravity")
    left = flows * cost_change
    if not (left.sum(axis=0) > 0).all() or not (left.sum(axis=1) > 0).all():
        raise InputError(
            "an economy is cut off from every buyer or seller, itself included",
            hint="leave it home sales",
            where="gravity",
        )
