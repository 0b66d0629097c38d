"""SDMX messages (ML, JSON, CSV) as rows: dimensions, time, value, multiplier."""

from __future__ import annotations

import csv
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError
from openward.observe.sources.integrity import check_content
from openward.observe.sources.strict_csv import Column, check_end, check_header

_NOT_DIMENSIONS = frozenset(
    {
        *("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "TIME_PERIOD", "OBS_VALUE"),
        *(
            "OBS_STATUS",
            "OBS_FLAG",
            "CONF_STATUS",
            "UNIT_MULT",
            "DECIMALS",
            "BASE_PER",
            "LAST UPDATE",
            "PRICE_BASE",
        ),
    }
)
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Observation:
    """One number of a dataflow.

    Attributes
    ----------
    dimensions : dict
        Code by dimension, without time.
    period : str
    value : float or None
    multiplier : int or None
        Power of ten by which the value is to be multiplied.
    where : str
    """

    dimensions: dict[str, str]
    period: str
    value: float | None
    multiplier: int | None
    where: str


def read_message(path: Path) -> list[Observation]:
    """Read a message in whatever form it is; the content tells which.

    Raises
    ------
    MissingDataError
        No such file, or no observations in it.
    InputError, InputErrors
        Not SDMX, not whole, or a text in a number; file and line or place named.
    """
    if not path.is_file():
        raise MissingDataError("no such file", where=str(path), hint="check the path")
    with path.open("rb") as file:
        head = file.read(256).lstrip(b"\xef\xbb\xbf \r\n\t")
    found = list(_parsed(path, head))
    if not found:
        raise MissingDataError("the message has no observations", where=path.name, hint="check key and years")
    return found


def _parsed(path: Path, head: bytes) -> Iterator[Observation]:
    if head.startswith(b"<"):
        check_content(path, content="xml")
        return _with_library(path)
    if head.startswith(b"{"):
        check_content(path, content="json")
        return _with_library(path)
    check_content(path, content="csv")
    return iter(_csv(path))


def _with_library(path: Path) -> Iterator[Observation]:
    import sdmx

    logging.getLogger("sdmx").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            message: Any = sdmx.read_sdmx(path)
    except Exception as error:
        told = str(error).strip().splitlines()
        raise InputError(
            f"not a message of SDMX that sdmx1 can read: {told[0] if told else type(error).__name__}",
            where=path.name,
            hint="ask for generic data (SDMX-ML 2.1), SDMX-JSON or SDMX-CSV",
        ) from None
    for number, block in enumerate(getattr(message, "data", []), start=1):
        for place, seen in enumerate(block.obs, start=1):
            yield _observation(seen, where=f"{path.name}, data set {number}, observation {place}")


def _observation(seen: Any, *, where: str) -> Observation:
    codes = {key: str(item.value) for key, item in seen.key.values.items()}
    periods = [codes.pop(name) for name in ("TIME_PERIOD", "TIME", "Time", "time") if name in codes]
    extra = {key: str(item.value) for key, item in seen.attrib.items() if item.value is not None}
    period = periods[0] if periods else extra.get("TIME_PERIOD", "")
    if not period:
        raise InputError("an observation has no time", where=where, hint="ask for time series")
    return Observation(
        codes, period, _number(seen.value, where), _multiplier(extra.get("UNIT_MULT"), where), where
    )


def _csv(path: Path) -> list[Observation]:
    names = check_header(path, (Column("TIME_PERIOD"), Column("OBS_VALUE")))
    check_end(path)
    found: list[Observation] = []
    faults: list[OpenwardError] = []
    # With labels a column is "REF_AREA: Reference area" or stands beside one of plain words.
    kept = {
        name: name.partition(":")[0].strip() for name in names if name.partition(":")[0].strip().isupper()
    }
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            cells = {
                short: (row.get(name) or "").partition(":")[0].strip()
                if ":" in name
                else (row.get(name) or "").strip()
                for name, short in kept.items()
            }
            try:
                if None in row or any(value is None for value in row.values()):
                    raise InputError(
                        f"the header has {len(names)} cells, this line another number", where=where
                    )
                if not cells.get("TIME_PERIOD"):
                    raise InputError("TIME_PERIOD is empty", where=where)
                dimensions = {key: cell for key, cell in cells.items() if key not in _NOT_DIMENSIONS and cell}
                value, multiplier = (
                    _number(cells["OBS_VALUE"], where),
                    _multiplier(cells.get("UNIT_MULT"), where),
                )
                found.append(Observation(dimensions, cells["TIME_PERIOD"], value, multiplier, where))
            except InputError as fault:
                faults.append(fault)
                if len(faults) == _SHOWN:
                    break
    if faults:
        raise InputErrors(faults)
    return found


def _number(value: object, where: str) -> float | None:
    if value is None or str(value).strip() in ("", "NaN", "nan", "NA", ":"):
        return None
    try:
        return float(str(value))
    except ValueError:
        raise InputError(f"OBS_VALUE is {value!r}, not a number", where=where) from None


def _multiplier(value: object, where: str) -> int | None:
    if value is None or str(value).strip() == "":
        return None
    word = str(value).strip()
    if not word.lstrip("-").isdigit():
        raise InputError(f"UNIT_MULT is {word!r}, not a power of ten", where=where)
    return int(word)
