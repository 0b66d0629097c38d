"""The record: idempotent, chained, safe against a killed writer; alerts live by the rules."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from watch_fixture import alert

from openward.errors import InputError, IntegrityError, RefusedError, UnknownCodeError
from openward.watch.life import State, change, find, open_alerts, standings
from openward.watch.log import read_log

ALERTS = (alert(), alert(on=date(2018, 2, 1)), alert("stock-up"))


def test_opening_twice_adds_nothing(tmp_path: Path) -> None:
    record = tmp_path / "watch.jsonl"
    assert open_alerts(record, ALERTS[:2], by="run") == tuple(one.id for one in ALERTS[:2])
    before = record.read_bytes()
    assert open_alerts(record, ALERTS[:2], by="run") == ()
    assert record.read_bytes() == before
    assert open_alerts(record, ALERTS, by="run") == (ALERTS[2].id,)
    assert record.read_bytes().startswith(before)


def test_the_life_of_an_alert(tmp_path: Path) -> None:
    record = tmp_path / "watch.jsonl"
    open_alerts(record, ALERTS, by="run")
    one = ALERTS[0].id
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert change(record, one[:8], "acknowledged", by="desk 3", at=at).state is State.ACKNOWLEDGED
    with pytest.raises(RefusedError, match="is acknowledged, it cannot be acknowledged"):
        change(record, one, "acknowledged", by="desk 4")
    with pytest.raises(InputError, match="for a reason"):
        change(record, one, "cleared", by="desk 3")
    assert change(record, one, "cleared", by="desk 3", reason="licence backlog").state is State.CLEARED
    with pytest.raises(RefusedError):
        change(record, one, "acknowledged", by="desk 3")
    assert change(record, one, "reopened", by="desk 3", reason="again").state is State.REOPENED
    told = find(read_log(record), one)
    assert [event.kind for event in told.history] == ["opened", "acknowledged", "cleared", "reopened"]
    assert told.history[1].at == "2026-01-02T03:04:05+00:00"
    assert told.history[2].body["reason"] == "licence backlog"
    # A cleared or reopened alert is still the same alert: a run does not open it a second time.
    assert open_alerts(record, ALERTS, by="run") == ()


@pytest.mark.parametrize("missing", ["zzz", ""])
def test_an_unknown_alert(tmp_path: Path, missing: str) -> None:
    record = tmp_path / "watch.jsonl"
    open_alerts(record, ALERTS, by="run")
    with pytest.raises(UnknownCodeError, match="no alert"):
        change(record, missing, "acknowledged", by="desk")
    with pytest.raises(InputError, match="by somebody"):
        change(record, ALERTS[0].id, "acknowledged", by=" ")


@given(line=st.integers(0, 2), what=st.sampled_from(["change", "drop", "swap"]))
@settings(max_examples=12, deadline=None)
def test_tampering_is_named(tmp_path_factory: pytest.TempPathFactory, line: int, what: str) -> None:
    record = tmp_path_factory.mktemp("log") / "watch.jsonl"
    open_alerts(record, ALERTS, by="run")
    change(record, ALERTS[0].id, "acknowledged", by="desk")
    lines = record.read_text().splitlines(keepends=True)
    if what == "change":
        lines[line] = lines[line].replace('"by":"run"', '"by":"nun"')
    elif what == "drop":
        del lines[line]
    else:
        lines[line], lines[line + 1] = lines[line + 1], lines[line]
    record.write_text("".join(lines))
    with pytest.raises(IntegrityError) as raised:
        read_log(record)
    assert raised.value.where.endswith(f":{line + 1}")


def test_an_unreadable_line_is_named(tmp_path: Path) -> None:
    record = tmp_path / "watch.jsonl"
    open_alerts(record, ALERTS, by="run")
    record.write_text("{}\n" + record.read_text())
    with pytest.raises(IntegrityError, match="event 1 cannot be read"):
        read_log(record)


def test_a_writer_killed_at_any_byte_loses_nothing_acknowledged(tmp_path: Path) -> None:
    record = tmp_path / "watch.jsonl"
    open_alerts(record, ALERTS[:1], by="run")
    kept = len(record.read_bytes())
    open_alerts(record, ALERTS[1:2], by="run")
    whole = record.read_bytes()
    for cut in range(kept, len(whole)):
        record.write_bytes(whole[:cut])
        assert list(standings(read_log(record))) == [ALERTS[0].id]
    # The next run writes over the torn line and says again what was not kept.
    assert open_alerts(record, ALERTS, by="run") == tuple(one.id for one in ALERTS[1:])
    assert len(read_log(record)) == 3


def test_two_writers_are_told(tmp_path: Path) -> None:
    from openward.watch.log import writing

    record = tmp_path / "watch.jsonl"
    with writing(record), pytest.raises(RefusedError, match="another process"):
        open_alerts(record, ALERTS, by="run")


def test_the_document_says_everything() -> None:
    document = json.loads(json.dumps(ALERTS[0].document(), allow_nan=False))
    wanted = {"rule", "threshold", "window", "evidence", "in_force", "announced", "clears", "statistic"}
    assert wanted <= document.keys()
    assert document["schema"] == "openward.alert/1"
    assert document["id"] == ALERTS[0].id
    assert alert(product="380110").id != ALERTS[0].id


class Lives(RuleBasedStateMachine):
    """Any order of actions: the state follows a model, and the record only grows."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.record = Path(self.folder.name) / "watch.jsonl"
        self.model: dict[str, str] = {}
        self.before = b""

    @rule(which=st.integers(0, 2))
    def opened(self, which: int) -> None:
        open_alerts(self.record, [ALERTS[which]], by="run")
        self.model.setdefault(ALERTS[which].id, "new")

    @rule(which=st.integers(0, 2), kind=st.sampled_from(["acknowledged", "cleared", "reopened"]))
    def changed(self, which: int, kind: str) -> None:
        key = ALERTS[which].id
        state = self.model.get(key)
        allowed = {
            "acknowledged": state in ("new", "reopened"),
            "cleared": state in ("new", "acknowledged", "reopened"),
            "reopened": state == "cleared",
        }[kind]
        try:
            change(self.record, key, kind, by="desk", reason="why")
        except (RefusedError, UnknownCodeError):
            assert not allowed
        else:
            assert allowed
            self.model[key] = kind

    @invariant()
    def agrees(self) -> None:
        known = standings(read_log(self.record))
        assert {key: one.state.value for key, one in known.items()} == self.model
        now = self.record.read_bytes() if self.record.is_file() else b""
        assert now.startswith(self.before)
        self.before = now

    def teardown(self) -> None:
        self.folder.cleanup()


def test_any_order_of_actions() -> None:
    run_state_machine_as_test(
        Lives, settings=settings(max_examples=12, stateful_step_count=12, deadline=None)
    )
