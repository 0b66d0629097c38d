"""Most-favored-nation treatment: preferences for some, additional duties on some (GATT I:1)."""

from __future__ import annotations

from collections.abc import Iterator

from openward.book.model import Book, Instrument
from openward.codes.groups import GROUP_NAMES
from openward.determine.groups import GroupsOn
from openward.determine.legality.change import Change, in_wto
from openward.determine.legality.finding import LegalFinding, Severity, finding
from openward.determine.step import percent

LEAST_DEVELOPED = ("LDC-UN", "LDC-CHN")
REMEDIES = {
    Instrument.ANTI_DUMPING_DUTY: ("antidumping", "an investigation of dumping and injury, and the margin"),
    Instrument.COUNTERVAILING_DUTY: ("subsidies", "an investigation of subsidies and injury, and their size"),
}


def is_agreement(change: Change) -> bool:
    """True where a preference rests on an agreement: its act is one."""
    return change.act is not None and change.act.kind == "agreement"


def preferences(changes: tuple[Change, ...], book: Book) -> Iterator[LegalFinding]:
    """Judge lower duties for some partners only, and agreement duties that go up."""
    for change in changes:
        if change.measure.instrument is not Instrument.PREFERENTIAL_DUTY:
            continue
        if change.after is None or (change.before is not None and change.raises):
            yield from _withdrawn(change)
        elif not is_agreement(change):
            yield from _programme(change, book)


def _programme(change: Change, book: Book) -> Iterator[LegalFinding]:
    groups = GroupsOn(book, change.start)
    bound = sorted(code for code in change.imposers if in_wto(code, change.start))
    if not bound:
        yield finding(
            "most-favored-nation",
            Severity.UNKNOWN,
            f"{change.name}: its importer is not a member of the WTO; the GATT does not bind it.",
            ("gatt-i-1",),
            edits=(change.place,),
            measures=(change.name,),
            unknown=("clauses of most-favored-nation treatment in other treaties",),
        )
        return
    least = frozenset().union(*(groups.members(code) for code in LEAST_DEVELOPED if groups.is_group(code)))
    others = sorted(change.partners - least)
    who = named(change)
    if not others:
        listed = groups.members("LDC-UN") if groups.is_group("LDC-UN") else frozenset()
        beyond = sorted(change.partners - listed)
        yield finding(
            "most-favored-nation",
            Severity.IN_ORDER,
            f"{change.name}: a preference for least developed countries only ({who}) need not be extended.",
            ("enabling-2d", "ldc-waiver"),
            edits=(change.place,),
            measures=(change.name,),
            unknown=(f"not on the list of the United Nations: {', '.join(beyond)}",) if beyond else (),
            figures={"partners": float(len(change.partners))},
        )
        return
    yield finding(
        "most-favored-nation",
        Severity.BREACH,
        f"{change.name}: {', '.join(bound)} gives {who} an advantage that others do not get, and no "
        f"agreement, waiver or generalized scheme is cited; {len(others)} of {len(change.partners)} partners "
        "are not least developed.",
        ("gatt-i-1", "gatt-xxiv-5", "enabling-2a", "enabling-2d", "waiver"),
        edits=(change.place,),
        measures=(change.name,),
        unknown=(
            "a waiver that covers the programme",
            "agreements with the partners, notified under article XXIV or the Enabling Clause",
        ),
        figures={"partners": float(len(change.partners)), "not_least_developed": float(len(others))},
    )


def _withdrawn(change: Change) -> Iterator[LegalFinding]:
    what = "ends" if change.after is None else "goes up"
    if is_agreement(change):
        yield finding(
            "agreement",
            Severity.BREACH,
            f"{change.name}: a duty promised in an agreement {what} while the agreement is in force.",
            ("pacta",),
            edits=(change.place,),
            measures=(change.name,),
            unknown=("whether the agreement itself allows it: safeguard, suspension, renegotiation",),
        )
    else:
        yield finding(
            "most-favored-nation",
            Severity.IN_ORDER,
            f"{change.name}: a preference given unilaterally {what}; nothing in the GATT keeps it in place.",
            ("gatt-i-1", "ptas"),
            edits=(change.place,),
            measures=(change.name,),
        )


def additional(changes: tuple[Change, ...]) -> Iterator[LegalFinding]:
    """Judge duties on top of others: retaliation, safeguards, anti-dumping, countervailing."""
    for change in changes:
        kind = change.measure.instrument
        if change.after is None or change.raises is False:
            continue
        if kind is Instrument.RETALIATORY_DUTY:
            yield from _retaliation(change)
        elif kind is Instrument.SAFEGUARD_DUTY:
            yield _safeguard(change)
        elif kind in REMEDIES:
            text, needed = REMEDIES[kind]
            yield finding(
                "additional-duty",
                Severity.DUTY,
                f"{change.name}: a {kind.value} stands only on {needed}.",
                (text,),
                edits=(change.place,),
                measures=(change.name,),
                unknown=(needed,),
            )


def _retaliation(change: Change) -> Iterator[LegalFinding]:
    bound = sorted(code for code in change.imposers if in_wto(code, change.start))
    hit = frozenset(code for code in change.partners if in_wto(code, change.start))
    if not bound or not hit:
        return
    rate = change.measure.effect.duty
    selective = not change.everyone
    on_whom = f"on goods of {named(change)} alone" if selective else "on goods of all partners"
    yield finding(
        "additional-duty",
        Severity.BREACH,
        f"{change.name}: {', '.join(bound)} adds {rate or 'a duty'} {on_whom}, outside safeguards, "
        "anti-dumping and countervailing duties, and cites no authorization of the Dispute Settlement Body.",
        (*(("gatt-i-1",) if selective else ()), "gatt-ii-1", "dsu-22", "gatt-xxi"),
        edits=(change.place,),
        measures=(change.name,),
        unknown=(
            "an authorization to suspend concessions (Dispute Settlement Understanding 22)",
            "a claim of essential security interests (article XXI), and whether it would hold",
            "a right to rebalance under the Agreement on Safeguards, article 8, or article XXVIII",
        ),
    )


def _safeguard(change: Change) -> LegalFinding:
    selective = not change.everyone
    return finding(
        "additional-duty",
        Severity.BREACH if selective else Severity.DUTY,
        f"{change.name}: a safeguard applies whatever the source, and this one names {named(change)}."
        if selective
        else f"{change.name}: a safeguard needs an investigation of serious injury, and an end.",
        ("safeguards-2-2", "gatt-xix") if selective else ("gatt-xix",),
        edits=(change.place,),
        measures=(change.name,),
        unknown=(
            "whether it is a safeguard of an agreement between the two, or a quota allocated by country",
            "the investigation",
        )
        if selective
        else ("the investigation", "developing members below 3 % each and 9 % together, which are left out"),
    )


def named(change: Change) -> str:
    """Name the partners as the measure does."""
    names = [GROUP_NAMES.get(code, code) for code in change.measure.scope.partners] or ["all partners"]
    return ", ".join(names)


def share(value: float) -> str:
    """Print a share."""
    return percent(round(value, 4))
