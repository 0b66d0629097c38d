"""Hindcasts: seals that show tampering, scores by hand, and the published episodes made again."""

from __future__ import annotations

import hashlib
import json
import math
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.errors import InputError, IntegrityError, MissingDataError, RefusedError, UnknownCodeError
from openward.impact.hindcast.episode import Observed
from openward.impact.hindcast.prediction import (
    Cell,
    Prediction,
    gravity_changes,
    prediction_of,
    share_changes,
)
from openward.impact.hindcast.run import EPISODES, compare, episode, hindcast
from openward.impact.hindcast.score import ranks, score
from openward.impact.hindcast.seal import canonical, open_seal, read_sealed, seal, write_sealed
from openward.impact.hindcast.tables import bilateral

TODAY = date(2026, 11, 24)


def _prediction(*cells: Cell) -> Prediction:
    return Prediction(
        "toy", "A toy", "two economies", "then", "later", "caliendo-parro", "fixed", "none", 2, 0, cells
    )


def _cell(importer: str, exporter: str, predicted: float, group: str = "between") -> Cell:
    return Cell(importer, exporter, group, predicted, predicted - 0.1, predicted + 0.1, 0.0)


TOY = _prediction(_cell("CHN", "USA", -0.5), _cell("USA", "CHN", 0.25))


def test_canonical_json_is_the_text_we_expect() -> None:
    assert canonical({"b": [1.5, "é"], "a": None}) == '{"a":null,"b":[1.5,"é"]}'.encode()
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": math.nan})


def test_the_seal_is_the_digest_of_the_prediction_and_its_day() -> None:
    document = seal(TOY, on=TODAY)
    body = {"prediction": document["prediction"], "sealed_on": "2026-11-24"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert document["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert open_seal(document) == (TOY, TODAY, document["sha256"])
    assert prediction_of(TOY.as_dict()) == TOY


@pytest.mark.parametrize("change", ["value", "day", "law", "dropped", "seal"])
def test_tampering_is_found(change: str, tmp_path: Path) -> None:
    path = write_sealed(TOY, tmp_path, on=TODAY)
    document = json.loads(path.read_text(encoding="utf-8"))
    if change == "value":
        document["prediction"]["cells"][0][3] = -0.499999
    elif change == "day":
        document["sealed_on"] = "2016-01-01"
    elif change == "law":
        document["prediction"]["law_after"] = "another"
    elif change == "dropped":
        del document["prediction"]["cells"][1]
    else:
        document["sha256"] = "0" * 64
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(IntegrityError, match="seal is broken"):
        read_sealed("toy", tmp_path)


def test_layout_does_not_break_a_seal_and_nothing_is_overwritten(tmp_path: Path) -> None:
    path = write_sealed(TOY, tmp_path, on=TODAY)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=7), encoding="utf-8")
    assert read_sealed("toy", tmp_path)[0] == TOY
    with pytest.raises(RefusedError, match="exists"):
        write_sealed(TOY, tmp_path, on=TODAY)


def test_what_is_no_seal_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError):
        read_sealed("toy", tmp_path)
    (tmp_path / "toy.json").write_text("{}", encoding="utf-8")
    with pytest.raises(IntegrityError, match="no sealed prediction"):
        read_sealed("toy", tmp_path)
    (tmp_path / "toy.json").write_text("not json", encoding="utf-8")
    with pytest.raises(IntegrityError, match="not JSON"):
        read_sealed("toy", tmp_path)


def test_every_shipped_seal_holds() -> None:
    for name in EPISODES:
        prediction, _, _ = read_sealed(name)
        assert prediction.episode == name
        assert all(c.low <= c.high for c in prediction.cells)
    with pytest.raises(UnknownCodeError, match="no episode"):
        episode("brexit")


def test_scores_by_hand() -> None:
    predicted = np.array([1.0, 2.0, 3.0, -2.0])
    observed = np.array([2.0, 1.0, 4.0, 1.0])
    found = score(predicted, observed, method="m", group="g", low=predicted - 1, high=predicted + 1)
    assert found.sign_share == 0.75
    # Ranks 2 3 4 1 against 3 1.5 4 1.5: covariance 3.0 / 4, variances 5 / 4 and 4.5 / 4.
    assert found.rank_correlation == pytest.approx(3.0 / math.sqrt(5.0 * 4.5))
    # Means 1 and 2; 0*0 + 1*(-1) + 2*2 + (-3)*(-1) = 6 over 0 + 1 + 4 + 9 = 14.
    assert found.slope == pytest.approx(6 / 14)
    assert found.rmse == pytest.approx(math.sqrt((1 + 1 + 1 + 9) / 4))
    assert found.inside == 0.75


def test_a_method_that_predicts_nothing_has_no_rank() -> None:
    found = score(np.zeros(3), np.array([1.0, -1.0, 0.5]), method="proportional", group="all")
    assert (found.sign_share, found.rank_correlation, found.slope, found.inside) == (None, None, None, None)
    assert found.rmse == pytest.approx(math.sqrt(2.25 / 3))
    with pytest.raises(InputError, match="too few"):
        score(np.zeros(2), np.zeros(2), method="m", group="g")


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=30))
def test_ranks_sum_as_they_must(values: list[int]) -> None:
    n = len(values)
    found = ranks([float(v) for v in values])
    assert found.sum() == pytest.approx(n * (n + 1) / 2)
    assert all((a < b) == (found[i] < found[j]) for i, a in enumerate(values) for j, b in enumerate(values))


def test_changes_of_shares_by_hand() -> None:
    before = np.array([[0.0, 10.0], [30.0, 0.0]])
    after = np.array([[0.0, 20.0], [20.0, 0.0]])
    found = share_changes(before, after, before > 0)
    # Shares 1/4 and 3/4 become 1/2 and 1/2.
    np.testing.assert_allclose(found, [math.log(2.0), math.log(2.0 / 3.0)])
    tariffs = np.zeros((2, 2, 1))
    later = tariffs.copy()
    later[0, 1] = 0.1
    moved = gravity_changes(before[:, :, None], tariffs, later, before > 0)
    assert moved[0] - moved[1] == pytest.approx(-5.03 * math.log(1.1))


def test_a_comparison_leaves_out_what_was_not_observed() -> None:
    codes = ("CHN", "USA", "JPN")
    cells = (
        _cell("CHN", "USA", -0.1),
        _cell("USA", "CHN", 0.2),
        _cell("JPN", "CHN", 0.1, "with"),
        _cell("JPN", "USA", 0.1, "with"),
        _cell("KOR", "USA", 0.1, "with"),
    )
    before = np.array([[0, 10.0, 0], [10.0, 0, 0], [10.0, 0, 0]])
    after = np.array([[0, 10.0, 0], [30.0, 0, 0], [20.0, 5.0, 0]])
    found = compare(
        _prediction(*cells),
        Observed(codes, before, after, "toy"),
        sealed_on=TODAY,
        sha256="",
        made_again=0.0,
        caveat="",
    )
    assert found.left_out == (("JPN", "USA"), ("KOR", "USA"))
    assert found.world_growth == pytest.approx(1.0)
    assert [c.observed for c in found.compared] == pytest.approx([math.log(0.5), math.log(1.5), 0.0])
    every = {s.method: s for s in found.scores if s.group == "all"}
    assert every["model"].sign_share == pytest.approx(2 / 3)
    assert every["no change"].rmse == pytest.approx(
        math.sqrt((0.0 + math.log(3.0) ** 2 + math.log(2.0) ** 2) / 3)
    )
    assert not [s for s in found.scores if s.group == "between"]  # two pairs are too few


def test_trade_is_summed_by_group_and_rest() -> None:
    frame = pl.DataFrame(
        {
            "importer": ["CHN", "CHN", "FRA", "PER", "DEU"],
            "exporter": ["FRA", "DEU", "CHN", "CHN", "FRA"],
            "value": [1.0, 2.0, 4.0, 8.0, 99.0],
        }
    )
    found = bilateral(frame, ("CHN", "EU", "ROW"), group={"FRA": "EU", "DEU": "EU"}, rest="ROW")
    assert found.tolist() == [[0, 3, 0], [4, 0, 0], [8, 0, 0]]


@pytest.mark.slow
@pytest.mark.parametrize("name", list(EPISODES))
def test_episodes_made_again_are_what_was_sealed(name: str, shared: Path) -> None:
    found = hindcast(name, shared / "data")
    assert found.agrees
    assert all(np.isfinite(s.rmse) for s in found.scores)
    document = json.dumps(found.as_dict(), allow_nan=False)
    assert found.sha256 in document


def test_the_trade_war_hit_the_two_who_fought_it() -> None:
    cells = {(c.importer, c.exporter): c for c in read_sealed("us-china-2018-2019")[0].cells}
    hit = cells["USA", "CHN"], cells["CHN", "USA"]
    assert all(c.high < 0 for c in hit)
    assert all(c.predicted > max(h.predicted for h in hit) for c in cells.values() if c not in hit)
