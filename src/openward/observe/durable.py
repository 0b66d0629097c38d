"""Files that survive a crash: written aside, synced, renamed; and a lock that dies with its holder."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openward.errors import InputError, OpenwardError, RefusedError

_CHUNK = 1 << 20


def sync_file(path: Path) -> None:
    """Wait until a file's bytes are on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Wait until a folder's names are on the disk."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, content: bytes) -> None:
    """Put new content under a name: a reader, or a crash, sees the old content or the new, never a part."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file; the system lets go of it when the process ends, however it ends.

    Raises
    ------
    RefusedError
        Another process holds it.
    """
    import fcntl

    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise RefusedError(
                f"another process ({holder}) is writing to this workspace",
                where=str(path.parent),
                hint="try again when it is done; reading is not affected",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
            fcntl.flock(file, fcntl.LOCK_UN)


def storage_error(error: BaseException, *, where: Path) -> OpenwardError | None:
    """Name a failure of the disk; None for any other failure.

    The engines wrap what the system says, so the words are looked at where there is no number.
    """
    number, text = getattr(error, "errno", None), str(error).casefold()
    kept = "nothing was changed: what was stored before is still there"
    if number in (errno.ENOSPC, errno.EDQUOT) or "no space left" in text or "disk quota" in text:
        return InputError(f"the disk is full; {kept}", where=str(where), hint="free space and load again")
    if number == errno.EFBIG or "file too large" in text:
        return InputError(
            f"a file grew beyond what the system allows; {kept}",
            where=str(where),
            hint="raise the file size limit",
        )
    if number in (errno.EACCES, errno.EPERM, errno.EROFS) or "permission denied" in text:
        return RefusedError(
            f"not allowed to write here; {kept}", where=str(where), hint="choose another --data"
        )
    return None
