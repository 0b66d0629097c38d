"""A scheme: the product-specific rules of one agreement, found by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from openward.determine.origin.codes import CodeRange, RangeIndex, digits
from openward.determine.origin.compiled import Test, compiled
from openward.determine.origin.cumulation import Tolerance, Zone
from openward.determine.origin.rule import ByGood, Rule, any_rule
from openward.errors import MissingDataError


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list of rules.

    ``partial``: it covers only some goods of its codes ("ex"), those of its ``description``.
    """

    codes: CodeRange
    heading: str
    description: str
    rule: Rule
    texts: tuple[str, ...]
    read: tuple[Rule, ...]
    partial: bool = False

    @property
    def width(self) -> int:
        """How many ten-digit codes it covers."""
        return self.codes.high - self.codes.low + 1

    @property
    def is_rest(self) -> bool:
        """Whether it is the entry for whatever its siblings do not name."""
        last = self.description.rsplit("▸", 1)[-1].strip().lower()
        return last.startswith(("other", "any other", "- other", "all other"))


@dataclass(frozen=True, slots=True)
class Found:
    """The rule for a product, and the entries it was built from."""

    rule: Rule
    entries: tuple[Entry, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The published texts, in order."""
        return tuple(text for entry in self.entries for text in entry.texts)


@dataclass(frozen=True)
class Scheme:
    """The rules of one agreement.

    Attributes
    ----------
    name, title : str
        Short name, official title.
    zone : Zone
        Territories (ISO alpha-3; a group keeps its own code) and third economies of diagonal cumulation.
    entries : tuple of Entry
        In the order of the list.
    tolerances : mapping of chapter to Tolerance
        De minimis by two-digit chapter; a chapter that is absent has none.
    valid_from, valid_to : date or None
        Half-open interval in which the scheme applies.
    citation : str
        Where the rules were read.
    """

    name: str
    title: str
    zone: Zone
    entries: tuple[Entry, ...]
    tolerances: Mapping[str, Tolerance]
    valid_from: date | None = None
    valid_to: date | None = None
    citation: str = ""
    _index: RangeIndex = field(init=False, repr=False, compare=False)
    _tests: dict[str, Test | None] = field(init=False, repr=False, compare=False, default_factory=dict)
    _found: dict[str, Found | None] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", RangeIndex([(entry.codes,) for entry in self.entries]))

    def tolerance(self, code: str) -> Tolerance | None:
        """Give the tolerance for goods of a code."""
        return self.tolerances.get(digits(code)[:2])

    def find(self, code: str) -> Found:
        """Give the rule for a product.

        Raises
        ------
        MissingDataError
            If no entry covers the code.
        """
        found = self.lookup(code)
        if found is None:
            raise MissingDataError(
                f"the list of {self.name} holds no rule for {code}",
                hint="check the edition of the Harmonized System the agreement uses",
                where=self.citation or self.name,
            )
        return found

    def lookup(self, code: str) -> Found | None:
        """Give the rule for a product, or None where no entry covers it."""
        if code not in self._found:
            self._found[code] = self._build(code)
        return self._found[code]

    def test(self, code: str) -> Test | None:
        """Give the rule for a product compiled, or None where no entry covers it."""
        if code not in self._tests:
            found = self.lookup(code)
            self._tests[code] = None if found is None else compiled(found.rule)
        return self._tests[code]

    def _build(self, code: str) -> Found | None:
        pieces = [tuple(self.entries[i] for i in piece) for piece in self._index.pieces(code) if piece]
        if not pieces:
            return None
        entries = tuple({id(entry): entry for piece in pieces for entry in piece}.values())
        trees = [joined(piece) for piece in pieces]
        if len(set(trees)) == 1:
            return Found(trees[0], entries)
        # A short code spans entries with different rules: more digits would tell which.
        named = [f"classified in {piece[-1].codes}" for piece in pieces]
        return Found(ByGood(tuple(zip(named, trees, strict=True))[:-1], trees[-1]), entries)


def joined(entries: Sequence[Entry]) -> Rule:
    """Join the entries that cover one code.

    The narrower entry goes before the wider; an entry for some goods of its codes leaves the others to the
    wider.
    """
    tree: Rule | None = None
    for width in sorted({entry.width for entry in entries}, reverse=True):
        tier = [entry for entry in entries if entry.width == width]
        if len(tier) == 1 and (tree is None or not tier[0].partial):
            tree = tier[0].rule
            continue
        named = [entry for entry in tier if not entry.is_rest and entry.description]
        rest = tuple(entry.rule for entry in tier if entry.is_rest or not entry.description)
        otherwise = any_rule(rest) if rest else tree
        if not named:
            tree = otherwise
            continue
        labels = list(dict.fromkeys(entry.description for entry in named))
        cases = tuple((la, any_rule(tuple(e.rule for e in named if e.description == la))) for la in labels)
        tree = ByGood(cases, otherwise)
    assert tree is not None
    return tree
