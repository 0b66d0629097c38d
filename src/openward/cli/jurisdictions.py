"""``openward determine laws``: one transaction under several laws, side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from openward.cli.investment import FactOption, OnOption, facts_of
from openward.cli.options import Format, FormatOption, day


def laws(
    hs: Annotated[str, typer.Option("--hs", help="Product code, 6 to 10 digits.")],
    shipped_from: Annotated[str, typer.Option("--from", help="Where it is shipped from (ISO alpha-3).")],
    to: Annotated[str, typer.Option("--to", help="Where it goes (ISO alpha-3).")],
    law: Annotated[
        list[str] | None,
        typer.Option("--law", help="A book whose law is asked; repeat (default chn and usa)."),
    ] = None,
    eccn: Annotated[str, typer.Option("--eccn", help="Control number of the United States, or EAR99.")] = "",
    origin: Annotated[str, typer.Option("--origin", help="Where it originates.")] = "",
    party: Annotated[list[str] | None, typer.Option("--party", help="A party; repeat.")] = None,
    end_use: Annotated[str, typer.Option("--end-use", help="End use.")] = "",
    on: OnOption = None,
    fact: FactOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Give every law's decision side by side, and the duties that no conduct meets together (exit code 1)."""
    from openward.book import load
    from openward.cli.output import print_json, print_rows
    from openward.determine.decision import Question
    from openward.determine.jurisdictions import decide_all, incompatible
    from openward.determine.kleene import Truth

    books = [load(name) for name in law or ("chn", "usa")]
    question = Question(
        flow="export",
        on=day(on, option="--on") or books[0].covered_to,
        importer=to,
        origin=origin,
        shipped_from=shipped_from,
        hs=hs,
        parties=tuple(party or ()),
        end_use=end_use,
        facts={**facts_of(fact or []), **({"eccn": eccn} if eccn else {})},
    )
    decisions = decide_all(question, books)
    clashes = incompatible(decisions, economies={book.name: book.economy for book in books})
    if format is Format.JSON:
        print_json(
            {
                "schema": "openward.laws/1",
                "decisions": [decision.as_dict() for decision in decisions],
                "incompatible": [clash.as_dict() for clash in clashes],
            }
        )
    elif format is Format.TABLE:
        for decision in decisions:
            typer.echo(f"[{decision.notes[0]}] {decision.verdict.value}: {decision.sentence}")
        for clash in clashes:
            typer.echo(f"\nINCOMPATIBLE: {clash.sentence}")
            for missing in clash.missing:
                typer.echo(f"  not known: {missing.fact} ({missing.why})")
    else:
        print_rows(
            [
                {"law": d.law.book, "part": d.notes[0], "verdict": d.verdict.value, "sentence": d.sentence}
                for d in decisions
            ],
            format,
        )
    if any(clash.truth is Truth.TRUE for clash in clashes):
        raise typer.Exit(1)
