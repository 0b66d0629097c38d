"""The batch path: a rule compiled once into a function of a view, without text.

It gives the same truth as :func:`openward.determine.origin.evaluate.evaluate`, which explains; a property
test holds
the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache

from openward.determine.origin.compiled_parts import (
    Pick,
    compile_exception,
    compile_selection,
    compile_source,
)
from openward.determine.origin.cumulation import Held, Tolerance, View
from openward.determine.origin.rule import (
    AllOf,
    Allowance,
    AnyOf,
    Basis,
    ByGood,
    ForeignAtMostRegional,
    Formula,
    MaterialsObtained,
    MaxForeign,
    MaxForeignWeight,
    MinRegional,
    Noted,
    Process,
    Proviso,
    Rule,
    Selection,
    Shift,
    WhollyObtained,
)
from openward.determine.origin.truth import Truth, agreed, all_of, any_of

Test = Callable[[View], Truth]
ZERO = Decimal(0)
ONE = Decimal(1)


@lru_cache(maxsize=65536)
def compiled(rule: Rule) -> Test:
    """Compile a rule into a function that gives True, False or None for a view."""
    match rule:
        case WhollyObtained():
            return lambda view: view.good.wholly_obtained
        case MaterialsObtained(of, originating):
            return _obtained(of, originating)
        case Shift():
            return _shift(rule, None)
        case Allowance(shift):
            return _shift(shift, rule)
        case MaxForeign(share, basis, of):
            return _max_foreign(share, basis, of)
        case MaxForeignWeight(share, of):
            return _max_weight(share, of)
        case ForeignAtMostRegional():
            return _at_most_regional
        case MinRegional(share, formula, basis, of):
            if formula is Formula.BUILD_UP:
                return _build_up(share, basis)
            return _max_foreign(ONE - share, Basis.NET_COST if formula is Formula.NET_COST else basis, of)
        case Process(text) | Proviso(text):
            return lambda view: view.good.fact(text)
        case AllOf(parts):
            tests = [compiled(part) for part in parts]
            return lambda view: all_of(test(view) for test in tests)
        case AnyOf(parts):
            choices = [compiled(part) for part in parts]
            return lambda view: any_of(test(view) for test in choices)
        case ByGood():
            return _by_good(rule)
        case Noted(inner):
            return compiled(inner)


def _by_good(rule: ByGood) -> Test:
    cases = [(name, compiled(part)) for name, part in rule.cases]
    rest: Test = compiled(rule.otherwise) if rule.otherwise is not None else lambda _view: None

    def test(view: View) -> Truth:
        stated = [(view.good.fact(name), part) for name, part in cases]
        sure = [part for truth, part in stated if truth is True]
        if sure:
            return all_of(part(view) for part in sure)
        open_ = [part(view) for truth, part in stated if truth is None]
        return agreed([*open_, rest(view)])

    return test


def _range(
    product: str,
    held: Iterable[Held],
    pick: Pick | None,
    *,
    want_foreign: bool = True,
    by_weight: bool = False,
) -> tuple[Decimal, Decimal | None]:
    """Give the least and the most that the materials of one side may be worth (most None: without bound)."""
    low, high = ZERO, ZERO
    bounded = True
    for each in held:
        foreign = each.foreign
        if foreign is (not want_foreign):
            continue
        material = each.material
        chosen = True if pick is None else pick(product, material)
        if chosen is False:
            continue
        amount = material.weight if by_weight else material.value
        if amount is None:
            bounded = False
            continue
        high += amount
        if chosen and foreign is not None:
            low += amount
    return low, high if bounded else None


def _at_most(low: Decimal, high: Decimal | None, bound: Decimal | None) -> Truth:
    """Say whether an amount between ``low`` and ``high`` is at most a bound."""
    if high is not None and (high == 0 or (bound is not None and high <= bound)):
        return True
    return False if bound is not None and low > bound else None


def _max_foreign(share: Decimal, basis: Basis, of: Selection) -> Test:
    pick = compile_selection(of)

    def test(view: View) -> Truth:
        base = view.good.amount(basis)
        low, high = _range(view.good.code, view.held, pick)
        return _at_most(low, high, None if base is None else share * base)

    return test


def _max_weight(share: Decimal, of: Selection) -> Test:
    pick = compile_selection(of)

    def test(view: View) -> Truth:
        base = view.good.weight
        low, high = _range(view.good.code, view.held, pick, by_weight=True)
        return _at_most(low, high, None if base is None else share * base)

    return test


def _at_most_regional(view: View) -> Truth:
    low, high = _range(view.good.code, view.held, None)
    least, most = _range(view.good.code, view.held, None, want_foreign=False)
    if high is not None and high <= least:
        return True
    return False if most is not None and low > most else None


def _build_up(share: Decimal, basis: Basis) -> Test:
    def test(view: View) -> Truth:
        base = view.good.amount(basis)
        if base is None:
            return None
        low, high = _range(view.good.code, view.held, None, want_foreign=False)
        if low >= share * base:
            return True
        return False if high is not None and high < share * base else None

    return test


def _obtained(of: Selection, originating: bool) -> Test:
    pick = compile_selection(of)

    def one(view: View, each: Held) -> Truth:
        chosen = True if pick is None else pick(view.good.code, each.material)
        if chosen is False:
            return True
        if each.foreign is False:
            holds: Truth = True if originating else each.material.wholly_obtained
        else:
            holds = False if each.foreign is True else None
        return True if holds is True else None if chosen is None else holds

    def test(view: View) -> Truth:
        truths = [one(view, each) for each in view.held]
        if view.tolerance is None or not view.tolerance.covers_obtained:
            return all_of(truths)
        return _forgiven(view, list(zip(view.held, truths, strict=True)), view.tolerance)

    return test


def _forgiven(view: View, tested: list[tuple[Held, Truth]], tolerance: Tolerance) -> Truth:
    """Say whether what failed is within the tolerance."""
    sure, maybe = [], []
    for each, truth in tested:
        if truth is not True:
            maybe.append(each)
            if truth is False:
                sure.append(each)
    if not maybe:
        return True
    weight = tolerance.by_weight
    base = view.good.weight if weight else view.good.amount(tolerance.basis)
    if base is None:
        return None
    _, high = _amount(maybe, by_weight=weight)
    low, _ = _amount(sure, by_weight=weight)
    if high is not None and high <= tolerance.share * base:
        return True
    return False if low > tolerance.ceiling * base else None


def _amount(held: list[Held], *, by_weight: bool) -> tuple[Decimal, Decimal | None]:
    amounts = [each.material.weight if by_weight else each.material.value for each in held]
    low = sum((a for a in amounts if a is not None), ZERO)
    return low, None if None in amounts else low


def _shift(shift: Shift, allowance: Allowance | None) -> Test:
    sources = [compile_source(source) for source in shift.sources]
    exceptions = [compile_exception(each) for each in shift.excepting]
    allowed = compile_selection(allowance.of) if allowance is not None else None

    def one(view: View, each: Held) -> Truth:
        if each.foreign is False:
            return True
        product, material = view.good.code, each.material
        came = any_of(source(product, material) for source in sources)
        truth = came
        if came is not False and exceptions:
            barred = any_of(exception(view.good, material) for exception in exceptions)
            truth = all_of((came, None if barred is None else not barred))
        return True if truth is True else None if each.foreign is None else truth

    def test(view: View) -> Truth:
        tested = [(each, one(view, each)) for each in view.held]
        if all(truth is True for _, truth in tested):
            return True
        if allowance is not None:
            return _allowed(view, tested, allowance, allowed)
        if view.tolerance is not None:
            return _forgiven(view, tested, view.tolerance)
        return all_of(truth for _, truth in tested)

    return test


def _allowed(view: View, tested: list[tuple[Held, Truth]], allowance: Allowance, pick: Pick | None) -> Truth:
    """Say whether what failed is what the allowance names, and small enough."""
    sure: list[Held] = []
    maybe: list[Held] = []
    others: list[Truth] = []
    for each, truth in tested:
        if truth is True:
            continue
        chosen = True if pick is None else pick(view.good.code, each.material)
        if chosen is False:
            others.append(truth)
            continue
        if chosen is None:
            others.append(None)
        maybe.append(each)
        if truth is False and chosen:
            sure.append(each)
    within: Truth = True
    if maybe and allowance.share is not None:
        base = view.good.weight if allowance.by_weight else view.good.amount(allowance.basis)
        low, _ = _amount(sure, by_weight=allowance.by_weight)
        _, high = _amount(maybe, by_weight=allowance.by_weight)
        within = _at_most(low, high, None if base is None else allowance.share * base)
    return all_of((*others, within))
