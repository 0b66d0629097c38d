"""A chunk of shipments read into arrays, with the first fault of each row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from openward.codes.currencies import currencies
from openward.determine.batch import faults as say
from openward.determine.batch.days import as_date
from openward.determine.batch.faults import Faults, Words
from openward.determine.batch.shipments import OPTIONAL, Coded, coded, days, either, numbers
from openward.determine.decision import Money, Question
from openward.determine.shipment import facts_of

if TYPE_CHECKING:
    import polars as pl

Small = NDArray[np.int32]
Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """Columns of a chunk.

    Attributes
    ----------
    frame : DataFrame
        As it was given.
    faults : Faults
    to, origin, shipped_from, hs, edition, currency, unit, claim, proof, end_use, parties, zone,
    additional_code, facts : Coded
    day : int32 array
    value, quantity : float array
        NaN where there is none.
    minor : int8 array
        Decimal digits of the minor unit of the currency.
    """

    frame: pl.DataFrame
    faults: Faults
    to: Coded
    origin: Coded
    shipped_from: Coded
    hs: Coded
    edition: Coded
    currency: Coded
    unit: Coded
    claim: Coded
    proof: Coded
    end_use: Coded
    parties: Coded
    zone: Coded
    additional_code: Coded
    facts: Coded
    day: Small
    value: Array
    quantity: Array
    minor: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.day)

    @property
    def told(self) -> Mask:
        """Rows that say more than tables look at: facts."""
        return self.facts.at >= 0


def parse(frame: pl.DataFrame, words_of: Words) -> Parsed:
    """Read a chunk; its columns are checked (:func:`~openward.determine.batch.shipments.check_columns`)."""
    faults = Faults(len(frame))
    faults.note(frame["row"].is_null().to_numpy(), "row is missing")
    words = {
        name: coded(frame[name]) for name in ("flow", "from", "to", "origin", "hs", "edition", "currency")
    }
    for name, fault, missing in (
        ("flow", say.flow_fault, "flow is missing"),
        ("to", say.economy_fault, "to is missing: the economy that imports"),
        ("origin", say.origin_fault, ""),
        ("from", say.economy_fault, ""),
        ("edition", say.edition_fault, "edition is missing: HS2022 or another"),
        ("currency", say.currency_fault, "currency is missing"),
    ):
        faults.note_words(words[name], fault, missing=missing)
    words["origin"] = either(words["origin"], words["from"])
    _codes(faults, words["hs"], words["edition"], words_of)
    day, broken = days(frame["on"])
    faults.note(frame["on"].is_null().to_numpy(), "on is missing: the day of the transaction")
    faults.note(broken, "on is not a day: YYYY-MM-DD")
    say.day_faults(faults, day, words_of.book)
    value = _amounts(faults, frame, "value")
    faults.note(np.isnan(value), "value is missing")
    optional = {name: _optional(frame, name) for name in OPTIONAL[1:]}
    faults.note_words(optional["claim"], words_of.claim, missing="")
    quantity = np.full(len(frame), np.nan)
    if "quantity" in frame.columns:
        quantity = _amounts(faults, frame, "quantity")
        faults.note_words(optional["unit"], say.unit_fault, missing="")
        faults.note(~np.isnan(quantity) & (optional["unit"].at < 0), "quantity has no unit")
    minor = np.array(
        [currencies()[w].minor if w in currencies() else 0 for w in words["currency"].words], dtype=np.int8
    )
    return Parsed(
        frame=frame,
        faults=faults,
        to=words["to"],
        origin=words["origin"],
        shipped_from=words["from"],
        hs=words["hs"],
        edition=words["edition"],
        currency=words["currency"],
        day=day,
        value=value,
        quantity=quantity,
        minor=words["currency"].map(minor, 0).astype(np.int8),
        **optional,
    )


def _codes(faults: Faults, hs: Coded, edition: Coded, words_of: Words) -> None:
    """Note codes that their edition does not have."""
    faults.note(hs.at < 0, "hs is missing")
    for k, name in enumerate(edition.words):
        if say.edition_fault(name):
            continue
        here = edition.at == k
        texts = [words_of.code(code, name) for code in hs.words]
        if not any(texts):
            continue
        mine = Coded(np.where(here, hs.at, -1).astype(np.int32), hs.words)
        said = dict(zip(hs.words, texts, strict=True))
        faults.note_words(mine, said.__getitem__, missing="")


def _amounts(faults: Faults, frame: pl.DataFrame, name: str) -> Array:
    number, broken = numbers(frame[name])
    faults.note(broken, f"{name} is not a number")
    faults.note(np.isinf(number), f"{name} is not finite")
    faults.note(number < 0, f"{name} is negative")
    return number


def _optional(frame: pl.DataFrame, name: str) -> Coded:
    """Give a column that may be absent; lists and maps become text."""
    import polars as pl

    if name not in frame.columns:
        return Coded(np.full(len(frame), -1, dtype=np.int32), ())
    column = frame[name]
    if isinstance(column.dtype, pl.List | pl.Struct | pl.Array):
        column = _as_text(column)
    return coded(column)


def _as_text(column: pl.Series) -> pl.Series:
    """Write lists with semicolons, and maps as JSON, as a row states them."""
    import json

    import polars as pl

    if column.null_count() == len(column):
        return pl.Series(column.name, [None] * len(column), dtype=pl.String)
    texts: list[str | None] = []
    for cell in column.to_list():
        if cell is None or not len(cell):
            texts.append(None)
        elif isinstance(cell, list) and not isinstance(cell[0], dict):
            texts.append(";".join(str(one) for one in cell if one is not None))
        else:
            held = {one["key"]: one["value"] for one in cell} if isinstance(cell, list) else cell
            told = {name: value for name, value in held.items() if value is not None}
            texts.append(json.dumps(told, default=str) if told else None)
    return pl.Series(column.name, texts, dtype=pl.String)


def question_at(parsed: Parsed, row: int, importer: str) -> Question:
    """Give the question of a row.

    Raises
    ------
    InputError
        Its facts cannot be read.
    """
    quantity = float(parsed.quantity[row])
    return Question(
        flow="import",
        on=as_date(int(parsed.day[row])),
        importer=importer,
        origin=parsed.origin.word(row),
        shipped_from=parsed.shipped_from.word(row),
        hs=parsed.hs.word(row),
        edition=parsed.edition.word(row),
        additional_code=parsed.additional_code.word(row),
        zone=parsed.zone.word(row),
        value=Money(Decimal(repr(float(parsed.value[row]))), parsed.currency.word(row)),
        quantity=None if np.isnan(quantity) else Decimal(repr(quantity)),
        unit="" if np.isnan(quantity) else parsed.unit.word(row),
        claim=parsed.claim.word(row),
        proof=parsed.proof.word(row),
        parties=tuple(one.strip() for one in parsed.parties.word(row).split(";") if one.strip()),
        end_use=parsed.end_use.word(row),
        facts=MappingProxyType(facts_of(parsed.facts.word(row))),
    )
