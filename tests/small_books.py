"""Small books for tests: three industries, seven economies, one group; and random ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from openward.book.duty import parse
from openward.book.model import (
    Book,
    Condition,
    Effect,
    Flow,
    Instrument,
    LegalAct,
    LineClass,
    Measure,
    ProductScope,
    Scope,
)
from openward.codes.membership import Membership
from openward.codes.terms import Interval, Status

ECONOMIES = ("CHN", "CIV", "DEU", "FRA", "JPN", "SEN", "USA")
SECTORS = ("A01", "B06", "C29", "K")
START, END = date(2020, 1, 1), date(2026, 1, 1)
DAYS = (date(2020, 1, 1), date(2021, 7, 1), date(2023, 1, 1), date(2024, 12, 1), date(2025, 6, 1))

RULES: list[dict[str, Any]] = [
    {"id": "mfn", "kind": "base", "instruments": ["mfn-duty"], "article": "12"},
    {"id": "provisional", "kind": "replace", "instruments": ["provisional-duty"], "article": "13"},
    {"id": "general", "kind": "otherwise", "instruments": ["general-duty"], "article": "12"},
    {"id": "preference", "kind": "lowest", "instruments": ["preferential-duty"], "article": "12"},
    {"id": "provisional-below", "kind": "cap", "instruments": ["provisional-duty"]},
    {"id": "mfn-below", "kind": "cap", "instruments": ["mfn-duty"], "unless": ["provisional-duty"]},
    {"id": "added", "kind": "add", "instruments": ["retaliatory-duty", "anti-dumping-duty"]},
    {"id": "not-excluded", "kind": "higher", "instruments": ["general-duty"]},
]
PRECEDENCE: dict[str, Any] = {
    "CHN": {
        "schema": "openward.precedence/1",
        "economy": "CHN",
        "periods": [
            {"from": None, "to": date(2024, 12, 1), "act": "regulations", "rules": RULES[:5] + RULES[6:]},
            {"from": date(2024, 12, 1), "to": None, "act": "law", "rules": RULES},
        ],
    },
    "*": {
        "schema": "openward.precedence/1",
        "economy": "*",
        "periods": [
            {"from": None, "to": None, "act": "practice", "rules": [RULES[0], RULES[3], RULES[5], RULES[6]]}
        ],
    },
}
LINES = (
    LineClass("CHN", "A01", "free", 0.25, 10, "reference"),
    LineClass("CHN", "A01", "dutiable", 0.75, 30, "reference"),
    LineClass("CHN", "B06", "free", 1.0, 3, "reference"),
    LineClass("CHN", "B06", "dutiable", 0.0, 2, "reference"),
)
MEMBERS = (
    Membership("EU27", "DEU", Interval(date(1958, 1, 1))),
    Membership("EU27", "FRA", Interval(date(1958, 1, 1))),
    Membership("LDC-CHN", "SEN", Interval(date(2001, 1, 1), date(2025, 1, 1))),
    Membership("RCEP", "CHN", Interval(date(2022, 1, 1))),
    Membership("RCEP", "JPN", Interval(date(2022, 1, 1)), status=Status.UNVERIFIED),
)


def measure(
    name: str,
    instrument: str = "mfn-duty",
    duty: str | None = "10 %",
    *,
    by: str = "CHN",
    partners: Iterable[str] = (),
    exclude: Iterable[str] = (),
    sectors: Iterable[str] = (),
    start: date = START,
    end: date | None = None,
    conditions: Iterable[tuple[str, str]] = (),
    products: tuple[str, ...] | None = None,
    status: Status = Status.OFFICIAL,
    end_uses: Iterable[str] = (),
) -> Measure:
    """Make a measure with as few words as possible."""
    scope = Scope(
        products=None if products is None else ProductScope(ranges=products),
        partners=tuple(partners),
        exclude=tuple(exclude),
        sectors=tuple(sectors),
        end_uses=tuple(end_uses),
    )
    return Measure(
        id=name,
        instrument=Instrument(instrument),
        imposed_by=by,
        flow=Flow.IMPORT,
        scope=scope,
        effect=Effect(duty=None if duty is None else parse(duty)),
        valid=Interval(start, end),
        act="act",
        article="1",
        conditions=tuple(Condition(kind, value) for kind, value in conditions),
        status=status,
    )


def book(*measures: Measure, lines: tuple[LineClass, ...] = LINES, **changes: Any) -> Book:
    """Make a book of these measures with the small groups and rules."""
    fields: dict[str, Any] = {
        "name": "small",
        "economy": "CHN",
        "covered_from": START,
        "covered_to": END,
        "measures": MappingProxyType({m.id: m for m in measures}),
        "acts": MappingProxyType({"act": LegalAct("act", "CHN", "law", "The Act", in_force=START)}),
        "memberships": MEMBERS,
        "lines": lines,
        "meta": MappingProxyType({"precedence": PRECEDENCE}),
    }
    return Book(**(fields | changes))


def mfn_for_all(rate: str = "10 %") -> tuple[Measure, ...]:
    """Give an MFN duty of every economy."""
    return tuple(measure(f"mfn-{code.lower()}", duty=rate, by=code) for code in ECONOMIES)


_codes = st.sampled_from((*ECONOMIES, "EU27", "LDC-CHN", "RCEP"))
_places = st.sampled_from(("A01", "A01/free", "A01/dutiable", "B06", "B06/dutiable", "C29", "C29/all", "K"))
_duties = st.sampled_from(("0 %", "3 %", "5 %", "8 %", "10 %", "2.5 CNY/KGM", "1 % + 2 CNY/KGM"))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Give an interval that begins and ends on the days tests look at."""
    start = draw(st.sampled_from(DAYS))
    end = draw(st.sampled_from((None, *DAYS)))
    return Interval(start, end)


@st.composite
def random_measure(draw: st.DrawFn, name: str, instrument: str | None = None) -> Measure:
    """Give any import duty."""
    kind = instrument or draw(
        st.sampled_from(
            ("preferential-duty",) * 3
            + ("mfn-duty", "general-duty", "provisional-duty", "retaliatory-duty", "anti-dumping-duty")
        )
    )
    valid = draw(intervals())
    unknown = kind == "preferential-duty" and draw(st.integers(0, 5)) == 0
    made = measure(
        name,
        kind,
        None if unknown else draw(_duties),
        by=draw(st.sampled_from(("CHN", "CHN", "CHN", "USA", "EU27", "RCEP"))),
        partners=draw(st.lists(_codes, max_size=3, unique=True)),
        exclude=draw(st.lists(_codes, max_size=1)),
        sectors=draw(st.lists(_places, max_size=2, unique=True)),
        start=valid.start,
        end=valid.end,
        conditions=draw(
            st.lists(
                st.sampled_from((("membership", "RCEP"), ("coverage", "98 %"), ("origin", "x"))), max_size=1
            )
        ),
        status=draw(st.sampled_from(Status)),
        end_uses=draw(st.sampled_from(((), (), (), ("research",)))),
        products=draw(st.sampled_from((None, None, ("*",), ("8703",), ("00-99",), ("8701-8716",)))),
    )
    return made


@st.composite
def random_books(draw: st.DrawFn, *, most: int = 12) -> Book:
    """Give any small book; exclusive duties may overlap in it."""
    count = draw(st.integers(0, most))
    measures = [draw(random_measure(f"m{k:02d}")) for k in range(count)]
    base = mfn_for_all() if draw(st.booleans()) else ()
    return book(*base, *measures)


def with_measures(law: Book, measures: Mapping[str, Measure]) -> Book:
    """Give the book with other measures."""
    from dataclasses import replace

    return replace(law, measures=MappingProxyType(dict(measures)))
