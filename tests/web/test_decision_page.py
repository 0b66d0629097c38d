"""Questions about single transactions on the look-up page: the same decision as everywhere."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from starlette.testclient import TestClient

from openward.book.model import Book
from openward.determine.control.export import decide_export
from openward.determine.decision import Question
from openward.determine.facts import parse
from openward.determine.goods import decide
from openward.web.settle import changes_for

KOREA = "mode=goods&origin=KOR&hs=70131000&on=2025-06-01"
BEEF = "mode=goods&origin=BRA&hs=02023000&on=2026-05-01"
ANTIMONY = "mode=export&to=USA&hs=28258000&on=2024-12-04"


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def links(page: str, label: str) -> list[str]:
    found = re.findall(r'<a class="way" href="([^"]+)"[^>]*>([^<]*)</a>', page)
    return [html.unescape(url) for url, said in found if html.unescape(said) == label]


def test_goods_are_answered_by_line(client: TestClient, book: Book) -> None:
    answer = client.get(f"/lookup?{KOREA}")
    assert answer.status_code == 200
    said = text_of(answer.text)
    assert "China (CHN) charges 7 % on goods of Republic of Korea" in said
    assert "below the agreement rates of 11 % and 19.6 %" in said
    assert "chn-2025-rcep-kr-70131000" in said
    assert "unverified" in said
    asked = Question("import", date(2025, 6, 1), origin="KOR", shipped_from="KOR", hs="70131000")
    assert client.get(f"/api/decide?{KOREA}").json() == decide(asked, book).as_dict()
    assert "/api/decide?mode=goods&amp;origin=KOR&amp;hs=70131000" in answer.text


def test_a_value_brings_the_landed_total(client: TestClient) -> None:
    said = text_of(client.get(f"/lookup?{KOREA}&value=100000").text)
    assert "120,910.00 CNY" in said
    assert "7,000.00 CNY" in said


def test_a_click_settles_a_fact(client: TestClient) -> None:
    page = client.get(f"/lookup?{BEEF}").text
    (url,) = links(page, "in_quota:CHN-BEEF-BRA = true")
    settled = client.get(url).text
    assert "charges 12 %" in text_of(settled)
    assert not links(settled, "in_quota:CHN-BEEF-BRA = true")
    assert "Ask without in_quota:CHN-BEEF-BRA=true" in settled


def test_every_value_offered_answers(client: TestClient) -> None:
    for query in (BEEF, ANTIMONY, "mode=investment&sector=J61", "mode=services&sector=J61&supply=1"):
        page = client.get(f"/lookup?{query}").text
        urls = re.findall(r'<a class="way" href="([^"]+)"', page)
        assert urls, query
        assert {client.get(html.unescape(url)).status_code for url in urls} == {200}


def test_export_is_the_decision_of_the_room_below(client: TestClient, book: Book) -> None:
    page = client.get(f"/lookup?{ANTIMONY}").text
    assert "purity >= 99.99 %" in text_of(page)
    assert 'value="purity="' in page
    (url,) = links(page, "purity = 99.99 %")
    assert "in principle not granted" in text_of(client.get(url).text)
    asked = Question("export", date(2024, 12, 4), importer="USA", hs="28258000")
    assert client.get(f"/api/decide?{ANTIMONY}").json() == decide_export(book, asked).as_dict()


def test_a_control_number_is_answered_by_the_law_of_the_united_states(client: TestClient) -> None:
    answer = client.get("/api/decide?mode=export&to=CHN&eccn=3A001")
    assert answer.status_code == 200
    assert answer.json()["schema"] == "openward.decision/1"


@pytest.mark.parametrize("mode", ["goods", "industry", "export", "party", "investment", "services"])
def test_every_tab_opens_by_itself(client: TestClient, mode: str) -> None:
    answer = client.get(f"/lookup?mode={mode}")
    assert answer.status_code == 200
    assert f'name="mode" value="{mode}"' in answer.text


def test_a_party_is_looked_up(client: TestClient) -> None:
    said = text_of(client.get("/lookup?mode=party&name=Lockheed+Martin&on=2025-06-01").text)
    assert "Prohibited" in said
    assert "chn-control-list-2025-01-02-25" in said


def test_sector_is_what_the_command_line_calls_an_industry(client: TestClient) -> None:
    one = client.get("/api/rate?partner=DEU&sector=C29&on=2024-01-01").json()
    assert one == client.get("/api/rate?partner=DEU&industry=C29&on=2024-01-01").json()
    assert one["sector"] == "C29"
    assert client.get("/lookup?partner=DEU&sector=C29").status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("partner=DEU&industri=C29", 422, "did you mean industry?"),
        ("mode=goods&orign=KOR&hs=70131000", 422, "did you mean origin?"),
        ("mode=goods&origin=KOR&hs=70131000&eccn=3A001", 422, "it belongs to Export"),
        ("mode=goods&origin=KOR&hs=70131000&hs=70131001", 422, "given twice"),
        ("mode=good", 404, "did you mean goods?"),
        ("mode=goods&origin=KOR&hs=", 422, "product code is missing"),
        ("mode=goods&origin=&hs=70131000", 422, "origin is missing"),
        ("mode=goods&origin=KOR&hs=7013", 422, "4 digits"),
        ("mode=goods&origin=KOR&hs=70131000&value=NaN", 422, "not a number"),
        ("mode=goods&origin=XXX&hs=70131000", 404, "XXX"),
        (f"{KOREA}&fact=wrong", 422, "not a fact"),
        (f"{KOREA}&fact=a%3D1&fact=a%3D2", 422, "given twice"),
        ("mode=export&to=USA&hs=28258000&eccn=3A001", 422, "either a product code"),
        ("mode=party&name=A&owns=B", 422, "not a holding"),
        ("mode=services&sector=J61&supply=7", 404, "one of 1, 2, 3, 4"),
        ("mode=investment&sector=", 422, "neither a sector"),
        ("mode=goods&origin=KOR&hs=<script>alert(1)</script>", 422, "not a product code"),
    ],
)
def test_bad_questions_get_a_clear_page(client: TestClient, query: str, status: int, said: str) -> None:
    answer = client.get(f"/lookup?{query}")
    assert answer.status_code == status
    assert said in text_of(answer.text)
    assert ('class="ask' in answer.text) is (query != "mode=good")
    assert "<script>alert" not in answer.text
    if "mode" in query:
        error = client.get(f"/api/decide?{query}")
        assert error.status_code == status
        assert said in error.json()["error"]["message"] + error.json()["error"]["hint"]


def test_an_average_is_no_decision(client: TestClient) -> None:
    answer = client.get("/api/decide?mode=industry&partner=DEU&industry=C29")
    assert answer.status_code == 422
    assert "/api/rate" in answer.json()["error"]["hint"]
    assert client.get("/api/rate?partner=DEU&industri=C29").json()["error"]["where"] == "industri"


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        ("in_quota:X", ({"in_quota:X": "true"},), ({"in_quota:X": "false"},)),
        ("purity >= 99.99 %", ({"purity": "99.99 %"},), ()),
        ("purity < 5 %", (), ({"purity": "5 %"},)),
        ("a or b", ({"a": "true"}, {"b": "true"}), ({"a": "false", "b": "false"},)),
        ("a and not b", ({"a": "true", "b": "false"},), ({"a": "false"}, {"b": "true"})),
        ("zone in (hainan, shanghai)", ({"zone": "hainan"}, {"zone": "shanghai"}), ()),
    ],
)
def test_plain_values_that_make_a_condition_true_or_false(
    condition: str, yes: tuple[dict[str, str], ...], no: tuple[dict[str, str], ...]
) -> None:
    assert changes_for(parse(condition), wanted=True) == yes
    assert changes_for(parse(condition), wanted=False) == no
