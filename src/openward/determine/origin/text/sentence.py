"""Reading one published rule into a tree, or into one condition in words where its form is not known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from openward.determine.origin.rule import (
    AllOf,
    AnyOf,
    Basis,
    Formula,
    Level,
    MinRegional,
    Noted,
    Outside,
    Process,
    Proviso,
    Rule,
    Shift,
    all_rules,
    any_rule,
)
from openward.determine.origin.text.change import change
from openward.determine.origin.text.manufacture import (
    clause,
    combine,
    however,
    listed,
    material,
    obtained,
    provided,
)
from openward.determine.origin.text.places import named
from openward.determine.origin.text.value import regional_clause, regional_items, value_clause
from openward.determine.origin.text.wording import BULLET, clean, in_force, without_notes

_CODED = re.compile(
    r"^(?:CC|CTH|CTSH): all non-originating materials used in the production of the good have "
    r"undergone a change in tariff"
    r" classification at the (?P<digits>\d)-digit level(?: \([^)]*\))?(?P<more>.*)$",
    re.IGNORECASE,
)
STANDARD_QVC = AnyOf(
    (
        MinRegional(Decimal("0.40"), Formula.BUILD_DOWN, Basis.EX_WORKS),
        MinRegional(Decimal("0.45"), Formula.BUILD_DOWN, Basis.FOB),
        MinRegional(Decimal("0.35"), Formula.BUILD_UP, Basis.EX_WORKS),
        MinRegional(Decimal("0.35"), Formula.BUILD_UP, Basis.FOB),
    )
)
_LEVELS = {"2": Level.CHAPTER, "4": Level.HEADING, "6": Level.SUBHEADING}
_LEAD = re.compile(r"^(?:manufacture|production|manufacturing)\b[ :,]*", re.IGNORECASE)
_DOING = re.compile(
    r"\b(?:weaving|spinning|knitting|dyeing|printing|coating|flocking|extrusion|making[- ]up|refining|"
    r"distillation|drying|"
    r"milling|purification|destructive|lamination|retanning|calcination|cutting|beading|moulding|"
    r"alloying|separation|"
    r"enriching|processing|treatment|operations?|process|turning|planing|sanding|recovery|electrolytic|"
    r"crocheting|"
    r"non-woven|bleaching|manufacture of|assembl\w+|removal|chemical reaction|ginning|twisting|"
    r"mixing|blending|smoked|"
    r"crushed|ground|etching|welding|slaughter|retreading|gauze|diffusion|surfacing|coating|slicing|"
    r"polishing|working)\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"\((?:for the period )?((?:from |until )?\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+ 20\d\d[^()]*)\)"
)
_CHOICE = re.compile(
    r",? [oO]r (?=Manufacture|Production|Printing|Weaving|Making|Coating|Yarn|The operation|Spinning|Knitting"
    r"|Extrusion|Flocking|Dyeing)"
)
_TAIL = re.compile(r"^(?:• ?)?(?:[a-d]\) )?\d+(?:\.\d+)?%", re.IGNORECASE)
_CONTENT = re.compile(
    r"^your goods contain a |^the good has a |^a (?=(?:regional|qualifying|qvc))", re.IGNORECASE
)


def read_rule(text: str, classes: Sequence[str] = ()) -> tuple[str, Rule]:
    """Read one published rule.

    Parameters
    ----------
    text : str
        The rule as published, in Markdown.
    classes : sequence of str
        The machine classes it was published with; they only tell a process from words nobody read.

    Returns
    -------
    tuple of str and Rule
        What the good is called where the rule is for some goods of its code only, and the tree. A text of
        no known
        form is one :class:`Proviso` with ``unread`` set: it stands or falls with one fact.
    """
    return _read(text, tuple(classes))


@lru_cache(maxsize=32768)
def _read(text: str, classes: tuple[str, ...]) -> tuple[str, Rule]:
    words, notes = without_notes(clean(text))
    if not words.strip(" ."):
        return "", Proviso(notes[0] if notes else "the entry was published without text", unread=True)
    period = _PERIOD.search(words)
    if period is not None:
        words = f"{words[: period.start()].rstrip()}{words[period.end() :]}"
    what, rule = _sentence(words.strip(), classes)
    if period is not None:
        rule = all_rules((Proviso(in_force(period.group(1))), rule))
    return what, (Noted(rule, notes) if notes else rule)


def is_continuation(text: str) -> bool:
    """Say whether a rule is the next item of the list that the rule before it opened."""
    return bool(_TAIL.match(clean(text)))


def _sentence(words: str, classes: Sequence[str]) -> tuple[str, Rule]:
    if _TAIL.match(words):
        read = regional_items(words)
        return "", read or Proviso(words, unread=True)
    pieces = re.split(r",? or •? ?(?=(?:No|A) change )", words.replace(BULLET, " • "))
    if len(pieces) == 1 and (found := change(words.replace(BULLET, " ").replace("• ", ""))):
        return found
    if len(pieces) > 1:
        both = [change(piece.replace("• ", "")) for piece in pieces]
        if all(both):
            names = {each[0] for each in both if each}
            if len(names) == 1:
                return names.pop(), any_rule(tuple(each[1] for each in both if each))
    return "", _plain(words, classes)


def _plain(words: str, classes: Sequence[str]) -> Rule:
    choices = _CHOICE.split(words) if "•" not in words else [words]
    if len(choices) > 1:
        return any_rule(tuple(_plain(choice, classes) for choice in choices))
    for reader in (_coded, obtained, _standard, _content, _made):
        read = reader(words)
        if read is not None:
            return read
    split = provided(words)
    if split is not None and _is_process(split[0], classes):
        return all_rules((Process(split[0]), split[1]))
    unread = not _is_process(words, classes)
    text = words.strip(" .")
    return Proviso(text, unread=True) if unread else Process(text)


def _is_process(words: str, classes: Sequence[str]) -> bool:
    if re.match(r"(?:manufacture|production) (?:from|in which)|manufacture:|a change ", words, re.IGNORECASE):
        return False
    known = any(each.startswith(("PROCESS", "Insufficient")) for each in classes)
    return known or (bool(_DOING.search(words)) and len(words) < 420 and "%" not in words)


def _standard(words: str) -> Rule | None:
    """Give the content that the list of India means by "Standard QVC" (introductory note 1(f))."""
    return STANDARD_QVC if re.match(r"^standard qvc\.?$", words, re.IGNORECASE) else None


def _coded(words: str) -> Rule | None:
    found = _CODED.match(words)
    if not found:
        return None
    shift = Shift((Outside(_LEVELS[found.group("digits")]),))
    more = found.group("more").strip(" .,")
    if not more:
        return shift
    return _more(shift, more)


def _more(shift: Shift, more: str) -> Rule | None:
    parts = re.split(
        r",? (?:provided that|and(?= (?:a |the value|standard|qvc|regional)))\b ?|\. (?=However)",
        more,
        maxsplit=1,
    )
    parts = [part for part in parts if part]
    head = parts[0] if not more.startswith(("provided that", "and ")) else ""
    tail = (
        re.sub(r"^(?:provided that|and)[ :]+", "", more) if not head else parts[1] if len(parts) > 1 else ""
    )
    rule: Rule = shift
    if head:
        found = re.match(
            r"^,? ?(?:except|excluding|other than) (?:a change )?(?:from |for |those of )?(?:non-originating "
            r")?(?:materials? (?:of|from) )?(?P<rest>.*)$",
            head,
            re.IGNORECASE,
        )
        if not found:
            return None
        rule = Shift(shift.sources, named(found.group("rest")))
    if not tail:
        return rule
    if tail.lower().startswith("however"):
        return however(rule, tail)
    if "•" in tail:
        joined = combine([item for item in tail.split("•") if item.strip(" :,.")])
        if joined is not None:
            return all_rules((rule, joined))
    read = _standard(tail) or regional_clause(tail) or value_clause(tail) or clause(tail) or _content(tail)
    return all_rules((rule, read if read is not None else Proviso(tail.strip(" ."))))


def _content(words: str) -> Rule | None:
    text = re.sub(r"\bcannot exceed\b", "does not exceed", words.strip(" ."))
    text = re.sub(r"^the maximum value", "the value", text, flags=re.IGNORECASE)
    if _CONTENT.match(text):
        return regional_clause(_CONTENT.sub("", text))
    return regional_clause(text) if text.lower().startswith(("qvc", "regional")) else value_clause(text)


def _made(words: str) -> Rule | None:
    lead = _LEAD.match(words)
    if not lead and not re.match(r"^(?:all |in which |from |other operations )", words, re.IGNORECASE):
        return None
    if "•" in words:
        return listed(words)
    body = re.sub(
        r"^other operations (?:than those referred to in column )?in which ",
        "in which ",
        _LEAD.sub("", words),
        flags=re.IGNORECASE,
    ).strip(" .")
    sentences = re.split(r"\.\s+(?=However|Waste|The )", body)
    head = _conjoined(sentences[0])
    if head is None and lead and body.lower().startswith("from "):
        split = provided(sentences[0])
        if split is not None:
            inner = material(split[0][5:])
            head = None if inner is None else all_rules((inner, split[1]))
        else:
            head = material(sentences[0][5:])
    for more in sentences[1:]:
        head = None if head is None else however(head, more)
    return head


def _conjoined(text: str) -> Rule | None:
    whole = clause(text)
    if whole is not None:
        return whole
    for mark, join in (
        (r",? and (?:in which |where |also )?", all_rules),
        (r", (?=in which |where |the value )", all_rules),
    ):
        for cut in re.finditer(mark, text):
            left, right = clause(text[: cut.start()]), clause(text[cut.end() :])
            if left is not None and right is not None:
                return join((left, right))
    split = re.split(r",? provided (?:that )?", text, maxsplit=1)
    if len(split) == 2:
        left = clause(split[0])
        right = value_clause(split[1]) or regional_clause(split[1]) or clause(split[1])
        if left is not None and right is not None:
            return all_rules((left, right))
    return None


__all__ = ["AllOf", "Formula", "is_continuation", "read_rule"]
