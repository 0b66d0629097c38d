"""Rules of origin: the rule of a product and its bill of materials, beside originshift.

    python benchmarks/origin.py [--data DIR] [--peer PYTHON | --no-peer]

Two workloads with a fixed seed: 19 CFR 102.20 (1,034 rules; what originshift answers) and the CPTPP (1,239
entries, 2,561 rules). A good has a random code that a rule targets and three materials with random codes,
origins and values; one value in ten is not given. The batch path gives the verdict; the explaining path also
the trace and what would change the answer. ``first`` includes finding and compiling each rule, ``again`` has
them.

originshift 0.3.0 is timed on the same goods of 102.20, in a Python of its own: one given with --peer, else a
throwaway environment made here (skipped, and said so, where it cannot be installed). ``as called`` is
``resolve(...)`` as its manual shows it, which reads its corpus each time; ``corpus held`` passes it in.
Verdicts of both are compared.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from openward.determine.origin.check import check, originates_all
from openward.determine.origin.codes import covered
from openward.determine.origin.good import Good, Material
from openward.determine.origin.uk import load_scheme
from openward.determine.origin.us.goods import shift_truth
from openward.determine.origin.us.rules import Regulation, load_part

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "origin.csv"
SEED, GOODS, GOAL = 20260724, 5000, 0.1
PEER = "originshift==0.3.0"
Row = tuple[str, str, str, str, str, str]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    shared = Path(os.environ.get("OPENWARD_SHARED", HERE.parent.parent / "shared"))
    parser.add_argument("--data", type=Path, default=shared / "data")
    parser.add_argument("--peer", type=Path, help="Python that has originshift")
    parser.add_argument("--no-peer", action="store_true")
    options = parser.parse_args()
    draw = random.Random(SEED)
    regulation = load_part(options.data, "102.20")
    textiles = load_part(options.data, "102.21").covers
    targets = [each.ranges[0].first for each in regulation.alternatives]
    # Textiles take 102.21 instead, whose questions are not about codes.
    us_goods = draw_goods(draw, [c for c in targets if covered(textiles, c) is False], "MEX")
    rows = time_regulation(regulation, us_goods) + time_cptpp(options.data, draw)
    if not options.no_peer:
        rows += time_peer(options.peer, us_goods, [shift_truth(g, regulation) for g in us_goods], rows)
    about = f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    rows.append(row(f"{about}; load average while measured", os.getloadavg()[0], "load", 1))
    for each in rows:
        print(*each, sep="\t")
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("benchmark", "case", "value", "unit", "runs", "goal"))
        table.writerows(rows)


def draw_goods(draw: random.Random, codes: list[str], made_in: str) -> list[Good]:
    """Give goods with codes that rules target, most materials from elsewhere."""
    codes = [code.ljust(6, "0")[:6] for code in codes]

    def material() -> Material:
        value = None if draw.random() < 0.1 else Decimal(draw.randint(1, 300))
        return Material(draw.choice(codes), draw.choice((made_in, "CHN", "DEU", "CHN")), value)

    return [
        Good(
            draw.choice(codes),
            made_in,
            tuple(material() for _ in range(3)),
            "USD",
            Decimal(draw.randint(400, 900)),
            Decimal(1000),
            Decimal(800),
            Decimal(100),
        )
        for _ in range(GOODS)
    ]


def row(case: str, value: float, unit: str = "ms", runs: int = GOODS, goal: str = "") -> Row:
    return ("origin", case, f"{value:.4g}", unit, str(runs), goal)


def per_good(work: Callable[[], object], goods: int) -> float:
    """Give milliseconds a good."""
    begin = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begin) / goods


def time_regulation(regulation: Regulation, goods: list[Good]) -> list[Row]:
    def batch() -> list[bool | None]:
        return [shift_truth(good, regulation) for good in goods]

    first = per_good(batch, GOODS)
    again = statistics.median(per_good(batch, GOODS) for _ in range(5))
    return [
        row("19 CFR 102.20, batch, first", first, goal=str(GOAL)),
        row("19 CFR 102.20, batch, again", again, goal=str(GOAL)),
    ]


def time_cptpp(data: Path, draw: random.Random) -> list[Row]:
    begin = time.perf_counter()
    scheme = load_scheme(data, "cptpp")
    read = time.perf_counter() - begin
    goods = draw_goods(draw, [entry.codes.first for entry in scheme.entries], "JPN")
    first = per_good(lambda: originates_all(goods, scheme), GOODS)
    again = statistics.median(per_good(lambda: originates_all(goods, scheme), GOODS) for _ in range(5))
    some = goods[:1000]
    explained = per_good(lambda: [check(good, scheme) for good in some], len(some))
    verdicts = originates_all(goods, scheme)
    return [
        row("CPTPP, reading 2,561 rules", read, "s", 1),
        row("CPTPP, batch, first", first, goal=str(GOAL)),
        row("CPTPP, batch, again", again, goal=str(GOAL)),
        row("CPTPP, explained", explained, runs=len(some)),
        row("CPTPP, decided share of random bills", 1 - verdicts.count(None) / GOODS, "share"),
    ]


@dataclass(frozen=True)
class Peer:
    """What the other side measured."""

    as_called: float
    held: float
    verdicts: list[bool | None]


def time_peer(python: Path | None, goods: list[Good], ours: list[bool | None], rows: list[Row]) -> list[Row]:
    some = goods[:400]
    with tempfile.TemporaryDirectory() as place:
        found = run_peer(python or install_peer(Path(place)), some)
    if found is None:
        print(f"{PEER} could not be run: not measured", file=sys.stderr)
        return []
    ours_ms = next(float(r[2]) for r in rows if r[1] == "19 CFR 102.20, batch, again")
    both = [(a, b) for a, b in zip(ours, found.verdicts, strict=False) if a is not None and b is not None]
    return [
        row("originshift 0.3.0, as called", 1000 * found.as_called, runs=40),
        row("originshift 0.3.0, corpus held", 1000 * found.held, runs=len(some)),
        row("originshift as called over ours", 1000 * found.as_called / ours_ms, "ratio", 1),
        row("originshift with corpus held over ours", 1000 * found.held / ours_ms, "ratio", 1),
        row("goods that both decide", len(both), "goods", len(some)),
        row("of these, same verdict", sum(a == b for a, b in both), "goods", len(some)),
        row(
            "goods that we alone decide",
            sum(1 for a, b in zip(ours, found.verdicts, strict=False) if a is not None and b is None),
            "goods",
            len(some),
        ),
        row(
            "goods that originshift alone decides",
            sum(1 for a, b in zip(ours, found.verdicts, strict=False) if a is None and b is not None),
            "goods",
            len(some),
        ),
    ]


def install_peer(place: Path) -> Path | None:
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "--quiet", PEER]
    return python if subprocess.run(command, capture_output=True, check=False).returncode == 0 else None


def run_peer(python: Path | None, goods: list[Good]) -> Peer | None:
    if python is None:
        return None
    asked: list[dict[str, Any]] = [
        {
            "code": f"{g.code[:4]}.{g.code[4:]}",
            "made_in": g.made_in,
            "value": 1000.0,
            "materials": [
                (f"{m.code[:4]}.{m.code[4:]}", m.origin, None if m.value is None else float(m.value))
                for m in g.materials
            ],
        }
        for g in goods
    ]
    command = [str(python), str(HERE / "_originshift_peer.py")]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return None
    return Peer(**json.loads(done.stdout))


if __name__ == "__main__":
    main()
