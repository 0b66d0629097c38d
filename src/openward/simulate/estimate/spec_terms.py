"""Terms of a regression as written in a spec: each says one thing in one key."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

Name = Annotated[str, Field(min_length=1)]


class _Term(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnTerm(_Term):
    """A column of the file as it is."""

    column: Name


class LogTerm(_Term):
    """Natural logarithm of a positive column."""

    log: Name


class LogRateTerm(_Term):
    """``ln(1 + rate)`` of a column of rates: the form tariffs take."""

    log_one_plus: Name
    unit: Literal["percent", "fraction"]


class ProductTerm(_Term):
    """Interaction: product of terms or columns, one of which may stand for several dummies."""

    product: Annotated[list[Name], Field(min_length=2)]


class LagTerm(_Term):
    """A column as it was some years ago, for the same exporter, importer and sector.

    ``missing``: what to take where the file has no such row.
    """

    lag: Name
    years: Annotated[int, Field(ge=1)]
    missing: Literal["error", "zero"] = "error"


class LeadTerm(_Term):
    """A column as it will be some years on."""

    lead: Name
    years: Annotated[int, Field(ge=1)]
    missing: Literal["error", "zero"] = "error"


class PhasedTerm(_Term):
    """Phasing-in and anticipation around a year of entry (a column; empty where there is none).

    One dummy for each of ``years``; negative ones are before entry. ``steps`` are 1 from that year on,
    so each coefficient adds to the last; ``windows`` are 1 until the next of ``years``, so each is a level.
    """

    phased: Name
    years: Annotated[list[int], Field(min_length=1)]
    form: Literal["steps", "windows"]


class BordersTerm(_Term):
    """1 where exporter and importer differ; ``each-year``: one dummy for each year but those of ``omit``."""

    border: Literal["once", "each-year"]
    omit: list[int] = []


KINDS: dict[str, type[_Term]] = {
    "column": ColumnTerm,
    "log": LogTerm,
    "log_one_plus": LogRateTerm,
    "product": ProductTerm,
    "lag": LagTerm,
    "lead": LeadTerm,
    "phased": PhasedTerm,
    "border": BordersTerm,
}


def _kind(raw: Any) -> str | None:
    if isinstance(raw, dict):
        found = [kind for kind in KINDS if kind in raw]
        return found[0] if len(found) == 1 else None
    return next((kind for kind, form in KINDS.items() if isinstance(raw, form)), None)


Term = Annotated[
    Annotated[ColumnTerm, Tag("column")]
    | Annotated[LogTerm, Tag("log")]
    | Annotated[LogRateTerm, Tag("log_one_plus")]
    | Annotated[ProductTerm, Tag("product")]
    | Annotated[LagTerm, Tag("lag")]
    | Annotated[LeadTerm, Tag("lead")]
    | Annotated[PhasedTerm, Tag("phased")]
    | Annotated[BordersTerm, Tag("border")],
    Discriminator(
        _kind,
        custom_error_type="term",
        custom_error_message=f"a term says exactly one of {', '.join(KINDS)}",
    ),
]
