"""The packages that screening needs, imported late so that the core works without them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from openward.errors import MissingDataError


@cache
def needed(module: str) -> Any:
    """Import a package of the ``screening`` extra.

    Raises
    ------
    MissingDataError
        Where it is not installed, with the command that installs it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        raise MissingDataError(
            f"screening needs the package {missing.name}, which is not installed",
            hint="pip install 'openward[screening]'",
            where="openward.determine.screening",
        ) from missing
