"""What each edit of a reform touches: lines, partners, cells; and what it names but leaves as it is, and why.

Known before anything is solved: an edit without effect is reported, not modelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from openward.book.edits import Edit, Join, Leave, Reform
from openward.book.model import Book
from openward.book.reform import Application, application
from openward.determine.compare import Moves, compare, union
from openward.determine.compile import Compiled, Space, compile_book, make_space
from openward.determine.layers import Array
from openward.determine.named import Named, named_by
from openward.determine.rate import check_day
from openward.determine.reasons import PairReasons, edit_reason
from openward.errors import IntegrityError, OpenwardError


@dataclass(frozen=True, slots=True, eq=False)
class Touch:
    """What one edit does to applied rates on a day.

    Attributes
    ----------
    edit : Edit
    index : int
        Its place in the reform.
    moves : Moves
        The cells (importer, partner, sector, line class) whose rate the edit moves.
    lines : int
        Tariff lines of the classes touched, each importer's counted once.
    uncounted : int
        Classes touched whose lines were not counted.
    importers, partners : tuple of str
        Who applies the rates that move; on whose goods. For joining and leaving a group, ``partners`` are the
        other side of every pair that moves.
    unmoved : tuple of (str, str)
        Partners that the edit names and that do not move, each with the reason.
    outside : tuple of str
        Partners that the edit names and the table does not hold.
    why_not : str
        Why nothing moves; empty where something does.
    """

    edit: Edit
    index: int
    moves: Moves
    lines: int
    uncounted: int
    importers: tuple[str, ...]
    partners: tuple[str, ...]
    unmoved: tuple[tuple[str, str], ...]
    outside: tuple[str, ...]
    why_not: str

    @property
    def effective(self) -> bool:
        """True where some rate moves."""
        return len(self.moves) > 0

    @property
    def cells(self) -> int:
        """Number of cells whose rate moves."""
        return len(self.moves)

    def trade(self, *, flows: Array, shares: Array) -> float:
        """Give the trade in the classes that move, in the unit of the flows.

        Parameters
        ----------
        flows : [N, N, J]
        shares : [N, J, S]
            Part of each class in the importer's imports (``RateTable.shares``).
        """
        m = self.moves
        return float((flows[m.importer, m.partner, m.sector] * shares[m.importer, m.sector, m.line]).sum())


def touched(
    book: Book, reform: Reform, *, on: date, economies: Sequence[str], sectors: Sequence[str]
) -> tuple[Touch, ...]:
    """Say what each edit of a reform touches.

    An edit's touch is what it moves given all edits of earlier days: alone, or as the last one missing among
    the edits of its own day (joining a group and the measure that needs it move together).

    Parameters
    ----------
    book : Book
        The law before (A), frozen if need be.
    reform : Reform
    on : date
        Day the applied rates are read on.
    economies, sectors : sequence of str
        What the table holds.

    Returns
    -------
    tuple of Touch
        In the order of the reform.

    Raises
    ------
    InputError
        A day before the book begins.
    UnknownCodeError, RefusedError, InputErrors
        Where the reform cannot be applied to the book.
    """
    check_day(book, on)
    whole = application(book, reform)
    weigher = _Weigher(book, on, make_space(book, economies=economies, sectors=sectors))
    return tuple(weigher.touch(reform.edits, index, whole) for index in range(len(reform.edits)))


class _Weigher:
    """Compiles the law with and without edits, each combination once."""

    def __init__(self, book: Book, on: date, space: Space) -> None:
        self.book, self.on = book, on
        self.base = compile_book(book, on=on, space=space)
        self._laws: dict[tuple[int, ...], Compiled | None] = {(): self.base}

    def law(self, edits: Sequence[Edit], chosen: tuple[int, ...]) -> Compiled | None:
        """Give the law with some of the edits; None where they do not make a law without the others."""
        if chosen not in self._laws:
            try:
                after = application(self.book, Reform("part", tuple(edits[k] for k in chosen))).book
                self._laws[chosen] = compile_book(
                    after, on=self.on, space=self.base.space, previous=self.base
                )
            except OpenwardError:
                self._laws[chosen] = None
        return self._laws[chosen]

    def touch(self, edits: Sequence[Edit], index: int, whole: Application) -> Touch:
        day = edits[index].start
        earlier = tuple(k for k, e in enumerate(edits) if e.start < day)
        until = tuple(k for k, e in enumerate(edits) if e.start <= day)
        alone = self.law(edits, earlier), self.law(edits, tuple(sorted((*earlier, index))))
        last = self.law(edits, tuple(k for k in until if k != index)), self.law(edits, until)
        pairs = [p for p in (alone, last) if p[0] is not None and p[1] is not None]
        if len(pairs) == 2 and pairs[0][0] is pairs[1][0] and pairs[0][1] is pairs[1][1]:
            pairs.pop()
        found = [
            moves for one, other in pairs if one and other and (moves := _compared(one, other)) is not None
        ]
        # Why a rate stays: what was there first where membership is lost, what is there last elsewhere.
        before, after = (pairs or [(self.base, self.base)])[0 if isinstance(edits[index], Leave) else -1]
        assert before is not None
        assert after is not None
        return self._report(edits[index], index, union(*found), before, after, whole.effects[index].remark)

    def _report(
        self, edit: Edit, index: int, moves: Moves, before: Compiled, after: Compiled, remark: str
    ) -> Touch:
        economies = self.base.space.economies
        laws = (self.base, before, after)
        named = named_by(edit, laws=[(law.book, law.groups) for law in laws], on=self.on)
        importers = {economies[n] for n in np.unique(moves.importer)}
        partners = {economies[i] for i in np.unique(moves.partner)}
        if isinstance(edit, Join | Leave):
            partners = (importers | partners) - {edit.economy}
        inside = (frozenset(economies) if named.everybody else named.partners) & frozenset(economies)
        reasons = self._reasons(named, PairReasons(before, after), sorted(inside - partners))
        lines, uncounted = self._lines(moves)
        return Touch(
            edit=edit,
            index=index,
            moves=moves,
            lines=lines,
            uncounted=uncounted,
            importers=tuple(sorted(importers)),
            partners=tuple(sorted(partners)),
            unmoved=tuple(reasons.items()),
            outside=tuple(sorted(named.partners - frozenset(economies))),
            why_not="" if len(moves) else edit_reason(edit, named, laws=laws, remark=remark, reasons=reasons),
        )

    def _reasons(self, named: Named, pairs: PairReasons, partners: Sequence[str]) -> dict[str, str]:
        """Say why named partners do not move; those on whom nobody else imposes anything are left out."""
        imposing = sorted(named.importers & frozenset(self.base.space.economies))
        out: dict[str, str] = {}
        for partner in partners:
            importer = next((code for code in imposing if code != partner), None)
            if importer is not None:
                out[partner] = pairs.why(importer=importer, partner=partner)
        return out

    def _lines(self, moves: Moves) -> tuple[int, int]:
        """Count the tariff lines of the classes that move, and the classes whose lines were not counted."""
        space = self.base.space
        classes = set(zip(moves.importer.tolist(), moves.sector.tolist(), moves.line.tolist(), strict=True))
        counts = [space.of(space.economies[n], space.sectors[j])[k].lines for n, j, k in classes]
        return sum(counts), counts.count(0)


def _compared(before: Compiled, after: Compiled) -> Moves | None:
    """Compare two laws; None where one of them breaks off.

    Without its companions an edit may leave two duties where only one can be: then the other view counts.
    """
    try:
        return compare(before, after)
    except IntegrityError:
        return None
