"""The cache: files as they came, by source and vintage. A file without a receipt does not count."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from openward.errors import InputError, RefusedError
from openward.observe.sources.integrity import fingerprint


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a cached file came from, and what it was then.

    Attributes
    ----------
    url : str
        Without secrets.
    fetched : str
        ISO date and time, UTC.
    size : int
    sha256 : str
    etag, last_modified : str
    licence : str
    """

    url: str
    fetched: str
    size: int
    sha256: str
    etag: str
    last_modified: str
    licence: str


@dataclass(frozen=True, slots=True)
class Cached:
    """A whole file of the cache.

    Attributes
    ----------
    path : Path
    vintage : str
    receipt : Receipt
    """

    path: Path
    vintage: str
    receipt: Receipt


def default_cache() -> Path:
    """Give the folder of the cache: ``OPENWARD_CACHE``, else the user's cache folder."""
    named = os.environ.get("OPENWARD_CACHE", "").strip()
    if named:
        return Path(named).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "") or str(Path.home() / ".cache")
    return Path(base) / "openward"


@dataclass(frozen=True, slots=True)
class Cache:
    """Files by ``source/vintage/name``.

    Attributes
    ----------
    root : Path
    """

    root: Path

    def place(self, source: str, vintage: str, name: str) -> Path:
        """Give where a file lies or will lie.

        Raises
        ------
        InputError
            A part of the name would lead elsewhere.
        """
        for part in (source, vintage, name):
            if part in ("", ".", "..") or any(sign in part for sign in '/\\:*?"<>|\0'):
                raise InputError(
                    f"{part!r} cannot be part of a file name", where=f"{source} {vintage} {name}"
                )
        return self.root / source / vintage / name

    def find(self, source: str, vintage: str, name: str) -> Cached | None:
        """Give a whole file; None where it, or its receipt, is not there.

        Raises
        ------
        InputError
            It is there but is not what came: cut off or changed since.
        """
        path = self.place(source, vintage, name)
        receipt = read_receipt(path)
        if receipt is None or not path.is_file():
            return None
        size = path.stat().st_size
        if size != receipt.size:
            raise InputError(
                f"the cached file has {size:,} bytes, {receipt.size:,} came on {receipt.fetched[:10]}",
                hint="half a file; remove it and fetch it again",
                where=str(path),
            )
        if fingerprint(path) != receipt.sha256:
            raise InputError(
                f"the cached file was changed since it came on {receipt.fetched[:10]}",
                hint="remove it and fetch it again",
                where=str(path),
            )
        return Cached(path, vintage, receipt)

    def newest(self, source: str, name: str) -> Cached | None:
        """Give a file of the latest vintage that has it; vintages are compared as text."""
        folder = self.root / source
        vintages = (
            sorted((p.name for p in folder.iterdir() if p.is_dir()), reverse=True) if folder.is_dir() else []
        )
        for vintage in vintages:
            found = self.find(source, vintage, name)
            if found is not None:
                return found
        return None

    def vintages(self, source: str) -> tuple[str, ...]:
        """Give the vintages at hand, oldest first."""
        folder = self.root / source
        if not folder.is_dir():
            return ()
        return tuple(sorted(p.name for p in folder.iterdir() if p.is_dir() and any(p.glob("*.receipt.json"))))

    def keep(self, part: Path, path: Path, receipt: Receipt) -> None:
        """Give a checked file its name.

        The old receipt goes first and the new one comes last, so that a receipt never stands beside
        other bytes.
        """
        note = _receipt(path)
        note.unlink(missing_ok=True)
        os.replace(part, path)
        fresh = note.with_name(note.name + ".new")
        fresh.write_text(json.dumps(asdict(receipt), indent=1), encoding="utf-8")
        os.replace(fresh, note)

    @contextmanager
    def alone(self, path: Path) -> Iterator[None]:
        """Keep other processes from fetching the same file at the same time.

        Raises
        ------
        RefusedError
            Another one is at it.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(path.name + ".lock").open("a") as handle:
            try:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except ImportError:
                pass
            except OSError:
                raise RefusedError(
                    "another openward is fetching this file", hint="wait for it", where=str(path)
                ) from None
            yield


def read_receipt(path: Path) -> Receipt | None:
    """Give the receipt of a file; None where there is none that can be read."""
    try:
        return Receipt(**json.loads(_receipt(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def vintage_of(path: Path, options: Mapping[str, str]) -> str:
    """Give the vintage of a file: of the cache, as the user says, or the day of a file that says nothing."""
    if read_receipt(path) is not None:
        return path.parent.name
    named = options.get("vintage", "")
    return named or f"file-{date.fromtimestamp(path.stat().st_mtime).isoformat()}"


def _receipt(path: Path) -> Path:
    return path.with_name(path.name + ".receipt.json")
