"""What can be asked about cases over HTTP. Every route names who asks; the desk decides what they may."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from openward.cases.audit import verify_case
from openward.cases.bundle import export, verify_bundle
from openward.cases.desk import Upload
from openward.cases.machine import Attempt, actions
from openward.cases.people import dismiss, enroll, listed, recognized
from openward.cases.queue import place, queue
from openward.cases.reading import procedure, shipped
from openward.cases.roles import Permission, Role
from openward.cases.view import deadline_row, event_row
from openward.errors import UsageError
from openward.web.cases import COOKIE, At, Who

router = APIRouter(prefix="/api")
CaseId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")]
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Short = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[\w.@ -]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Login(_Strict):
    """A token to be exchanged for a session."""

    token: str = Field(max_length=200)


class NewPerson(_Strict):
    """Somebody to be given a role."""

    name: Short
    role: Role


class NewCase(_Strict):
    """A case to be opened."""

    procedure: str = Field(max_length=60)
    title: str = Field(min_length=1, max_length=500)
    on: date
    facts: dict[str, Any] = {}


class Act(_Strict):
    """An action; ``seen`` is the number of the last event the person saw."""

    action: str = Field(max_length=60)
    on: date
    seen: int = Field(ge=1)
    facts: dict[str, Any] = {}
    confidential: list[str] = []
    documents: list[str] = Field([], description="kinds of documents filed before")
    note: str = Field("", max_length=5000)


class Correction(_Strict):
    """A correction of an earlier event."""

    seq: int = Field(ge=1)
    note: str = Field(min_length=1, max_length=5000)
    on: date | None = None
    facts: dict[str, Any] = {}


@router.post("/session")
def log_in(given: Login, request: Request, response: Response, at: At) -> dict[str, str]:
    """Exchange a token for a session of a browser."""
    if not request.app.state.login:
        raise UsageError("this app has no login", hint="it answers on this machine alone")
    person = recognized(at.store, given.token)
    if person is None:
        response.status_code = 401
        return {"error": "the token is not known"}
    request.app.state.sessions.open.pop(request.cookies.get(COOKIE, ""), None)
    name, word = request.app.state.sessions.begin(given.token)
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, name, httponly=True, samesite="strict", secure=secure, path="/api")
    return {"name": person.name, "role": person.role.value, "csrf": word}


@router.delete("/session")
def log_out(_: Who, request: Request, response: Response) -> dict[str, str]:
    """End the session."""
    request.app.state.sessions.open.pop(request.cookies.get(COOKIE, ""), None)
    response.delete_cookie(COOKIE, path="/api")
    return {"status": "logged out"}


@router.get("/procedures")
def procedures(_: Who) -> list[dict[str, Any]]:
    """List the procedures."""
    return [{"id": name, "title": dict(procedure(name).title)} for name in shipped()]


@router.get("/people")
def people(person: Who, at: At) -> list[dict[str, str]]:
    """List who has a token."""
    return [{"name": one.name, "role": one.role.value} for one in listed(at.store, person)]


@router.post("/people", status_code=201)
def new_person(given: NewPerson, person: Who, at: At) -> dict[str, str]:
    """Give somebody a role; the token is shown this once."""
    return {"name": given.name, "token": enroll(at.store, person, given.name, given.role)}


@router.delete("/people/{name}")
def dismiss_person(name: str, person: Who, at: At) -> dict[str, bool]:
    """Take somebody's token away."""
    return {"removed": dismiss(at.store, person, name)}


@router.get("/cases")
def cases(
    person: Who, at: At, limit: Annotated[int, Query(ge=1, le=1000)] = 50, after: str = ""
) -> dict[str, Any]:
    """Give a page of the queue."""
    rows = queue(at, person, limit=limit, after=after)
    return {"cases": [one.as_dict() for one in rows], "after": place(rows[-1]) if rows else None}


@router.post("/cases", status_code=201)
def open_case(given: NewCase, person: Who, at: At) -> dict[str, Any]:
    """Open a case."""
    event = at.open(given.procedure, person, title=given.title, on=given.on, facts=given.facts)
    return {"case": event.case, **event_row(event)}


@router.get("/cases/{case}")
def case(case: CaseId, person: Who, at: At) -> dict[str, Any]:
    """Give a case with its events."""
    seen = at.look(case, person)
    return {
        **seen.row.as_dict(),
        "facts": dict(seen.facts),
        "events": [event_row(one) for one in seen.events],
        "actions": [one.action for one in actions(seen.procedure, seen.state)],
    }


@router.get("/cases/{case}/deadlines")
def deadlines(case: CaseId, person: Who, at: At, as_of: date | None = None) -> list[dict[str, Any]]:
    """Give its clocks at the end of a day."""
    seen = at.look(case, person)
    return [deadline_row(one) for one in seen.deadlines(as_of or at.now().date())]


@router.post("/cases/{case}/events", status_code=201)
def act(case: CaseId, given: Act, person: Who, at: At) -> dict[str, Any]:
    """Take an action."""
    attempt = Attempt(given.action, given.on, person, given.facts, _filed(at, case, person, given.documents))
    event = at.advance(case, attempt, confidential=given.confidential, expected=given.seen, note=given.note)
    return event_row(event)


@router.post("/cases/{case}/corrections", status_code=201)
def correct(case: CaseId, given: Correction, person: Who, at: At) -> dict[str, Any]:
    """Correct an event by adding another."""
    event = at.correct(case, person, seq=given.seq, note=given.note, on=given.on, facts=given.facts)
    return event_row(event)


@router.post("/cases/{case}/documents", status_code=201)
def upload(
    case: CaseId,
    person: Who,
    at: At,
    file: UploadFile,
    kind: Annotated[str, Form(max_length=60)],
    confidential: Annotated[bool, Form()] = False,
) -> dict[str, Any]:
    """File a document."""
    one = Upload(kind, file.filename or "unnamed", file.file.read(), confidential)
    return event_row(at.file(case, person, [one], on=at.now().date()))


@router.get("/cases/{case}/documents/{sha256}")
def document(case: CaseId, sha256: Digest, person: Who, at: At) -> Response:
    """Give a document; never to be shown as a page of this site."""
    _, content = at.document(case, person, sha256)
    headers = {"Content-Disposition": f'attachment; filename="{sha256}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.get("/cases/{case}/verify")
def verify(case: CaseId, person: Who, at: At, head: str | None = None) -> dict[str, Any]:
    """Verify the chain."""
    found = verify_case(at, case, person, head=head)
    return {**asdict(found), "whole": found.whole}


@router.get("/cases/{case}/bundle")
def bundle(case: CaseId, person: Who, at: At, confidential: bool = False) -> Response:
    """Give the whole case as a bundle."""
    content = export(at, case, person, confidential=confidential)
    headers = {"Content-Disposition": f'attachment; filename="{case}.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


@router.post("/bundles/verify")
def verify_file(person: Who, file: UploadFile) -> dict[str, Any]:
    """Verify a bundle; nothing of it is kept."""
    person.need(Permission.VERIFY)
    found = verify_bundle(file.file.read())
    return {**asdict(found), "whole": found.whole}


def _filed(at: At, case: str, person: Who, kinds: list[str]) -> tuple[str, ...]:
    """Give those of the kinds of documents that the case really holds."""
    held = {one.kind for event in at.look(case, person).events for one in event.documents}
    return tuple(kind for kind in kinds if kind in held)
