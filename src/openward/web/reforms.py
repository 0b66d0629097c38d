"""*Reform*: pick one or edit one, and see what it touches before anything is solved."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from openward.errors import InputError, OpenwardError
from openward.impact.result import LawPart
from openward.observe.worldpack import load_world
from openward.report.blocks import Part
from openward.report.parts import economy_names, law_part
from openward.web.failures import single, status_of
from openward.web.shelf import Draft
from openward.web.workbench import Workbench

router = APIRouter()
Text = Annotated[str, Form(description="The reform as YAML (openward.reform/1).")]


def examine(bench: Workbench, draft: Draft) -> Part:
    """Give what a reform touches, as the first part of a study."""
    return law_part(_law(bench, draft), economy_names(), year=load_world().year)


def _law(bench: Workbench, draft: Draft) -> LawPart:
    from openward.impact.law import law_part as touched
    from openward.impact.law import law_step
    from openward.impact.worlds import read_laws

    step = law_step(bench.book, draft.reform, from_law=None)
    pack = load_world()
    laws = read_laws(bench.book, step.before, step.after, pack=pack, on=step.on)
    return touched(bench.book, draft.reform, step, laws, pack)


@router.get("/reform", include_in_schema=False)
def first(request: Request) -> RedirectResponse:
    """Go to the first reform."""
    return RedirectResponse(f"/reform/{request.app.state.workbench.first}", 307)


@router.post("/reform", response_class=HTMLResponse, include_in_schema=False)
def keep(request: Request, text: Text = "") -> Response:
    """Read an edited reform; go to its own address, or show what is wrong in it."""
    bench: Workbench = request.app.state.workbench
    try:
        draft = bench.shelf.keep(text)
        examine(bench, draft)
    except OpenwardError as error:
        page = _page(bench, text, draft=None, part=None, errors=single(error))
        return HTMLResponse(page, status_of(error))
    return RedirectResponse(f"/reform/{draft.ref}", 303)


@router.post("/reform/check", response_class=HTMLResponse, include_in_schema=False)
def check(request: Request, text: Text = "") -> str:
    """Give the preflight of a text while it is edited."""
    bench: Workbench = request.app.state.workbench
    try:
        draft = bench.shelf.keep(text)
        part, errors = examine(bench, draft), ()
    except OpenwardError as error:
        return bench.page("preflight.html", draft=None, part=None, svgs={}, errors=single(error))
    return bench.page("preflight.html", draft=draft, part=part, svgs=_drawn(part), errors=errors)


@router.get("/reform/{ref}.yaml", include_in_schema=False)
def download(request: Request, ref: str) -> Response:
    """Give a reform as the file it is."""
    draft: Draft = request.app.state.workbench.shelf.get(ref)
    name = f"{draft.reform.name}.yaml"
    return Response(
        draft.text,
        media_type="application/yaml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/reform/{ref}", response_class=HTMLResponse, include_in_schema=False)
def show(request: Request, ref: str) -> Response:
    """Show a reform, its text and what it touches."""
    bench: Workbench = request.app.state.workbench
    draft = bench.shelf.get(ref)
    try:
        part, errors = examine(bench, draft), ()
    except OpenwardError as error:
        return HTMLResponse(
            _page(bench, draft.text, draft=draft, part=None, errors=single(error)), status_of(error)
        )
    return HTMLResponse(_page(bench, draft.text, draft=draft, part=part, errors=errors))


@router.get("/api/reforms", tags=["reform"])
def shipped(request: Request) -> list[dict[str, object]]:
    """List the reforms that ship with openward."""
    bench: Workbench = request.app.state.workbench
    return [
        {"name": d.ref, "hash": d.reform.hash, "title": dict(d.reform.title), "edits": len(d.reform.edits)}
        for d in bench.shelf.shipped
    ]


@router.post("/api/reforms", tags=["reform"], status_code=201)
def keep_api(request: Request, text: Text) -> JSONResponse:
    """Keep an edited reform under its hash, for ``/api/impact/{ref}``."""
    bench: Workbench = request.app.state.workbench
    if not text.strip():
        raise InputError("the reform is empty", hint="send the YAML in the form field 'text'", where="text")
    draft = bench.shelf.keep(text)
    law = _law(bench, draft)
    touched = {
        "lines": law.touched_lines,
        "partners": list(law.touched_partners),
        "trade_musd": law.touched_trade_musd,
    }
    return JSONResponse(
        {
            "ref": draft.ref,
            "hash": draft.reform.hash,
            "impact": f"/api/impact/{draft.ref}",
            "touched": touched,
            "no_effect": list(law.no_effect),
        },
        201,
    )


def _drawn(part: Part) -> dict[str, object]:
    from openward.report.impact_html import drawn

    return dict(drawn((part,)))


def _page(
    bench: Workbench, text: str, *, draft: Draft | None, part: Part | None, errors: tuple[OpenwardError, ...]
) -> str:
    return bench.page(
        "reform.html",
        here="reform",
        draft=draft,
        text=text,
        part=part,
        svgs=_drawn(part) if part is not None else {},
        errors=errors,
        shipped=bench.shelf.shipped,
    )
