"""What a duty says about a rate without any consignment: its parts, its kind, its ad valorem equivalent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from openward.book.duty.tree import (
    AdValorem,
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

_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rates:
    """The parts of a duty: rate on the customs value, terms per quantity, and all others."""

    ad_valorem: Decimal
    specific: tuple[Specific, ...]
    rest: tuple[Duty, ...]


@lru_cache(maxsize=4096)
def rates(duty: Duty) -> Rates:
    """Take a duty apart; no part hides another."""
    if (alone := ad_valorem_equivalent(duty, unit_values={})) is not None:
        return Rates(alone, (), ())
    terms = duty.terms()
    plain = [t for t in terms if isinstance(t, AdValorem) and not t.of]
    specific = tuple(t for t in terms if isinstance(t, Specific) and t.amount != 0)
    rest = tuple(t for t in terms if t not in plain and not isinstance(t, Specific))
    # A rate that is taken off stays with the terms it is taken from.
    return Rates(sum((t.rate for t in plain), _NONE), specific, tuple(t for t in rest if not _is_nothing(t)))


def ad_valorem_equivalent(duty: Duty, *, unit_values: Mapping[tuple[str, str], Decimal]) -> Decimal | None:
    """Turn a duty into one rate with unit values; None where one that is needed is missing.

    Parameters
    ----------
    duty : Duty
    unit_values : mapping
        Customs value of one unit by (currency, unit), e.g. ``{("CNY", "KGM"): Decimal("12.5")}``.

    Returns
    -------
    Decimal or None
        Fraction of the customs value; None as well for duties that need other facts (contents, seasons).
    """
    match duty:
        case _ if _is_nothing(duty):
            return _NONE
        case AdValorem(of=""):
            return duty.rate
        case Specific(of="", times=None):
            value = unit_values.get((duty.currency, duty.unit))
            return None if value is None or value <= 0 else duty.amount / duty.per / value
        case Compound():
            parts = [ad_valorem_equivalent(part, unit_values=unit_values) for part in duty.parts]
            known = [part for part in parts if part is not None]
            return max(_NONE, sum(known, _NONE)) if len(known) == len(parts) else None
        case Minus():
            rate = ad_valorem_equivalent(duty.duty, unit_values=unit_values)
            return None if rate is None else -rate
        case Floor() | Ceiling():
            other = duty.least if isinstance(duty, Floor) else duty.most
            rate = ad_valorem_equivalent(duty.duty, unit_values=unit_values)
            bound = ad_valorem_equivalent(other, unit_values=unit_values)
            if rate is None or bound is None:
                return None
            return max(rate, bound) if isinstance(duty, Floor) else min(rate, bound)
    return None


def _is_nothing(duty: Duty) -> bool:
    return (
        isinstance(duty, Nil | Supplementary)
        or (isinstance(duty, AdValorem) and duty.rate == 0)
        or (isinstance(duty, Specific | Flat) and duty.amount == 0)
    )


def kind_of(duty: Duty) -> str:
    """Give the kind of a duty.

    One of ``free``, ``nil``, ``ad_valorem``, ``part`` (a rate on the value of a part), ``specific``,
    ``flat``, ``compound``, ``bounded``, ``choice``, ``reference``, ``meursing``, ``supplementary``.
    """
    match duty:
        case Nil():
            return "nil"
        case AdValorem():
            return "part" if duty.of else "ad_valorem" if duty.rate else "free"
        case Specific():
            return "specific"
        case Flat():
            return "flat"
        case Compound():
            return "compound"
        case Floor() | Ceiling():
            return "bounded"
        case Choice():
            return "choice"
        case Reference():
            return "reference"
        case Meursing():
            return "meursing"
    return "supplementary"
