"""How much a group of economies trades within itself, and with whom its products go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import reduce
from operator import or_

import narwhals as nw

from openward.codes.groups import known_group, memberships
from openward.errors import InputError
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.frames import ratio

YEAR = ("year",)
IAPADRE = "Iapadre (2006), in De Lombaerde (ed.), Assessment and Measurement of Regional Integration"
WHOSE = (
    "members are those of the group at the end of each year, so that an accession moves it; "
    "fix them with members"
)
MIRROR = "a flow counts once for the seller and once for the buyer"


def inside(column: str, *, group: str, members: Sequence[str]) -> nw.Expr:
    """Tell whether an economy of a column belongs to a group at the end of the row's year.

    Parameters
    ----------
    column : str
    group : str
        Code of a dated group.
    members : sequence of str
        Economies for all years instead, where there are any; a text may list them with commas.

    Raises
    ------
    UnknownCodeError
        Nobody defined the group.
    """
    if members:
        return nw.col(column).is_in(members.split(",") if isinstance(members, str) else list(members))
    known_group(group)
    spans: dict[tuple[int, int | None], list[str]] = defaultdict(list)
    for one in memberships():
        if one.group == group:
            spans[one.valid.start.year, None if one.valid.end is None else one.valid.end.year].append(
                one.economy
            )
    if not spans:
        raise InputError(f"group {group} has no members", where="group", hint="name the economies: members")
    found = []
    for (first, end), economies in sorted(spans.items(), key=str):
        belongs = nw.col(column).is_in(sorted(set(economies))) & (nw.col("year") >= first)
        found.append(belongs if end is None else belongs & (nw.col("year") < end))
    return reduce(or_, found)


def three_parts(trade_total: Frame, *, group: str, members: Sequence[str]) -> Frame:
    """Sum trade by year: ``within`` the group, ``across`` its border in both directions, ``without`` it."""
    rows = trade_total.with_columns(
        one=inside("exporter", group=group, members=members),
        other=inside("importer", group=group, members=members),
        v=nw.col("value").cast(nw.Float64()),
    )
    one, other, v = nw.col("one"), nw.col("other"), nw.col("v")
    split = rows.select(
        "year",
        within=nw.when(one & other).then(v).otherwise(0.0),
        across=nw.when((one & ~other) | (~one & other)).then(v).otherwise(0.0),
        without=nw.when(~one & ~other).then(v).otherwise(0.0),
    )
    return split.group_by("year").agg(nw.col("within", "across", "without").sum())


def homogeneous() -> tuple[nw.Expr, nw.Expr]:
    """Give the intensities within and across of Iapadre as parts over one denominator.

    ``HI = S / V`` and ``HE = (1 - S) / (1 - V)``; multiplied by ``V (1 - V)`` both stay defined at its ends.
    """
    group_trade = 2.0 * nw.col("within") + nw.col("across")
    others_trade = 2.0 * nw.col("without") + nw.col("across")
    own, taken = 2.0 * nw.col("within") / group_trade, nw.col("across") / others_trade
    return own * (1.0 - taken), (1.0 - own) * taken


@indicator(
    "intra-group-share",
    title="Trade within a group",
    group="integration",
    definition="Trade of a group's members with each other as a fraction of all their trade.",
    formula=r"S_g=\frac{T_{gg}}{T_g}",
    inputs=("trade-total",),
    keys=YEAR,
    unit="fraction",
    reference="Frankel (1997), Regional Trading Blocs; " + IAPADRE,
    traps=(WHOSE, MIRROR, "larger groups have larger shares by size alone: see the intensities"),
)
def intra_group_share(*, trade_total: Frame, group: str = "RCEP", members: tuple[str, ...] = ()) -> Frame:
    """Give the share of trade within a group by year."""
    parts = three_parts(trade_total, group=group, members=members)
    return ratio(parts, YEAR, 2.0 * nw.col("within"), 2.0 * nw.col("within") + nw.col("across"))


@indicator(
    "intra-group-intensity",
    title="Trade intensity within a group",
    group="integration",
    definition="The share of trade within a group over the group's share in world trade.",
    formula=r"I_g=\frac{T_{gg}/T_g}{T_g/T_w}",
    inputs=("trade-total",),
    keys=YEAR,
    unit="ratio",
    reference="Balassa-type index; Anderson and Norheim (1993), Review of International Economics 1",
    traps=(WHOSE, MIRROR, "its greatest value is one over the group's world share: small groups reach more"),
)
def intra_group_intensity(*, trade_total: Frame, group: str = "RCEP", members: tuple[str, ...] = ()) -> Frame:
    """Give the intensity within a group by year."""
    parts = three_parts(trade_total, group=group, members=members)
    own = 2.0 * nw.col("within") + nw.col("across")
    world = 2.0 * (nw.col("within") + nw.col("across") + nw.col("without"))
    return ratio(parts, YEAR, 2.0 * nw.col("within") * world, own * own)


@indicator(
    "intra-group-intensity-homogeneous",
    title="Homogeneous trade intensity within a group",
    group="integration",
    definition="The share of trade within a group over the group's share in the trade of outsiders.",
    formula=r"HI_g=\frac{T_{gg}/T_g}{T_{og}/T_o}",
    inputs=("trade-total",),
    keys=YEAR,
    unit="ratio",
    reference=IAPADRE,
    traps=(WHOSE, MIRROR, "no upper bound: the introversion index has one"),
)
def intra_group_intensity_homogeneous(
    *, trade_total: Frame, group: str = "RCEP", members: tuple[str, ...] = ()
) -> Frame:
    """Give Iapadre's homogeneous intensity by year."""
    parts = three_parts(trade_total, group=group, members=members)
    own = 2.0 * nw.col("within") + nw.col("across")
    others = 2.0 * nw.col("without") + nw.col("across")
    return ratio(parts, YEAR, 2.0 * nw.col("within") * others, own * nw.col("across"))


@indicator(
    "introversion",
    title="Symmetric trade introversion",
    group="integration",
    definition="Intensity within a group less intensity with outsiders over their sum: 0 where members "
    "choose partners as outsiders do, 1 where they trade only with each other.",
    formula=r"\frac{HI_g-HE_g}{HI_g+HE_g},\quad HE_g=\frac{1-T_{gg}/T_g}{1-T_{og}/T_o}",
    inputs=("trade-total",),
    keys=YEAR,
    unit="index, -1 to 1",
    reference=IAPADRE,
    traps=(WHOSE, MIRROR, "neighbours trade more in any case: distance is not taken out"),
)
def introversion(*, trade_total: Frame, group: str = "RCEP", members: tuple[str, ...] = ()) -> Frame:
    """Give the introversion of a group by year."""
    parts = three_parts(trade_total, group=group, members=members)
    both = parts.filter(nw.col("within") + nw.col("across") > 0, nw.col("without") + nw.col("across") > 0)
    inner, outer = homogeneous()
    return ratio(both, YEAR, inner - outer, inner + outer)


@indicator(
    "regional-orientation",
    title="Regional orientation of products",
    group="integration",
    definition="A product's share in exports to the group's members over its share in exports to outsiders.",
    formula=r"\frac{x^{gg}_p/x^{gg}}{x^{go}_p/x^{go}}",
    inputs=("trade",),
    keys=("year", "product"),
    unit="ratio",
    reference="Yeats (1998), World Bank Economic Review 12, 1-28",
    traps=(
        WHOSE,
        "a rise may be diversion or mere closeness: read it beside revealed advantage, as the paper does",
        "products sold to outsiders alone give 0; sold to members alone, no row",
    ),
)
def regional_orientation(*, trade: Frame, group: str = "RCEP", members: tuple[str, ...] = ()) -> Frame:
    """Give the orientation of the group's exports by year and product."""
    rows = trade.with_columns(
        one=inside("exporter", group=group, members=members),
        other=inside("importer", group=group, members=members),
        v=nw.col("value").cast(nw.Float64()),
    ).filter(nw.col("one"))
    split = rows.select(
        "year",
        "product",
        within=nw.when(nw.col("other")).then(nw.col("v")).otherwise(0.0),
        outside=nw.when(~nw.col("other")).then(nw.col("v")).otherwise(0.0),
    )
    sums = (nw.col("within").sum(), nw.col("outside").sum())
    whole = split.group_by("year").agg(all_within=nw.col("within").sum(), all_outside=nw.col("outside").sum())
    joined = split.group_by("year", "product").agg(*sums).join(whole, on="year", how="inner")
    return ratio(
        joined,
        ("year", "product"),
        nw.col("within") * nw.col("all_outside"),
        nw.col("outside") * nw.col("all_within"),
    )
