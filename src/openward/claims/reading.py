"""Read a ledger; everything that is wrong in it is found at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import ValidationError

from openward.book.fields import explain
from openward.book.reading import Document, Location, nearest, parse_yaml, read_document
from openward.claims.claim import Beside, Claim, Ledger
from openward.claims.evaluate import CALLABLE, WORDS, faults
from openward.claims.formula import SPACES, Formula, parse
from openward.claims.schema import ClaimDoc, LedgerDoc
from openward.claims.tolerance import default_tolerance, read_tolerance
from openward.errors import InputError, InputErrors, OpenwardError, UnknownCodeError

_SHIPPED = Path(__file__).parent / "ledgers"
DEFAULT = "china-2025"
_AS_PRINTED = ("value", "period", "tolerance")
"""Fields kept as they are printed: 9.70 is not 9.7 when half the last digit is what may be missed."""


def shipped_ledgers() -> tuple[str, ...]:
    """Name the ledgers that ship."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.yaml")))


def load_ledger(name_or_path: str | Path = DEFAULT) -> Ledger:
    """Read a ledger that ships, or a file.

    Raises
    ------
    MissingDataError
        There is no such file.
    InputErrors
        All that is wrong in it: fields, formulas, ids that come twice, names that go round in a circle.
    """
    if str(name_or_path) in shipped_ledgers():
        path = _SHIPPED / f"{name_or_path}.yaml"
        return read_ledger(read_document(path, path.name))
    path = Path(name_or_path)
    if not path.suffix and not path.exists():
        hint = nearest(str(name_or_path), shipped_ledgers(), listing="ledgers")
        raise UnknownCodeError(f"no ledger is called {str(name_or_path)!r}", hint=hint)
    return read_ledger(read_document(path, path.name))


def parse_ledger(text: str, *, label: str = "ledger") -> Ledger:
    """Read a ledger from YAML text; errors as `load_ledger`."""
    return read_ledger(parse_yaml(text, label))


def read_ledger(document: Document) -> Ledger:
    """Turn a document into a ledger.

    Raises
    ------
    InputErrors
    """
    _restore(document)
    errors: list[OpenwardError] = []
    face = _face(document, errors)
    names = _names(face, document, errors)
    entries = list(_entries(document, errors))
    errors += _twice(entries)
    claims = [claim for entry, where in entries if (claim := _claim(entry, face, where, errors)) is not None]
    errors += _circles(names)
    for formula in (*names.values(), *_formulas(claims)):
        errors += faults(formula, names)
    if errors:
        raise InputErrors(errors)
    return Ledger(name=face.name, title=face.title, claims=tuple(claims), names=MappingProxyType(names))


def _face(document: Document, errors: list[OpenwardError]) -> LedgerDoc:
    """Read what stands above the claims; without it nothing else can be read."""
    data = document.data
    if isinstance(data, dict) and isinstance(data.get("claims"), list):
        data = {**data, "claims": []}
    try:
        return LedgerDoc.model_validate(data)
    except ValidationError as error:
        errors += explain(error.errors(), document.where, LedgerDoc)
        errors += [] if data is document.data else _faults_of_rows(document)
        raise InputErrors(errors) from None


def _faults_of_rows(document: Document) -> list[OpenwardError]:
    errors: list[OpenwardError] = []
    list(_entries(document, errors))
    return errors


def _entries(document: Document, errors: list[OpenwardError]) -> Iterator[tuple[ClaimDoc, str]]:
    """Read the claims one by one, so that a bad one does not hide what is wrong with the others."""
    for k, row in enumerate(document.data["claims"]):
        where = document.where(("claims", k))
        try:
            entry = ClaimDoc.model_validate(row)
        except ValidationError as error:
            name = row.get("id", k + 1) if isinstance(row, dict) else k + 1

            def place(location: Location = (), at: int = k, claim: object = name) -> str:
                return f"{document.where(('claims', at, *location))} ({claim})"

            errors += explain(error.errors(), place, ClaimDoc)
            continue
        yield entry, f"{where} ({entry.id})"


def _names(face: LedgerDoc, document: Document, errors: list[OpenwardError]) -> dict[str, Formula]:
    names: dict[str, Formula] = {}
    for name, text in face.names.items():
        where = f"{document.where(('names', name))} ({name})"
        if not name.isidentifier() or name in WORDS or name in SPACES or name in CALLABLE:
            hint = "letters, digits and _, and not the name of a function"
            errors.append(InputError(f"{name!r} cannot be a name", where=where, hint=hint))
        try:
            names[name] = parse(text, where=where)
        except InputError as error:
            errors.append(error)
    return names


def _claim(entry: ClaimDoc, face: LedgerDoc, place: str, errors: list[OpenwardError]) -> Claim | None:
    found: list[OpenwardError] = []
    if not (entry.source or face.source):
        found.append(InputError("no source is named", where=place, hint="source: here or for the ledger"))
    if not entry.formula and not entry.needs:
        hint = "write a formula, or needs: what data would settle it"
        found.append(InputError("neither a formula nor what it needs", where=place, hint=hint))
    if entry.differs_in and not entry.computed_basis:
        hint = "computed_basis: says what the figure is"
        found.append(InputError("the figure differs from the claim's, but not how", where=place, hint=hint))
    formula = _parsed(entry.formula, place, found) if entry.formula else None
    beside = []
    for other in entry.beside:
        if (aside := _parsed(other.formula, place, found)) is not None:
            beside.append(Beside(what=other.what, formula=aside, unit=other.unit))
    try:
        tolerance = (
            read_tolerance(entry.tolerance, where=place)
            if entry.tolerance
            else default_tolerance(entry.relation, entry.value)
        )
    except InputError as error:
        found.append(error)
    errors += found
    if found:
        return None
    return Claim(
        **entry.model_dump(exclude={"formula", "tolerance", "beside", "source"}),
        source=entry.source or face.source,
        formula=formula,
        tolerance=tolerance,
        beside=tuple(beside),
        where=place,
    )


def _parsed(text: str, where: str, errors: list[OpenwardError]) -> Formula | None:
    try:
        return parse(text, where=where)
    except InputError as error:
        errors.append(error)
        return None


def _formulas(claims: list[Claim]) -> Iterator[Formula]:
    for claim in claims:
        if claim.formula is not None:
            yield claim.formula
        yield from (other.formula for other in claim.beside)


def _twice(entries: list[tuple[ClaimDoc, str]]) -> Iterator[OpenwardError]:
    seen: dict[str, str] = {}
    for entry, where in entries:
        if entry.id in seen:
            hint = f"the first is at {seen[entry.id]}"
            yield InputError(f"the id {entry.id!r} comes twice", where=where, hint=hint)
        seen.setdefault(entry.id, where)


def _circles(names: Mapping[str, Formula]) -> Iterator[OpenwardError]:
    """Find names that are defined through themselves; each circle is told once, from its first name."""
    done: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> Iterator[OpenwardError]:
        if name in path:
            circle = path[path.index(name) :]
            if name == min(circle):
                what = f"names go round in a circle: {' -> '.join((*circle, name))}"
                yield InputError(what, where=names[name].where, hint="define one of them without the others")
            return
        if name in done:
            return
        for other in sorted(names[name].names() & names.keys()):
            yield from walk(other, (*path, name))

    for name in sorted(names):
        yield from walk(name, ())
        done.add(name)


def _restore(document: Document) -> None:
    """Put the printed form of numbers back into the data."""
    if not isinstance(document.data, dict) or not isinstance(document.node, yaml.MappingNode):
        return
    for key, listing in document.node.value:
        rows: Any = document.data.get(key.value)
        if key.value != "claims" or not isinstance(listing, yaml.SequenceNode) or not isinstance(rows, list):
            continue
        for row, node in zip(rows, listing.value, strict=False):
            if not isinstance(row, dict) or not isinstance(node, yaml.MappingNode):
                continue
            for field, scalar in node.value:
                if field.value in _AS_PRINTED and isinstance(scalar, yaml.ScalarNode):
                    row[field.value] = scalar.value
