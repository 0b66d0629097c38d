"""Goods moved from Great Britain to Northern Ireland: the duty of the United Kingdom or that of the Union."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from openward.errors import InputError

SHARE = Decimal("0.03")
"""Part of the customs value up to which the Union's duty may exceed that of the United Kingdom."""


class Tariff(StrEnum):
    """Whose duty is charged."""

    UK = "uk"
    UNION = "xi"


def chosen_tariff(*, customs_value: Decimal, uk: Decimal, union: Decimal) -> Tariff:
    """Say whose duty is charged: the Union's only where it is higher by more than 3 % of the value.

    Parameters
    ----------
    customs_value, uk, union : Decimal
        Amounts in one currency.

    Raises
    ------
    InputError
        A negative amount.

    Notes ----- As the duty calculator of the United Kingdom's tariff service chooses; the decision of the
    Joint Committee behind it was not read.
    """
    for name, amount in (("customs_value", customs_value), ("uk", uk), ("union", union)):
        if amount < 0:
            raise InputError(f"{name} is {amount}", hint="an amount is zero or more", where=name)
    return Tariff.UK if union - uk <= SHARE * customs_value else Tariff.UNION
