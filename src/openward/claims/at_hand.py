"""What a ledger can be checked with: tables, the book, cited facts; each use is noted for its claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from openward.book.model import Book
from openward.claims.claim import Datum, Status
from openward.errors import InputError, MissingDataError, UnknownCodeError
from openward.observe.dictionary import dataset

_FACTS = Path(__file__).parent / "data" / "facts.csv"
_ASKS_FOR_GOODS = ("trade", "trade-total")
"""Canonical tables whose shipped form is the world pack, services included: no basis for claims on goods."""


@dataclass(slots=True)
class AtHand:
    """The sources of one check, read once.

    Attributes
    ----------
    data : Path or None
        Folder of public files; None: what ships.
    book : Book
    used : dict
        Sources used since `fresh`, in order.
    skipped : list of str
        What was left out because it is not at hand.
    """

    data: Path | None
    book: Book
    used: dict[str, Datum] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    _frames: dict[str, tuple[pl.DataFrame, Datum]] = field(default_factory=dict)

    def fresh(self) -> None:
        """Forget what the claim before used."""
        self.used.clear()
        self.skipped.clear()

    def use(self, datum: Datum) -> None:
        """Note a source."""
        before = self.used.get(datum.title)
        if before is None or before.status == "official":
            self.used[datum.title] = datum

    def frame(self, name: str) -> pl.DataFrame:
        """Give a table of the dictionary.

        Raises
        ------
        UnknownCodeError
            No dataset has that name.
        MissingDataError
            It is not at hand.
        """
        if name not in self._frames:
            self._frames[name] = self._read(name)
        frame, datum = self._frames[name]
        self.use(datum)
        return frame

    def _read(self, name: str) -> tuple[pl.DataFrame, Datum]:
        entry = dataset(name)
        if entry.role == "public":
            return self._public(name)
        if self.data is None and name in _ASKS_FOR_GOODS:
            raise MissingDataError(
                f"{entry.title.lower()} ({name}) does not ship", where=name, hint="give --data DIR"
            )
        from openward.observe.tables import read

        try:
            table = read(name, self.data)
        except MissingDataError:
            # The cited figures that ship are the same series; a folder without them takes nothing away.
            if name != "macro" or self.data is None:
                raise
            table = read(name, None)
        return table.frame.collect(), Datum(entry.title, table.source, table.vintage)

    def _public(self, name: str) -> tuple[pl.DataFrame, Datum]:
        from openward.observe.readers import scan
        from openward.observe.tables import locate

        entry = dataset(name)
        path = None if self.data is None else locate(entry, self.data)
        if path is None:
            raise MissingDataError(
                f"{entry.title[0].lower()}{entry.title[1:]} ({entry.file})",
                where=name,
                hint="give --data DIR" if self.data is None else f"put {entry.file} into the folder",
            )
        raw = scan(path)
        coded = [key for key, kind in raw.collect_schema().items() if kind in (pl.Categorical, pl.Enum)]
        frame = raw.with_columns(pl.col(coded).cast(pl.String)).collect()
        return frame, Datum(entry.title, entry.source, entry.vintage, entry.licence)

    def fact(self, name: str, keys: Mapping[str, str]) -> float:
        """Give a cited figure by its name and keys.

        Raises
        ------
        UnknownCodeError
            No cited figure has that name.
        MissingDataError
            None has those keys.
        """
        known = [row for row in cited() if row["name"] == name]
        if not known:
            names = ", ".join(sorted({row["name"] for row in cited()}))
            raise UnknownCodeError(f"no cited figure is called {name!r}", hint=f"known are {names}")
        found = [row for row in known if all(row[key] == value for key, value in keys.items())]
        if len(found) != 1:
            asked = ", ".join(f"{key} {value}" for key, value in keys.items()) or "no key"
            what = "no" if not found else f"{len(found)} figures"
            raise MissingDataError(f"{what} {name} for {asked}", where="cited figures")
        row = found[0]
        status: Status = "unverified" if row["status"] == "unverified" else "official"
        self.use(Datum(row["title"], row["source"], row["vintage"], row["licence"], status))
        return float(row["value"])


@cache
def cited() -> tuple[dict[str, str], ...]:
    """Give the cited figures that ship with the ledgers."""
    return tuple(pl.read_csv(_FACTS, infer_schema=False).fill_null("").to_dicts())


def day(text: str) -> date:
    """Read the day of a formula.

    Raises
    ------
    InputError
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is not a date", hint="write it as YYYY-MM-DD") from None


def as_codes(value: Any) -> list[Any]:
    """Take one code, or a list or set of them, as a list."""
    return (
        sorted(value)
        if isinstance(value, frozenset | set)
        else list(value)
        if isinstance(value, tuple)
        else [value]
    )
