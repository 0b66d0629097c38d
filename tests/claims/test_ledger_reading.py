"""A ledger is read whole: all that is wrong in it is told at once, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from openward.claims.reading import load_ledger, parse_ledger, shipped_ledgers
from openward.errors import InputErrors, MissingDataError, UnknownCodeError

HEAD = """\
schema: openward.claims/1
name: mine
source: a newspaper
"""
GOOD = """\
claims:
  - {id: A1, claim: one, subject: CHN, period: 2024, relation: "=", value: 9.70, basis: WDI, formula: 1 + 2}
"""


def wrong(text: str) -> InputErrors:
    with pytest.raises(InputErrors) as caught:
        parse_ledger(text, label="mine.yaml")
    return caught.value


def test_values_keep_their_printed_digits() -> None:
    (claim,) = parse_ledger(HEAD + GOOD).claims
    assert claim.value == "9.70"
    assert claim.tolerance.amount == pytest.approx(0.005)
    assert claim.source == "a newspaper"


def test_unknown_field_names_its_line() -> None:
    error = wrong(HEAD + GOOD.replace("basis: WDI", "basis: WDI, formulla: 3"))
    assert "formulla" in str(error)
    assert "mine.yaml:5" in str(error)


def test_a_bad_formula_names_claim_line_and_column() -> None:
    error = wrong(HEAD + GOOD.replace("1 + 2", '"1 + x.y"'))
    assert "mine.yaml:5 (A1)" in str(error)
    assert "column 5" in str(error)


def test_everything_wrong_is_told_at_once() -> None:
    text = (
        HEAD
        + "names:\n  a: b + 1\n  b: a * 2\n  sum: 3\n  lost: nobody + 1\n"
        + GOOD
        + GOOD.partition("\n")[2]
        + GOOD.partition("\n")[2].replace("A1", "A2").replace("1 + 2", "nofunction(1)")
        + GOOD.partition("\n")[2].replace("A1", "A3").replace("formula: 1 + 2", "tolerance: much")
    )
    told = str(wrong(text))
    assert "the id 'A1' comes twice" in told
    assert "names go round in a circle: a -> b -> a" in told
    assert told.count("circle") == 1
    assert "'sum' cannot be a name" in told
    assert "uses 'nobody'" in told
    assert "no function 'nofunction'" in told
    assert "'much' is not a tolerance" in told
    assert "neither a formula nor what it needs" in told


def test_a_bad_field_does_not_hide_a_bad_formula_or_a_second_id() -> None:
    row = GOOD.partition("\n")[2]
    told = str(
        wrong(HEAD + GOOD.replace("1 + 2", "1 +") + row + row.replace("A1", "A2").replace('"="', '"=>"'))
    )
    assert "mine.yaml:5 (A1)" in told
    assert "the id 'A1' comes twice" in told
    assert "mine.yaml:7 (A2)" in told
    assert "found '=>'" in told


def test_a_name_that_is_itself_is_a_circle() -> None:
    assert "a -> a" in str(wrong(HEAD + "names:\n  a: a + 1\n" + GOOD))


def test_a_difference_must_say_what_the_figure_is() -> None:
    error = wrong(HEAD + GOOD.replace("basis: WDI", "basis: WDI, differs_in: [period]"))
    assert "computed_basis" in str(error)


@pytest.mark.parametrize("text", ["- 1\n", "schema: openward.claims/2\nname: x\nclaims: []\n", "claims: {\n"])
def test_what_is_no_ledger_is_refused(text: str) -> None:
    wrong(text)


def test_missing_files_and_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError):
        load_ledger(tmp_path / "none.yaml")
    with pytest.raises(UnknownCodeError) as caught:
        load_ledger("china-2024")
    assert "china-2025" in caught.value.hint


def test_the_shipped_ledger_has_58_claims_in_order() -> None:
    assert shipped_ledgers() == ("china-2025",)
    assert [claim.id for claim in load_ledger().claims] == [f"C{k:02d}" for k in range(1, 59)]
