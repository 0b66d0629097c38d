"""Which choices each replicate makes: drawn once, whole, from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.errors import InputError
from openward.indicators.composite.checks import alternatives
from openward.indicators.composite.hierarchy import Hierarchy
from openward.indicators.composite.spec import Factor, IndexSpec
from openward.indicators.composite.steps import AnyStep

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """What an uncertain choice can be.

    Attributes
    ----------
    factor : Factor
    position : int
        Of the step that varies; -1 for noise.
    steps : tuple
        What stands there instead, one an alternative.
    columns : tuple of int
        Whose weights have noise.
    widths : tuple of float
        Half width of the noise on each.
    """

    factor: Factor
    position: int
    steps: tuple[AnyStep, ...]
    columns: tuple[int, ...]
    widths: tuple[float, ...]

    def label(self, choice: int) -> str:
        """Name an alternative."""
        if self.factor.alternatives:
            return ", ".join(f"{name} {value}" for name, value in self.factor.alternatives[choice].items())
        return f"{self.factor.vary} {self.factor.values[choice]}"


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """R replicates of F factors.

    Attributes
    ----------
    choice : [R, F]
        Alternative taken; 0 for noise.
    noise : mapping of int to [R, C]
        By factor: what the weights of its columns are multiplied with.
    """

    choice: NDArray[np.int64]
    noise: Mapping[int, Array]

    @property
    def size(self) -> int:
        """Give R."""
        return int(self.choice.shape[0])

    def take(self, rows: NDArray[np.int64]) -> Design:
        """Give some replicates."""
        return Design(self.choice[rows], {f: noise[rows] for f, noise in self.noise.items()})

    def exchanged(self, other: Design, factor: int) -> Design:
        """Give the same replicates with one factor from another design."""
        choice = self.choice.copy()
        choice[:, factor] = other.choice[:, factor]
        noise = {f: (other.noise[f] if f == factor else own) for f, own in self.noise.items()}
        return Design(choice, noise)


def choices(spec: IndexSpec, tree: Hierarchy) -> tuple[Choices, ...]:
    """Give the uncertain choices of a spec.

    Raises
    ------
    InputError
        The spec has none.
    """
    if not spec.uncertainty:
        raise InputError(
            "the spec says nothing of uncertainty", where=spec.name, hint="add uncertainty: factors"
        )
    found = []
    for factor in spec.uncertainty:
        if factor.noise:
            columns = tuple(k for k, level in enumerate(tree.levels) if level in factor.noise)
            widths = tuple(factor.noise[tree.levels[k]] for k in columns)
            found.append(Choices(factor, -1, (), columns, widths))
        else:
            made = alternatives(spec, factor)
            found.append(Choices(factor, made[0][0], tuple(step for _, step in made), (), ()))
    return tuple(found)


def draw(factors: tuple[Choices, ...], *, replicates: int, seed: int) -> Design:
    """Draw replicates; every factor has a stream of its own, so that adding one leaves the others alone."""
    choice = np.zeros((replicates, len(factors)), dtype=np.int64)
    noise: dict[int, Array] = {}
    for f, (factor, stream) in enumerate(
        zip(factors, np.random.SeedSequence(seed).spawn(len(factors)), strict=True)
    ):
        rng = np.random.default_rng(stream)
        if factor.columns:
            spread = rng.uniform(-1.0, 1.0, size=(replicates, len(factor.columns)))
            noise[f] = 1.0 + spread * np.array(factor.widths)
        else:
            choice[:, f] = rng.integers(len(factor.steps), size=replicates)
    return Design(choice, noise)
