"""A profile as PDF, one page of A4, set by typst from a template with the same figures as the page."""

from __future__ import annotations

import json
from importlib.resources import files

from openward import __version__
from openward.errors import InputError
from openward.report.blocks import Figure
from openward.report.profile.charts import figures
from openward.report.profile.model import Profile
from openward.report.profile.page import key_facts, svg_of
from openward.report.profile.standing import claims_sentence
from openward.report.profile.words import explained, figure, unbroken
from openward.report.theme import FONT

TYPE = "Libertinus Serif"
"""Ships with typst, so that a page is the same everywhere."""
BEYOND = 0x2E80
"""From this character on (Chinese, Japanese, Korean), the typeface that ships has no letters."""


def profile_pdf(profile: Profile) -> bytes:
    """Give a profile as PDF.

    Fonts of the machine are looked through only where text needs letters that typst's own typefaces lack,
    such as a Chinese source; then a machine without such a font is an error, not a row of boxes.

    Raises
    ------
    InputError
        No font here has the letters.
    """
    return typeset(unbroken(_document(profile)))


def typeset(document: str) -> bytes:
    """Set a document (JSON, as the template reads it) as PDF."""
    import typst

    beyond = any(ord(letter) >= BEYOND for letter in document)
    if beyond:
        require_font()
    template = files("openward.report").joinpath("templates", "profile.typ").read_bytes()
    made = typst.compile(
        template, format="pdf", sys_inputs={"profile": document}, ignore_system_fonts=not beyond
    )
    assert isinstance(made, bytes)
    return made


def require_font() -> None:
    """Raise unless a font of this machine has Chinese letters."""
    import typst

    known = typst.Fonts(include_system_fonts=True).families()
    if not any(word in name for name in known for word in CJK):
        raise InputError(
            "the profile has Chinese, Japanese or Korean text and no font here has its letters",
            where="pdf",
            hint="install a font such as Noto Sans CJK (Debian: fonts-noto-cjk), or write --html",
        )


CJK = (
    "CJK",
    "Noto Sans SC",
    "Noto Serif SC",
    "Source Han",
    "Droid Sans Fallback",
    "PingFang",
    "YaHei",
    "SimSun",
    "Heiti",
)


def _document(profile: Profile) -> str:
    drawn = figures(profile)
    return json.dumps(
        {
            "name": profile.name,
            "economy": profile.economy,
            "headline": profile.headline,
            "facts": [{"label": f.label, "value": f.value, "note": f.note} for f in key_facts(profile)],
            "sections": [
                {
                    "key": section.key,
                    "title": section.title,
                    "answer": section.answer,
                    "quantities": [
                        {
                            "label": one.label,
                            "value": figure(one),
                            "note": explained(one),
                            "source": one.source,
                            "missing": bool(one.missing),
                        }
                        for one in section.quantities
                    ],
                    "figure": _figure(drawn.get(section.key)),
                    "notes": section.notes,
                }
                for section in profile.sections
            ],
            "claims": claims_sentence(profile.claims),
            "gaps": profile.gaps,
            "sources": [
                {"number": one.number, "text": f"{one.name} ({one.vintage})"} for one in profile.sources
            ],
            "version": __version__,
        },
        ensure_ascii=False,
    )


def _figure(one: Figure | None) -> dict[str, object] | None:
    if one is None:
        return None
    svg = svg_of(one).replace(FONT, TYPE)
    return {
        "title": one.title,
        "svg": svg,
        "alt": one.says,
        "note": one.note,
        "legend": [{"color": s.color, "shape": s.shape, "label": s.label} for s in one.legend],
    }
