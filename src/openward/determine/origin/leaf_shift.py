"""Leaves that ask where each material comes from: change of classification, names, wholly obtained."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openward.determine.origin.codes import covered, differs, digits
from openward.determine.origin.cumulation import Held, View
from openward.determine.origin.finding import Change, Finding, Missing
from openward.determine.origin.good import Material
from openward.determine.origin.leaf_select import selects
from openward.determine.origin.leaf_value import label
from openward.determine.origin.rule import (
    Allowance,
    AnotherGood,
    Anything,
    Excepted,
    MaterialsObtained,
    Named,
    Outside,
    OutsideGroup,
    Rule,
    Selection,
    Shift,
    Source,
)
from openward.determine.origin.truth import Truth, all_of, any_of, opposite
from openward.determine.origin.words import excepted, percent, selection, source


@dataclass(frozen=True, slots=True)
class Tested:
    """One material against a shift: whether it passes, why not, and what fact would tell."""

    held: Held
    truth: Truth
    why: str
    missing: tuple[Missing, ...] = ()


def find_shift(rule: Rule, shift: Shift, allowance: Allowance | None, view: View) -> Finding:
    """Evaluate a change of classification, with what it or the agreement forgives."""
    tested = [_material(shift, view, each) for each in view.held]
    return _settle(rule, view, tested, allowance, forgives=True)


def find_obtained(rule: MaterialsObtained, view: View) -> Finding:
    """Evaluate that selected materials are wholly obtained (or originate)."""
    tested = [_obtained(rule, view, each) for each in view.held]
    covers = view.tolerance is not None and view.tolerance.covers_obtained
    return _settle(rule, view, tested, None, forgives=covers)


def _settle(
    rule: Rule, view: View, tested: list[Tested], allowance: Allowance | None, *, forgives: bool
) -> Finding:
    open_ = [each for each in tested if each.truth is not True]
    broken = [each for each in open_ if each.truth is False]
    if not open_:
        return Finding(rule, True, "every non-originating material passes")
    truth = all_of(each.truth for each in open_)
    note, missing = "", tuple(m for each in open_ if each.truth is None for m in each.missing)
    forgiven: Change = ()
    if allowance is not None:
        truth, note, more, forgiven = _by_allowance(view, open_, allowance)
        missing = (*missing, *more)
    elif forgives and view.tolerance is not None:
        truth, note, more, forgiven = _by_tolerance(view, open_)
        missing = (*missing, *more)
    detail = "; ".join(f"{label(each.held)} {each.why}" for each in (broken or open_))
    detail = f"{detail}; {note}" if note else detail
    changes: tuple[Change, ...] = ()
    if truth is False:
        swap = tuple(f"replace {label(each.held)} by an originating material" for each in broken)
        changes = (swap, forgiven) if forgiven else (swap,)
    failed = tuple(each.held.number for each in broken) if truth is not True else ()
    return Finding(
        rule, truth, detail, failed, tuple(dict.fromkeys(missing)) if truth is None else (), changes
    )


def _total(tested: list[Tested], *, by_weight: bool) -> Decimal | None:
    amounts = [each.held.material.weight if by_weight else each.held.material.value for each in tested]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _least(tested: list[Tested], *, by_weight: bool) -> Decimal:
    amounts = [each.held.material.weight if by_weight else each.held.material.value for each in tested]
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _unknown(tested: list[Tested], *, by_weight: bool) -> tuple[Missing, ...]:
    what = "weight" if by_weight else "value"
    return tuple(
        Missing(f"{what} of material {each.held.number}", "a small share is forgiven")
        for each in tested
        if (each.held.material.weight if by_weight else each.held.material.value) is None
    )


Settled = tuple[Truth, str, tuple[Missing, ...], Change]


def _by_tolerance(view: View, open_: list[Tested]) -> Settled:
    tolerance = view.tolerance
    assert tolerance is not None
    weight, unit = tolerance.by_weight, "weight" if tolerance.by_weight else "value"
    base = view.good.weight if weight else view.good.amount(tolerance.basis)
    if base is None:
        missing = Missing(
            f"{unit} of the good", f"materials up to {percent(tolerance.ceiling)} of it are forgiven"
        )
        return (
            None,
            "whether the tolerance forgives it is open",
            (missing, *_unknown(open_, by_weight=weight)),
            (),
        )
    most = _total(open_, by_weight=weight)
    least = _least([each for each in open_ if each.truth is False], by_weight=weight)
    if most is not None and most <= tolerance.share * base:
        return (
            True,
            f"forgiven: {percent(most / base) if base else '0 %'} of the {unit}, {tolerance.citation}",
            (),
            (),
        )
    if least > tolerance.ceiling * base:
        small = f"bring their {unit} to at most {percent(tolerance.share)} of the good ({tolerance.citation})"
        note = f"above the tolerance of {percent(tolerance.ceiling)} of the {unit}"
        return False, note, (), (small,) if tolerance.share else ()
    missing_facts = _unknown(open_, by_weight=weight)
    if tolerance.share < tolerance.ceiling:
        missing_facts = (*missing_facts, Missing("tolerance article", tolerance.citation))
    return None, "whether the tolerance forgives it is open", missing_facts, ()


def _by_allowance(view: View, open_: list[Tested], allowance: Allowance) -> Settled:
    named: list[Tested] = []
    sure: list[Tested] = []
    others: list[Truth] = []
    missing: list[Missing] = []
    for each in open_:
        chosen = selects(allowance.of, view.good.code, each.held.material)
        if chosen is False:
            others.append(each.truth)
            continue
        if chosen is None:
            others.append(None)
            missing.append(
                Missing(f"whether material {each.held.number} is {selection(allowance.of)}", "it may be used")
            )
        named.append(each)
        if each.truth is False and chosen:
            sure.append(each)
    within: Truth = True
    if named and allowance.share is not None:
        weight = allowance.by_weight
        base = view.good.weight if weight else view.good.amount(allowance.basis)
        most, least = _total(named, by_weight=weight), _least(sure, by_weight=weight)
        if most == 0 or (most is not None and base is not None and most <= allowance.share * base):
            within = True
        else:
            within = False if base is not None and least > allowance.share * base else None
        if within is None:
            missing.extend(_unknown(named, by_weight=weight))
            if base is None:
                missing.append(
                    Missing("weight of the good" if weight else f"{allowance.basis.value} of the good", "")
                )
    limit = "" if allowance.share is None else f" up to {percent(allowance.share)}"
    note = f"{selection(allowance.of)} may be used{limit}"
    action = (f"use {selection(allowance.of)} only{limit}",) if allowance.share is not None else ()
    return all_of((*others, within)), note, tuple(missing), action


def _material(shift: Shift, view: View, held: Held) -> Tested:
    if held.foreign is False:
        return Tested(held, True, "originates")
    material, product = held.material, view.good.code
    came = any_of(_came(each, product, material.code, held) for each in shift.sources)
    barred: Truth = False
    by = ""
    if came is not False:
        tests = [(each, _barred(each, view, held)) for each in shift.excepting]
        barred = any_of(truth for _, truth in tests)
        by = "; ".join(excepted(each) for each, truth in tests if truth is not False)
    truth = all_of((came, opposite(barred)))
    if truth is True:
        return Tested(held, True, "passes")
    asked = " or ".join(source(each) for each in shift.sources)
    why = f"is not from {asked}" if came is False else f"is excepted ({by})" if barred else "is open"
    if held.foreign is None:
        missing = (Missing(f"origin of material {held.number}", f"if it does not originate it {why}"),)
        return Tested(held, None, "has no known origin", missing)
    if truth is False:
        return Tested(held, False, why)
    question = f"whether material {held.number} is {by or asked}"
    if came is None and any(_is_other(each, held.material) for each in shift.sources):
        question = f"whether material {held.number} is of an earlier stage than {asked}"
        return Tested(
            held, None, "cannot be placed", (Missing(question, 'say described: {"earlier stage": ...}'),)
        )
    return Tested(held, None, "cannot be placed", (Missing(question, "the rule turns on it"),))


def _is_other(one: Source, material: Material) -> bool:
    """Say whether a material is known not to be what a source names, which an earlier stage would excuse."""
    if not isinstance(one, Named) or not one.earlier:
        return False
    outside = bool(one.ranges) and covered(one.ranges, material.code) is False
    return outside or (bool(one.description) and material.is_a(one.description) is False)


def _came(one: Source, product: str, code: str, held: Held) -> Truth:
    match one:
        case Anything():
            return True
        case Outside(level):
            return differs(digits(product), digits(code), level)
        case OutsideGroup(ranges):
            return opposite(covered(ranges, code))
        case AnotherGood(ranges):
            return False if covered(ranges, code) is False else None
        case Named(ranges, description, earlier):
            inside = covered(ranges, code) if ranges else True
            truth = all_of((inside, held.material.is_a(description) if description else True))
            return held.material.is_a("earlier stage") if truth is False and earlier else truth


def _barred(one: Excepted, view: View, held: Held) -> Truth:
    inside = covered(one.ranges, held.material.code) if one.ranges else True
    named = held.material.is_a(one.description) if one.description else True
    case = view.good.fact(one.when) if one.when else True
    return all_of((inside, named, case))


def _obtained(rule: MaterialsObtained, view: View, held: Held) -> Tested:
    chosen = selects(rule.of, view.good.code, held.material)
    if chosen is False:
        return Tested(held, True, "is not asked")
    what = "originate" if rule.originating else "be wholly obtained"
    truth: Truth = None if held.foreign is None else False
    if held.foreign is False:
        truth = True if rule.originating else held.material.wholly_obtained
    if truth is True:
        return Tested(held, True, "passes")
    if chosen is None:
        fact = f"whether material {held.number} is {selection(rule.of)}"
        return Tested(held, None, "may be asked", (Missing(fact, f"then it must {what}"),))
    if truth is False:
        return Tested(held, False, "does not originate" if held.foreign else "is not wholly obtained")
    fact = (
        f"origin of material {held.number}"
        if held.foreign is None
        else f"wholly_obtained of material {held.number}"
    )
    return Tested(
        held,
        None,
        "has no known origin" if held.foreign is None else "may be",
        (Missing(fact, f"it must {what}"),),
    )


__all__ = ["Selection", "find_obtained", "find_shift"]
