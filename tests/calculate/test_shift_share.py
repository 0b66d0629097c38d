"""Errors of shift-share effects, against published figures and cases with a known answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from openward.calculate.adjustment.shift_share import shift_share
from openward.calculate.adjustment.shock_level import shock_level
from openward.errors import InputError

CONTROLS = (
    "l_shind_manuf_cbp", "l_sh_popedu_c", "l_sh_popfborn", "l_sh_empl_f", "l_sh_routine33",
    "l_task_outsource",
)  # fmt: skip


@dataclass
class Adh:
    frame: pl.DataFrame
    shares: Any
    controls: Any
    sic: Any

    def column(self, name: str) -> Any:
        return self.frame[name].cast(pl.Float64).to_numpy()


@pytest.fixture(scope="module")
def adh(shared: Path) -> Adh:
    folder = shared / "data" / "economy"
    frame = pl.read_parquet(folder / "adh_regions.parquet")
    long = pl.read_parquet(folder / "adh_shares.parquet")
    sectors = pl.read_parquet(folder / "adh_sectors.parquet")
    shares = np.zeros((len(frame), len(sectors)))
    shares[long["row"].to_numpy(), long["sector"].to_numpy()] = long["share"].cast(pl.Float64).to_numpy()
    division = frame["division"].cast(pl.String).to_numpy()
    dummies = [(division == one).astype(float) for one in np.unique(division)[1:]]
    controls = np.column_stack(
        [
            np.ones(len(frame)),
            frame["t2"].cast(pl.Float64).to_numpy(),
            frame.select(CONTROLS).to_numpy(),
            *dummies,
        ]
    )
    return Adh(frame, shares, controls, sectors["sic"].cast(pl.Float64).to_numpy().astype(np.int64))


def test_adh_first_stage_as_the_authors_of_the_method_print_it(adh: Adh) -> None:
    found = shift_share(
        outcome=adh.column("shock"),
        exposure=adh.column("IV"),
        shares=adh.shares,
        controls=adh.controls,
        weights=adh.column("weights"),
        clusters=adh.sic // 10,
    )
    # ShiftShareSE vignette, first stage, 3-digit clusters: 0.6310409, AKM 0.05296055 from 0.5272402
    assert found.coefficient == pytest.approx(0.6310409, abs=5e-8)
    assert found.akm == pytest.approx(0.05296055, abs=5e-9)
    assert found.akm_low == pytest.approx(0.5272402, abs=5e-8)
    # EHW there carries n / (n - k): 0.08700719, with n = 1444 and k = 17
    assert found.ehw * (1444 / 1427) ** 0.5 == pytest.approx(0.08700719, abs=1e-8)


# Intervals in the tests of ShiftShareSE (2018), with a residual sector; clusters: none, four or three digits.
# Shares at hand have seven digits, hence the tolerance.
PUBLISHED = {
    ("first stage", 0): (0.493624884787726, 0.768456991583788, 0.52121433426454, 0.89616408526085),
    ("first stage", 3): (0.527427476422162, 0.734654399949352, 0.537540779056916, 0.837791645754481),
    ("reduced form", 0): (-0.797658160917427, -0.179479273328377, -1.10172812169929, -0.248312181652566),
    ("reduced form", 3): (-0.813632317601625, -0.163505116644179, -1.24990650017766, -0.238657191113524),
    ("iv", 0): (-1.19566933629636, -0.352783981257112, -1.41976305923031, -0.412527307627578),
    ("iv", 4): (-1.19978482171306, -0.348668495840406, -1.47638570382798, -0.418641064338139),
    ("iv", 3): (-1.25393055741664, -0.294522760136827, -1.71727689062525, -0.385713006721926),
}


@pytest.mark.parametrize(("what", "digits"), PUBLISHED)
def test_adh_intervals(adh: Adh, what: str, digits: int) -> None:
    clusters = {0: None, 3: np.append(adh.sic // 10, -1), 4: np.append(adh.sic, -1)}[digits]
    found = shift_share(
        outcome=adh.column("shock" if what == "first stage" else "d_sh_empl"),
        endogenous=adh.column("shock") if what == "iv" else None,
        exposure=adh.column("IV"),
        shares=np.column_stack([adh.shares, 1 - adh.shares.sum(axis=1)]),
        controls=adh.controls,
        weights=adh.column("weights"),
        clusters=clusters,
    )
    ends = (found.akm_low, found.akm_high, found.akm0_low, found.akm0_high)
    assert ends == pytest.approx(PUBLISHED[what, digits], abs=2e-4)
    assert found.akm0_bounded


def test_adh_from_the_shocks(adh: Adh) -> None:
    shocks = np.linalg.lstsq(adh.shares, adh.column("IV"), rcond=None)[0]
    same = {
        "outcome": adh.column("d_sh_empl_mfg"),
        "endogenous": adh.column("shock"),
        "shares": adh.shares,
        "controls": adh.controls,
        "weights": adh.column("weights"),
    }
    found = shock_level(**same, shocks=shocks, clusters=adh.sic // 10)
    assert found.coefficient == pytest.approx(-0.596, abs=5e-4)  # table 3, column 6 of the paper
    assert found.shocks == 770
    # A constant among the shocks asks for the sum of shares among the regions' controls: same coefficient.
    both = shock_level(**same, shocks=shocks, shock_controls=np.ones((770, 1)), clusters=adh.sic // 10)
    wide = np.column_stack([adh.controls, adh.shares.sum(axis=1)])
    region = shift_share(
        **{name: value for name, value in same.items() if name != "controls"},
        controls=wide, exposure=adh.shares @ shocks,
    )  # fmt: skip
    assert both.coefficient == pytest.approx(region.coefficient, rel=1e-8)


def test_one_sector_a_region_is_the_robust_error() -> None:
    # With shares the identity and no controls, sectors are regions and AKM is the robust error by hand.
    exposure = np.array([1.0, -1.0, 2.0, -2.0])
    outcome = np.array([2.0, 0.0, 3.0, -5.0])
    found = shift_share(
        outcome=outcome, exposure=exposure, shares=np.eye(4), controls=np.zeros((4, 1)), weights=np.ones(4)
    )
    # b = (2 + 0 + 6 + 10) / 10 = 1.8; u = .2, 1.8, -.6, -1.4; z u = .2, -1.8, -1.2, 2.8
    assert found.coefficient == pytest.approx(1.8)
    assert found.akm == pytest.approx((0.04 + 3.24 + 1.44 + 7.84) ** 0.5 / 10)
    assert found.ehw == pytest.approx(found.akm)
    # AKM0: (18 - 10 b)^2 <= q^2 sum (z_i (y_i - z_i b))^2, at its ends with equality
    for end in (found.akm0_low, found.akm0_high):
        spread = np.sum((exposure * (outcome - end * exposure)) ** 2)
        assert (18 - 10 * end) ** 2 == pytest.approx(1.959963984540054**2 * spread)


def test_faults_are_said() -> None:
    base = {
        "outcome": np.array([1.0, 2.0, 3.0]),
        "exposure": np.array([1.0, 0.0, 2.0]),
        "shares": np.eye(3),
        "controls": np.ones((3, 1)),
        "weights": np.ones(3),
    }
    for change, message in (
        ({"exposure": np.ones(3)}, "nothing is left"),
        ({"shares": np.ones((3, 2))}, "collinear"),
        ({"weights": np.array([1.0, 0.0, 1.0])}, "above zero"),
        ({"outcome": np.array([1.0, np.nan, 1.0])}, "not finite"),
        ({"weights": np.ones(2)}, "2 rows"),
        ({"clusters": np.array([1, 2])}, "2 labels for 3 sectors"),
    ):
        with pytest.raises(InputError, match=message):
            shift_share(**(base | change))
