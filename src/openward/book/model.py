"""The nouns of the law: acts, measures, their scope and effect, classes of lines, the book.

Everything is frozen. A change of the law is a :class:`~openward.book.reform.Reform` applied to a
:class:`Book`, which gives another book.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from openward.book.duty import Duty
from openward.codes.membership import Membership
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
    PROHIBITION = "prohibition"
    LICENCE = "licence"
    ENTITY_LISTING = "entity-listing"
    INVESTMENT_PROHIBITION = "investment-prohibition"
    EQUITY_CAP = "equity-cap"
    CONTROL_REQUIREMENT = "control-requirement"
    SERVICES_PROHIBITION = "services-prohibition"
    SERVICES_CONDITION = "services-condition"
    SECURITY_REVIEW = "security-review"
    NEGATIVE_LIST = "negative-list"
    PILOT_ZONE = "pilot-zone"


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
class LegalAct:
    """An act of law: what every measure cites."""

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

    @property
    def validity(self) -> Interval | None:
        """Days the act is in force; None where its entry into force is not known."""
        return None if self.in_force is None else Interval(self.in_force, self.repealed)


@dataclass(frozen=True, slots=True)
class ProductScope:
    """HS ranges in a named edition: ``"*"``, ``"0101"`` (a prefix) or ``"0101-0206"``."""

    edition: str = "HS2022"
    ranges: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a measure is about. An empty tuple (or None) means: not limited in this respect.

    ``sectors`` holds industry codes, or one class of tariff lines inside an industry, written
    ``B06/free`` or ``B06/dutiable`` (see :class:`LineClass`); ``B06`` covers all its classes.
    """

    products: ProductScope | None = None
    partners: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    end_uses: tuple[str, ...] = ()
    hint_only: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What a measure does: a duty, or figures and text for what is not a duty."""

    duty: Duty | None = None
    items: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of use: ``kind`` (``origin``, ``membership``, ``quota``, ``coverage``) and its ``value``.

    ``membership: RCEP`` means: the measure applies only while the economy that imposes it is a member.
    """

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class ListingEvent:
    """An event in the life of a listing; a listing is a history, never a boolean."""

    kind: str
    on: date
    act: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One rule of law, dated and cited (``openward.measure/1``).

    ``imposed_by`` is an economy, or a group: then every member imposes it.
    ``act`` is the id of a :class:`LegalAct`; ``article`` the place in it.
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
    where: str = field(default="", compare=False)


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

    def groups(self) -> frozenset[str]:
        """Give the codes of all groups with at least one membership."""
        return frozenset(m.group for m in self.memberships)

    def members(self, group: str, on: date) -> frozenset[str]:
        """Give the economies that belong to ``group`` on a day."""
        return frozenset(m.economy for m in self.memberships if m.group == group and on in m.valid)
