"""Figures others published of an index, by edition: kept as claims, set beside ours, never fitted to.

Editions revise history: the same year has another figure in the next report, so a figure without its edition
says nothing.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from openward.errors import MissingDataError
from openward.indicators.composite.analysis import Correlation, correlation
from openward.indicators.composite.build import Index
from openward.indicators.composite.ranks import descending_ranks

_FOLDER = Path(__file__).parent / "published"


@dataclass(frozen=True, slots=True)
class Published:
    """One published figure.

    Attributes
    ----------
    edition, reference_year : int
        Of the report, and of what it speaks.
    economy : str
        Alpha-3; WLD the world; empty for other groups.
    entity : str
        As named.
    measure : str
        ``score``, ``rank`` or ``change-...`` (percent).
    value : float
    source : str
        Address.
    """

    edition: int
    reference_year: int
    economy: str
    entity: str
    measure: str
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One figure as several editions have it.

    Attributes
    ----------
    entity : str
    reference_year : int
    measure : str
    by_edition : tuple of (int, float)
        In order of the editions.
    """

    entity: str
    reference_year: int
    measure: str
    by_edition: tuple[tuple[int, float], ...]

    @property
    def revised(self) -> bool:
        """Whether editions disagree."""
        return len({value for _, value in self.by_edition}) > 1


@dataclass(frozen=True, slots=True)
class Beside:
    """A published rank beside ours.

    Attributes
    ----------
    economy : str
    edition, reference_year : int
    published : int
    ours : int
        Among all economies we rank.
    """

    economy: str
    edition: int
    reference_year: int
    published: int
    ours: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our ranks beside the published ones.

    Attributes
    ----------
    rows : tuple of Beside
        One an economy: the latest edition's.
    rank_correlation : Correlation
        Spearman, over those economies only.
    ranked : int
        How many we rank.
    """

    rows: tuple[Beside, ...]
    rank_correlation: Correlation
    ranked: int


def published(name: str) -> tuple[Published, ...]:
    """Give the published figures kept under a name.

    Raises
    ------
    MissingDataError
        There are none.
    """
    path = _FOLDER / f"{name}.csv"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in _FOLDER.glob("*.csv")))
        raise MissingDataError("no published figures of that name", where=name, hint=f"known are {known}")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Published(
                edition=int(row["edition"]),
                reference_year=int(row["reference_year"]),
                economy=row["economy"],
                entity=row["entity"],
                measure=row["measure"],
                value=float(row["value"]),
                source=row["source"],
            )
            for row in csv.DictReader(file)
        )


def revisions(name: str) -> tuple[Revision, ...]:
    """Give every figure that more than one edition has."""
    found: dict[tuple[str, int, str], dict[int, float]] = {}
    for one in published(name):
        found.setdefault((one.entity, one.reference_year, one.measure), {})[one.edition] = one.value
    return tuple(
        Revision(*key, tuple(sorted(editions.items())))
        for key, editions in found.items()
        if len(editions) > 1
    )


def beside_published(index: Index, name: str) -> Comparison:
    """Set the ranks of an index beside the published ones, each economy's from the latest edition.

    Published ranks are among 129 economies, ours among those we rank; the correlation compares the order of
    the economies that have both, however few.
    """
    ours = dict(zip(index.units, index.ranks, strict=True))
    latest: dict[str, Published] = {}
    for one in published(name):
        if one.measure == "rank" and not np.isnan(ours.get(one.economy, np.nan)):
            held = latest.get(one.economy)
            if held is None or (one.edition, one.reference_year) > (held.edition, held.reference_year):
                latest[one.economy] = one
    rows = tuple(
        Beside(code, one.edition, one.reference_year, int(one.value), int(ours[code]))
        for code, one in sorted(latest.items(), key=lambda item: item[1].value)
    )
    theirs = np.array([row.published for row in rows], dtype=np.float64)
    own = np.array([row.ours for row in rows], dtype=np.float64)
    return Comparison(
        rows=rows,
        rank_correlation=correlation(x=theirs, y=own, one="published rank", other="our rank", by_rank=True),
        ranked=int((~np.isnan(descending_ranks(scores=index.scores[None, :], ties="least"))).sum()),
    )
