"""General baselines from documented tables: three shapes, the first models, every closure, by command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from openward.cli.main import run
from openward.simulate.baseline import Baseline, Shock
from openward.simulate.baseline_dir import write_baseline, write_shock
from openward.simulate.caliendo_parro import rebalance
from openward.simulate.cp1993 import nafta_tariffs, read_baseline
from openward.simulate.models import Options, get
from small_worlds import make_world

MODELS = ("caliendo-parro", "armington", "gravity", "gravity-conditional", "gravity-sectors")


def _cube(frame: pl.DataFrame, value: str, keys: list[tuple[str, list[str | int]]]) -> np.ndarray:  # type: ignore[type-arg]
    out = np.zeros([len(codes) for _, codes in keys])
    at = [frame[key].replace_strict(codes, range(len(codes))).to_numpy() for key, codes in keys]
    out[tuple(at)] = frame[value].to_numpy()
    return out


def trade_war(data: Path) -> tuple[Baseline, Shock, np.ndarray]:  # type: ignore[type-arg]
    """Seven economies, 44 sectors, 2017; the tariffs of 2018 and 2019; scale elasticities by sector."""
    flows = pl.read_parquet(data / "economy" / "tradewar2017_flows.parquet")
    params = pl.read_parquet(data / "economy" / "tradewar2017_params.parquet")
    links = pl.read_parquet(data / "economy" / "tradewar2017_io.parquet")
    economies: list[str | int] = sorted(params["iso3"].unique().to_list())
    sectors: list[str | int] = sorted(params["indcode"].unique().to_list())
    pair = [("importer", economies), ("exporter", economies), ("indcode", sectors)]
    cell = [("iso3", economies), ("indcode", sectors)]
    share = _cube(params, "vashare", cell)
    inputs = [("iso3", economies), ("input_ind", sectors), ("output_ind", sectors)]
    use = _cube(links, "valueshare", inputs)
    use = use / use.sum(axis=1, keepdims=True) * (1 - share)[:, None, :]
    final = _cube(params, "finalshare", cell)
    one = params.filter(pl.col("iso3") == economies[0]).sort("indcode")
    traded = _cube(flows, "value_musd", pair)
    tariffs = _cube(flows, "tariff2017", pair)
    home = np.arange(len(economies))
    tariffs[home, home] = 0.0
    added = tariffs + _cube(flows, "us_add", pair) + _cube(flows, "cn_add", pair)
    added[home, home] = 0.0
    world = Baseline(
        name="Trade war 2017",
        year=2017,
        currency="USD",
        scale=1e6,
        source="course data, 2017",
        licence="not redistributed",
        economies=tuple(str(code) for code in economies),
        sectors=tuple(f"I{code}" for code in sectors),
        tradable=np.ones(len(sectors), dtype=bool),
        flows=traded,
        tariffs=tariffs,
        value_added=share,
        use=use,
        final=final / final.sum(axis=1, keepdims=True),
        theta=one["theta"].to_numpy().astype(float),
        deficits=traded.sum(axis=(1, 2)) - traded.sum(axis=(0, 2)),
    )
    return world, Shock("wave 5", tariffs=added), one["psi"].to_numpy().astype(float)


def _by_command(
    folder: Path, world: Baseline, shock: Shock, capsys: pytest.CaptureFixture[str]
) -> dict[tuple[str, str], list[float]]:
    write_baseline(world, folder / "world")
    write_shock(shock, world, folder / "shock")
    found = {}
    for name in MODELS:
        for closure in get(name).closures:
            words = ["simulate", "--baseline", str(folder / "world"), "--shock", str(folder / "shock")]
            words += ["--model", name, "--closure", closure, "--path-steps", "0", "--format", "json"]
            with pytest.raises(SystemExit) as stop:
                run(words)
            out = capsys.readouterr()
            assert stop.value.code == 0, (name, closure, out.err)
            result = json.loads(out.out)
            assert result["model"] == name
            assert result["closure"] == closure
            assert result["residual"] < 1e-7
            rows = [row["real_income_pct"] for row in result["economies"]]
            assert np.isfinite(rows).all()
            found[name, closure] = rows
    return found


def test_a_small_world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = make_world(2, economies=3, sectors=2, with_gaps=False)
    _by_command(tmp_path, world, Shock("cut", tariffs=0.5 * world.tariffs), capsys)


def test_the_trade_war(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world, shock, psi = trade_war(shared / "data")
    found = _by_command(tmp_path, world, shock, capsys)
    at = [world.economies.index(code) for code in ("USA", "CHN")]
    for closure in ("fixed", "world-gdp-share", "balanced"):
        # Retaliation hurts China; those who stand aside gain a little from diverted trade.
        assert found["caliendo-parro", closure][at[1]] < 0
    krugman = get("krugman").solve(world, shock, options=Options(scale=psi))
    assert krugman.residual < 1e-8
    bundle = krugman.wage_hat[:, None] ** world.value_added
    bundle *= np.exp(np.einsum("nkj,nk->nj", world.use, np.log(krugman.price_hat)))
    firms = krugman.output_hat / bundle
    np.testing.assert_allclose(krugman.unit_cost_hat, bundle * firms**-psi, rtol=1e-7)
    spent = [(w.flows * (1 + w.tariffs)).sum(axis=1) for w in (krugman.baseline, krugman.after)]
    home = [np.einsum("nnj->nj", w.flows) for w in (krugman.baseline, krugman.after)]
    stays = home[1] / spent[1] / (home[0] / spent[0])
    np.testing.assert_allclose(stays, (krugman.unit_cost_hat / krugman.price_hat) ** -world.theta, rtol=1e-7)


@pytest.mark.slow
def test_the_world_of_1993(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = shared / "data"
    world = rebalance(read_baseline(data))
    found = _by_command(tmp_path, world, Shock("NAFTA", tariffs=nafta_tariffs(data)), capsys)
    mexico = world.economies.index("MEX")
    assert found["caliendo-parro", "balanced"][mexico] == pytest.approx(0.007, abs=5e-4)
