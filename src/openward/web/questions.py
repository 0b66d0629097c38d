"""A question of the look-up page as the rooms below ask it, and their decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import TYPE_CHECKING

from openward.book.model import Book, Flow
from openward.codes.tables import unknown
from openward.determine.decision import Decision, Money, Question
from openward.errors import InputError, UsageError
from openward.web.asked import Asked
from openward.web.workbench import SUPPLIES, read_day

if TYPE_CHECKING:
    from openward.determine.control.ownership import Holding


def decide(asked: Asked, book: Book) -> Decision:
    """Answer a question.

    Raises
    ------
    UsageError
        Something needed is missing, or the question has no decision (an average over an industry).
    OpenwardError
        What the rooms below refuse.
    """
    if asked.form.mode not in DECIDERS:
        raise UsageError(
            f"{asked.form.title} is a rate, not a decision",
            hint=f"ask for mode={', '.join(DECIDERS)}; averages are at /api/rate",
            where="mode",
        )
    return DECIDERS[asked.form.mode](asked, book)


def day_of(asked: Asked, book: Book) -> date:
    """Give the day asked about: the last one the book covers where none is given."""
    told = asked.one("on")
    return read_day(told, field="on") if told else book.covered_to


def _known(asked: Asked) -> date | None:
    told = asked.one("known_at")
    return read_day(told, field="known_at") if told else None


def _needed(asked: Asked, name: str) -> str:
    told = asked.one(name)
    field = asked.form.field(name)
    if not told and field is not None:
        hint = f"for example {field.example or field.placeholder}" if field.example else field.title
        raise UsageError(f"{field.label.lower()} is missing", hint=hint, where=name)
    return told


def _number(asked: Asked, name: str) -> Decimal | None:
    told = asked.one(name)
    if not told:
        return None
    try:
        number = Decimal(told)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise InputError(f"{told!r} is not a number", hint="write it like 1260.89", where=name)
    return number


def _goods(asked: Asked, book: Book) -> Decision:
    from openward.determine.goods import decide as goods

    on, importer = day_of(asked, book), asked.one("importer") or book.economy
    origin = asked.one("origin") or asked.one("from")
    if not origin:
        raise UsageError("the origin is missing", hint="give an economy, or unknown", where="origin")
    hs = _needed(asked, "hs")
    value = _number(asked, "value")
    question = Question(
        flow=Flow.IMPORT.value,
        on=on,
        importer=importer,
        origin="" if origin.casefold() == "unknown" else origin,
        shipped_from=asked.one("from") or ("" if origin.casefold() == "unknown" else origin),
        hs=hs,
        edition=asked.one("edition") or "HS2022",
        additional_code=asked.one("additional_code"),
        zone=asked.one("zone"),
        value=None if value is None else Money(value, asked.one("currency") or _own(book, importer, on)),
        quantity=_number(asked, "quantity"),
        unit=asked.one("unit"),
        claim=asked.one("claim"),
        proof=asked.one("proof"),
        parties=asked.many("party"),
        end_use=asked.one("end_use"),
        facts=MappingProxyType(asked.facts()),
    )
    return goods(question, book, known_at=_known(asked))


def _own(book: Book, importer: str, on: date) -> str:
    from openward.determine.value.frame import frame_of

    frame = frame_of(book, importer, on)
    if frame is None:
        raise UsageError("the value has no currency", hint="give one, for example CNY", where="currency")
    return frame.currency


def _export(asked: Asked, book: Book) -> Decision:
    from openward.determine.control.ear import decide_ear
    from openward.determine.control.export import decide_export

    hs, eccn = asked.one("hs"), asked.one("eccn")
    if bool(hs) == bool(eccn):
        raise UsageError(
            "give either a product code (law of China) or a control number (law of the United States)",
            hint="for example hs=28258000",
            where="hs",
        )
    question = Question(
        flow=Flow.EXPORT.value,
        on=day_of(asked, book),
        importer=_needed(asked, "to"),
        shipped_from=asked.one("from"),
        hs=hs,
        parties=asked.many("party"),
        end_use=asked.one("end_use"),
        facts=MappingProxyType(asked.facts()),
    )
    if eccn:
        return decide_ear(question, eccn=eccn, listed=None)
    return decide_export(book, question, holdings=_holdings(asked))


def _party(asked: Asked, book: Book) -> Decision:
    from openward.determine.control.ownership import ownership_rule
    from openward.determine.control.party import decide_party

    rule = asked.one("rule")
    return decide_party(
        book,
        _needed(asked, "name"),
        day_of(asked, book),
        holdings=_holdings(asked),
        listed=asked.many("listed"),
        rule=ownership_rule(rule) if rule else None,
    )


def _holdings(asked: Asked) -> tuple[Holding, ...]:
    from openward.determine.control.ownership import Holding

    found = []
    for text in asked.many("owns"):
        owner, owned, share = (*text.rsplit(":", 2), "", "")[:3]
        percent = share.strip().endswith("%")
        try:
            number = Decimal(share.strip().rstrip("%").strip())
        except InvalidOperation:
            raise InputError(
                f"{text!r} is not a holding",
                hint="write OWNER:OWNED:SHARE, for example Alpha:Beta:50 %",
                where="owns",
            ) from None
        found.append(Holding(owner.strip(), owned.strip(), number / 100 if percent else number))
    return tuple(found)


def _investment(asked: Asked, book: Book) -> Decision:
    from openward.determine.investment import decide as investment

    if not asked.one("sector") and not asked.one("activity"):
        raise UsageError(
            "neither a sector nor an activity is given", hint="for example sector J61", where="sector"
        )
    given = {name: asked.one(name) for name in ("activity", "stake")}
    question = Question(
        flow=Flow.INWARD_INVESTMENT.value,
        on=day_of(asked, book),
        sector=asked.one("sector"),
        zone=asked.one("zone"),
        facts=MappingProxyType({**asked.facts(), **{name: text for name, text in given.items() if text}}),
    )
    return investment(question, book, known_at=_known(asked))


def _services(asked: Asked, book: Book) -> Decision:
    from openward.determine.services import decide as services

    supply, modes = _needed(asked, "supply"), [mode for mode, _ in SUPPLIES]
    if supply not in modes:
        raise unknown("mode of supply", supply, [], f"one of {', '.join(modes)}")
    question = Question(
        flow=f"services-mode-{supply}",
        on=day_of(asked, book),
        sector=_needed(asked, "sector"),
        zone=asked.one("zone"),
        facts=MappingProxyType(asked.facts()),
    )
    return services(question, book, known_at=_known(asked))


DECIDERS: dict[str, Callable[[Asked, Book], Decision]] = {
    "goods": _goods,
    "export": _export,
    "party": _party,
    "investment": _investment,
    "services": _services,
}
