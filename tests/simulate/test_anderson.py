"""Acceleration finds fixed points, and the safeguard keeps it from running away."""

from __future__ import annotations

import numpy as np

from openward.simulate.anderson import accelerate
from openward.simulate.baseline import Array


def test_a_linear_map_is_solved_in_as_many_steps_as_it_has_dimensions() -> None:
    rng = np.random.default_rng(0)
    matrix = 0.9 * np.linalg.qr(rng.normal(size=(6, 6)))[0]
    fixed = rng.normal(size=6)

    def step(x: Array) -> tuple[Array, float]:
        f = matrix @ (x - fixed) - (x - fixed)
        return f, float(np.abs(f).max())

    point = accelerate(step, np.zeros(6), tolerance=1e-11, max_iterations=20)
    assert point.converged
    assert point.iterations <= 9
    np.testing.assert_allclose(point.x, fixed, atol=1e-9)


def test_the_safeguard_returns_to_the_best_point() -> None:
    calls = []

    def step(x: Array) -> tuple[Array, float]:
        f = np.cos(3 * x) - x
        return f, float(np.abs(f).max()) if np.abs(x).max() < 50 else np.inf

    point = accelerate(
        step, np.array([40.0]), tolerance=1e-12, max_iterations=300, refresh=lambda x: calls.append(x.copy())
    )
    assert point.converged
    assert np.cos(3 * point.x[0]) == np.float64(point.x[0]).round(15) or point.residual <= 1e-12


def test_a_map_without_fixed_point_is_not_converged() -> None:
    point = accelerate(lambda x: (np.ones_like(x), 1.0), np.zeros(2), tolerance=1e-9, max_iterations=50)
    assert not point.converged
    assert point.iterations == 50
    assert point.restarts > 0


def test_the_guard_keeps_points_inside() -> None:
    seen = []

    def step(x: Array) -> tuple[Array, float]:
        seen.append(float(x[0]))
        f = np.array([0.5 / x[0] - x[0]])
        return f, float(np.abs(f).max())

    point = accelerate(
        step,
        np.array([0.05]),
        tolerance=1e-12,
        max_iterations=100,
        guard=lambda new, old: np.maximum(new, 0.2 * old),
    )
    assert point.converged
    assert min(seen) > 0
