"""The locks say exactly what is installed, and nothing about where from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LEVELS = ("run", "all")


def lock(level: str) -> str:
    return (REPOSITORY / "requirements" / f"{level}.txt").read_text()


def pins(level: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock(level), flags=re.MULTILINE))


def project() -> dict[str, object]:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text())


def declared(requirements: list[object]) -> set[str]:
    """Names in a list of requirements, normalized as in a lock."""
    names = [re.match(r"[A-Za-z0-9._-]+", text) for text in requirements if isinstance(text, str)]
    return {re.sub(r"[-_.]+", "-", name.group()).lower() for name in names if name}


@pytest.mark.parametrize("level", LEVELS)
def test_every_pin_has_a_hash(level: str) -> None:
    for entry in re.split(r"^(?=[a-z0-9])", lock(level), flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


@pytest.mark.parametrize("level", LEVELS)
def test_no_address_is_locked(level: str) -> None:
    assert not re.search(r"://|^\s*-(i|f|-index|-extra|-find|-trusted)", lock(level), flags=re.MULTILINE)


def test_everything_pins_what_running_pins() -> None:
    assert pins("run") <= pins("all")


def test_what_is_declared_is_locked() -> None:
    data = project()
    groups = data["dependency-groups"]
    assert isinstance(data["project"], dict)
    assert isinstance(groups, dict)
    for_running = declared(data["project"]["dependencies"]) | declared(groups["build"])
    assert for_running <= {name for name, _ in pins("run")}
    assert for_running | declared(groups["dev"]) <= {name for name, _ in pins("all")}
