"""Hypothesis strategies: duty trees of every kind, and facts to evaluate them on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from openward.book.duty import (
    AdValorem,
    Basis,
    Case,
    Ceiling,
    Choice,
    Compound,
    Count,
    Duty,
    Flat,
    Floor,
    Meursing,
    Minus,
    Nil,
    Percent,
    PriceFrom,
    Programmes,
    Reference,
    Season,
    Specific,
    Supplementary,
    Until,
    When,
)

UNITS = ("KGM", "DTN", "LTR", "NAR", "MIL")
CURRENCIES = ("EUR", "GBP", "USD")
NAMES = ("case", "copper content", "strap, band or bracelet", "line 9903.88.03 (China)", "9/10 + MIN %")

amounts = st.decimals(min_value=0, max_value=Decimal("9999.9999"), places=4)
positive = st.sampled_from([Decimal(1), Decimal(100), Decimal("0.5")])
names = st.sampled_from(NAMES) | st.text("abc xyz,.()%-+", min_size=1, max_size=12).map(
    lambda text: " ".join(text.split()) or "x"
)
maybe = st.just("") | names
bounds = st.none() | st.integers(0, 200).map(Decimal)
counts = st.builds(Count, names, under=bounds) | st.builds(Count, names, over=bounds)
factors = st.none() | st.builds(Percent, names) | counts
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def _season(start: date, end: date) -> Season:
    return Season(start.month, start.day, end.month, end.day)


selectors = st.one_of(
    st.builds(_season, days, days),
    st.lists(st.sampled_from(["A", "A+", "A*", "AU", "S+", "JO"]), min_size=1, max_size=3, unique=True).map(
        lambda codes: Programmes(tuple(codes))
    ),
    st.builds(PriceFrom, amounts, st.sampled_from(CURRENCIES), positive, st.sampled_from(UNITS)),
    st.builds(Until, days),
    st.builds(When, names),
)
codes = st.sampled_from(CURRENCIES)
units = st.sampled_from(UNITS)
leaves: st.SearchStrategy[Duty] = st.one_of(
    st.builds(AdValorem, st.decimals(0, 5, places=6), maybe),
    st.builds(AdValorem.fraction, st.fractions(0, 2, max_denominator=12), of=maybe),
    st.builds(Specific, amounts, codes, positive, units, maybe, factors),
    st.builds(Flat, amounts, st.sampled_from(CURRENCIES)),
    st.just(Nil()),
    st.builds(Reference, names, maybe),
    st.builds(Meursing, st.sampled_from(["AC", "AC reduced", "SD", "FD reduced"])),
    st.builds(Supplementary, positive, st.sampled_from(UNITS), maybe),
)


def _compound(first: Duty, rest: list[tuple[Duty, bool]]) -> Compound:
    return Compound((first, *(Minus(duty) if less else duty for duty, less in rest)))


def _grown(inner: st.SearchStrategy[Duty]) -> st.SearchStrategy[Duty]:
    cases = st.lists(st.builds(Case, inner, selectors), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(_compound, inner, st.lists(st.tuples(inner, st.booleans()), min_size=1, max_size=3)),
        st.builds(Floor, inner, inner),
        st.builds(Ceiling, inner, inner),
        st.builds(Choice, cases, st.none() | inner),
    )


def trees() -> st.SearchStrategy[Duty]:
    """Give duty trees of every kind, nested."""
    return st.recursive(leaves, _grown, max_leaves=6)


def bases() -> st.SearchStrategy[Basis]:
    """Give facts, of which any may be absent."""
    shares = st.decimals(0, 1, places=3)
    plain = st.sampled_from(["5 %", "2 EUR/DTN", "1 GBP"]).map(_parsed)
    return st.builds(
        Basis,
        value=st.none() | amounts,
        currency=st.sampled_from(["", "EUR"]),
        quantities=st.dictionaries(st.sampled_from([*UNITS, "KGM of copper content"]), amounts),
        contents=st.dictionaries(st.sampled_from([*NAMES, "alcohol"]), shares),
        values=st.dictionaries(st.sampled_from(NAMES), amounts),
        counts=st.dictionaries(st.sampled_from(NAMES), amounts),
        conditions=st.dictionaries(st.sampled_from(NAMES), st.booleans()),
        references=st.dictionaries(st.sampled_from(NAMES), plain),
        meursing=st.dictionaries(st.sampled_from(["AC", "SD"]), plain),
        rates=st.just({("GBP", "EUR"): Decimal("1.15"), ("USD", "EUR"): Decimal("0.9")}),
        programme=st.sampled_from([None, "", "A", "AU"]),
        on=st.none() | days,
    )


def _parsed(text: str) -> Duty:
    from openward.book.duty import parse

    return parse(text)


__all__ = ["bases", "trees"]
