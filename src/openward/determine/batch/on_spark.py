"""A folder or file of shipments answered by Spark, here or on the cluster that the environment names."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from openward.book.model import Book
from openward.determine.batch.files import beside
from openward.determine.batch.run import Summary
from openward.errors import InputError, MissingDataError, RefusedError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def spark_session() -> SparkSession:
    """Give the session at work, or start one on this machine; a cluster's own settings win.

    Raises
    ------
    MissingDataError
        PySpark is not installed.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        from pyspark.sql import SparkSession
    except ImportError as missing:
        raise MissingDataError(
            "the engine spark needs the package pyspark and Java 17",
            hint="pip install 'openward[spark]'",
            where="--engine",
        ) from missing
    session = SparkSession.getActiveSession()
    if session is None:
        session = SparkSession.builder.appName("openward").config("spark.ui.enabled", "false").getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
    return session


def answer_on_spark(source: Path, target: Path, book: Book) -> Summary:
    """Answer Parquet files of shipments into folders of Parquet files.

    Parameters
    ----------
    source : Path
        A Parquet file, or a folder of them.
    target : Path
        Folder of the decisions; must not exist. Rejected rows go to ``NAME.rejects.parquet`` beside it.
    book : Book

    Raises
    ------
    InputError
        There is no such file, or a column is missing.
    RefusedError
        An output is there already: Spark's writing cannot be made to replace whole folders at once.
    """
    from openward.determine.batch.with_spark import answer_spark

    if not source.exists():
        raise InputError(f"no file {source}", hint="give Parquet files of shipments", where="--in")
    for folder in (target, beside(target)):
        if folder.exists():
            raise RefusedError(
                f"{folder} is there already", hint="name a new folder, or delete this one", where="--out"
            )
    decisions, rejects = answer_spark(spark_session().read.parquet(str(source)), book)
    decisions.write.parquet(str(target))
    rejects.write.parquet(str(beside(target)))
    verdicts, reasons = _counts(decisions, "verdict"), _counts(rejects, "reason")
    decided, rejected = sum(verdicts.values()), sum(reasons.values())
    return Summary(
        rows=decided + rejected,
        decided=decided,
        rejected=rejected,
        asked=None,
        verdicts=dict(sorted(verdicts.items())),
        reasons=dict(sorted(reasons.items(), key=lambda x: (-x[1], x[0]))),
        decisions=str(target),
        rejects=str(beside(target)),
    )


def _counts(frame: DataFrame, column: str) -> dict[str, int]:
    return {row[column]: row["count"] for row in frame.groupBy(column).count().collect()}
