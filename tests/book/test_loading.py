from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from openward.book import load
from openward.book.duty import AdValorem
from openward.book.model import Book, Condition, Flow, Instrument
from openward.codes.terms import Interval, Status
from openward.errors import InputErrors, MissingDataError, UnknownCodeError

BOOK = """\
schema: openward.book/1
name: mine
economy: CHN
covered_from: 2020-01-01
covered_to: 2026-06-30
"""
ACTS = """\
schema: openward.acts/1
acts:
  - {id: law, jurisdiction: CHN, kind: law, title: A law, number: 12, in_force: 2019-01-01}
"""
HEADER = (
    "id,instrument,imposed_by,flow,partners,exclude,products,edition,sectors,"
    "duty,conditions,from,to,act,article\n"
)
ROW = (
    "m1,mfn-duty,CHN,import,KOR;USA,USA,,,A01;C20,"
    "5 %,origin=CHN-KOR;membership=RCEP,2020-01-01,2021-01-01,law,1\n"
)
YAML = """\
schema: openward.measure/1
measures:
  - id: m2
    instrument: preferential-duty
    imposed_by: CHN
    flow: import
    scope: {partners: [RCEP], products: {edition: HS2022, ranges: [0101, 8703]}}
    effect: {duty: 7.5 CNY/KGM}
    conditions: [{origin: RCEP}]
    valid: {from: 2022-01-01}
    act: law
    article: 3
    status: unverified
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "measures").mkdir()
    (tmp_path / "book.yaml").write_text(BOOK)
    (tmp_path / "acts.yaml").write_text(ACTS)
    (tmp_path / "measures" / "a.csv").write_text(HEADER + ROW)
    (tmp_path / "measures" / "b.yaml").write_text(YAML)
    return tmp_path


def errors(folder: Path) -> list[str]:
    with pytest.raises(InputErrors) as caught:
        load(folder)
    assert all(error.where for error in caught.value.errors)
    return [str(error) for error in caught.value.errors]


def test_a_book_of_csv_and_yaml(folder: Path) -> None:
    book = load(folder)
    assert (book.name, book.economy, book.covered_from) == ("mine", "CHN", date(2020, 1, 1))
    one = book.measures["m1"]
    assert one.scope.partners == ("KOR", "USA")
    assert one.scope.exclude == ("USA",)
    assert one.scope.products is None
    assert one.scope.sectors == ("A01", "C20")
    assert one.effect.duty == AdValorem(Decimal("0.05"))
    assert one.conditions == (Condition("origin", "CHN-KOR"), Condition("membership", "RCEP"))
    assert one.valid == Interval(date(2020, 1, 1), date(2021, 1, 1))
    assert one.where.endswith("a.csv:2")
    two = book.measures["m2"]
    assert (two.instrument, two.flow) == (Instrument.PREFERENTIAL_DUTY, Flow.IMPORT)
    assert two.scope.products is not None
    assert two.scope.products.ranges == ("0101", "8703")
    assert (two.article, two.status) == ("3", Status.UNVERIFIED)
    assert two.where.endswith("b.yaml:3")
    assert book.acts["law"].number == "12"


def test_parquet_says_the_same_as_csv(folder: Path) -> None:
    import polars as pl

    from_csv = load(folder).measures["m1"]
    table = pl.read_csv(folder / "measures" / "a.csv", infer_schema=False)
    table = table.with_columns(pl.col("from").str.to_date())
    table.write_parquet(folder / "measures" / "c.parquet")
    (folder / "measures" / "a.csv").unlink()
    assert load(folder).measures["m1"] == from_csv


def test_topic_folders_memberships_lines_precedence(folder: Path) -> None:
    (folder / "duties").mkdir()
    text = YAML.replace("m2", "m3").replace("[RCEP]", "[FRIENDS]")
    (folder / "duties" / "2022-01-01.yaml").write_text(text)
    (folder / "memberships").mkdir()
    (folder / "memberships" / "own.csv").write_text(
        "group,economy,from,to,source\nFRIENDS,KOR,2021-01-01,,a page\n"
    )
    (folder / "lines.csv").write_text(
        "economy,sector,code,share,lines\nCHN,B06,free,0.25,2\nCHN,B06,dutiable,0.75,3\n"
    )
    (folder / "precedence.yaml").write_text(
        "schema: openward.precedence/1\neconomy: CHN\nperiods: [{from: 2020-01-01}]\n"
    )
    book = load(folder)
    assert book.measures["m3"].scope.partners == ("FRIENDS",)
    assert book.members("FRIENDS", date(2022, 1, 1)) == {"KOR"}
    assert [line.share for line in book.lines] == [0.25, 0.75]
    assert book.meta["precedence"]["CHN"]["periods"] == [{"from": date(2020, 1, 1)}]


def test_included_books_are_merged(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "measures").mkdir(parents=True)
    (other / "book.yaml").write_text(BOOK.replace("mine", "other") + f"includes: [{folder.name}]\n")
    (other / "measures" / "a.csv").write_text(HEADER + ROW.replace("m1", "m9"))
    # The book sits inside the one it includes, so the include is named from its own parent.
    (other / "book.yaml").write_text(BOOK.replace("mine", "other") + "includes: ['.']\n")
    (folder / "other").rename(folder.parent / f"{folder.name}-other")
    beside = folder.parent / f"{folder.name}-other"
    (beside / "book.yaml").write_text(BOOK.replace("mine", "other") + f"includes: [{folder.name}]\n")
    assert set(load(beside).measures) == {"m1", "m2", "m9"}
    (folder / "book.yaml").write_text(BOOK + f"includes: [{beside.name}]\n")
    with pytest.raises(InputErrors, match="include each other"):
        load(beside)


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        (
            "instrument: preferential-duty",
            "instrument: preferntial-duty",
            "did you mean preferential-duty",
            4,
        ),
        ("flow: import", "flow: imports", "unknown flow 'imports'", 6),
        ("from: 2022-01-01", "from: 2022-02-30", "does not exist", 10),
        ("from: 2022-01-01", "from: 2022", "is not a date", 10),
        ("partners: [RCEP]", "partnrs: [RCEP]", "did you mean partners", 7),
        ("partners: [RCEP]", "partners: [RCEPP]", "did you mean RCEP", 3),
        ("partners: [RCEP]", "partners: ['*']", "leave the field out", 3),
        ("imposed_by: CHN", "imposed_by: China", "unknown code 'China'", 3),
        ("duty: 7.5 CNY/KGM", "duty: 7.5 CNY/", "expected a unit", 8),
        ("duty: 7.5 CNY/KGM", "duty: 7.5 CNX/KGM", "character 5", 8),
        ("ranges: [0101, 8703]", "ranges: ['01.01']", "is not an HS range", 7),
        ("ranges: [0101, 8703]", "ranges: ['7777']", "unknown code '7777'", 3),
        ("edition: HS2022", "edition: HS2021", "is not an HS edition", 7),
        ("{origin: RCEP}", "{orign: RCEP}", "did you mean origin?", 9),
        ("{origin: RCEP}", "{membership: RCPE}", "unknown code 'RCPE'", 3),
        ("status: unverified", "status: sure", "unknown status 'sure'", 13),
        ("act: law", "act: law\n    act: law", "comes twice", 12),
        ("    flow: import\n", "", "'measures.0.flow' is missing", 3),
        ("openward.measure/1", "openward.measure/2", "openward.measure/1", 1),
        ("id: m2", "id: m 2", "is not an id", 3),
        ("id: m2", "id: m1", "duplicate id 'm1'", 3),
        ("effect: {duty", "effect: {{duty", "not valid YAML", 9),
    ],
)
def test_what_is_wrong_in_yaml_is_said_with_its_line(
    folder: Path, old: str, new: str, said: str, line: int
) -> None:
    assert old in YAML
    (folder / "measures" / "b.yaml").write_text(YAML.replace(old, new, 1))
    (first, *_) = errors(folder)
    assert said in first
    assert f"b.yaml:{line}: " in first


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("partners", "partner", "did you mean partners", 1),
        (",flow,", ",", "column 'flow' is missing", 1),
        ("mfn-duty", "mfn duty", "did you mean mfn-duty?", 2),
        ("5 %", "five", "expected a number", 2),
        ("2021-01-01", "2021-13-01", "does not exist", 2),
        ("KOR;USA", "KOR;UAS", "unknown code 'UAS'", 2),
        ("A01;C20", "A01;C20/free", "unknown code 'C20/free'", 2),
        ("membership=RCEP", "membership", "is not a condition", 2),
        (",law,1", ",law,1,", "16 cells where the header has 15", 2),
        ("m1,", ",", "the cell 'id' is empty", 2),
    ],
)
def test_what_is_wrong_in_csv_is_said_with_its_line(
    folder: Path, old: str, new: str, said: str, line: int
) -> None:
    text = (HEADER + ROW).replace(old, new, 1)
    assert text != HEADER + ROW
    (folder / "measures" / "a.csv").write_text(text)
    (first, *_) = errors(folder)
    assert said in first
    assert f"a.csv:{line}: " in first


def test_all_errors_of_all_files_come_at_once(folder: Path) -> None:
    (folder / "measures" / "a.csv").write_text(HEADER + ROW.replace("5 %", "5") + ROW.replace("mfn", "mnf"))
    (folder / "measures" / "b.yaml").write_text(
        YAML.replace("flow: import", "flow: x").replace("status: u", "status: ")
    )
    (folder / "lines.csv").write_text("economy,sector,code,share,lines\nCHN,B06,free,0.25,2\n")
    (folder / "act.yaml").write_text(ACTS)
    found = errors(folder)
    assert len(found) == 6
    assert any("sum to 0.25" in one for one in found)
    assert any("no book has a file 'act.yaml'" in one for one in found)


def test_missing_books(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="no book 'chnn'") as caught:
        load("chnn")
    assert "chn" in caught.value.hint
    with pytest.raises(MissingDataError, match=r"book\.yaml"):
        load(tmp_path)


def test_unknown_codes_keep_their_kind(folder: Path) -> None:
    (folder / "measures" / "a.csv").write_text(HEADER + ROW.replace("KOR", "KRO"))
    with pytest.raises(InputErrors) as caught:
        load(folder)
    assert isinstance(caught.value.errors[0], UnknownCodeError)
    assert caught.value.exit_code == 3


def test_what_ships_loads_and_keeps_its_rules() -> None:
    from openward.book.rules import errors

    book = load("chn")
    assert isinstance(book, Book)
    assert book.economy == "CHN"
    assert load("chn") is book
    assert {measure.imposed_by for measure in book.measures.values()} > {"CHN", "USA"}
    assert errors(book) == ()
