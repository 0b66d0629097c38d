"""Compute the tables of the background book of the other economies.

    python scripts/build_book_world.py --shared DIR [--out DIR]

writes `tables/stage_rates.csv` (cited averages by stage of processing) and the computed files in `measures/`:
`mfn.csv`, `agreements.csv`, `rcep.csv`, `usa-china-2018-2020.csv`, `usa-2025.csv`. Method: `docs/book.md`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from book_tables import convert, mean, nomenclature, percent, reference_imports, write_measures, write_table
from china_lines import RCEP_YEARS, staging
from openward.codes.correlation import correlation, stage_mix
from openward.codes.groups import memberships

STAGES = {
    "Raw materials": "raw",
    "Intermediate goods": "intermediate",
    "Consumer goods": "consumer",
    "Capital goods": "capital",
}
# In the order of the world pack; the members of the European Union share one tariff.
ECONOMIES = """
AGO ARE ARG AUS BGD BLR BRA BRN CAN CHE CHL CIV CMR COL CRI EGY EU27 GBR HKG IDN IND ISL ISR JOR JPN KAZ KHM
KOR MAR MEX MMR MYS NGA NOR NZL PAK PER PHL RUS SAU SEN SGP STP THA TUN TUR UKR USA VNM ZAF
"""
WITS_CODES = {"EU27": "EUN"}
YEARS = {"BGD": 2015, "CMR": 2014, "TUN": 2016, "EGY": 2018, "HRV": 2012}
WHY = {
    "BGD": "last year in the source",
    "CMR": "last year in the source",
    "TUN": "last year in the source",
    "EGY": "2019, the last year, is out of line in consumer and intermediate goods",
    "HRV": "before accession",
}
FARM_AND_FOOD = ("A01", "A03", "C10T12")
FROM_TO = {"GBR": ("2021-01-01", ""), "HRV": ("2012-01-01", "2013-07-01")}
US_NAMES = """
ANGOLA=AGO; ARGENTINA=ARG; AUSTRALIA=AUS; BANGLADESH=BGD; BRAZIL=BRA; CAMBODIA=KHM; CANADA=CAN; CHILE=CHL;
CHINA=CHN; COLOMBIA=COL; COSTA RICA=CRI; EGYPT=EGY; EUROPEAN UNION=EU27; HONG KONG=HKG; INDIA=IND;
INDONESIA=IDN; ISRAEL=ISR; JAPAN=JPN; KOREA, SOUTH=KOR; MALAYSIA=MYS; MEXICO=MEX; NEW ZEALAND=NZL;
NIGERIA=NGA; NORWAY=NOR; PAKISTAN=PAK; PERU=PER; PHILIPPINES=PHL; RUSSIA=RUS; SAUDI ARABIA=SAU;
SINGAPORE=SGP; SOUTH AFRICA=ZAF; SWITZERLAND=CHE; TAIWAN=TWN; THAILAND=THA; TURKEY=TUR;
UNITED ARAB EMIRATES=ARE; UNITED KINGDOM=GBR; VIETNAM=VNM
"""
ALL_GOODS = {"products": "*", "edition": "HS2022"}
ZERO = ("2012-01-01", "", "0 %")
RCEP_ZERO = ("BRN", "KHM", "IDN", "MMR", "MYS", "NZL", "PHL", "SGP", "THA", "VNM")


def stage_rates(shared: Path) -> list[tuple[str, int, float, float, float, float, str]]:
    """Give the average tariff by stage, percent, of the latest year of 2018-2021 (or the year of YEARS)."""
    table = (
        pl.read_parquet(shared / "data/economy/wits_trade_summary.parquet")
        .with_columns(pl.col("economy", "product_group", "indicator").cast(pl.String))
        .filter(pl.col("indicator") == "Weighted Average (%)", pl.col("product_group").is_in(list(STAGES)))
    )
    out = []
    for economy in [*ECONOMIES.split(), "HRV"]:
        rows = table.filter(pl.col("economy") == WITS_CODES.get(economy, economy))
        fixed = YEARS.get(economy)
        rows = rows.filter(pl.col("year") == fixed if fixed else pl.col("year").is_between(2018, 2021))
        year = max(rows["year"].to_list())
        rows = rows.filter(pl.col("year") == year)
        found = {STAGES[g]: v for g, v in rows.select("product_group", "value").iter_rows()}
        if len(found) != len(STAGES):
            raise SystemExit(f"{economy}: stages {sorted(found)} in {year}")
        out.append((economy, year, *(found[s] for s in STAGES.values()), WHY.get(economy, "")))
    return sorted(out)


def mixes() -> dict[str, dict[str, float]]:
    """Give the mix of stages of every goods industry."""
    out: dict[str, dict[str, float]] = {}
    for part in stage_mix():
        out.setdefault(part.industry, {})[part.stage] = part.share
    return out


def base_rates(rates: list[tuple[str, int, float, float, float, float, str]]) -> dict[tuple[str, str], float]:
    """Spread the stages of an economy over industries; percent by (economy, industry).

    High averages on raw materials come from farm goods. Outside farming, fishing and food, raw materials
    (fuels, ores, wood) are taken to pay no more than intermediate goods.
    """
    out = {}
    for economy, _, *values, _ in rates:
        by_stage = dict(zip(STAGES.values(), values, strict=True))
        elsewhere = by_stage | {"raw": min(by_stage["raw"], by_stage["intermediate"])}
        for industry, mix in mixes().items():
            paid = by_stage if industry in FARM_AND_FOOD else elsewhere
            out[economy, industry] = sum(share * paid[stage] for stage, share in mix.items())
    return out


def row(kind: str, name: str, by: str, span: tuple[str, str, str], act: str, **more: str) -> dict[str, str]:
    """One unverified measure on imports; ``span`` is (from, to, duty)."""
    start, end, duty = span
    fixed = {
        "id": name,
        "instrument": f"{kind}-duty",
        "imposed_by": by,
        "flow": "import",
        "status": "unverified",
    }
    return fixed | {"duty": duty, "from": start, "to": end, "act": act} | more


def mfn_rows(rates: list[tuple[str, int, float, float, float, float, str]]) -> Iterator[dict[str, str]]:
    """One measure for each economy and industry; one for all goods where the average is zero throughout."""
    base = base_rates(rates)
    for economy, year, *values, why in rates:
        start, end = FROM_TO.get(economy, ("2012-01-01", ""))
        note = f"WITS {year}" + (f": {why}" if why else "")
        if not any(values):
            yield row("mfn", f"world-mfn-{economy}", economy, (start, end, "0 %"), "world-wits", note=note)
            continue
        for industry in mixes():
            span = (start, end, percent(base[economy, industry]))
            name = f"world-mfn-{economy}-{industry}"
            yield row("mfn", name, economy, span, "world-wits", sectors=industry, note=note)


def agreement_rows() -> Iterator[dict[str, str]]:
    """Zero among the parties of every agreement among others that the groups hold."""
    groups = {m.group for m in memberships() if m.group.startswith("DESTA-")}
    for group in sorted(groups, key=lambda g: int(g[6:])):
        more = {"partners": group, "conditions": f"origin={group};membership={group}", "note": "zero assumed"}
        yield row("preferential", f"world-{group.lower()}", group, ZERO, "world-desta", **ALL_GOODS, **more)


def steps(rates: Mapping[str, float], last: str = "") -> Iterator[tuple[str, str, str]]:
    """Turn rates by first day into (from, to, duty); equal neighbors become one."""
    out: list[tuple[str, str]] = []
    for day, rate in sorted(rates.items()):
        if not out or out[-1][1] != percent(rate):
            out.append((day, percent(rate)))
    ends = [day for day, _ in out[1:]] + [last]
    return ((day, end, duty) for (day, duty), end in zip(out, ends, strict=True))


def rcep_rows(shared: Path, base: Mapping[tuple[str, str], float]) -> Iterator[dict[str, str]]:
    """RCEP among the others: Australia by its schedule, Japan and Korea in China's steps, others at zero."""
    more = {"partners": "RCEP", "conditions": "origin=RCEP;membership=RCEP"}
    for economy in RCEP_ZERO:
        span = ("2022-01-01", "", "0 %")
        name = f"world-rcep-{economy}"
        yield row("preferential", name, economy, span, "rcep-2020", **ALL_GOODS, note="zero assumed", **more)
    days = [f"{2021 + year}-01-01" for year in RCEP_YEARS]
    schedules = {"AUS": (australia(shared), "schedule of Australia")}
    for economy in ("JPN", "KOR"):
        rates = {j: [base[economy, j] * part for part in parts] for j, parts in staging(shared).items()}
        schedules[economy] = (rates, "average in the steps of China's schedule for ASEAN")
    for economy, (rates, note) in schedules.items():
        for industry, values in rates.items():
            for span in steps(dict(zip(days, values, strict=False))):
                name = f"world-rcep-{economy}-{span[0][:4]}-{industry}"
                yield row(
                    "preferential", name, economy, span, "rcep-2020", sectors=industry, note=note, **more
                )


def australia(shared: Path) -> dict[str, list[float]]:
    """Give Australia's rates by industry and year, percent: mean over lines, reference weights by HS6.

    Lines without a number in some year (specific duties) are left out.
    """
    table = pl.read_parquet(shared / "data/economy/rcep_australia_schedule.parquet")
    years = [f"y{n}" for n in range(1, 21)]
    lines = table.drop_nulls(years).group_by(pl.col("hs8").str.slice(0, 6).alias("hs6"))
    by_hs6 = lines.agg(pl.col(years).mean()).sort("hs6")
    sector = correlation("HS2012")
    weights = convert(reference_imports(shared), nomenclature(shared, "hs6_hs4"))
    out = {}
    for industry in mixes():
        rows = [r for r in by_hs6.iter_rows() if sector.get(r[0]) == industry]
        if rows:
            part = [weights.get(r[0], 0.0) for r in rows]
            out[industry] = [100 * mean([r[k] for r in rows], part) for k in range(1, 1 + len(years))]
    return out


def usa_china_rows(shared: Path) -> Iterator[dict[str, str]]:
    """Additions of 2018-2020 on goods of China over the level of 2018-01-01 (where absent, of 2018-07-06)."""
    table = pl.read_parquet(shared / "data/economy/us_tariff_on_china_2018_2020.parquet").with_columns(
        pl.col("hs6", "date").cast(pl.String)
    )
    wide = table.pivot(on="date", index="hs6", values="tariff_pct").sort("hs6")
    first, *days = sorted(c for c in wide.columns if c != "hs6")
    wide = wide.with_columns(pl.col(first).fill_null(pl.col(days[0])))
    sector = correlation("HS2017")
    weights = convert(reference_imports(shared, origin="CHN"), nomenclature(shared, "hs6_hs5"))
    for industry in mixes():
        rows = [r for r in wide.iter_rows(named=True) if sector.get(r["hs6"]) == industry]
        if not rows:
            continue
        part = [weights.get(r["hs6"], 0.0) for r in rows]
        rates = {day: mean([max(0.0, r[day] - r[first]) for r in rows], part) for day in days}
        for span in steps(rates):
            if span[2] != "0 %":
                more = {"partners": "CHN", "sectors": industry, "note": "" if span[1] else "carried forward"}
                yield row("retaliatory", f"usa-chn-{span[0]}-{industry}", "USA", span, "usa-301-2018", **more)


def usa_2025_rows(shared: Path) -> Iterator[dict[str, str]]:
    """Additions of 2025-2026 by country, one rate for all goods."""
    table = pl.read_parquet(shared / "data/economy/us_effective_tariff_country_time.parquet").with_columns(
        pl.col("date", "country").cast(pl.String)
    )
    names = [pair.strip().split("=") for pair in US_NAMES.split(";")]
    for country, economy in sorted(names, key=lambda pair: pair[1]):
        rows = table.filter(pl.col("country") == country)
        rates = dict(zip(rows["date"].to_list(), rows["effective_tariff_pct"].to_list(), strict=True))
        for span in steps(rates):
            if span[2] != "0 %":
                name = f"usa-add-{economy}-{span[0]}"
                more = {"partners": economy} | ALL_GOODS
                yield row("retaliatory", name, "USA", span, "usa-additional-2025", **more)


def build(shared: Path, out: Path) -> None:
    """Write all computed tables."""
    rates = stage_rates(shared)
    header = ("economy", "year", *(f"{stage}_pct" for stage in STAGES.values()), "note")
    write_table(out / "tables/stage_rates.csv", header, rates)
    for name, rows in (
        ("mfn", mfn_rows(rates)),
        ("agreements", agreement_rows()),
        ("rcep", rcep_rows(shared, base_rates(rates))),
        ("usa-china-2018-2020", usa_china_rows(shared)),
        ("usa-2025", usa_2025_rows(shared)),
    ):
        number = write_measures(out / f"measures/{name}.csv", rows)
        print(f"{name}: {number} measures")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "src/openward/books/world")
    arguments = parser.parse_args()
    build(arguments.shared, arguments.out)
