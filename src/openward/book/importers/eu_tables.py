"""Working tables of European preferences: one country a file (Norway, Iceland), and the general system."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from openward.book.duty import parse
from openward.book.importers.areas import Areas, area_of, group
from openward.book.importers.draft import Draft
from openward.book.importers.source import Broken, Line, Source
from openward.book.importers.taric import EDITION, blank, span
from openward.book.importers.taric_cells import code_of, day
from openward.book.model import (
    Book,
    Condition,
    Effect,
    Flow,
    Instrument,
    LegalAct,
    Measure,
    ProductScope,
    Scope,
)
from openward.codes.economies import economies
from openward.codes.terms import Interval, Status
from openward.errors import InputError, OpenwardError, UnknownCodeError

START: Final = date(2019, 4, 13)
"""First day where a table states none: that of the MFN measures beside it."""
PREFERENCES: Final = (
    "Commodity",
    "Regulation ID",
    "Geographical area",
    "Measure type",
    "Ad valorem",
    "Specific",
    "Ceiling",
    "Minimum",
    "Specific 2",
    "Date from",
    "Date to",
)
GSP: Final = ("Area", "Commodity", "Ad valorem")
FRAMEWORKS: Final = {
    "General framework": "2020",
    "Enhanced framework": "2027",
    "Least developed countries framework": "2005",
    "Transitional Protection Scheme": "1032",
}
EXCLUSIONS: Final = "General framework Country exclusions"
GSP_HS8: Final = ("HS8 (numeric)", "Description", *FRAMEWORKS, EXCLUSIONS)


def draft_preferences(
    path: Path, *, areas: Path | None = None, imposed_by: str = "EU27", encoding: str = "utf-8-sig"
) -> Draft:
    """Read preferences with columns for ad valorem, specific, ceiling and minimum duties.

    Parameters
    ----------
    path, areas, imposed_by, encoding
        As for :func:`openward.book.importers.taric.draft`.
    """
    known = Areas.read(areas)
    made = blank("eu-preferences", "Tariff preferences", imposed_by, known, path)
    source = Source(path, required=PREFERENCES, encoding=encoding, rename=_commodity)
    for row in source.rows():
        if isinstance(row, Broken):
            made.reject(row, row.error)
            continue
        try:
            measure = _preference(row, known, imposed_by)
        except OpenwardError as error:
            made.reject(row, error)
            continue
        act = measure.act
        title = f"Regulation {act}"
        made.act(LegalAct(act, imposed_by, "regulation", title, in_force=START, source=path.name))
        made.add(row, (measure,))
    span(made, [m.valid.start for m in made.measures.values()])
    made.notes.append(
        f"rows without a first day are taken from {START}, that of the MFN measures beside them"
    )
    made.notes += source.notes
    return made


def _commodity(name: str) -> str:
    return "Commodity" if name.strip() == "Real comm code" else name.strip()


def sentence(row: Line) -> str:
    """Give the duty of a row as one sentence: ``4.5% + 12.4 EUR / 100 kg MAX 19.4% + 9.4 EUR / 100 kg``."""
    rate = row["Ad valorem"]
    parts = [f"{rate}%" if re.fullmatch(r"[\d.]+", rate) else rate] if rate else []
    if row["Specific"]:
        parts += ["+", row["Specific"]] if parts else [row["Specific"]]
    if row["Minimum"]:
        parts.append(row["Minimum"] if row["Minimum"].startswith("MIN") else f"MIN {row['Minimum']}")
    if row["Ceiling"]:
        parts.append(row["Ceiling"])
    if row["Specific 2"]:
        parts += ["+", row["Specific 2"]]
    return " ".join(parts)


def _preference(row: Line, areas: Areas, imposed_by: str) -> Measure:
    if row["Measure type"] != "142":
        raise UnknownCodeError(f"measure type {row['Measure type']!r} is not a preference", hint="142")
    partners = areas.partners(row["Geographical area"])
    text = sentence(row)
    start = day(row["Date from"]) if row["Date from"] else START
    end = day(row["Date to"]) + timedelta(days=1) if row["Date to"] else None
    return Measure(
        id=f"preference-{row['Geographical area']}-{row['Commodity']}-{start}",
        instrument=Instrument.PREFERENTIAL_DUTY,
        imposed_by=imposed_by,
        flow=Flow.IMPORT,
        scope=Scope(ProductScope(EDITION, (code_of(row["Commodity"]),)), partners),
        effect=Effect(parse(text, "taric"), text=text),
        valid=Interval(start, end),
        act=row["Regulation ID"],
        article=row["Measure type"],
        conditions=(Condition("origin", "".join(partners)),),
        status=Status.OFFICIAL if row["Date from"] else Status.UNVERIFIED,
        note="" if row["Date from"] else "the table states no first day",
    )


def export_preferences(book: Book) -> list[dict[str, str]]:
    """Give commodity, area, duty sentence and days from the measures of a book."""
    return [
        {
            "Commodity": measure.scope.products.ranges[0].ljust(10, "0"),
            "Regulation ID": measure.act,
            "Geographical area": area_of(measure.scope.partners),
            "Measure type": measure.article,
            "Duty": measure.effect.text,
            "Date from": "" if measure.note else measure.valid.start.isoformat(),
            "Date to": (measure.valid.end - timedelta(days=1)).isoformat() if measure.valid.end else "",
        }
        for measure in sorted(book.measures.values(), key=lambda m: m.id)
        if measure.id.startswith("preference-") and measure.scope.products is not None
    ]


def draft_gsp(
    path: Path, *, areas: Path | None = None, imposed_by: str = "EU27", encoding: str = "utf-8-sig"
) -> Draft:
    """Read the general system of preferences: area, commodity, rate (no header), or by HS8 with exclusions.

    Parameters
    ----------
    path, imposed_by, encoding
        As for :func:`draft_preferences`.
    areas : Path, optional
        Who the frameworks are for; without it every row is rejected.
    """
    known = Areas.read(areas)
    made = blank("eu-gsp", "General system of preferences", imposed_by, known, path)
    by_framework = (
        "HS8" in path.read_bytes()[:200].decode(encoding, errors="ignore") if path.is_file() else False
    )
    source = (
        Source(path, required=GSP_HS8, encoding=encoding, rename=lambda name: " ".join(name.split()))
        if by_framework
        else Source(path, required=GSP, header=GSP, encoding=encoding)
    )
    act = made.act(
        LegalAct("eu-gsp-2019", imposed_by, "regulation", "Scheme of generalised tariff preferences")
    )
    for row in source.rows():
        if isinstance(row, Broken):
            made.reject(row, row.error)
        elif by_framework:
            _frameworks(made, row, known, imposed_by, act)
        else:
            try:
                measure = _gsp(
                    row["Area"], code_of(row["Commodity"]), f"{row['Ad valorem']}%", known, imposed_by, act
                )
            except OpenwardError as error:
                made.reject(row, error)
                continue
            made.add(row, (measure,))
    span(made, [START])
    made.notes += source.notes
    return made


def _frameworks(made: Draft, row: Line, areas: Areas, imposed_by: str, act: str) -> None:
    code = row["HS8 (numeric)"].zfill(8)
    said = [name for name in FRAMEWORKS if row[name]]
    if not said:
        made.ledger.nothing(row, "in no framework")
    for name in said:
        try:
            if not re.fullmatch(r"\d{8}", code):
                raise InputError(f"{row['HS8 (numeric)']!r} is not an eight-digit code", hint="digits only")
            exclude = tuple(_excluded(row[EXCLUSIONS])) if name == "General framework" else ()
            measure = _gsp(FRAMEWORKS[name], code, row[name], areas, imposed_by, act, exclude)
        except OpenwardError as error:
            made.reject(row, error, column=name)
            continue
        made.add(row, (measure,), column=name)


@cache
def _by_name() -> Mapping[str, str]:
    return {one.name: one.code for one in economies().values()}


def _excluded(text: str) -> Iterator[str]:
    by_name = _by_name()
    for name in (part.strip() for part in re.split(r"[,;]", text) if part.strip()):
        if name not in by_name:
            raise UnknownCodeError(f"no economy {name!r}", hint="write its English name")
        yield by_name[name]


def _gsp(
    area: str, code: str, text: str, areas: Areas, imposed_by: str, act: str, exclude: tuple[str, ...] = ()
) -> Measure:
    partners = areas.partners(area)
    printed = re.sub(r"\s+%", "%", text.strip())
    return Measure(
        id=f"gsp-{area}-{code}",
        instrument=Instrument.PREFERENTIAL_DUTY,
        imposed_by=imposed_by,
        flow=Flow.IMPORT,
        scope=Scope(ProductScope(EDITION, (code,)), partners, exclude),
        effect=Effect(parse(printed, "taric"), text=printed),
        valid=Interval(START),
        act=act,
        article=area,
        conditions=(Condition("origin", "".join(partners) or group(area)),),
        status=Status.UNVERIFIED,
        note="the table states no first day",
    )


def export_gsp(book: Book) -> list[dict[str, str]]:
    """Give area, commodity, rate and exclusions from the measures of a book."""
    return [
        {
            "Area": measure.article,
            "Commodity": measure.scope.products.ranges[0].ljust(10, "0"),
            "Ad valorem": measure.effect.text.removesuffix("%"),
            "Exclusions": ", ".join(economies()[code].name for code in measure.scope.exclude),
        }
        for measure in sorted(book.measures.values(), key=lambda m: m.id)
        if measure.id.startswith("gsp-") and measure.scope.products is not None
    ]
