"""Series of publishers as columns of the dataset ``macro``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import polars as pl

from openward.errors import InputError
from openward.observe.dictionary import dataset

WORLD_BANK: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "NY.GDP.MKTP.CD": ("gdp", 1e-6),
        "NY.GDP.MKTP.KD": ("gdp_real", 1e-6),
        "SP.POP.TOTL": ("population", 1.0),
        "TX.VAL.MRCH.CD.WT": ("goods_exports", 1e-6),
        "TM.VAL.MRCH.CD.WT": ("goods_imports", 1e-6),
        "BX.GSR.NFSV.CD": ("services_exports", 1e-6),
        "BM.GSR.NFSV.CD": ("services_imports", 1e-6),
        "NE.EXP.GNFS.CD": ("exports", 1e-6),
        "NE.IMP.GNFS.CD": ("imports", 1e-6),
        "NE.EXP.GNFS.ZS": ("exports_ratio", 1e-2),
        "NE.IMP.GNFS.ZS": ("imports_ratio", 1e-2),
        "TG.VAL.TOTL.GD.ZS": ("goods_trade_ratio", 1e-2),
        "BX.KLT.DINV.CD.WD": ("fdi_inflow", 1e-6),
        "BM.KLT.DINV.CD.WD": ("fdi_outflow", 1e-6),
        "BX.KLT.DINV.WD.GD.ZS": ("fdi_inflow_ratio", 1e-2),
        "BM.KLT.DINV.WD.GD.ZS": ("fdi_outflow_ratio", 1e-2),
        "TT.PRI.MRCH.XD.WD": ("terms_of_trade", 1.0),
        "TX.VAL.TECH.MF.ZS": ("high_technology_share", 1e-2),
    }
)
"""World Development Indicators: column, and factor to its unit."""

WTO: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "ITS_MTV_AX": ("goods_exports", 1.0),
        "ITS_MTV_AM": ("goods_imports", 1.0),
        "ITS_CS_AX6": ("services_exports", 1.0),
        "ITS_CS_AM6": ("services_imports", 1.0),
    }
)
"""WTO time series in million USD, annual."""


def widen(rows: Iterable[tuple[str, int, str, float]], *, where: str) -> pl.LazyFrame:
    """Make the ``macro`` table of rows (economy, year, column, value).

    Raises
    ------
    InputError
        One value comes twice.
    """
    cells: dict[tuple[str, int], dict[str, float]] = {}
    for economy, year, column, value in rows:
        cell = cells.setdefault((economy, year), {})
        if column in cell and cell[column] != value:
            raise InputError(
                f"{column} of {economy} in {year} comes twice, {cell[column]:g} and {value:g}", where=where
            )
        cell[column] = value
    target = dataset("macro")
    keyed = [{"economy": e, "year": y, **values} for (e, y), values in sorted(cells.items())]
    return pl.DataFrame(keyed, schema={field.name: field.dtype for field in target.fields}).lazy()
