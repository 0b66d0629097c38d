"""Rules and their parts in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from openward.determine.origin.codes import CodeRange
from openward.determine.origin.rule import (
    EVERY,
    AllOf,
    Allowance,
    AnotherGood,
    AnyOf,
    Anything,
    Basis,
    ByGood,
    Excepted,
    ForeignAtMostRegional,
    MaterialsObtained,
    MaxForeign,
    MaxForeignWeight,
    MinRegional,
    Named,
    Noted,
    Outside,
    OutsideGroup,
    Process,
    Proviso,
    Rule,
    Selection,
    Shift,
    Source,
    WhollyObtained,
)

BASES = {
    Basis.EX_WORKS: "the ex-works price",
    Basis.FOB: "the FOB value",
    Basis.VALUE: "the value of the good",
    Basis.NET_COST: "the net cost",
}


def percent(share: Decimal) -> str:
    """Print a fraction as a percentage, up to two decimals."""
    text = f"{share * 100:.2f}".rstrip("0").rstrip(".")
    return f"{'0' if text in ('', '-0') else text} %"


def money(amount: Decimal, currency: str) -> str:
    """Print an amount with its currency."""
    return f"{amount.quantize(Decimal('0.01')):,} {currency}".rstrip()


def codes(ranges: Sequence[CodeRange]) -> str:
    """Print code ranges."""
    return ", ".join(map(str, ranges))


def selection(of: Selection) -> str:
    """Say which materials are meant."""
    if of == EVERY:
        return "materials"
    what = of.description or "materials"
    where = f" of {codes(of.ranges)}" if of.ranges else ""
    same = f" of the {of.level.name.lower()} of the product" if of.level else ""
    barred = ", ".join(filter(None, (codes(of.excluding), of.excluding_description)))
    return what + where + same + (f" other than {barred}" if barred else "")


def source(one: Source) -> str:
    """Say where a material may come from."""
    match one:
        case Anything():
            return "any heading"
        case Outside(level):
            return f"any other {level.name.lower()}"
        case OutsideGroup(ranges):
            return f"any position outside {codes(ranges)}"
        case Named(ranges, description, _):
            return " of ".join(filter(None, (description, codes(ranges))))
        case AnotherGood(ranges):
            return f"another good of {codes(ranges)}"


def excepted(one: Excepted) -> str:
    """Say what may not be used."""
    what = " of ".join(filter(None, (one.description, codes(one.ranges))))
    return f"{what} {one.when}".strip()


def say(rule: Rule) -> str:
    """Say a rule in words."""
    match rule:
        case WhollyObtained():
            return "the good is wholly obtained"
        case MaterialsObtained(of, originating):
            return f"all {selection(of)} used {'originate' if originating else 'are wholly obtained'}"
        case Shift(sources, barred):
            given = " or ".join(source(each) for each in sources)
            but = f", except {'; '.join(excepted(each) for each in barred)}" if barred else ""
            return f"non-originating materials come from {given}{but}"
        case Allowance(shift, share, of, by_weight, basis):
            if share is None:
                return f"{say(shift)}; {selection(of)} may be used"
            base = "the weight of the good" if by_weight else BASES[basis]
            return f"{say(shift)}; {selection(of)} may be used up to {percent(share)} of {base}"
        case MaxForeign(share, basis, of):
            return f"non-originating {selection(of)} are worth at most {percent(share)} of {BASES[basis]}"
        case MaxForeignWeight(share, of):
            return f"non-originating {selection(of)} weigh at most {percent(share)} of the good"
        case ForeignAtMostRegional():
            return "non-originating materials are worth no more than originating ones"
        case MinRegional(share, formula, basis, of):
            only = "" if of == EVERY else f", counting non-originating {selection(of)} alone"
            return (
                f"regional value content of at least {percent(share)} ({formula.value}, {BASES[basis]}{only})"
            )
        case Process(text):
            return f"this takes place: {text}"
        case Proviso(text):
            return text
        case AllOf(parts):
            return "; and ".join(say(part) for part in parts)
        case AnyOf(parts):
            return "; or ".join(say(part) for part in parts)
        case ByGood(cases, otherwise):
            named = [f"for {name}: {say(part)}" for name, part in cases]
            rest = [f"for any other good: {say(otherwise)}"] if otherwise is not None else []
            return "; ".join(named + rest)
        case Noted(inner, _):
            return say(inner)


def brief(rule: Rule) -> str:
    """Say a node in a few words, a leaf in full."""
    match rule:
        case AllOf(parts):
            return f"all of {len(parts)} conditions"
        case AnyOf(parts):
            return f"one of {len(parts)} alternatives"
        case ByGood():
            return "the rule for this good"
        case Noted():
            return "with its notes"
        case _:
            return say(rule)
