"""*Impact*: the study of a reform, with progress while it is solved."""

from __future__ import annotations

import time
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from openward.errors import OpenwardError, UsageError
from openward.impact.result import Impact
from openward.web.failures import answer, single, status_of
from openward.web.shelf import Draft
from openward.web.studies import Job, Question
from openward.web.workbench import Workbench, read_day

router = APIRouter()
CLOSURES = {
    "fixed": "fixed, as in the baseline year",
    "world-gdp-share": "a fixed share of world income",
    "balanced": "balanced trade",
}
ELASTICITIES = {
    "caliendo-parro": "Caliendo and Parro (2015), by industry",
    "uniform-4": "4 everywhere",
    "uniform-8": "8 everywhere",
}
FORMS = {
    "html": ("text/html; charset=utf-8", "page"),
    "json": ("application/json", "JSON"),
    "csv": ("text/csv; charset=utf-8", "table"),
    "md": ("text/markdown; charset=utf-8", "Markdown"),
}


class Asked:
    """The question of a request: reform and choices, read and checked.

    Raises
    ------
    UnknownCodeError, InputError, UsageError
    """

    def __init__(
        self,
        request: Request,
        from_law: Annotated[str, Query(description="ISO date; default: day before the last edit.")] = "",
        closure: Annotated[str, Query(description=f"One of {', '.join(CLOSURES)}.")] = "fixed",
        elasticities: Annotated[str, Query(description="caliendo-parro, or uniform-N.")] = "caliendo-parro",
    ) -> None:
        self.bench: Workbench = request.app.state.workbench
        self.draft: Draft = self.bench.shelf.get(request.path_params.get("ref", self.bench.first))
        if closure not in CLOSURES:
            raise UsageError(f"no closure is called {closure!r}", hint=", ".join(CLOSURES), where="closure")
        self.question = Question(
            ref=self.draft.ref,
            from_law=read_day(from_law, field="from_law") if from_law.strip() else None,
            closure=closure,
            elasticities=elasticities or "caliendo-parro",
        )

    def job(self) -> Job:
        """Give the study, started if need be."""
        return self.bench.studies.ask(self.question, self.draft.reform)

    @property
    def query(self) -> str:
        """The choices as they stand in a URL, with the question mark."""
        query = urlencode(self.question.query)
        return f"?{query}" if query else ""


Ask = Annotated[Asked, Depends()]


@router.get("/", response_class=HTMLResponse, include_in_schema=False)
@router.get("/impact/{ref}", response_class=HTMLResponse, include_in_schema=False)
def show(request: Request, asked: Ask) -> Response:
    """Show the study, or how far it is."""
    job = asked.job()
    if job.error is not None:
        return _failed(request, asked, job.error)
    return HTMLResponse(
        asked.bench.page(
            "impact.html",
            here="impact",
            asked=asked,
            draft=asked.draft,
            job=job,
            body=_safe(job.body) if job.impact else None,
            elapsed=time.monotonic() - job.started,
            closures=CLOSURES,
            elasticities=ELASTICITIES,
            forms=FORMS,
        )
    )


@router.get("/impact/{ref}/progress", response_class=HTMLResponse, include_in_schema=False)
def progress(asked: Ask) -> Response:
    """Say how far a study is; when it is done, have the page come again."""
    job = asked.job()
    page = asked.bench.page("progress.html", asked=asked, job=job, elapsed=time.monotonic() - job.started)
    return HTMLResponse(page, headers={"HX-Refresh": "true"} if job.done.is_set() else None)


@router.get("/impact/{ref}/study.{form}", include_in_schema=False)
def download(request: Request, asked: Ask, form: str) -> Response:
    """Give the study as a file: page, JSON, table of economies or Markdown."""
    if form not in FORMS:
        raise UsageError(f"a study has no form {form!r}", hint=", ".join(FORMS), where=request.url.path)
    job = asked.job()
    job.done.wait()
    if job.error is not None:
        return _failed(request, asked, job.error)
    assert job.impact is not None
    name = f"{job.impact.name}.{form}"
    return Response(
        written(job.impact, form),
        media_type=FORMS[form][0],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/api/impact/{ref}", tags=["impact"])
def impact(
    request: Request,
    ref: str,
    asked: Ask,
    wait: Annotated[bool, Query(description="Answer only when it is done.")] = False,
) -> Response:
    """Give a study (openward.impact/1), or 202 with its progress while it is solved."""
    job = asked.job()
    if wait:
        job.done.wait()
    if job.error is not None:
        return _failed(request, asked, job.error)
    if job.impact is None:
        return JSONResponse({"status": "running", "stage": job.stage, "share": job.share}, 202)
    return Response(written(job.impact, "json"), media_type="application/json")


def written(impact: Impact, form: str) -> str:
    """Give a study in one of its forms."""
    if form == "json":
        import json

        from openward.report.impact_json import impact_dict

        return json.dumps(impact_dict(impact), ensure_ascii=False, allow_nan=False)
    if form == "html":
        from openward.report.impact_html import render

        return render(impact)
    from openward.report.impact_text import impact_csv, impact_markdown

    return impact_csv(impact) if form == "csv" else impact_markdown(impact)


def _failed(request: Request, asked: Asked, error: OpenwardError) -> Response:
    # The next request tries again.
    asked.bench.studies.forget(asked.question, asked.draft.reform)
    return answer(request, single(error), status_of(error))


def _safe(body: str) -> Any:
    from markupsafe import Markup

    return Markup(body)
