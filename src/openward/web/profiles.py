"""*Profile*: an economy on one page, from the tables that ship."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from markupsafe import Markup

from openward.errors import UsageError
from openward.report.profile.model import Profile
from openward.web.workbench import Workbench

router = APIRouter()
FORMS = {
    "html": ("text/html; charset=utf-8", "page"),
    "pdf": ("application/pdf", "PDF"),
    "json": ("application/json", "JSON"),
}
KEPT = 16
"""Profiles that are kept: each takes a few seconds to make."""


@router.get("/profile", include_in_schema=False)
def first(
    request: Request, economy: Annotated[str, Query(description="ISO alpha-3; default: the book's.")] = ""
) -> Response:
    """Go to the profile of the economy asked for."""
    return RedirectResponse(f"/profile/{economy or _bench(request).book.economy}", 303)


@router.get("/profile/{economy}", response_class=HTMLResponse, include_in_schema=False)
def show(request: Request, economy: str) -> Response:
    """Show the profile of an economy."""
    from openward.report.profile.page import render_body

    bench = _bench(request)
    profile = _profile(economy, bench.book.name)
    return HTMLResponse(
        bench.page(
            "profile_bench.html",
            here="profile",
            profile=profile,
            body=Markup(render_body(profile)),
            economies=bench.importers,
            forms=FORMS,
        )
    )


@router.get("/profile/{economy}/profile.{form}", include_in_schema=False)
def download(request: Request, economy: str, form: str) -> Response:
    """Give the profile as a file: page, PDF or JSON."""
    if form not in FORMS:
        raise UsageError(f"a profile has no form {form!r}", hint=", ".join(FORMS), where=request.url.path)
    profile = _profile(economy, _bench(request).book.name)
    return Response(
        written(profile, form),
        media_type=FORMS[form][0],
        headers={"Content-Disposition": f'attachment; filename="{economy}.{form}"'},
    )


@router.get("/api/profile/{economy}", tags=["profile"])
def profile(request: Request, economy: str) -> Response:
    """Give the profile of an economy (openward.profile/1), from the tables that ship."""
    from openward.report.profile.as_json import profile_dict

    return JSONResponse(profile_dict(_profile(economy, _bench(request).book.name)))


def written(profile: Profile, form: str) -> bytes:
    """Give a profile in one of its forms."""
    if form == "pdf":
        from openward.report.profile.pdf import profile_pdf

        return profile_pdf(profile)
    if form == "html":
        from openward.report.profile.page import render

        return render(profile).encode()
    from openward.report.profile.as_json import profile_dict

    return json.dumps(profile_dict(profile), ensure_ascii=False, allow_nan=False).encode()


@lru_cache(maxsize=KEPT)
def _profile(economy: str, book: str) -> Profile:
    from openward.report.profile.build import profile

    return profile(economy, book=book)


def _bench(request: Request) -> Workbench:
    bench: Workbench = request.app.state.workbench
    return bench
