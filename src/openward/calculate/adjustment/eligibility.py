"""Eligibility: the tests of a programme, each condition with its answer."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import yaml

from openward.calculate.adjustment.case import Petition
from openward.calculate.exact import Number
from openward.calculate.reading import Strict
from openward.calculate.step import Trail
from openward.errors import InputErrors, MissingDataError, UnknownCodeError


class Condition(Strict):
    """One figure against one limit; exactly one of the limits is given."""

    fact: str
    at_least: Number | None = None
    above: Number | None = None
    below: Number | None = None

    def met(self, value: Fraction) -> bool:
        """Say whether a figure meets the limit."""
        if self.at_least is not None:
            return value >= self.at_least
        if self.above is not None:
            return value > self.above
        return self.below is not None and value < self.below

    @property
    def said(self) -> str:
        """The condition in symbols."""
        for sign, limit in ((">=", self.at_least), (">", self.above), ("<", self.below)):
            if limit is not None:
                return f"{self.fact} {sign} {float(limit):g}"
        return self.fact


class Programme(Strict):
    """A programme: one of `ways`, and all of `also`."""

    title: str
    article: str
    ways: tuple[tuple[Condition, ...], ...]
    also: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer to a petition; `failed` names the conditions that are not met."""

    name: str
    programme: str
    eligible: bool
    failed: tuple[str, ...]


@cache
def programmes() -> dict[str, Programme]:
    """Give the programmes that ship."""
    raw = yaml.safe_load((Path(__file__).parent / "programmes.yaml").read_text(encoding="utf-8"))
    return {name: Programme.model_validate(body) for name, body in raw.items()}


def eligibility(petition: Petition, trail: Trail) -> Eligibility:
    """Test a petition.

    Raises
    ------
    UnknownCodeError
        No such programme ships.
    InputErrors
        Facts that the test needs and the petition lacks, all of them; a missing fact never fails silently.
    """
    known = programmes()
    if petition.programme not in known:
        raise UnknownCodeError(
            f"no programme is called {petition.programme!r}", hint=f"known are {', '.join(known)}"
        )
    programme = known[petition.programme]

    def answer(condition: Condition) -> bool:
        value = petition.facts.get(condition.fact)
        return value is not None and condition.met(value)

    ways = [all(answer(one) for one in way) for way in programme.ways]
    # A way that is met needs no other; one that is not may only be so for want of a fact.
    asked = () if any(ways) else tuple(one.fact for way in programme.ways for one in way)
    needed = dict.fromkeys((*asked, *(one.fact for one in programme.also)))
    missing = [fact for fact in needed if fact not in petition.facts]
    if missing:
        raise InputErrors(
            [
                MissingDataError(
                    f"no {fact}", where=f"{petition.name}: facts", hint=f"see {programme.article}"
                )
                for fact in missing
            ]
        )
    failed = [one.said for one in programme.also if not answer(one)]
    if not any(ways):
        failed.insert(
            0, " or ".join("(" + " and ".join(one.said for one in way) + ")" for way in programme.ways)
        )
    trail.note(
        not failed,
        subject=petition.name,
        name="eligible",
        formula=f"one way and every further condition of {petition.programme}",
        inputs=tuple(petition.facts.items()),
        citation=f"{programme.article} (unverified)",
    )
    return Eligibility(petition.name, petition.programme, not failed, tuple(failed))
