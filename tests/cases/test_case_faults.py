"""Faults: a writer killed at any moment, a full disk; what was told stays, what failed leaves nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from postgres_server import NOON

from openward.cases.audit import verify_case
from openward.cases.desk import Desk, Upload
from openward.cases.roles import Person, Role
from openward.cases.store import Store
from openward.errors import RefusedError

OFFICER = Person("anna", Role.OFFICER)
AUDITOR = Person("audit", Role.AUDITOR)
SCRIPT = Path(__file__).with_name("kill_cases.py")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_writer_killed_at_any_moment_loses_nothing_it_was_told(address: str) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), address, "60", "7"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["lost"], found["broken"]) == (0, 0)
    assert found["while_writing"] > 0


def test_a_full_disk_refuses_and_keeps_what_was_there(tmp_path: Path) -> None:
    store = Store(tmp_path / "cases.db", create=True)
    desk = Desk(store, now=lambda: NOON)
    case = desk.open("chn-anti-dumping", OFFICER, title="x", on=date(2026, 1, 5)).case
    with store.reading() as connection:
        pages = connection.scalar(sa.text("PRAGMA page_count"))

    def bounded(connection: object, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 8}")  # type: ignore[attr-defined]

    store.close()
    sa.event.listen(store.engine, "connect", bounded)
    told = [1]

    def fill() -> None:
        for _ in range(100):
            paper = Upload("letter", "l", os.urandom(9000))
            told.append(desk.file(case, OFFICER, [paper], on=date(2026, 1, 6)).seq)

    with pytest.raises(RefusedError, match="full") as caught:
        fill()
    assert "nothing was recorded" in str(caught.value)
    assert verify_case(desk, case, AUDITOR).events == told[-1]
    sa.event.remove(store.engine, "connect", bounded)
    store.close()
    assert desk.file(case, OFFICER, [Upload("letter", "l", b"x")], on=date(2026, 1, 7)).seq == told[-1] + 1
    assert verify_case(desk, case, AUDITOR).whole
    store.close()
