"""Estimates turned into what the models take: trade costs of an agreement, elasticities, joint draws."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from openward.errors import InputError, MissingDataError, UnknownCodeError
from openward.simulate.baseline import Baseline, Shock
from openward.simulate.estimate.effects import Array
from openward.simulate.estimate.estimated import ColumnResult
from openward.simulate.estimate.result_json import SCHEMA

LOWEST_THETA = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """Coefficients with their joint distribution.

    Attributes
    ----------
    names : tuple of str
    values : [k]
    covariance : [k, k]
    source : str
        Where they were estimated.
    """

    names: tuple[str, ...]
    values: Array
    covariance: Array
    source: str

    def draws(self, *, count: int, seed: int) -> Array:
        """Draw from the joint normal distribution of the estimates [count, k]."""
        values, vectors = np.linalg.eigh((self.covariance + self.covariance.T) / 2)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        normal = np.random.default_rng(seed).standard_normal((count, len(self.values)))
        return np.asarray(self.values + normal @ root.T)

    def effect(self, terms: Sequence[str], values: Array | None = None) -> float:
        """Sum the coefficients of terms (of a draw, if given): the effect on log trade.

        Raises
        ------
        UnknownCodeError
            A term that was not estimated.
        """
        unknown = [term for term in terms if term not in self.names]
        if unknown:
            raise UnknownCodeError(
                f"no coefficient is called {', '.join(unknown)}",
                where=self.source,
                hint=f"there are {', '.join(self.names)}",
            )
        used = self.values if values is None else values
        return float(sum(used[self.names.index(term)] for term in terms))


def parameters(column: ColumnResult) -> Parameters:
    """Take the parameters of one column of a table."""
    return Parameters(column.names, column.coefficients, column.covariance, column.name)


def read_parameters(path: Path, column: str) -> Parameters:
    """Read the parameters of a column from a saved result (``openward.estimate-result/1``).

    Raises
    ------
    MissingDataError
        The file is not there, or has no such column.
    InputError
        It is another kind of file.
    """
    if not path.is_file():
        raise MissingDataError(
            "no such result", where=str(path), hint="openward estimate SPEC --out writes one"
        )
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError("not readable as JSON", where=str(path), hint=str(error)) from error
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise InputError(f"not an {SCHEMA}", where=str(path), hint="openward estimate SPEC --out writes one")
    found = {one["name"]: one for one in raw["columns"]}
    if column not in found:
        raise MissingDataError(
            f"there is no column {column!r}", where=str(path), hint=f"there are {', '.join(found)}"
        )
    here = found[column]
    rows = here["coefficients"]
    return Parameters(
        tuple(row["term"] for row in rows),
        np.array([row["estimate"] for row in rows], dtype=np.float64),
        np.array(here["covariance"], dtype=np.float64).reshape(len(rows), len(rows)),
        f"{path.name}, {column}",
    )


def flow_factor(*, effect: float, economies: Sequence[str], members: Sequence[str]) -> Array:
    r"""Give :math:`e^{\beta}` for trade between members of an agreement, 1 elsewhere and at home [N, N].

    This is ``cost_change`` of :func:`openward.simulate.gravity.solve_gravity`: the partial effect on flows.

    Raises
    ------
    UnknownCodeError
        A member is not among the economies.
    InputError
        Fewer than two members.
    """
    unknown = [one for one in members if one not in economies]
    if unknown:
        raise UnknownCodeError(
            f"no economy is called {', '.join(unknown)}",
            where="members",
            hint="use the codes of the baseline",
        )
    if len(set(members)) < 2:
        raise InputError("an agreement has at least two members", where="members", hint="name them")
    inside = np.isin(np.array(economies), list(members))
    factor = np.where(inside[:, None] & inside[None, :], np.exp(effect), 1.0)
    np.fill_diagonal(factor, 1.0)
    return np.asarray(factor)


def agreement_shock(
    *, effect: float, baseline: Baseline, members: Sequence[str], theta: Array | None = None, name: str
) -> Shock:
    r"""Turn the effect of an agreement into costs between members: :math:`e^{-\beta / \theta_j}`.

    In every model of the gravity kind flows move with :math:`\tau^{-\theta}`, so these costs have the partial
    effect that was estimated in each tradable sector. The estimate contains what tariffs did: combine it with
    a change of tariffs only if tariffs were among the regressors.

    Parameters
    ----------
    effect : float
        Coefficient (or sum) on log trade.
    baseline : Baseline
    members : sequence of str
    theta : [J], optional
        Elasticities to convert with (default: the baseline's); draws of theta and of the effect go together.
    name : str
    """
    used = baseline.theta if theta is None else theta
    factor = flow_factor(effect=effect, economies=baseline.economies, members=members)
    costs = factor[:, :, None] ** (-1.0 / used)
    costs[:, :, ~baseline.tradable] = 1.0
    return Shock(name=name, trade_costs=costs, theta=theta)


def elasticity_parameters(
    these: Parameters, *, fallback: Array, sectors: Sequence[str]
) -> tuple[Array, list[str]]:
    """Give usable elasticities by sector, with those taken from elsewhere said.

    Parameters
    ----------
    these : Parameters
        Of an ``elasticity`` column.
    fallback : [J]
        Taken where a sector was not estimated, or to no usable value (below 0.5).
    sectors : sequence of str

    Returns
    -------
    theta : [J]
    taken : list of str
        Sectors that have the fallback.
    """
    theta, taken = fallback.astype(np.float64).copy(), []
    for j, sector in enumerate(sectors):
        if sector in these.names and these.effect([sector]) >= LOWEST_THETA:
            theta[j] = these.effect([sector])
        else:
            taken.append(sector)
    return theta, taken
