from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from tests.strategies import duties

from openward.book.duty import (
    AdValorem,
    Compound,
    Duty,
    Specific,
    ad_valorem_equivalent,
    evaluate,
    parse,
)
from openward.errors import InputError, UnknownCodeError


@given(duty=duties())
def test_property_9_tree_to_text_to_tree(duty: Duty) -> None:
    text = str(duty)
    assert parse(text) == duty
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "tree", "canonical"),
    [
        ("5 %", AdValorem(Decimal("0.05")), "5 %"),
        ("7.5%", AdValorem(Decimal("0.075")), "7.5 %"),
        ("0 %", AdValorem(Decimal(0)), "0 %"),
        ("Free", AdValorem(Decimal(0)), "0 %"),
        ("7.5 CNY/KGM", Specific(Decimal("7.5"), "CNY", Decimal(1), "KGM"), "7.5 CNY/KGM"),
        ("3 CNY / 100 KGM", Specific(Decimal(3), "CNY", Decimal(100), "KGM"), "3 CNY/100 KGM"),
        (
            "5 % + 1.20 CNY/LTR",
            Compound((AdValorem(Decimal("0.05")), Specific(Decimal("1.2"), "CNY", Decimal(1), "LTR"))),
            "5 % + 1.2 CNY/LTR",
        ),
    ],
)
def test_sentences(text: str, tree: Duty, canonical: str) -> None:
    assert parse(text) == tree
    assert str(parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("", 1, "a number"),
        ("5", 2, "'%' or a currency"),
        ("5 % +", 6, "a number"),
        ("5 % 3 %", 5, "'+' or the end"),
        ("-3 %", 1, "a number"),
        ("5 CNY KGM", 7, "'/' and a unit"),
        ("5 CNY/", 7, "a unit"),
        ("5 CNY/0 KGM", 9, "a positive quantity"),
        ("free of duty", 6, "nothing after 'free'"),
        ("MIN 5 %", 1, "a number"),
        ("1e3 %", 2, "'/' and a unit"),
    ],
)
def test_what_is_not_understood_is_an_error_with_its_place(text: str, at: int, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert f"character {at}: " in str(caught.value) or isinstance(caught.value, UnknownCodeError)
    if not isinstance(caught.value, UnknownCodeError):
        assert f"expected {expected}" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("text", ["5 ZZZ/KGM", "5 CNY/ZZZ"])
def test_unknown_currency_and_unit(text: str) -> None:
    with pytest.raises(UnknownCodeError, match="character"):
        parse(text)


def test_parts_are_evaluated_apart() -> None:
    taken = evaluate(parse("5 % + 1.2 CNY/LTR + 2 %"))
    assert taken.ad_valorem == Decimal("0.07")
    assert [str(term) for term in taken.specific] == ["1.2 CNY/LTR"]
    assert not taken.whole
    assert evaluate(parse("5 %")).whole


def test_specific_duty_without_unit_value_has_no_rate() -> None:
    duty = parse("5 % + 3 CNY/100 KGM")
    assert ad_valorem_equivalent(duty, unit_values={}) is None
    assert ad_valorem_equivalent(duty, unit_values={("CNY", "KGM"): Decimal("0.3")}) == Decimal("0.15")


def test_nonsense_cannot_be_built() -> None:
    with pytest.raises(InputError):
        AdValorem(Decimal("NaN"))
    with pytest.raises(InputError):
        AdValorem(Decimal("-0.01"))
    with pytest.raises(InputError):
        Specific(Decimal(1), "CNY", Decimal(0), "KGM")
    with pytest.raises(InputError):
        Compound((AdValorem(Decimal(0)),))
