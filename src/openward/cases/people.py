"""Who may come in: people, their role, and the hash of their token."""

from __future__ import annotations

import hashlib
import secrets

import sqlalchemy as sa

from openward.cases import tables
from openward.cases.roles import Permission, Person, Role, role
from openward.cases.store import Store


def enroll(store: Store, by: Person, name: str, as_role: Role) -> str:
    """Give somebody a role and a new token, shown once; the record keeps only its hash.

    Raises
    ------
    RefusedError
        The role may not, or the name is taken.
    """
    by.need(Permission.USERS)
    # 256 random bits: a plain hash is enough, there is nothing to guess.
    token = secrets.token_urlsafe(32)
    with store.writing() as connection:
        connection.execute(
            tables.people.insert().values(token_hash=digest(token), name=name, role=as_role.value)
        )
    return token


def dismiss(store: Store, by: Person, name: str) -> bool:
    """Take somebody's token away; say whether there was one."""
    by.need(Permission.USERS)
    with store.writing() as connection:
        return connection.execute(tables.people.delete().where(tables.people.c.name == name)).rowcount > 0


def listed(store: Store, by: Person) -> tuple[Person, ...]:
    """Give everybody with a token."""
    by.need(Permission.USERS)
    t = tables.people
    with store.reading() as connection:
        return tuple(Person(n, role(r)) for n, r in connection.execute(sa.select(t.c.name, t.c.role)))


def recognized(store: Store, token: str) -> Person | None:
    """Give whose token it is; None where it is nobody's."""
    t = tables.people
    with store.reading() as connection:
        row = connection.execute(
            sa.select(t.c.name, t.c.role).where(t.c.token_hash == digest(token))
        ).one_or_none()
    return None if row is None else Person(row[0], role(row[1]))


def digest(token: str) -> str:
    """Give the hash under which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()
