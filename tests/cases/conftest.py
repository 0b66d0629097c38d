"""A record of cases on SQLite, and on a PostgreSQL server that the tests start themselves."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgres_server import NOON, Server

from openward.cases.desk import Desk
from openward.cases.store import Store


def _tools() -> Path | None:
    folders = [*sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)]
    found = shutil.which("initdb")
    if found:
        folders.append(str(Path(found).parent))
    wanted = ("initdb", "pg_ctl", "postgres")
    return next((Path(f) for f in folders if all((Path(f) / w).exists() for w in wanted)), None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start a server; skip where PostgreSQL is not installed."""
    import tempfile

    tools = _tools()
    if tools is None:
        pytest.skip("no PostgreSQL on this machine (initdb, pg_ctl)")
    folder = Path(tempfile.mkdtemp(prefix="openward-pg-"))
    server = Server(tools, folder)
    if server.user is not None:
        try:
            account = pwd.getpwnam(server.user)
        except KeyError:
            pytest.skip("running as root and there is no user postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    try:
        server.make()
        server.start()
        yield server
        server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give where a record may be made."""
    if request.param == "sqlite":
        return str(tmp_path / "cases.db")
    server: Server = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    made = Store(address, create=True)
    yield made
    made.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, now=lambda: NOON)


@pytest.fixture
def python() -> Callable[..., subprocess.Popen[str]]:
    """Start another process of this Python."""

    def start(*words: str) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True)

    return start
