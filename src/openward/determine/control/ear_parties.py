"""Parties of a transaction under the law of the United States: lists given by the user, and owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from openward.determine.control.ownership import Holding, ownership_rules, reached
from openward.determine.control.parties import ListEffect, list_effects
from openward.determine.decision import Unresolved, Verdict
from openward.determine.kleene import Truth
from openward.determine.step import Step

if TYPE_CHECKING:
    from openward.determine.screening.screener import Screener

_RULES = ("usa-ofac-50", "usa-bis-affiliates")
_WORDS = {Verdict.PROHIBITED: "prohibited", Verdict.LICENCE: "licence needed, no licence exception"}


@dataclass(frozen=True, slots=True)
class UsListed:
    """A party that is, may be, or through its owners counts as listed; ``binds`` says how sure that is."""

    asked: str
    found: str
    effect: ListEffect
    binds: Truth
    why: str

    def doubt(self, plain: str) -> Unresolved:
        """Say what would settle it."""
        return Unresolved(
            fact=f"whether {self.asked} is {self.found}"
            if "renewal" not in self.why
            else f"renewal: {self.why}",
            why=f"{self.effect.name}: {self.effect.effect} [{self.effect.citation}]; {self.why}",
            if_true=_WORDS[self.effect.verdict] if "renewal" not in self.why else plain,
            if_false=plain if "renewal" not in self.why else _WORDS[self.effect.verdict],
        )

    def step(self) -> Step:
        """Give the step for the trace."""
        output = {Truth.TRUE: "listed", Truth.UNKNOWN: "not known", Truth.FALSE: "not listed"}[self.binds]
        asked = f"{self.asked} ~ {self.found}: {self.why}"
        return Step(f"{self.effect.name}: {self.effect.effect}", "", asked, output, self.effect.citation)


def us_listed(
    parties: Sequence[str], screener: Screener, *, on: date, holdings: Sequence[Holding] = ()
) -> tuple[UsListed, ...]:
    """Give what lists and owners say of the parties.

    Parameters
    ----------
    parties : sequence of str
    screener : Screener
        Over parties whose ``source`` is the code of a list (``EL``, ``DPL``, ``UVL``, ``MEU``, ``SDN``);
        lists of other codes are not read.
    on : date
    holdings : sequence of Holding
    """
    out = [one for name in parties for one in _by_name(name, screener)]
    return (*out, *_by_owner(parties, screener, on, holdings))


def _by_name(name: str, screener: Screener) -> list[UsListed]:
    effects = list_effects()
    found = []
    for hit in screener.screen_name(name):
        effect = effects.get(hit.party.source)
        if effect is not None:
            same = Truth.TRUE if hit.score >= 1 else Truth.UNKNOWN
            found.append(UsListed(name, hit.found, effect, same, f"names alike {hit.score:.2f}"))
    return [one for one in found if one.binds is Truth.TRUE] or found


def _by_owner(
    parties: Sequence[str], screener: Screener, on: date, holdings: Sequence[Holding]
) -> list[UsListed]:
    out = []
    listed = {
        owner: [one for one in _by_name(owner, screener) if one.binds is Truth.TRUE]
        for owner in {one.owner for one in holdings}
    }
    for rule_id in _RULES:
        rule = ownership_rules()[rule_id]
        in_force = rule.in_force(on)
        if in_force is False:
            continue
        for code in rule.lists:
            owners = [owner for owner, hits in listed.items() if any(hit.effect.code == code for hit in hits)]
            for party, hit in reached(rule, owners, holdings).items():
                if party in parties:
                    held = ", ".join(one.owner for one in hit.owners)
                    why = f"{held} own {hit.share:%} of it [{rule.citation}]"
                    binds = Truth.TRUE if in_force else Truth.UNKNOWN
                    why = why if in_force else f"renewal of the suspension of {rule.id} not known; {why}"
                    out.append(UsListed(party, held, list_effects()[code], binds, why))
    return out
