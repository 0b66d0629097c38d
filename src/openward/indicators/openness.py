"""How large trade is beside the economy: ratios to output."""

from __future__ import annotations

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import finish, ratio

KEYS = ("year", "economy")
BASIS = (
    "each economy has one basis for all its years: the ratio as published where there is one, else "
    "exports and "
    "imports of the national accounts over GDP, else goods plus services over GDP"
)
GROSS = "exports are gross while GDP is net of inputs: re-exports lift the ratio above 1 (HKG, SGP)"
SIZE = "large economies trade less for their size: compare with economies of like size"
ACCOUNTS = "United Nations et al. (2009), System of National Accounts 2008, ch. 26"


def on_one_basis(first: nw.Expr, *others: nw.Expr) -> nw.Expr:
    """Take the first expression that an economy has in any year, for all its years.

    Ratios of two bases in one series would read as a jump that never happened.
    """
    if not others:
        return first
    has = first.count().over("economy") > 0
    return nw.when(has).then(first).otherwise(on_one_basis(*others))


def trade_over_gdp() -> list[tuple[nw.Expr, nw.Expr]]:
    """Give exports and imports over GDP on each basis, where both are known."""
    return [
        (nw.when(~m.is_null()).then(x), nw.when(~x.is_null()).then(m))
        for x, m in zip(over_gdp("exports"), over_gdp("imports"), strict=True)
    ]


def gdp() -> nw.Expr:
    """Give GDP where it is positive."""
    return nw.when(nw.col("gdp") > 0).then(nw.col("gdp"))


def over_gdp(flow: str) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    """Give a flow over GDP: as published, of the national accounts, goods plus services."""
    sums = nw.col(f"goods_{flow}") + nw.col(f"services_{flow}")
    return nw.col(f"{flow}_ratio"), nw.col(flow) / gdp(), sums / gdp()


@indicator(
    "export-ratio",
    title="Exports over GDP",
    group="openness",
    definition="Exports of goods and services as a fraction of gross domestic product.",
    formula=r"\frac{X_{it}}{Y_{it}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of GDP",
    reference=ACCOUNTS,
    traps=(BASIS, GROSS, SIZE),
)
def export_ratio(*, macro: Frame) -> Frame:
    """Give exports over GDP by year and economy."""
    return finish(macro, KEYS, on_one_basis(*over_gdp("exports")))


@indicator(
    "import-ratio",
    title="Imports over GDP",
    group="openness",
    definition="Imports of goods and services as a fraction of gross domestic product.",
    formula=r"\frac{M_{it}}{Y_{it}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of GDP",
    reference=ACCOUNTS,
    traps=(BASIS, "imports are no part of GDP: the ratio has no upper bound", SIZE),
)
def import_ratio(*, macro: Frame) -> Frame:
    """Give imports over GDP by year and economy."""
    return finish(macro, KEYS, on_one_basis(*over_gdp("imports")))


@indicator(
    "trade-ratio",
    title="Trade over GDP",
    group="openness",
    definition="Exports plus imports of goods and services as a fraction of gross domestic product.",
    formula=r"\frac{X_{it} + M_{it}}{Y_{it}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of GDP",
    reference="Frankel and Romer (1999), Does trade cause growth?, American Economic Review 89(3)",
    traps=(BASIS, GROSS, SIZE),
)
def trade_ratio(*, macro: Frame) -> Frame:
    """Give trade over GDP by year and economy."""
    return finish(macro, KEYS, on_one_basis(*(x + m for x, m in trade_over_gdp())))


@indicator(
    "trade-balance-ratio",
    title="Trade balance over GDP",
    group="openness",
    definition="Exports less imports of goods and services as a fraction of gross domestic product.",
    formula=r"\frac{X_{it} - M_{it}}{Y_{it}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of GDP",
    reference=ACCOUNTS,
    traps=(BASIS, "a bilateral or goods balance can have the other sign"),
)
def trade_balance_ratio(*, macro: Frame) -> Frame:
    """Give the balance of goods and services over GDP by year and economy."""
    return finish(macro, KEYS, on_one_basis(*(x - m for x, m in trade_over_gdp())))


@indicator(
    "import-penetration",
    title="Import penetration",
    group="openness",
    definition=(
        "Imports of goods and services as a fraction of domestic demand, GDP less exports plus imports."
    ),
    formula=r"\frac{M_{it}}{Y_{it} - X_{it} + M_{it}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of domestic demand",
    reference="OECD (2010), Measuring Globalisation: OECD Economic Globalisation Indicators",
    traps=(
        BASIS,
        "GDP is net of inputs and imports are gross: above 1 where imports are worked up and re-exported",
        "rows where domestic demand is not positive are left out",
    ),
)
def import_penetration(*, macro: Frame) -> Frame:
    """Give imports over domestic demand by year and economy."""
    pairs = trade_over_gdp()
    parts = macro.with_columns(
        export_=on_one_basis(*(x for x, _ in pairs)), import_=on_one_basis(*(m for _, m in pairs))
    )
    demand = 1 - nw.col("export_") + nw.col("import_")
    return ratio(parts, KEYS, nw.col("import_"), nw.when(demand > 0).then(demand))


@indicator(
    "goods-trade-ratio",
    title="Goods trade over GDP",
    group="openness",
    definition="Exports plus imports of goods as a fraction of gross domestic product.",
    formula=r"\frac{X^{g}_{it} + M^{g}_{it}}{Y_{it}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of GDP",
    reference="World Bank, World Development Indicators, TG.VAL.TOTL.GD.ZS",
    traps=(
        "each economy has one basis for all its years: the ratio as published, else goods trade over GDP",
        "customs value, imports with freight: not the goods of the balance of payments",
        GROSS,
    ),
)
def goods_trade_ratio(*, macro: Frame) -> Frame:
    """Give goods trade over GDP by year and economy."""
    goods = nw.col("goods_exports") + nw.col("goods_imports")
    return finish(macro, KEYS, on_one_basis(nw.col("goods_trade_ratio"), goods / gdp()))


@indicator(
    "services-trade-ratio",
    title="Services trade over GDP",
    group="openness",
    definition="Exports plus imports of services as a fraction of gross domestic product.",
    formula=r"\frac{X^{s}_{it} + M^{s}_{it}}{Y_{it}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of GDP",
    reference="World Bank, World Development Indicators, BG.GSR.NFSV.GD.ZS",
    traps=(
        "balance of payments basis: sales of foreign affiliates (mode 3) are not in it",
        "ministries publish services trade on other bases, a few percent apart",
    ),
)
def services_trade_ratio(*, macro: Frame) -> Frame:
    """Give services trade over GDP by year and economy."""
    return ratio(macro, KEYS, nw.col("services_exports") + nw.col("services_imports"), gdp())


@indicator(
    "fdi-inflow-ratio",
    title="Inward direct investment over GDP",
    group="openness",
    definition="Net inflow of foreign direct investment as a fraction of gross domestic product.",
    formula=r"\frac{F^{in}_{it}}{Y_{it}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of GDP",
    reference="International Monetary Fund (2009), Balance of Payments Manual, 6th edition, ch. 6",
    traps=(
        "each economy has one basis for all its years: the ratio as published, else the flow over GDP",
        "net of disinvestment, so it may be negative",
        "investment that only passes through inflates it (LUX, NLD, HKG)",
        "not the utilized foreign investment that China's ministry publishes",
    ),
)
def fdi_inflow_ratio(*, macro: Frame) -> Frame:
    """Give direct investment from abroad over GDP by year and economy."""
    return finish(macro, KEYS, on_one_basis(nw.col("fdi_inflow_ratio"), nw.col("fdi_inflow") / gdp()))


@indicator(
    "fdi-outflow-ratio",
    title="Outward direct investment over GDP",
    group="openness",
    definition="Net outflow of foreign direct investment as a fraction of gross domestic product.",
    formula=r"\frac{F^{out}_{it}}{Y_{it}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of GDP",
    reference="International Monetary Fund (2009), Balance of Payments Manual, 6th edition, ch. 6",
    traps=(
        "each economy has one basis for all its years: the ratio as published, else the flow over GDP",
        "net of disinvestment, so it may be negative",
        "the first destination is often not the last (holding companies)",
    ),
)
def fdi_outflow_ratio(*, macro: Frame) -> Frame:
    """Give direct investment abroad over GDP by year and economy."""
    return finish(macro, KEYS, on_one_basis(nw.col("fdi_outflow_ratio"), nw.col("fdi_outflow") / gdp()))
