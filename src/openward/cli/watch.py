"""``openward watch``: monitors that warn with reasons, the life of their alerts, and how good they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import Format, FormatOption, QuietOption

if TYPE_CHECKING:
    from datetime import date

    from openward.watch.backtest import Report

app = typer.Typer(help="Monitors that warn with reasons, and their alerts.", no_args_is_help=True)

DEFAULT_RECORD = Path("watch.jsonl")
SpecArgument = Annotated[Path, typer.Argument(help="The watch (openward.watch/1, YAML).")]
RecordOption = Annotated[Path, typer.Option("--record", help="Append-only record of the alerts.")]
DataOption = Annotated[Path | None, typer.Option("--data", help="Workspace, or folder of public files.")]
ByOption = Annotated[str, typer.Option("--by", help="Who: a person or a desk.")]
AlertArgument = Annotated[str, typer.Argument(help="Id of the alert, or how it begins.")]


@app.command("rules")
def list_rules(format: FormatOption = Format.TABLE) -> None:
    """List the rules over tables with window, threshold and what they say."""
    from openward.cli.output import print_rows
    from openward.watch.rules import rules

    rows = [
        {
            "rule": one.name,
            "family": one.family,
            "flow": one.flow,
            "window": one.window,
            "threshold": one.threshold,
            "statistic": one.statistic,
            "says": one.says,
        }
        for one in rules().values()
    ]
    print_rows(rows, format)


@app.command()
def run(
    spec: SpecArgument,
    data: DataOption = None,
    record: RecordOption = DEFAULT_RECORD,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Law and feeds of this day.")] = None,
    through: Annotated[str | None, typer.Option("--through", help="Last month to look at, YYYY-MM.")] = None,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Look, add what is new to the record, tell subscribers; exit 1 where something is new."""
    from openward.cli.options import day
    from openward.cli.output import print_json, print_rows, say
    from openward.watch.run import run as look_and_tell
    from openward.watch.spec import read_spec

    done = look_and_tell(
        read_spec(spec), record=record, data=data, as_of=day(as_of, option="--as-of"), through=_month(through)
    )
    new = [one for one in done.seen if one.id in set(done.opened)]
    if format is Format.JSON:
        print_json([one.document() for one in new])
    else:
        print_rows(
            [{"id": one.id, "on": str(one.on), "rule": one.rule, "alert": one.sentence} for one in new],
            format,
        )
    failed = [one for one in done.deliveries if one.error]
    for name in dict.fromkeys(one.subscriber for one in failed):
        errors = [one.error for one in failed if one.subscriber == name]
        say(f"not delivered to {name}: {len(errors)} alerts, due again at the next run; {errors[0]}")
    told = sum(not delivery.error for delivery in done.deliveries)
    for note in done.notes:
        say(f"note: {note}", quiet=quiet)
    through_ = f", table through {done.through:%Y-%m}" if done.through else ""
    say(
        f"{len(new)} new of {len(done.seen)} alerts, {told} told; law as of {done.as_of}{through_}",
        quiet=quiet,
    )
    if new:
        raise typer.Exit(1)


@app.command()
def alerts(
    record: RecordOption = DEFAULT_RECORD,
    state: Annotated[
        str | None, typer.Option("--state", help="new, acknowledged, cleared, reopened or open.")
    ] = None,
    show: Annotated[str | None, typer.Option("--show", help="One alert in full, by id.")] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """List the alerts of a record, or show one in full with its history."""
    from openward.cli.output import print_json, print_rows
    from openward.errors import MissingDataError
    from openward.watch.deliver import plain_text
    from openward.watch.life import find, standings
    from openward.watch.log import read_log

    if not record.is_file():
        raise MissingDataError(
            "there is no record", where=str(record), hint="openward watch run SPEC begins one"
        )
    events = read_log(record)
    if show is not None:
        one = find(events, show)
        history = [
            {"at": e.at, "event": e.kind, "by": e.by, "reason": e.body.get("reason", "")} for e in one.history
        ]
        if format is Format.JSON:
            print_json({"alert": dict(one.document), "state": one.state.value, "history": history})
            return
        typer.echo(plain_text(one.document) + f"state      {one.state.value}")
        for row in history:
            typer.echo(f"history    {row['at']} {row['event']} by {row['by']} {row['reason']}".rstrip())
        return
    rows = [
        {
            "id": one.id,
            "state": one.state.value,
            "on": one.document["on"],
            "rule": one.document["rule"],
            "alert": one.document["sentence"],
        }
        for one in standings(events).values()
        if _is_asked(one.state.value, state)
    ]
    print_rows(rows, format)


@app.command()
def ack(alert: AlertArgument, by: ByOption, record: RecordOption = DEFAULT_RECORD) -> None:
    """Acknowledge an alert: somebody looks after it."""
    _changed(record, alert, "acknowledged", by=by, reason="")


@app.command()
def clear(
    alert: AlertArgument,
    by: ByOption,
    reason: Annotated[str, typer.Option("--reason", help="Why it is cleared.")],
    record: RecordOption = DEFAULT_RECORD,
) -> None:
    """Clear an alert, for a reason."""
    _changed(record, alert, "cleared", by=by, reason=reason)


@app.command()
def reopen(
    alert: AlertArgument,
    by: ByOption,
    reason: Annotated[str, typer.Option("--reason", help="Why it is opened again.")],
    record: RecordOption = DEFAULT_RECORD,
) -> None:
    """Open a cleared alert again, for a reason."""
    _changed(record, alert, "reopened", by=by, reason=reason)


@app.command()
def backtest(
    name: Annotated[str, typer.Argument(help="synthetic, minerals, canmex, us-cases, or all.")] = "all",
    data: DataOption = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the synthetic panel.")] = 11,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Replay history without look-ahead: precision, recall, lead time, false alarms a month."""
    from dataclasses import asdict

    from openward.cli.output import print_json, print_rows, say
    from openward.watch.backtests import BACKTESTS, backtests

    reports: list[Report] = []
    for report in backtests(name, data=data, seed=seed):
        reports.append(report)
        for note in report.notes:
            say(f"{report.name}: {note}", quiet=quiet or format is Format.JSON)
    if format is Format.JSON:
        print_json([asdict(report) for report in reports])
    else:
        print_rows([report.row() for report in reports], format)
    say(f"known are {', '.join(BACKTESTS)}", quiet=quiet or name != "all")


def _is_asked(state: str, asked: str | None) -> bool:
    return asked is None or state == asked or (asked == "open" and state != "cleared")


def _changed(record: Path, alert: str, kind: str, *, by: str, reason: str) -> None:
    from openward.errors import MissingDataError
    from openward.watch.life import change

    if not record.is_file():
        raise MissingDataError(
            "there is no record", where=str(record), hint="openward watch run SPEC begins one"
        )
    done = change(record, alert, kind, by=by, reason=reason)
    typer.echo(f"{done.id} {done.state.value}: {done.document['sentence']}")


def _month(text: str | None) -> date | None:
    from openward.cli.options import day
    from openward.errors import UsageError

    if text is None:
        return None
    if len(text) != len("2024-03"):
        raise UsageError(f"{text!r} is no month", where="--through", hint="write it as YYYY-MM")
    return day(f"{text}-01", option="--through")
