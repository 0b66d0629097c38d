"""UN Comtrade, asked through comtradeapicall; or its csv and JSON files."""

from __future__ import annotations

import contextlib
import io
import json
import os
import urllib.request
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from openward.errors import InputError, MissingDataError, UsageError
from openward.observe.sources.answers import PassingFault
from openward.observe.sources.areas import WORLD, alpha3
from openward.observe.sources.cache import vintage_of
from openward.observe.sources.json_rows import read_json
from openward.observe.sources.model import Licence, Loaded, Option, Options, Source
from openward.observe.sources.secrets import public_text
from openward.observe.sources.settings import Settings
from openward.observe.sources.strict_csv import Column, read_csv

KEY = "COMTRADE_API_KEY"
"""Environment variable of the subscription key; without it the service shows 500 rows."""

SOURCE = Source(
    name="comtrade",
    title="UN Comtrade",
    publisher="United Nations Statistics Division",
    page="https://comtradeplus.un.org",
    licence=Licence(
        name="UN Comtrade user agreement",
        url="https://uncomtrade.org/docs/policy-on-use-and-re-dissemination/",
        summary="Free for own use and analysis; passing on the data in bulk needs a permission or licence.",
        attribution="United Nations, UN Comtrade Database",
    ),
    gives=("trade", "trade-monthly"),
    layout=(
        "csv or JSON (data) with freqCode, period, reporterCode, flowCode, partnerCode, classificationCode, "
        "cmdCode, primaryValue, netWgt"
    ),
    options=(
        Option("period", "years or months with commas", "2023 or 202301,202302", required=True),
        Option("reporter", "Comtrade number", "156", required=True),
        Option("flow", "import or export", "import", required=True),
        Option("product", "HS codes with commas, or AG6 for all of HS6", "AG6", required=True),
        Option("partner", "Comtrade number; all by default", "842"),
    ),
    address="https://comtradeapi.un.org/data/v1/get",
)
_FLOWS = {"import": "M", "export": "X"}
_COLUMNS = (
    Column("freqCode", pattern="[AM]", says="A or M"),
    Column("period", pattern=r"\d{4}|\d{6}", says="a year or a month"),
    Column("reporterCode", "integer"),
    Column("flowCode"),
    Column("partnerCode", "integer"),
    Column("classificationCode"),
    Column("cmdCode"),
    Column("primaryValue", "number"),
    Column("netWgt", "number", nullable=True),
)
_BREAKDOWNS = (("partner2Code", "0"), ("customsCode", "C00"), ("motCode", "0"))
_EDITIONS = {
    "H0": "HS1992",
    "H1": "HS1996",
    "H2": "HS2002",
    "H3": "HS2007",
    "H4": "HS2012",
    "H5": "HS2017",
    "H6": "HS2022",
}
_LIMITS = (500, 100_000, 250_000)


def question(options: Options) -> str:
    """Give the name of the answer in the cache."""
    names = ("reporter", "flow", "period", "partner", "product")
    return "comtrade_" + "_".join(options.get(name, "all").replace(",", "+") for name in names) + ".json"


def ask(options: Options, *, settings: Settings) -> bytes:
    """Ask the service through comtradeapicall.

    Raises
    ------
    PassingFault
        The service is busy or out of reach.
    InputError
        It does not understand, or the answer is cut at the most rows it gives.
    """
    import comtradeapicall

    key = os.environ.get(KEY, "").strip()
    if not key:
        settings.tell(f"{KEY} is not set: the service shows 500 rows at most")
    period = options["period"]
    asked = {
        "typeCode": "C",
        "freqCode": "M" if len(period.split(",")[0]) == 6 else "A",
        "clCode": "HS",
        "period": period,
        "reporterCode": options["reporter"],
        "cmdCode": options["product"],
        "flowCode": _flow(options),
        "partnerCode": options.get("partner"),
        "partner2Code": "0",
        "customsCode": "C00",
        "motCode": "0",
        "maxRecords": 250_000 if key else 500,
        "format_output": "JSON",
        "includeDesc": False,
        "proxy_url": urllib.request.getproxies().get("https"),
    }
    printed = io.StringIO()
    # The library prints its faults, with the address that holds the key, and returns nothing.
    with contextlib.redirect_stdout(printed):
        call = comtradeapicall.getFinalData if key else comtradeapicall.previewFinalData
        frame = call(key, **asked) if key else call(**asked)
    if frame is None:
        told = public_text(printed.getvalue().replace(key, "***") if key else printed.getvalue()).strip()[
            :200
        ]
        if "Request error" in told or any(code in told for code in ("429", "500", "502", "503", "504")):
            raise PassingFault(told or "no answer")
        hint = f"check {KEY} and the codes"
        raise InputError(f"UN Comtrade answered: {told or 'nothing'}", where="comtrade", hint=hint)
    if len(frame) in _LIMITS:
        hint = "ask for fewer periods or products" + ("" if key else f", or set {KEY}")
        raise InputError(f"the answer stops at {len(frame):,} rows", where="comtrade", hint=hint)
    return json.dumps({"data": json.loads(frame.to_json(orient="records"))}).encode()


def read(files: Sequence[Path], options: Options, *, work: Path) -> tuple[Loaded, ...]:
    """Read csv or JSON files.

    Annual rows of HS6 and one flow become ``trade`` (thousand USD, tonnes), as one side reports them: imports
    are valued cif, exports fob. Monthly rows become ``trade-monthly`` (USD, kg).

    Raises
    ------
    InputError, InputErrors
        The layout is another, a cell is not what it should be, or two classifications are mixed.
    """
    del work
    parts = [_frame(path) for path in files]
    frame = pl.concat([part for part, _ in parts])
    notes = [note for _, found in parts for note in found]
    if frame.is_empty():
        raise MissingDataError("no rows are left", where=files[0].name, hint="; ".join(notes))
    mixed = {name: sorted(frame[name].unique()) for name in ("freqCode", "classificationCode")}
    for name, found in mixed.items():
        if len(found) != 1:
            raise InputError(
                f"{name} is {' and '.join(found)}", where=files[0].name, hint="one of them at a time"
            )
    made = _trade if mixed["freqCode"] == ["A"] else _monthly
    name, table, more = made(frame, options, where=files[0].name)
    return (
        Loaded(
            dataset=name,
            table=table.lazy(),
            vintage=vintage_of(files[0], options),
            source="UN Comtrade",
            licence=SOURCE.licence.name,
            classification=_EDITIONS.get(mixed["classificationCode"][0], mixed["classificationCode"][0]),
            notes=(*notes, *more),
        ),
    )


def _flow(options: Options) -> str:
    if options.get("flow") not in _FLOWS:
        raise UsageError(
            "say which flow", hint="flow=import or flow=export: both sides would count trade twice"
        )
    return _FLOWS[options["flow"]]


def _frame(path: Path) -> tuple[pl.DataFrame, list[str]]:
    present = _present(path)
    columns = [*_COLUMNS, *(Column(name) for name, _ in _BREAKDOWNS if name in present)]
    if path.suffix.lower() == ".json":
        frame = _from_json(path, columns)
    else:
        frame = read_csv(path, columns, encoding="utf8-lossy")
    notes = []
    for name, total in _BREAKDOWNS:
        if name in frame.columns:
            kept = frame.filter(pl.col(name) == total)
            if kept.height < frame.height:
                notes.append(f"{frame.height - kept.height} rows that split a total by {name} are left out")
            frame = kept.drop(name)
    return frame.select(column.name for column in _COLUMNS), notes


def _present(path: Path) -> set[str]:
    if path.suffix.lower() == ".json":
        rows = _json_rows(path)
        return set(rows[0]) if rows else set()
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return {name.strip().strip('"') for name in file.readline().split(",")}


def _json_rows(path: Path) -> list[dict[str, object]]:
    raw = read_json(path)
    rows = raw.get("data") if isinstance(raw, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(
            "not an answer of UN Comtrade", where=path.name, hint="a JSON object with a list data"
        )
    return rows


def _from_json(path: Path, columns: Sequence[Column]) -> pl.DataFrame:
    rows = _json_rows(path)
    for place, row in enumerate(rows, start=1):
        for column in columns:
            cell = row.get(column.name)
            told = column.wrong("" if cell is None else str(cell))
            if told:
                raise InputError(told, where=f"{path.name}, row {place}")
    texts = {c.name: [None if row.get(c.name) is None else str(row[c.name]) for row in rows] for c in columns}
    return pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String)).select(c.expression for c in columns)


def _coded(frame: pl.DataFrame, flow: str, where: str) -> tuple[pl.DataFrame, list[str]]:
    kept = frame.filter(pl.col("flowCode") == flow)
    notes = (
        [f"{frame.height - kept.height} rows of other flows are left out"]
        if kept.height < frame.height
        else []
    )
    numbers = {*kept["reporterCode"].unique(), *kept["partnerCode"].unique()}
    codes = {number: alpha3(str(number)) for number in numbers}
    unknown = sorted(number for number, code in codes.items() if not code)
    if unknown:
        notes.append(f"areas that are no economy are left out: {', '.join(map(str, unknown))}")
    area = [
        pl.col(name).replace_strict(codes, return_dtype=pl.String) for name in ("reporterCode", "partnerCode")
    ]
    known = kept.with_columns(area).filter((pl.col("reporterCode") != "") & (pl.col("partnerCode") != ""))
    parts = known.filter(pl.col("partnerCode") != WORLD)
    if parts.height < known.height:
        notes.append(
            f"{known.height - parts.height} rows of the partner World are left out: totals of the others"
        )
    leaves = parts.filter(pl.col("cmdCode").str.contains(r"^(?:\d{6}|9999AA)$"))
    if leaves.height < parts.height:
        notes.append(f"{parts.height - leaves.height} rows of other levels than HS6 are left out")
    if leaves.is_empty():
        raise MissingDataError("no row of HS6 and this flow is left", where=where, hint="; ".join(notes))
    return leaves, notes


def _trade(frame: pl.DataFrame, options: Options, *, where: str) -> tuple[str, pl.DataFrame, list[str]]:
    flow = _flow(options)
    kept, notes = _coded(frame, flow, where)
    seller, buyer = ("partnerCode", "reporterCode") if flow == "M" else ("reporterCode", "partnerCode")
    table = kept.select(
        year=pl.col("period").cast(pl.Int32),
        exporter=pl.col(seller),
        importer=pl.col(buyer),
        product=pl.col("cmdCode"),
        value=pl.col("primaryValue") / 1e3,
        quantity=pl.col("netWgt") / 1e3,
    )
    abroad = table.filter(pl.col("exporter") != pl.col("importer"))
    if abroad.height < table.height:
        notes.append(
            f"{table.height - abroad.height} rows of an economy with itself (re-imports) are left out"
        )
    side = "cif, as the importer reports" if flow == "M" else "fob, as the exporter reports"
    return "trade", abroad, [*notes, f"values are {side}"]


def _monthly(frame: pl.DataFrame, options: Options, *, where: str) -> tuple[str, pl.DataFrame, list[str]]:
    flows = [_flow(options)] if options.get("flow") else list(_FLOWS.values())
    words = {code: word for word, code in _FLOWS.items()}
    months = {
        text: date(int(text[:4]), int(text[4:]), 1) for text in frame["period"].unique() if _is_month(text)
    }
    odd = sorted(set(frame["period"].unique()) - set(months))
    if odd:
        raise InputError(
            f"{odd[0]!r} is no month", where=where, hint="monthly rows have periods such as 202301"
        )
    parts, notes = [], []
    for flow in flows:
        if (frame["flowCode"] == flow).any():
            part, found = _coded(frame, flow, where)
            parts.append(part)
            notes += found
    if not parts:
        raise MissingDataError("no row of this flow", where=where, hint="flow=import or flow=export")
    table = pl.concat(parts).select(
        month=pl.col("period").replace_strict(months, return_dtype=pl.Date),
        reporter=pl.col("reporterCode"),
        flow=pl.col("flowCode").replace_strict(words, return_dtype=pl.String),
        partner=pl.col("partnerCode"),
        product=pl.col("cmdCode"),
        value=pl.col("primaryValue"),
        quantity=pl.col("netWgt"),
    )
    return "trade-monthly", table, list(dict.fromkeys(notes))


def _is_month(text: str) -> bool:
    return len(text) == 6 and 1 <= int(text[4:]) <= 12
