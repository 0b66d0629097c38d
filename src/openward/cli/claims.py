"""``openward claims``: published figures computed again, each with its verdict, basis and source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import BookOption, Format, FormatOption, QuietOption

if TYPE_CHECKING:
    from openward.book.model import Book
    from openward.claims.claim import Finding

app = typer.Typer(
    help="Published figures computed again: confirmed, differs, contradicted, not checkable.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

LedgerArgument = Annotated[str, typer.Argument(help="Ledger that ships, or a YAML file of your own.")]
LedgerOption = Annotated[str, typer.Option("--ledger", help="Ledger that ships, or a YAML file of your own.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of public tables (default: what ships).")
]


@app.command()
def check(
    ledger: LedgerArgument = "china-2025",
    data: DataOption = None,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> int:
    """Check all claims of a ledger; exit code 1 where one is contradicted."""
    from openward.claims.check import check as check_all
    from openward.claims.claim import SCHEMA
    from openward.claims.reading import load_ledger
    from openward.cli.output import print_json, say

    read = load_ledger(ledger)
    findings = check_all(read, data=data, book=_book(book))
    counts = _counts(findings)
    if format is Format.JSON:
        rows = [finding.as_dict() for finding in findings]
        print_json(
            {"schema": SCHEMA, "ledger": read.name, "title": read.title, "counts": counts, "claims": rows}
        )
    else:
        _print(findings, format, title=read.title or read.name)
    say("; ".join(f"{number} {verdict}" for verdict, number in counts.items()), quiet=quiet)
    return 1 if counts["contradicted"] else 0


@app.command("list")
def list_claims(ledger: LedgerArgument = "china-2025", format: FormatOption = Format.TABLE) -> None:
    """List the claims of a ledger."""
    from openward.claims.reading import load_ledger
    from openward.claims.wording import claimed_value
    from openward.cli.output import print_rows

    read = load_ledger(ledger)
    rows = [
        {
            "id": claim.id,
            "claim": claim.claim,
            "period": claim.period,
            "value": claimed_value(claim),
            "basis": claim.basis,
            "computable": "yes" if claim.formula else "no",
        }
        for claim in read.claims
    ]
    print_rows(rows, format, title=read.title or read.name)


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="Id of the claim, such as C15.")],
    ledger: LedgerOption = "china-2025",
    data: DataOption = None,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> int:
    """Show one claim with its formula, what was found, and from what."""
    from dataclasses import replace

    from openward.book.reading import nearest
    from openward.claims.check import check as check_all
    from openward.claims.reading import load_ledger
    from openward.cli.output import print_json, print_rows
    from openward.errors import UnknownCodeError

    read = load_ledger(ledger)
    chosen = tuple(claim for claim in read.claims if claim.id == id)
    if not chosen:
        hint = nearest(id, [c.id for c in read.claims], otherwise="openward claims list names them")
        raise UnknownCodeError(f"{read.name} has no claim {id!r}", hint=hint)
    (finding,) = check_all(replace(read, claims=chosen), data=data, book=_book(book))
    if format is Format.JSON:
        print_json(finding.as_dict())
    elif format is Format.TABLE:
        typer.echo(_told(finding))
    else:
        print_rows([_row(finding)], format)
    return 1 if finding.verdict == "contradicted" else 0


def _book(name: str) -> Book:
    from openward.book import load

    return load(name)


def _counts(findings: tuple[Finding, ...]) -> dict[str, int]:
    order = ("confirmed", "differs", "contradicted", "not-checkable")
    return {verdict: sum(f.verdict == verdict for f in findings) for verdict in order}


def _print(findings: tuple[Finding, ...], format: Format, *, title: str) -> None:
    from openward.cli.output import print_rows

    if format is Format.TABLE:
        rows = [{"id": f.claim.id, "claim": f.claim.claim, "finding": f.sentence} for f in findings]
        print_rows(rows, format, title=title)
    else:
        print_rows([_row(finding) for finding in findings], format)


def _row(finding: Finding) -> dict[str, object]:
    told = finding.as_dict()
    kept = (
        "id",
        "claim",
        "subject",
        "period",
        "relation",
        "value",
        "unit",
        "basis",
        "computed",
        "computed_basis",
    )
    row = {key: told[key] for key in (*kept, "verdict", "sentence", "needs", "source")}
    row["data"] = "; ".join(dict.fromkeys(datum.source for datum in finding.data))
    return row


def _told(finding: Finding) -> str:
    from openward.claims.wording import number

    claim = finding.claim
    lines = [f"{claim.id}  {claim.claim} ({claim.subject}, {claim.period})", finding.sentence]
    lines += [f"  in {year}: {number(value)}" for year, value in finding.series.items()]
    lines += [f"  beside: {number(value)} {unit}: {what}" for what, value, unit in finding.beside]
    told = {
        "basis of the claim": claim.basis,
        "edition": claim.edition,
        "basis of the figure": claim.computed_basis,
        "formula": claim.formula.text if claim.formula else "none",
        "tolerance": claim.tolerance.text,
        "needs": finding.needs,
        "note": claim.note,
        "source of the claim": claim.source,
    }
    lines += [f"  {name}: {value}" for name, value in told.items() if value]
    for datum in finding.data:
        parts = (datum.title, datum.vintage, datum.source, datum.licence, datum.status)
        lines.append("  data: " + "; ".join(part for part in parts if part and part != "official"))
    return "\n".join(lines)
