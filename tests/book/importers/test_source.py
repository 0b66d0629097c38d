"""Files that are not what they should be: one clear message, and nothing half-written."""

from __future__ import annotations

from pathlib import Path

import pytest

from openward.book.importers import import_file
from openward.book.importers.china_columns import COLUMNS
from openward.book.importers.ledger import Ledger
from openward.book.importers.source import Broken, Line, Source
from openward.errors import InputError, InputErrors, MissingDataError, RefusedError, UsageError

HEADER = ",".join(COLUMNS) + "\n"
ROW = "0101210010,Horses," + ",".join(["0"] * 13) + "\n"


def write(folder: Path, content: str | bytes, name: str = "in.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def failure(path: Path, **options: str) -> InputError:
    out = path.parent / "out" / "book"
    with pytest.raises(InputError) as caught:
        import_file("cn-2018-2019", path, out, **options)
    assert not out.exists()
    assert not out.parent.exists() or not list(out.parent.iterdir()), "a half-written folder stayed behind"
    return caught.value


def test_cut_off_in_the_middle_of_a_row(tmp_path: Path) -> None:
    error = failure(write(tmp_path, HEADER + ROW + ROW[:20]))
    assert "cut off" in error.message
    assert error.where == "in.csv:3"


def test_cut_off_inside_quotes(tmp_path: Path) -> None:
    error = failure(write(tmp_path, HEADER + ROW + '0101290010,"Horses, and'))
    assert "cut off" in error.message


def test_cut_off_after_the_last_cell_is_remarked(tmp_path: Path) -> None:
    done = import_file("cn-2018-2019", write(tmp_path, HEADER + ROW.rstrip()), tmp_path / "book")
    assert any("line break" in note for note in done.notes)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ((HEADER + ROW.replace("Horses", "馬")).encode("gb18030"), "not UTF-8"),
        ((HEADER + ROW).encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "spreadsheet"),
        ((HEADER + ROW).encode() + b"\x00", "zero bytes"),
        (b"", "empty"),
    ],
)
def test_another_encoding(tmp_path: Path, content: bytes, words: str) -> None:
    error = failure(write(tmp_path, content))
    assert words in error.message
    assert error.hint


def test_the_encoding_can_be_named(tmp_path: Path) -> None:
    table = write(tmp_path, (HEADER + ROW.replace("Horses", "馬")).encode("gb18030"))
    assert import_file("cn-2018-2019", table, tmp_path / "book", encoding="gb18030").rows["imported"] == 1
    assert "unknown encoding" in failure(table, encoding="gibberish").message


def test_unknown_and_missing_columns(tmp_path: Path) -> None:
    with pytest.raises(InputErrors) as caught:
        import_file("cn-2018-2019", write(tmp_path, HEADER.replace("hs10", "hs_10") + ROW), tmp_path / "book")
    told = str(caught.value)
    assert "unknown column 'hs_10'" in told
    assert "'hs10' is missing" in told


def test_no_such_file_format_option_or_free_place(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError):
        import_file("cn-2018-2019", tmp_path / "absent.csv", tmp_path / "book")
    table = write(tmp_path, HEADER + ROW)
    with pytest.raises(UsageError, match="cn-2018-2019"):
        import_file("cn-2018-2018", table, tmp_path / "book")
    with pytest.raises(UsageError, match="takes no --components"):
        import_file("cn-2018-2019", table, tmp_path / "book", components="x")
    with pytest.raises(RefusedError):
        import_file("cn-2018-2019", table, tmp_path)


def test_rows_that_do_not_fit_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n1,2\n\n3\n4,5,6\n7,8\n")
    rows = list(Source(path, required=("a", "b")).rows())
    assert [row.number for row in rows] == [2, 4, 5, 6]
    assert [type(row) for row in rows] == [Line, Broken, Broken, Line]


def test_every_row_has_one_fate() -> None:
    ledger = Ledger()
    lines = [Line(n, {}, ()) for n in range(2, 7)]
    error = InputError("no")
    ledger.imported(lines[0])
    ledger.imported(lines[0])
    ledger.rejected(lines[1], error)
    ledger.imported(lines[2])
    ledger.rejected(lines[2], error)
    ledger.rejected(lines[3], error)
    ledger.imported(lines[3])
    ledger.imported(lines[3])
    ledger.nothing(lines[4], "a heading")
    assert ledger.account() == {"imported": 1, "in part": 2, "rejected": 1, "nothing": 1}
