"""World Development Indicators of the World Bank, asked through wbgapi."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openward.errors import InputError, MissingDataError
from openward.observe.sources.answers import PassingFault
from openward.observe.sources.areas import alpha3
from openward.observe.sources.cache import vintage_of
from openward.observe.sources.json_rows import number, read_json, text, whole
from openward.observe.sources.macro_series import WORLD_BANK, widen
from openward.observe.sources.model import Licence, Loaded, Option, Options, Source
from openward.observe.sources.settings import Settings

SOURCE = Source(
    name="worldbank",
    title="World Development Indicators",
    publisher="World Bank",
    page="https://databank.worldbank.org/source/world-development-indicators",
    licence=Licence(
        name="CC BY 4.0",
        url="https://www.worldbank.org/en/about/legal/terms-of-use-for-datasets",
        summary="Free to use and share, also for profit, if the World Bank is named.",
        attribution="World Bank, World Development Indicators",
    ),
    gives=("macro",),
    layout="JSON of the API: [head, rows] with countryiso3code, indicator.id, date, value; or rows of wbgapi",
    options=(
        Option("year", "first and last year", "2000-2024"),
        Option("series", "codes with commas; all that macro has by default", "NY.GDP.MKTP.CD,SP.POP.TOTL"),
        Option("economy", "alpha-3 codes with commas; all by default", "CHN,WLD"),
    ),
    address="https://api.worldbank.org/v2",
)


def question(options: Options) -> str:
    """Give the name of the answer in the cache."""
    words = [options.get(name, "all").replace(",", "+") for name in ("economy", "year")]
    series = options.get("series", "")
    return "wdi_" + "_".join([*words, series.replace(",", "+") or "macro"]) + ".json"


def ask(options: Options, *, settings: Settings) -> bytes:
    """Ask the service through wbgapi.

    Raises
    ------
    PassingFault
        The service is busy or out of reach.
    InputError
        It does not understand the question.
    """
    import requests
    import wbgapi as wb

    wb.get_options = {**wb.get_options, "timeout": settings.timeout}
    series = options.get("series", "").split(",") if options.get("series") else list(WORLD_BANK)
    first, _, last = options.get("year", "").partition("-")
    time = range(int(first), int(last or first) + 1) if first else "all"
    economy = options["economy"].split(",") if options.get("economy") else "all"
    try:
        rows = list(wb.data.fetch(series, economy, time, numericTimeKeys=True, skipBlanks=True))
    except (requests.ConnectionError, requests.Timeout) as fault:
        raise PassingFault(f"the service is out of reach: {type(fault).__name__}") from None
    except wb.APIError as fault:
        if fault.code in (429, 500, 502, 503, 504):
            raise PassingFault(f"the service answered {fault.code}") from None
        raise InputError(
            f"the World Bank answered: {fault.msg}", where="worldbank", hint="check series and years"
        ) from None
    return json.dumps(rows).encode()


def read(files: Sequence[Path], options: Options, *, work: Path) -> tuple[Loaded, ...]:
    """Read answers of the API, as wbgapi or as the service gives them.

    Raises
    ------
    InputError
        Not such an answer, a series ``macro`` does not have, a text in a number; file and row named.
    """
    del work
    vintages, left, rows = set(), set(), []
    for path in files:
        for where, economy, year, series, value, vintage in _cells(path):
            if series not in WORLD_BANK:
                hint = "macro has " + ", ".join(WORLD_BANK)
                raise InputError(f"the series {series} has no column in macro", where=where, hint=hint)
            vintages |= {vintage}
            code = alpha3(economy)
            if not code:
                left.add(economy)
            elif value is not None:
                column, factor = WORLD_BANK[series]
                rows.append((code, year, column, value * factor))
    if not rows:
        raise MissingDataError(
            "the answer has no values", where=files[0].name, hint="check economy, series, years"
        )
    notes = (f"groups and areas left out: {', '.join(sorted(left))}",) if left else ()
    return (
        Loaded(
            dataset="macro",
            table=widen(rows, where=files[0].name),
            vintage=max(vintages) or vintage_of(files[0], options),
            source="World Bank, World Development Indicators",
            licence=SOURCE.licence.name,
            notes=notes,
        ),
    )


def _cells(path: Path) -> Iterator[tuple[str, str, int, str, float | None, str]]:
    raw = read_json(path)
    if not isinstance(raw, list) or not raw:
        raise InputError("not an answer of the World Bank", where=path.name, hint="a JSON list")
    head, rows = (raw[0], raw[1]) if len(raw) == 2 and isinstance(raw[1], list) else ({}, raw)
    if isinstance(head, dict) and "message" in head:
        raise InputError(f"the World Bank answered: {head['message']}", where=path.name)
    pages = head.get("pages", 1) if isinstance(head, dict) else 1
    if pages != 1:
        raise InputError(
            f"one page of {pages}", where=path.name, hint="ask with per_page=20000 so that all come"
        )
    vintage = str(head.get("lastupdated", "")) if isinstance(head, dict) else ""
    for place, row in enumerate(rows, start=1):
        where = f"{path.name}, row {place}"
        if not isinstance(row, dict):
            raise InputError("not a row of the World Bank", where=where)
        yield where, *_cell(row, where), vintage


def _cell(row: Mapping[str, Any], where: str) -> tuple[str, int, str, float | None]:
    value = number(row, "value", where=where)
    if "countryiso3code" in row:
        series = text(row.get("indicator") or {}, "id", where=where)
        return text(row, "countryiso3code", where=where), whole(row, "date", where=where), series, value
    year = text(row, "time", where=where).removeprefix("YR")
    return (
        text(row, "economy", where=where),
        whole({"time": year}, "time", where=where),
        text(row, "series", where=where),
        value,
    )
