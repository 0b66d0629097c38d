"""An impact study as HTML: one self-contained page, or the body of a page of the workbench."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from openward import __version__
from openward.impact.result import Impact
from openward.report.blocks import Figure, Part
from openward.report.parts import five_parts, headline_facts
from openward.report.svg import chart_svg

if TYPE_CHECKING:
    import altair as alt
    from jinja2 import Environment
    from markupsafe import Markup

_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
MEANINGS = {
    "unverified": "Not read in an official source; see part 4.",
    "assumed": "A rule of ours where the source is silent; see part 4.",
    "missing": "No figure is at hand and none is invented; see part 4.",
    "no effect": "The law says so already: nothing moves.",
    "party": "Imposes or meets a rate that moves.",
}


@cache
def asset(name: str) -> str:
    """Give a file of ``report/static``: ``report.css`` or ``report.js``."""
    return files("openward.report").joinpath("static", name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """Give the templates of reports; everything is escaped unless it was drawn here."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    env = Environment(
        loader=PackageLoader("openward.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    return furnish(env)


def furnish(env: Environment) -> Environment:
    """Give an environment the filters and words that the templates of reports use."""
    env.filters["dates"] = _dates
    env.globals["meanings"] = MEANINGS
    return env


def render(impact: Impact) -> str:
    """Give an impact study as one HTML page that needs nothing beside itself.

    The page asks no network for anything: its policy forbids it. Charts are drawn beforehand, tables can be
    sorted and filtered, and all of it reads, prints and works without script.
    """
    from markupsafe import Markup

    css, js = asset("report.css"), asset("report.js")
    return (
        environment()
        .get_template("page.html")
        .render(**_context(impact), css=Markup(css), js=Markup(js), css_hash=digest(css), js_hash=digest(js))
    )


def render_body(impact: Impact) -> str:
    """Give the study alone, for a page that brings its own head, style and script."""
    return environment().get_template("study.html").render(**_context(impact))


def drawn(parts: Iterable[Part]) -> dict[str, Markup]:
    """Draw the figures of some parts, by key."""
    from markupsafe import Markup

    return {
        f.key: Markup(chart_svg(draw_figure(f), title=f.title, description=f.says, datasets=f.datasets))
        for part in parts
        for f in part.blocks
        if isinstance(f, Figure)
    }


def _context(impact: Impact) -> dict[str, Any]:
    parts = five_parts(impact)
    return {
        "impact": impact,
        "title": impact.title.get("en") or impact.name,
        "zh": impact.title.get("zh", ""),
        "facts": headline_facts(impact),
        "parts": parts,
        "svgs": drawn(parts),
        "version": __version__,
    }


def _dates(text: str) -> Markup:
    """Keep ISO dates in one piece and tell machines that they are dates."""
    from markupsafe import Markup, escape

    return Markup(_DATE.sub(r"<time>\g<0></time>", str(escape(text))))


def draw_figure(figure: Figure) -> alt.LayerChart:
    """Draw without the schema check, which takes longer than the drawing; tests draw with it."""
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        return figure.draw()


def digest(text: str) -> str:
    """Give the digest by which a content policy knows an inline block."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
