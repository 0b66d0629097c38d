"""Strategic dependency by product: concentration of suppliers, weight of foreign supply, substitutability."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from openward.indicators.catalogue import Frame, indicator
from openward.indicators.dependency.external import external, totals
from openward.indicators.frames import finish, ratio

KEYS = ("year", "importer", "product")
CDI1, CDI2, CDI3 = 0.4, 0.5, 1.0
"""Thresholds of the European Commission (2021): a product depends where all three are exceeded."""
COMMISSION = (
    "European Commission (2021), Strategic dependencies and capacities, SWD(2021) 352 final, section 2"
)
LEVEL = "thresholds were set for the European Union's six-digit products: on industries they mean little"
PARTY = (
    "for a single economy all imports are foreign and the second ratio is one; with `home`, a tuple of "
    "members, trade among them counts as their own and the importer is called `home_name`"
)


@indicator(
    "cdi1",
    title="Concentration of foreign supply (CDI1)",
    group="dependency",
    definition="Herfindahl-Hirschman index of an importer's foreign suppliers of a product.",
    formula=r"\mathrm{CDI1}_{nk} = \sum_i \left(\frac{m_{nik}}{\sum_i m_{nik}}\right)^2",
    inputs=("trade",),
    keys=KEYS,
    unit="0 to 1",
    reference=f"{COMMISSION} (threshold 0.4)",
    traps=(
        "suppliers are customs origins: goods through a hub, or of one firm in many places, look diversified",
        "small products with one seller score one: read it beside the value",
        PARTY,
    ),
)
def supplier_concentration(*, trade: Frame, home: Sequence[str] = (), home_name: str = "HOME") -> Frame:
    """Square and sum the shares of foreign suppliers."""
    bought = external(trade, home=home, home_name=home_name)
    total = bought.group_by(*KEYS).agg(nw.col("value").sum().alias("total"))
    shares = bought.join(total, on=list(KEYS), how="inner").filter(nw.col("total") > 0)
    squared = shares.with_columns(
        part=(nw.col("value") / nw.col("total")) * (nw.col("value") / nw.col("total"))
    )
    return finish(squared.group_by(*KEYS).agg(nw.col("part").sum()), KEYS, nw.col("part"))


@indicator(
    "cdi2",
    title="Weight of foreign supply (CDI2)",
    group="dependency",
    definition="Imports of a product from outside over all imports, those inside the home group included.",
    formula=r"\mathrm{CDI2}_{nk} = \frac{m^{ext}_{nk}}{m^{ext}_{nk} + m^{int}_{nk}}",
    inputs=("trade",),
    keys=KEYS,
    unit="share of imports",
    reference=f"{COMMISSION} (threshold 0.5)",
    traps=(PARTY, "sales inside one member's borders are not trade: home supply is larger than it looks"),
)
def foreign_weight(*, trade: Frame, home: Sequence[str] = (), home_name: str = "HOME") -> Frame:
    """Divide foreign by all imports."""
    own = totals(trade, home=home, home_name=home_name)
    return ratio(own, KEYS, nw.col("external"), nw.col("imports"))


@indicator(
    "cdi3",
    title="Substitutability by home production (CDI3)",
    group="dependency",
    definition="Imports of a product from outside over all exports of it, a sign of production at home.",
    formula=r"\mathrm{CDI3}_{nk} = \frac{m^{ext}_{nk}}{x_{nk}}",
    inputs=("trade",),
    keys=KEYS,
    unit="ratio",
    reference=f"{COMMISSION} (threshold 1; exports stand in for production)",
    traps=(
        "a product the importer does not export at all is left out: its ratio has no number "
        "(strategic-dependency counts it as above the threshold)",
        "re-exports pass for production; production for the home market alone is not seen",
        PARTY,
    ),
)
def home_substitutability(*, trade: Frame, home: Sequence[str] = (), home_name: str = "HOME") -> Frame:
    """Divide foreign imports by exports."""
    own = totals(trade, home=home, home_name=home_name)
    return ratio(own, KEYS, nw.col("external"), nw.col("exports"))


@indicator(
    "strategic-dependency",
    title="Strategic dependency (all three criteria)",
    group="dependency",
    definition="One where CDI1, CDI2 and CDI3 all exceed their thresholds, else zero.",
    formula=(r"D_{nk} = 1[\mathrm{CDI1} > 0.4]\cdot 1[\mathrm{CDI2} > 0.5]\cdot 1[m^{ext}_{nk} > x_{nk}]"),
    inputs=("trade",),
    keys=KEYS,
    unit="0 or 1",
    reference=COMMISSION,
    traps=(
        "three cut-offs: a product a hair below one of them is as free as any; one in five dependent "
        "products changes within a year (Vicard and Wibaux 2023)",
        "value does not enter: weigh it, or read dependent-imports",
        LEVEL,
        PARTY,
    ),
)
def strategic_dependency(
    *,
    trade: Frame,
    home: Sequence[str] = (),
    home_name: str = "HOME",
    concentration: float = CDI1,
    weight: float = CDI2,
    substitution: float = CDI3,
) -> Frame:
    """Flag the products of every importer that imports them from outside."""
    flagged = dependent(
        trade,
        home=home,
        home_name=home_name,
        concentration=concentration,
        weight=weight,
        substitution=substitution,
    )
    return finish(flagged, KEYS, nw.col("flag"))


@indicator(
    "dependent-imports",
    title="Share of imports in dependent products",
    group="dependency",
    definition="Value of imports from outside in products that meet all three criteria, over all of them.",
    formula=r"\frac{\sum_k D_{nk}\, m^{ext}_{nk}}{\sum_k m^{ext}_{nk}}",
    inputs=("trade",),
    keys=("year", "importer"),
    unit="share of imports",
    reference=f"{COMMISSION} (6 percent of the Union's imports in 137 products of sensitive ecosystems)",
    traps=("over all products; the Commission's figure is over sensitive ecosystems", LEVEL, PARTY),
)
def dependent_imports(
    *,
    trade: Frame,
    home: Sequence[str] = (),
    home_name: str = "HOME",
    concentration: float = CDI1,
    weight: float = CDI2,
    substitution: float = CDI3,
) -> Frame:
    """Weigh the flags by imports from outside."""
    flagged = dependent(
        trade,
        home=home,
        home_name=home_name,
        concentration=concentration,
        weight=weight,
        substitution=substitution,
    )
    summed = flagged.with_columns(held=nw.col("external") * nw.col("flag")).group_by("year", "importer")
    sums = summed.agg(nw.col("held").sum(), nw.col("external").sum())
    return ratio(sums, ("year", "importer"), nw.col("held"), nw.col("external"))


def dependent(
    trade: Frame,
    *,
    home: Sequence[str],
    home_name: str,
    concentration: float,
    weight: float,
    substitution: float,
) -> Frame:
    """Give ``year, importer, product, external, exports, hhi, flag`` for products imported from outside."""
    hhi = supplier_concentration(trade=trade, home=home, home_name=home_name)
    own = totals(trade, home=home, home_name=home_name).filter(nw.col("external") > 0)
    joined = own.join(hhi.rename({"value": "hhi"}), on=list(KEYS), how="inner")
    met = (
        (nw.col("hhi") > concentration)
        & (nw.col("external") > weight * nw.col("imports"))
        & (nw.col("external") > substitution * nw.col("exports"))
    )
    return joined.with_columns(flag=nw.when(met).then(nw.lit(1.0)).otherwise(nw.lit(0.0)))
