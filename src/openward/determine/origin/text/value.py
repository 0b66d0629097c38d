"""Clauses on value, weight and regional content."""

from __future__ import annotations

import re

from openward.determine.origin.codes import CodeRange
from openward.determine.origin.rule import (
    EVERY,
    Basis,
    ForeignAtMostRegional,
    Formula,
    Level,
    MaxForeign,
    MaxForeignWeight,
    MinRegional,
    Rule,
    Selection,
    all_rules,
    any_rule,
)
from openward.determine.origin.text.places import named, phrases, places
from openward.determine.origin.text.wording import fraction

_PCT = r"(\d+(?:[.,]\d+)?)%"
_GOOD = r"(?:final )?(?:products?|goods?|sets?|printed fabric|article)"
_FOB = r"(?:the )?(?:free[- ]on[- ]board|fob)(?: \(fob\))?(?: (?:price|value|cost)s?)?"
_BASE = (
    r"(?P<base>(?:either )?(?:the )?(?:transaction value or (?:the )?)?ex-works price(?: \(exw\))"
    rf"?(?: or {_FOB})?"
    rf"|(?:the )?transaction value(?: or (?:the )?ex-works price)?|{_FOB}|(?:the )?net cost|(?:the )?value)"
    rf"(?: of (?:the|your) {_GOOD})?"
)
_NOT_ABOVE = (
    r"(?:does not exceed|do not exceed|must not exceed|not exceeding|shall not exceed|may not "
    r"exceed|cannot exceed|not exceed|up to)"
)
_USED = (
    r"(?: (?:which are |that are )?used)?(?: in (?:the |its )?(?:production|manufacture)(?: of "
    r"the good| process)?)?"
)
_MAX = re.compile(
    r"^(?:that )?(?:within the above limit, )?(?:the )?(?:total |maximum |their total |their )"
    rf"?value(?: of)? ?(?P<what>.*?){_USED} ?,? ?"
    rf"{_NOT_ABOVE} {_PCT} of {_BASE}(?P<second> or {_PCT} of {_FOB}(?: of the {_GOOD})?)?$",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"(?:classified |falling )?(?:of|in|within|under) the same (heading|subheading|chapter)(?: "
    r"as the (?:final )?\w+)?",
    re.IGNORECASE,
)
_THIS = re.compile(r"of this (heading|subheading|chapter)", re.IGNORECASE)
_ALL = re.compile(
    r"^(?:all )?(?:the |any )?(?:non-originating )?(?:materials?|parts)?(?: \(maxnom\))?(?: used)?$",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"^(?:within the above limit, )?(?:the )?(?:value of )?(?P<what>(?:the )?materials .*?)(?:, "
    r"taken together,)? are only used up to a value of"
    rf" {_PCT} of {_BASE}$",
    re.IGNORECASE,
)
_INDIVIDUAL = re.compile(
    r"^the individual weight of (?P<one>sugar)(?: \([^)]*\))? and of (?P<other>the materials of "
    r".*?) used (?:does|do) not exceed"
    r" (?P<share>\d+(?:\.\d+)?%) of the weight of (?:the )?final \w+$",
    re.IGNORECASE,
)
_BALANCE = re.compile(
    r"^(?:the )?value of (?:all )?(?:the )?non-originating materials(?: used)? (?:does|do) not "
    r"exceed the value of"
    r" (?:all )?(?:the )?originating materials(?: used)?$",
    re.IGNORECASE,
)
_MAXNOM = re.compile(
    rf"^a maximum of {_PCT} of {_BASE} is made up of non-originating parts(?: \(maxnom\))?$", re.IGNORECASE
)
_WEIGHT = re.compile(
    rf"^(?:that )?(?:the )?(?:total )?(?:net )?weight of (?P<what>.*?){_USED} {_NOT_ABOVE} {_PCT}"
    r" of (?:either )?(?:the )?(?:total )?(?:net )?weight of (?:the )?(?:final )?(?:product|good|"
    r"materials? used)s?(?P<more>.*)$",
    re.IGNORECASE,
)
_RVC = re.compile(
    r"(?:regional value content|qualifying value content|qvc|rvc)(?: \((?:rvc|qvc)\))?(?: as calculated "
    rf"under [^%]*?)? of (?:not less than|at least):? ?(?P<list>.*{_PCT}.*)$",
    re.IGNORECASE,
)
_ITEM = re.compile(
    rf"(?:\b[a-d]\) )?{_PCT}(?: of (?P<base>(?:either )?(?:the )?(?:ex-works price|{_FOB}|net cost|"
    r"value)[^,]*?))?"
    r"(?:,? (?:of the good)?,? ?(?:whether )?(?:using|under) the (?P<how>build-up|build-down|net "
    r"cost|focused value)(?: method)?"
    r"(?P<both> or (?:the )?build-down method)?(?: \(rvc\d+\))?(?: taking into account only the "
    r"(?:non-originating )?materials of (?P<only>.*?))?)?"
    r"(?=$|[;.]| •|, or| or)",
    re.IGNORECASE,
)
_HOW = {
    "build-up": Formula.BUILD_UP,
    "build-down": Formula.BUILD_DOWN,
    "net cost": Formula.NET_COST,
    "focused value": Formula.FOCUSED,
}


def basis_of(text: str) -> Basis:
    """Read which amount a share is taken of."""
    low = text.lower()
    if "net cost" in low:
        return Basis.NET_COST
    if "ex-works" in low:
        return Basis.EX_WORKS
    return Basis.FOB if "fob" in low or "free" in low else Basis.VALUE


def select(text: str) -> Selection | None:
    """Read which materials a clause speaks of; None where they are not understood."""
    what = re.sub(
        r"^(?:that of )?(?:all )?(?:of )?(?:the |any )?(?:non-originating )?",
        "",
        text.strip(" ,"),
        flags=re.IGNORECASE,
    )
    if not what or _ALL.match(what):
        return EVERY
    excluding: tuple[CodeRange, ...] = ()
    barred = ""
    head, _, out = what.partition(" except ")
    if not out:
        head, _, out = what.partition(", other than ")
    if out:
        found = places(out)
        excluding, barred = (found, "") if found else ((), re.sub(r"^(?:the )", "", out.strip(" ,")))
    what = head.strip(" ,")
    same = _SAME.search(what) or _THIS.search(what)
    level = Level[same.group(1).upper()] if same else None
    if same:
        what = (what[: same.start()] + what[same.end() :]).strip(" ,")
    if _ALL.match(what):
        return Selection((), level, "", excluding, barred)
    found = places(
        re.sub(r"^materials? (?:classified )?(?:of|in|within|under) ", "", what, flags=re.IGNORECASE)
    )
    if found:
        return Selection(found, level, "", excluding, barred)
    if phrases(what):
        listed = named(what)
        if len(listed) != 1 or not listed[0].ranges:
            return Selection((), level, what, excluding, barred)
        return Selection(listed[0].ranges, level, listed[0].description, excluding, barred)
    return Selection((), level, what, excluding, barred)


def value_clause(text: str) -> Rule | None:
    """Read a clause on value or weight; None where it is none."""
    words = text.strip(" .,;")
    if _BALANCE.match(words):
        return ForeignAtMostRegional()
    if found := _MAXNOM.match(words):
        return MaxForeign(fraction(found.group(1)), basis_of(found.group("base")))
    if found := _ONLY.match(words):
        limited = select(found.group("what"))
        return (
            None
            if limited is None
            else MaxForeign(fraction(found.group(2)), basis_of(found.group("base")), limited)
        )
    if found := _INDIVIDUAL.match(words):
        both = (select(found.group("one")), select(found.group("other")))
        share = fraction(found.group("share"))
        return all_rules(tuple(MaxForeignWeight(share, of) for of in both if of is not None))
    if found := _MAX.match(words):
        of = select(re.sub(r"^of ", "", found.group("what").strip()))
        if of is None:
            return None
        first = MaxForeign(fraction(found.group(2)), basis_of(found.group("base").split(" or free")[0]), of)
        if found.group("second"):
            return any_rule((first, MaxForeign(fraction(found.group(5)), Basis.FOB, of)))
        return first
    if found := _WEIGHT.match(words):
        of = select(found.group("what"))
        return None if of is None else MaxForeignWeight(fraction(found.group(2)), of)
    return None


def regional_clause(text: str) -> Rule | None:
    """Read a minimum of regional value content, by one or several methods."""
    words = text.strip(" .,;")
    found = _RVC.search(words)
    if not found or found.start() > 60:
        return None
    return regional_items(found.group("list"))


def regional_items(text: str) -> Rule | None:
    """Read "a) 30% under the build-up method or b) ..."."""
    items = tuple(_ITEM.finditer(text))
    read = [rule for item in items for rule in _regional(item)]
    left = _ITEM.sub("", text)
    if not read or re.sub(r"[\s.,;•]|\bor\b|\b[a-d]\)|of the (?:good|product|goods)", "", left):
        return None
    return any_rule(tuple(read))


def _regional(item: re.Match[str]) -> list[Rule]:
    share = fraction(item.group(1))
    how = (item.group("how") or "build-down").lower()
    base = item.group("base") or ""
    bases = [basis_of(base)] if "either" not in base.lower() else [Basis.EX_WORKS, Basis.FOB]
    formulas = [_HOW[how]] + ([Formula.BUILD_DOWN] if item.group("both") else [])
    of = EVERY
    if item.group("only"):
        ranges = places(item.group("only"))
        if ranges is None:
            return []
        of = Selection(ranges)
    return [
        MinRegional(share, formula, Basis.NET_COST if formula is Formula.NET_COST else basis, of)
        for formula in formulas
        for basis in bases
    ]
