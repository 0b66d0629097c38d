"""The tariff schedule of the United States (HTS), as its csv export prints it.

A rate stands on a legal line of eight digits; statistical lines below it inherit the rate by lying inside its
code. The general rate becomes an MFN duty (not for economies of column 2), column 2 a general duty for those,
each group of the special column a preferential duty, the additional duties of chapter 99 safeguard duties.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from openward.book.duty import Choice, Duty, Programmes, parse
from openward.book.importers.draft import Draft
from openward.book.importers.programmes import programmes, symbols_of, us_memberships
from openward.book.importers.source import Broken, Line, Source
from openward.book.importers.trees import Printed, nodes, with_headings
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
from openward.codes.nomenclature import Node
from openward.codes.terms import Interval, Status
from openward.errors import InputError, OpenwardError

EDITION: Final = "US-HTS2025"
START: Final = date(2025, 1, 1)
NUMBER: Final = "HTS Number"
GENERAL: Final = "General Rate of Duty"
SPECIAL: Final = "Special Rate of Duty"
COLUMN_2: Final = "Column 2 Rate of Duty"
ADDITIONAL: Final = "Additional Duties"
RATES: Final = (GENERAL, SPECIAL, COLUMN_2, ADDITIONAL)
COLUMNS: Final = (
    NUMBER,
    "Indent",
    "Description",
    "Unit of Quantity",
    *RATES[:3],
    "Quota Quantity",
    ADDITIONAL,
)
ANY_PROGRAMME: Final = "special-column"
_Place = tuple[str, str]
"""Code as printed, and the code its rates are for."""
_ACT: Final = "us-hts-2025-basic"
_SHORT: Final = {GENERAL: "general", SPECIAL: "special", COLUMN_2: "column2", ADDITIONAL: "additional"}


def draft(path: Path, *, encoding: str = "utf-8-sig") -> Draft:
    """Read the export of the schedule into a drafted book.

    Parameters
    ----------
    path : Path
    encoding : str
    """
    source = Source(path, required=COLUMNS, encoding=encoding)
    made = Draft(
        "us-hts-2025",
        "USA",
        START,
        date(2025, 1, 26),
        title="Harmonized Tariff Schedule of the United States, basic edition 2025",
        note=(
            "As printed on 2025-01-01, before the first revision of 2025-01-27. Symbols of lapsed programmes "
            "are still printed: whether goods qualify is a fact of the question (programme_a ...)."
        ),
        sources=("Harmonized Tariff Schedule, US International Trade Commission (public domain)",),
        precedence="usa" if _ships("usa") else "",
        memberships=list(us_memberships()),
    )
    title = "Harmonized Tariff Schedule of the United States, basic edition 2025"
    made.act(LegalAct(_ACT, "USA", "tariff", title, in_force=START))
    rows = list(source.rows())
    lines = [row for row in rows if isinstance(row, Line)]
    rated = Counter(digits(row)[:8] for row in lines if any(row[name] for name in RATES))
    for row in rows:
        if isinstance(row, Broken):
            made.reject(row, row.error)
        else:
            _row(made, row, rated)
    printed = (Printed(digits(r), r["Description"], _depth(r), r[NUMBER]) for r in lines if digits(r))
    tree = nodes((p for p in printed if _is_code(p.code)), Interval(START))
    made.nodes[EDITION] = with_headings(tree, EDITION)
    made.tables["units.csv"] = [
        {"hs": digits(row), "printed": row[NUMBER], "units": "; ".join(units(row))}
        for row in lines
        if units(row)
    ]
    made.notes += source.notes
    return made


def _ships(book: str) -> bool:
    from openward.book.shelf import shipped_books

    return book in shipped_books()


def digits(row: Line) -> str:
    """Give the code of a row without dots; empty for headings inside the print."""
    return row[NUMBER].replace(".", "").replace(" ", "")


def units(row: Line) -> tuple[str, ...]:
    """Give the units of quantity of a row, as printed."""
    text = row["Unit of Quantity"]
    try:
        said = json.loads(text) if text.startswith("[") else [text]
    except ValueError:
        said = [text]
    return tuple(str(one).strip() for one in said if str(one).strip())


def _depth(row: Line) -> int:
    return int(row["Indent"]) if row["Indent"].isdecimal() else 0


def _is_code(code: str) -> bool:
    return code.isascii() and code.isdecimal() and len(code) in (2, 4, 6, 8, 10)


def _row(made: Draft, row: Line, rated: Mapping[str, int]) -> None:
    code = digits(row)
    said = [name for name in RATES if row[name]]
    if not code and not said:
        made.ledger.nothing(row, "a heading without a number")
    elif not _is_code(code):
        made.reject(row, InputError(f"{row[NUMBER]!r} is not a code", hint="4 to 10 digits"), column=NUMBER)
    elif not said and row["Quota Quantity"]:
        error = InputError(
            f"a quota quantity {row['Quota Quantity']!r} without a duty", hint="enter the quota by hand"
        )
        made.reject(row, error, column="Quota Quantity")
    elif not said:
        inherits = len(code) == 10 and code[:8] in rated
        made.ledger.nothing(
            row, "a statistical line: it pays the rate of its legal line" if inherits else "a heading"
        )
    for name in said if _is_code(code) else ():
        try:
            measures = tuple(_measures(row, (code, _legal(code, rated)), name, parse(row[name], "us-hts")))
        except OpenwardError as error:
            made.reject(row, error, column=name)
            continue
        made.add(row, measures, column=name)


def _legal(code: str, rated: Mapping[str, int]) -> str:
    """Give the code a rate is for: the legal line, unless several lines below it state their own."""
    return code if len(code) < 10 or (rated[code[:8]] > 1 and not code.endswith("00")) else code[:8]


def _measures(row: Line, place: _Place, name: str, duty: Duty) -> Iterator[Measure]:
    text = row[name]
    if name == GENERAL:
        note = f"units: {', '.join(units(row))}" if units(row) else ""
        yield _measure(place, name, Instrument.MFN_DUTY, duty, text, exclude=("USA-COLUMN-2",), note=note)
    elif name == COLUMN_2:
        yield _measure(place, name, Instrument.GENERAL_DUTY, duty, text, partners=("USA-COLUMN-2",))
    elif name == ADDITIONAL:
        yield _measure(place, name, Instrument.SAFEGUARD_DUTY, duty, text)
    elif isinstance(duty, Choice) and all(isinstance(case.when, Programmes) for case in duty.cases):
        for k, case in enumerate(duty.cases, start=1):
            assert isinstance(case.when, Programmes)
            yield from _special(place, f"{name}-{k}", case.duty, case.when.codes)
    else:
        origin = (Condition("origin", ANY_PROGRAMME),)
        yield _measure(
            place, name, Instrument.PREFERENTIAL_DUTY, duty, text, partners=("USA-NTR",), conditions=origin
        )


def _special(place: _Place, name: str, duty: Duty, symbols: tuple[str, ...]) -> Iterator[Measure]:
    """Give the measures of one group: programmes by origin alone in one, those that ask more in another."""
    known = programmes()
    unknown = [symbol for symbol in symbols if symbol not in known]
    if unknown:
        raise InputError(f"unknown programme {unknown[0]!r}", hint=f"one of {', '.join(known)}")
    plain = [known[symbol] for symbol in symbols if not known[symbol].fact]
    asking = [known[symbol] for symbol in symbols if known[symbol].fact]
    origin = Condition("origin", ANY_PROGRAMME)
    if plain:
        partners = tuple(dict.fromkeys(p for one in plain for p in one.partners))
        yield _measure(
            place, name, Instrument.PREFERENTIAL_DUTY, duty, "", partners=partners, conditions=(origin,)
        )
    for partners in dict.fromkeys(one.partners for one in asking):
        facts = " or ".join(one.fact for one in asking if one.partners == partners)
        needs = (origin, Condition("fact", facts))
        suffix = "-qualifying" + "".join(f"-{p.lower()}" for p in partners)
        yield _measure(
            place,
            name,
            Instrument.PREFERENTIAL_DUTY,
            duty,
            "",
            partners=partners,
            conditions=needs,
            suffix=suffix,
        )


def _measure(
    place: _Place,
    column: str,
    instrument: Instrument,
    duty: Duty,
    text: str,
    *,
    partners: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    conditions: tuple[Condition, ...] = (),
    note: str = "",
    suffix: str = "",
) -> Measure:
    name, _, k = column.partition("-")
    short = _SHORT[name] + (f"-{k}" if k else "") + suffix
    return Measure(
        id=f"hts-{place[0]}-{short}",
        instrument=instrument,
        imposed_by="USA",
        flow=Flow.IMPORT,
        scope=Scope(ProductScope(EDITION, (place[1],)), partners, exclude),
        effect=Effect(duty, text=text),
        valid=Interval(START),
        act=_ACT,
        article=name,
        conditions=conditions,
        status=Status.OFFICIAL,
        note=note,
    )


_ID = re.compile(r"hts-(\d+)-(?:special-(\d+)|\w+).*")
_FACT = re.compile(r"programme_\w+")


def export(book: Book) -> list[dict[str, str]]:
    """Give the rows with rates from the measures of a book: the import backwards.

    The special column comes as the canonical sentence of its groups, programmes in alphabetical order.
    """
    lines: dict[str, dict[str, str]] = {}
    groups: dict[tuple[str, int], tuple[str, set[str]]] = {}
    for measure in book.measures.values():
        match = _ID.fullmatch(measure.id)
        if match is None:
            continue
        code, k = match[1], match[2]
        row = lines.setdefault(code, dict.fromkeys(RATES, ""))
        if k is None:
            row[measure.article] = measure.effect.text
            continue
        facts = [f for c in measure.conditions if c.kind == "fact" for f in _FACT.findall(c.value)]
        partners = () if facts else measure.scope.partners
        held = groups.setdefault((code, int(k)), (str(measure.effect.duty), set()))
        held[1].update(symbols_of(partners=partners, facts=facts))
    for (code, _), (duty, symbols) in sorted(groups.items()):
        row = lines[code]
        said = f"{duty} ({', '.join(sorted(symbols))})"
        row[SPECIAL] = f"{row[SPECIAL]}; {said}" if row[SPECIAL] else said
    named = (
        {n.sid.replace(".", ""): n for n in book.nomenclatures[EDITION].nodes}
        if EDITION in book.nomenclatures
        else {}
    )
    return [_printed(code, row, named) for code, row in sorted(lines.items())]


def _printed(code: str, row: dict[str, str], named: Mapping[str, Node]) -> dict[str, str]:
    node = named.get(code)
    number, indent, name = (getattr(node, a, "") for a in ("sid", "indent", "name"))
    return {NUMBER: str(number), "Indent": str(indent), "Description": str(name), **row}
