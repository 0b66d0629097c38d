"""Printed lists of codes as nodes: a code printed twice is a heading first and a line last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openward.codes.correlation import EDITIONS
from openward.codes.nomenclature import DECLARABLE, Node, base_edition
from openward.codes.products import exists, product_name
from openward.codes.ranges import significant
from openward.codes.terms import Interval


@dataclass(frozen=True, slots=True)
class Printed:
    """A line as printed: its code (digits, filling zeros or not), depth, text, and number in the source."""

    code: str
    name: str
    indent: int = 0
    sid: str = ""


def nodes(lines: Iterable[Printed], valid: Interval) -> Iterator[Node]:
    """Give the nodes of printed lines, in order.

    Lines whose codes differ only by filling zeros (``0101.21``, ``0101.21.00``) are one code: the last of
    them gets the suffix 80, those before 10, 20 ...; a line is a leaf where no other line lies below it.
    """
    held = list(lines)
    codes = [significant(line.code) for line in held]
    left = Counter(codes)
    parents = {code[:k] for code in codes for k in range(2, len(code), 2)}
    seen: Counter[str] = Counter()
    for code, line in zip(codes, held, strict=True):
        left[code] -= 1
        seen[code] += 1
        last = left[code] == 0
        suffix = DECLARABLE if last else f"{10 * min(seen[code], 7)}"
        leaf = last and code not in parents
        yield Node(code, valid, line.name, line.indent, leaf, suffix, line.sid)


def with_headings(held: Iterable[Node], edition: str) -> list[Node]:
    """Add the headings that a list of lines leaves out, named as in the Harmonized System."""
    lines = list(held)
    there = {node.code for node in lines}
    valid = lines[0].valid if lines else None
    found = []
    above = (significant(node.code[:k]) for node in lines for k in range(2, len(node.code), 2))
    for code in dict.fromkeys(above):
        if code not in there and valid is not None:
            name = _hs_name(code, base_edition(edition))
            found.append(Node(code, valid, name, max(0, len(code) // 2 - 2), leaf=False))
    return found + lines


def _hs_name(code: str, edition: str) -> str:
    if edition not in EDITIONS or len(code) > 6 or not exists(code, edition):
        return ""
    return product_name(code, edition)
