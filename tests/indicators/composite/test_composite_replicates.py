"""Replicates: equal to building one by one, whatever goes together; failures counted; sensitivity known."""

from __future__ import annotations

import numpy as np
import pytest
from composite_cases import PLAIN, small_data, small_spec

from openward.errors import InputError
from openward.indicators.composite.build import build
from openward.indicators.composite.design import choices, draw
from openward.indicators.composite.engine import Engine
from openward.indicators.composite.hierarchy import hierarchy
from openward.indicators.composite.sobol import estimate, sensitivity
from openward.indicators.composite.spec import IndexSpec
from openward.indicators.composite.steps import Aggregate
from openward.indicators.composite.uncertainty import rank_intervals

MANY = np.random.default_rng(5).lognormal(size=(12, 4))
FACTORS = """
uncertainty:
  - name: scale
    step: normalize
    alternatives: [{method: min-max, low: 1, high: 100}, {method: percentile}]
  - {name: weights, noise: {1: 0.5, 2: 0.5}}
  - {name: mean, step: aggregate, vary: method, values: [arithmetic, geometric, median]}
"""
BETWEEN = """
steps:
  - normalize: {method: min-max, low: 1, high: 100}
  - aggregate: {method: arithmetic, to: 2}
  - normalize: {method: min-max, low: 1, high: 100, level: 2}
  - aggregate: {method: arithmetic}
"""


def engine(spec: IndexSpec) -> Engine:
    """Give an engine on random data."""
    tree = hierarchy(spec)
    return Engine(spec, tree, small_data(MANY), choices(spec, tree))


def test_a_replicate_is_the_index_with_its_choices() -> None:
    spec = small_spec(PLAIN, FACTORS)
    running = engine(spec)
    design = draw(running.factors, replicates=40, seed=1)
    ranks, failures = running.ranks(design)
    assert failures == ()
    for r in range(40):
        steps = (running.factors[0].steps[design.choice[r, 0]], running.factors[2].steps[design.choice[r, 2]])
        noise = dict(
            zip((running.tree.codes[k] for k in running.factors[1].columns), design.noise[1][r], strict=True)
        )
        alone = spec.model_copy(
            update={
                "steps": steps,
                "indicators": tuple(
                    m.model_copy(update={"weight": m.weight * noise.get(m.code, 1.0)})
                    for m in spec.indicators
                ),
                "aggregates": tuple(
                    n.model_copy(update={"weight": n.weight * noise.get(n.code, 1.0)})
                    for n in spec.aggregates
                ),
            }
        )
        assert list(ranks[r]) == list(build(alone, small_data(MANY)).ranks)


@pytest.mark.parametrize("steps", [PLAIN, BETWEEN])
def test_neither_blocks_nor_threads_change_a_rank(steps: str) -> None:
    last = FACTORS if steps == PLAIN else FACTORS.replace("step: aggregate,", "step: aggregate, nth: 2,")
    running = engine(
        small_spec(steps, last.replace("{method: percentile}", "{method: z-score, mean: 100, sd: 9}"))
    )
    design = draw(running.factors, replicates=150, seed=2)
    whole, _ = running.ranks(design)
    for block, threads in ((1, 1), (7, 2), (1000, 3)):
        assert np.array_equal(running.ranks(design, block=block, threads=threads)[0], whole)
    assert len({tuple(row) for row in whole.tolist()}) > 5


def test_without_noise_every_replicate_is_nominal() -> None:
    for steps in (PLAIN, BETWEEN):
        spec = small_spec(steps, "uncertainty: [{name: weights, noise: {1: 0.0, 2: 0.0}}]\n")
        nominal = build(spec, small_data(MANY)).ranks
        found = rank_intervals(spec, small_data(MANY), replicates=20, seed=3)
        assert [one.low for one in found.intervals] == list(nominal)
        assert [one.high for one in found.intervals] == list(nominal)


def test_failed_replicates_are_counted_and_named() -> None:
    spec = small_spec(
        PLAIN.replace("low: 1", "low: 0"),
        "uncertainty:\n  - {name: mean, step: aggregate, vary: method, values: [arithmetic, geometric]}\n"
        "  - {name: weights, noise: {2: 0.2}}\n",
    )
    running = engine(spec)
    drawn = int((draw(running.factors, replicates=100, seed=4).choice[:, 0] == 1).sum())
    found = rank_intervals(spec, small_data(MANY), replicates=100, seed=4)
    assert found.failed == drawn > 0
    assert [(one.choices, one.replicates) for one in found.failures] == [
        ({"mean": "method geometric"}, drawn)
    ]
    assert "positive" in found.failures[0].why
    assert {one.replicates for one in found.intervals} == {100 - drawn}
    with pytest.raises(InputError, match="replicates failed"):
        sensitivity(spec, small_data(MANY), base=50, seed=4)


def test_everything_failing_and_nothing_to_vary_are_refused() -> None:
    bad = PLAIN.replace("low: 1", "low: 0").replace("arithmetic", "geometric")
    spec = small_spec(bad, "uncertainty: [{name: weights, noise: {2: 0.2}}]\n")
    with pytest.raises(InputError, match="all 10 replicates failed"):
        rank_intervals(spec, small_data(MANY), replicates=10, seed=1)
    with pytest.raises(InputError, match="nothing of uncertainty"):
        rank_intervals(small_spec(), small_data(MANY), replicates=10, seed=1)


def test_a_new_factor_leaves_the_draws_of_the_others_alone() -> None:
    one = engine(small_spec(PLAIN, FACTORS))
    fewer = engine(small_spec(PLAIN, FACTORS[: FACTORS.index("  - {name: mean")]))
    assert np.array_equal(
        draw(one.factors, replicates=50, seed=9).choice[:, 0],
        draw(fewer.factors, replicates=50, seed=9).choice[:, 0],
    )


def test_indices_of_an_additive_function_are_known() -> None:
    rng = np.random.default_rng(6)
    n, c = 40_000, np.array([1.0, 2.0, 3.0])
    a, b = rng.uniform(size=(n, 3)), rng.uniform(size=(n, 3))
    exchanged = [np.where(np.arange(3) == k, b, a) @ c for k in range(3)]
    found, _, variance = estimate(a=a @ c, b=b @ c, exchanged=exchanged, names=("x", "y", "z"))
    assert variance == pytest.approx(14 / 12, rel=0.02)
    for one, share in zip(found, (1 / 14, 4 / 14, 9 / 14), strict=True):
        assert one.total_low - 0.005 <= share <= one.total_high + 0.005
        assert one.first_low - 0.01 <= share <= one.first_high + 0.01
        assert one.total_high - one.total_low < 0.03


def test_an_interaction_shows_in_total_order_only() -> None:
    rng = np.random.default_rng(7)
    a, b = rng.uniform(-1, 1, size=(40_000, 2)), rng.uniform(-1, 1, size=(40_000, 2))

    def product(x: np.ndarray) -> np.ndarray:
        return np.asarray(x[:, 0] * x[:, 1])

    exchanged = [product(np.where(np.arange(2) == k, b, a)) for k in range(2)]
    found, _, _ = estimate(a=product(a), b=product(b), exchanged=exchanged, names=("x", "y"))
    for one in found:
        assert one.first == pytest.approx(0.0, abs=0.03)
        assert one.total == pytest.approx(1.0, abs=0.03)


def test_a_choice_that_moves_nothing_has_no_share() -> None:
    more = "  - {name: idle, step: aggregate, vary: minimum_available, values: [0.0, 0.1]}\n"
    spec = small_spec(PLAIN, FACTORS.replace("  - {name: mean", more + "  - {name: mean"))
    found = {one.factor: one for one in sensitivity(spec, small_data(MANY), base=300, seed=8).indices}
    assert found["idle"].total == 0.0
    assert found["weights"].total > 0.0
    assert isinstance(spec.steps[-1], Aggregate)
