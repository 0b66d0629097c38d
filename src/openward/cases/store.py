"""The record in a database: SQLite on one machine, PostgreSQL for a team."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from openward.cases import tables
from openward.cases.chain import Stored
from openward.cases.event import Event, from_body
from openward.cases.sealing import Sealed
from openward.errors import InputError, MissingDataError, RefusedError, UnknownCodeError

_WRITING = "openward_writing"
NEWEST = "0001"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the queue shows it; all but the first six fields follow from its events."""

    id: str
    procedure: str
    procedure_sha256: str
    title: str
    opened_by: str
    opened_on: str
    state: str
    seq: int
    head: str
    next_due: str | None = None
    next_limit: str | None = None
    closed_on: str | None = None
    keep_until: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give it as a row."""
        return {name: getattr(self, name) for name in self.__slots__}


class Store:
    """The tables of the record, and no rules: those are in :mod:`openward.cases.desk`.

    Parameters
    ----------
    where : str or Path
        A file for SQLite, or an address such as ``postgresql+psycopg://...``.
    create : bool
        Whether to make a file that is not there.

    Raises
    ------
    MissingDataError
        There is no such file.
    """

    def __init__(self, where: str | Path, *, create: bool = False) -> None:
        text = str(where)
        if "://" not in text:
            path = Path(text)
            if not create and not path.is_file():
                raise MissingDataError(
                    f"no record of cases at {path}", hint="openward case open makes one", where="--db"
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            url = sa.URL.create("sqlite", database=str(path))
        else:
            url = sa.make_url(text)
        remote = url.get_backend_name() == "postgresql"
        # A server with another encoding must still be spoken to in UTF-8.
        options = {"client_encoding": "utf8"} if remote else {}
        self.engine = sa.create_engine(url, pool_pre_ping=remote, connect_args=options)
        if self.engine.dialect.name == "sqlite":
            _set_up_sqlite(self.engine)
        self._migrate()

    def _migrate(self) -> None:
        with self.engine.connect() as connection:
            made = sa.inspect(connection).has_table("alembic_version")
            query = sa.text("SELECT version_num FROM alembic_version")
            if made and connection.scalar(query) == NEWEST:
                return
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Read, all from one moment."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Write all or nothing; what is written when this returns is on the disk.

        Raises
        ------
        RefusedError
            Somebody else wrote first, or the disk is full.
        """
        try:
            with (
                self.engine.connect().execution_options(**{_WRITING: True}) as connection,
                connection.begin(),
            ):
                yield connection
        except IntegrityError as error:
            if "append-only" in str(error.orig):
                raise RefusedError(
                    "events are append-only; nothing was changed", hint="add a correction"
                ) from error
            raise RefusedError(
                "somebody else wrote to the record first; nothing was recorded",
                hint="look at the case again, then decide",
            ) from error
        except OperationalError as error:
            raise RefusedError(
                f"the record could not be written ({error.orig}); nothing was recorded",
                hint="free space, or wait for the other writer, then try again",
            ) from error
        except DBAPIError as error:
            raise RefusedError(
                f"the database refused: {error.orig}", hint="events are append-only: add a correction"
            ) from error

    def case(self, connection: sa.Connection, case: str) -> CaseRow:
        """Give a case.

        Raises
        ------
        UnknownCodeError
        """
        row = connection.execute(sa.select(tables.cases).where(tables.cases.c.id == case)).one_or_none()
        if row is None:
            raise UnknownCodeError(f"no case {case!r}", hint="openward case list prints them")
        return CaseRow(*row)

    def stored(self, connection: sa.Connection, case: str) -> tuple[Stored, ...]:
        """Give the events of a case as stored, by number."""
        t = tables.events
        found = connection.execute(
            sa.select(t.c.seq, t.c.body, t.c.hash).where(t.c.case_id == case).order_by(t.c.seq)
        )
        return tuple(Stored(*row) for row in found)

    def events(self, connection: sa.Connection, case: str) -> tuple[Event, ...]:
        """Give the events of a case.

        Raises
        ------
        InputError
            One of them cannot be read.
        """
        import json

        return tuple(from_body(json.loads(one.body), one.hash) for one in self.stored(connection, case))

    def sealed(self, connection: sa.Connection, case: str) -> dict[int, tuple[Sealed, ...]]:
        """Give the confidential facts of a case by event."""
        t = tables.sealed
        found: dict[int, list[Sealed]] = {}
        query = sa.select(t.c.seq, t.c.name, t.c.salt, t.c.content).where(t.c.case_id == case)
        for seq, *rest in connection.execute(query.order_by(t.c.seq, t.c.name)):
            found.setdefault(seq, []).append(Sealed(*rest))
        return {seq: tuple(facts) for seq, facts in found.items()}

    def add(
        self,
        connection: sa.Connection,
        event: Event,
        row: CaseRow,
        *,
        sealed: Sequence[Sealed] = (),
        documents: Mapping[str, bytes] | None = None,
    ) -> None:
        """Add an event and bring the row of its case up to it.

        Raises
        ------
        RefusedError
            The case is no longer where the event found it.
        """
        if event.seq == 1:
            connection.execute(tables.cases.insert().values(**row.as_dict()))
        else:
            values = {k: v for k, v in row.as_dict().items() if k != "id"}
            t = tables.cases
            done = connection.execute(
                t.update().where(t.c.id == row.id, t.c.seq == event.seq - 1).values(**values)
            )
            if done.rowcount != 1:
                raise RefusedError(
                    f"case {row.id} has moved on; nothing was recorded",
                    hint="look at the case again, then decide",
                    where=row.id,
                )
        for content in (documents or {}).values():
            self.keep(connection, content)
        connection.execute(
            tables.events.insert().values(
                case_id=event.case, seq=event.seq, body=event.canonical().decode(), hash=event.hash
            )
        )
        if sealed:
            connection.execute(
                tables.sealed.insert(),
                [
                    {
                        "case_id": event.case,
                        "seq": event.seq,
                        "name": s.name,
                        "salt": s.salt,
                        "content": s.content,
                    }
                    for s in sealed
                ],
            )

    def keep(self, connection: sa.Connection, content: bytes) -> str:
        """Keep a document under the hash of its content, once; give the hash."""
        digest = hashlib.sha256(content).hexdigest()
        known = connection.execute(
            sa.select(tables.documents.c.sha256).where(tables.documents.c.sha256 == digest)
        ).first()
        if known is None:
            connection.execute(tables.documents.insert().values(sha256=digest, content=content))
        return digest

    def document(self, connection: sa.Connection, sha256: str) -> bytes:
        """Give a document by its hash.

        Raises
        ------
        MissingDataError
            It is not kept (any more).
        InputError
            Its content does not have its hash.
        """
        t = tables.documents
        content = connection.execute(sa.select(t.c.content).where(t.c.sha256 == sha256)).scalar_one_or_none()
        if content is None:
            raise MissingDataError(
                f"no document {sha256[:12]}", hint="it may have been removed after retention"
            )
        if hashlib.sha256(content).hexdigest() != sha256:
            raise InputError(f"the document {sha256[:12]} was changed", hint="openward case verify names it")
        return bytes(content)


def _set_up_sqlite(engine: sa.Engine) -> None:
    """Let SQLite write ahead, wait for others, and have every commit on the disk before it returns."""

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, _: object) -> None:
        # The driver's own transactions would begin too late to hold the lock.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begun(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
