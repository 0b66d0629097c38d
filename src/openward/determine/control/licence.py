"""Which kind of licence an applicant may use for dual-use items of China, and the clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from openward.determine.decision import Fact, Obligation
from openward.determine.facts import parse
from openward.determine.kleene import Truth

REGULATIONS = date(2024, 12, 1)
AUTHORITY = "Ministry of Commerce (商务部)"
REGISTRATION_CASES = (
    ("inspection-return-abroad", "repaired, tested or inspected in China and sent back to the same end user"),
    ("inspection-return-home", "sent abroad for repair, test or inspection and brought back"),
    ("exhibition-in-china", "shown at an exhibition in China and sent back unchanged at once"),
    ("exhibition-abroad", "shown at an exhibition abroad and brought back unchanged at once"),
    ("civil-aircraft-parts", "parts of civil aircraft sent for repair, or as spares"),
)
_BARRED = (
    "punished_criminally or (punished_administratively_within_5_years and grave) or owned_by_control_listed"
)
_GENERAL = "compliance_system and export_record and fixed_channels"
_CASES = ", ".join(f"'{name}'" for name, _ in REGISTRATION_CASES)


@dataclass(frozen=True, slots=True)
class LicenceKind:
    """A kind of licence: whether it is open to the applicant, and what it allows."""

    name: str
    open: Truth
    allows: str
    why: str
    citation: str
    missing: tuple[str, ...] = ()


def licence_kinds(
    facts: Mapping[str, Fact], *, on: date, watch_listed: Truth = Truth.FALSE
) -> tuple[LicenceKind, ...]:
    """Give the kinds of licence of the Dual-use Regulations (articles 15-16, 19-20, 26); none before them.

    Parameters
    ----------
    facts : mapping
        ``compliance_system``, ``export_record``, ``fixed_channels``, ``registration_case``,
        ``punished_criminally``, ``punished_administratively_within_5_years``, ``grave``,
        ``owned_by_control_listed``; what is absent is not known.
    on : date
    watch_listed : Truth
        Whether importer or end user is on the watch list.
    """
    if on < REGULATIONS:
        return ()
    barred = parse(_BARRED)
    general = parse(_GENERAL)
    registered = parse(f"registration_case in ({_CASES})")
    closed = barred.evaluate(facts) | watch_listed
    why_closed = "article 20 or 26 closes it" if closed is Truth.TRUE else ""
    return (
        LicenceKind(
            "individual licence 单项许可",
            Truth.TRUE,
            "one export to one end user, valid up to 1 year",
            "open to every applicant",
            "Dual-use Regulations 15(2), 16(1)",
        ),
        LicenceKind(
            "general licence 通用许可",
            general.evaluate(facts) & ~closed,
            "several exports to one or several end users, valid up to 3 years",
            why_closed
            or "needs a working compliance system, a record of exports and fixed channels and users",
            "Dual-use Regulations 15(3), 16(2), 20, 26",
            (*general.missing(facts), *barred.missing(facts)) if closed is not Truth.TRUE else (),
        ),
        LicenceKind(
            "export voucher by registration 登记获得出口凭证",
            registered.evaluate(facts) & ~closed,
            "the export registered, before each export",
            why_closed or "only for returns, exhibitions and parts of civil aircraft",
            "Dual-use Regulations 15(4), 19, 20, 26",
            (*registered.missing(facts), *barred.missing(facts)) if closed is not Truth.TRUE else (),
        ),
    )


def licence_obligations(
    measure: str, citation: str, *, on: date, watch_listed: Truth
) -> Iterator[Obligation]:
    """Give what an applicant must do, with the clock."""
    if on < REGULATIONS:
        yield Obligation(
            "apply for an export licence",
            AUTHORITY,
            "within the legal time limit (before 2024-12-01 set by the rules for each kind of item)",
            measure,
            f"Export Control Law 12, 22; {citation}",
        )
        return
    clock = "45 working days from acceptance; appraisal, experts and site visits not counted"
    if watch_listed is Truth.TRUE:
        clock = "no time limit: a party is on the watch list"
    elif watch_listed is Truth.UNKNOWN:
        clock += "; no time limit if a party proves to be on the watch list"
    law = "Dual-use Regulations"
    yield Obligation("apply for an export licence", AUTHORITY, clock, measure, f"{law} 14, 17; {citation}")
    yield Obligation(
        "show end user and end use by a document of the end user", AUTHORITY, "with the application",
        measure, f"{law} 16, 24",
    )  # fmt: skip
    yield Obligation("show the licence at declaration", "customs", "at export", measure, f"{law} 21")
    yield Obligation("keep the papers", "exporter", "5 years at least", measure, f"{law} 27")
    if watch_listed is not Truth.FALSE:
        yield Obligation(
            "submit a risk assessment of the watch-listed party and a commitment", AUTHORITY,
            "with the application", measure, f"{law} 26",
        )  # fmt: skip
