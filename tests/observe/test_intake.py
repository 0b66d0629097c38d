"""A file is whole, in the right shape and of one vintage, or it is refused with the reason."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import polars as pl
import pytest

from openward.errors import InputError, InputErrors
from openward.observe.dictionary import dataset
from openward.observe.intake import open_file

TEXT = """year,exporter,importer,product,value,quantity
2022,CHN,USA,010121,12.5,1
2022,USA,CHN,851712,7.25,
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_keeps_zeros_and_empty_quantities(tmp_path: Path) -> None:
    opened = open_file(write(tmp_path / "t.csv", TEXT), name="trade")
    assert opened.frame.collect().rows() == [
        (2022, "CHN", "USA", "010121", 12.5, 1.0),
        (2022, "USA", "CHN", "851712", 7.25, None),
    ]
    lacking = "\n".join(line.rsplit(",", 1)[0] for line in TEXT.splitlines()) + "\n"
    without = open_file(write(tmp_path / "u.csv", lacking), name="trade").frame.collect()
    assert without["quantity"].null_count() == 2


def test_half_a_download_is_named(tmp_path: Path) -> None:
    for name, content in (
        ("cut.csv", TEXT[:-4].encode()),
        ("empty.csv", b""),
        ("cut.csv.gz", gzip.compress(TEXT.encode() * 50)[:-20]),
        ("inside.csv.gz", gzip.compress(TEXT[:-4].encode())),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(InputError, match="half-file") as caught:
            open_file(path, name="trade")
        assert caught.value.where == str(path)
    whole = tmp_path / "whole.parquet"
    pl.DataFrame({"year": [2022]}).write_parquet(whole)
    (tmp_path / "cut.parquet").write_bytes(whole.read_bytes()[:-10])
    with pytest.raises(InputError, match="end mark is absent"):
        open_file(tmp_path / "cut.parquet", name="trade")


def test_the_publisher_s_checksum_settles_it(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", TEXT)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    assert open_file(path, name="trade", checksum=digest.upper()).of.name == "trade"
    path.write_text(TEXT + TEXT.splitlines()[1] + "\n")
    with pytest.raises(InputError, match="SHA-256"):
        open_file(path, name="trade", checksum=digest)


def test_two_vintages_in_one_file_are_refused(tmp_path: Path) -> None:
    lines = TEXT.splitlines()
    names = ("vintage", "V1", "V2")
    mixed = "\n".join(f"{line},{name}" for line, name in zip(lines, names, strict=True)) + "\n"
    with pytest.raises(InputError, match="2 vintages are mixed in one file: V1, V2"):
        open_file(write(tmp_path / "t.csv", mixed), name="trade")
    one = open_file(write(tmp_path / "u.csv", mixed.replace("V2", "V1")), name="trade")
    assert "vintage" not in one.frame.collect_schema()


def test_cells_that_are_no_numbers_are_named_with_their_line(tmp_path: Path) -> None:
    bad = TEXT.replace("7.25", '"7,250"').replace("2022,USA", "20x2,USA")
    with pytest.raises(InputErrors) as caught:
        open_file(write(tmp_path / "t.csv", bad), name="trade")
    said = str(caught.value)
    assert "'7,250' in line 3" in said
    assert "'20x2' in line 3" in said


def test_codes_stored_as_integers_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pl.read_csv(TEXT.encode()).write_parquet(path)
    with pytest.raises(InputErrors, match="lost the zeros in front"):
        open_file(path, name="trade")


def test_other_columns_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", TEXT.replace("exporter", "exprter"))
    with pytest.raises(InputErrors) as caught:
        open_file(path, name="trade")
    assert "did you mean exporter?" in str(caught.value)
    with pytest.raises(InputError, match="no such file"):
        open_file(tmp_path / "absent.csv", name="trade")
    with pytest.raises(InputError, match="ships with openward"):
        open_file(path, name="world-flows")


def test_a_public_file_is_known_by_its_name(shared: Path) -> None:
    path = shared / "data" / "economy" / "trade_bilateral_baci_2023.parquet"
    for name in ("trade-total", "baci-total-2023"):
        opened = open_file(path, name=name)
        assert opened.of == dataset("trade-total")
        assert "BACI" in opened.source
        assert opened.frame.select(pl.col("year").unique()).collect().item() == 2023
