"""Published results, computed again from their data: published against computed, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
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


def _lazily(module: str) -> Callable[[Path], Reproduction]:
    """Import a reproduction only when it is computed: each needs other rooms."""

    def compute(data: Path) -> Reproduction:
        reproduce: Callable[[Path], Reproduction] = import_module(f"{__name__}.{module}").reproduce
        return reproduce(data)

    return compute


REPRODUCTIONS: Mapping[str, Target] = {
    "caliendo-parro-2015": Target(
        "Caliendo and Parro (2015), Rev. Econ. Stud. 82, table 2 and growth of trade",
        _lazily("caliendo_parro_2015"),
    ),
    "agtpa-2016": Target(
        "Yotov, Piermartini, Monteiro and Larch (2016), Advanced Guide to Trade Policy Analysis, ch. 1 and 2",
        _lazily("agtpa_2016"),
    ),
    "weidner-zylkin-2021": Target(
        "Weidner and Zylkin (2021), J. Int. Econ. 132: bias of three-way PPML", _lazily("weidner_zylkin_2021")
    ),
    "gegravity-can-jpn": Target(
        "gegravity 0.3 (USITC): agreement between Canada and Japan", _lazily("gegravity_can_jpn")
    ),
    "adh-2013": Target(
        "Autor, Dorn and Hanson (2013), Am. Econ. Rev. 103, table 3, columns 1 and 6", _lazily("adh_2013")
    ),
    "gvc-leather": Target(
        "decompr and gvc (CRAN): Leontief, KWW, WWZ, i2e, e2r and NRCA of the leather table",
        _lazily("gvc_leather"),
    ),
    "gvc-iciotest": Target(
        "exvatools 0.9.0 (CRAN): six decompositions of exports of all economies", _lazily("gvc_iciotest")
    ),
    "complexity-fitness": Target(
        "economiccomplexity 2.0.0 (CRAN): fitness, eigenvalue and proximity", _lazily("complexity_fitness")
    ),
    "coinr-asem": Target(
        "COINr 1.1.14 (CRAN): ASEM connectivity index, every step, ranks, sensitivity", _lazily("coinr_asem")
    ),
    "rcep-china-asean": Target(
        "RCEP, Annex I, schedule of China for ASEAN: lines at zero", _lazily("rcep_china_asean")
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
