"""The record of cases over HTTP: an app of its own, with login by token.

Without login it answers on this machine alone, and refuses to listen anywhere else.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse

from openward import __version__
from openward.cases.desk import Desk
from openward.cases.people import recognized
from openward.cases.roles import Person, Role
from openward.cases.store import Store
from openward.codes.calendars import TITLES, calendar
from openward.errors import OpenwardError, RefusedError, UsageError
from openward.web.app import LOCAL
from openward.web.failures import single, status_of
from openward.web.guard import SAFE, Guard

COOKIE = "openward_session"
MOST_BYTES = 32 << 20
MOST_SESSIONS = 10_000
LOCAL_PERSON = Person("local", Role.OFFICER)


class Sessions:
    """Who is logged in with a browser: session, person, and the word its forms must repeat."""

    def __init__(self) -> None:
        self.open: dict[str, tuple[str, str]] = {}

    def begin(self, token: str) -> tuple[str, str]:
        """Begin a session under a new name: one that was planted beforehand is worth nothing."""
        name, word = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        while len(self.open) >= MOST_SESSIONS:
            self.open.pop(next(iter(self.open)))
        self.open[name] = (token, word)
        return name, word


def create_cases_app(
    store: Store,
    *,
    login: bool,
    hosts: Iterable[str] = LOCAL,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> FastAPI:
    """Make the app.

    Parameters
    ----------
    store : Store
    login : bool
        Whether a token is asked for; without, everybody on this machine acts in the role that header
        ``X-Openward-Role`` names.
    hosts : iterable of str
        Host names it answers to.

    Raises
    ------
    RefusedError
        Without login it would answer to a name that is not this machine's.
    """
    names = tuple(hosts)
    if not login:
        for name in names:
            check_loopback(name)
    from openward.web import cases_routes

    app = FastAPI(
        title="openward cases",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        middleware=[Middleware(Guard, hosts=names, most_bytes=MOST_BYTES)],
    )
    # The tables of holidays take a second to read: not in somebody's first question.
    for code in TITLES:
        calendar(code).after(now().date(), 250)
    app.state.desk = Desk(store, now=now)
    app.state.login = login
    app.state.sessions = Sessions()
    _install(app)
    app.include_router(cases_routes.router)
    return app


def check_loopback(host: str) -> None:
    """Refuse an address that others can reach.

    Raises
    ------
    RefusedError
    """
    name = host.strip("[]")
    try:
        local = ipaddress.ip_address(name).is_loopback
    except ValueError:
        local = name == "localhost"
    if not local:
        raise RefusedError(
            f"without login cases are not served on {host}",
            hint="use 127.0.0.1, or turn login on",
            where="--host",
        )


def serve_cases(store: Store, *, login: bool, host: str = "127.0.0.1", port: int = 8766) -> None:
    """Serve until stopped.

    Raises
    ------
    RefusedError
        Without login, on another address than this machine's own.
    """
    if not login:
        check_loopback(host)
    import uvicorn

    app = create_cases_app(store, login=login, hosts=(*LOCAL, host))
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)


def who(request: Request) -> Person:
    """Tell who asks: by token, by session, or by being on this machine.

    Raises
    ------
    HTTPException
        401 where nobody is known, 403 where a form does not repeat the word of its session.
    """
    store: Store = request.app.state.desk.store
    if not request.app.state.login:
        given = request.headers.get("x-openward-role")
        try:
            return Person("local", Role(given)) if given else LOCAL_PERSON
        except ValueError as bad:
            raise UsageError(f"no role {given!r}", where="X-Openward-Role") from bad
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if token:
        if kind.lower() != "bearer":
            raise HTTPException(401, "log in with a bearer token")
    else:
        session = request.app.state.sessions.open.get(request.cookies.get(COOKIE, ""))
        if session is None:
            raise HTTPException(401, "log in first")
        token, word = session
        if request.method not in SAFE and not secrets.compare_digest(
            request.headers.get("x-csrf-token", "").encode(), word.encode()
        ):
            raise HTTPException(403, "the form does not carry the word of its session")
    person = recognized(store, token)
    if person is None:
        raise HTTPException(401, "the token is not known")
    return person


def desk_of(request: Request) -> Desk:
    """Give the desk of the app."""
    desk: Desk = request.app.state.desk
    return desk


Who = Annotated[Person, Depends(who)]
At = Annotated[Desk, Depends(desk_of)]


def _install(app: FastAPI) -> None:
    @app.exception_handler(OpenwardError)
    def known(_: Request, error: OpenwardError) -> Response:
        many = single(error)
        refused = isinstance(error, RefusedError) and " may not " in f" {error.message} "
        status = 403 if refused else max(status_of(one) for one in many)
        return JSONResponse({"error": error.as_dict(), "errors": [one.as_dict() for one in many]}, status)

    @app.exception_handler(RequestValidationError)
    def unreadable(_: Request, error: RequestValidationError) -> Response:
        found = [
            {"code": "input", "message": e["msg"], "where": ".".join(map(str, e["loc"]))}
            for e in error.errors()
        ]
        return JSONResponse({"error": found[0], "errors": found}, 422)

    @app.exception_handler(HTTPException)
    def refused(_: Request, error: HTTPException) -> Response:
        body = {"code": "refused", "message": str(error.detail), "hint": "", "where": ""}
        return JSONResponse({"error": body}, error.status_code, headers=error.headers)
