"""PPML: against pyfixest and by its own first-order conditions; separation; the correction of its bias."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from openward.errors import InputError
from openward.simulate.estimate.clusters import sandwich
from openward.simulate.estimate.effects import Effects
from openward.simulate.estimate.incidental import correct_incidental
from openward.simulate.estimate.ppml import PoissonEstimate, ppml
from openward.simulate.estimate.separation import separated_by_regressors

Array = NDArray[np.float64]


class Panel:
    """A small gravity panel with zeros."""

    def __init__(self, seed: int = 0, n: int = 12, periods: int = 5) -> None:
        rng = np.random.default_rng(seed)
        grid = np.meshgrid(np.arange(n), np.arange(n), np.arange(periods), indexing="ij")
        self.i, self.j, self.t = (one.ravel() for one in grid)
        begin = rng.integers(0, 2 * periods, (n, n))
        self.rta = (self.t >= begin[self.i, self.j]).astype(float)
        self.cost = rng.normal(size=len(self.i))
        noise = rng.gamma(0.5, 2, len(self.i))
        level = rng.normal(0, 1, (n, n))[self.i, self.j]
        self.y = np.exp(level + 0.4 * self.rta - 0.7 * self.cost) * noise
        self.y[rng.random(len(self.y)) < 0.3] = 0
        self.effects = [self.i * 99 + self.t, self.j * 99 + self.t, self.i * 99 + self.j]

    def estimate(self, y: Array | None = None) -> PoissonEstimate:
        """Estimate with three-way effects, clustered by pair."""
        return ppml(
            outcome=self.y if y is None else y,
            regressors={"rta": self.rta, "cost": self.cost},
            effects=self.effects,
            clusters=[self.effects[2]],
        )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("ways", [2, 3])
def test_pyfixest_finds_the_same(ways: int) -> None:
    pf = pytest.importorskip("pyfixest")
    pd = pytest.importorskip("pandas")
    panel = Panel()
    names = ("it", "jt", "ij")
    frame = pd.DataFrame(
        {"y": panel.y, "rta": panel.rta, "cost": panel.cost, **dict(zip(names, panel.effects, strict=True))}
    )
    theirs = pf.fepois(
        f"y ~ rta + cost | {' + '.join(names[:ways])}",
        frame,
        vcov={"CRV1": "ij"},
        fixef_tol=1e-12,
        iwls_tol=1e-12,
        ssc=pf.ssc(k_adj=False),
    )
    ours = ppml(
        outcome=panel.y,
        regressors={"rta": panel.rta, "cost": panel.cost},
        effects=panel.effects[:ways],
        clusters=[panel.effects[2]],
    )
    assert ours.coefficients == pytest.approx(theirs.coef().to_numpy(), rel=1e-6)
    assert ours.standard_errors == pytest.approx(theirs.se().to_numpy(), rel=1e-6)


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_scores_vanish_at_the_estimate(seed: int) -> None:
    panel = Panel(seed, n=8, periods=4)
    found = panel.estimate()
    left = panel.y[found.used] - found.fitted
    scale = panel.y.sum()
    for level in found.levels:
        assert np.abs(np.bincount(level, left)).max() < 1e-7 * scale
    assert np.abs(left @ panel.rta[found.used]) < 1e-7 * scale


def test_a_scaled_outcome_moves_nothing_but_the_effects() -> None:
    panel = Panel()
    one, other = panel.estimate(), panel.estimate(1e6 * panel.y)
    assert other.coefficients == pytest.approx(one.coefficients, abs=1e-8)
    assert other.standard_errors == pytest.approx(one.standard_errors, rel=1e-6)


def test_a_regressor_that_singles_out_zeros_is_separated() -> None:
    rng = np.random.default_rng(0)
    group, other = rng.integers(0, 20, 400), rng.integers(0, 10, 400)
    x = rng.normal(size=400)
    ban = (rng.random(400) < 0.3).astype(float)
    y = rng.poisson(np.exp(0.5 * x + 0.2)).astype(float)
    y[ban == 1] = 0
    found = ppml(outcome=y, regressors={"x": x, "ban": ban}, effects=[group, other])
    free = ban == 0
    without = ppml(outcome=y[free], regressors={"x": x[free]}, effects=[group[free], other[free]])
    assert (found.names, found.dropped, found.separated) == (("x",), ("ban",), int(ban.sum()))
    assert found.coefficients == pytest.approx(without.coefficients, abs=1e-9)


def test_nothing_is_separated_where_a_fit_exists() -> None:
    panel = Panel()
    effects = Effects([np.unique(one, return_inverse=True)[1] for one in panel.effects])
    none = separated_by_regressors(outcome=panel.y, columns=panel.rta[:, None], effects=effects)
    assert not none.any()


def test_levels_without_trade_and_alone_are_left_out() -> None:
    y = np.array([1.0, 2.0, 0.0, 0.0, 3.0, 4.0, 5.0])
    x = np.array([0.3, 0.1, 0.5, 0.7, 0.2, 0.9, 0.4])
    found = ppml(outcome=y, regressors={"x": x}, effects=[np.array(list("aabbccd"))])
    assert found.separated == 2
    assert found.alone == 1
    assert found.used.tolist() == [True, True, False, False, True, True, False]


def test_effects_swept_out_equal_dummies() -> None:
    rng = np.random.default_rng(1)
    levels = [rng.integers(0, size, 200) for size in (15, 6, 4)]
    levels = [np.unique(one, return_inverse=True)[1] for one in levels]
    weights, column = rng.uniform(0.2, 3, 200), rng.normal(size=(200, 2))
    effects = Effects(levels)
    coefficients, _ = effects.weigh(weights).fit(column, tolerance=1e-13)
    ours = column - effects.spread(coefficients)
    dummies = np.concatenate([np.eye(one.max() + 1)[one] for one in levels], axis=1)
    root = np.sqrt(weights)[:, None]
    theirs = column - dummies @ np.linalg.lstsq(dummies * root, column * root, rcond=None)[0]
    assert ours == pytest.approx(theirs, abs=1e-10)


def test_two_ways_of_clusters_by_hand() -> None:
    scores = np.array([[1.0], [2.0], [-1.0], [0.5]])
    one, other = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    effects = Effects([np.zeros(4, dtype=np.int64)])
    variance, words = sandwich(
        bread=np.eye(1), scores=scores, clusters=[one, other], convention="none", effects=effects
    )
    by_one, by_other, by_both = 3.0**2 + 0.5**2, 0.0 + 2.5**2, 1 + 4 + 1 + 0.25
    assert variance[0, 0] == pytest.approx(by_one + by_other - by_both)
    assert words == "no small-sample factor"


def test_two_way_estimates_have_no_bias_but_larger_errors() -> None:
    panel = Panel()
    found = ppml(
        outcome=panel.y,
        regressors={"rta": panel.rta},
        effects=panel.effects[:2],
        clusters=[panel.effects[2]],
    )
    corrected = correct_incidental(
        found, outcome=panel.y, exporter=panel.i, importer=panel.j, period=panel.t, pair_effects=False
    )
    assert corrected.bias.tolist() == [0.0]
    assert corrected.standard_errors[0] > found.standard_errors[0]


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda p: {"outcome": -p.y}, "negative"),
        (lambda p: {"regressors": {"x": np.where(p.i == 3, np.nan, p.rta)}}, "missing"),
        (lambda p: {"effects": []}, "no effect"),
        (lambda p: {"effects": [p.i[:-1]]}, "rows"),
        (lambda p: {"regressors": {"x": p.t.astype(float)}}, "explain every regressor"),
        (lambda p: {"outcome": 0 * p.y}, "no observation"),
    ],
)
def test_bad_input_is_named(spoil, what: str) -> None:  # type: ignore[no-untyped-def]
    panel = Panel()
    good = {"outcome": panel.y, "regressors": {"rta": panel.rta}, "effects": panel.effects}
    with pytest.raises(InputError, match=what):
        ppml(**{**good, **spoil(panel)})


def test_a_pair_twice_in_a_period_is_refused() -> None:
    panel = Panel()
    found = panel.estimate()
    with pytest.raises(InputError, match="several rows"):
        correct_incidental(
            found,
            outcome=panel.y,
            exporter=panel.i,
            importer=panel.j,
            period=np.zeros_like(panel.t),
            pair_effects=True,
        )
