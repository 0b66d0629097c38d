"""The duty on an industry as a decision says what the interpreter of averages says."""

from __future__ import annotations

from datetime import date

import pytest

from openward.book import load
from openward.determine.decision import Question, Verdict
from openward.determine.goods import decide
from openward.determine.goods_industry import decide_industry
from openward.determine.rate import applied_rate
from openward.errors import UnknownCodeError, UsageError

ON = date(2025, 6, 1)


def _asked(origin: str, sector: str, *, importer: str = "", claim: str = "") -> Question:
    return Question("import", ON, importer=importer, origin=origin, sector=sector, claim=claim)


@pytest.mark.parametrize("origin", ["KOR", "USA", "SEN", "BRA", ""])
@pytest.mark.parametrize("sector", ["A01", "B06", "C26", "C29"])
def test_it_is_the_applied_rate(origin: str, sector: str) -> None:
    china = load("chn")
    answer = applied_rate(china, importer="CHN", partner=origin or None, sector=sector, on=ON)
    found = decide_industry(_asked(origin, sector), china)
    assert found.sentence == answer.sentence
    assert found.trace == answer.trace
    assert {one.measure for one in found.why_not} == {one.measure for one in answer.alternatives}
    if answer.rate is None:
        assert found.verdict is Verdict.UNRESOLVED
        assert found.unresolved
        return
    (line,) = found.duty
    assert line.rate is not None
    assert float(line.rate) == pytest.approx(answer.rate, abs=1e-9)
    assert found.verdict is (Verdict.FREE if answer.rate == 0 else Verdict.PAY)
    named = [note for note in found.notes if note.startswith(f"{sector}/")]
    assert len(named) == (len(answer.lines) if len(answer.lines) > 1 else 0)


def test_without_a_rate_it_is_unresolved() -> None:
    found = decide_industry(_asked("USA", "C29", importer="LAO"), load("chn"))
    assert found.verdict is Verdict.UNRESOLVED
    assert found.unresolved
    assert found.as_dict()["duty"]["rate"] is None


def test_services_and_domestic_goods_are_free() -> None:
    for origin, sector in (("KOR", "J61"), ("CHN", "C29")):
        assert decide_industry(_asked(origin, sector), load("chn")).verdict is Verdict.FREE


def test_no_claim_is_the_rate_without_preferences() -> None:
    china = load("chn")
    plain = decide_industry(_asked("KOR", "C29", claim="none"), china)
    whole = decide_industry(_asked("KOR", "C29"), china)
    assert plain.duty[0].rate is not None
    assert whole.duty[0].rate is not None
    assert plain.duty[0].rate >= whole.duty[0].rate
    assert "no preference is claimed" in plain.notes


def test_claims_must_exist() -> None:
    china = load("chn")
    with pytest.raises(UsageError, match="every preference"):
        decide_industry(_asked("KOR", "C29", claim="RCEP"), china)
    for claim in ("RCEP", "none", "MFN", "KOR", "rcep-2020", ""):
        decide(Question("import", ON, origin="KOR", hs="70131000", claim=claim), china)
    with pytest.raises(UnknownCodeError, match="no preference 'RCEPS'") as caught:
        decide(Question("import", ON, origin="KOR", hs="70131000", claim="RCEPS"), china)
    assert "did you mean RCEP" in caught.value.hint


@pytest.mark.parametrize(
    ("hs", "told"),
    [
        ("99999999", "9706"),
        ("999999", "9706"),
        ("000000", "0101"),
        ("701399", ""),
        ("701398", "701399"),
        ("770100", "7616"),
    ],
)
def test_a_code_must_exist(hs: str, told: str) -> None:
    question = Question("import", ON, origin="BRA", hs=hs)
    if not told:
        decide(question, load("chn"))
        return
    with pytest.raises(UnknownCodeError, match=f"no product '{hs[:6]}' in HS2022") as caught:
        decide(question, load("chn"))
    assert told in caught.value.hint


def test_a_code_of_another_edition_is_sent_there() -> None:
    from openward.codes.products import products

    gone = min(products("HS2012").keys() - products("HS2022").keys() - {""}, key=lambda c: (len(c) != 6, c))
    with pytest.raises(UnknownCodeError) as caught:
        decide(Question("import", ON, origin="BRA", hs=gone), load("chn"))
    assert "HS2012" in caught.value.hint
