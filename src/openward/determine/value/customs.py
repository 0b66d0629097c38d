"""Customs value: the price with what the law adds and deducts, or the fallback methods in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from openward.book.model import Book
from openward.determine.charge import exchange_rate
from openward.determine.decision import Fact, Money, Question, Unresolved
from openward.determine.facts import as_bool
from openward.determine.quantities import measured
from openward.determine.step import Step
from openward.determine.value.frame import Frame, Item, Method
from openward.errors import InputError

WITH_CARRIAGE = frozenset({"CIF", "CIP", "DAP", "DPU", "DDP"})
"""Terms of delivery whose price holds freight and insurance to entry."""
WITH_FREIGHT = frozenset({"CFR", "CPT"})
"""Terms of delivery whose price holds freight to entry, but no insurance."""
WITHOUT = frozenset({"EXW", "FCA", "FAS", "FOB"})


@dataclass(frozen=True, slots=True)
class CustomsValue:
    """The value that duties are charged on.

    Attributes
    ----------
    money : Money or None
        Not rounded; None where no method gives it.
    method : str
        ``transaction``, or the id of the fallback method used.
    steps : tuple of Step
        How it was built, each with its article.
    """

    money: Money | None
    method: str
    steps: tuple[Step, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Builder:
    book: Book
    frame: Frame
    question: Question
    currency: str
    steps: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def amount(self, item: Item) -> Decimal | None:
        """Give the amount a fact states, in the currency of the price; None where it is not given.

        Raises
        ------
        InputError
            Negative, not an amount, or in another currency without an exchange rate.
        """
        if item.fact not in self.question.facts:
            return None
        return self.read(item.fact, self.question.facts)

    def read(self, name: str, facts: Mapping[str, Fact]) -> Decimal:
        fact = facts[name]
        found = measured(str(fact)) if not isinstance(fact, bool) else None
        if found is None:
            raise InputError(
                f"{name} is {fact}, not an amount",
                hint=f"write {name}=250.89 or {name}='250.89 EUR'",
                where=name,
            )
        if found.number < 0:
            raise InputError(f"{name} is {found.number}", hint="an amount is zero or more", where=name)
        if found.unit in {"", self.currency}:
            return found.number
        rate = exchange_rate(found.unit, self.currency, facts)
        if rate is None:
            raise InputError(
                f"{name} is in {found.unit} and the price in {self.currency}",
                hint=f"give the rate: exchange_rate:{found.unit}/{self.currency}",
                where=name,
            )
        return found.number * rate

    def step(self, text: str, article: str, before: str, after: Decimal) -> None:
        cited = f"{self.title}, art. {article}" if article else self.title
        self.steps.append(Step(text, "", before, f"{after:f} {self.currency}", cited))

    @property
    def title(self) -> str:
        act = self.book.acts.get(self.frame.act)
        return act.title if act is not None else self.frame.act


def customs_value(book: Book, question: Question, frame: Frame) -> CustomsValue:
    """Build the customs value of a shipment.

    The value of the question is the price; facts named by the frame are added, deducted, or say that the
    price cannot be accepted. ``incoterm`` says whether freight and insurance are in the price; where it is
    not given they are added if they are given.

    Parameters
    ----------
    book : Book
    question : Question
    frame : Frame
        From :func:`~openward.determine.value.frame.frame_of`.

    Raises
    ------
    InputError
        An amount that is negative, not a number, or in a currency without a rate.
    """
    facts = question.facts
    currency = question.value.currency if question.value is not None else frame.currency
    builder = _Builder(book, frame, question, currency)
    broken = [c for c in frame.conditions if c.fact in facts and as_bool(c.fact, facts[c.fact])]
    unknown = [c for c in frame.conditions if c.fact not in facts]
    if question.value is None or broken:
        return _fallback(builder, broken)
    total = _adjusted(builder, question.value.amount)
    unresolved = (_accepted(builder, unknown, total),) if unknown else ()
    money = _converted(builder, total)
    return CustomsValue(money, "transaction", tuple(builder.steps), unresolved, tuple(builder.notes))


def _adjusted(builder: _Builder, price: Decimal) -> Decimal:
    frame = builder.frame
    total = price
    builder.step("the price paid or payable", frame.value.article, "the price of the question", total)
    for item, sign in (
        *_carriage(builder),
        *((item, 1) for item in frame.additions),
        *((item, -1) for item in frame.deductions),
    ):
        amount = builder.amount(item)
        if amount is None or amount == 0:
            continue
        before, total = total, total + sign * amount
        verb = "added" if sign > 0 else "deducted"
        builder.step(item.text, item.article, f"{before:f}, {item.fact} {amount:f} {verb}", total)
    if total < 0:
        raise InputError(
            "more is deducted than the price holds", hint="check the amounts deducted", where="value"
        )
    return total


def _carriage(builder: _Builder) -> list[tuple[Item, int]]:
    """Give the freight and insurance to add (a value at entry) or to take off (a value at export)."""
    frame, facts = builder.frame, builder.question.facts
    term = str(facts.get("incoterm", "")).strip().upper()[:3]
    if term and term not in WITH_CARRIAGE | WITH_FREIGHT | WITHOUT:
        raise InputError(
            f"unknown term of delivery {term!r}",
            hint="one of the Incoterms 2020, for example FOB or CIF",
            where="incoterm",
        )
    names = {item.fact for item in frame.carriage}
    inside = names if term in WITH_CARRIAGE else {"freight"} if term in WITH_FREIGHT else set()
    at_entry = frame.basis == "cif"
    wanted = [item for item in frame.carriage if (item.fact in inside) is not at_entry]
    missing = " and ".join(item.fact for item in wanted if item.fact not in facts)
    if missing and term and at_entry:
        builder.notes.append(
            f"{missing} to entry not given: the price is {term}, and the value must hold them"
        )
    elif missing and term:
        builder.notes.append(f"{missing} not given: the price is {term}, and the value must not hold them")
    elif missing and at_entry:
        builder.notes.append(
            "no incoterm given: the price is taken to hold what is not given of freight and insurance"
        )
    return [(item, 1 if at_entry else -1) for item in wanted]


def _accepted(builder: _Builder, unknown: Sequence[Item], total: Decimal) -> Unresolved:
    texts = " ".join(item.text for item in unknown)
    articles = ", ".join(item.article for item in unknown)
    return Unresolved(
        fact=" or ".join(item.fact for item in unknown),
        why=f"the price is taken as acceptable; it is not where ({builder.title}, art. {articles}): {texts}",
        if_true="the price is not accepted: the fallback methods apply in their order",
        if_false=f"the customs value is {total:f} {builder.currency}",
    )


def _fallback(builder: _Builder, broken: Sequence[Item]) -> CustomsValue:
    for item in broken:
        builder.steps.append(
            Step(
                "the price is not accepted",
                "",
                item.text,
                "fallback methods",
                f"{builder.title}, art. {item.article}",
            )
        )
    methods = _in_order(builder)
    for method in methods:
        amount = builder.amount(method.item)
        if amount is None:
            builder.steps.append(
                Step(
                    method.item.text,
                    "",
                    f"{method.item.fact} is not given",
                    "the next method",
                    f"{builder.title}, art. {method.item.article}",
                )
            )
            continue
        builder.step(method.item.text, method.item.article, method.item.fact, amount)
        for less in method.less:
            taken = builder.amount(less)
            if taken:
                before, amount = amount, amount - taken
                builder.step(less.text, less.article, f"{before:f}, {less.fact} {taken:f} deducted", amount)
        if amount < 0:
            raise InputError(
                f"the {method.id} method gives {amount}",
                hint="check what is deducted",
                where=method.item.fact,
            )
        return CustomsValue(
            _converted(builder, amount), method.id, tuple(builder.steps), (), tuple(builder.notes)
        )
    wanted = ", ".join(m.item.fact for m in methods)
    found = Unresolved(
        "customs_value",
        "no price that could be accepted is given, and none of the fallback methods has its figure",
        f"the first of {wanted} that is known decides",
        "no duty by value can be worked out",
    )
    return CustomsValue(None, "", tuple(builder.steps), (found,), tuple(builder.notes))


def _in_order(builder: _Builder) -> list[Method]:
    frame, facts = builder.frame, builder.question.facts
    methods = list(frame.methods)
    swap = frame.swap
    if swap is None or swap.fact not in facts or not as_bool(swap.fact, facts[swap.fact]):
        return methods
    one, other = (next(k for k, m in enumerate(methods) if m.id == name) for name in frame.swapped)
    methods[one], methods[other] = methods[other], methods[one]
    builder.steps.append(
        Step(swap.text, "", "the order of methods", "reversed", f"{builder.title}, art. {swap.article}")
    )
    return methods


def _converted(builder: _Builder, amount: Decimal) -> Money:
    goal, exchange = builder.frame.currency, builder.frame.exchange
    if not goal or builder.currency == goal:
        return Money(amount, builder.currency)
    rate = exchange_rate(builder.currency, goal, builder.question.facts)
    if rate is None:
        builder.notes.append(
            f"amounts stay in {builder.currency}: exchange_rate:{builder.currency}/{goal} is not given"
        )
        return Money(amount, builder.currency)
    text = exchange.text if exchange is not None else "converted"
    before, builder.currency = builder.currency, goal
    builder.step(
        text,
        exchange.article if exchange is not None else "",
        f"{amount:f} {before} at {rate:f}",
        amount * rate,
    )
    return Money(amount * rate, goal)


def total_of(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Add amounts; None where one is not known."""
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total
