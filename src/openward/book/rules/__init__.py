"""Integrity rules of a book: one class each, with its number; the docstring is the rule."""

from __future__ import annotations

from openward.book.model import Book
from openward.book.rules.base import Finding, Rule
from openward.book.rules.codes import KnownCodes
from openward.book.rules.identity import OneIdEach
from openward.book.rules.membership import MembershipsApart
from openward.book.rules.overlap import NoOverlap
from openward.book.rules.says import DutySays
from openward.book.rules.source import SourceNamed
from openward.book.rules.validity import SomeDay, WithinTheAct

RULES: tuple[Rule, ...] = (
    WithinTheAct(),
    NoOverlap(),
    KnownCodes(),
    OneIdEach(),
    SourceNamed(),
    MembershipsApart(),
    SomeDay(),
    DutySays(),
)

__all__ = ["RULES", "Finding", "Rule", "check"]


def check(book: Book) -> tuple[Finding, ...]:
    """Give everything in a book that breaks a rule, in the order of the rules."""
    return tuple(finding for rule in RULES for finding in rule.findings(book))
