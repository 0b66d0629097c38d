"""Tokens of a canonical sentence, and a cursor over them that fails with a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from openward.book.duty.mistakes import Mistake, mistake
from openward.errors import UnknownCodeError

_TOKEN = re.compile(
    r"""\s*(?:(?P<date>\d{4}-\d\d-\d\d)|(?P<fraction>(?:\d+\s+)?\d+/\d+)|(?P<number>\d+(?:\.\d+)?)
    |(?P<numeral>[a-z]+ty-[a-z]+)|(?P<word>[A-Za-z][A-Za-z0-9]*)|"(?P<name>[^"]*)"|(?P<atleast>>=)|(?P<percent>%)|(?P<slash>/)
    |(?P<plus>\+)|(?P<minus>-)|(?P<star>\*)|(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<semi>;)
    |(?P<other>\S))""",
    re.VERBOSE,
)
_SENTENCE = "write for example '5 %', '7.5 CNY/KGM', '5 % + 1.2 CNY/100 KGM' or '5 % MIN 2 EUR/DTN'"
_NAME = "names stand between double quotes, single spaces inside"


@dataclass(frozen=True, slots=True)
class Token:
    """A token: kind, text, and place from 0."""

    kind: str
    text: str
    at: int


class Cursor:
    """The tokens of one sentence, one at a time, with a look at the next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._scan(text)
        self.token = next(self.tokens)
        self.after = next(self.tokens)

    @staticmethod
    def _scan(text: str) -> Iterator[Token]:
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup or "other"
            yield Token(kind, match.group(kind), match.start(kind) - (kind == "name"))
        while True:
            yield Token("end", "", len(text))

    def _number(self, expected: str, kind: Mistake) -> Decimal:
        return Decimal(self._take("number", expected, kind).text)

    def _name(self) -> str:
        token = self._take("name", "a name in quotes", Mistake.UNFINISHED)
        if not token.text or token.text != " ".join(token.text.split()):
            self._fail(Mistake.UNKNOWN_EXPRESSION, "a name in quotes", token)
        return token.text

    def _code(self, expected: str, kind: str, otherwise: Mistake = Mistake.UNFINISHED) -> str:
        token = self._take("word", expected, otherwise)
        try:
            check_code(kind, token.text)
        except UnknownCodeError as error:
            self._fail(
                Mistake.UNKNOWN_CURRENCY if kind == "currency" else Mistake.UNKNOWN_UNIT,
                f"a {kind}: {error.message}",
                token,
                error.hint,
            )
        return token.text

    def _word(self, word: str) -> bool:
        return self.token.kind == "word" and self.token.text == word

    def _skip(self, word: str) -> bool:
        if not self._word(word):
            return False
        self._next()
        return True

    def _keyword(self, word: str) -> None:
        if not self._skip(word):
            self._fail(Mistake.UNFINISHED, f"'{word}'")

    def _next(self) -> Token:
        token, self.token, self.after = self.token, self.after, next(self.tokens)
        return token

    def _take(self, kind: str, expected: str, otherwise: Mistake) -> Token:
        if self.token.kind != kind:
            self._fail(otherwise, expected)
        return self._next()

    def _fail(
        self, kind: Mistake, expected: str, token: Token | None = None, hint: str = _SENTENCE
    ) -> NoReturn:
        place = token or self.token
        found = f"found {place.text!r}" if place.kind != "end" else "the sentence ends"
        hint = _NAME if "quotes" in expected else hint
        raise mistake(kind, text=self.text, at=place.at, expected=expected, hint=hint, found=found)


@lru_cache(maxsize=1024)
def check_code(kind: str, code: str) -> None:
    """Refuse a currency or a unit that is not a code.

    ``XEM`` and ``EUC`` are the monetary units that TARIC adds to ISO 4217.
    """
    from openward.codes.currencies import currency
    from openward.codes.units import unit

    if kind != "currency":
        unit(code)
    elif code not in ("XEM", "EUC"):
        currency(code)
