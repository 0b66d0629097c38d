"""Joining the rules of one entry: alternatives, continued lists, goods told apart by description."""

from __future__ import annotations

import re
from collections.abc import Sequence

from openward.codes.economies import economies
from openward.determine.origin.rule import (
    AllOf,
    AnyOf,
    ByGood,
    MaxForeign,
    MinRegional,
    Noted,
    Process,
    Proviso,
    Rule,
    any_rule,
)
from openward.determine.origin.text.change import by_good
from openward.determine.origin.text.manufacture import however
from openward.determine.origin.text.sentence import is_continuation, read_rule
from openward.determine.origin.text.value import basis_of, regional_items
from openward.determine.origin.text.wording import clean, fraction, without_notes
from openward.determine.origin.words import say

Published = tuple[str, tuple[str, ...]]
_SPECIAL = re.compile(
    (
        r"for (?:originating )?goods of [^,]{3,40} imported from (?P<party>[A-Z][\w ]+), the product[- "
        r"]specific rule is: ?"
    ),
    re.IGNORECASE,
)
_CAP = re.compile(r"^(?:• )?(?:[a-d]\) )?(\d+(?:\.\d+)?)% of (?P<base>.*?)\.?$", re.IGNORECASE)


def read_entry(published: Sequence[Published]) -> tuple[Rule, tuple[Rule, ...]]:
    """Read the rules of one entry.

    Parameters
    ----------
    published : sequence of (text, classes)
        In order. Several rules are alternatives, whatever their operator says: the publisher shows them as
        "one of".
        A rule that begins with an item ("b) 40 %"), "However" or "Followed" continues the rule before it.

    Returns
    -------
    tuple of Rule and tuple of Rule
        The joined tree, and what each published rule was read as (for counting).
    """
    for number, (text, classes) in enumerate(published):
        if special := _SPECIAL.search(clean(text)):
            return _special(published, number, special, classes)
    read: list[tuple[str, Rule]] = []
    each: list[Rule] = []
    for text, classes in published:
        previous = read[-1] if read else None
        joined = None if previous is None else _continued(previous[1], text)
        if joined is not None and previous is not None:
            read[-1] = (previous[0], joined)
            each.append(joined)
            continue
        what, rule = read_rule(text, classes)
        read.append((what, rule))
        each.append(rule)
    return by_good(read), tuple(each)


def _special(
    published: Sequence[Published], number: int, found: re.Match[str], classes: tuple[str, ...]
) -> tuple[Rule, tuple[Rule, ...]]:
    """Read a list that goes on with a rule for the goods of one party alone."""
    words = clean(published[number][0])
    party = _party(found.group("party"))
    rule, each = read_entry([*published[:number], (words[: found.start()], classes)])
    own, more = read_entry([(words[found.end() :], classes), *published[number + 1 :]])
    return ByGood(((f"made in {party}", own),), rule), (*each[:-1], own, *more[1:])


def _party(name: str) -> str:
    for code, economy in economies().items():
        if economy.name.lower() == name.lower():
            return code
    return name


def _continued(previous: Rule, text: str) -> Rule | None:
    words, notes = without_notes(clean(text))
    rule: Rule | None = None
    if is_continuation(text):
        rule = _item(previous, words)
    elif words.lower().startswith("however"):
        rule = however(previous, words)
    elif words.lower().startswith("followed"):
        rule = _followed(previous, words)
    if rule is None:
        # An item of a list that nobody read may not stand alone as a rule of its own.
        return Proviso(f"{say(previous)} {words}", unread=True) if is_continuation(text) else None
    return Noted(rule, notes) if notes else rule


def _item(previous: Rule, words: str) -> Rule | None:
    match previous:
        case MinRegional():
            more = regional_items(words)
            return None if more is None else any_rule((previous, *_flat(more)))
        case MaxForeign(_, _, of):
            found = _CAP.match(words)
            if not found:
                return None
            return any_rule(
                (previous, MaxForeign(fraction(found.group(1)), basis_of(found.group("base")), of))
            )
        case AnyOf(parts):
            last = _item(parts[-1], words)
            return None if last is None else any_rule((*parts[:-1], *_flat(last)))
        case AllOf(parts):
            last = _item(parts[-1], words)
            return None if last is None else AllOf((*parts[:-1], last))
        case Noted(rule, notes):
            inner = _item(rule, words)
            return None if inner is None else Noted(inner, notes)
    return None


def _followed(previous: Rule, words: str) -> Rule | None:
    match previous:
        case Process(text):
            return Process(f"{text}, {words[0].lower()}{words[1:].rstrip('.')}")
        case Proviso(text, unread):
            return Proviso(f"{text}, {words[0].lower()}{words[1:].rstrip('.')}", unread)
    return None


def _flat(rule: Rule) -> tuple[Rule, ...]:
    return rule.parts if isinstance(rule, AnyOf) else (rule,)
