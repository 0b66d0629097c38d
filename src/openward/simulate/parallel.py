"""Share the reading of large matrices between cores: one core alone does not use the memory's bandwidth."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

Part = TypeVar("Part")

LARGE = 32_000_000
"""Bytes below which handing work to another thread costs more than it saves."""
MOST_WORKERS = 4


def each(work: Callable[[Part], None], parts: Sequence[Part], *, size: int) -> None:
    """Do ``work`` on each part, on several threads where the matrices read are large.

    Parameters
    ----------
    work : callable
        Writes to places of its part only; NumPy releases the interpreter lock while it multiplies.
    parts : sequence
        Of about the same size each.
    size : int
        Bytes read over all parts.
    """
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    if size < LARGE or workers == 1 or len(parts) < workers:
        for part in parts:
            work(part)
        return

    def some(first: int) -> None:
        for part in parts[first::workers]:
            work(part)

    others = [_pool().submit(some, first) for first in range(1, workers)]
    some(0)
    for other in others:
        other.result()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST_WORKERS - 1, thread_name_prefix="openward-kernel")
