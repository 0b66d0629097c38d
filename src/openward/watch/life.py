"""The life of alerts: new, acknowledged, cleared with a reason, reopened; a fold over the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from openward.errors import InputError, RefusedError, UnknownCodeError
from openward.watch.alert import Alert
from openward.watch.log import Draft, Event, append, read_log, writing


class State(StrEnum):
    """State of an alert."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"
    REOPENED = "reopened"


_AFTER = {
    "opened": State.NEW,
    "acknowledged": State.ACKNOWLEDGED,
    "cleared": State.CLEARED,
    "reopened": State.REOPENED,
}
_FROM = {
    "acknowledged": frozenset({State.NEW, State.REOPENED}),
    "cleared": frozenset({State.NEW, State.ACKNOWLEDGED, State.REOPENED}),
    "reopened": frozenset({State.CLEARED}),
}
NEEDS_REASON = frozenset({"cleared", "reopened"})


@dataclass(frozen=True, slots=True)
class Standing:
    """An alert in the record.

    Attributes
    ----------
    id : str
    state : State
    document : mapping
        As it was opened (``openward.alert/1``).
    history : tuple of Event
        Opened, acknowledged, cleared, reopened; deliveries are not in it.
    """

    id: str
    state: State
    document: Mapping[str, Any]
    history: tuple[Event, ...]


def standings(events: Iterable[Event]) -> Mapping[str, Standing]:
    """Give the state of every alert, in the order of opening."""
    found: dict[str, Standing] = {}
    for event in events:
        if event.kind not in _AFTER:
            continue
        state, before = _AFTER[event.kind], found.get(event.alert)
        if before is None:
            found[event.alert] = Standing(event.alert, state, event.body["alert"], (event,))
        else:
            found[event.alert] = Standing(before.id, state, before.document, (*before.history, event))
    return found


def open_alerts(
    path: Path, alerts: Sequence[Alert], *, by: str, at: datetime | None = None
) -> tuple[str, ...]:
    """Add the alerts that the record does not hold; give their ids. Doing it twice adds nothing."""
    with writing(path):
        events = read_log(path)
        known = set(standings(events))
        fresh = {alert.id: alert for alert in alerts if alert.id not in known}
        drafts = [Draft("opened", key, _now(at), by, {"alert": one.document()}) for key, one in fresh.items()]
        append(path, drafts, seen=len(events))
    return tuple(fresh)


def change(
    path: Path, alert: str, kind: str, *, by: str, reason: str = "", at: datetime | None = None
) -> Standing:
    """Acknowledge, clear or reopen an alert.

    Parameters
    ----------
    path : Path
        The record.
    alert : str
        Id, or a beginning of it that no other alert has.
    kind : {"acknowledged", "cleared", "reopened"}
    by : str
        Who; may not be empty.
    reason : str
        Needed to clear and to reopen.

    Raises
    ------
    UnknownCodeError
        The record holds no such alert.
    RefusedError
        The alert's state does not allow it.
    InputError
        No reason, or nobody's name.
    """
    if kind not in _FROM:
        raise InputError(f"{kind!r} is no change of an alert", hint=", ".join(_FROM))
    if not by.strip():
        raise InputError("an alert is changed by somebody", where="by", hint="name the person or desk")
    if kind in NEEDS_REASON and not reason.strip():
        raise InputError(f"an alert is {kind} for a reason", where="reason", hint="say why")
    with writing(path):
        events = read_log(path)
        found = find(events, alert)
        if found.state not in _FROM[kind]:
            raise RefusedError(
                f"alert {found.id} is {found.state}, it cannot be {kind}",
                hint=f"since {found.history[-1].at} by {found.history[-1].by}",
            )
        append(path, [Draft(kind, found.id, _now(at), by, {"reason": reason})], seen=len(events))
        return find(read_log(path), found.id)


def find(events: Iterable[Event], alert: str) -> Standing:
    """Give the alert of that id, or of the one id that begins so."""
    known = standings(events)
    near = [key for key in known if alert and key.startswith(alert)]
    if len(near) != 1:
        what = f"{len(near)} alerts begin with {alert!r}" if near else f"no alert {alert!r}"
        raise UnknownCodeError(what, hint="openward watch alerts lists them")
    return known[near[0]]


def _now(at: datetime | None) -> str:
    return (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
