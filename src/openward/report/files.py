"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from openward.errors import InputError


def write_text(path: Path, text: str) -> None:
    """Write text to ``path``, in UTF-8 with newlines as they are; errors as `write_bytes`."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes to ``path``; a reader never meets half a file.

    Raises
    ------
    InputError
        The folder is absent or may not be written to.
    """
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise InputError(
            f"cannot write {path.name}: {error.strerror}",
            hint="name a folder that exists and that you may write to",
            where=str(path),
        ) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(draft, 0o666 & ~umask)
        os.replace(draft, path)
    except OSError as error:
        Path(draft).unlink(missing_ok=True)
        raise InputError(f"cannot write {path.name}: {error.strerror}", where=str(path)) from error
