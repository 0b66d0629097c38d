"""``openward negotiate``: packages of cuts, and which tariffs to cut first."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from openward.cli.options import AsOfOption, BookOption, ClosureOption, Format, FormatOption, QuietOption, day

if TYPE_CHECKING:
    from openward.impact.negotiation import Negotiation


def negotiate(
    spec: Annotated[
        str,
        typer.Argument(
            help="A negotiation file (openward.negotiation/1), a shipped case (east-asia, east-asia-deeper), "
            "or lines-first: rank the tariffs of the book's economy."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for package.csv and negotiation.json.")
    ] = None,
    importer: Annotated[
        str | None,
        typer.Option("--importer", help="lines-first: whose tariffs; the book's economy by default."),
    ] = None,
    partner: Annotated[
        list[str] | None, typer.Option("--partner", help="lines-first: only this exporter; repeatable.")
    ] = None,
    per: Annotated[
        Literal["revenue", "wages"],
        typer.Option("--per", help="lines-first: gain per dollar of revenue lost, or of wages at risk."),
    ] = "revenue",
    top: Annotated[int, typer.Option("--top", help="Rows shown; 0: all.", min=0)] = 20,
    closure: ClosureOption = "fixed",
    book: BookOption = "chn",
    as_of: AsOfOption = None,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> int:
    """Find a package of cuts that leaves no party worse off; or say which tariffs to cut first."""
    from openward.cli.output import say

    if spec == "lines-first":
        return _lines_first(
            importer=importer,
            partners=partner or [],
            per=per,
            top=top,
            closure=closure,
            book=book,
            as_of=as_of,
            format=format,
        )
    from openward.impact.negotiation import negotiate as search

    result = search(spec, progress=lambda stage: say(f"  {stage}", quiet=quiet))
    if out is not None:
        _write(result, out)
        say(f"written: {out / 'package.csv'}, {out / 'negotiation.json'}", quiet=quiet)
    _show(result, format, top)
    return 0


def _show(result: Negotiation, format: Format, top: int) -> None:
    from openward.cli.output import print_json, print_rows

    if format is Format.JSON:
        print_json(_dict(result))
        return
    cells = [asdict(row) for row in result.cells]
    if format is Format.CSV:
        print_rows(cells, format)
        return
    if format is Format.TABLE:
        typer.echo(f"{result.title.get('en', result.name)}\n{result.sentence}\n")
    cut = len(cells) if top == 0 else top
    print_rows([_short(asdict(row)) for row in result.parties], format, title="What each party gave and got")
    print_rows([asdict(row) for row in result.constraints], format, title="What must not be given up")
    print_rows([asdict(row) for row in result.members], format, title="Members")
    print_rows(
        cells[:cut], format, title=f"The package: {len(cells)} tariffs, the largest {min(cut, len(cells))}"
    )
    if result.stages:
        print_rows([asdict(row) for row in result.stages], format, title="By year")
    if format is Format.TABLE:
        typer.echo(
            f"\nevidence: {result.solutions} worlds from {result.starts} first points that differ by "
            f"{result.spread:.1e} %; more is promised by at most {result.promised:.1e} of the objective; "
            f"constraints missed by {result.violation:.1e} %; residual {result.residual:.1e}"
        )
        for note in result.notes:
            typer.echo(f"note: {note}")


def _short(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key.replace("_musd", " MUSD").replace("_pct", " %").replace("_", " "): v for key, v in row.items()
    }


def _dict(result: Negotiation) -> dict[str, Any]:
    made = asdict(result)
    made["on"] = result.on.isoformat()
    return {"schema": "openward.negotiated/1", **made}


def _write(result: Negotiation, out: Path) -> None:
    import json

    from openward.cli.output import as_csv
    from openward.report.files import write_text

    out.mkdir(parents=True, exist_ok=True)
    write_text(out / "package.csv", as_csv([asdict(row) for row in result.cells]))
    text = json.dumps(_dict(result), ensure_ascii=False, indent=2, allow_nan=False, default=str)
    write_text(out / "negotiation.json", text + "\n")


def _lines_first(
    *,
    importer: str | None,
    partners: list[str],
    per: str,
    top: int,
    closure: str,
    book: str,
    as_of: str | None,
    format: Format,
) -> int:
    from openward.cli.output import print_json, print_rows
    from openward.impact.lines_first import lines_first

    found = lines_first(
        book,
        importer=importer,
        on=day(as_of, option="--as-of"),
        per=per,
        partners=partners,
        closure=closure,
    )
    if format is Format.JSON:
        print_json({"schema": "openward.lines-first/1", **asdict(found), "on": found.on.isoformat()})
        return 0
    rows = [asdict(row) for row in (found.lines if top == 0 else found.lines[:top])]
    if format is Format.TABLE:
        best = found.lines[0]
        typer.echo(
            f"{found.importer} would cut first its {best.rate:.1%} on {best.sector} from {best.exporter}: "
            f"a point less gains {best.welfare_gain_musd:.3g} million USD a year.\n"
        )
    print_rows(
        rows, format, title=f"{found.importer}, law of {found.on}: one point less, by gain per {found.per}"
    )
    return 0
