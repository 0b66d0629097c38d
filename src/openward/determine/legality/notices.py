"""What a reform must be notified of, to whom."""

from __future__ import annotations

from collections.abc import Iterator

from openward.book.edits import Join, Leave
from openward.book.model import Book, Instrument
from openward.determine.groups import GroupsOn
from openward.determine.legality.change import GOODS, Change
from openward.determine.legality.finding import LegalFinding, Severity, finding
from openward.determine.legality.most_favored import LEAST_DEVELOPED, is_agreement

_REMEDIES = {
    Instrument.SAFEGUARD_DUTY: (
        "safeguards-12",
        "the Committee on Safeguards: investigation, finding, measure",
    ),
    Instrument.ANTI_DUMPING_DUTY: ("antidumping", "the Committee on Anti-Dumping Practices"),
    Instrument.COUNTERVAILING_DUTY: ("subsidies", "the Committee on Subsidies and Countervailing Measures"),
}


def notices(
    changes: tuple[Change, ...], moves: tuple[tuple[int, Join | Leave], ...], book: Book
) -> Iterator[LegalFinding]:
    """Give the notifications due, and the publication that every change of a rate needs."""
    groups: dict[str, list[int]] = {}
    for place, move in moves:
        groups.setdefault(move.group, []).append(place)
    for group, places in groups.items():
        yield finding(
            "notice",
            Severity.DUTY,
            f"{group}: the change of membership is notified to the Committee on Regional Trade Agreements "
            "(among developing members alone: to the Committee on Trade and Development).",
            ("gatt-xxiv-7", "enabling-2c"),
            edits=tuple(places),
        )
    for change in changes:
        if not change.binds:
            continue
        text, whom = _whom(change, book)
        if text and not (is_agreement(change) and set(change.measure.scope.partners) & groups.keys()):
            yield finding(
                "notice",
                Severity.DUTY,
                f"{change.name}: to be notified to {whom}.",
                (text,),
                edits=(change.place,),
                measures=(change.name,),
            )
    for flows, text in ((GOODS, "gatt-x-1"), (None, "gats-iii")):
        told = [c for c in changes if (c.measure.flow in GOODS) is (flows is not None)]
        if told:
            yield finding(
                "notice",
                Severity.DUTY,
                "Every change is published promptly, before it is enforced.",
                (text,),
                edits=tuple(change.place for change in told),
                measures=tuple(change.name for change in told),
            )


def _whom(change: Change, book: Book) -> tuple[str, str]:
    kind = change.measure.instrument
    if kind in _REMEDIES and change.after is not None:
        return _REMEDIES[kind]
    if kind is not Instrument.PREFERENTIAL_DUTY:
        return "", ""
    if is_agreement(change):
        return "gatt-xxiv-7", "the Committee on Regional Trade Agreements"
    standing = GroupsOn(book, change.start)
    least = frozenset().union(
        *(standing.members(code) for code in LEAST_DEVELOPED if standing.is_group(code))
    )
    text = "ldc-waiver" if change.partners <= least else "ptas"
    return text, "the Committee on Trade and Development, as a preferential trade arrangement"
