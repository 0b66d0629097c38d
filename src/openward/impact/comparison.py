"""The same reform under several models, closures and sets of elasticities."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from openward.errors import NotConvergedError, OpenwardError, UsageError
from openward.impact.opening import final_spending
from openward.impact.sweep_solve import Solver
from openward.impact.sweep_spec import DEFAULTS
from openward.simulate.baseline import Outcome

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """One way of solving, and what it gave: an outcome, or why there is none."""

    model: str
    closure: str
    elasticities: str
    outcome: Outcome | None
    why_not: str


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A reform under several ways of solving it."""

    reform: str
    variants: tuple[Variant, ...]

    @property
    def economies(self) -> tuple[str, ...]:
        """Codes, in the order of the world table; empty where nothing was solved."""
        return next((v.outcome.baseline.economies for v in self.variants if v.outcome), ())

    @property
    def failures(self) -> tuple[str, ...]:
        """Say what has no solution, and why."""
        return tuple(
            f"{v.model}, {v.closure}, {v.elasticities}: {v.why_not}" for v in self.variants if not v.outcome
        )

    def largest(self, most: int) -> list[str]:
        """Give the economies whose real income moves most, over all variants."""
        solved = [np.abs(v.outcome.real_income_pct) for v in self.variants if v.outcome]
        if not solved:
            return []
        order = np.argsort(-np.max(solved, axis=0), kind="stable")[:most]
        return [self.economies[n] for n in order]

    def rows(self, economies: Sequence[str]) -> list[dict[str, Any]]:
        """Give one row per variant: real income of the world and of some economies, in percent."""
        rows = []
        for v in self.variants:
            row: dict[str, Any] = {
                "model": v.model,
                "closure": v.closure,
                "elasticities": v.elasticities,
                "world": None,
                **dict.fromkeys(economies),
                "residual": None,
            }
            if v.outcome is not None:
                income = dict(zip(v.outcome.baseline.economies, v.outcome.real_income_pct, strict=True))
                spending = final_spending(v.outcome)
                row["world"] = float(v.outcome.real_income_pct @ spending / spending.sum())
                row.update({code: float(income[code]) for code in economies})
                row["residual"] = float(v.outcome.residual)
            rows.append(row)
        return rows


def compare_models(
    reform: str,
    *,
    book: str = "chn",
    models: Sequence[str],
    closures: Sequence[str],
    sets: Sequence[str],
    progress: Progress = lambda _done, _all: None,
) -> Comparison:
    """Solve a reform in every combination.

    Parameters
    ----------
    reform : str
        Name of a shipped reform, or a file.
    models, closures, sets : sequence of str
        A model without a closure of that name is skipped for it, and the row says so.

    Raises
    ------
    UsageError
        One of the lists is empty.
    OpenwardError
        The reform or the book cannot be read.
    """
    every = list(itertools.product(models, closures, sets))
    if not every:
        raise UsageError(
            "nothing to compare", hint="name at least one model, closure and set of elasticities"
        )
    solver = Solver(book, None, 0)
    variants: list[Variant] = []
    for done, (model, closure, name) in enumerate(every, start=1):
        scenario = {**DEFAULTS, "reform": reform, "model": model, "closure": closure, "elasticities": name}
        try:
            variants.append(Variant(model, closure, name, solver.outcome(scenario), ""))
        except (NotConvergedError, UsageError) as error:
            variants.append(Variant(model, closure, name, None, str(error)))
        progress(done, len(every))
    if not any(v.outcome for v in variants):
        raise OpenwardError("none of the variants has a solution", hint=variants[0].why_not, where=reform)
    return Comparison(reform, tuple(variants))
