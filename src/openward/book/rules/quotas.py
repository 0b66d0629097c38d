"""Rules about quotas: order numbers (ON), their periods (QD), measures that draw on them (ME116, ME117)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from openward.book.model import Measure, Quota
from openward.book.rules.base import MeasureRule, QuotaRule, Severity
from openward.book.rules.index import Index, covered
from openward.codes.currencies import currencies
from openward.codes.units import units


class OrderNumberExists(MeasureRule):
    """The order number that a measure names is a quota of the book."""

    number = "ON201"
    hint = "add the quota to quotas.yaml, or correct the order number"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say order numbers that the book does not hold."""
        if measure.effect.quota and measure.effect.quota not in index.book.quotas:
            yield f"draws on quota {measure.effect.quota}, which the book does not hold"


class QuotaSpansMeasure(MeasureRule):
    """Periods of the quota cover every day of a measure that draws on it."""

    number = "ME116"
    hint = "add the missing period, or end the measure with the quota"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say measures with days outside all periods."""
        quota = index.book.quotas.get(measure.effect.quota)
        if quota is not None and not covered(measure.valid, (period.valid for period in quota.periods)):
            yield f"has days outside the periods of quota {quota.order_number}"


class OriginOfQuota(MeasureRule):
    """The partners of a measure that draws on a quota are origins of the quota."""

    number = "ME117"
    hint = "add the origin to the quota, or take the partner from the measure"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say partners that may not draw on the quota."""
        quota = index.book.quotas.get(measure.effect.quota)
        if quota is None or not (quota.origins or quota.exclude):
            return
        if not measure.scope.partners:
            yield f"is on every origin, quota {quota.order_number} is not"
            return
        may_not = index.economies(quota.exclude, measure.valid)
        partners = frozenset(index.partners(measure))
        if quota.origins:
            may_not |= partners - index.economies(quota.origins, measure.valid)
        for partner in sorted(partners & may_not):
            yield f"is on {partner}, not an origin of quota {quota.order_number}"


class QuotaOfImposer(MeasureRule):
    """A measure draws on a quota of the economy or group that imposes it."""

    number = "ON202"
    hint = "correct imposed_by of one of them"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say quotas of somebody else."""
        quota = index.book.quotas.get(measure.effect.quota)
        if quota is not None and quota.imposed_by != measure.imposed_by:
            by = measure.imposed_by
            yield f"is imposed by {by}, quota {quota.order_number} by {quota.imposed_by}"


class QuotaIsUsed(QuotaRule):
    """A measure draws on every quota."""

    number = "ON203"
    severity = Severity.WARNING
    hint = "add the measure that gives its duty"

    def breaks(self, quota: Quota, index: Index) -> Iterator[str]:
        """Say quotas that no measure names."""
        if quota.order_number not in index.drawing:
            yield "is drawn on by no measure"


class QuotaCitesAct(QuotaRule):
    """A quota cites an act that the book holds."""

    number = "ON204"
    hint = "name the act that opens the quota"

    def breaks(self, quota: Quota, index: Index) -> Iterator[str]:
        """Say quotas without an act."""
        if quota.act not in index.book.acts:
            yield f"cites {quota.act!r}, which is not among the acts" if quota.act else "cites no act"


class QuotaExcludesMembers(QuotaRule):
    """An origin that a quota excludes belongs to a group among its origins."""

    number = "ON14"
    hint = "exclude members of its groups only"

    def breaks(self, quota: Quota, index: Index) -> Iterator[str]:
        """Say exclusions that take nobody away."""
        if not quota.origins:
            return
        for code in quota.exclude:
            named = (index.economies(quota.origins, period.valid) for period in quota.periods)
            out = (index.economies((code,), period.valid) for period in quota.periods)
            if not any(a & b for a, b in zip(named, out, strict=True)):
                yield f"excludes {code}, which is not among its origins"


class QuotaPeriodsApart(QuotaRule):
    """The periods of a quota hold at least one day each and do not overlap."""

    number = "QD11"
    hint = "state periods one after the other, [from, to)"

    def breaks(self, quota: Quota, index: Index) -> Iterator[str]:
        """Say periods that overlap or are empty, and quotas without one."""
        if not quota.periods:
            yield "has no period"
        ordered = sorted(quota.periods, key=lambda period: period.valid.start)
        for one in ordered:
            if one.valid.empty:
                yield f"has an empty period from {one.valid.start}"
        for one, other in pairwise(ordered):
            if one.valid.overlaps(other.valid):
                yield f"has two periods on {other.valid.start}"


class VolumePositive(QuotaRule):
    """The volume of a period is above zero."""

    number = "QD201"
    hint = "state the volume; a closed quota has no period"

    def breaks(self, quota: Quota, index: Index) -> Iterator[str]:
        """Say volumes of nothing."""
        for period in quota.periods:
            if period.volume <= 0:
                yield f"has the volume {period.volume} from {period.valid.start}"


class BalanceInside(QuotaRule):
    """The balance of a period lies between zero and its volume."""

    number = "QD202"
    hint = "correct volume or balance; quantities carried over belong to the volume"

    def breaks(self, quota: Quota, index: Index) -> Iterator[str]:
        """Say balances outside."""
        for period in quota.periods:
            if period.balance is not None and not 0 <= period.balance <= period.volume:
                yield f"has {period.balance} left of {period.volume} from {period.valid.start}"


class FilledInside(QuotaRule):
    """The day on which a period was used up is one of its days, and nothing is left after it."""

    number = "QD203"
    hint = "correct the day or the balance"

    def breaks(self, quota: Quota, index: Index) -> Iterator[str]:
        """Say days outside, and balances that are left."""
        for period in quota.periods:
            if period.filled_on is None:
                continue
            if period.filled_on not in period.valid:
                yield f"was filled on {period.filled_on}, outside the period from {period.valid.start}"
            elif period.balance:
                yield f"was filled on {period.filled_on} and has {period.balance} left"


class QuotaUnitKnown(QuotaRule):
    """The volume of a period is in a unit of Recommendation 20, or in a currency."""

    number = "QD204"
    hint = "use a code of UN/ECE Recommendation 20 or ISO 4217"

    def breaks(self, quota: Quota, index: Index) -> Iterator[str]:
        """Say units that nobody defined."""
        for unit in sorted({period.unit for period in quota.periods}):
            if unit not in units() and unit not in currencies():
                yield f"is measured in {unit!r}, which nobody defined"


class QuotaUnitSame(QuotaRule):
    """All periods of a quota are measured in one unit."""

    number = "QD205"
    severity = Severity.WARNING
    hint = "convert to one unit, or check which is right"

    def breaks(self, quota: Quota, index: Index) -> Iterator[str]:
        """Say quotas that change their unit."""
        found = sorted({period.unit for period in quota.periods})
        if len(found) > 1:
            yield f"is measured in {' and '.join(found)}"
