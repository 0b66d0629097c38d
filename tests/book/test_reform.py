from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from openward.book import load, load_reform, shipped_reforms
from openward.book.duty import parse
from openward.book.model import Book, Effect, Flow, Instrument, LegalAct, Measure, Scope
from openward.book.reform import (
    Add,
    Amend,
    Join,
    Leave,
    Reform,
    Repeal,
    application,
    apply,
    freeze,
    invert,
    normal_form,
)
from openward.book.reform_files import read_reform
from openward.codes.membership import Membership
from openward.codes.terms import Interval
from openward.errors import (
    InputError,
    InputErrors,
    MissingDataError,
    OpenwardError,
    RefusedError,
    UnknownCodeError,
)

MEASURE = Measure(
    id="m",
    instrument=Instrument.MFN_DUTY,
    imposed_by="CHN",
    flow=Flow.IMPORT,
    scope=Scope(sectors=("A01",)),
    effect=Effect(duty=parse("5 %")),
    valid=Interval(date(2020, 1, 1), date(2030, 1, 1)),
    act="law",
)
BOOK = Book(
    name="small",
    economy="CHN",
    covered_from=date(2020, 1, 1),
    covered_to=date(2026, 6, 30),
    measures=MappingProxyType({"m": MEASURE}),
    acts=MappingProxyType({"law": LegalAct("law", "CHN", "law", "A law")}),
    memberships=(Membership("RCEP", "CHN", Interval(date(2022, 1, 1))),),
)
DAY = date(2027, 1, 1)
FILE = """\
schema: openward.reform/1
name: five
title: {en: Five edits, zh: 五项}
source: {act: law, url: "https://example.org"}
edits:
  - add:
      id: n
      instrument: preferential-duty
      imposed_by: CHN
      flow: import
      scope: {partners: [RCEP], products: {edition: HS2022, ranges: ["*"]}}
      effect: {duty: "0 %"}
      conditions: [{origin: programme-rule}]
      valid: {from: 2026-05-01}
      act: law
      article: "1"
  - amend:  {measure: m, set: {effect: {duty: "3%"}, note: null}, from: 2027-01-01}
  - repeal: {measure: m, from: 2028-01-01}
  - join:   {economy: USA, group: RCEP, from: 2027-01-01}
  - leave:  {economy: CHN, group: RCEP, from: 2027-01-01}
"""


def test_a_file_of_five_edits() -> None:
    reform = read_reform(FILE)
    assert [edit.kind for edit in reform.edits] == ["add", "amend", "repeal", "join", "leave"]
    assert reform.title["zh"] == "五项"
    assert reform.source.url == "https://example.org"
    assert reform.edits[1] == Amend("m", {"effect": {"duty": "3 %"}, "note": None}, DAY)
    assert reform.edits[0].where == "reform:6"
    assert read_reform(reform.to_yaml()) == reform
    after = apply(BOOK, reform)
    assert sorted(after.measures) == ["m", "m@2027-01-01", "n"]
    assert after.measures["m"].valid == Interval(date(2020, 1, 1), DAY)
    assert after.measures["m@2027-01-01"].valid == Interval(DAY, date(2028, 1, 1))
    assert str(after.measures["m@2027-01-01"].effect.duty) == "3 %"
    assert after.members("RCEP", DAY) == {"USA"}
    assert BOOK.measures["m"] is MEASURE


def test_yaml_and_json_and_any_spelling_have_one_hash(tmp_path: Path) -> None:
    reform = read_reform(FILE)
    path = tmp_path / "five.json"
    from openward.book.documents import plain, reform_document

    path.write_text(json.dumps(plain(reform_document(reform))))
    assert load_reform(path) == reform
    assert load_reform(path).hash == reform.hash
    respelled = (
        FILE.replace('"0 %"', "0.0%")
        .replace("name: five", "name: other")
        .replace("      article:", "      status: official\n      article:")
    )
    assert read_reform(respelled).digest == reform.digest


def test_the_hash_is_that_of_the_contract() -> None:
    edit = '{"leave":{"economy":"CHN","from":"2027-01-01","group":"RCEP"}}'
    text = f'{{"edits":[{edit}],"schema":"openward.reform/1"}}'
    reform = Reform("any", (Leave("CHN", "RCEP", DAY),))
    assert reform.canonical() == text.encode()
    assert reform.digest == hashlib.sha256(text.encode()).hexdigest()
    assert reform.hash == reform.digest[:12]


@pytest.mark.parametrize(
    ("edit", "kind", "said"),
    [
        (Repeal("mm", DAY), UnknownCodeError, "no measure 'mm'"),
        (Amend("x", {"note": "a"}, DAY), UnknownCodeError, "no measure 'x'"),
        (Join("CHX", "RCEP", DAY), UnknownCodeError, "unknown economy 'CHX'"),
        (Join("CHN", "RCPE", DAY), UnknownCodeError, "unknown group 'RCPE'"),
        (Leave("CHN", "NOPE", DAY), UnknownCodeError, "unknown group 'NOPE'"),
        (Amend("m", {"scope": {"sectors": ["A99"]}}, DAY), UnknownCodeError, "unknown code 'A99'"),
        (Amend("m", {"effect": {"dty": "1 %"}}, DAY), InputErrors, "unknown field 'effect.dty'"),
        (Amend("m", {"id": "k"}, DAY), RefusedError, "cannot change the id"),
        (Repeal("m", date(2019, 12, 31)), MissingDataError, "date before data"),
        (Join("CHN", "RCEP", date(2011, 1, 1)), MissingDataError, "date before data"),
    ],
)
def test_edits_that_are_not_accepted(edit, kind: type[OpenwardError], said: str) -> None:
    with pytest.raises(kind, match=said) as caught:
        apply(BOOK, Reform("bad", (edit,)))
    assert "edit 1" in caught.value.where
    assert caught.value.hint or isinstance(caught.value, InputErrors)


def test_errors_of_a_file_name_edit_and_line() -> None:
    text = FILE.replace("measure: m, from: 2028", "measure: mm, from: 2028")
    with pytest.raises(UnknownCodeError) as caught:
        apply(BOOK, read_reform(text, "five.yaml"))
    assert caught.value.where == "five.yaml:18 (edit 3)"


def test_several_errors_come_at_once() -> None:
    with pytest.raises(InputErrors) as caught:
        apply(BOOK, Reform("bad", (Repeal("x", DAY), Join("CHX", "RCEP", DAY))))
    assert {error.where for error in caught.value.errors} == {"edit 1", "edit 2"}


@pytest.mark.parametrize(
    "edits",
    [
        (Join("USA", "RCEP", DAY), Leave("USA", "RCEP", DAY)),
        (Repeal("m", DAY), Amend("m", {"note": "x"}, DAY)),
        (Amend("m", {"note": "x"}, DAY), Amend("m", {"note": "y"}, DAY)),
    ],
)
def test_edits_that_contradict_each_other(edits) -> None:
    with pytest.raises(RefusedError, match="contradict"):
        apply(BOOK, Reform("bad", edits))


def test_several_contradictions_exit_as_refused() -> None:
    edits = [make("USA", "RCEP", day) for make in (Join, Leave) for day in (DAY, date(2028, 1, 1))]
    with pytest.raises(InputErrors) as caught:
        apply(BOOK, Reform("bad", tuple(edits)))
    assert caught.value.exit_code == RefusedError.exit_code


def test_adding_what_is_there() -> None:
    same = application(BOOK, Reform("same", (Add(MEASURE),)))
    assert [(one.changed, one.remark) for one in same.effects] == [(False, "already in the book")]
    assert same.book == BOOK
    from dataclasses import replace

    other = replace(MEASURE, effect=Effect(duty=parse("6 %")))
    with pytest.raises(RefusedError, match="already in the book with other content"):
        apply(BOOK, Reform("other", (Add(other),)))


def test_adding_what_stands_still_in_a_frozen_book() -> None:
    frozen = freeze(BOOK, date(2024, 1, 1))
    assert frozen.measures["m"].valid.end is None
    (effect,) = application(frozen, Reform("same", (Add(MEASURE),))).effects
    assert effect.remark == "already in the book"


def test_edits_without_effect_say_why() -> None:
    edits = (
        Repeal("m", date(2031, 1, 1)),
        Amend("m", {"effect": {"duty": "5 %"}}, DAY),
        Join("CHN", "RCEP", DAY),
        Leave("USA", "RCEP", DAY),
    )
    effects = application(BOOK, Reform("idle", edits)).effects
    assert [effect.changed for effect in effects] == [False] * 4
    assert "has ended" in effects[0].remark
    assert "already says so" in effects[1].remark
    assert "already a member" in effects[2].remark
    assert "not a member" in effects[3].remark


def test_the_inverse_stores_what_was_replaced() -> None:
    reform = Reform("cut", (Amend("m", {"effect": {"duty": "3 %"}}, DAY),))
    inverse = invert(reform, BOOK)
    assert inverse.edits == (
        Amend("m", {"effect": {"duty": "5 %"}, "valid": {"from": "2020-01-01", "to": "2030-01-01"}}, DAY),
    )
    assert normal_form(apply(apply(BOOK, reform), inverse)) == normal_form(BOOK)


def test_amending_the_days_opens_and_closes() -> None:
    longer = apply(BOOK, Reform("longer", (Amend("m", {"valid": {"to": None}}, DAY),)))
    assert normal_form(longer).measures["m"].valid == Interval(date(2020, 1, 1))
    shorter = apply(BOOK, Reform("shorter", (Amend("m", {"valid": {"to": "2028-01-01"}}, DAY),)))
    assert normal_form(shorter).measures["m"].valid == Interval(date(2020, 1, 1), date(2028, 1, 1))
    repealed = apply(BOOK, Reform("gone", (Repeal("m", date(2025, 1, 1)),)))
    anew = date(2026, 1, 1)
    with pytest.raises(InputError, match="valid on no day"):
        apply(repealed, Reform("again", (Amend("m", {"valid": {"from": "2026-01-01"}}, anew),)))
    days = {"from": "2026-01-01", "to": None}
    again = apply(repealed, Reform("again", (Amend("m", {"valid": days}, anew),)))
    assert again.measures["m"].valid == Interval(date(2020, 1, 1), date(2025, 1, 1))
    assert again.measures["m@2026-01-01"].valid == Interval(anew)


def test_freezing_drops_what_starts_later() -> None:
    reform = Reform("later", (Join("USA", "RCEP", DAY), Amend("m", {"note": "x"}, DAY)))
    frozen = freeze(apply(BOOK, reform), date(2026, 12, 31))
    assert sorted(frozen.measures) == ["m"]
    assert frozen.members("RCEP", date(2040, 1, 1)) == {"CHN"}
    assert frozen.meta["frozen_on"] == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("repeal:", "repeel:", "did you mean repeal?", 18),
        ("from: 2028-01-01", "form: 2028-01-01", "did you mean from", 18),
        ('set: {effect: {duty: "3%"}, note: null}', "set: {}", "sets nothing", 17),
        ("name: five", "nam: five", "'name' is missing", 1),
        ("2026-05-01", "2026-5-1", "is not a date", 14),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(old: str, new: str, said: str, line: int) -> None:
    assert old in FILE
    with pytest.raises(InputErrors) as caught:
        read_reform(FILE.replace(old, new, 1), "five.yaml")
    assert any(said in str(one) and one.where == f"five.yaml:{line}" for one in caught.value.errors), (
        caught.value
    )


def test_missing_reforms() -> None:
    with pytest.raises(MissingDataError, match="no reform 'afrika-zero-tariff'") as caught:
        load_reform("afrika-zero-tariff")
    assert "africa-zero-tariff" in caught.value.hint


def test_reforms_that_ship_apply_and_can_be_undone() -> None:
    book = load("chn")
    assert {"africa-zero-tariff", "cptpp-accession"} <= set(shipped_reforms())
    for name in shipped_reforms():
        reform = load_reform(name)
        assert reform.name == name
        assert reform.title["en"]
        frozen = freeze(book, date(2022, 8, 31))
        undone = apply(apply(frozen, reform), invert(reform, frozen))
        assert normal_form(undone) == normal_form(frozen)
