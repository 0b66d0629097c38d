"""19 CFR 102.21(c): textile and apparel products, five paragraphs in sequence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from openward.determine.origin.codes import CodeRange, code_range, covered
from openward.determine.origin.compiled import compiled
from openward.determine.origin.cumulation import Cumulation, Tolerance, View, Zone, views
from openward.determine.origin.finding import Missing
from openward.determine.origin.good import NOTHING, Good
from openward.determine.origin.truth import Truth, all_of, opposite
from openward.determine.origin.us.answer import CountryAnswer
from openward.determine.origin.us.rules import Alternative, Regulation

PROCESSES = (
    "fabric-making process", "spinning process", "extrusion process", "dyeing and printing", "garnetting",
    "wholly assembled", "knit",
)  # fmt: skip
_E2 = (
    "6213", "6214", "6117.10", "6302.22", "6302.29", "6302.53", "6302.59", "6302.93", "6302.99", "6303.92",
    "6303.99", "6304.19", "6304.93", "6304.99", "9404.90.85", "9404.90.95",
)  # fmt: skip
_NOT_ASSEMBLED = (
    "5609", "5807", "5811", "6213", "6214", "6301-6306", "6308", "6307.10", "6307.90", "5901-5909", "9404.90",
    "9619.00.31-9619.00.33",
)  # fmt: skip
FINISHING = frozenset({
    "bleaching", "shrinking", "fulling", "napping", "decating", "permanent stiffening", "weighting",
    "permanent embossing", "moireing",
})  # fmt: skip
E2_GOODS: tuple[CodeRange, ...] = tuple(code_range(each) for each in _E2)
NOT_ASSEMBLED: tuple[CodeRange, ...] = tuple(code_range(each) for each in _NOT_ASSEMBLED)
SEVEN = Decimal("0.07")


@dataclass(frozen=True, slots=True)
class TextileFacts:
    """Facts of production that 102.21 turns on; what is not given is not known.

    Attributes
    ----------
    process_in : mapping
        Where a process of :data:`PROCESSES` took place.
    conditions : mapping
        Conditions on the good, by words of the rule (``two or more component parts``, ``knit to shape``).
    of_cotton_or_wool : bool or None
        Of cotton, of wool, or a blend with 16 % or more of cotton: then (e)(1) keeps the good, else
        (e)(2) takes it.
    dyed_and_printed_in, finishing : str, frozenset of str
        Where the fabric was both dyed and printed, and with which finishing operations.
    knit_in, assembled_in, most_important_in, last_important_in : str
        Countries of (c)(3) to (c)(5).
    paragraph_2_fails : bool
        It is known that (c)(2) does not determine the country.
    """

    process_in: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, bool] = field(default_factory=lambda: NOTHING)
    of_cotton_or_wool: bool | None = None
    dyed_and_printed_in: str = ""
    finishing: frozenset[str] = frozenset()
    knit_in: str = ""
    assembled_in: str = ""
    most_important_in: str = ""
    last_important_in: str = ""
    paragraph_2_fails: bool = False


def country_of_textile(good: Good, regulation: Regulation, facts: TextileFacts) -> CountryAnswer:
    """Say which country a textile or apparel product is from under 19 CFR 102.21(c)."""
    if good.wholly_obtained:
        return _settled(
            good, regulation, good.made_in, "102.21(c)(1)", "wholly obtained or produced in one country"
        )
    missing: list[Missing] = []
    if not facts.paragraph_2_fails:
        found = _paragraph_2(good, regulation, facts, missing)
        if found is not None:
            return found
        if missing:
            return _open(good, regulation, "102.21(c)(2)", missing)
    return _later(good, regulation, facts)


def _later(good: Good, regulation: Regulation, facts: TextileFacts) -> CountryAnswer:
    knit = facts.conditions.get("knit to shape")
    if facts.knit_in:
        return _settled(
            good, regulation, facts.knit_in, "102.21(c)(3)(i)", "the country in which it was knit to shape"
        )
    if knit:
        return _open(
            good, regulation, "102.21(c)(3)(i)", [Missing("where it was knit", "it is knit to shape")]
        )
    assembled = covered(NOT_ASSEMBLED, good.code)
    if facts.assembled_in and assembled is False:
        text = "not knit to shape and wholly assembled in one country"
        return _settled(good, regulation, facts.assembled_in, "102.21(c)(3)(ii)", text)
    if facts.assembled_in and assembled is None:
        fact = Missing("the full tariff code", "102.21(c)(3)(ii) does not reach some goods of this code")
        return _open(good, regulation, "102.21(c)(3)(ii)", [fact])
    if facts.most_important_in:
        text = "the country of the most important assembly or manufacturing process"
        return _settled(good, regulation, facts.most_important_in, "102.21(c)(4)", text)
    if facts.last_important_in:
        text = "the last country of an important assembly or manufacturing process"
        return _settled(good, regulation, facts.last_important_in, "102.21(c)(5)", text)
    asked = [
        Missing("where it was knit to shape, if it was", "102.21(c)(3)(i)"),
        Missing("where it was wholly assembled, if it was", "102.21(c)(3)(ii)"),
        Missing("where the most important process took place", "102.21(c)(4)"),
        Missing("where the last important process took place", "102.21(c)(5)"),
    ]
    return _open(good, regulation, "102.21(c)(3) to (5)", asked)


def _paragraph_2(
    good: Good, regulation: Regulation, facts: TextileFacts, missing: list[Missing]
) -> CountryAnswer | None:
    """Apply (e): the country of the change or of the process; None where it settles nothing."""
    listed = covered(E2_GOODS, good.code)
    if listed is not False and facts.of_cotton_or_wool is None:
        missing.append(Missing("of_cotton_or_wool", "it decides between (e)(1) and (e)(2)"))
        return None
    if listed is None:
        missing.append(Missing("the full tariff code", "(e)(2) reaches some goods of this code"))
        return None
    if listed and not facts.of_cotton_or_wool:
        return _e2(good, regulation, facts, missing)
    view = views(
        good, Zone(frozenset()), Cumulation.NONE, Tolerance(SEVEN, SEVEN, True, citation="19 CFR 102.13(c)")
    )[0]
    for each in sorted(regulation.candidates(good.code), key=lambda one: one.is_fallback):
        holds = _condition(each.condition, facts, good)
        if holds is False:
            continue
        if holds is None:
            missing.append(Missing(each.condition, f"{each.rule_id} turns on it"))
            continue
        changed: Truth = None if each.shift is None else _changed(each, view)
        process = _process(each)
        if process:
            where = facts.process_in.get(process, "")
            if where and changed is not False:
                return _settled(good, regulation, where, each.rule_id, each.text)
            if not where and changed is not False:
                missing.append(Missing(f"where the {process} took place", f"{each.rule_id} turns on it"))
        elif changed is True and view.held:
            return _settled(good, regulation, good.made_in, each.rule_id, each.text, True)
        elif changed is None or not view.held:
            missing.append(Missing("materials, their codes and origins", f"{each.rule_id} turns on them"))
    return None


def _changed(each: Alternative, view: View) -> Truth:
    """Say whether what is foreign changed as asked; without a bill nothing is known to fail."""
    assert each.shift is not None
    truth = compiled(each.shift)(view)
    return truth if view.held else None


def _process(each: Alternative) -> str:
    low = each.text.lower()
    needs = each.is_process or "provided that the change is the result of" in low or "wholly assembled" in low
    return next((name for name in PROCESSES if needs and name in low), "")


def _condition(words: str, facts: TextileFacts, good: Good) -> Truth:
    """Say whether the condition that gates an alternative holds, clause by clause."""
    if not words:
        return True
    if "paragraph (e)(2)" in words:
        inside = covered(E2_GOODS, good.code)
        return True if inside is False else facts.of_cotton_or_wool
    return all_of(_clause(clause, facts) for clause in words.lower().split(" and "))


def _clause(words: str, facts: TextileFacts) -> Truth:
    for phrase, truth in facts.conditions.items():
        if phrase.lower() in words:
            return opposite(truth) if re.search(r"\bnot\b", words) else truth
    return None


def _e2(
    good: Good, regulation: Regulation, facts: TextileFacts, missing: list[Missing]
) -> CountryAnswer | None:
    if facts.dyed_and_printed_in and len(FINISHING & {each.lower() for each in facts.finishing}) >= 2:
        text = (
            "the country in which the fabric was both dyed and printed, with two or more finishing operations"
        )
        return _settled(good, regulation, facts.dyed_and_printed_in, "102.21(e)(2)(i)", text)
    special = covered((code_range("6117.10"),), good.code)
    parts, knit = facts.conditions.get("two or more component parts"), facts.conditions.get("knit to shape")
    if special and parts is None and knit is None:
        missing.append(
            Missing("knit to shape, or two or more component parts", "(e)(2)(ii) or (iii) for 6117.10")
        )
        return None
    process, paragraph = "fabric-making process", "102.21(e)(2)(ii)"
    if special and knit:
        process, paragraph = "knit", "102.21(e)(2)(iii)(A)"
    elif special and parts:
        process, paragraph = "wholly assembled", "102.21(e)(2)(iii)(B)"
    where = facts.process_in.get(process, "")
    if where:
        return _settled(good, regulation, where, paragraph, f"the country of the {process}")
    if not facts.last_important_in and not facts.most_important_in:
        missing.append(Missing(f"where the {process} took place", f"{paragraph} turns on it"))
    return None


def _settled(
    good: Good, regulation: Regulation, country: str, paragraph: str, text: str, shift: Truth = None
) -> CountryAnswer:
    sentence = f"{good.name or 'The good'} ({good.code}) is from {country} under 19 CFR {paragraph}."
    return CountryAnswer(country, sentence, paragraph, text, shift, vintage=regulation.vintage)


def _open(good: Good, regulation: Regulation, paragraph: str, missing: list[Missing]) -> CountryAnswer:
    facts = "; ".join(dict.fromkeys(each.fact for each in missing[:3]))
    sentence = (
        f"Which country {good.name or 'the good'} ({good.code}) is from is undecided; missing: {facts}."
    )
    text = "turns on facts of production that no code carries"
    return CountryAnswer(None, sentence, paragraph, text, None, tuple(missing), vintage=regulation.vintage)
