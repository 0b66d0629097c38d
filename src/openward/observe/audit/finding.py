"""What an audit finds: one record a fault, with how bad it is and what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from openward.errors import InputError


class Severity(StrEnum):
    """Whether a finding keeps a table out."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a table.

    Attributes
    ----------
    kind : str
        Stable name: ``orientation``, ``unit``, ``totals``, ``duplicates`` ...
    severity : Severity
    where : str
        File, table, year or column.
    rows : int
        Rows concerned; 0 where the fault is of the table as a whole.
    message : str
        What is wrong, with the first examples.
    hint : str
        What to do.
    """

    kind: str
    severity: Severity
    where: str
    rows: int
    message: str
    hint: str

    @property
    def refuses(self) -> bool:
        """Whether it keeps the table out."""
        return self.severity is Severity.REFUSE

    def as_dict(self) -> dict[str, Any]:
        """Give the finding as JSON has it."""
        return {**asdict(self), "severity": self.severity.value}

    def as_error(self) -> InputError:
        """Give the finding as an error."""
        return InputError(f"{self.kind}: {self.message}", where=self.where, hint=self.hint)


@dataclass(frozen=True, slots=True)
class Audit:
    """What was looked for in a table, and what was found.

    Attributes
    ----------
    dataset : str
    rows : int
        Rows looked at.
    findings : tuple of Finding
        Those that refuse first.
    checked : tuple of str
        Kinds that were looked for.
    skipped : tuple of str
        Kinds that could not be looked for, each with the reason.
    """

    dataset: str
    rows: int
    findings: tuple[Finding, ...]
    checked: tuple[str, ...]
    skipped: tuple[str, ...]

    @property
    def refused(self) -> tuple[Finding, ...]:
        """Findings that keep the table out."""
        return tuple(finding for finding in self.findings if finding.refuses)


def examples(values: list[object], *, count: int = 3) -> str:
    """Write the first few of some values."""
    shown = ", ".join(str(value) for value in values[:count])
    return f"{shown} and {len(values) - count} more" if len(values) > count else shown
