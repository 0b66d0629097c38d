"""The examples of docs/duty.md are what the package answers."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.conftest import REPOSITORY

from openward.book.duty import Basis, Mistake, evaluate, parse

PAGE = (REPOSITORY / "docs" / "duty.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip().strip("`") for cell in line.strip("|").split("|")]
    for line in PAGE.partition("## One example")[2].partition("\n## ")[0].splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| kind"))
]


def _basis(said: str) -> Basis:
    facts: dict[str, Any] = {
        name: {} for name in ("quantities", "contents", "values", "counts", "references", "meursing")
    }
    patterns = (
        (r"value of (.+) (\S+) ([A-Z]{3})", "values"),
        (r"content (.+) (\S+)", "contents"),
        (r"number of (.+) (\S+)", "counts"),
        (r"([A-Z]{2}[A-Z\d](?: of .+)?) (\S+)", "quantities"),
    )
    for fact in filter(None, said.split(", ")):
        if match := re.fullmatch(r"value (\S+) ([A-Z]{3})", fact):
            facts |= {"value": Decimal(match[1]), "currency": match[2]}
        elif match := re.fullmatch(r"duty of (.+) (\S+ %)", fact):
            facts["references"][match[1]] = parse(match[2])
        elif match := re.fullmatch(r"(AC|SD) (\S+ EUR)", fact):
            facts["meursing"][match[1]] = parse(match[2])
        elif match := re.fullmatch(r"on (\S+)", fact):
            facts["on"] = date.fromisoformat(match[1])
        elif match := re.fullmatch(r"programme (\S+)", fact):
            facts["programme"] = match[1]
        elif match := re.fullmatch(r"(.+) yes", fact):
            facts["conditions"] = {match[1]: True}
        else:
            matches = ((re.fullmatch(pattern, fact), held) for pattern, held in patterns)
            match, held = next((match, held) for match, held in matches if match)
            facts[held][match[1]] = Decimal(match[2])
            if held == "values":
                facts["currency"] = match[3]
    return Basis(**facts)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_examples(row: list[str]) -> None:
    _, dialect, text, canonical, facts, amount = row
    duty = parse(text, dialect)
    assert str(duty) == canonical
    assert parse(canonical) == duty
    found = evaluate(duty, _basis(facts))
    if amount == "open":
        assert found.total is None
        assert found.missing
    else:
        assert found.total == Decimal(amount)


def test_there_is_an_example_of_every_kind() -> None:
    assert len(ROWS) >= 30


def test_every_kind_of_mistake_is_on_the_page() -> None:
    assert all(f"`{kind}`" in PAGE for kind in Mistake)
