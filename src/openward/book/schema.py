"""Formats of measures and reforms (CONTRACTS): models that refuse unknown fields, and all JSON Schemas."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from openward.book.fields import (
    AdditionalCode,
    ConditionKind,
    Day,
    DutyText,
    Edition,
    FlowField,
    Identifier,
    InstrumentField,
    Number,
    ProductRange,
    StatusField,
    Strict,
)
from openward.book.file_schemas import (
    ActsDoc,
    BookDoc,
    Codes,
    LineClassDoc,
    MembershipDoc,
    QuotasDoc,
    ValidDoc,
)
from openward.codes.terms import Status

LocalText = dict[Literal["en", "zh"], str]
ConditionDoc = Annotated[dict[ConditionKind, str], Field(min_length=1, max_length=1)]


class ProductsDoc(Strict):
    """HS ranges in a named edition."""

    edition: Edition = "HS2022"
    ranges: tuple[ProductRange, ...] = ("*",)


class ScopeDoc(Strict):
    """What a measure is about; what is left out does not limit it."""

    products: ProductsDoc | None = None
    partners: Codes = ()
    exclude: Codes = ()
    sectors: Codes = ()
    parties: Codes = ()
    end_uses: Codes = ()
    hint_only: bool = False
    exclude_products: tuple[ProductRange, ...] = ()
    additional_codes: tuple[AdditionalCode, ...] = ()


class EffectDoc(Strict):
    """What a measure does."""

    duty: DutyText | None = None
    items: int | None = Field(default=None, ge=0)
    text: str = ""
    quota: str = ""
    number: Number | None = None
    unit: str = ""


class EventDoc(Strict):
    """An event in the life of a listing."""

    kind: Literal["add", "suspend", "resume", "stop", "remove"]
    on: Day
    act: str
    until: Day | None = None
    recorded: Day | None = None


class MeasureDoc(Strict):
    """One rule of law (``openward.measure/1``)."""

    id: Identifier
    instrument: InstrumentField
    imposed_by: str
    flow: FlowField
    scope: ScopeDoc = ScopeDoc()
    effect: EffectDoc = EffectDoc()
    conditions: tuple[ConditionDoc, ...] = ()
    valid: ValidDoc
    act: str = ""
    article: str = ""
    zone: str = ""
    recorded: Day | None = None
    withdrawn: Day | None = None
    status: StatusField = Status.OFFICIAL
    note: str = ""
    events: tuple[EventDoc, ...] = ()


class MeasuresDoc(Strict):
    """A file of measures."""

    schema_: Literal["openward.measure/1"] = Field(alias="schema")
    measures: tuple[MeasureDoc, ...]


class ValidPatch(Strict):
    """Part of a validity; null for ``to`` opens it."""

    start: Day | None = Field(default=None, alias="from")
    end: Day | None = Field(default=None, alias="to")


class ProductsPatch(Strict):
    """Part of a product scope."""

    edition: Edition | None = None
    ranges: tuple[ProductRange, ...] | None = None


class ScopePatch(Strict):
    """Part of a scope."""

    products: ProductsPatch | None = None
    partners: Codes | None = None
    exclude: Codes | None = None
    sectors: Codes | None = None
    parties: Codes | None = None
    end_uses: Codes | None = None
    hint_only: bool | None = None
    exclude_products: tuple[ProductRange, ...] | None = None
    additional_codes: tuple[AdditionalCode, ...] | None = None


class EffectPatch(Strict):
    """Part of an effect."""

    duty: DutyText | None = None
    items: int | None = Field(default=None, ge=0)
    text: str | None = None
    quota: str | None = None
    number: Number | None = None
    unit: str | None = None


class MeasurePatch(Strict):
    """What an amendment sets: a JSON merge patch (RFC 7396) on the measure; null takes a field away."""

    instrument: InstrumentField | None = None
    imposed_by: str | None = None
    flow: FlowField | None = None
    scope: ScopePatch | None = None
    effect: EffectPatch | None = None
    conditions: tuple[ConditionDoc, ...] | None = None
    valid: ValidPatch | None = None
    act: str | None = None
    article: str | None = None
    zone: str | None = None
    recorded: Day | None = None
    withdrawn: Day | None = None
    status: StatusField | None = None
    note: str | None = None
    events: tuple[EventDoc, ...] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError(
                "openward",
                "{message}",
                {
                    "message": "an amendment sets nothing",
                    "hint": "name the fields it changes",
                    "code": "input",
                },
            )
        for name in ("instrument", "imposed_by", "flow", "valid"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise PydanticCustomError(
                    "openward",
                    "{message}",
                    {"message": f"{name} cannot be taken away", "hint": "give a value", "code": "input"},
                )
        return self


class AmendDoc(Strict):
    """From a day on, a measure says something else."""

    measure: Identifier
    set: MeasurePatch
    start: Day = Field(alias="from")


class RepealDoc(Strict):
    """From a day on, a measure no longer applies."""

    measure: Identifier
    start: Day = Field(alias="from")


class MemberDoc(Strict):
    """From a day on, an economy is (or is no longer) a member of a group."""

    economy: str
    group: str
    start: Day = Field(alias="from")


class EditDoc(Strict):
    """One edit: exactly one of the five."""

    add: MeasureDoc | None = None
    amend: AmendDoc | None = None
    repeal: RepealDoc | None = None
    join: MemberDoc | None = None
    leave: MemberDoc | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len([name for name in self.model_fields_set if getattr(self, name) is not None]) != 1:
            raise PydanticCustomError(
                "openward",
                "{message}",
                {
                    "message": "an edit is exactly one of add, amend, repeal, join, leave",
                    "hint": "start a new list item for each edit",
                    "code": "input",
                },
            )
        return self


class CitationDoc(Strict):
    """Where a reform comes from."""

    act: str = ""
    url: str = ""


class ReformDoc(Strict):
    """An edit script of the law (``openward.reform/1``)."""

    schema_: Literal["openward.reform/1"] = Field(alias="schema")
    name: Identifier
    title: LocalText = Field(default_factory=dict)
    description: LocalText = Field(default_factory=dict)
    source: CitationDoc = CitationDoc()
    edits: tuple[EditDoc, ...]

    @field_validator("title", "description", mode="before")
    @classmethod
    def _english_unless_said(cls, value: Any) -> Any:
        return {"en": value} if isinstance(value, str) else value


def json_schemas() -> dict[str, dict[str, Any]]:
    """Give the JSON Schema of every file format, by schema name."""
    published: dict[str, type[BaseModel]] = {
        "openward.book/1": BookDoc,
        "openward.measure/1": MeasureDoc,
        "openward.acts/1": ActsDoc,
        "openward.quotas/1": QuotasDoc,
        "openward.reform/1": ReformDoc,
        "membership": MembershipDoc,
        "line-class": LineClassDoc,
    }
    return {name: model.model_json_schema(by_alias=True) for name, model in published.items()}
