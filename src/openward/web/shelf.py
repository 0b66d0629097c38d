"""Reforms the workbench knows: those that ship, and those edited here, by their hash."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from openward.book.reform import Reform
from openward.book.reform_files import load_reform, read_reform
from openward.book.shelf import shipped_reform_files
from openward.errors import UnknownCodeError

MOST_KEPT = 64
LABEL = "reform"


@dataclass(frozen=True, slots=True)
class Draft:
    """A reform with the text it was read from; ``ref`` is its place in the URL."""

    ref: str
    text: str
    reform: Reform
    shipped: bool


class Shelf:
    """Shipped reforms by name, edited ones by hash: in memory only, and the oldest goes to make room."""

    def __init__(self) -> None:
        self._shipped = {
            name: Draft(name, path.read_text(encoding="utf-8"), load_reform(name), shipped=True)
            for name, path in shipped_reform_files().items()
        }
        self._edited: OrderedDict[str, Draft] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def shipped(self) -> tuple[Draft, ...]:
        """Give the reforms that ship with the package."""
        return tuple(self._shipped.values())

    def get(self, ref: str) -> Draft:
        """Find a reform by name or hash.

        Raises
        ------
        UnknownCodeError
            Neither a shipped name nor a hash of this session.
        """
        with self._lock:
            if ref in self._edited:
                self._edited.move_to_end(ref)
                return self._edited[ref]
        for draft in self._shipped.values():
            if ref in (draft.ref, draft.reform.hash):
                return draft
        raise UnknownCodeError(
            f"no reform is called {ref!r} here",
            hint="edited reforms live in the memory of a running workbench: paste the file again, "
            f"or pick one of {', '.join(self._shipped)}",
            where="reform",
        )

    def keep(self, text: str) -> Draft:
        """Read an edited reform and keep it under its hash; a shipped text keeps its name.

        Raises
        ------
        InputErrors
            All that is wrong in the text, with line and hint.
        """
        text = text.replace("\r\n", "\n").rstrip() + "\n"
        for draft in self._shipped.values():
            if draft.text.rstrip() + "\n" == text:
                return draft
        reform = read_reform(text, LABEL)
        draft = Draft(reform.hash, text, reform, shipped=False)
        with self._lock:
            self._edited[draft.ref] = draft
            self._edited.move_to_end(draft.ref)
            while len(self._edited) > MOST_KEPT:
                self._edited.popitem(last=False)
        return draft
