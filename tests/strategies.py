"""Hypothesis strategies: small random books and reforms over real codes and a few days.

Days are few and close together, so that validities meet, overlap and end on the same day often.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from openward.book.change import amended
from openward.book.duty import AdValorem, Compound, Duty, Specific
from openward.book.edits import Add, Amend, Edit, Join, Leave, Reform, Repeal
from openward.book.model import (
    Book,
    Condition,
    Effect,
    Flow,
    Instrument,
    LegalAct,
    LineClass,
    ListingEvent,
    Measure,
    ProductScope,
    Scope,
)
from openward.book.timeline import base_id, normal_form, normal_timeline, timelines
from openward.codes.membership import Membership
from openward.codes.terms import Interval

FIRST = date(2020, 1, 1)
DAYS = tuple(date(2020 + k // 2, 1 + 6 * (k % 2), 1) for k in range(12))
AFTER = date(2026, 6, 1)
ECONOMIES = ("AGO", "CHN", "KOR", "USA", "VNM")
GROUPS = ("GRP-A", "GRP-B")
SECTORS = ("A01", "B06", "C20")
CLASSES = ("B06/free", "B06/dutiable")
DUTY_INSTRUMENTS = (
    Instrument.MFN_DUTY,
    Instrument.PREFERENTIAL_DUTY,
    Instrument.PROVISIONAL_DUTY,
    Instrument.RETALIATORY_DUTY,
)
ACT = LegalAct(id="act", jurisdiction="CHN", kind="law", title="A law", in_force=date(2000, 1, 1))
LINES = (
    LineClass("CHN", "B06", "free", 0.4, 3),
    LineClass("CHN", "B06", "dutiable", 0.6, 7),
)

days = st.sampled_from(DAYS)
numbers = st.decimals(min_value=0, max_value=Decimal("9999.9999"), places=4)
rates = st.integers(min_value=0, max_value=60).map(lambda percent: AdValorem(Decimal(percent).scaleb(-2)))


def specifics() -> st.SearchStrategy[Specific]:
    """Give specific duties in real currencies and units."""
    return st.builds(
        Specific,
        amount=numbers,
        currency=st.sampled_from(["CNY", "USD", "EUR"]),
        per=st.sampled_from([Decimal(1), Decimal(100), Decimal("0.5")]),
        unit=st.sampled_from(["KGM", "LTR", "TNE"]),
    )


def duties() -> st.SearchStrategy[Duty]:
    """Give duties of every kind."""
    fine = st.builds(AdValorem, rate=st.decimals(min_value=0, max_value=5, places=6))
    parts = st.lists(fine | specifics(), min_size=2, max_size=4).map(tuple)
    return fine | specifics() | st.builds(Compound, parts=parts)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Give non-empty validities, open or closed."""
    start = draw(days)
    later = [day for day in (*DAYS, AFTER) if day > start]
    return Interval(start, draw(st.none() | st.sampled_from(later)))


def goods_scopes() -> st.SearchStrategy[Scope]:
    """Give scopes with everything in them that a question about goods can ask for."""
    ranges = st.lists(st.sampled_from(["8703", "0101-0106", "870323"]), min_size=1, unique=True).map(tuple)
    listed = st.lists(st.sampled_from(["A", "B12"]), max_size=2, unique=True).map(tuple)
    return st.builds(
        Scope,
        products=st.builds(ProductScope, edition=st.sampled_from(["HS2022", "CN2024"]), ranges=ranges),
        partners=st.just(("KOR",)),
        exclude_products=st.sampled_from([(), ("870321",)]),
        additional_codes=listed,
        parties=listed,
        end_uses=listed,
        hint_only=st.booleans(),
    )


def events() -> st.SearchStrategy[tuple[ListingEvent, ...]]:
    """Give events of a listing, in any order."""
    event = st.builds(
        ListingEvent,
        kind=st.sampled_from(["add", "suspend", "resume", "stop", "remove"]),
        on=days,
        act=st.just("act"),
        until=st.none() | days,
        recorded=st.none() | days,
    )
    return st.lists(event, max_size=3).map(tuple)


def scopes() -> st.SearchStrategy[Scope]:
    """Give scopes over a few partners, groups and sectors."""
    partners = st.lists(st.sampled_from(ECONOMIES + GROUPS), max_size=2, unique=True).map(tuple)
    exclude = st.lists(st.sampled_from(ECONOMIES), max_size=1).map(tuple)
    sectors = st.lists(st.sampled_from(SECTORS + CLASSES), max_size=2, unique=True).map(tuple)
    return st.builds(Scope, partners=partners, exclude=exclude, sectors=sectors)


def effects() -> st.SearchStrategy[Effect]:
    """Give duties, some inside a quota, and limits."""
    limits = st.builds(Effect, text=st.just("a cap"), number=numbers, unit=st.just("%"))
    return st.builds(Effect, duty=duties(), quota=st.sampled_from(["", "090001"])) | limits


@st.composite
def measures(draw: st.DrawFn, measure_id: str, *, ad_valorem_only: bool = True) -> Measure:
    """Give a measure of China or of a group with a duty."""
    imposed_by = draw(st.sampled_from(("CHN", "CHN", "CHN", *GROUPS)))
    conditions = (Condition("membership", draw(st.sampled_from(GROUPS))),) if draw(st.booleans()) else ()
    return Measure(
        id=measure_id,
        instrument=draw(st.sampled_from(DUTY_INSTRUMENTS)),
        imposed_by=imposed_by,
        flow=Flow.IMPORT,
        scope=draw(scopes() if ad_valorem_only else scopes() | goods_scopes()),
        effect=Effect(draw(rates)) if ad_valorem_only else draw(effects()),
        valid=draw(intervals()),
        act="act",
        conditions=conditions,
        note=draw(st.sampled_from(["", "a note"])),
        recorded=None if ad_valorem_only else draw(st.none() | days),
        withdrawn=None if ad_valorem_only else draw(st.none() | days),
        events=() if ad_valorem_only else draw(events()),
    )


@st.composite
def memberships(draw: st.DrawFn) -> tuple[Membership, ...]:
    """Give memberships of the two groups; days of one economy in one group do not overlap."""
    found = []
    for group in GROUPS:
        for economy in ECONOMIES:
            cuts = sorted(draw(st.sets(days, max_size=4)))
            for k in range(0, len(cuts), 2):
                end = cuts[k + 1] if k + 1 < len(cuts) else None
                found.append(Membership(group, economy, Interval(cuts[k], end)))
    return (*found, *(Membership(group, "FRA", Interval(FIRST)) for group in GROUPS))


@st.composite
def books(
    draw: st.DrawFn, *, max_measures: int = 6, ad_valorem_only: bool = True, split: bool = False
) -> Book:
    """Give a book of China: up to ``max_measures`` measures, two groups, two classes of lines in B06.

    With ``split`` some measures come in several versions.
    """
    held: dict[str, Measure] = {}
    for k in range(draw(st.integers(0, max_measures))):
        measure = draw(measures(f"m{k}", ad_valorem_only=ad_valorem_only))
        versions: tuple[Measure, ...] = (measure,)
        if split and draw(st.booleans()):
            versions = amended(versions, {"effect": {"duty": str(draw(rates))}}, draw(days))
        held |= {version.id: version for version in normal_timeline(versions, measure.id)}
    return Book(
        name="small",
        economy="CHN",
        covered_from=FIRST,
        covered_to=date(2025, 12, 31),
        measures=MappingProxyType(held),
        acts=MappingProxyType({"act": ACT}),
        memberships=draw(memberships()),
        lines=LINES,
        meta=MappingProxyType({}),
    )


def patches() -> st.SearchStrategy[dict[str, Any]]:
    """Give amendments: of the duty, the scope, the note, or the days."""
    duty = rates.map(lambda rate: {"effect": {"duty": str(rate)}})
    partners = st.sampled_from([["KOR"], ["GRP-A"], None]).map(lambda who: {"scope": {"partners": who}})
    note = st.sampled_from(["amended", None]).map(lambda text: {"note": text})
    until = (st.none() | st.sampled_from([*DAYS[1:], AFTER])).map(
        lambda end: {"valid": {"from": DAYS[0].isoformat(), "to": end and end.isoformat()}}
    )
    return st.lists(duty | partners | note | until, min_size=1, max_size=2).map(
        lambda several: {name: value for one in several for name, value in one.items()}
    )


@st.composite
def edits(draw: st.DrawFn, book: Book, label: str = "new") -> Edit:
    """Give an edit that the book accepts."""
    ids = sorted({base_id(key) for key in book.measures})
    kinds = ["add", "join", "leave", *(["repeal", "amend"] if ids else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "add":
        return Add(draw(measures(label)))
    if kind in ("join", "leave"):
        make = Join if kind == "join" else Leave
        return make(draw(st.sampled_from(ECONOMIES)), draw(st.sampled_from(GROUPS)), draw(days))
    if kind == "repeal":
        return Repeal(draw(st.sampled_from(ids)), draw(days))
    return Amend(draw(st.sampled_from(ids)), MappingProxyType(draw(patches())), draw(days))


@st.composite
def reforms(draw: st.DrawFn, book: Book, *, max_edits: int = 5, independent: bool = False) -> Reform:
    """Give a reform that the book accepts.

    Edits of the same subject have different days; with ``independent`` they have different subjects.
    """
    chosen: dict[tuple[Any, ...], Edit] = {}
    for k in range(draw(st.integers(0, max_edits))):
        edit = draw(edits(book, label=f"new{k}"))
        chosen.setdefault((edit.subject,) if independent else (edit.subject, edit.start), edit)
    return Reform("random", tuple(draw(st.permutations(list(chosen.values())))))


def law_on(book: Book, on: date) -> tuple[frozenset[Measure], dict[str, frozenset[str]]]:
    """Give what a book says on a day: contents in force by measure, and members of each group."""
    found = set()
    for name, versions in timelines(normal_form(book).measures).items():
        for version in versions:
            if on in version.valid:
                found.add(_undated(version, name))
    return frozenset(found), {group: book.members(group, on) for group in sorted(book.groups())}


def _undated(version: Measure, name: str) -> Measure:
    from dataclasses import replace

    return replace(version, id=name, valid=Interval(FIRST))
