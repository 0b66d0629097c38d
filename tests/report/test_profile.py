from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from openward.errors import InputError, MissingDataError, UnknownCodeError
from openward.indicators.run import run
from openward.indicators.value_added.accounts import table_accounts
from openward.indicators.value_added.border_crossings import economy_participation
from openward.indicators.value_added.participation import chain_trade
from openward.observe.input_output import input_output
from openward.observe.tables import read
from openward.report.profile import pdf as pdf_module
from openward.report.profile.as_json import profile_dict
from openward.report.profile.as_text import profile_text
from openward.report.profile.build import profile
from openward.report.profile.charts import figures
from openward.report.profile.model import Profile, Quantity, Source, Standing
from openward.report.profile.page import key_facts, render
from openward.report.profile.pdf import profile_pdf, typeset
from openward.report.profile.reading import Reader, name_of, owner, standing, with_article
from openward.report.profile.words import explained, figure, more_than, share

HOSTILE = "<script>alert('x')</script>\"&"


@pytest.fixture(scope="module")
def china() -> Profile:
    return profile("CHN")


@pytest.fixture(scope="module")
def iceland() -> Profile:
    return profile("ISL")


def known(found: Profile) -> dict[str, Quantity]:
    return {one.key: one for section in found.sections for one in section.quantities}


def test_figures_are_those_of_the_indicators(china: Profile) -> None:
    for name in ("trade-ratio", "export-world-share", "eci", "import-supplier-hhi"):
        frame = run(name, economies=["CHN"]).frame.sort("year")
        assert known(china)[name].value == pytest.approx(frame["value"][-1], rel=1e-12)
        assert known(china)[name].year == frame["year"][-1]
    tariff = run("simple-average-tariff", economies=["CHN"]).frame
    assert known(china)["simple-average-tariff"].value == tariff["value"][0]


def test_partner_shares_are_sums_of_the_trade_table(china: Profile) -> None:
    rows = read("trade-total").frame.collect()
    sold = rows.filter(pl.col("exporter") == "CHN")
    to_usa = float(sold.filter(pl.col("importer") == "USA")["value"].sum())
    usa = next(one for one in china.partners if one.code == "USA")
    assert usa.exports == pytest.approx(to_usa / 1e3, rel=1e-12)
    assert usa.export_share == pytest.approx(to_usa / float(sold["value"].sum()), rel=1e-12)
    totals = [one.exports + one.imports for one in china.partners]
    assert totals == sorted(totals, reverse=True)


def test_a_rank_counts_the_larger_values() -> None:
    rows = pl.DataFrame(
        {"economy": ["AUS", "BEL", "CHN", "DEU", "ESP", "FRA", "GBR", "ITA", "JPN", "KOR", "WLD"],
         "value": [1.0, 2.0, 3.0, 3.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 99.0]}
    )  # fmt: skip
    assert standing(rows, "economy", 3.0) == Standing(rank=7, of=10, median=5.5)
    assert standing(rows.head(9), "economy", 3.0) is None


def test_participation_from_local_inverses_is_that_of_the_whole_inverse() -> None:
    rng = np.random.default_rng(5)
    g, n = 4, 3
    table = input_output(
        economies=("AUS", "BEL", "CHN", "DEU"),
        sectors=("a", "b", "c"),
        Z=rng.uniform(0, 1, (g * n, g * n)),
        F=rng.uniform(2, 6, (g * n, g)),
        year=2022,
        unit="million USD",
        source="made up",
    )
    ready = table_accounts(table)
    whole, local = chain_trade(accounts=ready), economy_participation(table)
    for name in ("exports", "backward", "forward"):
        expected = ready.by_economy(getattr(whole, name)).sum(axis=1)
        np.testing.assert_allclose(getattr(local, name), expected, rtol=1e-12)


def test_participation_of_two_economies_by_hand() -> None:
    # One sector each: v = 1 - a, and a fifth of each output is bought from the other.
    table = input_output(
        economies=("AUS", "BEL"),
        sectors=("a",),
        Z=np.array([[10.0, 20.0], [20.0, 10.0]]),
        F=np.array([[60.0, 10.0], [10.0, 60.0]]),
        year=None,
        unit="million USD",
        source="made up",
    )
    found = economy_participation(table)
    # E = 30; L = 1 / (1 - 0.1); v = 0.7; v L = 7/9; used up by the buyer: 10 + 0.2 * 60 / 0.9.
    content = 0.7 / 0.9
    np.testing.assert_allclose(found.exports, [30.0, 30.0])
    np.testing.assert_allclose(found.backward, 30.0 - content * 30.0)
    np.testing.assert_allclose(found.forward, content * 30.0 - content * (10.0 + 0.2 * 60.0 / 0.9))


def test_value_added_adds_up(china: Profile) -> None:
    found = known(china)
    made, backward, forward, total = (
        found[f"gvc-participation.{key}"].value or 0.0 for key in ("domestic", "backward", "forward", "total")
    )
    assert made + backward == pytest.approx(1.0, abs=1e-12)
    assert backward + forward == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize("which", ["china", "iceland"])
def test_every_figure_says_where_it_is_from_or_why_it_is_not_there(
    which: str, request: pytest.FixtureRequest
) -> None:
    found: Profile = request.getfixturevalue(which)
    numbers = {source.number for source in found.sources}
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    for one in known(found).values():
        assert one.basis
        if one.value is None:
            assert one.missing
            assert any(one.label in gap for gap in found.gaps)
        else:
            assert math.isfinite(one.value)
            assert one.unit
            assert one.source in numbers
    for source in found.sources:
        assert source.name
        assert source.vintage


def test_what_no_book_holds_is_said(iceland: Profile) -> None:
    invest = known(iceland)["fdi-restrictiveness"]
    assert invest.value is None
    assert "no rules on investment in ISL" in invest.missing
    assert iceland.index.rank is None
    assert "--data" in iceland.index.missing
    assert iceland.claims.missing
    for text in (profile_text(iceland), render(iceland)):
        assert "not at hand" in text
        assert not re.search(r"\bnan\b|\bNone\b(?! of)|\binf\b", text)


def test_claims_about_china_are_counted(china: Profile) -> None:
    counts = dict(china.claims.counts)
    assert sum(counts.values()) == 58
    assert counts["not-checkable"] < 58


def test_the_headline_answers_both_questions(china: Profile) -> None:
    ratio = known(china)["trade-ratio"]
    assert china.headline.startswith("China's trade is ")
    assert f"{figure(ratio)} of GDP" in china.headline
    assert "of its imports" in china.headline


def test_json_is_finite_and_whole(china: Profile) -> None:
    told = profile_dict(china)
    assert told["schema"] == "openward.profile/1"
    back = json.loads(json.dumps(told, allow_nan=False))
    assert [section["key"] for section in back["sections"]] == [
        "openness",
        "partners",
        "products",
        "dependency",
        "chains",
        "law",
        "index",
    ]
    assert back["sections"][0]["quantities"][0]["value"] == known(china)["trade-ratio"].value
    assert len(back["peers"]) == 80


def test_the_page_is_alone_and_runs_nothing(china: Profile) -> None:
    page = render(china)
    assert "<script" not in page
    assert "url(" not in page
    assert "@import" not in page
    assert not re.search(r"<(?:img|link|iframe)[^>]+(?:src|href)=\"(?!data:)", page)
    assert "style=" not in page
    for number in re.findall(r'href="#(source-\d+)"', page):
        assert f'id="{number}"' in page
    assert len(page) < 400_000


def test_text_from_data_is_escaped(china: Profile) -> None:
    hostile = replace(
        china, name=HOSTILE, headline=HOSTILE, sources=(Source(1, HOSTILE, HOSTILE, (HOSTILE,)),)
    )
    assert "<script" not in render(hostile)


@pytest.mark.parametrize("which", ["china", "iceland"])
def test_charts_are_valid_and_read_out(which: str, request: pytest.FixtureRequest) -> None:
    found: Profile = request.getfixturevalue(which)
    drawn = figures(found)
    assert {"openness", "partners", "products", "dependency", "chains"} <= set(drawn)
    for one in drawn.values():
        spec: dict[str, Any] = one.draw().to_dict(validate=True)
        assert spec["layer"]
        assert one.says


def test_a_profile_with_nothing_to_draw_draws_nothing(china: Profile) -> None:
    bare = replace(
        china,
        course=(),
        peers=(),
        partners=(),
        products=(),
        dependencies=(),
        chains=replace(china.chains, quantities=()),
    )
    assert figures(bare) == {}
    assert "<svg" not in render(bare).split("<dl")[2]
    assert key_facts(bare)


def pages(made: bytes) -> int:
    return max(int(n) for n in re.findall(rb"/Count (\d+)", made))


@pytest.mark.parametrize("which", ["china", "iceland"])
def test_the_pdf_is_one_page(which: str, request: pytest.FixtureRequest) -> None:
    made = profile_pdf(request.getfixturevalue(which))
    assert made.startswith(b"%PDF-")
    assert pages(made) == 1


def test_a_long_profile_still_fits_one_page(china: Profile) -> None:
    law = replace(china.law, notes=tuple(f"note {n}: " + "words " * 12 for n in range(40)))
    assert pages(profile_pdf(replace(china, law=law))) == 1


def test_letters_without_a_font_are_an_error_not_boxes(
    china: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_module, "CJK", ())
    with pytest.raises(InputError, match="no font here has its letters"):
        profile_pdf(replace(china, sources=(Source(1, "海关总署", "2024", ()),)))


def test_chinese_prints_where_a_font_has_it(china: Profile) -> None:
    typst = pytest.importorskip("typst")
    known_fonts = typst.Fonts(include_system_fonts=True).families()
    if not any(word in name for name in known_fonts for word in pdf_module.CJK):
        pytest.skip("no font with Chinese letters here")
    made = profile_pdf(replace(china, sources=(Source(1, "海关总署", "2024", ()),)))
    assert pages(made) == 1


def test_a_document_that_typst_cannot_read_is_not_swallowed() -> None:
    with pytest.raises(Exception, match="dictionary"):
        typeset("{}")


def test_an_earlier_year_uses_nothing_later() -> None:
    with pytest.raises(MissingDataError, match="up to 2001"):
        profile("DEU", year=2001)


def test_unknown_economies_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownCodeError, match="CHI"):
        profile("CHI")
    with pytest.raises(MissingDataError, match="no such folder"):
        profile("CHN", data=tmp_path / "none")
    with pytest.raises(MissingDataError, match="no trade of Fiji"):
        profile("FJI")


def test_an_empty_folder_gives_what_ships_and_says_so(tmp_path: Path) -> None:
    found = profile("DEU", data=tmp_path)
    assert "not in the folder given" in known(found)["trade-ratio"].basis
    assert "industries that ship" in " ".join(found.products_section.notes)


def test_words() -> None:
    one = Quantity("k", "Label", 0.1234, "fraction of GDP", 2020, "goods", 1, Standing(3, 10, 0.5))
    assert figure(one) == "12.3 %"
    assert explained(one) == "2020 · of GDP · goods; rank 3 of 10, median 50.0 %"
    assert more_than(one) == "more than 7 of the other 9 economies"
    assert more_than(replace(one, standing=Standing(9, 10, 0.5))) == "less than 8 of the other 9 economies"
    assert figure(replace(one, value=12.0, unit="products")) == "12"
    assert figure(replace(one, value=-0.004, unit="index")) == "0.00"
    assert share(0.00012) == "0.012 %"
    assert explained(replace(one, value=None, missing="no figure")) == "not at hand: no figure"
    assert owner("USA") == "The United States'"
    assert with_article("NLD") == "the Netherlands"
    assert name_of("KOR") == "Korea"


def test_sources_are_numbered_once() -> None:
    reader = Reader("CHN", data=None, year=None, book="chn", on=None)
    assert reader.note_source("A", "2020", ("x",)) == 1
    assert reader.note_source("B", "2020", ()) == 2
    assert reader.note_source("A", "2020", ("x", "y")) == 1
    assert reader.sources[0].notes == ("x", "y")


@pytest.mark.slow
def test_a_folder_gives_years_and_the_index(shared: Path) -> None:
    found = profile("CHN", data=shared / "data")
    ratio = known(found)["trade-ratio"]
    assert len(found.course) > 30
    assert found.course[-1].value == ratio.value
    assert found.partners_year == 2023
    assert found.index.rank is not None
    assert found.index.low is not None
    assert found.index.high is not None
    assert found.index.low <= found.index.rank <= found.index.high
    assert not found.gaps
    early = profile("CHN", data=shared / "data", year=2010)
    assert early.course[-1].year == 2010
    assert early.partners_year == 2010
    assert known(early)["eci"].year in (None, 2005)


@pytest.mark.slow
def test_every_economy_that_ships_has_a_profile() -> None:
    from openward.observe.worldpack import load_world

    for code in load_world().economies[3::16]:
        found = profile(code)
        assert found.partners
        assert all(math.isfinite(one.value) for one in known(found).values() if one.value is not None)
