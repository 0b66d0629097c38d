"""The scorer against labelled pairs, and what it must never do."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.determine.screening.name import prepare
from openward.determine.screening.scorer import AlignmentScorer

SCORER = AlignmentScorer()


def score(one: str, other: str, schema: str = "") -> float:
    return SCORER.score(prepare(one, schema), prepare(other, schema)).score


def f1(rows: list[dict[str, str]]) -> float:
    found = [(score(r["name1"], r["name2"], r["schema"]) >= 0.5, r["is_match"] == "true") for r in rows]
    hits = sum(said and true for said, true in found)
    return 2 * hits / (sum(said for said, _ in found) + sum(true for _, true in found))


def test_labelled_pairs(shared: Path) -> None:
    path = shared / "data/controls/nomenklatura/name_bench_cases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 826
    unseen = [
        r for r in rows if int(hashlib.sha256(f"{r['name1']}|{r['name2']}".encode()).hexdigest(), 16) % 2
    ]
    assert f1(rows) >= 0.795
    assert f1(unseen) >= 0.795


@pytest.mark.parametrize(
    ("one", "other", "schema"),
    [
        ("Putin, Vladimir", "Vladimir Putin", "Person"),
        ("V. Putin", "Vladimir Putin", "Person"),
        ("Владимир Путин", "Vladimir Putin", "Person"),
        ("Vladimir Vladimirovich Putin", "Vladimir Putin", "Person"),
        ("Moammar Qaddafi", "Muammar Gaddafi", "Person"),
        ("vanderbilt corp", "van der bilt corp", "Company"),
        ("Siemens AG", "Siemens Aktiengesellschaft", "Company"),
        ("李晓翠", "Li Xiaocui", "Person"),
        ("李晓翠", "Xiaocui LI", "Person"),
    ],
)
def test_one_party(one: str, other: str, schema: str) -> None:
    assert score(one, other, schema) >= 0.5


@pytest.mark.parametrize(
    ("one", "other", "schema"),
    [
        ("Saudi Arabian Gas Company", "Saudi Arabian Oil Company", "Company"),
        ("Bank of China (Hong Kong) Limited", "Bank of China (Singapore) Limited", "Company"),
        ("Paul Murphy", "Pol Pot", "Person"),
        ("李晓翠", "李晓梅", "Person"),
        ("李晓翠", "Wang Xiaocui", "Person"),
    ],
)
def test_two_parties(one: str, other: str, schema: str) -> None:
    assert score(one, other, schema) < 0.5


def test_every_score_is_explained() -> None:
    scored = SCORER.score(prepare("Sierra Nevada Corpration"), prepare("Sierra Nevada Corporation"))
    assert scored.match
    assert [reason.feature for reason in scored.reasons]
    assert all(reason.adds == pytest.approx(reason.adds) for reason in scored.reasons)


NAMES = st.text(st.sampled_from("abcdeo ilmnrst-."), min_size=1, max_size=24)


@given(NAMES, NAMES)
def test_a_score_is_a_share_and_a_name_is_itself(one: str, other: str) -> None:
    assert 0 <= score(one, other) <= 1
    if prepare(one).words:
        assert score(one, one) == 1
