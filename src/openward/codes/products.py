"""Products: headings of the Harmonized System, their names and whether they exist."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from openward.codes import tables
from openward.codes.correlation import EDITIONS
from openward.errors import UnknownCodeError


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    out: dict[str, dict[str, str]] = {edition: {} for edition in EDITIONS}
    for row in tables.rows("hs_names.csv.gz"):
        for edition in row["editions"].split():
            out[f"HS{edition}"][row["code"]] = row["name"]
    return out


def products(edition: str = "HS2022") -> Mapping[str, str]:
    """Give the names of all chapters, headings and subheadings of an edition by code.

    Parameters
    ----------
    edition : str
        HS2022, HS2017 or HS2012.

    Raises
    ------
    UnknownCodeError
        The edition is not at hand.
    """
    table = _names().get(edition)
    if table is None:
        near = tables.nearest(str(edition).upper(), EDITIONS, 1)
        raise tables.unknown("HS edition", edition, near, f"editions at hand: {', '.join(EDITIONS)}")
    return table


def exists(hs: str, edition: str = "HS2022") -> bool:
    """Tell whether an edition has this chapter, heading or subheading (2, 4 or 6 digits)."""
    return hs in products(edition)


def product_name(hs: str, edition: str = "HS2022") -> str:
    """Give the English name of a chapter, heading or subheading.

    Raises
    ------
    UnknownCodeError
        The edition has no such code; the hint names other editions that have it, or its heading.
    """
    found = products(edition).get(hs)
    if found is not None:
        return found
    if not isinstance(hs, str) or not hs.isdigit() or len(hs) not in (2, 4, 6):
        hint = "HS codes are 2, 4 or 6 digits without dots, such as 870380"
    else:
        others = [e for e in EDITIONS if hs in _names()[e]]
        parent = next((hs[:n] for n in (4, 2) if hs[:n] in products(edition)), None)
        hint = (
            f"it is in {', '.join(others)}" if others else f"the nearest level is {parent or 'the chapter'}"
        )
    raise UnknownCodeError(f"no product {str(hs)!r} in {edition}", hint=hint)
