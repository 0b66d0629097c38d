"""The tariffs of 2018 and 2019 between the United States and China, predicted on the world of 2017."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openward.errors import MissingDataError
from openward.impact.hindcast.episode import Episode, Observed
from openward.impact.hindcast.prediction import Prediction, gravity_changes, make_cells, share_changes
from openward.impact.hindcast.tables import bilateral
from openward.simulate.baseline import Array, Baseline, Shock
from openward.simulate.caliendo_parro import solve
from openward.simulate.draws import CONVENTION_LOG_SD, HIGHEST_THETA, LOWEST_THETA, generator
from openward.simulate.published import dense, read_table

NAME, TITLE = "us-china-2018-2019", "Tariffs between the United States and China, 2018 to 2019"
DRAWS, SEED = 200, 1
PARTIES = frozenset({"CHN", "USA"})
REST = "ROW"
DIVISIONS = [
    "01 02",
    "03",
    "05 06",
    "07 08",
    "09",
    "10 11 12",
    "13 14 15",
    "16",
    "17 18",
    "19",
    "20",
    "21",
    "22",
    "23",
    "24",
    "25",
    "26",
    "27",
    "28",
    "29",
    "30",
    "31 32 33",
]
"""Divisions of ISIC revision 4 in the 22 goods sectors of the table, in its order."""
EU = [
    "AUT",
    "BEL",
    "BGR",
    "HRV",
    "CYP",
    "CZE",
    "DNK",
    "EST",
    "FIN",
    "FRA",
    "DEU",
    "GRC",
    "HUN",
    "IRL",
    "ITA",
    "LVA",
    "LTU",
    "LUX",
    "MLT",
    "NLD",
    "POL",
    "PRT",
    "ROU",
    "SVK",
    "SVN",
    "ESP",
    "SWE",
    "GBR",
]
"""Members in 2017."""


def read_world(data: Path) -> Baseline:
    """Build the world of 2017: seven economies, 44 sectors."""
    folder = data / "economy"
    flows = read_table(
        folder / "tradewar2017_flows.parquet",
        ["importer", "exporter", "indcode", "value_musd", "tariff2017"],
    )
    economies = tuple(sorted(flows["importer"].unique()))
    codes = tuple(sorted(flows["indcode"].unique()))
    pairs = [("importer", economies), ("exporter", economies), ("indcode", codes)]
    value = dense(flows, keys=pairs, value="value_musd", where="tradewar2017_flows")
    tariffs = dense(flows, keys=pairs, value="tariff2017", where="tradewar2017_flows")
    params = read_table(
        folder / "tradewar2017_params.parquet", ["iso3", "indcode", "vashare", "finalshare", "theta"]
    )
    by_economy = [("iso3", economies), ("indcode", codes)]
    value_added, final, theta = (
        dense(params, keys=by_economy, value=name, where="tradewar2017_params")
        for name in ("vashare", "finalshare", "theta")
    )
    links = read_table(folder / "tradewar2017_io.parquet", ["iso3", "input_ind", "output_ind", "valueshare"])
    shares = dense(
        links,
        keys=[("iso3", economies), ("input_ind", codes), ("output_ind", codes)],
        value="valueshare",
        where="tradewar2017_io",
    )
    shares = shares / shares.sum(axis=1, keepdims=True)
    abroad = value.sum(axis=2) * (1.0 - np.eye(len(economies)))
    return Baseline(
        name="world of 2017",
        year=2017,
        currency="USD",
        scale=1e6,
        source="OECD input-output tables of 2017 in 7 economies and 44 sectors",
        licence="course material, not redistributed",
        economies=economies,
        sectors=tuple(str(code) for code in codes),
        tradable=np.ones(len(codes), dtype=bool),
        flows=value,
        tariffs=tariffs,
        value_added=value_added,
        use=shares * (1.0 - value_added)[:, None, :],
        final=final / final.sum(axis=1, keepdims=True),
        theta=theta[economies.index("USA")],
        deficits=abroad.sum(axis=1) - abroad.sum(axis=0),
    )


def added_rates(data: Path) -> tuple[Array, Array, Array]:
    """Read what was added to rates by 1 June 2019, by goods sector, fractions.

    Returns
    -------
    ours : [22]
        Of the United States on goods of China.
    theirs : [22]
        Of China on goods of the United States.
    cut : [22]
        Of China on everybody else's goods: its most-favored rates changed too.

    Notes
    -----
    Simple averages over six-digit products inside a sector: imports by product before the episode are at hand
    for one side only, and weights from after it would hold the answer.
    """
    ours = read_table(
        data / "economy" / "us_tariff_on_china_2018_2020.parquet", ["hs6", "date", "tariff_pct"]
    )
    first, last = (
        ours.filter(pl.col("date") == day).select("hs6", pl.col("tariff_pct").alias(name))
        for day, name in (("2018-01-01", "old"), ("2019-06-01", "new"))
    )
    american = first.join(last, on="hs6").select("hs6", added=pl.col("new") - pl.col("old"))
    path = data / "tariff" / "cn" / "cn_tariff_hs10_2018_2019.csv"
    if not path.is_file():
        raise MissingDataError(
            f"the table {path.name} is not there", where=str(path), hint="it lies in tariff/cn of --data"
        )
    wide = pl.read_csv(path, infer_schema_length=0).select(
        pl.col("hs10").str.zfill(10).str.slice(0, 6).alias("hs6"),
        *(
            pl.col(name).cast(pl.Float64)
            for name in ("mfn_2018_01_01", "mfn_2019_06_01", "us_rate_2019_06_01")
        ),
    )
    sectors = _sectors(data)
    chinese = wide.select("hs6", added=pl.col("us_rate_2019_06_01") - pl.col("mfn_2018_01_01"))
    favored = wide.select("hs6", added=pl.col("mfn_2019_06_01") - pl.col("mfn_2018_01_01"))
    return _average(american, sectors), _average(chinese, sectors), _average(favored, sectors)


def predict(data: Path) -> Prediction:
    """Predict trade under the tariffs of June 2019 from the world of 2017."""
    world = read_world(data)
    ours, theirs, cut = added_rates(data)
    G = len(DIVISIONS)
    china, states = (world.economies.index(code) for code in ("CHN", "USA"))
    after = world.tariffs.copy()
    after[china, :, :G] += cut
    after[china, states, :G] += theirs - cut
    after[states, china, :G] += ours
    after[china, china] = 0.0
    after = np.maximum(after, 0.0)
    shock = Shock(name="tariffs of June 2019", tariffs=after)
    central = solve(world, shock)
    before = central.baseline
    traded = before.flows[:, :, :G].sum(axis=2)
    wanted: NDArray[np.bool_] = ~np.eye(len(world.economies), dtype=bool)

    def changes(then: Baseline) -> Array:
        return share_changes(traded, then.flows[:, :, :G].sum(axis=2), wanted)

    drawn = [
        changes(solve(replace(before, theta=_theta(before.theta, k)), shock, tolerance=1e-8).after)
        for k in range(DRAWS)
    ]
    return Prediction(
        episode=NAME,
        title=TITLE,
        baseline="7 economies, 44 sectors, 2017 (deficits kept)",
        law_before="applied tariffs of 2017",
        law_after="2017 plus what the United States and China had added by 2019-06-01, China's "
        "most-favored cuts included; simple averages of six-digit rates",
        model="caliendo-parro",
        closure="fixed",
        uncertainty="elasticities: log-normal, 95 % between half and twice, by sector",
        draws=DRAWS,
        seed=SEED,
        cells=make_cells(
            world.economies,
            wanted,
            PARTIES,
            central=changes(central.after),
            drawn=np.stack(drawn),
            gravity=gravity_changes(
                before.flows[:, :, :G], before.tariffs[:, :, :G], after[:, :, :G], wanted
            ),
        ),
    )


def observe(data: Path) -> Observed:
    """Read goods trade of 2017 and 2019, in thousand US dollars."""
    frame = read_table(
        data / "economy" / "trade_bilateral_baci_2000_2020.parquet",
        ["year", "importer", "exporter", "value_kusd"],
    ).rename({"value_kusd": "value"})
    economies = ("BRA", "CHN", "EU", "IND", "JPN", "ROW", "USA")
    members = dict.fromkeys(EU, "EU")
    before, after = (
        bilateral(frame.filter(pl.col("year") == year), economies, group=members, rest=REST)
        for year in (2017, 2019)
    )
    return Observed(economies, before, after, "CEPII BACI, goods, 2017 and 2019")


def _theta(theta: Array, index: int) -> Array:
    factor = np.exp(CONVENTION_LOG_SD * generator(SEED, "elasticities", index).standard_normal(len(theta)))
    out: Array = np.clip(theta * factor, LOWEST_THETA, HIGHEST_THETA)
    return out


def _sectors(data: Path) -> pl.DataFrame:
    """Give the goods sector of each six-digit product: the division most of its codes fall in."""
    frame = read_table(data / "economy" / "conc_hs_isic4.parquet", ["HS_6d", "ISIC4_2d"])
    place = {division: g for g, group in enumerate(DIVISIONS) for division in group.split()}
    return (
        frame.filter(pl.col("ISIC4_2d").is_in(list(place)))
        .group_by("HS_6d", "ISIC4_2d")
        .len()
        .sort(["HS_6d", "len", "ISIC4_2d"], descending=[False, True, False])
        .unique("HS_6d", keep="first", maintain_order=True)
        .select(
            pl.col("HS_6d").alias("hs6"), g=pl.col("ISIC4_2d").replace_strict(place, return_dtype=pl.Int64)
        )
    )


def _average(rates: pl.DataFrame, sectors: pl.DataFrame) -> Array:
    """Average points added over products inside a sector; sectors without a product get none."""
    by_product = rates.group_by("hs6").agg(pl.col("added").mean())
    found = by_product.join(sectors, on="hs6").group_by("g").agg(pl.col("added").mean()).sort("g")
    out = np.zeros(len(DIVISIONS))
    out[found["g"].to_numpy()] = found["added"].to_numpy() / 100.0
    return out


EPISODE = Episode(
    name=NAME,
    title=TITLE,
    predict=predict,
    observe=observe,
    caveat="Tariffs rose in steps from July 2018 to June 2019; trade of the whole of 2019 is held against "
    "the rates of June. Only 2 of 42 pairs met new tariffs of their own.",
)
