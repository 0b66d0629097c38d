"""Sentences of the form "A change to X of heading ... from any other heading, provided that ..."."""

from __future__ import annotations

import re

from openward.determine.origin.codes import CodeRange
from openward.determine.origin.rule import (
    AllOf,
    Allowance,
    AnotherGood,
    Anything,
    ByGood,
    Excepted,
    Level,
    MaxForeign,
    MaxForeignWeight,
    Named,
    Outside,
    OutsideGroup,
    Proviso,
    Rule,
    Shift,
    Source,
    all_rules,
    any_rule,
)
from openward.determine.origin.text.places import named, phrases, places
from openward.determine.origin.text.value import regional_clause, value_clause

_CHANGE = re.compile(
    r"^a change (?:to (?P<target>.+?) )?(?P<from>from (?:any|within|another|a |heading|subheading|"
    r"chapter|one)\b.*)$",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"^no change in tariff classification (?:is )?required(?: for (?P<target>.+?))?,? provided "
    r"(?:that )?(?P<rest>.*)$",
    re.IGNORECASE,
)
_TARGET = re.compile(r"^(?P<what>.*?)\s*\b(?:of|in) (?=(?:heading|subheading|chapter)s? )", re.IGNORECASE)
_PLAIN = re.compile(r"^(?:a |the )?(?:goods?|products?)?$", re.IGNORECASE)
_OTHER = re.compile(r"^(?:a |any |all )?other (?:goods?|products?)$", re.IGNORECASE)
_ANY = re.compile(
    r"^any other (chapter|heading|subheading)(?P<within>,? including another (?:heading|subheading)"
    r" within that group)?$",
    re.IGNORECASE,
)
_GROUP = re.compile(r"^any (?:chapter|heading|subheading) outside (?:that|the) group$", re.IGNORECASE)
_WITHIN = re.compile(
    r"^(?:within (?:this|that|these|any one of these) (?P<level>headings?|subheadings?|chapters?)"
    r"(?:,? or any other (?P<or>heading|subheading|chapter)"
    r"|,? whether or not there is also a change from any other (?P<also>heading|subheading|chapter))?)$",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"^(?P<places>(?:chapter|heading|subheading) \d.*?),? whether or not there is also a change from any "
    r"other (?P<level>chapter|heading|subheading)$",
    re.IGNORECASE,
)
OTHER_GOOD = "any other good"


def target_of(text: str) -> tuple[str, tuple[CodeRange, ...]]:
    """Split "vermouth of heading 2205" into what and where; "a good of ..." has no what."""
    found = phrases(text)
    ranges = tuple(each for phrase in found for each in phrase.ranges)
    head = _TARGET.match(text)
    what = head.group("what") if head else ("" if found else text)
    tail = text[found[-1].end :].strip(" ,.") if found else ""
    if tail:
        what = f"{what} {tail}".strip()
    if _PLAIN.match(what):
        return "", ranges
    return (OTHER_GOOD if _OTHER.match(what) else re.sub(r"^an? ", "", what)), ranges


def change(text: str) -> tuple[str, Rule] | None:
    """Read a sentence on change of classification.

    Returns
    -------
    tuple of str and Rule, or None
        What the good is called where the rule is for some goods of the code only (empty: for all of them),
        and the
        rule; None where the sentence is of another form.
    """
    words = text.strip(" .;")
    if found := _NONE.match(words):
        what, _ = target_of(found.group("target") or "")
        inner = regional_clause(found.group("rest")) or value_clause(found.group("rest"))
        return what, inner or Proviso(found.group("rest"))
    found = _CHANGE.match(words)
    if not found:
        return None
    if " from " in f" {found.group('target') or ''} ":
        return None
    what, ranges = target_of(found.group("target") or "")
    rule = _from(found.group("from"), ranges)
    return None if rule is None else (what, rule)


def _from(text: str, group: tuple[CodeRange, ...]) -> Rule | None:
    body, provisos = _provisos(text)
    body, excepting = _exceptions(body)
    sources: list[Source] = []
    within: Level | None = None
    for part in re.split(
        r",? or (?=from |any |within )|, ?(?=from )", re.sub(r"^from ", "", body, flags=re.IGNORECASE)
    ):
        one = re.sub(r"^from ", "", part.strip(" ,"), flags=re.IGNORECASE)
        if match := _WITHIN.match(one):
            within = Level[match.group("level").upper().rstrip("S")]
            also = match.group("or") or match.group("also")
            sources += [Outside(Level[also.upper()])] if also else []
            continue
        if match := _ALSO.match(one):
            listed_ = places(match.group("places"))
            if listed_ is None:
                return None
            sources += [Outside(Level[match.group("level").upper()]), Named(listed_)]
            continue
        read = _source(one, group)
        if read is None:
            return None
        sources.append(read)
    if within is not None:
        return _within(within, sources, excepting, provisos)
    shift = Shift(tuple(sources), excepting)
    return all_rules((shift, *provisos))


def _within(
    level: Level, sources: list[Source], excepting: tuple[Excepted, ...], provisos: list[Rule]
) -> Rule:
    """Read "a change from within this heading, provided its materials are at most x %": an allowance."""
    outside = tuple(sources) or (Outside(level),)
    caps = [p for p in provisos if isinstance(p, MaxForeign | MaxForeignWeight)]
    rest = tuple(p for p in provisos if p not in caps)
    if len(caps) == 1 and not excepting:
        cap = caps[0]
        weight = isinstance(cap, MaxForeignWeight)
        if isinstance(cap, MaxForeign):
            allowed: Rule = Allowance(Shift(outside), cap.share, cap.of, weight, cap.basis)
        else:
            allowed = Allowance(Shift(outside), cap.share, cap.of, weight)
        return all_rules((allowed, *rest))
    return all_rules((Shift((Anything(),), excepting), *provisos))


def _source(text: str, group: tuple[CodeRange, ...]) -> Source | None:
    if found := _ANY.match(text):
        return Outside(Level[found.group(1).upper()])
    if _GROUP.match(text):
        return OutsideGroup(group)
    if found := re.match(r"^any other goods? of (.*)$", text, re.IGNORECASE):
        ranges = places(found.group(1))
        return AnotherGood(ranges) if ranges else None
    listed = named(text)
    if len(listed) == 1 and listed[0].ranges:
        return Named(listed[0].ranges, listed[0].description)
    return None


def _exceptions(text: str) -> tuple[str, tuple[Excepted, ...]]:
    parts = re.split(
        r",? (?:except|excluding)(?: for| from)? (?:a change from )?|,? but not from ", text, maxsplit=1
    )
    if len(parts) == 1:
        return text, ()
    return parts[0], named(parts[1])


def _provisos(text: str) -> tuple[str, list[Rule]]:
    parts = re.split(
        r",? (?:provided|on condition)(?: that|,)? ?(?=\S)", text, maxsplit=1, flags=re.IGNORECASE
    )
    if len(parts) == 1:
        joined = re.split(
            r",? (?:and|with) (?=(?:a |there is a )?(?:regional value content|qvc))",
            text,
            maxsplit=1,
            flags=re.IGNORECASE,
        )
        if len(joined) == 1:
            return text, []
        parts = joined
    read = regional_clause(parts[1]) or value_clause(parts[1])
    return parts[0], [read if read is not None else Proviso(parts[1].strip(" .,"))]


def by_good(read: list[tuple[str, Rule]]) -> Rule:
    """Join rules for goods told apart by description.

    A rule that names no goods is open to all of them; "any other good" is what the descriptions leave.
    """
    plain = [rule for what, rule in read if not what]
    names = list(dict.fromkeys(what for what, _ in read if what and what != OTHER_GOOD))
    rest = [rule for what, rule in read if what == OTHER_GOOD]
    otherwise = any_rule((*rest, *plain)) if rest or plain else None
    if not names and otherwise is not None:
        return otherwise
    cases = tuple((name, any_rule((*(r for what, r in read if what == name), *plain))) for name in names)
    return ByGood(cases, otherwise)


__all__ = ["OTHER_GOOD", "AllOf", "by_good", "change", "target_of"]
