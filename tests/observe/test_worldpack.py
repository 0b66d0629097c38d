"""The shipped world is in balance, small, described, and refuses to load damaged."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml

from openward.errors import InputError, InputErrors, MissingDataError
from openward.observe import WorldPack, load_world
from openward.observe.dictionary import dataset, faults
from openward.observe.worldpack import DEFAULT


@pytest.fixture(scope="module")
def world() -> WorldPack:
    return load_world()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT, tmp_path / "pack"))


def damage(folder: Path, table: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    path = folder / f"{table}.parquet"
    change(pl.read_parquet(path)).write_parquet(path)


def test_shape_and_labels(world: WorldPack) -> None:
    assert (len(world.economies), len(world.sectors), world.year) == (80, 50, 2022)
    assert world.flows.shape == (80, 80, 50)
    assert world.use_value.shape == (80, 50, 50)
    assert world.assumed_balanced == ("LAO", "MMR", "NGA", "STP", "TWN")
    assert "OECD" in world.source
    for array in (world.flows, world.use_value, world.final_value, world.output):
        assert array.dtype == np.float64


def test_markets_clear_and_income_equals_expenditure(world: WorldPack) -> None:
    np.testing.assert_allclose(world.flows.sum(axis=0), world.output, rtol=1e-12)
    absorbed = world.final_value + world.use_value.sum(axis=2)
    np.testing.assert_allclose(world.flows.sum(axis=1), absorbed, rtol=1e-12)
    income = world.value_added.sum(axis=1) + world.deficits
    np.testing.assert_allclose(income, world.final_value.sum(axis=1), rtol=1e-9)
    assert abs(world.deficits.sum()) < 1e-12 * world.output.sum()


def test_nothing_is_negative_or_missing(world: WorldPack) -> None:
    for array in (world.flows, world.use_value, world.final_value, world.output):
        assert np.isfinite(array).all()
        assert (array >= 0).all()
    assert (world.value_added >= -1e-6 * world.output).all()
    assert (world.output == 0).sum() == 51


def test_the_world_is_plausible(world: WorldPack) -> None:
    at = {code: place for place, code in enumerate(world.economies)}
    product = world.value_added.sum(axis=1)
    assert 23e6 < product[at["USA"]] < 28e6
    assert 16e6 < product[at["CHN"]] < 20e6
    assert world.deficits[at["USA"]] > 0 > world.deficits[at["CHN"]]
    for code in world.assumed_balanced:
        assert abs(world.deficits[at[code]]) < 1e-6 * product[at[code]]
    home = np.einsum("nnk->", world.flows) / world.flows.sum()
    assert 0.85 < home < 0.95


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in DEFAULT.iterdir()) < 4_000_000


@pytest.mark.parametrize("name", ["world-flows", "world-use", "world-industries", "world-economies"])
def test_files_are_as_the_dictionary_says(name: str, world: WorldPack) -> None:
    entry = dataset(name)
    frame = pl.read_parquet(DEFAULT / entry.file)
    assert faults(frame, of=entry) == ()
    codes = {"economy": set(world.economies), "sector": set(world.sectors)}
    for field in entry.fields:
        if field.is_code:
            assert set(frame[field.name].cast(pl.String)) <= codes[field.type]


def scaled(column: str, row: int, factor: float) -> Callable[[pl.DataFrame], pl.DataFrame]:
    here = pl.int_range(pl.len()) == row
    return lambda frame: frame.with_columns(
        pl.when(here).then(pl.col(column) * factor).otherwise(pl.col(column))
    )


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("flows", scaled("value", 100_000, 1.5), "sales differ from output in 1 cells"),
        ("flows", scaled("value", 5, -1.0), "negative or missing flow"),
        ("flows", scaled("value", 5, float("nan")), "negative or missing flow"),
        ("flows", lambda frame: frame.slice(1000), "sales differ from output"),
        ("use", scaled("value", 5_000, 2.0), "output less inputs differs from value added"),
        ("use", scaled("value", 5_000, -1.0), "negative or missing input"),
        ("industries", scaled("output", 7, 1.001), "sales differ from output"),
        ("industries", scaled("value_added", 7, 1.01), "output less inputs differs from value added"),
        ("economies", scaled("deficit", 3, 1.1), "imports less exports differ from the deficit"),
        ("economies", lambda frame: frame.drop("deficit"), "no column 'deficit'"),
        ("flows", lambda frame: frame.rename({"value": "musd"}), "unknown column 'musd'"),
        (
            "use",
            lambda frame: frame.with_columns(pl.col("value").cast(pl.String)),
            "holds String, expected number",
        ),
    ],
)
def test_a_damaged_pack_does_not_load(
    copy: Path, table: str, change: Callable[[pl.DataFrame], pl.DataFrame], said: str
) -> None:
    damage(copy, table, change)
    with pytest.raises(InputErrors) as caught:
        load_world(copy)
    assert said in str(caught.value)
    assert f"{table}.parquet" in str(caught.value)
    assert "hint:" in str(caught.value)


def test_rounding_is_taken_out_not_refused(copy: Path, world: WorldPack) -> None:
    damage(copy, "flows", scaled("value", 100_000, 1 + 2e-7))
    np.testing.assert_allclose(load_world(copy).flows.sum(axis=0), world.output, rtol=1e-12)


def test_missing_files_and_foreign_folders(copy: Path, tmp_path: Path) -> None:
    (copy / "use.parquet").unlink()
    with pytest.raises(MissingDataError, match="not there") as caught:
        load_world(copy)
    assert caught.value.where.endswith("use.parquet")
    with pytest.raises(MissingDataError, match="no world pack"):
        load_world(tmp_path)


def test_files_that_are_not_what_they_say(copy: Path) -> None:
    path = copy / "flows.parquet"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match="not a readable Parquet file"):
        load_world(copy)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "openward.world-pack/9"}, "schema"),
        ({"sectors": None}, "no field sectors"),
        (None, "YAML"),
    ],
)
def test_head_is_checked(copy: Path, change: dict[str, object] | None, said: str) -> None:
    path = copy / "pack.yaml"
    if change is None:
        path.write_text("a: [")
    else:
        head = yaml.safe_load(path.read_text(encoding="utf-8")) | change
        path.write_text(yaml.safe_dump({key: value for key, value in head.items() if value is not None}))
    with pytest.raises(InputError, match=said):
        load_world(copy)


def test_a_code_that_the_head_does_not_list(copy: Path) -> None:
    damage(copy, "use", lambda frame: frame.with_columns(pl.col("using").cast(pl.String).replace("S", "SS")))
    with pytest.raises(InputError, match="'SS'"):
        load_world(copy)
