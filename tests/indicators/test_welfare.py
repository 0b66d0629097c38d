from __future__ import annotations

import math

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.indicators.small_trade import values
from tests.indicators.test_openness import macro

from openward.errors import InputError, UnknownCodeError
from openward.indicators.catalogue import Frame
from openward.indicators.welfare import acr_gains, acr_gains_by_sector
from openward.indicators.welfare_indices import links
from openward.observe.input_output import InputOutput, input_output

Row = tuple[int, str, str, str, float, float | None]

# AUT to BEL: p from 10 at price 1 to 20 at price 2; r from 10 at price 2 to 5 at price 2.
BASKET: list[Row] = [
    (2020, "AUT", "BEL", "p", 10.0, 10.0),
    (2020, "AUT", "BEL", "r", 20.0, 10.0),
    (2021, "AUT", "BEL", "p", 40.0, 20.0),
    (2021, "AUT", "BEL", "r", 10.0, 5.0),
    (2021, "AUT", "BEL", "new", 99.0, 1.0),
    (2021, "AUT", "CHE", "p", 7.0, None),
    (2020, "BEL", "AUT", "p", 30.0, 10.0),
    (2021, "BEL", "AUT", "p", 36.0, 10.0),
]


def table(rows: list[Row]) -> Frame:
    names = ["year", "exporter", "importer", "product", "value", "quantity"]
    return nw.from_native(pl.DataFrame(rows, schema=names, orient="row").lazy())


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-12)


def test_fisher_price_and_quantity() -> None:
    goods = table(BASKET)
    price, quantity = math.sqrt(40 / 30 * 50 / 30), math.sqrt(30 / 30 * 50 / 40)
    assert values("export-price-index", trade=goods)[(2021, "AUT")] == near(price)
    assert values("export-quantity-index", trade=goods)[(2021, "AUT")] == near(quantity)
    assert price * quantity == near(50 / 30)
    assert values("export-price-index", trade=goods)[(2020, "AUT")] == 1.0
    assert values("import-price-index", trade=goods)[(2021, "AUT")] == near(1.2)
    assert values("import-quantity-index", trade=goods)[(2021, "AUT")] == near(1.0)


def test_terms_of_trade_from_unit_values() -> None:
    found = values("unit-value-terms-of-trade", trade=table(BASKET))
    price = math.sqrt(40 / 30 * 50 / 30)
    assert found[(2021, "AUT")] == near(price / 1.2)
    assert found[(2021, "BEL")] == near(1.2 / price)
    # All 156 of exports count, new goods and those without a quantity too.
    assert values("income-terms-of-trade", trade=table(BASKET))[(2021, "AUT")] == near(156 / 30 / 1.2)


def test_a_chain_multiplies_its_links_and_stops_where_it_breaks() -> None:
    def flow(year: int, price: float) -> Row:
        return (year, "AUT", "BEL", "p", price, 1.0)

    other = [(year, "CHE", "BEL", "p", 1.0, 1.0) for year in (2019, 2020, 2021, 2022, 2023)]
    whole = values(
        "export-price-index", trade=table([flow(2019, 1.0), flow(2020, 2.0), flow(2021, 6.0), *other])
    )
    assert whole[(2021, "AUT")] == near(6.0)
    gone = [flow(2019, 1.0), flow(2020, 2.0), flow(2022, 9.0), flow(2023, 18.0), *other]
    broken = values("export-price-index", trade=table(gone))
    assert {year for year, economy in broken if economy == "AUT"} == {2019, 2020}


@given(st.lists(st.tuples(*[st.floats(0.1, 1e3)] * 4), min_size=1, max_size=6))
def test_fisher_price_times_quantity_is_value(items: list[tuple[float, float, float, float]]) -> None:
    rows: list[Row] = []
    for at, (value0, quantity0, value1, quantity1) in enumerate(items):
        rows.append((2020, "AUT", "BEL", str(at), value0, quantity0))
        rows.append((2021, "AUT", "BEL", str(at), value1, quantity1))
    found = links(table(rows), "exports").collect().to_native()
    assert found["price"][0] * found["quantity"][0] == pytest.approx(found["worth"][0], rel=1e-9)


def test_income_from_terms_of_trade() -> None:
    rows = [
        {"economy": "AUT", "year": 2020, "exports_ratio": 0.4, "terms_of_trade": 100.0},
        {"economy": "AUT", "year": 2021, "exports_ratio": 0.5, "terms_of_trade": 105.0},
    ]
    assert values("terms-of-trade-income", macro=macro(*rows)) == {"AUT": near(0.02)}


def test_gains_of_the_united_states_in_the_paper() -> None:
    """A home share of 0.93 gives 0.7 % at an elasticity of 10 and 1.4 % at 5 (Arkolakis and others 2012)."""
    share = np.array([0.93])
    assert round(float(acr_gains(home_share=share, theta=5.0)[0]) * 100, 1) == 1.4
    assert round(float(acr_gains(home_share=share, theta=10.0)[0]) * 100, 1) == 0.7


def test_sectors_and_inputs_raise_the_gains() -> None:
    home, final = np.array([[0.9]]), np.array([[1.0]])
    theta = np.array([5.0])
    assert acr_gains_by_sector(home_share=home, final_share=final, theta=theta)[0] == near(1 - 0.9**0.2)
    half = np.array([[[0.5]]])
    with_inputs = acr_gains_by_sector(home_share=home, final_share=final, theta=theta, use=half)
    assert with_inputs[0] == near(1 - 0.9 ** (0.2 / 0.5))
    # The second sector buys only the first, which buys nothing: final spending is all on the second.
    two = acr_gains_by_sector(
        home_share=np.array([[0.8, 1.0]]),
        final_share=np.array([[0.0, 1.0]]),
        theta=np.array([4.0, 4.0]),
        use=np.array([[[0.0, 0.0], [0.6, 0.0]]]),
    )
    assert two[0] == near(1 - 0.8 ** (0.6 / 4))


def world() -> InputOutput:
    """Two economies, one sector: AUT buys 90 at home and 10 abroad, BEL 40 and 10; no inputs."""
    return input_output(
        economies=("AUT", "BEL"),
        sectors=("C",),
        Z=np.zeros((2, 2)),
        F=np.array([[90.0, 10.0], [10.0, 40.0]]),
        year=2022,
        unit="million USD",
        source="made up",
    )


def test_gains_from_a_table() -> None:
    found = values("acr-gains", input_output=world(), theta=4.0)
    assert found == {"AUT": near(1 - 0.9**0.25), "BEL": near(1 - 0.8**0.25)}
    assert values("acr-gains-sectors", input_output=world(), thetas={"C": 4.0}) == found


def test_an_economy_that_makes_none_of_a_good_has_no_value() -> None:
    only = input_output(
        economies=("AUT", "BEL"),
        sectors=("C", "D"),
        Z=np.zeros((4, 4)),
        F=np.array([[9.0, 1.0], [5.0, 5.0], [1.0, 4.0], [0.0, 0.0]]),
        year=2022,
        unit="million USD",
        source="made up",
    )
    assert set(values("acr-gains-sectors", input_output=only)) == {"AUT"}


def test_elasticities_are_checked() -> None:
    with pytest.raises(InputError, match="positive"):
        values("acr-gains", input_output=world(), theta=-5.0)
    with pytest.raises(UnknownCodeError, match="no sector Z"):
        values("acr-gains-sectors", input_output=world(), thetas={"Z": 4.0})
