from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

from openward.book.model import Book
from openward.determine.rate import applied_rate


def heading(text: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.S)
    assert found is not None
    return html.unescape(re.sub(r"<[^>]+>", "", found.group(1)))


def test_the_page_answers_first_and_names_names(client: TestClient) -> None:
    answer = client.get("/lookup?importer=CHN&partner=ZAF&industry=C10T12&on=2026-05-01")
    assert answer.status_code == 200
    assert heading(answer.text).startswith(
        "China applied 0 % to goods (food, drink, tobacco) of South Africa"
    )
    assert "chn-afr53-zero" in answer.text
    assert "How the law leads there" in answer.text


def test_what_was_not_read_in_an_official_source_is_marked(client: TestClient) -> None:
    text = client.get("/lookup?importer=CHN&partner=DEU&industry=C29&on=2024-01-01").text
    assert 'class="tag tag-unverified"' in text


def test_a_rate_nobody_knows_is_said_to_be_missing(client: TestClient) -> None:
    text = client.get("/lookup?importer=TWN&partner=DEU&industry=C29&on=2022-07-01").text
    assert "What is missing" in text
    assert "not known" in text


def test_the_importer_and_the_day_default_to_the_book(client: TestClient, book: Book) -> None:
    document = client.get("/api/rate?partner=ZAF&industry=B07").json()
    assert document["importer"] == book.economy
    assert document["on"] == book.covered_to.isoformat()


def test_json_is_what_the_room_below_says(client: TestClient, book: Book) -> None:
    document = client.get("/api/rate?importer=CHN&partner=KOR&industry=C20&on=2023-03-01").json()
    on = book.covered_from.replace(2023, 3, 1)
    expected = applied_rate(book, importer="CHN", partner="KOR", sector="C20", on=on)
    assert document["rate"] == expected.rate
    assert document["sentence"] == expected.sentence
    assert len(document["trace"]) == len(expected.trace)


def test_services_pay_no_duty(client: TestClient) -> None:
    assert "No customs duty" in heading(client.get("/lookup?partner=DEU&industry=K").text)


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("partner=XXX", 404, "XXX"),
        ("partner=", 404, "economy"),
        ("industry=Z99", 404, "Z99"),
        ("on=yesterday", 422, "yesterday"),
        ("on=2026-02-30", 422, "2026-02-30"),
        ("on=1999-01-01", 422, "before the book"),
        ("importer=<script>alert(1)</script>", 404, "&lt;script&gt;"),
    ],
)
def test_bad_input_gets_one_clear_page(client: TestClient, query: str, status: int, said: str) -> None:
    answer = client.get(f"/lookup?{query}")
    assert answer.status_code == status
    assert said in answer.text
    assert "What to do" not in answer.text  # it is drawn by the style sheet
    assert 'class="hint"' in answer.text
    assert "Traceback" not in answer.text
    assert "<script>alert" not in answer.text


def test_bad_input_gets_json_where_json_was_asked(client: TestClient) -> None:
    answer = client.get("/api/rate?partner=XXX&industry=B07")
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "hint", "where"}
    assert error["code"] == "unknown-code"
    answer = client.get("/api/rate?industry=B07")
    assert answer.status_code == 422
    assert answer.json()["error"]["where"] == "partner"


def test_a_page_that_is_not_there(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "there is no such page" in answer.text
    assert client.get("/api/nowhere").json()["error"]["where"] == "/api/nowhere"
