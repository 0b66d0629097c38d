r"""SMART: partial equilibrium at the tariff line (Laird and Yeats 1986).

For one importer, line by line. With :math:`M` imports before, :math:`t_0, t_1` rates,
:math:`\varepsilon < 0` the elasticity of import demand, :math:`\mu` that of export supply and :math:`\sigma`
that of substitution between suppliers:

.. math::

    TC_i = M_i \, \frac{\varepsilon \, (t_{1i} - t_{0i})}{(1 + t_{0i}) (1 - \varepsilon / \mu)}, \qquad
    TD_i = M \, \frac{M_i r_i^{-\sigma}}{\sum_k M_k r_k^{-\sigma}} - M_i, \qquad
    r_i = \frac{1 + t_{1i}}{1 + t_{0i}}

For one group of preferred suppliers p and the others n, with :math:`r` their relative price, diversion is
:math:`M_p M_n (r^{-\sigma} - 1) / (M_p r^{-\sigma} + M_n)`; the form above takes any number of rates and
sums to zero over suppliers. Welfare is the triangle :math:`\tfrac12 |t_0 - t_1| TC`, a loss where duties
rise; the exporter's price rises by :math:`TC / (M \mu)`; revenue is :math:`t_1 (M + TC + TD) - t_0 M`.

What it cannot say: nothing outside the line moves, no incomes, no inputs, no home producers; a supplier that
sells nothing starts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors
from openward.simulate.baseline import Array

SUBSTITUTION = 1.5
SUPPLY = 99.0
"""Nearly infinite, as the published tool has it."""


@dataclass(frozen=True, slots=True, eq=False)
class LineEffects:
    """Effects by row (line and supplier), in the unit of imports unless said.

    Attributes
    ----------
    creation, diversion : [R]
        Additional imports from cheaper goods; moved between suppliers of the line (sums to zero by line).
    imports_after : [R]
    revenue_before, revenue_after : [R]
    welfare : [R]
        Triangle of the importer's gain on created trade.
    price : [R]
        Change in the exporter's price, fraction.
    rate_used : [R]
        The rate after, given utilization and threshold, fraction.
    capped : int
        Rows where the linear formula would take away more than all imports.
    """

    creation: Array
    diversion: Array
    imports_after: Array
    revenue_before: Array
    revenue_after: Array
    welfare: Array
    price: Array
    rate_used: Array
    capped: int


def smart_lines(
    *,
    line: NDArray[np.intp],
    imports: Array,
    before: Array,
    after: Array,
    demand: Array,
    substitution: Array,
    supply: Array,
    utilization: Array,
    threshold: float,
) -> LineEffects:
    """Work out trade creation, diversion, revenue and welfare.

    Parameters
    ----------
    line : int array [R]
        Position of the tariff line, from 0.
    imports : [R]
        Customs value before, zero or more.
    before, after : [R]
        Rates, fractions.
    demand : [R]
        Elasticity of import demand, zero or less.
    substitution : [R]
        Zero or more.
    supply : [R]
        Above zero; ``inf``: the world price stands.
    utilization : [R]
        Share of imports that takes a lower rate, 0 to 1; a higher rate is paid by all.
    threshold : float
        Cuts smaller than this many points (a fraction) are not worth claiming.

    Raises
    ------
    InputErrors
        All values outside their range, by name and row.
    """
    arrays = {
        "imports": (imports, imports >= 0),
        "rate_before": (before, before > -1),
        "rate_after": (after, after > -1),
        "demand_elasticity": (demand, demand <= 0),
        "substitution": (substitution, substitution >= 0),
        "supply_elasticity": (supply, supply > 0),
        "utilization": (utilization, (utilization >= 0) & (utilization <= 1)),
    }
    _refuse(arrays)
    if not threshold >= 0:
        raise InputError(
            f"the threshold is {threshold:g}", hint="a fraction of zero or more", where="threshold"
        )
    cut = before - after
    worth = np.where(cut > 0, np.where(cut >= threshold, utilization, 0.0), 1.0)
    used = np.where(worth == 1.0, after, before - worth * cut)
    change = (used - before) / (1.0 + before)
    creation = imports * demand * change / (1.0 - demand / supply) + 0.0
    capped = creation < -imports
    creation = np.maximum(creation, -imports)
    ratio = (1.0 + used) / (1.0 + before)
    drawn = imports * ratio**-substitution
    lines = int(line.max(initial=-1)) + 1
    total = np.bincount(line, imports, minlength=lines)[line]
    pull = np.bincount(line, drawn, minlength=lines)[line]
    diversion = np.divide(total * drawn, pull, out=np.zeros_like(drawn), where=pull > 0) - imports
    diversion = np.where(_moves(line, ratio, imports, lines), diversion, 0.0)
    # What is bought less cannot be moved as well: imports after never fall below zero.
    imports_after = np.maximum(imports + creation + diversion, 0.0)
    return LineEffects(
        creation=creation,
        diversion=diversion,
        imports_after=imports_after,
        revenue_before=before * imports,
        revenue_after=used * imports_after,
        welfare=0.5 * np.abs(before - used) * creation,
        price=np.divide(creation, imports, out=np.zeros_like(creation), where=imports > 0) / supply,
        rate_used=used,
        capped=int(capped.sum()),
    )


def _moves(line: NDArray[np.intp], ratio: Array, imports: Array, lines: int) -> NDArray[np.bool_]:
    """Rows of lines in which relative prices differ between suppliers [R]."""
    high, low = np.full(lines, -np.inf), np.full(lines, np.inf)
    sold = imports > 0
    np.maximum.at(high, line[sold], ratio[sold])
    np.minimum.at(low, line[sold], ratio[sold])
    return np.asarray((high > low)[line])


def _refuse(arrays: dict[str, tuple[Array, NDArray[np.bool_]]]) -> None:
    hints = {
        "imports": "zero or more",
        "rate_before": "a fraction above -1: 0.05 is 5 %",
        "rate_after": "a fraction above -1: 0.05 is 5 %",
        "demand_elasticity": "zero or less: -1.2",
        "substitution": "zero or more: 1.5",
        "supply_elasticity": "above zero; inf where the world price stands",
        "utilization": "a share from 0 to 1",
    }
    found = []
    for name, (values, fine) in arrays.items():
        bad = np.flatnonzero(~fine | np.isnan(values) | (np.isinf(values) & (name != "supply_elasticity")))
        if len(bad):
            found.append(
                InputError(
                    f"{len(bad)} rows are out of range, first {values[bad[0]]:g}",
                    where=f"{name}, row {bad[0] + 1}",
                    hint=hints[name],
                )
            )
    if found:
        raise InputErrors(found)
