"""A made-up study for the workbench, and waiting for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

from starlette.testclient import TestClient

from impact_fixture import make_impact
from openward.book.model import Book
from openward.book.reform import Reform
from openward.errors import NotConvergedError
from openward.impact.result import Impact


class FakeStudy:
    """Stands in for the study: quick, or held until it is released."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.hold: threading.Event | None = None
        self.reached = threading.Event()
        self.error: Exception | None = None

    def __call__(
        self,
        reform: Reform,
        *,
        book: Book,
        from_law: date | None,
        closure: str,
        elasticities: str,
        progress: Callable[[str, float], None],
    ) -> Impact:
        self.calls.append(
            {"reform": reform.name, "from_law": from_law, "closure": closure, "elasticities": elasticities}
        )
        progress("solving the world", 0.4)
        self.reached.set()
        if self.hold is not None:
            assert self.hold.wait(20)
        if self.error is not None:
            raise self.error
        return make_impact(name=reform.name)

    def diverge(self) -> None:
        """Let the next study fail."""
        self.error = NotConvergedError("no solution after 500 sweeps", hint="a smaller step may be solvable")


def finished(client: TestClient, path: str) -> str:
    """Give a page of a study once it is solved."""
    client.get(path)
    bench = client.app.state.workbench  # type: ignore[attr-defined]
    for job in list(bench.studies._jobs.values()):
        assert job.done.wait(30)
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text
