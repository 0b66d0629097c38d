"""The nouns of the law: acts, measures, their scope and effect, classes of lines, the book.

Everything is frozen. A change of the law is a :class:`~openward.book.reform.Reform` applied to a
:class:`Book`, which gives another book.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from openward.book.duty import Duty
from openward.codes.membership import Membership
from openward.codes.nomenclature import Nomenclature
from openward.codes.terms import Interval, Status


class Instrument(StrEnum):
    """What kind of rule a measure is (a controlled list; prose in ``book/instruments.yaml``)."""

    MFN_DUTY = "mfn-duty"
    GENERAL_DUTY = "general-duty"
    PROVISIONAL_DUTY = "provisional-duty"
    PREFERENTIAL_DUTY = "preferential-duty"
    TARIFF_QUOTA = "tariff-quota"
    ANTI_DUMPING_DUTY = "anti-dumping-duty"
    COUNTERVAILING_DUTY = "countervailing-duty"
    SAFEGUARD_DUTY = "safeguard-duty"
    RETALIATORY_DUTY = "retaliatory-duty"
    EXPORT_DUTY = "export-duty"
    CONSUMPTION_TAX = "consumption-tax"
    VALUE_ADDED_TAX = "value-added-tax"
    IMPORT_FEE = "import-fee"
    PROHIBITION = "prohibition"
    LICENCE = "licence"
    LICENCE_POLICY = "licence-policy"
    ENTITY_LISTING = "entity-listing"
    INVESTMENT_PROHIBITION = "investment-prohibition"
    EQUITY_CAP = "equity-cap"
    CONTROL_REQUIREMENT = "control-requirement"
    SERVICES_PROHIBITION = "services-prohibition"
    SERVICES_CONDITION = "services-condition"
    SECURITY_REVIEW = "security-review"
    NEGATIVE_LIST = "negative-list"
    PILOT_ZONE = "pilot-zone"
    INVESTMENT_OPENING = "investment-opening"


class Flow(StrEnum):
    """What crosses the border."""

    IMPORT = "import"
    EXPORT = "export"
    INWARD_INVESTMENT = "inward-investment"
    OUTWARD_INVESTMENT = "outward-investment"
    SERVICES_MODE_1 = "services-mode-1"
    SERVICES_MODE_2 = "services-mode-2"
    SERVICES_MODE_3 = "services-mode-3"
    SERVICES_MODE_4 = "services-mode-4"


@dataclass(frozen=True, slots=True)
class Article:
    """An article of an act: its number as cited, and its text where it is at hand."""

    number: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class LegalAct:
    """An act of law: what every measure cites.

    ``articles`` is empty where they are not listed: then nothing is said about which exist.
    """

    id: str
    jurisdiction: str
    kind: str
    title: str
    number: str = ""
    signed: date | None = None
    published: date | None = None
    in_force: date | None = None
    repealed: date | None = None
    url: str = ""
    source: str = ""
    status: Status = Status.OFFICIAL
    articles: tuple[Article, ...] = ()
    recorded: date | None = None
    withdrawn: date | None = None

    @property
    def validity(self) -> Interval | None:
        """Days the act is in force; None where its entry into force is not known."""
        return None if self.in_force is None else Interval(self.in_force, self.repealed)


@dataclass(frozen=True, slots=True)
class ProductScope:
    """Ranges of codes in a named edition: ``"*"``, ``"0101"`` (a prefix) or ``"0101-0206"``, 2 to 10 digits.

    ``edition`` is an edition of the Harmonized System (``HS2022``) or a national one (``CN2019``,
    ``US-HTS2025``, ``EU-TARIC2019``); see :mod:`openward.codes.nomenclature`.
    """

    edition: str = "HS2022"
    ranges: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a measure is about. An empty tuple (or None) means: not limited in this respect.

    ``sectors`` holds industry codes, or one class of tariff lines inside an industry, written
    ``B06/free`` or ``B06/dutiable`` (see :class:`LineClass`); ``B06`` covers all its classes.
    ``exclude_products`` are ranges in the edition of ``products``; ``additional_codes`` part what one product
    code does not (a company, a variety).
    """

    products: ProductScope | None = None
    partners: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    end_uses: tuple[str, ...] = ()
    hint_only: bool = False
    exclude_products: tuple[str, ...] = ()
    additional_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What a measure does: a duty, or figures and text for what is not a duty.

    ``quota`` is the order number of a :class:`Quota` inside which the measure applies. ``number`` with its
    ``unit`` states a limit: ``50`` ``"%"`` is a cap of 50 percent.
    """

    duty: Duty | None = None
    items: int | None = None
    text: str = ""
    quota: str = ""
    number: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of use: ``kind`` (a controlled list: ``book/instruments.yaml``) and its ``value``.

    ``membership: RCEP`` means: the measure applies only while the economy that imposes it is a member;
    ``document: N853`` that the document is shown; ``fact: purity >= 99.99 %`` that the fact holds;
    ``threshold: price < 52.60 EUR/DTN`` that the price (or quantity) passes it.
    """

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class ListingEvent:
    """An event in the life of a listing; a listing is a history, never a boolean.

    ``kind`` is add, suspend, resume, stop or remove. ``until`` is the first day after a suspension that says
    its end. ``recorded`` is the day the event became known; None is the record of the measure itself.
    """

    kind: str
    on: date
    act: str
    until: date | None = None
    recorded: date | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One rule of law, dated and cited (``openward.measure/1``).

    ``imposed_by`` is an economy, or a group: then every member imposes it.
    ``act`` is the id of a :class:`LegalAct`; ``article`` the place in it. The record is known on the
    days ``[recorded, withdrawn)``; a correction is another record with the same id, recorded when this one is
    withdrawn.
    """

    id: str
    instrument: Instrument
    imposed_by: str
    flow: Flow
    scope: Scope
    effect: Effect
    valid: Interval
    act: str
    article: str = ""
    conditions: tuple[Condition, ...] = ()
    zone: str = ""
    recorded: date | None = None
    status: Status = Status.OFFICIAL
    note: str = ""
    events: tuple[ListingEvent, ...] = ()
    withdrawn: date | None = None
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class QuotaPeriod:
    """Days in which a quantity may enter.

    Attributes
    ----------
    valid : Interval
    volume : Decimal
        What may enter, in ``unit``.
    unit : str
        UN/ECE Recommendation 20, or a currency for a quota by value.
    balance : Decimal, optional
        What is left; None where it is not known.
    critical : bool
        Nearly filled: security is asked for.
    filled_on : date, optional
        Day on which it was used up; None where it was not, or that is not known.
    """

    valid: Interval
    volume: Decimal
    unit: str
    balance: Decimal | None = None
    critical: bool = False
    filled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """A quantity that measures draw on, by its order number; ``origins`` empty means any origin."""

    order_number: str
    imposed_by: str
    periods: tuple[QuotaPeriod, ...]
    origins: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    act: str = ""
    status: Status = Status.OFFICIAL
    note: str = ""
    recorded: date | None = None
    withdrawn: date | None = None
    where: str = field(default="", compare=False)

    def period(self, on: date) -> QuotaPeriod | None:
        """Give the period that holds a day; None where there is none."""
        return next((period for period in self.periods if on in period.valid), None)


@dataclass(frozen=True, slots=True)
class LineClass:
    """A class of tariff lines inside one industry of one importer, e.g. the duty-free ones.

    An industry is wider than a tariff line: crude oil enters free while shale in the same industry pays.
    ``share`` is the class's part of the industry's imports at reference weights (sums to one over an
    industry), ``lines`` how many tariff lines it holds.
    """

    economy: str
    sector: str
    code: str
    share: float
    lines: int
    source: str = ""


Record = Measure | LegalAct | Quota | Membership


@dataclass(frozen=True, slots=True)
class Book:
    """Measures, acts and memberships: the law at every date.

    Attributes
    ----------
    name : str
    economy : str
        The economy whose law it is (default importer of a question).
    covered_from, covered_to : date
        First day a question can be answered for; last day the law was recorded for.
    measures, acts : mapping from id
    memberships : tuple of Membership
        All groups the book can name: those of ``codes`` and its own.
    lines : tuple of LineClass
        Where an importer's industries are split into classes of tariff lines; others count as one class.
    quotas : mapping from order number
    nomenclatures : mapping from edition
        National editions that the book brings; those of the Harmonized System are in ``codes``.
    records : tuple
        Measures, acts, quotas and memberships that were known once and are withdrawn since
        (see :func:`openward.book.known.as_known`); the mappings hold what is known now.
    """

    name: str
    economy: str
    covered_from: date
    covered_to: date
    measures: Mapping[str, Measure] = field(default_factory=lambda: MappingProxyType({}))
    acts: Mapping[str, LegalAct] = field(default_factory=lambda: MappingProxyType({}))
    memberships: tuple[Membership, ...] = ()
    lines: tuple[LineClass, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    quotas: Mapping[str, Quota] = field(default_factory=lambda: MappingProxyType({}))
    nomenclatures: Mapping[str, Nomenclature] = field(default_factory=lambda: MappingProxyType({}))
    records: tuple[Record, ...] = ()

    def groups(self) -> frozenset[str]:
        """Give the codes of all groups with at least one membership."""
        return frozenset(m.group for m in self.memberships)

    def members(self, group: str, on: date) -> frozenset[str]:
        """Give the economies that belong to ``group`` on a day."""
        return frozenset(m.economy for m in self.memberships if m.group == group and on in m.valid)
