"""Rules about what a measure states: duties and their parts (ME40s, CE), limits, instruments (ME)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

from openward.book.duty import AdValorem, Compound, Duty, Minus, Specific
from openward.book.model import Flow, Instrument, Measure
from openward.book.rules.base import Finding, MeasureRule, Rule, Severity
from openward.book.rules.index import Index
from openward.codes.currencies import currencies
from openward.codes.units import units

_HIGHEST = Decimal(30)


@lru_cache(maxsize=8192)
def parts(duty: Duty) -> tuple[Any, ...]:
    """Give a duty with everything inside it: every expression, condition and amount."""
    found: list[Any] = [duty]
    for part in found:
        for one in fields(part):
            value = getattr(part, one.name)
            found += [v for v in (value if isinstance(value, tuple) else (value,)) if is_dataclass(v)]
    return tuple(found)


class ExpressionOnce(MeasureRule):
    """A duty states each expression once: one rate of the value, one amount for a unit and currency."""

    number = "ME43"
    hint = "add the two up, or say which component each is on"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say expressions that a sum states twice."""
        if measure.effect.duty is None:
            return
        for compound in parts(measure.effect.duty):
            if isinstance(compound, Compound):
                kinds = [_expression(part) for part in compound.parts]
                for kind in sorted({kind for kind in kinds if kinds.count(kind) > 1}):
                    yield f"states {kind} twice in {compound}"


def _expression(part: Duty) -> str:
    component = getattr(part, "of", "")
    of = f" of {component}" if component else ""
    if isinstance(part, AdValorem):
        return f"a rate{of}"
    if isinstance(part, Specific):
        times = "" if part.times is None else f" per {part.times}"
        return f"an amount in {part.currency} for {part.unit}{of}{times}"
    return str(part)


class ExpressionsInOrder(MeasureRule):
    """A duty states the rate of the value before amounts for quantities."""

    number = "ME208"
    severity = Severity.WARNING
    hint = "write the ad valorem part first"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say sums in which a rate follows an amount."""
        duty = measure.effect.duty
        if isinstance(duty, Compound):
            for one, other in pairwise(duty.parts):
                if isinstance(one, Specific) and isinstance(other, AdValorem):
                    yield f"states an amount before a rate: {duty}"


class DutyNotNegative(MeasureRule):
    """A duty is not negative: a term that is taken off is taken off something at least as high."""

    number = "ME209"
    hint = "state what is reduced, or the result"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say duties that only reduce, and rates reduced by more than they are."""
        duty = measure.effect.duty
        terms = duty.terms() if duty is not None else ()
        taken = [term.duty for term in terms if isinstance(term, Minus)]
        rates = [term.rate for term in terms if isinstance(term, AdValorem)]
        off = [one.rate for one in taken if isinstance(one, AdValorem)]
        if taken and len(taken) == len(terms):
            yield f"only reduces: {duty}"
        elif off and len(rates) + len(off) == len(terms) and sum(off) > sum(rates):
            yield f"reduces by more than it charges: {duty}"


class RateOfThisWorld(MeasureRule):
    """A rate above 3000 % of the value is checked: a percent may have been read as a fraction."""

    number = "ME210"
    severity = Severity.WARNING
    hint = "rates are fractions inside: 5 % is 0.05"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say very high rates."""
        for part in parts(measure.effect.duty) if measure.effect.duty is not None else ():
            if isinstance(part, AdValorem) and part.rate > _HIGHEST:
                yield f"states a rate of {part}"


class UnitsKnown(MeasureRule):
    """A unit of quantity is one of Recommendation 20."""

    number = "ME51"
    hint = "use a code of UN/ECE Recommendation 20"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say units that nobody defined."""
        for part in parts(measure.effect.duty) if measure.effect.duty is not None else ():
            unit = getattr(part, "unit", "")
            if unit and unit not in units():
                yield f"states the unit {unit}, which nobody defined"
        effect = measure.effect
        if effect.number is not None and effect.unit not in {"%", *units(), *currencies()}:
            yield f"states a limit in {effect.unit!r}, which is neither %, a unit nor a currency"


class CurrenciesKnown(MeasureRule):
    """A currency is one of ISO 4217."""

    number = "ME48"
    hint = "use a code of ISO 4217"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say currencies that nobody defined."""
        for part in parts(measure.effect.duty) if measure.effect.duty is not None else ():
            code = getattr(part, "currency", "")
            if code and code not in currencies():
                yield f"states the currency {code}, which nobody defined"


class LimitInRange(MeasureRule):
    """A limit is not negative, has a unit, and a cap on a stake lies between 0 and 100 %."""

    number = "ME211"
    hint = "state number and unit, such as 50 and '%'"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say limits that cannot be meant."""
        effect = measure.effect
        if effect.number is None:
            if effect.unit:
                yield f"states the unit {effect.unit} and no number"
            return
        if effect.number < 0:
            yield f"states a negative limit, {effect.number}"
        elif effect.unit == "%" and effect.number > 100:
            yield f"caps at {effect.number} %"


_FLOWS: dict[Instrument, frozenset[Flow]] = {
    **dict.fromkeys(
        (one for one in Instrument if one.value.endswith("-duty") and one is not Instrument.EXPORT_DUTY),
        frozenset({Flow.IMPORT}),
    ),
    Instrument.TARIFF_QUOTA: frozenset({Flow.IMPORT}),
    Instrument.EXPORT_DUTY: frozenset({Flow.EXPORT}),
    Instrument.EQUITY_CAP: frozenset({Flow.INWARD_INVESTMENT, Flow.OUTWARD_INVESTMENT, Flow.SERVICES_MODE_3}),
    Instrument.INVESTMENT_PROHIBITION: frozenset(
        {Flow.INWARD_INVESTMENT, Flow.OUTWARD_INVESTMENT, Flow.SERVICES_MODE_3}
    ),
    Instrument.SERVICES_PROHIBITION: frozenset(one for one in Flow if one.value.startswith("services")),
    Instrument.SERVICES_CONDITION: frozenset(one for one in Flow if one.value.startswith("services")),
}


class InstrumentFitsFlow(MeasureRule):
    """An instrument is used on the flow that it is made for: import duties on imports, and so on."""

    number = "ME212"
    hint = "correct the flow or the instrument"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say instruments on another flow."""
        fitting = _FLOWS.get(measure.instrument)
        if fitting is not None and measure.flow not in fitting:
            yield f"is a {measure.instrument.value} on the flow {measure.flow.value}"


class HintCarriesNoDuty(MeasureRule):
    """A measure whose products are only a hint to the text states no duty."""

    number = "ME213"
    hint = "name the products that pay, or take the duty away"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say duties on products that are hints."""
        if measure.scope.hint_only and measure.effect.duty is not None:
            yield f"charges {measure.effect.duty} on products that are only a hint"


class QuotaIsNamed(MeasureRule):
    """A tariff quota names its order number, or says its quantity in a condition or in words."""

    number = "ME214"
    hint = "name effect.quota, or say the quantity in a condition"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say tariff quotas without a quantity."""
        if measure.instrument is Instrument.TARIFF_QUOTA:
            said = measure.effect.quota or measure.effect.text
            if not said and not any(condition.kind == "quota" for condition in measure.conditions):
                yield "is a tariff quota and names no order number"


class ListingNamesParty(MeasureRule):
    """An entity listing names the party that is listed."""

    number = "ME215"
    hint = "name it in scope.parties"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say listings of nobody."""
        if measure.instrument is Instrument.ENTITY_LISTING and not measure.scope.parties:
            yield "is an entity listing and names no party"


class PreferenceBelowMfn(Rule):
    """A preferential rate is not above the MFN rate on the same products and day (law may allow it)."""

    number = "ME216"
    severity = Severity.WARNING

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give preferential ad valorem rates on named products above the MFN rate on the very same."""
        mfn: dict[Any, list[Measure]] = {}
        for measure in index.measures:
            on_all = not measure.scope.partners and not measure.scope.additional_codes
            if measure.instrument is Instrument.MFN_DUTY and on_all:
                mfn.setdefault(_goods(measure), []).append(measure)
        for measure in index.measures:
            goods = measure.scope.products
            if (
                measure.instrument is not Instrument.PREFERENTIAL_DUTY
                or goods is None
                or goods.ranges == ("*",)
            ):
                continue
            for base in mfn.get(_goods(measure), ()):
                duty, most = measure.effect.duty, base.effect.duty
                if not isinstance(duty, AdValorem) or not isinstance(most, AdValorem):
                    continue
                if duty.rate > most.rate and base.valid.overlaps(measure.valid):
                    yield self.found(
                        measure,
                        base,
                        sentence=f"{measure.id} charges {duty}, more than {base.id} with {most}",
                        hint="check both; where the law says so, the MFN rate applies",
                    )


def _goods(measure: Measure) -> tuple[Any, ...]:
    scope = measure.scope
    return measure.imposed_by, measure.zone, scope.products, scope.exclude_products, scope.sectors
