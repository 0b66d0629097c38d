"""A PostgreSQL server for tests, and the moment at which they happen."""

from __future__ import annotations

import os
import socket
import subprocess
from datetime import UTC, datetime
from pathlib import Path

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
_PLAIN = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}


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
