"""The law in plain English: a measure, a citation, an edit, each in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from openward.book.change import amended, base_version, patch_between
from openward.book.documents import measure_document
from openward.book.edits import Add, Amend, Edit, Join, Leave, Repeal
from openward.book.instruments import instrument_entries
from openward.book.model import Book, Flow, Measure
from openward.book.timeline import Timeline, base_id, normal_timeline
from openward.codes.economies import economies
from openward.codes.groups import GROUP_NAMES
from openward.codes.industries import industries
from openward.codes.products import product_name
from openward.codes.terms import Interval, Status
from openward.errors import UnknownCodeError

_FLOWS = {
    Flow.IMPORT: "imports",
    Flow.EXPORT: "exports",
    Flow.INWARD_INVESTMENT: "inward investment",
    Flow.OUTWARD_INVESTMENT: "outward investment",
    Flow.SERVICES_MODE_1: "services supplied across the border",
    Flow.SERVICES_MODE_2: "services consumed abroad",
    Flow.SERVICES_MODE_3: "services supplied through a presence",
    Flow.SERVICES_MODE_4: "services supplied by persons abroad",
}


def show(measure: Measure) -> str:
    """Say a measure in one sentence, without its citation."""
    name = instrument_entries()[measure.instrument.value].name
    lead = name if name.startswith("MFN") else name[0].lower() + name[1:]
    parts = [f"{_days(measure.valid)}, {party_name(measure.imposed_by)}: {lead}{_effect(measure)}"]
    parts.append(f" on {_FLOWS[measure.flow]}{_of_what(measure)}{_from_whom(measure)}")
    if measure.zone:
        parts.append(f" in {measure.zone}")
    if measure.conditions:
        parts.append("; condition: " + ", ".join(f"{c.kind} {c.value}" for c in measure.conditions))
    return "".join(parts) + "."


def citation(measure: Measure, book: Book) -> str:
    """Say where the law stands: act, article, and that it is unverified where it is."""
    act = book.acts.get(measure.act)
    title = act.title + (f" ({act.number})" if act.number else "") if act else measure.act or "no act named"
    article = f", article {measure.article}" if measure.article else ""
    unsure = measure.status is Status.UNVERIFIED or (act is not None and act.status is Status.UNVERIFIED)
    return f"{title}{article}" + ("; unverified" if unsure else "")


def sentence(edit: Edit, book: Book) -> str:
    """Say an edit in one sentence with its date and citation.

    Parameters
    ----------
    edit : Edit
    book : Book
        The book before the edit; an edit of a measure it does not hold is said by its id.
    """
    if isinstance(edit, Add):
        return f"{show(edit.measure).removesuffix('.')} [{citation(edit.measure, book)}]."
    if isinstance(edit, Join | Leave):
        verb = "joins" if isinstance(edit, Join) else "leaves"
        return f"On {edit.start}, {party_name(edit.economy)} {verb} {party_name(edit.group)}."
    timeline = _timeline(book, edit.measure_id)
    if not timeline:
        what = "no longer applies" if isinstance(edit, Repeal) else "is amended"
        return f"From {edit.start}, {edit.measure_id} {what}."
    base = base_version(timeline, edit.start)
    cited = citation(base, book)
    if isinstance(edit, Repeal):
        said = show(base).partition(", ")[2].removesuffix(".")
        return f"From {edit.start}, {edit.measure_id} no longer applies ({said}) [{cited}]."
    changes = ", ".join(_changes(edit, timeline, base)) or "nothing changes"
    return f"From {edit.start}, {edit.measure_id} is amended: {changes} [{cited}]."


def _timeline(book: Book, measure_id: str) -> Timeline:
    name = base_id(measure_id)
    versions = (m for key, m in book.measures.items() if base_id(key) == name)
    return normal_timeline(versions, name)


def _changes(edit: Amend, timeline: Timeline, base: Measure) -> Iterable[str]:
    after = amended(timeline, edit.set, edit.start)
    later = [version for version in after if version.valid.end is None or version.valid.end > edit.start]
    if not later:
        return
    before, now = measure_document(base), measure_document(later[0])
    if "valid" not in edit.set:
        now["valid"] = before["valid"]
    now["id"] = before["id"]
    for path, value in _leaves(patch_between(before, now)):
        old = _at(before, path)
        yield f"{'.'.join(path)} becomes {_worded(value)} instead of {_worded(old)}"


def _leaves(patch: Mapping[str, Any], prefix: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], Any]]:
    for name, value in patch.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*prefix, name))
        else:
            yield (*prefix, name), value


def _at(document: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        document = document.get(step) if isinstance(document, Mapping) else None
    return document


def _worded(value: Any) -> str:
    if value in (None, "", []):
        return "nothing"
    if isinstance(value, list):
        return " and ".join(_worded(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_worded(inner)}" for key, inner in value.items())
    return str(value)


@cache
def party_name(code: str) -> str:
    """Name an economy or a group with its code; a code nobody named stands alone."""
    name = economies()[code].name if code in economies() else GROUP_NAMES.get(code, code)
    return code if name == code else f"{name} ({code})"


@cache
def sector_name(code: str) -> str:
    """Name an industry, or a class of its tariff lines, with its code."""
    whole, _, lines = code.partition("/")
    name = next((one.name for one in industries() if one.code == whole), "")
    if not name:
        return code
    return f"{name}, {lines} lines ({code})" if lines else f"{name} ({code})"


def _days(valid: Interval) -> str:
    if valid.end is None:
        return f"From {valid.start}"
    last: date = valid.end - timedelta(days=1)
    return f"From {valid.start} to {last}"


def _effect(measure: Measure) -> str:
    effect = measure.effect
    if effect.duty is not None:
        return f" of {effect.duty}" + (f" within quota {effect.quota}" if effect.quota else "")
    if effect.items is not None:
        return f" of {effect.items} items"
    limit = f" of {effect.number:f} {effect.unit}" if effect.number is not None else ""
    return limit + (f" ({effect.text})" if effect.text else "")


def _of_what(measure: Measure) -> str:
    scope = measure.scope
    if scope.sectors:
        names = [sector_name(code) for code in scope.sectors[:3]]
        more = len(scope.sectors) - len(names)
        return " of " + "; ".join(names) + (f" and {more} more industries" if more else "")
    if scope.products is not None and scope.products.ranges != ("*",):
        named = [_product(one, scope.products.edition) for one in scope.products.ranges[:5]]
        more = len(scope.products.ranges) - len(named)
        said = " of " + ", ".join(named) + (f" and {more} more" if more else "")
        said += " except " + ", ".join(scope.exclude_products) if scope.exclude_products else ""
        coded = ", ".join(scope.additional_codes)
        return said + (f", additional code {coded}" if coded else "")
    return " of all goods" if measure.flow in (Flow.IMPORT, Flow.EXPORT) else ""


def _product(one: str, edition: str) -> str:
    try:
        return f"{product_name(one, edition)} (HS {one})"
    except UnknownCodeError:
        return f"HS {one}"


def _from_whom(measure: Measure) -> str:
    word = "to" if measure.flow in (Flow.EXPORT, Flow.OUTWARD_INVESTMENT) else "from"
    scope = measure.scope
    said = ""
    if scope.partners:
        said = f" {word} " + ", ".join(party_name(code) for code in scope.partners[:4])
        more = len(scope.partners) - 4
        said += f" and {more} more" if more > 0 else ""
    if scope.exclude:
        said += " except " + ", ".join(party_name(code) for code in scope.exclude)
    return said
