"""Read the small CSV tables that ship beside the code."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches
from importlib.resources import files

from openward.errors import UnknownCodeError


def rows(name: str) -> list[dict[str, str]]:
    """Give the rows of ``codes/data/NAME`` (CSV, or CSV in gzip) as dictionaries of text, in file order."""
    content = files("openward.codes").joinpath("data", name).read_bytes()
    if name.endswith(".gz"):
        content = gzip.decompress(content)
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def nearest(word: str, codes: Iterable[str], count: int = 3, cutoff: float = 0.5) -> list[str]:
    """Give up to ``count`` codes that look like ``word``, the best first; same beginnings win ties.

    ``cutoff`` is the least likeness, 0 to 1.
    """
    close = get_close_matches(word, list(codes), n=12, cutoff=cutoff)

    def likeness(code: str) -> tuple[float, int]:
        same = next((n for n, (a, b) in enumerate(zip(word, code, strict=False)) if a != b), len(word))
        return SequenceMatcher(None, code, word).ratio(), same

    return sorted(close, key=likeness, reverse=True)[:count]


def unknown(noun: str, code: object, suggestions: Sequence[str], advice: str) -> UnknownCodeError:
    """Build the error for a code nobody defined; the hint names what may have been meant."""
    hint = f"did you mean {' or '.join(suggestions)}?" if suggestions else advice
    return UnknownCodeError(f"unknown {noun} {str(code)!r}", hint=hint)
