"""Fixed effects of any number of ways, swept out of columns by weighted least squares.

The normal equations of the effects are solved by conjugate gradients after the effect with most levels has
been eliminated exactly (its block is diagonal), so a three-way gravity panel with 40,000 pairs leaves a
system in the exporter-years and importer-years only (Guimaraes and Portugal 2010; Correia 2016, section 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from openward.errors import NotConvergedError

Array = NDArray[np.float64]
Index = NDArray[np.int64]
MOST_STEPS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class _Pattern:
    """Where two effects meet: a sparse matrix whose entries are sums of weights over observations."""

    shape: tuple[int, int]
    indices: NDArray[np.int32]
    starts: NDArray[np.int32]
    place: Index
    alone: bool

    def matrix(self, weights: Array) -> csr_matrix:
        """Fill the pattern with weights [n]."""
        data = weights[self.place] if self.alone else np.bincount(self.place, weights, len(self.indices))
        return csr_matrix((data, self.indices, self.starts), shape=self.shape)


def _pattern(rows: Index, columns: Index, shape: tuple[int, int]) -> _Pattern:
    key = rows * shape[1] + columns
    order = np.argsort(key, kind="stable")
    sorted_key = key[order]
    first = np.ones(len(key), dtype=bool)
    first[1:] = sorted_key[1:] != sorted_key[:-1]
    cells = sorted_key[first]
    starts = np.searchsorted(cells, np.arange(shape[0] + 1) * shape[1]).astype(np.int32)
    indices = (cells % shape[1]).astype(np.int32)
    if len(cells) == len(key):
        return _Pattern(shape, indices, starts, order, alone=True)
    place = np.empty(len(key), dtype=np.int64)
    place[order] = np.cumsum(first) - 1
    return _Pattern(shape, indices, starts, place, alone=False)


class Effects:
    """Sets of dummies, one level of each for every observation.

    Parameters
    ----------
    levels : sequence of int arrays [n]
        ``0 .. L-1`` for each effect; every level occurs.
    """

    def __init__(self, levels: Sequence[Index]) -> None:
        self.levels = tuple(
            sorted((np.asarray(one, dtype=np.int64) for one in levels), key=lambda one: -int(one.max()))
        )
        self.sizes = tuple(int(one.max()) + 1 for one in self.levels)
        self.offsets = np.concatenate([[0], np.cumsum(self.sizes[1:])]).astype(int)
        first, rest = self.levels[0], self.levels[1:]
        self._down = [_pattern(first, one, (self.sizes[0], size)) for one, size in self._others()]
        self._up = [_pattern(one, first, (size, self.sizes[0])) for one, size in self._others()]
        self._cross = {
            (a, b): _pattern(rest[a], rest[b], (self.sizes[a + 1], self.sizes[b + 1]))
            for a in range(len(rest))
            for b in range(len(rest))
            if a != b
        }

    def _others(self) -> list[tuple[Index, int]]:
        return list(zip(self.levels[1:], self.sizes[1:], strict=True))

    def sums(self, which: int, values: Array) -> Array:
        """Sum columns [n, k] over the observations of each level of an effect: [L, k]."""
        level, size = self.levels[which], self.sizes[which]
        return np.stack([np.bincount(level, column, size) for column in values.T], axis=1).astype(np.float64)

    def spread(self, coefficients: Sequence[Array]) -> Array:
        """Give each observation the sum of its levels' coefficients: [n, k]."""
        total = coefficients[0][self.levels[0]]
        for level, values in zip(self.levels[1:], coefficients[1:], strict=True):
            total += values[level]
        return np.asarray(total)

    def weigh(self, weights: Array) -> Weighted:
        """Prepare the normal equations for weights [n], positive."""
        return Weighted(self, weights)


class Weighted:
    """Effects under given weights: what remains of columns after the effects is found here."""

    def __init__(self, effects: Effects, weights: Array) -> None:
        self.effects, self.weights = effects, weights
        column = weights[:, None]
        self.diagonal = [effects.sums(which, column) for which in range(len(effects.levels))]
        self._down = [pattern.matrix(weights) for pattern in effects._down]
        self._up = [pattern.matrix(weights) for pattern in effects._up]
        self._cross = {pair: pattern.matrix(weights) for pair, pattern in effects._cross.items()}
        self._rest = len(effects.levels) - 1
        self._flat = [one[:, 0] for one in self.diagonal]
        # The diagonal of the reduced system, for preconditioning: w_l - sum_p w_lp^2 / w_p.
        reduced = [self._flat[k + 1] - up.power(2) @ (1 / self._flat[0]) for k, up in enumerate(self._up)]
        self._scale = np.concatenate([*reduced, np.zeros(0)])
        self._scale = np.maximum(self._scale, 1e-12 * max(float(one.max()) for one in self._flat))

    def _parts(self, stacked: Array) -> list[Array]:
        offsets = self.effects.offsets
        return [stacked[offsets[k] : offsets[k + 1]] for k in range(self._rest)]

    def _reduced(self, stacked: Array) -> Array:
        parts = self._parts(stacked)
        through = sum((down @ part for down, part in zip(self._down, parts, strict=True)), 0.0)
        through = through / self._flat[0]
        out = []
        for k, part in enumerate(parts):
            here = self._flat[k + 1] * part - self._up[k] @ through
            for other in range(self._rest):
                if other != k:
                    here += self._cross[k, other] @ parts[other]
            out.append(here)
        return np.concatenate(out)

    def fit(
        self, columns: Array, *, tolerance: float, start: Sequence[Array] | None = None
    ) -> tuple[list[Array], int]:
        """Regress columns on the effects.

        Parameters
        ----------
        columns : [n, k]
        tolerance : float
            Of the residual of the normal equations, relative to the right-hand side of each column.
        start : coefficients of each effect, optional

        Returns
        -------
        coefficients : list of [L, k], in the order of ``effects.levels``
        steps : int
            Conjugate-gradient steps.

        Raises
        ------
        NotConvergedError
            The steps run out.
        """
        weighted = columns * self.weights[:, None]
        right = [self.effects.sums(which, weighted) for which in range(self._rest + 1)]
        if not self._rest:
            return [right[0] / self.diagonal[0]], 0
        mean = right[0] / self.diagonal[0]
        target = np.concatenate([right[k + 1] - self._up[k] @ mean for k in range(self._rest)])
        first = np.zeros_like(target) if start is None else np.concatenate(start[1:])
        columns_of = range(target.shape[1])
        with ThreadPoolExecutor(max_workers=2) as pool:
            solved = list(pool.map(lambda k: self._solve(target[:, k], first[:, k], tolerance), columns_of))
        x = np.column_stack([one for one, _ in solved])
        through = sum((down @ part for down, part in zip(self._down, self._parts(x), strict=True)), 0.0)
        return [mean - through / self.diagonal[0], *self._parts(x)], max(steps for _, steps in solved)

    def _solve(self, target: Array, x: Array, tolerance: float) -> tuple[Array, int]:
        """Solve the reduced system for one column by preconditioned conjugate gradients."""
        left = target - self._reduced(x)
        goal = tolerance * float(np.sqrt((target**2 / self._scale).sum()))
        step = left / self._scale
        direction, power = step.copy(), float(left @ step)
        for count in range(MOST_STEPS):
            if power**0.5 <= goal:
                return x, count
            product = self._reduced(direction)
            along = float(direction @ product)
            if along <= 0:
                return x, count
            x = x + power / along * direction
            left = left - power / along * product
            step = left / self._scale
            new = float(left @ step)
            direction = step + new / power * direction
            power = new
        raise NotConvergedError(
            f"the fixed effects are not found in {MOST_STEPS} steps",
            hint="a level of one effect nearly equals a level of another; leave one out",
            where="effects",
        )
