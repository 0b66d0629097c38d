"""Published sentences and the trees they are read into."""

from __future__ import annotations

from datetime import date

import pytest

from openward.determine.origin.coverage import Decidable, decidable
from openward.determine.origin.good import Good
from openward.determine.origin.notation import write
from openward.determine.origin.text.rule_set import read_entry
from openward.determine.origin.text.sentence import read_rule
from openward.determine.origin.text.wording import in_force

EXW = "of the ex-works price of the product"
SENTENCES = [
    ("Manufacture from materials of any heading, except that of the product.", "CTH"),
    (
        "Manufacture in which all the materials used are classified within a heading other than "
        "that of the product.",
        "CTH",
    ),
    (
        f"Manufacture in which the value of all the materials used does not exceed **40%** {EXW}.",
        "MaxNOM 40 % EXW of all",
    ),
    (
        "Manufacture:\n\n- from materials of any heading, except that of the product, "
        "*and*\n\n- in which the value of "
        f"all the materials of [chapter&nbsp;17](/chapters/17) used does not exceed **30%** {EXW}.",
        "CTH and MaxNOM 30 % EXW of 17",
    ),
    (
        "Manufacture from materials of any heading, except that of the product. However, "
        "materials of the same heading "
        f"as the product may be used, provided that their total value does not exceed **20%** {EXW}.",
        "CTH allowing 20 % EXW of same heading",
    ),
    (
        "Manufacture from materials of any heading, except that of the product. However, waste "
        "and scrap of "
        "[heading&nbsp;7404](/headings/7404) may not be used.",
        'CTH except "waste and scrap" 7404',
    ),
    (
        "Manufacture from materials not classified within heading 7106, heading 7108 or heading 7110.",
        "ANY except 7106, 7108, 7110",
    ),
    (
        "Manufacture from ingots or other primary forms of heading 7206 or heading 7218.",
        'FROM earlier "ingots or other primary forms" 7206 plus FROM earlier "ingots or other '
        'primary forms" 7218',
    ),
    (
        "Manufacture from yarn. For special conditions relating to products made of a mixture of "
        "textile materials, see "
        "Introductory Note 5.",
        'FROM earlier "yarn"',
    ),
    (
        "Manufacture in which all the materials of chapter 1 and chapter 2 used are wholly obtained.",
        "WO of 01, 02",
    ),
    (
        "Manufacture in which all the cereals, edible vegetables, roots and tubers of heading 0714 "
        "or fruit used are "
        "wholly obtained.",
        'WO of "cereals, edible vegetables, roots and tubers" 0714 and WO of "fruit"',
    ),
    (
        "<abbr title='Change of tariff subheading'>CTSH</abbr>: All non-originating materials used "
        "in the production of "
        "the good have undergone a change in tariff classification at the 6-digit level "
        "(subheading).",
        "CTSH",
    ),
    (
        "Your goods contain a Regional Value Content (RVC) of at least **45%** of the Free on "
        "Board (FOB) cost of the "
        "goods.",
        "RVC 45 % build-down FOB of all",
    ),
    (
        "A maximum of **50%** of the ex-works price (EXW) is made up of non-originating parts (MAXNOM).",
        "MaxNOM 50 % EXW of all",
    ),
    (
        "Making-up including cutting of fabric, provided that the value of non-originating "
        "materials used does not exceed "
        "**50%** of the ex-works price (EXW) or **45%** of the Free on Board (FOB) cost of the product.",
        'process "Making-up including cutting of fabric" and (MaxNOM 50 % EXW of all or MaxNOM 45 '
        "% FOB of all)",
    ),
    (
        "A change to a good of heading 5208 from any other heading, except from heading 5106 to "
        "heading 5113, heading 5205 "
        "to heading 5207, 5209 to 5212 or 5401 to 5402, subheading 540333 through 540339 or 540342 "
        "through 540349, or "
        "heading 5404 to heading 5408.",
        "CTH except 5106-5113, 5205-5207, 5209-5212, 5401-5402, 540333-540339, 540342-540349, 5404-5408",
    ),
    (
        "A change to a good of heading 6101 to heading 6109 from any other chapter, except from "
        "chapter 55, provided the "
        "good is cut or knit to shape, or both, and sewn or otherwise assembled in the territory "
        "of one or more of the "
        "Parties.",
        'CC except 55 and fact "the good is cut or knit to shape, or both, and sewn or otherwise '
        "assembled in the "
        'territory of one or more of the Parties"',
    ),
    (
        "A change from within this heading, whether or not there is also a change from any other "
        "heading, provided that "
        "the value of non-originating materials of this heading does not exceed **20%** of the "
        "transaction value or "
        "ex-works price of the product.",
        "CTH allowing 20 % EXW of same heading",
    ),
    (
        "Manufacture from materials of any heading, except that of the good or Manufacture in "
        "which the value of all the "
        "materials used does not exceed **70%** of the ex-works price of the "
        "good.",
        "CTH or MaxNOM 70 % EXW of all",
    ),
    (
        "CTH: All non-originating materials used in the production of the good have undergone a "
        "change in tariff "
        "classification at the 4-digit level (tariff heading), provided that:\n\n- all the "
        "materials of chapter 4 used are "
        "wholly obtained, and\n\n- i) the weight of non-originating materials of heading 1701 used "
        "does not exceed 40% of "
        "the weight of the product, or\n\n- (ii) the value of non-originating materials of heading "
        "1701 used does not "
        "exceed 30% of the ex-works price of the product.",
        "CTH and WO of 04 and (MaxWeight 40 % of 1701 or MaxNOM 30 % EXW of 1701)",
    ),
]


@pytest.mark.parametrize(("text", "notation"), SENTENCES)
def test_sentences(text: str, notation: str) -> None:
    what, rule = read_rule(text)
    assert what == ""
    assert write(rule) == notation


def test_alternatives_continue_the_list_that_opened_them() -> None:
    rule, each = read_entry(
        [
            ("A change to a good of heading 9029 from any other heading.", ()),
            (
                "No change in tariff classification required for a good of heading 9029, "
                "provided there is a regional "
                "value content of not less than:\n\n- a) **30%** under the build-up method.",
                (),
            ),
            ("- b) **40%** under the build-down method.", ()),
            (
                "- c) **50%** under the focused value method taking into account only the "
                "non-originating materials "
                "of [heading&nbsp;9029](/headings/9029).",
                (),
            ),
        ]
    )
    assert write(rule) == (
        "CTH or RVC 30 % build-up value of all or RVC 40 % build-down value of all or RVC 50 % "
        "focused value of 9029"
    )
    assert len(each) == 4


def test_goods_told_apart_by_description() -> None:
    rule, _ = read_entry(
        [
            ("A change to pisco of subheading 220820 from any other chapter.", ()),
            ("A change to any other good of subheading 220820 from any other heading.", ()),
        ]
    )
    assert write(rule) == 'case "pisco" (CC); else (CTH)'
    assert decidable(rule) is Decidable.FACTS


def test_a_party_with_a_rule_of_its_own() -> None:
    """The percentages for vehicles of Malaysia are no alternatives for anybody else."""
    rule, _ = read_entry(
        [
            (
                "No change in tariff classification required for a good of heading 8703 "
                "provided there is a regional "
                "value content of not less than:\n\n- a) **45%** under the net cost method.",
                (),
            ),
            (
                "- b) **55%** under the build-down method.\n\nFor originating goods of heading "
                "8703 imported from "
                "Malaysia, the product specific rule is:\n\nNo change in tariff classification "
                "required for a good of "
                "heading 8703, provided there is a regional value content of not less "
                "than:\n\n- a) **25%** under the "
                "build-down method.",
                (),
            ),
            ("- b) **25%** under the build-up method.", ()),
        ]
    )
    assert write(rule) == (
        'case "made in MYS" (RVC 25 % build-down value of all or RVC 25 % build-up value of all); '
        "else (RVC 45 % net-cost net-cost of all or RVC 55 % build-down value of all)"
    )


def test_an_item_nobody_can_attach_is_no_rule_of_its_own() -> None:
    rule, _ = read_entry(
        [("Gobbledegook about: nothing at all.", ()), ("- b) **25%** under the build-up method.", ())]
    )
    assert decidable(rule) is Decidable.UNREAD


@pytest.mark.parametrize(
    "text",
    [
        "Each item in the set must satisfy the rule which would apply to it if it were not "
        "included in the set. "
        f"However, non-originating articles may be incorporated, provided that their total value "
        f"does not exceed 15% {EXW}.",
        "The origin of the product in its original classification shall be retained.",
        "",
    ],
)
def test_what_is_not_understood_is_kept_whole(text: str) -> None:
    _, rule = read_rule(text)
    assert decidable(rule) is Decidable.UNREAD


def test_rules_of_a_period_turn_on_the_day() -> None:
    _, rule = read_rule(
        "Your goods contain a Regional Value Content (RVC) of at least **55%** of the Free on Board (FOB) "
        "cost of the goods **(1st Jan 2023 to 31st Dec 2025)**."
    )
    assert write(rule) == 'fact "in force [2023-01-01, 2026-01-01)" and RVC 55 % build-down FOB of all'
    days = {
        date(2022, 12, 31): False,
        date(2023, 1, 1): True,
        date(2025, 12, 31): True,
        date(2026, 1, 1): False,
    }
    for day, truth in days.items():
        assert Good("870323", "JPN", on=day).fact("in force [2023-01-01, 2026-01-01)") is truth
    assert Good("870323", "JPN").fact("in force [2023-01-01, ...)") is None
    assert in_force("until 31 December 2023") == "in force [..., 2024-01-01)"
