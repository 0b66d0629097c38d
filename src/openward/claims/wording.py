"""One sentence per finding, as a reader of the news would want it."""

from __future__ import annotations

from collections.abc import Mapping

from openward.claims.claim import Claim, Verdict
from openward.claims.tolerance import holds as stands

RELATIONS: Mapping[str, str] = {
    "=": "",
    "~=": "about ",
    ">=": "at least ",
    "<=": "at most ",
    ">": "above ",
    "<": "below ",
}
_UNITS = {"percent": "%"}


def sentence(
    claim: Claim,
    *,
    verdict: Verdict,
    computed: float | bool | None,
    series: Mapping[int, float | bool],
    holds: bool | None,
    differs_in: tuple[str, ...],
    needs: str,
) -> str:
    """Say what was found.

    Returns
    -------
    str
        Verdict, figure, basis, and the claim in brackets.
    """
    claimed = f"claim: {claimed_value(claim)}"
    if verdict == "not-checkable" or computed is None:
        return f"Not checkable: needs {needs} ({claimed})."
    basis = claim.computed_basis or claim.basis
    head, found = _head(claim, verdict, holds, differs_in), _found(claim, computed, series)
    return f"{head}: {found}; basis: {basis} ({claimed})."


def claimed_value(claim: Claim) -> str:
    """Write the claim's value with its relation and unit."""
    if claim.number is None:
        return claim.value
    value = f"{int(claim.value):,}" if claim.value.isdigit() else claim.value
    return f"{RELATIONS[claim.relation]}{_rank(claim)}{value}{_unit(claim)}"


def number(value: float) -> str:
    """Write a figure with four significant digits, whole numbers in full, thousands parted."""
    if value == round(value) and abs(value) < 1e15:
        return f"{value:,.0f}"
    return (
        f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.1f}" if abs(value) >= 1000 else f"{value:.4g}"
    )


def _head(claim: Claim, verdict: Verdict, holds: bool | None, differs_in: tuple[str, ...]) -> str:
    if verdict == "differs":
        of = "substance" if claim.number is None else "size"
        return f"Differs in {' and '.join(differs_in)}, {'not' if holds else 'and'} in {of}"
    if verdict == "contradicted" and differs_in:
        return "Contradicted on this basis"
    return verdict.capitalize()


def _found(claim: Claim, computed: float | bool, series: Mapping[int, float | bool]) -> str:
    if isinstance(computed, bool):
        return "the test holds" if computed else "the test does not hold"
    figure = f"{_rank(claim)}{number(computed)}{_unit(claim)}"
    limit = claim.number
    if len(series) < 2 or limit is None:
        return figure + (f" in {next(iter(series))}" if series else "")
    year = next(y for y, value in series.items() if value == computed)
    fails = sum(not stands(float(v), claim.relation, limit, claim.tolerance) for v in series.values())
    rest = "holds in all" if fails == 0 else f"fails in {fails} of"
    edge = (
        "lowest"
        if claim.relation.startswith(">")
        else "highest"
        if claim.relation.startswith("<")
        else "farthest"
    )
    return f"{rest} {len(series)} years, {edge} {figure} in {year}"


def _rank(claim: Claim) -> str:
    return "rank " if claim.unit == "rank" else ""


def _unit(claim: Claim) -> str:
    unit = _UNITS.get(claim.unit, claim.unit)
    return f" {unit}" if unit and unit != "rank" and claim.number is not None else ""
