"""Fixtures of the sources: a faulty server, an empty cache, and nothing of the machine's own settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.observe.sources.faulty_server import Shelf, serving

from openward.observe.sources.cache import Cache

CONTENT = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENWARD_OFFLINE", "OPENWARD_CACHE", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with serving(CONTENT) as served:
        yield served


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def recorded() -> Path:
    """Small files in the layouts of the publishers, written by hand."""
    return Path(__file__).parent / "recorded"
