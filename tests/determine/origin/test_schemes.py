"""The published rule sets: all of them load, and how much of them is decidable is counted."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from openward.cli.output import as_csv
from openward.determine.origin.check import check, originates
from openward.determine.origin.codes import CodeRange
from openward.determine.origin.coverage import Coverage, coverage, total
from openward.determine.origin.cumulation import Zone
from openward.determine.origin.good import Good, Material
from openward.determine.origin.notation import parse, write
from openward.determine.origin.scheme import Entry, Scheme, joined
from openward.determine.origin.uk import load, load_scheme, scheme_from, scheme_names
from openward.errors import InputError, MissingDataError, UnknownCodeError


@pytest.fixture(scope="module")
def rows(shared: Path) -> dict[str, Coverage]:
    found = {}
    for name in scheme_names(shared / "data"):
        if name != "australia":
            found[name] = coverage(load_scheme(shared / "data", name))
    return found


def test_every_scheme_loads(rows: dict[str, Coverage]) -> None:
    everything = total(rows.values())
    assert len(rows) == 43
    assert (everything.ranges, everything.rules) == (28_535, 41_255)
    assert everything.bill + everything.facts + everything.unread == everything.rules


def test_shares_do_not_fall_back(rows: dict[str, Coverage]) -> None:
    everything = total(rows.values())
    assert everything.share_read > 0.97
    assert everything.share_bill > 0.72
    assert rows["cptpp"].share_read > 0.99
    assert rows["cptpp"].share_bill > 0.95


def test_the_table_of_the_docs_is_what_the_command_prints(rows: dict[str, Coverage]) -> None:
    table = Path(__file__).parents[3] / "benchmarks" / "results" / "origin_coverage.csv"
    printed = as_csv([each.row() for each in (*rows.values(), total(rows.values()))])
    assert table.read_text(encoding="utf-8") == printed


def test_the_absent_rule_set_is_named(shared: Path) -> None:
    with pytest.raises(MissingDataError, match="australia"):
        load_scheme(shared / "data", "australia")
    with pytest.raises(MissingDataError, match="no scheme"):
        load_scheme(shared / "data", "atlantis")


def test_notation_of_every_published_rule_reads_back(shared: Path) -> None:
    for name in ("cptpp", "eu", "japan", "canada", "india"):
        for entry in load_scheme(shared / "data", name).entries:
            text = write(entry.rule)
            assert write(parse(text)) == text


def car(made_in: str, foreign: int) -> Good:
    steel = Material("7208", "CHN", Decimal(foreign), name="steel")
    return Good("870323", made_in, (steel,), "USD", Decimal(1000), Decimal(1000), Decimal(1000))


def test_cars_under_the_cptpp() -> None:
    scheme = load("cptpp", None)
    assert check(car("JPN", 450), scheme).verdict.value == "originating"
    assert check(car("JPN", 551), scheme).verdict.value == "not originating"
    assert originates(car("MYS", 700), scheme) is True
    assert originates(car("JPN", 700), scheme) is False
    changes = check(car("JPN", 592), scheme).changes
    assert ("raise the regional value content by 4.2 points (42.00 USD less non-originating)",) in changes


def test_the_excerpt_agrees_with_the_whole(shared: Path) -> None:
    whole, part = load_scheme(shared / "data", "cptpp"), load("cptpp", None)
    for entry in part.entries:
        assert part.find(entry.codes.first).rule == whole.find(entry.codes.first).rule


def test_narrower_entries_go_before_wider() -> None:
    def entry(first: str, notation: str, *, partial: bool = False, description: str = "") -> Entry:
        rule = parse(notation)
        return Entry(CodeRange(first, first), first, description, rule, (notation,), (rule,), partial)

    wide = entry("84", "CTH")
    assert write(joined([wide, entry("8415", "CTSH")])) == "CTSH"
    some = entry("8415", "CTSH", partial=True, description="heat pumps")
    assert write(joined([wide, some])) == 'case "heat pumps" (CTSH); else (CTH)'
    other = entry("8415", "CC", partial=True, description="Air conditioners ▸ Other")
    assert write(joined([some, other])) == 'case "heat pumps" (CTSH); else (CC)'


def test_a_code_that_spans_several_entries_asks_for_more_digits() -> None:
    cth, ctsh = parse("CTH"), parse("CTSH")
    scheme = Scheme(
        "t",
        "T",
        Zone(frozenset({"JPN"})),
        (
            Entry(CodeRange("841510", "841510"), "841510", "", cth, ("a",), (cth,)),
            Entry(CodeRange("841520", "841590"), "841520-841590", "", ctsh, ("b",), (ctsh,)),
        ),
        {},
    )
    good = Good("8415", "JPN", (Material("841590", "CHN", Decimal(1)),), "USD", Decimal(10))
    assert check(good, scheme).verdict.value == "undecided"
    assert scheme.lookup("01") is None


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ({"heading": "1", "min": "0101", "rules": []}, "rule_sets[0]"),
        (
            {"heading": "1", "min": "0202", "max": "0101", "rules": [{"rule": "WO", "class": []}]},
            "rule_sets[0]",
        ),
        (
            {"heading": "1", "min": "01x1", "max": "0101", "rules": [{"rule": "WO", "class": []}]},
            "rule_sets[0]",
        ),
        ({"heading": "1", "min": "0101", "max": "0101", "rules": []}, "rule_sets[0]"),
        ({"heading": "1", "min": "0101", "max": "0101", "rules": ["CTH"]}, "rule_sets[0]"),
    ],
)
def test_malformed_entries_are_placed(entry: dict[str, object], place: str) -> None:
    with pytest.raises(InputError) as raised:
        scheme_from("mine", {}, {"rule_sets": [entry]})
    assert place in raised.value.where


def test_a_truncated_file_is_placed(tmp_path: Path) -> None:
    (tmp_path / "roo_schemes_uk.json").write_text(json.dumps({"schemes": [{"scheme_code": "mine"}]}))
    (tmp_path / "mine.json").write_text('{"rule_sets": [\n{"heading": "01')
    with pytest.raises(InputError) as raised:
        load_scheme(tmp_path, "mine")
    assert raised.value.where.startswith("mine.json:")


def test_codes_that_are_none() -> None:
    with pytest.raises(UnknownCodeError):
        CodeRange("12345678901", "12345678901")
