"""A profile as HTML: one self-contained page, or the body of a page of the workbench."""

from __future__ import annotations

from typing import Any

from openward import __version__
from openward.report.blocks import Fact, Figure
from openward.report.impact_html import asset, digest, draw_figure, environment
from openward.report.profile.charts import figures
from openward.report.profile.model import Profile, Quantity
from openward.report.profile.standing import claims_sentence
from openward.report.profile.words import explained, figure, share, unbroken
from openward.report.svg import chart_svg


def render(profile: Profile) -> str:
    """Give a profile as one HTML page that needs nothing beside itself and runs no script."""
    from markupsafe import Markup

    css = asset("report.css") + asset("profile.css")
    template = environment().get_template("profile_page.html")
    body = Markup(render_body(profile))
    return template.render(profile=profile, body=body, css=Markup(css), css_hash=digest(css))


def render_body(profile: Profile) -> str:
    """Give the profile alone, for a page that brings its own head and style."""
    return unbroken(environment().get_template("profile.html").render(**_context(profile)))


def _context(profile: Profile) -> dict[str, Any]:
    from markupsafe import Markup

    drawn = figures(profile)
    return {
        "profile": profile,
        "facts": key_facts(profile),
        "figures": drawn,
        "svgs": {key: Markup(svg_of(one)) for key, one in drawn.items()},
        "claims": claims_sentence(profile.claims),
        "figure_text": figure,
        "explained": explained,
        "version": __version__,
    }


def svg_of(one: Figure) -> str:
    """Draw a figure as SVG text."""
    return chart_svg(draw_figure(one), title=one.title, description=one.says, datasets=one.datasets)


def key_facts(profile: Profile) -> tuple[Fact, ...]:
    """Give the six figures that stand at the head of the page; a missing one says so."""
    known = {one.key: one for section in profile.sections for one in section.quantities}
    wanted = ("trade-ratio", "export-world-share", "gvc-participation.domestic", "effective-tariff")
    facts = [_fact(known[key]) for key in wanted if key in known]
    if profile.partners:
        seller = max(profile.partners, key=lambda one: one.import_share)
        facts.insert(2, Fact("Largest supplier", seller.name, f"{share(seller.import_share)} of imports"))
    index = profile.index
    if index.rank is None:
        facts.append(Fact("Openness index", "not at hand", index.missing.split(";")[-1].strip()))
    else:
        within = f", {index.low} to {index.high} under other choices" if index.low is not None else ""
        facts.append(Fact("Openness index", f"{index.rank} of {index.of}", f"{index.year}{within}"))
    return tuple(facts)


def _fact(one: Quantity) -> Fact:
    if one.value is None:
        return Fact(one.label, "not at hand", one.missing)
    year = "" if one.year is None else f"{one.year}"
    rank = "" if one.standing is None else f"rank {one.standing.rank} of {one.standing.of}"
    return Fact(one.label, figure(one), ", ".join(part for part in (year, rank) if part) or one.basis)
