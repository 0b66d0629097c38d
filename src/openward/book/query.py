"""Questions to the book itself: what is in force, what says these words, how two books differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from openward.book.documents import measure_document, plain, quota_document
from openward.book.force import Listed, ListingState, effective_validity, in_force, listing_state
from openward.book.known import as_known
from openward.book.model import Book, Measure
from openward.book.reading import nearest
from openward.book.sentences import citation, party_name, sector_name, sentence, show
from openward.book.timeline import normal_form
from openward.errors import UnknownCodeError

__all__ = [
    "Listed",
    "ListingState",
    "as_known",
    "citation",
    "describe",
    "diff",
    "effective_validity",
    "find",
    "in_force",
    "listing_state",
    "measure_dict",
    "party_name",
    "row",
    "search",
    "sector_name",
    "sentence",
    "show",
]

Row = dict[str, str]


def search(book: Book, text: str) -> tuple[Measure, ...]:
    """Give the measures that hold all the words, those with a word in their id first.

    Looks at id, instrument, parties, sectors, products, quota, effect, note, article, act (id, title,
    number); case does not matter.
    """
    words = text.casefold().split()
    found = []
    for key, measure in book.measures.items():
        told = _told(book, measure)
        if all(word in told for word in words):
            found.append((-sum(word in key.casefold() for word in words), key))
    return tuple(book.measures[key] for _, key in sorted(found))


def _told(book: Book, measure: Measure) -> str:
    act = book.acts.get(measure.act)
    words = [measure.id, measure.instrument.value, measure.note, measure.article, measure.act, measure.zone]
    words += [measure.effect.text, str(measure.effect.duty or ""), measure.effect.quota]
    words += [*measure.scope.parties, *measure.scope.additional_codes]
    words += measure.scope.products.ranges if measure.scope.products is not None else ()
    words += [act.title, act.number] if act is not None else []
    words += [party_name(code) for code in (measure.imposed_by, *measure.scope.partners)]
    words += [sector_name(code) for code in measure.scope.sectors]
    return " ".join(words).casefold()


def find(book: Book, measure_id: str) -> Measure:
    """Give a measure by id.

    Raises
    ------
    UnknownCodeError
        The book does not hold it.
    """
    measure = book.measures.get(measure_id)
    if measure is None:
        raise UnknownCodeError(
            f"no measure {measure_id!r} in book {book.name}",
            hint=nearest(measure_id, book.measures, otherwise="openward book list prints the ids"),
        )
    return measure


def row(measure: Measure) -> Row:
    """Give a measure as one row of a table."""
    scope, effect = measure.scope, measure.effect
    products = " ".join(scope.products.ranges) if scope.products is not None else ""
    said = str(effect.duty) if effect.duty is not None else effect.text
    if effect.number is not None:
        said = f"{effect.number:f} {effect.unit}"
    return {
        "id": measure.id,
        "instrument": measure.instrument.value,
        "imposed_by": measure.imposed_by,
        "flow": measure.flow.value,
        "partners": " ".join(scope.partners),
        "what": " ".join(scope.sectors) or products,
        "effect": said if effect.items is None else f"{effect.items} items",
        "from": measure.valid.start.isoformat(),
        "to": measure.valid.end.isoformat() if measure.valid.end else "",
        "act": measure.act,
        "article": measure.article,
        "status": measure.status.value,
    }


def measure_dict(book: Book, measure_id: str) -> dict[str, Any]:
    """Give a measure as its document, with its sentence and its act beside it.

    Raises
    ------
    UnknownCodeError
        The book does not hold it.
    """
    measure = find(book, measure_id)
    act = book.acts.get(measure.act)
    return {
        "measure": measure_document(measure) | {"status": measure.status.value},
        "sentence": show(measure),
        "citation": citation(measure, book),
        "act": None if act is None else plain(asdict(act)),
        "where": measure.where,
    }


def describe(book: Book, measure_id: str) -> str:
    """Tell a measure in words: the sentence first, then the source.

    Raises
    ------
    UnknownCodeError
        The book does not hold it.
    """
    measure = find(book, measure_id)
    act = book.acts.get(measure.act)
    lines = [show(measure), f"  source   {citation(measure, book)}"]
    told = {
        "address": act.url if act else "",
        "read in": act.source if act else "",
        "note": measure.note,
        "recorded": measure.recorded.isoformat() if measure.recorded else "",
        "status": measure.status.value,
        "file": measure.where,
    }
    lines += [f"  {name:<8} {value}" for name, value in told.items() if value]
    lines += [
        f"  {event.on} {event.kind}{f' until {event.until}' if event.until else ''} ({event.act})"
        for event in measure.events
    ]
    return "\n".join(lines)


def diff(a: Book, b: Book) -> list[Row]:
    """Give the differences of two books, one row for each measure, membership or quota that changed."""
    left, right = normal_form(a), normal_form(b)
    return [*_measure_rows(left, right), *_member_rows(left, right), *_quota_rows(a, b)]


def _measure_rows(a: Book, b: Book) -> Iterator[Row]:
    for key in sorted(a.measures.keys() | b.measures.keys()):
        old, new = a.measures.get(key), b.measures.get(key)
        if old == new:
            continue
        if old is None and new is not None:
            yield _change(key, "added", "", "", show(new))
        elif old is not None and new is None:
            yield _change(key, "removed", "", show(old), "")
        elif old is not None and new is not None:
            before, after = _flat(measure_document(old)), _flat(measure_document(new))
            for field in sorted(before.keys() | after.keys()):
                if before.get(field) != after.get(field):
                    yield _change(key, "changed", field, before.get(field, ""), after.get(field, ""))


def _member_rows(a: Book, b: Book) -> Iterator[Row]:
    before = {(m.group, m.economy, m.valid): m for m in a.memberships}
    after = {(m.group, m.economy, m.valid): m for m in b.memberships}
    for key in sorted(before.keys() ^ after.keys(), key=lambda k: (k[0], k[1], k[2].start)):
        days = f"{key[2].start} to {key[2].end or 'open'}"
        was, now = (days, "") if key in before else ("", days)
        yield _change(f"{key[1]} in {key[0]}", "removed" if was else "added", "membership", was, now)


def _quota_rows(a: Book, b: Book) -> Iterator[Row]:
    for key in sorted(a.quotas.keys() | b.quotas.keys()):
        old, new = a.quotas.get(key), b.quotas.get(key)
        if old == new:
            continue
        was = _flat(quota_document(old)) if old is not None else {}
        now = _flat(quota_document(new)) if new is not None else {}
        kind = "changed" if was and now else "added" if now else "removed"
        for field in sorted(was.keys() | now.keys()) if kind == "changed" else ("periods",):
            if was.get(field) != now.get(field):
                yield _change(f"quota {key}", kind, field, was.get(field, ""), now.get(field, ""))


def _change(what: str, change: str, field: str, before: str, after: str) -> Row:
    return {"id": what, "change": change, "field": field, "before": before, "after": after}


def _flat(document: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in document.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return flat
