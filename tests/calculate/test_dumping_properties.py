"""What must hold of any comparison, whatever the prices."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from openward.calculate.dumping.case import ExportSale, Sale
from openward.calculate.dumping.comparison import compare
from openward.calculate.dumping.margin import margin
from openward.calculate.dumping.normal_value import NormalValue
from openward.calculate.dumping.prices import Priced, PricedExport
from openward.calculate.jurisdiction import Method, rules
from openward.calculate.step import Trail

LAW = rules("chn")
rows = st.lists(
    st.tuples(
        st.sampled_from(["P1", "P2", "P3"]), st.integers(1, 200), st.integers(1, 50), st.integers(1, 300)
    ),
    min_size=1,
    max_size=8,
)
values = st.fixed_dictionaries({pcn: st.integers(1, 200) for pcn in ("P1", "P2", "P3")})


def amount(
    rows: list[tuple[str, int, int, int]],
    values: dict[str, int],
    method: Method,
    *,
    offsets: bool,
    scale: Fraction = Fraction(1),
) -> tuple[Fraction, Fraction, Fraction]:
    exports: list[Priced] = []
    for k, (pcn, price, quantity, cif) in enumerate(rows):
        row = ExportSale(
            id=str(k), pcn=pcn, quantity=Fraction(quantity), price=price * scale, cif=cif * scale,
            customer="C", on="2025-01-01",
        )  # fmt: skip
        exports.append(PricedExport(row, row.price))
    normal = {}
    for pcn, value in values.items():
        home = Sale(id=pcn, pcn=pcn, quantity=Fraction(1), price=value * scale, customer="K", on="2025-01-01")
        normal[pcn] = NormalValue(pcn, value * scale, "home", (Priced(home, value * scale),))
    found = compare(exports, normal, method, LAW, Trail(), firm="A")
    result = margin(found, LAW, Trail(), offsets=offsets, firm="A", label=method)
    return result.amount, result.weighted, result.simple


@settings(max_examples=60, deadline=None)
@given(rows=rows, values=values)
def test_identities(rows: list[tuple[str, int, int, int]], values: dict[str, int]) -> None:
    averages = amount(rows, values, "average-to-average", offsets=True)
    sales = amount(rows, values, "average-to-transaction", offsets=True)
    # With offsets averaging exports first changes nothing; with one home sale nor does matching.
    assert averages == sales
    assert amount(rows, values, "transaction-to-transaction", offsets=True) == sales
    # By hand, straight from the definition.
    assert sales[0] == sum((values[pcn] - price) * quantity for pcn, price, quantity, _ in rows)
    zeroed = amount(rows, values, "average-to-transaction", offsets=False)
    assert zeroed[0] == sum(max(values[pcn] - price, 0) * quantity for pcn, price, quantity, _ in rows)
    assert zeroed[0] >= amount(rows, values, "average-to-average", offsets=False)[0] >= averages[0]
    # Margins do not depend on the currency or on the order of sales.
    assert amount(rows, values, "average-to-average", offsets=True, scale=Fraction(7, 3))[1:] == averages[1:]
    assert amount(rows[::-1], values, "average-to-average", offsets=True) == averages
