"""How openness changes from year to year, and what trade adds to growth."""

from __future__ import annotations

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import ratio, with_last_year
from openward.indicators.openness import BASIS, KEYS, on_one_basis, trade_over_gdp, trade_ratio

_CURRENT = "at current USD: prices and exchange rates move it as volumes do"
_ARITHMETIC = "an accounting share of growth, not what trade caused"


def _levels(macro: Frame) -> Frame:
    """Give exports, imports and GDP in million USD where all are had, on one basis."""
    pairs = trade_over_gdp()
    return (
        macro.with_columns(
            export_=on_one_basis(*(x for x, _ in pairs)) * nw.col("gdp"),
            import_=on_one_basis(*(m for _, m in pairs)) * nw.col("gdp"),
        )
        .select(*KEYS, "gdp", "export_", "import_")
        .filter(~nw.col("gdp").is_null(), ~nw.col("export_").is_null(), ~nw.col("import_").is_null())
    )


@indicator(
    "openness-growth",
    title="Growth of the trade ratio",
    group="openness",
    definition="Change of exports plus imports over GDP, relative to the year before.",
    formula=r"\frac{(X_{it} + M_{it}) / Y_{it}}{(X_{i,t-1} + M_{i,t-1}) / Y_{i,t-1}} - 1",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of last year's trade ratio",
    reference="Frankel and Romer (1999), Does trade cause growth?, American Economic Review 89(3)",
    traps=(BASIS, "a fall in GDP or in the exchange rate raises it", "needs two calendar years in a row"),
)
def openness_growth(*, macro: Frame) -> Frame:
    """Give the relative change of the trade ratio by year and economy."""
    both = with_last_year(trade_ratio(macro=macro), ("economy",), ("value",))
    return ratio(both, KEYS, nw.col("value") - nw.col("value_before"), nw.col("value_before"))


@indicator(
    "export-growth-contribution",
    title="Contribution of exports to growth",
    group="openness",
    definition="Change of exports of goods and services over GDP of the year before.",
    formula=r"\frac{X_{it} - X_{i,t-1}}{Y_{i,t-1}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of last year's GDP",
    reference="United Nations et al. (2009), System of National Accounts 2008, ch. 15",
    traps=(_CURRENT, _ARITHMETIC, "imported inputs of exports are not taken off", BASIS),
)
def export_growth_contribution(*, macro: Frame) -> Frame:
    """Give the contribution of exports to the growth of GDP by year and economy."""
    both = with_last_year(_levels(macro), ("economy",), ("export_", "gdp"))
    return ratio(both, KEYS, nw.col("export_") - nw.col("export__before"), nw.col("gdp_before"))


@indicator(
    "net-export-growth-contribution",
    title="Contribution of net exports to growth",
    group="openness",
    definition="Change of exports less imports of goods and services over GDP of the year before.",
    formula=r"\frac{(X_{it} - M_{it}) - (X_{i,t-1} - M_{i,t-1})}{Y_{i,t-1}}",
    inputs=("macro",),
    keys=KEYS,
    unit="fraction of last year's GDP",
    reference="United Nations et al. (2009), System of National Accounts 2008, ch. 15",
    traps=(_CURRENT, _ARITHMETIC, "imports that replace nothing made at home count as a loss", BASIS),
)
def net_export_growth_contribution(*, macro: Frame) -> Frame:
    """Give the contribution of net exports to the growth of GDP by year and economy."""
    both = with_last_year(_levels(macro), ("economy",), ("export_", "import_", "gdp"))
    now, before = nw.col("export_") - nw.col("import_"), nw.col("export__before") - nw.col("import__before")
    return ratio(both, KEYS, now - before, nw.col("gdp_before"))
