"""Numbers in duty sentences: exact decimals, fractions and words, read and printed without loss."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from openward.errors import InputError

WORDS = {
    word: number
    for number, words in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
    for word in [words]
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
WORDS["hundred"] = 100


def require(good: bool, message: str) -> None:
    """Refuse a number or a name that no duty can have."""
    if not good:
        raise InputError(message, hint="give the number in the sentence of the act")


def shifted(number: Decimal, places: int) -> Decimal:
    """Move the decimal point exactly, whatever the precision of the context."""
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, digits, exponent + places))


def plain(number: Decimal) -> str:
    """Print without exponent and without trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_decimal(fraction: Fraction) -> bool:
    """True where a fraction has a finite decimal expansion."""
    rest = fraction.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def decimal(fraction: Fraction) -> Decimal:
    """Give a fraction as a decimal: exact where that is possible, else to 28 digits."""
    with localcontext() as context:
        context.prec = 200 if is_decimal(fraction) else 28
        return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def mixed(fraction: Fraction) -> str:
    """Print a fraction as a mixed number: ``33 1/3``."""
    whole, rest = divmod(fraction.numerator, fraction.denominator)
    part = f"{rest}/{fraction.denominator}"
    return f"{whole} {part}" if whole else part


def spoken(text: str) -> int | None:
    """Read a number in words up to a hundred (``twenty-five``); None where it is not one."""
    parts = text.lower().replace("-", " ").split()
    values = [WORDS.get(part) for part in parts]
    if len(values) == 1:
        return values[0]
    if len(values) == 2 and values[0] is not None and values[1] is not None:
        if values[1] == 100 and values[0] == 1:
            return 100
        if 20 <= values[0] < 100 and 1 <= values[1] < 10:
            return values[0] + values[1]
    return None
