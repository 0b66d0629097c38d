"""19 CFR 102.11: goods other than textiles and apparel, paragraph by paragraph."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from openward.determine.origin.codes import covered, digits
from openward.determine.origin.compiled import compiled
from openward.determine.origin.cumulation import Cumulation, Held, Tolerance, View, Zone, views
from openward.determine.origin.evaluate import evaluate
from openward.determine.origin.finding import Finding, Missing, word
from openward.determine.origin.good import Good, Material
from openward.determine.origin.rule import Basis, Rule
from openward.determine.origin.truth import Truth
from openward.determine.origin.us.answer import CountryAnswer
from openward.determine.origin.us.rules import Regulation
from openward.determine.step import Step

NO_TOLERANCE = frozenset({"01", "02", "03", "04", "07", "08", "11", "12", "15", "17", "20"})
SEVEN, TEN = (
    Tolerance(share, share, citation="19 CFR 102.13(a)", basis=Basis.VALUE)
    for share in (Decimal("0.07"), Decimal("0.10"))
)
A1 = ("102.11(a)(1)", "The good is wholly obtained or produced.")
A2 = ("102.11(a)(2)", "The good is produced exclusively from domestic materials.")
A3 = (
    "102.11(a)(3)",
    "Each foreign material incorporated in the good undergoes the change in tariff classification of 102.20.",
)
B1 = (
    "102.11(b)(1)",
    "The country of origin of the good is that of the single material that imparts its essential character.",
)
C = (
    "102.11(c)",
    "For a set, the origin of all materials that merit equal consideration for its essential character.",
)
SEVENTEEN = ("102.17", "Packing, diluting, dismantling or a new use alone is no change of classification.")


def tolerance(code: str) -> Tolerance | None:
    """Give the allowance of 102.13: 7 % of the value, 10 % for chapter 22, none for some chapters."""
    chapter = digits(code)[:2]
    return None if chapter in NO_TOLERANCE else TEN if chapter == "22" else SEVEN


def shift_truth(good: Good, regulation: Regulation, *, disregard_small: Truth = None) -> Truth:
    """Say whether the change of 102.20 took place, without explaining: the path for many goods.

    Parameters
    ----------
    disregard_small : bool or None
        False: 102.13 is known not to forgive; None: it is computed from the values.
    """
    test = regulation.test(good.code)
    return None if test is None else test(_view(good, disregard_small))


def country_of_goods(
    good: Good, regulation: Regulation, *, is_set: bool = False, disregard_small: Truth = None
) -> CountryAnswer:
    """Say which country a good is from under 19 CFR 102.11.

    Parameters
    ----------
    good : Good
        Made in the country of the last operation; origins of materials as known.
        ``minimal_operations_only``: nothing but an operation of 102.17 was done.
    regulation : Regulation
        102.20.
    is_set : bool
        The good is classified as a set: 102.11(b) does not reach it.
    disregard_small : bool or None
        False: it is known that 102.13 does not forgive the materials that do not change.
    """
    if good.wholly_obtained:
        return _settled(good, regulation, good.made_in, A1, None)
    view = _view(good, disregard_small)
    if view.held and all(each.foreign is False for each in view.held):
        return _settled(good, regulation, good.made_in, A2, None)
    rule = regulation.rule(good.code)
    if rule is None:
        fact = Missing(
            "a rule for the good", f"no rule of 102.20 targets {good.code} under {regulation.vintage}"
        )
        return _open(good, regulation, A3, (fact,), None)
    if not view.held:
        fact = Missing("materials", "102.11(a)(3) tests what the good is made of")
        return _open(good, regulation, A3, (fact,), None)
    finding = evaluate(rule, view)
    if good.minimal_operations_only:
        return _by_character(good, regulation, rule, SEVENTEEN, finding, is_set)
    if finding.truth is True:
        return _settled(good, regulation, good.made_in, A3, finding)
    if finding.truth is None:
        return _open(good, regulation, A3, finding.missing, finding)
    return _by_character(good, regulation, rule, A3, finding, is_set)


def _view(good: Good, disregard_small: Truth) -> View:
    allowed = None if disregard_small is False else tolerance(good.code)
    return views(good, Zone(frozenset()), Cumulation.NONE, allowed)[0]


def _by_character(
    good: Good, regulation: Regulation, rule: Rule, after: tuple[str, str], finding: Finding, is_set: bool
) -> CountryAnswer:
    """Apply 102.11(b): only a material from which no change is allowed may impart it (102.18(b)(1))."""
    if is_set:
        fact = Missing("materials that merit equal consideration", "102.11(b) does not reach a set")
        return _open(good, regulation, C, (fact,), finding, False)
    test = compiled(rule)
    alone = [(m, test(View(good, (Held("1", m, True),)))) for m in good.materials]
    kept = [m for m, truth in alone if truth is False]
    unsure = [m for m, truth in alone if truth is None]
    if unsure:
        facts = tuple(Missing(f"whether {m.code} may change", "it may be a candidate") for m in unsure)
        return _open(good, regulation, B1, facts, finding, False)
    origins = {m.origin for m in kept}
    if len(origins) == 1 and "" not in origins:
        return _settled(good, regulation, origins.pop(), B1, finding, False)
    if not kept:
        fact = Missing("the material of essential character", "every material may change (102.18(b)(1))")
    elif len(kept) == 1:
        fact = Missing(f"origin of {kept[0].code}", "it is the only candidate (102.18(b)(1)(iii))")
    else:
        names = ", ".join(m.code for m in kept)
        fact = Missing(
            f"which of {names} imparts the essential character", "bulk, value and role (102.18(b)(2))"
        )
    return _open(good, regulation, B1, (fact,), finding, False)


def _steps(finding: Finding | None) -> tuple[Step, ...]:
    if finding is None:
        return ()
    from openward.determine.origin.words import brief

    return tuple(
        Step(brief(each.rule), "", each.detail or "the good", word(each.truth), "19 CFR 102.20")
        for each in finding.walk()
    )


def _settled(
    good: Good,
    regulation: Regulation,
    country: str,
    paragraph: tuple[str, str],
    finding: Finding | None,
    shift: Truth = None,
) -> CountryAnswer:
    truth = shift if shift is not None else None if finding is None else finding.truth
    sentence = f"{good.name or 'The good'} ({good.code}) is from {country} under 19 CFR {paragraph[0]}."
    return CountryAnswer(country, sentence, *paragraph, truth, (), _steps(finding), regulation.vintage)


def _open(
    good: Good,
    regulation: Regulation,
    paragraph: tuple[str, str],
    missing: tuple[Missing, ...],
    finding: Finding | None,
    shift: Truth = None,
) -> CountryAnswer:
    facts = "; ".join(dict.fromkeys(each.fact for each in missing[:3])) or "a fact of production"
    sentence = (
        f"Which country {good.name or 'the good'} ({good.code}) is from is undecided; missing: {facts}."
    )
    return CountryAnswer(None, sentence, *paragraph, shift, missing, _steps(finding), regulation.vintage)


def is_textile(code: str, textiles: Regulation) -> Truth:
    """Say whether 102.21 governs a good (102.11 excepts textile and apparel products)."""
    return covered(textiles.covers, code)


def with_origin(material: Material, country: str) -> Material:
    """Give a material with its origin."""
    return replace(material, origin=country)
