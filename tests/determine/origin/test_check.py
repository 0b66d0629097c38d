"""One good against one rule: verdict, what is missing, what would change the answer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from openward.determine.origin.answer import OriginVerdict
from openward.determine.origin.check import check
from openward.determine.origin.codes import CodeRange
from openward.determine.origin.cumulation import Cumulation, Tolerance, Zone
from openward.determine.origin.good import Good, Material
from openward.determine.origin.notation import parse
from openward.determine.origin.scheme import Entry, Scheme
from openward.errors import MissingDataError

ZONE = Zone(frozenset({"JPN", "VNM"}), frozenset({"KOR"}))


def scheme(notation: str, tolerance: Tolerance | None = None) -> Scheme:
    rule = parse(notation)
    entry = Entry(CodeRange("8703", "8703"), "8703", "", rule, (notation,), (rule,))
    return Scheme("t", "T", ZONE, (entry,), {} if tolerance is None else {"87": tolerance}, citation="annex")


def car(*materials: Material, **more: object) -> Good:
    good = Good("870323", "JPN", materials, "USD", Decimal(1000), Decimal(1050), Decimal(900), Decimal(100))
    return replace(good, **more)  # type: ignore[arg-type]


STEEL = Material("720810", "CHN", Decimal(300), Decimal(60), "steel")
SHELL = Material("870710", "CHN", Decimal(80), Decimal(10), "body")
KIT = Material("870321", "CHN", Decimal(80), Decimal(10), "kit")
SEAT = Material("940120", "VNM", Decimal(200), Decimal(20), "seat")


def test_points_missing_and_the_material_to_replace() -> None:
    answer = check(car(STEEL, SHELL), scheme("RVC 70 % build-down EXW"))
    assert answer.verdict is OriginVerdict.NOT
    assert answer.failed == ("1", "2")
    assert answer.changes == (
        ("raise the regional value content by 8.0 points (80.00 USD less non-originating)",),
        ("replace material 2 (870710 body) by an originating material",),
        ("replace material 1 (720810 steel) by an originating material",),
    )


@pytest.mark.parametrize(
    ("notation", "verdict"),
    [
        ("CC", "not originating"),
        ("CTH", "originating"),
        ("CTSH", "originating"),
        ("CTH except 7208", "not originating"),
        ("CC or MaxNOM 38 % EXW", "originating"),
        ("CTH and MaxNOM 37 % EXW", "not originating"),
        ("RVC 62 % build-down EXW", "originating"),
        ("RVC 20 % build-up EXW", "originating"),
        ("RVC 21 % build-up EXW", "not originating"),
        ("RVC 57 % net-cost", "originating"),
        ("RVC 58 % net-cost", "not originating"),
        ("RVC 70 % focused EXW of 7208", "originating"),
        ("RVC 71 % focused EXW of 7208", "not originating"),
        ("MaxWeight 70 % of all", "originating"),
        ("MaxWeight 59 % of 7208", "not originating"),
        ("NOM-to-OM", "not originating"),
        ("WO of 7208", "not originating"),
        ("originating of 9401", "originating"),
        ("WO of 9401", "undecided"),
        ("process \"pressing\"", "undecided"),
        ("process \"pressing\" or CTH", "originating"),
        ("process \"pressing\" and CC", "not originating"),
        ("case \"vans\" (CTH); else (CTSH)", "originating"),
        ("case \"vans\" (CC); else (CTSH)", "undecided"),
        ("case \"made in JPN\" (CTH); else (CC)", "originating"),
        ("FROM 7208, 8707", "originating"),
        ("FROM earlier 7208", "undecided"),
        ("OUTSIDE 8701-8705", "originating"),
        ("OUTSIDE 8701-8707", "not originating"),
        ("OTHER-GOOD 8707 plus FROM 7208", "undecided"),
    ],
)  # fmt: skip
def test_leaves(notation: str, verdict: str) -> None:
    assert check(car(STEEL, SHELL, SEAT), scheme(notation)).verdict.value == verdict


def test_what_is_not_given_is_named() -> None:
    unknown = replace(STEEL, origin="", value=None)
    answer = check(car(unknown, SEAT), scheme("CTH except 7208 and MaxNOM 40 % EXW"))
    assert answer.verdict is OriginVerdict.UNDECIDED
    assert {each.fact for each in answer.missing} == {"origin of material 1", "value of material 1"}
    assert "undecided" in answer.sentence


def test_an_unknown_that_cannot_matter_is_not_asked_for() -> None:
    unknown = replace(STEEL, origin="")
    assert check(car(unknown, SEAT), scheme("CTH")).verdict is OriginVerdict.ORIGINATING


def test_short_codes_decide_what_they_can() -> None:
    chapter = replace(STEEL, code="87")
    assert check(car(chapter), scheme("CC")).verdict is OriginVerdict.NOT
    assert check(car(chapter), scheme("CTH")).verdict is OriginVerdict.UNDECIDED


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(100, "originating"), (101, "undecided"), (150, "undecided"), (151, "not originating")],
)
def test_tolerance_bounds(value: int, verdict: str) -> None:
    tolerance = Tolerance(Decimal("0.10"), Decimal("0.15"), citation="article 6")
    answer = check(car(replace(KIT, value=Decimal(value))), scheme("CTH", tolerance))
    assert answer.verdict.value == verdict


def test_only_a_tolerance_that_is_granted_is_advised() -> None:
    far = car(replace(KIT, value=Decimal(500)))
    granted = check(far, scheme("CTH", Tolerance(Decimal("0.10"), Decimal("0.10"), citation="article 6")))
    assert granted.changes[1] == ("bring their value to at most 10 % of the good (article 6)",)
    unread = check(far, scheme("CTH", Tolerance(Decimal(0), Decimal("0.10"))))
    assert len(unread.changes) == 1


def test_tolerance_by_weight_and_not_for_contents() -> None:
    tolerance = Tolerance(Decimal("0.10"), Decimal("0.10"), True)
    assert check(car(KIT), scheme("CTH", tolerance)).verdict is OriginVerdict.ORIGINATING
    assert check(car(KIT), scheme("MaxNOM 5 % EXW", tolerance)).verdict is OriginVerdict.NOT


def test_an_allowance_of_the_rule_is_its_own_limit() -> None:
    assert (
        check(car(KIT), scheme("CTH allowing 8 % EXW of same heading")).verdict is OriginVerdict.ORIGINATING
    )
    assert check(car(KIT), scheme("CTH allowing 7 % EXW of same heading")).verdict is OriginVerdict.NOT
    assert check(car(KIT), scheme("CTH allowing all of 8704")).verdict is OriginVerdict.NOT


def test_cumulation_in_its_degrees() -> None:
    parts = (Material("870899", "CHN", Decimal(100)), Material("730890", "CHN", Decimal(50)))
    frame = Material("870321", "CHN", Decimal(400), made_in="VNM", components=parts)
    korean = Material("870322", "KOR", Decimal(300))
    rules = scheme("CTH")
    verdicts = {kind: check(car(SEAT, korean), rules, kind).verdict.value for kind in Cumulation}
    assert verdicts == {
        "none": "not originating",
        "bilateral": "not originating",
        "diagonal": "originating",
        "full": "originating",
    }
    assert check(car(SEAT), scheme("MaxNOM 0 % EXW"), Cumulation.NONE).verdict is OriginVerdict.NOT
    assert check(car(SEAT), scheme("MaxNOM 0 % EXW")).verdict is OriginVerdict.ORIGINATING
    assert check(car(frame), rules, Cumulation.DIAGONAL).verdict is OriginVerdict.NOT
    assert check(car(frame), rules, Cumulation.FULL).verdict is OriginVerdict.ORIGINATING


def test_general_conditions_decide_where_known_and_are_named_where_not() -> None:
    rules = scheme("CTH")
    assert check(car(STEEL, minimal_operations_only=True), rules).verdict is OriginVerdict.NOT
    assert check(car(STEEL, transported_directly=False), rules).verdict is OriginVerdict.NOT
    assert check(car(STEEL, made_in="CHN"), rules).verdict is OriginVerdict.NOT
    open_ = check(car(STEEL), rules)
    assert len(open_.conditions) == 3
    told = check(car(STEEL, minimal_operations_only=False, transported_directly=True), rules)
    assert len(told.conditions) == 1


def test_without_rule_or_bill() -> None:
    with pytest.raises(MissingDataError):
        check(car(STEEL, code="0101"), scheme("CTH"))
    empty = check(car(), scheme("CTH"))
    assert empty.verdict is OriginVerdict.UNDECIDED
    assert empty.missing[0].fact == "materials"
    assert check(car(wholly_obtained=True), scheme("CTH")).verdict is OriginVerdict.ORIGINATING
    assert check(car(SEAT), scheme("CC")).verdict is OriginVerdict.ORIGINATING


def test_answers_carry_trace_and_citation() -> None:
    answer = check(car(STEEL), scheme("CC or MaxNOM 10 % EXW"))
    assert [step.output for step in answer.trace] == ["met", "not met", "met"]
    document = answer.as_dict()
    assert document["schema"] == "openward.origin/1"
    assert document["citation"] == "annex"
    assert document["verdict"] == "originating"
    assert "also required" in answer.as_text()
