"""Random books with duties on tariff lines, and shipments to ask them about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from openward.book.model import Book, Measure, ProductScope
from openward.codes.membership import Membership
from openward.codes.nomenclature import base_edition
from openward.codes.products import exists
from openward.codes.terms import Interval, Status
from small_books import DAYS, END, MEMBERS, START, book, measure

CODES = ("870321", "870322", "87032110", "8703221000", "87041010", "010121", "0101210010")
MOVED = ("870120", "870121", "870129", "850870", "854140")
"""Subheadings that one of the editions has and the other has not, or whose content moved."""
RANGES = ("870321", "8703", "87032110", "870322", "8701-8704", "01", "010121", "0101210010", "*")
ORIGINS = ("CIV", "DEU", "FRA", "JPN", "SEN", "USA")
DATED = (
    *MEMBERS,
    Membership("EU27", "CIV", Interval(date(2021, 7, 1), date(2024, 12, 1))),
    Membership("LDC-CHN", "CIV", Interval(date(2020, 1, 1), date(2021, 7, 1))),
)
_PARTIES = ("CIV", "DEU", "JPN", "SEN", "USA", "EU27", "LDC-CHN", "RCEP")
_RATES = ("0 %", "3 %", "5 %", "5 %", "8 %", "10 %", "7.5 %")
_KINDS = (
    ("mfn-duty",)
    + ("preferential-duty",) * 5
    + (
        "general-duty",
        "provisional-duty",
        "retaliatory-duty",
        "anti-dumping-duty",
    )
)


@st.composite
def line_measure(draw: st.DrawFn, name: str, *, odd: bool) -> Measure:
    """Give a duty on tariff lines; with ``odd`` sometimes one that tables cannot answer for."""
    kind = draw(st.sampled_from(_KINDS))
    preference = kind == "preferential-duty"
    origins = st.sampled_from((("origin", "EU27"), ("origin", "RCEP"), ("origin", "x")))
    other = st.sampled_from((("membership", "RCEP"), ("membership", "EU27")))
    conditions = draw(st.lists(origins, max_size=1)) if preference else []
    conditions += draw(st.lists(other, max_size=1)) if draw(st.integers(0, 4)) == 0 else []
    duty = draw(st.sampled_from(_RATES))
    parties = st.lists(st.sampled_from(_PARTIES), max_size=2, unique=True)
    strange = odd and draw(st.integers(0, 3)) == 0
    if strange:
        duty = draw(st.sampled_from((duty, "2.5 CNY/KGM", "1 % + 2 CNY/KGM")))
        conditions += draw(st.sampled_from(((), (("fact", "purity >= 99 %"),), (("document", "N853"),))))
    made = measure(
        name,
        kind,
        duty,
        by=draw(st.sampled_from(("CHN", "CHN", "CHN", "CHN", "RCEP"))),
        partners=() if kind == "mfn-duty" else draw(parties),
        exclude=draw(st.lists(st.sampled_from(_PARTIES), max_size=1)) if draw(st.booleans()) else (),
        start=draw(st.sampled_from(DAYS[:3])),
        end=draw(st.sampled_from((None, None, *DAYS[2:]))),
        conditions=conditions,
        products=tuple(draw(st.lists(st.sampled_from(RANGES), min_size=1, max_size=2, unique=True))),
        status=draw(st.sampled_from((Status.OFFICIAL, Status.OFFICIAL, Status.UNVERIFIED))),
        end_uses=("research",) if strange and draw(st.booleans()) else (),
    )
    # Broad measures mostly have an act of their own: they give way where their act states the line.
    broad = "*" in (made.scope.products.ranges if made.scope.products else ())
    act = draw(st.sampled_from(("broad", "broad", "act") if broad else ("act", "act", "other")))
    scope = made.scope
    if draw(st.integers(0, 4)) == 0:
        products = scope.products
        assert products is not None
        scope = replace(scope, exclude_products=(draw(st.sampled_from(("870321", "87032110", "0101"))),))
    return replace(made, act=act, scope=scope)


@st.composite
def line_books(draw: st.DrawFn, *, odd: bool = False, most: int = 8) -> Book:
    """Give a book of China with duties on lines, most with an MFN duty for all of them."""
    found = [draw(line_measure(f"m{k:02d}", odd=odd)) for k in range(draw(st.integers(0, most)))]
    if draw(st.integers(0, 7)):
        found.append(measure("base", duty=draw(st.sampled_from(_RATES)), products=("01", "87")))
    return book(*found, memberships=DATED)


@st.composite
def shipments(draw: st.DrawFn, *, most: int = 12) -> pl.DataFrame:
    """Give rows that are fine, all into China."""
    days = st.sampled_from(
        [d + timedelta(days=k) for d in DAYS for k in (-1, 0, 1) if START <= d + timedelta(days=k) <= END]
    )
    rows = draw(st.integers(1, most))
    return frame(
        {
            "row": k,
            "origin": draw(st.sampled_from((*ORIGINS, *ORIGINS, *ORIGINS, "CHN", None))),
            "hs": draw(st.sampled_from(CODES)),
            "on": draw(days),
            "value": draw(st.sampled_from((100.0, 1234.56, 99.99, 0.5, 88.3, 0.0))),
            "currency": draw(st.sampled_from(("CNY", "JPY"))),
            "quantity": draw(st.sampled_from((None, 10.0, 12.5))),
            "claim": draw(st.sampled_from((None, None, "none", "RCEP", "EU27", "x", "act"))),
            "proof": draw(st.sampled_from((None, None, "certificate"))),
            "facts": draw(st.sampled_from((*[None] * 9, '{"purity": "99.5 %"}', '{"originating": false}'))),
        }
        for k in range(rows)
    )


def frame(rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """Give shipments with the columns that rows do not state filled in."""
    usual = {
        "flow": "import",
        "from": None,
        "to": "CHN",
        "edition": "HS2022",
        "value": 1000.0,
        "currency": "CNY",
    }
    optional = {
        "currency": "CNY",
        "quantity": None,
        "unit": None,
        "claim": None,
        "proof": None,
        "facts": None,
    }
    filled = [usual | optional | row for row in rows]
    for row in filled:
        if row["quantity"] is not None and row["unit"] is None:
            row["unit"] = "KGM"
    return pl.DataFrame(
        filled,
        schema={
            "row": pl.Int64,
            "flow": pl.String,
            "from": pl.String,
            "to": pl.String,
            "origin": pl.String,
            "hs": pl.String,
            "edition": pl.String,
            "on": pl.Date,
            "value": pl.Float64,
            "currency": pl.String,
            "quantity": pl.Float64,
            "unit": pl.String,
            "claim": pl.String,
            "proof": pl.String,
            "facts": pl.String,
        },
    )


@st.composite
def two_editions(draw: st.DrawFn) -> tuple[Book, pl.DataFrame]:
    """Give a book and shipments that state codes in two editions."""
    editions = st.sampled_from(("HS2022", "HS2017", "CN2019"))
    found = []
    for k in range(draw(st.integers(1, 5))):
        made = draw(line_measure(f"m{k}", odd=False))
        codes = tuple(
            draw(st.lists(st.sampled_from((*MOVED, "8701", "85")), min_size=1, max_size=2, unique=True))
        )
        scope = replace(made.scope, products=ProductScope(draw(editions), codes), exclude_products=())
        found.append(replace(made, scope=scope))
    rows = []
    for k in range(draw(st.integers(1, 6))):
        edition = draw(editions)
        known = [code for code in MOVED if exists(code, base_edition(edition))]
        digits = draw(st.sampled_from(("", "10", "1000"))) if edition == "CN2019" else ""
        code = draw(st.sampled_from(known)) + digits
        rows.append(
            {"row": k, "hs": code, "edition": edition, "on": draw(st.sampled_from(DAYS[1:])), "origin": "DEU"}
        )
    return book(*found, measure("base", products=("85", "87")), memberships=DATED), frame(rows)
