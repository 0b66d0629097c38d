"""Which measures could fall on one tariff line of one origin on one day, and what each still needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from openward.book.force import Listed, listing_state
from openward.book.model import Book, Instrument, Measure
from openward.codes.conversion import convert
from openward.codes.correlation import EDITIONS
from openward.codes.nomenclature import base_edition
from openward.codes.ranges import bounds, range_set
from openward.determine.decision import Fact, Question
from openward.determine.facts import as_bool
from openward.determine.groups import GroupsOn
from openward.determine.kleene import Truth
from openward.determine.needs import Need, NeedKind, known_facts, needs_of
from openward.determine.scope import is_assumed
from openward.determine.shelves import CONTROLS, Shelves, groups_on, is_line_level, shelves_of
from openward.errors import OpenwardError

BASES = frozenset({Instrument.MFN_DUTY, Instrument.GENERAL_DUTY})
LINE = 10
"""Level from which a measure names tariff lines; below it speaks of industries or of all goods."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A measure in force that falls on the line where its needs are met.

    Attributes
    ----------
    measure : Measure
    level : int
        How narrowly it names the goods: 0 all, 1 the industry, 2 a class of its lines, 10 + digits a code.
    needs : tuple of Need
    remark : str
        What is assumed where it applies.
    """

    measure: Measure
    level: int
    needs: tuple[Need, ...] = ()
    remark: str = ""

    @property
    def is_average(self) -> bool:
        """True where its rate is a mean over the lines of an industry."""
        return 0 < self.level < LINE

    def applies(self, assumed: Mapping[str, bool]) -> Truth:
        """Say whether it applies with some facts assumed."""
        truth = Truth.TRUE
        for need in self.needs:
            truth = truth & need.under(assumed)
        return truth

    def open_needs(self) -> tuple[Need, ...]:
        """Give what is not known; none where something known already rules it out."""
        if any(need.truth is Truth.FALSE for need in self.needs):
            return ()
        return tuple(need for need in self.needs if need.truth is Truth.UNKNOWN)

    def barrier(self) -> str:
        """Say why it cannot apply, by what is known; empty where it can."""
        return next((need.why for need in self.needs if need.truth is Truth.FALSE), "")


@dataclass(frozen=True, slots=True)
class Field:
    """Everything that could fall on the line.

    Attributes
    ----------
    candidates : tuple of Candidate
    narrower : tuple of Measure
        Measures in force on a part of the code asked: the code is too short to tell.
    shadowed : tuple of Measure
        Broad measures of an act that states the line itself.
    """

    candidates: tuple[Candidate, ...]
    narrower: tuple[Measure, ...]
    shadowed: tuple[Measure, ...]
    groups: GroupsOn

    def of(self, *instruments: Instrument) -> tuple[Candidate, ...]:
        """Give the candidates of some instruments."""
        return tuple(c for c in self.candidates if c.measure.instrument in instruments)

    @property
    def has_line(self) -> bool:
        """True where the book states a base duty for the line itself."""
        return any(c.level >= LINE and c.measure.instrument in BASES for c in self.candidates)


def gather(book: Book, question: Question, *, sector: str, partner: str | None) -> Field:
    """Give the measures that could fall on a question about goods.

    Parameters
    ----------
    book : Book
    question : Question
        With ``importer``, ``hs`` and ``on``.
    sector : str
        Industry of the code; empty where it has none.
    partner : str or None
        Economy of origin; None where it is not known.
    """
    groups, shelves = groups_on(book, question.on), shelves_of(book)
    own = [
        m
        for m in shelves.on_code(*chapters_of(question.hs, question.edition))
        if _concerns(m, question, partner, groups)
    ]
    covering = [(m, depth) for m in own if (depth := _depth(m, question)) > 0]
    narrower = tuple(m for m in own if m.instrument not in CONTROLS and _depth(m, question) < 0)
    free_line = _class_of_line(covering)
    broad = [
        (m, level)
        for m in _broad(shelves, groups, question.importer)
        if _concerns(m, question, partner, groups) and (level := _level(m, sector, free_line)) >= 0
    ]
    stated = {(m.instrument, m.act) for m, _ in covering}
    shadowed = tuple(m for m, _ in broad if (m.instrument, m.act) in stated)
    facts = known_facts(question)
    on_line = any(m.instrument in BASES for m, _ in covering)
    found = [
        _candidate(book, m, level, question, facts, groups, on_line=on_line)
        for m, level in (*covering, *broad)
        if m not in shadowed
    ]
    return Field(tuple(sorted(found, key=lambda c: c.measure.id)), narrower, shadowed, groups)


def _broad(shelves: Shelves, groups: GroupsOn, importer: str) -> Iterable[Measure]:
    for imposer, measures in shelves.broad.items():
        if importer in groups.members(imposer):
            yield from measures


def _concerns(measure: Measure, question: Question, partner: str | None, groups: GroupsOn) -> bool:
    if question.on not in measure.valid or question.importer not in groups.members(measure.imposed_by):
        return False
    scope = measure.scope
    if partner is None:
        named = bool(scope.partners or scope.exclude)
        return not named and measure.instrument is not Instrument.MFN_DUTY
    # Returning goods of the importer's own origin: its groups are no partners of it.
    if scope.partners and partner == question.importer:
        return False
    if scope.partners and not any(partner in groups.members(code) for code in scope.partners):
        return False
    return not any(partner in groups.members(code) for code in scope.exclude)


def _depth(measure: Measure, question: Question) -> int:
    """Level of the code in the measure: 10 + digits where covered, -1 where only a part of it is, else 0."""
    products = measure.scope.products
    assert products is not None
    within = range_set(products.ranges, measure.scope.exclude_products)
    codes = codes_in(question.hs, question.edition, products.edition)
    if all(within.covers(code) for code in codes):
        return LINE + max(
            len(one.partition("-")[0]) for one in products.ranges for code in codes if _inside(one, code)
        )
    return -1 if any(within.touches(code) for code in codes) else 0


@lru_cache(maxsize=16384)
def chapters_of(hs: str, edition: str) -> tuple[str, ...]:
    """Give the chapters of a code in its edition and in those it may be stated in."""
    moved = (code[:2] for other in EDITIONS for code in codes_in(hs, edition, other))
    return tuple(dict.fromkeys((hs[:2], *moved)))


@lru_cache(maxsize=16384)
def codes_in(hs: str, edition: str, other: str) -> tuple[str, ...]:
    """Give a code in another edition: itself where its subheading did not change, else what it became.

    National digits after a subheading that did not change are kept; where the tables do not reach the code
    is taken as it is.
    """
    here, there = base_edition(edition), base_edition(other)
    if here == there:
        return (hs,)
    try:
        found = convert(hs[:6], here, there)
    except OpenwardError:
        return (hs,)
    return (hs,) if found.codes == (hs[:6],) else found.codes


def _inside(range_: str, code: str) -> bool:
    low, high = bounds(range_)
    first, last = bounds(code)
    return low <= first and last <= high


def _level(measure: Measure, sector: str, free_line: bool | None) -> int:
    """Level of a broad measure; -1 where it speaks of other goods."""
    sectors = measure.scope.sectors
    if not sectors:
        return 0
    if sector in sectors:
        return 1
    classes = [s.partition("/")[2] for s in sectors if s.partition("/")[0] == sector]
    wanted = {None: "", True: "free", False: "dutiable"}[free_line]
    return 2 if "all" in classes or (wanted and wanted in classes) else -1


def _class_of_line(covering: Sequence[tuple[Measure, int]]) -> bool | None:
    """Say in which class the line counts: classes part lines at MFN zero from the others."""
    for measure, _ in covering:
        if measure.instrument is Instrument.MFN_DUTY and measure.effect.duty is not None:
            return str(measure.effect.duty) in {"0 %", "free"}
    return None


def _candidate(
    book: Book,
    measure: Measure,
    level: int,
    question: Question,
    facts: Mapping[str, Fact],
    groups: GroupsOn,
    *,
    on_line: bool,
) -> Candidate:
    line = is_line_level(measure)
    needs = list(needs_of(book, measure, question, facts, line=line))
    for condition in measure.conditions:
        if condition.kind == "membership" and question.importer not in groups.members(condition.value):
            why = f"{question.importer} is not a member of {condition.value} on {question.on.isoformat()}"
            needs.insert(0, Need(f"membership:{condition.value}", Truth.FALSE, why, NeedKind.FACT))
    if on_line and level < LINE:
        needs += _scheduled(book, measure, facts)
    standing = _standing(measure, question.on)
    if standing is not None:
        needs.insert(0, standing)
    remark = ""
    if 0 < level < LINE:
        remark = f"{measure.id} is an average over the lines of the industry, not the line's own rate"
    elif not line and is_assumed(measure):
        covered = next(c.value for c in measure.conditions if c.kind == "coverage")
        remark = f"{measure.id} covers {covered}; this line is taken as covered"
    elif not line and any(c.kind == "quota" and measure.effect.quota == "" for c in measure.conditions):
        text = next(c.value for c in measure.conditions if c.kind == "quota")
        remark = f"{measure.id}: {text}; this line is taken as not under a quota"
    edition = measure.scope.products.edition if measure.scope.products is not None else ""
    if level >= LINE and base_edition(edition) != base_edition(question.edition):
        there = ", ".join(codes_in(question.hs, question.edition, edition))
        remark = f"{measure.id} is stated in {edition}: {question.hs} of {question.edition} is {there} there"
    return Candidate(measure, level, tuple(needs), remark)


def _scheduled(book: Book, measure: Measure, facts: Mapping[str, Fact]) -> list[Need]:
    """Say what a broad preference of an agreement leaves open: its rates are a schedule, line by line."""
    act = book.acts.get(measure.act)
    if measure.instrument is not Instrument.PREFERENTIAL_DUTY or act is None or act.kind != "agreement":
        return []
    fact = f"covered:{measure.id}"
    truth = Truth.of(as_bool(fact, facts[fact])) if fact in facts else Truth.UNKNOWN
    told = measure.note or "the rate stands for many lines"
    return [Need(fact, truth, f"the schedule gives this line that rate ({told})", NeedKind.TEXT)]


def _standing(measure: Measure, on: date) -> Need | None:
    """Say what the events of a measure make of it on a day; None where it simply stands."""
    if not measure.events:
        return None
    found = listing_state(measure, on)
    if found.state is Listed.IN_FORCE:
        return None
    if found.state is Listed.UNRESOLVED:
        why = f"its suspension ended on {found.since.isoformat()}; {found.why}"
        return Need(f"suspended:{measure.id}", Truth.UNKNOWN, why, NeedKind.TEXT, sense=False)
    why = f"{found.state} since {found.since.isoformat()} ({found.act})"
    return Need(f"suspended:{measure.id}", Truth.FALSE, why, NeedKind.TEXT, sense=False)
