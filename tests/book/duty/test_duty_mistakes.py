"""What is refused, with its kind and its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openward.book.duty import (
    AdValorem,
    Ceiling,
    Compound,
    Duty,
    DutySentenceError,
    Flat,
    Minus,
    Mistake,
    Nil,
    PriceFrom,
    Programmes,
    Season,
    When,
    coverage,
    from_components,
    from_conditions,
    parse,
    parse_conditions,
    to_components,
)
from openward.errors import InputError, UnknownCodeError, UsageError


@pytest.mark.parametrize(
    ("dialect", "text", "kind", "at"),
    [
        ("openward", "", Mistake.EMPTY, 1),
        ("openward", "5 % MIN", Mistake.AMOUNT_REQUIRED, 8),
        ("openward", "5 % (31 FEB - 1 MAR)", Mistake.BAD_DATE, 6),
        ("openward", "5 % (1 ABC - 1 MAR)", Mistake.BAD_DATE, 8),
        ("openward", "5 % (until 2026-02-30)", Mistake.BAD_DATE, 12),
        ("openward", "5 % of case", Mistake.UNFINISHED, 8),
        ("openward", "5 EUR/KGM per % sucrose", Mistake.UNFINISHED, 17),
        ("openward", "(5 % + 2 EUR/KGM", Mistake.UNFINISHED, 17),
        ("openward", "1/0 %", Mistake.BAD_NUMBER, 1),
        ("openward", "5 % (A); 3 %", Mistake.UNFINISHED, 13),
        ("openward", "5 % (tomorrow)", Mistake.UNKNOWN_EXPRESSION, 6),
        ("openward", "5 EEK/KGM", Mistake.UNKNOWN_CURRENCY, 3),
        ("openward", "5 EUR/KG", Mistake.UNKNOWN_UNIT, 7),
        ("us-hts", "5", Mistake.UNFINISHED, 2),
        ("us-hts", "5.8% plus", Mistake.AMOUNT_REQUIRED, 10),
        ("us-hts", "4¢", Mistake.UNIT_REQUIRED, 3),
        ("us-hts", "4¢/bushel", Mistake.UNKNOWN_UNIT, 4),
        ("us-hts", "$1,00/kg", Mistake.BAD_NUMBER, 6),
        ("us-hts", "The duty of the moon", Mistake.AMOUNT_REQUIRED, 1),
        ("us-hts", "Free (A,AU) 2.5%", Mistake.TRAILING, 17),
        ("us-hts", "Free (A,,AU)", Mistake.UNKNOWN_EXPRESSION, 8),
        ("us-hts", "2.4¢/kg  +  5%  on 30 days", Mistake.TRAILING, 17),
        ("uk", "5% (12 XYZ - 13 MAR)", Mistake.BAD_DATE, 4),
        ("uk", "5% (31 FEB - 13 MAR)", Mistake.BAD_DATE, 4),
        ("uk", "0.6 GBP / % vol", Mistake.UNKNOWN_QUALIFIER, 16),
        ("uk", "MAX 5%", Mistake.AMOUNT_REQUIRED, 1),
        ("uk", "- 5%", Mistake.AMOUNT_REQUIRED, 1),
        ("taric", "<b>5%</b> + <b>6 ABC</b>", Mistake.UNKNOWN_CURRENCY, 18),
    ],
)
def test_sentences_with_their_place(dialect: str, text: str, kind: Mistake, at: int) -> None:
    with pytest.raises(DutySentenceError) as caught:
        parse(text, dialect)
    error = caught.value
    assert (error.kind, error.at) == (kind, at)
    assert error.text == text
    assert error.hint
    assert isinstance(error, UnknownCodeError) == kind.startswith("unknown-") or "expression" in kind


def _row(
    expression: str, amount: str = "", currency: str = "", unit: str = "", more: str = ""
) -> dict[str, str]:
    return {
        "duty_expression_id": expression,
        "duty_amount": amount,
        "monetary_unit_code": currency,
        "measurement_unit_code": unit,
        "measurement_unit_qualifier_code": more,
    }


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([], Mistake.EMPTY),
        ([_row("01")], Mistake.AMOUNT_REQUIRED),
        ([_row("98", "1")], Mistake.UNKNOWN_EXPRESSION),
        ([_row("01", "1"), _row("01", "2")], Mistake.EXPRESSION_TWICE),
        ([_row("15", "1")], Mistake.AMOUNT_REQUIRED),
        ([_row("01", "-1")], Mistake.BAD_NUMBER),
        ([_row("01", "x")], Mistake.BAD_NUMBER),
        ([_row("01", "1", "ABC")], Mistake.UNKNOWN_CURRENCY),
        ([_row("01", "1", "EUR", "ABC")], Mistake.UNKNOWN_UNIT),
        ([_row("01", "1", "EUR", "KGM", "W")], Mistake.UNKNOWN_QUALIFIER),
        ([_row("01", "1", "EUR", "KGM", "Z")], Mistake.QUALIFIER_NOT_PERMITTED),
        ([_row("01", "1", "EUR", "ASV")], Mistake.UNKNOWN_QUALIFIER),
        ([_row("01", "1", "", "KGM")], Mistake.UNIT_NOT_PERMITTED),
        ([_row("37", "", "", "KGM")], Mistake.UNIT_NOT_PERMITTED),
        ([_row("37", "1")], Mistake.UNIT_NOT_PERMITTED),
        ([_row("99")], Mistake.UNIT_REQUIRED),
    ],
)
def test_components(rows: list[dict[str, str]], kind: Mistake) -> None:
    with pytest.raises(DutySentenceError) as caught:
        from_components(rows)
    assert caught.value.kind is kind


def test_components_in_any_order_build_one_duty() -> None:
    rows = [_row("17", "18.9"), _row("12"), _row("01", "9"), _row("21")]
    assert str(from_components(rows)) == "9 % + AC MAX 18.9 % + SD"
    assert from_components(rows[::-1]) == from_components(rows)
    refunds = from_components([_row("01", "1"), _row("40"), _row("44")])
    assert str(refunds).endswith('duty of "export refunds for milk products"')


@pytest.mark.parametrize(
    "text",
    ["5 % (A)", '5 % of "case"', "33 1/3 %", "1 EUR/KGM + 2 EUR/KGM + 3 EUR/KGM + 4 % + 5 %", "1 EUR/LBR"],
)
def test_what_has_no_components_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="TARIC has no"):
        to_components(parse(text))


@pytest.mark.parametrize("text", ["A (01):5 %", "Cond: ", "Cond: A cert D018 (01):", "Cond: A (01):5 % %"])
def test_conditions(text: str) -> None:
    with pytest.raises(DutySentenceError, match="character"):
        parse_conditions(text)


def test_entry_prices() -> None:
    lines = parse_conditions("Cond: V 52.6 EUR DTN (01):14.4 %; V 0 EUR DTN (01):14.4 % + 29.8 EUR DTN")
    assert [str(line.price) for line in lines] == ["price >= 52.6 EUR/DTN", "price >= 0 EUR/DTN"]
    assert [str(line.duty) for line in lines] == ["14.4 %", "14.4 % + 29.8 EUR/DTN"]
    with pytest.raises(InputError, match="no condition"):
        from_conditions([{"condition_code": "B"}])
    with pytest.raises(InputError, match="is no price"):
        parse_conditions("Cond: V 5 EUR (01):14.4 %")


@pytest.mark.parametrize("dialect", ["openward", "us-hts", "taric"])
@pytest.mark.parametrize("text", ["(" * 3000, "9" * 5000 + "/3 %", "5 % + " * 2000, "5 % MIN " * 400 + "5 %"])
def test_sentences_without_measure(dialect: str, text: str) -> None:
    with pytest.raises(DutySentenceError):
        parse(text, dialect)


def test_an_unknown_dialect() -> None:
    with pytest.raises(UsageError, match="klingon"):
        parse("5 %", "klingon")


def test_a_report_names_what_is_refused() -> None:
    report = coverage(["5 %", "5 %", "5 CNY/KGM", "what", "what", ""])
    assert (report.total, report.distinct, report.parsed, report.rejected_count) == (6, 4, 3, 3)
    assert dict(report.kinds) == {"ad_valorem": 2, "specific": 1}
    assert [(one.text, one.count, one.at) for one in report.rejected] == [("what", 2, 1), ("", 1, 1)]
    assert report.rejected_share == 0.5
    assert "rejected 3 (50.000 %)" in str(report)
    assert coverage([]).rejected_share == 0


FIVE = AdValorem(Decimal("0.05"))


@pytest.mark.parametrize(
    "build",
    [
        lambda: AdValorem(Decimal("0.05"), 'a "case"'),
        lambda: Flat(Decimal(-1), "EUR"),
        lambda: Compound((Minus(FIVE), FIVE)),
        lambda: Minus(Minus(FIVE)),
        lambda: Ceiling(Minus(FIVE), FIVE),
        lambda: Season(2, 30, 3, 1),
        lambda: Programmes(()),
        lambda: Programmes(("nobody",)),
        lambda: PriceFrom(Decimal(1), "EUR", Decimal(0), "KGM"),
        lambda: When("two  spaces"),
    ],
)
def test_nonsense_cannot_be_built(build: object) -> None:
    assert callable(build)
    with pytest.raises(InputError):
        build()


def test_nil_is_not_free() -> None:
    nil: Duty = parse("NIHIL")
    assert nil == Nil()
    assert nil != parse("free")
