"""The nouns: a claim, a ledger of claims, and what was found of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from openward.claims.formula import Formula
from openward.claims.tolerance import Tolerance

SCHEMA = "openward.claims/1"

Relation = Literal["=", "~=", ">=", "<=", ">", "<"]
Verdict = Literal["confirmed", "differs", "contradicted", "not-checkable"]
Status = Literal["official", "unverified"]
Difference = Literal["basis", "period", "coverage"]
"""In what the figure computed is not the claim's own: another statistic, another time, only a part."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure set beside the claim: other data, or another definition. It has no say in the verdict.

    Attributes
    ----------
    what, unit : str
    formula : Formula
    """

    what: str
    formula: Formula
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One published figure.

    Attributes
    ----------
    id, claim, subject, period : str
        Name in the ledger; the sentence; whom it is about; when.
    relation : {"=", "~=", ">=", "<=", ">", "<"}
    value : str
        As printed, so that its last digit is known; words for a claim that is true or false.
    unit, basis, edition, source : str
        The statistic the claim itself rests on; its edition; where the sentence is from.
    formula : Formula, optional
        None where nothing at hand could compute it.
    tolerance : Tolerance
    computed_basis : str
        The statistic the formula rests on; empty: the claim's own.
    differs_in : tuple of {"basis", "period", "coverage"}
        In what the formula's figure is not the claim's own, whatever its size.
    needs : str
        Data that would settle it.
    note : str
    beside : tuple of Beside
    where : str
        File and line.
    """

    id: str
    claim: str
    subject: str
    period: str
    relation: Relation
    value: str
    unit: str
    basis: str
    source: str
    tolerance: Tolerance
    edition: str = ""
    formula: Formula | None = None
    computed_basis: str = ""
    differs_in: tuple[Difference, ...] = ()
    needs: str = ""
    note: str = ""
    beside: tuple[Beside, ...] = ()
    where: str = field(default="", compare=False)

    @property
    def number(self) -> float | None:
        """The value as a number; None where it is words."""
        try:
            return float(self.value)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Claims in the order of their file, and the names their formulas share."""

    name: str
    title: str
    claims: tuple[Claim, ...]
    names: Mapping[str, Formula] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Datum:
    """A source that a figure was computed from.

    Attributes
    ----------
    title, vintage, source, licence : str
    status : {"official", "unverified"}
        Unverified: some fact in it was not read in an official source.
    """

    title: str
    source: str
    vintage: str = ""
    licence: str = ""
    status: Status = "official"


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim with what was computed for it.

    Attributes
    ----------
    claim : Claim
    computed : float or bool or None
        In the claim's unit; of a series of years the one nearest to failing. None: not checkable.
    series : mapping from year
        Where the formula gives a figure for each year.
    holds : bool or None
        Whether the relation holds within the tolerance for what was computed.
    differs_in : tuple of str
        Declared in the ledger, and found: years that were left out are a difference of coverage.
    verdict : {"confirmed", "differs", "contradicted", "not-checkable"}
    sentence : str
    needs : str
    data : tuple of Datum
    beside : tuple of (str, float, str)
        What, figure, unit.
    """

    claim: Claim
    computed: float | bool | None
    series: Mapping[int, float | bool]
    holds: bool | None
    differs_in: tuple[str, ...]
    verdict: Verdict
    sentence: str
    needs: str
    data: tuple[Datum, ...]
    beside: tuple[tuple[str, float | bool, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the finding as CONTRACTS writes it: the claim's fields, then what was found."""
        claim = self.claim
        return {
            "id": claim.id,
            "claim": claim.claim,
            "subject": claim.subject,
            "period": claim.period,
            "relation": claim.relation,
            "value": claim.value,
            "unit": claim.unit,
            "basis": claim.basis,
            "edition": claim.edition,
            "source": claim.source,
            "formula": claim.formula.text if claim.formula else None,
            "tolerance": claim.tolerance.text,
            "computed": self.computed,
            "series": {str(year): value for year, value in self.series.items()},
            "computed_basis": claim.computed_basis or claim.basis if self.computed is not None else None,
            "holds": self.holds,
            "differs_in": list(self.differs_in),
            "verdict": self.verdict,
            "sentence": self.sentence,
            "needs": self.needs,
            "note": claim.note,
            "beside": [{"what": w, "value": v, "unit": u} for w, v, u in self.beside],
            "data": [
                {
                    "title": d.title,
                    "vintage": d.vintage,
                    "source": d.source,
                    "licence": d.licence,
                    "status": d.status,
                }
                for d in self.data
            ],
        }
