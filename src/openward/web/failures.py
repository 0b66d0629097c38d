"""Errors as one clear page, or as JSON for programs: what, where, what to do; never a traceback."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from openward.errors import (
    InputError,
    InputErrors,
    IntegrityError,
    MissingDataError,
    NotConvergedError,
    OpenwardError,
    RefusedError,
    UnknownCodeError,
    UsageError,
)
from openward.web.guard import HEADERS
from openward.web.workbench import Workbench

STATUS: tuple[tuple[type[OpenwardError], int], ...] = (
    (UnknownCodeError, 404),
    (MissingDataError, 404),
    (RefusedError, 409),
    (InputError, 422),
    (UsageError, 422),
    (IntegrityError, 422),
    (NotConvergedError, 500),
)
TITLES = {
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    409: "Not now",
    413: "Too large",
    422: "Not understood",
    500: "It did not work",
}


def status_of(error: OpenwardError) -> int:
    """Give the HTTP status of an error by its kind."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def single(error: OpenwardError) -> tuple[OpenwardError, ...]:
    """Give the errors one by one where several were found together."""
    return error.errors if isinstance(error, InputErrors) else (error,)


def answer(request: Request, errors: tuple[OpenwardError, ...], status: int) -> Response:
    """Give errors as the asker reads them."""
    if request.url.path.startswith("/api/"):
        body: dict[str, Any] = {"error": errors[0].as_dict()}
        if len(errors) > 1:
            body["errors"] = [e.as_dict() for e in errors]
        return JSONResponse(body, status)
    bench: Workbench = request.app.state.workbench
    title = TITLES.get(status, "It did not work")
    return HTMLResponse(bench.page("error.html", title=title, errors=errors, status=status, here=""), status)


def install(app: FastAPI) -> None:
    """Teach an app to say its errors."""

    @app.exception_handler(OpenwardError)
    def known(request: Request, error: OpenwardError) -> Response:
        return answer(request, single(error), status_of(error))

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, error: RequestValidationError) -> Response:
        found = tuple(
            InputError(str(e["msg"]), where=".".join(str(p) for p in e["loc"][1:])) for e in error.errors()
        )
        return answer(request, found, 422)

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        what = OpenwardError(
            "there is no such page" if error.status_code == 404 else str(error.detail),
            hint="start at Look up, Reform or Impact above" if error.status_code == 404 else "",
            where=request.url.path,
        )
        return answer(request, (what,), error.status_code)

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        what = OpenwardError(
            f"the workbench met an error of its own: {type(error).__name__}",
            hint="the log in the terminal says where; please report it",
            where=request.url.path,
        )
        said = answer(request, (what,), 500)
        # It is answered outside the door, which would have set them.
        said.headers.update(HEADERS)
        return said
