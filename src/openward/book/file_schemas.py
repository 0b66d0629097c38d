"""Formats of the other files of a book (CONTRACTS): acts, quotas, memberships, line classes, its face."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from openward.book.fields import Day, Identifier, Number, StatusField, Strict
from openward.codes.terms import Status

Codes = tuple[str, ...]


class ValidDoc(Strict):
    """Days of validity, half-open ``[from, to)``."""

    start: Day = Field(alias="from")
    end: Day | None = Field(default=None, alias="to")


class ActDoc(Strict):
    """An act of law."""

    id: Identifier
    jurisdiction: str
    kind: str
    title: str
    number: str = ""
    signed: Day | None = None
    published: Day | None = None
    in_force: Day | None = None
    repealed: Day | None = None
    url: str = ""
    source: str = ""
    status: StatusField = Status.OFFICIAL
    articles: dict[str, str] = Field(default_factory=dict)
    recorded: Day | None = None
    withdrawn: Day | None = None

    @field_validator("articles", mode="before")
    @classmethod
    def _texts_unless_listed(cls, value: Any) -> Any:
        return dict.fromkeys(map(str, value), "") if isinstance(value, list) else value


class ActsDoc(Strict):
    """A file of acts."""

    schema_: Literal["openward.acts/1"] = Field(alias="schema")
    acts: tuple[ActDoc, ...]


class QuotaPeriodDoc(Strict):
    """Days in which a quantity may enter."""

    valid: ValidDoc
    volume: Number
    unit: str
    balance: Number | None = None
    critical: bool = False
    filled_on: Day | None = None


class QuotaDoc(Strict):
    """A quantity that measures draw on, by its order number."""

    order_number: Identifier
    imposed_by: str
    origins: Codes = ()
    exclude: Codes = ()
    periods: tuple[QuotaPeriodDoc, ...]
    act: str = ""
    status: StatusField = Status.OFFICIAL
    note: str = ""
    recorded: Day | None = None
    withdrawn: Day | None = None


class QuotasDoc(Strict):
    """A file of quotas."""

    schema_: Literal["openward.quotas/1"] = Field(alias="schema")
    quotas: tuple[QuotaDoc, ...]


class MembershipDoc(Strict):
    """A row of ``memberships/*.csv``."""

    group: str
    economy: str
    start: Day = Field(alias="from")
    end: Day | None = Field(default=None, alias="to")
    source: str = ""
    status: StatusField = Status.OFFICIAL
    recorded: Day | None = None
    withdrawn: Day | None = None


class LineClassDoc(Strict):
    """A row of ``lines.csv``."""

    economy: str
    sector: str
    code: str
    share: float = Field(ge=0, le=1)
    lines: int = Field(ge=0)
    source: str = ""


class BookDoc(Strict):
    """The face of a book (``book.yaml``, ``openward.book/1``).

    ``memberships`` says whether those of the book's files are added to the groups that ship, or are all.
    """

    schema_: Literal["openward.book/1"] = Field(alias="schema")
    name: Identifier
    economy: str
    covered_from: Day
    covered_to: Day
    includes: tuple[str, ...] = ()
    memberships: Literal["added", "all"] = "added"
    title: str = ""
    sources: tuple[str, ...] = ()
    note: str = ""
