"""Import prohibitions as flows that stop: whose goods of which industries an importer shuts out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from openward.book.model import Book, Flow, Instrument, Measure
from openward.determine.groups import GroupsOn
from openward.determine.scope import coverage, limitation

Mask = NDArray[np.bool_]


def is_import_ban(measure: Measure) -> bool:
    """True for a prohibition of imports whose text names no more than importer, partner and industry."""
    return (
        measure.instrument is Instrument.PROHIBITION
        and measure.flow is Flow.IMPORT
        and not limitation(measure)
        and not measure.conditions
    )


def banned(book: Book, *, on: date, economies: Sequence[str], sectors: Sequence[str]) -> Mask:
    """Say which flows of whole industries a book prohibits on a day, [importer, exporter, sector].

    Parameters
    ----------
    book : Book
    on : date
    economies, sectors : sequence of str

    Notes
    -----
    A prohibition of part of an industry, or one that turns on end use, parties, a zone or a condition,
    stops no whole flow and is not here: its effect is unknown, not zero.
    """
    out = np.zeros((len(economies), len(economies), len(sectors)), dtype=bool)
    groups = GroupsOn(book, on)
    for measure in book.measures.values():
        if is_import_ban(measure) and on in measure.valid:
            out |= cells(measure, groups, economies=economies, sectors=sectors)
    return out


def cells(measure: Measure, groups: GroupsOn, *, economies: Sequence[str], sectors: Sequence[str]) -> Mask:
    """Give the flows one prohibition stops whole, [importer, exporter, sector]."""
    scope = measure.scope
    importers = groups.members(measure.imposed_by)
    named, left_out = groups.expand(scope.partners), groups.expand(scope.exclude)
    imposes = np.array([code in importers for code in economies])
    hit = np.array([(not scope.partners or code in named) and code not in left_out for code in economies])
    whole = np.array(
        [
            (not scope.sectors or sector in scope.sectors) and coverage(scope.products, sector) == "all"
            for sector in sectors
        ]
    )
    out: Mask = imposes[:, None, None] & hit[None, :, None] & whole[None, None, :]
    out[np.arange(len(economies)), np.arange(len(economies))] = False
    return out
