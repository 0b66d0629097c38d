"""Time series of the WTO: annual goods and services trade, and MFN tariffs by HS6."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import polars as pl

from openward.errors import InputError, MissingDataError
from openward.observe.dictionary import dataset
from openward.observe.sources.areas import alpha3
from openward.observe.sources.cache import vintage_of
from openward.observe.sources.json_rows import number, read_json, text, whole
from openward.observe.sources.macro_series import WTO, widen
from openward.observe.sources.model import (
    Download,
    Key,
    Licence,
    Loaded,
    Option,
    Options,
    Request,
    Source,
    today,
)

MFN = ("HS_A_0010", "HS_A_0015")
"""Simple average MFN applied duty by HS6: all duties, ad valorem duties only."""

SOURCE = Source(
    name="wto",
    title="WTO time series",
    publisher="World Trade Organization",
    page="https://apiportal.wto.org",
    licence=Licence(
        name="WTO Data terms of use",
        url="https://www.wto.org/english/res_e/statis_e/data_pub_e.htm",
        summary="Free to use and share if the WTO is named as the source; no endorsement may be implied.",
        attribution="World Trade Organization, WTO Data",
    ),
    gives=("macro", "tariff-lines"),
    layout="JSON: Dataset, rows with IndicatorCode, ReportingEconomyCode, ProductOrSectorCode, Year, Value",
    options=(
        Option("indicator", "code of the series", "ITS_MTV_AX", required=True),
        Option("reporter", "WTO number of the economy; all by default", "156"),
        Option("year", "first and last year", "2010-2024", required=True),
    ),
    address="https://api.wto.org/timeseries/v1/data",
)
_KEY = Key("WTO_API_KEY", "Ocp-Apim-Subscription-Key", "https://apiportal.wto.org")
_LIMIT = 1_000_000


def request(options: Options) -> Request:
    """Give the address of a series."""
    indicator, reporter, years = options["indicator"], options.get("reporter", "all"), options["year"]
    asked = {"i": indicator, "r": reporter, "ps": years, "fmt": "json", "mode": "full", "max": str(_LIMIT)}
    target = f"{indicator}_{reporter}_{years}.json".replace(",", "+")
    url = f"{SOURCE.address}?{urlencode(asked)}"
    return Request(today(), (Download(url, target, "json", key=_KEY),), is_live=True)


def read(files: Sequence[Path], options: Options, *, work: Path) -> tuple[Loaded, ...]:
    """Read answers of the service.

    Raises
    ------
    InputError
        Not such an answer, a series without a place here, a text in a number; file and row named.
    """
    del work
    macro: list[tuple[str, int, str, float]] = []
    lines: list[dict[str, Any]] = []
    left: set[str] = set()
    for path in files:
        for place, row in enumerate(_rows(path), start=1):
            where = f"{path.name}, row {place}"
            code = alpha3(text(row, "ReportingEconomyCode", where=where))
            value, year = number(row, "Value", where=where), whole(row, "Year", where=where)
            indicator = text(row, "IndicatorCode", where=where)
            if not code:
                left.add(str(row.get("ReportingEconomy") or row["ReportingEconomyCode"]))
            elif value is None:
                continue
            elif indicator in WTO:
                if _is_total(row):
                    _unit(row, "million us dollar", where)
                    macro.append((code, year, WTO[indicator][0], value * WTO[indicator][1]))
            elif indicator in MFN:
                lines.append(_line(row, code, year, value, where))
            else:
                hint = f"known are {', '.join((*WTO, *MFN))}"
                raise InputError(f"the series {indicator} has no place here", where=where, hint=hint)
    if not macro and not lines:
        raise MissingDataError("the answer has no values", where=files[0].name, hint="check series and years")
    notes = (f"groups and areas left out: {', '.join(sorted(left))}",) if left else ()
    tables: list[tuple[str, pl.LazyFrame, str | None]] = []
    if macro:
        tables.append(("macro", widen(macro, where=files[0].name), None))
    if lines:
        schema = {field.name: field.dtype for field in dataset("tariff-lines").fields}
        tables.append(("tariff-lines", pl.DataFrame(lines, schema=schema).lazy(), "HS6"))
    return tuple(
        Loaded(
            name,
            table,
            vintage_of(files[0], options),
            "WTO time series",
            SOURCE.licence.name,
            classification,
            notes,
        )
        for name, table, classification in tables
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    raw = read_json(path)
    rows = raw.get("Dataset") if isinstance(raw, dict) else raw
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(
            "not an answer of the WTO", where=path.name, hint="a JSON object with a list Dataset"
        )
    if len(rows) >= _LIMIT:
        raise InputError(f"the answer stops at {_LIMIT:,} rows", where=path.name, hint="ask for fewer years")
    return rows


def _is_total(row: dict[str, Any]) -> bool:
    """All products and all partners: parts beside their total would be counted twice."""
    partner, product = str(row.get("PartnerEconomyCode") or ""), str(row.get("ProductOrSectorCode") or "")
    return partner in ("", "000") and product in ("", "TO", "SOX", "S")


def _unit(row: dict[str, Any], wanted: str, where: str) -> None:
    unit = str(row.get("Unit") or wanted).strip().casefold()
    if wanted not in unit:
        raise InputError(f"the unit is {row['Unit']!r}, not {wanted}", where=where)


def _line(row: dict[str, Any], code: str, year: int, value: float, where: str) -> dict[str, Any]:
    product = text(row, "ProductOrSectorCode", where=where)
    if not (product.isdigit() and len(product) in (2, 4, 6)):
        raise InputError(f"ProductOrSectorCode is {product!r}, not an HS code", where=where)
    return {
        "importer": code,
        "product": product,
        "regime": "mfn",
        "valid_from": date(year, 1, 1),
        "valid_to": date(year + 1, 1, 1),
        "rate": value / 100,
        "duty": f"{value:g} %",
    }
