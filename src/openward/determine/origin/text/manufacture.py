"""Sentences of the form "Manufacture from materials of any heading. However, ..."."""

from __future__ import annotations

import re
from decimal import Decimal

from openward.determine.origin.codes import CodeRange
from openward.determine.origin.rule import (
    Allowance,
    Anything,
    Basis,
    Excepted,
    Level,
    MaterialsObtained,
    Named,
    Outside,
    Process,
    Proviso,
    Rule,
    Selection,
    Shift,
    WhollyObtained,
    all_rules,
    any_rule,
)
from openward.determine.origin.text.places import merged, named, phrases, places
from openward.determine.origin.text.value import regional_clause, select, value_clause
from openward.determine.origin.text.wording import BULLET

_LEAD = re.compile(r"^(?:manufacture|production|manufacturing)\b[ :,]*", re.IGNORECASE)
_OF = r"(?:the |your )?(?:products?|goods?|final products?)"
_OTHER = re.compile(
    r"^(?:materials of )?any (?P<level>heading|subheading|chapter),? ?(?:except|other than) (?:that|"
    rf"those|the {{0}}) of {_OF}(?P<more>.*)$".replace(" the {0}", ""),
    re.IGNORECASE,
)
_WITHIN_OTHER = re.compile(
    r"^(?:in which )?all (?:the )?(?:non-originating )?materials(?: used)?(?: are| is| must be)"
    r"? classified (?:with)?in a (?P<level>heading|subheading|chapter) other than"
    rf" (?:that of {_OF}|(?P<places>(?:heading|chapter|subheading).*))$",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"^(?:materials|non-originating materials) (?:of|from|classified in) any (?P<level>heading|"
    r"subheading|chapter)(?P<more>.*)$",
    re.IGNORECASE,
)
_CODE_FROM = re.compile(
    r"^(?:other )?(?:non-originating )?materials (?:of|from|classified in) (?P<places>(?:heading|"
    r"chapter|subheading)s? .*)$",
    re.IGNORECASE,
)
_NOT_OF = re.compile(
    r"^(?:using )?materials not (?:classified (?:within|in|under)|of) (?P<places>.*)$", re.IGNORECASE
)
_OBTAINED = re.compile(
    r"^(?:(?:in which|where) )?(?:all )?(?:of )?(?:the |any )?(?P<what>.*?)(?: used)? ?(?:is|are|"
    r"must be|must already be|shall be|has to be|have to be) (?P<how>wholly obtained(?: or originating)"
    r"?|already originating|originating)(?: in .*)?$",
    re.IGNORECASE,
)
_GOOD_OBTAINED = re.compile(
    r"^(?:all (?:the )?(?:\w+(?: and \w+)* )?(?:of (?P<places>chapter.*?|heading.*?) )?(?:shall "
    r"be|must be|are|is) wholly obtained(?: or produced)?"
    r"|(?:the )?(?:goods?|products?) (?:is|are|must be|shall be) wholly obtained.*|wholly obtained(?: "
    r"goods?| products?)?)$",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"^(?:however,? )?(?P<what>.*?) may (?:also )?be (?:used|incorporated(?: into the set)?)"
    r"(?: as [a-z ]+)?,?"
    r"(?: ?provided(?: that)? (?:their|its|the) (?:total )?(?P<by>value|weight)(?:,? taken together,?)"
    r"? (?:of .*? )?(?:used )?(?:does|do) not exceed (?P<share>[\d.]+)% of (?:the )?(?P<base>.*?))?$",
    re.IGNORECASE,
)
_MAY_NOT = re.compile(r"^(?:however,? )?(?P<what>.*?) (?:may|must) not be used$", re.IGNORECASE)
_MAY_ONLY = re.compile(
    r"^(?:however,? )?(?P<what>materials (?:classified )?(?:of|in|within) the same (?:heading|"
    r"subheading)(?: as the product)?) (?:may be|are) used"
    r"(?:,? provided(?: that)? their (?:total )?value does not exceed (?P<share>[\d.]+)% of (?P<base>.*))?$",
    re.IGNORECASE,
)


def clause(text: str) -> Rule | None:
    """Read one clause about materials; None where it is of no known form."""
    words = re.sub(
        r"^(?:in which|where|from|that)[ ,]+", "", text.strip(" .,;:•"), flags=re.IGNORECASE
    ).strip(" ,:")
    words = re.sub(r",? ?\b(?:and|or)$", "", words)
    if found := _OTHER.match(words):
        return _other(Level[found.group("level").upper()], found.group("more"))
    if found := _WITHIN_OTHER.match(words):
        if not found.group("places"):
            return Shift((Outside(Level[found.group("level").upper()]),))
        ranges = places(found.group("places"))
        return Shift((Anything(),), (Excepted(ranges),)) if ranges else None
    if found := _ANY.match(words):
        return _any(found.group("more"))
    if found := _CODE_FROM.match(words):
        ranges = places(found.group("places"))
        return Shift((Named(ranges, "", True),)) if ranges else None
    read = regional_clause(words) or value_clause(words)
    if read is not None:
        return read
    if found := _NOT_OF.match(words):
        ranges = places(found.group("places"))
        return Shift((Anything(),), (Excepted(ranges),)) if ranges else None
    if found := _OBTAINED.match(words):
        if "%" in found.group("what"):
            return Proviso(words)
        if several := _several(found.group("what")):
            return all_rules(
                tuple(MaterialsObtained(of, "originating" in found.group("how").lower()) for of in several)
            )
        of = select(found.group("what"))
        return None if of is None else MaterialsObtained(of, "originating" in found.group("how").lower())
    return None


def _several(text: str) -> tuple[Selection, ...]:
    """Give the parts of "cereals of chapter 10, fruits of chapter 8 and sugar", each tested on its own."""
    if not phrases(text) or places(re.sub(r"^materials? of ", "", text)) is not None:
        return ()
    pieces = named(text)
    return tuple(Selection(one.ranges, None, one.description) for one in pieces) if len(pieces) > 1 else ()


def _other(level: Level, more: str) -> Rule | None:
    more = more.strip(" ,.")
    if not more:
        return Shift((Outside(level),))
    if found := re.match(
        r"^(?:and |or |,)*\s*(?:except |other than |of )?(?:those of |from |non-originating |materials "
        r"(?:of|from) |that of )*(?P<rest>.*)$",
        more,
        re.IGNORECASE,
    ):
        listed = named(found.group("rest"))
        if listed and all(one.ranges for one in listed):
            return Shift((Outside(level),), listed)
    return None


def _any(more: str) -> Rule | None:
    more = more.strip(" ,.:")
    if not more or re.match(r"^(?:\(?including|and )", more, re.IGNORECASE):
        return Shift((Anything(),))
    if found := re.match(
        r"^(?:except|other than):? (?:for |those of |that of |from |materials of )*(?P<rest>.*)$",
        more,
        re.IGNORECASE,
    ):
        return Shift((Anything(),), merged(list(named(found.group("rest").replace(BULLET, ", ")))))
    return None


def obtained(text: str) -> Rule | None:
    """Read a sentence by which the good itself must be wholly obtained."""
    return WhollyObtained() if _GOOD_OBTAINED.match(text.strip(" .")) else None


def however(rule: Rule, text: str) -> Rule | None:
    """Apply a sentence that begins with "However" to the rule before it; None where it is not understood."""
    words = text.strip(" .;")
    if found := _MAY_NOT.match(words):
        return _forbid(rule, named(found.group("what")))
    found = _MAY_ONLY.match(words) or _MAY.match(words)
    if found:
        of = _allowed(found.group("what"))
        if of is None or not isinstance(rule, Shift):
            return None
        if not found.group("share"):
            return Allowance(rule, None, of)
        weight = "by" in found.re.groupindex and (found.group("by") or "").lower() == "weight"
        from openward.determine.origin.text.value import basis_of

        basis = basis_of(found.group("base"))
        return Allowance(
            rule, Decimal(found.group("share")) / 100, of, weight, Basis.EX_WORKS if weight else basis
        )
    read = value_clause(re.sub(r"^however,? ", "", words, flags=re.IGNORECASE))
    return None if read is None else all_rules((rule, read))


def _allowed(text: str) -> Selection | None:
    words = re.sub(r"^these ", "", text.strip(), flags=re.IGNORECASE)
    if re.match(r"^materials? of the same description as the (?:product|good)$", words, re.IGNORECASE):
        return Selection(description="of the same description as the product")
    found = phrases(words)
    if len(found) > 1 and places(re.sub(r"^materials? of ", "", words)) is None:
        listed = named(words)
        ranges: tuple[CodeRange, ...] = tuple(r for one in listed for r in one.ranges)
        return Selection(ranges, description=words) if ranges else Selection(description=words)
    return select(words)


def _forbid(rule: Rule, barred: tuple[Excepted, ...]) -> Rule | None:
    if isinstance(rule, Shift) and barred:
        return Shift(rule.sources, rule.excepting + barred)
    return None


def provided(text: str) -> tuple[str, Rule] | None:
    """Split "PROCESS, provided that CONDITION" where the condition is understood."""
    if "may be used" in text:
        return None
    parts = re.split(
        r",? (?:provided(?: that)?|in which|where|on condition that) (?=(?:the |their |its )?(?:total "
        r")?(?:value|weight) )|(?<=\w) (?=the value of which )",
        text.strip(" ."),
        maxsplit=1,
        flags=re.IGNORECASE,
    )
    if len(parts) == 1:
        return None
    read = value_clause(
        re.sub(
            r"^(?:the )?value of which |^its value |^their (?:total )?value ",
            f"the value of {_subject(parts[0])} ",
            parts[1],
        )
    )
    if read is None:
        return None
    return parts[0].strip(" ,"), read


def _subject(text: str) -> str:
    """Give what "its value" speaks of: the words after the last "from" or "of"."""
    return re.split(r"\b(?:from|of) (?!heading|chapter|subheading|\d)", text.strip(" ,"))[-1].strip(" ,")


def listed(text: str) -> Rule | None:
    """Read a head and bullets: "Manufacture in which: • A, • B and • C"."""
    head, *items = [part.strip() for part in text.split(BULLET.strip())]
    items = [item for item in items if item.strip(" .,;")]
    if not items:
        return None
    lead = _LEAD.sub("", head).strip(" :,")
    opening, _, first_item = lead.partition(":")
    if first_item.strip():
        lead, items = opening, [first_item, *items]
    if lead.lower() == "from" and not items[0].lower().startswith("materials of any"):
        return _from_list(items)
    parts: list[Rule] = []
    if lead and lead.lower() not in ("in which", "where", "from", "in which the following"):
        first = clause(lead)
        if first is None:
            return None
        parts.append(first)
    inner = combine(items)
    if inner is None:
        return None
    return all_rules((*parts, inner)) if parts else inner


def combine(items: list[str]) -> Rule | None:
    """Join the items of a list by the words they end with; "A and B or C" is A with one of B and C."""
    read = [_item(item) for item in items]
    parts = tuple(rule for rule in read if rule is not None)
    if len(parts) < len(items) or not items:
        return None
    ends = [re.search(r"\b(and|or)$", item.strip(" ,;.").lower()) for item in items[:-1]]
    marks = [end.group(1) if end else "" for end in ends]
    if "or" not in marks:
        return all_rules(parts)
    first = marks.index("or")
    if "and" not in marks:
        return any_rule(parts)
    return all_rules((*parts[:first], any_rule(parts[first:]))) if "and" not in marks[first:] else None


def _item(item: str) -> Rule | None:
    sentences = re.split(r"\. (?=However)", re.sub(r"^\(?(?:i{1,3}|iv|[a-d])\) ", "", item.strip()))
    read = clause(sentences[0])
    for more in sentences[1:]:
        read = None if read is None else however(read, more)
    return read


def _from_list(items: list[str]) -> Rule | None:
    if any("However" in item or "provided" in item for item in items):
        return None
    sources = []
    for item in items:
        words = re.sub(r",? ?\b(?:and|or)$", "", item.strip(" ,;.")).strip(" ,;.")
        sources += [Named(one.ranges, one.description, True) for one in named(words, spread=True)]
    return Shift(tuple(sources))


def material(text: str) -> Rule | None:
    """Read "from yarn" or "from slabs of heading 7206 or heading 7207": materials named in words."""
    words = text.strip(" .")
    if (
        not words
        or len(words) > 240
        or re.search(r"provided|\. |materials of any heading|Manufacture|However|may be used", words)
    ):
        return None
    head, _, barred = words.partition(" except ")
    if barred:
        return Shift((Named((), head.strip(" ,"), True),), merged(list(named(barred))))
    one = named(words, spread=True)
    if phrases(words) and all(each.ranges for each in one):
        return Shift(tuple(Named(each.ranges, each.description, True) for each in one))
    return Shift((Named((), words, True),))


__all__ = ["Process", "clause", "however", "listed", "material", "obtained", "provided"]
