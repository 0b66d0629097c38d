"""A subsidy file: benefit by programme, part of the period, rate of value, de minimis."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from openward.calculate.jurisdiction import Rules, rules
from openward.calculate.step import Step, Trail
from openward.calculate.subsidy.allocation import declining_balance, straight_line
from openward.calculate.subsidy.case import (
    Grant,
    Guarantee,
    Loan,
    Programme,
    Provided,
    SubsidyCase,
    Tax,
)
from openward.errors import InputErrors, MissingDataError, OpenwardError

ARTICLES = {
    "grant": "CV Regulations art 6(1); SCM Agreement art 14",
    "equity": "CV Regulations art 6(4); SCM Agreement art 14(a)",
    "loan": "CV Regulations art 6(2); SCM Agreement art 14(b)",
    "guarantee": "CV Regulations art 6(3); SCM Agreement art 14(c)",
    "input": "CV Regulations art 6(5); SCM Agreement art 14(d)",
    "purchase": "CV Regulations art 6(6); SCM Agreement art 14(d)",
    "tax": "CV Regulations art 6(7); SCM Agreement art 1.1(a)(1)(ii)",
}


@dataclass(frozen=True, slots=True)
class ProgrammeResult:
    """One programme.

    Attributes
    ----------
    name : str
    countervailable : bool
        It is specific (CV Regulations art 4).
    benefit : Fraction
        In currency, whole.
    of_period : Fraction
        The part that falls into the period.
    rate : Fraction
        Of the sales it is tied to; zero if not countervailable.
    """

    name: str
    countervailable: bool
    benefit: Fraction
    of_period: Fraction
    rate: Fraction


@dataclass(frozen=True, slots=True)
class SubsidyResult:
    """What a subsidy file gives; `rate` is the sum of the programmes' rates, as a fraction of value."""

    rules: Rules
    firm: str
    programmes: tuple[ProgrammeResult, ...]
    rate: Fraction
    de_minimis: bool
    steps: tuple[Step, ...]


def de_minimis_subsidy(rate: Fraction, rules: Rules, *, developing: bool) -> bool:
    """Say whether a rate is de minimis: below the threshold, before any rounding."""
    return rate < (rules.subsidy.developing if developing else rules.subsidy.de_minimis)


def calculate_subsidy(case: SubsidyCase, *, jurisdiction: str | None = None) -> SubsidyResult:
    """Calculate a subsidy file.

    Raises
    ------
    InputErrors
        Every sales figure and allocation that a programme needs and the file lacks.
    """
    name = jurisdiction or case.rules
    if name is None:
        raise MissingDataError(
            "whose rules?", where="rules", hint="write rules: chn in the file, or give --rules"
        )
    law, trail = rules(name), Trail()
    results: list[ProgrammeResult] = []
    errors: list[OpenwardError] = []
    for programme in case.programmes:
        try:
            results.append(_programme(programme, case, law, trail))
        except OpenwardError as error:
            errors.append(error)
    if errors:
        raise InputErrors(errors)
    rate = sum((one.rate for one in results), Fraction(0))
    trail.note(
        rate,
        subject=case.firm,
        name="subsidy rate",
        formula="sum of programmes' rates",
        inputs=tuple((one.name, one.rate) for one in results),
        unit="fraction",
        citation=law.subsidy.citation,
    )
    small = de_minimis_subsidy(rate, law, developing=case.developing)
    limit = law.subsidy.developing if case.developing else law.subsidy.de_minimis
    trail.note(
        small,
        subject=case.firm,
        name="de minimis",
        formula="rate < limit, before rounding",
        inputs={"rate": rate, "limit": limit},
        citation=law.subsidy.citation,
    )
    return SubsidyResult(law, case.firm, tuple(results), rate, small, tuple(trail.steps))


def benefit(programme: Programme) -> tuple[Fraction, str, tuple[tuple[str, Fraction], ...]]:
    """Give the whole benefit of a programme with its formula and inputs; never below zero."""
    if isinstance(programme, Grant):
        return programme.amount, "amount received", (("amount received", programme.amount),)
    if isinstance(programme, Loan):
        gap = programme.principal * (programme.benchmark - programme.rate) * programme.share_of_year
        formula = "max(principal * (benchmark - rate) * share of year, 0)"
        inputs: tuple[tuple[str, Fraction], ...] = (
            ("principal", programme.principal),
            ("benchmark", programme.benchmark),
            ("rate", programme.rate),
            ("share of year", programme.share_of_year),
        )
    elif isinstance(programme, Guarantee):
        gap = programme.interest_without - programme.interest_with - programme.fee
        formula = "max(interest without - interest with - fee, 0)"
        inputs = (
            ("interest without", programme.interest_without),
            ("interest with", programme.interest_with),
            ("fee", programme.fee),
        )
    elif isinstance(programme, Tax):
        gap = programme.due - programme.paid
        formula, inputs = "max(due - paid, 0)", (("due", programme.due), ("paid", programme.paid))
    else:
        more, less = programme.market_price, programme.paid
        formula = "max(quantity * (market price - paid), 0)"
        if not isinstance(programme, Provided):
            more, less, formula = less, more, "max(quantity * (paid - market price), 0)"
        gap = programme.quantity * (more - less)
        inputs = (
            ("quantity", programme.quantity),
            ("market price", programme.market_price),
            ("paid", programme.paid),
        )
    return max(gap, Fraction(0)), formula, inputs


def _programme(programme: Programme, case: SubsidyCase, law: Rules, trail: Trail) -> ProgrammeResult:
    whole, formula, inputs = benefit(programme)
    subject = f"{case.firm}: {programme.name}"
    trail.note(
        whole,
        subject=subject,
        name="benefit",
        formula=formula,
        inputs=inputs,
        unit=case.currency,
        citation=ARTICLES[programme.kind],
    )
    part = whole
    if isinstance(programme, Grant):
        part = _of_period(programme, case, law, trail, subject=subject)
    if programme.tied_to not in case.sales:
        raise MissingDataError(
            f"{programme.name} is tied to {programme.tied_to} sales, which are not stated",
            where=f"sales.{programme.tied_to}",
            hint="state them in the currency of the case",
        )
    sales = case.sales[programme.tied_to]
    rate = part / sales if programme.specific else Fraction(0)
    trail.note(
        rate,
        subject=subject,
        name="rate of value",
        formula="benefit of the period / sales" if programme.specific else "zero: not specific",
        inputs={"benefit of the period": part, f"{programme.tied_to} sales": sales},
        unit="fraction",
        citation="CV Regulations art 4; SCM Agreement arts 2, 14"
        if not programme.specific
        else "SCM Agreement art 14",
    )
    return ProgrammeResult(programme.name, programme.specific, whole, part, rate)


def _of_period(grant: Grant, case: SubsidyCase, law: Rules, trail: Trail, *, subject: str) -> Fraction:
    year = case.year - grant.year + 1
    if grant.recurring or _small(grant, law):
        part = grant.amount if year == 1 else Fraction(0)
        why = "recurring" if grant.recurring else "below the limit of sales in the year of approval"
        trail.note(
            part,
            subject=subject,
            name="benefit of the period",
            formula="expensed in the year of receipt",
            inputs={"because": why, "year of receipt": str(grant.year), "year": str(case.year)},
            unit=case.currency,
            citation=law.subsidy.citation,
        )
        return part
    if case.allocation is None:
        raise MissingDataError(
            f"{grant.name} is not recurring and the file does not say how to spread it",
            where="allocation",
            hint="state allocation: {method, life, discount}",
        )
    how = case.allocation
    spread = declining_balance if how.method == "declining-balance" else straight_line
    part = spread(grant.amount, how.life, how.discount, year)
    trail.note(
        part,
        subject=subject,
        name="benefit of the period",
        formula="(y / n + (y - y / n * (k - 1)) * d) / (1 + d)"
        if how.method == "declining-balance"
        else "y / n + y / 2 * d",
        inputs={"y": grant.amount, "n": how.life, "d": how.discount, "k": year},
        unit=case.currency,
        citation="19 CFR 351.524(d)(1)"
        if how.method == "declining-balance"
        else "practice under Reg (EU) 2016/1037 art 7(3) (unverified)",
    )
    return part


def _small(grant: Grant, law: Rules) -> bool:
    """Small grants are expensed where the law has a limit: below 0.5 % of the sales of that year (US)."""
    limit = law.subsidy.expense_test
    if limit is None:
        return False
    if grant.approved_sales is None:
        raise MissingDataError(
            f"{grant.name}: whether it is small is tested against the sales of the year of approval",
            where=f"{grant.name}: approved_sales",
            hint="state approved_sales",
        )
    return grant.amount / grant.approved_sales < limit
