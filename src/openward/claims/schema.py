"""The file of a ledger (``openward.claims/1``): unknown fields are errors."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from openward.book.fields import Strict, identifier
from openward.claims.claim import Difference, Relation

_Text = Annotated[str, Field(min_length=1)]
_Id = Annotated[str, AfterValidator(identifier)]


class BesideDoc(Strict):
    """A figure set beside a claim."""

    what: _Text
    formula: _Text
    unit: str = ""


class ClaimDoc(Strict):
    """One claim as written."""

    id: _Id
    claim: _Text
    subject: _Text
    period: _Text
    relation: Relation
    value: _Text
    unit: str = ""
    basis: _Text
    edition: str = ""
    source: str = ""
    formula: str = ""
    tolerance: str = ""
    computed_basis: str = ""
    differs_in: tuple[Difference, ...] = ()
    needs: str = ""
    note: str = ""
    beside: tuple[BesideDoc, ...] = ()


class LedgerDoc(Strict):
    """A ledger as written."""

    format: Literal["openward.claims/1"] = Field(alias="schema")
    name: _Id
    title: str = ""
    source: str = ""
    names: dict[str, str] = Field(default_factory=dict)
    claims: tuple[ClaimDoc, ...]
