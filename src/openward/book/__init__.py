"""The law as data: acts, measures, their duties; books of them; reforms that edit books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openward.book.loading import load
    from openward.book.reform_files import load_reform, shipped_reforms

__all__ = ["load", "load_reform", "shipped_reforms"]

_HOMES = {"load": "loading", "load_reform": "reform_files", "shipped_reforms": "reform_files"}


def __getattr__(name: str) -> Any:
    # Reading files needs pydantic and YAML; those who only want the nouns should not wait for them.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"openward.book.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
