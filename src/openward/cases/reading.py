"""Read procedures from their files; unknown fields and dangling names are errors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openward.cases.period import Period, Unit
from openward.cases.procedure import Extension, Kind, Limit, Procedure, Stop, Transition
from openward.cases.roles import Role
from openward.codes.tables import nearest, unknown
from openward.codes.terms import Status
from openward.errors import InputError, InputErrors


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _StopFile(_Strict):
    by: str
    until: tuple[str, ...]


class _ExtensionFile(_Strict):
    by: str
    length: int = Field(gt=0)
    unit: Unit
    fact: str = ""
    most: int = Field(1, gt=0)
    total: int | None = None


class _LimitFile(_Strict):
    id: str
    title: str
    kind: Kind = Kind.DUE
    length: int = Field(gt=0)
    unit: Unit
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    stops: tuple[_StopFile, ...] = ()
    extensions: tuple[_ExtensionFile, ...] = ()
    start_fact: str = ""
    length_fact: str = ""
    before: str = ""
    before_start: bool = False
    at_least_term: str = ""
    rolls: bool = False
    article: str
    act: str = ""
    evidence: Status | None = None
    lapse: str = ""
    note: str = ""


class _TransitionFile(_Strict):
    action: str
    title: str
    sources: tuple[str, ...] = Field((), alias="from")
    target: str = Field("", alias="to")
    roles: tuple[Role, ...]
    article: str = ""
    decision: bool = False
    facts: dict[str, str] = {}
    documents: tuple[str, ...] = ()
    four_eyes: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    proposes: dict[str, Any] = {}


class ProcedureFile(_Strict):
    """``openward.procedure/1``."""

    schema_: Literal["openward.procedure/1"] = Field(alias="schema")
    id: str
    economy: str
    title: dict[str, str]
    authority: str
    act: str
    evidence: Status
    source: str = ""
    note: str = ""
    calendar: str = ""
    initial: str
    final: tuple[str, ...]
    opens: _TransitionFile
    transitions: tuple[_TransitionFile, ...]
    limits: tuple[_LimitFile, ...]
    confidential: tuple[str, ...] = ()
    retention_years: int | None = None
    retention_basis: str = ""


def read(text: str, *, where: str) -> Procedure:
    """Read one procedure.

    Raises
    ------
    InputError
        A field is unknown or has the wrong form, or a limit names an action nobody can take.
    """
    try:
        found = ProcedureFile.model_validate(yaml.safe_load(text))
    except ValidationError as bad:
        raise InputErrors(
            [InputError(e["msg"], where=f"{where}: {'.'.join(map(str, e['loc']))}") for e in bad.errors()]
        ) from bad
    procedure = _built(found, hashlib.sha256(text.encode()).hexdigest())
    problems = [InputError(problem, where=where) for problem in _dangling(procedure)]
    if problems:
        raise InputErrors(problems)
    return procedure


def _built(found: ProcedureFile, digest: str) -> Procedure:
    return Procedure(
        id=found.id,
        economy=found.economy,
        title=MappingProxyType(found.title),
        authority=found.authority,
        initial=found.initial,
        final=found.final,
        opens=_transition(found.opens, found.initial),
        transitions=tuple(_transition(one, "") for one in found.transitions),
        limits=tuple(_limit(one, found) for one in found.limits),
        confidential=found.confidential,
        retention_years=found.retention_years,
        retention_basis=found.retention_basis,
        source=found.source,
        note=found.note,
        digest=digest,
    )


def _transition(found: _TransitionFile, target: str) -> Transition:
    return Transition(
        action=found.action,
        title=found.title,
        sources=found.sources,
        target=found.target or target,
        roles=found.roles,
        article=found.article,
        decision=found.decision,
        facts=MappingProxyType(found.facts),
        documents=found.documents,
        four_eyes=found.four_eyes,
        within=found.within,
        not_before=found.not_before,
        proposes=MappingProxyType(found.proposes),
    )


def _limit(found: _LimitFile, whole: ProcedureFile) -> Limit:
    return Limit(
        id=found.id,
        title=found.title,
        kind=found.kind,
        period=Period(found.length, found.unit),
        starts=found.starts,
        ends=found.ends,
        unless=found.unless,
        stops=tuple(Stop(one.by, one.until) for one in found.stops),
        extensions=tuple(
            Extension(one.by, Period(one.length, one.unit), one.fact, one.most, one.total)
            for one in found.extensions
        ),
        start_fact=found.start_fact,
        length_fact=found.length_fact,
        before=found.before,
        before_start=found.before_start,
        at_least_term=found.at_least_term,
        calendar=whole.calendar,
        rolls=found.rolls,
        article=found.article,
        act=found.act or whole.act,
        evidence=found.evidence or whole.evidence,
        lapse=found.lapse,
        note=found.note,
    )


def _dangling(procedure: Procedure) -> Iterator[str]:
    actions = {procedure.opens.action, *(one.action for one in procedure.transitions)}
    limits = {one.id for one in procedure.limits}
    if len(limits) != len(procedure.limits):
        yield "two limits have the same id"
    if len(actions) != len(procedure.transitions) + 1:
        yield "two transitions have the same action"
    for limit in procedure.limits:
        named = {*limit.starts, *limit.ends, *limit.unless, *(e.on for e in limit.extensions)}
        for stop in limit.stops:
            named |= {stop.on, *stop.until}
        yield from (f"limit {limit.id}: no action {name!r}" for name in sorted(named - actions))
        terms = {limit.before, limit.at_least_term} - {""}
        yield from (f"limit {limit.id}: no limit {name!r}" for name in sorted(terms - limits))
        if not limit.starts and not limit.before:
            yield f"limit {limit.id}: nothing starts it"
        if (limit.period.unit is Unit.WORKING_DAYS or limit.rolls) and not limit.calendar:
            yield f"limit {limit.id}: it needs a calendar"
    for one in procedure.transitions:
        if not one.sources:
            yield f"action {one.action}: it leads from no state"
        yield from (
            f"action {one.action}: no limit {n!r}" for n in (*one.within, *one.not_before) if n not in limits
        )
        yield from (f"action {one.action}: no action {n!r}" for n in one.four_eyes if n not in actions)
        for name in (*one.sources, one.target):
            if not name.isascii():
                yield f"action {one.action}: state {name!r} is not ASCII"


def shipped() -> tuple[str, ...]:
    """Give the ids of the procedures that ship with openward."""
    return tuple(_index())


@lru_cache(maxsize=1)
def _index() -> dict[str, Path]:
    folder = Path(str(files("openward.cases"))) / "procedures"
    found = {f"{path.parent.name}-{path.stem}": path for path in folder.glob("*/*.yaml")}
    return dict(sorted(found.items()))


def text_of(name: str) -> str:
    """Give the text of a shipped procedure.

    Raises
    ------
    UnknownCodeError
    """
    index = _index()
    if name not in index:
        raise unknown("procedure", name, nearest(name, index), "openward case procedures lists them")
    return index[name].read_text(encoding="utf-8")


@lru_cache(maxsize=64)
def procedure(name: str) -> Procedure:
    """Give a shipped procedure by its id, such as ``chn-anti-dumping``.

    Raises
    ------
    UnknownCodeError
    """
    found = read(text_of(name), where=name)
    if found.id != name:
        raise InputError(f"the procedure of the file {name} is called {found.id}", hint=f"call it {name}")
    return found
