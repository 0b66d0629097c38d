from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from openward.book import shipped_reforms
from openward.web.shelf import MOST_KEPT, Shelf

EDITED = """\
schema: openward.reform/1
name: leave-rcep-{year}
title: {{en: "Leave <RCEP> & go"}}
source: {{act: assumption}}
edits:
  - leave: {{economy: CHN, group: RCEP, from: {year}-01-01}}
"""


@pytest.mark.parametrize("name", shipped_reforms())
def test_a_shipped_reform_shows_what_it_touches_before_solving(client: TestClient, name: str) -> None:
    answer = client.get(f"/reform/{name}")
    assert answer.status_code == 200
    assert f'href="/impact/{name}"' in answer.text
    assert "Nothing is solved yet" in answer.text
    assert 'class="edits' in answer.text
    assert client.app.state.workbench.studies._jobs == {}  # type: ignore[attr-defined]


def test_edits_without_effect_are_named_before_solving(client: TestClient) -> None:
    text = client.get("/reform/africa-zero-tariff").text
    assert 'class="tag tag-no-effect"' in text


def test_an_edited_reform_gets_an_address_of_its_own(client: TestClient) -> None:
    answer = client.post("/reform", data={"text": EDITED.format(year=2027)}, follow_redirects=False)
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert re.fullmatch(r"/reform/[0-9a-f]{12}", where)
    page = client.get(where)
    assert "Leave &lt;RCEP&gt; &amp; go" in page.text
    assert "<RCEP>" not in page.text
    download = client.get(f"{where}.yaml")
    assert download.text == EDITED.format(year=2027)
    assert download.headers["content-disposition"] == 'attachment; filename="leave-rcep-2027.yaml"'


def test_a_shipped_text_keeps_its_name(client: TestClient) -> None:
    text = client.get("/reform/rcep-undone.yaml").text
    answer = client.post("/reform", data={"text": text.replace("\n", "\r\n")}, follow_redirects=False)
    assert answer.headers["location"] == "/reform/rcep-undone"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "reform"),
        ("edits: [", "reform:2"),
        (EDITED.format(year=2027).replace("group: RCEP", "group: RCPE"), "RCPE"),
        (EDITED.format(year=2027).replace("from:", "form:"), "form"),
        (EDITED.format(year=1999), "2012-01-01"),
        ("<script>alert(1)</script>: 1", "&lt;script&gt;"),
    ],
)
def test_what_is_wrong_is_said_beside_the_text(client: TestClient, text: str, said: str) -> None:
    answer = client.post("/reform", data={"text": text})
    assert answer.status_code in (404, 422)
    assert said in answer.text
    assert 'class="errors"' in answer.text
    assert '<textarea id="text"' in answer.text
    assert "<script>alert" not in answer.text
    live = client.post("/reform/check", data={"text": text})
    assert live.status_code == 200
    assert said in live.text
    assert 'id="preflight"' in live.text


def test_an_error_names_its_line(client: TestClient) -> None:
    text = EDITED.format(year=2027).replace("from:", "form:")
    assert re.search(r"reform:\d+", client.post("/reform/check", data={"text": text}).text)


def test_a_forgotten_reform_says_how_to_bring_it_back(client: TestClient) -> None:
    for path in ("/reform/0123456789ab", "/impact/0123456789ab"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "paste the file again" in answer.text


def test_the_shelf_is_bounded() -> None:
    shelf = Shelf()
    first = shelf.keep(EDITED.format(year=2030)).ref
    for year in range(2031, 2031 + MOST_KEPT):
        shelf.keep(EDITED.format(year=year))
    assert len(shelf._edited) == MOST_KEPT
    assert first not in shelf._edited


def test_reforms_through_json(client: TestClient) -> None:
    assert [r["name"] for r in client.get("/api/reforms").json()] == list(shipped_reforms())
    answer = client.post("/api/reforms", data={"text": EDITED.format(year=2027)})
    assert answer.status_code == 201
    document = answer.json()
    assert client.get(document["impact"]).status_code in (200, 202)
    assert client.post("/api/reforms", data={"text": " "}).status_code == 422
    assert client.post("/api/reforms", data={"text": "a: [1"}).json()["error"]["code"] == "input"
