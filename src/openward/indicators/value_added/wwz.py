"""Sixteen terms of bilateral industry exports by Wang, Wei and Zhu (2013, NBER Paper 19677, eq. 22)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from openward.indicators.value_added.accounts import Accounts
from openward.indicators.value_added.borin_mancini import contents
from openward.observe.input_output import Array

TERMS = (
    "DVA_FIN",
    "DVA_INT",
    "DVA_INTrexI1",
    "DVA_INTrexF",
    "DVA_INTrexI2",
    "RDV_INT",
    "RDV_FIN",
    "RDV_FIN2",
    "OVA_FIN",
    "MVA_FIN",
    "OVA_INT",
    "MVA_INT",
    "DDC_FIN",
    "DDC_INT",
    "ODC",
    "MDC",
)
"""Domestic value added (DVA) in final goods; in inputs the importer absorbs; that come to a third economy's
own demand as inputs, as final goods, to demand elsewhere; returned (RDV) in inputs, from the importer in
final goods, through a third economy; value added of others (OVA) and of the importer (MVA) in final goods and
inputs; domestic (DDC), others' (ODC) and importer's (MDC) double counting."""


def wwz(*, accounts: Accounts) -> Mapping[str, Array]:
    """Decompose gross exports of every node to every importer.

    Returns
    -------
    mapping of str to [n, G]
        `TERMS` in order; their sum is gross exports cell by cell. The first five sum to value added absorbed
        abroad, the first eight to domestic value added (over importers, as in the other methods).

    Notes
    -----
    Each input term is ``content # (A_sr q_r)`` with ``#`` the product by exporting industry and ``q_r`` the
    part of the importer's output in question, so an importer costs one product of ``A[:, r]`` with a few
    columns.
    """
    a = accounts
    content = contents(accounts=a)
    inputs = _input_parts(accounts=a)
    final = a.abroad(a.Y)
    from_importer, from_others = _foreign_content(accounts=a, foreign=content.foreign)
    local, domestic = content.local[:, None], content.domestic[:, None]
    found = {
        "DVA_FIN": domestic * final,
        "DVA_INT": local * inputs["own"],
        "DVA_INTrexI1": local * inputs["third"],
        "DVA_INTrexF": local * inputs["final"],
        "DVA_INTrexI2": local * inputs["onward"],
        "RDV_INT": local * inputs["home"],
        "RDV_FIN": local * inputs["final_home"],
        "RDV_FIN2": local * inputs["third_home"],
        "DDC_FIN": local * inputs["home_exports"],
        "DDC_INT": (domestic - local) * inputs["all"],
    }
    for name, unit in (("O", from_others), ("M", from_importer)):
        found[f"{name}VA_FIN"] = unit * final
        found[f"{name}VA_INT"] = unit * inputs["stay"]
        found[f"{name}DC"] = unit * inputs["leave"]
    return {term: found[term] for term in TERMS}


def _input_parts(*, accounts: Accounts) -> dict[str, Array]:
    """Split inputs sold to each importer by where what it makes of them goes [n, G]."""
    a = accounts
    n, g = a.Y.shape
    spans = a.blocks()
    home, total = a.at_home(a.Y), a.Y.sum(axis=1)
    via_home = np.stack([a.B[:, at] @ home[at] for at in spans], axis=1)
    via_away = np.stack([a.B[:, at] @ (total - home)[at] for at in spans], axis=1)
    absorbed = a.B @ a.Y
    stay, leave = a.within(home), a.within(a.E.sum(axis=1))
    names = ("own", "third", "final", "onward", "home", "final_home", "third_home", "home_exports")
    found = {name: np.zeros((n, g)) for name in (*names, "all", "stay", "leave")}
    for r, at in enumerate(spans):
        inputs = a.A[:, at]
        direct = a.B[at, at] @ a.Y[at]
        own_home, own_away = inputs @ via_home[at], inputs @ via_away[at]
        final, taken = inputs @ direct, inputs @ absorbed[at]
        found["own"][:, r] = own_home[:, r]
        found["home"][:, r] = a.at_home(own_home)
        found["third"][:, r] = own_home.sum(axis=1) - own_home[:, r] - a.at_home(own_home)
        found["final_home"][:, r] = a.at_home(final)
        found["final"][:, r] = final.sum(axis=1) - final[:, r] - a.at_home(final)
        found["home_exports"][:, r] = a.at_home(own_away)
        found["third_home"][:, r] = a.at_home(taken) - a.at_home(own_home) - a.at_home(final)
        third_away = own_away.sum(axis=1) - own_away[:, r] - a.at_home(own_away)
        found["onward"][:, r] = third_away - found["third_home"][:, r]
        found["all"][:, r] = inputs @ a.x[at]
        found["stay"][:, r] = inputs @ stay[at]
        found["leave"][:, r] = inputs @ leave[at]
    return {name: a.abroad(values) for name, values in found.items()}


def _foreign_content(*, accounts: Accounts, foreign: Array) -> tuple[Array, Array]:
    """Give value added of the importer, and of third economies, in a unit of exports of each node [n, G]."""
    a = accounts
    by_origin = np.add.reduceat(a.v[:, None] * a.B, a.starts, axis=0).T
    importer = a.abroad(np.ascontiguousarray(by_origin))
    return importer, foreign[:, None] - importer
