"""The catalogue of indicators: each one a function with its definition, formula, inputs, unit and traps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args

import narwhals as nw

from openward.errors import UnknownCodeError

Frame = nw.LazyFrame[Any]
"""A table of any engine (Polars, DuckDB, PySpark), as Narwhals sees it."""

Group = Literal[
    "openness",
    "diversification",
    "advantage",
    "integration",
    "value-added",
    "restrictiveness",
    "dependency",
    "welfare",
]
GROUPS: tuple[Group, ...] = get_args(Group)

Kind = Literal["table", "dense", "book"]
"""What computes it: expressions on any engine; NumPy kernels; the book of measures."""

MODULES: tuple[str, ...] = (
    "openness",
    "openness_world",
    "openness_change",
    "diversification",
    "diversification_count",
    "diversification_entropy",
    "diversification_margins",
    "diversification_spells",
    "advantage",
    "advantage_balance",
    "advantage_income",
    "complexity_tables",
    "integration",
    "integration_pairs",
    "integration_book",
    "value_added.entries_exports",
    "value_added.entries_chains",
    "welfare",
    "welfare_indices",
    "restrictiveness.averages",
    "restrictiveness.profile",
    "restrictiveness.room",
    "restrictiveness.protection",
    "restrictiveness.nontariff",
    "restrictiveness.investment",
    "restrictiveness.services",
    "restrictiveness.counts",
    "dependency.products",
    "dependency.world",
    "dependency.reverse",
    "dependency.linked",
)
"""Modules of this room that define indicators, in the order of the list."""

_ENTRIES: dict[str, Indicator] = {}

Compute = TypeVar("Compute", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: what it says, how it is computed, and where it misleads.

    Attributes
    ----------
    name : str
        Lower case with hyphens: ``rca``, ``trade-openness``.
    title : str
    group : str
        One of `GROUPS`.
    kind : {"table", "dense", "book"}
    definition : str
        One or two sentences.
    formula : str
        LaTeX.
    inputs : tuple of str
        Datasets of the dictionary (``trade``, ``trade-total``, ``macro``, ``input-output``), or ``book``; the
        function takes each as a keyword of that name with underscores.
    keys : tuple of str
        Columns that name a row of the result, beside ``value``.
    unit : str
        Of ``value``.
    reference : str
        Paper and equation.
    traps : tuple of str
        What it does not say, and what breaks it.
    compute : callable
        Keyword arguments only: the inputs, then options with their defaults.
    """

    name: str
    title: str
    group: Group
    kind: Kind
    definition: str
    formula: str
    inputs: tuple[str, ...]
    keys: tuple[str, ...]
    unit: str
    reference: str
    traps: tuple[str, ...]
    compute: Callable[..., Any]


def indicator(
    name: str,
    *,
    title: str,
    group: Group,
    kind: Kind = "table",
    definition: str,
    formula: str,
    inputs: tuple[str, ...],
    keys: tuple[str, ...],
    unit: str,
    reference: str,
    traps: tuple[str, ...] = (),
) -> Callable[[Compute], Compute]:
    """Enter a function in the catalogue; the function itself stays as it is."""

    def enter(compute: Compute) -> Compute:
        if name in _ENTRIES:
            raise ValueError(f"indicator {name} is defined twice")
        _ENTRIES[name] = Indicator(
            name=name,
            title=title,
            group=group,
            kind=kind,
            definition=definition,
            formula=formula,
            inputs=inputs,
            keys=keys,
            unit=unit,
            reference=reference,
            traps=traps,
            compute=compute,
        )
        return compute

    return enter


@cache
def indicators() -> Mapping[str, Indicator]:
    """Give all indicators by name, group by group."""
    for module in MODULES:
        import_module(f"openward.indicators.{module}")
    ordered = sorted(_ENTRIES.values(), key=lambda entry: GROUPS.index(entry.group))
    return MappingProxyType({entry.name: entry for entry in ordered})


def find(name: str) -> Indicator:
    """Give the indicator of that name.

    Raises
    ------
    UnknownCodeError
        There is none; the hint names the nearest.
    """
    known = indicators()
    if name not in known:
        near = get_close_matches(name, known, n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "openward indicators list names them"
        raise UnknownCodeError(f"no indicator is called {name!r}", hint=hint)
    return known[name]
