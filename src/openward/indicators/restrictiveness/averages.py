"""How high the tariff is: simple, import-weighted and effective averages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from openward.book.model import Book
from openward.errors import InputError
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.restrictiveness.rows import long_form
from openward.indicators.restrictiveness.schedule import (
    Basis,
    Detail,
    Tariff,
    economies_asked,
    standard_tariff,
    tariff,
    unpreferred,
)
from openward.indicators.restrictiveness.weights import imports_of
from openward.indicators.tariffs import average_rate, duty_over_imports

CLASSES = (
    "a rate of the book may be the mean over a class of tariff lines: averages are right, but spread inside "
    "the class is not seen"
)
UNKNOWN = "an economy is left out where the rate is not known on more than a tenth of the weights"
FULL_USE = "preferences are taken as fully used unless `utilization` says otherwise"


@indicator(
    "simple-average-tariff",
    title="Simple average tariff",
    group="restrictiveness",
    kind="book",
    definition="Mean most-favored-nation rate over tariff lines, each line counted once.",
    formula=r"\bar t_n = \frac{1}{L_n} \sum_{l} t_{nl}",
    inputs=("book",),
    keys=("economy",),
    unit="fraction of customs value",
    reference="WTO, ITC and UNCTAD, World Tariff Profiles, technical notes (simple average of MFN duties)",
    traps=(
        CLASSES,
        "an industry whose lines were not counted stands as one line, so levels of such economies are not "
        "comparable with published averages over lines",
        "a line nobody can afford to use counts as much as one that carries all trade",
        UNKNOWN,
    ),
)
def simple_average_tariff(
    *, book: Book, on: date, economies: Sequence[str] | None = None, detail: Detail = "classes"
) -> Frame:
    """Average rates over lines."""
    asked = economies_asked(book, economies)
    found = (standard_tariff(book, on=on, economy=n, detail=detail) for n in asked)
    return long_form(("economy",), ((one.economy, _mean(one, "lines")) for one in found))


@indicator(
    "weighted-average-tariff",
    title="Import-weighted average tariff",
    group="restrictiveness",
    kind="book",
    definition="Mean rate over tariff lines (and partners, for applied rates), weighted by imports.",
    formula=r"\bar t^w_n = \frac{\sum_{il} m_{nil} t_{nil}}{\sum_{il} m_{nil}}",
    inputs=("book", "trade"),
    keys=("economy",),
    unit="fraction of customs value",
    reference="WTO, ITC and UNCTAD, World Tariff Profiles, technical notes (trade-weighted average)",
    traps=(
        "high duties choke the imports that would weigh them: a prohibitive tariff counts for nothing",
        "weights are of the table's year, whatever the day of the law",
        "inside an industry the weights of line classes are reference weights of the book, not this trade",
        UNKNOWN,
    ),
)
def weighted_average_tariff(
    *,
    book: Book,
    on: date,
    trade: Frame,
    economies: Sequence[str] | None = None,
    basis: Basis = "mfn",
    year: int | None = None,
) -> Frame:
    """Average rates by imports."""
    asked = economies_asked(book, economies)
    weights = imports_of(trade, on=on, year=year, importers=asked)
    found = (
        tariff(book, on=on, economy=n, basis=basis, partners=weights.partners, imports=weights.of(n))
        for n in asked
    )
    return long_form(("economy",), ((one.economy, _mean(one, "imports")) for one in found))


@indicator(
    "effective-tariff",
    title="Effective tariff",
    group="restrictiveness",
    kind="book",
    definition=(
        "Duty that falls on imports, after preferences and added duties, over their value, were the trade of "
        "the table to enter under the law of the day."
    ),
    formula=(
        r"\tau_n = \frac{\sum_{il} m_{nil}\,[u\, t_{nil} + (1-u)\, t^{0}_{nil}]}{\sum_{il} m_{nil}},\quad"
        r" t^{0}\text{: without preferences}"
    ),
    inputs=("book", "trade"),
    keys=("economy",),
    unit="fraction of customs value",
    reference="Duties collected over imports: Bown and Irwin (2015), NBER Working Paper 21782, section 2",
    traps=(
        FULL_USE,
        "trade does not answer to the duty: after a large rise the duty really collected is smaller",
        "duty as written in law, not collected: exemptions, drawback and processing trade pay less",
        UNKNOWN,
    ),
)
def effective_tariff(
    *,
    book: Book,
    on: date,
    trade: Frame,
    economies: Sequence[str] | None = None,
    year: int | None = None,
    utilization: float = 1.0,
) -> Frame:
    """Sum duty and divide by imports; ``utilization`` is the share of preferences that is claimed, 0 to 1."""
    found = _with_use(book, on, trade, economies, year, utilization)
    rows = ((one.economy, _effective(one)) for one in found)
    return long_form(("economy",), rows)


@indicator(
    "effective-tariff-by-partner",
    title="Effective tariff on each partner",
    group="restrictiveness",
    kind="book",
    definition="Duty that falls on the imports from a partner over their value, under the law of the day.",
    formula=r"\tau_{ni} = \frac{\sum_{l} m_{nil}\, t_{nil}}{\sum_{l} m_{nil}}",
    inputs=("book", "trade"),
    keys=("economy", "partner"),
    unit="fraction of customs value",
    reference="As effective-tariff, one partner at a time",
    traps=(
        FULL_USE,
        "a partner that sells other goods meets another tariff, though the law be the same",
        UNKNOWN,
    ),
)
def effective_tariff_by_partner(
    *,
    book: Book,
    on: date,
    trade: Frame,
    economies: Sequence[str] | None = None,
    year: int | None = None,
    utilization: float = 1.0,
) -> Frame:
    """Sum duty by partner and divide by imports."""
    rows = []
    for one in _with_use(book, on, trade, economies, year, utilization):
        for p, partner in enumerate(one.partners):
            rows.append((one.economy, partner, _effective(one, p)))
    return long_form(("economy", "partner"), rows)


def _with_use(
    book: Book,
    on: date,
    trade: Frame,
    economies: Sequence[str] | None,
    year: int | None,
    utilization: float,
) -> list[Tariff]:
    if not 0.0 <= utilization <= 1.0:
        raise InputError(f"utilization is {utilization}", hint="a share from 0 to 1", where="utilization")
    asked = economies_asked(book, economies)
    weights = imports_of(trade, on=on, year=year, importers=asked)
    plain = unpreferred(book) if utilization < 1.0 else book
    found = []
    for n in asked:
        used, idle = (
            tariff(law, on=on, economy=n, basis="applied", partners=weights.partners, imports=weights.of(n))
            for law in (book, plain)
        )
        rates = utilization * used.rates + (1.0 - utilization) * idle.rates
        found.append(
            Tariff(
                economy=n,
                partners=used.partners,
                sectors=used.sectors,
                rates=rates,
                known=used.known & idle.known,
                lines=used.lines,
                imports=used.imports,
            )
        )
    return found


def _effective(one: Tariff, partner: int | None = None) -> float | None:
    rows = slice(None) if partner is None else slice(partner, partner + 1)
    imports = np.where(one.known[rows], one.imports[rows], 0.0)
    if imports.sum() < 0.9 * one.imports[rows].sum():
        return None
    return duty_over_imports(duty=one.rates[rows] * imports, imports=imports)


def _mean(one: Tariff, weights: str) -> float | None:
    cells = one.weighed("imports" if weights == "imports" else "lines")
    return None if cells is None else average_rate(rates=cells[0], weights=cells[1])
