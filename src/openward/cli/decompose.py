"""``openward decompose``: a reform's effect, edit by edit."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from openward.cli.options import BookOption, ClosureOption, Format, FormatOption, QuietOption

if TYPE_CHECKING:
    from openward.impact.decompose import Decomposition


def decompose(
    reform: Annotated[str, typer.Argument(help="A reform file, or the name of a shipped one.")],
    economies: Annotated[
        list[str] | None,
        typer.Option(
            "--for", help="Whose real income; repeatable. Default: the book's economy and the most moved."
        ),
    ] = None,
    method: Annotated[
        Literal["auto", "shapley", "gradient"],
        typer.Option("--method", help="auto: Shapley up to 6 edits, slopes along the way for more."),
    ] = "auto",
    closure: ClosureOption = "fixed",
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> int:
    """Split a reform's effect over its edits; the parts add up to the whole."""
    from openward.cli.output import print_json, print_rows, say
    from openward.impact.decompose import decompose as split

    found = split(
        reform,
        book=book,
        closure=closure,
        economies=economies or [],
        method=method,
        progress=lambda stage: say(f"  {stage}", quiet=quiet),
    )
    if format is Format.JSON:
        print_json({"schema": "openward.decomposition/1", **asdict(found)})
        return 0
    if format is Format.CSV:
        print_rows([asdict(row) for row in found.parts], format)
        return 0
    rows = _by_edit(found)
    if format is Format.TABLE:
        typer.echo(
            f"{found.name} ({found.hash}): effect on real income by edit, percent; "
            f"{found.method}, {found.worlds} worlds, the parts add up to the total.\n"
        )
        for sentence in dict.fromkeys(f"{row.edit}. {row.sentence}" for row in found.parts):
            typer.echo(sentence)
        typer.echo("")
    print_rows(rows, format)
    return 0


def _by_edit(found: Decomposition) -> list[dict[str, Any]]:
    """Give one row an edit, one column an economy, and the total last."""
    rows: dict[int, dict[str, Any]] = {}
    for part in found.parts:
        row = rows.setdefault(part.edit, {"edit": part.edit, "kind": part.kind, "target": part.target})
        row[f"{part.economy} %"] = part.real_income_pct
    total: dict[str, Any] = {"edit": "", "kind": "", "target": "total"}
    total |= {f"{code} %": pct for code, pct in zip(found.economies, found.total_pct, strict=True)}
    return [*rows.values(), total]
