"""What the world market offers: few or many exporters, others at scale, single points of failure."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.dependency.external import KEYS, external
from openward.indicators.dependency.products import CDI1, CDI2, CDI3, PARTY, dependent
from openward.indicators.frames import finish, ratio

PRODUCT = ("year", "product")
MEJEAN = (
    "Mejean and Rousseaux (2024), Identifying European trade dependencies, Paris Report 2; Vicard and Wibaux "
    "(2023), EU Strategic Dependencies: A Long View, CEPII Policy Brief 2023-41 (persistence)"
)
ARJONA = (
    "Arjona, Connell and Herghelegiu (2023), An enhanced methodology to monitor the EU's strategic "
    "dependencies and vulnerabilities, Single Market Economics Paper 14 (single points of failure)"
)
NAME_ONLY = "exports are what was sold, not what could be made: capacity that stands idle is not seen"


@indicator(
    "world-export-concentration",
    title="Concentration of world exports",
    group="dependency",
    definition="Herfindahl-Hirschman index of the world's exporters of a product.",
    formula=r"H_k = \sum_i \left(\frac{x_{ik}}{\sum_i x_{ik}}\right)^2",
    inputs=("trade",),
    keys=PRODUCT,
    unit="0 to 1",
    reference=MEJEAN,
    traps=("exporters that sell to each other count as if they were sources", NAME_ONLY),
)
def world_export_concentration(*, trade: Frame, home: Sequence[str] = (), home_name: str = "HOME") -> Frame:
    """Square and sum the exporters' shares of the world market."""
    sold = (
        external(trade, home=home, home_name=home_name)
        .group_by("year", "product", "exporter")
        .agg(nw.col("value").sum())
    )
    world = sold.group_by(*PRODUCT).agg(nw.col("value").sum().alias("world"))
    part = nw.col("value") / nw.col("world")
    squared = sold.join(world, on=list(PRODUCT), how="inner").with_columns(part=part * part)
    return finish(squared.group_by(*PRODUCT).agg(nw.col("part").sum()), PRODUCT, nw.col("part"))


@indicator(
    "top-supplier-share",
    title="Share of the largest supplier",
    group="dependency",
    definition="Part of an importer's purchases of a product from abroad that its largest supplier sells.",
    formula=r"\max_i \frac{m_{nik}}{\sum_i m_{nik}}",
    inputs=("trade",),
    keys=KEYS,
    unit="share of imports",
    reference=ARJONA,
    traps=("who it is stands in the trade table, not here", PARTY),
)
def top_supplier_share(*, trade: Frame, home: Sequence[str] = (), home_name: str = "HOME") -> Frame:
    """Divide the largest purchase by all."""
    bought = external(trade, home=home, home_name=home_name)
    sums = bought.group_by(*KEYS).agg(nw.col("value").max().alias("top"), nw.col("value").sum().alias("all"))
    return ratio(sums, KEYS, nw.col("top"), nw.col("all"))


@indicator(
    "alternative-suppliers",
    title="Other suppliers at scale",
    group="dependency",
    definition=(
        "Number of exporters, beside the largest supplier, whose sales to third markets reach a given part "
        "of what the importer buys from that supplier."
    ),
    formula=r"\#\{i \ne i^* : \textstyle\sum_{n' \ne n} x_{n'ik} \ge \sigma\, m_{n i^* k}\}",
    inputs=("trade",),
    keys=KEYS,
    unit="exporters",
    reference=ARJONA,
    traps=(
        "`scale` (half by default) is our own choice",
        "where several suppliers tie for the largest, each counts as one of the others",
        NAME_ONLY,
        "sales to third markets are under contract: they can be drawn off only at a price",
    ),
)
def alternative_suppliers(
    *, trade: Frame, home: Sequence[str] = (), home_name: str = "HOME", scale: float = 0.5
) -> Frame:
    """Count exporters that could stand in."""
    return finish(
        _alternatives(external(trade, home=home, home_name=home_name), scale), KEYS, nw.col("others")
    )


@indicator(
    "single-point-of-failure",
    title="Single point of failure",
    group="dependency",
    definition=(
        "One where the largest supplier sells more than half of an importer's purchases of a product and "
        "fewer than a given number of others could stand in; else zero."
    ),
    formula=r"1\Big[\max_i \tfrac{m_{nik}}{m_{nk}} > \tfrac12\Big]\cdot 1[A_{nk} < A_{\min}]",
    inputs=("trade",),
    keys=KEYS,
    unit="0 or 1",
    reference=ARJONA,
    traps=(
        "`share` (0.5), `scale` (0.5) and `fewest` (2) are our own choices; the paper reads the network "
        "of world trade (centrality, clustering)",
        NAME_ONLY,
        PARTY,
    ),
)
def single_point_of_failure(
    *,
    trade: Frame,
    home: Sequence[str] = (),
    home_name: str = "HOME",
    share: float = 0.5,
    scale: float = 0.5,
    fewest: int = 2,
) -> Frame:
    """Flag products whose one large supplier few could replace."""
    found = _alternatives(external(trade, home=home, home_name=home_name), scale)
    met = (nw.col("top") > share * nw.col("all")) & (nw.col("others") < fewest)
    return finish(found, KEYS, nw.when(met).then(nw.lit(1.0)).otherwise(nw.lit(0.0)))


@indicator(
    "dependency-criteria",
    title="Criteria of dependency met (of four)",
    group="dependency",
    definition=(
        "How many of four hold for an imported product: concentrated suppliers, concentrated world exports, "
        "imports above exports, and all of that lasting over the years of the table."
    ),
    formula=(
        r"1[\mathrm{CDI1} > 0.4] + 1[H_k > 0.4] + 1[m_{nk} > x_{nk}] + "
        r"1[\mathrm{dependent\ in\ each\ of\ } T \mathrm{\ years}]"
    ),
    inputs=("trade",),
    keys=KEYS,
    unit="0 to 4",
    reference=MEJEAN,
    traps=(
        "persistence: the three criteria of the Commission met in the year and in every year of the `years` "
        "before it (3 in all); a table of fewer years meets it nowhere, so that three is its highest score",
        "persistence by years in a row is our reading: the brief reports churning, not a cut-off",
        PARTY,
    ),
)
def dependency_criteria(
    *,
    trade: Frame,
    home: Sequence[str] = (),
    home_name: str = "HOME",
    concentration: float = CDI1,
    world: float = CDI1,
    weight: float = CDI2,
    substitution: float = CDI3,
    years: int = 3,
) -> Frame:
    """Count the criteria met."""
    own = dependent(
        trade,
        home=home,
        home_name=home_name,
        concentration=concentration,
        weight=weight,
        substitution=substitution,
    )
    market = world_export_concentration(trade=trade, home=home, home_name=home_name)
    joined = own.join(market.rename({"value": "world"}), on=list(PRODUCT), how="inner")
    lasting = _lasting(own, years)
    joined = joined.join(lasting, on=list(KEYS), how="left")
    met = (
        _one(nw.col("hhi") > concentration)
        + _one(nw.col("world") > world)
        + _one(nw.col("external") > substitution * nw.col("exports"))
        + nw.col("lasts").fill_null(0.0)
    )
    return finish(joined, KEYS, met)


def _one(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1.0)).otherwise(nw.lit(0.0))


def _lasting(own: Frame, years: int) -> Frame:
    """Give ``year, importer, product, lasts``: 1 where the flag holds in this and the years - 1 before it."""
    held = own.filter(nw.col("flag") > 0).select(*KEYS)
    past = held.select("importer", "product", then=nw.col("year"))
    pairs = held.join(past, on=["importer", "product"], how="inner").filter(
        nw.col("then") <= nw.col("year"), nw.col("then") > nw.col("year") - years
    )
    counted = pairs.group_by(*KEYS).agg(nw.len().alias("held"))
    return counted.select(*KEYS, lasts=_one(nw.col("held") >= years))


def _alternatives(bought: Frame, scale: float) -> Frame:
    """Give ``year, importer, product, top, all, others``."""
    sums = bought.group_by(*KEYS).agg(nw.col("value").max().alias("top"), nw.col("value").sum().alias("all"))
    sold = bought.group_by("year", "exporter", "product").agg(nw.col("value").sum().alias("sold"))
    ours = bought.select(*KEYS, "exporter", bought=nw.col("value"))
    offers = sums.join(sold, on=list(PRODUCT), how="inner").filter(nw.col("exporter") != nw.col("importer"))
    offers = offers.join(ours, on=[*KEYS, "exporter"], how="left").with_columns(
        bought=nw.col("bought").fill_null(0.0)
    )
    able = offers.with_columns(
        could=_one(
            (nw.col("bought") < nw.col("top")) & (nw.col("sold") - nw.col("bought") >= scale * nw.col("top"))
        ),
        ties=_one(nw.col("bought") == nw.col("top")),
    )
    counted = able.group_by(*KEYS).agg(nw.col("could").sum(), nw.col("ties").sum())
    return sums.join(counted, on=list(KEYS), how="inner").with_columns(
        others=nw.col("could") + nw.col("ties") - 1.0
    )
