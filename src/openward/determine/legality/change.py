"""What each edit of a reform changes in law: the measure before and after, by whom, on whose goods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from openward.book.edits import Add, Edit, Join, Leave, Reform, Repeal
from openward.book.model import Book, Flow, LegalAct, Measure
from openward.book.timeline import base_id
from openward.codes.correlation import hs6_of
from openward.codes.economies import economies
from openward.codes.industries import industries
from openward.codes.ranges import range_set
from openward.determine.groups import GroupsOn
from openward.determine.scope import rate_of

GOODS = frozenset({Flow.IMPORT, Flow.EXPORT})


@dataclass(frozen=True, slots=True)
class Change:
    """One edit of a measure, as law.

    Attributes
    ----------
    place : int
        Place of the edit in the reform, from 1.
    edit : Edit
    start : date
    before, after : Measure or None
        What applied the day before and applies from ``start``.
    imposers : frozenset of str
        Economies that impose it.
    partners : frozenset of str
        Economies whose goods it is about; all where ``everyone``.
    everyone : bool
    act : LegalAct or None
    """

    place: int
    edit: Edit
    start: date
    before: Measure | None
    after: Measure | None
    imposers: frozenset[str]
    partners: frozenset[str]
    everyone: bool
    act: LegalAct | None

    @property
    def measure(self) -> Measure:
        """The measure after, or the one that ends."""
        one = self.after if self.after is not None else self.before
        assert one is not None
        return one

    @property
    def name(self) -> str:
        """Id of the measure, without its version."""
        return base_id(self.measure.id)

    @property
    def imposer(self) -> str:
        """Who imposes it: an economy, or a group as one."""
        return self.measure.imposed_by

    @property
    def binds(self) -> bool:
        """True where some economy that imposes it is a member of the WTO."""
        return any(in_wto(code, self.start) for code in self.imposers)

    @property
    def raises(self) -> bool | None:
        """True where the measure's own duty goes up, False where not; None where it cannot be told."""
        new = None if self.after is None else rate_of(self.after)
        old = None if self.before is None else rate_of(self.before)
        if (self.after is not None and new is None) or (self.before is not None and old is None):
            return None
        return (new or 0.0) > (old or 0.0)


def changes(reform: Reform, before: Book, after: Book) -> tuple[Change, ...]:
    """Give what each edit of a measure changes."""
    return tuple(_changes(reform, before, after))


def _changes(reform: Reform, before: Book, after: Book) -> Iterator[Change]:
    for place, edit in enumerate(reform.edits, start=1):
        if isinstance(edit, Join | Leave):
            continue
        name = edit.measure.id if isinstance(edit, Add) else edit.measure_id
        start = edit.start
        old = None if isinstance(edit, Add) else _version(before, name, start)
        new = edit.measure if isinstance(edit, Add) else _version(after, name, start)
        if isinstance(edit, Repeal):
            new = None
        if old is None and new is None:
            continue
        one = new if new is not None else old
        assert one is not None
        groups = GroupsOn(after, start)
        imposers = groups.members(one.imposed_by)
        named = groups.expand(one.scope.partners) if one.scope.partners else frozenset(economies())
        partners = (
            named - groups.expand(one.scope.exclude) - (imposers if len(imposers) == 1 else frozenset())
        )
        yield Change(
            place, edit, start, old, new, imposers, partners, not one.scope.partners, after.acts.get(one.act)
        )


def _version(book: Book, name: str, on: date) -> Measure | None:
    found = [m for m in book.measures.values() if base_id(m.id) == base_id(name)]
    standing = [m for m in found if on in m.valid]
    if standing:
        return standing[0]
    later = sorted((m for m in found if m.valid.start > on), key=lambda m: m.valid.start)
    return later[0] if later else None


def memberships(reform: Reform) -> tuple[tuple[int, Join | Leave], ...]:
    """Give the edits of memberships with their places."""
    return tuple((k, e) for k, e in enumerate(reform.edits, start=1) if isinstance(e, Join | Leave))


@cache
def goods() -> tuple[str, ...]:
    """Give the industries that make goods."""
    return tuple(one.code for one in industries() if one.goods)


def touched(measure: Measure) -> tuple[str, ...]:
    """Give the industries of goods that a measure is about."""
    scope = measure.scope
    sectors = {sector.partition("/")[0] for sector in scope.sectors} or set(goods())
    if scope.products is None or "*" in scope.products.ranges:
        return tuple(code for code in goods() if code in sectors)
    reached = range_set(scope.products.ranges, scope.exclude_products)
    return tuple(
        code for code in goods() if code in sectors and any(reached.touches(hs) for hs in hs6_of(code))
    )


@cache
def _outside() -> Mapping[str, date | None]:
    text = (
        files("openward.determine.legality").joinpath("data", "wto_outside.csv").read_text(encoding="utf-8")
    )
    rows = (line.split(",") for line in text.splitlines()[1:])
    return {code: date.fromisoformat(until) if until else None for code, until, _ in rows}


def in_wto(economy: str, on: date) -> bool:
    """Tell whether an economy is a member of the WTO on a day (own knowledge; unlisted economies are)."""
    if economy not in _outside():
        return True
    until = _outside()[economy]
    return until is not None and on >= until
