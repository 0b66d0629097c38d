"""One run of a watch: what is new since the record was last written goes into it, and only that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from openward.book.loading import load
from openward.errors import InputError, MissingDataError
from openward.observe.tables import read
from openward.watch.alert import Alert
from openward.watch.case_list import case_notices
from openward.watch.deliver import Delivery, deliver
from openward.watch.feeds import Notice, read_events, read_notices
from openward.watch.life import open_alerts
from openward.watch.of_abroad import foreign_alerts, overseas_alerts
from openward.watch.of_law import law_alerts
from openward.watch.panel import Panel, panel
from openward.watch.replay import replay
from openward.watch.spec import WatchSpec
from openward.watch.triage import read_industry, triage


@dataclass(frozen=True, slots=True)
class Run:
    """What a run saw and did.

    Attributes
    ----------
    through : date or None
        Last month of the table looked at; None where no rule reads a table.
    as_of : date
        Day of the law and of the feeds.
    seen : tuple of Alert
        All alerts from the watch's start.
    opened : tuple of str
        Ids that were not in the record before.
    deliveries : tuple of Delivery
    notes : tuple of str
        What could not be watched, and what a reader of the numbers must know.
    """

    through: date | None
    as_of: date
    seen: tuple[Alert, ...]
    opened: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    notes: tuple[str, ...]


def run(
    spec: WatchSpec,
    *,
    record: Path,
    data: Path | None,
    as_of: date | None = None,
    through: date | None = None,
    by: str = "openward watch run",
    pause: float = 0.2,
) -> Run:
    """Look, add what is new to the record, tell subscribers what is due.

    Every alert is named by rule, subject and month (or day) and depends only on what was there by then. So a
    second run adds nothing, a new month adds what is new in it, and a revised figure of an old month may add
    an alert but takes none away.

    Parameters
    ----------
    spec : WatchSpec
    record : Path
        The append-only file.
    data : Path, optional
        Workspace or folder of public files; needed where a rule reads tables.
    as_of : date, optional
        Day of the law; the last day the book covers by default.
    through : date, optional
        Last month to look at; the table's last by default.
    """
    alerts, notes, through_, as_of_ = look(spec, data=data, as_of=as_of, through=through)
    opened = open_alerts(record, alerts, by=by)
    deliveries = deliver(record, spec.subscribers, pause=pause)
    return Run(through_, as_of_, alerts, opened, deliveries, notes)


def look(
    spec: WatchSpec, *, data: Path | None, as_of: date | None = None, through: date | None = None
) -> tuple[tuple[Alert, ...], tuple[str, ...], date | None, date]:
    """Run the monitors without writing: alerts, notes, the last month, the day of the law."""
    book = load(spec.book)
    on = as_of or book.covered_to
    start = date(int(spec.start[:4]), int(spec.start[5:]), 1)
    if on < start:
        raise InputError(
            f"the watch starts on {start}, after {on}", where="start", hint="give a later --as-of"
        )
    table_rules = spec.table_rules()
    seen: Panel | None = None
    alerts: list[Alert] = []
    notes: list[str] = []
    if table_rules or spec.has("foreign-measure"):
        try:
            seen, told = _panel(spec, data, through)
            notes += told
        except MissingDataError:
            if table_rules:
                raise
    if seen is not None and table_rules:
        played = replay(seen, rules=table_rules, book=book, first=start)
        alerts += [_with_triage(one, spec) for one in played.alerts]
        notes += played.notes
    after = start - timedelta(days=1)
    alerts += law_alerts(book, spec, after=after, to=on)
    if spec.notices is not None:
        notices, told = _notices(spec.notices)
        notes += told
        alerts += foreign_alerts(notices, spec, panel=seen, after=after, to=on)
    events = read_events(spec.events) if spec.events is not None else ()
    alerts += overseas_alerts(events, book, spec, after=after, to=on)
    if on > book.covered_to:
        notes.append(f"the book covers up to {book.covered_to}: law after that day is not known to it")
    ordered = tuple(sorted(alerts, key=lambda one: (one.on, one.rule, tuple(one.subject.values()))))
    return ordered, tuple(dict.fromkeys(notes)), seen.months[-1] if seen is not None else None, on


def _notices(path: Path) -> tuple[tuple[Notice, ...], tuple[str, ...]]:
    """Read notices from CSV, or from the public list of cases of the United States (Parquet)."""
    if path.suffix != ".parquet":
        return read_notices(path), ()
    found, left_out = case_notices(path)
    return found, (f"{path.name}: {left_out} cases without a date or an economy are left out",)


def _panel(spec: WatchSpec, data: Path | None, through: date | None) -> tuple[Panel, tuple[str, ...]]:
    table = read("trade-monthly", data)
    found = panel(
        table.frame,
        products=spec.products,
        partners=spec.partners,
        reporter=spec.economy,
        flow=None if spec.flow == "any" else spec.flow,
    )
    return (found if through is None else found.until(through)), table.notes


def _with_triage(alert: Alert, spec: WatchSpec) -> Alert:
    """Put the industry's figures beside an alert of industrial damage, where they are given."""
    if spec.industry is None or alert.family != "industrial damage":
        return alert
    try:
        found = triage(read_industry(spec.industry), product=alert.subject["product"], month=alert.on)
    except MissingDataError as error:
        return replace(alert, notes=(*alert.notes, error.message))
    moves = ", ".join(f"{name} {move:+.1%}" for name, move in found.moves.items())
    lacking = f"; not given: {', '.join(found.missing)}" if found.missing else ""
    told = (
        f"industry against a year before: {moves}{lacking}; triage {found.score:.2f} of 1 ({found.caution})"
    )
    return replace(alert, notes=(*alert.notes, told))
