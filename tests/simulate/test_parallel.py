"""Threads change nothing but the time."""

from __future__ import annotations

import numpy as np
import pytest

from openward.simulate import kernel, parallel
from openward.simulate.caliendo_parro import solve
from small_worlds import draw_shock, make_world


@pytest.mark.parametrize("cores", [1, 2, 16])
def test_threads_do_each_part_once(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    monkeypatch.setattr(parallel, "LARGE", 0)
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    done = np.zeros(23)

    def work(part: int) -> None:
        done[part] += 1

    parallel.each(work, range(23), size=1)
    assert (done == 1).all()


def test_a_world_solved_by_threads_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world(4, economies=4, sectors=5)
    shock = draw_shock(world, 4)
    alone = solve(world, shock)
    monkeypatch.setattr(parallel, "LARGE", 0)
    monkeypatch.setattr(kernel, "CHUNK_BYTES", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    together = solve(world, shock)
    np.testing.assert_allclose(together.after.flows, alone.after.flows, rtol=1e-12)
    assert together.iterations == alone.iterations


def test_an_error_in_a_thread_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "LARGE", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)

    def work(part: int) -> None:
        if part == 1:
            raise ValueError("part 1")

    with pytest.raises(ValueError, match="part 1"):
        parallel.each(work, range(4), size=1)
