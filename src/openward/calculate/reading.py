"""Read an input file of a calculator; unknown fields are errors, and everything wrong is said at once."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError


class _Loader(yaml.SafeLoader):
    """YAML in which only true and false are booleans: ``on`` is a field, ``NO`` is Norway."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:bool"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


class Strict(BaseModel):
    """Base of every input record: frozen, and no field that nobody declared."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True
    )


Model = TypeVar("Model", bound=Strict)


def read(path: Path, model: type[Model], *, schema: str) -> Model:
    """Read a YAML (or JSON) file as a model.

    A field whose value is ``{csv: FILE}`` is replaced by the rows of that file, beside the YAML; empty cells
    are left out, a column ``deductions.freight`` fills a field inside a field.

    Raises
    ------
    MissingDataError
        A file is not there.
    InputErrors
        All that is wrong, by field.
    """
    if not path.is_file():
        raise MissingDataError("there is no such file", where=str(path), hint=f"give a YAML file ({schema})")
    return parse(path.read_text(encoding="utf-8"), model, schema=schema, where=path.name, beside=path.parent)


def parse(text: str, model: type[Model], *, schema: str, where: str, beside: Path | None = None) -> Model:
    """Read YAML text as a model; `where` names it in messages, errors as `read`."""
    try:
        raw = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        hint = str(error).split("\n")[0]
        raise InputError("not readable as YAML", where=where + line, hint=hint) from error
    if not isinstance(raw, dict):
        raise InputError("not a file of a calculator", where=where, hint=f"it starts with schema: {schema}")
    if raw.get("schema") != schema:
        raise InputError(
            f"the schema is {raw.get('schema')!r}, not {schema!r}",
            where=f"{where}: schema",
            hint=f"write schema: {schema}",
        )
    body = {key: _with_tables(value, beside) for key, value in raw.items() if key != "schema"}
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise InputErrors(_faults(error, where)) from error


def _with_tables(value: Any, beside: Path | None) -> Any:
    if isinstance(value, dict):
        if set(value) == {"csv"} and beside is not None:
            return _rows(beside / str(value["csv"]))
        return {key: _with_tables(one, beside) for key, one in value.items()}
    return [_with_tables(one, beside) for one in value] if isinstance(value, list) else value


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise MissingDataError(
            "there is no such file", where=str(path), hint="paths are beside the YAML file"
        )
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, restkey="more cells than columns"))
    return [_nested({key: cell for key, cell in row.items() if cell not in (None, "")}) for row in rows]


def _nested(row: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, cell in row.items():
        outer, dot, inner = key.partition(".")
        if dot:
            out.setdefault(outer, {})[inner] = cell
        else:
            out[key] = cell
    return out


def _faults(error: ValidationError, where: str) -> list[OpenwardError]:
    """Say each fault once: a list whose only entries are wrong is not also too short."""
    details = error.errors()
    places = [detail["loc"] for detail in details]

    def follows(place: tuple[int | str, ...]) -> bool:
        return any(len(other) > len(place) and other[: len(place)] == place for other in places)

    kept = [one for one in details if not (one["type"] == "too_short" and follows(one["loc"]))]
    return [_fault(one, where) for one in kept]


def _fault(detail: Any, where: str) -> OpenwardError:
    place = ".".join(str(part) for part in detail["loc"]) or "the whole"
    message = str(detail["msg"]).removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    spot = f"{where}: {place}"
    if detail["type"] == "missing":
        return MissingDataError(message, where=spot, hint="state it; nothing is taken as zero")
    if detail["type"] == "extra_forbidden":
        return InputError("this field is not known", where=spot, hint="remove it or mend its name")
    return InputError(message, where=spot, hint="see docs/calculators.md")
