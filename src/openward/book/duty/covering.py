"""How much of a source's duty strings is understood, and where the others break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from openward.book.duty.apart import kind_of
from openward.book.duty.mistakes import DutySentenceError, Mistake
from openward.book.duty.parsing import parse


@dataclass(frozen=True, slots=True)
class Rejected:
    """A string that is not understood: how often it occurs, the column, and what was expected there."""

    text: str
    count: int
    at: int
    kind: Mistake
    expected: str
    message: str


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """What came of reading many strings; every string counts as often as it occurs."""

    dialect: str
    total: int
    distinct: int
    parsed: int
    kinds: Mapping[str, int]
    rejected: tuple[Rejected, ...]

    @property
    def rejected_count(self) -> int:
        """Strings not understood."""
        return self.total - self.parsed

    @property
    def rejected_share(self) -> float:
        """Share of strings not understood, fraction; 0 of no strings."""
        return self.rejected_count / self.total if self.total else 0.0

    def __str__(self) -> str:
        share = f"{100 * self.rejected_share:.3f} %"
        lines = [
            f"{self.parsed} of {self.total} strings read ({self.distinct} distinct, {self.dialect}); "
            f"rejected {self.rejected_count} ({share})"
        ]
        lines += [f"  {count} {kind}" for kind, count in self.kinds.items()]
        lines += [f"  {one.count} x {one.kind}: {one.message}" for one in self.rejected]
        return "\n".join(lines)


def coverage(strings: Iterable[str], dialect: str = "openward") -> CoverageReport:
    """Read many duty strings; blank ones are counted as strings that are empty.

    Parameters
    ----------
    strings : iterable of str
    dialect : str
        As for :func:`openward.book.duty.parse`.
    """
    counts = Counter(strings)
    kinds: Counter[str] = Counter()
    rejected = []
    for text, count in counts.items():
        try:
            kinds[kind_of(parse(text, dialect))] += count
        except DutySentenceError as error:
            rejected.append(Rejected(text, count, error.at, error.kind, error.expected, error.message))
    return CoverageReport(
        dialect=dialect,
        total=counts.total(),
        distinct=len(counts),
        parsed=kinds.total(),
        kinds=MappingProxyType(dict(kinds.most_common())),
        rejected=tuple(sorted(rejected, key=lambda one: (-one.count, one.text))),
    )
