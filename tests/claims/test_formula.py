"""The formula language takes what is on its list, computes it, and never executes anything else."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.book import load
from openward.claims.at_hand import AtHand
from openward.claims.evaluate import evaluate, faults
from openward.claims.formula import SPACES, Formula, parse
from openward.claims.series import Series
from openward.errors import InputError, OpenwardError


@pytest.fixture(scope="module")
def at() -> AtHand:
    return AtHand(data=None, book=load("chn"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4 / 8", 6.5),
        ("-(2 + 3)", -5.0),
        ("1 < 2 <= 2", True),
        ("not 1 > 2 and true", True),
        ("sum(1, 2, 3.5)", 6.5),
        ("min(4, 2) / max(4, 2)", 0.5),
        ("percent(0.25)", 25.0),
        ("half * 4", 2.0),
    ],
)
def test_arithmetic(at: AtHand, text: str, expected: float | bool) -> None:
    assert evaluate(parse(text), at, {"half": parse("1 / 2")}) == expected


def test_series_compute_year_by_year(at: AtHand) -> None:
    text = 'macro("fdi_outflow", economy="CHN", year=years(2016, 2018)) / 1000 > 140'
    found = evaluate(parse(text), at, {})
    # 216.4, 138.3 and 143.0 billion USD in the World Bank series.
    assert found == Series({2016: True, 2017: False, 2018: True})


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("__import__('os').system('true')", 1),
        ("1 + open.read('x')", 5),
        ("[x for x in (1, 2)]", 1),
        ("macro.__class__('x')", 1),
        ("lambda: 1", 1),
        ("2 ** 9", None),
        ("1 if true else 2", 1),
        ("f'{1}'", 1),
        ("x[0]", 1),
        ("(y := 3)", None),
        ("b'x'", 1),
        ("1j", 1),
        ("sum(*names)", None),
        ("sum(**names)", 1),
        ("None", 1),
        ("1 +", None),
        ("1e999", 1),
        ("'é' + x.y", 7),
    ],
)
def test_everything_else_is_refused_with_its_position(text: str, column: int | None) -> None:
    with pytest.raises(InputError, match=r"column \d+") as caught:
        parse(text)
    if column is not None:
        assert f"column {column} of the formula" in caught.value.message


@pytest.mark.parametrize(
    "text", ["", "   ", "-" * 1500 + "1", "1 + " * 900 + "1", "(" * 300 + "1" + ")" * 300]
)
def test_empty_and_monstrous_formulas_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse(text)


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_an_input_error(text: str) -> None:
    try:
        formula = parse(text)
    except InputError:
        return
    for node in ast.walk(formula.tree):
        assert isinstance(node, _ON_THE_LIST)
        if isinstance(node, ast.Attribute):
            assert isinstance(node.value, ast.Name)
            assert node.value.id in SPACES


_ON_THE_LIST = (
    *(ast.Call, ast.keyword, ast.Name, ast.Attribute, ast.Constant, ast.Tuple, ast.List, ast.expr_context),
    *(ast.Compare, ast.cmpop, ast.BinOp, ast.operator, ast.UnaryOp, ast.unaryop, ast.BoolOp, ast.boolop),
)
_TOKENS = [
    "macro",
    "book",
    "world",
    "(",
    ")",
    "[",
    "]",
    ".",
    ",",
    "=",
    "1",
    "'a'",
    "x",
    "*",
    "**",
    "lambda",
    ":",
    "for",
    "in",
]


@given(st.lists(st.sampled_from(_TOKENS), max_size=12).map(" ".join))
def test_nothing_off_the_list_gets_through(text: str) -> None:
    test_any_text_is_a_formula_or_an_input_error.hypothesis.inner_test(text)  # type: ignore[attr-defined]


_NUMBERS = st.one_of(st.integers(0, 10**6), st.floats(0, 1e6, allow_nan=False)).map(repr)
_ATOMS = st.one_of(
    _NUMBERS, st.sampled_from(["a", "beta", "true", '"CHN"', 'macro("gdp", economy="CHN", year=2020)'])
)


def _grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(parts, st.sampled_from(["+", "-", "*", "/", "<", ">=", "==", "and", "or"]), parts)
    return st.one_of(
        pair.map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        parts.map(lambda p: f"sum({p}, 1)"),
        parts.map(lambda p: f"-{p}"),
        parts.map(lambda p: f"(not {p})"),
    )


@given(st.recursive(_ATOMS, _grown, max_leaves=12))
def test_a_formula_survives_printing_and_reading(text: str) -> None:
    formula = parse(text)
    again = parse(ast.unparse(formula.tree))
    assert ast.dump(again.tree) == ast.dump(formula.tree)


@given(
    st.recursive(
        _NUMBERS,
        lambda p: st.tuples(p, st.sampled_from("+-*"), p).map(" ".join).map("({})".format),
        max_leaves=8,
    )
)
def test_arithmetic_is_that_of_python(text: str) -> None:
    found = evaluate(parse(text), AtHand(data=None, book=load("chn")), {})
    assert found == pytest.approx(eval(text, {"__builtins__": {}}), rel=1e-12)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("macros('gdp')", "there is no function 'macros', at column 1"),
        ("1 + book.items(on='2024-01-01')", "there is no function 'book.items', at column 5"),
        ("macro('gdp', economy='CHN', year=2020, when=2020)", "unexpected keyword argument 'when'"),
        ("macro('gdp')", "missing a required"),
        ("halff + 1", "uses 'halff'"),
    ],
)
def test_faults_are_found_before_anything_is_computed(text: str, says: str) -> None:
    names = {"half": parse("1 / 2")}
    (fault,) = faults(parse(text), names)
    assert says in fault.message
    assert fault.hint


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1 / 0", "division by zero"),
        ("'a' + 1", "the text 'a' stands where a number is needed"),
        ("macro('gdpp', economy='CHN', year=2020)", "macro has no column 'gdpp'"),
        ("members('RCEPP', on='2024-01-01')", "no group 'RCEPP'"),
        ("size(members('RCEP', on='2024'))", "'2024' is not a date"),
        ("years(2020, 2010)", "are no years"),
        ("macro('gdp', economy='CHN', year='2020')", "gdp of CHN in 2020"),
        ("size(3)", "size cannot take a number"),
        ("book.count(list='chn-fdi-list-2024', on='2020-01-01')", "was not in force on 2020-01-01"),
    ],
)
def test_what_cannot_be_computed_says_why(at: AtHand, text: str, says: str) -> None:
    with pytest.raises(OpenwardError, match=re.escape(says)):
        evaluate(parse(text), at, {})


def test_formulas_with_the_same_text_are_equal() -> None:
    assert parse("1 +  2", where="a") == parse("1 + 2", where="b")
    assert isinstance(parse("1"), Formula)
