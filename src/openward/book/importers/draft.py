"""A book in the making: what an importer gathers before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from openward.book.importers.ledger import Ledger
from openward.book.importers.source import Broken, Line
from openward.book.model import LegalAct, Measure, Quota
from openward.book.vocabulary import Vocabulary
from openward.codes.membership import Membership
from openward.codes.nomenclature import Node
from openward.errors import InputError, OpenwardError, UnknownCodeError


@dataclass
class Draft:
    """Records for a new book, with the ledger of the rows they came from.

    Attributes
    ----------
    name, economy, covered_from, covered_to, title, note, sources
        The face of the book (``economy`` may be ``"*"``).
    precedence : str
        Shipped book whose order of duties is copied; empty for none.
    tables : mapping
        Further tables by file name, kept beside the law (not read as law).
    """

    name: str
    economy: str
    covered_from: date
    covered_to: date
    title: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()
    precedence: str = ""
    ledger: Ledger = field(default_factory=Ledger)
    acts: dict[str, LegalAct] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)
    measures: dict[str, Measure] = field(default_factory=dict)
    quotas: dict[str, Quota] = field(default_factory=dict)
    nodes: dict[str, list[Node]] = field(default_factory=dict)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @cached_property
    def known(self) -> Vocabulary:
        """Codes that measures may name; reads ``memberships`` at first use."""
        from openward.codes.groups import memberships

        return Vocabulary.gather((*memberships(), *self.memberships), ())

    def act(self, act: LegalAct) -> str:
        """Add an act and give its id."""
        self.acts[act.id] = act
        return act.id

    def node(self, edition: str, node: Node) -> None:
        """Add a node to the tree of codes of an edition."""
        self.nodes.setdefault(edition, []).append(node)

    def add(self, line: Line, measures: Iterable[Measure], *, column: str = "") -> None:
        """Add the measures of a row; those with unknown codes or a taken id go to the rejects."""
        for measure in measures:
            error = self._wrong(measure)
            if error is None:
                self.measures[measure.id] = measure
                self.ledger.imported(line)
            else:
                self.ledger.rejected(line, error, column=column)

    def reject(self, line: Line | Broken, error: OpenwardError, *, column: str = "") -> None:
        """Account for a row or cell that cannot be imported."""
        self.ledger.rejected(line, error, column=column)

    def _wrong(self, measure: Measure) -> OpenwardError | None:
        if measure.id in self.measures:
            return InputError(
                f"a second record {measure.id}", hint="the row repeats an earlier one; keep one of them"
            )
        if measure.valid.empty:
            return InputError(
                f"it would end on {measure.valid.end}, before it begins on {measure.valid.start}",
                hint="check the dates",
            )
        for unknown in self.known.unknown(measure):
            return UnknownCodeError(f"{unknown.field}: unknown code {unknown.code!r}", hint=unknown.hint)
        return None
