from __future__ import annotations

import string
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book.duty.duty_trees import bases, trees

from openward.book.duty import DIALECTS, Basis, Duty, DutySentenceError, evaluate, parse, rates

SOUP = """free NIHIL AC MIN MAX 5 % 33 1/3 0.5 EUR GBP / 100 kg KGM ( ) + - ; , JAN MAR of on the per unit
duty else until price >= ¢ $ each doz. (A,AU) See 9903.88.03 less minus A+ # € hl vol lactic. " 2026-12-31"""
soup = st.lists(st.sampled_from(SOUP.split()), max_size=9).map(" ".join) | st.text(
    string.printable, max_size=25
)


@given(tree=trees())
def test_property_9_every_tree_reads_back(tree: Duty) -> None:
    text = str(tree)
    assert parse(text) == tree
    assert str(parse(text)) == text


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
@given(text=soup)
def test_a_text_is_read_to_its_last_character_or_refused_with_its_place(dialect: str, text: str) -> None:
    try:
        duty = parse(text, dialect)
    except DutySentenceError as caught:
        error = caught
    else:
        assert parse(str(duty)) == duty
        return
    assert 1 <= error.at <= len(text) + 1
    assert error.kind
    assert error.expected
    assert error.hint
    assert f"character {error.at}:" in error.message


@given(tree=trees(), basis=bases())
def test_a_fact_that_is_missing_is_named_and_never_counts_as_zero(tree: Duty, basis: Basis) -> None:
    found = evaluate(tree, basis)
    assert (found.total is None) == bool(found.missing)
    assert found.total is None or found.total >= 0


@given(tree=trees(), basis=bases(), absent=st.sampled_from(["value", "on", "programme", "entry_price"]))
def test_knowing_less_never_changes_an_amount(tree: Duty, basis: Basis, absent: str) -> None:
    with_less = evaluate(tree, replace(basis, **{absent: None}))
    assert with_less.total is None or with_less.total == evaluate(tree, basis).total


@given(tree=trees(), basis=bases())
def test_lines_add_up_to_the_total(tree: Duty, basis: Basis) -> None:
    found = evaluate(tree, basis)
    amounts = [line.amount for line in found.lines]
    known = [amount for amount in amounts if amount is not None]
    if found.total is not None and len(known) == len(amounts):
        assert abs(found.total - max(Decimal(0), sum(known, Decimal(0)))) < Decimal("1e-15")


@given(tree=trees())
def test_a_rate_without_rest_is_the_whole_duty(tree: Duty) -> None:
    apart = rates(tree)
    if not apart.specific and not apart.rest:
        amount = evaluate(tree, Basis(value=Decimal(1000), currency="EUR")).total
        assert amount is not None
        assert abs(amount - 1000 * apart.ad_valorem) < Decimal("1e-20")
