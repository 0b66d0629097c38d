"""What bears on one question of export control, and what it comes to under each assumption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openward.book.model import Instrument
from openward.determine.control.beyond import Movement
from openward.determine.control.listing import State
from openward.determine.control.match import Match
from openward.determine.control.parties import ListedAs
from openward.determine.control.words import (
    PHRASES,
    goods_doubt,
    party_doubt,
    renewal_doubt,
    use_doubt,
)
from openward.determine.decision import Fact, Question, Unresolved, Verdict
from openward.determine.facts import parse
from openward.determine.kleene import Truth

ORDER = (Verdict.FREE, Verdict.LICENCE, Verdict.REFUSED, Verdict.PROHIBITED)
_ALIVE = (State.IN_FORCE, State.RENEWAL_UNKNOWN)


@dataclass(frozen=True, slots=True)
class Case:
    """All that bears on one question, with the facts as given."""

    question: Question
    facts: Mapping[str, Fact]
    items: tuple[Match, ...]
    others: tuple[Match, ...]
    listed: tuple[ListedAs, ...]
    movement: Movement

    def outcome(self, assumed: Mapping[str, bool]) -> Verdict:
        """Give the verdict under assumptions by measure id; a doubt not assumed does not bind."""
        caught = self._caught(assumed)
        found = [Verdict.LICENCE if caught else Verdict.FREE]
        for match in self.others:
            if self._binds(match, assumed, caught=caught):
                found.append(verdict_of(match))
        for one in self.listed:
            if assumed.get(one.measure.id, one.binds is Truth.TRUE) and (caught or one.effect.goods == "all"):
                found.append(one.effect.verdict)
        return max(found, key=ORDER.index)

    def _caught(self, assumed: Mapping[str, bool]) -> bool:
        if assumed.get(self.movement.key, self.movement.reached is Truth.TRUE) is False:
            return False
        if self.facts.get("dual_use") is True:
            return True
        return any(assumed.get(one.measure.id, one.binds is Truth.TRUE) for one in self.items)

    def _binds(self, match: Match, assumed: Mapping[str, bool], *, caught: bool) -> bool:
        if match.applies is Truth.FALSE or match.standing.state not in (
            State.IN_FORCE,
            State.RENEWAL_UNKNOWN,
        ):
            return False
        facts = {**self.facts, "dual_use": caught}
        truth = parse(match.condition).evaluate(facts) if match.condition else Truth.TRUE
        if truth is Truth.FALSE:
            return False
        if match.standing.state is State.RENEWAL_UNKNOWN or truth is Truth.UNKNOWN:
            return assumed.get(match.measure.id, False)
        return True

    def outcomes(self, key: str, *, so: bool) -> str:
        """Give in words what a doubt settled one way leads to, whatever the other doubts come to."""
        hard, _ = self.doubts()
        others = dict.fromkeys(hard, True)
        found = {self.outcome({key: so}), self.outcome(others | {key: so})}
        return ", or ".join(PHRASES[one] for one in sorted(found, key=ORDER.index))

    def doubts(self) -> tuple[list[str], list[str]]:
        """Give the ids in doubt: those that decide the verdict, and those only the exporter can settle."""
        hard = [one.measure.id for one in self.items if one.binds is Truth.UNKNOWN]
        hard += [one.measure.id for one in self.listed if one.binds is Truth.UNKNOWN]
        hard += [self.movement.key] if self.movement.reached is Truth.UNKNOWN else []
        hard += [one.measure.id for one in self.others if one.standing.state is State.RENEWAL_UNKNOWN]
        everything = dict.fromkeys(hard, True)
        soft = [one.measure.id for one in self.others if one.measure.id not in everything]
        plain = self.outcome({})
        moved = [key for key in hard if self.outcome({key: True}) is not plain]
        moved += [
            key
            for key in hard
            if key not in moved and self.outcome(everything) is not self.outcome(everything | {key: False})
        ]
        highest = self.outcome(everything)
        open_ = [
            key
            for key in soft
            if not self._surely(key)
            and (
                self.outcome({key: True}) is not plain
                or self.outcome(everything | {key: True}) is not highest
            )
        ]
        return moved, open_

    def _surely(self, key: str) -> bool:
        clauses = {one.measure.id: one for one in self.others}
        return self._binds(clauses[key], {}, caught=self._caught({}))


def verdict_of(match: Match) -> Verdict:
    """Give what a control that binds comes to."""
    return {
        Instrument.PROHIBITION: Verdict.PROHIBITED,
        Instrument.LICENCE_POLICY: Verdict.REFUSED,
        Instrument.LICENCE: Verdict.LICENCE,
    }[match.measure.instrument]


def unresolved(case: Case) -> tuple[Unresolved, ...]:
    """Give every doubt with its outcomes: those that decide the verdict first."""
    hard, soft = case.doubts()
    items = {one.measure.id: one for one in case.items}
    others = {one.measure.id: one for one in case.others}
    listed = {one.measure.id: one for one in case.listed}
    out = []
    for key in (*hard, *soft):
        yes, no = case.outcomes(key, so=True), case.outcomes(key, so=False)
        if key == case.movement.key:
            out.append(case.movement.doubt(yes, no))
        elif key in listed:
            out.append(party_doubt(listed[key], yes, no))
        elif key in items and items[key].applies is Truth.UNKNOWN:
            out.append(goods_doubt(items[key], yes, no))
        elif key in items or others[key].standing.state is State.RENEWAL_UNKNOWN:
            out.append(renewal_doubt(items.get(key) or others[key], yes, no))
        else:
            out.append(use_doubt(others[key], yes, no))
    return tuple(out)
