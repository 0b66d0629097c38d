"""The question of origin, answered with an explanation (one good) or without (many)."""

from __future__ import annotations

from collections.abc import Iterable

from openward.determine.origin.answer import OriginAnswer, OriginVerdict
from openward.determine.origin.compiled import compiled
from openward.determine.origin.cumulation import Cumulation, View, views
from openward.determine.origin.evaluate import evaluate
from openward.determine.origin.finding import Finding, Missing, word
from openward.determine.origin.good import Good
from openward.determine.origin.leaf_value import label
from openward.determine.origin.rule import Rule
from openward.determine.origin.scheme import Found, Scheme
from openward.determine.origin.text.wording import clean
from openward.determine.origin.truth import Truth, all_of, any_of
from openward.determine.origin.words import brief
from openward.determine.step import Step

_VERDICTS = {True: OriginVerdict.ORIGINATING, False: OriginVerdict.NOT, None: OriginVerdict.UNDECIDED}


def exclusively(view: View) -> Truth:
    """Say whether the good is made of originating materials alone, which is enough whatever the rule.

    A bill without materials says nothing.
    """
    if not view.held:
        return None
    return all_of(None if each.foreign is None else not each.foreign for each in view.held)


def _whole(view: View, truth: Truth) -> Truth:
    """Join what the rule gives with what needs no rule; a bill without materials meets no rule."""
    if view.held:
        return any_of((exclusively(view), truth))
    return None if truth is True else truth


def barred(good: Good, scheme: Scheme) -> tuple[str, ...]:
    """Give the general conditions that are known to fail."""
    reasons = []
    if good.made_in not in scheme.zone.parties:
        reasons.append(f"it is produced in {good.made_in}, outside the territories of the agreement")
    if good.on is not None:
        if scheme.valid_from is not None and good.on < scheme.valid_from:
            reasons.append(f"the scheme applies from {scheme.valid_from.isoformat()} only")
        if scheme.valid_to is not None and good.on >= scheme.valid_to:
            reasons.append(f"the scheme ended before {scheme.valid_to.isoformat()}")
    if good.minimal_operations_only:
        reasons.append("what was done to it is insufficient working or processing")
    if good.transported_directly is False:
        reasons.append("it was not transported directly or left unaltered on the way")
    return tuple(reasons)


def originates(good: Good, scheme: Scheme, cumulation: Cumulation = Cumulation.BILATERAL) -> Truth:
    """Say whether a good originates, without explaining: the path for many goods.

    Returns
    -------
    bool or None
        None where a fact is missing, or the list holds no rule.
    """
    if barred(good, scheme):
        return False
    if good.wholly_obtained:
        return True
    test = scheme.test(good.code)
    tolerance = scheme.tolerance(good.code)
    truths: list[Truth] = []
    for view in views(good, scheme.zone, cumulation, tolerance):
        if exclusively(view) is True:
            return True
        truths.append(_whole(view, None if test is None else test(view)))
    return any_of(truths)


def originates_all(
    goods: Iterable[Good], scheme: Scheme, cumulation: Cumulation = Cumulation.BILATERAL
) -> list[Truth]:
    """Say it for many goods, in order."""
    return [originates(good, scheme, cumulation) for good in goods]


def check(good: Good, scheme: Scheme, cumulation: Cumulation = Cumulation.BILATERAL) -> OriginAnswer:
    """Say whether a good originates under a scheme, by which rule, and what would change it.

    Raises
    ------
    MissingDataError
        If the list holds no rule for the product.
    """
    found = scheme.find(good.code)
    reasons = barred(good, scheme)
    if reasons:
        return _answer(good, scheme, cumulation, found, False, "; ".join(reasons))
    if good.wholly_obtained:
        return _answer(good, scheme, cumulation, found, True, "it is wholly obtained")
    tolerance = scheme.tolerance(good.code)
    best: Finding | None = None
    truths: list[Truth] = []
    for view in views(good, scheme.zone, cumulation, tolerance):
        if exclusively(view) is True:
            return _answer(good, scheme, cumulation, found, True, "it is made of originating materials alone")
        finding = evaluate(found.rule, view)
        truth = _whole(view, finding.truth)
        truths.append(truth)
        if best is None or truth is True or (truth is None and best.truth is False):
            best = finding
    assert best is not None
    return _answer(good, scheme, cumulation, found, any_of(truths), "", best)


def _answer(
    good: Good,
    scheme: Scheme,
    cumulation: Cumulation,
    found: Found,
    truth: Truth,
    reason: str,
    finding: Finding | None = None,
) -> OriginAnswer:
    verdict = _VERDICTS[truth]
    missing = finding.missing if finding is not None and truth is None else ()
    if truth is None and good.materials and not missing:
        why = "a good made of originating materials alone originates"
        unknown = [str(at) for at, m in enumerate(good.materials, start=1) if not m.origin]
        missing = tuple(Missing(f"origin of material {at}", why) for at in unknown)
    if truth is None and not good.materials:
        missing = (Missing("materials", "the rule tests what the good is made of"), *missing)
    failed = finding.failed if finding is not None and truth is False else ()
    return OriginAnswer(
        verdict=verdict,
        sentence=_sentence(good, scheme, verdict, reason, failed, missing, finding),
        scheme=scheme.name,
        product=good.code,
        made_in=good.made_in,
        cumulation=cumulation.value,
        heading="; ".join(dict.fromkeys(entry.heading for entry in found.entries)),
        rule=tuple(clean(text) for text in found.texts),
        failed=failed,
        missing=missing,
        changes=() if truth is True or finding is None else finding.changes,
        conditions=_conditions(good) if truth is not False else (),
        notes=_notes(found, cumulation),
        trace=tuple(_steps(finding, scheme)) if finding is not None else (_bare(reason, verdict, scheme),),
        citation=scheme.citation,
    )


def _sentence(
    good: Good,
    scheme: Scheme,
    verdict: OriginVerdict,
    reason: str,
    failed: tuple[str, ...],
    missing: tuple[Missing, ...],
    finding: Finding | None,
) -> str:
    what = f"{good.name or 'The good'} ({good.code}) made in {good.made_in}"
    under = f"under {scheme.title}"
    if verdict is OriginVerdict.ORIGINATING:
        return f"{what} originates {under}: {reason or 'the rule for it is met'}."
    if verdict is OriginVerdict.UNDECIDED:
        facts = "; ".join(dict.fromkeys(each.fact for each in missing[:3])) or "a rule that covers it"
        return f"Whether {what} originates {under} is undecided; missing: {facts}."
    if reason:
        return f"{what} does not originate {under}: {reason}."
    by = {str(at): m for at, m in enumerate(good.materials, start=1)}
    names = [f"material {n}" + (f" ({by[n].code})" if n in by else "") for n in failed[:3]]
    return f"{what} does not originate {under}: {', '.join(names) or 'its content'} fails the rule."


def _conditions(good: Good) -> tuple[str, ...]:
    conditions = []
    if good.minimal_operations_only is None:
        conditions.append(
            "working beyond the minimal operations that never confer origin (minimal_operations_only: false)"
        )
    if good.transported_directly is None:
        conditions.append("direct transport or non-alteration on the way (transported_directly: true)")
    conditions.append("a proof of origin in the form the agreement asks for")
    return tuple(conditions)


def _notes(found: Found, cumulation: Cumulation) -> tuple[str, ...]:
    notes = []
    partial = [entry for entry in found.entries if entry.partial]
    if partial and len(found.entries) == 1:
        notes.append(
            f"the entry {partial[0].heading} covers some goods of its code only: {partial[0].description}"
        )
    if cumulation in (Cumulation.DIAGONAL, Cumulation.FULL):
        notes.append("cumulation beyond the parties has conditions of its own (agreements in force, notices)")
    return tuple(notes)


def _bare(reason: str, verdict: OriginVerdict, scheme: Scheme) -> Step:
    return Step(reason, "", "the good", verdict.value, scheme.citation)


def _steps(finding: Finding, scheme: Scheme) -> list[Step]:
    return [
        Step(
            brief(each.rule),
            "",
            each.detail or "the good",
            word(each.truth),
            scheme.citation if not each.parts else "",
        )
        for each in finding.walk()
    ]


def rule_truth(rule: Rule, view: View) -> Truth:
    """Evaluate one rule on one view by the batch path."""
    return compiled(rule)(view)


__all__ = ["check", "exclusively", "label", "originates", "originates_all", "rule_truth"]
