"""Leaves that compare values or weights, with bounds where an amount or an origin is not known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openward.determine.origin.cumulation import Held, View
from openward.determine.origin.finding import Change, Finding, Missing
from openward.determine.origin.leaf_select import selects
from openward.determine.origin.rule import (
    EVERY,
    Basis,
    ForeignAtMostRegional,
    Formula,
    MaxForeign,
    MaxForeignWeight,
    MinRegional,
    Rule,
    Selection,
)
from openward.determine.origin.truth import Truth
from openward.determine.origin.words import BASES, money, percent, selection


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most an amount may be (None: no bound), what makes it up, what is not known."""

    low: Decimal
    high: Decimal | None
    numbers: tuple[str, ...]
    missing: tuple[Missing, ...]


def bounds(view: View, of: Selection, *, originating: bool = False, by_weight: bool = False) -> Bounds:
    """Add up the materials of one side that a leaf selects."""
    side = "originating" if originating else "non-originating"
    low, high = Decimal(0), Decimal(0)
    unknown = False
    numbers: list[str] = []
    missing: list[Missing] = []
    for each in view.held:
        is_side = each.foreign if not originating else None if each.foreign is None else not each.foreign
        chosen = selects(of, view.good.code, each.material)
        if is_side is False or chosen is False:
            continue
        amount = each.material.weight if by_weight else each.material.value
        if is_side is None:
            missing.append(Missing(f"origin of material {each.number}", "it may count or not"))
        if chosen is None:
            missing.append(
                Missing(f"whether material {each.number} is {selection(of)}", "it may count or not")
            )
        if amount is None:
            unknown = True
            what = "weight" if by_weight else "value"
            missing.append(Missing(f"{what} of material {each.number}", f"it adds to {side} materials"))
            continue
        numbers.append(each.number)
        high += amount
        if is_side and chosen:
            low += amount
    return Bounds(low, None if unknown else high, tuple(numbers), tuple(missing))


def at_most(found: Bounds, bound: Decimal | None) -> Truth:
    """Say whether what was added up is at most a bound."""
    if found.high is not None and (found.high == 0 or (bound is not None and found.high <= bound)):
        return True
    return False if bound is not None and found.low > bound else None


def find_max_foreign(rule: MaxForeign, view: View) -> Finding:
    """Evaluate a maximum of non-originating materials."""
    return _share(rule, view, rule.share, rule.basis, rule.of)


def find_min_regional(rule: MinRegional, view: View) -> Finding:
    """Evaluate a minimum of regional value content."""
    if rule.formula is Formula.BUILD_UP:
        return _build_up(rule, view)
    basis = Basis.NET_COST if rule.formula is Formula.NET_COST else rule.basis
    return _share(rule, view, 1 - rule.share, basis, rule.of, regional=rule.share)


def _no_base(basis: Basis) -> Missing:
    return Missing(f"{basis.value} of the good", f"the share is taken of {BASES[basis]}")


def _share(
    rule: Rule, view: View, share: Decimal, basis: Basis, of: Selection, *, regional: Decimal | None = None
) -> Finding:
    base = view.good.amount(basis)
    found = bounds(view, of)
    truth = at_most(found, None if base is None else share * base)
    missing = () if truth is not None else (*found.missing, *((_no_base(basis),) if base is None else ()))
    if base is None or base == 0:
        return Finding(rule, truth, f"{BASES[basis]} is not known", missing=missing)
    currency = view.good.currency
    reached = found.low / base
    size = (
        percent(reached)
        if found.high == found.low
        else (
            f"{percent(reached)} or more"
            if found.high is None
            else f"{percent(reached)} to {percent(found.high / base)}"
        )
    )
    if regional is None:
        detail = f"non-originating {selection(of)}: {size} of {BASES[basis]}, at most {percent(share)}"
    else:
        most = 1 - reached
        size = percent(most) if found.high == found.low else f"at most {percent(most)}"
        detail = f"regional value content {size}, at least {percent(regional)} needed"
    changes: tuple[Change, ...] = ()
    if truth is False:
        over = money(found.low - share * base, currency)
        most_worth = money(share * base, currency)
        what = f"lower the value of non-originating {selection(of)} by {over} (to {most_worth})"
        if regional is not None:
            gap = _points(regional - (1 - reached))
            what = f"raise the regional value content by {gap} ({over} less non-originating)"
        changes = ((what,), *_swap(view, found, share * base))
    return Finding(rule, truth, detail, found.numbers if truth is False else (), missing, changes)


def _points(share: Decimal) -> str:
    return f"{share * 100:.1f} points"


def _swap(view: View, found: Bounds, bound: Decimal) -> tuple[Change, ...]:
    """Give the single materials whose replacement by originating ones is enough, the least valuable first."""
    held: list[Held] = [each for each in view.held if each.number in found.numbers and each.foreign]
    enough = [e for e in held if e.material.value is not None and found.low - e.material.value <= bound]
    enough.sort(key=lambda e: e.material.value or Decimal(0))
    return tuple((f"replace {label(each)} by an originating material",) for each in enough[:2])


def label(each: Held) -> str:
    """Name a material by number, code and what it is called."""
    return f"material {each.number} ({' '.join(filter(None, (each.material.code, each.material.name)))})"


def _build_up(rule: MinRegional, view: View) -> Finding:
    base = view.good.amount(rule.basis)
    found = bounds(view, EVERY, originating=True)
    if base is None:
        return Finding(
            rule, None, f"{BASES[rule.basis]} is not known", missing=(*found.missing, _no_base(rule.basis))
        )
    needed = rule.share * base
    truth: Truth = None
    if found.low >= needed:
        truth = True
    elif found.high is not None and found.high < needed:
        truth = False
    reached = percent(found.low / base) if base else "0 %"
    detail = f"originating materials {reached} of {BASES[rule.basis]}, at least {percent(rule.share)} needed"
    changes: tuple[Change, ...] = ()
    if truth is False:
        gap = money(needed - found.low, view.good.currency)
        points = _points(rule.share - (found.low / base if base else Decimal(0)))
        changes = ((f"raise the regional value content by {points} ({gap} more of originating materials)",),)
    return Finding(rule, truth, detail, (), found.missing if truth is None else (), changes)


def find_max_weight(rule: MaxForeignWeight, view: View) -> Finding:
    """Evaluate a maximum weight of non-originating materials."""
    base = view.good.weight
    found = bounds(view, rule.of, by_weight=True)
    truth = at_most(found, None if base is None else rule.share * base)
    gap = () if base is not None else (Missing("weight of the good", "the share is taken of it"),)
    missing = (*found.missing, *gap) if truth is None else ()
    detail = (
        f"non-originating {selection(rule.of)} weigh {found.low}, at most {percent(rule.share)} of {base}"
    )
    changes: tuple[Change, ...] = ()
    if truth is False and base is not None:
        changes = (
            (f"lower the weight of non-originating {selection(rule.of)} by {found.low - rule.share * base}",),
        )
    return Finding(rule, truth, detail, found.numbers if truth is False else (), missing, changes)


def find_at_most_regional(rule: ForeignAtMostRegional, view: View) -> Finding:
    """Evaluate whether non-originating materials are worth no more than originating ones."""
    foreign, own = bounds(view, EVERY), bounds(view, EVERY, originating=True)
    truth: Truth = None
    if foreign.high is not None and foreign.high <= own.low:
        truth = True
    elif own.high is not None and foreign.low > own.high:
        truth = False
    currency = view.good.currency
    detail = f"non-originating {money(foreign.low, currency)}, originating {money(own.low, currency)}"
    missing = tuple(dict.fromkeys((*foreign.missing, *own.missing))) if truth is None else ()
    changes: tuple[Change, ...] = ()
    if truth is False:
        gap = money(foreign.low - own.low, currency)
        changes = ((f"shift the balance of materials by {gap} towards originating ones",),)
    return Finding(rule, truth, detail, foreign.numbers if truth is False else (), missing, changes)
