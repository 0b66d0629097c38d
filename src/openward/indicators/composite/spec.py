"""The spec of an index (``openward.index/1``): indicators, hierarchy, steps, and what is uncertain."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from openward.indicators.composite.steps import AnyStep, written_out

SCHEMA: Literal["openward.index/1"] = "openward.index/1"

Code = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """A part of a spec; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Origin(Part):
    """Where the values of an indicator come from: an indicator of the catalogue, or a named measure.

    Attributes
    ----------
    catalogue : str, optional
        Name in ``openward indicators list``.
    measure : str, optional
        Name in `openward.indicators.composite.measures`.
    options : mapping
        Of the indicator or measure.
    keys : mapping
        Rows wanted where the result has more keys than economy and year.
    mean_of : int
        Mean of so many years, the last one included: for flows that jump.
    """

    catalogue: str | None = None
    measure: str | None = None
    options: dict[str, Any] = {}
    keys: dict[str, str] = {}
    mean_of: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _one_of_two(self) -> Origin:
        if (self.catalogue is None) == (self.measure is None):
            raise ValueError("name either a catalogue indicator or a measure")
        return self


class Member(Part):
    """One indicator.

    Attributes
    ----------
    code, name, unit : str
    direction : {1, -1}
        -1: less is better.
    weight : float
        Relative to its siblings.
    parent : str
    denominator : str, optional
        Column that ``denominate`` divides by.
    target : float, optional
        For ``distance-to-target``.
    origin : Origin, optional
        Where values come from; not needed where the spec names a table.
    needs : str
        What would have to be had: the indicator is listed and not computed.
    """

    code: Code
    name: str
    direction: Literal[1, -1]
    weight: Annotated[float, Field(ge=0)]
    parent: Code
    unit: str = ""
    denominator: str | None = None
    target: float | None = None
    origin: Origin | None = None
    needs: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _here_or_not(self) -> Member:
        if self.origin is not None and self.needs:
            raise ValueError("an indicator has an origin or needs data, not both")
        return self


class Node(Part):
    """One aggregate; the one without parent is the index."""

    code: Code
    name: str
    weight: Annotated[float, Field(ge=0)] = 1.0
    parent: Code | None = None


class InputTable(Part):
    """A wide table with a row per unit, in the data folder; groups and denominators are columns of it."""

    file: str
    unit: str
    name: str | None = None
    year: str | None = None
    groups: tuple[str, ...] = ()


class Factor(Part):
    """One uncertain choice: other values of a field of a step, other steps in its place, or noise on weights.

    Attributes
    ----------
    name : str
    step : str, optional
        Kind of the step that varies; with `nth` where there are several.
    vary, values
        Field of the step, and the values it takes with equal probability.
    alternatives
        Whole bodies of the step, with equal probability.
    noise : mapping, optional
        Level to half width: weights there are multiplied by ``1 + noise x U(-1, 1)``, one draw each.
    """

    name: Code
    step: str | None = None
    nth: Annotated[int, Field(ge=1)] = 1
    vary: str | None = None
    values: tuple[Any, ...] = ()
    alternatives: tuple[dict[str, Any], ...] = ()
    noise: dict[int, Annotated[float, Field(ge=0, lt=1)]] = {}

    @model_validator(mode="after")
    def _one_of_three(self) -> Factor:
        ways = [bool(self.noise), bool(self.alternatives), self.vary is not None or bool(self.values)]
        if sum(ways) != 1:
            raise ValueError("a factor has noise, alternatives, or a field to vary with its values")
        if not self.noise and self.step is None:
            raise ValueError("name the step that varies")
        if ways[2] and (self.vary is None or not self.values):
            raise ValueError("vary names a field and values lists what it takes")
        return self


class IndexSpec(Part):
    """A whole index.

    Attributes
    ----------
    source : str
        Whose index it is, or in whose spirit.
    year : int, optional
        Of the values; where an origin has nothing for it, the last of `years_back` years before is taken.
    published : str, optional
        Figures of others that the result is set beside (`openward.indicators.composite.published`).
    """

    schema_name: Literal["openward.index/1"] = Field(alias="schema")
    name: Code
    title: str
    source: str
    notes: tuple[str, ...] = ()
    year: int | None = None
    years_back: Annotated[int, Field(ge=0)] = 0
    table: InputTable | None = None
    indicators: Annotated[tuple[Member, ...], Field(min_length=1)]
    aggregates: Annotated[tuple[Node, ...], Field(min_length=1)]
    steps: Annotated[tuple[AnyStep, ...], Field(min_length=1)]
    uncertainty: tuple[Factor, ...] = ()
    published: str | None = None

    @field_validator("steps", mode="before")
    @classmethod
    def _steps_written_out(cls, value: Any) -> Any:
        return [written_out(entry) for entry in value] if isinstance(value, list | tuple) else value

    @property
    def available(self) -> tuple[Member, ...]:
        """Indicators that have data."""
        return tuple(member for member in self.indicators if not member.needs)

    @property
    def weighted(self) -> tuple[Member | Node, ...]:
        """All that has a weight: available indicators, then aggregates."""
        return (*self.available, *self.aggregates)
