"""Sales to related customers: kept if their prices are those of strangers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from openward.calculate.dumping.prices import Priced, average, by_pcn, quantity
from openward.calculate.jurisdiction import Band, Rules
from openward.calculate.step import Trail
from openward.errors import InputErrors, MissingDataError


def within(band: Band, ratio: Fraction) -> bool:
    """Say whether a ratio lies in the closed band; a band without figures is never tested here."""
    return band.low is not None and band.high is not None and band.low <= ratio <= band.high


def arms_length(sales: Sequence[Priced], rules: Rules, trail: Trail, *, firm: str) -> list[Priced]:
    """Keep the sales to strangers, and those to related customers that pass.

    Where the law has a band (United States, 98 to 102 %), a related customer's average price is set against
    that of strangers by product control number; the ratios are averaged by the customer's quantities, and one
    with no common product cannot pass. Elsewhere the authority's finding is read from ``at_arms_length``.

    Raises
    ------
    InputErrors
        A related sale without a finding, where the law has no figure; all of them.
    """
    strangers = [one for one in sales if not one.sale.related]
    related = [one for one in sales if one.sale.related]
    if rules.arms_length.low is None:
        return _by_finding(sales, related, rules, trail, firm=firm)
    market = {pcn: average(group) for pcn, group in by_pcn(strangers).items()}
    kept: set[str] = set()
    for customer in dict.fromkeys(one.sale.customer for one in related):
        groups = by_pcn(one for one in related if one.sale.customer == customer)
        ratios = {
            pcn: (average(group) / market[pcn], quantity(group))
            for pcn, group in groups.items()
            if pcn in market
        }
        if not ratios:
            trail.note(
                False,
                subject=f"{firm} {customer}",
                name="arm's length",
                formula="no product sold to strangers to compare with",
                citation=rules.arms_length.citation,
            )
            continue
        whole = sum((units for _, units in ratios.values()), Fraction(0))
        ratio = sum((value * units for value, units in ratios.values()), Fraction(0)) / whole
        passed = within(rules.arms_length, ratio)
        trail.note(
            passed,
            subject=f"{firm} {customer}",
            name="arm's length",
            formula="low <= average of related price / strangers' price by quantity <= high",
            inputs=(
                *((f"ratio {pcn}", value) for pcn, (value, _) in ratios.items()),
                ("ratio", ratio),
                ("low", rules.arms_length.low),
                ("high", rules.arms_length.high or Fraction(0)),
            ),
            citation=rules.arms_length.citation,
        )
        if passed:
            kept.add(customer)
    return [one for one in sales if not one.sale.related or one.sale.customer in kept]


def _by_finding(
    sales: Sequence[Priced], related: Sequence[Priced], rules: Rules, trail: Trail, *, firm: str
) -> list[Priced]:
    undecided = [one for one in related if one.sale.at_arms_length is None]
    if undecided:
        raise InputErrors(
            [
                MissingDataError(
                    "a sale to a related customer has no finding",
                    where=f"{firm}: {one.sale.id}",
                    hint=f"state at_arms_length: {rules.name} has no figure ({rules.arms_length.citation})",
                )
                for one in undecided
            ]
        )
    for one in related:
        trail.note(
            bool(one.sale.at_arms_length),
            subject=f"{firm} {one.sale.id}",
            name="arm's length",
            formula="finding of the authority",
            citation=rules.arms_length.citation,
        )
    return [one for one in sales if not one.sale.related or one.sale.at_arms_length]
