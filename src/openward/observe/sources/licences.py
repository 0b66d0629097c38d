"""Terms are shown before use, and that they were accepted is written down."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openward.errors import InputError, RefusedError
from openward.observe.sources.model import Source
from openward.observe.sources.settings import Settings

_FILE = "licences.json"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """That a user accepted the terms of a source.

    Attributes
    ----------
    licence : str
    text : str
        SHA-256 of the terms as shown; other terms ask anew.
    accepted : str
        ISO date.
    """

    licence: str
    text: str
    accepted: str


def require_licence(source: Source, *, root: Path, settings: Settings) -> Acceptance:
    """Show the terms of a source, and see that they are accepted.

    Parameters
    ----------
    source : Source
    root : Path
        Folder of the cache, where acceptances are kept.
    settings : Settings

    Raises
    ------
    RefusedError
        They are not accepted, now or before.
    """
    settings.tell(f"{source.title} ({source.publisher}): {source.licence.sentence()}")
    shown = hashlib.sha256(source.licence.sentence().encode()).hexdigest()
    before = acceptances(root).get(source.name)
    if before is not None and before.text == shown:
        return before
    if not settings.accept_licence:
        raise RefusedError(
            f"the terms of {source.name} are not accepted yet: {source.licence.name}",
            hint=f"read {source.licence.url}, then give --accept-licence",
            where=source.name,
        )
    accepted = Acceptance(source.licence.name, shown, date.today().isoformat())
    _record(root, source.name, accepted)
    return accepted


def acceptances(root: Path) -> dict[str, Acceptance]:
    """Give what was accepted so far, by source."""
    path = root / _FILE
    try:
        raw: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return {name: Acceptance(**entry) for name, entry in raw.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):
        raise InputError(
            "the record of accepted licences cannot be read",
            hint="remove it and accept anew",
            where=str(path),
        ) from None


def _record(root: Path, name: str, accepted: Acceptance) -> None:
    entries = {**acceptances(root), name: accepted}
    root.mkdir(parents=True, exist_ok=True)
    fresh = root / (_FILE + ".new")
    text = {
        key: {"licence": one.licence, "text": one.text, "accepted": one.accepted}
        for key, one in sorted(entries.items())
    }
    fresh.write_text(json.dumps(text, indent=1), encoding="utf-8")
    os.replace(fresh, root / _FILE)
