"""Screening of names: speed on 100,000 names, labelled pairs, names in Chinese characters.

    python benchmarks/screening.py [--data DIR]

Speed: the names of `controls/screening_list.csv`, made up to 100,000 with names recombined from their words
(seeded), one core. Clean queries are names of words that nobody bears: letters drawn one after the other as
they follow each other in the words of the list (two letters of memory, seeded). Times are processor time of
the one thread, so that what else the machine does is not counted.
Pairs: F1 at the threshold of the scorer on all 826 labelled pairs, and apart on the half on which the weights
were fitted (SHA-256 of `name1|name2` even) and the half they never saw (odd); rapidfuzz at its own best
threshold on all pairs. Chinese script: every row of the list with Chinese characters, put into traditional
characters, without its legal form, or cut to two thirds of what is left (four characters at least), is looked
up in the whole list. It is found where a party of that name is among the hits. Two counts of collisions:
another party ranks first; and any other party in Chinese script is among the hits at all, which for a cut
name that begins several listed names cannot be otherwise.

Results go to benchmarks/results/screening.csv.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})

from rapidfuzz import fuzz

from openward.determine.screening.chinese import chinese_core
from openward.determine.screening.fold import has_han
from openward.determine.screening.legal import strip_chinese_legal
from openward.determine.screening.lists import read_parties
from openward.determine.screening.name import prepare
from openward.determine.screening.needs import needed
from openward.determine.screening.party import Party
from openward.determine.screening.scorer import MATCH, AlignmentScorer
from openward.determine.screening.screener import Screener

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "screening.csv"
NAMES = 100_000
QUERIES = 2_000
Row = tuple[str, str, str, str, str, str]


def main() -> None:
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    shared = Path(os.environ.get("OPENWARD_SHARED", HERE.parent.parent / "shared"))
    parser.add_argument("--data", type=Path, default=shared / "data")
    options = parser.parse_args()
    parties = read_parties(options.data / "controls/screening_list.csv")
    rows = list(speed(parties))
    rows += pairs(options.data / "controls/nomenklatura/name_bench_cases.csv")
    rows += chinese_script(parties)
    rows.append(row("machine", machine(), "", 1))
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("benchmark", "case", "value", "unit", "runs", "goal"))
        table.writerows(rows)


def row(case: str, value: float | str, unit: str, runs: int, goal: str = "") -> Row:
    """Give a row of the results, printed as it is made."""
    shown = value if isinstance(value, str) else f"{value:.4g}"
    print(case, shown, unit, goal and f"(goal {goal})", sep="\t", flush=True)
    return "screening", case, shown, unit, str(runs), goal


def machine() -> str:
    """Say on what the figures were taken."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = lines[0].partition(":")[2].strip() if lines else model
    return (
        f"{model}; {os.cpu_count()} cores, one used; {platform.system()}; Python {platform.python_version()}"
    )


def speed(parties: tuple[Party, ...]) -> Iterator[Row]:
    """Time the index and single clean queries."""
    rng = random.Random(7)
    listed = {name for party in parties for name in party.names}
    pools: dict[str, list[list[str]]] = {}
    for party in parties:
        for name in party.names:
            if not has_han(name) and 2 <= len(name.split()) <= 6:
                pools.setdefault(party.schema, []).append(name.split())
    made: list[Party] = []
    schemas = sorted(pools, key=lambda schema: -len(pools[schema]))[:2]
    size = len(listed)
    while size < NAMES:
        schema = schemas[size % 2]
        name = recombined(rng, pools[schema])
        made.append(Party(f"made:{size}", (name,), schema))
        size += 1
    everyone = (*parties, *made)
    # Packages are loaded and Chinese tables read before the clock starts.
    Screener(parties[:1]).screen_name("洛克希德马丁")
    started = time.process_time()
    screener = Screener(everyone)
    yield row(f"index of {screener.size} names", time.process_time() - started, "s", 1, "5")
    follow = followers(word for pool in pools.values() for words in pool for word in words)
    seconds, hits = [], 0
    for k in range(QUERIES):
        schema = schemas[k % 2]
        query = " ".join(invented(rng, follow) for _ in range(rng.choice((2, 2, 3))))
        started = time.process_time()
        found = screener.screen_name(query, schema=schema)
        seconds.append(time.process_time() - started)
        hits += bool(found)
    yield row("clean queries", len(seconds) / sum(seconds), "queries/s", QUERIES, "300")
    yield row("clean query, median", 1e3 * statistics.median(seconds), "ms", QUERIES)
    yield row("clean query, p95", 1e3 * statistics.quantiles(seconds, n=20)[-1], "ms", QUERIES, "20")
    yield row("clean queries with a hit", hits / QUERIES, "share", QUERIES)


def recombined(rng: random.Random, pool: list[list[str]]) -> str:
    """Give a name of words of other names: two to four of them."""
    return " ".join(rng.choice(rng.choice(pool)) for _ in range(rng.choice((2, 3, 3, 4))))


def followers(words: Iterable[str]) -> dict[str, str]:
    """Give which letters follow which two, as often as they do."""
    found: dict[str, list[str]] = {}
    for word in words:
        padded = f"^^{word.lower()}$"
        for k in range(len(padded) - 2):
            found.setdefault(padded[k : k + 2], []).append(padded[k + 2])
    return {pair: "".join(letters) for pair, letters in found.items()}


def invented(rng: random.Random, follow: dict[str, str]) -> str:
    """Give a word of four to nine letters that reads like those of the list."""
    while True:
        word = "^^"
        while not word.endswith("$") and len(word) < 12:
            word += rng.choice(follow[word[-2:]])
        if 4 <= len(word.strip("^$")) <= 9 and word.strip("^$").isalpha():
            return word.strip("^$").title()


def pairs(path: Path) -> Iterator[Row]:
    """Compare with labelled pairs."""
    with path.open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    scorer = AlignmentScorer()
    truth = [case["is_match"] == "true" for case in cases]
    said = [
        scorer.score(prepare(case["name1"], case["schema"]), prepare(case["name2"], case["schema"])).score
        >= MATCH
        for case in cases
    ]
    half = [hashlib.sha256(f"{case['name1']}|{case['name2']}".encode()).digest()[-1] % 2 for case in cases]
    yield row("labelled pairs, all: F1", f1(said, truth), "F1", len(cases), "0.795")
    for name, which in (("fitted on", 0), ("never seen", 1)):
        kept = [k for k, part in enumerate(half) if part == which]
        yield row(
            f"labelled pairs, {name}: F1",
            f1([said[k] for k in kept], [truth[k] for k in kept]),
            "F1",
            len(kept),
        )
    rapid = [fuzz.WRatio(case["name1"].lower(), case["name2"].lower()) for case in cases]
    best = max(f1([value >= limit for value in rapid], truth) for limit in sorted(set(rapid)))
    yield row("labelled pairs, all: rapidfuzz WRatio at its best threshold", best, "F1", len(cases))
    with path.with_name("name_bench_logicv2-frozen.csv").open(encoding="utf-8", newline="") as file:
        frozen = list(csv.DictReader(file))
    peer = f1(
        [one["predicted_match"] == "true" for one in frozen], [one["is_match"] == "true" for one in frozen]
    )
    yield row("labelled pairs, as its authors froze them: nomenklatura logic-v2", peer, "F1", len(frozen))


def f1(said: list[bool], truth: list[bool]) -> float:
    """Give the harmonic mean of precision and recall."""
    return 2 * sum(a and b for a, b in zip(said, truth, strict=True)) / (sum(said) + sum(truth))


def chinese_script(parties: tuple[Party, ...]) -> Iterator[Row]:
    """Look disturbed Chinese names up in the whole list."""
    screener = Screener(parties)
    rows = [(party, name) for party in parties for name in party.names if has_han(name)]
    bearers: dict[str, set[str]] = {}
    for party, name in rows:
        bearers.setdefault(chinese_core(name), set()).add(party.id)
    to_traditional = needed("opencc").OpenCC("s2t").convert
    disturbances: tuple[tuple[str, Callable[[str], str], bool], ...] = (
        ("traditional", to_traditional, True),
        ("legal form dropped", strip_chinese_legal, False),
        ("truncated", truncated, False),
    )
    for title, disturb, persons in disturbances:
        asked = found = first = anyone = 0
        for party, name in rows:
            query = disturb(name)
            if (query == name and title != "traditional") or (party.schema == "Person" and not persons):
                continue
            asked += 1
            hits = screener.screen_name(query, schema=party.schema)
            own = bearers[chinese_core(name)]
            found += any(hit.party.id in own for hit in hits)
            others = [hit for hit in hits if hit.party.id not in own and has_han(hit.found)]
            anyone += bool(others)
            first += bool(hits) and hits[0] in others
        yield row(f"Chinese script, {title}: found", found / asked, "share", asked, "0.95")
        yield row(f"Chinese script, {title}: another party first", first / asked, "share", asked, "0.03")
        yield row(f"Chinese script, {title}: any other party among the hits", anyone / asked, "share", asked)


def truncated(name: str) -> str:
    """Cut a name to two thirds of what its legal form leaves, four characters at least."""
    core = strip_chinese_legal(name)
    return core[: max(4, math.ceil(len(core) * 2 / 3))]


if __name__ == "__main__":
    main()
