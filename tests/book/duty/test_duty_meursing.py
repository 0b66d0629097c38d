from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from openward.book.duty import meursing_codes
from openward.errors import InputError

NAMES = ("milk fat", "milk protein", "starch", "sucrose")


def test_the_table_is_that_of_another_reading(shared: Path) -> None:
    path = shared / "data/tariff/uk_eu/meursing/meursing_codes.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    for key, classes in table.items():
        contents = {}
        for name in NAMES:
            said = classes[name.replace(" ", "_")]
            if said is not None:
                contents[name] = Decimal(said.replace("-", " ").split()[0]) / 100
        assert meursing_codes(contents) == (f"7{key.removeprefix('key_')}",)
    assert set(meursing_codes({})) == {f"7{key.removeprefix('key_')}" for key in table}


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        (("0", "0", "0", "0"), "7000"),
        (("0.01499", "0.0249", "0.0499", "0.0499"), "7000"),
        (("0.01499", "0.02495", "0.04995", "0.04995"), "7000"),
        (("0.015", "0.0", "0.0", "0.0"), "7100"),
        (("0.9", "0.05", "0", "0.05"), "7781"),
    ],
)
def test_codes_at_the_bounds(shares: tuple[str, ...], code: str) -> None:
    contents = {name: Decimal(share) for name, share in zip(NAMES, shares, strict=True)}
    assert meursing_codes(contents) == (code,)


def test_what_is_not_known_leaves_several_codes() -> None:
    contents = {"milk fat": Decimal(0), "milk protein": Decimal(0), "sucrose": Decimal("0.1")}
    assert meursing_codes(contents) == ("7001", "7006", "7011", "7016", "7759")


@pytest.mark.parametrize(
    "contents",
    [{"starch": Decimal("1.2")}, {"starch": Decimal("0.9"), "milk fat": Decimal("0.9")}],
)
def test_impossible_goods_are_refused(contents: dict[str, Decimal]) -> None:
    with pytest.raises(InputError):
        meursing_codes(contents)
