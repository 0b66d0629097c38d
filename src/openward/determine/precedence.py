"""Which duty applies when several could: dated rules, read from data.

The order of duties is law, so it stands in ``books/<economy>/precedence.yaml`` and a book carries it in
``Book.meta["precedence"]``: a mapping from economy (``"*"`` for every other) to the parsed file. Rules are
read from top to bottom for one line, partner and day; each works on the running rate:

==============  ==================================================================================
kind            what it does
==============  ==================================================================================
``base``        takes the rate of the instrument, where one is in force for the partner
``replace``     takes the place of a base that was taken, even where it is higher
``otherwise``   takes the rate of the instrument where no base was taken
``lowest``      the lowest of those in force for the partner takes the place of the rate
``cap``         after ``lowest`` has chosen: the rate may not exceed that of the instrument;
                ``unless`` names instruments whose presence switches the rule off
``quota``       inside a tariff quota its rate takes the place of the rate; ``excludes`` names instruments
                that goods inside a quota do not pay. A fact of the shipment: industry averages only name it
``exclude``     where a measure of one of its ``acts`` applies, those of the acts named ``over`` do not
``floor``       a measure of its ``acts`` raises the rate to its own where the rate is below it
``add``         every one in force is added to the rate
``higher``      where origin in an economy under a measure of an ``add`` rule cannot be excluded: the
                higher of (rate before additions + highest addition) and the rate of the instrument
==============  ==================================================================================

``exclude`` works line by line (:mod:`openward.determine.tally`); industry averages do not hold it and say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from openward.book.model import Book, Instrument
from openward.codes.terms import Interval
from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError

SCHEMA = "openward.precedence/1"
DEFAULT = "*"


class RuleKind(StrEnum):
    """What a rule does to the running rate (table in the module's docstring)."""

    BASE = "base"
    REPLACE = "replace"
    OTHERWISE = "otherwise"
    LOWEST = "lowest"
    CAP = "cap"
    QUOTA = "quota"
    EXCLUDE = "exclude"
    FLOOR = "floor"
    ADD = "add"
    HIGHER = "higher"


EXCLUSIVE = frozenset({RuleKind.BASE, RuleKind.REPLACE, RuleKind.OTHERWISE, RuleKind.CAP, RuleKind.HIGHER})
"""Kinds that need one single rate of their instrument."""


@dataclass(frozen=True, slots=True)
class PrecedenceRule:
    """One rule of the order of duties, with the place in the act that states it."""

    id: str
    kind: RuleKind
    instruments: tuple[Instrument, ...]
    unless: tuple[Instrument, ...] = ()
    article: str = ""
    text: str = ""
    excludes: tuple[Instrument, ...] = ()
    acts: tuple[str, ...] = ()
    over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Regime:
    """The ordered rules of one economy (``"*"``: of any) over one interval."""

    economy: str
    valid: Interval
    act: str
    rules: tuple[PrecedenceRule, ...]
    note: str = ""

    def instruments(self) -> frozenset[Instrument]:
        """Give the instruments that some rule names."""
        return frozenset(i for rule in self.rules for i in rule.instruments)

    def additions(self) -> frozenset[Instrument]:
        """Give the instruments that come on top of the rate."""
        kinds = (RuleKind.ADD, RuleKind.FLOOR)
        return frozenset(i for rule in self.rules if rule.kind in kinds for i in rule.instruments)

    def floors(self) -> frozenset[str]:
        """Give the acts whose duties are floors, not additions."""
        return frozenset(act for rule in self.rules if rule.kind is RuleKind.FLOOR for act in rule.acts)


@dataclass(frozen=True, slots=True)
class Precedence:
    """All regimes of a book."""

    regimes: tuple[Regime, ...]

    def at(self, economy: str, on: date) -> Regime:
        """Give the rules of an economy on a day, else the default ones.

        Raises
        ------
        MissingDataError
            Where the book holds neither.
        """
        for wanted in (economy, DEFAULT):
            for regime in self.regimes:
                if regime.economy == wanted and on in regime.valid:
                    return regime
        raise MissingDataError(
            f"no rules of precedence for {economy} on {on.isoformat()}",
            hint='add a period to the economy\'s precedence.yaml, or a default with economy "*"',
            where="precedence",
        )


def precedence_of(book: Book) -> Precedence:
    """Read the rules a book carries in ``meta["precedence"]``.

    Raises
    ------
    MissingDataError
        Where the book carries none.
    InputErrors
        Listing every rule that is not understood, each with its file.
    """
    raw = book.meta.get("precedence")
    if not raw:
        raise MissingDataError(
            f"book {book.name!r} has no rules of precedence",
            hint="put a precedence.yaml beside its book.yaml, or include the book `world`",
            where=book.name,
        )
    documents = list(raw.values()) if isinstance(raw, Mapping) else list(raw)
    return parse_precedence(documents)


def precedence_on(book: Book, economy: str, on: date) -> Regime:
    """Give the rules of an economy on a day; the files of a book are read once.

    Raises
    ------
    MissingDataError
        Where the book holds none for it.
    """
    raw = book.meta.get("precedence")
    found = _parsed.get(id(raw))
    if found is None or found[0] is not raw:
        found = raw, precedence_of(book)
        if len(_parsed) > 16:
            _parsed.clear()
        _parsed[id(raw)] = found
    return found[1].at(economy, on)


_parsed: dict[int, tuple[Any, Precedence]] = {}


def parse_precedence(documents: Iterable[Any]) -> Precedence:
    """Turn parsed ``precedence.yaml`` documents into rules; collects every error, then raises once."""
    errors: list[OpenwardError] = []
    regimes: list[Regime] = []
    for document in documents:
        if not isinstance(document, Mapping):
            errors.append(
                _error("a precedence file must be a mapping", "start it with `schema:`", "precedence.yaml")
            )
            continue
        regimes.extend(_document(document, errors))
    for i, one in enumerate(regimes):
        for other in regimes[:i]:
            if one.economy == other.economy and one.valid.overlaps(other.valid):
                errors.append(
                    _error(
                        f"two periods of {one.economy} overlap ({other.act} and {one.act})",
                        "let one end on the day the other begins",
                        "precedence.yaml",
                    )
                )
    if errors:
        raise InputErrors(errors)
    return Precedence(tuple(regimes))


def _document(document: Mapping[str, Any], errors: list[OpenwardError]) -> list[Regime]:
    economy = str(document.get("economy", ""))
    where = str(document.get("where") or f"precedence.yaml of {economy or '?'}")
    _unknown(document, {"schema", "economy", "periods", "where"}, where, errors)
    if document.get("schema") != SCHEMA:
        errors.append(_error(f"schema is {document.get('schema')!r}", f"write `schema: {SCHEMA}`", where))
    if not economy:
        errors.append(_error("no economy named", 'write `economy: CHN`, or "*" for every other', where))
    periods = document.get("periods") or ()
    if not periods:
        errors.append(_error("no periods", "list at least one under `periods:`", where))
    return [
        r for n, p in enumerate(periods) if (r := _regime(p, economy, f"{where}, period {n + 1}", errors))
    ]


def _regime(raw: Any, economy: str, where: str, errors: list[OpenwardError]) -> Regime | None:
    if not isinstance(raw, Mapping):
        errors.append(_error("a period must be a mapping", "give it `from`, `to`, `act` and `rules`", where))
        return None
    _unknown(raw, {"from", "to", "act", "note", "rules"}, where, errors)
    start = _day(raw.get("from"), where, errors) or date.min
    rules = tuple(
        r for n, x in enumerate(raw.get("rules") or ()) if (r := _rule(x, f"{where}, rule {n + 1}", errors))
    )
    if not rules or rules[0].kind is not RuleKind.BASE:
        errors.append(_error("the first rule must be a `base`", "begin with the MFN duty", where))
    kinds = [rule.kind for rule in rules]
    if RuleKind.CAP in kinds and RuleKind.LOWEST not in kinds[: kinds.index(RuleKind.CAP)]:
        errors.append(_error("a `cap` stands before any `lowest`", "move it below the rule it limits", where))
    if RuleKind.HIGHER in kinds and RuleKind.ADD not in kinds[: kinds.index(RuleKind.HIGHER)]:
        errors.append(_error("a `higher` stands before any `add`", "move it below the additions", where))
    ranked = {(winner, loser) for rule in rules for winner in rule.acts for loser in rule.over}
    for winner, loser in sorted(pair for pair in ranked if pair[::-1] in ranked and pair[0] < pair[1]):
        errors.append(
            _error(f"{winner} and {loser} exclude each other", "say which of them goes first, once", where)
        )
    valid = Interval(start, _day(raw.get("to"), where, errors))
    return Regime(economy, valid, str(raw.get("act") or ""), rules, str(raw.get("note") or "").strip())


def _rule(raw: Any, where: str, errors: list[OpenwardError]) -> PrecedenceRule | None:
    if not isinstance(raw, Mapping):
        errors.append(_error("a rule must be a mapping", "give it `id`, `kind` and `instruments`", where))
        return None
    _unknown(
        raw,
        {"id", "kind", "instruments", "unless", "article", "text", "excludes", "acts", "over"},
        where,
        errors,
    )
    name = str(raw.get("id") or raw.get("kind"))
    if raw.get("kind") not in list(RuleKind):
        errors.append(_error(f"unknown kind {raw.get('kind')!r}", f"one of {', '.join(RuleKind)}", where))
        return None
    kind = RuleKind(raw["kind"])
    instruments = _instruments(raw.get("instruments"), where, errors)
    unless = _instruments(raw.get("unless"), where, errors)
    if not instruments:
        errors.append(
            _error(f"rule {name!r} names no instrument", "list at least one under `instruments:`", where)
        )
    if len(instruments) > 1 and kind in EXCLUSIVE:
        errors.append(
            _error(f"rule {name!r} of kind `{kind}` names several instruments", "write one rule each", where)
        )
    if unless and kind is not RuleKind.CAP:
        errors.append(
            _error(f"`unless` has no meaning in a `{kind}` rule", "only a `cap` can be switched off", where)
        )
    excludes = _instruments(raw.get("excludes"), where, errors)
    acts, over = _names(raw.get("acts")), _names(raw.get("over"))
    if excludes and kind is not RuleKind.QUOTA:
        errors.append(
            _error(f"`excludes` has no meaning in a `{kind}` rule", "only a `quota` excludes", where)
        )
    for field, told, wanted in (
        ("acts", acts, kind in (RuleKind.EXCLUDE, RuleKind.FLOOR)),
        ("over", over, kind is RuleKind.EXCLUDE),
    ):
        if bool(told) is not wanted:
            problem = "is missing in" if wanted else "has no meaning in"
            errors.append(
                _error(
                    f"`{field}` {problem} a `{kind}` rule",
                    "an `exclude` needs `acts` and `over`, a `floor` `acts`",
                    where,
                )
            )
    return PrecedenceRule(
        name,
        kind,
        instruments,
        unless,
        str(raw.get("article") or ""),
        str(raw.get("text") or ""),
        excludes,
        acts,
        over,
    )


def _names(raw: Any) -> tuple[str, ...]:
    return (raw,) if isinstance(raw, str) else tuple(str(one) for one in raw or ())


def _instruments(raw: Any, where: str, errors: list[OpenwardError]) -> tuple[Instrument, ...]:
    names = [raw] if isinstance(raw, str) else list(raw or ())
    unknown = [n for n in names if n not in list(Instrument)]
    errors.extend(
        _error(f"unknown instrument {n!r}", f"one of {', '.join(Instrument)}", where) for n in unknown
    )
    return tuple(Instrument(n) for n in names if n not in unknown)


def _day(raw: Any, where: str, errors: list[OpenwardError]) -> date | None:
    if raw is None or isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        errors.append(_error(f"{raw!r} is not a date", "write it as 2024-12-01", where))
        return None


def _unknown(raw: Mapping[str, Any], known: set[str], where: str, errors: list[OpenwardError]) -> None:
    for extra in sorted(set(raw) - known):
        errors.append(_error(f"unknown field {extra!r}", f"one of {', '.join(sorted(known))}", where))


def _error(message: str, hint: str, where: str) -> InputError:
    return InputError(message, hint=hint, where=where)
