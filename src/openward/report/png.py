"""Figures of a study as PNG, for slides and documents."""

from __future__ import annotations

from openward.errors import UnknownCodeError
from openward.impact.result import Impact
from openward.report.blocks import Figure
from openward.report.parts import five_parts
from openward.report.svg import chart_png


def figures(impact: Impact) -> dict[str, Figure]:
    """Give the figures of a study by their key."""
    return {b.key: b for p in five_parts(impact) for b in p.blocks if isinstance(b, Figure)}


def figure_png(impact: Impact, key: str, *, scale: float = 2.0) -> bytes:
    """Give one figure of a study as PNG.

    Raises
    ------
    UnknownCodeError
        The study has no figure of that key.
    """
    found = figures(impact)
    if key not in found:
        raise UnknownCodeError(f"the study has no figure {key!r}", hint=f"figures: {', '.join(found)}")
    return chart_png(found[key].draw(), scale=scale, datasets=found[key].datasets)
