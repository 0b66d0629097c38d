"""Bills of materials: what is wrong is said in one go, each with its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from openward.determine.origin.bill import bill_from, read_bill
from openward.errors import InputError

GOOD = """\
schema: openward.bill/1
code: "8703.23"
made_in: JPN
currency: USD
ex_works: 20000.50
facts: {"cut and sewn": true}
materials:
  - {code: "8407", origin: CHN, value: 3000, described: {engine: true}}
  - {code: "7208", value: 10, made_in: VNM, components: [{code: "2601", origin: AUS}]}
"""


def test_reads(tmp_path: Path) -> None:
    path = tmp_path / "car.yaml"
    path.write_text(GOOD)
    good = read_bill(path)
    assert good.code == "870323"
    assert good.ex_works == Decimal("20000.50")
    assert good.fact("Cut and sewn.") is True
    assert good.materials[0].is_a("engine") is True
    assert good.materials[1].origin == ""
    assert good.materials[1].components[0].origin == "AUS"


def test_everything_wrong_is_reported_together() -> None:
    with pytest.raises(InputError) as raised:
        bill_from(
            {
                "code": 870323,
                "made_in": "JP",
                "ex_works": "lots",
                "fob": -1,
                "colour": "red",
                "wholly_obtained": "yes",
                "facts": ["cut"],
                "materials": [{"origin": "XXQ"}, {"code": "84x7", "value": True}],
            },
            where="car.yaml",
        )
    text = str(raised.value)
    for place in (
        "car.yaml code", "car.yaml made_in", "car.yaml ex_works", "car.yaml fob", "car.yaml colour",
        "car.yaml wholly_obtained", "car.yaml facts", "car.yaml currency", "materials[1].code",
        "materials[1].origin", "materials[2].code", "materials[2].value",
    ):  # fmt: skip
        assert place in text


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.yaml", "code: [", "a.yaml:"),
        ("a.json", '{"code": "87', "a.json:1"),
        ("a.yaml", "- 1", "a.yaml"),
        ("a.yaml", "code: '8703'\nmade_in: JPN\nmaterials: 7", "a.yaml materials"),
        ("a.yaml", "schema: openward.bill/9\ncode: '8703'\nmade_in: JPN", "a.yaml schema"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, text: str, place: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError) as raised:
        read_bill(path)
    assert place in raised.value.where


def test_absent_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_bill(tmp_path / "none.yaml")
