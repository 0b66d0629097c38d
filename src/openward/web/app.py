"""The workbench as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.resources import files

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from openward import __version__
from openward.book import load
from openward.book.model import Book
from openward.web import failures, impacts, lookup, profiles, reforms
from openward.web.guard import Guard
from openward.web.studies import Studies, Study
from openward.web.workbench import FIRST, Workbench

LOCAL = ("127.0.0.1", "localhost", "[::1]")


def create_app(
    *, book: Book | str = "chn", first: str = FIRST, study: Study | None = None, hosts: Iterable[str] = LOCAL
) -> FastAPI:
    """Make the workbench.

    Parameters
    ----------
    book : Book or str
        The law its pages answer from.
    first : str
        Shipped reform the first page shows.
    study : callable, optional
        Stands in for :func:`openward.impact.run.study`.
    hosts : iterable of str
        Host names it answers to.
    """
    from openward.report.impact_html import render_body

    if study is None:
        from openward.impact.run import study as run

        study = run
    law = book if isinstance(book, Book) else load(book)
    bench = Workbench(law, Studies(study, render_body, book=law), first=first)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        bench.studies.close()

    app = FastAPI(
        title="openward workbench",
        version=__version__,
        summary="Rates, reforms and their impact, on this machine.",
        # Its documentation page would load scripts from elsewhere; the schema itself is at /openapi.json.
        docs_url=None,
        redoc_url=None,
        middleware=[Middleware(Guard, hosts=tuple(hosts))],
        lifespan=lifespan,
    )
    app.state.workbench = bench
    failures.install(app)
    for room in (impacts, lookup, profiles, reforms):
        app.include_router(room.router)

    @app.get("/health", tags=["health"])
    def health() -> dict[str, object]:
        """Say that the workbench is up, and what it stands on."""
        return {
            "status": "ok",
            "version": __version__,
            "book": law.name,
            "covered_to": law.covered_to.isoformat(),
        }

    for name, package in (("report", "openward.report"), ("web", "openward.web")):
        folder = str(files(package) / "static")
        app.mount(f"/static/{name}", StaticFiles(directory=folder), name=f"static-{name}")
    return app
