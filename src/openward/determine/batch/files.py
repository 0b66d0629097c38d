"""Files of shipments in, files of decisions out: in chunks, and whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from openward.determine.batch.engines import Engine
from openward.errors import InputError, OpenwardError

if TYPE_CHECKING:
    import polars as pl

CHUNK = 500_000
"""Rows answered at a time."""


def columns_of(path: Path) -> tuple[list[str], int | None]:
    """Give the columns of a file, and how many rows it has where that is quickly known.

    Raises
    ------
    InputError
        There is no such file, or it cannot be read.
    """
    import polars as pl

    if not path.is_file():
        raise InputError(f"no file {path}", hint="give a Parquet or CSV file of shipments", where="--in")
    with reading(path):
        lazy = scan(path)
        names = lazy.collect_schema().names()
        rows = int(lazy.select(pl.len()).collect().item()) if path.suffix != ".csv" else None
    return names, rows


def scan(path: Path) -> pl.LazyFrame:
    """Open a file; every column of a CSV file is text."""
    import polars as pl

    return pl.scan_csv(path, infer_schema=False) if path.suffix == ".csv" else pl.scan_parquet(path)


def read(path: Path, engine: Engine, size: int = CHUNK) -> Iterator[pl.DataFrame]:
    """Read a file in chunks.

    Raises
    ------
    InputError
        It is truncated or broken.
    """
    with reading(path):
        if engine is Engine.DUCKDB and path.suffix != ".csv":
            from openward.determine.batch.with_duckdb import chunks

            yield from chunks(path, size)
            return
        yield from scan(path).collect_batches(chunk_size=size, maintain_order=True)


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what readers complain about into one clear message."""
    import polars as pl

    try:
        yield
    except (pl.exceptions.PolarsError, OSError) as bad:
        raise _unreadable(path, bad) from bad
    except RuntimeError as bad:
        raise _unreadable(path, bad) from bad
    except Exception as bad:
        if type(bad).__module__.startswith(("duckdb", "_duckdb")):
            raise _unreadable(path, bad) from bad
        raise


def _unreadable(path: Path, bad: Exception) -> InputError:
    first = str(bad).strip().splitlines()[0] if str(bad).strip() else type(bad).__name__
    return InputError(
        f"the file cannot be read: {first}",
        hint="it is truncated or not what its name says; write it again",
        where=str(path),
    )


class Outputs:
    """Two files that appear together when all is written; until then old ones stay.

    Parameters
    ----------
    decisions, rejects : Path
    """

    def __init__(self, decisions: Path, rejects: Path) -> None:
        self.decisions, self.rejects = decisions, rejects
        self._folder = tempfile.TemporaryDirectory(prefix=f".{decisions.name}.", dir=decisions.parent)
        self._work = Path(self._folder.name)
        self._parts = 0

    def __enter__(self) -> Outputs:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def write(self, frames: Callable[[], Iterator[pl.DataFrame]], schema: pl.Schema) -> None:
        """Write decisions as they come.

        Raises
        ------
        OpenwardError
            Whatever the frames raise, as they raise it.
        """
        from polars.io.plugins import register_io_source

        raised: list[BaseException] = []

        def source(*_: object) -> Iterator[pl.DataFrame]:
            try:
                yield from frames()
            except BaseException as error:
                raised.append(error)
                raise

        lazy = register_io_source(source, schema=schema)
        try:
            lazy.sink_parquet(self._work / "decisions", compression="zstd", compression_level=1)
        except Exception as error:
            if raised:
                raise raised[0] from None
            raise InputError(
                f"the decisions cannot be written: {error}", where=str(self.decisions)
            ) from error

    def reject(self, frame: pl.DataFrame) -> None:
        """Set rows aside."""
        frame.write_parquet(self._work / f"rejects-{self._parts:06d}")
        self._parts += 1

    def finish(self) -> None:
        """Put both files in place."""
        import polars as pl

        whole = self._work / "rejects"
        parts = [pl.scan_parquet(part) for part in sorted(self._work.glob("rejects-*"))]
        pl.concat(parts, how="vertical_relaxed").sink_parquet(whole)
        os.replace(whole, self.rejects)
        os.replace(self._work / "decisions", self.decisions)


def beside(path: Path) -> Path:
    """Give the path of the rejects of a file of decisions."""
    return path.with_name(f"{path.stem}.rejects.parquet")


def check_target(source: Path, target: Path) -> None:
    """Refuse to write over the shipments, or into a folder that is not there.

    Raises
    ------
    OpenwardError
    """
    if target.suffix != ".parquet":
        raise InputError(
            f"{target.name} is not a Parquet file", hint="name it decisions.parquet", where="--out"
        )
    if not target.parent.is_dir():
        raise InputError(f"no folder {target.parent}", hint="make it first", where="--out")
    same = target.exists() and source.exists() and target.samefile(source)
    if same or beside(target).resolve() == source.resolve():
        raise InputError(
            "the decisions would take the place of the shipments", hint="choose another --out", where="--out"
        )


__all__ = ["CHUNK", "OpenwardError", "Outputs", "beside", "check_target", "columns_of", "read", "scan"]
