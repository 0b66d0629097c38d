"""Sales taken out of a table: perimeters of Miroudot and Ye, and hypothetical extraction.

With the sales of nodes S to nodes C out of ``A``, the inverse is ``B* = B - B_S (I + P B_S)^-1 P B`` with
``P = A[S, C]`` in columns C (Sherman, Morrison and Woodbury), so a solve the size of S replaces an inverse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.errors import InputError
from openward.indicators.value_added.accounts import Accounts
from openward.observe.input_output import Array, Index


@dataclass(frozen=True, slots=True, eq=False)
class MiroudotYe:
    """Gross exports across one perimeter, in the unit of the table.

    ``exports = dva + ddc + fva + fdc``. Double counted is what crosses this perimeter again.

    Attributes
    ----------
    exports, dva, ddc, fva, fdc : float
    """

    exports: float
    dva: float
    ddc: float
    fva: float
    fdc: float


def extracted_output(*, accounts: Accounts, sellers: Index, buyers: Index, final: Array) -> Array:
    """Give output where sellers do not deliver to buyers and nobody replaces them.

    Parameters
    ----------
    accounts : Accounts
    sellers, buyers : index arrays
        Nodes S and C whose sales ``A[S, C]`` are set to zero.
    final : [n] or [n, k]
        Final demand that has to be met.

    Returns
    -------
    [n] or [n, k]
        ``B* final`` (Dietzenbacher, van Burken and Kondo 2019, "Hypothetical extractions from a global
        perspective").
    """
    output = accounts.B @ final
    taken = accounts.A[np.ix_(sellers, buyers)]
    system = np.eye(len(sellers)) + taken @ accounts.B[np.ix_(buyers, sellers)]
    return np.asarray(output - accounts.B[:, sellers] @ np.linalg.solve(system, taken @ output[buyers]))


def miroudot_ye(
    *, accounts: Accounts, exporter: int, importer: int | None = None, sellers: Index | None = None
) -> MiroudotYe:
    """Decompose exports across a perimeter: all exports of an economy, to one importer, of some industries.

    Parameters
    ----------
    accounts : Accounts
    exporter : int
        Position of the economy.
    importer : int, optional
        Position of the only importer; all by default.
    sellers : index array, optional
        The exporter's nodes whose exports count; all by default.

    Notes
    -----
    Miroudot and Ye (2021, Economic Systems Research 33:1): ``DVA = v_s B*_ss E``, ``FVA = sum_t v_t B*_ts E``
    with the exports across the perimeter extracted from A.
    """
    home = np.flatnonzero(accounts.economy == exporter)
    nodes = home if sellers is None else sellers
    if len(nodes) == 0 or (accounts.economy[nodes] != exporter).any():
        raise InputError("sellers are not industries of the exporter", hint="give nodes of that economy")
    if importer == exporter:
        raise InputError("an economy does not export to itself", hint="name another importer")
    buyers = np.flatnonzero(
        accounts.economy != exporter if importer is None else accounts.economy == importer
    )
    e = accounts.E[nodes].sum(axis=1) if importer is None else accounts.E[nodes, importer]
    content = accounts.v[:, None] * accounts.B[:, nodes]
    taken = accounts.A[np.ix_(nodes, buyers)]
    system = np.eye(len(nodes)) + taken @ accounts.B[np.ix_(buyers, nodes)]
    once = content @ np.linalg.solve(system, e)
    every = content @ e
    domestic = float(every[home].sum())
    dva, fva = float(once[home].sum()), float(once.sum() - once[home].sum())
    return MiroudotYe(
        exports=float(e.sum()), dva=dva, ddc=domestic - dva, fva=fva, fdc=float(every.sum()) - domestic - fva
    )
