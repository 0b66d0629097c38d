"""The page on data explains everything that an audit can find."""

from __future__ import annotations

from pathlib import Path

from openward.observe.audit.run import KINDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "data.md"


def test_the_page_explains_every_kind_of_finding() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in text] == []
