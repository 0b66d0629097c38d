"""One door to the dialects of duty sentences."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from openward.book.duty import reader, taric, us_hts
from openward.book.duty.mistakes import Mistake, mistake
from openward.book.duty.tree import Duty
from openward.errors import UsageError

DIALECTS: dict[str, Callable[[str], Duty]] = {
    "openward": reader.read,
    "us-hts": us_hts.read,
    "taric": taric.read,
    "uk": taric.read,
}

LONGEST = 4000


@lru_cache(maxsize=65536)
def parse(text: str, dialect: str = "openward") -> Duty:
    """Read a duty sentence.

    Parameters
    ----------
    text : str
        For example ``"5 %"``, ``"free"``, ``"7.5 CNY/KGM"``, ``"5 % + 1.2 CNY/100 KGM"``.
    dialect : str
        ``openward`` (canonical), ``us-hts``, ``taric`` or ``uk``.

    Raises
    ------
    DutySentenceError
        Where the sentence is not understood: its ``kind``, the place ``at`` and what was ``expected`` there.
    UnknownCodeError
        Where a currency, a unit or a qualifier is not a code (a :class:`DutyCodeError`, with the same facts).
    UsageError
        Where nobody knows the dialect.
    """
    read = DIALECTS.get(dialect)
    if read is None:
        raise UsageError(
            f"no dialect of duty sentences is called {dialect!r}", hint=f"one of: {', '.join(DIALECTS)}"
        )
    if len(text) > LONGEST:
        raise mistake(
            Mistake.TRAILING,
            text=f"{text[:60]} ...",
            at=LONGEST,
            expected=f"a sentence of at most {LONGEST} characters",
            hint="give one duty at a time",
            found=f"found {len(text)}",
        )
    return read(text)
