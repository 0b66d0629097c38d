"""``openward case``: procedures, their clocks and their record."""

from __future__ import annotations

import getpass
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openward.cli.options import Format, FormatOption, day

if TYPE_CHECKING:
    from openward.cases.chain import Verdict
    from openward.cases.clock import Deadline
    from openward.cases.desk import Desk, Upload
    from openward.cases.event import Event
    from openward.cases.roles import Person

app = typer.Typer(
    help="Procedures: clocks, decisions, a record that shows every change.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
DbOption = Annotated[
    str, typer.Option("--db", envvar="OPENWARD_CASES", help="SQLite file, or postgresql+psycopg://...")
]
ByOption = Annotated[str, typer.Option("--by", help="Who acts (default: the user of this machine).")]
RoleOption = Annotated[
    str, typer.Option("--role", help="applicant, officer, reviewer, decision-maker, auditor or admin.")
]
CaseArgument = Annotated[str, typer.Argument(help="Case, as openward case list prints it.")]
FactOption = Annotated[list[str] | None, typer.Option("--fact", help="NAME=VALUE (JSON or text); repeat.")]
SecretOption = Annotated[
    list[str] | None, typer.Option("--secret-fact", help="NAME=VALUE, kept confidential; repeat.")
]
DocumentOption = Annotated[list[str] | None, typer.Option("--document", help="KIND=FILE; repeat.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Clocks at the end of this day (default: today).")]
OnOption = Annotated[str | None, typer.Option("--on", help="Day it happened (default: today).")]
DB = "cases.db"


@app.command()
def procedures(format: FormatOption = Format.TABLE) -> None:
    """List the procedures that ship with openward, with their limits."""
    from openward.cases.reading import procedure, shipped
    from openward.cli.output import print_rows

    rows = []
    for name in shipped():
        whole = procedure(name)
        limits = "; ".join(f"{one.id} {one.period}" for one in whole.limits)
        evidence = {one.evidence.value for one in whole.limits}
        rows.append(
            {
                "procedure": name,
                "title": whole.title["en"],
                "limits": limits or "none in law",
                "evidence": ", ".join(sorted(evidence)) or "-",
            }
        )
    print_rows(rows, format)


@app.command("open")
def open_case(
    procedure: Annotated[str, typer.Argument(help="Procedure, for example chn-anti-dumping.")],
    title: Annotated[str, typer.Option("--title", help="What it is about.")],
    on: OnOption = None,
    fact: FactOption = None,
    document: DocumentOption = None,
    db: DbOption = DB,
    by: ByOption = "",
    role: RoleOption = "officer",
    format: FormatOption = Format.TABLE,
) -> None:
    """Open a case; the record is made where it is not there."""
    desk = _desk(db, create=True)
    event = desk.open(
        procedure,
        _person(by, role),
        title=title,
        on=_on(on),
        facts=_facts(fact),
        documents=_documents(document),
    )
    _print_event(event, format)


@app.command("list")
def list_cases(
    due_by: Annotated[str | None, typer.Option("--due-by", help="Only what is due by this day.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 50,
    after: Annotated[str, typer.Option("--after", help="Go on after DUE/CASE of the last row.")] = "",
    db: DbOption = DB,
    by: ByOption = "",
    role: RoleOption = "officer",
    format: FormatOption = Format.TABLE,
) -> None:
    """List open cases, the next due first."""
    from openward.cases.queue import queue
    from openward.cli.output import print_rows

    rows = queue(
        _desk(db), _person(by, role), due_by=day(due_by, option="--due-by"), limit=limit, after=after
    )
    print_rows(
        [
            {
                "next_due": row.next_due or "",
                "limit": row.next_limit or "",
                "case": row.id,
                "state": row.state,
                "title": row.title,
                "events": row.seq,
            }
            for row in rows
        ],
        format,
    )


@app.command()
def show(
    case: CaseArgument,
    as_of: AsOf = None,
    db: DbOption = DB,
    by: ByOption = "",
    role: RoleOption = "officer",
    format: FormatOption = Format.TABLE,
) -> None:
    """Show a case: its state, clocks, facts, events, and what may be done now."""
    from openward.cases.machine import actions
    from openward.cases.view import deadline_row, event_row
    from openward.cli.output import print_json, print_rows

    seen = _desk(db).look(case, _person(by, role))
    clocks, asked = seen.deadlines(_on(as_of, "--as-of")), _on(as_of, "--as-of")
    steps = actions(seen.procedure, seen.state)
    if format is Format.JSON:
        print_json(
            {
                "schema": "openward.case/1",
                **seen.row.as_dict(),
                "as_of": asked.isoformat(),
                "deadlines": [deadline_row(one) for one in clocks],
                "facts": dict(seen.facts),
                "events": [event_row(one) for one in seen.events],
                "actions": [one.action for one in steps],
            }
        )
        return
    typer.echo(f"{case} is {seen.state}. {_headline(clocks)}")
    typer.echo(
        f"{seen.procedure.title['en']}: {seen.row.title} (event {seen.row.seq}, head {seen.row.head})\n"
    )
    print_rows([deadline_row(one) for one in clocks], format)
    typer.echo("")
    print_rows([event_row(one) for one in seen.events], format)
    names = [f"{one.action} ({', '.join(r.value for r in one.roles)})" for one in steps]
    typer.echo(f"\nnow possible: {'; '.join(names) or 'nothing: the case is closed'}")


@app.command()
def deadlines(
    case: CaseArgument,
    as_of: AsOf = None,
    db: DbOption = DB,
    by: ByOption = "",
    role: RoleOption = "officer",
    format: FormatOption = Format.TABLE,
) -> None:
    """Give the clocks of a case at the end of a day."""
    from openward.cases.view import deadline_row
    from openward.cli.output import print_rows

    seen = _desk(db).look(case, _person(by, role))
    print_rows([deadline_row(one) for one in seen.deadlines(_on(as_of, "--as-of"))], format)


@app.command()
def advance(
    case: CaseArgument,
    action: Annotated[str, typer.Argument(help="What is done; openward case show lists what may be.")],
    on: OnOption = None,
    fact: FactOption = None,
    secret_fact: SecretOption = None,
    document: DocumentOption = None,
    note: Annotated[str, typer.Option("--note")] = "",
    seen: Annotated[
        int | None, typer.Option("--seen", help="Refuse if there are events after this one.")
    ] = None,
    db: DbOption = DB,
    by: ByOption = "",
    role: RoleOption = "officer",
    format: FormatOption = Format.TABLE,
) -> None:
    """Take an action; exit code 6 where the procedure, the role or another writer forbids it."""
    event, _ = _act(case, action, on, fact, secret_fact, document, note, seen, db, by, role)
    _print_event(event, format)


@app.command()
def decide(
    case: CaseArgument,
    action: Annotated[str, typer.Argument(help="The decision.")],
    on: OnOption = None,
    fact: FactOption = None,
    secret_fact: SecretOption = None,
    document: DocumentOption = None,
    note: Annotated[str, typer.Option("--note")] = "",
    seen: Annotated[
        int | None, typer.Option("--seen", help="Refuse if there are events after this one.")
    ] = None,
    act: Annotated[str, typer.Option("--act", help="Act of the book that the law made would cite.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Write the reform it proposes here.")] = None,
    db: DbOption = DB,
    by: ByOption = "",
    role: RoleOption = "decision-maker",
    format: FormatOption = Format.TABLE,
) -> None:
    """Decide; a decision that makes law proposes a reform of the book."""
    from openward.cases.proposal import proposal
    from openward.cli.output import say
    from openward.errors import UsageError

    desk = _desk(db)
    person = _person(by, role)
    step = desk.look(case, person).procedure.transition(action)
    if step is not None and not step.decision:
        raise UsageError(
            f"{action} is no decision", hint=f"openward case advance {case} {action}", where=case
        )
    if step is not None and step.proposes and not act:
        raise UsageError(f"{action} makes law: name the act that it cites", hint="--act ACT", where="--act")
    event, desk = _act(case, action, on, fact, secret_fact, document, note, seen, db, by, role)
    whole = desk.look(case, person)
    reform = proposal(whole.procedure, whole.events, act=act)
    _print_event(event, format)
    if reform is None:
        say("the decision makes no law: nothing to propose")
    elif out is not None:
        out.write_text(reform.to_yaml(), encoding="utf-8")
        say(f"reform {reform.name} [{reform.hash}] written: {out}; openward reform check {out}")
    else:
        say(reform.to_yaml())


@app.command()
def verify(
    case: Annotated[str, typer.Argument(help="Case, or the file of a bundle.")],
    head: Annotated[
        str | None, typer.Option("--head", help="Hash of the last event, as noted elsewhere.")
    ] = None,
    db: DbOption = DB,
    by: ByOption = "",
    role: RoleOption = "auditor",
    format: FormatOption = Format.TABLE,
) -> None:
    """Verify the chain of a case or a bundle; exit code 1 names the first event that was changed."""
    from openward.cases.audit import verify_case
    from openward.cases.bundle import verify_bundle

    path = Path(case)
    if path.suffix == ".zip" and path.is_file():
        found = verify_bundle(path.read_bytes(), head=head)
    else:
        found = verify_case(_desk(db), case, _person(by, role), head=head)
    _print_verdict(found, format)
    if not found.whole:
        raise typer.Exit(1)


@app.command()
def export(
    case: CaseArgument,
    out: Annotated[Path, typer.Option("--out", help="File of the bundle.")],
    confidential: Annotated[
        bool,
        typer.Option("--confidential/--public", help="With confidential facts and documents, or without."),
    ] = False,
    db: DbOption = DB,
    by: ByOption = "",
    role: RoleOption = "officer",
) -> None:
    """Write a whole case as a bundle that anybody can verify."""
    from openward.cases.bundle import export as bundle
    from openward.cli.output import say
    from openward.observe.durable import replace_file

    replace_file(out, bundle(_desk(db), case, _person(by, role), confidential=confidential))
    say(f"bundle written: {out}; openward case verify {out}")


def _act(
    case: str, action: str, on: str | None, fact: list[str] | None, secret: list[str] | None,
    document: list[str] | None, note: str, seen: int | None, db: str, by: str, role: str,
) -> tuple[Event, Desk]:  # fmt: skip
    from openward.cases.machine import Attempt

    desk, hidden = _desk(db), _facts(secret)
    attempt = Attempt(action, _on(on), _person(by, role), _facts(fact) | hidden)
    event = desk.advance(
        case, attempt, documents=_documents(document), confidential=tuple(hidden), expected=seen, note=note
    )
    return event, desk


def _desk(db: str, *, create: bool = False) -> Desk:
    from openward.cases.desk import Desk
    from openward.cases.store import Store

    return Desk(Store(db, create=create))


def _person(by: str, role_name: str) -> Person:
    from openward.cases.roles import Person, role

    return Person(by or getpass.getuser(), role(role_name))


def _on(text: str | None, option: str = "--on") -> date:
    return day(text, option=option) or date.today()


def _facts(pairs: list[str] | None) -> dict[str, Any]:
    from openward.errors import UsageError

    found: dict[str, Any] = {}
    for pair in pairs or ():
        name, sign, text = pair.partition("=")
        if not sign or not name.strip():
            raise UsageError(
                f"{pair!r} is not NAME=VALUE", hint="for example --fact injury=true", where="--fact"
            )
        try:
            found[name.strip()] = json.loads(text)
        except ValueError:
            found[name.strip()] = text
    return found


def _documents(pairs: list[str] | None) -> tuple[Upload, ...]:
    from openward.cases.desk import Upload
    from openward.errors import MissingDataError, UsageError

    found = []
    for pair in pairs or ():
        kind, sign, name = pair.partition("=")
        if not sign:
            raise UsageError(
                f"{pair!r} is not KIND=FILE", hint="--document notice=notice.pdf", where="--document"
            )
        path = Path(name)
        if not path.is_file():
            raise MissingDataError(f"no file {name}", hint="give a file that is there", where="--document")
        found.append(Upload(kind, path.name, path.read_bytes()))
    return tuple(found)


def _headline(clocks: tuple[Deadline, ...]) -> str:
    running = [one for one in clocks if one.kind.value == "due" and one.state.value in ("running", "overdue")]
    first = min(running, key=lambda one: one.due or date.max, default=None)
    if first is None:
        return "No limit is running."
    word = "was due" if first.state.value == "overdue" else "is due"
    sure = "; provisional: beyond the published calendar" if first.provisional else ""
    return f"Next: {first.title} {word} by {first.due} ({first.act} {first.article}{sure})."


def _print_event(event: Event, format: Format) -> None:
    from openward.cases.view import event_row
    from openward.cli.output import print_rows

    print_rows([{"case": event.case, **event_row(event)}], format)


def _print_verdict(found: Verdict, format: Format) -> None:
    from openward.cli.output import print_json

    if format is Format.JSON:
        fields = ("case", "events", "head", "tampered", "why", "whole", "removed")
        print_json({name: getattr(found, name) for name in fields})
        return
    if found.whole:
        gone = f"; no longer held: {', '.join(found.removed)}" if found.removed else ""
        typer.echo(f"{found.case}: {found.events} events, the chain is whole; head {found.head}{gone}")
    else:
        typer.echo(f"{found.case}: NOT as recorded. {found.why}")
