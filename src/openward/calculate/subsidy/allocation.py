"""Spreading a non-recurring subsidy over the life of assets."""

from __future__ import annotations

from fractions import Fraction

from openward.errors import InputError


def declining_balance(face: Fraction, life: int, discount: Fraction, year: int) -> Fraction:
    """Give the amount of year `year` (1 is the year of receipt).

    ``A_k = (y / n + (y - (y / n) (k - 1)) d) / (1 + d)`` (19 CFR 351.524(d)(1)). Discounted to the start of
    the first year, ``sum_k A_k / (1 + d)^(k - 1) = y``: nothing is lost.

    Raises
    ------
    InputError
        A life below one year.
    """
    _alive(life)
    if not 1 <= year <= life:
        return Fraction(0)
    part = face / life
    return (part + (face - part * (year - 1)) * discount) / (1 + discount)


def straight_line(face: Fraction, life: int, discount: Fraction, year: int) -> Fraction:
    """Give the equal part of year `year`, with a year's interest on the average balance, half the face value.

    ``A_k = y / n + (y / 2) d`` while the life lasts (practice under Regulation (EU) 2016/1037 art 7(3)).
    """
    _alive(life)
    return face / life + face / 2 * discount if 1 <= year <= life else Fraction(0)


def _alive(life: int) -> None:
    if life < 1:
        raise InputError("a life of assets below one year", where="allocation.life", hint="give whole years")
