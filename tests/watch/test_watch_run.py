"""A run as a user starts it: incremental, idempotent, with exit codes; through the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from openward.cli.main import run as command
from openward.observe.tables import read
from openward.watch.life import standings
from openward.watch.log import read_log
from openward.watch.run import run
from openward.watch.spec import read_spec

SPEC = """
schema: openward.watch/1
name: graphite
economy: CHN
flow: export
products: ["250410"]
start: 2023-06
rules: [{rule: stop}, {rule: stock-up}, {rule: law-change}]
subscribers: [{name: desk, kind: file, path: desk.jsonl}]
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "graphite.yaml"
    path.write_text(SPEC)
    return path


def test_months_come_one_by_one_or_all_at_once(spec: Path, shared: Path, tmp_path: Path) -> None:
    step, whole = tmp_path / "step.jsonl", tmp_path / "whole.jsonl"
    watch = read_spec(spec).model_copy(update={"subscribers": ()})
    opened = []
    for month in (
        date(2023, 10, 1),
        date(2023, 11, 1),
        date(2023, 11, 1),
        date(2023, 12, 1),
        date(2024, 6, 1),
    ):
        done = run(watch, record=step, data=shared / "data", as_of=date(2024, 6, 30), through=month)
        opened.append(len(done.opened))
    run(watch, record=whole, data=shared / "data", as_of=date(2024, 6, 30), through=date(2024, 6, 1))
    assert set(standings(read_log(step))) == set(standings(read_log(whole)))
    # The law of the day is told at once; then what November and December add, and nothing twice.
    assert opened[2] == 0
    assert opened[1] > 0
    assert opened[3] > 0


def cli(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        command([*words])
    told = capsys.readouterr()
    return int(left.value.code or 0), told.out, told.err


def test_the_command_line(
    spec: Path, shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = str(tmp_path / "watch.jsonl")
    words = ["watch", "run", str(spec), "--data", str(shared / "data"), "--record", record]
    code, out, err = cli(capsys, *words, "--format", "json", "--through", "2024-12")
    assert code == 1
    new = json.loads(out)
    told = [one for one in new if one["rule"] != "law-change" and one["subject"]["partner"] == "WLD"]
    assert [(one["rule"], one["on"]) for one in told] == [("stock-up", "2023-11-01"), ("stop", "2023-12-01")]
    assert f"{len(new)} new of {len(new)} alerts, {len(new)} told" in err
    assert len((tmp_path / "desk.jsonl").read_text().splitlines()) == len(new)
    code, out, _ = cli(capsys, *words, "--format", "json", "--through", "2024-12")
    assert (code, json.loads(out)) == (0, [])
    one = told[1]["id"]
    assert cli(capsys, "watch", "ack", one[:6], "--by", "desk 3", "--record", record)[0] == 0
    code, _, err = cli(capsys, "watch", "ack", one, "--by", "desk 4", "--record", record)
    assert code == 6
    assert "by desk 3" in err
    assert cli(capsys, "watch", "clear", one, "--by", "d", "--reason", "licences", "--record", record)[0] == 0
    assert cli(capsys, "watch", "reopen", one, "--by", "d", "--reason", "again", "--record", record)[0] == 0
    _, out, _ = cli(capsys, "watch", "alerts", "--show", one, "--record", record)
    assert "since 2023-12-01" in out
    assert "state      reopened" in out
    _, out, _ = cli(capsys, "watch", "alerts", "--state", "new", "--format", "json", "--record", record)
    assert len(json.loads(out)) == len(new) - 1
    code, _, err = cli(capsys, "watch", "alerts", "--record", str(tmp_path / "none.jsonl"))
    assert code == 3
    assert "no record" in err


def test_wrong_words(capsys: pytest.CaptureFixture[str], spec: Path) -> None:
    assert cli(capsys, "watch", "run", str(spec), "--through", "June")[0] == 2
    assert cli(capsys, "watch", "run", str(spec))[0] == 3
    assert cli(capsys, "watch", "backtest", "tea-leaves")[0] == 3
    code, out, _ = cli(capsys, "watch", "rules", "--format", "csv")
    assert code == 0
    assert "import-surge" in out


def test_monthly_tables_of_two_reporters_stand_side_by_side(shared: Path) -> None:
    table = read("trade-monthly", shared / "data")
    counted = table.frame.group_by("reporter", "flow").len().sort("reporter").collect()
    assert counted.rows() == [("CHN", "export", 6442), ("USA", "import", 202012)]
