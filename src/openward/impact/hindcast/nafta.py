"""NAFTA, and the tariff cuts of everybody from 1993 to 2005, on the tables of Caliendo and Parro (2015).

Two episodes on one world: the tariffs inside NAFTA alone, as the paper has it, and those of every pair.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from openward.impact.hindcast.episode import Episode, Observed
from openward.impact.hindcast.prediction import Prediction, gravity_changes, make_cells, share_changes
from openward.impact.hindcast.tables import bilateral
from openward.simulate.baseline import Array, Baseline, Shock
from openward.simulate.caliendo_parro import rebalance, solve
from openward.simulate.cp1993 import NAFTA, nafta_tariffs, read_baseline
from openward.simulate.draws import named_draws
from openward.simulate.published import dense, read_table

BLOC, EVERYBODY = "nafta-1993-2005", "tariffs-1993-2005"
TITLES = {BLOC: "NAFTA, 1993 to 2005", EVERYBODY: "Tariff cuts of everybody, 1993 to 2005"}
LAWS = {
    BLOC: "1993, tariffs inside NAFTA at their rates of 2005",
    EVERYBODY: "applied tariffs of 2005, of every pair",
}
DRAWS, SEED = 200, 1
REST = "ROW"


def predict(data: Path, *, name: str) -> Prediction:
    """Predict trade of 2005 from the world of 1993 and the tariffs of 2005, of the bloc or of everybody."""
    world = rebalance(read_baseline(data))
    goods = world.tradable
    later = nafta_tariffs(data) if name == BLOC else _tariffs_of_2005(data, world)
    traded = world.flows[:, :, goods].sum(axis=2)
    named = np.array([code != REST for code in world.economies])
    wanted = named[:, None] & named & ~np.eye(len(named), dtype=bool) & (traded > 0)
    shock = Shock(name="tariffs of 2005", tariffs=later)
    central = solve(world, shock)
    spread = named_draws(world.sectors, world.theta)

    def changes(after: Baseline) -> Array:
        return share_changes(traded, after.flows[:, :, goods].sum(axis=2), wanted)

    drawn = [
        changes(
            solve(
                replace(world, theta=spread.draw(seed=SEED, index=k)), shock, tolerance=1e-8, start=central
            ).after
        )
        for k in range(DRAWS)
    ]
    return Prediction(
        episode=name,
        title=TITLES[name],
        baseline="31 economies, 40 sectors, 1993, balanced by the model (deficits kept)",
        law_before="applied tariffs of 1993",
        law_after=LAWS[name],
        model="caliendo-parro",
        closure="fixed",
        uncertainty="elasticities: log-normal with the standard errors of the paper",
        draws=DRAWS,
        seed=SEED,
        cells=make_cells(
            world.economies,
            wanted,
            frozenset(NAFTA),
            central=changes(central.after),
            drawn=np.stack(drawn),
            gravity=gravity_changes(
                world.flows[:, :, goods], world.tariffs[:, :, goods], later[:, :, goods], wanted
            ),
        ),
    )


def _tariffs_of_2005(data: Path, world: Baseline) -> Array:

    frame = read_table(
        data / "economy" / "cp1993_trade_tariff.parquet",
        ["importer", "exporter", "sector_id", "tariff05_pct"],
    )
    sectors = tuple(range(1, len(world.sectors) + 1))
    keys = [("importer", world.economies), ("exporter", world.economies), ("sector_id", sectors)]
    return dense(frame, keys=keys, value="tariff05_pct", where="cp1993_trade_tariff") / 100.0


def observe(data: Path) -> Observed:
    """Read goods trade of 1993 and of 2005, in thousand US dollars."""
    folder = data / "economy"
    first = read_table(folder / "cp1993_trade_tariff.parquet", ["importer", "exporter", "trade_raw"])
    economies = tuple(code for code in first["importer"].unique().sort() if code != REST)
    later = read_table(
        folder / "trade_bilateral_sitc1.parquet", ["year", "section", "importer", "exporter", "value_kusd"]
    ).filter((pl.col("year") == 2005) & (pl.col("section") == "All"))
    return Observed(
        economies=economies,
        before=bilateral(first.rename({"trade_raw": "value"}), economies, group={}, rest=None),
        after=bilateral(later.rename({"value_kusd": "value"}), economies, group={}, rest=None),
        source="1993: replication data of Caliendo and Parro (2015); 2005: UN Comtrade, total over sections",
    )


CAVEAT = (
    "The elasticities were estimated on trade of 1993. Observed trade of 1993 and of 2005 comes from "
    "two compilations of the same statistics."
)
EPISODES = tuple(
    Episode(name, TITLES[name], partial(predict, name=name), observe, CAVEAT) for name in (BLOC, EVERYBODY)
)
