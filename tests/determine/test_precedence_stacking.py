"""Exclusions, floors and quotas in the rules of precedence: read with their errors, equal on both paths."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.book.model import Book
from openward.determine.precedence import RuleKind, parse_precedence
from openward.determine.rate import applied_rate
from openward.determine.table import rate_table
from openward.errors import InputErrors, IntegrityError
from small_books import DAYS, ECONOMIES, RULES, SECTORS, book, mfn_for_all, random_books

FLOOR = {"id": "floor", "kind": "floor", "instruments": ["retaliatory-duty"], "acts": ["act"]}
ADD = {"id": "added", "kind": "add", "instruments": ["retaliatory-duty", "anti-dumping-duty"]}


def document(*rules: dict[str, Any], economy: str = "*") -> dict[str, Any]:
    return {
        "schema": "openward.precedence/1",
        "economy": economy,
        "periods": [{"from": None, "to": None, "act": "act", "rules": [RULES[0], *rules]}],
    }


def test_exclusions_floors_and_quotas_are_read() -> None:
    exclude = {
        "id": "first",
        "kind": "exclude",
        "instruments": ["safeguard-duty", "retaliatory-duty"],
        "acts": ["a"],
        "over": ["b", "c"],
    }
    quota = {"id": "q", "kind": "quota", "instruments": ["tariff-quota"], "excludes": ["safeguard-duty"]}
    (regime,) = parse_precedence([document(exclude, FLOOR, quota, ADD)]).regimes
    assert [rule.kind for rule in regime.rules][1:] == [
        RuleKind.EXCLUDE,
        RuleKind.FLOOR,
        RuleKind.QUOTA,
        RuleKind.ADD,
    ]
    assert regime.rules[1].over == ("b", "c")
    assert regime.floors() == {"act"}
    assert {i.value for i in regime.rules[3].excludes} == {"safeguard-duty"}


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"kind": "floor", "instruments": ["retaliatory-duty"]}, "`acts` is missing"),
        ({"kind": "exclude", "instruments": ["retaliatory-duty"], "acts": ["a"]}, "`over` is missing"),
        (ADD | {"acts": ["a"]}, "`acts` has no meaning"),
        (ADD | {"excludes": ["safeguard-duty"]}, "`excludes` has no meaning"),
        (FLOOR | {"over": ["b"]}, "`over` has no meaning"),
    ],
)
def test_what_is_wrong_is_said(rule: dict[str, Any], told: str) -> None:
    with pytest.raises(InputErrors) as caught:
        parse_precedence([document(rule)])
    assert told in str(caught.value)


def test_two_exceptions_that_exclude_each_other_are_refused() -> None:
    one = {"id": "a", "kind": "exclude", "instruments": ["retaliatory-duty"], "acts": ["a"], "over": ["b"]}
    with pytest.raises(InputErrors) as caught:
        parse_precedence([document(one, one | {"id": "b", "acts": ["b"], "over": ["a"]})])
    assert "a and b exclude each other" in str(caught.value)


def with_rules(law: Book, *rules: dict[str, Any]) -> Book:
    from dataclasses import replace

    return replace(law, meta=MappingProxyType({"precedence": {"*": document(*rules)}}))


@given(random_books(most=8), st.sampled_from(DAYS))
@settings(max_examples=40, deadline=None)
def test_the_compiled_path_equals_the_interpreter_with_a_floor(law: Book, on: Any) -> None:
    law = with_rules(law, RULES[3], FLOOR, ADD)
    try:
        table = rate_table(law, on=on, economies=ECONOMIES, sectors=SECTORS)
    except IntegrityError:
        return
    for n, importer in enumerate(ECONOMIES):
        for i, partner in enumerate(ECONOMIES):
            for j, sector in enumerate(SECTORS):
                answer = applied_rate(law, importer=importer, partner=partner, sector=sector, on=on)
                for k, line in enumerate(answer.lines):
                    if line.rate is not None:
                        assert np.isclose(table.rates[n, i, j, k], line.rate)


def test_an_average_says_that_exclusions_are_decided_line_by_line() -> None:
    from small_books import measure

    exclude = {
        "id": "first",
        "kind": "exclude",
        "instruments": ["retaliatory-duty"],
        "acts": ["act"],
        "over": ["other"],
    }
    law = with_rules(
        book(*mfn_for_all(), measure("r", "retaliatory-duty", "5 %", partners=["USA"])), exclude, ADD
    )
    answer = applied_rate(law, importer="CHN", partner="USA", sector="C29", on=DAYS[-1])
    assert any("line by line" in told for told in answer.assumptions)
