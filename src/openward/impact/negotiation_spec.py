"""Negotiations as files (``openward.negotiation/1``)."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openward.errors import InputError, InputErrors, MissingDataError

SCHEMA = "openward.negotiation/1"


class PartySpec(BaseModel):
    """A party: economies or dated groups, and what it will not give up."""

    model_config = ConfigDict(extra="forbid")
    name: str
    economies: list[str] = Field(min_length=1, description="ISO alpha-3 codes, or groups by their members.")
    sensitive: list[str] = Field(default=[], description="Industries in which it keeps its tariffs.")
    maximum_cut: float = Field(1.0, ge=0, le=1, description="Largest part of a tariff taken away.")
    revenue_floor: float = Field(0.0, ge=0, le=1, description="Part of tariff revenue that must be left.")
    weight: float = Field(1.0, gt=0)


class CutsSpec(BaseModel):
    """What may be cut among the parties."""

    model_config = ConfigDict(extra="forbid")
    sectors: list[str] = Field(default=[], description="Industries; all goods by default.")
    trade_costs: float = Field(0.0, ge=0, lt=0.5, description="Largest cut of other trade costs, fraction.")
    trade_cost_sectors: list[str] = Field(default=[], description="Industries; all goods by default.")
    staging: dict[int, float] = Field(default={}, description="Part of the cuts made by each year.")


class NegotiationSpec(BaseModel):
    """A negotiation."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    schema_: Literal["openward.negotiation/1"] = Field(alias="schema")
    name: str
    title: dict[str, str] = {}
    description: str = ""
    book: str = "chn"
    on: date | None = Field(None, description="Day of the law; the last day the book covers by default.")
    closure: Literal["fixed", "world-gdp-share", "balanced"] = "fixed"
    elasticities: str = "caliendo-parro"
    parties: list[PartySpec] = Field(min_length=2)
    cuts: CutsSpec = Field(default_factory=lambda: CutsSpec.model_validate({}))
    objective: Literal["joint", "nash", "weighted"] = "joint"
    no_worse_off: Literal["members", "parties"] = "members"


def shipped_negotiations() -> tuple[str, ...]:
    """Give the names of worked cases that come with the package."""
    folder = files("openward.impact").joinpath("negotiations")
    return tuple(sorted(e.name.removesuffix(".yaml") for e in folder.iterdir() if e.name.endswith(".yaml")))


def read_spec(spec: str | Path) -> NegotiationSpec:
    """Read a negotiation from a file, or a shipped one by its name.

    Raises
    ------
    MissingDataError
        No such file or shipped case.
    InputErrors
        Everything that is wrong, by field.
    """
    path, where = Path(spec), str(spec)
    if path.is_file():
        text = path.read_text(encoding="utf-8")
    elif where in shipped_negotiations():
        text = files("openward.impact").joinpath("negotiations", f"{where}.yaml").read_text(encoding="utf-8")
    else:
        raise MissingDataError(
            f"no file and no shipped negotiation is called {where!r}",
            hint="shipped: " + ", ".join(shipped_negotiations()),
        )
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as bad:
        raise InputError(f"not YAML: {bad}", where=where) from bad
    if not isinstance(data, dict):
        raise InputError("a negotiation is a mapping", where=where, hint=f"begin with schema: {SCHEMA}")
    try:
        made = NegotiationSpec.model_validate(data)
    except ValidationError as bad:
        raise InputErrors(
            [
                InputError(
                    f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}",
                    where=where,
                    hint="fields are described in docs/deals.md",
                )
                for error in bad.errors()
            ]
        ) from bad
    _check_staging(made, where)
    return made


def _check_staging(spec: NegotiationSpec, where: str) -> None:
    stages = sorted(spec.cuts.staging.items())
    parts = [part for _, part in stages]
    if parts and (parts != sorted(parts) or parts[-1] != 1.0 or parts[0] < 0):
        raise InputError(
            "staging must rise to 1",
            where=f"{where}: cuts.staging",
            hint="for example {2027: 0.25, 2030: 0.5, 2035: 1.0}",
        )
