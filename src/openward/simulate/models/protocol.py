"""What every model offers: a name, its closures, what it cannot say, and one function."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Protocol

from openward.errors import UsageError
from openward.simulate.baseline import Array, Baseline, Outcome, Shock

TOLERANCE = 1e-10
MAX_ITERATIONS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """How to solve, and what some models take besides.

    Attributes
    ----------
    tolerance : float
    max_iterations : int
        Most sweeps of one solution.
    path_steps : int
        Steps of the path-integrated decomposition; 0 leaves it out.
    labor_supply : float, optional
        Elasticity of hours to the real wage; None: labor is fixed.
    immobile : float, optional
        Share of value added that is earned by factors tied to their sector, 0 to 1; None: none.
    scale : [J], optional
        Scale elasticities by sector; None: those of the model.
    dispersion : float, optional
        Pareto shape over elasticity of substitution less one, above 1; None: that of the model.
    sigma : float, optional
        Elasticity of substitution of one-sector gravity; None: from the baseline's trade elasticities.
    """

    tolerance: float = TOLERANCE
    max_iterations: int = MAX_ITERATIONS
    path_steps: int = 0
    labor_supply: float | None = None
    immobile: float | None = None
    scale: Array | None = None
    dispersion: float | None = None
    sigma: float | None = None


GENERAL = frozenset({"tolerance", "max_iterations"})


class Model(Protocol):
    """A model that turns a baseline and a shock into an outcome.

    Attributes
    ----------
    name, title : str
    closures : tuple of str
        What may become of deficits; the first is the model's own.
    takes : frozenset of str
        Names of the optional `Options` it heeds.
    cannot_say : str
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def closures(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def takes(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def cannot_say(self) -> str: ...  # noqa: D102

    def solve(
        self, baseline: Baseline, shock: Shock, *, closure: str | None = None, options: Options | None = None
    ) -> Outcome:
        """Solve a counterfactual; ``closure`` None is the model's own."""
        ...


@dataclass(frozen=True, slots=True)
class Card:
    """What a model says of itself; see `Model`."""

    name: str
    title: str
    closures: tuple[str, ...]
    takes: frozenset[str]
    cannot_say: str

    def settle(self, closure: str | None, options: Options | None) -> tuple[str, Options]:
        """Give the closure and options to solve with.

        Raises
        ------
        UsageError
            An unknown closure, or an option that the model would not heed.
        """
        closure = closure or self.closures[0]
        if closure not in self.closures:
            raise UsageError(
                f"the model {self.name} has no closure {closure!r}", hint="use " + ", ".join(self.closures)
            )
        options = options or Options()
        ignored = [
            field.name
            for field in fields(options)
            if field.name not in GENERAL | self.takes and getattr(options, field.name) not in (None, 0)
        ]
        if ignored:
            raise UsageError(
                f"the model {self.name} does not take {', '.join(ignored)}",
                hint="it takes " + (", ".join(sorted(self.takes)) or "none of the optional ones"),
            )
        return closure, options
