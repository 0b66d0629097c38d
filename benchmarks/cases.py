"""Cases under load: the queue, one case, one write, many users at once.

    python benchmarks/cases.py [--cases N] [--events N] [--users N] [--seconds S]

The record is SQLite in a temporary folder, filled with cases of equally many events, chained as the desk
chains them (seeded). Measured: a page of 50 rows of the queue (first, and deep in it), one case with its
clocks, one event written and on the disk, one case verified; then that many users on loopback against a
server in a process of its own, each looking at the queue, a case and its clocks with a pause to read. Results
go to benchmarks/results/cases.csv.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from openward.cases import tables
from openward.cases.audit import verify_case
from openward.cases.desk import Desk, Upload
from openward.cases.event import FILED, GENESIS, Event
from openward.cases.people import enroll
from openward.cases.queue import place, queue
from openward.cases.reading import text_of
from openward.cases.roles import Person, Role
from openward.cases.store import Store

RESULTS = Path(__file__).resolve().parent / "results" / "cases.csv"
OFFICER = Person("anna", Role.OFFICER)
AUDITOR = Person("audit", Role.AUDITOR)
Row = tuple[str, str, str, str, str]
SERVER = """
import sys
from openward.cases.store import Store
from openward.web.cases import create_cases_app
import uvicorn
app = create_cases_app(Store(sys.argv[1]), login=True)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    size = f"{options.cases} cases, {options.events} events"
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        where = str(Path(folder) / "cases.db")
        store = Store(where, create=True)
        started = time.perf_counter()
        names = fill(store, options.cases, options.events)
        rows.append((f"filled: {size}", f"{time.perf_counter() - started:.1f}", "s", "1", ""))
        desk = Desk(store)
        first = queue(desk, OFFICER)
        deep = place(queue(desk, OFFICER, limit=1000)[-1])
        for name, goal, do in (
            ("queue page of 50", "0.1", lambda: queue(desk, OFFICER)),
            ("queue page of 50, after 1000", "0.1", lambda: queue(desk, OFFICER, after=deep)),
            ("a case and its clocks", "", lambda: desk.look(names[7], OFFICER).deadlines(date(2026, 6, 1))),
            ("an event written", "", lambda: desk.file(names[9], OFFICER, [PAPER], on=date(2026, 7, 1))),
            ("a case verified", "", lambda: verify_case(desk, first[3].id, AUDITOR)),
        ):
            rows.append((f"{name}: {size}", f"{timed(do):.5f}", "s", "30", goal))
        rows += crowd(store, where, names, options.users, options.seconds)
        store.close()
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("benchmark", "case", "value", "unit", "runs", "goal"))
        for row in rows:
            writer.writerow(("cases", *row))
            print(*row)


PAPER = Upload("letter", "l.txt", b"letter")


def timed(do: Callable[[], object], runs: int = 30) -> float:
    """Give the median time of one run, in seconds."""
    found = []
    for _ in range(runs):
        started = time.perf_counter()
        do()
        found.append(time.perf_counter() - started)
    return statistics.median(found)


def fill(store: Store, cases: int, events: int) -> list[str]:
    """Write that many cases with that many events between them; give their names."""
    pick, names, each = random.Random(5), [], events // cases
    with store.writing() as connection:
        law = store.keep(connection, text_of("chn-export-licence").encode())
    for start in range(0, cases, 5000):
        heads, bodies = [], []
        for k in range(start, min(start + 5000, cases)):
            name = f"chn-export-licence-{k:06d}"
            names.append(name)
            on = date(2026, 1, 1) + timedelta(pick.randrange(150))
            at = datetime(on.year, on.month, on.day, tzinfo=UTC)
            previous = GENESIS
            for seq in range(1, each + 1):
                action = "open" if seq == 1 else "accept" if seq == 2 else FILED
                facts = {"title": f"Case {k}", "procedure_sha256": law} if seq == 1 else {}
                event = Event(
                    name,
                    seq,
                    action,
                    on,
                    at + timedelta(seconds=seq),
                    "anna",
                    Role.OFFICER,
                    facts,
                    prev=previous,
                ).sealed_by_hash()
                previous = event.hash
                bodies.append(
                    {"case_id": name, "seq": seq, "body": event.canonical().decode(), "hash": previous}
                )
            due = (on + timedelta(65)).isoformat()
            heads.append(
                {
                    "id": name, "procedure": "chn-export-licence", "procedure_sha256": law,
                    "title": f"Case {k}",
                    "opened_by": "anna", "opened_on": on.isoformat(), "state": "under-review", "seq": each,
                    "head": previous, "next_due": due, "next_limit": "decision",
                    "closed_on": on.isoformat() if k % 10 == 0 else None, "keep_until": None,
                }
            )  # fmt: skip
        with store.writing() as connection:
            connection.execute(tables.cases.insert(), heads)
            connection.execute(tables.events.insert(), bodies)
    return names


def crowd(store: Store, where: str, names: list[str], users: int, seconds: float) -> list[Row]:
    """Let users ask a server on loopback without pause; give how long they wait."""
    import httpx2 as httpx

    token = enroll(store, Person("root", Role.ADMIN), "bench", Role.OFFICER)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SERVER, where, str(port)])
    times: list[float] = []
    failed = [0]

    async def user(client: httpx.AsyncClient, number: int, until: float) -> None:
        pick = random.Random(number)
        # Users do not all begin in the same instant.
        await asyncio.sleep(pick.uniform(0, 1.5))
        while time.perf_counter() < until:
            case = pick.choice(names)
            for path in ("/api/cases", f"/api/cases/{case}", f"/api/cases/{case}/deadlines"):
                started = time.perf_counter()
                answer = await client.get(path)
                times.append(time.perf_counter() - started)
                failed[0] += answer.status_code != 200
                # A person reads what came before asking again.
                await asyncio.sleep(pick.uniform(1, 3))

    async def all_users() -> None:
        limits = httpx.Limits(max_connections=users, max_keepalive_connections=users)
        address = f"http://127.0.0.1:{port}"
        headers = {"authorization": f"Bearer {token}"}
        # One client of many connections: two hundred of them would measure how long they take to make.
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60, limits=limits) as client:
            until = time.perf_counter() + seconds
            await asyncio.gather(*(user(client, k, until) for k in range(users)))

    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        asyncio.run(all_users())
    finally:
        server.terminate()
        server.wait()
    times.sort()
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    title = f"{users} users, 1-3 s between questions"
    return [
        (f"answer, median: {title}", f"{p50:.4f}", "s", str(len(times)), ""),
        (f"answer, 95 %: {title}", f"{p95:.4f}", "s", str(len(times)), "0.3"),
        (f"answers that failed: {title}", str(failed[0]), "answers", str(len(times)), "0"),
    ]


if __name__ == "__main__":
    main()
