"""Normal value by product control number: home sales, a third country, or cost with a profit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from openward.calculate.dumping.arms_length import arms_length
from openward.calculate.dumping.case import Cost, Firm, Sale
from openward.calculate.dumping.ordinary import above_cost, viable
from openward.calculate.dumping.prices import Priced, average, by_pcn, priced, quantity
from openward.calculate.jurisdiction import Rules
from openward.calculate.step import Trail
from openward.errors import InputErrors, MissingDataError, OpenwardError


@dataclass(frozen=True, slots=True)
class NormalValue:
    """Normal value of a product.

    Attributes
    ----------
    pcn : str
    value : Fraction
        Per unit, ex works.
    basis : str
        ``home``, ``third-country``, ``constructed``, or ``home PCN`` of a similar product.
    sales : tuple of Priced
        Sales it rests on; empty if constructed.
    difference : Fraction
        Per unit, added to each sale for the physical difference of a similar product.
    """

    pcn: str
    value: Fraction
    basis: str
    sales: tuple[Priced, ...] = ()
    difference: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class _Market:
    """Sales in the ordinary course by product, and the profit they make on cost."""

    sales: Mapping[str, list[Priced]]
    profit: Fraction | None
    name: str


def normal_values(
    firm: Firm, exports: Mapping[str, Fraction], rules: Rules, trail: Trail
) -> dict[str, NormalValue]:
    """Work out the normal value of each exported product.

    Parameters
    ----------
    firm : Firm
    exports : mapping
        Quantity exported by product control number.
    rules : Rules
    trail : Trail
        Steps are added to it.

    Raises
    ------
    InputErrors
        Every fact that is missing: costs, a profit, the choice of a fallback.
    """
    costs = {one.pcn: one for one in firm.costs}
    home = _market(firm.home_sales, costs, rules, trail, firm=firm.name, name="home", exports=exports)
    third = None
    if firm.third_country is not None:
        third = _market(
            firm.third_country.sales,
            costs,
            rules,
            trail,
            firm=firm.name,
            name=f"third country {firm.third_country.economy}",
        )
    out: dict[str, NormalValue] = {}
    errors: list[OpenwardError] = []
    for pcn in exports:
        try:
            out[pcn] = _one(pcn, firm, home, third, costs, rules, trail)
        except OpenwardError as error:
            errors.append(error)
    if errors:
        raise InputErrors(errors)
    return out


def _market(
    sales: Iterable[Sale],
    costs: Mapping[str, Cost],
    rules: Rules,
    trail: Trail,
    *,
    firm: str,
    name: str,
    exports: Mapping[str, Fraction] | None = None,
) -> _Market:
    """Bring a market's sales to the ordinary course; viability is tested where exports are given."""
    kept = priced(sales, trail, subject=firm, name=f"net price, {name}", citation=rules.comparison.citation)
    kept = arms_length(kept, rules, trail, firm=firm)
    if exports is not None and not viable(
        quantity(kept), sum(exports.values(), Fraction(0)), rules, trail, subject=firm
    ):
        return _Market({}, None, name)
    ordinary: dict[str, list[Priced]] = {}
    errors: list[OpenwardError] = []
    for pcn, group in by_pcn(kept).items():
        by_type = exports is not None and rules.viability_by_type.value and pcn in exports
        if (
            by_type
            and exports is not None
            and not viable(quantity(group), exports[pcn], rules, trail, subject=f"{firm} {pcn}")
        ):
            continue
        try:
            rest = above_cost(group, costs, pcn, rules, trail, firm=firm)
        except MissingDataError as error:
            errors.append(error)
            continue
        if rest:
            ordinary[pcn] = rest
    if errors:
        raise InputErrors(errors)
    return _Market(ordinary, _profit(ordinary, costs, trail, rules, firm=firm, name=name), name)


def _profit(
    ordinary: Mapping[str, list[Priced]],
    costs: Mapping[str, Cost],
    trail: Trail,
    rules: Rules,
    *,
    firm: str,
    name: str,
) -> Fraction | None:
    """Profit on cost of sales in the ordinary course (ADA art 2.2.2)."""
    if not ordinary:
        return None
    cost = sum((costs[pcn].total * quantity(group) for pcn, group in ordinary.items()), Fraction(0))
    value = sum((one.net * one.quantity for group in ordinary.values() for one in group), Fraction(0))
    if cost == 0 or value < cost:
        return None
    rate = (value - cost) / cost
    trail.note(
        rate,
        subject=firm,
        name=f"profit on cost, {name}",
        formula="(value - cost) / cost, sales in the ordinary course",
        inputs={"value": value, "cost": cost},
        unit="fraction",
        citation=f"{rules.constructed.citation}; ADA art 2.2.2",
    )
    return rate


def _one(
    pcn: str,
    firm: Firm,
    home: _Market,
    third: _Market | None,
    costs: Mapping[str, Cost],
    rules: Rules,
    trail: Trail,
) -> NormalValue:
    subject = f"{firm.name} {pcn}"
    if pcn in home.sales:
        return _of_sales(pcn, home.sales[pcn], "home", rules, trail, subject=subject)
    match = next((one for one in firm.matches if one.pcn == pcn), None)
    if match is not None and match.to in home.sales:
        sales = home.sales[match.to]
        mean = average(sales)
        value = mean + match.difference
        trail.note(
            value,
            subject=subject,
            name="normal value",
            formula="average price of the similar product + physical difference",
            inputs={
                "similar product": match.to,
                "average price": mean,
                "physical difference": match.difference,
            },
            unit="per unit",
            citation=rules.comparison.citation,
        )
        return NormalValue(pcn, value, f"home {match.to}", tuple(sales), match.difference)
    if firm.fallback is None:
        raise MissingDataError(
            f"{pcn} has no home sales that count, and the file does not say what to use instead",
            where=f"{firm.name}: fallback",
            hint="fallback: third-country or constructed, or a match to a similar product",
        )
    if firm.fallback == "third-country":
        if third is None or pcn not in third.sales:
            raise MissingDataError(
                f"{pcn} has no sales to a third country that count",
                where=f"{firm.name}: third_country",
                hint="state its sales, or choose fallback: constructed",
            )
        return _of_sales(pcn, third.sales[pcn], "third-country", rules, trail, subject=subject)
    return _constructed(pcn, firm, home, costs, rules, trail, subject=subject)


def _of_sales(
    pcn: str, sales: list[Priced], basis: str, rules: Rules, trail: Trail, *, subject: str
) -> NormalValue:
    value = average(sales)
    trail.note(
        value,
        subject=subject,
        name="normal value",
        formula="sum(net price * quantity) / sum(quantity)",
        inputs={
            "basis": basis,
            "sales": Fraction(len(sales)),
            "sum(net price * quantity)": value * quantity(sales),
            "sum(quantity)": quantity(sales),
        },
        unit="per unit",
        citation=rules.constructed.citation if basis != "home" else rules.comparison.citation,
    )
    return NormalValue(pcn, value, basis, tuple(sales))


def _constructed(
    pcn: str,
    firm: Firm,
    home: _Market,
    costs: Mapping[str, Cost],
    rules: Rules,
    trail: Trail,
    *,
    subject: str,
) -> NormalValue:
    if pcn not in costs:
        raise MissingDataError(
            f"no cost of production for {pcn}",
            where=f"{firm.name}: costs",
            hint="a constructed value needs it",
        )
    if home.profit is None and firm.profit is None:
        raise MissingDataError(
            f"no profit to construct the value of {pcn}",
            where=f"{firm.name}: profit",
            hint="no home sales in the ordinary course give one; state profit: {rate, basis} (ADA art 2.2.2)",
        )
    cost = costs[pcn]
    rate = home.profit if home.profit is not None else firm.profit.rate if firm.profit else Fraction(0)
    basis = (
        "sales in the ordinary course"
        if home.profit is not None
        else firm.profit.basis
        if firm.profit
        else ""
    )
    value = cost.total * (1 + rate)
    trail.note(
        value,
        subject=subject,
        name="normal value",
        formula="(manufacture + selling and general + finance) * (1 + profit)",
        inputs={
            "basis": "constructed",
            "manufacture": cost.manufacture,
            "selling and general": cost.selling_general,
            "finance": cost.finance,
            "profit": rate,
            "profit from": basis,
        },
        unit="per unit",
        citation=rules.constructed.citation,
    )
    return NormalValue(pcn, value, "constructed")
