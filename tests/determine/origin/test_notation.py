"""Rules in notation: read, said in words, and refused with the place of the mistake."""

from __future__ import annotations

import pytest

from openward.determine.origin.notation import parse, write
from openward.determine.origin.words import say
from openward.errors import InputError


def test_words() -> None:
    rule = parse("CTH except 2204, 2207-2208 or RVC 40 % build-down")
    assert say(rule) == (
        "non-originating materials come from any other heading, except 2204, 2207-2208; or "
        "regional value content of "
        "at least 40 % (build-down, the value of the good)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "WO",
        "WO of 01, 02",
        "CTH allowing 20 % EXW of same heading",
        "(CC or MaxNOM 40 % EXW of all) and NOM-to-OM",
        'FROM earlier "yarn" 5205 plus OUTSIDE 5208-5212',
        'case "pisco" (CC); else (CTH)',
        'RVC 35 % net-cost net-cost of all or process "refining"',
        'ANY except "housings" 850870, 8537 when "when assembled"',
        "MaxWeight 40 % of 1701 without 170111",
    ],
)
def test_reads_back(text: str) -> None:
    once = write(parse(text))
    assert write(parse(once)) == once


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("CTH excep 2204", 5, "'and', 'or'"),
        ("MaxNOM EXW", 8, "a percentage"),
        ("MaxNOM 140 %", 8, "up to 100 %"),
        ("RVC 40 % buildown", 10, "build-down"),
        ("CTH except 2208-2204", 12, "low to high"),
        ("(CC or CTH", 11, "')'"),
        ("CC and", 7, "WO, CC"),
        ("CTHH", 1, "CTSH"),
        ("WO of same hedding", 12, "heading"),
        ("CTH & CC", 5, "word"),
        ('process refining', 9, "quotes"),
        ("", 1, "WO, CC"),
    ],
)  # fmt: skip
def test_mistakes_are_placed(text: str, column: int, expected: str) -> None:
    with pytest.raises(InputError) as raised:
        parse(text, where="rules.yaml:3")
    assert raised.value.where == f"rules.yaml:3, column {column}"
    assert expected in raised.value.hint
