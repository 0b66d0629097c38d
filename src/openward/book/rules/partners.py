"""Rules about whom a measure is imposed by and on (ME), and about groups (GA)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from openward.book.model import Measure
from openward.book.rules.base import Finding, MeasureRule, Rule, Severity
from openward.book.rules.index import Index


class SomePartnerLeft(MeasureRule):
    """After exclusions a measure has a partner on some day."""

    number = "ME203"
    hint = "exclude fewer, or repeal the measure"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say that nobody is left."""
        if measure.scope.partners and not index.partners(measure):
            yield "has no partner on any of its days"


class ExclusionNeedsGroup(MeasureRule):
    """Only a measure on a group, or on everyone, excludes partners."""

    number = "ME65"
    hint = "leave the economy out of the partners instead"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say exclusions beside single economies alone."""
        scope = measure.scope
        if scope.exclude and scope.partners and not any(code in index.groups for code in scope.partners):
            yield f"excludes {' '.join(scope.exclude)} and names no group"


class ExcludedIsMember(MeasureRule):
    """A partner that is excluded belongs to a group of the measure on some day of it."""

    number = "ME66"
    hint = "exclude members of the group only"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say exclusions that take nobody away."""
        scope = measure.scope
        if not scope.exclude or not any(code in index.groups for code in scope.partners):
            return
        named = index.economies(scope.partners, measure.valid)
        for code in scope.exclude:
            if not named & index.economies((code,), measure.valid):
                yield f"excludes {code}, which is not among its partners"


class ExcludedOnce(MeasureRule):
    """A measure excludes each partner once."""

    number = "ME68"
    hint = "name it once"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say exclusions that come twice."""
        for code in sorted({c for c in measure.scope.exclude if measure.scope.exclude.count(c) > 1}):
            yield f"excludes {code} twice"


class PartnerOnce(MeasureRule):
    """A measure names each partner once, by itself or by a group."""

    number = "ME204"
    severity = Severity.WARNING
    hint = "name the group, or the members, not both"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say partners that come twice, or beside a group that they belong to throughout."""
        partners = measure.scope.partners
        if len(partners) < 2:
            return
        for code in sorted({c for c in partners if partners.count(c) > 1}):
            yield f"names {code} twice"
        for group in set(partners) & index.groups.keys():
            for code in sorted(set(partners) & index.days_of(group, measure.valid).keys()):
                yield f"names {code} beside {group}, of which it is a member"


class PartnerIsForeign(MeasureRule):
    """The economy that imposes a measure on trade is not named as its own partner."""

    number = "ME205"
    hint = "a partner never includes the importer itself"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say measures imposed on oneself."""
        if measure.imposed_by in measure.scope.partners and measure.imposed_by not in index.groups:
            yield f"is imposed by {measure.imposed_by} on itself"


class SomebodyImposes(MeasureRule):
    """A group that imposes a measure has a member on some day of it."""

    number = "ME206"
    hint = "state the memberships of the group"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say groups that are empty on all days of the measure."""
        if measure.imposed_by in index.groups and not index.days_of(measure.imposed_by, measure.valid):
            yield f"is imposed by {measure.imposed_by}, which has no member on any of its days"


class PreferenceHasPartner(MeasureRule):
    """A preferential, retaliatory, anti-dumping or countervailing duty names whom it is on."""

    number = "ME207"
    hint = "name the partners"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say duties of these kinds on everyone."""
        kinds = {"preferential-duty", "retaliatory-duty", "anti-dumping-duty", "countervailing-duty"}
        if measure.instrument.value in kinds and not measure.scope.partners:
            yield f"is a {measure.instrument.value} and names no partner"


class GroupIsNotItself(Rule):
    """A group is not a member of itself, by itself or through other groups."""

    number = "GA201"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give groups from which memberships lead back to them."""
        for group in sorted(index.groups):
            if group in _below(group, index):
                yield self.about(
                    group,
                    sentence=f"the group {group} is a member of itself",
                    hint="state the economies that belong to it",
                )


def _below(group: str, index: Index) -> set[str]:
    found: set[str] = set()
    waiting = [code for code in index.groups[group] if code in index.groups]
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting += [inner for inner in index.groups[code] if inner in index.groups]
    return found


class MembersAreEconomies(Rule):
    """The members of a group are economies: groups are not nested."""

    number = "GA202"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give members that are groups, or that nobody defined."""
        known = index.vocabulary.economies
        for group, members in index.groups.items():
            for code in members.keys() - known:
                what = "a group" if code in index.groups else "not defined"
                yield self.about(
                    group,
                    code,
                    sentence=f"{code}, a member of {group}, is {what}",
                    hint="state the economies that belong to it, with their days",
                )


class GroupIsNoEconomy(Rule):
    """A group does not have the code of an economy."""

    number = "GA203"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give groups that share a code with an economy."""
        for group in sorted(index.groups.keys() & index.vocabulary.economies):
            yield self.about(
                group,
                sentence=f"the group {group} has the code of an economy",
                hint="rename the group",
            )


class MemberWithinGroup(Rule):
    """An economy is not a member of a group after every agreement that founds the group is repealed.

    An agreement or treaty founds a group where its jurisdiction is the group; other groups are not judged.
    """

    number = "GA204"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give memberships that outlive all agreements of their group."""
        ends: dict[str, list[date | None]] = {}
        for act in index.book.acts.values():
            if act.kind in {"agreement", "treaty"} and act.jurisdiction in index.groups:
                ends.setdefault(act.jurisdiction, []).append(act.repealed)
        for one in index.book.memberships:
            known = [end for end in ends.get(one.group, ()) if end is not None]
            if not known or len(known) < len(ends[one.group]):
                continue
            if one.valid.end is None or one.valid.end > max(known):
                yield self.about(
                    one.group,
                    one.economy,
                    sentence=f"{one.economy} is in {one.group} until {one.valid.end or 'open'}, whose last "
                    f"agreement is repealed on {max(known)}",
                    hint="end the membership with the agreement",
                )
