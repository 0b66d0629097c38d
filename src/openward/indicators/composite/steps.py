"""The steps of an index (``openward.index/1``): each one a record; unknown fields are errors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Fraction = Annotated[float, Field(ge=0, le=1)]
Level = Annotated[int, Field(ge=1)]
Means = Literal["arithmetic", "geometric", "harmonic", "median", "copeland"]
Normal = Literal[
    "min-max", "z-score", "rank", "percentile", "distance-to-target", "distance-to-best", "goalposts", "none"
]

PARAMETERS: dict[str, tuple[str, ...]] = {
    "min-max": ("low", "high"),
    "z-score": ("mean", "sd"),
    "goalposts": ("low", "high"),
    "distance-to-target": ("low", "high"),
}
"""What each way of normalizing has to be told; the others take nothing."""


class Step(BaseModel):
    """One step; ``level`` 1 is the indicators, the top level the index."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Denominate(Step):
    """Divide every indicator that names a denominator by it."""

    step: Literal["denominate"] = "denominate"


class Impute(Step):
    """Fill in missing cells.

    ``within`` is the group whose mean or median is taken; without it, all units.
    """

    step: Literal["impute"] = "impute"
    method: Literal["mean", "median", "previous-year", "none"]
    within: str | None = None
    level: Level = 1


class Screen(Step):
    """Drop units with too few indicators; ``keep`` names units that stay whatever they lack."""

    step: Literal["screen"] = "screen"
    minimum_available: Fraction
    minimum_nonzero: Fraction | None = None
    keep: tuple[str, ...] = ()


class Treat(Step):
    """Bring in outliers: winsorize, and where that is not enough, transform.

    A column is left alone where ``|skewness| < skewness`` or ``kurtosis < kurtosis`` (both of type 2).
    """

    step: Literal["treat"] = "treat"
    max_points: Annotated[int, Field(ge=0)] | None
    skewness: Annotated[float, Field(gt=0)] = 2.0
    kurtosis: Annotated[float, Field(gt=0)] = 3.5
    otherwise: Literal["log-ct", "log-ct-signed", "none"]
    exempt: tuple[str, ...] = ()
    within: str | None = None
    level: Level = 1


class Rule(BaseModel):
    """How one column is normalized."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: Normal
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    sd: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _told_what_it_needs(self) -> Rule:
        wanted = PARAMETERS.get(self.method, ())
        given = {name for name in ("low", "high", "mean", "sd") if getattr(self, name) is not None}
        if given != set(wanted):
            raise ValueError(f"{self.method} takes {' and '.join(wanted) or 'no parameters'}")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"low {self.low:g} is not below high {self.high:g}")
        return self


class Normalize(Rule):
    """Put columns on one scale, larger better; ``each`` has other rules for single columns."""

    step: Literal["normalize"] = "normalize"
    within: str | None = None
    level: Level = 1
    each: dict[str, Rule] = {}


class Weigh(Step):
    """Set the weights of a level; without this step they are those of the spec."""

    step: Literal["weigh"] = "weigh"
    method: Literal["equal", "given", "pca", "equal-correlation"]
    level: Level = 1


class Aggregate(Step):
    """Aggregate upward, to level ``to`` (the top by default); ``each`` has other means for single nodes.

    A node needs ``minimum_available`` of the weight below it, or it stays missing.
    """

    step: Literal["aggregate"] = "aggregate"
    method: Means
    each: dict[str, Means] = {}
    to: Level | None = None
    minimum_available: Fraction = 0.0


AnyStep = Annotated[
    Denominate | Impute | Screen | Treat | Normalize | Weigh | Aggregate, Field(discriminator="step")
]
KINDS = ("denominate", "impute", "screen", "treat", "normalize", "weigh", "aggregate")


def written_out(entry: Any) -> Any:
    """Turn ``{impute: {method: mean}}`` (or plain ``denominate``) into the record's own fields."""
    if isinstance(entry, str):
        return {"step": entry}
    if isinstance(entry, dict) and len(entry) == 1:
        name, body = next(iter(entry.items()))
        if isinstance(name, str) and (body is None or isinstance(body, dict)) and name != "step":
            return {"step": name, **(body or {})}
    return entry
