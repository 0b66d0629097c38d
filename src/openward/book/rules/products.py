"""Rules about product codes: nomenclature (NIG), goods of a measure (ME7, ME8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from openward.book.model import Measure
from openward.book.rules.base import Finding, MeasureRule, Rule, Severity
from openward.book.rules.index import Index, covered
from openward.codes.conversion import STEPS, convert
from openward.codes.industries import industries
from openward.codes.nomenclature import DECLARABLE, HS_EDITIONS, Node, base_edition
from openward.codes.ranges import RangeSet, bounds, covers, range_set, significant
from openward.errors import OpenwardError, UnknownCodeError


def codes_of(measure: Measure) -> Iterator[str]:
    """Give every single code that the ranges of a measure name: prefixes, and both ends of a range."""
    products = measure.scope.products
    for text in (*(products.ranges if products else ()), *measure.scope.exclude_products):
        if text != "*":
            yield from text.split("-")


class EditionAtHand(MeasureRule):
    """The list of codes of the edition that a measure names is at hand, so that its codes can be checked."""

    number = "NIG201"
    severity = Severity.WARNING
    hint = "bring the edition as nomenclature/<EDITION>.csv"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give each edition that is not at hand once, with how many measures name it."""
        named: dict[str, list[Measure]] = {}
        for measure in index.measures:
            for _ in self.breaks(measure, index):
                assert measure.scope.products is not None
                named.setdefault(measure.scope.products.edition, []).append(measure)
        for edition, measures in named.items():
            sentence = f"{edition} is named by {len(measures)} measures and its codes are not at hand"
            yield self.found(measures[0], sentence=sentence, hint=self.hint)

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say that the edition is missing; a scope of all products needs no list."""
        products = measure.scope.products
        if products is None or not any(True for _ in codes_of(measure)):
            return
        if index.nomenclature(products.edition) is None:
            yield f"names {products.edition}, whose codes are not at hand"


class CodeExists(MeasureRule):
    """Every code that a measure names, also at the ends of a range, is one of its edition."""

    number = "NIG202"
    hint = "correct the code, or name the edition that has it"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say codes that the edition never had; digits beyond the sixth are national."""
        products = measure.scope.products
        edition = index.nomenclature(products.edition) if products else None
        if products is None or edition is None:
            return
        national = products.edition not in HS_EDITIONS
        for code in codes_of(measure):
            asked = code if national else code[:6]
            if not edition.exists(asked) and not _inside_the_print(edition.nodes, asked, index):
                yield f"names {code}, which is not in {products.edition}"


def _inside_the_print(nodes: tuple[Node, ...], code: str, index: Index) -> bool:
    # Nodes with another suffix are headings inside the print: a rule of its own judges them.
    return significant(code) in _print_codes(nodes, index)


def _print_codes(nodes: tuple[Node, ...], index: Index) -> frozenset[str]:
    known = index.shared.get(id(nodes))
    if known is None:
        known = frozenset(significant(node.code) for node in nodes if node.suffix != DECLARABLE)
        index.shared[id(nodes)] = known
    return known


class CodeCanBeDeclared(MeasureRule):
    """A measure is on a product line (suffix 80), not on a heading inside the print."""

    number = "ME7"
    hint = "name the product lines under the heading"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say codes that exist with another suffix only."""
        products = measure.scope.products
        edition = index.nomenclature(products.edition) if products else None
        if products is None or edition is None:
            return
        inside = _print_codes(edition.nodes, index)
        if inside:
            for code in codes_of(measure):
                if not edition.exists(code) and significant(code) in inside:
                    yield f"is on {code}, a heading inside the print of {products.edition}"


class WholeCodeIsLeaf(MeasureRule):
    """A code written at the full length of its edition names a line that is not subdivided."""

    number = "NIG203"
    severity = Severity.WARNING
    hint = "the measure covers all lines below: write the shorter code, or name the line that is meant"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say full codes that have lines below them on the first day of the measure."""
        products = measure.scope.products
        edition = index.nomenclature(products.edition) if products else None
        if products is None or edition is None or products.edition in HS_EDITIONS:
            return
        for text in products.ranges:
            if len(text) == 10 and text.endswith("00"):
                node = edition.node(text, measure.valid.start)
                if node is not None and not node.leaf and node.suffix == DECLARABLE:
                    yield f"is on {text}, which is subdivided on {measure.valid.start}"


class GoodsValidThroughout(MeasureRule):
    """A code that a measure names is valid in its nomenclature on every day of the measure."""

    number = "ME8"
    hint = "end the measure with the code, and go on with the code that follows"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say codes of national editions that begin after, or end before, the measure."""
        products = measure.scope.products
        edition = index.nomenclature(products.edition) if products else None
        if products is None or edition is None or products.edition in HS_EDITIONS:
            return
        for code in codes_of(measure):
            days = edition.validity(code)
            if days and not covered(measure.valid, days):
                said = ", ".join(f"from {one.start} to {one.end or 'open'}" for one in days)
                yield f"is valid from {measure.valid.start} to {measure.valid.end or 'open'}, {code} {said}"


class EditionOfItsDay(MeasureRule):
    """The codes of a measure are of an edition in use on its first day, or mean the same in that edition."""

    number = "NIG204"
    severity = Severity.WARNING
    hint = "name the edition in which the act is written"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say editions that began after the measure; a scope of all products has no codes."""
        products = measure.scope.products
        if products is None or not any(True for _ in codes_of(measure)):
            return
        try:
            days = HS_EDITIONS[base_edition(products.edition)]
        except UnknownCodeError:
            return
        if measure.valid.start < days.start:
            for code in codes_of(measure):
                if not _unchanged(code, base_edition(products.edition), measure.valid.start):
                    yield f"begins {measure.valid.start}; {code} of {products.edition} is of {days.start}"
                    return


@lru_cache(maxsize=65536)
def _unchanged(code: str, edition: str, on: date) -> bool:
    """Tell whether a subheading had the same number and content in the edition of a day."""
    then = next((name for name, days in HS_EDITIONS.items() if on in days), "")
    if edition not in STEPS or then not in STEPS:
        return False
    try:
        found = convert(code[:6], edition, then)
    except OpenwardError:
        return False
    return found.exact and code[:6] in found.codes


class ExcludedInside(MeasureRule):
    """A product that a measure excludes is inside its products, and some product is left."""

    number = "NIG205"
    hint = "exclude only what the ranges hold, and less than all of it"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say exclusions that take nothing away, or everything."""
        scope = measure.scope
        if not scope.exclude_products:
            return
        if scope.products is None:
            yield "excludes products and names none"
            return
        whole = range_set(scope.products.ranges)
        for text in scope.exclude_products:
            if (RangeSet.of((text,)) & whole).empty:
                yield f"excludes {text}, which is not among its products"
        if range_set(scope.products.ranges, scope.exclude_products).empty:
            yield "excludes all its products"


class RangeOnce(MeasureRule):
    """No range of a measure lies inside another range of it."""

    number = "NIG206"
    severity = Severity.WARNING
    hint = "take the narrower range away"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say ranges that another one covers."""
        products = measure.scope.products
        if products is None or len(products.ranges) < 2:
            return
        ordered = sorted(products.ranges, key=lambda text: (bounds(text)[0], -bounds(text)[1]))
        widest = ordered[0]
        for text in ordered[1:]:
            if covers(widest, text):
                yield f"names {text}, which {widest} covers"
            else:
                widest = text


class LeafStandsAlone(Rule):
    """In a nomenclature a leaf has no lines below it on any of its days."""

    number = "NIG207"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give leaves of the book's own editions that have lines below them."""
        for edition in index.book.nomenclatures.values():
            above: list[Node] = []
            for node in edition.nodes:
                if node.suffix != DECLARABLE:
                    continue
                above = [other for other in above if covers(other.code, node.code)]
                for other in above:
                    if other.leaf and other.code != node.code and other.valid.overlaps(node.valid):
                        yield self.about(
                            edition.edition,
                            other.code,
                            sentence=f"{other.code}, a leaf of {edition.edition}, has {node.code} below it",
                            hint="a line that is subdivided is no leaf",
                            where=edition.source,
                        )
                above.append(node)


class ParentExists(Rule):
    """In a nomenclature the heading of every line exists on the days of the line."""

    number = "NIG208"
    severity = Severity.WARNING

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give lines of the book's own editions whose heading (four digits) is missing on a day."""
        for edition in index.book.nomenclatures.values():
            for node in edition.nodes:
                if len(node.code) > 4 and not covered(node.valid, edition.validity(node.code[:4])):
                    yield self.about(
                        edition.edition,
                        node.code,
                        sentence=f"{node.code} of {edition.edition} is valid on days without heading "
                        f"{node.code[:4]}",
                        hint="add the heading, or correct the days",
                        where=edition.source,
                    )


class SectorsHoldProducts(MeasureRule):
    """Where a measure names both sectors and subheadings, the subheadings belong to the sectors."""

    number = "ME202"
    hint = "name the industry that makes the product, or leave the sectors out"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say subheadings made by another industry; wider codes are not judged."""
        from openward.codes.correlation import EDITIONS, correlation

        products = measure.scope.products
        if products is None or not measure.scope.sectors or products.edition not in EDITIONS:
            return
        named = {code.partition("/")[0] for code in measure.scope.sectors}
        goods = {one.code for one in industries() if one.goods}
        made = correlation(products.edition)
        for code in codes_of(measure):
            industry = made.get(code[:6]) if len(code) >= 6 else None
            if industry in goods and industry not in named:
                yield f"names {code}, which {industry} makes, but only the sectors {' '.join(sorted(named))}"
