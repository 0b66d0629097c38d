"""Every claim of the shipped ledger: verdict and figure, worked out by hand from the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from openward.book import load, load_reform
from openward.book.model import Flow, Instrument
from openward.book.reform import Reform, Repeal, apply
from openward.claims.check import check
from openward.claims.claim import Finding
from openward.claims.reading import load_ledger, parse_ledger

COMPUTED: Mapping[str, tuple[str, float | bool, float]] = {
    # id: verdict, figure, allowed distance. Figures in the comments are billion USD unless said.
    "C05": ("differs", 5, 0),  # first in 2017, 2018, 2019, 2020, 2023 of the years at hand
    "C06": ("confirmed", 14.57, 0.005),  # 3,576.8 of 24,551
    "C07": ("confirmed", 9.71, 0.005),  # 1,818.4 of 18,736
    "C08": ("differs", 10.51, 0.005),  # 2,556.9 of 24,333, in 2023
    "C09": ("differs", 0.9969, 0.00005),  # 383.96 + 612.98
    "C10": ("differs", 3, 0),  # USA 1,674, DEU 984, CHN 941 in the table of 2022
    "C11": ("differs", 4.446, 0.0005),
    "C14": ("differs", 172.2, 0.05),
    "C15": ("contradicted", 6.5, 0.05),  # 138.29 of 2,116.8 in 2017, the lowest of nine years
    "C17": ("confirmed", 93, 0),
    "C18": ("confirmed", 29, 0),
    "C19": ("confirmed", 0, 0),
    "C20": ("confirmed", 22, 0),
    "C22": ("confirmed", 10, 0),  # HKG, MAC, ASEAN, CHL, PAK, NZL, SGP, PER, CRI, TWN
    "C23": ("confirmed", 23, 0),  # + ISL, CHE, KOR, AUS, GEO, MUS, KHM, RCEP, NIC, ECU, SRB, HND, MDV
    "C24": ("confirmed", 18, 0),  # ten of ASEAN and eight others
    "C25": ("confirmed", 30, 0),  # + twelve: Japan comes with RCEP
    "C26": ("differs", 44.2, 0.05),
    "C27": ("differs", 30.8, 0.05),
    "C31": ("confirmed", 100, 0),
    "C32": ("confirmed", 53, 0),
    "C34": ("differs", 20.3, 0.05),
    "C37": ("confirmed", 95749, 0.5),  # yuan
    "C38": ("differs", 2, 0),  # USA 2,903, CHN 2,044, DEU 1,357
    "C41": ("differs", 41.3, 0.05),
    "C45": ("differs", True, 0),
    "C52": ("confirmed", 4, 0),
    "C56": ("differs", False, 0),  # 59 of 80 economies have them all
}
HOLDS_THOUGH_IT_DIFFERS = {"C08", "C26", "C27", "C38", "C45"}
BESIDE = {"C08": 10.40, "C14": 192.2, "C17": 63, "C19": 2, "C26": 41.7, "C27": 30.7, "C34": 21.0, "C56": 59}


@pytest.fixture(scope="module")
def found(shared: Path) -> Mapping[str, Finding]:
    return {finding.claim.id: finding for finding in check(load_ledger(), data=shared / "data")}


def test_all_58_have_a_verdict_a_basis_and_a_source(found: Mapping[str, Finding]) -> None:
    assert len(found) == 58
    for key, finding in found.items():
        told = finding.as_dict()
        assert told["verdict"] in {"confirmed", "differs", "contradicted", "not-checkable"}
        assert told["basis"], key
        assert told["source"], key
        assert told["sentence"].endswith(".")
        assert (told["computed"] is None) == (told["verdict"] == "not-checkable")
        # What was computed says from what; what was not says what it would need.
        assert told["data"] if told["computed"] is not None else told["needs"], key
        assert told["needs"] or told["verdict"] != "differs", key


def test_counts(found: Mapping[str, Finding]) -> None:
    counts = Counter(finding.verdict for finding in found.values())
    assert counts == {"confirmed": 14, "differs": 13, "contradicted": 1, "not-checkable": 30}


@pytest.mark.parametrize("key", [f"C{k:02d}" for k in range(1, 59)])
def test_verdict_and_figure(found: Mapping[str, Finding], key: str) -> None:
    finding = found[key]
    if key not in COMPUTED:
        assert (finding.verdict, finding.computed) == ("not-checkable", None)
        return
    verdict, figure, allowed = COMPUTED[key]
    assert finding.verdict == verdict
    assert finding.computed == pytest.approx(figure, abs=allowed + 1e-9)
    assert finding.holds is (verdict == "confirmed" or key in HOLDS_THOUGH_IT_DIFFERS)


@pytest.mark.parametrize(("key", "figure"), BESIDE.items())
def test_figures_beside(found: Mapping[str, Finding], key: str, figure: float) -> None:
    assert found[key].beside[0][1] == pytest.approx(figure, abs=0.05)


def test_nine_years_of_outward_investment(found: Mapping[str, Finding]) -> None:
    shares = [round(float(value), 1) for value in found["C15"].series.values()]
    assert shares == [9.8, 6.5, 15.7, 8.7, 15.2, 7.0, 9.6, 20.8, 9.9]
    assert "fails in 6 of 9 years" in found["C15"].sentence


def test_years_left_out_are_named(found: Mapping[str, Finding]) -> None:
    assert found["C05"].differs_in == ("basis", "coverage")
    assert "2021-2022, 2024" in found["C05"].needs


def test_sentences_can_be_printed_as_they_are(found: Mapping[str, Finding]) -> None:
    said = {key: finding.sentence for key, finding in found.items()}
    assert said["C06"] == "Confirmed: 14.57 %; basis: WDI TX.VAL.MRCH.CD.WT (claim: at least 14 %)."
    assert said["C08"].startswith("Differs in period, not in size: 10.51 %")
    assert said["C09"].startswith("Differs in basis, and in size: 0.9969 trillion USD")
    assert said["C37"].endswith("(claim: about 96,000 yuan).")
    assert said["C38"].startswith("Differs in period and coverage, not in size: rank 2;")
    assert said["C45"].startswith("Differs in basis, not in substance: the test holds;")


def test_unverified_law_is_marked(found: Mapping[str, Finding]) -> None:
    assert {datum.status for datum in found["C23"].data} == {"unverified"}
    assert {datum.status for datum in found["C06"].data} == {"official"}


def test_without_data_the_shipped_figures_answer_and_the_rest_says_so() -> None:
    found = {finding.claim.id: finding for finding in check(load_ledger())}
    assert found["C06"].computed == pytest.approx(14.57, abs=0.005)
    assert found["C15"].verdict == "contradicted"
    assert found["C23"].computed == 23
    for key in ("C05", "C26", "C27", "C34", "C38", "C58"):
        assert found[key].verdict == "not-checkable"
        assert "--data" in found[key].needs


def test_a_reform_moves_the_claims_that_rest_on_the_book() -> None:
    book = load("chn")
    item = next(
        m.id
        for m in book.measures.values()
        if m.instrument is Instrument.PILOT_ZONE and m.flow is Flow.INWARD_INVESTMENT and m.zone == "xinjiang"
    )
    reform = Reform(
        name="one-zone-less",
        title={"en": "One zone less"},
        description={},
        source={},
        edits=(Repeal(item, book.measures[item].valid.start),),
    )
    found = {finding.claim.id: finding for finding in check(load_ledger(), book=apply(book, reform))}
    assert found["C20"].computed == 21
    assert found["C20"].verdict == "contradicted"
    africa = load_reform("africa-zero-tariff")
    assert {f.claim.id: f.computed for f in check(load_ledger(), book=apply(book, africa))}["C32"] == 53


def test_indicators_of_the_catalogue_can_be_claimed(shared: Path) -> None:
    ledger = parse_ledger(
        "schema: openward.claims/1\nname: one\nsource: somebody\nclaims:\n"
        "  - {id: A, claim: trade over GDP, subject: CHN, period: 2023, relation: '~=', value: 36.1, "
        'basis: WDI, formula: \'percent(indicator("trade-ratio", economy="CHN", year=2023))\'}\n'
    )
    (finding,) = check(ledger, data=shared / "data")
    # Exports 19.10 and imports 17.00 percent of GDP as the World Bank publishes them.
    assert finding.computed == pytest.approx(36.105, abs=0.001)
    assert finding.data[0].title == "indicator trade-ratio: Trade over GDP"
