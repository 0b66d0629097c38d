"""Printed lists of codes as nodes: a code printed twice is a heading first and a line last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openward.codes.nomenclature import DECLARABLE, Node
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
