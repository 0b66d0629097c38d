"""The compiled path of precedence: the rules of a regime, applied to a block of importers at once.

Equal, cell by cell, to the interpreter in :mod:`openward.determine.order`; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from openward.book.model import Instrument
from openward.determine.compile import Compiled, Indices, Row
from openward.determine.layers import (
    Array,
    Doubt,
    Extent,
    Layer,
    Mask,
    anywhere,
    exclusive,
    lowest,
    raised,
    total,
)
from openward.determine.precedence import PrecedenceRule, Regime, RuleKind

Rows = Mapping[Instrument, Sequence[Row]]


@dataclass(slots=True)
class Block:
    """Running rates of a block of importers over goods sectors: ``[importer, partner, sector, class]``.

    Attributes
    ----------
    rate : float array
        0 where unknown.
    valued, taken, chosen : bool arrays
        Rate known; a base taken; a preference chosen.
    doubt : uint8 array
        1 assumed, 2 unverified, 3 both.
    preferred : bool array [importer, partner, sector]
        A preferential duty is in force, its rate known or not.
    """

    rate: Array
    valued: Mask
    taken: Mask
    chosen: Mask
    doubt: Doubt
    preferred: Mask


def fill(compiled: Compiled, rows: Rows, regime: Regime, importers: Indices) -> Block:
    """Apply the rules of a regime to the cells of its importers.

    Parameters
    ----------
    compiled : Compiled
    rows : mapping
        Rows of the compiled book by instrument (:meth:`Compiled.by_instrument`).
    regime : Regime
    importers : index array
        Ascending positions of the importers that follow the regime.

    Raises
    ------
    IntegrityError
        Where two duties are in force of which only one can be.
    """
    space = compiled.space
    names = {space.economies[n] for n in importers}
    depth = max((len(found) for (owner, _), found in space.classes.items() if owner in names), default=1)
    extent = Extent(importers, partners=len(space.economies), sectors=len(space.goods), depth=depth)
    shape = extent.shape
    block = Block(
        rate=np.zeros(shape),
        valued=np.zeros(shape, dtype=bool),
        taken=np.zeros(shape, dtype=bool),
        chosen=np.zeros(shape, dtype=bool),
        doubt=np.zeros(shape, dtype=np.uint8),
        preferred=anywhere(rows.get(Instrument.PREFERENTIAL_DUTY, ()), extent),
    )
    layers: dict[Instrument, Layer | None] = {}
    acts = {name: compiled.book.measures[name].act for name in compiled.rows} if regime.floors() else {}
    for rule in regime.rules:
        _apply(rule, _without_floors(rows, rule, regime, acts), extent, block, layers)
    return block


def _without_floors(rows: Rows, rule: PrecedenceRule, regime: Regime, acts: Mapping[str, str]) -> Rows:
    """Leave to a `floor` rule its own duties, and to an `add` rule the others."""
    floors = regime.floors()
    if not floors or rule.kind not in (RuleKind.ADD, RuleKind.FLOOR):
        return rows
    wanted = rule.acts if rule.kind is RuleKind.FLOOR else frozenset(acts.values()) - floors
    return {name: [row for row in found if acts[row.id] in wanted] for name, found in rows.items()}


def _apply(
    rule: PrecedenceRule, rows: Rows, extent: Extent, block: Block, layers: dict[Instrument, Layer | None]
) -> None:
    found = [row for instrument in rule.instruments for row in rows.get(instrument, ())]
    if not found or rule.kind in (RuleKind.QUOTA, RuleKind.HIGHER, RuleKind.EXCLUDE):
        return
    if rule.kind is RuleKind.FLOOR:
        raised(found, extent, block.rate, block.valued, block.doubt)
        return
    if rule.kind is RuleKind.ADD:
        total(found, extent, block.rate, block.valued, block.doubt)
        return
    if rule.kind is RuleKind.LOWEST:
        layer = lowest(found, extent)
    else:
        instrument = rule.instruments[0]
        if instrument not in layers:
            layers[instrument] = exclusive(found, extent)
        layer = layers[instrument]
    if layer is not None:
        _take(block, layer, _where(rule, rows, extent, block, layer))
        if rule.kind is RuleKind.LOWEST:
            block.chosen |= layer.present


def _where(rule: PrecedenceRule, rows: Rows, extent: Extent, block: Block, layer: Layer) -> Mask:
    """Say in which cells the rule takes the layer's rate."""
    if rule.kind is RuleKind.REPLACE:
        return layer.present & block.taken & ~block.chosen
    if rule.kind is RuleKind.OTHERWISE:
        return layer.present & ~block.taken
    if rule.kind is RuleKind.CAP:
        lower = layer.present & layer.valued & block.chosen & block.valued & (layer.rate < block.rate)
        if lower.any():
            for instrument in rule.unless:
                lower &= ~_in_force(rows.get(instrument, ()), extent)
        return lower
    return layer.present


def _in_force(rows: Sequence[Row], extent: Extent) -> Mask:
    out = np.zeros(extent.shape, dtype=bool)
    for row in rows:
        cells = extent.index(row)
        if cells is not None:
            out[cells] = True
    return out


def _take(block: Block, layer: Layer, where: Mask) -> None:
    np.copyto(block.rate, layer.rate, where=where)
    np.copyto(block.valued, layer.valued, where=where)
    np.copyto(block.doubt, layer.doubt, where=where)
    block.taken |= where
