"""Does a measure apply to one line of one partner? Its scope, its conditions and the day say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from openward.book.duty import evaluate
from openward.book.model import Book, Flow, Instrument, LineClass, Measure, ProductScope
from openward.codes.terms import Status
from openward.determine.groups import GroupsOn

IMPORT_DUTIES = frozenset(
    {
        Instrument.MFN_DUTY,
        Instrument.GENERAL_DUTY,
        Instrument.PROVISIONAL_DUTY,
        Instrument.PREFERENTIAL_DUTY,
        Instrument.TARIFF_QUOTA,
        Instrument.ANTI_DUMPING_DUTY,
        Instrument.COUNTERVAILING_DUTY,
        Instrument.SAFEGUARD_DUTY,
        Instrument.RETALIATORY_DUTY,
    }
)
WHOLE = "all"
"""Code of the one class of an industry that is not split."""

ASSUMING = frozenset({"coverage"})
"""Kinds of condition that make a rate an assumption: which lines are covered is not known one by one."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a measure applies; where it does not, why (empty: it is about something else)."""

    applies: bool
    why_not: str = ""


ELSEWHERE = Fit(False)
APPLIES = Fit(True)


def is_import_duty(measure: Measure, on: date) -> bool:
    """True for a duty on imports in force on a day."""
    return measure.flow is Flow.IMPORT and measure.instrument in IMPORT_DUTIES and on in measure.valid


def classes_of(book: Book, importer: str, sector: str) -> tuple[LineClass, ...]:
    """Give the classes of tariff lines an importer's industry is split into: one, where it is not split."""
    found = tuple(c for c in book.lines if c.economy == importer and c.sector == sector)
    return found or (LineClass(importer, sector, WHOLE, 1.0, 0),)


def rate_of(measure: Measure) -> float | None:
    """Give the ad valorem rate of a measure's duty; None where it has none or needs a unit value."""
    if measure.effect.duty is None:
        return None
    taken = evaluate(measure.effect.duty)
    return float(taken.ad_valorem) if taken.whole else None


def is_assumed(measure: Measure) -> bool:
    """True where the measure itself says that its rate rests on an assumption."""
    return any(c.kind in ASSUMING for c in measure.conditions)


def doubt(measure: Measure) -> int:
    """Rank doubt: 0 official, 1 assumed, 2 unverified, 3 both; of equal rates the surer is taken."""
    return 2 * (measure.status is Status.UNVERIFIED) + is_assumed(measure)


def specificity(measure: Measure, sector: str) -> int:
    """Rank how narrowly a measure names an industry: 0 all goods, 1 the industry, 2 a class of its lines."""
    if not measure.scope.sectors:
        return 0
    return 1 if sector in measure.scope.sectors else 2


def fit(measure: Measure, *, importer: str, partner: str | None, line: LineClass, groups: GroupsOn) -> Fit:
    """Say whether a duty in force applies to one line class of one partner.

    Parameters
    ----------
    measure : Measure
        An import duty in force.
    importer : str
    partner : str or None
        None: the origin is not known, so whatever names partners does not apply.
    line : LineClass
    groups : GroupsOn
    """
    scope = measure.scope
    if importer not in groups.members(measure.imposed_by):
        return ELSEWHERE
    if scope.sectors and not {line.sector, f"{line.sector}/{line.code}"} & set(scope.sectors):
        return ELSEWHERE
    if not _covers_partner(measure, partner, groups):
        return ELSEWHERE
    covered = coverage(scope.products, line.sector)
    if covered == "none":
        return ELSEWHERE
    limit = limitation(measure)
    if limit:
        return Fit(False, limit)
    if covered == "part":
        return Fit(False, f"it covers part of {line.sector} only, finer than the line classes of this book")
    for condition in measure.conditions:
        if condition.kind == "membership" and importer not in groups.members(condition.value):
            return Fit(False, f"{importer} is not a member of {condition.value} on {groups.on.isoformat()}")
    return APPLIES


def limitation(measure: Measure) -> str:
    """Say what fact beyond importer, partner, industry and day a measure turns on; empty where none."""
    scope = measure.scope
    if measure.zone:
        return f"it applies inside {measure.zone} only"
    if scope.hint_only:
        return "its text decides; the code is a pointer only"
    if scope.end_uses:
        return f"it depends on the end use ({', '.join(scope.end_uses)})"
    if scope.parties:
        return f"it depends on the parties ({', '.join(scope.parties)})"
    return ""


def _covers_partner(measure: Measure, partner: str | None, groups: GroupsOn) -> bool:
    scope = measure.scope
    if partner is None:
        erga_omnes = (
            not scope.partners and not scope.exclude and measure.instrument is not Instrument.MFN_DUTY
        )
        return erga_omnes or (measure.instrument is Instrument.GENERAL_DUTY and not scope.partners)
    if scope.partners and partner not in groups.expand(scope.partners):
        return False
    return not (scope.exclude and partner in groups.expand(scope.exclude))


@lru_cache(maxsize=65536)
def coverage(products: ProductScope | None, sector: str) -> str:
    """Say whether a product scope covers ``"all"`` of an industry, ``"none"`` or a ``"part"`` of it."""
    if products is None or "*" in products.ranges:
        return "all"
    if products.edition != "HS2022":
        return "part"
    from openward.codes.correlation import hs6_of

    codes = hs6_of(sector)
    inside = [any(_inside(code, r) for r in products.ranges) for code in codes]
    if codes and all(inside):
        return "all"
    return "part" if any(inside) or any(_cuts(code, r) for code in codes for r in products.ranges) else "none"


def names_lines(measure: Measure) -> bool:
    """True where a measure names nothing but tariff lines finer than subheadings."""
    products = measure.scope.products
    return products is not None and all(len(one.partition("-")[0]) > 6 for one in products.ranges)


def _inside(code: str, span: str) -> bool:
    low, _, high = span.partition("-")
    high = high or low
    return low <= code[: len(low)] and code[: len(high)] <= high


def _cuts(code: str, span: str) -> bool:
    """True where a range finer than six digits lies inside a subheading."""
    return any(len(end) > 6 and end.startswith(code) for end in span.split("-"))
