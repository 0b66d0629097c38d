"""Check a ledger: compute every claim that can be computed, and say of the others what they need."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openward.book import load
from openward.book.model import Book
from openward.claims.at_hand import AtHand
from openward.claims.claim import Claim, Finding, Ledger
from openward.claims.evaluate import evaluate
from openward.claims.formula import Formula
from openward.claims.series import Series, Value, kind
from openward.claims.tolerance import holds as stands
from openward.claims.tolerance import worst
from openward.claims.verdict import judge
from openward.claims.wording import sentence
from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError


def check(ledger: Ledger, *, data: Path | None = None, book: Book | None = None) -> tuple[Finding, ...]:
    """Check all claims of a ledger.

    Parameters
    ----------
    ledger : Ledger
    data : Path, optional
        Folder of public files; None for what ships.
    book : Book, optional
        The law; the shipped ``chn`` by default. A reformed book moves the claims that rest on it.

    Returns
    -------
    tuple of Finding
        In the order of the ledger.

    Raises
    ------
    InputErrors
        Formulas that cannot be computed whatever the data, all of them.
    """
    if data is not None and not data.is_dir():
        raise MissingDataError("there is no such folder", where=str(data), hint="name it with --data DIR")
    at = AtHand(data=data, book=load("chn") if book is None else book)
    findings, errors = [], []
    for claim in ledger.claims:
        at.fresh()
        try:
            findings.append(check_one(claim, at, ledger.names))
        except OpenwardError as error:
            where = claim.where if not error.where else f"{claim.where}, {error.where}"
            errors.append(InputError(error.message, hint=error.hint, where=where))
    if errors:
        raise InputErrors(errors)
    return tuple(findings)


def check_one(claim: Claim, at: AtHand, names: Mapping[str, Formula]) -> Finding:
    """Check one claim with what is at hand; errors as `check`."""
    computed: float | bool | None = None
    series: Mapping[int, float | bool] = {}
    needs = claim.needs
    if claim.formula is not None:
        try:
            computed, series = _figure(evaluate(claim.formula, at, names), claim)
        except MissingDataError as missing:
            needs = "; ".join(part for part in (_wanted(missing), claim.needs) if part)
    data, skipped = tuple(at.used.values()), tuple(dict.fromkeys(at.skipped))
    found = ("coverage",) if skipped and computed is not None else ()
    differs_in = tuple(dict.fromkeys((*claim.differs_in, *found))) if computed is not None else ()
    if skipped and computed is not None:
        needs = "; ".join(part for part in (*skipped, claim.needs) if part)
    holds = None if computed is None else _holds(claim, computed, series)
    verdict = judge(claim, computed=computed, holds=holds, differs_in=differs_in)
    said = sentence(
        claim,
        verdict=verdict,
        computed=computed,
        series=series,
        holds=holds,
        differs_in=differs_in,
        needs=needs,
    )
    return Finding(
        claim=claim,
        computed=computed,
        series=series,
        holds=holds,
        differs_in=differs_in,
        verdict=verdict,
        sentence=said,
        needs=needs if verdict in ("differs", "not-checkable") else "",
        data=data if computed is not None else (),
        beside=tuple(_beside(claim, at, names)),
    )


def _figure(value: Value, claim: Claim) -> tuple[float | bool, Mapping[int, float | bool]]:
    """Take the figure of a formula: one, or of a series the year that is nearest to failing."""
    limit = claim.number
    if isinstance(value, Series):
        if limit is None:
            return all(value.values.values()), value.values
        numbers = {year: float(number) for year, number in value.values.items()}
        return numbers[worst(numbers, claim.relation, limit)], numbers
    if isinstance(value, bool) and limit is not None:
        raise InputError("the formula is true or false, the claim a number", hint="count() makes a number")
    if not isinstance(value, bool | int | float):
        raise InputError(
            f"the formula gives {kind(value)}", hint="a claim needs a number; size() counts a set"
        )
    if limit is None and not isinstance(value, bool):
        raise InputError(
            f"the claim's value is the text {claim.value!r}, the formula a number", hint="write a comparison"
        )
    return value if isinstance(value, bool) else float(value), {}


def _holds(claim: Claim, computed: float | bool, series: Mapping[int, float | bool]) -> bool:
    limit = claim.number
    if limit is None:
        return bool(computed)
    numbers = series.values() or (computed,)
    return all(stands(float(value), claim.relation, limit, claim.tolerance) for value in numbers)


def _beside(claim: Claim, at: AtHand, names: Mapping[str, Formula]) -> list[tuple[str, float | bool, str]]:
    rows: list[tuple[str, float | bool, str]] = []
    for other in claim.beside:
        try:
            value = evaluate(other.formula, at, names)
        except MissingDataError:
            continue
        if not isinstance(value, bool | int | float):
            raise InputError(f"{other.what}: the formula gives {kind(value)}", hint="it needs one number")
        rows.append((other.what, value, other.unit))
    return rows


def _wanted(missing: MissingDataError) -> str:
    hint = f" ({missing.hint})" if missing.hint.startswith(("give", "put")) else ""
    return f"{missing.message}{hint}"
