"""Seven economies and 44 sectors in 2017, with input-output links: the test bed of optimal tariffs."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from openward.simulate.baseline import Baseline
from openward.simulate.published import dense, read_table

SOURCE = "Trade, tariffs and input-output shares of 2017 as in W. Zi's course on trade (econ7115), ICIO-type"


def read_baseline(data: Path) -> Baseline:
    """Build the baseline: seven economies, 44 sectors.

    Parameters
    ----------
    data : Path
        Folder with ``economy/tradewar2017_*.parquet``.

    Returns
    -------
    Baseline
        In million US dollars. Its final shares miss those its flows imply by up to 1 % of value added:
        solvers balance it first.

    Raises
    ------
    MissingDataError, InputError
    """
    folder = data / "economy"
    columns = ["exporter", "importer", "indcode", "value_musd", "tariff2017"]
    trade = read_table(folder / "tradewar2017_flows.parquet", columns)
    inputs = read_table(folder / "tradewar2017_io.parquet", ["iso3", "input_ind", "output_ind", "valueshare"])
    shares = read_table(
        folder / "tradewar2017_params.parquet", ["iso3", "indcode", "vashare", "finalshare", "theta"]
    )
    economies = tuple(sorted(shares["iso3"].unique().to_list()))
    codes = tuple(sorted(shares["indcode"].unique().to_list()))
    pairs = [("importer", economies), ("exporter", economies), ("indcode", codes)]
    by_economy = [("iso3", economies), ("indcode", codes)]
    flows = dense(trade, keys=pairs, value="value_musd", where="tradewar2017_flows")
    tariffs = dense(trade, keys=pairs, value="tariff2017", where="tradewar2017_flows")
    value_added = dense(shares, keys=by_economy, value="vashare", where="tradewar2017_params")
    final = dense(shares, keys=by_economy, value="finalshare", where="tradewar2017_params")
    theta = dense(shares, keys=by_economy, value="theta", where="tradewar2017_params")
    use = dense(
        inputs,
        keys=[("iso3", economies), ("input_ind", codes), ("output_ind", codes)],
        value="valueshare",
        where="tradewar2017_io",
    )
    use *= ((1.0 - value_added) / use.sum(axis=1))[:, None, :]
    return Baseline(
        name="tradewar-2017",
        year=2017,
        currency="USD",
        scale=1e6,
        source=SOURCE,
        licence="course material without a licence: for tests and benchmarks, not shipped",
        economies=economies,
        sectors=tuple(str(code) for code in codes),
        tradable=np.ones(len(codes), dtype=bool),
        flows=flows,
        tariffs=tariffs,
        value_added=value_added,
        use=use,
        final=final / final.sum(axis=1, keepdims=True),
        theta=theta[0],
        deficits=flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2)),
    )
