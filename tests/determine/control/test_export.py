"""Export control of China beyond the one row: codes, parties, movements, kinds of licence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openward.book import load
from openward.determine.control.export import decide_export
from openward.determine.control.licence import licence_kinds
from openward.determine.control.ownership import Holding
from openward.determine.decision import Decision, Fact, Question, Verdict
from openward.determine.kleene import Truth
from openward.errors import InputError, UnknownCodeError, UsageError

BOOK = load("chn")
APT = "2841801000"  # ammonium paratungstate: caught by its code alone


def ask(hs: str, to: str = "DEU", on: str = "2025-06-01", **more: object) -> Decision:
    facts = more.pop("facts", {})
    question = Question(
        flow="export",
        on=date.fromisoformat(on),
        importer=to,
        hs=hs,
        facts=facts,
        **more,  # type: ignore[arg-type]
    )
    return decide_export(BOOK, question)


def test_goods_no_item_names_are_not_caught() -> None:
    decision = ask("6109100000")
    assert decision.verdict is Verdict.FREE
    assert "not at hand" in " ".join(decision.notes)


def test_an_item_without_parameters_is_caught_by_its_code() -> None:
    assert ask(APT).verdict is Verdict.LICENCE
    assert ask(APT, on="2025-02-03").verdict is Verdict.FREE


def test_a_code_wider_than_the_text_points_at_must_be_confirmed() -> None:
    decision = ask(APT[:6])
    assert decision.verdict is Verdict.UNRESOLVED
    assert "ten digits" in decision.unresolved[0].fact


def test_every_parameter_of_the_text_is_asked() -> None:
    graphite = "3801100030"
    given: dict[str, Fact] = {"purity": "99.95 %", "flexural_strength_mpa": Decimal(40)}
    decision = ask(graphite, facts=given)
    assert decision.verdict is Verdict.UNRESOLVED
    assert ask(graphite, facts=given | {"density_g_cm3": Decimal("1.8")}).verdict is Verdict.LICENCE
    assert ask(graphite, facts=given | {"density_g_cm3": Decimal("1.7")}).verdict is Verdict.FREE


def test_a_suspended_item_is_not_caught_and_later_not_known() -> None:
    facts: dict[str, Fact] = {"mean_particle_size_um": Decimal(20), "synthetic": True}
    assert ask("71051020", on="2025-12-01", facts=facts).verdict is Verdict.FREE
    assert ask("71051020", on="2026-11-10", facts=facts).verdict is Verdict.FREE
    decision = ask("71051020", on="2026-11-11", facts=facts)
    assert decision.verdict is Verdict.UNRESOLVED
    doubt = decision.unresolved[0]
    assert (doubt.if_true, doubt.if_false) == ("not caught", "licence needed")


def test_the_catch_all_clause_reaches_what_no_list_names() -> None:
    assert ask("6109100000", facts={"knows_risk": True}).verdict is Verdict.LICENCE
    assert ask("6109100000", end_use="terrorism").verdict is Verdict.LICENCE
    open_ = ask("6109100000")
    assert any("knows_risk" in doubt.fact for doubt in open_.unresolved)
    settled: dict[str, Fact] = {"knows_risk": False, "notified": False}
    assert not ask("6109100000", facts=settled, end_use="civil").unresolved


def test_the_catch_all_clause_begins_with_the_law() -> None:
    assert ask("6109100000", on="2020-11-30", facts={"knows_risk": True}).verdict is Verdict.FREE


def test_dual_use_items_to_military_users_in_japan_are_prohibited() -> None:
    use = {"end_use": "military"}
    assert ask(APT, to="JPN", on="2026-01-05", **use).verdict is Verdict.LICENCE
    assert ask(APT, to="JPN", on="2026-01-06", **use).verdict is Verdict.PROHIBITED
    assert ask("6109100000", to="JPN", on="2026-02-01", **use).verdict is Verdict.FREE


def test_a_party_on_the_control_list_stops_dual_use_items_only() -> None:
    party = ("General Dynamics",)
    assert ask(APT, to="CAN", parties=party).verdict is Verdict.PROHIBITED
    assert ask("6109100000", to="CAN", parties=party).verdict is Verdict.FREE


def test_an_unreliable_entity_stops_every_item() -> None:
    assert ask("6109100000", to="CAN", parties=("Lockheed Martin Corporation",)).verdict is Verdict.PROHIBITED


def test_the_watch_list_closes_kinds_of_licence_and_stops_the_clock() -> None:
    decision = ask(APT, to="JPN", on="2026-03-01", end_use="civil", parties=("SUBARU Corporation",))
    assert decision.verdict is Verdict.LICENCE
    assert "no time limit" in decision.obligations[0].deadline
    assert any("risk assessment" in one.what for one in decision.obligations)
    assert any(note.startswith("general licence") and ": not open" in note for note in decision.notes)


def test_a_name_that_is_only_alike_must_be_confirmed() -> None:
    decision = ask(APT, to="CAN", parties=("General Dynamic Mission Systems",))
    assert decision.verdict is Verdict.UNRESOLVED
    assert any("whether" in doubt.fact and "General Dynamics" in doubt.fact for doubt in decision.unresolved)


def test_every_party_is_looked_at() -> None:
    parties = ("Bakery of Bremen", "斯凯迪奥公司")
    assert ask(APT, parties=parties, on="2025-06-01").verdict is Verdict.PROHIBITED
    assert ask(APT, parties=parties, on="2025-12-01").verdict is Verdict.LICENCE


@pytest.mark.parametrize("movement", ["transit", "transshipment", "re-export", "out-of-bonded-area"])
def test_transit_and_re_export_follow_the_rules_of_an_export(movement: str) -> None:
    decision = ask(APT, facts={"movement": movement})
    assert decision.verdict is Verdict.LICENCE
    assert "48(1)" in decision.trace[0].citation


def test_between_bonded_areas_no_licence_is_needed() -> None:
    assert ask(APT, facts={"movement": "between-bonded-areas"}).verdict is Verdict.FREE


def test_a_transfer_abroad_is_reached_on_demand_only() -> None:
    abroad = {"shipped_from": "VNM"}
    decision = ask(APT, **abroad)
    assert decision.verdict is Verdict.UNRESOLVED
    assert "required_by_ministry" in decision.unresolved[0].fact
    none: dict[str, Fact] = {
        "contains_chinese_items": False,
        "made_with_chinese_technology": False,
        "chinese_origin": False,
    }
    assert ask(APT, **abroad, facts=none).verdict is Verdict.FREE
    required: dict[str, Fact] = {"chinese_origin": True, "required_by_ministry": True}
    assert ask(APT, **abroad, facts=required).verdict is Verdict.LICENCE
    assert ask("2504101000", on="2024-11-30", **abroad).verdict is Verdict.FREE


def test_a_subsidiary_of_a_listed_party_may_use_no_general_licence() -> None:
    question = Question(flow="export", on=date(2025, 6, 1), importer="DEU", hs=APT)
    holdings = [Holding("General Dynamics", "GD China", Decimal(1))]
    decision = decide_export(BOOK, question, holdings=holdings)
    assert any(note.startswith("general licence") and ": not open" in note for note in decision.notes)


def test_kinds_of_licence() -> None:
    on = date(2025, 1, 1)
    assert licence_kinds({}, on=date(2024, 11, 30)) == ()
    assert [kind.open for kind in licence_kinds({}, on=on)] == [Truth.TRUE, Truth.UNKNOWN, Truth.UNKNOWN]
    clean: dict[str, Fact] = {
        "punished_criminally": False,
        "punished_administratively_within_5_years": False,
        "owned_by_control_listed": False,
        "compliance_system": True,
        "export_record": True,
        "fixed_channels": True,
        "registration_case": "exhibition-abroad",
    }
    assert [kind.open for kind in licence_kinds(clean, on=on)] == [Truth.TRUE] * 3
    punished = licence_kinds(clean | {"punished_criminally": True}, on=on)
    assert [kind.open for kind in punished] == [Truth.TRUE, Truth.FALSE, Truth.FALSE]
    watched = licence_kinds(clean, on=on, watch_listed=Truth.TRUE)
    assert [kind.open for kind in watched] == [Truth.TRUE, Truth.FALSE, Truth.FALSE]


def test_bad_questions_say_what_is_wrong() -> None:
    with pytest.raises(UsageError, match="six digits"):
        ask("2825")
    with pytest.raises(InputError, match="not a product code"):
        ask("28258O00")
    with pytest.raises(UnknownCodeError):
        ask(APT, to="XXZ")
    with pytest.raises(InputError, match="purity"):
        ask("28258000", facts={"purity": "99.99 KGM"})


def test_the_decision_prints_as_json() -> None:
    document = ask(APT).as_dict()
    assert document["schema"] == "openward.decision/1"
    assert document["verdict"] == "licence"
    assert document["trace"][0]["measure"].startswith("chn-ec-2025-10")
