"""Item x destination under the export control law of the United States (15 CFR 738.4, 740, 774).

Every reason for control of the entry is read with its own words: which paragraphs it is about, and which
column of the chart or which destinations. A mark means that a licence is needed unless an exception applies;
no mark is "no licence by the chart", never "permitted": general prohibitions four to ten stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openward.codes.economies import economy
from openward.determine.control.ear_parties import UsListed
from openward.determine.control.ear_tables import EarTables, Entry, ear_tables
from openward.determine.decision import Decision, Law, Obligation, Option, Question, Unresolved, Verdict
from openward.determine.kleene import Truth
from openward.determine.step import Step
from openward.errors import UsageError

EAR99 = "EAR99"
_COLUMN = re.compile(r"\b(CB|NP|NS|MT|RS|FC|CC|AT) Column (\d)")
_PARAGRAPH = re.compile(
    r"(?:\b\d[A-E]\d{3}\.|(?<![\w.])\.)([a-z](?:\.[a-z0-9]+)*)"  # 3A001.b.2, .c
    r"|(?<=[\s,])([a-z](?:\.\d+)(?:\.[a-z0-9]+)*)"  # z.2.a
)
_NAMED = {"Iraq": "IRQ", "Pakistan": "PAK", "North Korea": "PRK", "China": "CHN", "Russia": "RUS",
          "Venezuela": "VEN", "Macau": "MAC", "United Arab Emirates": "ARE"}  # fmt: skip
_TO_GROUP_B = frozenset({"LVS", "GBS", "TSR"})
_MAY_EXCEPT = (Verdict.LICENCE, Verdict.UNRESOLVED)
_PROHIBITIONS = (
    "general prohibitions four to ten (end use, end user, embargo: 15 CFR 736.2(b)(4)-(10)) "
    "are not in the chart"
)
_OUTSIDE = "15 CFR 738.4(a)(1): the entry states its requirement outside the chart, or points to another law"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for control: whether it is about the item, and asks a licence for the destination."""

    control: str
    chart: str
    about: Truth
    asks: Truth

    @property
    def licence(self) -> Truth:
        """Whether it makes a licence necessary."""
        return self.about & self.asks

    @property
    def symbol(self) -> str:
        """The letters of the reason: NS, MT, RS ..."""
        return self.control.split(" ", 1)[0]


def reasons(tables: EarTables, entry: Entry, paragraph: str, destination: str) -> Iterator[Reason]:
    """Read every reason for control of an entry for a destination."""
    for control, chart in entry.controls:
        yield Reason(control, chart, _about(control, paragraph), _asks(tables, chart, destination))


def _about(control: str, paragraph: str) -> Truth:
    body = control.split("applies to", 1)[-1].strip()
    _, _, rest = body.partition("except")
    named = _paragraphs(rest if body.lower().startswith("entire entry") else body)
    if body.lower().startswith("entire entry"):
        if not rest.strip():
            return Truth.TRUE
        return ~_inside(paragraph, named)
    return _inside(paragraph, named) if named else Truth.UNKNOWN


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(one or other for one, other in _PARAGRAPH.findall(text))


def _inside(paragraph: str, named: tuple[str, ...]) -> Truth:
    if not named or not paragraph:
        return Truth.UNKNOWN
    if any(paragraph == one or paragraph.startswith(f"{one}.") for one in named):
        return Truth.TRUE
    return Truth.UNKNOWN if any(one.startswith(f"{paragraph}.") for one in named) else Truth.FALSE


def _asks(tables: EarTables, chart: str, destination: str) -> Truth:
    columns = _COLUMN.findall(chart)
    if columns:
        if destination not in tables.marks:
            return Truth.UNKNOWN
        return Truth.of(
            any(f"{letters} {number}" in tables.marks[destination] for letters, number in columns)
        )
    text = " ".join(chart.split())
    if re.search(r"any destination worldwide|Worldwide control|ALL destinations|all destinations", text):
        return Truth.of(not ("except Canada" in text and destination == "CAN"))
    if "UN controls" in text:
        return Truth.UNKNOWN if tables.within("D:5", destination) else Truth.FALSE
    groups = re.findall(r"\b([ADE]:\d)", text.split("excluding")[0])
    named = {code for name, code in _NAMED.items() if re.search(rf"\b{name}\b", text)}
    if groups or named:
        inside = destination in named or any(tables.within(group, destination) for group in groups)
        outside = re.findall(r"\b([ADE]:\d)", text.split("excluding")[1]) if "excluding" in text else []
        return Truth.of(inside and not any(tables.within(group, destination) for group in outside))
    return Truth.UNKNOWN


def decide_ear(question: Question, *, eccn: str, listed: Sequence[UsListed] | None = None) -> Decision:
    """Answer whether an item of the control list of the United States needs a licence for a destination.

    Parameters
    ----------
    question : Question
        ``importer`` (the destination) and ``on``.
    eccn : str
        Number with or without a paragraph (``3A001.b.2``), or ``EAR99``.
    listed : sequence of UsListed, optional
        What :func:`~openward.determine.control.ear_parties.us_listed` says of the parties; None where no list
        was searched.

    Raises
    ------
    UsageError
        No number.
    UnknownCodeError
        No such entry, or no such economy.
    """
    if not eccn:
        raise UsageError(
            "export control of the United States asks for an ECCN", hint="give --eccn 3A001 or EAR99"
        )
    tables = ear_tables()
    to = economy(question.importer)
    if eccn.strip().upper() == EAR99:
        entry, paragraph = Entry(EAR99, "", "items subject to the EAR that no entry names", (), {}), ""
    else:
        entry, paragraph = tables.entry(eccn)
    found = tuple(reasons(tables, entry, paragraph, to.code))
    if not found and entry.eccn != EAR99:
        found = (Reason(entry.heading, _OUTSIDE, Truth.TRUE, Truth.UNKNOWN),)
    embargo = tables.embargoes.get(to.code, "")
    firm = [one for one in found if one.licence is Truth.TRUE]
    doubtful = [one for one in found if one.licence is Truth.UNKNOWN]
    verdict = Verdict.LICENCE if firm or embargo else Verdict.UNRESOLVED if doubtful else Verdict.FREE
    parties = tuple(listed or ())
    barred = [one for one in parties if one.binds is Truth.TRUE]
    alike = [one for one in parties if one.binds is Truth.UNKNOWN]
    plain = {Verdict.LICENCE: "licence needed", Verdict.FREE: "no licence by the chart"}.get(
        verdict, "as the item"
    )
    if any(one.effect.verdict is Verdict.PROHIBITED for one in barred):
        verdict, alike = Verdict.PROHIBITED, []
    elif barred:
        verdict = Verdict.LICENCE
    if any(one.effect.verdict is not verdict for one in alike):
        verdict = Verdict.UNRESOLVED
    name = f"{entry.eccn}{'.' + paragraph if paragraph else ''}"
    return Decision(
        question=question,
        verdict=verdict,
        sentence=_of_parties(name, to.name, verdict, barred, alike)
        or _sentence(name, to.name, verdict, firm, doubtful, embargo),
        law=Law("usa", question.on),
        options=tuple(_exceptions(tables, entry, found, to.code))
        if verdict in _MAY_EXCEPT and not barred
        else (),
        obligations=_obligation(verdict),
        unresolved=(
            *(one.doubt(plain) for one in alike),
            *(() if embargo or verdict is Verdict.PROHIBITED else (_doubt(one, verdict) for one in doubtful)),
        ),
        trace=(*(_step(one, name, to.name) for one in found), *(one.step() for one in parties)),
        unverified=()
        if question.on == tables.edition
        else (f"15 CFR parts 738, 740, 774 of {tables.edition}",),
        notes=tuple(
            note
            for note in (
                _PROHIBITIONS,
                f"tables of {tables.edition} are read for {question.on}"
                if question.on != tables.edition
                else "",
                "" if listed is not None else "no list of parties was searched: give --list FILE",
                embargo,
            )
            if note
        ),
    )


def _sentence(
    name: str, to: str, verdict: Verdict, firm: list[Reason], doubtful: list[Reason], embargo: str
) -> str:
    if embargo and not firm:
        return f"A licence is needed for {name} to {to}: the chart has no marks for it, part 746 decides."
    if verdict is Verdict.LICENCE:
        symbols = ", ".join(dict.fromkeys(one.symbol for one in firm))
        return f"A licence is needed for {name} to {to} ({symbols}), unless exceptions cover every reason."
    if verdict is Verdict.UNRESOLVED:
        return f"Unresolved for {name} to {to}: confirm whether the item is that of '{doubtful[0].control}'."
    return f"No licence is needed for {name} to {to} by the country chart."


def _of_parties(name: str, to: str, verdict: Verdict, barred: list[UsListed], alike: list[UsListed]) -> str:
    if barred and verdict in (Verdict.PROHIBITED, Verdict.LICENCE):
        words = (
            "is prohibited" if verdict is Verdict.PROHIBITED else "needs a licence, and no exception applies"
        )
        one = max(barred, key=lambda party: party.effect.verdict is verdict)
        return f"{name} to {to} {words}: {one.asked} ({one.why}) is on the {one.effect.name}."
    if alike and verdict is Verdict.UNRESOLVED:
        one = alike[0]
        return f"Unresolved for {name} to {to}: confirm {one.asked} ({one.why}) on the {one.effect.name}."
    return ""


def _obligation(verdict: Verdict) -> tuple[Obligation, ...]:
    if verdict is not Verdict.LICENCE:
        return ()
    return (
        Obligation("apply for an export licence", "Bureau of Industry and Security",
                   "resolved or referred to the President within 90 calendar days of registration", "",
                   "15 CFR 750.4(a)(1)"),
    )  # fmt: skip


def _exceptions(tables: EarTables, entry: Entry, found: tuple[Reason, ...], to: str) -> Iterator[Option]:
    """Give the exceptions that the entry names and the destination does not rule out: candidates."""
    missile = any(one.symbol == "MT" and one.licence is Truth.TRUE for one in found)
    for symbol, text in entry.exceptions.items():
        if missile or (symbol in _TO_GROUP_B and not tables.within("B", to)):
            continue
        if symbol == "STA" and not (tables.within("A:5", to) or tables.within("A:6", to)):
            continue
        yield Option(f"licence exception {symbol}", None, None, None, (text,), (entry.eccn,))


def _doubt(one: Reason, verdict: Verdict) -> Unresolved:
    other = "licence needed for another reason" if verdict is Verdict.LICENCE else "no licence by this reason"
    return Unresolved(
        fact="paragraph of the entry" if one.about is Truth.UNKNOWN else "requirement outside the chart",
        why=f"{one.control}: {one.chart}",
        if_true="licence needed",
        if_false=other,
    )


def _step(one: Reason, name: str, to: str) -> Step:
    output = {Truth.TRUE: "licence needed", Truth.FALSE: "no licence", Truth.UNKNOWN: "not known"}[
        one.licence
    ]
    return Step(
        one.control, "", f"{name} to {to}: {one.chart}", output, "15 CFR 738.4(a)(2), Supplement 1 to 774"
    )
