"""European and British duty sentences: ``9.10% MAX 1.00% + 0.90 GBP / 100 kg``, with seasons."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NoReturn

from openward.book.duty import taric_codes as codes
from openward.book.duty.cleaning import cleaned
from openward.book.duty.components import Component, build
from openward.book.duty.cursor import check_code
from openward.book.duty.mistakes import Mistake, mistake
from openward.book.duty.selectors import MONTHS, Season, When
from openward.book.duty.tree import AdValorem, Case, Choice, Duty, Reference
from openward.errors import InputError, UnknownCodeError

_TAGS = ((re.compile(r"<[^<>]*>"), ""),)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CURRENCY = re.compile(r"[A-Z]{3}(?![A-Za-z])|[€£]")
_SIGNS = re.compile(r"(MIN|MAX)\b|[+\-]")
_SEASON = re.compile(r"\( ?(\d{1,2}) ([A-Za-z]{3}) ?- ?(\d{1,2}) ([A-Za-z]{3}) ?\) ?")
_STOP = re.compile(r" ?(?:[+;(]|- ?\d|\b(?:MIN|MAX)\b|$)")
_HINT = "write for example '4.0%', '1.23 EUR / kg', '9.1% MAX 1.0% + 0.9 GBP / 100 kg' or '0% + AC'"
_TERM = "an amount, a unit, NIHIL or a Meursing component"
_WORDS = tuple(
    (re.compile(re.escape(word) + (r"(?!\w)" if word[-1].isalnum() else ""), re.IGNORECASE), code)
    for word, code in sorted(codes.WORDS, key=lambda pair: -len(pair[0]))
)
_UNITS = tuple(
    (re.compile(re.escape(word).replace(r"\ ", " ?") + (r"(?!\w)" if word[-1].isalnum() else "")), code)
    for word, code in sorted(
        {
            **codes.UNIT_WORDS,
            **{word.upper(): code for word, code in codes.UNIT_WORDS.items() if " kg" in word},
            **{code: code for code in (*codes.UNITS, *codes.VALUES)},
        }.items(),
        key=lambda pair: -len(pair[0]),
    )
)
AUTHORISED_USE = Choice(
    (Case(Reference("authorised use rate"), When("authorised use")),),
    Reference("line without authorised use"),
)


def read(text: str) -> Duty:
    """Read a duty sentence of the European or British tariff."""
    return _Reader(text).sentence()


def read_components(text: str) -> tuple[Component, ...]:
    """Read a duty sentence without seasons as components, in order."""
    return tuple(component for component, _ in _Reader(text).components_alone())


def from_columns(
    ad_valorem: str, *, specific: str = "", minimum: str = "", ceiling: str = "", specific_2: str = ""
) -> Duty:
    """Build the duty of a preference list that keeps its parts in columns.

    ``ad_valorem`` is a percentage (``"13.98"``) or an amount (``"6.4 EUR / hl"``), ``specific`` is added to
    it, ``minimum`` bounds that from below, ``ceiling`` (``"MAX 17.90%"``) from above, ``specific_2`` is added
    to the ceiling.
    """
    first = f"{ad_valorem}%" if re.fullmatch(r"[\d.]+", ad_valorem.strip()) else ad_valorem
    text = first + (f" + {specific}" if specific else "") + (f" MIN {minimum}" if minimum else "")
    if ceiling:
        text += f" MAX {ceiling.removeprefix('MAX')}" + (f" + {specific_2}" if specific_2 else "")
    elif specific_2:
        text += f" + {specific_2}"
    return read(text)


class _Reader:
    """Reads one sentence from left to right; ``at`` is the place in the cleaned text."""

    def __init__(self, text: str) -> None:
        self.original = text
        clean = cleaned(text.replace("\xa0", " "), _TAGS)
        self.text, self.places, self.at = clean.text, clean.at, 0

    def sentence(self) -> Duty:
        said = self.text.strip()
        if said in ("AU", "Formula", "Formula; AU"):
            formula = Reference("formula")
            if said == "Formula":
                return formula
            return AUTHORISED_USE if said == "AU" else Choice(AUTHORISED_USE.cases, formula)
        duty = self._duty()
        if not self._season_starts():
            self._end()
            return duty
        cases = [Case(duty, self._season())]
        while self._take(re.compile(r" ?; ?")) and not self._ended():
            duty = self._duty()
            if not self._season_starts() and self._ended():
                return Choice(tuple(cases), duty)
            cases.append(Case(duty, self._season()))
        self._end()
        return Choice(tuple(cases))

    def components_alone(self) -> list[tuple[Component, int]]:
        held = self._components()
        self._end()
        build(held, text=self.original)
        return held

    def _duty(self) -> Duty:
        if self._take(re.compile(r" ?free\b ?", re.IGNORECASE)):
            return AdValorem(Decimal(0))
        return build(self._components(), text=self.original)

    def _components(self) -> list[tuple[Component, int]]:
        self._take(_SPACE)
        if self._ended():
            self._fail(Mistake.EMPTY, _TERM)
        held: list[tuple[Component, int]] = []
        last = ""
        while not self._ended() and self.text[self.at] not in "(;":
            at = self.at
            component = self._component(last)
            if component.expression <= last:
                self._fail(Mistake.EXPRESSION_ORDER, "expressions in ascending order", at)
            last = component.expression
            held.append((component, self.places[at]))
            self._take(_SPACE)
        if not held:
            self._fail(Mistake.AMOUNT_REQUIRED, _TERM)
        return held

    def _component(self, last: str) -> Component:
        start = self.at
        sign = self._take(_SIGNS)
        self._take(_SPACE)
        said = sign[0] if sign else ""
        if sign and self._ended():
            self._fail(Mistake.AMOUNT_REQUIRED, f"an amount after {said}")
        for pattern, code in _WORDS:
            if said in ("", "+") and self._take(pattern):
                return self._alone(code)
        number = self._take(_NUMBER)
        unit = self._unit_alone(number) if not sign and not last else None
        if unit is not None:
            return unit
        if number is None:
            self._fail(Mistake.UNKNOWN_EXPRESSION, _TERM)
        code = self._expression(said, last, start)
        amount = Decimal(number[0])
        self._take(_SPACE)
        if self._take(re.compile("%(?! ?vol)")):
            value = self._take(re.compile(r" ?/? ?(?:Retail Price|RET)\b"))
            return Component(code, amount, "", "RET" if value else "")
        at = self.at
        currency = self._take(_CURRENCY)
        if currency is None:
            if self._take(re.compile("SPQ")):
                return Component(code, amount, "", "SPQ")
            self._fail(Mistake.UNKNOWN_EXPRESSION, "'%' or a currency")
        money = codes.CURRENCIES.get(currency[0], currency[0])
        try:
            check_code("currency", money)
        except UnknownCodeError:
            self._fail(Mistake.UNKNOWN_CURRENCY, "a currency", at)
        return Component(code, amount, money, *self._measure())

    def _alone(self, code: str) -> Component:
        if code == "37" and self._take(re.compile(r" ?/")):
            self._fail(Mistake.UNIT_NOT_PERMITTED, "no unit after NIHIL")
        return Component(code)

    def _unit_alone(self, number: re.Match[str] | None) -> Component | None:
        at = self.at
        self.at = number.start() if number else at
        found = self._unit()
        if found and found in codes.UNITS:
            qualifier = self._qualifier(found)
            if _STOP.match(self.text, self.at):
                return Component("99", None, "", found, qualifier)
        self.at = at
        return None

    def _measure(self) -> tuple[str, str]:
        self._take(_SPACE)
        slash = self._take(re.compile("/ ?"))
        if not slash and _STOP.match(self.text, self.at):
            return "", ""
        unit = self._unit()
        if not unit or unit in codes.VALUES:
            self._fail(Mistake.UNKNOWN_UNIT, "a measurement unit")
        return unit, self._qualifier(unit)

    def _unit(self) -> str:
        return next((code for pattern, code in _UNITS if self._take(pattern)), "")

    def _qualifier(self, unit: str) -> str:
        at = self.at
        self._take(re.compile(r" ?/? ?"))
        stop = _STOP.search(self.text, self.at)
        said = self.text[self.at : stop.start() if stop else len(self.text)].strip()
        if not said:
            self.at = at
            if unit == "ASV":
                self._fail(Mistake.UNKNOWN_QUALIFIER, "'/ hl' after % vol")
            return ""
        code = said if said in codes.QUALIFIERS else codes.QUALIFIER_WORDS.get(said.lower(), "")
        if not code:
            self._fail(Mistake.UNKNOWN_QUALIFIER, "a qualifier of the unit")
        if codes.measured(unit, code) is None:
            self._fail(Mistake.QUALIFIER_NOT_PERMITTED, f"a qualifier that goes with {unit}")
        self.at += len(said)
        return code

    def _expression(self, sign: str, last: str, start: int) -> str:
        fits = [c for c, e in codes.EXPRESSIONS.items() if not e.what and e.sign == sign]
        for code in fits:
            if code > last:
                return code
        if not sign:
            self._fail(Mistake.EXPRESSION_ORDER, "'+', '-', MIN, MAX or the end", start)
        self._fail(Mistake.EXPRESSION_TWICE, f"no more than {len(fits)} times {sign}", start)

    def _season_starts(self) -> bool:
        self._take(_SPACE)
        return not self._ended() and self.text[self.at] == "("

    def _season(self) -> Season:
        at = self.at
        match = self._take(_SEASON)
        if match is None:
            self._fail(Mistake.BAD_DATE, "a season such as (12 JAN - 13 MAR)")
        months = [match[2].upper(), match[4].upper()]
        if not set(months) <= set(MONTHS):
            self._fail(Mistake.BAD_DATE, "a month such as JAN", at)
        start, end = (MONTHS.index(month) + 1 for month in months)
        try:
            return Season(start, int(match[1]), end, int(match[3]))
        except InputError:
            self._fail(Mistake.BAD_DATE, "days of the calendar", at)

    def _end(self) -> None:
        self._take(_SPACE)
        if not self._ended():
            self._fail(Mistake.TRAILING, "'+', '-', MIN, MAX, a season or the end")

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def _ended(self) -> bool:
        return self.at >= len(self.text)

    def _fail(self, kind: Mistake, expected: str, at: int | None = None) -> NoReturn:
        place = self.at if at is None else at
        place += self.text[place : place + 1] == " "
        raise mistake(kind, text=self.original, at=self.places[place], expected=expected, hint=_HINT)


_SPACE = re.compile(" ")
