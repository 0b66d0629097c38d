"""The order of duties as data: what is read, what is refused and how."""

from __future__ import annotations

import copy
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from openward.book.model import Instrument
from openward.determine.precedence import RuleKind, parse_precedence, precedence_of
from openward.errors import InputErrors, MissingDataError
from small_books import PRECEDENCE, RULES, book


def document(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(PRECEDENCE["*"]) | changes


def period(**changes: Any) -> dict[str, Any]:
    return {"from": None, "to": None, "act": "x", "rules": copy.deepcopy(RULES)} | changes


def test_rules_are_dated_and_default() -> None:
    precedence = precedence_of(book())
    assert precedence.at("CHN", date(2024, 11, 30)).act == "regulations"
    assert precedence.at("CHN", date(2024, 12, 1)).act == "law"
    assert precedence.at("FRA", date(2024, 12, 1)).economy == "*"
    assert precedence.at("CHN", date(2024, 12, 1)).rules[0].kind is RuleKind.BASE
    assert Instrument.GENERAL_DUTY in precedence.at("CHN", date(2024, 12, 1)).instruments()


def test_dates_may_be_text() -> None:
    read = parse_precedence([document(periods=[period(**{"from": "2020-01-01", "to": "2021-01-01"})])])
    assert date(2020, 12, 31) in read.regimes[0].valid
    with pytest.raises(MissingDataError, match="no rules of precedence for USA on 2021-01-01"):
        read.at("USA", date(2021, 1, 1))


def test_a_book_without_rules_says_so() -> None:
    with pytest.raises(MissingDataError, match="no rules of precedence"):
        precedence_of(book(meta=MappingProxyType({})))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (document(schema="x/1"), "schema is 'x/1'"),
        (document(economy=""), "no economy named"),
        (document(periods=[]), "no periods"),
        (document(extra=1), "unknown field 'extra'"),
        (document(periods=[period(rules=RULES[1:])]), "the first rule must be a `base`"),
        (document(periods=[period(**{"from": "soon"})]), "'soon' is not a date"),
        (document(periods=[period(), period()]), "two periods of \\* overlap"),
        (
            document(periods=[period(rules=[RULES[0], {"id": "x", "kind": "cheapest"}])]),
            "unknown kind 'cheapest'",
        ),
        (document(periods=[period(rules=[RULES[0], RULES[4]])]), "a `cap` stands before any `lowest`"),
        (document(periods=[period(rules=[RULES[0], RULES[7]])]), "a `higher` stands before any `add`"),
        (
            document(periods=[period(rules=[RULES[0], {"id": "x", "kind": "add", "instruments": ["tax"]}])]),
            "unknown instrument 'tax'",
        ),
        (
            document(
                periods=[period(rules=[{**RULES[0], "instruments": ["mfn-duty", "general-duty"]}])],
            ),
            "names several instruments",
        ),
        (
            document(periods=[period(rules=[{**RULES[0], "unless": ["mfn-duty"]}])]),
            "`unless` has no meaning",
        ),
        ("text", "must be a mapping"),
    ],
)
def test_what_is_not_understood_is_refused(broken: Any, message: str) -> None:
    with pytest.raises(InputErrors, match=message) as caught:
        parse_precedence([broken])
    assert all(error.hint and error.where for error in caught.value.errors)


def test_every_error_is_reported_at_once() -> None:
    broken = document(schema="x", economy="", periods=[period(rules=[{"kind": "no"}, 3])])
    with pytest.raises(InputErrors) as caught:
        parse_precedence([broken])
    assert len(caught.value.errors) >= 4
