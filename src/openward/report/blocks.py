"""What a report is made of: facts, tables, figures and edits, the same for page, terminal and Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True, slots=True)
class Fact:
    """A key figure: what it is, the figure with its unit, and what it is measured against."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``unit`` stands under the title, numbers align right."""

    title: str
    unit: str = ""
    numeric: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as printed, with the value it sorts by and tags that mark it."""

    text: str
    sort: float | str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; ``total`` counts the rows there are where not all are given.

    ``brief`` is how many rows a terminal shows; a folded table opens on demand, for a figure says the same.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    total: int = 0
    brief: int = 10
    folded: bool = False

    @property
    def left_out(self) -> int:
        """How many rows are not in the table."""
        return max(0, self.total - len(self.rows))


@dataclass(frozen=True, slots=True)
class Swatch:
    """An entry of a legend: a color in a shape (box, ring, dot, diamond, line) and what it means."""

    color: str
    shape: str
    label: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart to be drawn, with what it says in words."""

    key: str
    title: str
    says: str
    draw: Callable[[], alt.LayerChart]
    legend: tuple[Swatch, ...] = ()
    note: str = ""
    wide: bool = False
    datasets: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of the law as a reader meets it."""

    sentence: str
    on: str
    citation: str
    url: str
    tags: tuple[str, ...]
    touches: str
    without: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Edits:
    """The edits of a reform, in order."""

    items: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Lines to copy."""

    title: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Notes:
    """Sentences that belong to a part."""

    items: tuple[str, ...]


Block: TypeAlias = Table | Figure | Edits | Code | Notes


@dataclass(frozen=True, slots=True)
class Part:
    """One of the five parts: its answer first, then figures and tables."""

    key: str
    number: int
    title: str
    answer: str
    facts: tuple[Fact, ...]
    blocks: tuple[Block, ...]
