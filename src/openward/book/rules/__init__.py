"""Integrity rules of a book: one class each, with its number; the docstring is the rule.

Numbers follow the families of the European Union's TARIC (ME measures, NIG nomenclature, ACN additional
codes, GA groups, ON and QD quotas, ROIMB acts, CE conditions) with BR for the book, LE for events and RT for
record times. Below 200 a rule says what TARIC's rule of that number says; those from 201 up are our own.
"""

from __future__ import annotations

from openward.book.model import Book
from openward.book.rules import acts, additional, conditions, duties, events, partners, products, quotas
from openward.book.rules.base import Finding, Rule, Severity
from openward.book.rules.codes import KnownCodes
from openward.book.rules.identity import OneIdEach
from openward.book.rules.index import Index
from openward.book.rules.membership import MembershipsApart
from openward.book.rules.overlap import NoOverlap, NoOverlapInHierarchy, NotByGroupAndMember
from openward.book.rules.says import DutySays
from openward.book.rules.source import SourceNamed
from openward.book.rules.validity import SomeDay, WithinTheAct

RULES: tuple[Rule, ...] = (
    WithinTheAct(),
    NoOverlap(),
    KnownCodes(),
    OneIdEach(),
    SourceNamed(),
    MembershipsApart(),
    SomeDay(),
    DutySays(),
    products.CodeCanBeDeclared(),
    products.GoodsValidThroughout(),
    additional.AdditionalCodesApart(),
    NoOverlapInHierarchy(),
    duties.ExpressionOnce(),
    duties.CurrenciesKnown(),
    duties.UnitsKnown(),
    partners.ExclusionNeedsGroup(),
    partners.ExcludedIsMember(),
    partners.ExcludedOnce(),
    quotas.QuotaSpansMeasure(),
    quotas.OriginOfQuota(),
    NotByGroupAndMember(),
    products.SectorsHoldProducts(),
    partners.SomePartnerLeft(),
    partners.PartnerOnce(),
    partners.PartnerIsForeign(),
    partners.SomebodyImposes(),
    partners.PreferenceHasPartner(),
    duties.ExpressionsInOrder(),
    duties.DutyNotNegative(),
    duties.RateOfThisWorld(),
    duties.LimitInRange(),
    duties.InstrumentFitsFlow(),
    duties.HintCarriesNoDuty(),
    duties.QuotaIsNamed(),
    duties.ListingNamesParty(),
    duties.PreferenceBelowMfn(),
    products.EditionAtHand(),
    products.CodeExists(),
    products.WholeCodeIsLeaf(),
    products.EditionOfItsDay(),
    products.ExcludedInside(),
    products.RangeOnce(),
    products.LeafStandsAlone(),
    products.ParentExists(),
    additional.AdditionalCodeOfProduct(),
    additional.AdditionalCodeOnce(),
    conditions.ConditionOnce(),
    conditions.DocumentShape(),
    conditions.ThresholdRead(),
    conditions.FactRead(),
    conditions.ConditionsAgree(),
    conditions.MembershipEver(),
    quotas.OrderNumberExists(),
    quotas.QuotaOfImposer(),
    quotas.QuotaIsUsed(),
    quotas.QuotaCitesAct(),
    quotas.QuotaExcludesMembers(),
    quotas.QuotaPeriodsApart(),
    quotas.VolumePositive(),
    quotas.BalanceInside(),
    quotas.FilledInside(),
    quotas.QuotaUnitKnown(),
    quotas.QuotaUnitSame(),
    partners.GroupIsNotItself(),
    partners.MembersAreEconomies(),
    partners.GroupIsNoEconomy(),
    partners.MemberWithinGroup(),
    acts.PublishedBeforeForce(),
    acts.RepealedAfterForce(),
    acts.ArticlesOnce(),
    acts.ArticleExists(),
    acts.ActUnderItsId(),
    acts.RecordedAfterPublished(),
    acts.WithdrawnAfterRecorded(),
    acts.OneRecordADay(),
    events.EventsInOrder(),
    events.EventCitesAct(),
    events.EventWithinMeasure(),
    events.SuspensionEnds(),
    events.UntilOfSuspension(),
    events.EventOnce(),
)

__all__ = ["RULES", "Finding", "Rule", "Severity", "check", "errors"]


def check(book: Book) -> tuple[Finding, ...]:
    """Give everything in a book that breaks a rule, errors and warnings, in the order of the rules."""
    index = Index(book)
    return tuple(finding for rule in RULES for finding in rule.findings(index))


def errors(book: Book) -> tuple[Finding, ...]:
    """Give what breaks a book: findings that are more than a warning, in the order of the rules."""
    index = Index(book)
    wanted = (rule for rule in RULES if rule.severity is Severity.ERROR)
    return tuple(finding for rule in wanted for finding in rule.findings(index))
