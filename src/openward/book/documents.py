"""The nouns of the book as plain documents (what stands in files), and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import yaml

from openward.book import duty as duties
from openward.book.edits import Add, Amend, Citation, Edit, Join, Leave, Reform, Repeal
from openward.book.fields import decimal
from openward.book.file_schemas import ActDoc, QuotaDoc
from openward.book.model import (
    Article,
    Condition,
    Effect,
    LegalAct,
    ListingEvent,
    Measure,
    ProductScope,
    Quota,
    QuotaPeriod,
    Scope,
)
from openward.book.schema import EditDoc, EffectDoc, MeasureDoc, ReformDoc, ScopeDoc
from openward.codes.terms import Interval, Status

Doc = dict[str, Any]


def measure_document(measure: Measure) -> Doc:
    """Give a measure as written in files (``openward.measure/1``); what says nothing is left out."""
    scope, effect = measure.scope, measure.effect
    doc: Doc = {
        "id": measure.id,
        "instrument": measure.instrument.value,
        "imposed_by": measure.imposed_by,
        "flow": measure.flow.value,
        "scope": _said(
            products=scope.products
            and {"edition": scope.products.edition, "ranges": list(scope.products.ranges)},
            partners=list(scope.partners),
            exclude=list(scope.exclude),
            sectors=list(scope.sectors),
            parties=list(scope.parties),
            end_uses=list(scope.end_uses),
            hint_only=scope.hint_only,
            exclude_products=list(scope.exclude_products),
            additional_codes=list(scope.additional_codes),
        ),
        "effect": _said(
            duty=None if effect.duty is None else str(effect.duty),
            text=effect.text,
            quota=effect.quota,
            number=_number(effect.number),
            unit=effect.unit,
            keep={"items": effect.items},
        ),
        "conditions": [{condition.kind: condition.value} for condition in measure.conditions],
        "valid": interval_document(measure.valid),
        "act": measure.act,
        "article": measure.article,
        "zone": measure.zone,
        "recorded": _iso(measure.recorded),
        "withdrawn": _iso(measure.withdrawn),
        "status": "" if measure.status is Status.OFFICIAL else measure.status.value,
        "note": measure.note,
        "events": [_event_document(event) for event in measure.events],
    }
    return _said(**doc)


def _event_document(event: ListingEvent) -> Doc:
    doc = {"kind": event.kind, "on": event.on.isoformat(), "act": event.act}
    return doc | _said(until=_iso(event.until), recorded=_iso(event.recorded))


def _said(*, keep: Doc | None = None, **fields: Any) -> Doc:
    said = {name: value for name, value in fields.items() if value not in (None, "", [], {}, False)}
    return said | {name: value for name, value in (keep or {}).items() if value is not None}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def interval_document(valid: Interval) -> Doc:
    """Give ``{from, to}``; an open interval has no ``to``."""
    days = {"from": valid.start.isoformat()}
    return days if valid.end is None else days | {"to": valid.end.isoformat()}


def measure_from(doc: MeasureDoc, *, where: str = "") -> Measure:
    """Build a measure from its validated document."""
    return Measure(
        id=doc.id,
        instrument=doc.instrument,
        imposed_by=doc.imposed_by,
        flow=doc.flow,
        scope=_scope(doc.scope),
        effect=_effect(doc.effect),
        valid=Interval(doc.valid.start, doc.valid.end),
        act=doc.act,
        article=doc.article,
        conditions=tuple(Condition(kind, value) for one in doc.conditions for kind, value in one.items()),
        zone=doc.zone,
        recorded=doc.recorded,
        withdrawn=doc.withdrawn,
        status=doc.status,
        note=doc.note,
        events=tuple(
            ListingEvent(event.kind, event.on, event.act, event.until, event.recorded) for event in doc.events
        ),
        where=where,
    )


def _effect(doc: EffectDoc) -> Effect:
    return Effect(
        duty=None if doc.duty is None else duties.parse(doc.duty),
        items=doc.items,
        text=doc.text,
        quota=doc.quota,
        number=None if doc.number is None else decimal(doc.number),
        unit=doc.unit,
    )


def _scope(doc: ScopeDoc) -> Scope:
    return Scope(
        products=None if doc.products is None else ProductScope(doc.products.edition, doc.products.ranges),
        partners=doc.partners,
        exclude=doc.exclude,
        sectors=doc.sectors,
        parties=doc.parties,
        end_uses=doc.end_uses,
        hint_only=doc.hint_only,
        exclude_products=doc.exclude_products,
        additional_codes=doc.additional_codes,
    )


def act_from(doc: ActDoc) -> LegalAct:
    """Build an act from its validated document."""
    fields = {name: getattr(doc, name) for name in ActDoc.model_fields}
    fields["articles"] = tuple(Article(number, text) for number, text in doc.articles.items())
    return LegalAct(**fields)


def quota_from(doc: QuotaDoc, *, where: str = "") -> Quota:
    """Build a quota from its validated document."""
    periods = tuple(
        QuotaPeriod(
            valid=Interval(one.valid.start, one.valid.end),
            volume=decimal(one.volume),
            unit=one.unit,
            balance=None if one.balance is None else decimal(one.balance),
            critical=one.critical,
            filled_on=one.filled_on,
        )
        for one in doc.periods
    )
    fields = {name: getattr(doc, name) for name in QuotaDoc.model_fields if name != "periods"}
    return Quota(**fields, periods=periods, where=where)


def quota_document(quota: Quota) -> Doc:
    """Give a quota as written in files (``openward.quotas/1``)."""
    periods = [
        {"valid": interval_document(one.valid), "volume": _number(one.volume), "unit": one.unit}
        | _said(
            balance=_number(one.balance),
            critical=one.critical,
            filled_on=_iso(one.filled_on),
        )
        for one in quota.periods
    ]
    return _said(
        order_number=quota.order_number,
        imposed_by=quota.imposed_by,
        origins=list(quota.origins),
        exclude=list(quota.exclude),
        periods=periods,
        act=quota.act,
        status="" if quota.status is Status.OFFICIAL else quota.status.value,
        note=quota.note,
        recorded=_iso(quota.recorded),
        withdrawn=_iso(quota.withdrawn),
    )


def edit_document(edit: Edit) -> Doc:
    """Give an edit as written in files: a map with one key."""
    if isinstance(edit, Add):
        return {"add": measure_document(edit.measure)}
    start = {"from": edit.start.isoformat()}
    if isinstance(edit, Repeal):
        return {"repeal": {"measure": edit.measure_id} | start}
    if isinstance(edit, Amend):
        return {"amend": {"measure": edit.measure_id, "set": plain(edit.set)} | start}
    return {edit.kind: {"economy": edit.economy, "group": edit.group} | start}


def edit_from(doc: EditDoc, *, where: str = "") -> Edit:
    """Build an edit from its validated document."""
    if doc.add is not None:
        return Add(measure_from(doc.add, where=where), where=where)
    if doc.amend is not None:
        patch = doc.amend.set.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return Amend(doc.amend.measure, MappingProxyType(patch), doc.amend.start, where=where)
    if doc.repeal is not None:
        return Repeal(doc.repeal.measure, doc.repeal.start, where=where)
    if doc.join is not None:
        return Join(doc.join.economy, doc.join.group, doc.join.start, where=where)
    assert doc.leave is not None
    return Leave(doc.leave.economy, doc.leave.group, doc.leave.start, where=where)


def reform_document(reform: Reform) -> Doc:
    """Give a reform as written in files (``openward.reform/1``)."""
    doc: Doc = {"schema": "openward.reform/1", "name": reform.name}
    doc |= _said(
        title=dict(reform.title),
        description=dict(reform.description),
        source=_said(act=reform.source.act, url=reform.source.url),
    )
    return doc | {"edits": [edit_document(edit) for edit in reform.edits]}


def reform_from(doc: ReformDoc, *, where: tuple[str, ...] = ()) -> Reform:
    """Build a reform from its validated document; ``where`` says for each edit where it stands."""
    places = where or tuple("" for _ in doc.edits)
    return Reform(
        name=doc.name,
        edits=tuple(edit_from(edit, where=place) for edit, place in zip(doc.edits, places, strict=True)),
        title=MappingProxyType({str(lang): text for lang, text in doc.title.items()}),
        description=MappingProxyType({str(lang): text for lang, text in doc.description.items()}),
        source=Citation(doc.source.act, doc.source.url),
    )


def plain(value: Any) -> Any:
    """Copy nested mappings and sequences into dicts and lists, dates into text: what JSON can hold."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


class _Dumper(yaml.SafeDumper):
    """Writes dates without quotes."""


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if not tag.endswith(":timestamp")]
    for first, rules in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def to_yaml(doc: Doc) -> str:
    """Write a document as YAML, fields in their order."""
    text: str = yaml.dump(doc, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text
