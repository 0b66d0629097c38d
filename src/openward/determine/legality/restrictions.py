"""Restrictions that are no duties: prohibitions and licences on goods, limits on investment and services."""

from __future__ import annotations

from collections.abc import Iterator

from openward.book.model import Instrument
from openward.determine.legality.change import GOODS, Change
from openward.determine.legality.finding import LegalFinding, Severity, finding
from openward.determine.legality.most_favored import named

QUANTITIES = frozenset({Instrument.PROHIBITION, Instrument.LICENCE, Instrument.LICENCE_POLICY})
ENTRY = frozenset(
    {
        Instrument.INVESTMENT_PROHIBITION,
        Instrument.EQUITY_CAP,
        Instrument.CONTROL_REQUIREMENT,
        Instrument.SERVICES_PROHIBITION,
        Instrument.SERVICES_CONDITION,
    }
)
OPENINGS = frozenset({Instrument.INVESTMENT_OPENING})


def restrictions(changes: tuple[Change, ...]) -> Iterator[LegalFinding]:
    """Judge prohibitions and licences on goods (GATT XI), and conditions of entry (GATS)."""
    for change in changes:
        measure = change.measure
        if not change.binds:
            continue
        if measure.instrument in QUANTITIES and measure.flow in GOODS and change.after is not None:
            yield _quantity(change)
            yield finding(
                "notice",
                Severity.DUTY,
                f"{change.name}: to be notified as a quantitative restriction.",
                ("quantities-notice",),
                edits=(change.place,),
                measures=(change.name,),
            )
        elif measure.instrument in ENTRY | OPENINGS:
            yield _entry(change)


def _quantity(change: Change) -> LegalFinding:
    selective = not change.everyone
    whom = f" of {named(change)} alone" if selective else ""
    return finding(
        "quantitative-restriction",
        Severity.DOUBT,
        f"{change.name}: a {change.measure.instrument.value} on {change.measure.flow.value}s{whom} stands "
        "only under an exception.",
        ("gatt-xi", *(("gatt-xiii",) if selective else ()), "gatt-xx", "gatt-xxi"),
        edits=(change.place,),
        measures=(change.name,),
        unknown=(
            "the end it serves: health, resources, morals, security ...",
            "whether a licence is automatic: then it restricts nothing",
        ),
    )


def _entry(change: Change) -> LegalFinding:
    """Judge what gets harder, what gets easier for some, what gets easier for all."""
    harder = (change.measure.instrument in ENTRY) is (change.after is not None)
    for_some = not change.everyone
    edits, measures = (change.place,), (change.name,)
    whom = f" for {named(change)} alone" if for_some else ""
    if harder:
        return finding(
            "commitment",
            Severity.UNKNOWN,
            f"{change.name}: a condition of entry{whom} is lawful only outside what was committed.",
            ("gats-xvi", "gats-xxi", *(("gats-ii",) if for_some else ())),
            edits=edits,
            measures=measures,
            unknown=(
                "commitments in services, by sector and mode",
                "treaties on investment with a standstill",
            ),
        )
    return finding(
        "commitment",
        Severity.DOUBT if for_some else Severity.IN_ORDER,
        f"{change.name}: entry made easier{whom} is due to all members, in services."
        if for_some
        else f"{change.name}: entry made easier for all breaks no commitment.",
        ("gats-ii",),
        edits=edits,
        measures=measures,
        unknown=("an agreement of economic integration, or a listed exemption",) if for_some else (),
    )
