"""Impact studies run one after another in the background, and are kept while there is room."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openward.book.reform import Reform
from openward.errors import OpenwardError, RefusedError
from openward.impact.result import Impact

MOST_KEPT = 8
MOST_WAITING = 4

Progress = Callable[[str, float], None]
Study = Callable[..., Impact]


@dataclass(frozen=True, slots=True)
class Question:
    """What a study is asked: the state that stands in the URL.

    ``ref`` is the name of a shipped reform, or the hash of one that was edited here.
    """

    ref: str
    from_law: date | None = None
    closure: str = "fixed"
    elasticities: str = "caliendo-parro"

    @property
    def query(self) -> dict[str, str]:
        """Give the choices that differ from the defaults, as they stand in the URL."""
        chosen = {
            "from_law": self.from_law.isoformat() if self.from_law else "",
            "closure": self.closure if self.closure != "fixed" else "",
            "elasticities": self.elasticities if self.elasticities != "caliendo-parro" else "",
        }
        return {name: value for name, value in chosen.items() if value}


@dataclass(slots=True)
class Job:
    """A study on its way: what it is doing now, and what came out."""

    question: Question
    stage: str = "waiting"
    share: float = 0.0
    started: float = field(default_factory=time.monotonic)
    impact: Impact | None = None
    body: str = ""
    error: OpenwardError | None = None
    done: threading.Event = field(default_factory=threading.Event)

    def tell(self, stage: str, share: float) -> None:
        """Take note of progress."""
        self.stage, self.share = stage, max(0.0, min(1.0, share))


class Studies:
    """A queue of one worker and a bounded store of answers.

    Parameters
    ----------
    study : callable
        :func:`openward.impact.run.study`, or anything of its form.
    render : callable
        Gives the body of the page of an impact.
    options : dict
        Passed on to every study.
    """

    def __init__(self, study: Study, render: Callable[[Impact], str], **options: Any) -> None:
        self._study, self._render, self._options = study, render, options
        self._jobs: OrderedDict[tuple[Question, str], Job] = OrderedDict()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="study")

    def ask(self, question: Question, reform: Reform, *, progress: Progress | None = None) -> Job:
        """Give the study of a question, started now if nobody asked before.

        Raises
        ------
        RefusedError
            Too many studies are waiting.
        """
        key = (question, reform.hash)
        with self._lock:
            job = self._jobs.get(key)
            if job is not None:
                self._jobs.move_to_end(key)
                return job
            if sum(not j.done.is_set() for j in self._jobs.values()) > MOST_WAITING:
                raise RefusedError(
                    f"{MOST_WAITING} studies are waiting already", hint="ask again when one of them is done"
                )
            job = self._jobs[key] = Job(question)
            self._make_room()
        self._pool.submit(self._run, job, reform, progress)
        return job

    def forget(self, question: Question, reform: Reform) -> None:
        """Drop a study, so that the next question starts it anew."""
        with self._lock:
            self._jobs.pop((question, reform.hash), None)

    def close(self) -> None:
        """Stop taking studies and drop those that wait."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _make_room(self) -> None:
        old = [key for key, job in self._jobs.items() if job.done.is_set()]
        for key in old[: max(0, len(self._jobs) - MOST_KEPT)]:
            del self._jobs[key]

    def _run(self, job: Job, reform: Reform, progress: Progress | None) -> None:
        def tell(stage: str, share: float) -> None:
            job.tell(stage, share)
            if progress is not None:
                progress(stage, share)

        asked = job.question
        try:
            impact = self._study(
                reform,
                from_law=asked.from_law,
                closure=asked.closure,
                elasticities=asked.elasticities,
                progress=tell,
                **self._options,
            )
            tell("drawing the page", 0.97)
            job.body = self._render(impact)
            job.impact = impact
        except OpenwardError as error:
            job.error = error
        except Exception as error:  # a bug must reach the page as a sentence, and the log in full
            import logging

            logging.getLogger("openward.web").exception("the study of %s failed", asked.ref)
            job.error = OpenwardError(
                f"the study failed: {type(error).__name__}", hint="the log of the server says where"
            )
        finally:
            job.tell("done", 1.0)
            job.done.set()
