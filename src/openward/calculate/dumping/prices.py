"""Net prices: every price brought to the same level, ex works."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from openward.calculate.dumping.case import ExportSale, Sale
from openward.calculate.step import Trail


@dataclass(frozen=True, slots=True)
class Priced:
    """A sale with its ex-works price.

    Attributes
    ----------
    sale : Sale
    net : Fraction
        Price per unit ex works.
    """

    sale: Sale
    net: Fraction

    @property
    def pcn(self) -> str:
        """Product control number."""
        return self.sale.pcn

    @property
    def quantity(self) -> Fraction:
        """Units sold."""
        return self.sale.quantity


@dataclass(frozen=True, slots=True)
class PricedExport(Priced):
    """An export sale with its ex-works price."""

    sale: ExportSale


def net_price(sale: Sale) -> Fraction:
    """Give the price less deductions plus additions (ADA art 2.4: due allowance)."""
    off = sum((value for _, value in _stated(sale.deductions)), Fraction(0))
    on = sum((value for _, value in _stated(sale.additions)), Fraction(0))
    return sale.price - off + on


def priced(sales: Iterable[Sale], trail: Trail, *, subject: str, name: str, citation: str) -> list[Priced]:
    """Bring sales to ex works, one step each."""
    out: list[Priced] = []
    for sale in sales:
        net = net_price(sale)
        off, on = _stated(sale.deductions), _stated(sale.additions)
        trail.note(
            net,
            subject=f"{subject} {sale.id}",
            name=name,
            formula=" ".join(["price", *(f"- {key}" for key, _ in off), *(f"+ {key}" for key, _ in on)]),
            inputs=(("price", sale.price), *off, *on),
            unit="per unit",
            citation=citation,
        )
        out.append(PricedExport(sale, net) if isinstance(sale, ExportSale) else Priced(sale, net))
    return out


def by_pcn(sales: Iterable[Priced]) -> dict[str, list[Priced]]:
    """Group sales by product control number, in the order they come."""
    out: dict[str, list[Priced]] = {}
    for sale in sales:
        out.setdefault(sale.pcn, []).append(sale)
    return out


def quantity(sales: Iterable[Priced]) -> Fraction:
    """Sum quantities."""
    return sum((one.quantity for one in sales), Fraction(0))


def average(sales: Sequence[Priced]) -> Fraction:
    """Give the average net price, weighted by quantity."""
    return sum((one.net * one.quantity for one in sales), Fraction(0)) / quantity(sales)


def _stated(record: object) -> tuple[tuple[str, Fraction], ...]:
    # Every record of prices is a pydantic model, which `object` does not say.
    fields: Mapping[str, object] = type(record).model_fields  # type: ignore[attr-defined]
    pairs = ((name, getattr(record, name)) for name in fields)
    return tuple((name, value) for name, value in pairs if value is not None)
