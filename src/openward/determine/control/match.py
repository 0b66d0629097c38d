"""Whether a measure of export control is about the goods, the destination and the facts of a question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openward.book.model import Book, Flow, Instrument, Measure
from openward.codes.ranges import covers, touches
from openward.determine.control.listing import Standing, State, standing
from openward.determine.decision import Fact, Question
from openward.determine.facts import parse
from openward.determine.groups import GroupsOn
from openward.determine.kleene import Truth

CONTROLS = frozenset({Instrument.LICENCE, Instrument.LICENCE_POLICY, Instrument.PROHIBITION})
CODE = "product code"


@dataclass(frozen=True, slots=True)
class Match:
    """A measure that may apply.

    Attributes
    ----------
    measure : Measure
    standing : Standing
        How the measure itself stands on the day.
    applies : Truth
        Whether goods and facts are those of its text (whatever its standing).
    missing : tuple of str
        Facts that would have to be known.
    condition : str
        The condition on facts in its text; empty where it has none.
    """

    measure: Measure
    standing: Standing
    applies: Truth
    missing: tuple[str, ...]
    condition: str

    @property
    def about_goods(self) -> bool:
        """True where the measure names goods; else it is about use, user or knowledge."""
        return self.measure.scope.products is not None

    @property
    def binds(self) -> Truth:
        """Whether it binds on the day: its text applies and it is in force."""
        if self.standing.state is State.IN_FORCE:
            return self.applies
        if self.standing.state is State.RENEWAL_UNKNOWN:
            return self.applies & Truth.UNKNOWN
        return Truth.FALSE


def matches(book: Book, question: Question, facts: Mapping[str, Fact], *, imposer: str) -> Iterator[Match]:
    """Give the export controls of an economy that may apply to a question, items and general clauses."""
    groups = GroupsOn(book, question.on)
    for measure in book.measures.values():
        if measure.flow is not Flow.EXPORT or measure.instrument not in CONTROLS:
            continue
        if measure.imposed_by != imposer or measure.scope.parties:
            continue
        stands = standing(measure, question.on)
        if stands.state is State.NOT_YET:
            continue
        scope = measure.scope
        if scope.partners and question.importer not in groups.expand(scope.partners):
            continue
        if scope.exclude and question.importer in groups.expand(scope.exclude):
            continue
        found = _match(measure, stands, question, facts)
        if found is not None:
            yield found


def _match(measure: Measure, stands: Standing, question: Question, facts: Mapping[str, Fact]) -> Match | None:
    code = _by_code(measure, question.hs)
    if code is Truth.FALSE:
        return None
    conditions = [parse(one.value) for one in measure.conditions if one.kind == "fact"]
    truth = Truth.TRUE
    missing: list[str] = []
    for condition in conditions:
        truth = truth & condition.evaluate(facts)
        missing += condition.missing(facts)
    if code is Truth.UNKNOWN and (not conditions or measure.instrument is Instrument.LICENCE_POLICY):
        truth = truth & Truth.UNKNOWN
    if code is Truth.UNKNOWN and truth is not Truth.FALSE:
        # A wider code than the text points at: the parameters cannot tell which goods they are of.
        truth, missing = Truth.UNKNOWN, [CODE, *missing]
    if truth is Truth.FALSE:
        missing = []
    text = " and ".join(str(condition) for condition in conditions)
    return Match(measure, stands, truth, tuple(dict.fromkeys(missing)), text)


def _by_code(measure: Measure, hs: str) -> Truth:
    products = measure.scope.products
    if products is None:
        return Truth.TRUE
    if any(covers(one, hs) for one in measure.scope.exclude_products):
        return Truth.FALSE
    if any(covers(one, hs) for one in products.ranges):
        return Truth.TRUE
    return Truth.UNKNOWN if any(touches(one, hs) for one in products.ranges) else Truth.FALSE
