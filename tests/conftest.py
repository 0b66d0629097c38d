"""Fixtures every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with facts, golden cases and real data; tests that need it skip where it is absent."""
    path = Path(os.environ.get("OPENWARD_SHARED", REPOSITORY.parent / "shared"))
    if not path.is_dir():
        pytest.skip("no shared data folder beside the repository (set OPENWARD_SHARED to name it)")
    return path
