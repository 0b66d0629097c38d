"""Comparing normal value and export price: three methods, offsets stated, one row by product."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from openward.calculate.dumping.normal_value import NormalValue
from openward.calculate.dumping.prices import Priced, PricedExport, average, by_pcn, quantity
from openward.calculate.jurisdiction import Method, Rules
from openward.calculate.step import Trail
from openward.errors import InputErrors, MissingDataError, OpenwardError

LABELS = {
    "average-to-average": "average normal value - average export price",
    "transaction-to-transaction": "price of the matched home sale - export price, sale by sale",
    "average-to-transaction": "average normal value - export price, sale by sale",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one product shows by one method.

    Attributes
    ----------
    pcn : str
    method : str
    quantity : Fraction
        Units exported.
    value : Fraction
        Of the exports on the basis of the denominator.
    positive, negative : Fraction
        Sums of the differences that show dumping and of those that do not (zero or less).
    """

    pcn: str
    method: Method
    quantity: Fraction
    value: Fraction
    positive: Fraction
    negative: Fraction

    def amount(self, *, offsets: bool) -> Fraction:
        """Give the dumping amount; with offsets it may be negative."""
        return self.positive + self.negative if offsets else self.positive


def compare(
    exports: Sequence[Priced],
    normal: Mapping[str, NormalValue],
    method: Method,
    rules: Rules,
    trail: Trail,
    *,
    firm: str,
) -> tuple[Comparison, ...]:
    """Compare the exports with their normal values, by product.

    Raises
    ------
    InputErrors
        Sales without the value the denominator needs, or without a home sale to match; all of them.
    """
    values = export_values(exports, rules, firm=firm)
    out = []
    for pcn, group in by_pcn(exports).items():
        value = sum((values[one.sale.id] for one in group), Fraction(0))
        if method == "average-to-average":
            differences = [(normal[pcn].value - average(group)) * quantity(group)]
            detail: tuple[tuple[str, Fraction], ...] = (
                ("normal value", normal[pcn].value),
                ("export price", average(group)),
            )
        elif method == "average-to-transaction":
            differences = [(normal[pcn].value - one.net) * one.quantity for one in group]
            detail = (("normal value", normal[pcn].value), ("sales", Fraction(len(group))))
        else:
            differences = _by_transaction(group, normal[pcn], trail, rules, firm=firm)
            detail = (("sales", Fraction(len(group))),)
        positive = sum((one for one in differences if one > 0), Fraction(0))
        negative = sum((one for one in differences if one <= 0), Fraction(0))
        found = Comparison(pcn, method, quantity(group), value, positive, negative)
        trail.note(
            found.amount(offsets=True),
            subject=f"{firm} {pcn}",
            name=f"amount, {method}",
            formula=f"({LABELS[method]}) * quantity = positive + negative",
            inputs=(*detail, ("quantity", found.quantity), ("positive", positive), ("negative", negative)),
            unit="currency",
            citation=rules.comparison.citation,
        )
        out.append(found)
    return tuple(out)


def export_values(exports: Sequence[Priced], rules: Rules, *, firm: str) -> dict[str, Fraction]:
    """Give the value of each export sale on the basis of the denominator, by its id.

    Raises
    ------
    InputErrors
        The law takes the CIF value and a sale has none.
    """
    if rules.denominator.value == "net":
        return {one.sale.id: one.net * one.quantity for one in exports}
    errors: list[OpenwardError] = []
    out: dict[str, Fraction] = {}
    for one in exports:
        assert isinstance(one, PricedExport)
        if one.sale.cif is None:
            errors.append(
                MissingDataError(
                    "no CIF value",
                    where=f"{firm}: export sale {one.sale.id}",
                    hint=f"state cif per unit: {rules.name} divides by it",
                )
            )
        else:
            out[one.sale.id] = one.sale.cif * one.quantity
    if errors:
        raise InputErrors(errors)
    return out


def only(exports: Sequence[Priced], ids: Collection[str]) -> list[Priced]:
    """Keep the sales with some ids."""
    return [one for one in exports if one.sale.id in ids]


def _by_transaction(
    group: Sequence[Priced], normal: NormalValue, trail: Trail, rules: Rules, *, firm: str
) -> list[Fraction]:
    """Match each export sale to the home sale nearest in time, then in quantity, then by id."""
    undated = [one for one in (*group, *normal.sales) if one.sale.on is None]
    if not normal.sales or undated:
        what = (
            f"sale {undated[0].sale.id} has no day" if undated else "a constructed value has no transactions"
        )
        raise MissingDataError(
            f"{normal.pcn} cannot be compared transaction to transaction: {what}",
            where=f"{firm}: {normal.pcn}",
            hint="state on (day of sale), or use average-to-average",
        )
    out = []
    for one in group:
        near = min(normal.sales, key=lambda home: _distance(one, home))
        price = near.net + normal.difference
        difference = (price - one.net) * one.quantity
        trail.note(
            difference,
            subject=f"{firm} {one.sale.id}",
            name="matched sale",
            formula="(home price - export price) * quantity",
            inputs={
                "home sale": near.sale.id,
                "home price": price,
                "export price": one.net,
                "quantity": one.quantity,
            },
            unit="currency",
            citation=rules.comparison.citation,
        )
        out.append(difference)
    return out


def _distance(export: Priced, home: Priced) -> tuple[int, Fraction, str]:
    assert export.sale.on is not None
    assert home.sale.on is not None
    return abs((export.sale.on - home.sale.on).days), abs(export.quantity - home.quantity), home.sale.id
