from __future__ import annotations

import math
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.indicators.small_trade import FIRST, SECOND, trade, values

from openward.indicators.run import run

ONE = trade({2020: FIRST})
FLOW = st.tuples(
    st.sampled_from(["AUT", "BEL", "CHE", "DNK"]),
    st.sampled_from(["ESP", "FIN"]),
    st.sampled_from(["p", "q", "r", "s"]),
)
FLOWS = st.dictionaries(FLOW, st.floats(0.01, 1e6), min_size=1, max_size=20).map(
    lambda found: trade({2020: [(*key, value) for key, value in found.items()]})
)


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-12)


def test_concentration_over_products_and_partners() -> None:
    assert values("export-product-hhi", trade=ONE)["AUT"] == near(0.8**2 + 0.2**2)
    assert values("export-product-hhi", trade=ONE, scale="normalized")["AUT"] == near((0.68 - 0.5) / 0.5)
    assert values("export-market-hhi", trade_total=ONE)["AUT"] == near(0.68)
    assert values("import-supplier-hhi", trade_total=ONE)["AUT"] == near(0.5)
    assert values("import-supplier-hhi", trade_total=ONE, scale="normalized")["AUT"] == near(0.0)
    assert values("import-product-hhi", trade=ONE)["CHE"] == near((20 / 30) ** 2 + (10 / 30) ** 2)
    assert values("export-effective-products", trade=ONE)["AUT"] == near(1 / 0.68)


def test_one_product_has_no_normalized_concentration() -> None:
    assert "CHE" not in values("export-product-hhi", trade=ONE, scale="normalized")
    assert values("export-product-hhi", trade=ONE)["CHE"] == 1.0


def test_counts_and_their_threshold() -> None:
    assert values("export-product-count", trade=ONE) == {"AUT": 2, "BEL": 2, "CHE": 1}
    assert values("export-product-count", trade=ONE, least=20.0) == {"AUT": 2, "BEL": 1, "CHE": 1}
    assert values("import-supplier-count", trade_total=ONE) == {"AUT": 2, "BEL": 1, "CHE": 2}


def test_theil_splits_into_new_lines_and_unequal_lines() -> None:
    found = values("export-theil", trade=ONE)
    within = 0.8 * math.log(1.6) + 0.2 * math.log(0.4)
    assert found[("AUT", "between")] == near(math.log(3 / 2))
    assert found[("AUT", "within")] == near(within)
    assert found[("AUT", "total")] == near(math.log(1.5) + within)


def test_gini_counts_the_lines_without_exports() -> None:
    # Sorted 0, 20, 80: (-2*0 + 0*20 + 2*80) / (3 * 100).
    assert values("export-gini", trade=ONE)["AUT"] == near(160 / 300)


def test_margins_multiply_to_the_share_in_world_exports() -> None:
    assert values("extensive-margin", trade=ONE)["AUT"] == near(160 / 210)
    assert values("intensive-margin", trade=ONE)["AUT"] == near(100 / 160)


def test_penetration_counts_markets_that_buy_from_anybody() -> None:
    found = values("export-market-penetration", trade=ONE)
    # AUT sells p to BEL and CHE and q to BEL; q is bought by CHE too.
    assert found["AUT"] == near(3 / 4)
    # BEL sells p to AUT (CHE buys it too; BEL's own purchases are no market) and q to CHE.
    assert found["BEL"] == near(2 / 3)


def test_likeness_of_baskets() -> None:
    found = values("export-similarity", trade=ONE)
    assert found[("AUT", "BEL")] == near(0.8 + 10 / 60)
    assert found[("BEL", "AUT")] == found[("AUT", "BEL")]
    assert ("AUT", "CHE") not in found


def test_change_over_a_hole_in_the_years() -> None:
    both = trade({2015: FIRST, 2020: SECOND})
    assert values("export-structural-change", trade=both) == {"AUT": near(0.5), "CHE": near(0.0)}
    expected = math.sqrt((0.8 + 0.5) / 2) * abs(math.log(0.5 / 0.8))
    assert values("export-lilien", trade=both)["AUT"] == near(expected)


def test_survival_leaves_out_spells_whose_start_is_not_seen() -> None:
    spells = {
        ("BEL", "p"): (2, 3),
        ("BEL", "q"): (2, 3, 4, 5),
        ("CHE", "p"): (3, 5),
        ("CHE", "q"): (1, 2),
    }
    years = {
        2000 + 5 * year: [("AUT", to, what, 1.0) for (to, what), on in spells.items() if year in on]
        for year in range(1, 6)
    }
    found = values("export-survival", trade=trade(years))
    # At risk 4, one ends after 1; at risk 2, one ends after 2; the last goes on.
    assert found == {("AUT", 1): near(3 / 4), ("AUT", 2): near(3 / 8), ("AUT", 4): near(3 / 8)}


def test_survival_is_zero_once_all_have_ended() -> None:
    years = {1: [("BEL", "AUT", "p", 1.0)], 2: [("AUT", "BEL", "p", 1.0)], 3: [("BEL", "AUT", "p", 1.0)]}
    # The second spell of BEL goes on when the table ends.
    assert values("export-survival", trade=trade(years)) == {("AUT", 1): 0.0, ("BEL", 1): 1.0}


@given(FLOWS)
def test_identities(flows: object) -> None:
    hhi, effective = (
        values("export-product-hhi", trade=flows),
        values("export-effective-products", trade=flows),
    )
    count = values("export-product-count", trade=flows)
    extensive, intensive = values("extensive-margin", trade=flows), values("intensive-margin", trade=flows)
    share = values("export-world-share", trade_total=flows)
    theil, gini = values("export-theil", trade=flows), values("export-gini", trade=flows)
    assert sum(share.values()) == pytest.approx(1.0)
    for economy in share:
        assert 1 / count[economy] <= hhi[economy] * (1 + 1e-9)
        assert hhi[economy] <= 1 + 1e-9
        assert effective[economy] <= count[economy] * (1 + 1e-9)
        assert extensive[economy] * intensive[economy] == pytest.approx(share[economy], rel=1e-9)
        assert theil[(economy, "within")] >= -1e-9
        assert -1e-9 <= gini[economy] < 1


@pytest.mark.slow
def test_market_concentration_is_the_published_one(shared: Path) -> None:
    """WITS prints two decimals of reported exports; BACI reconciles two reporters: close, not equal."""
    file = shared / "data" / "economy" / "wits_trade_summary.parquet"
    published = pl.read_parquet(file).with_columns(pl.col(pl.Categorical).cast(pl.String))
    hh = published.filter(pl.col("indicator") == "HH Market concentration index")
    ours = run("export-market-hhi", data=shared / "data", options={"scale": "normalized"}).frame
    both = ours.join(hh.select("economy", "year", published="value"), on=["economy", "year"], how="inner")
    gap = (both["value"] - both["published"]).abs()
    assert len(both) > 3000
    assert gap.median() < 0.012
    china = both.filter(pl.col("economy") == "CHN", pl.col("year") == 2019)
    assert round(china["value"][0], 2) == china["published"][0] == 0.05
