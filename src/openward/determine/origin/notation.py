"""The notation of rules: read with the place of every mistake, printed so that it reads back.

::

    CTH except 2204, 2207-2208 or RVC 40 % build-down
    (CC and process "cut and sewn") or MaxNOM 50 % EXW of 39, 40
    CTH allowing 20 % EXW of same heading
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from openward.determine.origin.codes import CodeRange, code_range
from openward.determine.origin.rule import (
    EVERY,
    Allowance,
    AnotherGood,
    Anything,
    Basis,
    ByGood,
    Excepted,
    ForeignAtMostRegional,
    Formula,
    Level,
    MaterialsObtained,
    MaxForeign,
    MaxForeignWeight,
    MinRegional,
    Named,
    Outside,
    OutsideGroup,
    Process,
    Proviso,
    Rule,
    Selection,
    Shift,
    Source,
    WhollyObtained,
    all_rules,
    any_rule,
)
from openward.determine.origin.writing import write
from openward.errors import InputError, OpenwardError

_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"(?:[^\"\\]|\\.)*\")|(?P<percent>\d+(?:\.\d+)?)\s*%|(?P<codes>\d[\d.]*(?:\s*-\s*\d[\d.]*)?)"
    r"|(?P<word>[A-Za-z][A-Za-z-]*)|(?P<mark>[(),;]))"
)
_CHANGES = {"CC": Level.CHAPTER, "CTH": Level.HEADING, "CTSH": Level.SUBHEADING, "CTI": Level.ITEM}
_BASES = {basis.value.lower(): basis for basis in Basis}
_FORMULAS = {formula.value: formula for formula in Formula}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: str
    place: int


def parse(text: str, *, where: str = "rule") -> Rule:
    """Read a rule in notation.

    Raises
    ------
    InputError
        With the column of the mistake and what was expected there.
    """
    reader = _Reader(text, where)
    rule = reader.alternatives()
    reader.end()
    return rule


class _Reader:
    def __init__(self, text: str, where: str) -> None:
        self.text, self.where, self.at = text, where, 0
        self.tokens = self._tokens()

    def _tokens(self) -> list[_Token]:
        found: list[_Token] = []
        at = 0
        while self.text[at:].strip():
            match = _TOKEN.match(self.text, at)
            if match is None or match.lastgroup is None:
                skip = len(self.text[at:]) - len(self.text[at:].lstrip())
                raise self.error(
                    at + skip,
                    f"{self.text[at + skip]!r} begins nothing",
                    'a word, code, "text" or percentage',
                )
            found.append(_Token(match.lastgroup, match.group(match.lastgroup), match.start(match.lastgroup)))
            at = match.end()
        return found

    def error(self, place: int, message: str, expected: str) -> InputError:
        return InputError(message, hint=f"expected {expected}", where=f"{self.where}, column {place + 1}")

    def fail(self, expected: str) -> InputError:
        token = self.peek()
        if token is None:
            return self.error(len(self.text), "the rule ends too early", expected)
        return self.error(token.place, f"{token.value!r} does not belong here", expected)

    def peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def word(self, *words: str) -> bool:
        token = self.peek()
        if token is not None and token.value.lower() in words and token.kind in ("word", "mark"):
            self.at += 1
            return True
        return False

    def take(self, kind: str, expected: str) -> str:
        token = self.peek()
        if token is None or token.kind != kind:
            raise self.fail(expected)
        self.at += 1
        return token.value

    def end(self) -> None:
        if self.peek() is not None:
            raise self.fail("'and', 'or' or the end of the rule")

    def alternatives(self) -> Rule:
        parts = [self.conditions()]
        while self.word("or"):
            parts.append(self.conditions())
        return parts[0] if len(parts) == 1 else any_rule(tuple(parts))

    def conditions(self) -> Rule:
        parts = [self.leaf()]
        while self.word("and"):
            parts.append(self.leaf())
        return all_rules(tuple(parts))

    def leaf(self) -> Rule:
        if self.word("("):
            rule = self.alternatives()
            if not self.word(")"):
                raise self.fail("')'")
            return rule
        token = self.peek()
        if token is None or token.kind != "word":
            raise self.fail(
                "WO, CC, CTH, CTSH, ANY, FROM, MaxNOM, MaxWeight, RVC, NOM-to-OM, process, fact, case or '('"
            )
        self.at += 1
        name = token.value.lower()
        if name.upper() in _CHANGES or name in ("any", "from", "outside", "other-good"):
            return self.shift(name)
        if name == "wo":
            return MaterialsObtained(self.selection()) if self.word("of") else WhollyObtained()
        if name == "originating":
            return MaterialsObtained(self.selection() if self.word("of") else EVERY, True)
        if name == "maxnom":
            share = self.percent()
            return MaxForeign(
                share, self.basis(Basis.EX_WORKS), self.selection() if self.word("of") else EVERY
            )
        if name == "maxweight":
            return MaxForeignWeight(self.percent(), self.selection() if self.word("of") else EVERY)
        if name == "rvc":
            return self.regional()
        if name == "nom-to-om":
            return ForeignAtMostRegional()
        if name in ("process", "fact", "unread"):
            words = self.quoted()
            return Process(words) if name == "process" else Proviso(words, name == "unread")
        if name == "case":
            return self.cases()
        raise self.error(
            token.place,
            f"{token.value!r} is no kind of rule",
            "WO, CC, CTH, CTSH, ANY, FROM, MaxNOM, RVC ...",
        )

    def cases(self) -> Rule:
        cases = [self.case()]
        otherwise = None
        while self.word(";"):
            if self.word("else"):
                otherwise = self.leaf()
                break
            cases.append(self.case())
        return ByGood(tuple(cases), otherwise)

    def case(self) -> tuple[str, Rule]:
        return self.quoted(), self.leaf()

    def regional(self) -> Rule:
        share = self.percent()
        formula = _FORMULAS.get(self.take("word", "build-down, build-up, net-cost or focused").lower())
        if formula is None:
            self.at -= 1
            raise self.fail("build-down, build-up, net-cost or focused")
        basis = self.basis(Basis.NET_COST if formula is Formula.NET_COST else Basis.VALUE)
        return MinRegional(share, formula, basis, self.selection() if self.word("of") else EVERY)

    def shift(self, name: str) -> Rule:
        sources = [self.source(name)]
        while self.word("plus"):
            sources.append(self.source(self.take("word", "CC, CTH, CTSH, ANY, FROM or OUTSIDE").lower()))
        excepting: tuple[Excepted, ...] = ()
        if self.word("except"):
            excepting = tuple(self.exceptions())
        shift = Shift(tuple(sources), excepting)
        return self.allowance(shift) if self.word("allowing") else shift

    def source(self, name: str) -> Source:
        if name.upper() in _CHANGES:
            return Outside(_CHANGES[name.upper()])
        if name == "any":
            return Anything()
        if name == "outside":
            return OutsideGroup(self.codes())
        if name == "other-good":
            return AnotherGood(self.codes())
        if name == "from":
            earlier = self.word("earlier")
            token = self.peek()
            description = self.quoted() if token is not None and token.kind == "text" else ""
            token = self.peek()
            coded = token is not None and token.kind == "codes"
            return Named(self.codes() if coded or not description else (), description, earlier)
        self.at -= 1
        raise self.fail("CC, CTH, CTSH, ANY, FROM, OUTSIDE or OTHER-GOOD")

    def exceptions(self) -> list[Excepted]:
        found = [self.exception()]
        while self.word(","):
            found.append(self.exception())
        plain = tuple(r for one in found if not one.description and not one.when for r in one.ranges)
        rest = [one for one in found if one.description or one.when]
        return ([Excepted(plain)] if plain else []) + rest

    def exception(self) -> Excepted:
        token = self.peek()
        description = self.quoted() if token is not None and token.kind == "text" else ""
        token = self.peek()
        ranges = (self.one_range(),) if token is not None and token.kind == "codes" else ()
        if not description and not ranges:
            raise self.fail('a code or "text"')
        return Excepted(ranges, description, self.quoted() if self.word("when") else "")

    def allowance(self, shift: Shift) -> Rule:
        if self.word("all"):
            return Allowance(shift, None, self.selection() if self.word("of") else EVERY)
        share = self.percent()
        weight = self.word("weight")
        basis = Basis.EX_WORKS if weight else self.basis(Basis.EX_WORKS)
        return Allowance(shift, share, self.selection() if self.word("of") else EVERY, weight, basis)

    def selection(self) -> Selection:
        level = None
        if self.word("same"):
            name = self.take("word", "chapter, heading or subheading").upper()
            if name not in Level.__members__:
                self.at -= 1
                raise self.fail("chapter, heading or subheading")
            level = Level[name]
        token = self.peek()
        description = self.quoted() if token is not None and token.kind == "text" else ""
        token = self.peek()
        ranges = self.codes() if token is not None and token.kind == "codes" else ()
        if level is None and not description and not ranges and not self.word("all"):
            raise self.fail('codes, "text" or same heading')
        excluding: tuple[CodeRange, ...] = ()
        barred = ""
        if self.word("without"):
            token = self.peek()
            if token is not None and token.kind == "text":
                barred = self.quoted()
            else:
                excluding = self.codes()
        return Selection(ranges, level, description, excluding, barred)

    def codes(self) -> tuple[CodeRange, ...]:
        found = [self.one_range()]
        while (token := self.peek()) is not None and token.value == ",":
            after = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
            if after is None or after.kind != "codes":
                break
            self.at += 1
            found.append(self.one_range())
        return tuple(found)

    def one_range(self) -> CodeRange:
        token = self.peek()
        text = self.take("codes", "a tariff code or a range of codes")
        try:
            return code_range(text)
        except OpenwardError as bad:
            assert token is not None
            raise self.error(
                token.place, bad.message, "a code of 2 to 10 digits, or a range from low to high"
            ) from bad

    def percent(self) -> Decimal:
        token = self.peek()
        share = Decimal(self.take("percent", "a percentage, for example 40 %")) / 100
        if share > 1:
            assert token is not None
            raise self.error(
                token.place, f"{token.value} % is more than the whole", "a percentage up to 100 %"
            )
        return share

    def basis(self, default: Basis) -> Basis:
        token = self.peek()
        if token is not None and token.kind == "word" and token.value.lower() in _BASES:
            self.at += 1
            return _BASES[token.value.lower()]
        return default

    def quoted(self) -> str:
        return self.take("text", 'words in quotes, "..."')[1:-1].replace('\\"', '"').replace("\\\\", "\\")


__all__ = ["parse", "write"]
