"""Check whether a reform is itself lawful.

What is looked at: rates against bound rates (where the user brings them), most-favored-nation treatment,
agreements and their coverage, prohibitions and licences, conditions of entry, the organ that is competent
for each kind of rate, what must be notified, who could claim. A finding is *breach* where the texts forbid
what the reform does unless something not cited justifies it (named in ``unknown``), *doubt*, *duty*
(something must be done), *not-known*, or *in-order*. It is a reading of rules, not a legal opinion.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from openward.book.edits import Join, Reform
from openward.book.model import Book
from openward.book.reform import application
from openward.determine.legality.agreements import agreements, departures
from openward.determine.legality.bounds import Bound, above_bound
from openward.determine.legality.change import changes, memberships
from openward.determine.legality.claims import claims
from openward.determine.legality.competence import organs, treaties
from openward.determine.legality.finding import LegalFinding, Severity, gravity
from openward.determine.legality.most_favored import additional, preferences
from openward.determine.legality.notices import notices
from openward.determine.legality.restrictions import restrictions
from openward.observe.worldpack import WorldPack, load_world


def check(
    reform: Reform, book: Book, *, bounds: Iterable[Bound] = (), pack: WorldPack | None = None
) -> tuple[LegalFinding, ...]:
    """Give every finding about a reform, breaches first.

    Parameters
    ----------
    reform : Reform
    book : Book
        The law the reform edits.
    bounds : iterable of Bound
        Bound rates (:func:`openward.determine.legality.bounds.load_bounds`); none are shipped.
    pack : WorldPack, optional
        Trade behind shares; the one that ships where none is given.

    Raises
    ------
    UnknownCodeError, MissingDataError, RefusedError, InputErrors
        The reform does not apply to the book; see :func:`openward.book.reform.application`.
    """
    after = application(book, reform).book
    world = load_world() if pack is None else pack
    changed = changes(reform, book, after)
    moves = memberships(reform)
    joins: tuple[tuple[int, str, str, date], ...] = tuple(
        (place, move.economy, move.group, move.start) for place, move in moves if isinstance(move, Join)
    )
    held = tuple(above_bound(changed, after, tuple(bounds)))
    judged = (*preferences(changed, after), *additional(changed))
    above = _named(held, Severity.BREACH)
    known = frozenset(name for one in held if one.severity is not Severity.UNKNOWN for name in one.measures)
    found = (
        *held,
        *judged,
        *agreements(changed, joins, after, world),
        *departures(moves),
        *restrictions(changed),
        *organs(changed, above, known),
        *treaties(moves, book.economy),
        *notices(changed, moves, after),
        *claims(changed, above, _named(judged, Severity.BREACH), world),
    )
    return tuple(sorted(found, key=gravity))


def _named(found: Iterable[LegalFinding], severity: Severity) -> frozenset[str]:
    return frozenset(name for one in found if one.severity is severity for name in one.measures)
