"""Clocks and events as rows for people and programs."""

from __future__ import annotations

from typing import Any

from openward.cases.clock import Deadline
from openward.cases.event import Event, stamp


def deadline_row(one: Deadline) -> dict[str, Any]:
    """Give a clock as a row; days are ISO text, ``left`` counts what its limit counts."""
    return {
        "limit": one.limit,
        "title": one.title,
        "state": one.state.value,
        "start": one.start.isoformat(),
        "last_day": one.due.isoformat() if one.due else None,
        "period": str(one.period),
        "left": one.left,
        "stood_still": one.stood,
        "provisional": one.provisional,
        "law": f"{one.act} {one.article}",
        "evidence": one.evidence.value,
        "note": "; ".join(text for text in (one.lapse, one.note) if text),
    }


def event_row(one: Event) -> dict[str, Any]:
    """Give an event as a row; confidential facts only by name."""
    corrects = {"corrects": one.corrects, "day": str(one.correct_on)} if one.corrects else {}
    return {
        "seq": one.seq,
        "action": one.action,
        "on": one.on.isoformat(),
        "at": stamp(one.at),
        "actor": one.actor,
        "role": one.role.value,
        "facts": {**one.facts, **dict.fromkeys(one.sealed, "(confidential)"), **corrects},
        "documents": [f"{d.kind}: {d.name} [{d.sha256[:12]}]" for d in one.documents],
        "note": one.note,
        "hash": one.hash,
    }
