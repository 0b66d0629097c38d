"""Verify the chain of a case: which event, if any, is not what was recorded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openward.cases.event import GENESIS


@dataclass(frozen=True, slots=True)
class Stored:
    """An event as stored: number, canonical JSON, hash."""

    seq: int
    body: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found.

    Attributes
    ----------
    case : str
    events : int
        Events read.
    head : str
        Hash of the last event: write it down elsewhere, and a rewritten record can be told from this one.
    tampered : int or None
        Number of the first event that is not what was recorded.
    why : str
    removed : tuple of str
        Contents that are no longer held (after retention); their hashes still stand.
    """

    case: str
    events: int
    head: str
    tampered: int | None = None
    why: str = ""
    removed: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return self.tampered is None and not self.why


def verify(
    case: str, stored: Iterable[Stored], *, head: str | None = None, length: int | None = None
) -> Verdict:
    """Check that every event has its number, its hash and the hash of the one before.

    Parameters
    ----------
    case : str
    stored : iterable of Stored
        By number.
    head, length : optional
        Hash of the last event and number of events as known from elsewhere.
    """
    previous, hashes, number = GENESIS, [GENESIS], 0
    for number, one in enumerate(stored, start=1):
        bad, why = _check(case, number, one, previous)
        if why:
            return Verdict(case, number, previous, bad, why)
        previous = one.hash
        hashes.append(previous)
    if number == 0:
        return Verdict(case, 0, previous, 1, "event 1 is missing: there is no event at all")
    if length is not None and number < length:
        why = f"event {number + 1} is missing: {length} were recorded"
        return Verdict(case, number, previous, number + 1, why)
    if head is not None and head != previous:
        if head in hashes:
            extra = hashes.index(head) + 1
            why = f"event {extra} was not there when the head was noted"
            return Verdict(case, number, previous, extra, why)
        return Verdict(
            case, number, previous, None, "the record does not lead to the noted head: it was rewritten"
        )
    return Verdict(case, number, previous)


def _check(case: str, number: int, one: Stored, previous: str) -> tuple[int, str]:
    if one.seq != number:
        return number, f"event {number} is missing: event {one.seq} stands in its place"
    if hashlib.sha256(one.body.encode()).hexdigest() != one.hash:
        return number, f"event {number} was changed: its content does not have its hash"
    try:
        body: Mapping[str, Any] = json.loads(one.body)
        said = body["case"], body["seq"], body["prev"]
    except (ValueError, KeyError, TypeError):
        return number, f"event {number} cannot be read"
    if said[2] != previous:
        # Its own hash is right, so it is the event before that was rehashed.
        changed = max(number - 1, 1)
        return changed, f"event {changed} was changed: event {number} was chained to another one"
    if said[:2] != (case, number):
        return number, f"event {number} belongs elsewhere: it says case {said[0]}, event {said[1]}"
    return number, ""
