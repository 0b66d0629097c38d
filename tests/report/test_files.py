from __future__ import annotations

from pathlib import Path

import pytest

from openward.errors import InputError
from openward.report.files import write_text


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    target.write_text("old")
    write_text(target, "neu ü 税")
    assert target.read_text(encoding="utf-8") == "neu ü 税"
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_an_absent_folder_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write") as caught:
        write_text(tmp_path / "nowhere" / "page.html", "x")
    assert "folder" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()
    with pytest.raises(InputError):
        write_text(tmp_path / "page.html", "x")
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]
