"""*Look up*: what duty does an importer apply to a partner's goods on a day, and why?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse

from openward.book.model import Book
from openward.book.query import citation
from openward.book.query import show as say_measure
from openward.codes.economies import economies
from openward.codes.industries import industry
from openward.codes.terms import Status
from openward.determine.answer import AppliedRate
from openward.determine.rate import applied_rate
from openward.determine.step import percent
from openward.report.names import in_sentence
from openward.report.numbers import number
from openward.web.workbench import Workbench, read_day

router = APIRouter()
PARTNER, INDUSTRY = "ZAF", "C10T12"


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


def _ask(bench: Workbench, importer: str, partner: str, sector: str, on: str) -> AppliedRate:
    book = bench.book
    return applied_rate(
        book,
        importer=importer or book.economy,
        partner=partner,
        sector=sector,
        on=read_day(on, field="on") if on else book.covered_to,
    )


@router.get("/lookup", response_class=HTMLResponse, include_in_schema=False)
def lookup(
    request: Request, importer: str = "", partner: str = PARTNER, industry: str = INDUSTRY, on: str = ""
) -> str:
    """Show the question and its answer."""
    bench: Workbench = request.app.state.workbench
    answer = _ask(bench, importer, partner, industry, on)
    return bench.page(
        "lookup.html",
        here="lookup",
        answer=answer,
        sentence=in_names(answer),
        difference=_difference(answer),
        pct=percent,
        used=used_measures(bench.book, answer),
        importers=bench.importers,
        partners=bench.partners,
        goods=bench.goods,
        services=bench.services,
    )


@router.get("/api/rate", tags=["rate"])
def rate(
    request: Request,
    partner: Annotated[str, Query(description="Economy of origin, ISO alpha-3.")],
    industry: Annotated[str, Query(description="Industry of the table, such as C10T12.")],
    importer: Annotated[str, Query(description="Importing economy; the book's own by default.")] = "",
    on: Annotated[str, Query(description="ISO date; the day the book was recorded to by default.")] = "",
) -> JSONResponse:
    """Give the applied rate with its trace."""
    answer = _ask(request.app.state.workbench, importer, partner, industry, on)
    return JSONResponse(answer.as_dict())
