"""The queue: open cases by what is due next, a page at a time."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from openward.cases import tables
from openward.cases.desk import Desk
from openward.cases.roles import Permission, Person
from openward.cases.store import CaseRow
from openward.errors import RefusedError, UsageError

NEVER = "9999-12-31"


def queue(
    desk: Desk, person: Person, *, due_by: date | None = None, limit: int = 50, after: str = ""
) -> tuple[CaseRow, ...]:
    """Give open cases that a person may see, the next due first; cases without a running limit come last.

    Parameters
    ----------
    due_by : date, optional
    limit : int
        Rows of the page, 1 to 1000.
    after : str
        ``DUE/CASE`` of the last row of the page before (``9999-12-31`` where nothing was due).

    Raises
    ------
    RefusedError, UsageError
    """
    if not 1 <= limit <= 1000:
        raise UsageError(f"a page of {limit} rows", hint="1 to 1000", where="limit")
    t = tables.cases
    # A constant of the statement, not a parameter: so the index on this expression is found.
    due = sa.func.coalesce(t.c.next_due, sa.literal_column(f"'{NEVER}'"))
    query = sa.select(t).where(t.c.closed_on.is_(None))
    if not person.may(Permission.READ):
        if not person.may(Permission.READ_OWN):
            raise RefusedError(f"the role {person.role.value} may not read cases", hint="ask an officer")
        query = query.where(t.c.opened_by == person.name)
    if due_by is not None:
        query = query.where(t.c.next_due <= due_by.isoformat())
    if after:
        day, sign, name = after.partition("/")
        if not sign:
            raise UsageError(f"{after!r} is not DUE/CASE", hint="take it from the last row", where="after")
        query = query.where(sa.tuple_(due, t.c.id) > sa.tuple_(sa.literal(day), sa.literal(name)))
    with desk.store.reading() as connection:
        rows = connection.execute(query.order_by(due, t.c.id).limit(limit)).all()
    return tuple(CaseRow(*row) for row in rows)


def place(row: CaseRow) -> str:
    """Give the place of a row in the queue, for ``after``."""
    return f"{row.next_due or NEVER}/{row.id}"
