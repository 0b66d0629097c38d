"""Rules of origin as a tree of frozen records.

A *leaf* tests the good or its non-originating materials; *nodes* join leaves.
:mod:`openward.determine.origin.notation` prints a rule and reads it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum

from openward.determine.origin.codes import CodeRange


class Level(IntEnum):
    """Digits that a change of classification is seen at."""

    CHAPTER = 2
    HEADING = 4
    SUBHEADING = 6
    ITEM = 8


class Basis(StrEnum):
    """The amount that a share is taken of."""

    EX_WORKS = "EXW"
    FOB = "FOB"
    VALUE = "value"
    NET_COST = "net-cost"


class Formula(StrEnum):
    """How regional value content is computed: V the value of the good, VNM and VOM of its materials.

    ``build-down`` (V - VNM) / V; ``build-up`` VOM / V; ``net-cost`` (NC - VNM) / NC; ``focused`` as
    build-down with the
    non-originating materials that the rule names alone (CPTPP article 3.5, USMCA article 4.5).
    """

    BUILD_DOWN = "build-down"
    BUILD_UP = "build-up"
    NET_COST = "net-cost"
    FOCUSED = "focused"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which materials a leaf speaks of; empty: all of them.

    ``level`` means the same chapter, heading or subheading as the product. A ``description`` is answered by
    what the
    material is said to be (:attr:`Material.described`).
    """

    ranges: tuple[CodeRange, ...] = ()
    level: Level | None = None
    description: str = ""
    excluding: tuple[CodeRange, ...] = ()
    excluding_description: str = ""


EVERY = Selection()


@dataclass(frozen=True, slots=True)
class Outside:
    """Any other chapter, heading or subheading than that of the product."""

    level: Level


@dataclass(frozen=True, slots=True)
class OutsideGroup:
    """Any position outside the group of codes that the rule covers."""

    ranges: tuple[CodeRange, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Materials named by code, description or both.

    ``earlier``: materials at an earlier stage of manufacture, or that cannot meet the rule by their nature,
    do no harm
    (introductory notes 3.2 and 3.3 of the European list rules); whether a material is one is a fact.
    """

    ranges: tuple[CodeRange, ...] = ()
    description: str = ""
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class AnotherGood:
    """Another good of the same position: whether two goods differ is a fact no code carries."""

    ranges: tuple[CodeRange, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """Materials of any heading."""


Source = Outside | OutsideGroup | Named | AnotherGood | Anything


@dataclass(frozen=True, slots=True)
class Excepted:
    """Materials that may not be used, by code, description or both; ``when``: only in that case."""

    ranges: tuple[CodeRange, ...] = ()
    description: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class WhollyObtained:
    """The good itself is wholly obtained or produced in the territory."""


@dataclass(frozen=True, slots=True)
class MaterialsObtained:
    """All the materials selected are wholly obtained; ``originating``: or merely originate."""

    of: Selection = EVERY
    originating: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """Every non-originating material comes from one of the sources and is not excepted."""

    sources: tuple[Source, ...]
    excepting: tuple[Excepted, ...] = ()


@dataclass(frozen=True, slots=True)
class Allowance:
    """A shift that forgives selected materials up to a share (None: without limit) of value or weight."""

    shift: Shift
    share: Decimal | None
    of: Selection = EVERY
    by_weight: bool = False
    basis: Basis = Basis.EX_WORKS


@dataclass(frozen=True, slots=True)
class MaxForeign:
    """Non-originating materials selected are worth at most a share of the basis."""

    share: Decimal
    basis: Basis = Basis.EX_WORKS
    of: Selection = EVERY


@dataclass(frozen=True, slots=True)
class MaxForeignWeight:
    """Non-originating materials selected weigh at most a share of the good."""

    share: Decimal
    of: Selection = EVERY


@dataclass(frozen=True, slots=True)
class ForeignAtMostRegional:
    """Non-originating materials are worth no more than the originating ones."""


@dataclass(frozen=True, slots=True)
class MinRegional:
    """Regional value content of at least a share, by one formula."""

    share: Decimal
    formula: Formula
    basis: Basis = Basis.VALUE
    of: Selection = EVERY


@dataclass(frozen=True, slots=True)
class Process:
    """A working or processing that must take place; whether it did is a fact."""

    text: str


@dataclass(frozen=True, slots=True)
class Proviso:
    """A condition in words about the good or its production, answered by a fact.

    ``unread``: the words are not resolved into a structure; the whole leaf then stands or falls with one
    fact.
    """

    text: str
    unread: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must hold."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the alternatives must hold."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class ByGood:
    """Rules for goods that the text tells apart by description inside one code.

    A good stated to be one of them is taken to be none of the others, unless that is stated too: then every
    rule that applies must be met. While nothing is stated, all are possible.
    """

    cases: tuple[tuple[str, Rule], ...]
    otherwise: Rule | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """A rule with notes of its chapter or section, kept as text."""

    rule: Rule
    notes: tuple[str, ...]


Leaf = (
    WhollyObtained
    | MaterialsObtained
    | Shift
    | Allowance
    | MaxForeign
    | MaxForeignWeight
    | ForeignAtMostRegional
    | MinRegional
    | Process
    | Proviso
)
Rule = Leaf | AllOf | AnyOf | ByGood | Noted


def all_rules(parts: tuple[Rule, ...]) -> Rule:
    """Join parts that must all hold; one part stays itself."""
    return parts[0] if len(parts) == 1 else AllOf(parts)


def any_rule(parts: tuple[Rule, ...]) -> Rule:
    """Join alternatives, flat and without repeating one; one alternative stays itself."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, AnyOf) else (part,))]
    once = tuple(dict.fromkeys(flat))
    return once[0] if len(once) == 1 else AnyOf(once)


def leaves(rule: Rule) -> tuple[Leaf, ...]:
    """Give the leaves of a rule from left to right."""
    match rule:
        case AllOf(parts) | AnyOf(parts):
            return tuple(leaf for part in parts for leaf in leaves(part))
        case ByGood(cases, otherwise):
            inner = [part for _, part in cases] + ([otherwise] if otherwise is not None else [])
            return tuple(leaf for part in inner for leaf in leaves(part))
        case Noted(inner_rule, _):
            return leaves(inner_rule)
        case _:
            return (rule,)
