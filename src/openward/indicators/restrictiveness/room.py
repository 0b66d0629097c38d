"""Duties by stage of processing, and their room under the binding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from openward.book.model import Book
from openward.codes.correlation import stage_mix
from openward.errors import InputError, MissingDataError
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.restrictiveness.averages import UNKNOWN
from openward.indicators.restrictiveness.rows import long_form
from openward.indicators.restrictiveness.schedule import Array, economies_asked, tariff
from openward.indicators.tariffs import average_rate, overhang

RAW, FINISHED = ("raw",), ("consumer", "capital")


@indicator(
    "tariff-escalation",
    title="Tariff escalation",
    group="restrictiveness",
    kind="book",
    definition="Mean rate on finished goods (consumer and capital) less mean rate on raw materials.",
    formula=r"\bar t_{finished} - \bar t_{raw}",
    inputs=("book",),
    keys=("economy",),
    unit="fraction of customs value",
    reference="Balassa (1965), Journal of Political Economy 73(6); WTO, Trade Policy Reviews",
    traps=(
        "stages are read off industries by the number of their six-digit subheadings at each stage (BEC "
        "revision 4): one industry has one rate at all its stages, which flattens escalation",
        "says nothing of one chain: for that take effective rates of protection",
        UNKNOWN,
    ),
)
def tariff_escalation(*, book: Book, on: date, economies: Sequence[str] | None = None) -> Frame:
    """Compare the rates of finished goods and of raw materials."""
    rows: list[tuple[str, float | None]] = []
    for n in economies_asked(book, economies):
        sectors = tariff(book, on=on, economy=n, basis="mfn").by_sector()
        rows.append(
            (n, None if sectors is None else _escalation(dict(zip(sectors[0], sectors[1], strict=True))))
        )
    return long_form(("economy",), rows)


@indicator(
    "bound-overhang",
    title="Binding overhang",
    group="restrictiveness",
    kind="book",
    definition="Mean bound rate less mean applied MFN rate: how far duties could rise within commitments.",
    formula=r"\frac{1}{L}\sum_l (b_l - t_l)",
    inputs=("book",),
    keys=("economy",),
    unit="fraction of customs value",
    reference="Beshkar, Bond and Rho (2015), Journal of International Economics 97(1)",
    traps=(
        "bound rates are not in the book: give them as `bound`, fractions by economy (final bound average "
        "over bound lines) or by economy and industry",
        "unbound lines have no overhang and unlimited room: their share must be read beside this",
    ),
)
def bound_overhang(
    *,
    book: Book,
    on: date,
    economies: Sequence[str] | None = None,
    bound: Mapping[str, float] | Mapping[str, Mapping[str, float]] | None = None,
) -> Frame:
    """Compare bound with applied rates."""
    if bound is None:
        raise MissingDataError(
            "bound rates are not in the book and none were given",
            where="bound",
            hint="give final bound rates (WTO consolidated tariff schedules): bound={'CHN': 0.10}",
        )
    rows: list[tuple[str, float | None]] = []
    for n in economies_asked(book, economies):
        given = bound.get(n)
        sectors = tariff(book, on=on, economy=n, basis="mfn").by_sector()
        if given is not None and sectors is not None:
            rows.append((n, _overhang(n, given, *sectors)))
    return long_form(("economy",), rows)


def _overhang(
    economy: str, given: float | Mapping[str, float], names: tuple[str, ...], rates: Array, lines: Array
) -> float | None:
    if isinstance(given, Mapping):
        lacking = [name for name in names if name not in given]
        if lacking:
            raise InputError(
                f"no bound rate of {economy} for {', '.join(lacking)}",
                where="bound",
                hint="give one average, or a rate for every industry of goods",
            )
        bound = np.array([given[name] for name in names])
    else:
        bound = np.full(len(names), given)
    return overhang(bound=bound, applied=rates, weights=lines)


def _escalation(rate: Mapping[str, float]) -> float | None:
    def mean(stages: tuple[str, ...]) -> float | None:
        mix = [one for one in stage_mix() if one.stage in stages and one.industry in rate]
        return average_rate(
            rates=np.array([rate[one.industry] for one in mix]), weights=np.array([one.lines for one in mix])
        )

    finished, raw = mean(FINISHED), mean(RAW)
    return None if finished is None or raw is None else finished - raw
