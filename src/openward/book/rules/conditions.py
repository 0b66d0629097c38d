"""Rules about the conditions of a measure (CE)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from openward.book.model import Condition, Measure
from openward.book.rules.base import MeasureRule, Severity
from openward.book.rules.index import Index
from openward.codes.currencies import currencies
from openward.codes.units import units

_DOCUMENT = re.compile(r"[A-Z0-9][A-Z0-9]{3}|[A-Za-z0-9]{1,2}|[A-Z]-[A-Z0-9]{1,8}")
_COMPARISON = re.compile(
    r"(?P<name>[A-Za-z_][\w.]*)\s*(?P<sign><=|>=|==|!=|<|>|=)\s*(?P<value>-?\d+(?:\.\d+)?)\s*(?P<unit>[^\s]*)"
)
_WORD = re.compile(r"'[^']*'|\"[^\"]*\"|[()]|,|<=|>=|==|!=|[<>=]|[^\s()<>=!,'\"]+")


@lru_cache(maxsize=4096)
def _compared(value: str) -> tuple[str, str, Decimal, str] | None:
    found = _COMPARISON.fullmatch(value.strip())
    if found is None:
        return None
    sign = "==" if found["sign"] == "=" else found["sign"]
    return found["name"], sign, Decimal(found["value"]), found["unit"]


def of_kind(measure: Measure, *kinds: str) -> Iterator[Condition]:
    """Give the conditions of these kinds."""
    return (condition for condition in measure.conditions if condition.kind in kinds)


class ConditionOnce(MeasureRule):
    """A measure states each condition once."""

    number = "CE201"
    hint = "state it once"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say conditions that come twice."""
        if len(measure.conditions) > 1 and len(set(measure.conditions)) < len(measure.conditions):
            for one in sorted(
                {(c.kind, c.value) for c in measure.conditions if measure.conditions.count(c) > 1}
            ):
                yield f"states the condition {one[0]} {one[1]} twice"


class DocumentShape(MeasureRule):
    """A document is named by a code: four capital letters and digits (N853), or that of a national list."""

    number = "CE202"
    severity = Severity.WARNING
    hint = "use the code of the document; names of certificates belong to the kind certificate"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say documents that have another shape."""
        for condition in of_kind(measure, "document"):
            if not _DOCUMENT.fullmatch(condition.value.removeprefix("!")):
                yield f"asks for the document {condition.value!r}"


class ThresholdRead(MeasureRule):
    """A threshold compares one name with a number in a known unit: ``price < 52.60 EUR/DTN``."""

    number = "CE203"
    hint = "write NAME, a sign, a number and a unit: %, a currency, a unit, or currency/unit"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say thresholds that are not understood, and units that nobody defined."""
        for condition in of_kind(measure, "threshold"):
            found = _compared(condition.value)
            if found is None:
                yield f"has the threshold {condition.value!r}, which is no comparison with a number"
            elif not _known_unit(found[3]):
                yield f"has a threshold in {found[3]!r}, which nobody defined"


def _known_unit(text: str) -> bool:
    money, slash, unit = text.partition("/")
    if slash:
        return money in currencies() and unit in units()
    return text in {"", "%"} or text in currencies() or text in units()


class FactRead(MeasureRule):
    """A fact is an expression over names: comparisons joined by and, or, not, with brackets in pairs."""

    number = "CE204"
    hint = "write such as: purity >= 99.99 % and end_use == military"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say expressions that cannot be read."""
        for condition in of_kind(measure, "fact", "requirement"):
            if not _is_expression(condition.value):
                yield f"has the fact {condition.value!r}, which cannot be read"


@lru_cache(maxsize=4096)
def _is_expression(text: str) -> bool:
    # Shape only: brackets close, and every sign and join has something on both sides.
    depth, previous = 0, ""
    joins, signs = {"and", "or"}, {"<", ">", "<=", ">=", "==", "!=", "=", "in"}
    for word in _WORD.findall(text):
        starts = previous in {"", "(", "not", ","} or previous in joins | signs
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
            if depth < 0 or starts:
                return False
        elif (word in joins or word in signs) and starts:
            return False
        previous = word
    return depth == 0 and previous not in {"", "(", "not", ","} | joins | signs


class ConditionsAgree(MeasureRule):
    """The conditions of a measure can all hold at once."""

    number = "CE205"
    hint = "a measure whose conditions exclude each other never applies: make two of it"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say comparisons of one name that leave no value."""
        if len(measure.conditions) < 2:
            return
        gathered: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
        for condition in of_kind(measure, "threshold", "fact", "requirement"):
            found = _compared(condition.value)
            if found is not None:
                gathered.setdefault((found[0], found[3]), []).append((found[1], found[2]))
        for (name, unit), bounds in gathered.items():
            if len(bounds) > 1 and not _some_value(bounds):
                yield f"has conditions on {name} that no value meets ({unit or 'no unit'})"
        documents = {condition.value for condition in of_kind(measure, "document")}
        for code in sorted(documents):
            if f"!{code}" in documents:
                yield f"asks for the document {code} and for its absence"


def _some_value(bounds: list[tuple[str, Decimal]]) -> bool:
    values = sorted({value for _, value in bounds})
    between = [(a + b) / 2 for a, b in pairwise(values)]
    tried = [*values, *between, values[0] - 1, values[-1] + 1]
    return any(all(_meets(value, sign, limit) for sign, limit in bounds) for value in tried)


def _meets(value: Decimal, sign: str, limit: Decimal) -> bool:
    meets = {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "==": value == limit,
        "!=": value != limit,
    }
    return meets[sign]


class MembershipEver(MeasureRule):
    """A membership that a measure depends on is held on some day of it, by the economy that imposes it."""

    number = "CE206"
    severity = Severity.WARNING
    hint = "the measure never applies: state the membership, or take the condition away"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say memberships that the imposer never has on the days of the measure."""
        for condition in of_kind(measure, "membership"):
            if condition.value not in index.groups or measure.imposed_by == condition.value:
                continue
            imposers = index.economies((measure.imposed_by,), measure.valid)
            if not imposers & index.days_of(condition.value, measure.valid).keys():
                by, group = measure.imposed_by, condition.value
                yield f"applies while {by} is in {group}, which it never is on these days"
