"""Text as printed, made readable without losing where each character stood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text; ``at[k]`` is the place of character ``k`` in the original (one more for the end)."""

    text: str
    at: tuple[int, ...]


def cleaned(text: str, repairs: Sequence[tuple[re.Pattern[str], str]]) -> Cleaned:
    r"""Apply repairs in order and collapse white space.

    A replacement may use ``\1``; places inside it are those of the start of what it replaces.
    """
    at = list(range(len(text) + 1))
    for pattern, replacement in (*repairs, (_SPACES, " ")):
        if pattern.search(text) is None:
            continue
        pieces: list[str] = []
        places: list[int] = []
        done = 0
        for match in pattern.finditer(text):
            new = match.expand(replacement)
            pieces += [text[done : match.start()], new]
            places += [*at[done : match.start()], *_spread(at[match.start() : match.end()], len(new))]
            done = match.end()
        text, at = "".join([*pieces, text[done:]]), [*places, *at[done:]]
    return Cleaned(text, tuple(at))


_SPACES = re.compile(r"\s+")


def _spread(places: list[int], length: int) -> list[int]:
    return [places[min(k, len(places) - 1)] for k in range(length)] if places else []
