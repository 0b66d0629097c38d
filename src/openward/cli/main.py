"""The command line: ``openward NOUN [VERB] ARGS``. Thin; every command calls one room and prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import typer

from openward import __version__
from openward.cli import (
    batch,
    book,
    calc,
    case,
    claims,
    compare,
    control,
    data,
    data_get,
    decompose,
    determine,
    estimate,
    explain,
    hindcast,
    impact,
    index,
    indicators,
    investment,
    jurisdictions,
    negotiate,
    origin,
    profile,
    reform,
    reproduce,
    screen,
    serve,
    simulate,
    smart,
    stress,
    sweep,
    watch,
)
from openward.errors import OpenwardError, UsageError

app = typer.Typer(
    name="openward",
    help="The law as data: read it, measure it, simulate it, guard it.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("serve")(serve.serve)
app.command("impact")(impact.impact)
app.command("hindcast")(hindcast.hindcast)
app.command("profile")(profile.profile)
app.command("simulate")(simulate.simulate)
app.command("sweep")(sweep.sweep)
app.command("compare")(compare.compare)
app.command("smart")(smart.smart)
app.command("stress")(stress.stress)
app.command("estimate")(estimate.estimate)
app.command("reproduce")(reproduce.reproduce)
app.command("screen")(screen.screen)
determine.app.command("batch")(batch.batch)
determine.app.command("export")(control.export)
determine.app.command("party")(control.party)
determine.app.command("investment")(investment.investment)
determine.app.command("services")(investment.services)
determine.app.command("laws")(jurisdictions.laws)
app.command("negotiate")(negotiate.negotiate)
app.command("decompose")(decompose.decompose)
app.command("explain")(explain.explain)
app.add_typer(book.app, name="book")
app.add_typer(reform.app, name="reform")
app.add_typer(determine.app, name="determine")
app.add_typer(claims.app, name="claims")
app.add_typer(case.app, name="case")
app.add_typer(calc.app, name="calc")
data.app.command("get")(data_get.get)
data.app.command("sources")(data_get.sources)
app.add_typer(data.app, name="data")
app.add_typer(indicators.app, name="indicators")
app.add_typer(origin.app, name="origin")
app.add_typer(index.app, name="index")
app.add_typer(watch.app, name="watch")


def _version(show: bool) -> None:
    if show:
        typer.echo(f"openward {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """The law as data: read it, measure it, simulate it, guard it."""


def run(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and exit with its code; an error is one clear message, never a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(words, standalone_mode=False)
    except OpenwardError as error:
        _report(error, words)
        sys.exit(error.exit_code)
    except typer.Abort:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        usage = _as_usage_error(error)
        if usage is None:
            raise
        _report(usage, words)
        sys.exit(usage.exit_code)
    sys.exit(code if isinstance(code, int) else 0)


def _as_usage_error(error: Exception) -> UsageError | None:
    """Turn the parser's own complaint into ours; None for anything else."""
    format_message = getattr(error, "format_message", None)
    if format_message is None:
        return None
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "openward"
    return UsageError(format_message(), hint=f"see '{command} --help'", where=command)


def _report(error: OpenwardError, words: list[str]) -> None:
    if "json" in words or "--format=json" in words:
        sys.stderr.write(json.dumps({"error": error.as_dict()}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"error: {error}\n")
