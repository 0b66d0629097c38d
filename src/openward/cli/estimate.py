"""``openward estimate``: parameters of trade models from data, by a spec."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openward.cli.options import Format, FormatOption, QuietOption


def estimate(
    spec: Annotated[Path, typer.Argument(help="YAML file (openward.estimate/1).")],
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder the spec's file is in (default: the spec's own).")
    ] = None,
    png: Annotated[Path | None, typer.Option("--png", help="Write a chart of the estimates.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the result as JSON, with covariances, for the models.")
    ] = None,
    rows: Annotated[
        bool,
        typer.Option(
            "--rows", help="What lies behind: effects by year of entry, candidates of a lasso, sectors."
        ),
    ] = False,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Estimate the columns of a spec and print them side by side, with what they rest on."""
    import json

    from openward.cli.output import print_json, print_rows, say
    from openward.errors import UsageError
    from openward.simulate.estimate.result_json import coefficient_rows, result_document, table_rows
    from openward.simulate.estimate.run import estimate as run
    from openward.simulate.estimate.spec_reading import read_estimate_spec

    for option, path in (("--out", out), ("--png", png)):
        if path is not None and not path.parent.is_dir():
            raise UsageError(f"there is no folder {path.parent}", hint="make it first", where=option)
    found = read_estimate_spec(spec)
    result = run(found, spec.parent if data is None else data)
    document = result_document(result)
    if out is not None:
        text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
        out.write_text(text + "\n", encoding="utf-8")
        say(f"wrote {out}", quiet=quiet)
    if png is not None:
        from openward.report.estimate_chart import estimate_png

        png.write_bytes(estimate_png(result))
        say(f"wrote {png}", quiet=quiet)
    if format is Format.JSON:
        print_json(document)
    elif rows:
        for one in result.columns:
            if one.rows:
                print_rows(one.rows, format, title=one.name)
    elif format is Format.CSV:
        print_rows([row for one in result.columns for row in coefficient_rows(one)], format)
    else:
        print_rows(table_rows(result), format, title=f"{result.title} ({result.source})")
    for line in (*result.notes, *(note for one in result.columns for note in one.notes)):
        say(line, quiet=quiet or format is Format.JSON)
