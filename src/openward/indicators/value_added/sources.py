"""Whose value added is in whose exports: origin by industry, imports in exports, re-exports, advantage."""

from __future__ import annotations

import numpy as np

from openward.errors import InputError
from openward.indicators.value_added.accounts import Accounts
from openward.observe.input_output import Array


def origin_of_exports(*, accounts: Accounts) -> Array:
    """Give value added of node i in the gross exports of node j [n, n]: ``v_i B_ij e_j``."""
    return np.asarray(accounts.v[:, None] * accounts.B * accounts.E.sum(axis=1)[None, :])


def imports_in_exports(*, accounts: Accounts) -> Array:
    """Give foreign value added in the exports of each node [n] ("importing to export", i2e)."""
    return _apart(accounts=accounts, sums_of_rows=False)


def exports_in_exports(*, accounts: Accounts) -> Array:
    """Give value added of each node in the exports of other economies [n] ("exporting to re-export", e2r)."""
    return _apart(accounts=accounts, sums_of_rows=True)


def domestic_in_exports(*, accounts: Accounts) -> Array:
    """Give value added of each node, by origin, in its economy's exports [n]: ``v_i B_ij e_j``, j at home."""
    e = accounts.E.sum(axis=1)
    return np.concatenate([accounts.v[at] * (accounts.B[at, at] @ e[at]) for at in accounts.blocks()])


def value_added_advantage(*, by_sector: Array) -> Array:
    """Give the share of a sector in an economy's domestic value added exported over the world's share [G, N].

    Parameters
    ----------
    by_sector : [G, N]
        Domestic value added in exports by sector of origin; every economy and sector has some.

    Notes
    -----
    Koopman, Wang and Wei (2014), section III.B: Balassa's index on value added instead of gross exports.
    """
    if not (by_sector.sum(axis=0) > 0).all() or not (by_sector.sum(axis=1) > 0).all():
        raise InputError("an economy or a sector exports no value added", hint="leave it out first")
    share = by_sector / by_sector.sum(axis=1)[:, None]
    world = by_sector.sum(axis=0) / by_sector.sum()
    return np.asarray(share / world[None, :])


def services_content(*, accounts: Accounts, services: Array) -> tuple[Array, Array]:
    """Give value added of services industries in gross exports of each node: domestic, foreign [n].

    Parameters
    ----------
    services : bool array [n]
    """
    v = np.where(services, accounts.v, 0.0)
    every, e = v @ accounts.B, accounts.E.sum(axis=1)
    home = np.concatenate([v[at] @ accounts.B[at, at] for at in accounts.blocks()])
    return home * e, (every - home) * e


def _apart(*, accounts: Accounts, sums_of_rows: bool) -> Array:
    values = origin_of_exports(accounts=accounts)
    for at in accounts.blocks():
        values[at, at] = 0.0
    return np.asarray(values.sum(axis=1 if sums_of_rows else 0))
