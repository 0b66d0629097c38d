"""Input-output tables of the world of 2022: from the shipped pack, and from the published network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from openward.errors import InputError, MissingDataError
from openward.observe.input_output import Array, InputOutput, input_output
from openward.observe.worldpack import WorldPack, load_world

RECONSTRUCTED = (
    "final demand by destination is reconstructed, not published: who consumes what is an estimate "
    "(docs/world-pack.md gives its measured error)"
)
PROPORTIONAL = (
    "sources of inputs are proportional: every industry of an economy, and its final users, buy a product "
    "from the same sources"
)


def world_table(pack: WorldPack | None = None) -> InputOutput:
    """Give the shipped world as a table of 80 economies x 50 industries.

    The pack has flows by source and inputs by using industry, not both at once: every user in an economy is
    taken to buy a product from its economy's mix of sources (proportionality).

    Parameters
    ----------
    pack : WorldPack, optional
        The shipped world by default.

    Returns
    -------
    InputOutput
        Both assumptions are in its notes.
    """
    world = load_world() if pack is None else pack
    n, j = len(world.economies), len(world.sectors)
    bought = world.flows.sum(axis=1)
    shares = np.divide(
        world.flows, bought[:, None, :], out=np.zeros_like(world.flows), where=bought[:, None, :] > 0
    )
    by_node = shares.transpose(1, 2, 0)
    Z = by_node[:, :, :, None] * world.use_value.transpose(1, 0, 2)[None]
    F = by_node * world.final_value.T[None]
    return input_output(
        economies=world.economies,
        sectors=world.sectors,
        Z=Z.reshape(n * j, n * j),
        F=F.reshape(n * j, n),
        year=world.year,
        unit="million USD",
        source=world.source,
        notes=(*world.notes, RECONSTRUCTED, PROPORTIONAL),
    )


def read_icio_2022(directory: Path, *, pack: WorldPack | None = None) -> InputOutput:
    """Read ``icio2022_Z.parquet`` with ``icio2022_nodes.parquet``; final demand by destination from the pack.

    Intermediate sales are the published ones, so no proportionality is assumed; each node's final sales are
    spread over destinations as in the shipped pack, and add up to the published sum.

    Raises
    ------
    MissingDataError
        A file is absent.
    InputError
        The nodes are not those of the pack.
    """
    world = load_world() if pack is None else pack
    nodes, uses = (_read(directory / f"icio2022_{part}.parquet") for part in ("nodes", "Z"))
    n, j = len(world.economies), len(world.sectors)
    place = {
        (economy, sector): g * j + s
        for g, economy in enumerate(world.economies)
        for s, sector in enumerate(world.sectors)
    }
    named = list(nodes.select("iso3", "industry").iter_rows())
    if set(named) != set(place):
        raise InputError(
            "the nodes are not those of the world pack",
            where=str(directory),
            hint="80 economies x 50 industries",
        )
    at = np.array([place[name] for name in named], dtype=np.intp)
    Z = np.zeros((n * j, n * j))
    Z[at[uses["row"].to_numpy()], at[uses["col"].to_numpy()]] = uses["value_musd"].to_numpy()
    sold = np.zeros(n * j)
    sold[at] = nodes["final_demand_for_output_musd"].to_numpy()
    return input_output(
        economies=world.economies,
        sectors=world.sectors,
        Z=Z,
        F=_spread(sold, world=world, intermediate=Z.reshape(n * j, n, j).sum(axis=2)),
        year=world.year,
        unit="million USD",
        source="OECD Inter-Country Input-Output tables, 2025 edition, year 2022",
        notes=(*world.notes, RECONSTRUCTED),
    )


def _spread(sold: Array, *, world: WorldPack, intermediate: Array) -> Array:
    """Spread final sales of nodes over destinations; crumbs of rounding are no sales."""
    n, j = len(world.economies), len(world.sectors)
    flows = world.flows.transpose(1, 2, 0).reshape(n * j, n)
    final = np.where(flows - intermediate > 1e-6 * flows, flows - intermediate, 0.0)
    silent = (final.sum(axis=1) <= 0) & (sold > 0)
    final[silent, np.repeat(np.arange(n), j)[silent]] = 1.0
    total = final.sum(axis=1)
    scaled: Array = final * np.divide(sold, total, out=np.zeros_like(sold), where=total > 0)[:, None]
    return scaled


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise MissingDataError("the table is not there", where=str(path), hint="name its folder")
    return pl.read_parquet(path).with_columns(pl.col(pl.Categorical).cast(pl.String))
