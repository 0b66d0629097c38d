"""Ranges, editions, and what codes became."""

from __future__ import annotations

import csv
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.codes.conversion import convert, unresolved
from openward.codes.nomenclature import HS_EDITIONS, Node, Nomenclature, base_edition, hs, is_edition
from openward.codes.ranges import RangeSet, bounds, covers, significant, touches
from openward.codes.terms import Interval
from openward.errors import InputError, MissingDataError, UnknownCodeError

DAY = date(2023, 1, 1)
codes = st.integers(1, 5).flatmap(lambda n: st.text("0128", min_size=2 * n, max_size=2 * n))
ranges = codes | st.tuples(codes, codes).filter(lambda p: p[0].ljust(10, "0") <= p[1].ljust(10, "9")).map(
    lambda p: f"{p[0]}-{p[1]}"
)


@given(a=codes, b=codes)
def test_a_code_covers_exactly_what_begins_with_it(a: str, b: str) -> None:
    assert covers(a, b) is b.startswith(a)
    assert touches(a, b) is (a.startswith(b) or b.startswith(a))


@given(inside=st.lists(ranges, max_size=4), out=st.lists(ranges, max_size=3), code=codes)
def test_a_range_set_is_its_ranges_less_the_excluded(inside: list[str], out: list[str], code: str) -> None:
    compiled = RangeSet.of(inside, out)
    full = code.ljust(10, "0")
    expected = any(covers(one, full) for one in inside) and not any(covers(one, full) for one in out)
    assert compiled.covers(full) is expected
    if compiled.covers(code):
        assert compiled.touches(code)
    assert list(compiled.lows) == sorted(compiled.lows)
    assert all(a < b for a, b in zip(compiled.lows, compiled.highs, strict=True))


def test_ranges_hold_both_ends() -> None:
    assert bounds("0101-0106") == (101000000, 107000000)
    assert covers("0101-0106", "0106900090")
    assert not covers("0101-0106", "01")
    assert touches("0101-0106", "01")
    assert covers("*", "99")
    assert significant("0101210000") == "010121"
    assert significant("0100000000") == "01"


@pytest.mark.parametrize("bad", ["", "1", "010", "01.01", "01010101011", "0106-0101", "٠١", "A101", "01-"])
def test_what_is_no_range_is_refused(bad: str) -> None:
    with pytest.raises(InputError):
        bounds(bad)


def test_editions_are_known_by_name_and_year() -> None:
    assert is_edition("HS2012")
    assert is_edition("CN2019")
    assert is_edition("US-HTS2025")
    assert is_edition("EU-TARIC2019")
    assert not any(map(is_edition, ["HS2021", "HS", "hs2022", "2022", "CN", "cn2019", ""]))
    assert base_edition("CN2021") == "HS2017"
    assert base_edition("CN2022") == base_edition("US-HTS2025") == "HS2022"
    assert base_edition("HS2007") == "HS2007"
    with pytest.raises(UnknownCodeError, match="HS2021"):
        base_edition("HS2021")
    ordered = sorted(HS_EDITIONS.values(), key=lambda days: days.start)
    assert all(one.end == other.start for one, other in pairwise(ordered))


@pytest.mark.parametrize(("edition", "leaves"), [("HS2022", 5613), ("HS2017", 5388), ("HS2012", 5206)])
def test_the_editions_at_hand_are_whole(edition: str, leaves: int) -> None:
    tree = hs(edition)
    assert len(tree.leaves("*")) == leaves
    assert all(tree.ancestors(leaf.code) for leaf in tree.leaves("*"))


def test_a_heading_resolves_to_its_leaves() -> None:
    tree = hs("HS2022")
    assert [n.code for n in tree.leaves("0101")] == ["010121", "010129", "010130", "010190"]
    assert [n.code for n in tree.leaves("0101-0102")][-1] == "010290"
    assert [n.code for n in tree.ancestors("010121")] == ["01", "0101"]
    assert tree.declarable("010121")
    assert not tree.declarable("0101")
    assert tree.require("870380").name


def test_a_national_edition_changes_from_day_to_day() -> None:
    old, new = Interval(date(2020, 1, 1), DAY), Interval(DAY)
    nodes = [
        Node("0101", Interval(date(2020, 1, 1)), leaf=False),
        Node("010121", Interval(date(2020, 1, 1)), suffix="10", leaf=False),
        Node("01012110", old),
        Node("01012120", new),
    ]
    tree = Nomenclature.of("CHN-2020", reversed(nodes))
    assert [n.code for n in tree.leaves("0101", date(2022, 12, 31))] == ["01012110"]
    assert [n.code for n in tree.leaves("0101", DAY)] == ["01012120"]
    assert tree.validity("0101211000") == (old,)
    assert not tree.exists("010121")
    assert tree.base == "HS2017"
    with pytest.raises(UnknownCodeError, match="on 2023-01-01") as caught:
        tree.require("01012110", DAY)
    assert "2020-01-01 to 2023-01-01" in caught.value.hint
    with pytest.raises(InputError, match="stands twice"):
        Nomenclature.of("CHN-2020", [*nodes, Node("01012110", old)])


def test_codes_are_carried_between_editions() -> None:
    same = convert("870323", "HS2012", "HS2022")
    assert (same.codes, same.exact) == (("870323",), True)
    split = convert("854140", "HS2017", "HS2022")
    assert split.codes == ("854141", "854142", "854143", "854149")
    assert (split.split, split.merged) == (True, False)
    merged = convert("620112", "HS2017", "HS2022")
    assert (merged.codes, merged.split, merged.merged) == (("620130",), False, True)
    assert convert("854141", "HS2022", "HS2017").codes == ("854140",)
    with pytest.raises(UnknownCodeError):
        convert("870380", "HS2012", "HS2022")
    with pytest.raises(UnknownCodeError):
        convert("870323", "HS2007", "HS2022")
    with pytest.raises(MissingDataError, match="846900"):
        convert("846900", "HS2012", "HS2017")


def test_what_cannot_be_carried_is_counted() -> None:
    for source, target in (("HS2017", "HS2022"), ("HS2022", "HS2017"), ("HS2022", "HS2012")):
        assert unresolved(source, target) == ()
    assert len(unresolved("HS2012", "HS2017")) == 12


@pytest.mark.parametrize(("source", "target"), [("HS2017", "HS2022"), ("HS2012", "HS2017")])
def test_carrying_back_finds_the_code_again(source: str, target: str) -> None:
    gone = set(unresolved(source, target))
    for leaf in hs(source).leaves("*"):
        if leaf.code in gone:
            continue
        there = convert(leaf.code, source, target)
        back = {code for new in there.codes for code in convert(new, target, source).codes}
        assert leaf.code in back
        assert there.merged is (back != {leaf.code})


def test_a_whole_national_edition_is_a_tree(shared: Path) -> None:
    path = shared / "data" / "tariff" / "uk_eu" / "commodities_2019_with_validity.csv"
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    nodes = [_node(row) for row in rows]
    tree = Nomenclature.of("EU-TARIC2019", nodes)
    on = date(2019, 10, 1)
    assert len(tree.nodes) == len(rows) == 24374
    leaves = tree.leaves("*", on)
    assert len({leaf.code for leaf in leaves}) == len(leaves) > 14000
    for leaf in leaves[::50]:
        assert tree.ancestors(leaf.code, on)
        assert leaf in tree.leaves(leaf.code[:4], on)
        assert tree.declarable(leaf.code.ljust(10, "0"), on)
    assert tree.require("0101210000", on).name == "Pure-bred breeding animals"


def _node(row: dict[str, str]) -> Node:
    end = date.fromisoformat(row["validity_end_date"][:10]) if row["validity_end_date"] else None
    return Node(
        code=significant(row["goods_nomenclature_item_id"]),
        valid=Interval(date.fromisoformat(row["validity_start_date"][:10]), end),
        name=row["description"],
        indent=int(row["number_indents"]),
        leaf=row["leaf"] == "1",
        suffix=row["producline_suffix"],
        sid=row["goods_nomenclature_sid"],
    )
