from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import fields, replace

import pytest
from rich.console import Console

from impact_fixture import make_impact
from openward.errors import OpenwardError
from openward.impact.result import EconomyRow, Impact
from openward.report.impact_json import impact_dict
from openward.report.impact_text import impact_csv, impact_markdown, print_impact
from openward.report.parts import five_parts

FIVE = ("The law", "Opening", "Safeguards", "Reliability", "Reproduce")


def printed(impact: Impact, width: int = 120) -> str:
    buffer = io.StringIO()
    print_impact(impact, Console(file=buffer, width=width, highlight=False))
    return buffer.getvalue()


def test_the_terminal_gets_the_five_parts_in_plain_text() -> None:
    text = printed(make_impact())
    places = [text.index(f"{n}  {title}") for n, title in enumerate(FIVE, start=1)]
    assert places == sorted(places)
    assert "\x1b[" not in text
    assert text.index(make_impact().headline[:60]) < places[0]
    assert "[unverified]" in text
    assert "[no effect]" in text


def test_code_can_be_copied_from_a_narrow_terminal() -> None:
    impact = make_impact()
    lines = [line.strip() for line in printed(impact, width=40).splitlines()]
    assert impact.reproduce.command in lines


def test_markup_in_a_text_is_printed_not_obeyed() -> None:
    impact = replace(make_impact(), headline="[bold red]loud[/] and [link=x]y[/link]")
    assert "[bold red]loud[/]" in printed(impact)


def test_markdown_holds_every_row_of_every_table() -> None:
    text = impact_markdown(make_impact())
    for number, title in enumerate(FIVE, start=1):
        assert f"## {number}. {title}" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert sum("South Africa" in r for r in rows) >= 3
    assert len([r for r in rows if r.count("|") == 19]) == 82


def test_csv_reads_back_to_the_same_figures() -> None:
    impact = make_impact()
    rows = list(csv.DictReader(io.StringIO(impact_csv(impact))))
    assert list(rows[0]) == [f.name for f in fields(EconomyRow)]
    assert len(rows) == 80
    for row, record in zip(rows, impact.opening.economies, strict=True):
        assert float(row["real_income_pct"]) == record.real_income_pct
        assert row["exports_pct"] == ("" if record.exports_pct is None else repr(record.exports_pct))


def test_json_has_the_form_of_the_contract() -> None:
    impact = make_impact()
    document = impact_dict(impact)
    json.dumps(document, allow_nan=False)
    assert document["schema"] == "openward.impact/1"
    assert set(document) >= {"reform", "hash", "law", "opening", "safeguards", "reliability", "reproduce"}
    assert set(document["law"]) >= {"from", "on", "edits", "touched", "no_effect"}
    assert document["law"]["on"] == "2026-05-01"
    assert document["law"]["touched"]["lines"] == impact.law.touched_lines
    assert document["opening"]["outcome"]["converged"] is True
    assert len(document["opening"]["economies"]) == 80


def test_json_refuses_a_figure_that_is_not_finite() -> None:
    impact = make_impact()
    broken = replace(impact, opening=replace(impact.opening, world_real_income_pct=math.nan))
    with pytest.raises(OpenwardError, match="not a finite number") as caught:
        impact_dict(broken)
    assert caught.value.where == "opening.world_real_income_pct"


def test_every_number_has_a_unit() -> None:
    for part in five_parts(make_impact()):
        for fact in part.facts:
            bare = re.fullmatch(r"[+−]?[\d,.]+", fact.value)
            assert bare is None or "touched" in fact.label, fact
