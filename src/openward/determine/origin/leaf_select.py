"""Whether a leaf's selection takes a material."""

from __future__ import annotations

from openward.determine.origin.codes import covered, differs, digits
from openward.determine.origin.good import Material
from openward.determine.origin.rule import Selection
from openward.determine.origin.truth import Truth, all_of, opposite


def selects(of: Selection, product: str, material: Material) -> Truth:
    """Say whether a selection takes a material used for a product; None where a fact is missing."""
    tests: list[Truth] = []
    if of.ranges:
        tests.append(covered(of.ranges, material.code))
    if of.level is not None:
        tests.append(opposite(differs(digits(product), digits(material.code), of.level)))
    if of.description:
        tests.append(material.is_a(of.description))
    if of.excluding:
        tests.append(opposite(covered(of.excluding, material.code)))
    if of.excluding_description:
        tests.append(opposite(material.is_a(of.excluding_description)))
    return all_of(tests)
