"""What is stored stays: crashes, full disks, half files, two writers and two vintages lose nothing."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from openward.errors import InputError, InputErrors, MissingDataError, RefusedError, UnknownCodeError
from openward.observe import loading
from openward.observe.dictionary import dataset
from openward.observe.durable import locked, storage_error
from openward.observe.loading import Loaded, load
from openward.observe.manifest import NAME, read_manifest
from openward.observe.tables import read
from openward.observe.workspace import damage, latest

TOTAL = dataset("trade-total")


@pytest.fixture(scope="module")
def year() -> pl.DataFrame:
    """Trade of the world that ships, as a year of a table of totals."""
    return read("trade-total", None).frame.collect().sort("exporter", "importer")


def store(root: Path, frame: pl.DataFrame, vintage: str = "V1", **options: bool) -> Loaded:
    return load(
        root, frame.lazy(), of=TOTAL, vintage=vintage, source="a test", licence="none", origin="x", **options
    )


def value(root: Path, vintage: str | None = None) -> float:
    frame = read("trade-total", root, vintage=vintage).frame
    return float(frame.select(pl.col("value").sum()).collect().item())


def leftovers(root: Path) -> set[str]:
    named = {file.path for table in read_manifest(root).tables for file in table.files}
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    return there - named - {NAME, "catalogue.duckdb", ".lock"}


def test_what_is_loaded_is_read_back(tmp_path: Path, year: pl.DataFrame) -> None:
    done = store(tmp_path, year)
    assert (done.years, done.replaced, done.table.rows) == ((2022,), (), year.height)
    table = read("trade-total", tmp_path)
    assert table.frame.collect().sort("exporter", "importer").equals(year)
    assert (table.vintage, table.source, table.notes) == ("V1", "a test", ())
    assert damage(tmp_path, done.table) == ()
    assert leftovers(tmp_path) == set()
    path = tmp_path / done.table.files[0].path
    assert path.parent.relative_to(tmp_path).as_posix() == "tables/dataset=trade-total/vintage=V1/year=2022"


def test_years_of_a_vintage_are_added_and_replaced_only_when_asked(
    tmp_path: Path, year: pl.DataFrame
) -> None:
    store(tmp_path, year)
    store(tmp_path, year.with_columns(year=pl.lit(2021, pl.Int32)))
    assert read_manifest(tmp_path).tables[0].years == (2021, 2022)
    twice = year.with_columns(pl.col("value") * 2)
    with pytest.raises(RefusedError, match="years 2022") as caught:
        store(tmp_path, twice)
    assert "--replace" in caught.value.hint
    assert value(tmp_path) == pytest.approx(2 * float(year["value"].sum()))
    done = store(tmp_path, twice, replace=True)
    assert done.replaced == (2022,)
    assert value(tmp_path) == pytest.approx(3 * float(year["value"].sum()))


def test_vintages_stay_side_by_side_and_are_never_mixed(tmp_path: Path, year: pl.DataFrame) -> None:
    store(tmp_path, year, "V9")
    store(tmp_path, year.with_columns(pl.col("value") * 2), "V10")
    total = float(year["value"].sum())
    both = read("trade-total", tmp_path)
    assert both.vintage == "V10"
    assert both.notes == ("vintage V10 is read, the latest by name; stored beside it: V9",)
    assert value(tmp_path, "V9") == pytest.approx(total)
    assert value(tmp_path, "V10") == pytest.approx(2 * total)
    for mixed in ("V9,V10", "*"):
        with pytest.raises(RefusedError, match="not mixed"):
            read("trade-total", tmp_path, vintage=mixed)
    with pytest.raises(UnknownCodeError, match="V11") as caught:
        read("trade-total", tmp_path, vintage="V11")
    assert "V9" in caught.value.hint
    with pytest.raises(MissingDataError, match="no table 'trade'"):
        read("trade", tmp_path)


@pytest.mark.parametrize(
    ("names", "last"),
    [
        (["V202401b", "V202501", "V202401"], "V202501"),
        (["9", "10"], "10"),
        (["2023-1", "2023-12", "2023-2"], "2023-12"),
        (["WEO", "2023"], "2023"),
    ],
)
def test_the_latest_vintage_counts_numbers_as_numbers(names: list[str], last: str) -> None:
    assert latest(names) == last


def test_the_catalogue_has_a_view_for_each_vintage(tmp_path: Path, year: pl.DataFrame) -> None:
    store(tmp_path, year, "V1")
    store(tmp_path, year.with_columns(pl.col("value") * 2), "V2")
    with duckdb.connect(str(tmp_path / "catalogue.duckdb"), read_only=True) as connection:
        total = float(year["value"].sum())
        for view, times in (("trade-total", 2), ("trade-total@V1", 1), ("trade-total@V2", 2)):
            found = connection.execute(f'SELECT sum(value), min(year) FROM "{view}"').fetchone()
            assert found is not None
            assert found[0] == pytest.approx(times * total)
            assert found[1] == 2022


def test_a_refused_table_changes_nothing(tmp_path: Path, year: pl.DataFrame) -> None:
    store(tmp_path, year)
    before = (tmp_path / NAME).read_bytes()
    bad = pl.concat([year, year.head(3)])
    with pytest.raises(InputErrors, match="duplicates"):
        store(tmp_path, bad, "V2")
    assert (tmp_path / NAME).read_bytes() == before
    assert leftovers(tmp_path) == set()


def test_what_the_user_takes_on_is_stored_and_said(tmp_path: Path, year: pl.DataFrame) -> None:
    negative = year.with_columns(value=pl.when(pl.int_range(pl.len()) == 0).then(-1.0).otherwise("value"))
    done = load(
        tmp_path,
        negative.lazy(),
        of=TOTAL,
        vintage="V1",
        source="s",
        licence="l",
        accept=("negative",),
    )
    assert done.table.accepted == ("negative",)
    assert "accepted at loading: negative" in read("trade-total", tmp_path).notes


def test_half_a_stored_file_is_named(tmp_path: Path, year: pl.DataFrame) -> None:
    done = store(tmp_path, year)
    path = tmp_path / done.table.files[0].path
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="half a file") as caught:
        read("trade-total", tmp_path)
    assert str(path) in caught.value.where
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    (error,) = damage(tmp_path, done.table)
    assert "not those that were stored" in error.message
    path.unlink()
    with pytest.raises(InputError, match="gone"):
        read("trade-total", tmp_path)


def test_a_damaged_or_foreign_manifest_is_refused(tmp_path: Path, year: pl.DataFrame) -> None:
    store(tmp_path, year)
    path = tmp_path / NAME
    text = path.read_text()
    path.write_text(text[: len(text) // 2])
    with pytest.raises(InputError, match="not readable"):
        read("trade-total", tmp_path)
    path.write_text(text.replace("openward.workspace/1", "openward.workspace/9"))
    with pytest.raises(InputError, match="workspace/9"):
        store(tmp_path, year, "V2")
    path.write_text(text.replace('"rows"', '"lines"'))
    with pytest.raises(InputError, match="damaged"):
        read("trade-total", tmp_path)


@pytest.mark.parametrize("step", ["stage", "settle", "write_manifest"])
def test_a_full_disk_loses_nothing(
    tmp_path: Path, year: pl.DataFrame, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    store(tmp_path, year)
    before = (tmp_path / NAME).read_bytes()
    real = getattr(loading, step)

    def full(*given: object, **named: object) -> None:
        if step != "write_manifest":
            real(*given, **named)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(loading, step, full)
    with pytest.raises(InputError, match="the disk is full") as caught:
        store(tmp_path, year, "V2")
    assert "still there" in caught.value.message
    assert (tmp_path / NAME).read_bytes() == before
    assert leftovers(tmp_path) == set()
    monkeypatch.undo()
    assert store(tmp_path, year, "V2").swept == ()


def test_a_failure_after_the_commit_point_keeps_what_was_committed(
    tmp_path: Path, year: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(tmp_path, year)
    real = loading.write_manifest

    def late(*given: object) -> None:
        real(*given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "write_manifest", late)
    with pytest.raises(KeyboardInterrupt):
        store(tmp_path, year, "V2")
    assert value(tmp_path, "V2") == pytest.approx(value(tmp_path, "V1"))


def test_a_catalogue_that_cannot_be_written_is_said(
    tmp_path: Path, year: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    store(tmp_path, year)
    monkeypatch.setattr(loading, "write_catalogue", full)
    assert not store(tmp_path, year, "V2").catalogued
    assert not (tmp_path / "catalogue.duckdb").exists()
    assert read("trade-total", tmp_path).vintage == "V2"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full")
def test_the_engine_s_own_words_for_a_full_disk_are_understood() -> None:
    with pytest.raises(Exception, match="space") as caught:
        pl.LazyFrame({"x": range(1000)}).sink_parquet("/dev/full")
    named = storage_error(caught.value, where=Path("somewhere"))
    assert named is not None
    assert "the disk is full" in named.message


PREAMBLE = """
import sys, time
from pathlib import Path
import polars as pl
from openward.observe import loading, durable
from openward.observe.dictionary import dataset
from openward.observe.tables import read
root = Path(sys.argv[1])
frame = read("trade-total", None).frame.with_columns(pl.col("value") * 2)
def store():
    loading.load(root, frame, of=dataset("trade-total"), vintage="V2", source="s", licence="l", origin="x")
"""


def child(code: str, root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + code, str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


STOPS = {
    "while staging": """
real = pl.LazyFrame.sink_parquet
def slow(self, path, **named):
    real(self, path, **named)
    path.write_bytes(path.read_bytes()[:1000])
    print("now", flush=True); time.sleep(60)
pl.LazyFrame.sink_parquet = slow
""",
    "between moving and the manifest": """
real = loading.settle
def slow(*given):
    real(*given); print("now", flush=True); time.sleep(60)
loading.settle = slow
""",
    "with the manifest written aside": """
real = durable.os.replace
def slow(*given):
    print("now", flush=True); time.sleep(60)
durable.os.replace = slow
""",
}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize("stop", STOPS)
def test_kill_in_mid_write_leaves_the_old_version(tmp_path: Path, year: pl.DataFrame, stop: str) -> None:
    store(tmp_path, year)
    before = (tmp_path / NAME).read_bytes()
    with child(STOPS[stop] + "\nstore()", tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        with pytest.raises(RefusedError, match=rf"another process \({process.pid}\)"):
            store(tmp_path, year, "V3")
        assert value(tmp_path) == pytest.approx(float(year["value"].sum()))
        process.send_signal(signal.SIGKILL)
    assert (tmp_path / NAME).read_bytes() == before
    assert leftovers(tmp_path)
    assert value(tmp_path) == pytest.approx(float(year["value"].sum()))
    done = store(tmp_path, year, "V2")
    assert done.swept
    assert leftovers(tmp_path) == set()
    assert damage(tmp_path, done.table) == ()


@pytest.mark.skipif(os.name != "posix", reason="needs limits of the system")
def test_a_write_that_the_system_stops_is_named(tmp_path: Path, year: pl.DataFrame) -> None:
    store(tmp_path, year)
    limit = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from openward.errors import OpenwardError
try:
    store()
except OpenwardError as error:
    print(error.code, error.message)
"""
    with child(limit, tmp_path) as process:
        said, trouble = process.communicate(timeout=60)
    assert "nothing was changed" in said, trouble
    assert value(tmp_path) == pytest.approx(float(year["value"].sum()))


def test_names_of_vintages_are_names_of_folders(tmp_path: Path, year: pl.DataFrame) -> None:
    for name in ("../V1", "V 1", "", ".hidden"):
        with pytest.raises(InputError, match="not the name of a vintage"):
            store(tmp_path, year, name)
    with pytest.raises(InputError, match="no rows"):
        store(tmp_path, year.head(0))


def test_the_lock_is_let_go(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path / ".lock"), pytest.raises(RefusedError), locked(tmp_path / ".lock"):
            pass
