"""A book compiled for the imports of one economy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from openward.book.model import Book, Flow, Instrument, Measure
from openward.codes.economies import economies
from openward.codes.nomenclature import base_edition
from openward.codes.terms import Interval
from openward.determine.batch.cells import Cells
from openward.determine.batch.days import BEGIN, END, as_date, number
from openward.determine.batch.kinds import BASES, acts_by_line, is_plain, ranked_acts
from openward.determine.batch.laws import Laws, claimed
from openward.determine.batch.layers import Layer, Spread, all_of, any_of, free_of, lowest_of, one_of
from openward.determine.batch.spread import Held, held, pairs_of, spread
from openward.determine.batch.variants import Variants, variants_of
from openward.determine.batch.who import Key, Who
from openward.determine.precedence import Regime, RuleKind, precedence_of
from openward.determine.quota import draws_on
from openward.determine.scope import IMPORT_DUTIES
from openward.determine.shelves import CONTROLS, is_line_level
from openward.errors import MissingDataError

Instruments = tuple[Instrument, ...]
ONE = frozenset({RuleKind.BASE, RuleKind.REPLACE, RuleKind.OTHERWISE, RuleKind.CAP, RuleKind.HIGHER})


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """Tables for the imports of one economy.

    Attributes
    ----------
    book : Book
    importer : str
    origins : mapping from economy to its position
    cells : Cells
    editions : frozenset of str
        Editions of the Harmonized System behind those in which measures are stated.
    variants : Variants
    one : mapping from instrument
        Layers of duties of which only one may apply.
    lowest, free, every : mapping from instruments of a rule
        Layers of preferences; of those that turn on no claim; of duties that all apply.
    hard : Layer
        Where some measure is in force that only the interpreter can answer for.
    regimes : tuple of (first day, Regime)
    laws : Laws
        What the interpreter is given, and the days on which it changes.
    rows : Spread
        What the layers were made of.
    kept : dict
        Made on demand.
    """

    book: Book
    importer: str
    origins: Mapping[str, int]
    cells: Cells
    editions: frozenset[str]
    variants: Variants
    one: Mapping[Instrument, Layer]
    lowest: Mapping[Instruments, Layer]
    free: Mapping[Instruments, Layer]
    every: Mapping[Instruments, Layer]
    hard: Layer
    regimes: tuple[tuple[int, Regime | None], ...]
    laws: Laws
    rows: Spread
    kept: dict[object, object] = field(default_factory=dict)

    def listed(self, instruments: Instruments) -> Layer:
        """Give the lists of all preferences of a rule; made when a claim is first asked for."""
        key = ("listed", instruments)
        if key not in self.kept:
            chosen = _of(self.book, self.variants, instruments)
            self.kept[key] = all_of(
                self.rows.where(chosen[self.rows.variant]), self.variants, len(self.origins)
            )
        layer = self.kept[key]
        assert isinstance(layer, Layer)
        return layer

    def matching(self, claims: tuple[str, ...]) -> NDArray[np.bool_]:
        """Say for each claim which variants it names, or which need none: ``[claim, variant]``."""
        out = np.empty((len(claims), len(self.variants)), dtype=np.bool_)
        for k, claim in enumerate(claims):
            found = self.kept.get(claim)
            if found is None:
                found = self.kept[claim] = self._named(claim)
            out[k] = found
        return out

    def _named(self, claim: str) -> NDArray[np.bool_]:
        measures = [self.book.measures[name] for name in self.variants.ids]
        told = np.array([names(measure, claim) for measure in measures], dtype=np.bool_)
        return told[self.variants.measure] | (self.variants.fact < 0)


def names(measure: Measure, claim: str) -> bool:
    """True where a claim is for a preference."""
    return claim in claimed(measure)


def _of(book: Book, variants: Variants, instruments: Iterable[Instrument]) -> NDArray[np.bool_]:
    """Say which variants are of some instruments."""
    wanted = frozenset(instruments)
    kinds = [book.measures[name].instrument in wanted for name in variants.ids]
    return np.array(kinds, dtype=np.bool_)[variants.measure] if len(variants) else np.zeros(0, dtype=np.bool_)


def compile_for(book: Book, importer: str) -> Compiled:
    """Compile a book for the imports of one economy.

    Raises
    ------
    MissingDataError
        The book has no rules of precedence for it.
    """
    origins = {code: k for k, code in enumerate(sorted(economies()))}
    who = Who(book, importer, list(origins))
    regimes = tuple(_regimes(book, importer))
    named = [regime for _, regime in regimes if regime is not None]
    mine = _mine(book, who)
    plain, hard = _sorted(book, [one for one in mine if len(who.parties(one.key).origin)], named)
    cells = Cells(
        edge
        for one in (*plain, *hard)
        for piece in one.pieces
        if piece.low >= 0
        for edge in (piece.low, piece.high)
    )
    scopes = (one.measure.scope.products for one in mine)
    editions = {
        products.edition for products in scopes if products is not None and "*" not in products.ranges
    }
    measures = {one.measure.id: one.measure for one in plain}
    pairs = pairs_of(plain)
    variants = variants_of(book, measures, pairs)
    places = {pair: k for k, pair in enumerate(pairs)}
    rows = spread(plain, cells, who, places)
    n = len(origins)
    cuts = np.array(sorted(set(_cuts(book, mine))), dtype=np.int32)

    def of(*instruments: Instrument) -> Spread:
        return rows.where(_of(book, variants, instruments)[rows.variant])

    rules = [rule for regime in named for rule in regime.rules]
    single = {i for r in rules if r.kind in ONE for i in (*r.instruments, *r.unless)} | BASES
    low = {r.instruments for r in rules if r.kind is RuleKind.LOWEST}
    add = {r.instruments for r in rules if r.kind is RuleKind.ADD}
    return Compiled(
        book=book,
        importer=importer,
        origins=origins,
        cells=cells,
        editions=frozenset(base_edition(edition) for edition in editions),
        variants=variants,
        one={i: one_of(of(i), variants, n) for i in single},
        lowest={k: lowest_of(of(*k), variants, n) for k in low},
        free={k: free_of(of(*k), variants, n) for k in low},
        every={k: all_of(of(*k), variants, n) for k in add},
        hard=any_of(_hard(hard, cells, who), n),
        regimes=regimes,
        laws=Laws(book, importer, mine, cuts, list(origins)),
        rows=rows,
    )


def _regimes(book: Book, importer: str) -> Iterator[tuple[int, Regime | None]]:
    """Give the regimes of an importer by the day from which each is read."""
    precedence = precedence_of(book)
    days = {BEGIN}
    for one in precedence.regimes:
        days |= {number(one.valid.start, BEGIN), number(one.valid.end)} - {END}
    for day in sorted(days):
        try:
            yield day, precedence.at(importer, as_date(day))
        except MissingDataError:
            yield day, None


def _mine(book: Book, who: Who) -> list[Held]:
    """Give the measures of imports that an importer imposes on some day, alone or with a group.

    Measures whose conditions it never meets stay: the interpreter reads them, if only to say so.
    """
    imports = (m for m in book.measures.values() if m.flow is Flow.IMPORT and not m.valid.empty)
    return [held(m, Key.of(m)) for m in imports if who.days_in(m.imposed_by, who.importer)]


def _sorted(book: Book, mine: Iterable[Held], regimes: Iterable[Regime]) -> tuple[list[Held], list[Held]]:
    """Part measures into plain ones and those for the interpreter."""
    by_line = acts_by_line(m for m in book.measures.values() if m.flow is Flow.IMPORT)
    ranked = ranked_acts(regimes)
    plain: list[Held] = []
    hard: list[Held] = []
    for one in mine:
        instrument = one.measure.instrument
        if instrument in IMPORT_DUTIES:
            (plain if is_plain(one.measure, by_line=by_line, ranked=ranked) else hard).append(one)
        elif instrument in CONTROLS and is_line_level(one.measure):
            hard.append(one)
    return plain, hard


def _hard(found: list[Held], cells: Cells, who: Who) -> Spread:
    return spread(found, cells, who, dict.fromkeys(pairs_of(found), 0))


def _cuts(book: Book, measures: Iterable[Held]) -> Iterator[int]:
    """Give the days on which some law that measures depend on changes, or the state of a quota."""
    yield BEGIN
    delays = {0, 1}
    keys = {one.key for one in measures}
    for valid in {one.measure.valid for one in measures}:
        yield from _ends(valid)
    for one in measures:
        if one.measure.conditions or one.measure.effect.quota:
            delays |= {draw.delay for draw in draws_on(one.measure)}
        for event in one.measure.events:
            yield number(event.on)
            yield number(event.until)
    named = {code for key in keys for code in key.codes()}
    for member in book.memberships:
        if member.group in named:
            yield from _ends(member.valid)
    for quota in book.quotas.values():
        for period in quota.periods:
            yield from _ends(period.valid)
            if period.filled_on is not None:
                yield from (number(period.filled_on) + delay for delay in delays)
    for regime in precedence_of(book).regimes:
        yield from _ends(regime.valid)


def _ends(valid: Interval) -> Iterator[int]:
    yield number(valid.start, BEGIN)
    yield number(valid.end)
