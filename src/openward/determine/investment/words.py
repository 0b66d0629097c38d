"""The words of an investment decision."""

from __future__ import annotations

from collections.abc import Mapping

from openward.book.model import Book, Flow, Instrument
from openward.determine.decision import Unresolved, Verdict
from openward.determine.investment.admission import Admission, Missing, Ruling
from openward.determine.investment.asked import OTHER, Asked
from openward.determine.investment.editions import NOWHERE

_AGREEMENTS = ("CHN-", "CEPA-", "RCEP", "ECFA")
_SHORT = {
    Admission.FREE: "free",
    Admission.LIMITED: "admitted within limits",
    Admission.OPEN_QUESTION: "turns on facts not given",
    Admission.CLOSED: "not admitted",
}


def outcome(ruling: Ruling) -> str:
    """Say what a ruling comes to, with the limit it states."""
    if not ruling.edition.at_hand:
        return f"not known: the items of {ruling.edition.measure.id} are not in the book, only their number"
    limits = "; ".join(str(item.requires) for item in ruling.items if item.requires is not None)
    if ruling.admission is Admission.FREE:
        return "free, if it is " + limits if limits and ruling.edition.opening else "free"
    if ruling.admission is Admission.CLOSED and not limits:
        return "closed at any stake"
    if ruling.admission is Admission.OPEN_QUESTION:
        return f"admitted if {limits}, else not"
    if ruling.admission is Admission.CLOSED:
        return f"not admitted, the list asks for {limits}"
    return f"{_SHORT[ruling.admission]}: {limits}" if limits else _SHORT[ruling.admission]


def sentence(asked: Asked, verdict: Verdict, best: Mapping[str, Ruling], treaties: tuple[str, ...]) -> str:
    """Say the answer in one sentence."""
    what = subject(asked)
    if len(best) > 1:
        if verdict is Verdict.UNRESOLVED:
            named = ", ".join(activity for activity in best if activity != OTHER)
            return f"Whether foreign investment in {what} is admitted turns on the activity ({named})."
        return f"Foreign investment in {what} is free: no item of the list points at it."
    only = next(iter(best.values()))
    if verdict is Verdict.FREE:
        return f"Foreign investment in {what} is free of the negative list ({only.edition.measure.id})."
    if verdict is Verdict.CAPPED:
        return f"Foreign investment in {what} is admitted within the limits of the list: {_limits(only)}."
    if verdict is Verdict.PROHIBITED:
        return f"Foreign investment in {what} is prohibited: {outcome(only)}."
    if treaties:
        return (
            f"Foreign investment in {what}: {outcome(only)} under the lists; "
            f"whether {' or '.join(treaties)} gives more is not resolved."
        )
    if not only.edition.at_hand:
        return f"Whether foreign investment in {what} is admitted cannot be said: {outcome(only)}."
    if only.admission is not Admission.OPEN_QUESTION:
        return (
            f"Whether foreign investment in {what} is admitted turns on the zone: outside, {outcome(only)}."
        )
    return f"Whether foreign investment in {what} is admitted is not resolved: {outcome(only)}."


def subject(asked: Asked) -> str:
    """Name the activity, the sector, the place and the day."""
    what = asked.activity if asked.activity not in {"", OTHER} else ""
    sector = asked.question.sector
    named = f"{what} ({sector})" if what and sector else what or sector or "activities of no item"
    where = "" if asked.place == NOWHERE else f" in {asked.place}" if asked.place else ""
    stake = f" at {asked.facts['stake']}" if "stake" in asked.facts else ""
    return f"{named}{where}{stake} on {asked.question.on}"


def known_places(asked: Asked) -> frozenset[str]:
    """Give the places in which something could be better on the day."""
    openings = frozenset(e.zone for e in asked.editions if e.opening)
    return (asked.pilots | openings) - {asked.place}


def zone_unresolved(text: str, places: tuple[str, ...]) -> Unresolved:
    """Name the zone as the missing fact."""
    listed = ", ".join(places)
    return Unresolved(
        fact=f"zone in ({listed})",
        why="an investor in a zone may rely on what is open there (Foreign Investment Law 13)",
        if_true=text,
        if_false="as outside the zones",
    )


def fact_unresolved(missing: Missing, ruling: Ruling) -> Unresolved:
    """Name a fact that an item turns on, or an edition whose items are not at hand."""
    if missing.item is None:
        edition = ruling.edition.measure
        return Unresolved(
            fact=missing.fact,
            why=f"{edition.id} has {edition.effect.items} items; they are not in the book",
            if_true="as the item says: prohibited or conditioned",
            if_false="free",
            measures=(edition.id,),
        )
    return Unresolved(
        fact=missing.fact,
        why=missing.item.text,
        if_true="admitted within the limits of the list, if the rest holds too",
        if_false="not admitted",
        measures=(missing.item.measure.id,),
    )


def treaties(book: Book, asked: Asked) -> tuple[str, ...]:
    """Give the agreements with the investor's economy whose terms on admission are not in the book."""
    investor = str(asked.facts.get("investor", ""))
    if not investor or asked.facts.get("treaty_terms_better") is False:
        return ()
    home = book.economy
    groups = {m.group for m in book.memberships if m.economy == investor and asked.question.on in m.valid}
    ours = {m.group for m in book.memberships if m.economy == home and asked.question.on in m.valid}
    return tuple(sorted(name for name in groups & ours if name.startswith(_AGREEMENTS)))


def treaty_unresolved(name: str) -> Unresolved:
    """Name the terms of an agreement as the missing fact."""
    return Unresolved(
        fact=f"treaty_terms_better under {name}",
        why="a treaty with better terms of admission may be relied on (Foreign Investment Law 4); its "
        "terms are not in the book",
        if_true="as the treaty says",
        if_false="as the lists say",
    )


def notes(book: Book, asked: Asked, best: Mapping[str, Ruling]) -> tuple[str, ...]:
    """Say what else to know."""
    found = [
        "the text of an item decides, sectors are pointers; the texts were not read in the official lists"
    ]
    if any(one.admission is not Admission.FREE for one in best.values()) and "investor" not in asked.facts:
        found.append(
            "a treaty with better terms may be relied on (Foreign Investment Law 4): say investor=ECONOMY"
        )
    found += [
        f"{e.measure.id} ({e.measure.effect.items} items) serves {e.zone}; its items are not in the book"
        for e in asked.editions
        if not e.at_hand and e.zone and asked.place in {"", e.zone}
    ]
    found += [
        f"the list of {m.effect.items} items for all investors, domestic ones too, applies too ({m.id}); its "
        "items are not in the book"
        for m in book.measures.values()
        if m.instrument is Instrument.NEGATIVE_LIST
        and m.flow is Flow.INWARD_INVESTMENT
        and m.scope.parties
        and asked.question.on in m.valid
    ]
    pointed = {
        code
        for edition in asked.editions
        for item in edition.items
        if item.activity == asked.activity
        for code in item.measure.scope.sectors
    }
    if asked.activity and asked.industries and pointed and not pointed & set(asked.industries):
        found.append(
            f"the items on {asked.activity} point at {', '.join(sorted(pointed))}, not at the sector given"
        )
    return tuple(found)


def _limits(ruling: Ruling) -> str:
    return (
        "; ".join(str(item.requires) for item in ruling.items if item.requires is not None) or "see its text"
    )
