"""What a question about goods names must exist: its product code, and the preference it claims."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from openward.book.model import Book, Instrument
from openward.book.reading import nearest
from openward.book.vocabulary import Vocabulary
from openward.codes.correlation import EDITIONS
from openward.codes.nomenclature import base_edition
from openward.codes.products import products
from openward.determine.needs import NO_CLAIM
from openward.errors import UnknownCodeError

NOT_SPECIFIED = "99"
"""Chapter of goods not specified: statistics use it, so it is in the tables of names, but no tariff does."""
NEAREST = 3
NAME_LENGTH = 60


def check_code(hs: str, edition: str) -> None:
    """Refuse a code whose subheading its edition does not have.

    Raises
    ------
    UnknownCodeError
        The hint names editions that have it, or the nearest headings.
    """
    base = base_edition(edition)
    if base not in EDITIONS:
        return
    six = hs[:6]
    known = _specified(base)
    if six in known:
        return
    others = [one for one in EDITIONS if six in products(one) and not six.startswith(NOT_SPECIFIED)]
    hint = f"it is in {', '.join(others)}" if others else f"nearest: {_near(six, known)}"
    raise UnknownCodeError(f"no product {six!r} in {base}", hint=hint, where="hs")


@cache
def _specified(base: str) -> Mapping[str, str]:
    """Give the codes of an edition that a tariff can have lines under."""
    return {code: name for code, name in products(base).items() if not code.startswith(NOT_SPECIFIED)}


def _near(six: str, known: Mapping[str, str]) -> str:
    """Give the nearest codes: subheadings of its heading, else headings of its chapter, else any heading."""
    for shared, length in ((4, 6), (2, 4), (0, 4)):
        inside = [code for code in known if len(code) == length and code.startswith(six[:shared])]
        if inside:
            wanted = int(six[:length])
            close = sorted(inside, key=lambda code: (abs(int(code) - wanted), code))[:NEAREST]
            return "; ".join(f"{code} {_short(known[code])}" for code in close)
    raise AssertionError("every edition has headings")


def _short(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else f"{name[:NAME_LENGTH].rsplit(' ', 1)[0]} ..."


def check_claim(claim: str, book: Book) -> None:
    """Refuse the claim of a preference that nobody defined; ``none`` claims none.

    Raises
    ------
    UnknownCodeError
        No group, agreement, programme or measure has that name; the hint names what is spelled like it.
    """
    told = claim.strip()
    if not told or told.casefold() in NO_CLAIM:
        return
    known = Vocabulary.of(book).groups | _preferences(book)
    if told not in known:
        raise UnknownCodeError(
            f"no preference {told!r}",
            hint=nearest(
                told,
                known,
                otherwise="name an agreement such as RCEP, a programme or a measure; none claims none",
            ),
            where="claim",
        )


def _preferences(book: Book) -> frozenset[str]:
    """Give every name under which a measure that asks for proof of origin may be claimed."""
    found: set[str] = set()
    for measure in book.measures.values():
        rules = [one.value for one in measure.conditions if one.kind == "origin"]
        if rules or measure.instrument is Instrument.PREFERENTIAL_DUTY:
            found |= {measure.id, measure.act, *measure.scope.partners, *rules}
    return frozenset(found)
