"""The whole set of year after year, out of core."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError
from openward.indicators.whole_set import CONCENTRATED, SUBSTITUTABLE, WholeSet, whole_set
from openward.indicators.whole_set_reading import scan, years_of


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run over years is.

    Attributes
    ----------
    done, total : int
        Years.
    year : int or None
        The one just finished.
    rows : int
        Read so far, all years together.
    """

    done: int
    total: int
    year: int | None
    rows: int


def whole_sets(
    source: Path | Sequence[Path],
    *,
    progress: Callable[[Progress], None] | None = None,
    concentration: float = CONCENTRATED,
    substitution: float = SUBSTITUTABLE,
) -> Iterator[WholeSet]:
    """Compute the whole set of every year of a table, one year in memory at a time.

    Parameters
    ----------
    source : Path or sequence of Path
        A Parquet file or folder with several years, or files of one year each, as in `whole_set`.
    progress : callable, optional
        Called after every year.
    concentration, substitution : float
        As in `whole_set`.

    Yields
    ------
    WholeSet
        In the order of the years.

    Raises
    ------
    InputError
        A year that two files have (two vintages mixed), and whatever `whole_set` raises. Years already
        yielded stay good.
    """
    jobs = _jobs([source] if isinstance(source, Path) else list(source))
    rows = 0
    for done, (year, path) in enumerate(jobs, start=1):
        found = whole_set(path, year=year, concentration=concentration, substitution=substitution)
        rows += found.rows + found.domestic
        if progress is not None:
            progress(Progress(done, len(jobs), year, rows))
        yield found


def _jobs(paths: list[Path]) -> list[tuple[int, Path]]:
    jobs: dict[int, Path] = {}
    faults: list[OpenwardError] = []
    for path in paths:
        for year in years_of(scan(path)):
            if year is None:
                faults.append(
                    InputError("no column year", where=str(path), hint="add one (or t, as in BACI)")
                )
            elif year in jobs:
                hint = "two vintages are not one series: keep one of them"
                faults.append(InputError(f"{year} is also in {jobs[year]}", where=str(path), hint=hint))
            else:
                jobs[year] = path
    if faults:
        raise InputErrors(faults)
    if not jobs:
        raise MissingDataError("no table with any year", hint="name Parquet files of trade")
    return sorted(jobs.items())
