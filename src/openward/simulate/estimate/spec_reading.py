"""Reading the spec of an estimation; everything wrong with it is said at once."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError
from openward.simulate.estimate.spec import SCHEMA, EstimateSpec, LassoColumn, PpmlColumn, StaggeredColumn

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HINT = "see docs/estimation.md"


def read_estimate_spec(path: Path) -> EstimateSpec:
    """Read a spec from a YAML file.

    Raises
    ------
    MissingDataError
        There is no such file.
    InputErrors
        Everything that is wrong with it, by field.
    """
    if not path.is_file():
        raise MissingDataError(
            "no such estimation spec", where=str(path), hint=f"name a YAML file ({SCHEMA}); {_HINT}"
        )
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8 text", where=path.name, hint="save it as UTF-8") from error
    return parse_estimate_spec(text, where=path.name)


def parse_estimate_spec(text: str, *, where: str) -> EstimateSpec:
    """Read a spec from YAML text; ``where`` names it in messages."""
    try:
        raw = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise InputError(
            "not readable as YAML", where=where + line, hint=str(error).split("\n")[0]
        ) from error
    if not isinstance(raw, dict):
        raise InputError("not an estimation spec", where=where, hint=f"it starts with schema: {SCHEMA}")
    try:
        spec = EstimateSpec.model_validate(raw)
    except ValidationError as error:
        raise InputErrors([_fault(one, where) for one in error.errors()]) from error
    found = _yearless(spec, where) + _repeated(spec, where)
    if found:
        raise InputErrors(found)
    return spec


def _fault(detail: object, where: str) -> OpenwardError:
    assert isinstance(detail, dict)
    parts = [str(part) for part in detail["loc"] if str(part) not in _TAGS]
    message = str(detail["msg"]).removeprefix("Value error, ")
    if str(detail["type"]).startswith("union_tag"):
        message = f"a column says method: one of {', '.join(sorted(_TAGS))}"
    hint = "remove it or mend its name" if detail["type"] == "extra_forbidden" else _HINT
    return InputError(
        message[:1].lower() + message[1:], where=f"{where}: {'.'.join(parts) or 'the whole'}", hint=hint
    )


# Pydantic puts the tag of a union's member into the place of a fault; a reader of the file does not see it.
_TAGS = {"ppml", "staggered", "lasso", "elasticity"}


def _yearless(spec: EstimateSpec, where: str) -> list[OpenwardError]:
    """Find what needs years where the spec names no column of them."""
    if spec.data.year is not None:
        return []
    needing = [
        name
        for name, term in spec.terms.items()
        if {"lag", "lead", "phased"} & set(type(term).model_fields)
        or getattr(term, "border", "") == "each-year"
    ]
    needing += [one.name for one in spec.estimates if isinstance(one, StaggeredColumn)]
    hint = "name the column of years: data: {year: ...}"
    return [InputError(f"{name} needs years", where=f"{where}: data.year", hint=hint) for name in needing]


def _repeated(spec: EstimateSpec, where: str) -> list[OpenwardError]:
    """Find names in columns that occur twice."""
    out: list[OpenwardError] = []
    for one in spec.estimates:
        if isinstance(one, PpmlColumn):
            lists = {"regressors": one.regressors}
        elif isinstance(one, LassoColumn):
            lists = {"candidates and unpenalized": [*one.candidates, *one.unpenalized]}
        else:
            continue
        for what, names in lists.items():
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                out.append(
                    InputError(
                        f"{', '.join(twice)} occurs twice in {what}",
                        where=f"{where}: estimates {one.name}",
                        hint="name a term once",
                    )
                )
    return out
