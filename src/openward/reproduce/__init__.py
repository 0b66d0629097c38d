"""Published results, computed again from their data: published against computed, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from openward.errors import MissingDataError, UnknownCodeError
from openward.reproduce.reproduction import Cell, Reproduction

__all__ = ["REPRODUCTIONS", "Cell", "Reproduction", "Target", "run"]


@dataclass(frozen=True, slots=True)
class Target:
    """A published result that can be computed again.

    Attributes
    ----------
    source : str
        Where it was published.
    compute : callable
        From the data folder to the reproduction.
    """

    source: str
    compute: Callable[[Path], Reproduction]


def _caliendo_parro_2015(data: Path) -> Reproduction:
    from openward.reproduce.caliendo_parro_2015 import reproduce

    return reproduce(data)


REPRODUCTIONS: Mapping[str, Target] = {
    "caliendo-parro-2015": Target(
        "Caliendo and Parro (2015), Rev. Econ. Stud. 82, table 2 and growth of trade", _caliendo_parro_2015
    ),
}


def run(name: str, data_dir: str | Path) -> Reproduction:
    """Compute a published result again.

    Parameters
    ----------
    name : str
        One of `REPRODUCTIONS`.
    data_dir : path
        Folder that holds the data (with the folder ``economy`` in it).

    Raises
    ------
    UnknownCodeError
        No reproduction of that name.
    MissingDataError
        The folder or a table of it is absent.
    """
    if name not in REPRODUCTIONS:
        raise UnknownCodeError(f"no reproduction {name!r}", hint="known: " + ", ".join(REPRODUCTIONS))
    folder = Path(data_dir)
    if not folder.is_dir():
        raise MissingDataError("no such folder", where=str(data_dir), hint="name the data folder with --data")
    return REPRODUCTIONS[name].compute(folder)
