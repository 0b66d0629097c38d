"""The shape of the tariff: peaks, lines and trade free of duty, spread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openward.book.model import Book
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.restrictiveness.averages import CLASSES, UNKNOWN
from openward.indicators.restrictiveness.rows import long_form
from openward.indicators.restrictiveness.schedule import (
    Array,
    Basis,
    Detail,
    economies_asked,
    standard_tariff,
    tariff,
)
from openward.indicators.restrictiveness.weights import imports_of
from openward.indicators.tariffs import (
    DOMESTIC_PEAK,
    INTERNATIONAL_PEAK,
    Dispersion,
    average_rate,
    dispersion,
    share_above,
    share_free,
)

HIDDEN = (
    "peaks inside a class of lines are averaged away where the book has means: the share is too small; where "
    "the book holds the lines themselves take detail='lines'"
)
PROFILES = "WTO, ITC and UNCTAD, World Tariff Profiles, technical notes"


@indicator(
    "international-tariff-peaks",
    title="International tariff peaks",
    group="restrictiveness",
    kind="book",
    definition="Share of tariff lines whose most-favored-nation rate is above 15 percent.",
    formula=r"\frac{1}{L}\,\#\{l : t_l > 0.15\}",
    inputs=("book",),
    keys=("economy",),
    unit="share of lines",
    reference=f"{PROFILES} (share of duties above 15 percent)",
    traps=(HIDDEN, "a threshold: a line cut from 40 to 16 percent is still a peak", UNKNOWN),
)
def international_tariff_peaks(
    *,
    book: Book,
    on: date,
    economies: Sequence[str] | None = None,
    above: float = INTERNATIONAL_PEAK,
    detail: Detail = "classes",
) -> Frame:
    """Count lines above a fixed rate."""
    asked = economies_asked(book, economies)
    return long_form(("economy",), ((n, _above(_standard(book, on, n, detail), above)) for n in asked))


@indicator(
    "domestic-tariff-peaks",
    title="Domestic tariff peaks",
    group="restrictiveness",
    kind="book",
    definition="Share of tariff lines whose rate is above three times the economy's own simple average.",
    formula=r"\frac{1}{L}\,\#\{l : t_l > 3\,\bar t\}",
    inputs=("book",),
    keys=("economy",),
    unit="share of lines",
    reference=f"{PROFILES} (duties above three times the simple average)",
    traps=(
        "relative to the economy's own average: a cut of all other lines makes new peaks out of the rest",
        HIDDEN,
        UNKNOWN,
    ),
)
def domestic_tariff_peaks(
    *,
    book: Book,
    on: date,
    economies: Sequence[str] | None = None,
    times: float = DOMESTIC_PEAK,
    detail: Detail = "classes",
) -> Frame:
    """Count lines above a multiple of the simple average."""
    rows = []
    for n in economies_asked(book, economies):
        cells = _standard(book, on, n, detail)
        mean = None if cells is None else average_rate(rates=cells[0], weights=cells[1])
        rows.append((n, None if mean is None else _above(cells, times * mean)))
    return long_form(("economy",), rows)


@indicator(
    "duty-free-lines",
    title="Share of lines free of duty",
    group="restrictiveness",
    kind="book",
    definition="Share of tariff lines whose most-favored-nation rate is zero.",
    formula=r"\frac{1}{L}\,\#\{l : t_l = 0\}",
    inputs=("book",),
    keys=("economy",),
    unit="share of lines",
    reference=f"{PROFILES} (duty-free share of MFN applied duties)",
    traps=(
        "where the book has means over classes, a class is free only if all its lines are: a lower bound",
        UNKNOWN,
    ),
)
def duty_free_lines(
    *, book: Book, on: date, economies: Sequence[str] | None = None, detail: Detail = "classes"
) -> Frame:
    """Count lines at zero."""
    asked = economies_asked(book, economies)
    return long_form(("economy",), ((n, _free(_standard(book, on, n, detail))) for n in asked))


@indicator(
    "duty-free-trade",
    title="Share of imports free of duty",
    group="restrictiveness",
    kind="book",
    definition="Share of imports that enter at a rate of zero after preferences and added duties.",
    formula=r"\frac{\sum_{il} m_{nil}\,1[t_{nil} = 0]}{\sum_{il} m_{nil}}",
    inputs=("book", "trade"),
    keys=("economy",),
    unit="share of imports",
    reference=f"{PROFILES} (duty-free imports by value)",
    traps=(
        "preferences are taken as fully used",
        CLASSES,
        "free trade is large trade: lines grow because they are free",
        UNKNOWN,
    ),
)
def duty_free_trade(
    *,
    book: Book,
    on: date,
    trade: Frame,
    economies: Sequence[str] | None = None,
    basis: Basis = "applied",
    year: int | None = None,
) -> Frame:
    """Sum imports that pay nothing."""
    asked = economies_asked(book, economies)
    w = imports_of(trade, on=on, year=year, importers=asked)
    found = (tariff(book, on=on, economy=n, basis=basis, partners=w.partners, imports=w.of(n)) for n in asked)
    return long_form(("economy",), ((one.economy, _free(one.weighed("imports"))) for one in found))


@indicator(
    "tariff-dispersion",
    title="Standard deviation of the tariff",
    group="restrictiveness",
    kind="book",
    definition="Standard deviation of most-favored-nation rates over tariff lines.",
    formula=r"\sigma = \sqrt{\tfrac{1}{L}\sum_l (t_l - \bar t)^2}",
    inputs=("book",),
    keys=("economy",),
    unit="fraction of customs value",
    reference="Anderson and Neary (2005), Measuring the Restrictiveness of International Trade Policy, ch. 3",
    traps=("spread inside a class of lines is not seen where the book has means: too small", UNKNOWN),
)
def tariff_dispersion(
    *, book: Book, on: date, economies: Sequence[str] | None = None, detail: Detail = "classes"
) -> Frame:
    """Measure the spread of rates over lines."""
    asked = economies_asked(book, economies)
    found = ((n, _spread(_standard(book, on, n, detail))) for n in asked)
    return long_form(("economy",), ((n, None if one is None else one.deviation) for n, one in found))


@indicator(
    "tariff-variation",
    title="Coefficient of variation of the tariff",
    group="restrictiveness",
    kind="book",
    definition="Standard deviation of most-favored-nation rates over their mean.",
    formula=r"\sigma / \bar t",
    inputs=("book",),
    keys=("economy",),
    unit="ratio",
    reference="WTO, ITC and UNCTAD, World Tariff Profiles, technical notes (coefficient of variation)",
    traps=(
        "an economy whose rates are all zero is left out",
        "rises when low rates are cut and peaks stay",
        UNKNOWN,
    ),
)
def tariff_variation(
    *, book: Book, on: date, economies: Sequence[str] | None = None, detail: Detail = "classes"
) -> Frame:
    """Measure the spread of rates relative to their mean."""
    asked = economies_asked(book, economies)
    found = ((n, _spread(_standard(book, on, n, detail))) for n in asked)
    return long_form(("economy",), ((n, None if one is None else one.variation) for n, one in found))


def _standard(book: Book, on: date, economy: str, detail: Detail) -> tuple[Array, Array] | None:
    return standard_tariff(book, on=on, economy=economy, detail=detail).weighed("lines")


def _above(cells: tuple[Array, Array] | None, bound: float) -> float | None:
    return None if cells is None else share_above(rates=cells[0], weights=cells[1], bound=bound)


def _free(cells: tuple[Array, Array] | None) -> float | None:
    return None if cells is None else share_free(rates=cells[0], weights=cells[1])


def _spread(cells: tuple[Array, Array] | None) -> Dispersion | None:
    return None if cells is None else dispersion(rates=cells[0], weights=cells[1])
