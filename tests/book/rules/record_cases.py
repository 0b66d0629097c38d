"""Cases on partners, groups, conditions, quotas, acts, events and record times."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.book.rules.small import (
    ADD,
    IN_QUOTA,
    LAW,
    MEMBERS,
    PREFERENCE,
    Case,
    M,
    Q,
    book,
    day,
    days,
    goods,
)

from openward.book.model import Article, Condition, ListingEvent, QuotaPeriod, Scope
from openward.codes.membership import Membership

GROUPED = Scope(partners=("GRP",))
P = replace(M, **PREFERENCE, scope=GROUPED)
DRAWS = replace(M, **IN_QUOTA)
FIRST, SECOND = Q.periods
USED = book(DRAWS, quotas=[Q])
FOUNDING = replace(LAW, id="treaty", kind="agreement", jurisdiction="GRP")


def scoped(*partners: str, exclude: tuple[str, ...] = ()) -> object:
    return book(replace(P, scope=Scope(partners=partners, exclude=exclude)))


def asked(*conditions: tuple[str, str]) -> object:
    return book(replace(M, conditions=tuple(Condition(kind, value) for kind, value in conditions)))


def first(**changes: object) -> object:
    return book(DRAWS, quotas=[replace(Q, periods=(replace(FIRST, **changes), SECOND))])  # type: ignore[arg-type]


def lived(*events: ListingEvent) -> object:
    return book(replace(M, events=events))


def event(kind: str, year: int, until: int | None = None, act: str = "law") -> ListingEvent:
    return ListingEvent(kind, day(year), act, day(until) if until else None)


CASES = [
    Case("ME203", scoped("GRP", exclude=("KOR",)), scoped("GRP", exclude=("KOR", "VNM"))),
    Case("ME65", scoped("GRP", exclude=("KOR",)), scoped("USA", exclude=("KOR",))),
    Case("ME66", scoped("GRP", exclude=("KOR",)), scoped("GRP", exclude=("USA",))),
    Case("ME68", scoped("GRP", exclude=("KOR",)), scoped("GRP", exclude=("KOR", "KOR"))),
    Case("ME204", scoped("GRP", "USA"), scoped("GRP", "KOR")),
    Case("ME204", scoped("USA"), scoped("USA", "USA")),
    Case("ME205", scoped("USA"), scoped("USA", "CHN")),
    Case("ME206", book(replace(M, imposed_by="GRP")), book(replace(M, imposed_by="OLD"))),
    Case("ME207", book(P), book(replace(P, scope=Scope(products=goods("8703"))))),
    Case("GA201", book(), book(members=(*MEMBERS, Membership("GRP", "GRP", days(2020)))), ("GRP",)),
    Case("GA202", book(), book(members=(*MEMBERS, Membership("GRP", "OLD", days(2020)))), ("GRP", "OLD")),
    Case("GA202", book(), book(members=(*MEMBERS, Membership("GRP", "XXX", days(2020)))), ("GRP", "XXX")),
    Case("GA203", book(), book(members=(*MEMBERS, Membership("FRA", "KOR", days(2020)))), ("FRA",)),
    Case(
        "GA204",
        book(acts=(LAW, replace(FOUNDING, repealed=None)), members=MEMBERS[2:3]),
        book(acts=(LAW, FOUNDING), members=MEMBERS[2:3]),
        ("GRP", "VNM"),
    ),
    Case("CE201", asked(("document", "N853")), asked(("document", "N853"), ("document", "N853"))),
    Case("CE202", asked(("document", "C644"), ("document", "4")), asked(("document", "phytosanitary paper"))),
    Case("CE203", asked(("threshold", "price < 52.60 EUR/DTN")), asked(("threshold", "price below 52.60"))),
    Case("CE203", asked(("threshold", "weight >= 10 KGM")), asked(("threshold", "weight >= 10 stones"))),
    Case(
        "CE204",
        asked(("fact", "purity >= 99.99 % and not (end_use == military or re_export)")),
        asked(("fact", "purity >= and military")),
    ),
    Case("CE204", asked(("fact", "use in (a, b)")), asked(("fact", "(purity > 5 %"))),
    Case(
        "CE205",
        asked(("threshold", "price < 10 EUR"), ("threshold", "price >= 5 EUR")),
        asked(("threshold", "price < 5 EUR"), ("threshold", "price >= 5 EUR")),
    ),
    Case("CE205", asked(("document", "N853")), asked(("document", "N853"), ("document", "!N853"))),
    Case("CE206", asked(("membership", "GRP")), asked(("membership", "OLD"))),
    Case("ON201", USED, book(DRAWS)),
    Case("ON202", USED, book(replace(DRAWS, imposed_by="USA"), quotas=[Q])),
    Case("ON203", USED, book(quotas=[Q]), ("090001",)),
    Case(
        "ON203",
        book(replace(M, conditions=(Condition("quota", "beyond 090001"),)), quotas=[Q]),
        book(replace(M, conditions=(Condition("quota", "beyond 090002"),)), quotas=[Q]),
        ("090001",),
    ),
    Case("ON204", USED, book(DRAWS, quotas=[replace(Q, act="lwa")]), ("090001",)),
    Case(
        "ON14",
        book(DRAWS, quotas=[replace(Q, exclude=("KOR",))]),
        book(DRAWS, quotas=[replace(Q, exclude=("USA",))]),
        ("090001",),
    ),
    Case("ME116", USED, book(replace(DRAWS, valid=days(2022, 2025)), quotas=[Q])),
    Case("ME116", USED, book(DRAWS, quotas=[replace(Q, periods=(SECOND,))])),
    Case("ME117", USED, book(DRAWS, quotas=[replace(Q, origins=("USA",))])),
    Case("ME117", USED, book(DRAWS, quotas=[replace(Q, exclude=("VNM",))])),
    Case(
        "ME117",
        book(replace(DRAWS, scope=M.scope), quotas=[replace(Q, origins=())]),
        book(replace(DRAWS, scope=M.scope), quotas=[Q]),
    ),
    Case("QD11", USED, first(valid=days(2022, 2024)), ("090001",)),
    Case("QD11", USED, first(valid=days(2022, 2022)), ("090001",)),
    Case("QD201", USED, first(volume=Decimal(0), balance=None), ("090001",)),
    Case("QD202", first(balance=Decimal(100)), first(balance=Decimal(101)), ("090001",)),
    Case("QD203", first(balance=Decimal(0), filled_on=day(2022, 6)), first(filled_on=day(2023)), ("090001",)),
    Case("QD203", first(balance=None, filled_on=day(2022, 6)), first(filled_on=day(2022, 6)), ("090001",)),
    Case(
        "QD204",
        book(DRAWS, quotas=[replace(Q, periods=(QuotaPeriod(days(2022, 2024), Decimal(9), "EUR"),))]),
        book(DRAWS, quotas=[replace(Q, periods=(QuotaPeriod(days(2022, 2024), Decimal(9), "tons"),))]),
        ("090001",),
    ),
    Case("QD205", USED, first(unit="KGM"), ("090001",)),
    Case(
        "ROIMB201",
        book(acts=[replace(LAW, signed=day(2019), published=day(2019, 6))]),
        book(acts=[replace(LAW, published=day(2020, 6))]),
        ("law",),
    ),
    Case("ROIMB202", book(), book(acts=[replace(LAW, repealed=day(2020))]), ("law",)),
    Case("ROIMB203", book(), book(acts=[replace(LAW, articles=(Article("1"), Article("1")))]), ("law",)),
    Case("ROIMB204", book(replace(M, article="2(1)")), book(replace(M, article="3"))),
    Case("ROIMB205", book(), book(filed={"old": LAW}), ("law",)),
    Case(
        "RT201",
        book(replace(M, recorded=day(2019)), acts=[replace(LAW, published=day(2019))]),
        book(replace(M, recorded=day(2018)), acts=[replace(LAW, published=day(2019))]),
    ),
    Case(
        "RT202",
        book(records=(replace(M, recorded=day(2020), withdrawn=day(2021)),)),
        book(records=(replace(M, recorded=day(2021), withdrawn=day(2021)),)),
    ),
    Case(
        "RT203",
        book(replace(M, recorded=day(2021)), records=(replace(M, withdrawn=day(2021)),)),
        book(replace(M, recorded=day(2021)), records=(replace(M, withdrawn=day(2022)),)),
    ),
    Case(
        "LE201", lived(ADD, event("suspend", 2023), event("resume", 2024)), lived(ADD, event("resume", 2023))
    ),
    Case(
        "LE201", lived(ADD, event("remove", 2023)), lived(ADD, event("remove", 2023), event("suspend", 2024))
    ),
    Case("LE202", lived(ADD), lived(replace(ADD, act="lwa"))),
    Case("LE203", lived(ADD, event("stop", 2024)), lived(ADD, event("stop", 2025))),
    Case("LE204", lived(ADD, event("suspend", 2023, 2024)), lived(ADD, event("suspend", 2023))),
    Case("LE205", lived(ADD, event("suspend", 2023, 2024)), lived(ADD, event("suspend", 2023, 2023))),
    Case("LE205", lived(ADD), lived(ADD, event("stop", 2023, 2024))),
    Case("LE206", lived(ADD), lived(ADD, event("suspend", 2022, 2023))),
]
