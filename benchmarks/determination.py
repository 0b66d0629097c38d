"""Speed and memory of answering shipments in batches, beside what a user would write instead.

    python benchmarks/determination.py [--data FOLDER] [--only CASE] [--rows N]

Inputs are those of ``bench/generate.py customs`` in the shared folder (made once into FOLDER, by default a
temporary one): 303 thousand measures, 60 groups, ten million shipments. They become a book: codes are the
first 15,000 eight-digit codes under the subheadings of HS2022, economies 240 of ISO 3166; a preference is one
measure for a group whose members are resolved when the book is compiled.

=========  ==================================================================================================
``arrays`` shipments as arrays of codes, origins, days: duty, best preference, remedy, amount, measure ids
``file``   shipments as a Parquet file of the contract's columns, one in a hundred broken, to decisions
``single`` one question with its trace, warm
``loop``   a Python loop over dictionaries that does what ``arrays`` does (200 thousand rows)
``duckdb`` one query over the generator's tables, groups resolved before
=========  ==================================================================================================

Each case runs in a process of its own, so that peak memory is its own; medians over three runs. Results, with
the machine and its load before, go to benchmarks/results/determination.csv.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import runpy
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from openward.book.duty import AdValorem
from openward.book.model import (
    Book,
    Condition,
    Effect,
    Flow,
    Instrument,
    LegalAct,
    Measure,
    ProductScope,
    Scope,
)
from openward.codes.economies import economies
from openward.codes.membership import Membership
from openward.codes.products import products
from openward.codes.terms import Interval
from openward.determine.batch import answer_file
from openward.determine.batch.columns import Columns
from openward.determine.batch.compiled import Compiled, compile_for
from openward.determine.batch.days import number
from openward.determine.batch.engines import Engine, finder
from openward.determine.batch.lookups import Rows
from openward.determine.batch.machine import determine
from openward.determine.decision import Money, Question
from openward.determine.goods import decide

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "determination.csv"
CASES = (
    "arrays-numpy",
    "arrays-numba",
    "file-numpy",
    "file-numba",
    "file-duckdb",
    "single",
    "loop",
    "duckdb",
)
FIRST, LAST = date(2015, 1, 1), 3650
RUNS = 3
CHUNK = 250_000
MEASURES, FASTER = 2e6, 4e6
Figure = tuple[str, float, str, int, float | str]
RULES = [
    {"id": "mfn", "kind": "base", "instruments": ["mfn-duty"]},
    {"id": "preference", "kind": "lowest", "instruments": ["preferential-duty"]},
    {"id": "mfn-below", "kind": "cap", "instruments": ["mfn-duty"]},
    {"id": "remedy", "kind": "add", "instruments": ["anti-dumping-duty"]},
]


def main() -> None:
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--only", choices=CASES)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--in-process", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.in_process:
        print(json.dumps(measure(options.only, options.data, options.rows)))
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or Path(folder)
        if not generated(data):
            return
        rows = [
            row
            for case in ([options.only] if options.only else CASES)
            for row in alone(case, data, options.rows)
        ]
    if rows and not options.only:
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(("benchmark", "case", "value", "unit", "runs", "goal"))
            table.writerow(
                ("determination", f"machine: {machine()}; load average", f"{load:.2f}", "load", "1", "")
            )
            table.writerows(rows)


def generated(data: Path) -> bool:
    """Make the inputs where they are not there."""
    if (data / "shipments.parquet").exists():
        return True
    shared = Path(os.environ.get("OPENWARD_SHARED", HERE.parent.parent / "shared"))
    script = shared / "bench" / "generate.py"
    if not script.exists():
        print(f"no {script.name}: set OPENWARD_SHARED to the shared folder", file=sys.stderr)
        return False
    runpy.run_path(str(script))["customs"](str(data))
    return True


def machine() -> str:
    """Describe the machine."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        name = lines[0].partition(":")[2].strip() if lines else name
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"Python {platform.python_version()}, NumPy {np.__version__}, Polars {pl.__version__}"
    return f"{name}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, {python}"


def alone(case: str, data: Path, rows: int) -> list[list[str]]:
    command = [sys.executable, __file__, "--only", case, "--data", str(data), "--rows", str(rows)]
    done = subprocess.run([*command, "--in-process"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"{case}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return []
    found: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
    for row in found:
        print(*row, sep="\t", flush=True)
    return found


def measure(case: str, data: Path, rows: int) -> list[list[str]]:
    kind, _, engine = case.partition("-")
    cases: dict[str, Callable[[], Iterator[Figure]]] = {
        "arrays": lambda: arrays(data, rows, Engine(engine)),
        "file": lambda: a_file(data, rows, Engine(engine)),
        "single": lambda: single(data),
        "loop": lambda: loop(data),
        "duckdb": lambda: query(data, rows),
    }
    found = [
        ["determination", f"{case}: {name}", f"{value:.4g}", unit, str(runs), str(goal)]
        for name, value, unit, runs, goal in cases[kind]()
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ours = kind in ("arrays", "file")
    return [
        *found,
        ["determination", f"{case}: peak memory", f"{peak:.0f}", "MB", "1", "2500" if ours else ""],
    ]


def timed(run: Callable[[], Any]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def codes() -> list[str]:
    six = sorted(code for code in products("HS2022") if len(code) == 6 and not code.startswith("99"))
    return [code + line for code in six for line in ("10", "20", "90")][:15_000]


def origins() -> list[str]:
    return [code for code in sorted(economies()) if code != "CHN"][:240]


def day(n: int) -> date | None:
    return None if n > LAST else FIRST + timedelta(days=n)


def the_book(data: Path) -> Book:
    """Make the book of the generator's tables."""
    lines, partners = codes(), origins()
    duties: dict[float, AdValorem] = {}
    held: dict[str, Measure] = {}

    def add(name: str, kind: Instrument, line: int, row: tuple[int, int, float], *more: Any) -> None:
        start, end, rate = row
        scope = Scope(products=ProductScope("HS2022", (lines[line],)), partners=more[0] if more else ())
        effect = Effect(duty=duties.setdefault(rate, AdValorem(Decimal(str(rate)) / 100)))
        begun = day(start)
        assert begun is not None
        conditions = more[1] if len(more) > 1 else ()
        valid = Interval(begun, day(end))
        held[name] = Measure(
            name, kind, "CHN", Flow.IMPORT, scope, effect, valid, "act", conditions=conditions
        )

    for k, (code, *row) in enumerate(table(data, "mfn", "code", "from", "to", "rate")):
        add(f"mfn-{k:06d}", Instrument.MFN_DUTY, code, tuple(row))
    for k, (code, area, *row) in enumerate(table(data, "preference", "code", "area", "from", "to", "rate")):
        group = f"AREA-{area:02d}"
        claim = (Condition("origin", group),)
        add(f"pref-{k:06d}", Instrument.PREFERENTIAL_DUTY, code, tuple(row), (group,), claim)
    for k, (code, economy, *row) in enumerate(table(data, "remedy", "code", "economy", "from", "to", "rate")):
        add(f"remedy-{k:06d}", Instrument.ANTI_DUMPING_DUTY, code, tuple(row), (partners[economy],))
    members = tuple(
        Membership(f"AREA-{area:02d}", partners[economy], Interval(FIRST))
        for area, economy in table(data, "member", "area", "economy")
    )
    period = {"from": None, "to": None, "act": "act", "rules": RULES}
    rules = {"schema": "openward.precedence/1", "economy": "CHN", "periods": [period]}
    return Book(
        name="bench",
        economy="CHN",
        covered_from=FIRST,
        covered_to=FIRST + timedelta(days=LAST),
        measures=MappingProxyType(held),
        acts=MappingProxyType({"act": LegalAct("act", "CHN", "law", "Act")}),
        memberships=members,
        meta=MappingProxyType({"precedence": {"CHN": rules}}),
    )


def table(data: Path, name: str, *columns: str) -> list[tuple[Any, ...]]:
    return pl.read_parquet(data / f"{name}.parquet").select(columns).rows()


def arrays(data: Path, rows: int, engine: Engine) -> Iterator[Figure]:
    book = the_book(data)
    began = time.perf_counter()
    compiled = compile_for(book, "CHN")
    yield "compile", time.perf_counter() - began, "s", 1, 12
    yield "measures", len(book.measures), "measures", 1, ""
    given = pl.read_parquet(data / "shipments.parquet").head(rows)
    cell = compiled.cells.of(codes())[given["code"].to_numpy()]
    place = np.array([compiled.origins[code] for code in origins()], dtype=np.int32)
    origin = place[given["economy"].to_numpy()]
    days = (given["day"].to_numpy() + number(FIRST)).astype(np.int32)
    value = given["value"].to_numpy()
    del given
    find = finder(engine)

    def run(size: int) -> None:
        for first in range(0, size, CHUNK):
            part = slice(first, min(size, first + CHUNK))
            answer(
                compiled, Rows(cell[part], origin[part], days[part], unsaid(days[part])), value[part], find
            )

    run(CHUNK)
    seconds = statistics.median(timed(lambda: run(len(cell))) for _ in range(RUNS))
    goal = FASTER if engine is Engine.NUMBA else MEASURES
    yield "shipments", len(cell) / seconds, "rows/s", RUNS, f"{goal:.0f}"


def unsaid(days: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.full(len(days), -1, dtype=np.int16)


def answer(compiled: Compiled, rows: Rows, value: np.ndarray[Any, Any], find: Any) -> Columns:
    """Give rates, amounts, verdicts and measure ids (as positions) of rows that tables answer."""
    columns = Columns(len(rows))
    found = determine(compiled, rows, find)
    at, none = np.arange(len(rows)), np.zeros(len(rows), dtype=np.bool_)
    minor = np.full(len(rows), 2, dtype=np.int8)
    columns.tabled(compiled, found, at, ~found.hard, refused=none, proven=none, value=value, minor=minor)
    return columns


def contract(data: Path, rows: int) -> Path:
    """Write the shipments in the contract's columns, one row in a hundred broken."""
    target = data / f"contract-{rows}.parquet"
    if target.exists():
        return target
    given = pl.read_parquet(data / "shipments.parquet").head(rows)
    broken = np.random.default_rng(1)
    fault = np.where(broken.random(len(given)) < 0.01, broken.integers(0, 5, len(given)), -1)
    origin = pl.Series(origins()).gather(given["economy"])

    def unless(kind: int, wrong: pl.Expr, right: pl.Expr | str) -> pl.Expr:
        return pl.when(pl.col("fault") == kind).then(wrong).otherwise(right)

    frame = pl.DataFrame(
        {
            "row": given["row"],
            "origin": origin,
            "hs": pl.Series(codes()).gather(given["code"]),
            "days": given["day"],
            "value": given["value"],
            "fault": fault,
        }
    )
    frame.select(
        "row",
        flow=pl.lit("import"),
        **{"from": pl.col("origin")},
        to=pl.lit("CHN"),
        origin=unless(0, pl.lit("ZZZ"), "origin"),
        hs=unless(1, pl.lit("98765432"), "hs"),
        edition=unless(2, pl.lit("HS1066"), pl.lit("HS2022")),
        on=(pl.lit(FIRST) + pl.duration(days="days")).cast(pl.Date),
        value=unless(3, -pl.col("value"), "value"),
        currency=unless(4, pl.lit(None, pl.String), pl.lit("CNY")),
    ).write_parquet(target)
    return target


def a_file(data: Path, rows: int, engine: Engine) -> Iterator[Figure]:
    rows = min(rows, 1_000_000) if engine is Engine.DUCKDB else rows
    source, book = contract(data, rows), the_book(data)
    target = data / f"decisions-{engine.value}.parquet"
    seconds = timed(lambda: answer_file(source, target, book, engine=engine))
    yield "rows", rows, "rows", 1, ""
    yield "shipments, compiling the book included", rows / seconds, "rows/s", 1, ""


def single(data: Path) -> Iterator[Figure]:
    book, (line, *_) = the_book(data), codes()
    money = Money(Decimal(1000), "CNY")
    question = Question("import", FIRST + timedelta(days=900), "CHN", "DEU", "DEU", line, value=money)
    yield "first question", timed(lambda: decide(question, book)), "s", 1, ""
    seconds = [timed(lambda: decide(question, book)) for _ in range(50)]
    yield "warm question with its trace", statistics.median(seconds), "s", 50, 0.02


def loop(data: Path) -> Iterator[Figure]:
    """Answer in a Python loop over dictionaries, one shipment after the other."""
    mfn: dict[int, list[Any]] = {}
    preference: dict[tuple[int, int], list[Any]] = {}
    remedy: dict[tuple[int, int], list[Any]] = {}
    areas: dict[int, list[int]] = {}
    for area, economy in table(data, "member", "area", "economy"):
        areas.setdefault(economy, []).append(area)
    for k, (code, *row) in enumerate(table(data, "mfn", "code", "from", "to", "rate")):
        mfn.setdefault(code, []).append((*row, k))
    for k, (code, area, *row) in enumerate(table(data, "preference", "code", "area", "from", "to", "rate")):
        preference.setdefault((code, area), []).append((*row, k))
    for k, (code, economy, *row) in enumerate(table(data, "remedy", "code", "economy", "from", "to", "rate")):
        remedy.setdefault((code, economy), []).append((*row, k))
    shipments = pl.read_parquet(data / "shipments.parquet").head(200_000)
    given = shipments.select("code", "economy", "day", "value").rows()

    def run() -> list[Any]:
        out = []
        for code, economy, on, value in given:
            rate, trace = next(((r, k) for f, t, r, k in mfn[code] if f <= on < t), (0.0, -1))
            best, used = rate, -1
            for area in areas.get(economy, ()):
                for f, t, r, k in preference.get((code, area), ()):
                    if f <= on < t and r < best:
                        best, used = r, k
            extra, why = next(
                ((r, k) for f, t, r, k in remedy.get((code, economy), ()) if f <= on < t), (0.0, -1)
            )
            out.append((rate, best, extra, value * (best + extra) / 100, (trace, used, why)))
        return out

    seconds = statistics.median(timed(run) for _ in range(RUNS))
    yield "shipments", len(given) / seconds, "rows/s", RUNS, ""


QUERY = """
create or replace table answered as
with base as (
  select s.row, s.code, s.economy, s.day, s.value, m.rate, m.id
  from shipments s left join mfn m on m.code = s.code and s.day >= m."from" and s.day < m."to"
), best as (
  select b.row, min(p.rate) as rate, arg_min(p.id, p.rate) as id
  from base b join preference_of p on p.code = b.code and p.economy = b.economy
    and b.day >= p."from" and b.day < p."to"
  group by b.row
), extra as (
  select b.row, sum(r.rate) as rate, list(r.id) as ids
  from base b join remedy r on r.code = b.code and r.economy = b.economy
    and b.day >= r."from" and b.day < r."to"
  group by b.row
)
select b.row, b.rate as mfn, best.rate as preference, extra.rate as remedy,
  b.value * (least(b.rate, coalesce(best.rate, b.rate)) + coalesce(extra.rate, 0)) / 100 as amount,
  b.id as mfn_id, best.id as preference_id, extra.ids as remedy_ids
from base b left join best using (row) left join extra using (row)
"""


def query(data: Path, rows: int) -> Iterator[Figure]:
    """Answer by one query."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    for name in ("mfn", "preference", "remedy"):
        path = str(data / f"{name}.parquet")
        connection.execute(
            f"create table {name} as select *, row_number() over () as id from read_parquet(?)", [path]
        )
    member = str(data / "member.parquet")
    connection.execute(
        "create table preference_of as"
        " select p.*, m.economy from preference p join read_parquet(?) m using (area)",
        [member],
    )
    connection.execute(
        f"create table shipments as select * from read_parquet(?) limit {rows}",
        [str(data / "shipments.parquet")],
    )
    seconds = timed(lambda: connection.execute(QUERY))
    yield "shipments", rows / seconds, "rows/s", 1, ""


if __name__ == "__main__":
    main()
