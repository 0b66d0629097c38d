"""*Look up*: one question about one transaction or industry on a day, answered with its law."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from openward.book.model import Book
from openward.book.query import citation
from openward.book.query import show as say_measure
from openward.codes.economies import economies
from openward.codes.industries import industry
from openward.codes.terms import Status
from openward.determine.answer import AppliedRate
from openward.determine.rate import applied_rate
from openward.determine.step import percent
from openward.errors import OpenwardError
from openward.report.names import in_sentence
from openward.report.numbers import number
from openward.web.asked import Asked, form_of, read
from openward.web.decided import view
from openward.web.failures import TITLES, single, status_of
from openward.web.forms import FORMS, INDUSTRY, MODE, PARTY, Form
from openward.web.questions import DECIDERS, day_of, decide
from openward.web.workbench import Workbench

router = APIRouter()
PARAMETERS = [
    {
        "name": name,
        "in": "query",
        "required": name == MODE,
        "description": told,
        "schema": {"type": "string", "enum": list(DECIDERS)} if name == MODE else {"type": "string"},
    }
    for name, told in {
        MODE: "Kind of question.",
        **{
            field.name: f"{form.title}: {field.label}. {field.title}".strip()
            for form in FORMS
            if form.mode in DECIDERS
            for field in form.fields
        },
    }.items()
]


@dataclass(frozen=True, slots=True)
class Used:
    """A measure behind a rate, as the page shows it."""

    id: str
    sentence: str
    citation: str
    url: str
    unverified: bool


def used_measures(book: Book, answer: AppliedRate) -> tuple[Used, ...]:
    """Give the measures a rate is made of, in words."""
    found = [book.measures[m] for m in answer.measures if m in book.measures]
    acts = [book.acts.get(m.act) for m in found]
    return tuple(
        Used(
            id=m.id,
            sentence=say_measure(m),
            citation=citation(m, book),
            url=act.url if act is not None and act.url.startswith(("https://", "http://")) else "",
            unverified=m.status is Status.UNVERIFIED,
        )
        for m, act in zip(found, acts, strict=True)
    )


def in_names(answer: AppliedRate) -> str:
    """Give the answering sentence with names for codes."""
    known, sector = economies(), industry(answer.sector)
    short = in_sentence(sector.code, sector.name)
    sentence = answer.sentence.replace(f"{sector.code} goods", f"goods ({short})")
    sentence = re.sub(rf"\b{sector.code}\b", short, sentence)
    for code in (answer.importer, answer.partner):
        if code in known:
            sentence = re.sub(rf"\b{code}\b", known[code].name, sentence)
    return sentence


def _difference(answer: AppliedRate) -> str:
    """Give applied less base rate in percentage points; nothing where they print alike."""
    if answer.rate is None or answer.base_rate is None or percent(answer.rate) == percent(answer.base_rate):
        return ""
    return f"{number(100.0 * (answer.rate - answer.base_rate), 2, signed=True)} pp"


def _rate(asked: Asked, book: Book) -> AppliedRate:
    return applied_rate(
        book,
        importer=asked.one("importer") or book.economy,
        partner=asked.one("partner"),
        sector=asked.one("industry"),
        on=day_of(asked, book),
    )


def _pairs(request: Request) -> list[tuple[str, str]]:
    return list(request.query_params.multi_items())


@router.get("/lookup", response_class=HTMLResponse, include_in_schema=False)
def lookup(request: Request) -> Response:
    """Show a question and its answer; the mode in the address says of which kind it is."""
    bench: Workbench = request.app.state.workbench
    pairs = _pairs(request)
    form = form_of(pairs)
    asked = _leniently(form, pairs)
    try:
        asked = read(form, pairs).exemplary()
        return HTMLResponse(_page(bench, asked))
    except OpenwardError as error:
        status, errors = status_of(error), single(error)
        page = _shown(
            bench, asked, "lookup_errors.html", errors=errors, status=status, title=TITLES.get(status, "")
        )
        return HTMLResponse(page, status)


def _leniently(form: Form, pairs: list[tuple[str, str]]) -> Asked:
    """Read what can be read, so that a form shows again what was written into it."""
    given: dict[str, tuple[str, ...]] = {}
    for name, text in pairs:
        field = form.field(name)
        if field is not None and text.strip():
            given[field.name] = (*given.get(field.name, ()), text.strip()) if field.many else (text.strip(),)
    return Asked(form, given)


def _page(bench: Workbench, asked: Asked) -> str:
    if asked.form is INDUSTRY:
        answer = _rate(asked, bench.book)
        return _shown(
            bench,
            asked,
            "lookup_rate.html",
            answer=answer,
            sentence=in_names(answer),
            difference=_difference(answer),
            pct=percent,
            used=used_measures(bench.book, answer),
        )
    if asked.form is PARTY and "name" not in asked.given:
        return _shown(bench, asked, "lookup_start.html")
    decision = decide(asked, bench.book)
    return _shown(bench, asked, "lookup_decision.html", **view(asked, decision, bench.book))


def _shown(bench: Workbench, asked: Asked, template: str, **context: Any) -> str:
    return bench.page(
        template,
        here="lookup",
        asked=asked,
        tabs=tuple((form, asked if form is asked.form else asked.turned(form)) for form in FORMS),
        day=asked.one("on") or bench.book.covered_to.isoformat(),
        choices=bench.choices,
        **context,
    )


def _strict(request: Request) -> None:
    read(INDUSTRY, _pairs(request))


@router.get("/api/rate", tags=["rate"], dependencies=[Depends(_strict)])
def rate(
    request: Request,
    partner: Annotated[str, Query(description="Economy of origin, ISO alpha-3.")],
    industry: Annotated[str, Query(description="Industry of the table, such as C10T12; also: sector.")] = "",
    importer: Annotated[str, Query(description="Importing economy; the book's own by default.")] = "",
    on: Annotated[str, Query(description="ISO date; the day the book was recorded to by default.")] = "",
) -> JSONResponse:
    """Give the applied rate of an industry with its trace."""
    answer = _rate(read(INDUSTRY, _pairs(request)), request.app.state.workbench.book)
    return JSONResponse(answer.as_dict())


@router.get("/api/decide", tags=["decide"], openapi_extra={"parameters": PARAMETERS})
def decide_api(request: Request) -> JSONResponse:
    """Answer one question about one transaction with a decision (``openward.decision/1``)."""
    pairs = _pairs(request)
    asked = read(form_of(pairs), pairs)
    return JSONResponse(decide(asked, request.app.state.workbench.book).as_dict())
