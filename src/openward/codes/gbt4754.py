"""China's classification of industries (GB/T 4754-2017) by section and division, with our industries.

Divisions were matched with industries by what they hold (own reading, via ISIC revision 4); one division may
lie in several industries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from openward.codes import tables
from openward.codes.industries import industries, industry


@dataclass(frozen=True, slots=True)
class Division:
    """A division of GB/T 4754-2017: two digits, its section (a letter), and the industries it lies in."""

    code: str
    section: str
    name_zh: str
    name: str
    industries: tuple[str, ...]


@cache
def divisions() -> Mapping[str, Division]:
    """Give the 97 divisions by code, in order."""
    return {
        row["division"]: Division(
            row["division"], row["section"], row["name_zh"], row["name"], tuple(row["industries"].split(";"))
        )
        for row in tables.rows("gbt4754.csv")
    }


def industries_of(sector: str) -> tuple[str, ...]:
    """Give the industries that a sector names, in the order of the table.

    Parameters
    ----------
    sector : str
        An industry (``J61``), a section or division of GB/T 4754 (``GBT:I``, ``GBT:63``), or a division of
        ISIC revision 4 (``ISIC:61``). A bare letter is an industry of the table, no section of GB/T 4754.

    Raises
    ------
    UnknownCodeError
        Nobody defined it.
    """
    scheme, colon, code = sector.partition(":")
    if not colon:
        return (industry(sector).code,)
    if scheme.upper() == "GBT":
        found = {
            name for d in divisions().values() if code.upper() in {d.code, d.section} for name in d.industries
        }
        known = [*divisions(), *dict.fromkeys(d.section for d in divisions().values())]
        advice = "GB/T 4754 has sections A to T and divisions 01 to 97"
    elif scheme.upper() == "ISIC":
        found = {one.code for one in industries() if code in _isic_divisions(one.isic)}
        known = sorted({d for one in industries() for d in _isic_divisions(one.isic)})
        advice = "ISIC revision 4 divisions of two digits"
    else:
        raise tables.unknown("classification", scheme, [], "write J61, GBT:I, GBT:63 or ISIC:61")
    if not found:
        raise tables.unknown(f"{scheme.upper()} code", code, tables.nearest(code, known), advice)
    return tuple(one.code for one in industries() if one.code in found)


def _isic_divisions(text: str) -> frozenset[str]:
    """Give the divisions of ``"17-18"``, ``"241, 2431"``; a group stands for its division."""
    found: set[str] = set()
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        first, last = int(low[:2]), int((high if dash else low)[:2])
        found.update(f"{n:02d}" for n in range(first, last + 1))
    return frozenset(found)
