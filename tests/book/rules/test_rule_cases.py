"""Every rule has a case that keeps it and one that breaks it."""

from __future__ import annotations

import pytest
from tests.book.rules import goods_cases, record_cases
from tests.book.rules.small import IN_QUOTA, Case, M, Q, book
from tests.book.test_rules import FAILING

from openward.book.rules import RULES, check, errors

CASES = [*goods_cases.CASES, *record_cases.CASES]
BY_NUMBER = {rule.number: rule for rule in RULES}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_tells_a_book_that_keeps_it_from_one_that_breaks_it(case: Case) -> None:
    rule = BY_NUMBER[case.number]
    assert rule.check(case.keeps) == ()
    (finding,) = rule.check(case.breaks)
    assert (finding.rule, finding.ids, finding.severity) == (case.number, case.ids, rule.severity)
    assert finding.sentence
    assert finding.hint
    assert finding in check(case.breaks)


def test_every_rule_has_its_own_number_a_text_and_a_case() -> None:
    assert len(BY_NUMBER) == len(RULES) >= 70
    assert {case.number for case in CASES} | {number for number, _, _ in FAILING} == set(BY_NUMBER)
    assert all(rule.text.endswith(".") for rule in RULES)
    assert len({rule.text for rule in RULES}) == len(RULES)


def test_a_book_with_everything_in_it_keeps_all_rules() -> None:
    from dataclasses import replace

    law = book(M, replace(M, id="q", **IN_QUOTA), quotas=[Q])
    assert check(law) == ()
    assert errors(law) == ()
