"""Industries: the fifty of the OECD inter-country input-output table (2025 edition)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from openward.codes import tables


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry of the table.

    Attributes
    ----------
    code : str
        Code of the table, ``A01`` to ``T``.
    name : str
        Name of the table.
    goods : bool
        True where some HS heading belongs to it, so that customs duties can fall on it.
    isic : str
        Divisions or groups of ISIC revision 4 it holds.
    """

    code: str
    name: str
    goods: bool
    isic: str


@cache
def industries() -> tuple[Industry, ...]:
    """Give the fifty industries in the order of the table."""
    return tuple(
        Industry(row["code"], row["name"], row["goods"] == "yes", row["isic"])
        for row in tables.rows("industries.csv")
    )


@cache
def _by_code() -> Mapping[str, Industry]:
    return {i.code: i for i in industries()}


def industry(code: str) -> Industry:
    """Find an industry by its code.

    Raises
    ------
    UnknownCodeError
        The table has no such industry.
    """
    found = _by_code().get(code)
    if found is None:
        near = tables.nearest(str(code).upper(), _by_code())
        raise tables.unknown("industry", code, near, "industries are codes of the OECD table such as C20")
    return found
