"""Write to a record and be killed: run as a script, it kills a writer many times and counts what is lost.

    python kill_cases.py DATABASE KILLS SEED

Each round a child opens the record, appends events and tells each one that it was told is on the disk; it is
killed at a random moment. Then every told event must be there and every chain whole.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from datetime import UTC, date, datetime

from openward.cases.audit import verify_case
from openward.cases.desk import Desk, Upload
from openward.cases.roles import Person, Role
from openward.cases.store import Store

CLERK = Person("clerk", Role.OFFICER)
AUDITOR = Person("audit", Role.AUDITOR)
DAY = date(2025, 1, 10)


def write(where: str, case: str, told: int) -> None:
    store = Store(where)
    desk = Desk(store, now=lambda: datetime.now(UTC))
    while True:
        paper = Upload("letter", "l.txt", os.urandom(2000))
        event = desk.file(case, CLERK, [paper], on=DAY)
        os.write(told, f"{event.seq} {event.hash}\n".encode())


def main(where: str, kills: int, seed: int) -> None:
    pick = random.Random(seed)
    store = Store(where, create=True)
    case = ""
    lost = broken = inside = 0
    told: dict[int, str] = {}
    for k in range(kills):
        if k % 50 == 0:
            case = Desk(store).open("chn-anti-dumping", CLERK, title="kill", on=DAY).case
            told = {}
        # A connection must not be shared with the child.
        store.close()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            try:
                write(where, case, writer)
            finally:
                os._exit(1)
        os.close(writer)
        time.sleep(pick.uniform(0.01, 0.09))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reader) as pipe:
            lines = [line.split() for line in pipe.read().split("\n")[:-1]]
        inside += bool(lines)
        told |= {int(seq): digest for seq, digest in lines}
        with store.reading() as connection:
            held = {one.seq: one.hash for one in store.stored(connection, case)}
        lost += sum(held.get(seq) != digest for seq, digest in told.items())
        broken += not verify_case(Desk(store), case, AUDITOR).whole
    store.close()
    print(json.dumps({"kills": kills, "while_writing": inside, "lost": lost, "broken": broken}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
