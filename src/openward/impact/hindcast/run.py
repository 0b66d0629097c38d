"""Run a hindcast: the sealed prediction, made again where data are given, against what happened."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from openward.errors import UnknownCodeError
from openward.impact.hindcast import nafta, rcep, trade_war
from openward.impact.hindcast.episode import Episode, Observed
from openward.impact.hindcast.prediction import Cell, Prediction
from openward.impact.hindcast.score import FEWEST, Score, score
from openward.impact.hindcast.seal import read_sealed
from openward.simulate.baseline import Array

EPISODES: dict[str, Episode] = {e.name: e for e in (*nafta.EPISODES, trade_war.EPISODE, rcep.EPISODE)}
GROUPS = ("all", "with", "between")
"""All pairs; pairs with a party at one end or both; pairs between parties."""
AGREES = 2e-6
"""Largest gap between the sealed prediction and one made again, put down to rounding."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair: what was predicted and what happened, log points of its share."""

    cell: Cell
    observed: float


@dataclass(frozen=True, slots=True)
class Hindcast:
    """An episode with its scores.

    Attributes
    ----------
    prediction : Prediction
        As sealed.
    sealed_on : date
    sha256 : str
    made_again : float
        Largest gap between the sealed prediction and the one made from the data at hand, log points.
    world_growth : float
        Of observed trade over the pairs, fraction.
    source, caveat : str
    compared : tuple of Compared
    left_out : tuple of (importer, exporter)
        Pairs predicted but not observed in both years.
    scores : tuple of Score
    """

    prediction: Prediction
    sealed_on: date
    sha256: str
    made_again: float
    world_growth: float
    source: str
    caveat: str
    compared: tuple[Compared, ...]
    left_out: tuple[tuple[str, str], ...]
    scores: tuple[Score, ...]

    @property
    def agrees(self) -> bool:
        """True where the prediction made again is the sealed one, up to rounding."""
        return self.made_again <= AGREES

    def as_dict(self) -> dict[str, Any]:
        """Give plain values."""
        return {
            "schema": "openward.hindcast-scores/1",
            "episode": self.prediction.episode,
            "title": self.prediction.title,
            "sealed_on": self.sealed_on.isoformat(),
            "sha256": self.sha256,
            "made_again_gap": self.made_again,
            "observed": self.source,
            "observed_growth_pct": 100.0 * self.world_growth,
            "caveat": self.caveat,
            "left_out": [list(pair) for pair in self.left_out],
            "scores": [asdict(one) for one in self.scores],
            "pairs": [{**asdict(one.cell), "observed": one.observed} for one in self.compared],
        }


def episode(name: str) -> Episode:
    """Give an episode by name.

    Raises
    ------
    UnknownCodeError
    """
    if name not in EPISODES:
        raise UnknownCodeError(
            f"no episode is called {name!r}", hint="one of " + ", ".join(EPISODES) + ", or all"
        )
    return EPISODES[name]


def hindcast(name: str, data: Path) -> Hindcast:
    """Open the sealed prediction of an episode, make it again, and score it.

    Raises
    ------
    UnknownCodeError, MissingDataError
    IntegrityError
        The seal is broken.
    """
    found = episode(name)
    prediction, sealed_on, sha256 = read_sealed(name)
    again = found.predict(data)
    return compare(
        prediction,
        found.observe(data),
        sealed_on=sealed_on,
        sha256=sha256,
        made_again=_gap(prediction, again),
        caveat=found.caveat,
    )


def compare(
    prediction: Prediction,
    observed: Observed,
    *,
    sealed_on: date,
    sha256: str,
    made_again: float,
    caveat: str,
) -> Hindcast:
    """Hold a prediction against what was observed."""
    at = {code: n for n, code in enumerate(observed.economies)}
    values = {
        (c.importer, c.exporter): (
            observed.before[at[c.importer], at[c.exporter]],
            observed.after[at[c.importer], at[c.exporter]],
        )
        for c in prediction.cells
        if c.importer in at and c.exporter in at
    }
    seen = [c for c in prediction.cells if min(values.get((c.importer, c.exporter), (0.0, 0.0))) > 0]
    table = np.array([values[c.importer, c.exporter] for c in seen])
    growth = float(table[:, 1].sum() / table[:, 0].sum())
    change = np.log(table[:, 1] / table[:, 0]) - np.log(growth)
    known = {(c.importer, c.exporter) for c in seen}
    pairs = ((c.importer, c.exporter) for c in prediction.cells)
    return Hindcast(
        prediction=prediction,
        sealed_on=sealed_on,
        sha256=sha256,
        made_again=made_again,
        world_growth=growth - 1.0,
        source=observed.source,
        caveat=caveat,
        compared=tuple(Compared(c, float(v)) for c, v in zip(seen, change, strict=True)),
        left_out=tuple(pair for pair in pairs if pair not in known),
        scores=tuple(s for group in GROUPS for s in _scores(seen, change, group, growth)),
    )


def _scores(cells: list[Cell], change: Array, group: str, growth: float) -> list[Score]:
    wanted = {"all": ("others", "with", "between"), "with": ("with", "between"), "between": ("between",)}[
        group
    ]
    kept = np.array([c.group in wanted for c in cells])
    if kept.sum() < FEWEST:
        return []
    chosen = [c for c, keep in zip(cells, kept, strict=True) if keep]
    observed = change[kept]
    same = np.zeros(len(chosen))
    model, low, high, gravity = (
        np.array([getattr(c, name) for c in chosen]) for name in ("predicted", "low", "high", "gravity")
    )
    return [
        score(model, observed, method="model", group=group, low=low, high=high),
        score(gravity, observed, method="gravity", group=group),
        score(same, observed, method="proportional", group=group),
        score(same - np.log(growth), observed, method="no change", group=group),
    ]


def _gap(sealed: Prediction, again: Prediction) -> float:
    """Give the largest difference of two predictions; infinite where they are about other pairs."""
    mine = {(c.importer, c.exporter): (c.predicted, c.low, c.high, c.gravity) for c in sealed.cells}
    other = {(c.importer, c.exporter): (c.predicted, c.low, c.high, c.gravity) for c in again.cells}
    if mine.keys() != other.keys():
        return 1e9
    return max(abs(a - b) for key in mine for a, b in zip(mine[key], other[key], strict=True))
