"""A whole case: margins of the firms examined, the gate where asked for, rates of everybody, duties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from openward.calculate.dumping.case import DumpingCase, Firm
from openward.calculate.dumping.comparison import Comparison, compare, only
from openward.calculate.dumping.lesser_duty import Duty, duty
from openward.calculate.dumping.margin import Margin, by_product, margin
from openward.calculate.dumping.normal_value import NormalValue, normal_values
from openward.calculate.dumping.pattern import Differential, differential, meaningful
from openward.calculate.dumping.prices import Priced, by_pcn, priced, quantity
from openward.calculate.dumping.rates import Examined, Rate, firm_rates
from openward.calculate.jurisdiction import Rules, rules
from openward.calculate.step import Step, Trail
from openward.calculate.thresholds import de_minimis
from openward.errors import InputErrors, MissingDataError, OpenwardError


@dataclass(frozen=True, slots=True)
class FirmResult:
    """What one firm's facts give.

    Attributes
    ----------
    firm : str
    normal_values : tuple of NormalValue
    comparisons : tuple of Comparison
        Of the method chosen.
    margin : Margin
        By that method, with or without offsets as the law or the case says.
    with_offsets, without_offsets : Margin
        Both, whatever is used.
    method : str
        Method used; ``mixed`` where the gate sends only a part to average-to-transaction.
    differential : Differential or None
        The gate, where the case asks for it.
    de_minimis : bool
    duty : Duty
    """

    firm: str
    normal_values: tuple[NormalValue, ...]
    comparisons: tuple[Comparison, ...]
    margin: Margin
    with_offsets: Margin
    without_offsets: Margin
    method: str
    differential: Differential | None
    de_minimis: bool
    duty: Duty


@dataclass(frozen=True, slots=True)
class DumpingResult:
    """What a case gives.

    Attributes
    ----------
    rules : Rules
    firms : tuple of FirmResult
    rates : tuple of Rate
    steps : tuple of Step
        Everything, in order.
    """

    rules: Rules
    firms: tuple[FirmResult, ...]
    rates: tuple[Rate, ...]
    steps: tuple[Step, ...]


def calculate_dumping(case: DumpingCase, *, jurisdiction: str | None = None) -> DumpingResult:
    """Calculate a case under the rules of a jurisdiction.

    Parameters
    ----------
    case : DumpingCase
    jurisdiction : str, optional
        Instead of the case's own; one of them is needed.

    Raises
    ------
    InputErrors
        Everything that is missing, over all firms.
    """
    name = jurisdiction or case.rules
    if name is None:
        raise MissingDataError(
            "whose rules?", where="rules", hint="write rules: chn in the file, or give --rules"
        )
    law, trail = rules(name), Trail()
    results: list[FirmResult] = []
    errors: list[OpenwardError] = []
    for firm in case.firms:
        try:
            results.append(_firm(firm, case, law, trail))
        except InputErrors as several:
            errors.extend(several.errors)
        except OpenwardError as error:
            errors.append(error)
    if errors:
        raise InputErrors(list(dict.fromkeys(errors)))
    examined = [Examined(one.firm, one.margin.weighted, one.margin.value) for one in results]
    rates = firm_rates(examined, case.others, law, trail, proceeding=case.proceeding)
    units = {"currency": case.currency, "per unit": f"{case.currency} per {case.unit}"}
    steps = tuple(replace(step, unit=units.get(step.unit, step.unit)) for step in trail.steps)
    return DumpingResult(law, tuple(results), rates, steps)


def _firm(firm: Firm, case: DumpingCase, law: Rules, trail: Trail) -> FirmResult:
    exports = priced(
        firm.export_sales, trail, subject=firm.name, name="export price", citation=law.export_price.citation
    )
    wanted = {pcn: quantity(group) for pcn, group in by_pcn(exports).items()}
    normal = normal_values(firm, wanted, law, trail)
    gate = None
    if case.method == "pattern":
        gate = differential(exports, law, trail, firm=firm.name)
        method, comparisons, used = _gated(exports, normal, gate, case, law, trail, firm=firm.name)
        both = {
            offsets: used
            if used.offsets is offsets
            else _margin(comparisons, law, trail, offsets, firm, method)
            for offsets in (True, False)
        }
    else:
        method = case.method
        comparisons = compare(exports, normal, case.method, law, trail, firm=firm.name)
        both = {offsets: _margin(comparisons, law, trail, offsets, firm, method) for offsets in (True, False)}
        used = both[law.offsets.of(case.method) if case.offsets is None else case.offsets]
    limit = law.de_minimis.investigation if case.proceeding == "investigation" else law.de_minimis.review
    small = de_minimis(used.weighted, law, proceeding=case.proceeding)
    trail.note(
        small,
        subject=firm.name,
        name="de minimis",
        formula="margin < limit, before rounding",
        inputs={"margin": used.weighted, "limit": limit},
        citation=law.de_minimis.citation,
    )
    due = Duty(Fraction(0), "de minimis")
    if not small:
        due = duty(used.weighted, firm.underselling, law, trail, firm=firm.name)
    return FirmResult(
        firm=firm.name,
        normal_values=tuple(normal.values()),
        comparisons=comparisons,
        margin=used,
        with_offsets=both[True],
        without_offsets=both[False],
        method=method,
        differential=gate,
        de_minimis=small,
        duty=due,
    )


def _margin(
    comparisons: Sequence[Comparison], law: Rules, trail: Trail, offsets: bool, firm: Firm, label: str
) -> Margin:
    return margin(comparisons, law, trail, offsets=offsets, firm=firm.name, label=label)


def _gated(
    exports: Sequence[Priced],
    normal: dict[str, NormalValue],
    gate: Differential,
    case: DumpingCase,
    law: Rules,
    trail: Trail,
    *,
    firm: str,
) -> tuple[str, tuple[Comparison, ...], Margin]:
    """Choose the method: average-to-average unless a reliable pattern makes a meaningful difference.

    In the mixed method the dumping of the passing sales, without offsets, is added to the net amount of the
    others; a negative net amount of the others offsets nothing.
    """
    averages = compare(exports, normal, "average-to-average", law, trail, firm=firm)
    standard = margin(
        averages, law, trail, offsets=law.offsets.average_to_average, firm=firm, label="average-to-average"
    )
    if gate.scope == "none" or not gate.reliable:
        why = "no pattern" if gate.scope == "none" else "the data are not fit for Cohen's d"
        _chosen("average-to-average", why, law, trail, firm=firm)
        return "average-to-average", averages, standard
    passing = exports if gate.scope == "whole" else only(exports, gate.passing)
    rest = [] if gate.scope == "whole" else [one for one in exports if one.sale.id not in gate.passing]
    targeted = compare(passing, normal, "average-to-transaction", law, trail, firm=firm)
    others = compare(rest, normal, "average-to-average", law, trail, firm=firm) if rest else ()
    alternative = _alternative(targeted, others, law, trail, firm=firm)
    limit = law.de_minimis.investigation if case.proceeding == "investigation" else law.de_minimis.review
    if not meaningful(standard.weighted, alternative.weighted, limit, law.pattern):
        _chosen("average-to-average", "the difference is not meaningful", law, trail, firm=firm)
        return "average-to-average", averages, standard
    name = "average-to-transaction" if gate.scope == "whole" else "mixed"
    _chosen(name, "a pattern, and the difference is meaningful", law, trail, firm=firm)
    return name, (*targeted, *others), alternative


def _alternative(
    targeted: Sequence[Comparison], others: Sequence[Comparison], law: Rules, trail: Trail, *, firm: str
) -> Margin:
    offsets = law.offsets.average_to_transaction
    first = margin(targeted, law, trail, offsets=offsets, firm=firm, label="average-to-transaction")
    if not others:
        return first
    second = margin(others, law, trail, offsets=law.offsets.average_to_average, firm=firm, label="others")
    amount = max(first.amount, Fraction(0)) + max(second.amount, Fraction(0))
    value = first.value + second.value
    trail.note(
        amount / value,
        subject=firm,
        name="margin, weighted, mixed",
        formula="(max(passing, 0) + max(others, 0)) / value",
        inputs={"passing": first.amount, "others": second.amount, "value": value},
        unit="fraction",
        citation=law.pattern.citation,
    )
    amounts = [one.amount(offsets=offsets) for one in targeted]
    amounts += [one.amount(offsets=law.offsets.average_to_average) for one in others]
    products = by_product((*targeted, *others), amounts)
    simple = max(sum(products.values(), Fraction(0)) / len(products), Fraction(0))
    return Margin(amount / value, simple, offsets, amount, value)


def _chosen(method: str, why: str, law: Rules, trail: Trail, *, firm: str) -> None:
    trail.note(
        method,
        subject=firm,
        name="method",
        formula="average-to-average unless a pattern makes a meaningful difference",
        inputs={"because": why},
        citation=law.pattern.citation,
    )
