"""Annual tariff database of the United States International Trade Commission."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from openward.errors import InputError, MissingDataError
from openward.observe.dictionary import dataset
from openward.observe.sources.model import (
    Content,
    Download,
    Licence,
    Loaded,
    Option,
    Options,
    Request,
    Source,
)
from openward.observe.sources.strict_csv import Column, check_header, read_csv

US_PUBLIC_DOMAIN = Licence(
    "Public domain (17 U.S.C. 105)",
    "https://www.usitc.gov/privacy",
    "Works of the United States government; free to use, naming the Commission is good practice.",
    "United States International Trade Commission",
)

SOURCE = Source(
    name="usitc-tariff",
    title="Annual tariff database of the United States",
    publisher="United States International Trade Commission",
    page="https://dataweb.usitc.gov/tariff/annual",
    licence=US_PUBLIC_DOMAIN,
    gives=("tariff-lines",),
    layout=(
        "text with | or , between cells, or a zip of it: hts8, mfn_text_rate, mfn_rate_type_code, "
        "mfn_ad_val_rate, the same for col2 and for each programme, begin_effect_date, end_effective_date"
    ),
    options=(
        Option("year", "calendar year", "2025", required=True),
        Option("url", "address of the file on the page of the year", "https://..."),
    ),
)
_DATE = r"\d{1,2}/\d{1,2}/\d{4}"
_BASE = (
    Column("hts8", pattern=r"\d{8}", says="a tariff line of eight digits, leading zeros kept"),
    Column("mfn_text_rate", nullable=True),
    Column("mfn_rate_type_code", nullable=True),
    Column("mfn_ad_val_rate", "number", nullable=True),
    Column("col2_text_rate", nullable=True),
    Column("col2_rate_type_code", nullable=True),
    Column("col2_ad_val_rate", "number", nullable=True),
    Column("begin_effect_date", pattern=_DATE, says="a date MM/DD/YYYY"),
    Column("end_effective_date", pattern=_DATE, says="a date MM/DD/YYYY", nullable=True),
)
_AD_VALOREM = ("0", "7")
"""Rate type codes of the database: free, and ad valorem alone; all others have a specific or other part."""


def request(options: Options) -> Request:
    """Give the address the user named (the Commission changes its addresses by year).

    Raises
    ------
    MissingDataError
        None was named.
    """
    if not options.get("url"):
        hint = (
            f"download the year from {SOURCE.page} and give it with --file, or its address: --option url=..."
        )
        raise MissingDataError("the Commission has no lasting address for the tariff database", hint=hint)
    name = options["url"].rpartition("/")[2].partition("?")[0] or "tariff.zip"
    content: Content = "zip" if name.lower().endswith(".zip") else "csv"
    return Request(options["year"], (Download(options["url"], name, content),))


def read(files: Sequence[Path], options: Options, *, work: Path) -> tuple[Loaded, ...]:
    """Read a year: MFN, column 2 (``general``) and every programme with a rate of its own.

    A duty with a specific or compound part has no ``rate``; its text is kept. The type code decides, not the
    text: a rate that is not ad valorem is left empty, not zero.

    Raises
    ------
    InputError, InputErrors
        The layout is another, lost zeros, a text in a number; file and line named.
    """
    (path,) = files
    text = _unpacked(path, work)
    try:
        separator = _separator(text)
        header = check_header(text, _BASE, separator=separator)
        extra = [
            n
            for n in header
            if n.endswith("_ad_val_rate") and n not in ("mfn_ad_val_rate", "col2_ad_val_rate")
        ]
        typed = [n.replace("_ad_val_rate", "_rate_type_code") for n in extra]
        columns = [
            *_BASE,
            *(Column(n, "number", nullable=True) for n in extra),
            *(Column(n, nullable=True) for n in typed if n in header),
        ]
        frame = read_csv(text, columns, separator=separator, encoding="utf8-lossy")
    finally:
        if text != path:
            text.unlink(missing_ok=True)
    parts = [_regime(frame, "mfn", "mfn"), _regime(frame, "col2", "general")]
    parts += [
        _regime(frame, name.removesuffix("_ad_val_rate"), name.removesuffix("_ad_val_rate"))
        for name, code in zip(extra, typed, strict=True)
        if code in frame.columns
    ]
    table = pl.concat(parts)
    open_rates = table.filter((pl.col("regime") == "mfn") & pl.col("rate").is_null()).height
    return (
        Loaded(
            dataset="tariff-lines",
            table=table.lazy(),
            vintage=options["year"],
            source=f"USITC, annual tariff database {options['year']}",
            licence=SOURCE.licence.name,
            classification="HTS8",
            notes=(
                f"{open_rates} MFN lines have a specific, compound or other duty: no rate, the text is kept",
            ),
        ),
    )


def _regime(frame: pl.DataFrame, prefix: str, regime: str) -> pl.DataFrame:
    text, code = f"{prefix}_text_rate", f"{prefix}_rate_type_code"
    plain = pl.col(code).is_in(_AD_VALOREM)
    rate = pl.when(pl.col(code) == "0").then(0.0).when(plain).then(pl.col(f"{prefix}_ad_val_rate"))
    # 9999.999999 stands for "see the text" in chapters 98 and 99.
    rate_or_text = pl.when(rate < 9999).then(rate)
    start = pl.col("begin_effect_date").str.to_date("%m/%d/%Y")
    end = pl.col("end_effective_date").str.to_date("%m/%d/%Y") + pl.duration(days=1)
    target = dataset("tariff-lines")
    made = frame.filter(pl.col(code).is_not_null()).select(
        importer=pl.lit("USA"),
        product=pl.col("hts8"),
        regime=pl.lit(regime),
        valid_from=start,
        valid_to=end,
        rate=rate_or_text,
        duty=pl.col(text) if text in frame.columns else pl.lit(None, dtype=pl.String),
    )
    return made.select(pl.col(field.name).cast(field.dtype) for field in target.fields)


def _separator(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return "|" if "|" in file.readline() else ","


def _unpacked(path: Path, work: Path) -> Path:
    if not path.is_file():
        raise MissingDataError("no such file", where=str(path), hint="check the path")
    if path.suffix.lower() != ".zip":
        return path
    work.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(path) as bundle:
            names = [n for n in bundle.namelist() if Path(n).suffix.lower() in (".txt", ".csv")]
            if len(names) != 1:
                raise InputError(
                    f"{len(names)} text files in the archive", where=path.name, hint="unpack it by hand"
                )
            target = work / Path(names[0]).name
            target.write_bytes(bundle.read(names[0]))
    except zipfile.BadZipFile as broken:
        raise InputError(
            f"the zip archive is not whole: {broken}", where=path.name, hint="fetch it again"
        ) from None
    return target
