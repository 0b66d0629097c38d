"""What a question about goods asks, checked and completed: importer, origin, code, industry."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from openward.book.model import Book
from openward.codes.correlation import EDITIONS, industry_of
from openward.codes.nomenclature import base_edition
from openward.determine.decision import Question
from openward.determine.goods_named import check_code
from openward.errors import InputError

_SUFFIXED = re.compile(r"(\d+)([A-Z])")
UNKNOWN_ORIGIN = frozenset({"", "unknown"})


@dataclass(frozen=True, slots=True)
class Asked:
    """The parts of a question that rules turn on.

    Attributes
    ----------
    partner : str or None
        Economy of origin; None where it is not known.
    sector : str
        Industry of the code; empty where its edition is not at hand.
    """

    partner: str | None
    sector: str


def complete(question: Question, book: Book) -> Question:
    """Fill in the importer and bring the code into its plain form.

    Raises
    ------
    UnknownCodeError
        No such code or edition.
    InputError
        Not a code, too short for a line, or another flow than imports.
    """
    if question.flow != "import":
        raise InputError(
            f"goods are decided for imports, not for {question.flow!r}",
            hint="export control has its own question; export duties are not decided yet",
            where="flow",
        )
    hs, code = question.hs.strip(), question.additional_code
    suffixed = _SUFFIXED.fullmatch(hs)
    if suffixed is not None:
        if code and code != suffixed[2]:
            raise InputError(
                f"{hs} says the additional code {suffixed[2]}, and {code} is given",
                hint="give one",
                where="hs",
            )
        hs, code = suffixed[1], suffixed[2]
    if not (hs.isascii() and hs.isdecimal()):
        raise InputError(
            f"{question.hs!r} is not a product code",
            hint="write digits without dots, such as 70131000",
            where="hs",
        )
    if len(hs) % 2 or not 6 <= len(hs) <= 10:
        hint = (
            f"write the leading zero: 0{hs}"
            if len(hs) in {5, 7, 9}
            else "a line has six to ten digits, in pairs"
        )
        raise InputError(f"{hs!r} has {len(hs)} digits", hint=hint, where="hs")
    check_code(hs, question.edition)
    origin = "" if question.origin.strip().casefold() in UNKNOWN_ORIGIN else question.origin.strip()
    return replace(
        question, importer=question.importer or book.economy, hs=hs, additional_code=code, origin=origin
    )


def asked(question: Question) -> Asked:
    """Give what the rules turn on."""
    base = base_edition(question.edition)
    sector = industry_of(question.hs[:6], base) if base in EDITIONS else ""
    return Asked(question.origin or None, sector)


def not_excluded(question: Question) -> tuple[str, ...]:
    """Give the economies in which origin cannot be excluded (fact ``origin_not_excluded``)."""
    told = str(question.facts.get("origin_not_excluded", ""))
    return tuple(code for code in re.split(r"[\s,;]+", told) if code)
