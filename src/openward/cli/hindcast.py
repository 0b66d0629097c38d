"""``openward hindcast``: sealed predictions of past episodes against what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import Format, FormatOption, QuietOption

if TYPE_CHECKING:
    from openward.impact.hindcast.run import Hindcast


def hindcast(
    episode: Annotated[str | None, typer.Argument(help="An episode, or all.")] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder with the published data; needed for scores.")
    ] = None,
    seal: Annotated[
        Path | None,
        typer.Option("--seal", help="Predict now, seal with today's date, and write it to this folder."),
    ] = None,
    pairs: Annotated[bool, typer.Option("--pairs", help="Every pair instead of the scores.")] = False,
    listing: Annotated[bool, typer.Option("--list", help="List the episodes and their seals.")] = False,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> int:
    """Check the seal of a prediction, make it again, and score it; exit code 1 where they differ."""
    from datetime import UTC, datetime

    from openward.cli.output import print_json, print_rows, say
    from openward.errors import UsageError
    from openward.impact.hindcast import run
    from openward.impact.hindcast.seal import read_sealed, write_sealed

    if listing or episode is None:
        _list(format)
        return 0
    names = list(run.EPISODES) if episode == "all" else [run.episode(episode).name]
    if seal is not None:
        if data is None:
            raise UsageError(
                "no data folder given", hint="a prediction is made from --data DIR", where="--data"
            )
        for name in names:
            path = write_sealed(run.episode(name).predict(data), seal, on=datetime.now(UTC).date())
            say(f"sealed: {path}", quiet=quiet)
        return 0
    if data is None:
        say("Scores need what happened: add --data DIR. This is what was predicted.", quiet=quiet)
        for name in names:
            prediction, day, sha256 = read_sealed(name)
            say(f"{name}: the seal of {day} holds ({sha256})", quiet=quiet)
            rows = [
                {
                    "importer": c.importer,
                    "exporter": c.exporter,
                    "group": c.group,
                    "predicted": c.predicted,
                    "low": c.low,
                    "high": c.high,
                }
                for c in prediction.cells
            ]
            print_rows(rows, format, title=f"{prediction.title}: change in the log of the share in trade")
        return 0
    results = []
    for name in names:
        say(f"  {name}: predicting again", quiet=quiet)
        results.append(run.hindcast(name, data))
    if format is Format.JSON:
        documents = [found.as_dict() for found in results]
        print_json(documents if episode == "all" else documents[0])
    else:
        for found in results:
            rows = _pairs(found) if pairs else _scores(found)
            print_rows(rows, format, title=f"{found.prediction.title} (sealed {found.sealed_on})")
            again = (
                "made again, it is the same"
                if found.agrees
                else f"made again, it differs by up to {found.made_again:.3g}"
            )
            say(f"seal {found.sha256[:16]}... holds; {again}. {found.caveat}", quiet=quiet)
    return 0 if all(found.agrees for found in results) else 1


def _scores(found: Hindcast) -> list[dict[str, object]]:
    from dataclasses import asdict

    return [asdict(one) for one in found.scores]


def _pairs(found: Hindcast) -> list[dict[str, object]]:
    from dataclasses import asdict

    return [{**asdict(one.cell), "observed": one.observed} for one in found.compared]


def _list(format: Format) -> None:
    from openward.cli.output import print_rows
    from openward.impact.hindcast.run import EPISODES
    from openward.impact.hindcast.seal import read_sealed

    rows = []
    for name, found in EPISODES.items():
        prediction, day, sha256 = read_sealed(name)
        rows.append(
            {
                "episode": name,
                "title": found.title,
                "pairs": len(prediction.cells),
                "sealed_on": day.isoformat(),
                "sha256": sha256,
            }
        )
    print_rows(rows, format)
