"""What the commands print: data to stdout, messages to stderr, exit codes by kind."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from openward.cli.main import run
from openward.simulate.baseline import Shock
from openward.simulate.baseline_dir import write_baseline, write_shock
from small_worlds import make_world


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        run(list(words))
    out = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    assert "Traceback" not in out.err
    return stop.value.code, out.out, out.err


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    world = make_world(1, with_gaps=False)
    write_baseline(world, tmp_path / "world")
    write_shock(Shock(name="free trade", tariffs=np.zeros_like(world.tariffs)), world, tmp_path / "shock")
    return tmp_path / "world", tmp_path / "shock"


def test_impact_prints_json_and_writes_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = _run(capsys, "impact", "africa-zero-tariff", "--stress", "none", "--format", "json")
    assert code == 0
    assert json.loads(out)["hash"]
    assert "page written" in err
    page = (tmp_path / "africa-zero-tariff.html").read_text()
    assert page.startswith("<!")
    assert [path.name for path in tmp_path.iterdir()] == ["africa-zero-tariff.html"]


@pytest.mark.parametrize("format", ["csv", "md", "table"])
def test_impact_in_other_forms(format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    words = ("--stress", "none", "--quiet", "--html", str(page), "--format", format)
    code, out, err = _run(capsys, "impact", "us-reciprocal-25", *words)
    assert code == 0
    assert err == ""
    assert page.is_file()
    if format == "csv":
        assert len(list(csv.DictReader(io.StringIO(out)))) == 80
    assert "CHN" in out or "China" in out


def test_a_reform_that_touches_nothing_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nothing.yaml").write_text(
        "schema: openward.reform/1\nname: nothing\ntitle: {en: Nothing}\n"
        "source: {act: chn-tc-2026, url: ''}\nedits: []\n"
    )
    code, out, err = _run(capsys, "impact", "nothing.yaml", "--format", "json", "--quiet")
    assert code == 1
    rows = json.loads(out)["opening"]["economies"]
    assert all(row["real_income_pct"] == 0 for row in rows)
    assert json.loads(err)["error"]["code"] == "touches-nothing"


def test_simulate_runs_on_anybodys_data(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    baseline, shock = map(str, folders)
    code, out, _ = _run(capsys, "simulate", "--baseline", baseline, "--shock", shock, "--format", "json")
    assert code == 0
    outcome = json.loads(out)
    assert outcome["converged"]
    assert outcome["residual"] < 1e-8
    assert len(outcome["economies"]) == 3
    assert all(row["tariff_revenue_after"] == pytest.approx(0, abs=1e-12) for row in outcome["economies"])


def _corrupt(folder: Path, file: str, change: pl.Expr) -> None:
    path = folder / file
    pl.read_parquet(path).with_columns(change).write_parquet(path)


@pytest.mark.parametrize(
    ("file", "change", "word"),
    [
        ("flows.parquet", (-pl.col("value")).alias("value"), "negative"),
        ("final.parquet", (pl.col("share") * 1.5).alias("share"), "one"),
        ("value_added.parquet", (pl.col("share") * 0.5).alias("share"), "one"),
        ("flows.parquet", pl.lit("XXX").alias("importer"), "XXX"),
        ("elasticities.parquet", pl.lit("gone").alias("sector"), "gone"),
    ],
)
def test_simulate_refuses_bad_tables(
    file: str, change: pl.Expr, word: str, folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    baseline, shock = folders
    _corrupt(baseline, file, change)
    words = ("--baseline", str(baseline), "--shock", str(shock), "--format", "json")
    code, out, err = _run(capsys, "simulate", *words)
    assert code == 3
    assert out == ""
    error = json.loads(err)["error"]
    assert word in json.dumps(error)
    assert file in json.dumps(error)


def test_simulate_names_a_missing_sector(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    baseline, shock = folders
    path = baseline / "elasticities.parquet"
    table = pl.read_parquet(path)
    table.head(len(table) - 1).write_parquet(path)
    code, _, err = _run(capsys, "simulate", "--baseline", str(baseline), "--shock", str(shock))
    assert code == 3
    assert table["sector"][-1] in err


def test_not_converged_is_exit_code_four(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--baseline", str(folders[0]), "--shock", str(folders[1]), "--max-iterations", "1")
    code, out, err = _run(capsys, "simulate", *words)
    assert code == 4
    assert out == ""
    assert "residual" in err
    assert "(--max-iterations)" in err


def test_determine_answers_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--from", "SEN", "--sector", "C29", "--as-of", "2026-04-30")
    code, out, _ = _run(capsys, "determine", "goods", *words)
    assert code == 0
    assert out.startswith("CHN applied 0 % to C29 goods of SEN on 2026-04-30")
    code, out, _ = _run(capsys, "determine", "goods", *words, "--format", "json")
    document = json.loads(out)
    assert document["schema"] == "openward.decision/1"
    assert (document["verdict"], document["duty"]["rate"]) == ("free", "0")


def test_the_book_can_be_listed_shown_searched_checked_and_compared(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = _run(capsys, "book", "list", "--instrument", "preferential-duty", "--format", "json")
    assert code == 0
    ids = {row["id"] for row in json.loads(out)}
    assert "chn-afr53-zero" in ids
    assert "covers 2012-01-01" in err
    assert "0 %" in _run(capsys, "book", "show", "chn-afr53-zero")[1]
    assert "chn-afr53-zero" in _run(capsys, "book", "search", "african states", "--format", "csv")[1]
    assert _run(capsys, "book", "check")[0] == 0
    assert _run(capsys, "book", "diff", "chn", "chn")[0] == 0
    assert _run(capsys, "book", "show", "chn-afr54-zero")[0] == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--instrument", "nope"), "mfn-duty"),
        (("--instrument", "preferential"), "did you mean preferential-duty?"),
        (("--imposed-by", "ZZZ"), "alpha-3"),
        (("--imposed-by", "RCEPP"), "RCEP"),
    ],
)
def test_an_unknown_filter_is_no_empty_list(
    words: tuple[str, str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = _run(capsys, "book", "list", *words)
    assert (code, out) == (3, "")
    assert words[1] in err
    assert told in err


def test_the_list_of_a_book_of_everybody_is_everybodys(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "book", "list", "--book", "world", "--format", "json")
    assert code == 0
    assert len({row["imposed_by"] for row in json.loads(out)}) > 70
    assert _run(capsys, "book", "list", "--imposed-by", "EU27", "--format", "csv")[0] == 0


def test_export_lists_its_formats_without_a_book(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "book", "export", "list")
    assert code == 0
    assert "us-hts" in out
    code, out, err = _run(capsys, "book", "export", "us-hts")
    assert (code, out) == (2, "")
    assert "--book" in err


def test_reforms_can_be_listed_said_checked_and_undone(capsys: pytest.CaptureFixture[str]) -> None:
    names = {row["name"] for row in json.loads(_run(capsys, "reform", "list", "--format", "json")[1])}
    assert names == {"africa-zero-tariff", "cptpp-accession", "rcep-undone", "us-reciprocal-25"}
    assert "CPTPP" in _run(capsys, "reform", "show", "cptpp-accession")[1]
    assert _run(capsys, "reform", "check", "cptpp-accession")[0] == 0
    undone = _run(capsys, "reform", "invert", "cptpp-accession")[1]
    assert "leave" in undone
    assert "chn-cptpp-zero" in _run(capsys, "reform", "apply", "cptpp-accession")[1]


def test_data_says_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert "OECD" in _run(capsys, "data", "list", "--format", "csv")[1]
    assert "all checks hold" in _run(capsys, "data", "verify")[2]


def test_reproductions_are_listed_name_first(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "reproduce", "--list")
    assert code == 0
    assert any(line.startswith("caliendo-parro-2015") for line in out.splitlines())


def test_caliendo_parro_is_reproduced(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(
        capsys, "reproduce", "caliendo-parro-2015", "--data", str(shared / "data"), "--format", "json"
    )
    assert code == 0
    cells = json.loads(out)["cells"]
    assert sum(cell["verdict"] == "reproduced" for cell in cells) == 15
    assert not any(cell["verdict"] == "differs" for cell in cells)
