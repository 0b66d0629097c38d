"""Sweeps: every executor gives the same table, a killed run goes on, errors are rows; and comparisons."""

from __future__ import annotations

import importlib
import importlib.util
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal

from openward.errors import InputError, InputErrors, IntegrityError, RefusedError, UsageError
from openward.impact.comparison import compare_models
from openward.impact.sweep_solve import COLUMNS, Solver
from openward.impact.sweep_spec import SweepSpec, parse_spec, read_spec
from openward.simulate.baseline_dir import read_baseline, read_shock, write_baseline, write_shock
from openward.simulate.caliendo_parro import solve
from openward.simulate.sweep import BLOCK, MANIFEST, PARTS, RESULTS, SweepReport, run_sweep
from small_worlds import draw_shock, make_world


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    world = make_world(4, economies=3, sectors=2, with_gaps=False)
    write_baseline(world, folder / "world")
    for k in range(2):
        write_shock(draw_shock(world, k, size=0.1), world, folder / f"shock{k}")
    path = folder / "spec.yaml"
    grid = {
        "shock": ["shock0", "shock1"],
        "closure": ["fixed", "balanced"],
        "scale": [0.8, 1, 1.2],
        "draw": {"from": 0, "to": 4},
    }
    data = {"schema": "openward.sweep/1", "name": "toy", "baseline": "world", "seed": 3, "grid": grid}
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


def _run(plan: SweepSpec, out: Path, **more: Any) -> SweepReport:
    solver = Solver(plan.book, str(plan.baseline), plan.seed)
    return run_sweep(plan.scenarios, solver, out=out, digest=plan.digest, schema=COLUMNS, **more)


def test_a_grid_is_every_combination_and_rows_are_what_the_model_gives(spec: Path, tmp_path: Path) -> None:
    plan = read_spec(spec)
    assert len(plan.scenarios) == 2 * 2 * 3 * 4
    report = _run(plan, tmp_path / "out")
    assert (report.scenarios, report.resumed, report.failed) == (48, 0, 0)
    table = pl.read_parquet(report.results)
    assert table.shape[0] == 48 * 3
    assert table["real_income_pct"].null_count() == 0
    assert np.isfinite(table["real_income_pct"].to_numpy()).all()
    one = {"schema": "openward.sweep/1", "baseline": "world", "scenarios": [{"shock": "shock0"}]}
    single = parse_spec(one, folder=spec.parent, label="one")
    got = pl.read_parquet(_run(single, tmp_path / "one").results)["real_income_pct"].to_numpy()
    world = read_baseline(spec.parent / "world")
    expected = solve(world, read_shock(spec.parent / "shock0", world)).real_income_pct
    np.testing.assert_allclose(got, expected, atol=1e-7)


def _pools() -> list[tuple[str, Any]]:
    return [
        ("threads", lambda: ThreadPoolExecutor(2)),
        ("processes", lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn"))),
    ]


@pytest.mark.parametrize(("name", "make"), _pools())
def test_every_executor_gives_the_same_table(name: str, make: Any, spec: Path, tmp_path: Path) -> None:
    plan = read_spec(spec)
    alone = pl.read_parquet(_run(plan, tmp_path / "alone").results)
    executor: Executor
    with make() as executor:
        other = pl.read_parquet(_run(plan, tmp_path / name, executor=executor).results)
        assert executor.submit(int, "7").result() == 7  # not shut down
    assert_frame_equal(alone, other, check_exact=True)


def test_a_dask_cluster_gives_the_same_table(spec: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("distributed") is None:
        pytest.skip("dask.distributed is not installed")
    distributed = importlib.import_module("distributed")
    plan = read_spec(spec)
    alone = pl.read_parquet(_run(plan, tmp_path / "alone").results)
    with distributed.Client(n_workers=2, threads_per_worker=1, processes=False) as client:
        other = pl.read_parquet(_run(plan, tmp_path / "dask", executor=client.get_executor()).results)
    assert_frame_equal(alone, other, check_exact=True)


def test_a_finished_sweep_is_not_solved_again(spec: Path, tmp_path: Path) -> None:
    plan = read_spec(spec)
    first = _run(plan, tmp_path / "out")
    before = first.results.stat().st_mtime_ns
    again = _run(plan, tmp_path / "out")
    assert again.resumed == 48
    assert again.results.stat().st_mtime_ns == before


@pytest.mark.slow
def test_a_run_killed_by_the_system_goes_on(spec: Path, tmp_path: Path) -> None:
    data = yaml.safe_load(spec.read_text(encoding="utf-8"))
    data["grid"]["draw"]["to"] = 40
    spec = spec.with_name("large.yaml")
    spec.write_text(yaml.safe_dump(data), encoding="utf-8")
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "openward", "sweep", str(spec), "--out", str(out), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while process.poll() is None and not list((out / PARTS).glob("part-*.parquet")):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (out / RESULTS).is_file(), "the run ended before it could be killed"
    (out / PARTS / "part-9999999.tmp").write_bytes(b"half a table")
    plan = read_spec(spec)
    report = _run(plan, out)
    assert BLOCK <= report.resumed < len(plan.scenarios)
    whole = pl.read_parquet(_run(plan, tmp_path / "whole").results)
    assert_frame_equal(pl.read_parquet(report.results), whole, check_exact=True)
    assert sorted(p.name for p in out.iterdir()) == sorted([MANIFEST, RESULTS])


def test_a_scenario_without_a_solution_is_a_row(spec: Path, tmp_path: Path) -> None:
    given = [{"shock": "shock0"}, {"shock": "shock0", "model": "nonsense"}, {"shock": "absent"}]
    data = {"schema": "openward.sweep/1", "baseline": "world", "scenarios": given}
    report = _run(parse_spec(data, folder=spec.parent, label="bad"), tmp_path / "bad")
    assert report.failed == 2
    table = pl.read_parquet(report.results)
    assert table["status"].to_list() == ["solved"] * 3 + ["failed"] * 2
    assert "nonsense" in table["error"][3]
    assert table["real_income_pct"].to_list()[3:] == [None, None]


def test_folders_of_others_are_refused(spec: Path, tmp_path: Path) -> None:
    plan = read_spec(spec)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(RefusedError, match="something else"):
        _run(plan, tmp_path / "mine")
    _run(plan, tmp_path / "out")
    data = {"schema": "openward.sweep/1", "baseline": "world", "scenarios": [{"shock": "shock0"}]}
    with pytest.raises(RefusedError, match="another sweep"):
        _run(parse_spec(data, folder=spec.parent, label="other"), tmp_path / "out")
    (tmp_path / "out" / MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(IntegrityError, match="manifest"):
        _run(plan, tmp_path / "out")
    with pytest.raises(UsageError, match="no scenario"):
        run_sweep([], lambda _: [], out=tmp_path / "none", digest="", schema=COLUMNS)


def test_everything_wrong_in_a_specification_is_said_at_once() -> None:
    data = {
        "schema": "openward.sweep/2",
        "seed": -1,
        "gird": {},
        "scenarios": [{"reform": "rcep-undone", "scael": 2}, {"shock": "x"}, {"reform": "a", "scale": 0}],
    }
    with pytest.raises(InputErrors) as caught:
        parse_spec(data, folder=Path(), label="spec.yaml")
    said = str(caught.value)
    for word in (
        "did you mean grid",
        "did you mean scale",
        "openward.sweep/1",
        "seed",
        "needs a reform",
        "scale is 0",
    ):
        assert word in said
    with pytest.raises(InputError, match="mapping"):
        parse_spec([], folder=Path(), label="spec.yaml")
    with pytest.raises(InputErrors, match="no scenario"):
        parse_spec({"schema": "openward.sweep/1"}, folder=Path(), label="spec.yaml")


def test_models_are_compared_on_one_reform() -> None:
    found = compare_models(
        "africa-zero-tariff",
        models=["caliendo-parro", "gravity-conditional"],
        closures=["fixed", "balanced"],
        sets=["uniform-4"],
    )
    rows = found.rows(["ZAF", "AGO"])
    assert [row["model"] for row in rows] == ["caliendo-parro"] * 2 + ["gravity-conditional"] * 2
    assert rows[0]["ZAF"] > 0 > rows[0]["AGO"]
    assert len(found.failures) == 1  # conditional gravity has no balanced closure, and says so
    assert "no closure 'balanced'" in found.failures[0]
    assert rows[3]["ZAF"] is None
    assert "ZAF" in found.largest(7)
    with pytest.raises(UsageError, match="nothing to compare"):
        compare_models("africa-zero-tariff", models=[], closures=["fixed"], sets=["uniform-4"])
