"""What every page of the workbench stands on: the book, the reforms, the studies, the templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from openward import __version__
from openward.book.model import Book
from openward.codes.economies import economies
from openward.codes.industries import industries
from openward.errors import InputError
from openward.web.shelf import Shelf
from openward.web.studies import Studies

if TYPE_CHECKING:
    from jinja2 import Environment

SUPPLIES = (
    ("1", "1: across the border"),
    ("2", "2: consumed abroad"),
    ("3", "3: commercial presence"),
    ("4", "4: natural persons"),
)
"""Modes of supply of the General Agreement on Trade in Services."""
FIRST = "africa-zero-tariff"


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a select."""

    value: str
    label: str


class Workbench:
    """The book, the reforms at hand, the studies and the templates.

    Parameters
    ----------
    book : Book
    studies : Studies
    first : str
        The reform that is studied before the workbench opens.
    """

    def __init__(self, book: Book, studies: Studies, *, first: str = FIRST) -> None:
        self.book, self.studies, self.first = book, studies, first
        self.shelf = Shelf()

    @cached_property
    def importers(self) -> tuple[Choice, ...]:
        """Economies of the world pack: those whose law the book holds."""
        from openward.observe.worldpack import load_world

        names = economies()
        return tuple(
            Choice(c, names[c].name) for c in sorted(load_world().economies, key=lambda c: names[c].name)
        )

    @cached_property
    def partners(self) -> tuple[Choice, ...]:
        """All economies there are."""
        return tuple(Choice(e.code, e.name) for e in sorted(economies().values(), key=lambda e: e.name))

    @cached_property
    def goods(self) -> tuple[Choice, ...]:
        """Industries on whose products duties can fall."""
        return tuple(Choice(i.code, i.name) for i in industries() if i.goods)

    @cached_property
    def services(self) -> tuple[Choice, ...]:
        """Industries without customs duties."""
        return tuple(Choice(i.code, i.name) for i in industries() if not i.goods)

    @cached_property
    def choices(self) -> dict[str, tuple[tuple[str, tuple[Choice, ...]], ...]]:
        """Lists that fields of the look-up page pick from: groups with a title, empty for none."""
        return {
            "importers": (("", self.importers),),
            "partners": (("", self.partners),),
            "origins": (("", (Choice("unknown", "not known"), *self.partners)),),
            "industries": (("Goods", self.goods), ("Services: no customs duty", self.services)),
            "supplies": (("", tuple(Choice(mode, label) for mode, label in SUPPLIES)),),
        }

    @cached_property
    def templates(self) -> Environment:
        """Templates of the workbench, and those of reports that its pages include."""
        from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

        from openward.report.impact_html import furnish

        env = Environment(
            loader=ChoiceLoader([PackageLoader("openward.web"), PackageLoader("openward.report")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        env.globals |= {"version": __version__, "book": self.book, "first": self.first}
        return furnish(env)

    def page(self, template: str, /, **context: Any) -> str:
        """Render a page."""
        return self.templates.get_template(template).render(**context)


def read_day(text: str, *, field: str) -> date:
    """Read an ISO date from a form.

    Raises
    ------
    InputError
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"{text!r} is not a date", hint="write it as 2026-05-01", where=field) from None
