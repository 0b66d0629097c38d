"""What one row comes to: the columns of the decision file, from a decision or from compiled tables."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openward.book.model import Instrument
from openward.determine.decision import Decision, DutyLine, Verdict

ADDITIONS = frozenset(
    i.value
    for i in (
        Instrument.ANTI_DUMPING_DUTY,
        Instrument.COUNTERVAILING_DUTY,
        Instrument.SAFEGUARD_DUTY,
        Instrument.RETALIATORY_DUTY,
    )
)
RELIEFS = frozenset((Instrument.PREFERENTIAL_DUTY.value, Instrument.TARIFF_QUOTA.value))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row's answer.

    Attributes
    ----------
    verdict : Verdict
    mfn_rate, preference_rate, remedy_rate, total_rate : Decimal or None
        Fractions of the customs value. None: there is none, or it is not a rate on the value.
    mfn, preference : str
        Measures: the duty without a claim, and the preference that applies where it is claimed.
    remedies : tuple of str
    amount : Decimal or None
        What is due, where it is not simply ``total_rate`` times the value.
    currency : str
        Of the amount.
    unresolved : tuple of str
        Facts that would have to be known.
    unverified : bool
        A measure of it was not read in an official source.
    by_rate : bool
        The amount is ``total_rate`` times the value.
    """

    verdict: Verdict
    mfn_rate: Decimal | None = None
    mfn: str = ""
    preference_rate: Decimal | None = None
    preference: str = ""
    remedy_rate: Decimal | None = None
    remedies: tuple[str, ...] = ()
    total_rate: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""
    unresolved: tuple[str, ...] = ()
    unverified: bool = False
    by_rate: bool = True


def outcome_of(decision: Decision, *, by_rate: bool) -> Outcome:
    """Read the columns off a decision.

    Parameters
    ----------
    decision : Decision
    by_rate : bool
        The decision was taken without value and quantity, which change nothing but the amount.
    """
    base = [line for line in decision.duty if line.kind not in ADDITIONS]
    added = [line for line in decision.duty if line.kind in ADDITIONS]
    relief = [line for line in base if line.kind in RELIEFS]
    plain = [line for line in base if line.kind not in RELIEFS]
    mfn, mfn_rate = (plain[0].measure, _sum(plain)) if plain else _without(decision, relief, added)
    total = _sum(decision.duty) if decision.duty else _nothing(decision)
    by_rate = by_rate or (not decision.duty and total is not None)
    return Outcome(
        verdict=decision.verdict,
        mfn_rate=mfn_rate,
        mfn=mfn,
        preference_rate=_sum(relief) if relief else None,
        preference=relief[0].measure if relief else "",
        remedy_rate=_sum(added) if added else None,
        remedies=tuple(line.measure for line in added),
        total_rate=total,
        amount=None if by_rate or decision.total is None else decision.total.amount,
        currency="" if by_rate or decision.total is None else decision.total.currency,
        unresolved=tuple(one.fact for one in decision.unresolved),
        unverified=bool(decision.unverified),
        by_rate=by_rate,
    )


def _nothing(decision: Decision) -> Decimal | None:
    return Decimal(0) if decision.verdict is Verdict.FREE else None


def _sum(lines: list[DutyLine] | tuple[DutyLine, ...]) -> Decimal | None:
    rates = [line.rate for line in lines]
    known = [rate for rate in rates if rate is not None]
    return sum(known, Decimal(0)) if len(known) == len(rates) else None


def _without(decision: Decision, relief: list[DutyLine], added: list[DutyLine]) -> tuple[str, Decimal | None]:
    """Give the duty without a claim where the lead is a preference: the option that requires nothing."""
    option = next((one for one in decision.options if not one.requires and one.measures), None)
    if option is None:
        # A preference that requires nothing is due whatever is claimed.
        return (relief[0].measure, _sum(relief)) if relief else ("", None)
    remedies = {line.measure for line in added}
    base = next((name for name in option.measures if name not in remedies), "")
    more = _sum(added)
    if not base or option.rate is None or more is None:
        return base, None
    return base, option.rate - more
