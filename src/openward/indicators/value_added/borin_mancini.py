"""Value added in gross exports by Borin and Mancini: exact, additive over industries and destinations.

Borin and Mancini (2019, World Bank Policy Research Working Paper 8804; 2023, Economic Systems Research 35:4).
Perimeter: the exporting country. An item is double counted when it crosses that country's border again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from openward.indicators.value_added.accounts import Accounts
from openward.observe.input_output import Array

Approach = Literal["source", "sink"]
"""Where value added that crosses the border several times is booked: the first or the last crossing."""


@dataclass(frozen=True, slots=True, eq=False)
class BorinMancini:
    """Parts of gross exports by exporting node and importer, ``[n, G]`` each, in the unit of the table.

    ``exports = dva + ddc + fva + fdc`` and ``dva = vax + ref``, cell by cell.

    Attributes
    ----------
    approach : {"source", "sink"}
    exports : [n, G]
        Gross exports.
    dva : [n, G]
        Domestic value added, counted once.
    vax, ref : [n, G]
        Of ``dva``: absorbed in final demand abroad; at home (reflected).
    davax : [n, G]
        Of ``vax``: absorbed by the importer itself after at most its own processing, so that it crosses one
        border only; valued at the first crossing in both approaches.
    ddc : [n, G]
        Domestic content counted again.
    fva, fdc : [n, G]
        Foreign value added, counted once; foreign content counted again.
    """

    approach: Approach
    exports: Array
    dva: Array
    vax: Array
    ref: Array
    davax: Array
    ddc: Array
    fva: Array
    fdc: Array


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """Content of a unit of exports by node [n].

    Attributes
    ----------
    local : [n]
        ``v_s L_s``: domestic value added, first crossing.
    domestic : [n]
        ``v_s B_ss``: domestic content, all crossings.
    foreign : [n]
        ``sum_{t != s} v_t B_ts``: foreign content.
    foreign_once : [n]
        ``sum_{t != s} v_t B_ts B_ss^-1 L_s``: foreign content without what passed through s before.
    """

    local: Array
    domestic: Array
    foreign: Array
    foreign_once: Array


def contents(*, accounts: Accounts) -> Contents:
    """Give what a unit of each node's exports contains.

    Notes
    -----
    With the exports of s to industries taken out of A, the inverse has the columns ``B_ts B_ss^-1 L_s`` for s
    (a block inversion), so no second inverse is needed.
    """
    every = accounts.v @ accounts.B
    local, domestic, once = np.zeros_like(every), np.zeros_like(every), np.zeros_like(every)
    for at, inverse in zip(accounts.blocks(), accounts.local, strict=True):
        own = accounts.B[at, at]
        local[at] = accounts.v[at] @ inverse
        domestic[at] = accounts.v[at] @ own
        once[at] = np.linalg.solve(own.T, every[at] - domestic[at]) @ inverse
    return Contents(local=local, domestic=domestic, foreign=every - domestic, foreign_once=once)


def borin_mancini(*, accounts: Accounts, approach: Approach) -> BorinMancini:
    """Decompose gross exports of every node to every importer.

    Parameters
    ----------
    accounts : Accounts
    approach : {"source", "sink"}
        First or last crossing. Country totals of dva, ddc, fva and fdc are the same.

    Returns
    -------
    BorinMancini

    Notes
    -----
    Source: ``DVA_sr = v_s L_s E_sr``, ``FVA_sr = sum_t v_t B_ts B_ss^-1 L_s E_sr``. Sink: with ``K_sr`` the
    part of ``E_sr`` that s exports again later, ``K_sr = A_sr B_rs B_ss^-1 L_s E_s``,
    ``DVA_sr = v_s B_ss (E_sr - K_sr)`` and ``FVA_sr = sum_t v_t B_ts (E_sr - K_sr)`` (Borin and Mancini 2019,
    section 4 and appendix).
    """
    made = contents(accounts=accounts)
    direct = _absorbed_directly(accounts=accounts)
    if approach == "source":
        counted, home = accounts.E, _returning(accounts=accounts)
        domestic, foreign = made.local, made.foreign_once
    else:
        counted, home = _last_crossing(accounts=accounts)
        domestic, foreign = made.domestic, made.foreign
    dva, fva = domestic[:, None] * counted, foreign[:, None] * counted
    ref = domestic[:, None] * home
    return BorinMancini(
        approach=approach,
        exports=accounts.E,
        dva=dva,
        vax=dva - ref,
        ref=ref,
        davax=made.local[:, None] * direct,
        ddc=made.domestic[:, None] * accounts.E - dva,
        fva=fva,
        fdc=made.foreign[:, None] * accounts.E - fva,
    )


def _absorbed_directly(*, accounts: Accounts) -> Array:
    """Exports used up in the importer: ``Y_sr + A_sr L_r Y_rr`` [n, G]."""
    home = accounts.within(accounts.at_home(accounts.Y))
    return accounts.abroad(accounts.Y) + accounts.abroad(_sold_into(accounts=accounts, made=home))


def _returning(*, accounts: Accounts) -> Array:
    """Exports that end in final demand of the exporter: ``A_sr sum_j B_rj Y_js`` [n, G]."""
    absorbed = accounts.B @ accounts.Y
    home = np.zeros_like(accounts.Y)
    for importer, at in enumerate(accounts.blocks()):
        into = accounts.A[:, at] @ absorbed[at]
        home[:, importer] = accounts.at_home(into)
    return accounts.abroad(home)


def _last_crossing(*, accounts: Accounts) -> tuple[Array, Array]:
    """Exports that s does not export again, and those of them that end at home [n, G]."""
    absorbed = accounts.B @ accounts.Y
    counted, home = np.zeros_like(accounts.Y), np.zeros_like(accounts.Y)
    for s, at in enumerate(accounts.blocks()):
        inverse = accounts.local[s]
        exported = inverse @ accounts.E[at].sum(axis=1)
        domestic = inverse @ accounts.Y[at, s]
        through = np.linalg.solve(
            accounts.B[at, at], np.stack([exported, absorbed[at, s] - domestic], axis=1)
        )
        again = accounts.B[:, at] @ through
        inputs = accounts.A[at]
        counted[at] = accounts.E[at] - np.add.reduceat(inputs * again[:, 0], accounts.starts, axis=1)
        ends = absorbed[:, s] - again[:, 1]
        home[at] = np.add.reduceat(inputs * ends, accounts.starts, axis=1)
    return accounts.abroad(counted), accounts.abroad(home)


def _sold_into(*, accounts: Accounts, made: Array) -> Array:
    """Inputs of each node that go into what importers make: ``A_sr made_r`` [n, G]."""
    return np.asarray(np.add.reduceat(accounts.A * made[None, :], accounts.starts, axis=1))
