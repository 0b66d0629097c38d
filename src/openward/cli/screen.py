"""``openward screen``: names against lists of parties, with reasons."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import BookOption, Format, FormatOption
from openward.errors import UsageError

if TYPE_CHECKING:
    from openward.determine.screening.party import Party


def screen(
    what: Annotated[str, typer.Argument(help="A name, or a file of parties (csv, json, jsonl, ftm, txt).")],
    lists: Annotated[
        list[Path] | None,
        typer.Option("--list", help="File with listed parties; repeat. Default: the listings of the book."),
    ] = None,
    schema: Annotated[str, typer.Option("--schema", help="Person, Company ... where known.")] = "",
    threshold: Annotated[float, typer.Option("--threshold", min=0, max=1, help="Least score shown.")] = 0.5,
    memory: Annotated[Path | None, typer.Option("--memory", help="File of cleared hits.")] = None,
    clear: Annotated[str, typer.Option("--clear", help="Id of a hit that was looked at and cleared.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who cleared it.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """Give the listed parties a name may be, how sure that is, and why; JSON speaks FollowTheMoney.

    Exits with 1 where a hit is open: it wants a look.
    """
    from openward.cli.output import print_json, print_rows, say
    from openward.determine.screening.lists import read_parties
    from openward.determine.screening.memory import ClearedHits
    from openward.determine.screening.party import Party, party_document
    from openward.determine.screening.screener import Screener

    asked = (
        read_parties(Path(what))
        if Path(what).is_file()
        else (Party(id=f"name:{what}", names=(what,), schema=schema),)
    )
    kept = ClearedHits(memory)
    screener = Screener(_listed(lists or [], book), memory=kept)
    if clear:
        if memory is None or len(asked) != 1:
            raise UsageError(
                "--clear needs --memory FILE and one party", hint="screen one name at a time", where="screen"
            )
        candidate = next((one for one in screener.parties if one.id == clear), None)
        if candidate is None:
            raise UsageError(f"no listed party {clear!r}", hint="take the id of a hit", where="--clear")
        kept.clear(asked[0], candidate, by=by, on=date.today(), reason=reason)
    found = [(party, screener.screen(party, least=threshold)) for party in asked]
    say(f"{len(asked)} asked, {screener.size} names of {len(screener.parties)} parties searched")
    if format is Format.JSON:
        print_json(
            [
                {"query": party_document(party), "results": [hit.as_dict() for hit in hits]}
                for party, hits in found
            ]
        )
    else:
        rows = [
            {
                "asked": hit.asked,
                "found": hit.found,
                "score": round(hit.score, 3),
                "id": hit.party.id,
                "standing": hit.standing.state,
                "why": "; ".join(map(str, hit.reasons[:3])),
            }
            for _, hits in found
            for hit in hits
        ]
        if rows:
            print_rows(rows, format)
        else:
            say("no hit")
    if any(hit.standing.state != "cleared" for _, hits in found for hit in hits):
        raise typer.Exit(1)


def _listed(lists: list[Path], book: str) -> tuple[Party, ...]:
    from openward.book import load
    from openward.determine.screening.lists import listed_parties, read_parties

    if not lists:
        return listed_parties(load(book))
    return tuple(party for path in lists for party in read_parties(path))
