"""Reader of 19 CFR 102.20 and 102.21(e)(1), compiled from the eCFR (originshift corpus, Apache-2.0)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from openward.determine.origin.codes import CodeRange, RangeIndex, code_range, digits
from openward.determine.origin.compiled import Test, compiled
from openward.determine.origin.rule import (
    AnotherGood,
    Anything,
    Excepted,
    Level,
    Named,
    Outside,
    OutsideGroup,
    Proviso,
    Rule,
    Shift,
    Source,
    all_rules,
)
from openward.determine.origin.text.change import OTHER_GOOD, by_good
from openward.determine.origin.text.places import named
from openward.errors import InputError, MissingDataError, OpenwardError


@dataclass(frozen=True, slots=True)
class Alternative:
    """One alternative of a rule.

    ``condition`` gates it on a fact about the good; ``shift`` is its change of codes (None: it states none);
    ``rule`` the whole as a tree; ``is_process``: it confers origin where an operation takes place.
    """

    rule_id: str
    ranges: tuple[CodeRange, ...]
    text: str
    described: str
    condition: str
    is_process: bool
    is_fallback: bool
    shift: Shift | None
    rule: Rule


@dataclass(frozen=True, slots=True)
class _Found:
    alternatives: tuple[Alternative, ...]
    rule: Rule | None
    test: Test | None


@dataclass(frozen=True, eq=False)
class Regulation:
    """One part of the regulation, with its edition."""

    name: str
    vintage: str
    alternatives: tuple[Alternative, ...]
    covers: tuple[CodeRange, ...]
    _index: RangeIndex = field(init=False, repr=False)
    _found: dict[str, _Found] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", RangeIndex([each.ranges for each in self.alternatives]))

    def candidates(self, code: str) -> tuple[Alternative, ...]:
        """Give the alternatives whose goods include a code, in the order of the text."""
        return self._lookup(code).alternatives

    def rule(self, code: str) -> Rule | None:
        """Give the rule for a good as one tree; None where no alternative reaches it."""
        return self._lookup(code).rule

    def test(self, code: str) -> Test | None:
        """Give the rule for a good compiled; None where no alternative reaches it."""
        return self._lookup(code).test

    def _lookup(self, code: str) -> _Found:
        found = self._found.get(code)
        if found is None:
            held = tuple(self.alternatives[at] for at in self._index.covering(code))
            rule = _joined(held)
            found = self._found[code] = _Found(held, rule, None if rule is None else compiled(rule))
        return found


def _joined(found: tuple[Alternative, ...]) -> Rule | None:
    if not found:
        return None
    return by_good([(each.described, each.rule) for each in found])


@lru_cache(maxsize=4)
def load_part(data: Path, part: str) -> Regulation:
    """Read 102.20 or 102.21 with the amendments that the eCFR could not incorporate.

    Raises
    ------
    MissingDataError
        If the corpus is not below the folder.
    InputError
        If a rule is malformed; the message names it.
    """
    place = next(
        (
            p
            for p in (data / "tariff" / "roo" / "originshift", data / "originshift", data)
            if (p / "corpus").is_dir()
        ),
        None,
    )
    if place is None:
        raise MissingDataError(
            f"no rules of 19 CFR 102 under {data}",
            hint="expected tariff/roo/originshift/corpus",
            where="--data",
        )
    files = sorted((place / "corpus").glob(f"{part}-*.json"))
    if not files:
        raise MissingDataError(
            f"no rules of 19 CFR {part}", hint="expected it in originshift/corpus", where=part
        )
    document = _read(files[-1])
    rules = {each["rule_id"]: each for each in document["rules"]}
    for overlay in sorted((place / "overlays").glob("*.json")):
        amended = _read(overlay)
        if str(amended.get("extends", "")).endswith(part):
            rules.update({each["rule_id"]: each for each in amended["rules"]})
    return Regulation(
        name=str(document["corpus"]),
        vintage=str(document["vintage"]),
        alternatives=tuple(alternative(rule, one) for rule in rules.values() for one in rule["alternatives"]),
        covers=tuple(code_range(each) for each in document.get("covers") or ()),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as bad:
        raise InputError(
            bad.msg, hint="the file may be truncated", where=f"{path.name}:{bad.lineno}"
        ) from bad
    return loaded


def alternative(rule: Mapping[str, Any], one: Mapping[str, Any]) -> Alternative:
    """Build one alternative.

    Raises
    ------
    InputError
        With the id of the rule.
    """
    where = str(rule.get("rule_id", "rule"))
    try:
        target = one.get("target") or {}
        ranges = tuple(code_range(each) for each in target.get("ranges") or _scope(rule))
        shift = _shift(one.get("shift"), ranges)
        described = _described(target.get("description"))
        barred = target.get("excluding_description")
        text = str(one["text"])
        condition = str(one.get("condition") or "")
        is_process = one.get("kind") == "process"
        reason = one.get("unparsed_reason")
        parts: list[Rule] = []
        if shift is not None and reason != "descriptive_source":
            parts.append(shift)
            parts += [Proviso(p) for p in one["shift"]["provisos"]]
        if not parts:
            parts.append(Proviso(text, unread=True))
        if barred:
            parts.append(Proviso(f"the good is not {barred}"))
        if condition:
            parts.insert(0, Proviso(condition))
        return Alternative(
            where, ranges, text, described, condition, is_process, bool(one.get("is_fallback")), shift,
            all_rules(tuple(parts)),
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError) as bad:
        raise InputError(
            f"malformed rule: {bad!r}", hint="expected target, shift and text", where=where
        ) from bad
    except OpenwardError as bad:
        raise InputError(f"malformed rule: {bad.message}", hint=bad.hint, where=where) from bad


def _scope(rule: Mapping[str, Any]) -> list[str]:
    scope: list[str] = []
    for each in rule.get("scope") or []:
        first, _, last = str(each).partition("-")
        # The published key 4441-4421 ends before it begins.
        scope.append(each if not last or digits(first) <= digits(last) else f"{last}-{first}")
    return scope


def _described(text: str | None) -> str:
    words = re.sub(r"\s+(?:of|in)$", "", (text or "").strip())
    if re.match(r"^(?:for )?(?:all |any |an)?other (?:good|article)s?", words, re.IGNORECASE):
        return OTHER_GOOD
    return "" if re.match(r"^any good$|^a good$|^goods?$", words, re.IGNORECASE) else words


def _shift(one: Mapping[str, Any] | None, group: tuple[CodeRange, ...]) -> Shift | None:
    if one is None:
        return None
    sources = tuple(_source(each, group) for each in one["sources"]) or (Anything(),)
    excepting: list[Excepted] = []
    if one["excluded"]:
        excepting.append(Excepted(tuple(code_range(each) for each in one["excluded"])))
    for each in one.get("excluded_when") or ():
        excepting.append(Excepted(tuple(code_range(r) for r in each["ranges"]), "", str(each["when"])))
    for each_words in one.get("excluded_descriptions") or ():
        words = re.sub(r";? ?(?:or|and)?$", "", str(each_words)).strip(" .")
        if re.match(r"^(?:when|if|that)\b", words):
            excepting.append(Excepted((), "", words))
        else:
            excepting += named(words)
    return Shift(sources, tuple(excepting))


def _source(one: Mapping[str, Any], group: tuple[CodeRange, ...]) -> Source:
    ranges = tuple(code_range(each) for each in one.get("ranges") or ())
    if one["kind"] == "any_other":
        return OutsideGroup(group) if one.get("outside_that_group") else Outside(Level[one["level"].upper()])
    return Named(ranges) if one["kind"] == "named" else AnotherGood(ranges)
