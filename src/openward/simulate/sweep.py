"""Run thousands of scenarios over any executor: every finished block is on disk, so a killed run goes on."""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import polars as pl

from openward.errors import IntegrityError, OpenwardError, RefusedError, UsageError

Scenario = Mapping[str, Any]
Row = dict[str, Any]
Solve = Callable[[Scenario], list[Row]]
Progress = Callable[[int, int], None]

BLOCK = 8
"""Scenarios that are solved, written and, after a kill, redone together."""
RESULTS, MANIFEST, PARTS = "results.parquet", "sweep.json", "parts"
FORM = "openward.sweep-results/1"


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a run did.

    Attributes
    ----------
    results : Path
        One row per scenario and economy, in the order of the scenarios.
    scenarios, resumed, failed : int
        All; found finished from an earlier run; without a solution (their rows say why).
    """

    results: Path
    scenarios: int
    resumed: int
    failed: int


def run_sweep(
    scenarios: Sequence[Scenario],
    solve: Solve,
    *,
    out: Path,
    digest: str,
    schema: Mapping[str, Any],
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress = lambda _done, _all: None,
) -> SweepReport:
    """Solve scenarios and write their rows to ``out/results.parquet``.

    Parameters
    ----------
    scenarios : sequence of mappings
        Parameters of each: text, numbers, None.
    solve : callable
        Gives the rows of one scenario; picklable where work is done elsewhere. An `OpenwardError` becomes a
        row with ``status`` "failed" and the message.
    out : Path
        Folder; taken up again where it holds a part of the same sweep.
    digest : str
        Tells one sweep from another: the same specification, the same digest.
    schema : mapping of column to Polars type
        Of the rows, parameters included; ``scenario``, ``status`` and ``error`` come first.
    workers : int
        Processes, where no executor is given; 1 works in this one.
    executor : concurrent.futures.Executor, optional
        Anything with that interface: thread and process pools, or ``dask.distributed``'s
        ``Client.get_executor()``. It is not shut down.
    progress : callable(done, all)

    Raises
    ------
    UsageError
        No scenario, or no worker.
    RefusedError
        The folder holds another sweep, or something else.
    IntegrityError
        A part on disk cannot be read.
    """
    if not scenarios:
        raise UsageError("the sweep has no scenario", hint="give a grid or a list", where=str(out))
    if workers < 1:
        raise UsageError(f"{workers} workers", hint="give 1 or more", where="--workers")
    _claim(out, digest, len(scenarios))
    results, parts = out / RESULTS, out / PARTS
    if results.is_file():
        return SweepReport(results, len(scenarios), len(scenarios), _failed(results))
    parts.mkdir(exist_ok=True)
    for left in parts.glob("*.tmp"):
        left.unlink()
    firsts = range(0, len(scenarios), BLOCK)
    todo = [first for first in firsts if not _part(parts, first).is_file()]
    resumed = sum(min(BLOCK, len(scenarios) - first) for first in firsts if first not in set(todo))
    done = resumed
    progress(done, len(scenarios))
    columns = {"scenario": pl.Int64, "status": pl.String, "error": pl.String, **schema}
    for first, rows in _solved(scenarios, todo, solve, workers=workers, executor=executor):
        _write(pl.DataFrame(rows, schema=columns, orient="row"), _part(parts, first))
        done += min(BLOCK, len(scenarios) - first)
        progress(done, len(scenarios))
    _join(parts, [_part(parts, first) for first in firsts], results)
    return SweepReport(results, len(scenarios), resumed, _failed(results))


def solve_block(solve: Solve, scenarios: Sequence[Scenario], first: int) -> list[Row]:
    """Solve neighboring scenarios; an error of one is its row, not the end of the sweep."""
    rows: list[Row] = []
    for k, scenario in enumerate(scenarios):
        head = {"scenario": first + k, **scenario}
        try:
            rows += [{**head, "status": "solved", "error": None, **row} for row in solve(scenario)]
        except OpenwardError as error:
            rows.append({**head, "status": "failed", "error": str(error)})
    return rows


def _solved(
    scenarios: Sequence[Scenario],
    todo: Sequence[int],
    solve: Solve,
    *,
    workers: int,
    executor: Executor | None,
) -> Iterator[tuple[int, list[Row]]]:
    blocks = {first: list(scenarios[first : first + BLOCK]) for first in todo}
    if executor is None and workers == 1:
        for first, block in blocks.items():
            yield first, solve_block(solve, block, first)
        return
    with _pool(executor, min(workers, max(1, len(todo)))) as pool:
        futures = {pool.submit(solve_block, solve, block, first): first for first, block in blocks.items()}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            for future in futures:
                future.cancel()


@contextmanager
def _pool(executor: Executor | None, workers: int) -> Iterator[Executor]:
    if executor is not None:
        yield executor
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=end_with_parent) as pool:
        yield pool


def end_with_parent() -> None:
    """End this worker when its parent is gone: a killed parent cannot tell its pool to stop."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="openward-parent").start()


def _claim(out: Path, digest: str, scenarios: int) -> None:
    manifest = out / MANIFEST
    stated = {"form": FORM, "digest": digest, "scenarios": scenarios, "block": BLOCK}
    if not manifest.is_file():
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise RefusedError("there is something else at this place", where=str(out), hint="choose another")
        out.mkdir(parents=True, exist_ok=True)
        aside = manifest.with_suffix(".tmp")
        aside.write_text(json.dumps(stated, indent=1) + "\n", encoding="utf-8")
        os.replace(aside, manifest)
        return
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
    except ValueError as error:
        raise IntegrityError(
            "the manifest cannot be read", where=str(manifest), hint="choose another folder"
        ) from error
    if found != stated:
        raise RefusedError(
            "this folder holds another sweep",
            where=str(out),
            hint="choose another folder; a changed specification is another sweep",
        )


def _part(parts: Path, first: int) -> Path:
    return parts / f"part-{first:07d}.parquet"


def _write(frame: pl.DataFrame, path: Path) -> None:
    """Write all or nothing: a kill leaves no half of a table under its name."""
    aside = path.with_suffix(".tmp")
    frame.write_parquet(aside, compression="zstd")
    os.replace(aside, path)


def _join(parts: Path, paths: Sequence[Path], results: Path) -> None:
    frames = []
    for path in paths:
        try:
            frames.append(pl.read_parquet(path))
        except (OSError, pl.exceptions.PolarsError) as error:
            raise IntegrityError(
                "a part cannot be read", where=str(path), hint="remove it and run the sweep again"
            ) from error
    _write(pl.concat(frames), results)
    for path in paths:
        path.unlink()
    parts.rmdir()


def _failed(results: Path) -> int:
    frame = pl.read_parquet(results, columns=["scenario", "status"])
    return frame.filter(pl.col("status") == "failed")["scenario"].n_unique()
