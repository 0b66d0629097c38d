"""Part 1, the law: two books on one day, what the edits touch, and what they leave as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from openward.book.edits import Add, Amend, Edit, Reform, Repeal
from openward.book.model import Book, LegalAct, Measure
from openward.book.query import citation, sentence
from openward.book.reform import apply, freeze
from openward.codes.terms import Status
from openward.determine.compare import union
from openward.determine.touch import Touch, touched
from openward.errors import InputError, MissingDataError
from openward.impact.result import EditNote, LawPart, RateChange
from openward.impact.worlds import Laws
from openward.observe.worldpack import WorldPack
from openward.simulate.baseline import Array


@dataclass(frozen=True, slots=True, eq=False)
class LawStep:
    """The law before (A) and after (B), both read on one day.

    Attributes
    ----------
    before : Book
        The book frozen on ``from_law``.
    after : Book
        ``before`` itself where no edit changes it.
    """

    from_law: date
    on: date
    before: Book
    after: Book


def law_step(book: Book, reform: Reform, *, from_law: date | None) -> LawStep:
    """Freeze the book and apply the reform to it (CONTRACTS, "Reform").

    Parameters
    ----------
    from_law : date, optional
        By default the day before the last edit; without edits the last day the book covers.

    Raises
    ------
    MissingDataError
        ``from_law`` lies before the first day the book covers.
    InputError
        ``from_law`` is not before the last edit.
    """
    on = reform.last_day or book.covered_to
    at = from_law or (on - timedelta(days=1) if reform.edits else on)
    if at < book.covered_from:
        if from_law is None:
            apply(book, reform)  # an edit dated before the book is the better message: it names the line
        raise MissingDataError(
            f"date before data: book {book.name} begins on {book.covered_from}",
            hint=f"choose a day from {book.covered_from} on",
            where="--from-law",
        )
    if reform.edits and at >= on:
        raise InputError(
            f"the law before is to be frozen on {at}, but the last edit of {reform.name!r} is of {on}",
            hint=f"choose a day before {on}",
            where="--from-law",
        )
    before = freeze(book, at)
    after = apply(before, reform)
    same = after.measures == before.measures and after.memberships == before.memberships
    return LawStep(at, on, before, before if same else after)


def law_part(book: Book, reform: Reform, step: LawStep, laws: Laws, pack: WorldPack, flows: Array) -> LawPart:
    """Say what each edit touches, before anything is solved.

    Parameters
    ----------
    flows : [N, N, J]
        Trade of the baseline year, in million US dollars.
    """
    touches = touched(step.before, reform, on=step.on, economies=pack.economies, sectors=pack.sectors)
    notes = tuple(_edit_note(touch, book, reform, step, laws, flows) for touch in touches)
    cells = union(*(touch.moves for touch in touches))
    classes = set(zip(cells.importer, cells.sector, cells.line, strict=True))
    in_class = laws.before.shares[cells.importer, cells.sector, cells.line]
    return LawPart(
        book=book.name,
        from_law=step.from_law,
        on=step.on,
        edits=notes,
        touched_lines=int(sum(laws.before.lines[key] for key in classes)),
        touched_partners=tuple(sorted({p for touch in touches for p in touch.partners})),
        touched_trade_musd=float((flows[cells.importer, cells.partner, cells.sector] * in_class).sum()),
        outside_baseline=tuple(sorted({p for touch in touches for p in touch.outside})),
        no_effect=tuple(note.index for note in notes if not note.effective),
        rate_changes=_rate_changes(laws, flows),
    )


def _edit_note(touch: Touch, book: Book, reform: Reform, step: LawStep, laws: Laws, flows: Array) -> EditNote:
    measure = _measure_of(touch.edit, book, step)
    act = _act_of(measure, book, reform)
    return EditNote(
        index=touch.index + 1,
        kind=touch.edit.kind,
        target=touch.edit.subject,
        on=touch.edit.start,
        sentence=sentence(touch.edit, step.before),
        citation=citation(measure, book) if measure is not None else (act.title if act is not None else ""),
        url=(act.url if act is not None else "") or reform.source.url,
        status=_status(measure or act),
        effective=touch.effective,
        why_not=touch.why_not,
        lines=touch.lines,
        partners=touch.partners,
        partners_without_effect=touch.unmoved,
        trade_musd=touch.trade(flows=flows, shares=laws.before.shares),
    )


def _measure_of(edit: Edit, book: Book, step: LawStep) -> Measure | None:
    if isinstance(edit, Add):
        return edit.measure
    if isinstance(edit, Amend | Repeal):
        return step.before.measures.get(edit.measure_id) or book.measures.get(edit.measure_id)
    return None


def _act_of(measure: Measure | None, book: Book, reform: Reform) -> LegalAct | None:
    return book.acts.get(measure.act if measure is not None else reform.source.act)


def _status(cited: Measure | LegalAct | None) -> str:
    return Status.UNVERIFIED.value if cited is None else cited.status.value


def _rate_changes(laws: Laws, flows: Array) -> tuple[RateChange, ...]:
    """Give the average rates that move, the largest trade first."""
    before, after = laws.before, laws.after
    old, new = before.average(), after.average()
    doubt = before.unverified | after.unverified | before.assumed | after.assumed
    moved = ((before.rates != after.rates) & (before.shares[:, None] > 0)).any(axis=3)
    cells = sorted(np.argwhere(moved), key=lambda c: -flows[tuple(c)])
    return tuple(
        RateChange(
            importer=before.economies[n],
            partner=before.economies[i],
            sector=before.sectors[j],
            before=float(old[n, i, j]),
            after=float(new[n, i, j]),
            trade_musd=float(flows[n, i, j]),
            unverified=bool(doubt[n, i, j]),
        )
        for n, i, j in cells
    )
