"""Groups as they stand on one day, resolved once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from openward.book.model import Book
from openward.codes.terms import Status


class GroupsOn:
    """Every group of a book on one day.

    Parameters
    ----------
    book : Book
    on : date
    """

    __slots__ = ("_members", "_unverified", "on")

    def __init__(self, book: Book, on: date) -> None:
        self.on = on
        members: dict[str, set[str]] = defaultdict(set)
        self._unverified: set[tuple[str, str]] = set()
        for one in book.memberships:
            members[one.group]  # a group whose members all left is still a group
            if on in one.valid:
                members[one.group].add(one.economy)
                if one.status is Status.UNVERIFIED:
                    self._unverified.add((one.group, one.economy))
        self._members = {group: frozenset(economies) for group, economies in members.items()}

    def is_group(self, code: str) -> bool:
        """True where the code names a group of the book."""
        return code in self._members

    def members(self, code: str) -> frozenset[str]:
        """Give the members of a group; an economy is the only member of itself."""
        return self._members.get(code, frozenset((code,)))

    def expand(self, codes: Iterable[str]) -> frozenset[str]:
        """Give the economies that codes of economies and groups name together."""
        return frozenset().union(*(self.members(code) for code in codes))

    def through(self, codes: Iterable[str], economy: str) -> tuple[str, ...]:
        """Give those codes that name an economy, directly or as a group."""
        return tuple(code for code in codes if economy in self.members(code))

    def changed(self, other: GroupsOn) -> frozenset[str]:
        """Give the groups whose members differ between two books (or days)."""
        every = self._members.keys() | other._members.keys()
        return frozenset(group for group in every if self._members.get(group) != other._members.get(group))

    def unverified(self, group: str, economy: str) -> bool:
        """True where the membership was not read in an official source."""
        return (group, economy) in self._unverified
