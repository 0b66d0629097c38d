"""Types of single fields in files: codes, dates, duty sentences; each says what it expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from openward.book import duty as duties
from openward.book.instruments import condition_entries
from openward.book.model import Flow, Instrument
from openward.book.reading import nearest
from openward.codes.nomenclature import HS_EDITIONS, is_edition
from openward.codes.terms import Status
from openward.errors import InputError, OpenwardError, UnknownCodeError

Kind = TypeVar("Kind", Instrument, Flow, Status)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]*(@\d{4}-\d{2}-\d{2})?")
_RANGE = re.compile(r"\*|(?:\d\d){1,5}(?:-(?:\d\d){1,5})?")
_ADDITIONAL = re.compile(r"[A-Z0-9]{1,8}")
LONGEST_QUOTE = 60
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class Strict(BaseModel):
    """Base of every file model: unknown fields are errors, numbers written where text belongs are text."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, populate_by_name=False)


@lru_cache(maxsize=65536)
def iso_date(text: str) -> date:
    """Read ``YYYY-MM-DD``.

    Raises
    ------
    InputError
        For any other form, and for days that do not exist.
    """
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"the day {text} does not exist", hint="check month and day") from None
    raise InputError(f"{text!r} is not a date", hint="write YYYY-MM-DD")


@lru_cache(maxsize=1024)
def instrument(text: str) -> Instrument:
    """Read an instrument of the controlled list."""
    return _member(text, Instrument, "instrument")


@lru_cache(maxsize=256)
def flow(text: str) -> Flow:
    """Read a flow of the controlled list."""
    return _member(text, Flow, "flow")


@lru_cache(maxsize=256)
def status(text: str) -> Status:
    """Read ``official`` or ``unverified``."""
    return _member(text, Status, "status")


def _member(text: str, kind: type[Kind], name: str) -> Kind:
    try:
        return kind(text)
    except ValueError:
        names = [member.value for member in kind]
        raise UnknownCodeError(f"unknown {name} {text!r}", hint=nearest(text, names, listing=name)) from None


def decimal_text(text: str) -> str:
    """Check a plain decimal number and give it back as written."""
    decimal(text)
    return text


def duty_sentence(text: str) -> str:
    """Check a duty sentence and give it in its canonical form."""
    return str(duties.parse(text))


def identifier(text: str) -> str:
    """Check an id: letters, digits and ``._:/-``."""
    return _matching(_ID, text, "an id", "use letters, digits and . _ : / -")


def product_range(text: str) -> str:
    """Check ``*``, ``0101`` or ``0101-0206``; digits in pairs."""
    return _matching(
        _RANGE, text, "an HS range", "write '*', '0101' or '0101-0206', digits in pairs without dots"
    )


def edition(text: str) -> str:
    """Check the name of an edition: of the Harmonized System, or national with its year (``CN2019``)."""
    if not is_edition(text):
        known = ", ".join(HS_EDITIONS)
        raise InputError(f"{text!r} is not an HS edition", hint=f"{known}, or a national one such as CN2019")
    return text


def additional_code(text: str) -> str:
    """Check an additional code: up to eight capital letters and digits."""
    return _matching(_ADDITIONAL, text, "an additional code", "write letters and digits, such as A or 8900")


@lru_cache(maxsize=16384)
def decimal(text: str) -> Decimal:
    """Read a plain decimal number.

    Raises
    ------
    InputError
        For any other form.
    """
    return Decimal(_matching(_NUMBER, text, "a number", "write digits with a decimal point, such as 52.60"))


def condition_kind(text: str) -> str:
    """Check the kind of a condition."""
    if text not in condition_entries():
        raise UnknownCodeError(
            f"unknown condition {text!r}", hint=nearest(text, condition_entries(), listing="conditions")
        )
    return text


def _matching(pattern: re.Pattern[str], text: str, what: str, hint: str) -> str:
    if not pattern.fullmatch(text):
        raise InputError(f"{text!r} is not {what}", hint=hint)
    return text


def _checked(check: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Let a reader of text serve pydantic, keeping the hint."""

    def validate(value: Any) -> Any:
        if not isinstance(value, str):
            if isinstance(value, int | float) and not isinstance(value, bool):
                value = str(value)
            else:
                return value
        try:
            return check(value)
        except OpenwardError as error:
            raise PydanticCustomError(
                "openward", "{message}", {"message": error.message, "hint": error.hint, "code": error.code}
            ) from None

    return validate


Day = Annotated[date, BeforeValidator(_checked(iso_date))]
InstrumentField = Annotated[Instrument, BeforeValidator(_checked(instrument))]
FlowField = Annotated[Flow, BeforeValidator(_checked(flow))]
StatusField = Annotated[Status, BeforeValidator(_checked(status))]
DutyText = Annotated[str, AfterValidator(_checked(duty_sentence))]
Identifier = Annotated[str, AfterValidator(_checked(identifier))]
ProductRange = Annotated[str, AfterValidator(_checked(product_range))]
Edition = Annotated[str, AfterValidator(_checked(edition))]
AdditionalCode = Annotated[str, AfterValidator(_checked(additional_code))]
Number = Annotated[str, AfterValidator(_checked(decimal_text))]
ConditionKind = Annotated[str, AfterValidator(_checked(condition_kind))]


def explain(
    details: Iterable[Any], where: Callable[[tuple[str | int, ...]], str], model: type[BaseModel]
) -> list[OpenwardError]:
    """Turn pydantic's findings into errors with file, line and hint.

    Parameters
    ----------
    details : iterable of dict
        ``ValidationError.errors()``.
    where : callable
        Gives ``file:line`` of a place in the data.
    model : type
        The model that was validated; names the known fields in hints.
    """
    return [_explained(detail, where, model) for detail in details]


def _explained(
    detail: Any, where: Callable[[tuple[str | int, ...]], str], model: type[BaseModel]
) -> OpenwardError:
    place = tuple(step for step in detail["loc"] if step != "[key]")
    dotted = ".".join(str(step) for step in place)
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        known = _fields_at(model, place[:-1])
        hint = nearest(place[-1], known, listing="fields")
        return InputError(f"unknown field {dotted!r}", hint=hint, where=where(place))
    if kind == "missing":
        return InputError(f"the field {dotted!r} is missing", where=where(place[:-1]), hint="add it")
    if kind == "openward":
        error = UnknownCodeError if context["code"] == UnknownCodeError.code else InputError
        return error(f"{dotted}: {context['message']}", hint=context["hint"], where=where(place))
    message = detail["msg"].removeprefix("Value error, ")
    if kind in ("model_type", "dict_type"):
        message = "fields with values were expected here, as in 'name: value'"
    shown = f" (found {_short(detail['input'])})" if isinstance(detail["input"], str | int | float) else ""
    head = f"{dotted}: " if dotted else ""
    return InputError(
        f"{head}{message}{shown}", where=where(place), hint="see the schema in the documentation"
    )


def _short(value: str | int | float) -> str:
    """Quote what was found, so far as it fits a message."""
    text = repr(value)
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}..."


def _fields_at(model: type[BaseModel], place: tuple[str | int, ...]) -> list[str]:
    current: Any = model
    for step in place:
        if isinstance(step, int):
            continue
        info = next((f for n, f in current.model_fields.items() if (f.alias or n) == step), None)
        found = _model_in(info.annotation) if info is not None else None
        if found is None:
            return []
        current = found
    return [info.alias or name for name, info in current.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
