"""One chunk of shipments answered: tables first, then the interpreter for what they leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from openward.book.model import Book
from openward.codes.nomenclature import base_edition
from openward.determine.batch.asking import ask, is_line
from openward.determine.batch.cells import STRADDLES
from openward.determine.batch.columns import Columns
from openward.determine.batch.compiled import Compiled, compile_for
from openward.determine.batch.engines import Find
from openward.determine.batch.faults import Words
from openward.determine.batch.interpreter import Interpreter
from openward.determine.batch.lookups import Rows
from openward.determine.batch.machine import determine
from openward.determine.batch.parsed import Parsed, parse
from openward.determine.candidates import codes_in
from openward.determine.needs import NO_CLAIM

if TYPE_CHECKING:
    import polars as pl

Positions = NDArray[np.intp]
UNSAID, REFUSED = -1, -2
"""Claims: nothing is said; none is made. Others are positions of what is claimed."""


@dataclass(slots=True)
class Batch:
    """A book at work on shipments: what is compiled and what was asked before stays.

    Attributes
    ----------
    book : Book
    find : callable
        The look-up of an engine.
    """

    book: Book
    find: Find
    interpreter: Interpreter = field(default_factory=Interpreter)
    compiled: dict[str, Compiled] = field(default_factory=dict)
    words: Words = field(init=False)

    def __post_init__(self) -> None:
        self.words = Words(self.book)

    def for_importer(self, importer: str) -> Compiled:
        """Give the tables of an importer, compiled once."""
        if importer not in self.compiled:
            self.compiled[importer] = compile_for(self.book, importer)
        return self.compiled[importer]

    def answer(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Answer a chunk.

        Returns
        -------
        decisions, rejects : DataFrame
            Together they hold every row, each once, in the order given.
        """
        parsed = parse(frame, self.words)
        columns = Columns(len(parsed))
        good = ~parsed.faults.broken
        for k, importer in enumerate(parsed.to.words):
            at = np.flatnonzero(good & (parsed.to.at == k))
            if len(at):
                self._importer(parsed, columns, importer, at)
        return columns.frames(parsed)

    def _importer(self, parsed: Parsed, columns: Columns, importer: str, at: Positions) -> None:
        compiled = self.for_importer(importer)
        cell = _cells(parsed, compiled, at)
        origins = [compiled.origins.get(word, -1) for word in parsed.origin.words]
        origin = np.array([*origins, -1], dtype=np.int32)[parsed.origin.at[at]]
        claim, claims = _claims(parsed, at)
        rows = Rows(cell, origin, parsed.day[at], claim, claims)
        found = determine(compiled, rows, self.find)
        # Goods without a value cannot be ranked by amount, facts may decide anything, and goods that come
        # home or of unknown origin are under other rules.
        hard = found.hard | (cell < 0) | (origin < 0) | parsed.told[at] | (parsed.value[at] == 0)
        home = compiled.origins.get(importer, -1)
        hard |= origin == home
        easy = ~hard
        proven = (parsed.proof.at[at] >= 0) & (claim != REFUSED)
        columns.tabled(
            compiled,
            found,
            at,
            easy,
            refused=claim == REFUSED,
            proven=proven,
            value=parsed.value[at],
            minor=parsed.minor[at],
        )
        ask(self.interpreter, parsed, columns, compiled, at[hard], cell[hard])


def _cells(parsed: Parsed, compiled: Compiled, at: Positions) -> NDArray[np.int32]:
    """Give the cell of each row's code; one that measures may name otherwise is left to the interpreter."""
    words, cells = parsed.hs.words, np.full(len(parsed.hs.words) + 1, STRADDLES, dtype=np.int32)
    good = [k for k, word in enumerate(words) if is_line(word)]
    cells[good] = compiled.cells.of([words[k] for k in good])
    found = cells[parsed.hs.at[at]]
    for k, edition in enumerate(parsed.edition.words):
        here = parsed.edition.at[at] == k
        others = compiled.editions - {base_edition(edition)} if here.any() else ()
        if others:
            moved = [any(codes_in(word, edition, o) != (word,) for o in others) for word in words]
            found[here & np.array([*moved, False])[parsed.hs.at[at]]] = STRADDLES
    return found


def _claims(parsed: Parsed, at: Positions) -> tuple[NDArray[np.int16], tuple[str, ...]]:
    named = [word for word in parsed.claim.words if word.casefold() not in NO_CLAIM]
    table = [named.index(word) if word in named else REFUSED for word in parsed.claim.words]
    return np.array([*table, UNSAID], dtype=np.int16)[parsed.claim.at[at]], tuple(named)
