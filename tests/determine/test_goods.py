"""The goods decision: what is not known is named, every way to pay is listed, nothing is silently merged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from goods_books import LINE, ask, law, line, money, rate
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.book import load
from openward.book.model import Book, ProductScope, Quota, QuotaPeriod
from openward.codes.terms import Interval, Status
from openward.determine.decision import Question, Verdict
from openward.determine.goods import decide
from openward.determine.shipment import question_of
from openward.errors import InputError, OpenwardError, UnknownCodeError

KOREA = line(
    "kor", "preferential-duty", "2 %", partners=["KOR"], conditions=[("origin", "CHN-KOR")], act="fta-kor"
)
RCEP = line("rcep", "preferential-duty", "3 %", partners=["KOR"], conditions=[("origin", "RCEP")], act="rcep")
MFN = line("mfn", duty="8 %")


@pytest.fixture(scope="module")
def china() -> Book:
    return load("chn")


# Preferences


def test_a_preference_turns_on_its_proof() -> None:
    answer = decide(ask("KOR", value=money("1000")), law(MFN, KOREA, RCEP))
    assert answer.verdict is Verdict.UNRESOLVED
    assert rate(answer) == Decimal("0.02")
    first = answer.unresolved[0]
    assert first.fact == "originating:CHN-KOR"
    assert first.if_true.startswith("2 %, 20.00 CNY")
    assert first.if_false.startswith("3 %")


def test_what_is_given_is_no_longer_unresolved() -> None:
    book = law(MFN, KOREA, RCEP)
    proven = decide(ask("KOR", claim="CHN-KOR", proof="certificate of origin"), book)
    assert (proven.verdict, rate(proven)) == (Verdict.PAY, Decimal("0.02"))
    other = decide(ask("KOR", claim="RCEP", proof="certificate of origin"), book)
    assert rate(other) == Decimal("0.03")
    assert any("the claim is for RCEP" in w.reason for w in other.why_not)
    none = decide(ask("KOR", claim="none"), book)
    assert (none.verdict, rate(none)) == (Verdict.PAY, Decimal("0.08"))
    failed = decide(ask("KOR", facts={"originating": False}), book)
    assert rate(failed) == Decimal("0.08")


def test_every_way_to_pay_with_what_it_requires_and_saves() -> None:
    quota = line("trq", "tariff-quota", "1 %", quota="Q1")
    answer = decide(ask("KOR", claim="none", value=money("1000")), law(MFN, KOREA, RCEP, quota))
    rates = {o.measures: (o.rate, o.amount, o.saving, o.requires) for o in answer.options}
    assert list(rates) == [("trq",), ("mfn",)]
    free = decide(ask("KOR", value=money("1000")), law(MFN, KOREA, RCEP, quota))
    listed = {o.measures[0]: o for o in free.options}
    assert list(listed) == ["trq", "kor", "rcep", "mfn"]
    assert [o.saving.amount for o in free.options if o.saving] == [10, 0, -10, -60]
    assert "proof" in listed["kor"].requires[0]
    assert listed["mfn"].requires == ()


def test_equal_preferences_are_named_together() -> None:
    twin = line(
        "twin", "preferential-duty", "2 %", partners=["KOR"], conditions=[("origin", "RCEP")], act="r"
    )
    answer = decide(ask("KOR"), law(MFN, KOREA, twin))
    assert [u.fact for u in answer.unresolved] == ["originating"]
    assert answer.unresolved[0].if_false.startswith("8 %")


def test_a_line_without_a_rate_in_an_agreement_is_not_read_as_zero(china: Book) -> None:
    answer = decide(Question("import", date(2025, 6, 1), origin="PAK", hs="70131000"), china)
    assert (answer.verdict, rate(answer)) == (Verdict.PAY, Decimal("0.07"))
    assert any("no agreement rate on this line" in w.reason for w in answer.why_not)


# Quotas


def quotas(**period: Any) -> MappingProxyType[str, Quota]:
    days = Interval(date(2025, 1, 1), date(2026, 1, 1))
    made = QuotaPeriod(days, Decimal(100), "TNE", **period)
    return MappingProxyType({"Q1": Quota("Q1", "CHN", (made,))})


TRQ = (line("mfn", duty="65 %"), line("trq", "tariff-quota", "1 %", quota="Q1"))


@pytest.mark.parametrize(
    ("period", "on", "percent"),
    [
        ({"filled_on": date(2025, 7, 1)}, "2025-06-30", "0.01"),
        ({"filled_on": date(2025, 7, 1)}, "2025-07-01", "0.65"),
        ({"filled_on": date(2025, 7, 1)}, "2025-12-31", "0.65"),
        ({"balance": Decimal(0)}, "2025-06-01", "0.65"),
    ],
)
def test_before_on_and_after_the_fill(period: dict[str, Any], on: str, percent: str) -> None:
    answer = decide(ask(on=on), law(*TRQ, quotas=quotas(**period)))
    assert rate(answer) == Decimal(percent)
    assert not answer.unresolved


def test_a_quota_whose_state_is_not_known_is_unresolved() -> None:
    answer = decide(ask(), law(*TRQ, quotas=quotas()))
    assert answer.verdict is Verdict.UNRESOLVED
    (open_fact,) = answer.unresolved
    assert open_fact.fact == "in_quota:Q1"
    assert (open_fact.if_true[:3], open_fact.if_false[:4]) == ("1 %", "65 %")


def test_a_balance_answers_where_it_holds_the_quantity() -> None:
    book = law(*TRQ, quotas=quotas(balance=Decimal(50)))
    small = decide(ask(quantity=Decimal(10), unit="TNE"), book)
    assert rate(small) == Decimal("0.01")
    large = decide(ask(quantity=Decimal(60), unit="TNE"), book)
    assert large.verdict is Verdict.UNRESOLVED
    assert "10 less than asked" in large.unresolved[0].why


def test_outside_its_period_a_quota_is_closed() -> None:
    answer = decide(ask(on="2024-06-01"), law(*TRQ, quotas=quotas()))
    assert (rate(answer), answer.unresolved) == (Decimal("0.65"), ())


# Facts, codes, conflicts


def test_a_condition_on_a_fact_gives_both_outcomes() -> None:
    relief = line("fine", "provisional-duty", "1 %", conditions=[("fact", "purity >= 99.99 %")])
    answer = decide(ask(), law(MFN, relief))
    (open_fact,) = answer.unresolved
    assert open_fact.fact == "purity >= 99.99 %"
    assert (open_fact.if_true[:3], open_fact.if_false[:3]) == ("1 %", "8 %")
    assert rate(decide(ask(facts={"purity": "99.995 %"}), law(MFN, relief))) == Decimal("0.01")
    assert rate(decide(ask(facts={"purity": "99 %"}), law(MFN, relief))) == Decimal("0.08")


def test_a_threshold_of_price_follows_from_value_and_quantity() -> None:
    dear = line("low-price", "safeguard-duty", "20 %", conditions=[("threshold", "price < 52.60 CNY/DTN")])
    question = ask(value=money("100"), quantity=Decimal(1), unit="TNE")
    assert rate(decide(question, law(MFN, dear))) == Decimal("0.28")
    question = ask(value=money("900"), quantity=Decimal(1), unit="TNE")
    assert rate(decide(question, law(MFN, dear))) == Decimal("0.08")


def test_a_remedy_by_company_is_assumed_at_its_highest() -> None:
    made = [
        line(f"ad-{code.lower()}", "anti-dumping-duty", duty, partners=["AUS"], codes=[code], act=code)
        for code, duty in (("A100", "5 %"), ("A999", "40 %"))
    ]
    open_question = decide(ask(), law(MFN, *made))
    assert (open_question.verdict, rate(open_question)) == (Verdict.UNRESOLVED, Decimal("0.48"))
    assert {u.fact for u in open_question.unresolved} == {"additional_code:A100", "additional_code:A999"}
    assert rate(decide(ask(additional_code="A100"), law(MFN, *made))) == Decimal("0.13")
    assert rate(
        decide(ask(hs=f"{LINE}A"), law(MFN, line("x", "anti-dumping-duty", "9 %", codes=["A"])))
    ) == Decimal("0.17")


def test_two_exceptions_that_disagree_are_a_conflict_with_both_texts() -> None:
    one = line("temporary-2024-12", "provisional-duty", "3 %", act="notice-a")
    two = line("temporary-2025-01", "provisional-duty", "5 %", act="notice-b")
    answer = decide(ask(), law(MFN, one, two))
    assert answer.verdict is Verdict.UNRESOLVED
    (conflict,) = answer.unresolved
    assert conflict.measures == ("temporary-2024-12", "temporary-2025-01")
    assert "3 %" in conflict.why
    assert "5 %" in conflict.why
    assert "Act notice-a" in conflict.why
    assert "Act notice-b" in conflict.why
    assert "3 %" in conflict.if_true
    assert "5 %" in conflict.if_false


def test_two_exceptions_that_agree_are_no_conflict() -> None:
    twins = [line(f"t{k}", "provisional-duty", "3 %", act=f"n{k}") for k in range(2)]
    assert decide(ask(), law(MFN, *twins)).verdict is Verdict.PAY


def test_a_licence_and_a_prohibition_reach_the_verdict() -> None:
    licence = line("licence", "licence", None, text="automatic import licence")
    answer = decide(ask(), law(MFN, licence))
    assert answer.verdict is Verdict.LICENCE
    assert answer.obligations[0].what == "automatic import licence"
    ban = line("ban", "prohibition", None, text="may not enter")
    assert decide(ask(), law(MFN, ban)).verdict is Verdict.PROHIBITED


def test_an_addition_without_its_rate_leaves_the_duty_open() -> None:
    added = line("round", "retaliatory-duty", None, partners=["AUS"], text="list not at hand")
    answer = decide(ask(), law(MFN, added))
    assert (answer.verdict, rate(answer)) == (Verdict.UNRESOLVED, None)
    assert "list not at hand" in answer.unresolved[0].why


# Specific duties and input


def test_a_specific_duty_needs_its_quantity() -> None:
    book = law(line("mfn", duty="5 % + 2 CNY/KGM"))
    answer = decide(ask(value=money("1000")), book)
    assert (answer.verdict, rate(answer), answer.total) == (Verdict.UNRESOLVED, None, None)
    assert answer.unresolved[0].fact == "quantity KGM"
    paid = decide(ask(value=money("1000"), quantity=Decimal(1), unit="TNE"), book)
    assert paid.total == money("2050.00")


@pytest.mark.parametrize(
    ("changes", "kind", "told"),
    [
        ({"hs": "77010000"}, UnknownCodeError, "770100"),
        ({"hs": "7013"}, InputError, "4 digits"),
        ({"hs": "7013.10"}, InputError, "without dots"),
        ({"edition": "HS2099"}, UnknownCodeError, "HS2099"),
        ({"origin": "XYZ"}, UnknownCodeError, "XYZ"),
        ({"value": money("-1")}, InputError, "-1"),
        ({"value": money("1", "XQX")}, UnknownCodeError, "XQX"),
        ({"quantity": Decimal(5)}, InputError, "no unit"),
        ({"quantity": Decimal(-5), "unit": "KGM"}, InputError, "-5"),
        ({"quantity": Decimal(5), "unit": "LTR", "value": money("10")}, InputError, "LTR"),
        ({"on": "2000-01-01"}, InputError, "2000-01-01"),
        ({"edition": "HS1996", "hs": "850440"}, InputError, "HS1996"),
        ({"facts": {"in_quota": "perhaps", "exchange_rate:EUR/CNY": Decimal(0)}}, InputError, "exchange"),
    ],
)
def test_bad_input_is_one_clear_message(
    changes: dict[str, Any], kind: type[OpenwardError], told: str
) -> None:
    book = law(line("mfn", duty="2 CNY/KGM"))
    with pytest.raises(kind) as caught:
        decide(ask(**changes), book)
    assert told in str(caught.value)
    assert caught.value.hint


def test_two_currencies_without_a_rate_leave_the_amount_open() -> None:
    book = law(line("mfn", duty="2 EUR/KGM"))
    question = ask(value=money("1000"), quantity=Decimal(10), unit="KGM")
    answer = decide(question, book)
    assert answer.verdict is Verdict.UNRESOLVED
    assert "EUR" in answer.unresolved[0].fact
    rated = ask(
        value=money("1000"), quantity=Decimal(10), unit="KGM", facts={"exchange_rate:EUR/CNY": Decimal(8)}
    )
    assert decide(rated, book).total == money("160.00")


def test_a_day_past_the_book_is_said() -> None:
    answer = decide(ask(on="2030-01-01"), law(MFN))
    assert any("recorded up to 2026-01-01" in note for note in answer.notes)


def test_unknown_origin_pays_the_general_rate() -> None:
    answer = decide(ask("unknown"), law(MFN, line("general", "general-duty", "30 %")))
    assert rate(answer) == Decimal("0.3")
    assert "of unknown origin" in answer.sentence


# Averages


def test_without_the_line_the_average_is_said_to_be_one(china: Book) -> None:
    answer = decide(Question("import", date(2025, 6, 1), origin="USA", hs="870323"), china)
    assert answer.verdict is Verdict.UNRESOLVED
    assert answer.duty[0].kind == "industry-average"
    assert "average over the lines of industry C29" in answer.sentence
    assert answer.unresolved[0].fact == "rate of the line"
    assert any("not the rate of 870323" in note for note in answer.notes)


def test_a_code_shorter_than_the_lines_names_them(china: Book) -> None:
    answer = decide(Question("import", date(2025, 6, 1), origin="KOR", hs="701310"), china)
    assert answer.verdict is Verdict.UNRESOLVED
    assert "line:70131000" in {u.fact for u in answer.unresolved}


def test_the_average_equals_the_industry_answer(china: Book) -> None:
    from openward.determine.rate import applied_rate

    on = date(2025, 6, 1)
    for origin, hs, sector in (
        ("USA", "870323", "C29"),
        ("NZL", "040210", "C10T12"),
        ("JPN", "848210", "C28"),
    ):
        answer = decide(Question("import", on, origin=origin, hs=hs), china)
        whole = applied_rate(china, importer="CHN", partner=origin, sector=sector, on=on)
        assert whole.rate is not None
        assert float(rate(answer) or 0) == pytest.approx(whole.rate, abs=1e-8)


# Properties


@st.composite
def books_of_lines(draw: st.DrawFn) -> Book:
    duties = st.sampled_from(("0 %", "2 %", "5 %", "9 %"))
    made = [line("mfn", duty=draw(duties))]
    for k in range(draw(st.integers(0, 4))):
        kind = draw(
            st.sampled_from(("preferential-duty", "provisional-duty", "anti-dumping-duty", "tariff-quota"))
        )
        conditions = [("origin", f"G{k}")] if kind == "preferential-duty" else []
        if draw(st.booleans()):
            conditions.append(("fact", draw(st.sampled_from(("purity >= 99 %", "not listed", "listed")))))
        made.append(
            line(
                f"m{k}",
                kind,
                draw(duties),
                partners=draw(st.sampled_from(((), ("KOR",), ("AUS", "KOR")))),
                conditions=conditions,
                act=f"a{k}",
                quota="Q1" if kind == "tariff-quota" else "",
                status=draw(st.sampled_from(Status)),
            )
        )
    return law(*made)


@given(books_of_lines(), st.sampled_from(("KOR", "AUS", "JPN")))
@settings(max_examples=60, deadline=None)
def test_resolving_every_fact_leaves_nothing_open(book: Book, origin: str) -> None:
    facts = {"originating": True, "purity": "99.5 %", "listed": False, "in_quota": False}
    answer = decide(ask(origin, facts=facts), book)
    assert all(u.fact.startswith("which applies") for u in answer.unresolved)
    open_answer = decide(ask(origin), book)
    if not open_answer.unresolved:
        assert rate(open_answer) == rate(answer)


@given(books_of_lines(), st.sampled_from(("KOR", "AUS", "JPN")))
@settings(max_examples=60, deadline=None)
def test_an_irrelevant_measure_changes_nothing(book: Book, origin: str) -> None:
    more = (
        dict(book.measures) | {"other": line("other", hs="84")} | {"past": line("past", end=date(2020, 1, 1))}
    )
    bigger = replace(book, measures=MappingProxyType(more))
    one, two = decide(ask(origin), book), decide(ask(origin), bigger)
    assert (one.sentence, one.duty, one.options, one.unresolved) == (
        two.sentence,
        two.duty,
        two.options,
        two.unresolved,
    )


@given(books_of_lines())
@settings(max_examples=40, deadline=None)
def test_the_lines_sum_to_the_total(book: Book) -> None:
    answer = decide(ask("KOR", value=money("1000")), book)
    amounts = [one.amount.amount for one in answer.duty if one.amount is not None]
    assert answer.total is not None
    assert sum(amounts) == answer.total.amount


# Rows of shipments


def test_a_row_of_shipments_is_a_question() -> None:
    row = {
        "row": 1,
        "from": "KOR",
        "hs": LINE,
        "on": "2025-06-01",
        "value": "1000",
        "currency": "CNY",
        "facts": '{"in_quota": true, "purity": "99.99 %"}',
        "claim": None,
    }
    question = question_of(row)
    assert (question.origin, question.shipped_from) == ("KOR", "KOR")
    assert question.facts == {"in_quota": True, "purity": "99.99 %"}
    assert question_of(row | {"facts": "in_quota=true;purity=99.99 %"}).facts == question.facts


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"colour": "red"}, "colour"),
        ({"on": "soon"}, "soon"),
        ({"currency": None}, "currency"),
        ({"value": "x"}, "'x'"),
        ({"facts": "purity"}, "purity"),
        ({"facts": "{"}, "JSON"),
    ],
)
def test_a_broken_row_says_why(changes: dict[str, Any], told: str) -> None:
    row = {"from": "KOR", "hs": LINE, "on": "2025-06-01", "value": "1", "currency": "CNY"} | changes
    with pytest.raises(InputError) as caught:
        question_of(row, where="row 7")
    assert told in str(caught.value)


# Editions


def test_a_code_of_another_edition_is_found_where_it_went() -> None:
    # 8525.80 of HS2017 was split in HS2022 over four subheadings.
    one = line("old", duty="8 %", hs="852580")
    book = law(replace(one, scope=replace(one.scope, products=ProductScope("HS2017", ("852580",)))))
    answer = decide(ask(hs="852581"), book)
    assert rate(answer) == Decimal("0.08")
    assert any("is 852580 there" in note for note in answer.notes)
    new = law(line("new", duty="8 %", hs="852581"))
    open_question = decide(ask(hs="852580", edition="HS2017"), new)
    assert open_question.verdict is Verdict.UNRESOLVED


def test_goods_of_the_importer_itself() -> None:
    group = line("kor", "preferential-duty", "2 %", partners=["CHN-KOR"], conditions=[("origin", "CHN-KOR")])
    inside = decide(ask("CHN"), law(MFN, group))
    assert inside.verdict is Verdict.FREE
    assert "no customs border" in inside.sentence
    members = load("chn").memberships
    returning = decide(ask("CHN", shipped_from="KOR"), law(MFN, group, memberships=members))
    assert (rate(returning), returning.unresolved) == (Decimal("0.08"), ())


def test_what_was_not_recorded_yet_is_not_read() -> None:
    late = replace(line("late", "provisional-duty", "1 %"), recorded=date(2025, 8, 1))
    book = law(MFN, late)
    assert rate(decide(ask(), book)) == Decimal("0.01")
    then = decide(ask(), book, known_at=date(2025, 7, 1))
    assert rate(then) == Decimal("0.08")
    assert then.law.known_at == date(2025, 7, 1)


@given(books_of_lines(), st.sampled_from(("KOR", "AUS", "JPN")), st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_splitting_a_validity_changes_no_rate(book: Book, origin: str, which: int) -> None:
    name = sorted(book.measures)[which % len(book.measures)]
    whole = book.measures[name]
    day = date(2024, 1, 1)
    parts = {
        name: replace(whole, valid=Interval(whole.valid.start, day)),
        f"{name}-later": replace(whole, id=f"{name}-later", valid=Interval(day, whole.valid.end)),
    }
    cut = replace(
        book, measures=MappingProxyType({k: m for k, m in book.measures.items() if k != name} | parts)
    )
    one, two = decide(ask(origin), book), decide(ask(origin), cut)
    assert rate(one) == rate(two)
    assert [o.rate for o in one.options] == [o.rate for o in two.options]
    assert len(one.unresolved) == len(two.unresolved)


@given(st.sampled_from(("VNM", "THA", "KOR", "CHN", "AUS")))
def test_a_group_is_the_list_of_its_members(origin: str) -> None:
    members = load("chn").memberships
    day = date(2025, 6, 1)
    within = tuple(m.economy for m in members if m.group == "CHN-ASEAN" and day in m.valid)
    answers = []
    for partners in (("CHN-ASEAN",), within):
        given = line("p", "preferential-duty", "1 %", partners=partners, conditions=[("origin", "CHN-ASEAN")])
        answers.append(decide(ask(origin, shipped_from="KOR"), law(MFN, given, memberships=members)))
    assert answers[0] == answers[1]


def test_a_broad_agreement_states_no_rate_for_the_line(china: Book) -> None:
    """Before 2025 the book has no schedule of the agreement: zero is assumed for industries alone."""
    answer = decide(
        Question("import", date(2024, 6, 1), origin="KOR", hs="70131000", proof="certificate"), china
    )
    assert (answer.verdict, rate(answer)) == (Verdict.UNRESOLVED, Decimal("0.07"))
    first = answer.unresolved[0]
    assert first.fact == "covered:chn-fta-kor"
    assert first.if_true.startswith("0 %")
    assert first.if_false.startswith("7 %")


def test_programmes_on_all_lines_reach_the_line(china: Book) -> None:
    answer = decide(
        Question("import", date(2025, 6, 1), origin="ETH", hs="70131000", proof="certificate"), china
    )
    assert (answer.verdict, rate(answer)) == (Verdict.FREE, Decimal(0))


def test_without_a_base_an_addition_is_not_the_whole() -> None:
    added = line("added", "retaliatory-duty", "25 %", partners=["AUS"])
    answer = decide(ask(), law(added, line("elsewhere", "general-duty", "30 %", partners=["USA"])))
    assert (answer.verdict, rate(answer), answer.total) == (Verdict.UNRESOLVED, None, None)
    assert "base duty" in {u.fact for u in answer.unresolved}
