"""Rows that tables leave, grouped by what they ask: the interpreter is asked once for each question."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.codes.correlation import EDITIONS, industry_of
from openward.codes.nomenclature import base_edition
from openward.codes.ranges import bounds
from openward.determine.batch.cells import STRADDLES
from openward.determine.batch.columns import Columns
from openward.determine.batch.compiled import Compiled
from openward.determine.batch.interpreter import Answer, Interpreter
from openward.determine.batch.laws import Law
from openward.determine.batch.outcome import Outcome
from openward.determine.batch.parsed import Parsed, question_at
from openward.determine.candidates import codes_in
from openward.errors import OpenwardError

Positions = NDArray[np.intp]
Whole = NDArray[np.int64]
TOLD = ("claim", "proof", "parties", "end_use", "zone", "additional_code", "facts")
"""Columns, besides code, origin and day, that an outcome may turn on."""
SUFFIXES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def ask(
    interpreter: Interpreter,
    parsed: Parsed,
    columns: Columns,
    compiled: Compiled,
    at: Positions,
    cell: NDArray[np.int32],
) -> None:
    """Put rows of one importer to the interpreter.

    Parameters
    ----------
    interpreter : Interpreter
    parsed : Parsed
    columns : Columns
        Filled where there is an answer; else the row gets a fault.
    compiled : Compiled
    at : index array
        Rows of the chunk.
    cell : int32 array
        Cell of each.
    """
    if not len(at):
        return
    marks = _Marks(parsed, compiled, at, cell)
    rows: list[Positions] = []
    outcomes: list[Outcome] = []

    def settle(where: Positions, answer: Answer) -> None:
        if isinstance(answer, str):
            parsed.faults.note_rows(where, answer)
        else:
            rows.append(where)
            outcomes.append(answer)

    for group in grouped(marks.columns):
        law = marks.law(int(group[0]))
        try:
            question = question_at(parsed, int(at[group[0]]), compiled.importer)
        except OpenwardError as error:
            settle(at[group], error.message)
            continue
        answer = interpreter.by_rate(question, (compiled.importer, *marks.key(int(group[0]))), law)
        if answer is not None:
            settle(at[group], answer)
            continue
        for row in at[group].tolist():
            settle(np.array([row]), interpreter.whole(question_at(parsed, row, compiled.importer), law))
    columns.told(parsed, rows, outcomes)


def is_line(code: str) -> bool:
    """Tell whether a code is digits only, as many as a line has."""
    return code.isascii() and code.isdecimal() and len(code) in (6, 8, 10)


def grouped(columns: Sequence[NDArray[np.generic]]) -> list[Positions]:
    """Give the rows that agree in all columns, group by group."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        words, place = np.unique(column, return_inverse=True)
        _, code = np.unique(code * len(words) + place, return_inverse=True)
    order = np.argsort(code, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(code[order])) + 1)


class _Marks:
    """What rows ask, as columns of numbers, and as keys that mean the same in every chunk."""

    def __init__(self, parsed: Parsed, compiled: Compiled, at: Positions, cell: NDArray[np.int32]) -> None:
        laws = compiled.laws
        segment = np.searchsorted(laws.cuts, parsed.day[at], side="right") - 1
        place, places = _places(parsed, compiled, at, cell)
        both, which = np.unique(segment * len(places) + place, return_inverse=True)
        self._laws = [
            laws.of(
                int(pair) // len(places),
                places[int(pair) % len(places)].spans,
                places[int(pair) % len(places)].sector,
            )
            for pair in both
        ]
        self._which = which
        keys = np.array([law.key for law in self._laws], dtype=np.int64)
        told = {name: getattr(parsed, name) for name in TOLD}
        self._words: list[tuple[Whole, list[Hashable]]] = [
            (keys[which], []),
            (parsed.day[at].astype(np.int64) if laws.by_day else np.zeros(len(at), dtype=np.int64), []),
            ((parsed.value[at] == 0).astype(np.int64), []),
            (place, [one.name for one in places]),
            _origins(parsed, compiled, at, np.stack([law.alike for law in self._laws]), which),
            *((column.at[at].astype(np.int64), [*column.words, ""]) for column in told.values()),
        ]
        by_place = np.array([law.by_place for law in self._laws])[which]
        sent = np.where(by_place, parsed.shipped_from.at[at], -1)
        self._words.append((sent.astype(np.int64), [*parsed.shipped_from.words, ""]))

    @property
    def columns(self) -> list[Whole]:
        """Give the columns of numbers."""
        return [column for column, _ in self._words]

    def law(self, k: int) -> Law:
        """Give the law on row ``k``."""
        return self._laws[int(self._which[k])]

    def key(self, k: int) -> tuple[Hashable, ...]:
        """Give what row ``k`` asks."""
        return tuple(words[column[k]] if words else int(column[k]) for column, words in self._words)


@dataclass(frozen=True, slots=True)
class _Place:
    """What a code comes to: a name that means the same in every chunk, its codes, its industry."""

    name: Hashable
    spans: tuple[tuple[int, int], ...]
    sector: str


def _places(
    parsed: Parsed, compiled: Compiled, at: Positions, cell: NDArray[np.int32]
) -> tuple[Whole, list[_Place]]:
    """Say what codes come to: cell, industry and edition; the code itself where it is wider than a cell."""
    editions = len(parsed.edition.words) + 1
    pairs = parsed.hs.at[at].astype(np.int64) * editions + parsed.edition.at[at] + 1
    _, first, back = np.unique(pairs, return_index=True, return_inverse=True)
    number: dict[_Place, int] = {}
    table = np.empty(len(first), dtype=np.int64)
    for n, k in enumerate(first):
        row = int(at[k])
        code, edition = parsed.hs.word(row), parsed.edition.word(row)
        base = base_edition(edition)
        sector = industry_of(code[:6], base) if base in EDITIONS else ""
        if cell[k] == STRADDLES:
            plain = code.rstrip(SUFFIXES)
            spelled = {c for other in compiled.editions for c in codes_in(plain, edition, other)} | {plain}
            place = _Place((code, edition), tuple(sorted(bounds(c) for c in spelled)), sector)
        else:
            place = _Place((int(cell[k]), sector, base), (compiled.cells.span(int(cell[k])),), sector)
        table[n] = number.setdefault(place, len(number))
    return table[back], list(number)


def _origins(
    parsed: Parsed, compiled: Compiled, at: Positions, alike: NDArray[np.int64], which: Whole
) -> tuple[Whole, list[Hashable]]:
    """Say whose goods they are: origins that a law does not tell apart are one."""
    names = list(compiled.origins)
    known = [compiled.origins.get(word, -1) for word in parsed.origin.words]
    origin = np.array([*known, -1], dtype=np.int64)[parsed.origin.at[at]]
    same = alike[which, origin]
    home = compiled.origins.get(compiled.importer, -1)
    sent = np.array([*(word == compiled.importer for word in parsed.shipped_from.words), True])
    stays = sent[parsed.shipped_from.at[at]]
    unknown, ours = len(names), len(names) + 1
    found = np.where(origin < 0, unknown, np.where((origin == home) & stays, ours, same))
    return found.astype(np.int64), [*names, "", "at home"]
