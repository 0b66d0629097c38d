"""Codes of areas as statistics offices number them, to ISO alpha-3."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from openward.codes.economies import ECONOMIES

WORLD = "WLD"
"""The world as published; never summed with its parts."""

UN_SPECIAL: Mapping[str, str] = MappingProxyType(
    {
        "0": WORLD,
        # "Other Asia, not elsewhere specified": Taiwan, as its partners report it to Comtrade.
        "490": "TWN",
        # Comtrade counts these with a neighbor, under numbers of their own.
        "251": "FRA",
        "381": "ITA",
        "579": "NOR",
        "699": "IND",
        "736": "SDN",
        "757": "CHE",
        "842": "USA",
    }
)
"""Numbers of UN Comtrade and BACI that are not M49 numbers of the economy they stand for."""

FORMER: Mapping[str, str] = MappingProxyType(
    {
        "58": "BLX",
        "200": "CSK",
        "278": "DDR",
        "280": "DEU",
        "530": "ANT",
        "532": "ANT",
        "720": "YMD",
        "810": "SUN",
        "890": "YUG",
        "891": "SCG",
    }
)
"""Numbers of economies that are no more; alpha-3 of ISO 3166-3 where there is one."""

_WITS = MappingProxyType({"ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "SER": "SRB", "SUD": "SDN", "OAS": "TWN"})


@cache
def by_m49() -> Mapping[str, str]:
    """Give alpha-3 codes by number without leading zeros, with the numbers of Comtrade and BACI."""
    plain = {one.m49.lstrip("0"): one.code for one in ECONOMIES.values() if one.m49}
    return MappingProxyType({**plain, **FORMER, **UN_SPECIAL})


def alpha3(code: str) -> str:
    """Give the ISO alpha-3 code for a number, an alpha-3 code or a code of WITS; empty if unknown."""
    word = code.strip()
    if word.isascii() and word.isdigit():
        return by_m49().get(word.lstrip("0") or "0", "")
    word = _WITS.get(word.upper(), word.upper())
    if word in ECONOMIES:
        return word
    return WORLD if word in ("WLD", "W00", "WORLD") else ""
