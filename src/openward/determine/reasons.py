"""Why an edit of the law moves nothing: for a pair of economies, and for the whole edit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from openward.book.edits import Edit, Join, Leave
from openward.book.model import Book, Instrument, Measure
from openward.determine.compile import Compiled, Indices, Row
from openward.determine.fill import fill
from openward.determine.layers import Array
from openward.determine.named import Named, is_duty
from openward.determine.scope import limitation
from openward.determine.step import percent
from openward.determine.table import blocks, finish


class PairReasons:
    """Reasons why rates stay between two laws, for one importer after the other.

    Parameters
    ----------
    before, after : Compiled
        The law without and with an edit.
    """

    def __init__(self, before: Compiled, after: Compiled) -> None:
        self.before, self.after = before, after
        self._rows: dict[tuple[bool, int], list[Row]] = {}
        self._rates: dict[int, tuple[Array, Array]] = {}

    def why(self, *, importer: str, partner: str) -> str:
        """Say why an importer's rates on a partner's goods stay: what is in force with and without it."""
        economies = self.before.space.economies
        n, i = economies.index(importer), economies.index(partner)
        later = {row.id for row in self._covering(self.after, n, i)}
        lasting = [row for row in self._covering(self.before, n, i) if row.id in later]
        rates, valued = self._of(n)
        if not valued[i].any():
            return f"the rates of {importer} are not in the book"
        highest = float(rates[i].max())
        chosen = _ruling([row for row in lasting if row.instrument is Instrument.PREFERENTIAL_DUTY])
        if chosen is None:
            return "the MFN rate is zero" if highest == 0 else "its rates under other measures stay"
        measure = self.before.book.measures[chosen.id]
        since = _since(self.before.book, measure, self.before.on, importer, partner)
        rate = "zero" if highest == 0 else f"up to {percent(highest)}"
        book = self.before.book
        earlier = " or before" if since <= book.covered_from else ""
        return f"already at {rate} since {since.isoformat()}{earlier} under {title(book, measure)}"

    def _covering(self, compiled: Compiled, n: int, i: int) -> list[Row]:
        key = (compiled is self.before, n)
        if key not in self._rows:
            self._rows[key] = [row for rows in compiled.rows.values() for row in rows if row.imposed_by(n)]
        return [row for row in self._rows[key] if row.partners is None or i in row.partners]

    def _of(self, n: int) -> tuple[Array, Array]:
        """Give rates and whether they are known, [partner, sector, class], of one importer before."""
        if n not in self._rates:
            importer: Indices = np.array([n], dtype=np.intp)
            regime, members = blocks(self.before, importer)[0]
            block = fill(self.before, self.before.by_instrument(importer), regime, members)
            finish(self.before, block, members)
            self._rates[n] = block.rate[0], block.valued[0].astype(np.float64)
        return self._rates[n]


def _ruling(rows: Iterable[Row]) -> Row | None:
    """Give the preference that rules a pair: the one that covers all goods before those that cover some."""
    known = [row for row in rows if row.rate is not None]
    return min(known, key=lambda row: (row.sectors is not None, row.rate, row.doubt, row.id), default=None)


def _since(book: Book, measure: Measure, on: date, importer: str, partner: str) -> date:
    """Give the day from which a measure in force concerns a pair: its own, or that of a later membership."""
    groups = {measure.imposed_by, *measure.scope.partners}
    groups |= {c.value for c in measure.conditions if c.kind == "membership"}
    joined: dict[str, list[date]] = defaultdict(list)
    for one in book.memberships:
        if one.group in groups and on in one.valid and one.economy in (importer, partner):
            joined[one.economy].append(one.valid.start)
    return max(measure.valid.start, *(min(days) for days in joined.values()), date.min)


def title(book: Book, measure: Measure) -> str:
    """Name a measure by the title of its act and its id."""
    act = book.acts.get(measure.act)
    return measure.id if act is None else f"{act.title} ({measure.id})"


def edit_reason(
    edit: Edit, named: Named, *, laws: tuple[Compiled, ...], remark: str, reasons: Mapping[str, str]
) -> str:
    """Say why an edit as a whole moves no rate.

    Parameters
    ----------
    edit : Edit
    named : Named
    laws : tuple of Compiled
        The laws it was tried in, without and with it.
    remark : str
        What applying it said: why the book itself did not change, or nothing.
    reasons : mapping
        Reason of each partner that it names inside the space.
    """
    said = _because(named, laws) if named.measures else _group_because(edit, laws)
    economies = frozenset(laws[0].space.economies)
    if said:
        return said
    if not named.importers & economies:
        return "no economy that imposes it is in the baseline"
    if not named.everybody and not named.partners & economies:
        return "none of its partners is in the baseline"
    why = _summary(reasons) or "other measures give the same rates"
    return f"{remark}: {why}" if remark else why


def _summary(reasons: Mapping[str, str]) -> str:
    partners: dict[str, list[str]] = defaultdict(list)
    for partner, reason in sorted(reasons.items()):
        partners[reason].append(partner)
    if len(partners) > 2:
        return f"the rates of its {len(reasons)} partners stay, each under another measure"
    return "; ".join(f"{', '.join(who)}: {reason}" for reason, who in partners.items())


def _because(named: Named, laws: tuple[Compiled, ...]) -> str:
    """Give the reason that lies in the edited measures themselves, if one does."""
    on = laws[0].on
    duties = [m for m in named.measures if is_duty(m)]
    if not duties:
        return f"a {named.measures[0].instrument.value} is not a duty on imports: no rate moves"
    in_force = [m for m in duties if on in m.valid]
    if not in_force:
        return f"not in force on {on.isoformat()}"
    limits = [limitation(m) for m in in_force]
    if all(limits):
        return limits[0]
    if all(m.effect.duty is None for m in in_force):
        return "its rate is not in the book"
    if any(m.id in law.rows for m in in_force for law in laws):
        return ""
    groups = sorted({c.value for m in in_force for c in m.conditions if c.kind == "membership"})
    outside = [g for g in groups if not any(law.groups.members(g) & named.importers for law in laws)]
    if outside:
        return f"{', '.join(sorted(named.importers))} is not a member of {', '.join(outside)}"
    if all(m.scope.products is not None and "*" not in m.scope.products.ranges for m in in_force):
        return "it covers no whole industry: its products are finer than the line classes of the book"
    return ""


def _group_because(edit: Edit, laws: tuple[Compiled, ...]) -> str:
    if not isinstance(edit, Join | Leave):
        return ""
    if any(edit.group in codes for law in laws for codes in law.mentions.values()):
        return ""
    return f"no duty in force points at {edit.group}"
