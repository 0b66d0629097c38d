"""Screen a party: index, gate, scorer; every hit with its reasons and its standing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openward.determine.screening.index import NameIndex
from openward.determine.screening.memory import ClearedHits, Standing
from openward.determine.screening.name import Name, prepare
from openward.determine.screening.needs import needed
from openward.determine.screening.party import Party, party_document, spellings
from openward.determine.screening.scorer import (
    BEGINS_ALIKE,
    MATCH,
    SAME_CHARACTERS,
    AlignmentScorer,
    Reason,
    Scored,
    Scorer,
)

_LOOKED_AT = 60
_COSINE = 0.30
_GATE = 66
_COMPARED = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed party that may be the one asked about: which names met, how sure, why, and its standing."""

    party: Party
    asked: str
    found: str
    score: float
    reasons: tuple[Reason, ...]
    standing: Standing

    def as_dict(self) -> dict[str, Any]:
        """Give the hit as JSON prints it: the entity of FollowTheMoney with score and features."""
        return party_document(self.party) | {
            "score": round(self.score, 4),
            "match": self.score >= MATCH,
            "asked": self.asked,
            "found": self.found,
            "features": {reason.feature: round(reason.value, 4) for reason in self.reasons},
            "explanation": [str(reason) for reason in self.reasons],
            "standing": self.standing.state,
            "standing_why": self.standing.why,
        }


class Screener:
    """An index over the parties of some lists.

    Parameters
    ----------
    parties : iterable of Party
    scorer : Scorer, optional
        Default: :class:`~openward.determine.screening.scorer.AlignmentScorer`.
    memory : ClearedHits, optional
    """

    scorer: Scorer

    def __init__(
        self, parties: Iterable[Party], *, scorer: Scorer | None = None, memory: ClearedHits | None = None
    ) -> None:
        self.parties = tuple(parties)
        self.scorer = AlignmentScorer() if scorer is None else scorer
        self.memory = ClearedHits() if memory is None else memory
        self._names: list[Name] = []
        self._owners: list[int] = []
        for place, party in enumerate(self.parties):
            for name in dict.fromkeys(one for text in party.names for one in spellings(text)):
                self._names.append(prepare(name, party.schema))
                self._owners.append(place)
        self._joined = [" ".join(name.words) for name in self._names]
        self._index = NameIndex(self._names)
        self._gate: Any = needed("rapidfuzz.fuzz").token_set_ratio

    @property
    def size(self) -> int:
        """How many names are indexed."""
        return len(self._names)

    def screen(self, party: Party, *, least: float = MATCH) -> tuple[Hit, ...]:
        """Give the listed parties that may be this one, the surest first, none below ``least``."""
        best: dict[int, Hit] = {}
        for text in dict.fromkeys(one for name in party.names for one in spellings(name)):
            query = prepare(text, party.schema)
            for place, scored in self._compared(query):
                owner = self._owners[place]
                if scored.score < least or (owner in best and best[owner].score >= scored.score):
                    continue
                listed = self.parties[owner]
                best[owner] = Hit(
                    party=listed,
                    asked=query.text,
                    found=self._names[place].text,
                    score=scored.score,
                    reasons=scored.reasons,
                    standing=self.memory.standing(party, listed),
                )
        return tuple(sorted(best.values(), key=lambda hit: (-hit.score, hit.party.id)))

    def screen_name(self, name: str, *, schema: str = "", least: float = MATCH) -> tuple[Hit, ...]:
        """Screen one name."""
        return self.screen(Party(id=f"name:{name}", names=(name,), schema=schema), least=least)

    def _compared(self, query: Name) -> list[tuple[int, Scored]]:
        """Score the candidates; a name that one of them bears is not read as another's cut short."""
        scored = [(place, self.scorer.score(query, self._names[place])) for place in self._candidates(query)]
        if any(one.reasons[0].feature == SAME_CHARACTERS for _, one in scored):
            return [pair for pair in scored if pair[1].reasons[0].feature != BEGINS_ALIKE]
        return scored

    def _candidates(self, query: Name) -> Sequence[int]:
        nearest = self._index.nearest(query, most=_LOOKED_AT, least=_COSINE)
        if query.chinese:
            return [place for place, _ in nearest]
        joined = " ".join(query.words)
        passed = []
        for place, _ in nearest:
            if self._names[place].chinese:
                passed.append((100.0, place))
                continue
            value = self._gate(joined, self._joined[place], score_cutoff=_GATE)
            if value:
                passed.append((value, place))
        passed.sort(key=lambda pair: -pair[0])
        return [place for _, place in passed[:_COMPARED]]
