"""Names that look or sound the same fold to the same letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.determine.screening.fold import fold, unmask, visible
from openward.determine.screening.legal import split_legal, strip_chinese_legal
from openward.determine.screening.phonetic import sounded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vladimir Putin", "VLADIMIR  PUTIN"),
        ("Société Générale", "Societe Generale"),
        ("ＡＣＭＥ　Ｃｏｒｐ", "Acme Corp"),
        ("Ac\u200bme\ufeff Corp", "Acme Corp"),
        ("Аcme Соrp", "Acme Corp"),  # Cyrillic A, C, o
        ("L.X.C. Aviation", "LXC Aviation"),
        ("S.A.R.L. Bowne", "SARL Bowne"),
        ("Procter & Gamble", "Procter and Gamble"),
        ("Владимир Путин", "Vladimir Putin"),
        ("Αθήνα", "Athina"),
        ("김정은", "gimjeongeun"),
        ("O'Brien", "OBrien"),
        ("Straße", "Strasse"),
        ("Łódź", "Lodz"),
    ],
)
def test_these_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_name_in_another_alphabet_is_not_taken_for_a_disguise() -> None:
    assert fold("Сергей Васильев") == "sergei vasilev"
    assert unmask("Сергей") == "Сергей"


def test_marks_of_other_scripts_are_kept() -> None:
    assert fold("ហ៊ុន ម៉ាណែត") != fold("ហ៊ុន ម៉ាណាត")


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert "\u200b" not in visible(text)


@pytest.mark.parametrize(
    ("text", "core", "legal"),
    [
        ("Siemens Aktiengesellschaft", ("siemens",), ("ag",)),
        ("OAO Gazprom", ("gazprom",), ("jsc",)),
        ("Stripe Limited Liability Company", ("stripe",), ("llc",)),
        ("Общество с ограниченной ответственностью Ромашка", ("romashka",), ("ooo",)),
        ("FABERLIC EUROPE Sp. z o.o.", ("faberlic", "europe"), ("spzoo",)),
        ("Company", ("company",), ()),
    ],
)
def test_legal_forms_come_off_either_end(text: str, core: tuple[str, ...], legal: tuple[str, ...]) -> None:
    assert split_legal(tuple(fold(text).split())) == (core, legal)


def test_a_chinese_legal_form_comes_off_the_end_and_never_the_whole_name() -> None:
    assert strip_chinese_legal("广州欧赛科技有限公司") == "广州欧赛科技"
    assert strip_chinese_legal("公司") == "公司"


@pytest.mark.parametrize(("one", "other"), [("qaddafi", "gaddafi"), ("hsi", "xi"), ("usama", "osama")])
def test_spellings_of_one_sound(one: str, other: str) -> None:
    assert sounded(one) == sounded(other)
