"""Cases on products, duties and overlap."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.book.rules.small import LAW, NODES, PREFERENCE, Case, M, book, days, goods, node

from openward.book.duty import AdValorem, Compound, Minus, Specific, parse
from openward.book.model import Condition, Effect, Flow, Instrument, Scope
from openward.codes.nomenclature import Nomenclature


def on(*ranges: str, edition: str = "HS2022", **rest: object) -> Scope:
    return Scope(products=goods(*ranges, edition=edition), **rest)  # type: ignore[arg-type]


NATION = "CHN-2019"
N = replace(M, id="n")
CODED = replace(M, scope=on("870323", additional_codes=("A1",)))
SHARED = Scope(products=goods("870323"), partners=("GRP",))
ALIKE = replace(M, **PREFERENCE, scope=SHARED)
SINGLE = replace(ALIKE, id="n", scope=replace(SHARED, partners=("KOR",)))
ADDED = replace(ALIKE, instrument=Instrument.RETALIATORY_DUTY)
ACTS = (LAW, replace(LAW, id="other"))
CRUDE = replace(M, scope=Scope(sectors=("B06",)))
TEN = replace(M, effect=Effect(duty=AdValorem(Decimal("0.1"))))


def charged(*parts: object) -> Effect:
    return Effect(duty=Compound(parts) if len(parts) > 1 else parts[0])  # type: ignore[arg-type]


FIVE, TWO = AdValorem(Decimal("0.05")), AdValorem(Decimal("0.02"))
PER_KILO = Specific(Decimal(2), "CNY", Decimal(1), "KGM")
LISTED = replace(M, instrument=Instrument.ENTITY_LISTING, flow=Flow.EXPORT, effect=Effect(text="listed"))
CAP = replace(
    M,
    instrument=Instrument.EQUITY_CAP,
    flow=Flow.INWARD_INVESTMENT,
    scope=Scope(),
    effect=Effect(text="cap", number=Decimal(50), unit="%"),
)

CASES = [
    # Groups are expanded on a day: KOR leaves GRP on 2023-01-01.
    Case(
        "BR2",
        book(ALIKE, replace(SINGLE, valid=days(2023, 2024))),
        book(ALIKE, SINGLE),
        ("m", "n"),
    ),
    Case(
        "BR2",
        book(ALIKE, replace(SINGLE, scope=replace(SHARED, exclude=("KOR", "VNM")))),
        book(ALIKE, replace(SINGLE, scope=replace(SHARED, exclude=("KOR",)))),
        ("m", "n"),
    ),
    Case(
        "BR2",
        book(ALIKE, replace(SINGLE, act="other"), acts=(LAW, replace(LAW, id="other"))),
        book(M, replace(N, act="other"), acts=(LAW, replace(LAW, id="other"))),
        ("m", "n"),
    ),
    # One that may stand beside both does not hide that two others clash.
    Case(
        "BR2",
        book(ALIKE, replace(SINGLE, act="other"), acts=ACTS),
        book(
            replace(ALIKE, valid=days(2022)),
            replace(SINGLE, act="other"),
            replace(SINGLE, id="o", act="other", valid=days(2022, 2023)),
            acts=ACTS,
        ),
        ("n", "o"),
    ),
    Case(
        "BR2",
        book(ADDED, replace(ADDED, id="n", act="other"), acts=ACTS),
        book(ADDED, replace(ADDED, id="n")),
        ("m", "n"),
    ),
    Case(
        "BR2",
        book(CRUDE, replace(CRUDE, id="n", scope=Scope(sectors=("A01",)))),
        book(CRUDE, replace(CRUDE, id="n", scope=Scope(sectors=("B06/free",)))),
        ("m", "n"),
    ),
    Case("ME32", book(M, replace(N, scope=on("870324"))), book(M, replace(N, scope=on("8703"))), ("n", "m")),
    Case(
        "ME32",
        book(M, replace(N, scope=on("8703", exclude_products=("870323",)))),
        book(M, replace(N, scope=on("8701-8705"))),
        ("n", "m"),
    ),
    Case("ME32", book(M, replace(N, scope=on("*"))), book(M, replace(N, scope=on("87"))), ("n", "m")),
    Case(
        "ME201",
        book(replace(M, imposed_by="GRP"), replace(N, valid=days(2025, 2026))),
        book(replace(M, imposed_by="GRP"), N),
        ("m", "n"),
    ),
    Case(
        "ME7",
        book(replace(M, scope=on("8703", edition=NATION))),
        book(replace(M, scope=on("870323", edition=NATION))),
    ),
    Case(
        "ME8",
        book(replace(M, scope=on("8703239010", edition=NATION), valid=days(2022, 2023))),
        book(replace(M, scope=on("8703239010", edition=NATION))),
    ),
    Case(
        "NIG201",
        book(replace(M, scope=on("*", edition="CN2020"))),
        book(replace(M, scope=on("87", edition="CN2020"))),
    ),
    Case(
        "NIG202",
        book(replace(M, scope=on("8703", edition=NATION))),
        book(replace(M, scope=on("8704", edition=NATION))),
    ),
    Case("NIG202", book(M), book(replace(M, scope=on("8701-8777")))),
    Case(
        "NIG203",
        book(replace(M, scope=on("8703231000", edition=NATION))),
        book(replace(M, scope=on("8703239000", edition=NATION))),
    ),
    # 854140 was split in 2022; 870323 was not touched.
    Case(
        "NIG204",
        book(replace(M, valid=days(2020, 2024))),
        book(replace(M, scope=on("854142"), valid=days(2020, 2024))),
    ),
    Case(
        "NIG205",
        book(replace(M, scope=on("8703", exclude_products=("870323",)))),
        book(replace(M, scope=on("8703", exclude_products=("8704",)))),
    ),
    Case("NIG205", book(M), book(replace(M, scope=Scope(exclude_products=("8704",))))),
    Case("NIG205", book(M), book(replace(M, scope=on("870323", exclude_products=("870323",))))),
    Case("NIG206", book(replace(M, scope=on("8703", "8705"))), book(replace(M, scope=on("870323", "8703")))),
    Case(
        "NIG207",
        book(),
        book(editions=[Nomenclature.of(NATION, (*NODES, node("8703231011")))]),
        (NATION, "87032310"),
    ),
    Case(
        "NIG208",
        book(),
        book(editions=[Nomenclature.of(NATION, (*NODES, node("870410")))]),
        (NATION, "870410"),
    ),
    Case(
        "ME202",
        book(replace(M, scope=replace(M.scope, sectors=("C29",)))),
        book(replace(M, scope=replace(M.scope, sectors=("A01",)))),
    ),
    Case(
        "ME16",
        book(CODED, replace(N, scope=on("870323", additional_codes=("A2",)))),
        book(CODED, N),
        ("n", "m"),
    ),
    Case("ACN201", book(CODED), book(replace(M, scope=Scope(additional_codes=("A1",))))),
    Case("ACN202", book(CODED), book(replace(M, scope=on("870323", additional_codes=("A1", "A1"))))),
    Case(
        "ME43", book(replace(M, effect=charged(FIVE, PER_KILO))), book(replace(M, effect=charged(FIVE, TWO)))
    ),
    Case(
        "ME43",
        book(replace(M, effect=charged(PER_KILO, replace(PER_KILO, of="sugar")))),
        book(replace(M, effect=charged(PER_KILO, PER_KILO))),
    ),
    Case(
        "ME208",
        book(replace(M, effect=charged(FIVE, PER_KILO))),
        book(replace(M, effect=charged(PER_KILO, FIVE))),
    ),
    Case(
        "ME209",
        book(replace(M, effect=charged(FIVE, Minus(TWO)))),
        book(replace(M, effect=charged(TWO, Minus(FIVE)))),
    ),
    Case("ME209", book(M), book(replace(M, effect=charged(Minus(FIVE))))),
    Case("ME210", book(M), book(replace(M, effect=charged(AdValorem(Decimal(35)))))),
    Case(
        "ME51",
        book(replace(M, effect=charged(PER_KILO))),
        book(replace(M, effect=charged(replace(PER_KILO, unit="XYZ")))),
    ),
    Case("ME51", book(CAP), book(replace(CAP, effect=replace(CAP.effect, unit="percent")))),
    Case(
        "ME48",
        book(replace(M, effect=charged(PER_KILO))),
        book(replace(M, effect=charged(replace(PER_KILO, currency="XYZ")))),
    ),
    Case("ME211", book(CAP), book(replace(CAP, effect=replace(CAP.effect, number=Decimal(150))))),
    Case("ME211", book(CAP), book(replace(CAP, effect=replace(CAP.effect, number=Decimal(-5))))),
    Case("ME211", book(CAP), book(replace(CAP, effect=replace(CAP.effect, number=None)))),
    Case("ME212", book(CAP), book(replace(CAP, flow=Flow.IMPORT))),
    Case("ME212", book(M), book(replace(M, flow=Flow.EXPORT))),
    Case(
        "ME213",
        book(replace(M, scope=replace(M.scope, hint_only=True), effect=Effect(text="see the text"))),
        book(replace(M, scope=replace(M.scope, hint_only=True))),
    ),
    Case(
        "ME214",
        book(replace(M, instrument=Instrument.TARIFF_QUOTA, conditions=(Condition("quota", "first 10 t"),))),
        book(replace(M, instrument=Instrument.TARIFF_QUOTA)),
    ),
    Case("ME215", book(replace(LISTED, scope=Scope(parties=("A Company",)))), book(LISTED)),
    Case(
        "ME216",
        book(TEN, replace(ALIKE, id="n")),
        book(M, replace(ALIKE, id="n", effect=Effect(duty=parse("11 %")))),
        ("n", "m"),
    ),
]
