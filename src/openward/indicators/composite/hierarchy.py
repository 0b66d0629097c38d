"""The tree of an index: columns in one row, indicators first, then aggregates from the bottom up."""

from __future__ import annotations

from dataclasses import dataclass

from openward.errors import InputError, InputErrors, OpenwardError
from openward.indicators.composite.spec import IndexSpec, Member, Node


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Columns of an index, K of them: I indicators, then aggregates, each after all its children.

    Attributes
    ----------
    codes : tuple of str
    levels : tuple of int
        1 for indicators; an aggregate stands one above its highest child.
    children : tuple of tuple of int
        Columns below each column; empty for indicators.
    directions : tuple of int
        1 for aggregates.
    indicators : int
        I.
    """

    codes: tuple[str, ...]
    levels: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    directions: tuple[int, ...]
    indicators: int

    @property
    def top(self) -> int:
        """Level of the index."""
        return max(self.levels)

    @property
    def root(self) -> int:
        """Column of the index."""
        return len(self.codes) - 1

    def at(self, level: int) -> list[int]:
        """Give the columns of a level."""
        return [column for column, of in enumerate(self.levels) if of == level]


def hierarchy(spec: IndexSpec) -> Hierarchy:
    """Arrange the available indicators and the aggregates above them.

    Aggregates with nothing available below them are left out.

    Raises
    ------
    InputErrors
        A code twice, an unknown parent, no index or more than one, a circle.
    """
    _refuse(_faults(spec))
    members = spec.available
    parents = {node.code: node.parent for node in spec.aggregates}
    below: dict[str, list[str]] = {node.code: [] for node in spec.aggregates}
    for one in spec.weighted:
        if one.parent is not None:
            below[one.parent].append(one.code)
    levels = {member.code: 1 for member in members}

    def level(code: str) -> int:
        if code not in levels:
            levels[code] = 1 + max((level(child) for child in below[code]), default=-1)
        return levels[code]

    used = [code for code in parents if level(code) > 1]
    ordered = sorted(used, key=lambda code: levels[code])
    codes = (*(member.code for member in members), *ordered)
    column = {code: k for k, code in enumerate(codes)}
    return Hierarchy(
        codes=codes,
        levels=tuple(levels[code] for code in codes),
        children=tuple(tuple(column[c] for c in below.get(code, ()) if c in column) for code in codes),
        directions=(*(member.direction for member in members), *(1 for _ in ordered)),
        indicators=len(members),
    )


def _faults(spec: IndexSpec) -> list[OpenwardError]:
    found: list[OpenwardError] = []
    seen: set[str] = set()
    parents = {node.code: node.parent for node in spec.aggregates}
    everyone: list[Member | Node] = [*spec.indicators, *spec.aggregates]
    for one in everyone:
        if one.code in seen:
            found.append(InputError("the code is there twice", where=one.code, hint="rename one"))
        seen.add(one.code)
        if one.parent is not None and one.parent not in parents:
            hint = f"aggregates are {', '.join(parents)}"
            found.append(
                InputError(f"no aggregate {one.parent!r} to be its parent", where=one.code, hint=hint)
            )
    roots = [code for code, parent in parents.items() if parent is None]
    if len(roots) != 1:
        what = (
            f"{len(roots)} aggregates have no parent: {', '.join(roots)}" if roots else "no index at the top"
        )
        hint = "exactly one aggregate, the index, has no parent"
        found.append(InputError(what, where=f"{spec.name}: aggregates", hint=hint))
    for code in parents:
        path = [code]
        while (up := parents.get(path[-1])) is not None and up not in path:
            path.append(up)
        if up is not None:
            found.append(
                InputError(f"it is above itself: {' < '.join(path)}", where=code, hint="cut the circle")
            )
    if not spec.available:
        found.append(InputError("no indicator has data", where=spec.name, hint="give at least one an origin"))
    return found


def _refuse(found: list[OpenwardError]) -> None:
    if found:
        raise InputErrors(found)
