"""The standard trade models behind one interface: ``get(name).solve(baseline, shock) -> Outcome``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from openward.errors import UsageError
from openward.simulate.models.protocol import Model, Options

__all__ = ["NAMES", "Model", "Options", "get"]

NAMES: Mapping[str, str] = {
    "caliendo-parro": "linked",
    "armington": "armington",
    "krugman": "krugman",
    "melitz-pareto": "melitz_pareto",
    "specific-factors": "specific_factors",
    "gravity": "gravity",
    "gravity-conditional": "gravity_conditional",
    "gravity-sectors": "gravity_sectors",
}
"""Names of models, each with the module that states its equations."""


def get(name: str) -> Model:
    """Give a model by its name.

    Raises
    ------
    UsageError
        No model is called so.
    """
    if name not in NAMES:
        raise UsageError(f"no model is called {name!r}", hint="there are " + ", ".join(NAMES))
    return cast(Model, import_module(f"openward.simulate.models.{NAMES[name]}").MODEL)
