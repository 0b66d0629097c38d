"""The canonical sentence, read by recursive descent.

::

    duty     = bounded [ cases ]
    cases    = "(" selector ")" { ";" bounded "(" selector ")" } [ ";" "else" bounded ]
    bounded  = sum { ( "MIN" | "MAX" ) sum }
    sum      = term { ( "+" | "-" ) term }
    term     = "free" | "NIHIL" | "(" duty ")" | component | reference | unit | rate | amount
    rate     = number ( "%" | "percent" ) [ "of" NAME ]
    amount   = number CURRENCY [ "/" [ number ] UNIT [ "of" NAME ] [ "per" factor ] ]
    factor   = "%" NAME | NAME [ ( "under" | "over" ) number ]
    reference= "duty" "of" NAME [ "on" NAME ]
    unit     = "unit" [ number ] UNIT [ "of" NAME ]
    component= ( "AC" | "SD" | "FD" ) [ "reduced" ]
    selector = day MONTH "-" day MONTH | SYMBOL { "," SYMBOL } | "until" date | NAME
             | "price" ">=" number CURRENCY "/" [ number ] UNIT

A NAME stands between double quotes; numbers are decimals, mixed fractions (``33 1/3``) or, before
``percent``, words.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from openward.book.duty.cursor import Cursor, Token
from openward.book.duty.mistakes import Mistake
from openward.book.duty.numbers import shifted, spoken
from openward.book.duty.selectors import (
    MONTHS,
    Count,
    Factor,
    Percent,
    PriceFrom,
    Programmes,
    Season,
    Selector,
    Until,
    When,
)
from openward.book.duty.tree import (
    AdValorem,
    Case,
    Ceiling,
    Choice,
    Compound,
    Duty,
    Flat,
    Floor,
    Meursing,
    Minus,
    Nil,
    Reference,
    Specific,
    Supplementary,
)
from openward.errors import InputError

DEEPEST = 40
_END = "'+' or the end (or '-', MIN, MAX, a case)"


def read(text: str) -> Duty:
    """Read a canonical sentence."""
    return _Reader(text).sentence()


class _Reader(Cursor):
    """Recursive descent over the tokens of one sentence."""

    depth = 0

    def sentence(self) -> Duty:
        duty = self._duty()
        if self.token.kind != "end":
            self._fail(Mistake.TRAILING, _END)
        return duty

    def _duty(self) -> Duty:
        duty = self._bounded()
        if self.token.kind != "open":
            return duty
        cases = [Case(duty, self._selector())]
        while self.token.kind == "semi":
            self._next()
            if self._word("else"):
                self._next()
                return Choice(tuple(cases), self._bounded())
            duty = self._bounded()
            cases.append(Case(duty, self._selector()))
        return Choice(tuple(cases))

    def _bounded(self) -> Duty:
        duty, bounds = self._sum(), 0
        while self._word("MIN") or self._word("MAX"):
            bounds += 1
            if bounds > DEEPEST:
                self._fail(Mistake.UNKNOWN_EXPRESSION, f"at most {DEEPEST} bounds in a row")
            bound = self._next().text
            other = self._sum()
            duty = Floor(duty, other) if bound == "MIN" else Ceiling(duty, other)
        return duty

    def _sum(self) -> Duty:
        terms = [self._term()]
        while self.token.kind in ("plus", "minus"):
            sign = self._next().kind
            term = self._term()
            terms.append(Minus(term) if sign == "minus" else term)
        return terms[0] if len(terms) == 1 else Compound(tuple(terms))

    def _term(self) -> Duty:
        token = self.token
        if token.kind == "open":
            if self.depth == DEEPEST:
                self._fail(Mistake.UNKNOWN_EXPRESSION, f"at most {DEEPEST} parentheses inside each other")
            self._next()
            self.depth += 1
            duty = self._duty()
            self._take("close", "')'", Mistake.UNFINISHED)
            self.depth -= 1
            return duty
        if token.kind in ("word", "numeral") and (duty_or_none := self._worded(token)) is not None:
            return duty_or_none
        if token.kind == "fraction":
            self._next()
            rate = self._fraction(token) / 100
            self._percent()
            return AdValorem.fraction(rate, of=self._of())
        kind = Mistake.EMPTY if not self.text.strip() else Mistake.AMOUNT_REQUIRED
        number = self._number("a number", kind)
        if self.token.kind == "percent" or self._is_percent(self.token):
            self._percent()
            return AdValorem(shifted(number, -2), self._of())
        return self._money(number)

    def _worded(self, token: Token) -> Duty | None:
        word = token.text
        if word.lower() == "free":
            self._next()
            if self.token.kind not in ("end", "open", "close", "semi") and not self._bound():
                self._fail(Mistake.TRAILING, "nothing after 'free'")
            return AdValorem(Decimal(0))
        if word.upper() in ("NIHIL", "NIL"):
            self._next()
            return Nil()
        if word in ("AC", "SD", "FD"):
            self._next()
            if self._word("reduced"):
                self._next()
                return Meursing(f"{word} reduced")
            return Meursing(word)
        if word == "duty":
            self._next()
            self._keyword("of")
            to = self._name()
            return Reference(to, self._name() if self._skip("on") else "")
        if word == "unit":
            self._next()
            per = self._per()
            return Supplementary(per, self._code("a unit", "unit"), self._of())
        value = spoken(word)
        if value is not None and self._is_percent(self.after):
            self._next()
            self._percent()
            return AdValorem(shifted(Decimal(value), -2), self._of())
        return None

    def _money(self, number: Decimal) -> Duty:
        currency = self._code("'%' or a currency", "currency", Mistake.UNFINISHED)
        if self.token.kind != "slash":
            if self.token.kind in ("word", "number") and not self._bound():
                self._fail(Mistake.UNIT_REQUIRED, "'/' and a unit")
            return Flat(number, currency)
        self._next()
        per = self._per()
        unit = self._code("a unit", "unit", Mistake.UNIT_REQUIRED)
        return Specific(number, currency, per, unit, self._of(), self._factor())

    def _per(self) -> Decimal:
        if self.token.kind != "number":
            return Decimal(1)
        per = Decimal(self._next().text)
        if per == 0:
            self._fail(Mistake.BAD_NUMBER, "a positive quantity")
        return per

    def _of(self) -> str:
        return self._name() if self._skip("of") else ""

    def _factor(self) -> Factor | None:
        if not self._skip("per"):
            return None
        if self.token.kind == "percent":
            self._next()
            return Percent(self._name())
        name = self._name()
        if self._skip("under"):
            return Count(name, under=self._number("a number", Mistake.UNFINISHED))
        return Count(name, over=self._number("a number", Mistake.UNFINISHED) if self._skip("over") else None)

    def _selector(self) -> Selector:
        self._take("open", "'(' and when it applies", Mistake.UNFINISHED)
        selector = self._season_programme_price_or_condition()
        self._take("close", "')'", Mistake.UNFINISHED)
        return selector

    def _season_programme_price_or_condition(self) -> Selector:
        token = self.token
        if token.kind == "name":
            return When(self._name())
        if token.kind == "number":
            start = self._day()
            self._take("minus", "'-'", Mistake.BAD_DATE)
            return Season(*start, *self._day())
        if self._skip("until"):
            return Until(self._date())
        if self._skip("price"):
            self._take("atleast", "'>='", Mistake.UNFINISHED)
            least = self._number("a number", Mistake.UNFINISHED)
            currency = self._code("a currency", "currency", Mistake.UNFINISHED)
            self._take("slash", "'/' and a unit", Mistake.UNIT_REQUIRED)
            per = self._per()
            return PriceFrom(least, currency, per, self._code("a unit", "unit", Mistake.UNIT_REQUIRED))
        codes = [self._symbol()]
        while self.token.kind == "comma":
            self._next()
            codes.append(self._symbol())
        return Programmes(tuple(codes))

    def _symbol(self) -> str:
        token = self.token
        expected = 'a season (1 JAN - 31 MAR), symbols (A+, AU), "until", "price" or a condition in quotes'
        if token.kind != "word" or not token.text.isupper() or len(token.text) > 3:
            self._fail(Mistake.UNKNOWN_EXPRESSION, expected)
        self._next()
        close = self.token.at == token.at + len(token.text)
        return token.text + (self._next().text if close and self.token.kind in ("plus", "star") else "")

    def _day(self) -> tuple[int, int]:
        token = self.token
        day = int(self._take("number", "a day", Mistake.BAD_DATE).text.split(".")[0])
        said = self._take("word", "a month such as JAN", Mistake.BAD_DATE)
        month = said.text.upper()
        if month not in MONTHS:
            self._fail(Mistake.BAD_DATE, "a month such as JAN", said)
        try:
            Season(MONTHS.index(month) + 1, day, 1, 1)
        except InputError:
            self._fail(Mistake.BAD_DATE, f"a day of {month}", token)
        return MONTHS.index(month) + 1, day

    def _date(self) -> date:
        token = self._take("date", "a day such as 2026-12-31", Mistake.BAD_DATE)
        try:
            return date.fromisoformat(token.text)
        except ValueError:
            self._fail(Mistake.BAD_DATE, "a day of the calendar", token)

    def _fraction(self, token: Token) -> Fraction:
        *whole, part = token.text.split()
        top, bottom = part.split("/")
        if int(bottom) == 0:
            self._fail(Mistake.BAD_NUMBER, "a fraction", token)
        return Fraction(int(top), int(bottom)) + (int(whole[0]) if whole else 0)

    def _percent(self) -> None:
        if self.token.kind != "percent" and not self._is_percent(self.token):
            self._fail(Mistake.UNFINISHED, "'%'")
        if self._next().text.lower() == "per":
            self._next()

    def _is_percent(self, token: Token) -> bool:
        follows = self.after.text.lower() == "cent" or token is self.after
        return token.kind == "word" and (
            token.text.lower() in ("percent", "pct") or (token.text.lower() == "per" and follows)
        )

    def _bound(self) -> bool:
        return self._word("MIN") or self._word("MAX")
