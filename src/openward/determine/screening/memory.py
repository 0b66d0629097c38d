"""Hits that a person has looked at and cleared, remembered until either side changes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from openward.determine.screening.party import Party
from openward.errors import InputError


@dataclass(frozen=True, slots=True)
class Clearing:
    """One cleared hit: who the two parties are, what was known of each, who cleared it, when and why."""

    query: str
    candidate: str
    query_fingerprint: str
    candidate_fingerprint: str
    by: str
    on: str
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a hit is ``open``, ``cleared`` or ``reopened``, and why."""

    state: str
    why: str = ""


class ClearedHits:
    """The clearings of a file, one JSON object a line, only ever added to.

    Parameters
    ----------
    path : Path, optional
        Without one the memory lasts as long as the object.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._latest: dict[tuple[str, str], Clearing] = {}
        if path is not None and path.exists():
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                if line.strip():
                    self._keep(_clearing(line, f"{path.name}:{number}"))

    def _keep(self, clearing: Clearing) -> None:
        self._latest[clearing.query, clearing.candidate] = clearing

    def clear(self, query: Party, candidate: Party, *, by: str, on: date, reason: str) -> Clearing:
        """Remember that a hit was looked at and is not the party.

        Raises
        ------
        InputError
            Where no person or no reason is named.
        """
        if not by.strip() or not reason.strip():
            raise InputError("a clearing needs a person and a reason", hint="say who cleared it and why")
        clearing = Clearing(
            query.id, candidate.id, query.fingerprint, candidate.fingerprint, by, on.isoformat(), reason
        )
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(clearing), ensure_ascii=False, sort_keys=True) + "\n")
        self._keep(clearing)
        return clearing

    def standing(self, query: Party, candidate: Party) -> Standing:
        """Say how a hit stands: a clearing holds only while both sides are as they were."""
        clearing = self._latest.get((query.id, candidate.id))
        if clearing is None:
            return Standing("open")
        said = f"cleared by {clearing.by} on {clearing.on}: {clearing.reason}"
        changed = [
            side
            for side, now, then in (
                ("the party asked about", query.fingerprint, clearing.query_fingerprint),
                ("the listed party", candidate.fingerprint, clearing.candidate_fingerprint),
            )
            if now != then
        ]
        if changed:
            return Standing("reopened", f"{' and '.join(changed)} changed since it was {said}")
        return Standing("cleared", said)


def _clearing(line: str, where: str) -> Clearing:
    try:
        return Clearing(**json.loads(line))
    except (json.JSONDecodeError, TypeError) as bad:
        raise InputError(
            "this line is not a clearing",
            where=where,
            hint="the file is written by 'openward screen --clear'",
        ) from bad
