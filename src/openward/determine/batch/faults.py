"""What is wrong with a row: the first fault, in words; rows with one are set aside, never dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from openward.book.model import Book
from openward.codes.currencies import currencies
from openward.codes.economies import economies
from openward.codes.nomenclature import base_edition
from openward.codes.units import units
from openward.determine.batch.days import number
from openward.determine.batch.shipments import Coded
from openward.determine.decision import Question
from openward.determine.goods_facts import UNKNOWN_ORIGIN, complete
from openward.determine.goods_named import check_claim
from openward.errors import OpenwardError

Mask = NDArray[np.bool_]
FINE = ""


class Faults:
    """Notes the first fault of each row.

    Parameters
    ----------
    size : int
        How many rows.
    """

    def __init__(self, size: int) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self.at = np.full(size, -1, dtype=np.int32)

    def note(self, where: Mask, text: str) -> None:
        """Note a fault on rows that have none yet."""
        found = where & (self.at < 0)
        if found.any():
            self.at[found] = self._number(text)

    def note_words(self, column: Coded, say: Callable[[str], str], *, missing: str) -> None:
        """Note a fault of each word that has one (``say`` gives it); ``missing`` is that of no word."""
        said = [self._number(text) if (text := say(word)) else -1 for word in column.words]
        table = np.array(said, dtype=np.int32)
        place = column.map(table, self._number(missing) if missing else -1).astype(np.int32)
        fresh = (self.at < 0) & (place >= 0)
        self.at[fresh] = place[fresh]

    def note_rows(self, rows: NDArray[np.intp], text: str) -> None:
        """Note a fault of some rows."""
        self.at[rows] = self._number(text)

    @property
    def broken(self) -> Mask:
        """Rows with a fault."""
        return self.at >= 0

    def words(self, rows: Sequence[int] | NDArray[np.intp]) -> list[str]:
        """Give the faults of rows."""
        return [self.texts[k] for k in self.at[rows]]

    def _number(self, text: str) -> int:
        if text not in self._numbers:
            self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return self._numbers[text]


def economy_fault(word: str) -> str:
    """Say what is wrong with the code of an economy."""
    return FINE if word in economies() else f"no economy {word!r}: codes are ISO 3166 alpha-3"


def origin_fault(word: str) -> str:
    """Say what is wrong with an origin; it may be unknown."""
    return FINE if word.casefold() in UNKNOWN_ORIGIN else economy_fault(word)


def flow_fault(word: str) -> str:
    """Say what is wrong with a flow."""
    return FINE if word == "import" else f"flow {word!r}: batches answer for imports of goods"


def currency_fault(word: str) -> str:
    """Say what is wrong with a currency."""
    return FINE if word in currencies() else f"no currency {word!r}: codes are ISO 4217"


def unit_fault(word: str) -> str:
    """Say what is wrong with a unit."""
    return FINE if word in units() else f"no unit {word!r}: codes are UN/ECE Recommendation 20"


def edition_fault(word: str) -> str:
    """Say what is wrong with the name of an edition."""
    try:
        base_edition(word)
    except OpenwardError as error:
        return error.message
    return FINE


class Words:
    """What is wrong with codes and claims, worked out once for each word.

    Parameters
    ----------
    book : Book
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self._codes: dict[tuple[str, str], str] = {}
        self._claims: dict[str, str] = {}

    def code(self, code: str, edition: str) -> str:
        """Say what is wrong with a product code in an edition that is known to be one."""
        if (code, edition) not in self._codes:
            self._codes[code, edition] = self._code(code, edition)
        return self._codes[code, edition]

    def _code(self, code: str, edition: str) -> str:
        asked = Question(flow="import", on=self.book.covered_from, hs=code, edition=edition)
        try:
            digits = complete(asked, self.book).hs
            brought = self.book.nomenclatures.get(edition)
            if brought is not None:
                brought.require(digits)
        except OpenwardError as error:
            return error.message
        return FINE

    def claim(self, claim: str) -> str:
        """Say what is wrong with a claim."""
        if claim not in self._claims:
            try:
                check_claim(claim, self.book)
                self._claims[claim] = FINE
            except OpenwardError as error:
                self._claims[claim] = error.message
        return self._claims[claim]


def day_faults(faults: Faults, day: NDArray[np.int32], book: Book) -> None:
    """Note days outside the book."""
    first, last = number(book.covered_from), number(book.covered_to)
    span = f"{book.covered_from.isoformat()} to {book.covered_to.isoformat()}"
    faults.note(day < first, f"the day lies before the book {book.name!r}, which covers {span}")
    faults.note(day > last, f"the day lies past the book {book.name!r}, which covers {span}")
