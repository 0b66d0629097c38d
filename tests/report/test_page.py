from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from impact_fixture import make_impact
from openward.impact.result import Impact
from openward.report.impact_html import render

MOST_BYTES = 3_000_000
HOSTILE = "<script>alert('x')</script>\"&"


@pytest.fixture(scope="module")
def page() -> str:
    return render(make_impact())


class Outline(HTMLParser):
    """Headings, captions, table cells, links and what a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.captions = 0
        self.tables = 0
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.row_heads = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.row_heads += found.get("scope") == "row"
        if found.get("id"):
            self.ids.append(str(found["id"]))
        for name in ("src", "srcset", "poster", "data"):
            if found.get(name):
                self.loads.append(str(found[name]))
        if tag == "link" and not str(found.get("href")).startswith("data:"):
            self.loads.append(str(found.get("href")))


def outline(page: str) -> Outline:
    parser = Outline()
    parser.feed(page)
    return parser


def test_the_page_is_alone_and_small(page: str) -> None:
    assert outline(page).loads == []
    assert "url(" not in page
    assert "@import" not in page
    assert len(page.encode()) < MOST_BYTES


def test_its_policy_forbids_the_network(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert policy.group(1).startswith("default-src 'none';")
    assert "http" not in policy.group(1)


def test_structure_reads_without_eyes(page: str) -> None:
    found = outline(page)
    assert found.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(found.headings, found.headings[1:], strict=False))
    assert found.tables == found.captions > 5
    assert found.row_heads >= 80
    assert len(found.ids) == len(set(found.ids))
    for part in ("law", "opening", "safeguards", "reliability", "reproduce"):
        assert part in found.ids


def test_answer_first(page: str) -> None:
    impact = make_impact()
    start = page.index("<h1")
    assert impact.headline.split(";")[0].replace("'", "&#39;") in page[start : start + 400]
    assert page.index("<h1") < page.index('<nav class="parts"')


def test_what_is_not_certain_is_marked(page: str) -> None:
    assert '<span class="tag tag-unverified"' in page
    assert '<span class="tag tag-no-effect"' in page
    assert "not read in an official source" in page


def test_texts_from_outside_are_escaped() -> None:
    impact = make_impact()
    edit = replace(impact.law.edits[0], sentence=HOSTILE, citation=HOSTILE, why_not=HOSTILE, kind=HOSTILE)
    hostile = replace(
        impact,
        title={"en": HOSTILE, "zh": HOSTILE},
        description=HOSTILE,
        headline=HOSTILE,
        name=HOSTILE,
        notes=(HOSTILE,),
        law=replace(impact.law, edits=(edit,), book=HOSTILE),
        opening=replace(
            impact.opening,
            economies=tuple(replace(r, name=HOSTILE) for r in impact.opening.economies),
        ),
    )
    page = render(hostile)
    assert "<script>alert" not in page
    assert page.count("<script") == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_only_web_addresses_become_links(url: str) -> None:
    impact = make_impact()
    edit = replace(impact.law.edits[0], url=url)
    assert url not in render(replace(impact, law=replace(impact.law, edits=(edit,))))


def test_a_reform_that_moves_nothing_has_a_page_too() -> None:
    page = render(still(make_impact()))
    assert "Nothing moves: every change is exactly zero." in page
    assert "NaN" not in page
    assert "nan" not in re.sub(r"[a-zA-Z]*nan[a-zA-Z]+|[a-zA-Z]+nan", "", page)


def still(impact: Impact) -> Impact:
    """Give a study in which nothing moves."""
    zero = dict.fromkeys(
        (
            "real_income_pct",
            "real_income_musd",
            "terms_of_trade_pct",
            "volume_of_trade_pct",
            "path_integrated_pct",
            "real_wage_pct",
            "price_index_pct",
            "trade_created_musd",
            "trade_diverted_musd",
            "low_pct",
            "high_pct",
        ),
        0.0,
    )
    economies = tuple(
        replace(r, **zero, revenue_after_musd=r.revenue_before_musd, coverage_after_pct=r.coverage_before_pct)
        for r in impact.opening.economies
    )
    return replace(
        impact,
        law=replace(
            impact.law,
            edits=(),
            touched_lines=0,
            touched_partners=(),
            touched_trade_musd=0.0,
            rate_changes=(),
        ),
        opening=replace(
            impact.opening,
            economies=economies,
            bilateral=(),
            world_real_income_pct=0.0,
            trade_created_musd=0.0,
            trade_diverted_musd=0.0,
        ),
        safeguards=replace(impact.safeguards, falling=(), rising=(), dependency=(), stress=()),
        reliability=replace(impact.reliability, sensitivity=(), assumptions=()),
    )
