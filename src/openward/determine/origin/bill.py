"""Reader of a bill of materials (``openward.bill/1``, YAML or JSON); every error says where."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from openward.codes.economies import ECONOMIES
from openward.determine.origin.codes import digits
from openward.determine.origin.good import Good, Material
from openward.errors import InputError, InputErrors, OpenwardError

SCHEMA = "openward.bill/1"
_GOOD = {
    "schema", "code", "made_in", "name", "currency", "ex_works", "fob", "net_cost", "weight",
    "wholly_obtained", "minimal_operations_only", "transported_directly", "facts", "materials", "on",
}  # fmt: skip
_MATERIAL = {
    "code", "name", "origin", "value", "weight", "made_in", "wholly_obtained", "described", "components",
}  # fmt: skip


def read_bill(path: Path) -> Good:
    """Read a bill of materials.

    Raises
    ------
    InputError
        If the file is absent, cannot be parsed, or holds fields that are unknown, missing or of the wrong
        kind; all
        that is wrong is reported together.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as bad:
        raise InputError(f"cannot read it: {bad}", hint="give a YAML or JSON file", where=path.name) from bad
    try:
        document = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except json.JSONDecodeError as bad:
        raise InputError(
            bad.msg, hint="the file may be truncated", where=f"{path.name}:{bad.lineno}"
        ) from bad
    except yaml.YAMLError as bad:
        mark = getattr(bad, "problem_mark", None)
        where = f"{path.name}:{mark.line + 1}" if mark is not None else path.name
        raise InputError(
            f"not YAML: {getattr(bad, 'problem', bad)}", hint="check indentation", where=where
        ) from bad
    return bill_from(document, where=path.name)


def bill_from(document: Any, *, where: str = "bill") -> Good:
    """Build a good from a document already parsed; see :func:`read_bill`."""
    reading = _Reading(where)
    good = reading.good(document)
    if reading.errors or good is None:
        raise InputErrors(reading.errors)
    return good


class _Reading:
    """One reading, with everything found wrong in it."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.errors: list[OpenwardError] = []

    def wrong(self, place: str, message: str, hint: str) -> None:
        self.errors.append(InputError(message, hint=hint, where=f"{self.where} {place}".strip()))

    def good(self, document: Any) -> Good | None:
        fields = self.mapping(document, "", _GOOD, ("code", "made_in"))
        if fields is None:
            return None
        if fields.get("schema", SCHEMA) != SCHEMA:
            self.wrong("schema", f"{fields['schema']!r} is not {SCHEMA}", f"write schema: {SCHEMA}")
        materials = self.materials(fields.get("materials"), "materials")
        currency = fields.get("currency", "")
        valued = [k for k in ("ex_works", "fob", "net_cost") if fields.get(k) is not None]
        if valued and not currency:
            self.wrong(
                "currency", f"{valued[0]} has no currency", "write currency: USD or another ISO 4217 code"
            )
        return Good(
            code=self.code(fields.get("code"), "code"),
            made_in=self.economy(fields.get("made_in"), "made_in"),
            materials=materials,
            currency=str(currency),
            ex_works=self.number(fields, "ex_works", ""),
            fob=self.number(fields, "fob", ""),
            net_cost=self.number(fields, "net_cost", ""),
            weight=self.number(fields, "weight", ""),
            name=str(fields.get("name", "")),
            wholly_obtained=self.truth(fields, "wholly_obtained", ""),
            minimal_operations_only=self.truth(fields, "minimal_operations_only", ""),
            transported_directly=self.truth(fields, "transported_directly", ""),
            facts=self.facts(fields.get("facts"), "facts"),
            on=self.day(fields.get("on")),
        )

    def day(self, value: Any) -> date | None:
        if value is None or type(value) is date:
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.wrong("on", f"{value!r} is not a date", "write YYYY-MM-DD")
            return None

    def materials(self, value: Any, place: str) -> tuple[Material, ...]:
        if value is None:
            return ()
        if not isinstance(value, Sequence) or isinstance(value, str):
            self.wrong(place, "is not a list", "write one item a material")
            return ()
        return tuple(self.material(each, f"{place}[{at}]") for at, each in enumerate(value, start=1))

    def material(self, value: Any, place: str) -> Material:
        fields = self.mapping(value, place, _MATERIAL, ("code",)) or {}
        origin = fields.get("origin")
        made_in = fields.get("made_in")
        return Material(
            code=self.code(fields.get("code", "00"), f"{place}.code"),
            origin=self.economy(origin, f"{place}.origin") if origin else "",
            value=self.number(fields, "value", place),
            weight=self.number(fields, "weight", place),
            name=str(fields.get("name", "")),
            made_in=self.economy(made_in, f"{place}.made_in") if made_in else "",
            wholly_obtained=self.truth(fields, "wholly_obtained", place),
            components=self.materials(fields.get("components"), f"{place}.components"),
            described=self.facts(fields.get("described"), f"{place}.described"),
        )

    def mapping(
        self, value: Any, place: str, known: set[str], needed: tuple[str, ...]
    ) -> Mapping[str, Any] | None:
        if not isinstance(value, Mapping):
            self.wrong(place, "is not a set of fields", "write field: value, one a line")
            return None
        for field in sorted(map(str, set(value) - known)):
            self.wrong(f"{place}.{field}".strip("."), "unknown field", "one of " + ", ".join(sorted(known)))
        for field in needed:
            if value.get(field) in (None, ""):
                self.wrong(f"{place}.{field}".strip("."), "missing", "every one needs it")
        return value

    def code(self, value: Any, place: str) -> str:
        if value is None:
            return "00"
        if not isinstance(value, str):
            self.wrong(place, f"{value!r} is not text", "put codes in quotes, they may begin with 0")
            return "00"
        try:
            return digits(value)
        except OpenwardError as bad:
            self.wrong(place, bad.message, bad.hint)
            return "00"

    def economy(self, value: Any, place: str) -> str:
        if value is None:
            return ""
        if value not in ECONOMIES:
            self.wrong(place, f"{value!r} is no economy", "write an ISO 3166 alpha-3 code, for example JPN")
        return str(value)

    def number(self, fields: Mapping[str, Any], field: str, place: str) -> Decimal | None:
        value = fields.get(field)
        where = f"{place}.{field}".strip(".")
        if value is None:
            return None
        try:
            amount = Decimal(str(value)) if not isinstance(value, bool) else None
        except InvalidOperation:
            amount = None
        if amount is None or not amount.is_finite():
            self.wrong(
                where, f"{value!r} is not a number", "write digits with a point, without thousands marks"
            )
            return None
        if amount < 0:
            self.wrong(where, f"{value} is negative", "values and weights are zero or more")
        return amount

    def truth(self, fields: Mapping[str, Any], field: str, place: str) -> bool | None:
        value = fields.get(field)
        if value is not None and not isinstance(value, bool):
            self.wrong(
                f"{place}.{field}".strip("."),
                f"{value!r} is neither true nor false",
                "leave it out if unknown",
            )
            return None
        return value

    def facts(self, value: Any, place: str) -> Mapping[str, bool]:
        if value is None:
            return {}
        if not isinstance(value, Mapping) or not all(isinstance(v, bool) for v in value.values()):
            self.wrong(place, "is not a list of facts", 'write "words of the rule": true or false')
            return {}
        return {str(k): v for k, v in value.items()}
