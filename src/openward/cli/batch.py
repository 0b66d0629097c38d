"""``openward determine batch``: a file of shipments answered row by row, with the rejects beside it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from openward.cli.options import BookOption, Format, FormatOption, QuietOption

# The words of openward.determine.batch.engines.Engine, and Spark; that room is too heavy for --help.
EngineName = Literal["numpy", "numba", "duckdb", "spark"]


def batch(
    source: Annotated[Path, typer.Option("--in", help="Shipments (openward.shipments/1), Parquet or CSV.")],
    target: Annotated[Path, typer.Option("--out", help="Decisions, Parquet; rejects go beside it.")],
    book: BookOption = "chn",
    engine: Annotated[
        EngineName,
        typer.Option("--engine", help="numpy; numba (faster, extra [fast]); duckdb; spark (folders)."),
    ] = "numpy",
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Answer every row of a file of shipments; rows that cannot be answered are set aside with the reason."""
    from openward.book import load
    from openward.cli.output import print_json, print_rows, say
    from openward.determine.batch import answer_file
    from openward.determine.batch.engines import Engine
    from openward.errors import InputError

    began = time.perf_counter()
    progress = None if quiet else _Progress()
    if engine == "spark":
        from openward.determine.batch.on_spark import answer_on_spark

        done = answer_on_spark(source, target, load(book))
    else:
        done = answer_file(source, target, load(book), engine=Engine(engine), progress=progress)
    if progress is not None:
        progress.end()
    seconds = time.perf_counter() - began
    counts = {"rows": done.rows, "decided": done.decided, "rejected": done.rejected}
    if format is Format.JSON:
        print_json(
            {
                **counts,
                "verdicts": done.verdicts,
                "reasons": done.reasons,
                "interpreted": done.asked,
                "decisions": done.decisions,
                "rejects": done.rejects,
                "seconds": round(seconds, 3),
            }
        )
    else:
        rows = [{"what": name, "rows": found} for name, found in counts.items()]
        rows += [{"what": f"verdict {name}", "rows": found} for name, found in done.verdicts.items()]
        rows += [{"what": f"rejected: {why}", "rows": found} for why, found in _first(done.reasons)]
        print_rows(rows, format)
    say(
        f"{done.decisions}: {done.decided:,} decisions; {done.rejects}: {done.rejected:,} rejects",
        quiet=quiet,
    )
    if done.rows and not done.decided:
        raise InputError(
            f"none of the {done.rows:,} rows can be answered",
            hint=f"the reasons stand in {done.rejects}",
            where=str(source),
        )


def _first(reasons: dict[str, int], most: int = 12) -> list[tuple[str, int]]:
    """Give the most frequent reasons, and how many rows have another."""
    found = list(reasons.items())
    rest = sum(count for _, count in found[most:])
    return found[:most] + ([(f"{len(found) - most} other reasons", rest)] if rest else [])


class _Progress:
    """A bar on standard error where that is a terminal, else a line now and then."""

    def __init__(self) -> None:
        self.began = self.told = time.perf_counter()
        self.terminal = sys.stderr.isatty()

    def __call__(self, done: int, total: int | None) -> None:
        now = time.perf_counter()
        if not self.terminal and now - self.told < 5:
            return
        self.told = now
        speed = done / max(now - self.began, 1e-9)
        of = f" of {total:,} ({100 * done / total:.0f} %)" if total else ""
        text = f"{done:,} rows{of}, {speed:,.0f} rows/s"
        if not self.terminal:
            sys.stderr.write(text + "\n")
            return
        filled = round(30 * done / total) if total else 0
        bar = f"[{'#' * filled}{'.' * (30 - filled)}] " if total else ""
        sys.stderr.write(f"\r{bar}{text}\x1b[K")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line of the bar."""
        if self.terminal:
            sys.stderr.write("\n")
