"""The second time of the law: what was answered in the past can be answered again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book.rules.small import LAW, MEMBERS, M, Q, book, day, days
from tests.strategies import measures

from openward.book import load
from openward.book.known import correct, settle, withdraw
from openward.book.model import ListingEvent
from openward.book.query import as_known
from openward.errors import InputErrors, MissingDataError, RefusedError

LATER = tuple(day(2025, month) for month in (1, 3, 5, 7))


@given(data=st.data())
def test_what_was_known_stays_answerable_after_later_records(data: st.DataObject) -> None:
    law = book(data.draw(measures("m")), data.draw(measures("n")), quotas=[Q])
    seen = [(date(2024, 1, 1), law)]
    for on in LATER:
        record = data.draw(st.sampled_from([M, replace(M, id="n"), replace(M, id="new"), LAW, Q, MEMBERS[1]]))
        if data.draw(st.booleans()):
            note = {"source": on.isoformat()} if record is MEMBERS[1] else {}
            law = correct(law, replace(record, **note), on)
        elif record in (M, Q) and record is not Q and "m" in law.measures:
            law = withdraw(law, record, on)
        seen.append((on, law))
    for known_at, then in seen:
        assert as_known(law, known_at) == as_known(then, known_at)
        assert as_known(as_known(law, LATER[-1]), known_at) == as_known(law, known_at)


def test_a_correction_is_known_from_the_day_it_is_recorded() -> None:
    right = replace(M, note="corrected")
    law = correct(book(M), right, day(2025))
    assert law.measures["m"] == replace(right, recorded=day(2025))
    assert as_known(law, day(2024)).measures["m"] == M
    assert as_known(law, day(2025)).measures["m"].note == "corrected"
    assert as_known(law, None) is law
    gone = withdraw(law, right, day(2026))
    assert "m" not in gone.measures
    assert [as_known(gone, day(year)).measures["m"].note for year in (2024, 2025)] == ["", "corrected"]
    assert "m" not in as_known(gone, day(2026)).measures


def test_acts_quotas_memberships_and_events_have_their_record_times() -> None:
    event = ListingEvent("suspend", day(2023), "law", recorded=day(2024))
    law = book(replace(M, events=(event,)), quotas=[Q])
    law = correct(law, replace(LAW, title="Renamed"), day(2025))
    law = correct(law, replace(Q, note="carried over"), day(2025))
    law = correct(law, replace(MEMBERS[1], valid=days(2020, 2024)), day(2025))
    then = as_known(law, day(2023))
    assert then.measures["m"].events == ()
    assert (then.acts["law"].title, then.quotas["090001"].note) == ("A law", "")
    assert "KOR" not in then.members("GRP", day(2023, 6))
    assert "KOR" in as_known(law, day(2025)).members("GRP", day(2023, 6))
    assert as_known(law, day(2024)).measures["m"].events == (event,)


def test_records_out_of_order_are_refused() -> None:
    law = correct(book(M), M, day(2025))
    with pytest.raises(RefusedError, match="recorded on 2025-01-01"):
        correct(law, M, day(2025))
    with pytest.raises(MissingDataError, match="nothing stands under other"):
        withdraw(law, replace(M, id="other"), day(2026))


def test_records_of_one_key_are_set_in_order() -> None:
    first, second = replace(M, note="a"), replace(M, note="b", recorded=day(2024))
    now, past, clashes = settle([second, first])
    assert now == second
    assert past == [replace(first, withdrawn=day(2024))]
    assert clashes == []
    assert settle([first, replace(first, note="c")])[2]
    assert settle([replace(first, withdrawn=day(2023))])[:2] == (None, [replace(first, withdrawn=day(2023))])


FACE = """schema: openward.book/1
name: tiny
economy: CHN
covered_from: 2020-01-01
covered_to: 2026-01-01
"""
ACTS = "id,jurisdiction,kind,title,in_force\nlaw,CHN,law,A law,2020-01-01\n"
HEADER = "id,instrument,imposed_by,flow,sectors,duty,from,act,recorded,withdrawn\n"
ROW = "m,mfn-duty,CHN,import,A01,{duty} %,2020-01-01,law,{recorded},{withdrawn}\n"


def _files(folder: Path, **files: str) -> Path:
    for name, text in {"book.yaml": FACE, "acts.csv": ACTS, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_book_is_loaded_with_its_history(tmp_path: Path) -> None:
    rows = ROW.format(duty=5, recorded="2020-01-01", withdrawn="") + ROW.format(
        duty=7, recorded="2022-01-01", withdrawn=""
    )
    law = load(_files(tmp_path, **{"measures/a.csv": HEADER + rows}))
    assert str(law.measures["m"].effect.duty) == "7 %"
    (old,) = law.records
    assert old.withdrawn == day(2022)
    assert str(as_known(law, day(2021)).measures["m"].effect.duty) == "5 %"
    assert "m" not in as_known(law, day(2019)).measures


def test_two_records_of_one_day_are_a_duplicate(tmp_path: Path) -> None:
    rows = ROW.format(duty=5, recorded="", withdrawn="") + ROW.format(duty=7, recorded="", withdrawn="")
    with pytest.raises(InputErrors, match=r"duplicate id 'm', already at .*a.csv:2") as caught:
        load(_files(tmp_path, **{"measures/a.csv": HEADER + rows}))
    assert "recorded" in caught.value.errors[0].hint
