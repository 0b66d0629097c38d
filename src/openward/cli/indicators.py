"""``openward indicators``: what can be measured, and its numbers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openward.cli.options import AsOfOption, BookOption, Format, FormatOption, QuietOption

if TYPE_CHECKING:
    from openward.indicators.catalogue import Indicator
    from openward.indicators.run import IndicatorTable

app = typer.Typer(help="Openness, diversification, dependency and the rest, measured.", no_args_is_help=True)


class ResultFormat(StrEnum):
    """How the numbers are printed, or drawn."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "md"
    PNG = "png"


NameArgument = Annotated[str, typer.Argument(help="Name of an indicator; list names them.")]


@app.command("list")
def list_indicators(
    group: Annotated[str | None, typer.Option("--group", help="One group only, such as openness.")] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """List the indicators with what they read and their unit."""
    from openward.cli.output import print_rows
    from openward.errors import UsageError
    from openward.indicators.catalogue import GROUPS, indicators

    if group is not None and group not in GROUPS:
        raise UsageError(f"no group {group!r}", where="--group", hint=f"groups are {', '.join(GROUPS)}")
    rows = [
        {
            "name": entry.name,
            "group": entry.group,
            "title": entry.title,
            "reads": ", ".join(entry.inputs),
            "unit": entry.unit,
        }
        for entry in indicators().values()
        if group in (None, entry.group)
    ]
    print_rows(rows, format)


@app.command()
def show(name: NameArgument, format: FormatOption = Format.TABLE) -> None:
    """Say what an indicator means, how it is computed and where it misleads."""
    from openward.cli.output import print_json
    from openward.indicators.catalogue import find
    from openward.indicators.run import option_names

    entry = find(name)
    options = {key: _plain(value) for key, value in option_names(entry).items()}
    if format is not Format.TABLE:
        print_json({**_described(entry), "options": options})
        return
    typer.echo(f"{entry.title} ({entry.name}, {entry.group})\n{entry.definition}")
    typer.echo(
        f"  formula:   {entry.formula}\n  unit:      {entry.unit}\n  reads:     {', '.join(entry.inputs)}"
    )
    typer.echo(f"  rows by:   {', '.join(entry.keys)}\n  reference: {entry.reference}")
    if options:
        typer.echo("  options:   " + ", ".join(f"{key}={value}" for key, value in options.items()))
    for trap in entry.traps:
        typer.echo(f"  trap:      {trap}")


@app.command()
def run(
    name: NameArgument,
    economy: Annotated[
        list[str] | None, typer.Option("--economy", help="Economy, several times or with commas.")
    ] = None,
    years: Annotated[str | None, typer.Option("--years", help="2020, 2010-2020 or 2005,2015.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Key whose values become columns.")] = None,
    set_option: Annotated[
        list[str] | None, typer.Option("--set", help="Option of the indicator, KEY=VALUE; show names them.")
    ] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Folder of data (default: what ships).")] = None,
    book: BookOption = "chn",
    as_of: AsOfOption = None,
    format: Annotated[ResultFormat, typer.Option("--format", help="table, json, csv, md or png.")] = (
        ResultFormat.TABLE
    ),
    out: Annotated[Path | None, typer.Option("--out", help="File to write; needed for png.")] = None,
    quiet: QuietOption = False,
) -> None:
    """Compute an indicator and print it with its unit, source and vintage."""
    from openward.cli.options import day
    from openward.cli.output import say
    from openward.errors import UsageError
    from openward.indicators.catalogue import find
    from openward.indicators.run import run as compute

    if format is ResultFormat.PNG and out is None:
        raise UsageError("a picture needs a file", where="--out", hint=f"add --out {name}.png")
    if format is ResultFormat.TABLE and out is not None:
        raise UsageError("a table is for the screen", where="--out", hint="add --format csv, json, md or png")
    if format is ResultFormat.PNG and by is not None:
        raise UsageError("a chart lays out its own series", where="--by", hint="leave out --by")
    table = compute(
        name,
        data=data,
        economies=[code for text in economy or () for code in text.split(",") if code],
        years=_years(years),
        by=by,
        options=_options(find(name), set_option or ()),
        book=book,
        on=day(as_of, option="--as-of"),
    )
    _write(table, format, out)
    say(f"{table.indicator.title}, {table.unit}", quiet=quiet)
    say(f"source: {table.source} ({table.vintage})", quiet=quiet)
    for note in table.notes:
        say(f"note: {note}", quiet=quiet)


def _write(table: IndicatorTable, format: ResultFormat, out: Path | None) -> None:
    if format is ResultFormat.PNG and out is not None:
        from openward.report.indicator_chart import indicator_png

        _save(out, indicator_png(table))
        return
    if format is ResultFormat.TABLE:
        from openward.cli.output import print_rows

        print_rows(table.frame.to_dicts(), Format.TABLE)
        return
    text = _text(table, format)
    if out is None:
        typer.echo(text, nl=False)
    else:
        _save(out, text.encode())


def _text(table: IndicatorTable, format: ResultFormat) -> str:
    import json

    from openward.cli.output import as_csv, as_markdown

    rows = table.frame.to_dicts()
    if format is ResultFormat.CSV:
        return as_csv(rows)
    if format is ResultFormat.MARKDOWN:
        return as_markdown(rows)
    document = {
        "indicator": table.indicator.name,
        "unit": table.unit,
        "vintage": table.vintage,
        "source": table.source,
        "notes": list(table.notes),
        "rows": rows,
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _save(path: Path, content: bytes) -> None:
    from openward.errors import InputError

    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(
            f"cannot write: {error.strerror}", where=str(path), hint="choose another --out"
        ) from error


def _years(text: str | None) -> list[int]:
    """Read ``2020``, ``2010-2020``, ``2005,2015`` or a mix."""
    from openward.errors import UsageError

    found: list[int] = []
    for part in (text or "").split(","):
        first, dash, last = (word.strip() for word in part.replace(":", "-").partition("-"))
        if not first and text is None:
            continue
        if not first.isdigit() or (dash and not last.isdigit()):
            raise UsageError(
                f"{text!r} is no list of years", where="--years", hint="2020, 2010-2020 or 2005,2015"
            )
        span = range(int(first), int(last or first) + 1)
        if not span or len(span) > 1000:
            raise UsageError(f"{part!r} is no span of years", where="--years", hint="the earlier year first")
        found += span
    return sorted(set(found))


def _options(entry: Indicator, given: list[str] | tuple[()]) -> dict[str, Any]:
    from openward.errors import UsageError
    from openward.indicators.run import option_names

    defaults = option_names(entry)
    options: dict[str, Any] = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"{text!r} is no option", where="--set", hint="write KEY=VALUE")
        try:
            options[key] = _as_default(value, defaults.get(key))
        except ValueError as bad:
            raise UsageError(f"{value!r} is no number", where=f"--set {key}", hint="write a number") from bad
    return options


def _as_default(value: str, default: object) -> object:
    """Read a value in the type of the default."""
    import yaml

    if isinstance(default, bool) or default is None:
        return yaml.safe_load(value)
    if isinstance(default, int | float):
        return type(default)(value)
    return tuple(value.split(",")) if isinstance(default, tuple | list) else value


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _described(entry: Indicator) -> dict[str, Any]:
    from dataclasses import asdict

    described = asdict(entry)
    described.pop("compute")
    return described
