"""Specs: read whole, faults said at once; terms mean what they say; published tables come out of one."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError
from openward.reproduce.stata import read_stata
from openward.simulate.estimate.panel import Panel, read_panel
from openward.simulate.estimate.run import estimate
from openward.simulate.estimate.spec import Data, EstimateSpec
from openward.simulate.estimate.spec_reading import parse_estimate_spec, read_estimate_spec
from openward.simulate.estimate.terms import regressors

SPECS = Path(__file__).resolve().parents[3] / "docs" / "estimation"
HEAD = """
schema: openward.estimate/1
name: small
title: Small
source: made up
data: {file: small.csv, exporter: from, importer: to, year: year}
outcome: trade
"""
COLUMN = """
estimates:
  - name: one
    method: ppml
    domestic: keep
    regressors: [x]
    effects: [{product: [exporter, year]}, {product: [importer, year]}]
"""


def spec(text: str) -> EstimateSpec:
    return parse_estimate_spec(text, where="small.yaml")


def small(folder: Path, **columns: list[object]) -> Path:
    """Write four economies over three years, with home trade; further columns by name."""
    names = ["A", "B", "C", "D"]
    rows = [(a, b, year) for year in (2000, 2004, 2008) for a in names for b in names]
    rng = np.random.default_rng(5)
    frame = pl.DataFrame(rows, schema=["from", "to", "year"], orient="row").with_columns(
        x=pl.Series(rng.normal(size=len(rows)).round(3)),
        trade=pl.Series(rng.exponential(size=len(rows)).round(3)),
        entry=pl.when(pl.col("from") == "A", pl.col("to") == "B").then(2004).otherwise(None),
        **{name: pl.Series(values) for name, values in columns.items()},
    )
    frame.write_csv(folder / "small.csv")
    return folder


def test_all_faults_are_said_at_once() -> None:
    text = HEAD + "terms: {a: {log: x, base: 10}, b: {squared: x}}\n" + COLUMN + "    cluster: [pair]\n"
    with pytest.raises(InputErrors) as caught:
        spec(text.replace("domestic: keep", "domestic: maybe"))
    places = [one.where for one in caught.value.errors]
    assert places == [
        "small.yaml: terms.a.log.base",
        "small.yaml: terms.b",
        "small.yaml: estimates.0.domestic",
        "small.yaml: estimates.0.cluster",
    ]


def test_what_to_do_with_domestic_trade_must_be_said() -> None:
    with pytest.raises(InputErrors, match="domestic"):
        spec(HEAD + COLUMN.replace("    domestic: keep\n", ""))


def test_methods_are_named() -> None:
    with pytest.raises(InputErrors, match="method: one of elasticity, lasso, ppml, staggered"):
        spec(HEAD + COLUMN.replace("method: ppml", "method: ols"))


def test_lags_need_a_column_of_years() -> None:
    text = HEAD.replace(", year: year", "") + "terms: {before: {lag: x, years: 4}}\n" + COLUMN
    with pytest.raises(InputErrors, match="before needs years"):
        spec(text)


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    text = (
        HEAD.replace("trade", "value") + "terms: {size: {log: gdp}}\n" + COLUMN.replace("[x]", "[x, size, z]")
    )
    with pytest.raises(InputErrors) as caught:
        estimate(spec(text), small(tmp_path))
    said = [one.message for one in caught.value.errors]
    assert said == [f"there is no column {name}" for name in ("gdp", "value", "z")]


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match=r"small\.csv is not there"):
        estimate(spec(HEAD + COLUMN), tmp_path)


def test_logarithm_of_what_is_not_positive_names_the_row(tmp_path: Path) -> None:
    text = HEAD + "terms: {size: {log: size}}\n" + COLUMN.replace("[x]", "[size]")
    with pytest.raises(InputErrors, match="not positive in 1 rows, first A, C, 2000"):
        estimate(spec(text), small(tmp_path, size=[1.0, 1.0, 0.0] + [1.0] * 45))


def test_regressors_that_effects_explain(tmp_path: Path) -> None:
    text = HEAD + COLUMN.replace("[x]", "[year]")
    with pytest.raises(InputErrors, match="the effects explain every regressor"):
        estimate(spec(text), small(tmp_path))


def test_a_collinear_regressor_is_dropped_and_named(tmp_path: Path) -> None:
    text = HEAD + "terms: {double: {product: [x, two]}}\n" + COLUMN.replace("[x]", "[x, double]")
    (found,) = estimate(spec(text), small(tmp_path, two=[2.0] * 48)).columns
    assert found.names == ("x",)
    assert found.dropped == ("double",)


def test_nothing_but_zeros(tmp_path: Path) -> None:
    text = HEAD.replace("outcome: trade", "outcome: nil") + COLUMN
    with pytest.raises(InputErrors, match="no observation is left"):
        estimate(spec(text), small(tmp_path, nil=[0.0] * 48))


def test_one_cluster(tmp_path: Path) -> None:
    text = HEAD + COLUMN + "    clusters: [{product: [all]}]\n"
    with pytest.raises(InputErrors, match="one cluster by all") as caught:
        estimate(spec(text), small(tmp_path, all=["w"] * 48))
    assert caught.value.where.startswith("estimates one")


def test_text_as_regressor(tmp_path: Path) -> None:
    with pytest.raises(InputErrors, match="from holds String, not numbers"):
        estimate(spec(HEAD + COLUMN.replace("[x]", "[from]")), small(tmp_path))


def test_a_test_of_what_was_not_estimated(tmp_path: Path) -> None:
    text = HEAD + COLUMN + "    tests: [{name: t, zero: [y]}]\n"
    with pytest.raises(InputErrors, match="no coefficient is called 'y'"):
        estimate(spec(text), small(tmp_path))


def panel(folder: Path) -> Panel:
    data = Data(file="small.csv", exporter="from", importer="to", year="year")
    return read_panel(data, small(folder), wanted=[])


def term(text: str) -> EstimateSpec:
    return spec(HEAD + "terms:\n  t: " + text + "\n" + COLUMN)


def test_lags_and_leads_look_beyond_the_rows_kept(tmp_path: Path) -> None:
    whole = panel(tmp_path)
    late = whole.narrowed(parse_where(2004))
    lag = regressors(late, ["t"], term("{lag: x, years: 4}").terms)["t"]
    lead = regressors(late, ["t"], term("{lead: x, years: 4}").terms)["t"]
    of = {year: whole.frame.filter(pl.col("year") == year)["x"].to_numpy() for year in (2000, 2008)}
    np.testing.assert_array_equal(lag, of[2000])
    np.testing.assert_array_equal(lead, of[2008])
    with pytest.raises(InputErrors, match="x of 4 years before is not in the file for 16 rows"):
        regressors(whole, ["t"], term("{lag: x, years: 4}").terms)
    filled = regressors(whole, ["t"], term("{lag: x, years: 4, missing: zero}").terms)["t"]
    assert (filled[:16] == 0).all()
    np.testing.assert_array_equal(filled[16:32], of[2000])


def parse_where(year: int):  # type: ignore[no-untyped-def]
    from openward.simulate.estimate.spec import Where

    return [Where(column="year", one_of=[year])]


def test_phasing_in_and_anticipation(tmp_path: Path) -> None:
    here = panel(tmp_path)
    pair = ((here.frame["from"] == "A") & (here.frame["to"] == "B")).to_numpy()
    steps = regressors(here, ["t"], term("{phased: entry, years: [-4, 0, 4], form: steps}").terms)
    assert list(steps) == ["t: 4 years before", "t: entry", "t: 4 years on"]
    assert [column[pair].tolist() for column in steps.values()] == [[1, 1, 1], [0, 1, 1], [0, 0, 1]]
    windows = regressors(here, ["t"], term("{phased: entry, years: [-4, 0, 4], form: windows}").terms)
    assert [column[pair].tolist() for column in windows.values()] == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert not any(column[~pair].any() for column in steps.values())


def test_borders_by_year(tmp_path: Path) -> None:
    here = panel(tmp_path)
    found = regressors(here, ["t"], term("{border: each-year, omit: [2008]}").terms)
    assert {name: column.sum() for name, column in found.items()} == {"t: 2000": 12.0, "t: 2004": 12.0}


def test_a_product_of_itself(tmp_path: Path) -> None:
    with pytest.raises(InputErrors, match="contains itself"):
        regressors(panel(tmp_path), ["t"], term("{product: [x, t]}").terms)


def test_symmetric_pairs_are_the_same_both_ways(tmp_path: Path) -> None:
    from openward.simulate.estimate.spec import Product

    here = panel(tmp_path)
    both = here.codes(Product(product=["exporter", "importer"], symmetric=True))
    assert len(np.unique(both)) == 10
    assert len(np.unique(here.codes(Product(product=["exporter", "importer"])))) == 16


def test_the_tables_of_the_advanced_guide(shared: Path) -> None:
    result = estimate(read_estimate_spec(SPECS / "agtpa.yaml"), shared / "data")
    found = {one.name: one for one in result.columns}

    def rounded(name: str) -> dict[str, float]:
        one = found[name]
        return dict(zip(one.names, np.round(one.coefficients, 3).tolist(), strict=True))

    assert rounded("(4)") == {"rta": 0.557}
    assert found["(4)"].standard_errors[0] == pytest.approx(0.102, abs=5e-4)
    assert rounded("(5)") == {"rta": 0.520, "rta, 4 years after": 0.077}
    assert list(rounded("(6)").values()) == [0.291, 0.414, 0.169, 0.119]
    assert list(rounded("(7)").values()) == [
        0.116, 0.288, 0.069, 0.002, -0.706, -0.480, -0.367, -0.158, -0.141
    ]  # fmt: skip
    # For one coefficient Wald's statistic is the square of its t.
    test = found["(5)"].tests[0]
    t = found["(5)"].coefficients[1] / found["(5)"].standard_errors[1]
    assert test.statistic == pytest.approx(t**2)
    assert found["(6)"].sums[0].value == pytest.approx(found["(6)"].coefficients.sum())


def test_three_way_correction_from_a_spec(shared: Path, tmp_path: Path) -> None:
    columns = ["exp", "imp", "year", "category", "trade", "fta"]
    path = shared / "data" / "simulation" / "PPMLFEBIAS_EXAMPLE_DATA.dta"
    frame = read_stata(path, ["isoexp", "isoimp", "year", "category", "trade", "fta"])
    frame.columns = columns
    frame.filter(pl.col("category") == "MANUF").write_parquet(tmp_path / "manuf.parquet")
    text = HEAD.replace("small.csv", "manuf.parquet").replace("from", "exp").replace("to,", "imp,")
    text += COLUMN.replace("[x]", "[fta]").replace(
        "{product: [importer, year]}]",
        "{product: [importer, year]}, {product: [exporter, importer]}]\n    bias_correction: three-way\n"
        "    clusters: [{product: [exporter, importer]}]",
    )
    (found,) = estimate(spec(text), tmp_path).columns
    assert found.coefficients[0] == pytest.approx(0.1703722, abs=5e-8)
    assert found.standard_errors[0] == pytest.approx(0.0419559, abs=5e-8)
    assert found.facts["bias of fta"] == pytest.approx(0.0076568, abs=5e-8)


def test_the_correction_names_the_effects_it_is_for(tmp_path: Path) -> None:
    text = HEAD + COLUMN + "    bias_correction: three-way\n"
    with pytest.raises(InputErrors, match="exporter x importer, one for each direction"):
        estimate(spec(text), small(tmp_path))


def test_errors_are_of_our_tree(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("schema: [", encoding="utf-8")
    with pytest.raises(OpenwardError, match="not readable as YAML"):
        read_estimate_spec(tmp_path / "broken.yaml")
    with pytest.raises(InputError, match="no such estimation spec"):
        read_estimate_spec(tmp_path / "absent.yaml")


def test_conditions_must_fit_the_column(tmp_path: Path) -> None:
    text = HEAD.replace("year: year}", "year: year, where: [{column: x, one_of: [a]}]}") + COLUMN
    with pytest.raises(InputError, match="x holds Float64, which the condition does not fit"):
        estimate(spec(text), small(tmp_path))
    with pytest.raises(InputError, match="no row is left once year"):
        estimate(spec(text.replace("column: x, one_of: [a]", "column: year, at_least: 3000")), tmp_path)


def test_fewer_clusters_than_coefficients_are_said(tmp_path: Path) -> None:
    text = HEAD + COLUMN.replace("[x]", "[x, z, w]") + "    clusters: [{product: [half]}]\n"
    rng = np.random.default_rng(8)
    more = {"z": rng.normal(size=48).tolist(), "w": rng.normal(size=48).tolist(), "half": ["a", "b"] * 24}
    (found,) = estimate(spec(text), small(tmp_path, **more)).columns
    assert found.notes == ("one: 2 clusters for 3 coefficients: errors and tests are not reliable",)


def test_negative_and_missing_outcomes(tmp_path: Path) -> None:
    text = HEAD.replace("outcome: trade", "outcome: v") + COLUMN
    with pytest.raises(InputErrors, match="negative"):
        estimate(spec(text), small(tmp_path, v=[-1.0] + [1.0] * 47))
    with pytest.raises(InputErrors, match="v is missing in 1 of 48 rows"):
        estimate(spec(text), small(tmp_path, v=[None] + [1.0] * 47))
