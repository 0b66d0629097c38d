from __future__ import annotations

from pathlib import Path

import pytest

from openward.errors import InputErrors, MissingDataError, UnknownCodeError, UsageError
from openward.indicators.run import run


def test_what_ships_answers_without_data() -> None:
    table = run("export-ratio", economies=["CHN"])
    assert table.frame.columns == ["year", "economy", "value"]
    assert 0.1 < table.frame["value"].item() < 0.4
    assert table.unit == "fraction of GDP"
    assert "OECD" in table.source
    assert table.vintage
    assert table.notes


def test_the_published_share_of_china_in_world_exports() -> None:
    """World Development Indicators, TX.VAL.MRCH.CD.WT: 14.57 % in 2024."""
    table = run("published-world-share", economies=["CHN"], years=[2024])
    assert round(table.frame["value"].item() * 100, 2) == 14.57


def test_years_over_a_folder_of_data(shared: Path) -> None:
    table = run(
        "export-ratio", data=shared / "data", economies=["CHN", "DEU"], years=range(2000, 2021), by="economy"
    )
    assert table.frame.columns == ["year", "CHN", "DEU"]
    assert table.frame["year"].to_list() == list(range(2000, 2021))
    # World Development Indicators NE.EXP.GNFS.ZS, Germany 2019: 42 % after the revision of 2024.
    germany = dict(table.frame.select("year", "DEU").iter_rows())
    assert germany[2019] == pytest.approx(0.42, abs=0.05)


def test_a_year_a_slip_and_an_economy_without_value() -> None:
    with pytest.raises(InputErrors, match="1800") as found:
        run("export-ratio", economies=["CHN"], years=[1800, 2022])
    assert "years at hand" in found.value.hint
    with pytest.raises(InputErrors, match="TUV") as found:
        run("export-ratio", economies=["TUV"])
    assert "economies at hand" in found.value.hint
    with pytest.raises(InputErrors) as found:
        run("export-ratio", economies=["CHX", "chn"])
    assert len(found.value.errors) == 2
    assert "CHN" in found.value.hint
    with pytest.raises(UnknownCodeError, match="expot-ratio") as unknown:
        run("expot-ratio")
    assert "export-ratio" in unknown.value.hint


def test_a_key_or_option_that_it_does_not_have() -> None:
    with pytest.raises(UsageError, match="no key"):
        run("export-ratio", by="product")
    with pytest.raises(UnknownCodeError, match="no option"):
        run("export-ratio", options={"theta": 4})


def test_no_data_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="macro"):
        run("export-ratio", data=tmp_path)
    with pytest.raises(MissingDataError, match="no value"):
        run("export-quantity-index")


def test_options_change_the_value() -> None:
    low = run("acr-gains", economies=["USA"], options={"theta": 10.0}).frame["value"].item()
    high = run("acr-gains", economies=["USA"]).frame["value"].item()
    assert low < high < 0.05
