"""What edits touch, and why those that touch nothing do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.book import load, load_reform
from openward.book.edits import Add, Amend, Edit, Join, Leave, Reform, Repeal
from openward.book.model import Book, Instrument, Measure
from openward.book.reform import apply, freeze
from openward.codes.terms import Interval
from openward.determine.table import rate_table
from openward.determine.touch import Touch, touched
from openward.errors import InputError, OpenwardError
from openward.observe.worldpack import load_world
from small_books import DAYS, ECONOMIES, SECTORS, book, measure, mfn_for_all, random_books, random_measure

ON = DAYS[4]


def touch(law: Book, *edits: Edit, on: date = ON) -> tuple[Touch, ...]:
    return touched(law, Reform("x", edits), on=on, economies=ECONOMIES, sectors=SECTORS)


def why(edit: Edit, *measures: Measure) -> str:
    (found,) = touch(book(*(measures or mfn_for_all())), edit)
    assert not found.effective
    return found.why_not


def added(
    name: str = "new", instrument: str = "preferential-duty", duty: str | None = "0 %", **scope: object
) -> Add:
    return Add(measure(name, instrument, duty, start=ON, **scope))  # type: ignore[arg-type]


def test_cells_lines_and_partners_are_counted() -> None:
    (found,) = touch(book(*mfn_for_all()), added(partners=["CIV", "SEN", "BRA"]))
    assert (found.importers, found.partners, found.outside) == (("CHN",), ("CIV", "SEN"), ("BRA",))
    # A01 and B06 are split in two classes each, C29 is not and its lines were not counted.
    assert (found.cells, found.lines, found.uncounted) == (10, 45, 1)
    assert set(found.moves.before) == {0.1}
    assert set(found.moves.after) == {0.0}
    flows = np.ones((len(ECONOMIES), len(ECONOMIES), len(SECTORS)))
    table = rate_table(book(*mfn_for_all()), on=ON, economies=ECONOMIES, sectors=SECTORS)
    assert found.trade(flows=flows, shares=table.shares) == pytest.approx(6.0)


def test_partners_already_at_zero_are_named_with_the_day_and_the_measure() -> None:
    old = measure("old", "preferential-duty", "0 %", partners=["SEN"], start=DAYS[1])
    (found,) = touch(book(*mfn_for_all(), old), added(partners=["CIV", "SEN"]))
    assert found.partners == ("CIV",)
    assert found.unmoved == (("SEN", "already at zero since 2021-07-01 under The Act (old)"),)


def test_free_lines_do_not_move() -> None:
    free = measure("free", duty="0 %", sectors=["A01/free", "B06/free"])
    rest = measure("rest", duty="9 %", sectors=["A01/dutiable", "B06/dutiable", "C29"])
    (found,) = touch(book(free, rest), added(partners=["JPN"]))
    assert found.cells == 3
    assert "MFN rate is zero" in why(added(partners=["JPN"]), measure("mfn", duty="0 %"))


def test_reasons_in_the_edit_itself() -> None:
    assert why(added(duty=None, partners=["JPN"])) == "its rate is not in the book"
    assert why(added(partners=["BRA"])) == "none of its partners is in the baseline"
    assert why(added(by="BRA", partners=["JPN"])) == "no economy that imposes it is in the baseline"
    assert "depends on the end use" in why(added(partners=["JPN"], end_uses=["research"]))
    assert "finer than the line classes" in why(added(partners=["JPN"], products=("870310",)))
    outside = added(by="USA", partners=["JPN"], conditions=[("membership", "RCEP")])
    assert why(outside) == "USA is not a member of RCEP"
    listing = replace(added(partners=["JPN"]).measure, instrument=Instrument.LICENCE)
    assert why(Add(listing)) == "a licence is not a duty on imports: no rate moves"
    over = replace(added(partners=["JPN"]).measure, valid=Interval(DAYS[1], DAYS[2]))
    assert why(Add(over)) == "not in force on 2025-06-01"


def test_an_edit_the_law_holds_already_says_so() -> None:
    old = measure("old", "preferential-duty", "0 %", partners=["SEN"], start=DAYS[1])
    reason = why(Add(old), *mfn_for_all(), old)
    assert reason == "already in the book: SEN: already at zero since 2021-07-01 under The Act (old)"


def test_joining_and_its_measure_move_together() -> None:
    law = book(*mfn_for_all())
    zero = added(by="USA", partners=["RCEP"], conditions=[("membership", "RCEP")])
    join, add = touch(law, Join("USA", "RCEP", ON), zero)
    assert join.effective
    assert add.effective
    assert (join.partners, add.partners) == (("CHN", "JPN"), ("CHN", "JPN"))


def test_joining_alone_points_at_nothing() -> None:
    assert why(Join("USA", "RCEP", ON)) == "no duty in force points at RCEP"


def test_leaving_names_what_remains() -> None:
    rcep = measure("rcep", "preferential-duty", "0 %", partners=["RCEP"], conditions=[("membership", "RCEP")])
    fta = measure("fta", "preferential-duty", "0 %", partners=["JPN"])
    (moved,) = touch(book(*mfn_for_all(), rcep), Leave("CHN", "RCEP", ON))
    assert moved.partners == ("JPN",)
    (kept,) = touch(book(*mfn_for_all(), rcep, fta), Leave("CHN", "RCEP", ON))
    assert kept.unmoved == (("JPN", "already at zero since 2020-01-01 or before under The Act (fta)"),)


def test_replacing_a_duty_is_seen_from_both_sides() -> None:
    law = book(*mfn_for_all())
    repeal, add = touch(law, Repeal("mfn-chn", ON), added(instrument="mfn-duty", duty="4 %"))
    assert repeal.effective
    assert add.effective
    (amend,) = touch(law, Amend("mfn-chn", {"effect": {"duty": "4 %"}}, ON))
    assert amend.cells == (len(ECONOMIES) - 1) * 5
    assert set(amend.moves.after) == {0.04}


def test_later_edits_are_measured_after_earlier_ones() -> None:
    first = Add(measure("first", "preferential-duty", "0 %", partners=["SEN"], start=DAYS[3]))
    one, two = touch(book(*mfn_for_all()), first, added(partners=["CIV", "SEN"]))
    assert one.partners == ("SEN",)
    assert two.partners == ("CIV",)
    assert two.unmoved == (("SEN", "already at zero since 2024-12-01 under The Act (first)"),)


def test_a_day_before_the_book_is_refused() -> None:
    with pytest.raises(InputError, match="before the book"):
        touch(book(), on=date(2000, 1, 1))


@settings(max_examples=60, deadline=None)
@given(random_books(most=6), random_measure("new"), st.sampled_from(DAYS))
def test_an_edit_without_effect_is_known_before_solving(law: Book, new: Measure, on: date) -> None:
    reform = Reform("x", (Add(new),))
    try:
        (found,) = touched(law, reform, on=on, economies=ECONOMIES, sectors=SECTORS)
        before = rate_table(law, on=on, economies=ECONOMIES, sectors=SECTORS)
        after = rate_table(apply(law, reform), on=on, economies=ECONOMIES, sectors=SECTORS)
    except OpenwardError:
        return
    cells = np.argwhere((before.rates != after.rates) | (before.known != after.known))
    moves = found.moves
    got = np.stack([moves.importer, moves.partner, moves.sector, moves.line], axis=1)
    assert np.array_equal(cells, got)
    at = tuple(cells.T)
    assert np.array_equal(before.rates[at], moves.before)
    assert np.array_equal(after.rates[at], moves.after)
    assert found.effective == (len(cells) > 0)
    assert bool(found.why_not) != found.effective
    assert not set(found.partners) & {partner for partner, _ in found.unmoved}


def test_the_african_programme_step_by_step() -> None:
    law, reform, pack = load("chn"), load_reform("africa-zero-tariff"), load_world()
    assert reform.last_day == date(2026, 5, 1)
    first, second = touched(
        freeze(law, date(2026, 4, 30)),
        reform,
        on=reform.last_day,
        economies=pack.economies,
        sectors=pack.sectors,
    )
    assert not first.effective
    assert first.why_not.startswith("already in the book")
    assert second.partners == ("CIV", "CMR", "EGY", "MAR", "NGA", "TUN", "ZAF")
    unmoved = dict(second.unmoved)
    for partner in ("AGO", "COD", "SEN"):
        assert unmoved[partner].startswith("already at zero since 2024-12-01 under ")
    crude = pack.sectors.index("B06")
    assert (second.moves.before[second.moves.sector == crude] > 0).all()
    assert "KEN" in second.outside
