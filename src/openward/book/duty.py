"""Duties as expressions: ad valorem, specific, compound; read from their sentence and printed back to it.

Grammar (version 1; minima, maxima and seasons are refused by name, never read as zero)::

    duty     = "free" | part { "+" part }
    part     = number "%" | number CURRENCY "/" [ number ] UNIT

``CURRENCY`` is an ISO 4217 code, ``UNIT`` a code of UN/ECE Recommendation 20 (``KGM``, ``LTR``). Numbers are
exact decimals, so ``"7.5 %"`` is the rate 0.075 and prints back as ``"7.5 %"``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from openward.errors import InputError, UnknownCodeError


@dataclass(frozen=True, slots=True)
class Duty:
    """Root of the duty tree; ``str(duty)`` is the canonical sentence."""

    def terms(self) -> tuple[Duty, ...]:
        """Give the terms that are added up."""
        return (self,)


@dataclass(frozen=True, slots=True)
class AdValorem(Duty):
    """A rate on the customs value, as a fraction (``Decimal("0.05")`` is 5 %)."""

    rate: Decimal

    def __post_init__(self) -> None:
        _require(self.rate.is_finite() and self.rate >= 0, f"a rate must be zero or more, not {self.rate}")

    def __str__(self) -> str:
        return f"{_plain(_shifted(self.rate, 2))} %"


@dataclass(frozen=True, slots=True)
class Specific(Duty):
    """An amount of money per quantity: ``amount`` ``currency`` for every ``per`` ``unit``."""

    amount: Decimal
    currency: str
    per: Decimal
    unit: str

    def __post_init__(self) -> None:
        _require(
            self.amount.is_finite() and self.amount >= 0, f"an amount must be zero or more, not {self.amount}"
        )
        _require(
            self.per.is_finite() and self.per > 0,
            f"a duty is charged per a positive quantity, not {self.per}",
        )

    def __str__(self) -> str:
        per = "" if self.per == 1 else f"{_plain(self.per)} "
        return f"{_plain(self.amount)} {self.currency}/{per}{self.unit}"


@dataclass(frozen=True, slots=True)
class Compound(Duty):
    """Two or more terms that are all charged."""

    parts: tuple[AdValorem | Specific, ...]

    def __post_init__(self) -> None:
        _require(len(self.parts) > 1, "a compound duty has two terms or more")

    def terms(self) -> tuple[Duty, ...]:
        """Give the terms that are added up."""
        return self.parts

    def __str__(self) -> str:
        return " + ".join(str(term) for term in self.parts)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A duty taken apart.

    Attributes
    ----------
    ad_valorem : Decimal
        Sum of the ad valorem terms, fraction of the customs value.
    specific : tuple of Specific
        Terms that need a unit value before they say anything about a rate; empty where the rate is whole.
    """

    ad_valorem: Decimal
    specific: tuple[Specific, ...]

    @property
    def whole(self) -> bool:
        """True where ``ad_valorem`` is the whole duty."""
        return not self.specific


@lru_cache(maxsize=4096)
def evaluate(duty: Duty) -> Evaluated:
    """Take a duty apart into its ad valorem rate and its specific terms; neither hides the other."""
    rates = [part.rate for part in duty.terms() if isinstance(part, AdValorem)]
    specific = tuple(part for part in duty.terms() if isinstance(part, Specific) and part.amount != 0)
    return Evaluated(sum(rates, Decimal(0)), specific)


def ad_valorem_equivalent(duty: Duty, *, unit_values: dict[tuple[str, str], Decimal]) -> Decimal | None:
    """Turn a duty into one rate with unit values; None where one that is needed is missing.

    Parameters
    ----------
    duty : Duty
    unit_values : dict
        Customs value of one unit by (currency, unit), e.g. ``{("CNY", "KGM"): Decimal("12.5")}``.

    Returns
    -------
    Decimal or None
        Fraction of the customs value.
    """
    taken = evaluate(duty)
    rate = taken.ad_valorem
    for term in taken.specific:
        value = unit_values.get((term.currency, term.unit))
        if value is None or value <= 0:
            return None
        rate += term.amount / term.per / value
    return rate


@lru_cache(maxsize=65536)
def parse(text: str) -> Duty:
    """Read a duty sentence.

    Parameters
    ----------
    text : str
        For example ``"5 %"``, ``"free"``, ``"7.5 CNY/KGM"``, ``"5 % + 1.2 CNY/100 KGM"``.

    Raises
    ------
    InputError
        Where the sentence is not understood: names the place and what was expected there.
    UnknownCodeError
        Where a currency or a unit is not a code.
    """
    return _Reader(text).duty()


_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z][A-Za-z0-9]*)|(?P<percent>%)|(?P<slash>/)|(?P<plus>\+)|(?P<other>\S))"
)
_LATER = {"MIN", "MAX", "NIHIL", "AC"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


class _Reader:
    """Recursive descent over the tokens of one sentence."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._scan(text)
        self.token = next(self.tokens)

    @staticmethod
    def _scan(text: str) -> Iterator[_Token]:
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup or "other"
            yield _Token(kind, match.group(kind), match.start(kind))
        while True:
            yield _Token("end", "", len(text))

    def duty(self) -> Duty:
        if self.token.kind == "word" and self.token.text.lower() == "free":
            self._next()
            self._take("end", "nothing after 'free'")
            return AdValorem(Decimal(0))
        terms = [self._part()]
        while self.token.kind == "plus":
            self._next()
            terms.append(self._part())
        self._take("end", "'+' or the end")
        return terms[0] if len(terms) == 1 else Compound(tuple(terms))

    def _part(self) -> AdValorem | Specific:
        number = Decimal(self._take("number", "a number").text)
        if self.token.kind == "percent":
            self._next()
            return AdValorem(_shifted(number, -2))
        currency = self._code("'%' or a currency", "currency")
        self._take("slash", "'/' and a unit")
        per = Decimal(self._next().text) if self.token.kind == "number" else Decimal(1)
        if per == 0:
            self._fail("a positive quantity")
        return Specific(number, currency, per, self._code("a unit", "unit"))

    def _code(self, expected: str, kind: str) -> str:
        at = self.token.at
        code = self._take("word", expected).text
        try:
            _check_code(kind, code)
        except UnknownCodeError as error:
            raise UnknownCodeError(
                f"duty {self.text!r}, character {at + 1}: {error.message}", hint=error.hint
            ) from None
        return code

    def _next(self) -> _Token:
        token, self.token = self.token, next(self.tokens)
        return token

    def _take(self, kind: str, expected: str) -> _Token:
        if self.token.kind != kind:
            self._fail(expected)
        return self._next()

    def _fail(self, expected: str) -> None:
        found = f"found {self.token.text!r}" if self.token.kind != "end" else "the sentence ends"
        later = self.token.text.upper() in _LATER
        raise InputError(
            f"duty {self.text!r}, character {self.token.at + 1}: expected {expected}, {found}",
            hint="minimum, maximum and other conditional duties are not read yet; state them in the note"
            if later
            else "write for example '5 %', '7.5 CNY/KGM' or '5 % + 1.2 CNY/100 KGM'",
        )


@lru_cache(maxsize=512)
def _check_code(kind: str, code: str) -> None:
    from openward.codes.currencies import currency
    from openward.codes.units import unit

    (currency if kind == "currency" else unit)(code)


def _require(good: bool, message: str) -> None:
    if not good:
        raise InputError(message, hint="give the number in the sentence of the act")


def _shifted(number: Decimal, places: int) -> Decimal:
    """Move the decimal point exactly, whatever the precision of the context."""
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, digits, exponent + places))


def _plain(number: Decimal) -> str:
    """Print without exponent and without trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
