"""Read a published tariff whole: what is not understood, and which rules the real data breaks."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from openward.book.duty import (
    Basis,
    Duty,
    DutySentenceError,
    component_sets,
    evaluate,
    from_components,
    parse,
)
from openward.book.importers.registry import import_file
from openward.book.importers.source import Line, Source
from openward.book.importers.us_hts import ADDITIONAL, COLUMN_2, COLUMNS, GENERAL, NUMBER, SPECIAL
from openward.errors import MissingDataError, OpenwardError

LARGEST_SHARE: Final = 0.005
"""Largest share of rejected strings with which a published tariff still counts as read."""
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Report:
    """Tables by title, sentences, and whether what was found is too much."""

    tables: Mapping[str, Rows]
    sentences: tuple[str, ...]
    failed: bool


@dataclass(slots=True)
class _Column:
    name: str
    strings: int = 0
    distinct: set[str] = field(default_factory=set)
    rejected: Rows = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        share = len(self.rejected) / self.strings if self.strings else 0.0
        return {
            "column": self.name,
            "strings": self.strings,
            "distinct": len(self.distinct),
            "parsed": self.strings - len(self.rejected),
            "rejected": len(self.rejected),
            "rejected_pct": f"{100 * share:.3f}",
        }


def check_us_hts(data: Path) -> Report:
    """Read every rate string of the tariff of the United States, 2025.

    Parameters
    ----------
    data : Path
        The csv export, or a folder that holds ``hts_2025_basic_edition.csv`` (or ``data/tariff/us_hts``).
    """
    path = _found(data, "hts_2025_basic_edition.csv", ("", "us_hts", "tariff/us_hts", "data/tariff/us_hts"))
    columns = [_Column(name) for name in (GENERAL, SPECIAL, COLUMN_2, ADDITIONAL)]
    rows = 0
    for row in Source(path, required=COLUMNS).rows():
        rows += 1
        if isinstance(row, Line):
            for column in columns:
                if row[column.name]:
                    _read(column, row)
    rejected = [one for column in columns for one in column.rejected]
    strings = sum(column.strings for column in columns)
    share = len(rejected) / strings if strings else 0.0
    within = "within" if share <= LARGEST_SHARE else "above"
    return Report(
        {f"{path.name}: rate strings": [column.row() for column in columns], "Rejected": rejected},
        (
            f"{rows} rows, {strings} rate strings: {strings - len(rejected)} parsed, {len(rejected)} "
            f"rejected ({100 * share:.3f} %, {within} {100 * LARGEST_SHARE:g} %); none is read as zero",
        ),
        share > LARGEST_SHARE,
    )


def _read(column: _Column, row: Line) -> None:
    text = row[column.name]
    column.strings += 1
    column.distinct.add(text)
    try:
        parse(text, "us-hts")
    except DutySentenceError as error:
        column.rejected.append(
            {
                "line": row.number,
                "code": row[NUMBER],
                "column": column.name,
                "character": error.at,
                "expected": error.expected,
                "text": text,
            }
        )


def check_eu_mfn(data: Path) -> Report:
    """Evaluate every component set of the European and British MFN measures, load them, apply every rule.

    Parameters
    ----------
    data : Path
        A folder (or one above ``data/tariff/uk_eu``) that holds ``mfn_2019_measures.csv``,
        ``mfn_2019_components.csv`` and, to check the codes, ``commodities_2019_with_validity.csv``.
    """
    from openward.book.rules import RULES, check

    places = ("", "uk_eu", "tariff/uk_eu", "data/tariff/uk_eu")
    measures = _found(data, "mfn_2019_measures.csv", places)
    folder = measures.parent
    sets = _evaluated(folder / "mfn_2019_components.csv")
    commodities = folder / "commodities_2019_with_validity.csv"
    with tempfile.TemporaryDirectory() as scratch:
        done = import_file(
            "taric", measures, Path(scratch) / "book", nodes=commodities if commodities.is_file() else None
        )
        findings = check(done.book)
    counts = Counter(finding.rule for finding in findings)
    texts = {rule.number: rule.text for rule in RULES}
    examples = {finding.rule: finding for finding in reversed(findings)}
    broken = [
        {
            "rule": number,
            "severity": examples[number].severity.value,
            "findings": count,
            "text": texts.get(number, ""),
            "example": examples[number].sentence,
        }
        for number, count in sorted(counts.items())
    ]
    tables: dict[str, Rows] = {"Component sets": sets.rows()}
    tables |= {"Sets that do not evaluate": sets.failed} if sets.failed else {}
    tables |= {"Rules that the real data breaks": broken} if broken else {}
    rows = done.rows
    return Report(
        tables,
        (
            f"{sets.total} component sets: {sets.total - len(sets.failed)} evaluate, "
            f"{len(sets.failed)} do not",
            f"{sum(rows.values())} rows of measures: {rows['imported']} imported, "
            f"{rows['rejected']} rejected; {len(RULES)} rules: {len(counts)} broken, "
            f"{sum(counts.values())} findings",
            *(f"note: {note}" for note in done.notes),
        ),
        bool(sets.failed),
    )


@dataclass(slots=True)
class _Sets:
    total: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    failed: Rows = field(default_factory=list)

    def rows(self) -> Rows:
        return [{"expressions": kind, "sets": count} for kind, count in self.kinds.most_common()]


def _evaluated(path: Path) -> _Sets:
    found = _Sets()
    table = [row.cells for row in _lines(path)]
    for (sid, code), held in component_sets(table).items():
        found.total += 1
        found.kinds[" + ".join(component.expression for component in held)] += 1
        try:
            told = _missing(from_components(held))
        except OpenwardError as error:
            told = error.message
        if told:
            found.failed.append({"measure": sid, "code": code, "why": told})
    return found


def _lines(path: Path) -> Iterator[Line]:
    required = ("measure_sid", "goods_nomenclature_item_id", "duty_expression_id", "duty_amount")
    more = ("monetary_unit_code", "measurement_unit_code", "measurement_unit_qualifier_code")
    for row in Source(path, required=(*required, *more)).rows():
        if not isinstance(row, Line):
            raise row.error
        yield row


_KINDS: Final = ("quantity", "content of", "content", "value of", "number of", "condition")


def _missing(duty: Duty) -> str:
    """Evaluate a duty on a consignment that has whatever it asks for; say what it still lacks."""
    facts: dict[str, str] = {}
    for _ in range(8):
        result = evaluate(duty, _consignment(facts))
        if result.total is not None:
            return ""
        for missing in result.missing:
            kind = next((k for k in _KINDS if missing.fact.startswith(f"{k} ")), "")
            if not kind:
                return missing.why
            facts[missing.fact] = kind
    return "it asks for ever more facts"


def _consignment(facts: Mapping[str, str]) -> Basis:
    names = {kind: [f.removeprefix(f"{kind} ") for f, k in facts.items() if k == kind] for kind in _KINDS}
    return Basis(
        Decimal(1000),
        "EUR",
        quantities=dict.fromkeys(names["quantity"], Decimal(100)),
        contents=dict.fromkeys(names["content of"] + names["content"], Decimal("0.5")),
        values=dict.fromkeys(names["value of"], Decimal(100)),
        counts=dict.fromkeys(names["number of"], Decimal(10)),
        conditions=dict.fromkeys(names["condition"], True),
    )


def _found(data: Path, name: str, places: tuple[str, ...]) -> Path:
    if data.is_file():
        return data
    for place in places:
        if (data / place / name).is_file():
            return data / place / name
    raise MissingDataError(f"no {name} there", where=str(data), hint="--data DIR with the published tables")


PUBLISHED: Final[Mapping[str, Callable[[Path], Report]]] = {"us-hts": check_us_hts, "eu-mfn": check_eu_mfn}


def check_published(name: str, data: Path) -> Report:
    """Check a published tariff of :data:`PUBLISHED`.

    Raises
    ------
    MissingDataError
        Its tables are not in the folder.
    """
    return PUBLISHED[name](data)
