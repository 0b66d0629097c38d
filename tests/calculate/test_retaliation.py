"""Lists of equal trade effect, against every list there is."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.calculate.examples import example_path
from openward.calculate.reading import parse
from openward.calculate.retaliation.case import Candidate, RetaliationCase, read_retaliation
from openward.calculate.retaliation.run import calculate_retaliation, cost_of, trade_effect
from openward.errors import InputError, InputErrors


def test_worked_file() -> None:
    result = calculate_retaliation(read_retaliation(example_path("retaliation")))
    assert result.limit == 1500  # 4000 * 25 % + 5000 * 10 %
    # between 1425 and 1500: spirits, cars and grapes give 1450 at a cost of 400 + 300 + 240;
    # soybeans and spirits give 1500 at a cost of 2400 + 400
    assert [one.line for one in result.lines] == ["220830", "870323", "080620"]
    assert (result.effect, result.cost) == (1450, 940)
    assert result.gap == Fraction(1, 30)


def test_trade_lost_by_hand() -> None:
    line = Candidate(
        line="1", value=Fraction(1000), duty=Fraction(1, 4), added_duty=Fraction(1, 4),
        elasticity=Fraction(2), supplier_share=Fraction(1),
    )  # fmt: skip
    assert trade_effect(line, "trade-lost") == 400  # 1000 * 2 * 0.25 / 1.25
    assert trade_effect(line, "duty-collected") == 250
    assert trade_effect(line.model_copy(update={"elasticity": Fraction(9)}), "trade-lost") == 1000


rows = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 4), st.integers(0, 10)), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(rows=rows, limit=st.integers(1, 60), tolerance=st.sampled_from(["0", "1/20", "1/4"]))
def test_the_choice_is_the_best_of_all_lists(
    rows: list[tuple[int, int, int]], limit: int, tolerance: str
) -> None:
    lines = tuple(
        Candidate(
            line=str(k), value=Fraction(value), duty=Fraction(0), added_duty=Fraction(duty, 4),
            supplier_share=Fraction(share, 10),
        )
        for k, (value, duty, share) in enumerate(rows)
    )  # fmt: skip
    case = RetaliationCase(
        against="XXA", basis="duty-collected", currency="USD", authorized=Fraction(limit),
        tolerance=Fraction(tolerance), candidates=lines,
    )  # fmt: skip
    fitting = []
    for taken in product((False, True), repeat=len(lines)):
        chosen = [one for one, use in zip(lines, taken, strict=True) if use]
        effect = sum((trade_effect(one, "duty-collected") for one in chosen), Fraction(0))
        if (1 - case.tolerance) * limit <= effect <= limit:
            fitting.append(sum((cost_of(one) for one in chosen), Fraction(0)))
    if not fitting:
        with pytest.raises(InputError, match="no list"):
            calculate_retaliation(case)
        return
    assert calculate_retaliation(case).cost == min(fitting)


def test_bad_input_is_named() -> None:
    head = "schema: openward.retaliation/1\nagainst: XXA\ncurrency: USD\ntolerance: 0.1\n"
    lines = "candidates: [{line: '1', value: 1, duty: 0, added_duty: 0.1, supplier_share: 1}]\n"
    for body, message in (
        ("basis: trade-lost\nauthorized: 5\n", "needs an elasticity for 1"),
        ("basis: duty-collected\n", "one of them"),
        ("basis: revenge\nauthorized: 5\n", "basis"),
    ):
        with pytest.raises(InputErrors, match=message) as caught:
            parse(head + body + lines, RetaliationCase, schema="openward.retaliation/1", where="x")
        assert caught.value.exit_code == 3
