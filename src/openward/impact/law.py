"""Part 1, the law: two books on one day, what the edits touch, and what they leave as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from openward.book.edits import Add, Amend, Edit, Reform, Repeal
from openward.book.model import Book, Flow, LegalAct, Measure
from openward.book.query import citation, sentence
from openward.book.reform import apply, freeze
from openward.codes.terms import Status
from openward.determine.groups import GroupsOn
from openward.determine.layers import Mask
from openward.determine.named import is_duty
from openward.determine.scope import coverage, limitation
from openward.determine.touch import Touch, touched
from openward.errors import InputError, MissingDataError
from openward.impact.bans import cells, is_import_ban
from openward.impact.result import EditNote, LawPart, RateChange, UnvaluedRate
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
    for edit in reform.edits:
        _not_yet(edit, book, before, at)
    after = apply(before, reform)
    same = after.measures == before.measures and after.memberships == before.memberships
    return LawStep(at, on, before, before if same else after)


def _not_yet(edit: Edit, book: Book, before: Book, at: date) -> None:
    """Refuse to change what starts only after the law was frozen."""
    if not isinstance(edit, Amend | Repeal):
        return
    measure = book.measures.get(edit.measure_id)
    if measure is not None and edit.measure_id not in before.measures:
        raise InputError(
            f"the measure {edit.measure_id!r} is not in force on {at}: it starts on {measure.valid.start}",
            hint="date the edit later, or freeze the law before later with --from-law",
            where=edit.where,
        )


def law_part(book: Book, reform: Reform, step: LawStep, laws: Laws, pack: WorldPack) -> LawPart:
    """Say what each edit touches, and how much trade of the pack's year, before anything is solved."""
    flows = pack.flows
    touches = touched(step.before, reform, on=step.on, economies=pack.economies, sectors=pack.sectors)
    notes = tuple(_edit_note(touch, book, reform, step, laws, flows) for touch in touches)
    moved, lost = _net(laws)
    lines = laws.before.lines[(moved | lost).any(axis=1)].sum()
    traded = laws.before.shares[:, None] > 0
    moved, lost = moved & traded, lost & traded
    trade = flows[..., None] * laws.before.shares[:, None]
    stop = np.zeros(flows.shape, dtype=bool) if laws.stopped is None else laws.stopped & (flows > 0)
    partner = (moved | lost).any(axis=(0, 2, 3)) | stop.any(axis=(0, 2))
    return LawPart(
        book=book.name,
        from_law=step.from_law,
        on=step.on,
        edits=notes,
        touched_lines=int(lines),
        touched_partners=tuple(pack.economies[i] for i in np.flatnonzero(partner)),
        touched_trade_musd=float(trade[moved | lost | stop[..., None]].sum()),
        outside_baseline=tuple(sorted({p for touch in touches for p in touch.outside})),
        no_effect=tuple(note.index for note in notes if not note.effective),
        rate_changes=_rate_changes(laws, flows, np.asarray(moved.any(axis=3) & ~lost.any(axis=3))),
        unvalued=tuple(
            UnvaluedRate(pack.economies[n], pack.economies[i], pack.sectors[j], float(flows[n, i, j]))
            for n, i, j in np.argwhere(lost.any(axis=3))
        ),
        stopped=tuple(
            UnvaluedRate(pack.economies[n], pack.economies[i], pack.sectors[j], float(flows[n, i, j]))
            for n, i, j in np.argwhere(stop)
        ),
    )


def refuse_unvalued(law: LawPart) -> None:
    """Refuse to study what cannot be valued at all: a zero would be read as "no effect".

    Raises
    ------
    InputError
        Where no rate moves that has a value before and after, and some edit has an effect without one.
    """
    open_edits = [edit for edit in law.edits if edit.unvalued]
    if law.rate_changes or law.stopped or not open_edits:
        return
    said = "; ".join(f"edit {edit.index} ({edit.target}): {edit.unvalued}" for edit in open_edits)
    raise InputError(
        f"this study cannot put a number on the reform. {said}",
        hint="the study values ad valorem duties on whole industries or classes of their lines",
    )


def _net(laws: Laws) -> tuple[Mask, Mask]:
    """Give the cells [N, N, J, S] whose rate moves between known values, and those where one is not known."""
    before, after = laws.before, laws.after
    moved = (before.rates != after.rates) | (before.known != after.known)
    known = before.known & after.known
    return moved & known, moved & ~known


def _edit_note(touch: Touch, book: Book, reform: Reform, step: LawStep, laws: Laws, flows: Array) -> EditNote:
    measure = _measure_of(touch.edit, book, step)
    act = _act_of(measure, book, reform)
    unvalued = _unvalued(touch, measure, laws)
    stops = _stops(measure, step, laws)
    if stops is not None:
        return _ban_note(touch, measure, act, book, reform, step, laws, flows, stops)
    return EditNote(
        index=touch.index + 1,
        kind=touch.edit.kind,
        target=touch.edit.subject,
        on=touch.edit.start,
        sentence=sentence(touch.edit, step.before),
        citation=citation(measure, book) if measure is not None else (act.title if act is not None else ""),
        url=(act.url if act is not None else "") or reform.source.url,
        status=_status(measure or act),
        effective=touch.effective and not unvalued,
        why_not="" if unvalued else touch.why_not,
        unvalued=unvalued,
        lines=touch.lines,
        partners=touch.partners,
        partners_without_effect=touch.unmoved,
        trade_musd=touch.trade(flows=flows, shares=laws.before.shares),
    )


def _stops(measure: Measure | None, step: LawStep, laws: Laws) -> Mask | None:
    """Give the flows [N, N, J] an edit stops; None where it stops none."""
    if measure is None or laws.stopped is None or not is_import_ban(measure) or step.on not in measure.valid:
        return None
    axes = {"economies": laws.before.economies, "sectors": laws.before.sectors}
    found: Mask = cells(measure, GroupsOn(step.after, step.on), **axes) & laws.stopped
    return found if found.any() else None


def _ban_note(
    touch: Touch,
    measure: Measure | None,
    act: LegalAct | None,
    book: Book,
    reform: Reform,
    step: LawStep,
    laws: Laws,
    flows: Array,
    stops: Mask,
) -> EditNote:
    economies = laws.before.economies
    idle = float(flows[stops].sum()) == 0.0
    return EditNote(
        index=touch.index + 1,
        kind=touch.edit.kind,
        target=touch.edit.subject,
        on=touch.edit.start,
        sentence=sentence(touch.edit, step.before),
        citation=citation(measure, book) if measure is not None else (act.title if act is not None else ""),
        url=(act.url if act is not None else "") or reform.source.url,
        status=_status(measure or act),
        effective=not idle,
        why_not="nothing is traded in what it prohibits" if idle else "",
        unvalued="",
        lines=int(laws.before.lines[stops.any(axis=1)].sum()),
        partners=tuple(economies[i] for i in np.flatnonzero(stops.any(axis=(0, 2)))),
        partners_without_effect=(),
        trade_musd=float(flows[stops].sum()),
    )


def _unvalued(touch: Touch, measure: Measure | None, laws: Laws) -> str:
    """Say why an edit may matter though no number can be put on it; empty where one can or nothing does."""
    m = touch.moves
    if touch.effective:
        known = (laws.before.known & laws.after.known)[m.importer, m.partner, m.sector, m.line]
        lost = "its rates have no ad valorem value under one of the laws"
        return "" if known.any() else f"{lost}; the effect is unknown, not zero"
    if measure is None or laws.before.on not in measure.valid:
        return ""
    if not is_duty(measure) or measure.flow is not Flow.IMPORT:
        return f"the effect of a {measure.instrument.value} on trade is not modelled: unknown, not zero"
    if limitation(measure):
        return f"{limitation(measure)}; the effect is unknown, not zero"
    fits = {coverage(measure.scope.products, sector) for sector in laws.before.sectors}
    if "all" not in fits:
        return (
            "its products are finer than the classes of lines of this book; the effect is unknown, not zero"
        )
    return ""


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


def _rate_changes(laws: Laws, flows: Array, moved: Mask) -> tuple[RateChange, ...]:
    """Give the average rates that move, the largest trade first."""
    before, after = laws.before, laws.after
    old, new = before.average(), after.average()
    doubt = before.unverified | after.unverified | before.assumed | after.assumed
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
