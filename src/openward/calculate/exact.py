"""Exact numbers: a price written 10.10 is ten and a tenth, and stays so until it is printed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Field


def exact(value: Any) -> Fraction:
    """Read a number as written.

    Raises
    ------
    ValueError
        It is not a finite number.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool):
        raise ValueError(f"{value!r} is not a number")
    try:
        # repr gives the shortest decimal that reads back as the float: the one that was written.
        number = Decimal(repr(value) if isinstance(value, float) else str(value).strip())
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number") from None
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a finite number")
    return Fraction(number)


def rounded(value: Fraction, places: int) -> Decimal:
    """Round half up (away from zero) to some decimal places, from the exact value."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return (Decimal(whole) / Decimal(10) ** places).quantize(
        Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP
    ) * (-1 if value < 0 and whole else 1)


def plain(value: Fraction, places: int = 6) -> str:
    """Print at most some decimal places, without trailing zeros."""
    text = f"{rounded(value, places):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


Number = Annotated[Fraction, BeforeValidator(exact)]
Positive = Annotated[Fraction, BeforeValidator(exact), Field(gt=0)]
NotNegative = Annotated[Fraction, BeforeValidator(exact), Field(ge=0)]
