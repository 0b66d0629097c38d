"""The explaining path: evaluate a rule on a view and say what held, what failed and what is missing."""

from __future__ import annotations

from itertools import product as combinations

from openward.determine.origin.cumulation import View
from openward.determine.origin.finding import Change, Finding, Missing
from openward.determine.origin.leaf_shift import find_obtained, find_shift
from openward.determine.origin.leaf_value import (
    find_at_most_regional,
    find_max_foreign,
    find_max_weight,
    find_min_regional,
)
from openward.determine.origin.rule import (
    AllOf,
    Allowance,
    AnyOf,
    ByGood,
    ForeignAtMostRegional,
    MaterialsObtained,
    MaxForeign,
    MaxForeignWeight,
    MinRegional,
    Noted,
    Process,
    Proviso,
    Rule,
    Shift,
    WhollyObtained,
)
from openward.determine.origin.truth import Truth, agreed, all_of, any_of

WAYS = 6


def evaluate(rule: Rule, view: View) -> Finding:
    """Evaluate a rule on one reading of the bill of materials.

    Returns
    -------
    Finding
        With the same truth as :func:`openward.determine.origin.compiled.compiled`.
    """
    match rule:
        case WhollyObtained():
            truth = view.good.wholly_obtained
            facts = (Missing("wholly_obtained", "the good must be wholly obtained"),) if truth is None else ()
            return Finding(rule, truth, "", missing=facts)
        case MaterialsObtained():
            return find_obtained(rule, view)
        case Shift():
            return find_shift(rule, rule, None, view)
        case Allowance(shift):
            return find_shift(rule, shift, rule, view)
        case MaxForeign():
            return find_max_foreign(rule, view)
        case MaxForeignWeight():
            return find_max_weight(rule, view)
        case ForeignAtMostRegional():
            return find_at_most_regional(rule, view)
        case MinRegional():
            return find_min_regional(rule, view)
        case Process(text) | Proviso(text):
            return _stated(rule, text, view)
        case AllOf(parts):
            return _all(rule, [evaluate(part, view) for part in parts])
        case AnyOf(parts):
            return _any(rule, [evaluate(part, view) for part in parts])
        case ByGood():
            return _by_good(rule, view)
        case Noted(inner, notes):
            found = evaluate(inner, view)
            return Finding(
                rule, found.truth, "; ".join(notes), found.failed, found.missing, found.changes, (found,)
            )


def _stated(rule: Process | Proviso, text: str, view: View) -> Finding:
    truth = view.good.fact(text)
    if truth is None:
        return Finding(rule, None, "nobody said", missing=(Missing(text, "the rule turns on it"),))
    changes: tuple[Change, ...] = () if truth else ((f"bring about: {text}",),)
    return Finding(rule, truth, "as stated", changes=changes)


def _open(found: list[Finding]) -> tuple[Missing, ...]:
    return tuple(dict.fromkeys(m for each in found if each.truth is None for m in each.missing))


def _all(rule: Rule, found: list[Finding]) -> Finding:
    truth = all_of(each.truth for each in found)
    broken = [each for each in found if each.truth is False]
    changes: tuple[Change, ...] = ()
    if broken and all(each.changes for each in broken):
        ways = combinations(*(each.changes[:3] for each in broken))
        changes = tuple(tuple(dict.fromkeys(a for way in ways_ for a in way)) for ways_ in ways)[:WAYS]
    failed = tuple(dict.fromkeys(n for each in broken for n in each.failed))
    missing = _open(found) if truth is None else ()
    return Finding(rule, truth, "all must hold", failed, missing, changes, tuple(found))


def _any(rule: Rule, found: list[Finding]) -> Finding:
    truth = any_of(each.truth for each in found)
    changes: tuple[Change, ...] = ()
    failed: tuple[str, ...] = ()
    if truth is not True:
        changes = tuple(dict.fromkeys(way for each in found for way in each.changes))[:WAYS]
        failed = tuple(dict.fromkeys(n for each in found for n in each.failed))
    missing = _open(found) if truth is None else ()
    return Finding(rule, truth, "one must hold", failed, missing, changes, tuple(found))


def _by_good(rule: ByGood, view: View) -> Finding:
    stated = [(name, view.good.fact(name), evaluate(part, view)) for name, part in rule.cases]
    sure = [found for _, truth, found in stated if truth is True]
    if sure:
        return _all(rule, sure)
    rest = None if rule.otherwise is None else evaluate(rule.otherwise, view)
    possible = [(name, found) for name, truth, found in stated if truth is None]
    outcomes: list[Truth] = [found.truth for _, found in possible]
    outcomes.append(None if rest is None else rest.truth)
    truth = agreed(outcomes)
    parts = [found for _, found in possible] + ([] if rest is None else [rest])
    failed = tuple(dict.fromkeys(n for each in parts for n in each.failed)) if truth is False else ()
    missing: tuple[Missing, ...] = ()
    if truth is None:
        asked = [Missing(name, "the rule differs by what the good is") for name, _ in possible]
        if rest is None and not possible:
            asked = [Missing("a rule", "no rule covers a good that is none of these")]
        missing = (*asked, *_open(parts))
    changes = tuple(way for each in parts for way in each.changes)[:WAYS] if truth is False else ()
    return Finding(
        rule, truth, "which rule applies depends on the good", failed, missing, changes, tuple(parts)
    )
