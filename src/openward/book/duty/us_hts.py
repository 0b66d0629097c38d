"""Rate strings of the United States tariff: general, special (with programmes), column 2, additional."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import NoReturn

from openward.book.duty import us_words as words
from openward.book.duty.cleaning import cleaned
from openward.book.duty.mistakes import Mistake, mistake
from openward.book.duty.numbers import shifted, spoken
from openward.book.duty.selectors import Count, Programmes, When
from openward.book.duty.tree import (
    AdValorem,
    Case,
    Ceiling,
    Choice,
    Compound,
    Duty,
    Floor,
    Minus,
    Nil,
    Reference,
    Specific,
)

_MONEY = re.compile(r"\$ ?(?P<dollars>\d[\d,]*(?:\.\d+)?)|(?P<cents>\d[\d,]*(?:\.\d+)?) ?¢")
_FRACTION = re.compile(r"(?:(\d+) )?(\d+)/(\d+) ?(?:%|percent\b)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?(?:%|percent\b|per cent\b)")
_SPOKEN = re.compile(r"([a-z]+(?:-[a-z]+)?) (?:percent|per cent)\b", re.IGNORECASE)
_SIGN = re.compile(r" ?(?P<plus>\+|plus\b) ?| (?P<minus>minus|less)\b ?")
_HINT = "write for example '6.8%', '1.4¢/kg', '$1.50/doz. + 5%' or 'Free (A,AU) 2.5% (JO)'"
_A_DUTY = re.compile(r"a duty of (?=\d)", re.IGNORECASE)
_TERM = "an amount, a percentage, 'Free' or the rate of another line"


def read(text: str) -> Duty:
    """Read a rate string of the tariff schedule."""
    return _Reader(text).column()


class _Reader:
    """Reads one string from left to right; ``at`` is the place in the cleaned text."""

    def __init__(self, text: str) -> None:
        self.original = text
        clean = cleaned(text, words.REPAIRS)
        self.text, self.places, self.at = clean.text, clean.at, 0

    def column(self) -> Duty:
        self._take(re.compile(" "))
        if self._ended():
            self._fail(Mistake.EMPTY, _TERM)
        cases: list[Case] = []
        while not self._ended():
            duty = self._duty()
            listed = self._take(words.PROGRAMMES)
            if listed is None:
                if started := self._take(words.PROGRAMMES_STARTED):
                    self._fail(Mistake.UNKNOWN_EXPRESSION, f"',' or ')' after the programme {started[1]}")
                self._take(re.compile(" "))
                if cases or not self._ended():
                    self._fail(Mistake.TRAILING, "'+', 'minus', a list of programmes or the end")
                return duty
            cases.append(Case(duty, Programmes(tuple(re.split(r" ?, ?", listed[1])))))
        return Choice(tuple(cases))

    def _duty(self) -> Duty:
        if free := self._take(words.FREE):
            zero = AdValorem(Decimal(0))
            condition = free[1] or free[2]
            return Choice((Case(zero, When(condition.strip())),)) if condition else zero
        if self._take(re.compile("no additional duty", re.IGNORECASE)):
            return Nil()
        if like := self._take(words.LIKE_ARTICLES):
            what = "like articles not previously exported"
            like_them = Reference(f"{what}, with internal-revenue tax" if like["taxed"] else what)
            return Ceiling(like_them, Compound((Reference(like["first"]), Reference(like["second"].strip()))))
        self._take(_A_DUTY)
        duty: Duty = self._sum()
        if self._take(words.LEAST):
            duty = Floor(duty, self._term())
        if plates := self._take(words.PLATES):
            return Choice((Case(Ceiling(duty, Reference(plates[2])), When(plates[1])),), duty)
        return duty

    def _sum(self) -> Duty:
        terms = [self._term()]
        while sign := self._take(_SIGN):
            term = self._term()
            terms.append(Minus(term) if sign["minus"] else term)
        return terms[0] if len(terms) == 1 else Compound(tuple(terms))

    def _term(self) -> Duty:
        if money := self._take(_MONEY):
            number = self._number(money["dollars"] or money["cents"])
            return self._specific(number if money["dollars"] else shifted(number, -2))
        if fraction := self._take(_FRACTION):
            if int(fraction[3]) == 0:
                self.at = fraction.start()
                self._fail(Mistake.BAD_NUMBER, "a fraction")
            rate = Fraction(int(fraction[2]), int(fraction[3])) + int(fraction[1] or 0)
            return AdValorem.fraction(rate / 100, of=self._value())
        if percent := self._take(_PERCENT):
            return AdValorem(shifted(Decimal(percent[1]), -2), self._value())
        for pattern, to, on in words.REFERENCES:
            if match := self._take(pattern):
                return Reference(_lower(match.expand(to)), match.expand(on).strip())
        start = self.at
        if (said := self._take(_SPOKEN)) and (value := spoken(said[1])) is not None:
            return AdValorem(shifted(Decimal(value), -2), self._value())
        self.at = start
        digits = self._take(re.compile(r"\d[\d.,]*"))
        self._fail(
            Mistake.UNFINISHED if digits else Mistake.AMOUNT_REQUIRED, "'%' or '¢'" if digits else _TERM
        )

    def _specific(self, amount: Decimal) -> Specific:
        one = Decimal(1)
        if self._take(re.compile(r" each\b")):
            return Specific(amount, "USD", one, "NAR")
        if self._take(words.OTHER_PIECES):
            return Specific(amount, "USD", one, "NAR", "other pieces or parts")
        if not self._take(re.compile(r" ?/ ?")):
            self._fail(Mistake.UNIT_REQUIRED, "'/' and a unit, or 'each'")
        unit, of = self._unit()
        if of == "jewels" and (over := self._take(words.OVER)):
            # Each article pays for its own jewels over the bound.
            return Specific(amount, "USD", one, unit, times=Count("jewels", over=Decimal(over[1])))
        if measured := self._take(words.MEASURED):
            of = measured["content"] or measured["container"] or measured["part"]
        degrees = self._take(words.DEGREES)
        times = Count("degrees", under=Decimal(degrees[1])) if degrees else None
        return Specific(amount, "USD", one, unit, of, times)

    def _unit(self) -> tuple[str, str]:
        for pattern, unit, of in words.UNITS:
            if self._take(pattern):
                return unit, of
        self._fail(Mistake.UNKNOWN_UNIT, f"a unit ({words.UNIT_NAMES})")

    def _value(self) -> str:
        match = self._take(words.VALUE_OF)
        return (match[1] or match[2]).strip() if match else ""

    def _number(self, text: str) -> Decimal:
        if "," in text and not re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
            self._fail(Mistake.BAD_NUMBER, "thousands in groups of three")
        return Decimal(text.replace(",", ""))

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def _ended(self) -> bool:
        return self.at >= len(self.text)

    def _fail(self, kind: Mistake, expected: str) -> NoReturn:
        at = self.at + (self.text[self.at : self.at + 1] == " ")
        raise mistake(kind, text=self.original, at=self.places[at], expected=expected, hint=_HINT)


def _lower(name: str) -> str:
    """Give a name without the capitals of a sentence's start, and with one comma style."""
    name = re.sub(r" ?, ?", ", ", re.sub(r" ?- ?(?=\d)", "-", name))
    return re.sub(r"\bu\.s\. note", "U.S. note", name, flags=re.IGNORECASE).strip()
