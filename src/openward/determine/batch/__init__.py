"""Millions of questions about goods at once: a book compiled for look-up, and shipments answered in chunks.

The answers are those of :func:`openward.determine.goods.decide`, row by row. Where a row turns on nothing
but importer, origin, code, day and a claim, it is answered from compiled tables (:mod:`.compiled`,
:mod:`.machine`); every other row is put to the interpreter (:mod:`.interpreter`), once for each distinct
question.
"""

from __future__ import annotations

from openward.determine.batch.run import Summary, answer_file, answer_frame

__all__ = ["Summary", "answer_file", "answer_frame"]
