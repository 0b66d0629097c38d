"""Three laws in a row: the baseline year's, the frozen one, the reformed one.

A baseline of year Y holds the law of year Y in its flows. The effects of a reform are those of the last step,
from the world under law A to the world under law B.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from openward.book.model import Book
from openward.determine.table import RateTable, rate_table
from openward.errors import InputError
from openward.impact.bans import Mask, banned
from openward.observe.worldpack import WorldPack
from openward.simulate.baseline import Array, Outcome
from openward.simulate.calibrate import Calibration, calibrate_with_notes
from openward.simulate.caliendo_parro import Closure, solve
from openward.simulate.lines import reference_shares, revenue_rates
from openward.simulate.shock import LawShock, chain_shock


@dataclass(frozen=True, slots=True, eq=False)
class Laws:
    """Applied rates under the law of the baseline year, under A (before) and under B (after the reform).

    ``stopped`` are flows [N, N, J] that B prohibits and A does not; None where there are none.
    """

    year: RateTable
    before: RateTable
    after: RateTable
    stopped: Mask | None = None

    def refuse_bans(self, *, where: str) -> None:
        """Refuse to go on without the bans: what reads rates alone would read a stopped flow as unchanged.

        Raises
        ------
        InputError
            The reform stops flows.
        """
        if self.stopped is not None:
            raise InputError(
                f"the reform prohibits {int(self.stopped.sum())} flows, which have no rate",
                hint="openward impact values a ban; this reads changes of rates only",
                where=where,
            )


@dataclass(frozen=True, slots=True, eq=False)
class Worlds:
    """The last step, from A to B, and how it was reached.

    Attributes
    ----------
    calibration : Calibration
        The world of the baseline year.
    to_before : Outcome
        From the law of the baseline year to A.
    law_shock : LawShock
        From A to B.
    step : Outcome
        What that shock does: the effects that are reported.
    """

    calibration: Calibration
    to_before: Outcome
    law_shock: LawShock
    step: Outcome


def read_laws(book: Book, before: Book, after: Book, *, pack: WorldPack, on: date) -> Laws:
    """Read the three laws: the whole book in the middle of the baseline year, A and B on one day."""
    axes = {"economies": pack.economies, "sectors": pack.sectors}
    frozen = rate_table(before, on=on, **axes)
    return Laws(
        year=rate_table(book, on=date(pack.year, 7, 1), **axes),
        before=frozen,
        after=frozen if after is before else rate_table(after, on=on, **axes),
        stopped=None if after is before else _stopped(before, after, pack=pack, on=on),
    )


def _stopped(before: Book, after: Book, *, pack: WorldPack, on: date) -> Mask | None:
    axes = {"economies": pack.economies, "sectors": pack.sectors}
    new: Mask = banned(after, on=on, **axes) & ~banned(before, on=on, **axes)
    return new if new.any() else None


def solve_worlds(
    pack: WorldPack, laws: Laws, *, theta: Array, closure: Closure, name: str, path_steps: int = 0
) -> Worlds:
    """Calibrate on the law of the baseline year, move to A, then to B.

    Parameters
    ----------
    theta : [J]
        Trade elasticities.
    path_steps : int
        Steps of the path-integrated decomposition of the last step; 0 leaves it out.
    """
    calibration = calibrate_with_notes(pack, revenue_rates(laws.year), theta=theta)
    shares = reference_shares(laws.year)
    first = chain_shock(laws.year, laws.before, calibration.baseline, shares=shares, name="law before")
    to_before = solve(calibration.baseline, first.shock, closure=closure)
    last = chain_shock(laws.before, laws.after, to_before.after, shares=first.shares, name=name)
    if laws.stopped is not None:
        # A prohibition is an infinite cost; there is no path of small steps to that.
        costs = np.where(laws.stopped, np.inf, 1.0)
        stopping = replace(last.shock, trade_costs=costs)
        last = replace(last, shock=stopping, changed=last.changed | laws.stopped)
        path_steps = 0
    step = solve(to_before.after, last.shock, closure=closure, path_steps=path_steps)
    return Worlds(calibration, to_before, last, step)
