"""Tables of a book that list what measures draw on: quotas (a row for each period) and national editions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from openward.book.fields import decimal, edition, identifier, iso_date, status
from openward.book.model import Quota, QuotaPeriod
from openward.book.rows import REQUIRED, Column, count, listed, read_table, truth
from openward.codes.nomenclature import DECLARABLE, Node, Nomenclature
from openward.codes.ranges import bounds, significant
from openward.codes.terms import Interval, Status
from openward.errors import OpenwardError

_OF_QUOTA: Mapping[str, Column] = {
    "order_number": Column(identifier, REQUIRED),
    "imposed_by": Column(str, REQUIRED),
    "origins": Column(listed, ()),
    "exclude": Column(listed, ()),
    "act": Column(),
    "status": Column(status, Status.OFFICIAL),
    "note": Column(),
    "recorded": Column(iso_date, None),
    "withdrawn": Column(iso_date, None),
}
QUOTA: Mapping[str, Column] = {
    **_OF_QUOTA,
    "from": Column(iso_date, REQUIRED),
    "to": Column(iso_date, None),
    "volume": Column(decimal, REQUIRED),
    "unit": Column(str, REQUIRED),
    "balance": Column(decimal, None),
    "critical": Column(truth, False),
    "filled_on": Column(iso_date, None),
}


def product_code(text: str) -> str:
    """Check a product code and take its filling zeros away."""
    bounds(text)
    return significant(text)


NODE: Mapping[str, Column] = {
    "code": Column(product_code, REQUIRED),
    "suffix": Column(str, DECLARABLE),
    "from": Column(iso_date, REQUIRED),
    "to": Column(iso_date, None),
    "indent": Column(count, 0),
    "leaf": Column(truth, True),
    "name": Column(),
    "sid": Column(),
}


def quotas(path: Path, label: str, errors: list[OpenwardError]) -> Iterator[Quota]:
    """Read quotas from a table; rows that say the same of one order number are periods of one quota."""
    gathered: dict[tuple[Any, ...], tuple[str, list[QuotaPeriod]]] = {}
    for row in read_table(path, label, QUOTA, errors):
        values = row.values
        period = QuotaPeriod(
            Interval(values["from"], values["to"]),
            *(values[name] for name in ("volume", "unit", "balance", "critical", "filled_on")),
        )
        said = tuple(values[name] for name in _OF_QUOTA)
        gathered.setdefault(said, (row.where, []))[1].append(period)
    for said, (where, periods) in gathered.items():
        yield Quota(**dict(zip(_OF_QUOTA, said, strict=True)), periods=tuple(periods), where=where)


def nomenclature(path: Path, label: str, errors: list[OpenwardError]) -> Nomenclature | None:
    """Read an edition from ``<EDITION>.csv``; None where it cannot be read (then ``errors`` says why)."""
    nodes = []
    for row in read_table(path, label, NODE, errors):
        values = row.values
        rest = {name: values[name] for name in ("suffix", "indent", "leaf", "name", "sid")}
        nodes.append(Node(values["code"], Interval(values["from"], values["to"]), **rest))
    try:
        return Nomenclature.of(edition(path.stem), nodes, source=label)
    except OpenwardError as error:
        error.where = error.where or label
        errors.append(error)
        return None
