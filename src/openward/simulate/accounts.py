"""What a baseline's flows imply, and how far its other tables are from that."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from openward.errors import InputError, InputErrors
from openward.simulate.baseline import Array, Baseline

SHARES_TOLERANCE = 1e-6
"""Largest miss of shares that should sum to one, put down to rounding and scaled away."""
BALANCED = 1e-6
"""Largest miss of income = expenditure, relative to value added, put down to rounding of the tables."""
EXACT = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """The accounts of a baseline, in its unit.

    Attributes
    ----------
    spending : [N, J]
        Purchases at the buyer's price, tariff included.
    output : [N, J]
    value_added, revenue : [N]
        Wage bill; tariff revenue.
    deficits : [N]
        Imports less exports, net of tariff, of the flows.
    final_value : [N, J]
        Spending less what industries use; may be negative where tables disagree.
    imbalance : float
        Largest difference between ``final_value`` and the baseline's final shares of its income, or
        between flows and its deficits, relative to the economy's value added.
    """

    spending: Array
    output: Array
    value_added: Array
    revenue: Array
    deficits: Array
    final_value: Array
    imbalance: float

    @property
    def income(self) -> Array:
        """Final spending [N]: value added, revenue and deficit."""
        return self.value_added + self.revenue + self.deficits


def account(baseline: Baseline) -> Accounts:
    """Add up a baseline.

    Parameters
    ----------
    baseline : Baseline
        Shares sum to one (see `tidy`).

    Raises
    ------
    InputError
        An economy without value added.
    """
    taxes = np.einsum("nij,nij->nj", baseline.flows, baseline.tariffs)
    spending = baseline.flows.sum(axis=1) + taxes
    output = baseline.flows.sum(axis=0)
    value_added = (baseline.value_added * output).sum(axis=1)
    for n in np.flatnonzero(~(value_added > 0)):
        raise InputError(
            f"{baseline.economies[n]} earns no value added",
            where=f"baseline {baseline.name}",
            hint="leave the economy out, or merge it with another",
        )
    revenue = taxes.sum(axis=1)
    for n in np.flatnonzero(value_added + revenue + baseline.deficits <= 0):
        raise InputError(
            f"{baseline.economies[n]} has nothing to spend: its surplus is larger than its income",
            where=f"baseline {baseline.name}",
            hint="check its deficit (imports less exports), value added and flows",
        )
    deficits = baseline.flows.sum(axis=(1, 2)) - output.sum(axis=1)
    final_value = spending - np.matvec(baseline.use, output)
    given = baseline.final * (value_added + revenue + baseline.deficits)[:, None]
    gap = max(
        float((np.abs(final_value - given) / value_added[:, None]).max(initial=0.0)),
        float((np.abs(deficits - baseline.deficits) / value_added).max(initial=0.0)),
    )
    return Accounts(spending, output, value_added, revenue, deficits, final_value, gap)


def tidy(baseline: Baseline) -> Baseline:
    """Check a baseline and scale its shares to sum to one exactly.

    Raises
    ------
    InputErrors
        Wrong shapes, missing or negative values, shares that miss one by more than `SHARES_TOLERANCE`.
    """
    problems = _problems(baseline)
    if problems:
        raise InputErrors(problems)
    produced = baseline.flows.sum(axis=0) > 0
    inputs = baseline.use.sum(axis=1)
    off = np.where(produced, inputs + baseline.value_added - 1.0, 0.0)
    wrong = np.argwhere(np.abs(off) > SHARES_TOLERANCE)
    final_off = baseline.final.sum(axis=1) - 1.0
    problems = [
        InputError(
            f"value added and inputs of {baseline.economies[n]} {baseline.sectors[j]} "
            f"sum to {1 + off[n, j]:.8g}",
            where=f"baseline {baseline.name}",
            hint="value_added and use are shares of gross output and sum to one",
        )
        for n, j in wrong[:20]
    ]
    problems += [
        InputError(
            f"final shares of {baseline.economies[n]} sum to {1 + final_off[n]:.8g}",
            where=f"baseline {baseline.name}",
            hint="final is the share of each sector in final spending and sums to one",
        )
        for n in np.flatnonzero(np.abs(final_off) > SHARES_TOLERANCE)[:20]
    ]
    if problems:
        raise InputErrors(problems)
    use, value_added = baseline.use, baseline.value_added
    if np.abs(off).max(initial=0.0) > EXACT:
        linked = produced & (inputs > 0)
        factor = np.where(linked, (1.0 - value_added) / np.where(inputs > 0, inputs, 1.0), 1.0)
        use = use * factor[:, None, :]
        value_added = np.where(produced & ~linked, 1.0, value_added)
    final = baseline.final / (1.0 + final_off)[:, None] if np.abs(final_off).max() > EXACT else baseline.final
    return replace(
        baseline, use=use, value_added=value_added, final=final, deficits=centered(baseline.deficits)
    )


def centered(deficits: Array) -> Array:
    """Take what deficits miss of a zero sum out of each in proportion to its size."""
    size = np.abs(deficits)
    return deficits - size * (deficits.sum() / size.sum()) if size.any() else deficits


def rederived(baseline: Baseline, accounts: Accounts) -> Baseline:
    """Take final shares and deficits from the flows, so that the baseline is in equilibrium exactly."""
    total = accounts.final_value.sum(axis=1, keepdims=True)
    return replace(baseline, final=accounts.final_value / total, deficits=accounts.deficits)


def supplied(baseline: Baseline, accounts: Accounts) -> Baseline:
    """Refuse final demand that no flow supplies; where it is but rounding, take it out.

    Raises
    ------
    InputError
        Names the buyers and sectors.
    """
    short = (accounts.spending <= 0) & (baseline.final != 0)
    wrong = np.argwhere(short & (np.abs(baseline.final) > SHARES_TOLERANCE))
    if len(wrong):
        named = ", ".join(f"{baseline.economies[n]} {baseline.sectors[j]}" for n, j in wrong[:5])
        raise InputError(
            f"final demand for {named}{' and others' if len(wrong) > 5 else ''}, but no flow supplies it",
            where=f"baseline {baseline.name}",
            hint="add the flow (home sales count) or set the final share to zero",
        )
    if not short.any():
        return baseline
    final = np.where(short, 0.0, baseline.final)
    return replace(baseline, final=final / final.sum(axis=1, keepdims=True))


def _problems(baseline: Baseline) -> list[InputError]:
    N, J = len(baseline.economies), len(baseline.sectors)
    shapes = {
        "flows": (N, N, J),
        "tariffs": (N, N, J),
        "value_added": (N, J),
        "use": (N, J, J),
        "final": (N, J),
        "theta": (J,),
        "deficits": (N,),
    }
    found = []

    def refuse(message: str, hint: str) -> None:
        found.append(InputError(message, where=f"baseline {baseline.name}", hint=hint))

    for name, shape in shapes.items():
        array: Array = getattr(baseline, name)
        if array.shape != shape:
            refuse(
                f"{name} has shape {array.shape}, expected {shape}", "arrays run importer, exporter, sector"
            )
        elif not np.isfinite(array).all():
            refuse(f"{name} holds missing or infinite values", "fill or drop them before")
    if found:
        return found
    if baseline.flows.min(initial=0.0) < 0:
        n, i, j = np.unravel_index(baseline.flows.argmin(), baseline.flows.shape)
        refuse(
            f"negative trade: {baseline.economies[n]} from {baseline.economies[i]}, {baseline.sectors[j]}",
            "purchases are not negative; re-exports belong to their origin",
        )
    if baseline.tariffs.min(initial=0.0) <= -1:
        refuse("a tariff of -100 % or less", "rates are fractions: 0.05 is 5 %")
    if baseline.theta.min(initial=1.0) <= 0:
        refuse("a trade elasticity that is not positive", "theta is the positive Frechet shape")
    if baseline.value_added.min(initial=0.0) < 0:
        refuse("a negative share of value added", "move the excess of inputs to final use")
    scale = np.abs(baseline.flows).sum()
    if abs(baseline.deficits.sum()) > SHARES_TOLERANCE * scale:
        refuse(f"deficits sum to {baseline.deficits.sum():.6g}, not zero", "rescale them over the world")
    return found
