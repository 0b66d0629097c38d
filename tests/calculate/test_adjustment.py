"""Exposure and eligibility by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from openward.calculate.adjustment.case import AdjustmentCase, Petition, read_adjustment
from openward.calculate.adjustment.eligibility import eligibility
from openward.calculate.adjustment.run import calculate_adjustment
from openward.calculate.examples import example_path
from openward.calculate.reading import parse
from openward.calculate.step import Trail
from openward.errors import InputErrors, UnknownCodeError


def test_worked_file() -> None:
    result = calculate_adjustment(read_adjustment(example_path("adjustment")))
    # per worker: textiles 3,000,000 / 600 = 5000, steel 500,000 / 250 = 2000
    # North 0.2 * 5000 + 0.1 * 2000, South 0.05 * 5000 + 0.025 * 2000
    assert dict(result.exposures) == {"North": 1200, "South": 300}
    assert [one.eligible for one in result.petitions] == [True, False]


def facts(**values: str) -> dict[str, Fraction]:
    return {name: Fraction(value) for name, value in values.items()}


ALSO = {"sales_or_output_change": "-0.1", "imports_change": "0.1", "imports_contributed_importantly": "1"}


@pytest.mark.parametrize(
    ("given", "eligible"),
    [
        ({"workers": "49", "separated": "3", "separated_share": "0.06"}, True),
        ({"workers": "49", "separated": "2", "separated_share": "0.04"}, False),
        ({"workers": "50", "separated": "3", "separated_share": "0.06"}, True),
        ({"workers": "50", "separated": "2", "separated_share": "0.0499"}, False),
        ({"workers": "1000", "separated": "50", "separated_share": "0.05"}, True),
        ({"workers": "2000", "separated": "50", "separated_share": "0.025"}, True),
        ({"workers": "2000", "separated": "49", "separated_share": "0.0245"}, False),
        ({"workers": "900", "separated": "45", "separated_share": "0.05"}, True),
        ({"workers": "1000", "separated": "50", "sales_or_output_change": "0"}, False),
        ({"workers": "1000", "separated": "50", "imports_change": "0"}, False),
        ({"workers": "1000", "separated": "50", "imports_contributed_importantly": "0"}, False),
    ],
)
def test_workers_in_the_united_states(given: dict[str, str], eligible: bool) -> None:
    petition = Petition(name="p", programme="usa-workers", facts=facts(**(ALSO | given)))
    found = eligibility(petition, Trail())
    assert found.eligible is eligible
    assert bool(found.failed) is not eligible


@pytest.mark.parametrize(("displaced", "eligible"), [("199", False), ("200", True), ("201", True)])
def test_globalisation_fund(displaced: str, eligible: bool) -> None:
    given = facts(displaced_in_enterprise_4_months=displaced, displaced_in_sector_6_months="0")
    petition = Petition(name="p", programme="eu-globalisation-fund", facts=given)
    assert eligibility(petition, Trail()).eligible is eligible


def test_a_missing_fact_is_no_failure_of_the_test() -> None:
    petition = Petition(
        name="p", programme="eu-globalisation-fund", facts=facts(displaced_in_enterprise_4_months="199")
    )
    with pytest.raises(InputErrors, match="no displaced_in_sector_6_months"):
        eligibility(petition, Trail())
    enough = Petition(
        name="p", programme="eu-globalisation-fund", facts=facts(displaced_in_enterprise_4_months="200")
    )
    assert eligibility(enough, Trail()).eligible
    with pytest.raises(UnknownCodeError, match="usa-workers"):
        eligibility(Petition(name="p", programme="usa", facts={}), Trail())


def test_bad_input_is_named() -> None:
    with pytest.raises(InputErrors, match="no shock for steel"):
        parse(
            "schema: openward.adjustment/1\ncurrency: USD\ntotal_workers: {N: 10}\n"
            "employment: [{region: N, industry: steel, workers: 1}]",
            AdjustmentCase,
            schema="openward.adjustment/1",
            where="x",
        )
