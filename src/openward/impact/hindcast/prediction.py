"""What a model says about bilateral trade before anybody looks at what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.simulate.baseline import Array

SCHEMA = "openward.hindcast/1"
DIGITS = 6
"""Decimals that a sealed prediction keeps, in log points: a millionth."""
TARIFF_ELASTICITY = 5.03
"""Median of the structural estimates that Head and Mayer (2014, table 3.5) collect; not read there again."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Trade of one pair: logarithm of its share in the trade of all pairs, after less before.

    Attributes
    ----------
    importer, exporter : str
    group : str
        ``between`` (both are parties), ``with`` (one is) or ``others``.
    predicted, low, high : float
        At central elasticities; ends of the interval of 90 % over the draws.
    gravity : float
        What the change of the pair's own tariffs alone makes at one elasticity, without general equilibrium.
    """

    importer: str
    exporter: str
    group: str
    predicted: float
    low: float
    high: float
    gravity: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """A prediction as it is sealed.

    Attributes
    ----------
    episode, title, baseline, law_before, law_after : str
    model, closure, uncertainty : str
    draws, seed : int
    cells : tuple of Cell
    """

    episode: str
    title: str
    baseline: str
    law_before: str
    law_after: str
    model: str
    closure: str
    uncertainty: str
    draws: int
    seed: int
    cells: tuple[Cell, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give plain values, numbers rounded to what is sealed."""
        head = {name: getattr(self, name) for name in _HEAD}
        rows = [
            [c.importer, c.exporter, c.group, *(_kept(v) for v in (c.predicted, c.low, c.high, c.gravity))]
            for c in self.cells
        ]
        return {"schema": SCHEMA, **head, "columns": list(_COLUMNS), "cells": rows}


_HEAD = (
    "episode",
    "title",
    "baseline",
    "law_before",
    "law_after",
    "model",
    "closure",
    "uncertainty",
    "draws",
    "seed",
)
_COLUMNS = ("importer", "exporter", "group", "predicted", "low", "high", "gravity")


def prediction_of(value: dict[str, Any]) -> Prediction:
    """Read a prediction back.

    Raises
    ------
    InputError
        Another form, or other columns.
    """
    if value.get("schema") != SCHEMA or value.get("columns") != list(_COLUMNS):
        raise InputError(f"not a prediction of the form {SCHEMA}", hint="seal it again with this version")
    return Prediction(
        **{name: value[name] for name in _HEAD}, cells=tuple(Cell(*row) for row in value["cells"])
    )


def share_changes(before: Array, after: Array, wanted: NDArray[np.bool_]) -> Array:
    """Give the change in the logarithm of each pair's share in the trade of the wanted pairs.

    Parameters
    ----------
    before, after : [N, N]
        Values of trade by importer and exporter, positive where wanted.
    wanted : bool array [N, N]

    Returns
    -------
    [number of wanted pairs]
        In the order of ``np.argwhere(wanted)``.
    """
    old, new = before[wanted], after[wanted]
    out: Array = np.log(new / old) - np.log(new.sum() / old.sum())
    return out


def gravity_changes(
    flows: Array, tariffs_before: Array, tariffs_after: Array, wanted: NDArray[np.bool_]
) -> Array:
    """Give what own tariffs alone make of the shares, at `TARIFF_ELASTICITY` in every sector.

    Parameters
    ----------
    flows, tariffs_before, tariffs_after : [N, N, J]
    wanted : bool array [N, N]
    """
    factor = ((1.0 + tariffs_after) / (1.0 + tariffs_before)) ** -TARIFF_ELASTICITY
    return share_changes(flows.sum(axis=2), (flows * factor).sum(axis=2), wanted)


def make_cells(
    economies: tuple[str, ...],
    wanted: NDArray[np.bool_],
    parties: frozenset[str],
    *,
    central: Array,
    drawn: Array,
    gravity: Array,
) -> tuple[Cell, ...]:
    """Put figures of pairs together.

    Parameters
    ----------
    central, gravity : [pairs]
    drawn : [draws, pairs]
    """
    low, high = np.quantile(drawn, (0.05, 0.95), axis=0)
    names = ("others", "with", "between")
    return tuple(
        Cell(
            importer=economies[n],
            exporter=economies[i],
            group=names[(economies[n] in parties) + (economies[i] in parties)],
            predicted=_kept(central[k]),
            low=_kept(low[k]),
            high=_kept(high[k]),
            gravity=_kept(gravity[k]),
        )
        for k, (n, i) in enumerate(np.argwhere(wanted))
    )


def _kept(value: float) -> float:
    """Round to what is sealed; a zero has no sign, so that equal predictions have equal text."""
    return round(float(value), DIGITS) + 0.0
