"""A record of cases on SQLite, and on a PostgreSQL server that the tests start themselves."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openward.cases.desk import Desk
from openward.cases.store import Store

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Server:
    """A PostgreSQL server in a folder of its own."""

    def __init__(self, tools: Path, folder: Path) -> None:
        self.tools, self.folder = tools, folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        # The server refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None
        self.count = 0

    def run(self, *words: str) -> None:
        done = subprocess.run(
            words, user=self.user, capture_output=True, text=True, cwd=self.folder, timeout=60, env=_PLAIN
        )
        assert done.returncode == 0, done.stderr

    def make(self) -> None:
        self.run(
            f"{self.tools}/initdb",
            "-D",
            f"{self.folder}/data",
            "-U",
            "openward",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "-N",
        )

    def start(self) -> None:
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder}"
        log = f"{self.folder}/log"
        self.run(f"{self.tools}/pg_ctl", "-D", f"{self.folder}/data", "-o", options, "-l", log, "-w", "start")

    def stop(self, how: str = "fast") -> None:
        self.run(f"{self.tools}/pg_ctl", "-D", f"{self.folder}/data", "-m", how, "-w", "stop")

    def database(self) -> str:
        import psycopg

        self.count += 1
        name = f"cases{self.count}"
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="openward", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        return f"postgresql+psycopg://openward@127.0.0.1:{self.port}/{name}"


_PLAIN = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}


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
