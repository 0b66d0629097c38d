"""The measures of a book sorted for questions about goods: by chapter and by who imposes them, once."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from openward.book.model import Book, Flow, Instrument, Measure
from openward.codes.ranges import bounds
from openward.determine.groups import GroupsOn
from openward.determine.scope import IMPORT_DUTIES

TAXES = frozenset({Instrument.VALUE_ADDED_TAX, Instrument.CONSUMPTION_TAX, Instrument.IMPORT_FEE})
"""Taxes and fees of importing that are not duties; they stand on top of the cascaded base."""
CONTROLS = frozenset({Instrument.LICENCE, Instrument.PROHIBITION})
_CHAPTER = 10**8
_KEPT = 8


@dataclass(frozen=True, slots=True)
class Shelves:
    """Measures on imported goods: those that name tariff lines by chapter, the others by who imposes them."""

    lines: Mapping[str, tuple[Measure, ...]]
    broad: Mapping[str, tuple[Measure, ...]]

    def on_code(self, *chapters: str) -> tuple[Measure, ...]:
        """Give the measures that name codes of some chapters, each once."""
        if len(chapters) == 1:
            return self.lines.get(chapters[0], ())
        return tuple({m.id: m for chapter in chapters for m in self.lines.get(chapter, ())}.values())


def is_line_level(measure: Measure) -> bool:
    """True where a measure names products narrower than all goods."""
    products = measure.scope.products
    return products is not None and "*" not in products.ranges


def _sorted(book: Book) -> Shelves:
    wanted = IMPORT_DUTIES | TAXES | CONTROLS
    lines: dict[str, list[Measure]] = defaultdict(list)
    broad: dict[str, list[Measure]] = defaultdict(list)
    for measure in book.measures.values():
        if measure.flow is not Flow.IMPORT or measure.instrument not in wanted:
            continue
        if not is_line_level(measure):
            if measure.instrument not in CONTROLS:
                broad[measure.imposed_by].append(measure)
            continue
        assert measure.scope.products is not None
        for chapter in _chapters(measure.scope.products.ranges):
            lines[chapter].append(measure)
    return Shelves({k: tuple(v) for k, v in lines.items()}, {k: tuple(v) for k, v in broad.items()})


def _chapters(ranges: Iterable[str]) -> set[str]:
    found = set()
    for one in ranges:
        low, high = bounds(one)
        found |= {f"{chapter:02d}" for chapter in range(low // _CHAPTER, (high - 1) // _CHAPTER + 1)}
    return found


# Books are frozen but not hashable; those asked last are kept by identity, with the book so that it lives.
_shelves: OrderedDict[int, tuple[Book, Shelves]] = OrderedDict()
_groups: OrderedDict[tuple[int, date], tuple[Book, GroupsOn]] = OrderedDict()


def shelves_of(book: Book) -> Shelves:
    """Give the sorted measures of a book."""
    found = _shelves.get(id(book))
    if found is not None and found[0] is book:
        return found[1]
    made = _sorted(book)
    _shelves[id(book)] = book, made
    while len(_shelves) > _KEPT:
        _shelves.popitem(last=False)
    return made


def groups_on(book: Book, on: date) -> GroupsOn:
    """Give the groups of a book on a day."""
    key = id(book), on
    found = _groups.get(key)
    if found is not None and found[0] is book:
        return found[1]
    made = GroupsOn(book, on)
    _groups[key] = book, made
    while len(_groups) > 8 * _KEPT:
        _groups.popitem(last=False)
    return made
