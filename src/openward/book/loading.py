"""Load a book: a folder of files.

=========================== ======================================================================
``book.yaml``               name, economy, days covered, included books (``openward.book/1``)
``acts.yaml``, ``acts.csv`` the acts that measures cite
``measures/**``             measures, as YAML (``openward.measure/1``), CSV or Parquet
``<topic>/<date>.yaml``     the same, one file per topic and first day of validity
``memberships/*.csv``       memberships in groups of the book's own
``quotas.yaml``, ``.csv``   quotas by order number (``openward.quotas/1``), a row of CSV for each period
``nomenclature/*.csv``      national editions of the nomenclature, ``<EDITION>.csv``
``lines.csv``               classes of tariff lines inside industries
``precedence.yaml``         the order of duties; kept in ``Book.meta["precedence"][economy]``
``valuation.yaml``          how customs value and the taxes on it are built; in ``Book.meta["valuation"]``
``reforms/``, ``tables/``   reforms on the book; tables of cited figures behind it (not read here)
=========================== ======================================================================

A record may come again under its key with another ``recorded`` day: the later corrects the earlier.
Every error of every file is collected and reported once.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from openward.book.collecting import Collector
from openward.book.model import Book
from openward.book.shelf import book_folder, shipped_books
from openward.errors import InputError, InputErrors


def load(name_or_dir: str | Path) -> Book:
    """Load a book with the books it includes.

    Parameters
    ----------
    name_or_dir : str or Path
        The name of a shipped book (``"chn"``), or a folder.

    Raises
    ------
    MissingDataError
        There is no such book.
    InputErrors
        All that is wrong in its files, with file, line and hint.
    """
    if isinstance(name_or_dir, str) and name_or_dir in shipped_books():
        return _shipped(name_or_dir)
    return _load(book_folder(name_or_dir), ())


@cache
def _shipped(name: str) -> Book:
    return _load(book_folder(name), ())


def _load(folder: Path, within: tuple[Path, ...]) -> Book:
    folder = folder.resolve()
    if folder in within:
        cycle = " -> ".join(path.name for path in (*within, folder))
        raise InputErrors([InputError(f"books include each other: {cycle}", hint="take one include away")])
    collector = Collector(folder)
    face = collector.face()
    for name in face.includes:
        inner = book_folder(name, beside=folder.parent)
        collector.include(_shipped(name) if name in shipped_books() else _load(inner, (*within, folder)))
    collector.read()
    return collector.book()
