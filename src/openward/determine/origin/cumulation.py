"""Which materials count as originating: the producer's own, or by bilateral, diagonal or full cumulation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openward.determine.origin.good import Good, Material
from openward.determine.origin.rule import Basis
from openward.determine.origin.truth import Truth


class Cumulation(StrEnum):
    """How far materials of partners count.

    ``none``: materials of the economy of production alone. ``bilateral``: of every party. ``diagonal``: of
    named third
    economies too. ``full``: also the working done inside the zone on materials that do not originate.
    """

    NONE = "none"
    BILATERAL = "bilateral"
    DIAGONAL = "diagonal"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Zone:
    """The territories of an agreement, and the third economies that diagonal cumulation names."""

    parties: frozenset[str]
    extended: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """A material as the rule sees it: whether it is non-originating, and the number it has in the bill."""

    number: str
    material: Material
    foreign: Truth


@dataclass(frozen=True, slots=True)
class Tolerance:
    """De minimis: materials that do not change classification are forgiven up to a share.

    ``share`` is what the agreement grants; ``ceiling`` what it grants at most: they differ where its
    article was not
    read for this chapter, and in between nothing is decided. ``covers_obtained``: it also forgives
    materials that
    must be wholly obtained.
    """

    share: Decimal
    ceiling: Decimal
    by_weight: bool = False
    covers_obtained: bool = False
    citation: str = ""
    basis: Basis = Basis.EX_WORKS


@dataclass(frozen=True, slots=True)
class View:
    """A good with its materials sorted into originating, non-originating and not known."""

    good: Good
    held: tuple[Held, ...]
    tolerance: Tolerance | None = None


def counts_from(good: Good, zone: Zone, cumulation: Cumulation) -> frozenset[str]:
    """Give the economies whose materials count as originating."""
    own = frozenset((good.made_in,))
    if cumulation is Cumulation.NONE:
        return own
    if cumulation is Cumulation.BILATERAL:
        return own | zone.parties
    return own | zone.parties | zone.extended


def views(
    good: Good, zone: Zone, cumulation: Cumulation, tolerance: Tolerance | None = None
) -> tuple[View, ...]:
    """Give the ways in which the bill may be read; the good originates if it does under one of them.

    Full cumulation adds a second reading, in which a material produced inside the zone is replaced by what
    it was
    produced from.
    """
    counted = counts_from(good, zone, cumulation)
    plain = tuple(Held(str(at), m, _foreign(m, counted)) for at, m in enumerate(good.materials, start=1))
    readings = [View(good, plain, tolerance)]
    if cumulation is Cumulation.FULL:
        opened = tuple(part for held in plain for part in _opened(held, counted))
        if opened != plain:
            readings.append(View(good, opened, tolerance))
    return tuple(readings)


def _foreign(material: Material, counted: frozenset[str]) -> Truth:
    return None if not material.origin else material.origin not in counted


def _opened(held: Held, counted: frozenset[str]) -> list[Held]:
    material = held.material
    if held.foreign is False or material.made_in not in counted:
        return [held]
    if not material.components:
        # Worked inside the zone from something nobody named: part of it may count.
        return [Held(held.number, material, None)]
    inner = [
        Held(f"{held.number}.{at}", part, _foreign(part, counted))
        for at, part in enumerate(material.components, start=1)
    ]
    return [leaf for part in inner for leaf in _opened(part, counted)]
