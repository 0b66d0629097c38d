"""Where books and reforms are found: those that ship with the package, and folders of the user's own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from openward.book.reading import nearest
from openward.errors import MissingDataError


@cache
def _shelf() -> Path:
    return Path(str(files("openward") / "books"))


@cache
def shipped_books() -> tuple[str, ...]:
    """Give the names of the books that ship with the package."""
    return tuple(sorted(path.parent.name for path in _shelf().glob("*/book.yaml")))


@cache
def shipped_reform_files() -> dict[str, Path]:
    """Give the reforms that ship with the package, by name."""
    found = sorted(_shelf().glob("*/reforms/*.yaml"))
    return {path.stem: path for path in found}


def book_folder(name_or_dir: str | Path, *, beside: Path | None = None) -> Path:
    """Find the folder of a book: a shipped name, or a folder (relative to ``beside`` for an included book).

    Raises
    ------
    MissingDataError
        There is no such book.
    """
    if isinstance(name_or_dir, str) and name_or_dir in shipped_books():
        return _shelf() / name_or_dir
    folder = (beside / name_or_dir) if beside is not None else Path(name_or_dir)
    if (folder / "book.yaml").is_file():
        return folder
    if folder.is_dir():
        raise MissingDataError(
            "the folder holds no book.yaml",
            where=str(folder),
            hint="a book is a folder with a book.yaml in it",
        )
    raise MissingDataError(
        f"no book {str(name_or_dir)!r}",
        hint=nearest(name_or_dir, shipped_books(), listing="books", otherwise="give a name or a folder"),
    )


def label_of(path: Path) -> str:
    """Give the name by which messages call a file: short for what ships, as given for the user's own."""
    return path.relative_to(_shelf()).as_posix() if path.is_relative_to(_shelf()) else str(path)
