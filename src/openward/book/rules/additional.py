"""Rules about additional codes (ME16, ACN)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from openward.book.model import Measure
from openward.book.rules.base import Finding, MeasureRule, Rule
from openward.book.rules.index import Index
from openward.book.rules.overlap import rule_key


class AdditionalCodesApart(Rule):
    """A product does not carry a measure with an additional code and one without for one partner and day."""

    number = "ME16"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give pairs of measures that mix."""
        gathered: dict[tuple[Any, ...], list[Measure]] = {}
        for measure in _with_siblings(index.measures):
            products = measure.scope.products
            for partner in measure.scope.partners or (None,):
                key = (*rule_key(measure), measure.imposed_by, measure.zone, products, partner)
                gathered.setdefault(key, []).append(measure)
        for several in gathered.values():
            coded = [m for m in several if m.scope.additional_codes]
            plain = [m for m in several if not m.scope.additional_codes]
            for one in plain:
                for other in coded:
                    if one.valid.overlaps(other.valid):
                        yield self.found(
                            one,
                            other,
                            sentence=f"{one.id} is on the product as a whole, {other.id} on additional code "
                            f"{' '.join(other.scope.additional_codes)}",
                            hint="give the first the additional code of all others",
                        )


def _with_siblings(measures: Iterable[Measure]) -> Iterator[Measure]:
    # Only products with some additional code can mix; most books have none.
    several = tuple(measures)
    mixed = {m.scope.products for m in several if m.scope.additional_codes}
    return (m for m in several if m.scope.products in mixed)


class AdditionalCodeOfProduct(MeasureRule):
    """An additional code parts a product: a measure with one names products."""

    number = "ACN201"
    hint = "name the product that the additional code parts"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say that no product is named."""
        products = measure.scope.products
        if measure.scope.additional_codes and (products is None or products.ranges == ("*",)):
            yield "has an additional code and names no product"


class AdditionalCodeOnce(MeasureRule):
    """A measure names each additional code once."""

    number = "ACN202"
    hint = "name it once"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say additional codes that come twice."""
        for one, other in pairwise(sorted(measure.scope.additional_codes)):
            if one == other:
                yield f"names the additional code {one} twice"
