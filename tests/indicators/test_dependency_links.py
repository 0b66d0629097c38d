"""Exposure through input-output links: a chain by hand, bounds, and the shipped world."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.indicators.dependency.linked import (
    exposure_of_inputs,
    exposure_of_sales,
    exposure_to_partner,
    hypothetical_extraction,
    import_to_consumption,
)
from openward.indicators.dependency.reach import extraction_loss
from openward.observe.input_output import InputOutput, input_output


def chain() -> InputOutput:
    """A sells 40 to B; B sells 60 to C; C sells 100 to its own users. A and B add 40 and 20, C 40."""
    Z = np.array([[0.0, 40.0, 0.0], [0.0, 0.0, 60.0], [0.0, 0.0, 0.0]])
    F = np.diag([0.0, 0.0, 100.0])
    return input_output(
        economies=("AUS", "CHN", "USA"),
        sectors=("C26",),
        Z=Z,
        F=F,
        year=2020,
        unit="million USD",
        source="made up",
    )


def values(frame: object) -> dict[tuple[str, ...], float]:
    """Give keys without the year to value."""
    found = frame.collect().to_native()  # type: ignore[attr-defined]
    return {tuple(row[1:-1]): row[-1] for row in found.iter_rows()}


def test_a_chain_is_looked_through() -> None:
    inputs = values(exposure_of_inputs(input_output=chain()))
    # Behind a unit of C: 1 of C, 0.6 of B, 0.4 of A; of B: 1 and 2/3; A needs nobody.
    assert inputs[("USA", "C26")] == pytest.approx(1.0 / 2.0)
    assert inputs[("CHN", "C26")] == pytest.approx((2 / 3) / (1 + 2 / 3))
    assert inputs[("AUS", "C26")] == pytest.approx(0.0)
    sales = values(exposure_of_sales(input_output=chain()))
    # All of A goes into B, all of B into C; C sells to final users at home.
    assert sales[("AUS", "C26")] == pytest.approx(2 / 3)
    assert sales[("CHN", "C26")] == pytest.approx(1 / 2)
    assert sales[("USA", "C26")] == pytest.approx(0.0)


def test_a_partner_two_steps_away_shows() -> None:
    found = values(exposure_to_partner(input_output=chain()))
    assert found[("USA", "CHN")] == pytest.approx(0.6 / 2)
    assert found[("USA", "AUS")] == pytest.approx(0.4 / 2)
    assert ("CHN", "USA") not in found  # it sells nothing to final users: there is nothing behind it


def test_extraction_of_the_final_user_stops_the_chain() -> None:
    found = values(hypothetical_extraction(input_output=chain()))
    assert found[("AUS", "USA")] == pytest.approx(1.0)
    assert found[("CHN", "USA")] == pytest.approx(1.0)
    assert found[("AUS", "CHN")] == pytest.approx(1.0)
    assert found[("USA", "AUS")] == pytest.approx(0.0)  # sellers gone: demand stands, nobody is stopped


def test_imports_over_consumption_by_hand() -> None:
    found = values(import_to_consumption(input_output=chain()))
    # The United States use 60 from China and 100 of their own.
    assert found[("USA", "C26")] == pytest.approx(60 / 160)
    assert found[("CHN", "C26")] == pytest.approx(1.0)
    assert ("AUS", "C26") not in found


def random_table(seed: int, g: int = 4, s: int = 3) -> InputOutput:
    """Make a regular table whose inputs never exceed output."""
    draw = np.random.default_rng(seed)
    n = g * s
    F = draw.uniform(1, 20, (n, g))
    Z = draw.uniform(0, 1, (n, n)) * F.sum(axis=1).min() / n
    return input_output(
        economies=("CHN", "DEU", "JPN", "USA")[:g],
        sectors=("A01", "C26", "K")[:s],
        Z=Z,
        F=F,
        year=2020,
        unit="million USD",
        source="made up",
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_one_inverse_serves_every_partner(seed: int) -> None:
    """The shared inverse gives what solving the smaller system gives, and losses lie between 0 and 1."""
    t = random_table(seed)
    loss = extraction_loss(
        Z=t.Z, F=t.F, output=t.output, value_added=t.value_added, node_economy=t.node_economy
    )
    A, v = t.Z / t.output, t.value_added / t.output
    for p in range(len(t.economies)):
        rest = t.node_economy != p
        x = np.linalg.solve(np.eye(rest.sum()) - A[np.ix_(rest, rest)], (t.F.sum(axis=1) - t.F[:, p])[rest])
        for n in range(len(t.economies)):
            if n == p:
                assert np.isnan(loss[n, p])
                continue
            own = t.node_economy == n
            earned = float((v[own] * x[t.node_economy[rest] == n]).sum())
            assert loss[n, p] == pytest.approx(1 - earned / t.value_added[own].sum(), abs=1e-12)
            assert -1e-12 <= loss[n, p] <= 1


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 1000))
def test_shares_lie_in_their_range_and_units_do_not_matter(seed: int, scale: float) -> None:
    t = random_table(seed)
    other = input_output(
        economies=t.economies,
        sectors=t.sectors,
        Z=t.Z * scale,
        F=t.F * scale,
        year=2020,
        unit="x",
        source="y",
    )
    for function in (exposure_of_inputs, exposure_of_sales, exposure_to_partner, import_to_consumption):
        found = values(function(input_output=t))
        assert found
        assert all(0 <= value <= 1 for value in found.values())
        assert values(function(input_output=other)) == pytest.approx(found)


def test_an_economy_that_trades_with_nobody_is_not_exposed() -> None:
    Z, F = np.zeros((2, 2)), np.diag([50.0, 80.0])
    Z[0, 0], Z[1, 1] = 10.0, 5.0
    alone = input_output(
        economies=("CHN", "USA"), sectors=("C26",), Z=Z, F=F, year=2020, unit="x", source="made up"
    )
    for function in (exposure_of_inputs, exposure_of_sales, exposure_to_partner, hypothetical_extraction):
        found = values(function(input_output=alone))
        assert found
        assert max(found.values()) == pytest.approx(0.0)


def test_the_shipped_world_knows_who_leans_on_whom() -> None:
    from openward.observe.input_output_world import world_table

    table = world_table()
    partners = exposure_to_partner(input_output=table).collect().to_native()
    china = partners.filter(pl.col("economy") == "CHN")
    assert china.height == 79
    total = china["value"].sum()
    assert 0.03 < total < 0.15
    # Small economies lean on their big neighbor more than it leans on them.
    pair = {
        (row["economy"], row["partner"]): row["value"]
        for row in partners.iter_rows(named=True)
        if {row["economy"], row["partner"]} == {"CHN", "VNM"}
    }
    assert pair[("VNM", "CHN")] > 20 * pair[("CHN", "VNM")]
