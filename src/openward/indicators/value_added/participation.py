"""How much of trade runs through value chains, and where in the chain economies and industries stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from openward.indicators.value_added.accounts import Accounts
from openward.indicators.value_added.borin_mancini import borin_mancini, contents
from openward.observe.input_output import Array


@dataclass(frozen=True, slots=True, eq=False)
class Participation:
    """Trade in value chains, in the unit of the table.

    Attributes
    ----------
    exports : [n, G] or [G]
    backward, forward : same shape
        Part of exports with content from earlier crossings; domestic part that the importer exports on.
    """

    exports: Array
    backward: Array
    forward: Array


def chain_trade(*, accounts: Accounts) -> Participation:
    """Give exports that cross at least two borders, by node and importer [n, G].

    Notes
    -----
    Borin and Mancini (2019), equations 40-42: value-chain trade is ``E_sr - DAVAX_sr``; backward
    ``E_sr - v_s L_s E_sr`` (imported to export, with domestic value added that was abroad), forward
    ``v_s L_s E_sr - DAVAX_sr``.
    """
    parts = borin_mancini(accounts=accounts, approach="source")
    return Participation(
        exports=parts.exports, backward=parts.exports - parts.dva, forward=parts.dva - parts.davax
    )


def vertical_specialization(*, accounts: Accounts) -> Participation:
    """Give foreign content of exports (VS) and domestic content of others' exports (VS1), by economy [G].

    Notes
    -----
    Hummels, Ishii and Yi (2001); Koopman, Powers, Wang and Wei (2010, NBER Working Paper 16426). Statistical
    offices publish these; they count what crosses borders again each time.
    """
    made = contents(accounts=accounts)
    exports = accounts.E.sum(axis=1)
    by_origin = accounts.by_economy(accounts.v[:, None] * (accounts.B * exports[None, :]))
    by_pair = np.add.reduceat(by_origin, accounts.starts, axis=1)
    return Participation(
        exports=accounts.by_economy(exports),
        backward=accounts.by_economy(made.foreign * exports),
        forward=by_pair.sum(axis=1) - np.diag(by_pair),
    )


def position(*, backward: Array, forward: Array, exports: Array) -> Array:
    """Give ``ln(1 + forward / exports) - ln(1 + backward / exports)``; above 0 is upstream.

    Koopman, Powers, Wang and Wei (2010), equation 32. Exports are above zero.
    """
    return np.asarray(np.log1p(forward / exports) - np.log1p(backward / exports))


def without_stocks(*, Z: Array, output: Array, stocks: Array) -> Array:
    """Spread changes in stocks over an industry's other sales: rows of Z times ``x / (x - n)`` [n, n].

    Parameters
    ----------
    Z : [n, n]
    output, stocks : [n]
        Output, and the part of it that goes into stocks anywhere.

    Notes
    -----
    Antras, Chor, Fally and Hillberry (2012, Am. Econ. Rev. 102:3), section I.C. The published series of
    upstreamness and downstreamness are computed on the table that this gives.
    """
    sold = output - stocks
    return np.asarray(Z * np.divide(output, sold, out=np.ones_like(output), where=sold != 0)[:, None])


def upstreamness(*, Z: Array, output: Array) -> Array:
    """Give the average distance of an industry's output from final use [n]; 1 is all final.

    Parameters
    ----------
    Z : [n, n]
    output : [n]

    Notes
    -----
    ``U = (I - D)^-1 1``, ``D[i, j] = Z[i, j] / x[i]``: row sums of the Ghosh inverse.
    """
    return _sums(Z=Z, output=output)


def downstreamness(*, Z: Array, output: Array) -> Array:
    """Give the average number of stages of production behind an industry's output [n]; 1 uses no inputs.

    ``D = 1 (I - A)^-1``: column sums of the Leontief inverse (Antras and Chor 2013).
    """
    return _sums(Z=np.ascontiguousarray(Z.T), output=output)


def _sums(*, Z: Array, output: Array) -> Array:
    shares = Z * np.divide(1.0, output, out=np.zeros_like(output), where=output != 0)[:, None]
    system = -shares
    system[np.diag_indices(len(system))] += 1.0
    return np.asarray(np.linalg.solve(system, np.ones(len(output))))
