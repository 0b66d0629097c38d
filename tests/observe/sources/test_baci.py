"""BACI: leading zeros, Taiwan, blanks and every fault by file and line."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from openward.errors import InputError, InputErrors, MissingDataError, UsageError
from openward.observe.sources import baci
from openward.observe.sources.model import Loaded

YEAR = "BACI_HS22_Y2023_V202501.csv"
HEADER = "t,i,j,k,v,q\n"
Read = Callable[..., tuple[Loaded, ...]]


@pytest.fixture
def read(recorded: Path, tmp_path: Path) -> Read:
    def reading(*, year: str = "2023", **changed: str | None) -> tuple[Loaded, ...]:
        archive = tmp_path / "BACI_HS22_V202501.zip"
        with zipfile.ZipFile(archive, "w") as bundle:
            for file in sorted((recorded / "baci").iterdir()):
                text = changed.get(file.stem, file.read_text(encoding="utf-8"))
                if text is not None:
                    bundle.writestr(file.name, text)
        return baci.read([archive], {"year": year}, work=tmp_path / "work")

    return reading


def test_the_year_becomes_the_trade_table(read: Read, tmp_path: Path) -> None:
    (loaded,) = read()
    frame = loaded.frame.collect()
    assert frame.schema == {
        "year": pl.Int32,
        "exporter": pl.String,
        "importer": pl.String,
        "product": pl.String,
        "value": pl.Float64,
        "quantity": pl.Float64,
    }
    assert frame.rows()[0] == (2023, "AFG", "CHN", "010121", 5.5, 1.25)
    assert frame["quantity"].to_list() == [1.25, None, None, None, 0.5, 4.0]
    assert frame["exporter"].to_list() == ["AFG", "AFG", "CHN", "CHN", "TWN", "CIV"]
    assert frame["importer"].to_list() == ["CHN", "USA", "USA", "FRA", "CHN", "AFG"]
    assert (loaded.dataset, loaded.vintage, loaded.classification) == ("trade", "V202501", "HS2022")
    # 3 of 5.5 + 2 + 7.53 + 0.4 + 16820.25 + 10 + 3 = 16848.68
    assert "left out (1 flows, 0.02% of the value): R20" in loaded.notes[0]
    assert "9999AA" in " ".join(loaded.notes)
    assert [p.name for p in (tmp_path / "work").iterdir()] == ["BACI_HS22_Y2023_V202501.parquet"]


def test_several_years_are_read_from_one_archive(read: Read) -> None:
    tables = read(year="2022,2023")
    assert [one.frame.select("year").unique().collect().item() for one in tables] == [2022, 2023]


def test_a_year_that_is_not_there_is_said(read: Read) -> None:
    with pytest.raises(MissingDataError, match="does not have 2019") as caught:
        read(year="2019,2023")
    assert "2022 to 2023" in caught.value.hint


def test_numbers_padded_with_blanks_are_numbers(read: Read) -> None:
    (loaded,) = read(BACI_HS22_Y2023_V202501=HEADER + "2023,4,156,010121,   5.500,   NA\n")
    assert loaded.frame.collect().rows() == [(2023, "AFG", "CHN", "010121", 5.5, None)]


def test_the_older_country_file_is_read_too(read: Read) -> None:
    old = (
        "country_code,country_name_abbreviation,country_name_full,iso_2digit_alpha,iso_3digit_alpha\n"
        '4,Afghanistan,Afghanistan,AF,AFG\n156,China,China,CN,CHN\n490,"Other Asia, nes",'
        '"Other Asia, not elsewhere specified",N/A,N/A\n'
    )
    text = HEADER + "2023,490,4,010121,1,1\n"
    (loaded,) = read(country_codes_V202501=old, BACI_HS22_Y2023_V202501=text)
    assert loaded.frame.collect()["exporter"].to_list() == ["TWN"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEADER + "2023,4,156,10121,5,1\n", f"{YEAR}:2: k is '10121', not an HS code of six digits"),
        (
            HEADER + "2023,4,156,010121,5,1\n2023,4,842,020110,many,1\n",
            f"{YEAR}:3: v is 'many', not a number",
        ),
        (
            HEADER + "2023,4,156,010121,5,1\n2023,4,842,020110,2,some\n",
            f"{YEAR}:3: q is 'some', not a number",
        ),
        (HEADER + "2023,4,156,010121,5,1\n2023,,842,020110,2,1\n", f"{YEAR}:3: i is empty"),
        (HEADER + "2023,4,156,010121,5,1\n2023,4.5,842,020110,2,1\n", "i is '4.5', not a whole number"),
        (HEADER + "2023,4,156,010121,5,1\n2023,4,842,0201", "cut off in its last line"),
        (HEADER + "2023,4,156,010121,5,1,9\n", f"{YEAR}:2: 7 cells where the header has 6"),
        (HEADER + "2023,4,156,010121,-5,1\n", "a value or quantity is -5"),
        (HEADER + "2022,4,156,010121,5,1\n", "holds 2022 where its name says 2023"),
        (HEADER + "2023,4,999,010121,5,1\n", "unknown country 999"),
        (HEADER, "no rows"),
        ("", "no header"),
        ("t,i,j,k,v\n2023,4,156,010121,5\n", f"{YEAR}:1: column 'q' is missing"),
        ("t;i;j;k;v;q\n2023;4;156;010121;5;1\n", "column 't' is missing"),
    ],
)
def test_every_fault_is_named_and_leaves_nothing(read: Read, tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read(BACI_HS22_Y2023_V202501=text)
    assert told in str(caught.value)
    assert list((tmp_path / "work").iterdir()) == []


def test_many_faults_are_told_together_and_stop_somewhere(read: Read) -> None:
    text = HEADER + "".join(f"2023,4,156,01012{n},x{n},1\n" for n in range(10)) * 5
    with pytest.raises(InputErrors) as caught:
        read(BACI_HS22_Y2023_V202501=text)
    assert len(caught.value.errors) == 9
    assert "there may be more" in str(caught.value)


def test_flows_of_an_economy_with_itself_are_left_out_and_counted(read: Read) -> None:
    text = HEADER + "2023,4,156,010121,5,1\n2023,4,4,010121,5,1\n"
    (loaded,) = read(BACI_HS22_Y2023_V202501=text)
    assert loaded.frame.collect().height == 1
    assert "1 flows of an economy with itself" in loaded.notes[0]


def test_a_former_economy_keeps_its_code(read: Read) -> None:
    names = "country_code,country_name,country_iso2,country_iso3\n"
    countries = names + "4,Afghanistan,AF,AFG\n530,Neth. Antilles,AN,ANT\n"
    (loaded,) = read(
        country_codes_V202501=countries, BACI_HS22_Y2023_V202501=HEADER + "2023,530,4,010121,5,1\n"
    )
    assert loaded.frame.collect()["exporter"].to_list() == ["ANT"]
    assert "not economies of today" in loaded.notes[0]


def test_half_an_archive_is_named(tmp_path: Path) -> None:
    archive = tmp_path / "BACI_HS22_V202501.zip"
    archive.write_bytes(b"PK\x03\x04 half")
    with pytest.raises(InputError, match=r"not whole") as caught:
        baci.read([archive], {"year": "2023"}, work=tmp_path)
    assert caught.value.where == "BACI_HS22_V202501.zip"


def test_the_address_is_that_of_edition_and_vintage() -> None:
    request = baci.request({"edition": "HS22", "vintage": "V202501", "year": "2023"})
    assert request.downloads[0].url.endswith("/BACI_HS22_V202501.zip")
    older = baci.request({"year": "2018,2020"})
    assert older.downloads[0].target == "BACI_HS17_V202501.zip"
    with pytest.raises(InputError, match="no edition 'HS2022'"):
        baci.request({"edition": "HS2022", "vintage": "V202501", "year": "2023"})
    with pytest.raises(InputError, match="no vintage"):
        baci.request({"edition": "HS22", "vintage": "2025", "year": "2023"})
    with pytest.raises(UsageError, match="'20x' is not a year"):
        baci.request({"year": "20x"})
