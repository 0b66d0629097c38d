"""Tables that ship: trade of the embedded world pack, and cited figures."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from openward.observe.dictionary import dataset
from openward.observe.merging import Part
from openward.observe.readers import conform
from openward.observe.worldpack import WorldPack, load_world

CLASSIFICATION = "ICIO 2025 industries"
GOODS = "ABC"
"""Industries that make goods: agriculture, mining, manufacturing (ISIC sections)."""

_DATA = Path(__file__).parent / "data"


def shipped(name: str) -> tuple[Part, ...]:
    """Give what ships of a canonical dataset, the preferred first; nothing where it does not ship."""
    if name == "trade":
        return (_part(_trade(), CLASSIFICATION, _TRADE),)
    if name == "trade-total":
        frame = _trade().group_by("year", "exporter", "importer").agg(pl.col("value").sum())
        return (_part(frame, None, _TRADE),)
    if name == "macro":
        return _cited(), _part(_accounts(), None, _ACCOUNTS)
    return ()


_ACCOUNTS = (
    "figures of 2022 from the input-output table: gdp is its value added at basic prices; trade without the "
    "economies that are outside the table",
)


_TRADE = (
    "goods and services: all 50 industries of the input-output table, at basic prices",
    "80 economies, no rest of the world; final goods by destination are reconstructed",
)


@cache
def _world() -> WorldPack:
    return load_world()


def goods_pairs() -> tuple[pl.DataFrame, int]:
    """Give goods trade by pair of the world that ships (thousand USD), and its year."""
    goods = _trade().filter(pl.col("product").str.slice(0, 1).is_in(list(GOODS)))
    pairs = goods.group_by("exporter", "importer").agg(pl.col("value").sum()).collect()
    return pairs, _world().year


def _part(frame: pl.LazyFrame, classification: str | None, notes: tuple[str, ...]) -> Part:
    world = _world()
    return Part(
        frame=frame, vintage=world.name, source=world.source, classification=classification, notes=notes
    )


@cache
def _trade() -> pl.LazyFrame:
    world = _world()
    at = np.nonzero(world.flows)
    importer, exporter, sector = (
        np.array(codes, dtype=object)[i]
        for codes, i in zip((world.economies, world.economies, world.sectors), at, strict=True)
    )
    frame = pl.DataFrame(
        {
            "year": np.full(len(sector), world.year, dtype=np.int32),
            "exporter": pl.Series(exporter, dtype=pl.String),
            "importer": pl.Series(importer, dtype=pl.String),
            "product": pl.Series(sector, dtype=pl.String),
            "value": world.flows[at] * (world.scale / 1e3),
        }
    )
    return (
        conform(frame.lazy().filter(pl.col("exporter") != pl.col("importer")), to=dataset("trade"))
        .collect()
        .lazy()
    )


def _cited() -> Part:
    entry = dataset("cited-macro")
    rows = pl.read_csv(_DATA / entry.file)
    target = dataset("macro")
    wide = rows.group_by("economy", "year").agg(
        pl.col("value").filter(pl.col("column") == name).first().alias(name)
        for name in rows["column"].unique(maintain_order=True)
    )
    return Part(frame=conform(wide.lazy(), to=target), vintage=entry.vintage, source=entry.source)


def _accounts() -> pl.LazyFrame:
    world = _world()
    goods = np.array([code[0] in GOODS for code in world.sectors])
    foreign = world.flows.copy()
    home = np.arange(len(world.economies))
    foreign[home, home] = 0.0
    bought, sold = foreign.sum(axis=1), foreign.sum(axis=0)
    million = world.scale / 1e6
    frame = pl.DataFrame(
        {
            "economy": list(world.economies),
            "year": np.full(len(home), world.year, dtype=np.int32),
            "gdp": world.value_added.sum(axis=1) * million,
            "goods_exports": sold[:, goods].sum(axis=1) * million,
            "goods_imports": bought[:, goods].sum(axis=1) * million,
            "services_exports": sold[:, ~goods].sum(axis=1) * million,
            "services_imports": bought[:, ~goods].sum(axis=1) * million,
        }
    )
    return conform(frame.lazy(), to=dataset("macro"))
