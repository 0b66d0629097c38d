"""Which products measures other than tariffs touch: frequency, coverage of trade, prevalence in a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

import narwhals as nw
import numpy as np

from openward.book.model import Book
from openward.errors import InputError, MissingDataError
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.restrictiveness.rows import long_form
from openward.indicators.restrictiveness.schedule import economies_asked
from openward.indicators.restrictiveness.touched import Touched, touched_products
from openward.indicators.restrictiveness.weights import trade_year

Direction = Literal["import", "export"]
REFERENCE = (
    "UNCTAD and World Bank (2018), The Unseen Impact of Non-Tariff Measures: Insights from a New Database "
    "(frequency index, coverage ratio, prevalence score)"
)
POINTER = (
    "a measure on part of a six-digit subheading, or whose code is a pointer to its text, touches all of it: "
    "an upper bound"
)
NAMELESS = "measures that name no products (listed parties, catch-all clauses) touch none here"


@indicator(
    "ntm-frequency",
    title="Frequency index of measures other than tariffs",
    group="restrictiveness",
    kind="book",
    definition="Share of six-digit subheadings that some such measure in force touches, for any partner.",
    formula=r"F_n = \frac{\sum_k D_{nk}}{K},\quad D_{nk} = 1 \text{ if a measure touches product } k",
    inputs=("book",),
    keys=("economy",),
    unit="share of subheadings",
    reference=REFERENCE,
    traps=(POINTER, NAMELESS, "all subheadings count, traded or not; the source counts those imported"),
)
def ntm_frequency(
    *,
    book: Book,
    on: date,
    economies: Sequence[str] | None = None,
    flow: Direction = "import",
    edition: str = "HS2022",
) -> Frame:
    """Count subheadings touched."""
    rows = []
    for n in economies_asked(book, economies):
        found = touched_products(book, since=on, until=_next(on), economy=n, flow=flow, edition=edition)
        rows.append((n, float((found.number().max(axis=0) > 0).mean())))
    return long_form(("economy",), rows)


@indicator(
    "ntm-coverage",
    title="Coverage ratio of measures other than tariffs",
    group="restrictiveness",
    kind="book",
    definition="Share of trade, by value, in products and partners that at least one such measure touches.",
    formula=r"C_n = \frac{\sum_{ik} D_{nik}\, v_{nik}}{\sum_{ik} v_{nik}}",
    inputs=("book", "trade"),
    keys=("economy",),
    unit="share of trade",
    reference=REFERENCE,
    traps=(
        POINTER,
        NAMELESS,
        "trade a measure has stopped weighs nothing",
        "needs trade by six-digit subheading: industries are too wide to say what is touched",
    ),
)
def ntm_coverage(
    *,
    book: Book,
    on: date,
    trade: Frame,
    economies: Sequence[str] | None = None,
    flow: Direction = "import",
    edition: str = "HS2022",
    year: int | None = None,
) -> Frame:
    """Sum trade touched over all trade."""
    asked = economies_asked(book, economies)
    home, partner = ("importer", "exporter") if flow == "import" else ("exporter", "importer")
    chosen = trade_year(trade, on=on, year=year)
    kept = trade.filter(nw.col("year") == chosen, nw.col(home).is_in(list(asked)))
    table = kept.select(home, partner, "product", "value").collect(backend="polars").to_polars()
    rows = []
    for n in asked:
        own = table.filter(table[home] == n)
        if not own.height:
            continue
        found = touched_products(book, since=on, until=_next(on), economy=n, flow=flow, edition=edition)
        at = {code: k for k, code in enumerate(found.products)}
        place = np.array([at.get(code, -1) for code in own["product"].to_list()])
        value = own["value"].cast(float).to_numpy()
        if value[place < 0].sum() > 0.01 * value.sum():
            raise MissingDataError(
                f"coverage needs trade by subheading of {edition}; this table has "
                f"{own['product'].to_list()[int(np.flatnonzero(place < 0)[0])]!r}",
                where="trade: product",
                hint="load trade by HS6 (openward data get baci --year 2023), or name its edition",
            )
        hit = np.array(
            [
                k >= 0 and found.on_partner(p)[k] > 0
                for k, p in zip(place.tolist(), own[partner].to_list(), strict=True)
            ]
        )
        rows.append((n, float(value[hit].sum() / value.sum())))
    return long_form(("economy",), rows)


@indicator(
    "ntm-prevalence",
    title="Prevalence score of measures other than tariffs",
    group="restrictiveness",
    kind="book",
    definition="Mean number of such measures on a subheading, each by its share of the days of a period.",
    formula=r"P_n = \frac{1}{K}\sum_k \sum_{m \ni k} \frac{days(m)}{days}",
    inputs=("book",),
    keys=("economy",),
    unit="measures per subheading",
    reference=REFERENCE,
    traps=(
        POINTER,
        NAMELESS,
        "the period is the year up to and with the day asked for, unless `since` says otherwise",
        "how a law is cut into measures moves the score",
    ),
)
def ntm_prevalence(
    *,
    book: Book,
    on: date,
    economies: Sequence[str] | None = None,
    flow: Direction = "import",
    edition: str = "HS2022",
    since: date | None = None,
) -> Frame:
    """Average the number of measures over subheadings and days."""
    until = _next(on)
    start = until - timedelta(days=365) if since is None else since
    if start >= until:
        raise InputError(f"the period from {start} ends on {on}", hint="begin it earlier", where="since")
    rows = []
    for n in economies_asked(book, economies):
        found: Touched = touched_products(
            book, since=start, until=until, economy=n, flow=flow, edition=edition
        )
        rows.append((n, float((found.share[:, None] * found.on).sum() / len(found.products))))
    return long_form(("economy",), rows)


def _next(on: date) -> date:
    return on + timedelta(days=1)
