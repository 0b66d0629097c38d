"""The world of 1993 of Caliendo and Parro (2015), from their replication tables: 31 economies, 40 sectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from openward.errors import InputError
from openward.simulate.baseline import Array, Baseline
from openward.simulate.published import dense, read_table

SOURCE = "Caliendo and Parro (2015), Rev. Econ. Stud. 82, 1-44, replication data"
THETA_NON_TRADABLE = 8.22
"""Trade elasticity outside the tradable sectors; as they trade only at home it moves nothing but prices."""
NAFTA = ("MEX", "CAN", "USA")
COLUMNS_SUM_TO_ONE = 1e-5


def read_baseline(data: Path) -> Baseline:
    """Build the baseline of 1993, deficits as in the flows.

    Parameters
    ----------
    data : Path
        Folder with ``economy/cp1993_*.parquet``.

    Returns
    -------
    Baseline
        In US dollars. Its final shares do not balance its flows (negative residuals were set to zero, as
        the authors do): solve `openward.simulate.caliendo_parro.rebalance` before anything else.

    Raises
    ------
    MissingDataError, InputError

    Notes
    -----
    Trade is in thousand dollars net of tariff. Gross output is raised to exports where it is smaller; home
    sales are output less exports. Sectors 21 to 40 are traded at home only.
    """
    folder = data / "economy"
    made = read_table(
        folder / "cp1993_va_output.parquet", ["iso3", "sector_id", "va_share", "gross_output_usd"]
    )
    economies = tuple(made["iso3"].unique(maintain_order=True).to_list())
    sectors = tuple(sorted(made["sector_id"].unique().to_list()))
    by_economy = [("iso3", economies), ("sector_id", sectors)]
    value_added = dense(made, keys=by_economy, value="va_share", where="cp1993_va_output")
    output = dense(made, keys=by_economy, value="gross_output_usd", where="cp1993_va_output")

    elasticity = read_table(folder / "cp1993_theta.parquet", ["sector_id", "sector", "theta"])
    theta = dense(elasticity, keys=[("sector_id", sectors)], value="theta", where="cp1993_theta")
    tradable = theta > 0
    theta[~tradable] = THETA_NON_TRADABLE
    names = dict(zip(elasticity["sector_id"], elasticity["sector"], strict=True))

    flows = 1e3 * _bilateral(data, "trade_raw", economies, sectors)
    tariffs = _bilateral(data, "tariff93_pct", economies, sectors) / 100.0
    exports = flows.sum(axis=0)
    output = np.maximum(output, exports)
    home = np.arange(len(economies))
    flows[home, home] = output - exports

    use, value_added = _links(folder, economies, sectors, value_added)
    absorbed = flows.sum(axis=1) + np.einsum("nij,nij->nj", flows, tariffs)
    final = np.maximum(absorbed - np.einsum("nkj,nj->nk", use, output), 0.0)
    return Baseline(
        name="Caliendo-Parro 1993",
        year=1993,
        currency="USD",
        scale=1.0,
        source=SOURCE,
        licence="replication data, not redistributed",
        economies=economies,
        sectors=tuple(names.get(code, f"Nontradable{code}") for code in sectors),
        tradable=tradable,
        flows=flows,
        tariffs=tariffs,
        value_added=value_added,
        use=use,
        final=final / final.sum(axis=1, keepdims=True),
        theta=theta,
        deficits=flows.sum(axis=(1, 2)) - exports.sum(axis=1) - (output - exports).sum(axis=1),
    )


def nafta_tariffs(data: Path) -> Array:
    """Tariffs of 1993 with those inside NAFTA at their rates of 2005 [N, N, J].

    Parameters
    ----------
    data : Path
        As in `read_baseline`.
    """
    made = read_table(data / "economy" / "cp1993_va_output.parquet", ["iso3", "sector_id"])
    economies = tuple(made["iso3"].unique(maintain_order=True).to_list())
    sectors = tuple(sorted(made["sector_id"].unique().to_list()))
    tariffs = _bilateral(data, "tariff93_pct", economies, sectors) / 100.0
    later = _bilateral(data, "tariff05_pct", economies, sectors) / 100.0
    bloc = [economies.index(code) for code in NAFTA]
    inside = np.ix_(bloc, bloc)
    tariffs[inside] = later[inside]
    return tariffs


def _bilateral(data: Path, value: str, economies: tuple[str, ...], sectors: tuple[int, ...]) -> Array:
    path = data / "economy" / "cp1993_trade_tariff.parquet"
    frame = read_table(path, ["importer", "exporter", "sector_id", value])
    keys = [("importer", economies), ("exporter", economies), ("sector_id", sectors)]
    return dense(frame, keys=keys, value=value, where="cp1993_trade_tariff")


def _links(
    folder: Path, economies: tuple[str, ...], sectors: tuple[int, ...], value_added: Array
) -> tuple[Array, Array]:
    """Inputs per unit of output and value-added shares; columns of the table are shares of intermediates."""
    frame = read_table(folder / "cp1993_io.parquet", ["iso3", "row_sector", "col_sector", "coef"])
    keys = [("iso3", economies), ("row_sector", sectors), ("col_sector", sectors)]
    coefficients = dense(frame, keys=keys, value="coef", where="cp1993_io")
    total = coefficients.sum(axis=1)
    linked = total != 0
    if np.abs(total[linked] - 1.0).max() > COLUMNS_SUM_TO_ONE:
        raise InputError(
            "columns do not sum to one", where="cp1993_io", hint="they are shares of intermediate spending"
        )
    value_added = np.where(linked, value_added, 1.0)
    shares = coefficients / np.where(linked, total, 1.0)[:, None, :]
    return shares * (1.0 - value_added)[:, None, :], value_added
