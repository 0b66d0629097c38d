"""Nine terms of gross exports by Koopman, Wang and Wei (2014, Am. Econ. Rev. 104:2, equation 36)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from openward.indicators.value_added.accounts import Accounts
from openward.observe.input_output import Array

TERMS = (
    "DVA_FIN",
    "DVA_INT",
    "DVA_INTrex",
    "RDV_FIN",
    "RDV_INT",
    "DDC",
    "FVA_FIN",
    "FVA_INT",
    "FDC",
)
"""Domestic value added in final goods, in inputs absorbed by the importer, in inputs it exports on; returning
in final goods, in inputs; domestic double counting; foreign value added in final goods, in inputs; foreign
double counting."""


def kww(*, accounts: Accounts) -> Mapping[str, Array]:
    r"""Decompose the gross exports of every economy.

    Returns
    -------
    mapping of str to [G]
        `TERMS` in order; their sum is gross exports. The first three are value-added exports (VAX), the first
        five domestic value added, the first six domestic content.

    Notes
    -----
    .. math::
        E_s = v_s \sum_r B_{ss} Y_{sr} + v_s \sum_r B_{sr} Y_{rr}
        + v_s \sum_r \sum_{t \ne s, r} B_{sr} Y_{rt}
        + v_s \sum_r B_{sr} Y_{rs} + v_s \sum_r B_{sr} A_{rs} L_s (Y_{ss} + E_s)
        + \sum_{t \ne s} v_t B_{ts} \sum_r [Y_{sr} + A_{sr} L_r (Y_{rr} + E_r)]
    """
    a = accounts
    spans, g = a.blocks(), len(a.starts)
    home, away = a.at_home(a.Y), a.abroad(a.Y).sum(axis=1)
    stay, leave = a.within(home), a.within(a.E.sum(axis=1))
    inputs = np.add.reduceat(a.A * stay[None, :], a.starts, axis=1)
    onward = np.add.reduceat(a.A * leave[None, :], a.starts, axis=1)
    every = a.v @ a.B
    found = {term: np.zeros(g) for term in TERMS}
    for s, at in enumerate(spans):
        b = a.v[at] @ a.B[at]
        own, foreign = b[at], every[at] - b[at]
        b = b.copy()
        b[at] = 0.0
        found["DVA_FIN"][s] = own @ away[at]
        found["DVA_INT"][s] = b @ home
        found["RDV_FIN"][s] = b @ a.Y[:, s]
        found["DVA_INTrex"][s] = b @ away - found["RDV_FIN"][s]
        back = b @ a.A[:, at]
        found["RDV_INT"][s] = back @ stay[at]
        found["DDC"][s] = back @ leave[at]
        found["FVA_FIN"][s] = foreign @ away[at]
        found["FVA_INT"][s] = foreign @ _others(inputs[at], s)
        found["FDC"][s] = foreign @ _others(onward[at], s)
    return found


def _others(values: Array, economy: int) -> Array:
    """Sum over importers other than the exporter."""
    return np.asarray(values.sum(axis=1) - values[:, economy], dtype=np.float64)
