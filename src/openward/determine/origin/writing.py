"""Rules printed in notation."""

from __future__ import annotations

from decimal import Decimal

from openward.determine.origin.codes import CodeRange
from openward.determine.origin.rule import (
    AllOf,
    Allowance,
    AnotherGood,
    AnyOf,
    Anything,
    ByGood,
    ForeignAtMostRegional,
    Level,
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

_NAMES = {Level.CHAPTER: "CC", Level.HEADING: "CTH", Level.SUBHEADING: "CTSH", Level.ITEM: "CTI"}


def write(rule: Rule) -> str:
    """Print a rule so that ``notation.parse`` gives it back (notes of a chapter are not part of it)."""
    match rule:
        case AnyOf(parts):
            return " or ".join(_bracket(part, (ByGood,)) for part in parts)
        case AllOf(parts):
            return " and ".join(_bracket(part, (AnyOf, ByGood)) for part in parts)
        case Noted(inner):
            return write(inner)
        case ByGood(cases, otherwise):
            named = "; ".join(f"{_quote(name)} ({write(part)})" for name, part in cases)
            return f"case {named}" + (f"; else ({write(otherwise)})" if otherwise is not None else "")
        case WhollyObtained():
            return "WO"
        case MaterialsObtained(of, originating):
            return f"originating of {_of(of)}" if originating else f"WO of {_of(of)}"
        case Shift():
            return _shift(rule)
        case Allowance(shift, share, of, weight, basis):
            how = "all" if share is None else f"{_pct(share)} {'weight' if weight else basis.value}"
            return f"{_shift(shift)} allowing {how} of {_of(of)}"
        case MaxForeign(share, basis, of):
            return f"MaxNOM {_pct(share)} {basis.value} of {_of(of)}"
        case MaxForeignWeight(share, of):
            return f"MaxWeight {_pct(share)} of {_of(of)}"
        case ForeignAtMostRegional():
            return "NOM-to-OM"
        case MinRegional(share, formula, basis, of):
            return f"RVC {_pct(share)} {formula.value} {basis.value} of {_of(of)}"
        case Process(text):
            return f"process {_quote(text)}"
        case Proviso(text, unread):
            return f"{'unread' if unread else 'fact'} {_quote(text)}"


def _bracket(rule: Rule, kinds: tuple[type, ...]) -> str:
    inner = rule.rule if isinstance(rule, Noted) else rule
    return f"({write(inner)})" if isinstance(inner, kinds) else write(inner)


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _pct(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"


def _codes(ranges: tuple[CodeRange, ...]) -> str:
    return ", ".join(map(str, ranges))


def _of(of: Selection) -> str:
    words = [f"same {of.level.name.lower()}"] if of.level is not None else []
    words += [_quote(of.description)] if of.description else []
    words += [_codes(of.ranges)] if of.ranges else []
    words = words or ["all"]
    if of.excluding:
        words.append(f"without {_codes(of.excluding)}")
    elif of.excluding_description:
        words.append(f"without {_quote(of.excluding_description)}")
    return " ".join(words)


def _shift(shift: Shift) -> str:
    text = " plus ".join(_source(each) for each in shift.sources)
    if not shift.excepting:
        return text
    barred: list[str] = []
    for one in shift.excepting:
        when = f" when {_quote(one.when)}" if one.when else ""
        head = f"{_quote(one.description)} " if one.description else ""
        barred += [f"{head}{each}{when}" for each in map(str, one.ranges)] or [f"{head.strip()}{when}"]
    return f"{text} except {', '.join(barred)}"


def _source(source: Source) -> str:
    match source:
        case Anything():
            return "ANY"
        case Outside(level):
            return _NAMES[level]
        case OutsideGroup(ranges):
            return f"OUTSIDE {_codes(ranges)}"
        case AnotherGood(ranges):
            return f"OTHER-GOOD {_codes(ranges)}"
        case Named(ranges, description, earlier):
            words = (
                ["FROM"] + (["earlier"] if earlier else []) + ([_quote(description)] if description else [])
            )
            return " ".join(words + ([_codes(ranges)] if ranges else []))
