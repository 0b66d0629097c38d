"""Parts of compiled rules that look at one material: selections, sources and exceptions."""

from __future__ import annotations

from collections.abc import Callable

from openward.determine.origin.codes import CodeRange, covered, differs, digits
from openward.determine.origin.good import Good, Material
from openward.determine.origin.rule import (
    EVERY,
    AnotherGood,
    Anything,
    Excepted,
    Named,
    Outside,
    OutsideGroup,
    Selection,
    Source,
)
from openward.determine.origin.truth import Truth, all_of

Pick = Callable[[str, Material], Truth]


def compile_selection(of: Selection) -> Pick | None:
    """Compile a selection into (product code, material) -> truth; None for every material."""
    if of == EVERY:
        return None
    ranges, excluding, level = of.ranges, of.excluding, of.level

    def pick(product: str, material: Material) -> Truth:
        parts: list[Truth] = []
        if ranges:
            parts.append(covered(ranges, material.code))
        if level is not None:
            other = differs(digits(product), digits(material.code), level)
            parts.append(None if other is None else not other)
        if of.description:
            parts.append(material.is_a(of.description))
        if excluding:
            out = covered(excluding, material.code)
            parts.append(None if out is None else not out)
        if of.excluding_description:
            out = material.is_a(of.excluding_description)
            parts.append(None if out is None else not out)
        return all_of(parts)

    return pick


def compile_source(source: Source) -> Callable[[str, Material], Truth]:
    """Compile a source into (product code, material) -> whether the material comes from it."""
    match source:
        case Anything():
            return lambda _product, _material: True
        case Outside(level):
            return lambda product, material: differs(digits(product), digits(material.code), level)
        case OutsideGroup(ranges):
            return lambda _product, material: _not(covered(ranges, material.code))
        case Named(ranges, description, earlier):
            return _named(ranges, description, earlier)
        case AnotherGood(ranges):
            return lambda _product, material: None if covered(ranges, material.code) is not False else False


def _named(
    ranges: tuple[CodeRange, ...], description: str, earlier: bool
) -> Callable[[str, Material], Truth]:
    def test(_product: str, material: Material) -> Truth:
        parts: list[Truth] = [covered(ranges, material.code)] if ranges else []
        if description:
            parts.append(material.is_a(description))
        truth = all_of(parts)
        return material.is_a("earlier stage") if earlier and truth is False else truth

    return test


def compile_exception(excepted: Excepted) -> Callable[[Good, Material], Truth]:
    """Compile an exception into (good, material) -> whether the material is excepted."""
    ranges, description, when = excepted.ranges, excepted.description, excepted.when

    def test(good: Good, material: Material) -> Truth:
        parts: list[Truth] = [covered(ranges, material.code)] if ranges else []
        if parts and parts[0] is False:
            return False
        if description:
            parts.append(material.is_a(description))
        if when:
            parts.append(good.fact(when))
        return all_of(parts)

    return test


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth
