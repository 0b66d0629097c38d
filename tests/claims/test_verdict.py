"""The rule of the four verdicts."""

from __future__ import annotations

import pytest

from openward.claims.claim import Claim
from openward.claims.tolerance import default_tolerance
from openward.claims.verdict import judge


def claim(relation: str = ">=", value: str = "10") -> Claim:
    return Claim(
        id="A",
        claim="a figure",
        subject="CHN",
        period="2024",
        relation=relation,  # type: ignore[arg-type]
        value=value,
        unit="percent",
        basis="own",
        source="somebody",
        tolerance=default_tolerance(relation, value),
    )


@pytest.mark.parametrize(
    ("relation", "computed", "holds", "differs_in", "verdict"),
    [
        (">=", 10.0, True, (), "confirmed"),
        (">=", 9.99, False, (), "contradicted"),
        ("=", 12.0, False, (), "contradicted"),
        # Another basis: an equality differs however large the gap; a limit is contradicted past 5 percent.
        ("=", 10.0, True, ("basis",), "differs"),
        ("=", 90.0, False, ("basis",), "differs"),
        (">=", 10.0, True, ("basis",), "differs"),
        (">=", 9.6, False, ("basis",), "differs"),
        (">=", 9.5, False, ("basis",), "differs"),
        (">=", 9.49, False, ("basis",), "contradicted"),
        # A part, or another time, settles nothing.
        (">=", 1.0, False, ("coverage",), "differs"),
        (">=", 1.0, False, ("basis", "period"), "differs"),
        (">=", 11.0, True, ("period",), "differs"),
        (">=", None, None, (), "not-checkable"),
    ],
)
def test_rule(
    relation: str, computed: float | None, holds: bool | None, differs_in: tuple[str, ...], verdict: str
) -> None:
    assert judge(claim(relation), computed=computed, holds=holds, differs_in=differs_in) == verdict


def test_words_on_another_basis_differ() -> None:
    assert judge(claim("=", "only"), computed=False, holds=False, differs_in=("basis",)) == "differs"
    assert judge(claim("=", "only"), computed=True, holds=True, differs_in=()) == "confirmed"
