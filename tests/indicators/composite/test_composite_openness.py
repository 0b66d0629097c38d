"""The openness index: what has data, what others published, and the command that builds it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openward.cli.main import run
from openward.errors import MissingDataError
from openward.indicators.composite.build import build
from openward.indicators.composite.gather import gather
from openward.indicators.composite.measures import measure
from openward.indicators.composite.published import beside_published, published, revisions
from openward.indicators.composite.reading import read_spec
from openward.indicators.composite.uncertainty import rank_intervals


def command(*words: str) -> int:
    """Run a command line and give its exit code."""
    with pytest.raises(SystemExit) as ended:
        run(words)
    return int(ended.value.code or 0)


def test_every_indicator_has_an_origin_or_says_what_it_needs() -> None:
    spec = read_spec("world-openness")
    assert len(spec.indicators) == 29
    for one in spec.indicators:
        assert bool(one.needs) != (one.origin is not None)


def test_published_figures_keep_their_edition() -> None:
    figures = published("world-openness")
    china = [one for one in figures if one.economy == "CHN" and one.measure == "rank"]
    assert {(one.edition, one.reference_year, one.value) for one in china} >= {
        (2021, 2019, 40.0),
        (2025, 2024, 38.0),
    }
    world = next(
        one for one in revisions("world-openness") if (one.entity, one.reference_year) == ("World", 2008)
    )
    assert world.by_edition == ((2021, 0.779), (2023, 0.7975))
    assert world.revised
    assert all(one.source.startswith("http") for one in figures)


def test_visa_freedom_counts_what_needs_no_application(shared: Path) -> None:
    rows = measure("visa-freedom", data=shared / "data", options={"side": "holder", "as_of": 2021})
    share = dict(zip(rows["economy"], rows["value"], strict=True))
    assert 0 < share["AFG"] < share["CHN"] < share["DEU"] < 1
    assert rows["economy"].n_unique() == rows.height


def test_agreement_partners_never_fall(shared: Path) -> None:
    rows = measure("agreement-partners", data=shared / "data", options={}).sort("economy", "year")
    assert (
        rows.select((rows["value"].diff() < 0) & (rows["economy"] == rows["economy"].shift()))
        .to_series()
        .sum()
        == 0
    )
    assert rows["value"].max() < 220


def test_the_index_ranks_with_an_interval_on_every_rank(shared: Path) -> None:
    spec = read_spec("world-openness")
    values = gather(spec, shared / "data")
    index = build(spec, values)
    sure = {one.unit: one for one in rank_intervals(spec, values, replicates=200, seed=1).intervals}
    assert len(index.units) > 140
    for unit in index.units:
        held = sure[unit]
        assert held.low is not None
        assert held.high is not None
        assert held.low <= held.high
    assert index.coverage.max() <= len(spec.available) / 29
    beside = beside_published(index, "world-openness")
    assert beside.rank_correlation.value is not None
    assert {row.economy for row in beside.rows} >= {"CHN", "SGP", "USA"}


def test_without_data_the_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError):
        gather(read_spec("asem-connectivity"), tmp_path)
    with pytest.raises(MissingDataError, match="reads a table"):
        gather(read_spec("asem-connectivity"), None)


def test_the_command_prints_scores_and_says_what_is_missing(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(shared / "data")
    assert (
        command(
            "index", "build", "asem-connectivity", "--data", data, "--replicates", "50", "--format", "csv"
        )
        == 0
    )
    out = capsys.readouterr()
    first = out.out.splitlines()[1].split(",")
    assert first[:3] == ["1", "CHE", "Switzerland"]
    assert float(first[3]) == pytest.approx(68.38372, abs=1e-5)
    assert "rank intervals hold 90 % of 50 replicates, seed 1" in out.err
    assert (
        command("index", "build", "world-openness", "--data", data, "--replicates", "20", "--format", "json")
        == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "openward.index-result/1"
    assert len(found["unavailable"]) == 20
    assert found["published"]["rank_correlation"]["units"] == 13


def test_listing_and_checking(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert command("index", "list", "--format", "json") == 0
    names = [row["name"] for row in json.loads(capsys.readouterr().out)]
    assert names == ["asem-connectivity", "world-openness"]
    assert command("index", "check", "world-openness", "--format", "csv") == 0
    assert "unavailable: needs" in capsys.readouterr().out
    assert command("index", "published", "world-openness", "--revised", "--format", "csv") == 0
    assert "2021: 0.779; 2023: 0.7975" in capsys.readouterr().out
    bad = tmp_path / "bad.yaml"
    bad.write_text("schema: openward.index/1\nname: [", encoding="utf-8")
    assert command("index", "check", str(bad)) == 3
    assert "bad.yaml:3" in capsys.readouterr().err
