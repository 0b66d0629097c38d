"""Draw what a study takes as given: trade elasticities, use of preferences, duty rates.

Every draw is a function of (seed, source, index) alone, so it is the same whoever computes it and in which
order, and one source can be drawn anew while the others are held: what variance shares need.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from openward.errors import InputError
from openward.simulate.baseline import Array
from openward.simulate.elasticities import elasticities, elasticity_table

SOURCES = ("elasticities", "utilisation", "rates")
CONVENTION_LOG_SD = math.log(2.0) / 1.96
"""Spread of an elasticity that is a convention, not an estimate: 95 % between half and twice."""
LOWEST_THETA, HIGHEST_THETA = 0.5, 120.0
"""Elasticities drawn outside are drawn again: below, hardly any substitution; above, prices equal costs."""
UTILISATION = (8.0, 2.0)
"""Parameters of the Beta distribution of the share of eligible trade that claims its preference."""
UNVERIFIED_LOG_SD = 0.10
"""Spread of a rate that was not read in an official source."""
ASSUMED_LOG_SD = 0.25
"""Spread of a rate that rests on an assumption."""
MOST_TRIES = 1000

_ERRORS = Path(__file__).parent / "data" / "elasticity_errors_caliendo_parro.csv"


@dataclass(frozen=True, slots=True)
class ElasticitySpread:
    """Distribution of one independent elasticity: log-normal, truncated to the stable range.

    Attributes
    ----------
    name : str
        Sector of the paper, or what the convention is about.
    theta : float
        Median.
    log_sd : float
        ``sqrt(log(1 + (se / theta)^2))`` where the paper prints a standard error, else `CONVENTION_LOG_SD`.
    estimated : bool
    """

    name: str
    theta: float
    log_sd: float
    estimated: bool


@dataclass(frozen=True, slots=True, eq=False)
class ElasticityDraws:
    """Joint distribution of the elasticities of a set of sectors.

    Attributes
    ----------
    spreads : tuple of ElasticitySpread
        Independent ones; sectors that share an estimate share its draw.
    weights : [J, K]
        Rows sum to one: the logarithm of a sector's factor is the weighted sum over the spreads.
    theta : [J]
        Central values.
    """

    spreads: tuple[ElasticitySpread, ...]
    weights: Array
    theta: Array

    def draw(self, *, seed: int, index: int) -> Array:
        """Give one draw of the elasticities [J]."""
        rng = generator(seed, "elasticities", index)
        logs = np.array([_truncated(spread, rng) for spread in self.spreads])
        out: Array = self.theta * np.exp(self.weights @ logs)
        return out


def generator(seed: int, source: str, index: int) -> np.random.Generator:
    """Give the random stream of one source of one draw.

    Raises
    ------
    InputError
        A negative seed.
    """
    if seed < 0:
        raise InputError(f"the seed is {seed}", hint="give a whole number from 0 on", where="--seed")
    sequence = np.random.SeedSequence(seed, spawn_key=(SOURCES.index(source), index))
    return np.random.Generator(np.random.PCG64(sequence))


@cache
def standard_errors() -> dict[str, tuple[float, float | None]]:
    """Give (theta, standard error or None) by sector of Caliendo and Parro (2015), table 1, 99 % sample.

    The point estimates equal the replication data; the standard errors were not read in the paper again
    (status unverified in the file).
    """
    with _ERRORS.open(encoding="utf-8") as file:
        return {
            row["paper_sector"]: (
                float(row["theta"]),
                float(row["standard_error"]) if row["standard_error"] else None,
            )
            for row in csv.DictReader(file)
        }


def elasticity_draws(name: str, *, sectors: Sequence[str]) -> ElasticityDraws:
    """Give the joint distribution of a set of elasticities.

    Parameters
    ----------
    name : str
        As in `openward.simulate.elasticities.elasticities`. ``caliendo-parro``: independent estimates by
        sector of the paper, log-normal around the estimate with the coefficient of variation of its standard
        error; industries that map to one estimate move together; the convention for services (8.22) is one
        draw, those for motor vehicles and other transport one each. ``uniform-X``: one draw for all.
    sectors : sequence of str
    """
    theta = elasticities(name, sectors=sectors)
    if name != "caliendo-parro":
        spread = ElasticitySpread("all industries", float(theta[0]), CONVENTION_LOG_SD, estimated=False)
        return ElasticityDraws((spread,), np.ones((len(theta), 1)), theta)
    errors = standard_errors()
    origin = {
        row.industry: tuple(p.strip() for p in row.paper_sectors.split(";")) for row in elasticity_table()
    }
    used = dict.fromkeys(p for code in sectors for p in origin[code])
    spreads = tuple(_spread(p, errors) for p in used)
    at = {p: k for k, p in enumerate(used)}
    weights = np.zeros((len(theta), len(spreads)))
    for j, code in enumerate(sectors):
        for p in origin[code]:
            weights[j, at[p]] += 1.0 / len(origin[code])
    return ElasticityDraws(spreads, weights, theta)


def named_draws(names: Sequence[str], theta: Array) -> ElasticityDraws:
    """Give the distribution for a table whose sectors are named as in the paper, spaces aside."""
    errors = {key.replace(" ", "").casefold(): value for key, value in standard_errors().items()}
    keys = [name.replace(" ", "").replace(".", "").casefold() for name in names]
    known = {key.replace(".", ""): value for key, value in errors.items()}
    used = dict.fromkeys(key if key in known else "not tradable" for key in keys)
    spreads = tuple(
        _spread(key, known)
        if key in known
        else ElasticitySpread(key, 8.22, CONVENTION_LOG_SD, estimated=False)
        for key in used
    )
    at = {key: k for k, key in enumerate(used)}
    weights = np.zeros((len(keys), len(spreads)))
    for j, key in enumerate(keys):
        weights[j, at[key if key in known else "not tradable"]] = 1.0
    return ElasticityDraws(spreads, weights, np.asarray(theta, dtype=np.float64))


def utilisation_draw(size: int, *, seed: int, index: int) -> Array:
    """Draw the share of eligible trade that claims its preference, by importer [N]: Beta(8, 2)."""
    return generator(seed, "utilisation", index).beta(*UTILISATION, size=size)


def rate_draw(shape: tuple[int, ...], *, seed: int, index: int) -> Array:
    """Draw standard normal errors of the rates; the factor on a rate is ``exp(sd * error)``."""
    return generator(seed, "rates", index).standard_normal(shape)


def _spread(paper: str, errors: dict[str, tuple[float, float | None]]) -> ElasticitySpread:
    theta, error = errors.get(paper, (8.22, None))
    if error is None:
        return ElasticitySpread(paper, theta, CONVENTION_LOG_SD, estimated=False)
    return ElasticitySpread(paper, theta, math.sqrt(math.log1p((error / theta) ** 2)), estimated=True)


def _truncated(spread: ElasticitySpread, rng: np.random.Generator) -> float:
    """Draw the logarithm of a factor so that the elasticity stays in the stable range."""
    low, high = math.log(LOWEST_THETA / spread.theta), math.log(HIGHEST_THETA / spread.theta)
    for _ in range(MOST_TRIES):
        drawn = spread.log_sd * rng.standard_normal()
        if low <= drawn <= high:
            return drawn
    return 0.0
