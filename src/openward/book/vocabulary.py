"""Which codes a book may use: economies, groups, industries, classes of lines, products."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from openward.book.model import Book, LineClass, Measure
from openward.book.reading import nearest
from openward.codes.membership import Membership


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A code nobody defined: where in the measure, which, and what was probably meant."""

    field: str
    code: str
    hint: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The codes that measures of a book may name.

    Attributes
    ----------
    economies, groups, industries : frozenset of str
    classes : frozenset of (economy, sector)
        Classes of tariff lines, sector written ``B06/free``.
    """

    economies: frozenset[str]
    groups: frozenset[str]
    industries: frozenset[str]
    classes: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, book: Book) -> Vocabulary:
        """Gather the codes that a book may use: those of ``codes``, its own groups and line classes."""
        return cls.gather(book.memberships, book.lines)

    @classmethod
    def gather(cls, memberships: tuple[Membership, ...], lines: tuple[LineClass, ...]) -> Vocabulary:
        """Gather the codes from memberships and line classes."""
        from openward.codes.economies import economies
        from openward.codes.industries import industries

        return cls(
            economies=frozenset(economies()),
            groups=frozenset(m.group for m in memberships) | _named_groups(),
            industries=frozenset(industry.code for industry in industries()),
            classes=frozenset((line.economy, f"{line.sector}/{line.code}") for line in lines),
        )

    @property
    def parties(self) -> frozenset[str]:
        """Economies and groups: who may impose a measure or be its partner."""
        return self.economies | self.groups

    def unknown(self, measure: Measure) -> Iterator[UnknownCode]:
        """Give every code of a measure that nobody defined."""
        parties = self.economies, self.groups
        if not any(measure.imposed_by in known for known in parties):
            yield self._party("imposed_by", measure.imposed_by)
        for field, codes in (
            ("scope.partners", measure.scope.partners),
            ("scope.exclude", measure.scope.exclude),
        ):
            for code in codes:
                if not any(code in known for known in parties):
                    yield self._party(field, code)
        for code in measure.scope.sectors:
            if code not in self.industries and not self._is_class(measure.imposed_by, code):
                known = self.industries | {name for _, name in self.classes}
                yield UnknownCode(
                    "scope.sectors", code, nearest(code, known, otherwise="use a code of the industry table")
                )
        for condition in measure.conditions:
            if condition.kind == "membership" and condition.value not in self.groups:
                yield UnknownCode(
                    "conditions.membership", condition.value, nearest(condition.value, self.groups)
                )
        if measure.scope.products is not None:
            for code in _unknown_products(measure.scope.products.ranges, measure.scope.products.edition):
                yield UnknownCode(
                    "scope.products.ranges", code, f"no such code in {measure.scope.products.edition}"
                )

    def _is_class(self, imposer: str, sector: str) -> bool:
        if (imposer, sector) in self.classes:
            return True
        return imposer in self.groups and any(name == sector for _, name in self.classes)

    def _party(self, field: str, code: str) -> UnknownCode:
        if code == "*":
            return UnknownCode(field, code, "leave the field out to mean everyone")
        return UnknownCode(
            field, code, nearest(code, self.parties, otherwise="use ISO alpha-3 or the code of a group")
        )


def _named_groups() -> frozenset[str]:
    from openward.codes.groups import GROUP_NAMES

    return frozenset(GROUP_NAMES)


@lru_cache(maxsize=4096)
def _unknown_products(ranges: tuple[str, ...], edition: str) -> tuple[str, ...]:
    prefixes = [one for one in ranges if one != "*" and "-" not in one]
    if not prefixes:
        return ()
    from openward.codes.correlation import EDITIONS
    from openward.codes.products import exists

    if edition not in EDITIONS:
        return ()
    # Digits beyond the sixth are national; the world's nomenclature stops at six.
    return tuple(code for code in prefixes if not exists(code[:6], edition))
