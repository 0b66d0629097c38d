"""What each edit does to one timeline: close it, change it from a day on, open it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from openward.book.model import Measure
from openward.book.timeline import Timeline
from openward.codes.membership import Membership
from openward.codes.terms import Interval, Status
from openward.errors import InputError, InputErrors, RefusedError


def repealed(timeline: Timeline, start: date) -> Timeline:
    """Give the timeline that ends on ``start``."""
    return tuple(
        replace(version, valid=_until(version.valid, start))
        for version in timeline
        if version.valid.start < start
    )


def amended(timeline: Timeline, patch: Mapping[str, Any], start: date) -> Timeline:
    """Give the timeline in which, from ``start`` on, the measure says what the patch says.

    Without ``valid`` in the patch every later version is patched for itself. With it one version follows:
    that of ``start`` (or the next to begin, or else the last that ended), patched, on the days of ``valid``.
    """
    before = repealed(timeline, start)
    if "valid" in patch:
        changed = patched(base_version(timeline, start), patch)
        if changed.valid.empty:
            raise InputError(
                f"the amended measure is valid on no day: [{changed.valid.start}, {changed.valid.end})",
                hint="set valid.to as well; null leaves it open",
            )
        return (*before, replace(changed, valid=_from(changed.valid, start)))
    later = [v for v in timeline if v.valid.end is None or v.valid.end > start]
    return (*before, *(replace(patched(v, patch), valid=_from(v.valid, start)) for v in later))


def base_version(timeline: Timeline, start: date) -> Measure:
    """Give the version in force on a day, or else the next to begin, or else the last that ended."""
    for version in timeline:
        if version.valid.end is None or version.valid.end > start:
            return version
    return timeline[-1]


def patched(measure: Measure, patch: Mapping[str, Any]) -> Measure:
    """Give the measure with a JSON merge patch applied to its document.

    Raises
    ------
    RefusedError
        The patch sets the id.
    InputErrors
        The result is not a measure (unknown field, wrong date, a duty that is not understood ...).
    """
    from pydantic import ValidationError

    from openward.book.documents import measure_document, measure_from, plain
    from openward.book.fields import explain
    from openward.book.schema import MeasureDoc

    if "id" in patch:
        raise RefusedError("an amendment cannot change the id", hint="repeal the measure and add another")
    merged = merge(measure_document(measure), plain(patch))
    merged["id"] = measure.id
    try:
        return measure_from(MeasureDoc.model_validate(merged), where=measure.where)
    except ValidationError as error:
        raise InputErrors(explain(error.errors(), lambda _: "", MeasureDoc)) from None


def merge(document: dict[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Apply a JSON merge patch (RFC 7396)."""
    merged = dict(document)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            inner = merged.get(name)
            merged[name] = merge(inner if isinstance(inner, dict) else {}, value)
        else:
            merged[name] = value
    return merged


def patch_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Give the JSON merge patch that turns one document into another."""
    patch: dict[str, Any] = {name: None for name in before if name not in after}
    for name, value in after.items():
        old = before.get(name)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            inner = patch_between(old, value)
            if inner:
                patch[name] = inner
        elif value != old:
            patch[name] = value
    return patch


def extended(
    memberships: tuple[Membership, ...], group: str, economy: str, start: date
) -> tuple[Membership, ...]:
    """Give the memberships of an economy that is a member from ``start`` on."""
    before = without(memberships, start)
    running = next((one for one in memberships if start in one.valid), None)
    if running is not None:
        return (*(one for one in before if one.valid.start != running.valid.start), _opened(running))
    last = before[-1] if before else None
    if last is not None and last.valid.end == start:
        return (*before[:-1], _opened(last))
    joined = Membership(group, economy, Interval(start), source="a reform", status=Status.OFFICIAL)
    return (*before, joined)


def without(memberships: tuple[Membership, ...], start: date) -> tuple[Membership, ...]:
    """Give the memberships of an economy that is no member from ``start`` on."""
    return tuple(
        replace(one, valid=_until(one.valid, start)) for one in memberships if one.valid.start < start
    )


def _opened(membership: Membership) -> Membership:
    return replace(membership, valid=Interval(membership.valid.start))


def _until(valid: Interval, end: date) -> Interval:
    return Interval(valid.start, end if valid.end is None else min(valid.end, end))


def _from(valid: Interval, start: date) -> Interval:
    return Interval(max(valid.start, start), valid.end)
