"""Put a profile together: every figure from the indicators, the book, the index or the ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openward.codes.economies import economy as find_economy
from openward.errors import MissingDataError
from openward.report.profile.chains import chains_section
from openward.report.profile.dependencies import imported
from openward.report.profile.headline import headline
from openward.report.profile.law import law_section
from openward.report.profile.model import ClaimCount, IndexRank, Profile, Section
from openward.report.profile.openness import course, openness_section
from openward.report.profile.partners import MOST, partners
from openward.report.profile.products import exported, product_table
from openward.report.profile.reading import Reader, name_of
from openward.report.profile.standing import claim_count, index_rank


def profile(
    economy: str,
    *,
    data: Path | None = None,
    year: int | None = None,
    book: str = "chn",
    on: date | None = None,
) -> Profile:
    """Give the profile of an economy.

    Parameters
    ----------
    economy : str
        ISO alpha-3.
    data : Path, optional
        Folder of data; what it lacks comes from what ships.
    year : int, optional
        Figures of this year, or the latest before it; the latest at hand by default.
    book : str
        Book the law is scored from.
    on : date, optional
        Day of the law; the last the book covers by default.

    Raises
    ------
    UnknownCodeError
        No such economy.
    MissingDataError
        The folder is absent; there is no trade of the economy at all.
    """
    known = find_economy(economy)
    if data is not None and not data.is_dir():
        raise MissingDataError("there is no such folder", where=str(data), hint="name it with --data DIR")
    reader = Reader(economy, data=data, year=year, book=book, on=on)
    open_ = openness_section(reader)
    points, peers = course(reader)
    every, trade, partners_year = partners(reader)
    if not points and not every:
        until = "" if year is None else f" up to {year}"
        raise MissingDataError(
            f"there is no trade of {known.name} ({economy}){until} to make a profile of",
            where="profile",
            hint="80 economies of 2022 ship; name a folder with more in it with --data DIR",
        )
    table = product_table(reader)
    exports, exports_total, products_section, products_year = exported(reader, table)
    imports, imports_total, dependency = imported(reader, table)
    chains, law = chains_section(reader), law_section(reader)
    index, index_section = index_rank(reader)
    claims = claim_count(reader)
    sections = (open_, trade, products_section, dependency, chains, law, index_section)
    return Profile(
        economy=economy,
        name=name_of(economy),
        asked_year=year,
        headline=headline(economy, open_, every, dependency, chains),
        openness=open_,
        trade=trade,
        products_section=products_section,
        dependency=dependency,
        chains=chains,
        law=law,
        index_section=index_section,
        course=points,
        peers=peers,
        partners=every[:MOST],
        partners_year=partners_year,
        products=exports,
        products_year=products_year,
        dependencies=imports,
        products_total=exports_total,
        dependencies_total=imports_total,
        product_kind=table.kind,
        index=index,
        claims=claims,
        sources=reader.sources,
        gaps=_gaps(sections, index, claims),
    )


def _gaps(sections: tuple[Section, ...], index: IndexRank, claims: ClaimCount) -> tuple[str, ...]:
    """Name everything that is not there, with the reason."""
    gaps = [
        f"{one.label}: {one.missing}" for section in sections for one in section.quantities if one.missing
    ]
    if index.missing:
        gaps.append(f"{index.title}: {index.missing}")
    if claims.missing:
        gaps.append(f"Published figures: {claims.missing}")
    return tuple(dict.fromkeys(gaps))
