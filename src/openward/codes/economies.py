"""Economies: customs territories under their ISO 3166 alpha-3 codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from openward.codes import tables


@dataclass(frozen=True, slots=True)
class Economy:
    """A customs territory.

    Attributes
    ----------
    code : str
        ISO 3166 alpha-3, upper case; HKG, MAC and TWN are customs territories of their own.
    name : str
        English short name.
    iso2 : str
        ISO 3166 alpha-2.
    m49 : str
        United Nations M49, three digits.
    region : str
        United Nations subregion.
    continent : str
        Africa, Antarctica, Asia, Europe, North America, Oceania or South America.
    """

    code: str
    name: str
    iso2: str
    m49: str
    region: str
    continent: str


@cache
def economies() -> Mapping[str, Economy]:
    """Give every economy by its alpha-3 code, in the order of the codes."""
    return MappingProxyType({row["code"]: Economy(**row) for row in tables.rows("economies.csv")})


class _Economies(Mapping[str, Economy]):
    """Every economy by its code, read on first use."""

    def __getitem__(self, code: str) -> Economy:
        return economies()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(economies())

    def __len__(self) -> int:
        return len(economies())


ECONOMIES: Mapping[str, Economy] = _Economies()


def economy(code: str) -> Economy:
    """Find an economy by its alpha-3 code.

    Raises
    ------
    UnknownCodeError
        Nobody defined the code. Lower case, alpha-2 codes, M49 numbers and names are not accepted;
        the hint then names the code that was meant.
    """
    found = economies().get(code)
    if found is None:
        raise tables.unknown(
            "economy", code, _meant(code), "economies are ISO 3166 alpha-3 codes such as CHN"
        )
    return found


def _meant(word: str) -> list[str]:
    if not isinstance(word, str) or not word.strip():
        return []
    key = word.strip().casefold()
    for e in economies().values():
        if key in (e.code.casefold(), e.iso2.casefold(), e.m49, e.m49.lstrip("0"), e.name.casefold()):
            return [e.code]
    if len(key) > 4:
        names = {e.name.casefold(): e.code for e in economies().values()}
        return [names[n] for n in tables.nearest(key, names, 1, 0.7)]
    return tables.nearest(key.upper(), economies())
