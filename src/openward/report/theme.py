"""Colors and type shared by every chart and page.

Gains are blue, losses orange: a pair that stays apart in all common forms of color blindness.
"""

from __future__ import annotations

from typing import Any

INK = "#1b2530"
MUTED = "#5a6672"
RULE = "#d8d6cf"
PAPER = "#fdfcfa"
NO_DATA = "#e1e3e4"

GAINS = ("#b5d6e0", "#5ba3ba", "#0f5e7d")
LOSSES = ("#f6cfa4", "#dd8a45", "#9c4a0c")
NEUTRAL = "#f0e9d3"
GAIN, LOSS = "#2a7f9e", "#cf7128"
BEFORE, AFTER = "#9aa5ae", "#0f5e7d"
TERMS, VOLUME = "#7895b2", "#e0b84c"

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

# One margin for all charts: side by side they then have one scale, and labels room in any system's font.
MARGIN = 166


def config() -> dict[str, Any]:
    """Give the Vega-Lite configuration: thin rules, no frame, no background."""
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "padding": 2,
        "axis": {
            "labelColor": INK,
            "titleColor": MUTED,
            "labelFontSize": 11.5,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "titlePadding": 8,
            "domain": False,
            "ticks": False,
            "gridColor": "#e9e7e0",
            "labelPadding": 6,
            "labelLimit": 156,
        },
        "axisX": {"labelColor": MUTED, "labelFontSize": 11},
        "axisY": {"grid": False, "title": None, "minExtent": MARGIN, "maxExtent": MARGIN},
        "text": {"color": INK, "fontSize": 11},
    }
