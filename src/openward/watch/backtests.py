"""The back-tests at hand: planted surges, minerals, North American imports, anti-dumping cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np

from openward.book.loading import load
from openward.errors import MissingDataError, UnknownCodeError
from openward.observe.tables import read
from openward.watch.backtest import Label, Report, Score, Spoken, backtest, score
from openward.watch.case_list import backtest_cases
from openward.watch.history import history
from openward.watch.panel import month_after, panel
from openward.watch.replay import replay
from openward.watch.rules import rule
from openward.watch.synthetic import as_panel, surge_panel

MINERALS = ("250410", "380110", "811292")


def backtests(name: str, *, data: Path | None, seed: int) -> Iterator[Report]:
    """Run one back-test, or all.

    Raises
    ------
    UnknownCodeError
        There is none of that name.
    MissingDataError
        It reads published tables, and no folder is given.
    """
    if name not in (*BACKTESTS, "all"):
        raise UnknownCodeError(f"no back-test {name!r}", hint=f"{', '.join(BACKTESTS)} or all")
    if data is None and name != "synthetic":
        raise MissingDataError(
            f"back-test {name} reads published tables", hint="name their folder with --data DIR"
        )
    for one in BACKTESTS if name == "all" else (name,):
        yield from BACKTESTS[one](data, seed)


def _synthetic(data: Path | None, seed: int) -> Iterator[Report]:
    drawn = surge_panel(seed=seed, series=1_000, months=96, first_onset=48)
    made = as_panel(drawn)
    labels = [
        Label(made.series[k].product, made.months[at], made.months[at], made.months[min(at + 8, 95)])
        for k in np.flatnonzero(drawn.surge)
        for at in [int(drawn.onset[k])]
    ]
    for name in ("import-surge", "import-surge-cusum"):
        yield backtest(
            f"synthetic, seed {seed}",
            made,
            rule(name, materiality=0.0),
            labels=labels,
            first=made.months[48],
            split=made.months[72],
            false_per_month=2.0,
            notes=(
                "1,000 series, 96 months, one in ten rises by 60 %; an alert counts up to eight months after",
            ),
        )


def _minerals(data: Path | None, seed: int) -> Iterator[Report]:
    table = read("trade-monthly", data)
    seen = panel(table.frame, products=MINERALS, reporter="CHN", flow="export", where="trade-monthly")
    control, first, split = date(2023, 12, 1), date(2020, 1, 1), date(2023, 1, 1)
    notes = (
        "label: the control on natural graphite (250410) of 2023-12-01; nothing is labelled for 380110, of "
        "which it covers a part, nor for 811292, where six digits do not show it",
        "the training span holds no control, so the threshold rests on its false alarms alone",
    )
    stopped = [Label("250410", control, control, date(2024, 2, 1))]
    yield backtest(
        "minerals",
        seen,
        rule("stop"),
        labels=stopped,
        first=first,
        split=split,
        false_per_month=0.05,
        notes=notes,
    )
    # The law silences a jump without an announced measure, so the threshold as shipped is scored as it is.
    stocked = [Label("250410", control, date(2023, 10, 1), date(2023, 11, 1))]
    used = rule("stock-up")
    played = replay(seen, rules=[used], book=load("chn"), first=split)
    alerts = [Spoken(a.subject["product"], a.subject["partner"], a.on, a.statistic) for a in played.alerts]
    months = sum(1 for month in seen.months if month >= split)
    scored: Score = score(alerts, stocked, months=months)
    span = f"{split:%Y-%m} to {seen.months[-1]:%Y-%m}"
    yield Report("minerals", "stock-up", "none: as shipped", span, used.threshold, scored, notes[:1])


def _canmex(data: Path | None, seed: int) -> Iterator[Report]:
    table = read("trade-monthly", data)
    seen = panel(table.frame, reporter="USA", flow="import", products=("72", "76", "8703"))
    past = history(seen, months=60)
    span = f"{seen.months[0]:%Y-%m} to {month_after(seen.months[-1], 0):%Y-%m}"
    notes = (*past.notes, "nothing is claimed and nothing scored: with 14 months a season looks like a surge")
    yield Report("canmex", "import-surge, stop", "none", span, None, None, notes)


def _cases(data: Path | None, seed: int) -> Iterator[Report]:
    yield backtest_cases(data)


BACKTESTS: Mapping[str, Callable[[Path | None, int], Iterator[Report]]] = MappingProxyType(
    {"synthetic": _synthetic, "minerals": _minerals, "canmex": _canmex, "us-cases": _cases}
)
