"""Every adapter reads a small file of the true layout into its dataset, and names the faults of a bad one."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from openward.errors import InputError, MissingDataError, OpenwardError, UnknownCodeError, UsageError
from openward.observe.dictionary import dataset, faults
from openward.observe.input_output import InputOutput
from openward.observe.sources.cache import Cache
from openward.observe.sources.catalogue import ADAPTERS, adapter, get
from openward.observe.sources.model import Loaded
from openward.observe.sources.settings import Settings

ACCEPT = Settings(accept_licence=True, offline=True)


def load(name: str, path: Path, tmp_path: Path, **options: str) -> Loaded:
    (loaded,) = get(name, options=options, cache=Cache(tmp_path / "cache"), settings=ACCEPT, files=[path])
    if not isinstance(loaded.table, InputOutput):
        assert faults(loaded.frame.collect(), of=dataset(loaded.dataset)) == ()
        assert loaded.frame.collect_schema().names() == list(dataset(loaded.dataset).columns)
    return loaded


def spoil(path: Path, tmp_path: Path, old: str, new: str) -> Path:
    text = path.read_text(encoding="utf-8")
    assert old in text
    bad = tmp_path / path.name
    bad.write_text(text.replace(old, new, 1), encoding="utf-8")
    return bad


def test_comtrade_imports_of_a_year(recorded: Path, tmp_path: Path) -> None:
    loaded = load("comtrade", recorded / "comtrade_annual.csv", tmp_path, flow="import")
    assert loaded.frame.collect().rows() == [
        (2023, "USA", "CHN", "010121", 250.0, 6.0),
        (2023, "TWN", "CHN", "854232", 1750.0005, 0.5),
    ]
    assert loaded.classification == "HS2022"
    notes = " | ".join(loaded.notes)
    for said in (
        "1 rows that split a total by motCode",
        "1 rows of other flows",
        "no economy are left out: 899",
        "1 rows of the partner World",
        "1 rows of other levels than HS6",
        "1 rows of an economy with itself",
        "values are cif",
    ):
        assert said in notes


def test_comtrade_exports_turn_the_other_way(recorded: Path, tmp_path: Path) -> None:
    loaded = load("comtrade", recorded / "comtrade_annual.csv", tmp_path, flow="export")
    assert loaded.frame.collect().rows() == [(2023, "CHN", "USA", "850110", 9.0, None)]


def test_comtrade_does_not_guess_the_flow(recorded: Path, tmp_path: Path) -> None:
    with pytest.raises(OpenwardError, match="needs flow"):
        load("comtrade", recorded / "comtrade_annual.csv", tmp_path)


def test_comtrade_months(recorded: Path, tmp_path: Path) -> None:
    loaded = load("comtrade", recorded / "comtrade_monthly.json", tmp_path, flow="import")
    assert loaded.dataset == "trade-monthly"
    assert loaded.frame.collect().rows() == [
        (date(2025, 1, 1), "CHN", "import", "USA", "010121", 88000.25, 1200.5)
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("M,Import,842", "M,Import,usa", "comtrade_annual.csv:2: partnerCode is 'usa', not a whole number"),
        ("250000,,250000", "250000,,much", "comtrade_annual.csv:2: primaryValue is 'much', not a number"),
        ("primaryValue", "value", "column 'primaryValue' is missing"),
        ("0,W00,H6", "0,W00,H5", "classificationCode is H5 and H6"),
    ],
)
def test_comtrade_faults(recorded: Path, tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        load("comtrade", spoil(recorded / "comtrade_annual.csv", tmp_path, old, new), tmp_path, flow="import")
    assert told in str(caught.value)


def test_world_bank_answer(recorded: Path, tmp_path: Path) -> None:
    loaded = load("worldbank", recorded / "worldbank_v2.json", tmp_path)
    frame = loaded.frame.collect()
    assert frame.select("economy", "year", "gdp", "exports_ratio").rows() == [
        ("CHN", 2023, 18_270_000.0, 0.195),
        ("WLD", 2023, 106_000_000.0, None),
    ]
    assert "EUU" in loaded.notes[0]
    assert loaded.vintage == "2025-07-01"


def test_rows_of_wbgapi(recorded: Path, tmp_path: Path) -> None:
    frame = load("worldbank", recorded / "worldbank_wbgapi.json", tmp_path).frame.collect()
    assert frame.select("economy", "year", "population", "services_exports").rows() == [
        ("CHN", 2023, 1.41071e9, 380_000.0)
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"value":19.5', '"value":"high"', "worldbank_v2.json, row 2: value is 'high', not a number"),
        ('"pages":1', '"pages":3', "one page of 3"),
        ("NY.GDP.MKTP.CD", "NY.XXX", "series NY.XXX has no column"),
        ('"date":"2023"', '"date":"2023Q1"', "not a whole number"),
        ('"countryiso3code":"WLD"', '"iso":"WLD"', "row 3: 'time' is missing"),
    ],
)
def test_world_bank_faults(recorded: Path, tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        load("worldbank", spoil(recorded / "worldbank_v2.json", tmp_path, old, new), tmp_path)
    assert told in str(caught.value)


def test_wto_totals_are_taken_and_parts_are_not(recorded: Path, tmp_path: Path) -> None:
    loaded = load("wto", recorded / "wto_goods.json", tmp_path, year="2023")
    assert loaded.frame.collect().select("economy", "year", "goods_exports").rows() == [
        ("CHN", 2023, 3_379_255.0),
        ("WLD", 2023, 23_800_000.0),
    ]
    assert "European Union" in loaded.notes[0]


def test_wto_tariffs(recorded: Path, tmp_path: Path) -> None:
    loaded = load("wto", recorded / "wto_tariffs.json", tmp_path, year="2023")
    assert loaded.frame.collect().rows() == [
        ("CHN", "010129", "mfn", date(2023, 1, 1), date(2024, 1, 1), 0.1, "10 %")
    ]


def test_wto_in_another_unit_is_refused(recorded: Path, tmp_path: Path) -> None:
    bad = spoil(recorded / "wto_goods.json", tmp_path, '"Million US dollar"', '"Thousand US dollar"')
    with pytest.raises(InputError, match="unit is 'Thousand US dollar'"):
        load("wto", bad, tmp_path, year="2023")


def test_icio_out_of_its_zip(recorded: Path, tmp_path: Path) -> None:
    archive = tmp_path / "2016-2022_SML.zip"
    with zipfile.ZipFile(archive, "w") as bundle:
        bundle.write(recorded / "2022_SML.csv", "2022_SML.csv")
    table = load("icio", archive, tmp_path, year="2022").table
    assert isinstance(table, InputOutput)
    assert table.economies == ("AAA", "BBB")
    assert table.sectors == ("A01", "C10T12")
    assert table.Z.tolist() == [[10, 5, 1, 0], [3, 15, 0, 1], [0, 1, 12, 4], [1, 0, 3, 10]]
    assert table.F.tolist() == [[22, 2], [26, 5], [1, 31], [2, 20]]
    assert table.output.tolist() == [40, 50, 49, 36]
    assert table.value_added.tolist() == [26, 29, 33, 21]
    with pytest.raises(MissingDataError, match="no table of 2019"):
        load("icio", archive, tmp_path, year="2019")


def test_icio_cut_off_is_named(recorded: Path, tmp_path: Path) -> None:
    bad = tmp_path / "2022_SML.csv"
    bad.write_text((recorded / "2022_SML.csv").read_text()[:-40])
    with pytest.raises(InputError, match="cut off"):
        load("icio", bad, tmp_path, year="2022")


def test_wiod(recorded: Path, tmp_path: Path) -> None:
    table = load("wiod", recorded / "WIOT2014_Nov16_ROW.csv", tmp_path, year="2014").table
    assert isinstance(table, InputOutput)
    assert table.economies == ("AUS", "ROW")
    assert table.Z[1].tolist() == [2, 4, 6, 8]
    assert table.F.tolist() == [[59, 0], [59, 0], [-1, 60], [-1, 60]]
    with pytest.raises(InputError, match="of 2014, not 2010"):
        load("wiod", recorded / "WIOT2014_Nov16_ROW.csv", tmp_path, year="2010")


def test_us_tariff_rates_are_never_made_up(recorded: Path, tmp_path: Path) -> None:
    loaded = load("usitc-tariff", recorded / "tariff_database_2025.txt", tmp_path, year="2025")
    frame = loaded.frame.collect()
    mfn = {row["product"]: row["rate"] for row in frame.filter(pl.col("regime") == "mfn").to_dicts()}
    assert mfn == {
        "01012100": 0.0,
        "01013000": 0.068,
        "02011050": 0.264,
        "04015002": None,
        "99038803": None,
    }
    assert dict(frame.filter(pl.col("regime") == "korea").select("product", "rate").rows()) == {
        "01013000": 0.0,
        "02011050": 0.0352,
    }
    assert frame.filter(pl.col("product") == "01013000", pl.col("regime") == "general")["rate"].item() == 0.15
    assert frame["valid_from"].unique().to_list() == [date(2025, 1, 1)]
    assert frame["valid_to"].unique().to_list() == [date(2026, 1, 1)]
    assert "2 MFN lines" in loaded.notes[0]


def test_us_tariff_lost_zeros_are_named(recorded: Path, tmp_path: Path) -> None:
    bad = spoil(recorded / "tariff_database_2025.txt", tmp_path, "01013000|", "1013000|")
    with pytest.raises(
        InputError, match=r"tariff_database_2025\.txt:3: hts8 is '1013000', not a tariff line"
    ):
        load("usitc-tariff", bad, tmp_path, year="2025")


def test_dataweb_report(recorded: Path, tmp_path: Path) -> None:
    loaded = load("usitc-dataweb", recorded / "dataweb_imports.csv", tmp_path, vintage="2025-06-30")
    assert loaded.frame.collect().rows() == [
        (date(2025, 1, 1), "USA", "import", "GBR", "0101210010", 1_250_000.0, None),
        (date(2025, 2, 1), "USA", "import", "KOR", "8542320036", 98_000_123.0, None),
        (date(2025, 2, 1), "USA", "import", "TWN", "8542320036", 0.0, None),
    ]
    bad = spoil(recorded / "dataweb_imports.csv", tmp_path, "Korea", "Koreaa")
    with pytest.raises(InputError, match="unknown country 'Koreaa'"):
        load("usitc-dataweb", bad, tmp_path)
    bad = spoil(recorded / "dataweb_imports.csv", tmp_path, "98,000,123", "98m")
    with pytest.raises(InputError, match=r"dataweb_imports\.csv:6: Customs Value is '98m'"):
        load("usitc-dataweb", bad, tmp_path)


def test_declarations(recorded: Path, tmp_path: Path) -> None:
    frame = load("declarations", recorded / "declarations.csv", tmp_path, vintage="2025-03").frame.collect()
    assert frame.row(0) == (
        *("520120250000001", 1, date(2025, 3, 1), "CHN", "import", "SGP", "MYS", "1511100000"),
        *(125000.5, 100000.0, 0.0, "RCEP"),
    )
    assert frame.row(1)[-3:] == (None, 36.0, None)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("import,SGP,MYS", "imports,SGP,MYS", "declarations.csv:2: flow is 'imports', not export or import"),
        ("2025-03-01", "01/03/2025", "declarations.csv:2: date is '01/03/2025', not a date YYYY-MM-DD"),
        ("2025-03-01", "2025-02-30", "date is '2025-02-30', which is none"),
        ("SGP,MYS", "SGP,XYZ", "origin is 'XYZ', which is none"),
        ("1511100000", "151110000", "product is '151110000', not a code of an even number of digits"),
        ("declaration,item", "declaration,line", "column 'item' is missing"),
        ("preference", "preference,tax", "unknown column 'tax'"),
        ("125000.5", "-1", "value below 0"),
        ("001,2,", "001,1,", "2 rows share their key"),
    ],
)
def test_declaration_faults(recorded: Path, tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        load("declarations", spoil(recorded / "declarations.csv", tmp_path, old, new), tmp_path)
    assert told in str(caught.value)


def test_own_investment_table(recorded: Path, tmp_path: Path) -> None:
    frame = load("fdi", recorded / "fdi.csv", tmp_path).frame.collect()
    assert frame.rows()[1] == (2023, "CHN", "DEU", "inward", "flow", -120.5)


def test_unctad(recorded: Path, tmp_path: Path) -> None:
    loaded = load("fdi-unctad", recorded / "US_FdiFlowsStock.csv", tmp_path)
    assert loaded.frame.select("economy", "year", "fdi_inflow", "fdi_outflow").collect().rows() == [
        ("CHN", 2023, 163253.3, 147850.0),
        ("WLD", 2023, 1331813.1, None),
    ]
    assert "5100" in loaded.notes[1]


def test_unctad_still_packed(tmp_path: Path) -> None:
    packed = tmp_path / "US_FdiFlowsStock.7z"
    packed.write_bytes(b"7z\xbc\xaf\x27\x1c....")
    with pytest.raises(InputError, match="7-Zip archive"):
        load("fdi-unctad", packed, tmp_path)


def test_sdmx_csv_of_the_oecd(recorded: Path, tmp_path: Path) -> None:
    loaded = load(
        "sdmx-oecd", recorded / "oecd_fdi.csv", tmp_path, flow="OECD.DAF.INV,DSD_FDI@DF_FDI_FLOW_CTRY,1.0"
    )
    assert loaded.frame.collect().rows() == [
        (2022, "DEU", "CHN", "inward", "flow", 2145.75),
        (2022, "DEU", "JPN", "outward", "flow", 178500.0),
    ]
    assert "2 observations" in loaded.notes[0]


def test_sdmx_ml_generic_of_the_imf(recorded: Path, tmp_path: Path) -> None:
    loaded = load("sdmx-imf", recorded / "imf_imts.xml", tmp_path, flow="IMTS")
    assert loaded.frame.collect().rows() == [
        (2022, "CHN", "USA", 582_756_500.0),
        (2023, "CHN", "USA", 501_221_250.0),
    ]


def test_sdmx_ml_structured_of_wits(recorded: Path, tmp_path: Path) -> None:
    loaded = load("sdmx-wits", recorded / "wits_trade.xml", tmp_path, flow="DF_WITS_TradeStats_Trade")
    assert loaded.frame.collect().rows() == [
        (2021, "USA", "CHN", 151_442_230.5),
        (2021, "ROU", "CHN", 1_015_000.0),
    ]


@pytest.mark.parametrize("source", ["sdmx-eurostat", "sdmx-unsd"])
def test_sdmx_json_of_any_flow_becomes_series(recorded: Path, tmp_path: Path, source: str) -> None:
    loaded = load(source, recorded / "eurostat.json", tmp_path, flow="nama_10_gdp")
    assert loaded.frame.collect().rows() == [
        ("nama_10_gdp", "FREQ=A;UNIT=CP_MEUR;NA_ITEM=B1GQ;GEO=DE", "2023", 4_121_160.0, None),
        ("nama_10_gdp", "FREQ=A;UNIT=CP_MEUR;NA_ITEM=B1GQ;GEO=DE", "2024", 4_305_260.0, None),
    ]


@pytest.mark.parametrize(
    ("name", "flow", "old", "new", "told"),
    [
        (
            "oecd_fdi.csv",
            "DF_FDI_FLOW_CTRY",
            "2145.75",
            "2.145.75",
            "oecd_fdi.csv:2: OBS_VALUE is '2.145.75'",
        ),
        ("oecd_fdi.csv", "DF_FDI_FLOW_CTRY", "TIME_PERIOD", "PERIOD", "column 'TIME_PERIOD' is missing"),
        ("oecd_fdi.csv", "DF_FDI_FLOW_CTRY", "A,2022,", "A,2022-Q1,", "'2022-Q1', not a year"),
        ("oecd_fdi.csv", "IMTS", "REF_AREA", "AREA", "should have the dimension COUNTRY"),
        ("imf_imts.xml", "IMTS", "</message:GenericData>", "", "XML is not whole"),
        ("eurostat.json", "nama", '"attributes": {"dataSet"', '"attributes": "dataSet"', "JSON is not whole"),
    ],
)
def test_sdmx_faults(
    recorded: Path, tmp_path: Path, name: str, flow: str, old: str, new: str, told: str
) -> None:
    with pytest.raises(InputError) as caught:
        load("sdmx-oecd", spoil(recorded / name, tmp_path, old, new), tmp_path, flow=flow)
    assert told in str(caught.value)


def test_every_source_is_described() -> None:
    for name, one in ADAPTERS.items():
        source = one.source
        assert source.name == name
        assert source.licence.name
        assert source.licence.summary
        assert source.licence.attribution
        assert source.layout
        assert all(dataset(gives) for gives in source.gives if gives != "input-output")
        assert all(option.example for option in source.options)


def test_unknown_sources_and_options(tmp_path: Path) -> None:
    with pytest.raises(UnknownCodeError, match="no source is called 'bacy'"):
        adapter("bacy")
    with pytest.raises(OpenwardError) as caught:
        get("baci", options={"jear": "2023"}, cache=Cache(tmp_path), settings=ACCEPT)
    assert "no option 'jear'" in str(caught.value)
    assert "baci needs year" in str(caught.value)
    assert isinstance(caught.value.errors[0], UsageError)  # type: ignore[attr-defined]


def test_own_files_need_their_licence_too(recorded: Path, tmp_path: Path) -> None:
    path = tmp_path / "fdi.csv"
    shutil.copy(recorded / "fdi.csv", path)
    with pytest.raises(OpenwardError, match="not accepted yet"):
        get("fdi", options={}, cache=Cache(tmp_path / "c"), settings=Settings(), files=[path])
