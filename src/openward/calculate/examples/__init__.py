"""Worked examples that ship: one input file for each calculator."""

from __future__ import annotations

from pathlib import Path

from openward.errors import UnknownCodeError

_FOLDER = Path(__file__).parent


def examples() -> tuple[str, ...]:
    """Name the examples."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def example_path(name: str) -> Path:
    """Give the file of an example.

    Raises
    ------
    UnknownCodeError
    """
    if name not in examples():
        raise UnknownCodeError(f"no example is called {name!r}", hint=f"known are {', '.join(examples())}")
    return _FOLDER / f"{name}.yaml"
