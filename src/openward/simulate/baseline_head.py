"""The head of a baseline directory: ``baseline.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openward.errors import InputError, MissingDataError
from openward.simulate.long_form import Faults

SCHEMA: Literal["openward.baseline/1"] = "openward.baseline/1"

Text = Annotated[str, Field(min_length=1)]


class SectorHead(BaseModel):
    """One sector of a baseline."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    code: Text
    name: Text
    tradable: bool


class BaselineHead(BaseModel):
    """``baseline.yaml`` of ``openward.baseline/1``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)

    schema_name: Literal["openward.baseline/1"] = Field(alias="schema")
    name: Text
    year: int
    currency: Text
    scale: Annotated[float, Field(gt=0)]
    source: str
    licence: str
    sectors: Annotated[list[SectorHead], Field(min_length=1)]


def read_head(path: Path, *, faults: Faults) -> BaselineHead | None:
    """Read ``baseline.yaml``; faults collect everything that is wrong with it, by field."""
    if not path.is_file():
        faults.add(
            MissingDataError(
                "not a baseline directory: there is no baseline.yaml",
                where=str(path),
                hint="docs/formats.md shows one; write_baseline writes one",
            )
        )
        return None
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        faults.add(InputError("not readable as YAML", where=f"{path}{line}", hint=str(error).split("\n")[0]))
        return None
    if not isinstance(raw, dict):
        faults.add(InputError("holds no fields", where=str(path), hint=f"start with schema: {SCHEMA}"))
        return None
    try:
        head = BaselineHead.model_validate(raw)
    except ValidationError as error:
        for fault in error.errors():
            faults.add(
                InputError(fault["msg"], where=f"{path}: {_dotted(fault['loc'])}", hint=_hint(fault["type"]))
            )
        return None
    codes = [sector.code for sector in head.sectors]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        faults.add(
            InputError(f"sector {code!r} is listed twice", where=f"{path}: sectors", hint="remove one")
        )
    return None if len(set(codes)) < len(codes) else head


def head_text(head: BaselineHead) -> str:
    """Write the head as YAML."""
    return yaml.safe_dump(head.model_dump(by_alias=True), sort_keys=False, allow_unicode=True, width=100)


def _dotted(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _hint(kind: str) -> str:
    if kind == "extra_forbidden":
        return "fields are " + ", ".join(
            field.alias or name for name, field in BaselineHead.model_fields.items()
        )
    if kind == "missing":
        return "add the field"
    return "correct the value"
