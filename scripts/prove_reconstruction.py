"""Write the tables of docs/world-pack.md: reconstruct WIOD 2011 as the world pack was, compare with truth.

Usage: python scripts/prove_reconstruction.py --data DIR [--docs PATH]
DIR holds wiod2011_Z, wiod2011_F, wdi_openness_panel and trade_bilateral_baci_2023 (Parquet) under economy/.
The tables replace what stands between the markers of the page.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from openward.observe.dictionary import dataset, markdown
from openward.observe.proof import Trial, compare_methods, sum_to_zero, without_rest_of_world
from openward.observe.reconstruct import Array
from openward.observe.wiod import InterCountryTable, read_wiod
from openward.observe.worldpack import WorldPack, load_world
from openward.simulate.baseline import Baseline, Shock
from openward.simulate.calibrate import calibrate
from openward.simulate.caliendo_parro import solve
from openward.simulate.elasticities import elasticities

DOCS = Path(__file__).parent.parent / "docs" / "world-pack.md"
GOODS = 16  # WIOD industries c1 .. c16
SHIPPED = "home preference by industry, held out"


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Everything the tables are printed from."""

    data: Path
    table: InterCountryTable
    trials: tuple[Trial, ...]
    lone: Trial


def gather(data: Path) -> Evidence:
    table = read_wiod(data / "economy")
    goods = np.arange(len(table.industries)) < GOODS
    trials = compare_methods(table, goods=goods, published=published_deficits(table, data))
    return Evidence(data=data, table=table, trials=trials, lone=without_rest_of_world(table))


def published_deficits(table: InterCountryTable, data: Path, *, year: int = 2011) -> Array:
    """Deficits from balances in percent of GDP; balanced trade where none is published."""
    panel = pl.read_parquet(data / "economy" / "wdi_openness_panel.parquet").filter(pl.col("year") == year)
    gap = (pl.col("imports_percent_of_gdp") - pl.col("exports_percent_of_gdp")) / 100
    known = dict(panel.select("iso3", gap.alias("gap")).drop_nulls().iter_rows())
    known["ROM"] = known.get("ROU", 0.0)
    gaps = np.array([known.get(code, 0.0) for code in table.economies])
    return sum_to_zero(gaps * table.value_added.sum(axis=1))


def header(label: str, *numbers: str) -> Iterator[str]:
    """Head of a table: one column of labels, the others numbers."""
    yield "| " + " | ".join((label, *numbers)) + " |"
    yield "|---|" + "---:|" * len(numbers)


def error_table(evidence: Evidence) -> Iterator[str]:
    yield from header(
        "method",
        "wrong exporter, %",
        "final demand misplaced, %",
        "home share off, points",
        "worst economy, %",
    )
    for trial in (*evidence.trials, evidence.lone):
        error = trial.error
        worst = 100 * error.source_shares.max()
        means = (100 * error.mean(name) for name in ("source_shares", "misallocated", "home_share"))
        yield f"| {error.method} | " + " | ".join(f"{value:.2f}" for value in means) + f" | {worst:.2f} |"


def economy_table(evidence: Evidence) -> Iterator[str]:
    error = next(trial.error for trial in evidence.trials if trial.error.method == SHIPPED)
    yield from header("economy", "wrong exporter, %", "final demand misplaced, %", "home share off, points")
    for at in np.argsort(-error.source_shares):
        cells = (error.source_shares[at], error.misallocated[at], error.home_share[at])
        numbers = f"{100 * cells[0]:.2f} | {100 * cells[1]:.2f} | {100 * cells[2]:+.2f}"
        yield f"| {evidence.table.economies[at]} | {numbers} |"


def welfare_table(evidence: Evidence) -> Iterator[str]:
    """Real income effects on the true and on the reconstructed worlds."""
    table = evidence.table
    numbers = ("mean effect, %", "mean miss, points", "largest miss, points", "correlation")
    yield from header("counterfactual; world", *numbers)
    for name in ("reciprocal 25-point tariffs, CHN and USA", "trade 10 % cheaper everywhere"):
        truth = effects(table, table.final, name)
        shown = [trial for trial in evidence.trials if trial.error.method != "same source shares"]
        for trial in shown:
            guess = effects(table, trial.final, name)
            miss = np.abs(guess - truth)
            yield (
                f"| {name}; {trial.error.method} | {np.abs(truth).mean():.3f} | {miss.mean():.4f} | "
                f"{miss.max():.4f} | {np.corrcoef(truth, guess)[0, 1]:.4f} |"
            )


def effects(table: InterCountryTable, final: Array, counterfactual: str) -> Array:
    baseline = as_baseline(table, final)
    return solve(baseline, shock_of(counterfactual, baseline), tolerance=1e-9).real_income_pct


def as_baseline(table: InterCountryTable, final: Array) -> Baseline:
    flows = table.intermediate + final
    use = table.uses.sum(axis=1)
    pack = WorldPack(
        name="wiod2011",
        year=2011,
        currency="USD",
        scale=1e6,
        source="WIOD 2013 release",
        licence="CC BY 4.0",
        economies=table.economies,
        sectors=table.industries,
        flows=flows,
        use_value=use,
        final_value=final.sum(axis=1),
        output=flows.sum(axis=0),
        assumed_balanced=(),
        notes=(),
    )
    theta = elasticities("uniform-4", sectors=table.industries)
    return calibrate(pack, np.zeros_like(flows), theta=theta)


def shock_of(counterfactual: str, baseline: Baseline) -> Shock:
    if counterfactual.startswith("trade"):
        factor = np.full_like(baseline.flows, 0.9)
        home = np.arange(len(baseline.economies))
        factor[home, home] = 1.0
        return Shock(name=counterfactual, trade_costs=factor)
    rates = baseline.tariffs.copy()
    one, other = (baseline.economies.index(code) for code in ("CHN", "USA"))
    rates[one, other, :GOODS] = rates[other, one, :GOODS] = 0.25
    return Shock(name=counterfactual, tariffs=rates)


def replace_between(text: str, name: str, lines: Sequence[str]) -> str:
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    head, rest = text.split(begin)
    tail = rest.split(end)[1]
    return head + begin + "\n" + "\n".join(lines) + "\n" + end + tail


def customs_table(evidence: Evidence) -> Iterator[str]:
    """Goods trade of the pack beside customs data of another year and another source."""
    pack = load_world()
    goods = [at for at, code in enumerate(pack.sectors) if code[0] in "ABC"]
    ours = pack.flows[:, :, goods].sum(axis=2)
    frame = pl.read_parquet(evidence.data / "economy" / "trade_bilateral_baci_2023.parquet")
    place = {code: at for at, code in enumerate(pack.economies)}
    inside = frame.filter(pl.col("exporter").is_in(place), pl.col("importer").is_in(place))
    theirs = np.zeros_like(ours)
    for exporter, importer, value in inside.select("exporter", "importer", "value_kusd").iter_rows():
        theirs[place[importer], place[exporter]] = value / 1000
    abroad = ~np.eye(len(ours), dtype=bool)
    both = abroad & (ours > 0) & (theirs > 0)
    total, customs = ours[abroad].sum(), theirs[abroad].sum()
    overlap = 1 - 0.5 * np.abs(ours / total - theirs / customs)[abroad].sum()
    agreement = np.corrcoef(np.log(ours[both]), np.log(theirs[both]))[0, 1]
    yield from header("goods trade among the 80", "figure")
    yield f"| pack 2022, trillion USD | {total / 1e6:.2f} |"
    yield f"| BACI 2023, trillion USD | {customs / 1e6:.2f} |"
    yield f"| correlation of logarithms over {both.sum():,} pairs | {agreement:.3f} |"
    yield f"| share of trade that both place on the same pair, % | {100 * overlap:.1f} |"


def dataset_tables(_: Evidence) -> Iterator[str]:
    """The dictionary entries of the pack's files."""
    for name in ("world-flows", "world-use", "world-industries", "world-economies"):
        yield from ("", *markdown(dataset(name)).split("\n"))
    yield ""


BLOCKS = {
    "customs": customs_table,
    "errors": error_table,
    "welfare": welfare_table,
    "economies": economy_table,
    "datasets": dataset_tables,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--docs", type=Path, default=DOCS)
    options = parser.parse_args()
    evidence = gather(options.data)
    text = options.docs.read_text(encoding="utf-8")
    for name, build in BLOCKS.items():
        text = replace_between(text, name, list(build(evidence)))
    options.docs.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
