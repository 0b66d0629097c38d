"""Trade elasticities by industry: the Caliendo-Parro set and uniform alternatives."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import numpy as np

from openward.errors import InputError, UnknownCodeError
from openward.simulate.baseline import Array

SERVICES = 8.22
"""Elasticity outside agriculture, mining and manufacturing: a convention of the paper's code, no estimate."""

NAMES = ("caliendo-parro", "uniform-4", "uniform-5", "uniform-8")
"""Sets to choose from; any ``uniform-X`` with a positive number X is understood."""

_TABLE = Path(__file__).parent / "data" / "elasticities_caliendo_parro.csv"


@dataclass(frozen=True, slots=True)
class Elasticity:
    """One row of the table that maps the paper's sectors to industries.

    Attributes
    ----------
    industry : str
    theta : float
    paper_sectors : str
        Sectors of the paper, separated by semicolons.
    source, note : str
    """

    industry: str
    theta: float
    paper_sectors: str
    source: str
    note: str


@cache
def elasticity_table() -> tuple[Elasticity, ...]:
    """Give the Caliendo-Parro elasticities of the 50 industries, with their source, in pack order."""
    with _TABLE.open(encoding="utf-8") as file:
        return tuple(
            Elasticity(
                industry=row["industry"],
                theta=float(row["theta"]),
                paper_sectors=row["paper_sectors"],
                source=row["source"],
                note=row["note"],
            )
            for row in csv.DictReader(file)
        )


def elasticities(name: str, *, sectors: Sequence[str] | None = None, scale: float = 1.0) -> Array:
    """Give trade elasticities theta in the order of sectors.

    Parameters
    ----------
    name : str
        ``"caliendo-parro"``: Caliendo and Parro (2015), table 1, 99 % sample, mapped to industries by
        `elasticity_table`; services and other industries that the paper does not trade get 8.22, by
        convention of its code. ``"uniform-4"``: the same number everywhere.
    sectors : sequence of str, optional
        Industry codes; the 50 industries of the world pack by default.
    scale : float
        Factor on all of them, for sensitivity.

    Returns
    -------
    [J]

    Raises
    ------
    UnknownCodeError
        An unknown set, or an industry that the table does not hold.
    InputError
        A scale that is not positive.
    """
    if not (np.isfinite(scale) and scale > 0):
        raise InputError(f"scale is {scale}, expected a positive number", hint="0.5, 1 and 2 are customary")
    known = {row.industry: row.theta for row in elasticity_table()}
    wanted = tuple(known) if sectors is None else tuple(sectors)
    uniform = re.fullmatch(r"uniform-(\d+(?:\.\d+)?)", name)
    if uniform and float(uniform[1]) > 0:
        return np.full(len(wanted), float(uniform[1]) * scale)
    if name != "caliendo-parro":
        near = get_close_matches(name, NAMES, n=1)
        raise UnknownCodeError(
            f"no set of elasticities is called {name!r}",
            hint=f"did you mean {near[0]}?" if near else "one of " + ", ".join(NAMES),
        )
    missing = [code for code in wanted if code not in known]
    if missing:
        raise UnknownCodeError(
            "no Caliendo-Parro elasticity for " + ", ".join(missing),
            hint="give elasticities of your own, or a uniform set such as uniform-4",
        )
    return np.array([known[code] for code in wanted]) * scale
