"""``openward data get`` and ``data sources``: public tables, fetched, checked and stored in a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import Format, FormatOption, QuietOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from openward.observe.sources.model import Loaded


def sources(
    name: Annotated[str | None, typer.Argument(help="One source, with its options and layout.")] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """List the public sources with licence and what they give; for one source, what it must be told."""
    from openward.cli.output import print_rows, say
    from openward.observe.sources.catalogue import ADAPTERS, adapter

    if name is None:
        rows = [
            {
                "source": one.source.name,
                "title": one.source.title,
                "publisher": one.source.publisher,
                "gives": ", ".join(one.source.gives),
                "licence": one.source.licence.name,
            }
            for one in ADAPTERS.values()
        ]
        print_rows(rows, format)
        return
    source = adapter(name).source
    say(f"{source.title} ({source.publisher})\n{source.licence.sentence()}")
    say(f"page: {source.page}\naddress: {source.address or 'none that lasts'}\nlayout: {source.layout}")
    print_rows(
        [
            {
                "option": option.name,
                "needed": "yes" if option.required else "",
                "what": option.description,
                "example": option.example,
            }
            for option in source.options
        ],
        format,
    )


def get(
    source: Annotated[str, typer.Argument(help="Source, as openward data sources names it.")],
    year: Annotated[
        str | None, typer.Option("--year", help="Year, years or first-last, as the source has it.")
    ] = None,
    edition: Annotated[str | None, typer.Option("--edition", help="Edition of the classification.")] = None,
    vintage: Annotated[str | None, typer.Option("--vintage", help="Release of the publisher.")] = None,
    option: Annotated[
        list[str] | None, typer.Option("--option", "-o", help="NAME=VALUE for the source; may be repeated.")
    ] = None,
    file: Annotated[
        list[Path] | None, typer.Option("--file", help="Read this file instead of fetching; may be repeated.")
    ] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Workspace to store the table in.")] = None,
    cache: Annotated[
        Path | None, typer.Option("--cache", help="Folder for the files as they came (OPENWARD_CACHE).")
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Use the cache only; OPENWARD_OFFLINE=1 does the same.")
    ] = False,
    accept_licence: Annotated[
        bool, typer.Option("--accept-licence", help="Accept the terms that are shown; asked once a source.")
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", help="Take on this kind of audit finding; may be repeated."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace years that the vintage has already.")
    ] = False,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, help="Seconds without a byte before trying again.")
    ] = 60.0,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Fetch a public table, check that it is whole, read it, and store it with --data."""
    from openward.cli.output import print_rows, say
    from openward.observe.sources import catalogue
    from openward.observe.sources.cache import Cache, default_cache
    from openward.observe.sources.settings import Settings, offline_by_environment

    options = _options(option or [], {"year": year, "edition": edition, "vintage": vintage})

    def tell(message: str) -> None:
        say(message, quiet=quiet)

    loaded = catalogue.get(
        source,
        options=options,
        cache=Cache(cache or default_cache()),
        settings=Settings(
            offline=offline or offline_by_environment(),
            accept_licence=accept_licence,
            timeout=timeout,
            tell=tell,
        ),
        files=file or (),
    )
    rows = [
        _row(one, stored=_store(one, data, tuple(accept or ()), replace=replace, tell=tell)) for one in loaded
    ]
    print_rows(rows, format)
    if data is None:
        say("not stored: give --data WORKSPACE", quiet=quiet)


def _options(pairs: list[str], named: dict[str, str | None]) -> dict[str, str]:
    from openward.errors import UsageError

    options = {name: value for name, value in named.items() if value is not None}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name or not value:
            raise UsageError(
                f"{pair!r} is not NAME=VALUE", hint="such as --option flow=import", where="--option"
            )
        if name in options:
            raise UsageError(f"{name} is given twice", where="--option")
        options[name] = value
    return options


def _store(
    one: Loaded, data: Path | None, accept: tuple[str, ...], *, replace: bool, tell: Callable[[str], None]
) -> str:
    """Store a table in a workspace; give where."""
    from openward.observe.dictionary import dataset
    from openward.observe.input_output import InputOutput
    from openward.observe.loading import load

    for note in one.notes:
        tell(f"note: {note}")
    if data is None:
        return ""
    if isinstance(one.table, InputOutput):
        tell("input-output tables stay in their own file: indicators read it with --data FILE")
        return ""
    done = load(
        data,
        one.frame,
        of=dataset(one.dataset),
        vintage=one.vintage,
        source=one.source,
        licence=one.licence,
        classification=one.classification,
        origin=one.source,
        accept=accept,
        replace=replace,
    )
    for finding in done.audit.findings:
        tell(f"audit: {finding.as_dict()}")
    return str(data)


def _row(one: Loaded, *, stored: str) -> dict[str, object]:
    import polars as pl

    from openward.observe.input_output import InputOutput

    size: object
    if isinstance(one.table, InputOutput):
        size = f"{len(one.table.economies)} economies x {len(one.table.sectors)} industries"
    else:
        size = int(one.frame.select(pl.len()).collect(engine="streaming").item())
    return {
        "dataset": one.dataset,
        "rows": size,
        "vintage": one.vintage,
        "classification": one.classification or "",
        "source": one.source,
        "licence": one.licence,
        "stored": stored,
    }
