"""Which industry makes a product: HS at six digits to the fifty industries.

The way is HS -> ISIC revision 3 (World Bank and United Nations table, one class for each subheading)
-> ISIC revision 4 -> industry. Where the classes of revision 4 that answer to one class of revision 3
lie in several industries, `data/isic3_industry.csv` decides and says why; single headings that
leave their class stand in `data/hs_industry_exceptions.csv`. Two rules hold throughout: repair,
installation and mining support are services and take no heading, and every heading belongs to an
industry that sells goods (printed books go with printing, works of art with other manufacturing,
waste with its material), because duty is levied on goods alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from openward.codes import tables
from openward.codes.industries import industry
from openward.errors import UnknownCodeError

EDITIONS = ("HS2022", "HS2017", "HS2012")
STAGES = ("raw", "intermediate", "consumer", "capital")


@cache
def _industry_by_hs6() -> Mapping[str, Mapping[str, str]]:
    out: dict[str, dict[str, str]] = {edition: {} for edition in EDITIONS}
    for row in tables.rows("hs_industry.csv"):
        for edition in row["editions"].split():
            out[f"HS{edition}"][row["hs6"]] = row["industry"]
    return out


@cache
def _hs6_by_industry(edition: str) -> Mapping[str, tuple[str, ...]]:
    out: dict[str, list[str]] = defaultdict(list)
    for hs6, code in correlation(edition).items():
        out[code].append(hs6)
    return {code: tuple(sorted(found)) for code, found in out.items()}


def correlation(edition: str = "HS2022") -> Mapping[str, str]:
    """Give the industry of every six-digit subheading of an edition.

    Raises
    ------
    UnknownCodeError
        The edition is not HS2022, HS2017 or HS2012.
    """
    table = _industry_by_hs6().get(edition)
    if table is None:
        near = tables.nearest(str(edition).upper(), EDITIONS, 1)
        raise tables.unknown("HS edition", edition, near, f"editions at hand: {', '.join(EDITIONS)}")
    return table


def industry_of(hs6: str, edition: str = "HS2022") -> str:
    """Give the industry of a six-digit subheading.

    Parameters
    ----------
    hs6 : str
        Six digits, leading zero kept; longer codes are not cut silently.
    edition : str
        HS2022, HS2017 or HS2012.

    Raises
    ------
    UnknownCodeError
        No such subheading in the edition; the hint names other editions that have it.
    """
    table = correlation(edition)
    found = table.get(hs6)
    if found is not None:
        return found
    others = [e for e in EDITIONS if e != edition and hs6 in _industry_by_hs6()[e]]
    hint = f"{hs6} is a subheading of {', '.join(others)}" if others else _shape(hs6, table)
    raise UnknownCodeError(f"no subheading {str(hs6)!r} in {edition}", hint=hint)


def hs6_of(industry_code: str, edition: str = "HS2022") -> tuple[str, ...]:
    """Give the six-digit subheadings an industry makes; none for a service.

    Raises
    ------
    UnknownCodeError
        No such industry or edition.
    """
    return _hs6_by_industry(edition).get(industry(industry_code).code, ())


@dataclass(frozen=True, slots=True)
class StageShare:
    """Part of an industry's HS2022 subheadings that stand at one stage of processing.

    Attributes
    ----------
    industry : str
        Industry code.
    stage : str
        ``raw``, ``intermediate``, ``consumer`` or ``capital``.
    lines : float
        Subheadings; one that has several BEC classes counts in parts.
    share : float
        Fraction of the industry's classified subheadings; sums to one over stages.
    """

    industry: str
    stage: str
    lines: float
    share: float


@cache
def stage_mix() -> tuple[StageShare, ...]:
    """Give the stages of processing of every goods industry, by number of subheadings.

    BEC revision 4 classes stand in for the World Bank's stages of processing (`data/bec_stage.csv`);
    the two groupings differ for some goods, so a mix is a proxy.
    """
    return tuple(
        StageShare(row["industry"], row["stage"], float(row["lines"]), float(row["share"]))
        for row in tables.rows("stage_mix.csv")
    )


def _shape(hs6: object, table: Mapping[str, str]) -> str:
    if not isinstance(hs6, str) or not hs6.isdigit():
        return "HS codes are digits without dots, such as 870380"
    if len(hs6) > 6 and hs6[:6] in table:
        return f"industries are known at six digits: {hs6[:6]}"
    if len(hs6) == 5 and f"0{hs6}" in table:
        return f"the leading zero is missing: 0{hs6}"
    near = [c for c in table if c[:4] == hs6[:4]]
    return f"heading {hs6[:4]} has {', '.join(near[:8])}" if near else "no such heading in this edition"
