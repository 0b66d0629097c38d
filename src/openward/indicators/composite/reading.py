"""Reading specs: shipped ones by name, your own by path; everything wrong with one is said at once."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError
from openward.indicators.composite.checks import faults
from openward.indicators.composite.hierarchy import hierarchy
from openward.indicators.composite.spec import IndexSpec

_SHIPPED = Path(__file__).parent / "specs"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def shipped() -> tuple[str, ...]:
    """Name the specs that ship."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.yaml")))


def read_spec(name: str | Path) -> IndexSpec:
    """Read a spec and check it.

    Parameters
    ----------
    name : str or path
        Name of a shipped spec, or a YAML file.

    Raises
    ------
    MissingDataError
        There is no such spec.
    InputErrors
        Everything that is wrong with it, by field.
    """
    path = Path(name)
    if path.suffix not in (".yaml", ".yml") and str(name) in shipped():
        path = _SHIPPED / f"{name}.yaml"
    if not path.is_file():
        hint = f"name a YAML file, or one that ships: {', '.join(shipped())}"
        raise MissingDataError("no such index spec", where=str(name), hint=hint)
    return parse_spec(path.read_text(encoding="utf-8"), where=path.name)


def parse_spec(text: str, *, where: str) -> IndexSpec:
    """Read a spec from YAML text; `where` names it in messages."""
    try:
        raw = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise InputError(
            "not readable as YAML", where=where + line, hint=str(error).split("\n")[0]
        ) from error
    if not isinstance(raw, dict):
        raise InputError("not an index spec", where=where, hint="it starts with schema: openward.index/1")
    try:
        spec = IndexSpec.model_validate(raw)
    except ValidationError as error:
        raise InputErrors(_spec_faults(error, where)) from error
    hierarchy(spec)
    found = faults(spec)
    if found:
        raise InputErrors(found)
    return spec


def _spec_faults(error: ValidationError, where: str) -> list[OpenwardError]:
    """Say each fault once: a list whose only entries are wrong is not also too short."""
    details = error.errors()
    inside = {detail["loc"][0] for detail in details if len(detail["loc"]) > 1}
    kept = [one for one in details if not (one["type"] == "too_short" and one["loc"][0] in inside)]
    return [_fault(one, where) for one in kept]


def _fault(detail: object, where: str) -> OpenwardError:
    assert isinstance(detail, dict)
    place = ".".join(str(part) for part in detail["loc"]) or "the whole"
    message = str(detail["msg"]).removeprefix("Value error, ")
    hint = "remove it or mend its name" if detail["type"] == "extra_forbidden" else "see docs/composite.md"
    return InputError(message[:1].lower() + message[1:], where=f"{where}: {place}", hint=hint)
