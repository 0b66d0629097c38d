"""File the records that a book's files bring, and say which codes in them nobody defined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from openward.book.known import settle
from openward.book.model import Book, LegalAct, LineClass, Measure, Quota
from openward.book.reading import nearest
from openward.book.vocabulary import Vocabulary
from openward.codes.membership import Membership
from openward.errors import InputError, OpenwardError, UnknownCodeError

Kind = TypeVar("Kind", bound=Measure | LegalAct | Quota)


class Filed(Generic[Kind]):
    """Records of one kind by their key; several under one key are told apart by when they were known."""

    def __init__(self, kind: type[Kind]) -> None:
        self.kind = kind
        self.by_key: dict[str, list[Kind]] = {}
        self.places: dict[int, str] = {}
        self.own: list[Kind] = []
        self.past: list[Kind] = []

    def take(self, book: Book, current: Iterable[Kind]) -> None:
        """Take in the records of an included book, as they are."""
        past = (record for record in book.records if isinstance(record, self.kind))
        for record in (*current, *past):
            self._file(record.order_number if isinstance(record, Quota) else record.id, record)

    def add(self, key: str, record: Kind, where: str = "") -> None:
        """Add a record that a file of this book brings."""
        self.places[id(record)] = where or getattr(record, "where", "")
        self.own.append(record)
        self._file(key, record)

    def _file(self, key: str, record: Kind) -> None:
        there = self.by_key.get(key)
        if there is None:
            self.by_key[key] = [record]
        elif isinstance(record, Measure | Quota) or record not in there:
            there.append(record)

    def settled(self, noun: str, errors: list[OpenwardError]) -> dict[str, Kind]:
        """Give what is known now by key; what was known goes to ``past``, what clashes to ``errors``."""
        now: dict[str, Kind] = {}
        for key, records in self.by_key.items():
            if len(records) == 1 and records[0].withdrawn is None:
                now[key] = records[0]
                continue
            current, past, clashes = settle(records)
            errors += [self._clash(noun, key, one, other) for one, other in clashes]
            self.past += past
            if current is not None:
                now[key] = current
        return now

    def _clash(self, noun: str, key: str, one: Kind, other: Kind) -> OpenwardError:
        first, second = (self.places.get(id(r), getattr(r, "where", "")) for r in (one, other))
        content = " with other content" if isinstance(one, LegalAct) else ""
        already = f", already at {first}" if first and not content else content
        what = "measure" if noun == "id" else noun
        return InputError(
            f"duplicate {noun} {key!r}{already}",
            where=second,
            hint=f"give each {what} its own id, or say when the correction was recorded",
        )


def unknown_in_measures(measures: Sequence[Measure], known: Vocabulary) -> Iterator[OpenwardError]:
    """Give the codes in measures that nobody defined."""
    for measure in measures:
        for unknown in known.unknown(measure):
            yield _unknown(f"{measure.id}: {unknown.field}", unknown.code, measure.where, unknown.hint)


def unknown_in_quotas(quotas: Sequence[Quota], known: Vocabulary) -> Iterator[OpenwardError]:
    """Give the parties of quotas that nobody defined."""
    for quota in quotas:
        for code in (quota.imposed_by, *quota.origins, *quota.exclude):
            if code not in known.parties:
                hint = nearest(code, known.parties, otherwise="use ISO alpha-3 or the code of a group")
                yield _unknown(f"quota {quota.order_number}", code, quota.where, hint)


def wrong_memberships(
    memberships: Sequence[tuple[Membership, str]], known: Vocabulary
) -> Iterator[OpenwardError]:
    """Give memberships of unknown economies, and groups with the code of an economy."""
    for membership, where in memberships:
        if membership.economy not in known.economies:
            yield _unknown("economy", membership.economy, where, nearest(membership.economy, known.economies))
        if membership.group in known.economies:
            yield InputError(
                f"the group {membership.group!r} has the code of an economy",
                where=where,
                hint="rename the group",
            )


def wrong_lines(lines: Sequence[tuple[LineClass, str]], known: Vocabulary) -> Iterator[OpenwardError]:
    """Give line classes with unknown codes, and industries whose shares do not sum to one."""
    shares: dict[tuple[str, str], float] = {}
    last: dict[tuple[str, str], str] = {}
    for line, where in lines:
        if line.sector not in known.industries:
            yield _unknown("sector", line.sector, where, nearest(line.sector, known.industries))
        if line.economy not in known.economies:
            yield _unknown("economy", line.economy, where, nearest(line.economy, known.economies))
        key = line.economy, line.sector
        shares[key] = shares.get(key, 0.0) + line.share
        last[key] = where
    for key, total in shares.items():
        if abs(total - 1) > 1e-6:
            yield InputError(
                f"the shares of {key[1]} in {key[0]} sum to {total:.9g}",
                where=last[key],
                hint="make them sum to 1",
            )


def _unknown(field: str, code: str, where: str, hint: str) -> OpenwardError:
    return UnknownCodeError(f"{field}: unknown code {code!r}", where=where, hint=hint)
