"""Fixtures every room's tests share."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with facts, golden cases and real data; tests that need it skip where it is absent."""
    path = Path(os.environ.get("OPENWARD_SHARED", REPOSITORY.parent / "shared"))
    if not path.is_dir():
        pytest.skip("no shared data folder beside the repository (set OPENWARD_SHARED to name it)")
    return path


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """Give one Spark session on this machine for all tests that compare engines."""
    sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed")
    if shutil.which("java") is None:
        pytest.skip("no Java on this machine (PySpark needs Java 17)")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = sql.SparkSession.builder.master("local[1]").appName("openward-tests")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.sql.session.timeZone": "UTC",
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
