"""Baseline and shock directories: what goes in comes out, and every fault is named at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openward.errors import InputError, InputErrors, MissingDataError, RefusedError
from openward.observe import load_world
from openward.simulate.baseline import Baseline, Shock
from openward.simulate.baseline_dir import (
    read_baseline,
    read_baseline_with_notes,
    read_shock,
    write_baseline,
    write_shock,
)
from openward.simulate.calibrate import calibrate
from openward.simulate.caliendo_parro import solve
from openward.simulate.elasticities import elasticities

ARRAYS = ("flows", "tariffs", "value_added", "use", "final", "theta", "deficits")


def make_baseline(seed: int = 0, n: int = 3, j: int = 2) -> Baseline:
    """A small world in equilibrium: final spending is what inputs leave."""
    rng = np.random.default_rng(seed)
    flows = rng.gamma(1.0, 1.0, (n, n, j)) * (rng.random((n, n, j)) < 0.8)
    home = np.arange(n)
    flows[home, home] += 5.0
    if j > 1:
        flows[home, home, 0] = 0.0 if rng.random() < 0.2 else flows[home, home, 0]
    tariffs = rng.uniform(0, 0.3, (n, n, j)) * (rng.random((n, n, j)) < 0.5)
    tariffs[home, home] = 0.0
    output, bought = flows.sum(axis=0), (flows * (1 + tariffs)).sum(axis=1)
    weights = rng.random((n, j, j)) * output[:, None, :]
    total = weights.sum(axis=2, keepdims=True)
    value = 0.3 * np.minimum(bought, output.sum(axis=1, keepdims=True))[:, :, None] * weights
    value = np.divide(value, total, out=np.zeros_like(value), where=total > 0)
    use = np.divide(value, output[:, None, :], out=np.zeros_like(value), where=output[:, None, :] > 0)
    use /= np.maximum(1.0, use.sum(axis=1, keepdims=True) / 0.9)
    spending = bought - np.einsum("nkj,nj->nk", use, output)
    return Baseline(
        name="small",
        year=2000,
        currency="USD",
        scale=1e6,
        source="drawn at random",
        licence="none",
        economies=("ROW", "AAA", "BBB", "CCC", "DDD")[:n],
        sectors=("x", "y", "01")[:j],
        tradable=np.ones(j, dtype=bool),
        flows=flows,
        tariffs=tariffs,
        value_added=1 - use.sum(axis=1),
        use=use,
        final=spending / spending.sum(axis=1, keepdims=True),
        theta=rng.uniform(2, 9, j),
        deficits=flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2)),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_baseline(make_baseline(), tmp_path / "base")
    return tmp_path / "base"


def assert_same(one: Baseline, other: Baseline) -> None:
    assert (one.economies, one.sectors, one.name, one.year) == (
        other.economies,
        other.sectors,
        other.name,
        other.year,
    )
    np.testing.assert_array_equal(one.tradable, other.tradable)
    for field in ARRAYS:
        left, right = getattr(one, field), getattr(other, field)
        # Deficits are differences of flows: noise near zero is measured against flows.
        size = one.flows.sum() if field == "deficits" else 1.0
        np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-12 * size, err_msg=field)


def edit(folder: Path, table: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    path = folder / f"{table}.parquet"
    change(pl.read_parquet(path)).write_parquet(path)


def faults_of(folder: Path) -> str:
    with pytest.raises(InputErrors) as caught:
        read_baseline(folder)
    assert caught.value.exit_code == 3
    return str(caught.value)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 5), j=st.integers(1, 3))
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, seed: int, n: int, j: int) -> None:
    baseline = make_baseline(seed, n, j)
    folder = tmp_path_factory.mktemp("trip") / "base"
    write_baseline(baseline, folder)
    reading = read_baseline_with_notes(folder)
    assert_same(baseline, reading.baseline)
    assert reading.notes == ()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 4), j=st.integers(1, 3))
def test_final_and_deficits_are_derived_from_the_balance(
    tmp_path_factory: pytest.TempPathFactory, seed: int, n: int, j: int
) -> None:
    baseline = make_baseline(seed, n, j)
    folder = tmp_path_factory.mktemp("derived") / "base"
    write_baseline(baseline, folder)
    (folder / "final.parquet").unlink()
    (folder / "deficits.parquet").unlink()
    reading = read_baseline_with_notes(folder)
    np.testing.assert_allclose(reading.baseline.final, baseline.final, atol=1e-9)
    np.testing.assert_allclose(reading.baseline.deficits.sum(), 0.0, atol=1e-9)
    assert len(reading.notes) == 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(3)))
def test_row_order_and_labels_do_not_matter(tmp_path: Path, order: list[int]) -> None:
    baseline = make_baseline(1)
    pick = np.array(order)
    relabeled = dataclasses.replace(
        baseline,
        economies=tuple(baseline.economies[at] for at in order),
        flows=baseline.flows[np.ix_(pick, pick)],
        tariffs=baseline.tariffs[np.ix_(pick, pick)],
        value_added=baseline.value_added[pick],
        use=baseline.use[pick],
        final=baseline.final[pick],
        deficits=baseline.deficits[pick],
    )
    folder = tmp_path / "base"
    write_baseline(relabeled, folder, overwrite=True)
    for table in ("flows", "use", "final", "tariffs", "deficits"):
        edit(folder, table, lambda frame: frame.sample(fraction=1.0, shuffle=True, seed=3))
    assert_same(relabeled, read_baseline(folder))


def test_categorical_and_enum_codes_are_accepted(folder: Path) -> None:
    edit(folder, "flows", lambda frame: frame.with_columns(pl.col(pl.String).cast(pl.Categorical)))
    edit(folder, "final", lambda frame: frame.with_columns(pl.col("sector").cast(pl.Enum(["y", "x"]))))
    assert_same(make_baseline(), read_baseline(folder))


def test_shares_off_by_rounding_are_brought_to_one(folder: Path) -> None:
    edit(folder, "final", lambda frame: frame.with_columns(pl.col("share").round(7)))
    np.testing.assert_allclose(read_baseline(folder).final.sum(axis=1), 1.0, atol=1e-15)


def test_without_use_value_added_is_all_of_output(folder: Path) -> None:
    (folder / "use.parquet").unlink()
    assert "without use.parquet value added must be one" in faults_of(folder)
    edit(folder, "value_added", lambda frame: frame.with_columns(share=pl.lit(1.0)))
    (folder / "final.parquet").unlink()
    reading = read_baseline_with_notes(folder)
    assert not reading.baseline.use.any()
    assert any("no input-output links" in note for note in reading.notes)


def test_negative_residuals_are_reported(folder: Path) -> None:
    (folder / "final.parquet").unlink()
    edit(
        folder,
        "use",
        lambda frame: frame.with_columns(
            share=pl.when(pl.col("input") == "x").then(pl.lit(0.9)).otherwise(pl.lit(0.0))
        ),
    )
    edit(folder, "value_added", lambda frame: frame.with_columns(share=pl.lit(0.1)))
    reading = read_baseline_with_notes(folder)
    assert any("negative in" in note for note in reading.notes)
    assert any("not in equilibrium" in note for note in reading.notes)
    assert (reading.baseline.final >= 0).all()


def test_deficits_that_differ_from_trade_are_kept_and_reported(folder: Path) -> None:
    edit(folder, "deficits", lambda frame: frame.with_columns(value=pl.Series([1.0, -1.0, 0.0])))
    reading = read_baseline_with_notes(folder)
    np.testing.assert_allclose(reading.baseline.deficits, [1.0, -1.0, 0.0])
    assert any("differ from imports less exports in 3 economies" in note for note in reading.notes)
    assert any("not in equilibrium" in note for note in reading.notes)


def test_negative_input_shares_are_kept_and_reported(folder: Path) -> None:
    def shift(frame: pl.DataFrame) -> pl.DataFrame:
        first = pl.int_range(pl.len())
        return frame.with_columns(pl.when(first == 0).then(-0.01).otherwise(pl.col("share")).alias("share"))

    before = pl.read_parquet(folder / "use.parquet")["share"][0]
    edit(folder, "use", shift)
    edit(folder, "value_added", lambda frame: first_row(frame, share=frame["share"][0] + before + 0.01))
    reading = read_baseline_with_notes(folder)
    assert any("1 negative input shares, first ROW x into x" in note for note in reading.notes)
    assert reading.baseline.use[0, 0, 0] == pytest.approx(-0.01)


def first_row(frame: pl.DataFrame, **values: object) -> pl.DataFrame:
    """Change the first row."""
    top = frame.head(1).with_columns(
        **{name: pl.lit(value, dtype=frame.schema[name]) for name, value in values.items()}
    )
    return pl.concat([top, frame.slice(1)])


BROKEN: dict[str, tuple[str, Callable[[pl.DataFrame], pl.DataFrame], tuple[str, ...]]] = {
    "unknown economy": (
        "flows",
        lambda frame: first_row(frame, importer="AAAA"),
        ("unknown code 'AAAA'", "first 1", "did you mean AAA?", "flows.parquet: importer"),
    ),
    "unknown sector": (
        "tariffs",
        lambda frame: first_row(frame, sector="z"),
        ("unknown code 'z'", "known are x, y"),
    ),
    "negative trade": ("flows", lambda frame: first_row(frame, value=-1.0), ("negative value (row 1)",)),
    "not a number": (
        "flows",
        lambda frame: first_row(frame, value=float("nan")),
        ("no finite number (row 1)",),
    ),
    "infinite": ("flows", lambda frame: first_row(frame, value=float("inf")), ("no finite number (row 1)",)),
    "null number": ("use", lambda frame: first_row(frame, share=None), ("no finite number (row 1)",)),
    "null code": ("final", lambda frame: first_row(frame, economy=None), ("no code (row 1)",)),
    "duplicate": ("flows", lambda frame: pl.concat([frame, frame.head(1)]), ("more than one row", "rows 1,")),
    "wrong type of number": (
        "elasticities",
        lambda frame: frame.with_columns(pl.col("theta").cast(pl.String)),
        ("holds String, expected numbers", "elasticities.parquet: theta"),
    ),
    "wrong type of code": (
        "deficits",
        lambda frame: frame.with_columns(economy=pl.lit(1)),
        ("expected codes", "deficits.parquet: economy"),
    ),
    "missing column": ("final", lambda frame: frame.drop("sector"), ("no column 'sector'",)),
    "unknown column": (
        "final",
        lambda frame: frame.rename({"share": "shares"}),
        ("unknown column 'shares'", "did you mean share?"),
    ),
    "final shares": (
        "final",
        lambda frame: frame.with_columns(pl.col("share") * 0.9),
        ("do not sum to one: ROW, AAA, BBB", "0.9 and 0.9"),
    ),
    "cost shares": (
        "value_added",
        lambda frame: first_row(frame, share=2.0),
        ("value added and inputs do not sum to one: ROW x",),
    ),
    "missing value added": (
        "value_added",
        lambda frame: frame.slice(1),
        ("no value added for an industry that sells: ROW x",),
    ),
    "missing sector": (
        "flows",
        lambda frame: frame.filter(pl.col("sector") != "y"),
        ("no row with sector y",),
    ),
    "missing elasticity": (
        "elasticities",
        lambda frame: frame.slice(1),
        ("no elasticity: x", "every sector of baseline.yaml"),
    ),
    "elasticity of zero": (
        "elasticities",
        lambda frame: first_row(frame, theta=0.0),
        ("theta out of range (row 1)",),
    ),
    "tariff of -100 %": (
        "tariffs",
        lambda frame: first_row(frame, rate=-1.0),
        ("rate out of range (row 1)",),
    ),
    "tariff at home": (
        "tariffs",
        lambda frame: first_row(frame, importer="AAA", exporter="AAA", rate=0.1),
        ("tariff on home sales: AAA",),
    ),
    "deficits not zero": (
        "deficits",
        lambda frame: frame.with_columns(pl.col("value") + 1.0),
        ("deficits sum to", "not to zero"),
    ),
    "missing deficit": ("deficits", lambda frame: frame.slice(1), ("no deficit: ROW",)),
    "no home sales": (
        "flows",
        lambda frame: frame.with_columns(
            value=pl.when(pl.col("importer") == pl.col("exporter")).then(0.0).otherwise(pl.col("value"))
        ),
        ("no home sales",),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_every_fault_says_what_where_and_what_to_do(folder: Path, name: str) -> None:
    table, change, said = BROKEN[name]
    edit(folder, table, change)
    text = faults_of(folder)
    for part in (*said, f"{table}.parquet", "hint:"):
        assert part in text, text


def test_all_faults_are_reported_together(folder: Path) -> None:
    for name in ("negative trade", "cost shares", "missing elasticity", "wrong type of code"):
        edit(folder, BROKEN[name][0], BROKEN[name][1])
    (folder / "tariffs.parquet").unlink()
    text = faults_of(folder)
    for table in ("flows", "value_added", "elasticities", "deficits", "tariffs"):
        assert f"{table}.parquet" in text


def test_missing_and_misnamed_files(folder: Path, tmp_path: Path) -> None:
    (folder / "tariffs.parquet").rename(folder / "tarifs.parquet")
    text = faults_of(folder)
    assert "the table is not there" in text
    assert "did you mean tariffs.parquet?" in text
    with pytest.raises(InputErrors, match=r"no baseline\.yaml"):
        read_baseline(tmp_path / "nowhere")


def test_a_file_that_is_not_parquet(folder: Path) -> None:
    (folder / "flows.parquet").write_text("importer,exporter")
    assert "not a readable Parquet file" in faults_of(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"extra": 1}, "extra"),
        ({"year": "2000"}, "year"),
        ({"schema": "openward.baseline/9"}, "schema"),
        ({"scale": 0.0}, "scale"),
        ({"sectors": [{"code": "x", "name": "x"}]}, "sectors[0].tradable"),
        ({"sectors": [{"code": "x", "name": "x", "tradable": True}] * 2}, "listed twice"),
        ({"sectors": []}, "sectors"),
    ],
)
def test_head_is_checked_field_by_field(folder: Path, change: dict[str, object], said: str) -> None:
    path = folder / "baseline.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | change))
    assert said in faults_of(folder)


@pytest.mark.parametrize("text", ["a: [", "- 1", ""])
def test_head_that_is_no_head(folder: Path, text: str) -> None:
    (folder / "baseline.yaml").write_text(text)
    assert "baseline.yaml" in faults_of(folder)


def test_a_sector_that_is_not_tradable_must_stay_home(folder: Path) -> None:
    path = folder / "baseline.yaml"
    head = yaml.safe_load(path.read_text())
    head["sectors"][1]["tradable"] = False
    path.write_text(yaml.safe_dump(head))
    assert "crosses borders: y" in faults_of(folder)


def test_nothing_is_overwritten_or_half_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    baseline = make_baseline(2)
    with pytest.raises(RefusedError, match="already"):
        write_baseline(baseline, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", fail)
    with pytest.raises(OSError, match="disk full"):
        write_baseline(baseline, folder, overwrite=True)
    with pytest.raises(OSError, match="disk full"):
        write_baseline(baseline, folder.parent / "other")
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["base"]
    write_baseline(baseline, folder, overwrite=True)
    assert_same(baseline, read_baseline(folder))


def test_the_shipped_world_goes_through_a_directory_and_rests(tmp_path: Path) -> None:
    world = load_world()
    theta = elasticities("caliendo-parro", sectors=world.sectors)
    baseline = calibrate(world, np.zeros_like(world.flows), theta=theta)
    write_baseline(baseline, tmp_path / "world", sector_names={"A01": "Agriculture"})
    reading = read_baseline_with_notes(tmp_path / "world")
    assert reading.notes == ()
    assert_same(baseline, reading.baseline)
    head = yaml.safe_load((tmp_path / "world" / "baseline.yaml").read_text())
    assert head["sectors"][0] == {"code": "A01", "name": "Agriculture", "tradable": True}
    assert not solve(reading.baseline, Shock()).real_income_pct.any()


def test_shock_round_trip(tmp_path: Path) -> None:
    baseline = make_baseline()
    costs = np.ones_like(baseline.flows)
    costs[0, 1, 0], costs[1, 0, 1] = np.inf, 1.2
    tariffs = baseline.tariffs.copy()
    tariffs[0, 1] = 0.5
    shock = Shock(
        name="push",
        tariffs=tariffs,
        trade_costs=costs,
        productivity=np.ones_like(baseline.value_added) * [[1.1, 1.0]],
        deficits=np.zeros(3),
        theta=baseline.theta * 2,
    )
    write_shock(shock, baseline, tmp_path / "push")
    back = read_shock(tmp_path / "push", baseline)
    assert back.name == "push"
    assert back.price_wedge is None
    for field in ("tariffs", "trade_costs", "productivity", "deficits", "theta"):
        np.testing.assert_array_equal(getattr(back, field), getattr(shock, field), err_msg=field)


def test_parts_without_a_table_are_left_alone(tmp_path: Path) -> None:
    baseline = make_baseline()
    frame = pl.DataFrame({"importer": ["AAA"], "exporter": ["ROW"], "sector": ["y"], "rate": [0.25]})
    frame.write_parquet(tmp_path / "tariffs.parquet")
    shock = read_shock(tmp_path, baseline)
    assert shock.trade_costs is None
    assert shock.tariffs is not None
    changed = shock.tariffs != baseline.tariffs
    assert changed.sum() == 1
    assert shock.tariffs[1, 0, 1] == 0.25


@pytest.mark.parametrize(
    ("table", "columns", "said"),
    [
        (
            "tariffs",
            {"importer": ["AAA"], "exporter": ["QQQ"], "sector": ["x"], "rate": [0.1]},
            "unknown code 'QQQ'",
        ),
        ("tariffs", {"importer": ["AAA"], "exporter": ["AAA"], "sector": ["x"], "rate": [0.1]}, "home sales"),
        (
            "trade_costs",
            {"importer": ["AAA"], "exporter": ["ROW"], "sector": ["x"], "factor": [0.0]},
            "out of range",
        ),
        ("productivity", {"economy": ["AAA"], "sector": ["x"], "factor": [float("inf")]}, "no finite number"),
        ("deficits", {"economy": ["AAA"], "value": [1e6]}, "not to zero"),
        ("elasticities", {"sector": ["x"], "theta": [-1.0]}, "out of range"),
        ("tarif", {"sector": ["x"]}, "did you mean tariffs.parquet?"),
    ],
)
def test_faults_in_shocks(tmp_path: Path, table: str, columns: dict[str, list[object]], said: str) -> None:
    pl.DataFrame(columns).write_parquet(tmp_path / f"{table}.parquet")
    with pytest.raises(InputErrors) as caught:
        read_shock(tmp_path, make_baseline())
    assert said in str(caught.value)


def test_a_folder_without_tables_is_no_shock(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="none of the tables"):
        read_shock(tmp_path, make_baseline())


def test_a_price_wedge_cannot_be_stored(tmp_path: Path) -> None:
    baseline = make_baseline()
    with pytest.raises(InputError, match="price wedges"):
        write_shock(Shock(price_wedge=np.ones_like(baseline.flows)), baseline, tmp_path / "wedge")
    assert not (tmp_path / "wedge").exists()


def as_csv(folder: Path) -> None:
    """Turn the tables of a folder into CSV."""
    for path in sorted(folder.glob("*.parquet")):
        pl.read_parquet(path).write_csv(path.with_suffix(".csv"))
        path.unlink()


def test_tables_may_be_csv(folder: Path) -> None:
    as_csv(folder)
    assert_same(make_baseline(), read_baseline(folder))


def test_csv_codes_are_not_numbers_and_spaces_do_not_count(tmp_path: Path) -> None:
    baseline = make_baseline(j=3)
    write_baseline(baseline, tmp_path / "base")
    as_csv(tmp_path / "base")
    path = tmp_path / "base" / "elasticities.csv"
    path.write_text("\ufeff" + path.read_text().replace(",", " , ") + "\n\n", encoding="utf-8")
    assert read_baseline(tmp_path / "base").sectors == ("x", "y", "01")


def test_a_table_in_two_forms_is_an_error(folder: Path) -> None:
    pl.read_parquet(folder / "flows.parquet").write_csv(folder / "flows.csv")
    assert "flows.parquet and flows.csv are both there" in faults_of(folder)


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("flows", lambda text: text.replace("value", "vlaue", 1), "did you mean value?"),
        ("elasticities", lambda text: text.replace("x,", "x,four", 1), "no finite number (row 1)"),
        ("final", lambda text: "", "not a readable CSV file"),
        ("tariffs", lambda text: text.replace("AAA", "AAB", 1), "tariffs.csv: "),
    ],
)
def test_faults_in_csv(folder: Path, table: str, change: Callable[[str], str], said: str) -> None:
    as_csv(folder)
    path = folder / f"{table}.csv"
    path.write_text(change(path.read_text()))
    text = faults_of(folder)
    assert said in text
    assert f"{table}.csv" in text


def test_a_misnamed_csv_is_an_error(folder: Path) -> None:
    (folder / "use.parquet").rename(folder / "uses.csv")
    assert "did you mean use.csv?" in faults_of(folder)


@pytest.mark.parametrize(("table", "column"), [("elasticities", "theta"), ("value_added", "share")])
def test_a_refused_row_is_not_a_missing_one(folder: Path, table: str, column: str) -> None:
    edit(folder, table, lambda frame: first_row(frame, **{column: -1.0}))
    assert faults_of(folder).count("hint:") == 1


def test_shock_tables_may_be_csv(tmp_path: Path) -> None:
    (tmp_path / "trade_costs.csv").write_text("importer,exporter,sector,factor\nAAA,ROW,x,inf\n")
    shock = read_shock(tmp_path, make_baseline())
    assert shock.trade_costs is not None
    assert np.isinf(shock.trade_costs[1, 0, 0])
    assert np.isinf(shock.trade_costs).sum() == 1
