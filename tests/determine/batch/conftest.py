"""A small book that tables can answer for whole, and shipments to ask it about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from worlds import CODES, DATED, ORIGINS, frame

from openward.book.model import Book, Measure
from small_books import book, measure


def of_act(act: str, *words: Any, **more: Any) -> Measure:
    """Give a measure of another act."""
    return replace(measure(*words, **more), act=act)


EU, POOR = (("origin", "EU27"),), (("origin", "LDC-CHN"),)
RCEP = (("origin", "RCEP"), ("membership", "RCEP"))
DAYS = tuple(
    date.fromisoformat(text)
    for text in ("2020-01-01", "2021-07-01", "2022-12-31", "2024-11-30", "2024-12-01", "2025-06-01")
)


@pytest.fixture(scope="session")
def plain_book() -> Book:
    """Duties on lines, groups with dates, preferences, additions; nothing turns on a fact."""
    return book(
        measure("base-cars", duty="15 %", products=("87",), end=date(2023, 1, 1)),
        measure("base-cars-later", duty="12.5 %", products=("87",), start=date(2023, 1, 1)),
        measure("base-horses", duty="8 %", products=("01",), exclude=("USA",)),
        measure("general-horses", "general-duty", "30 %", products=("01",)),
        measure("temporary", "provisional-duty", "6 %", products=("870321",), start=date(2025, 6, 1)),
        measure(
            "m-eu",
            "preferential-duty",
            "9 %",
            products=("8703",),
            partners=("EU27",),
            conditions=EU,
        ),
        measure(
            "m-rcep",
            "preferential-duty",
            "13 %",
            products=("87",),
            partners=("RCEP",),
            conditions=RCEP,
        ),
        # Of an act of its own: a broad measure gives way where its act states the line.
        of_act(
            "programme",
            "m-poor",
            "preferential-duty",
            "0 %",
            products=("*",),
            partners=("LDC-CHN",),
            conditions=POOR,
        ),
        measure(
            "m-usa",
            "retaliatory-duty",
            "25 %",
            partners=("USA",),
            products=("87", "0101"),
            start=date(2021, 7, 1),
        ),
        measure("m-dump", "anti-dumping-duty", "40.2 %", partners=("USA", "JPN"), products=("870322",)),
        memberships=DATED,
    )


@pytest.fixture(scope="session")
def plain_frame() -> pl.DataFrame:
    """Every code, origin and some days, with values that make cents round."""
    rows = [
        {"origin": origin, "hs": code, "on": day, "value": 0.01 + 123.45 * k}
        for k, (code, origin, day) in enumerate((c, o, d) for c in CODES for o in ORIGINS for d in DAYS)
    ]
    return frame({"row": k, **row} for k, row in enumerate(rows))


@pytest.fixture(scope="session")
def litre_book() -> Book:
    """A duty by volume."""
    return book(measure("by-litre", duty="2.5 CNY/LTR", products=("87",)), memberships=DATED)
