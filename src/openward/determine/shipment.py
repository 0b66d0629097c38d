"""One row of a shipments table (``openward.shipments/1``) as a question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from openward.determine.decision import Fact, Money, Question
from openward.determine.facts import as_fact
from openward.errors import InputError

TEXTS = {
    "from": "shipped_from",
    "to": "importer",
    "origin": "origin",
    "hs": "hs",
    "edition": "edition",
    "additional_code": "additional_code",
    "zone": "zone",
    "unit": "unit",
    "claim": "claim",
    "proof": "proof",
    "end_use": "end_use",
}
COLUMNS = frozenset({*TEXTS, "row", "flow", "on", "value", "currency", "quantity", "parties", "facts"})


def question_of(row: Mapping[str, Any], *, where: str = "") -> Question:
    """Turn a row into a question; ``origin`` is ``from`` where it is not given.

    Raises
    ------
    InputError
        An unknown column, a day or number that cannot be read, a value without its currency.
    """
    unknown = sorted(set(row) - COLUMNS)
    if unknown:
        raise InputError(
            f"unknown column {unknown[0]!r}", hint=f"columns: {', '.join(sorted(COLUMNS))}", where=where
        )
    cells = {name: cell for name, cell in row.items() if cell is not None and str(cell).strip() != ""}
    question = Question(
        flow=str(cells.get("flow", "import")),
        on=_day(cells.get("on"), where),
        value=_money(cells, where),
        quantity=_number(cells["quantity"], "quantity", where) if "quantity" in cells else None,
        parties=tuple(one.strip() for one in str(cells.get("parties", "")).split(";") if one.strip()),
        facts=MappingProxyType(facts_of(cells.get("facts"), where=where)),
    )
    told = {field: str(cells[name]).strip() for name, field in TEXTS.items() if name in cells}
    question = replace(question, **told)  # type: ignore[arg-type]
    return question if question.origin else replace(question, origin=question.shipped_from)


def facts_of(cell: Any, *, where: str = "") -> dict[str, Fact]:
    """Read facts: a mapping, its JSON, or ``name=value`` with ``;`` between them.

    Raises
    ------
    InputError
        None of these.
    """
    if cell is None or cell == "":
        return {}
    if isinstance(cell, str) and cell.strip().startswith("{"):
        try:
            cell = json.loads(cell, parse_float=Decimal)
        except json.JSONDecodeError as error:
            raise InputError(
                f"facts are not JSON: {error.msg}", hint='write {"purity": "99.99 %"}', where=where
            ) from None
    if isinstance(cell, Mapping):
        return {str(name): _fact(value) for name, value in cell.items() if value is not None}
    found = {}
    for one in str(cell).split(";"):
        name, sign, value = one.partition("=")
        if not one.strip():
            continue
        if not sign or not name.strip() or not value.strip():
            raise InputError(
                f"{one.strip()!r} is not a fact", hint="write name=value", where=where or "facts"
            )
        found[name.strip()] = as_fact(value)
    return found


def _fact(value: Any) -> Fact:
    if isinstance(value, bool | Decimal | date):
        return value
    return Decimal(str(value)) if isinstance(value, int | float) else as_fact(str(value))


def _day(cell: Any, where: str) -> date:
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(str(cell))
    except ValueError:
        raise InputError(f"the day is {cell!r}", hint="write on as YYYY-MM-DD", where=where or "on") from None


def _number(cell: Any, name: str, where: str) -> Decimal:
    try:
        return Decimal(str(cell).strip())
    except InvalidOperation:
        raise InputError(f"the {name} is {cell!r}", hint="write a number", where=where or name) from None


def _money(cells: Mapping[str, Any], where: str) -> Money | None:
    if "value" not in cells:
        return None
    if "currency" not in cells:
        raise InputError(
            "a value without its currency", hint="say it, for example CNY", where=where or "currency"
        )
    return Money(_number(cells["value"], "value", where), str(cells["currency"]).strip())
