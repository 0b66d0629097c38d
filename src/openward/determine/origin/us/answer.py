"""The answer to a question of non-preferential origin: a country, or what is missing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from openward.determine.decision import plain
from openward.determine.origin.finding import Missing
from openward.determine.origin.truth import Truth
from openward.determine.step import Step

SCHEMA = "openward.origin-country/1"


@dataclass(frozen=True, slots=True)
class CountryAnswer:
    """The country a good is from under 19 CFR part 102.

    Attributes
    ----------
    country : str or None
        ISO alpha-3; None where it is undecided.
    sentence : str
        The answer in one sentence.
    paragraph, rule : str
        What decided (or is open), and its text.
    shift : bool or None
        Whether the change of classification required of foreign materials took place.
    missing : tuple of Missing
        Facts that keep it open.
    trace : tuple of Step
        Paragraph by paragraph.
    vintage : str
        Edition of the tariff the rules answer under.
    """

    country: str | None
    sentence: str
    paragraph: str
    rule: str
    shift: Truth = None
    missing: tuple[Missing, ...] = ()
    trace: tuple[Step, ...] = ()
    vintage: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give the answer as JSON prints it."""
        return {"schema": SCHEMA, **{f.name: plain(getattr(self, f.name)) for f in fields(self)}}

    def as_text(self) -> str:
        """Give the answer as a terminal prints it."""
        lines = [self.sentence, f"  {self.paragraph}: {self.rule}"]
        lines += [f"  missing: {each.fact} ({each.why})" for each in self.missing]
        lines += [f"    {step}" for step in self.trace]
        return "\n".join(lines)
