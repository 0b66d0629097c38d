"""Which organ may set this kind of rate, from dated rows (for China: Tariff Law, article 15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import yaml

from openward.book.edits import Join, Leave
from openward.codes.terms import Interval
from openward.determine.legality.change import Change
from openward.determine.legality.finding import LegalFinding, Severity, finding
from openward.determine.legality.most_favored import is_agreement


@dataclass(frozen=True, slots=True)
class Competence:
    """An organ that is competent for instruments of an economy, on days, in a case."""

    economy: str
    instruments: tuple[str, ...]
    when: str
    valid: Interval
    organ: str
    text: str
    flow: str = ""
    zone: str = ""


@cache
def competences() -> tuple[Competence, ...]:
    """Give the rows in order."""
    source = (
        files("openward.determine.legality").joinpath("data", "competence.yaml").read_text(encoding="utf-8")
    )
    return tuple(
        Competence(
            row["economy"],
            tuple(row["instruments"]),
            row.get("when", ""),
            Interval(row["from"], row.get("to")),
            row["organ"],
            row["text"],
            row.get("flow", ""),
            row.get("zone", ""),
        )
        for row in yaml.load(source, Loader=yaml.CSafeLoader)["rows"]
    )


def competent(
    economy: str, instrument: str, on: date, *, case: str, flow: str = "import", zone: str = ""
) -> tuple[Competence, ...]:
    """Give the organs competent in a case; several where the case is not known."""
    fitting = [
        row
        for row in competences()
        if row.economy == economy
        and instrument in row.instruments
        and on in row.valid
        and row.flow in {"", flow}
        and row.zone in {"", zone}
    ]
    fitting = [row for row in fitting if row.zone] or fitting
    return tuple(row for row in fitting if not row.when or not case or row.when == case)


def organs(
    changes: tuple[Change, ...], above: frozenset[str], bounds_known: frozenset[str]
) -> Iterator[LegalFinding]:
    """Say who must decide each change.

    Parameters
    ----------
    changes : tuple of Change
    above, bounds_known : frozenset of str
        Measures found above a bound rate, and held against one at all.
    """
    for change in changes:
        measure, case = change.measure, _case(change, above, bounds_known)
        told = False
        for economy in sorted(change.imposers):
            rows = competent(
                economy,
                measure.instrument.value,
                change.start,
                case=case,
                flow=measure.flow.value,
                zone=measure.zone,
            )
            if not rows:
                continue
            told = True
            said = "; or ".join(
                f"{row.organ}{f' ({row.when} bound rates)' if len(rows) > 1 else ''}" for row in rows
            )
            act = f"the act cited is {change.act.title}" if change.act is not None else "no act is cited"
            published = ("chn-tariff-15-5",) if rows[0].text.startswith("chn-tariff-15") else ()
            yield finding(
                "organ",
                Severity.DUTY,
                f"{change.name}: to be decided by {said}; {act}.",
                (*dict.fromkeys(row.text for row in rows), *published),
                edits=(change.place,),
                measures=(change.name,),
                unknown=("whether that organ has decided so",),
            )
        if not told:
            yield finding(
                "organ",
                Severity.UNKNOWN,
                f"{change.name}: who may decide it in {change.imposer} is not in the tables.",
                ("own-law",),
                edits=(change.place,),
                measures=(change.name,),
                unknown=(f"law of {change.imposer} on who decides on a {measure.instrument.value}",),
            )


def treaties(moves: tuple[tuple[int, Join | Leave], ...], home: str) -> Iterator[LegalFinding]:
    """Say what entering or leaving an agreement takes."""
    grouped: dict[tuple[str, bool], list[int]] = {}
    for place, edit in moves:
        grouped.setdefault((edit.group, isinstance(edit, Join)), []).append(place)
    for (group, joins), places in grouped.items():
        ours = any(edit.economy == home for place, edit in moves if place in places)
        cites: list[str] = []
        if joins:
            cites += ["accession-cptpp"] if group == "CPTPP" else ["pacta"]
        else:
            cites += [f"withdrawal-{group.lower()}"] if group in {"CPTPP", "RCEP"} else ["pacta"]
        if ours and home == "CHN":
            cites.append("treaty-procedure")
        what = (
            f"{group}: accession needs terms agreed with every party, and ratification by each side"
            if joins
            else f"{group}: leaving takes written notice, and works after the time the agreement states"
        )
        yield finding(
            "organ",
            Severity.DUTY,
            f"{what}.",
            tuple(cites),
            edits=tuple(places),
            unknown=("terms of accession",) if joins else ("whether and when notice was given",),
        )


def _case(change: Change, above: frozenset[str], bounds_known: frozenset[str]) -> str:
    if change.measure.instrument.value == "preferential-duty":
        return "agreement" if is_agreement(change) else "programme"
    if change.raises is False:
        return "within"
    if change.name in above:
        return "beyond"
    return "within" if change.name in bounds_known else ""
