"""What an evaluation found at each node of a rule, which facts were missing, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass

from openward.determine.origin.rule import Rule
from openward.determine.origin.truth import Truth


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that would have to be known, and why."""

    fact: str
    why: str


Change = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One node of the rule, evaluated.

    Attributes
    ----------
    rule : Rule
        The node.
    truth : bool or None
        Whether it holds; None: a fact is missing.
    detail : str
        What was compared.
    failed : tuple of str
        Numbers of the materials that failed it.
    missing : tuple of Missing
        Facts that keep it open.
    changes : tuple of Change
        Ways to make it hold; the actions of one way are taken together.
    parts : tuple of Finding
        Findings of the parts of a node.
    """

    rule: Rule
    truth: Truth
    detail: str
    failed: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    changes: tuple[Change, ...] = ()
    parts: tuple[Finding, ...] = ()

    def walk(self) -> tuple[Finding, ...]:
        """Give this finding and all below it, parts first."""
        return (*(inner for part in self.parts for inner in part.walk()), self)


def word(truth: Truth) -> str:
    """Print a truth."""
    return "met" if truth else "undecided" if truth is None else "not met"
