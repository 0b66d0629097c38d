"""An episode: how its prediction is made, and what is held against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openward.impact.hindcast.prediction import Prediction
from openward.simulate.baseline import Array


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """Trade before and after, in one unit.

    Attributes
    ----------
    economies : tuple of str
    before, after : [N, N]
        By importer and exporter; zero where not observed.
    source : str
    """

    economies: tuple[str, ...]
    before: Array
    after: Array
    source: str


@dataclass(frozen=True, slots=True)
class Episode:
    """A past change of law.

    Attributes
    ----------
    name, title : str
    predict : callable(data) -> Prediction
        Reads nothing that was not known before, save where ``caveat`` says so.
    observe : callable(data) -> Observed
    caveat : str
        What a strict reader should know about the prediction.
    """

    name: str
    title: str
    predict: Callable[[Path], Prediction]
    observe: Callable[[Path], Observed]
    caveat: str
