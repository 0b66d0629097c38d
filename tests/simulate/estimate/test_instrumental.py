from __future__ import annotations

import numpy as np
import pytest

from openward.errors import InputError
from openward.simulate.estimate.instrumental import InstrumentalEstimate, two_stage_least_squares


def _estimate(seed: int = 0, *, rows: int = 4000, **changes: object) -> InstrumentalEstimate:
    rng = np.random.default_rng(seed)
    z, common = rng.normal(size=rows), rng.normal(size=rows)
    x = 0.8 * z + common + rng.normal(size=rows)
    data: dict[str, object] = {
        "outcome": 2.0 * x + common + 1.0,
        "endogenous": x,
        "instrument": z,
        "controls": np.ones((rows, 1)),
        "weights": rng.uniform(0.5, 2.0, rows),
        "clusters": np.arange(rows) // 20,
        "small_sample": False,
    }
    return two_stage_least_squares(**{**data, **changes})  # type: ignore[arg-type]


def test_the_instrument_removes_the_bias() -> None:
    found = _estimate()
    assert abs(found.coefficient - 2.0) < 3 * found.standard_error
    assert found.first_stage == pytest.approx(0.8, abs=3 * found.first_stage_error)
    assert found.clusters == 200
    assert found.small_sample == 1.0


def test_instrumenting_with_itself_is_least_squares() -> None:
    rng = np.random.default_rng(1)
    x, y, w = rng.normal(size=60), rng.normal(size=60), rng.uniform(1, 2, 60)
    found = two_stage_least_squares(
        outcome=y,
        endogenous=x,
        instrument=x,
        controls=np.ones((60, 1)),
        weights=w,
        clusters=np.arange(60),
        small_sample=True,
    )
    X = np.column_stack([x, np.ones(60)]) * np.sqrt(w)[:, None]
    assert found.coefficient == pytest.approx(np.linalg.lstsq(X, y * np.sqrt(w), rcond=None)[0][0])
    assert found.small_sample == pytest.approx(60 / 59 * 59 / 58)


def test_the_weights_scale_and_the_order_of_rows_do_not_matter() -> None:
    one = _estimate()
    rows = 4000
    rng = np.random.default_rng(0)
    rng.normal(size=3 * rows)
    scaled = _estimate(weights=5.0 * rng.uniform(0.5, 2.0, rows))
    assert scaled.coefficient == pytest.approx(one.coefficient, rel=1e-12)
    assert scaled.standard_error == pytest.approx(one.standard_error, rel=1e-9)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outcome": np.full(4000, np.nan)}, "missing"),
        ({"weights": np.zeros(4000)}, "not positive"),
        ({"clusters": np.zeros(4000, dtype=np.int64)}, "two clusters"),
        ({"controls": np.ones((4000, 2))}, "collinear"),
    ],
)
def test_what_cannot_be_estimated_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        _estimate(**changes)
