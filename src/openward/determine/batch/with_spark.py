"""Shipments of a cluster: every partition of a Spark table is answered where it lies.

Narwhals has no user function over rows of lazy tables, so the chunks go through Spark's own
``mapInArrow``; what answers them is the same :class:`~openward.determine.batch.chunk.Batch` as everywhere.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Callable, Iterator
from copyreg import dispatch_table
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from openward.book.model import Book
from openward.determine.batch.chunk import Batch
from openward.determine.batch.columns import empty_decisions
from openward.determine.batch.engines import Engine, finder
from openward.determine.batch.shipments import check_columns

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

_AT_WORK: dict[str, Batch] = {}
"""In a worker: the book it answers from, compiled once for all partitions that reach it."""


def answer_spark(
    shipments: DataFrame, book: Book, *, engine: Engine = Engine.NUMPY
) -> tuple[DataFrame, DataFrame]:
    """Answer a Spark table of shipments; nothing is collected on the driver.

    Parameters
    ----------
    shipments : pyspark.sql.DataFrame
        Columns of ``openward.shipments/1``.
    book : Book
        Sent to every worker once.
    engine : Engine
        What looks keys up in each worker: NumPy or numba.

    Returns
    -------
    decisions, rejects : pyspark.sql.DataFrame
        Each row stands in one of them; both come from one pass, which is kept until they are unpersisted.

    Raises
    ------
    InputError
        A column is missing.
    """
    from pyspark.sql.types import StringType, StructField, StructType

    check_columns(shipments.columns, where="shipments")
    decision = _decision_type(shipments.schema)
    reject = StructType([*shipments.schema.fields, StructField("reason", StringType())])
    both = StructType([StructField("decision", decision), StructField("reject", reject)])
    sent = _packed(book)
    held = shipments.sparkSession.sparkContext.broadcast(sent)
    answered = shipments.mapInArrow(
        _answer_with(held, hashlib.sha256(sent).hexdigest(), engine, _arrow(both)), schema=both
    ).persist()
    return (
        answered.where("decision is not null").select("decision.*"),
        answered.where("reject is not null").select("reject.*"),
    )


def _answer_with(
    held: Any, digest: str, engine: Engine, schema: pa.Schema
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Give what a worker runs on the chunks of a partition."""

    def answer(chunks: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import polars as pl
        import pyarrow as pa

        if digest not in _AT_WORK:
            _AT_WORK.clear()
            _AT_WORK[digest] = Batch(pickle.loads(held.value), finder(engine))
        for chunk in chunks:
            frame = pl.from_arrow(pa.Table.from_batches([chunk]))
            assert isinstance(frame, pl.DataFrame)
            decisions, rejects = _AT_WORK[digest].answer(frame)
            yield from _side_by_side(decisions, rejects, schema)

    return answer


def _side_by_side(decisions: pl.DataFrame, rejects: pl.DataFrame, schema: pa.Schema) -> Iterator[Any]:
    """Write both outputs as one: Spark takes a single table from a function."""
    import pyarrow as pa

    for name, frame in (("decision", decisions), ("reject", rejects)):
        kind = schema.field(name).type
        columns = [
            frame[field.name].to_arrow().cast(field.type) if frame.width else pa.nulls(0, field.type)
            for field in kind
        ]
        one = pa.StructArray.from_arrays(columns, fields=list(kind))
        sides = [one if field.name == name else pa.nulls(len(one), field.type) for field in schema]
        yield pa.RecordBatch.from_arrays(sides, schema=schema)


def _decision_type(given: StructType) -> StructType:
    """Give the columns of decisions in Spark's words; ``row`` keeps the type it came with."""
    import polars as pl
    from pyspark.sql.types import ArrayType, BooleanType, DataType, DoubleType, StringType, StructField
    from pyspark.sql.types import StructType as Struct

    words: dict[Any, DataType] = {
        pl.String(): StringType(),
        pl.Float64(): DoubleType(),
        pl.Boolean(): BooleanType(),
        pl.List(pl.String()): ArrayType(StringType()),
    }
    schema = empty_decisions(row=pl.String()).schema
    own = {"row": given["row"].dataType}
    return Struct([StructField(name, own.get(name) or words[kind]) for name, kind in schema.items()])


def _arrow(schema: StructType) -> pa.Schema:
    from pyspark.sql.pandas.types import to_arrow_schema

    return to_arrow_schema(schema)


def _view(held: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(held)


def _packed(book: Book) -> bytes:
    """Pickle a book; its read-only mappings, which pickle refuses, go as plain ones."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {
        **dispatch_table,
        MappingProxyType: lambda view: (_view, (dict(view),)),
    }
    pickler.dump(book)
    return buffer.getvalue()
