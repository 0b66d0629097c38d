"""From the checked tables of a baseline directory to a baseline, deriving what is absent."""

from __future__ import annotations

import numpy as np

from openward.simulate.baseline import Array, Baseline
from openward.simulate.baseline_checks import TOLERANCE, Tables
from openward.simulate.large_rates import large_rates

_EXACT = 1e-12
"""Below this, a sum of shares is one and is left as it is."""


def assemble(tables: Tables) -> tuple[Baseline, tuple[str, ...]]:
    """Build the baseline, with notes on what was derived and whether it is in equilibrium.

    Parameters
    ----------
    tables : Tables
        Without faults.

    Returns
    -------
    Baseline
        Where a table of deficits agrees with imports less exports, the latter are taken, to the last digit.
    tuple of str
    """
    arrays, notes = tables.arrays, [*_absent(tables), *_negative_inputs(tables)]
    notes += large_rates(
        arrays["tariffs"], economies=tables.economies, sectors=tables.sectors, file=tables.file("tariffs")
    )
    flows, tariffs, output = arrays["flows"], arrays["tariffs"], arrays["flows"].sum(axis=0)
    value_added, use = _costs(tables, output=output)
    deficits, more = _deficits(tables, implied=flows.sum(axis=(1, 2)) - output.sum(axis=1))
    notes.extend(more)
    bought = (flows * (1.0 + tariffs)).sum(axis=1)
    inputs = np.einsum("nkj,nj->nk", use, output)
    if "final" in arrays:
        final = _normalized(arrays["final"])
    else:
        final, more = _derived_final(tables, residual=bought - inputs, bought=bought)
        notes.extend(more)
    income = (value_added * output).sum(axis=1) + (flows * tariffs).sum(axis=(1, 2)) + deficits
    notes.extend(_gap_note(tables, gap=inputs + final * income[:, None] - bought, bought=bought))
    head = tables.head
    baseline = Baseline(
        name=head.name,
        year=head.year,
        currency=head.currency,
        scale=head.scale,
        source=head.source,
        licence=head.licence,
        economies=tables.economies,
        sectors=tables.sectors,
        tradable=np.array([sector.tradable for sector in head.sectors], dtype=np.bool_),
        flows=flows,
        tariffs=tariffs,
        value_added=value_added,
        use=use,
        final=final,
        theta=arrays["elasticities"],
        deficits=deficits,
    )
    return baseline, tuple(notes)


def _absent(tables: Tables) -> list[str]:
    meaning = {
        "use": "no input-output links",
        "final": "final spending is derived from the balance",
        "deficits": "deficits are imports less exports",
    }
    return [
        f"There is no {tables.file(name)}: {what}."
        for name, what in meaning.items()
        if name not in tables.arrays
    ]


def _negative_inputs(tables: Tables) -> list[str]:
    """Published tables hold a few, where a by-product is booked as a negative input; they are kept."""
    cells = np.argwhere(tables.arrays.get("use", np.zeros((0, 0, 0))) < 0)
    if not len(cells):
        return []
    n, k, j = cells[0]
    first = f"{tables.economies[n]} {tables.sectors[k]} into {tables.sectors[j]}"
    return [f"{tables.file('use')} holds {len(cells)} negative input shares, first {first}: they are kept."]


def _costs(tables: Tables, *, output: Array) -> tuple[Array, Array]:
    """Value added and inputs that sum to one; value added alone where nothing is made."""
    n, j = output.shape
    made = output > 0
    share = tables.arrays["value_added"]
    value_added = np.where(made & ~np.isnan(share), share, 1.0)
    use = np.where(made[:, None, :], tables.arrays.get("use", np.zeros((n, j, j))), 0.0)
    total = value_added + use.sum(axis=1)
    divisor = np.where(np.abs(total - 1.0) > _EXACT, total, 1.0)
    return value_added / divisor, use / divisor[:, None, :]


def _deficits(tables: Tables, *, implied: Array) -> tuple[Array, list[str]]:
    given = tables.arrays.get("deficits", implied)
    apart = np.abs(given - implied) > TOLERANCE * tables.arrays["flows"].sum(axis=(1, 2))
    if not apart.any():
        return implied, []
    first = ", ".join(tables.economies[n] for n in np.flatnonzero(apart)[:5])
    note = (
        f"Deficits differ from imports less exports in {int(apart.sum())} economies ({first}): those of "
        f"{tables.file('deficits')} are kept."
    )
    return given - given.mean(), [note]


def _normalized(final: Array) -> Array:
    total = final.sum(axis=1, keepdims=True)
    return np.asarray(final / np.where(np.abs(total - 1.0) > _EXACT, total, 1.0), dtype=np.float64)


def _derived_final(tables: Tables, *, residual: Array, bought: Array) -> tuple[Array, list[str]]:
    positive = np.where(residual > _EXACT * bought, residual, 0.0)
    total = positive.sum(axis=1, keepdims=True)
    final = np.divide(positive, total, out=np.zeros_like(positive), where=total > 0)
    cells = np.argwhere(residual < -TOLERANCE * bought)
    if not len(cells):
        return final, []
    missing = -residual[residual < 0].sum() / bought.sum()
    first = ", ".join(f"{tables.economies[n]} {tables.sectors[k]}" for n, k in cells[:5])
    more = " ..." if len(cells) > 5 else "."
    note = (
        f"Final spending derived from the balance is negative in {len(cells)} cells ({missing:.3%} of all "
        f"purchases) and set to zero there: {first}{more}"
    )
    return final, [note]


def _gap_note(tables: Tables, *, gap: Array, bought: Array) -> list[str]:
    size = np.abs(gap)
    if not (size > TOLERANCE * bought.sum(axis=1, keepdims=True)).any():
        return []
    n, k = np.unravel_index(int(np.argmax(size)), size.shape)
    return [
        f"Demand and purchases differ by up to {size.max():.6g} ({tables.economies[n]} {tables.sectors[k]}), "
        f"{size.sum() / bought.sum():.3%} of all purchases in sum: the tables are not in equilibrium, "
        "and a solver balances them first."
    ]
