"""Every threshold of the dumping rules, at, above and below."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from openward.calculate.dumping.arms_length import within
from openward.calculate.dumping.case import Cost, ExportSale, Other, Sale
from openward.calculate.dumping.lesser_duty import duty
from openward.calculate.dumping.ordinary import above_cost, viable
from openward.calculate.dumping.pattern import differential, meaningful, scope_of
from openward.calculate.dumping.prices import Priced, PricedExport
from openward.calculate.dumping.rates import Examined, firm_rates
from openward.calculate.exact import exact, plain, rounded
from openward.calculate.jurisdiction import Proceeding, jurisdictions, rules
from openward.calculate.step import Trail
from openward.calculate.thresholds import de_minimis, negligible
from openward.errors import InputErrors, MissingDataError, UnknownCodeError

CHN, EUR, GBR, USA = rules("chn"), rules("eur"), rules("gbr"), rules("usa")


def f(text: str) -> Fraction:
    return Fraction(text)


def sale(id: str, quantity: str, price: str, *, pcn: str = "P1", customer: str = "K1") -> Priced:
    return Priced(Sale(id=id, pcn=pcn, quantity=f(quantity), price=f(price), customer=customer), f(price))


@pytest.mark.parametrize(
    ("law", "proceeding", "margin", "small"),
    [
        ("chn", "investigation", "0.0199", True),
        ("chn", "investigation", "0.02", False),
        ("chn", "investigation", "0.0201", False),
        ("chn", "review", "0.0199", True),
        ("chn", "review", "0.02", False),
        ("eur", "investigation", "0.0199", True),
        ("eur", "investigation", "0.02", False),
        ("gbr", "investigation", "0.0199", True),
        ("gbr", "investigation", "0.02", False),
        ("usa", "investigation", "0.0199", True),
        ("usa", "investigation", "0.02", False),
        ("usa", "review", "0.00499", True),
        ("usa", "review", "0.005", False),
        ("usa", "review", "0.00501", False),
    ],
)
def test_de_minimis(law: str, proceeding: Proceeding, margin: str, small: bool) -> None:
    assert de_minimis(f(margin), rules(law), proceeding=proceeding) is small


def test_de_minimis_is_tested_before_rounding() -> None:
    assert str(rounded(f("1.96"), 1)) == "2.0"
    assert de_minimis(f("0.0196"), CHN, proceeding="investigation")


@pytest.mark.parametrize(
    ("volumes", "negligible_ones"),
    [
        ({"A": "2.99"}, {"A"}),
        ({"A": "3"}, set()),
        ({"A": "3.01"}, set()),
        ({"A": "2.9", "B": "2.9", "C": "1.2"}, {"A", "B", "C"}),  # 7 together: not above 7
        ({"A": "2.9", "B": "2.9", "C": "1.3"}, set()),  # 7.1 together
        ({"A": "2.9", "B": "2.9", "C": "1.1"}, {"A", "B", "C"}),
        ({"A": "2.9", "B": "40"}, {"A"}),  # a source above 3 does not help the small ones to count
    ],
)
@pytest.mark.parametrize("law", ["chn", "usa", "gbr"])
def test_negligible_by_share_of_imports(law: str, volumes: dict[str, str], negligible_ones: set[str]) -> None:
    found = negligible({source: f(one) for source, one in volumes.items()}, f("100"), rules(law).negligible)
    assert {source for source, one in found.items() if one.negligible} == negligible_ones


@pytest.mark.parametrize(
    ("volumes", "negligible_ones"),
    [
        ({"A": "0.99"}, {"A"}),
        ({"A": "1"}, set()),
        ({"A": "0.9", "B": "0.9", "C": "0.9", "D": "0.29"}, {"A", "B", "C", "D"}),
        ({"A": "0.9", "B": "0.9", "C": "0.9", "D": "0.3"}, set()),  # 3 together: 3 or more counts
        ({"A": "0.9", "B": "0.9", "C": "0.9", "D": "0.31"}, set()),
    ],
)
def test_negligible_by_share_of_consumption(volumes: dict[str, str], negligible_ones: set[str]) -> None:
    found = negligible({source: f(one) for source, one in volumes.items()}, f("100"), EUR.negligible)
    assert {source for source, one in found.items() if one.negligible} == negligible_ones


@pytest.mark.parametrize(("home", "enough"), [("4.99", False), ("5", True), ("5.01", True)])
@pytest.mark.parametrize("law", ["chn", "eur", "gbr", "usa"])
def test_viability(law: str, home: str, enough: bool) -> None:
    assert viable(f(home), f("100"), rules(law), Trail(), subject="A") is enough


@pytest.mark.parametrize(
    ("below", "kept"), [("19.99", {"high", "low"}), ("20", {"high"}), ("20.01", {"high"})]
)
@pytest.mark.parametrize("law", ["chn", "eur", "gbr", "usa"])
def test_below_cost(law: str, below: str, kept: set[str]) -> None:
    sales = [sale("high", str(100 - float(below)), "100"), sale("low", below, "89.99")]
    costs = {"P1": Cost(pcn="P1", manufacture=f("80"), selling_general=f("7"), finance=f("3"))}
    found = above_cost(sales, costs, "P1", rules(law), Trail(), firm="A")
    assert {one.sale.id for one in found} == kept


def test_a_price_at_cost_is_not_below_it_and_a_low_average_leaves_out_less_than_a_fifth() -> None:
    costs = {"P1": Cost(pcn="P1", manufacture=f("80"), selling_general=f("7"), finance=f("3"))}
    at_cost = [sale("a", "50", "90"), sale("b", "50", "90")]
    assert len(above_cost(at_cost, costs, "P1", CHN, Trail(), firm="A")) == 2
    # only 10 % below cost, but the average is (90 * 91 + 10 * 1) / 100 = 82 < 90
    low = [sale("a", "90", "91"), sale("b", "10", "1")]
    assert [one.sale.id for one in above_cost(low, costs, "P1", CHN, Trail(), firm="A")] == ["a"]


def test_a_missing_cost_is_named_and_never_zero() -> None:
    with pytest.raises(MissingDataError, match="no cost of production for P1"):
        above_cost([sale("a", "1", "1")], {}, "P1", CHN, Trail(), firm="A")


@pytest.mark.parametrize(
    ("ratio", "passed"),
    [
        ("0.9799", False),
        ("0.98", True),
        ("0.9801", True),
        ("1.0199", True),
        ("1.02", True),
        ("1.0201", False),
    ],
)
def test_arms_length_band(ratio: str, passed: bool) -> None:
    assert within(USA.arms_length, f(ratio)) is passed


@pytest.mark.parametrize(
    ("share", "scope"),
    [
        ("0.3299", "none"),
        ("0.33", "none"),
        ("0.3301", "part"),
        ("0.6599", "part"),
        ("0.66", "whole"),
        ("1", "whole"),
    ],
)
def test_ratio_test(share: str, scope: str) -> None:
    assert scope_of(f(share), USA.pattern) == scope


@pytest.mark.parametrize(
    ("standard", "alternative", "changes"),
    [
        ("0.04", "0.04999", False),
        ("0.04", "0.05", True),  # exactly 25 % more
        ("0.04", "0.05001", True),
        ("0.0199", "0.02", True),  # crosses de minimis
        ("0.0199", "0.0199", False),
        ("0", "0.0199", False),
        ("0.02", "0.0249", False),
        ("0.02", "0.025", True),
    ],
)
def test_meaningful_difference(standard: str, alternative: str, changes: bool) -> None:
    assert meaningful(f(standard), f(alternative), f("0.02"), USA.pattern) is changes


def exported(id: str, price: str, customer: str, quantity: str = "1") -> PricedExport:
    row = ExportSale.model_validate(
        {
            "id": id,
            "pcn": "P1",
            "quantity": quantity,
            "price": price,
            "customer": customer,
            "region": "n",
            "on": "2025-01-02",
        }
    )
    return PricedExport(row, row.price)


@pytest.mark.parametrize(("mean", "passed"), [("107.99", False), ("108", True), ("108.01", True)])
def test_cohens_d_at_its_limit(mean: str, passed: bool) -> None:
    # Others at 90 and 110: mean 100, variance 100; the test group m +- 10 has the same: d = (m - 100) / 10.
    sales = [exported("1", "90", "B"), exported("2", "110", "B")]
    sales += [exported("3", plain(f(mean) - 10), "A"), exported("4", plain(f(mean) + 10), "A")]
    found = differential(sales, USA, Trail(), firm="X")
    groups = {(one.dimension, one.key): one for one in found.groups}
    assert groups["purchaser", "A"].passed is passed
    assert groups["purchaser", "A"].d == pytest.approx((float(mean) - 100) / 10)
    assert not groups["region", "n"].tested  # nothing to compare with
    assert not found.reliable or not passed


@pytest.mark.parametrize(("units", "tested"), [("4.99", False), ("5", True), ("5.01", True)])
def test_comparison_group_needs_a_twentieth_of_the_quantity(units: str, tested: bool) -> None:
    half, rest = plain(f(units) / 2), plain((100 - f(units)) / 2)
    sales = [exported("1", "90", "A", rest), exported("2", "91", "A", rest)]
    sales += [exported("3", "80", "B", half), exported("4", "81", "B", half)]
    groups = {
        one.key: one
        for one in differential(sales, USA, Trail(), firm="X").groups
        if one.dimension == "purchaser"
    }
    assert groups["A"].tested is tested


def test_one_observation_is_not_tested() -> None:
    sales = [exported("1", "90", "A"), exported("2", "80", "B"), exported("3", "81", "B")]
    assert not any(one.tested for one in differential(sales, USA, Trail(), firm="X").groups)


def test_elsewhere_the_gate_has_no_figures() -> None:
    for law in (CHN, EUR, GBR):
        with pytest.raises(MissingDataError, match="no figures"):
            differential([exported("1", "90", "A")], law, Trail(), firm="X")


@pytest.mark.parametrize(
    ("underselling", "rate", "by"),
    [("0.0999", "0.0999", "injury"), ("0.1", "0.1", "margin"), ("0.1001", "0.1", "margin")],
)
def test_lesser_duty(underselling: str, rate: str, by: str) -> None:
    for law in (EUR, GBR):
        found = duty(f("0.1"), f(underselling), law, Trail(), firm="X")
        assert (found.rate, found.limited_by) == (f(rate), by)
    for law in (CHN, USA):
        assert duty(f("0.1"), f(underselling), law, Trail(), firm="X").rate == f("0.1")


def test_lesser_duty_without_an_injury_margin_is_an_error() -> None:
    with pytest.raises(MissingDataError, match="injury margin is not stated"):
        duty(f("0.1"), None, EUR, Trail(), firm="X")


def test_sampled_rate_leaves_out_zero_de_minimis_and_facts_available() -> None:
    sampled = [
        Examined("A", f("0.1"), f("300")),
        Examined("B", f("0.2"), f("100")),
        Examined("C", f("0.0199"), f("1000")),
        Examined("D", f("0"), f("1000")),
    ]
    others = [Other(name="E", kind="cooperating"), Other(name="F", kind="facts-available", rate=f("0.9"))]
    rates = {
        one.name: one.rate for one in firm_rates(sampled, others, CHN, Trail(), proceeding="investigation")
    }
    assert rates["E"] == f("0.125")  # (0.1 * 300 + 0.2 * 100) / 400
    assert rates["all others"] == f("0.9")
    usa = {
        one.name: one.rate for one in firm_rates(sampled, others, USA, Trail(), proceeding="investigation")
    }
    assert usa["all others"] == f("0.125")
    at = [replace(sampled[2], margin=f("0.02"))]
    found = {one.name: one.rate for one in firm_rates(at, [], USA, Trail(), proceeding="investigation")}
    assert found["all others"] == f("0.02")


def test_all_others_where_every_rate_is_left_out() -> None:
    others = [Other(name="F", kind="facts-available", rate=f("0.3"))]
    trail = Trail()
    rates = firm_rates([Examined("A", f("0"), f("10"))], others, USA, trail, proceeding="investigation")
    assert rates[-1].rate == f("0.15")  # mean of 0 and 0.3
    assert "every one is zero" in trail.steps[0].formula


def test_rules_name_their_sources() -> None:
    assert jurisdictions() == ("chn", "eur", "gbr", "usa")
    assert CHN.de_minimis.status == "official"
    assert "27(3)" in CHN.de_minimis.article
    assert EUR.lesser_duty.citation.endswith("(unverified)")
    assert [rules(name).denominator.value for name in jurisdictions()] == ["cif", "cif", "cif", "net"]
    with pytest.raises(UnknownCodeError, match="no rules for 'xxx'"):
        rules("xxx")


def test_numbers_are_exact_and_round_half_up() -> None:
    assert exact(10.1) == Fraction(101, 10)
    assert exact(" 1e-3 ") == Fraction(1, 1000)
    assert [str(rounded(f(x), 1)) for x in ("0.05", "0.049999", "-0.05", "2.25", "-0.04")] == [
        "0.1", "0.0", "-0.1", "2.3", "0.0",
    ]  # fmt: skip
    assert plain(Fraction(1, 3)) == "0.333333"
    assert plain(Fraction(-5)) == "-5"
    for bad in (True, "ten", float("nan"), "inf"):
        with pytest.raises(ValueError, match="number"):
            exact(bad)


def test_missing_regions_are_collected() -> None:
    row = ExportSale(id="1", pcn="P1", quantity=f("1"), price=f("1"), customer="A")
    with pytest.raises(InputErrors) as caught:
        differential([PricedExport(row, f("1"))], USA, Trail(), firm="X")
    assert {one.message for one in caught.value.errors} == {"no region", "no period"}
