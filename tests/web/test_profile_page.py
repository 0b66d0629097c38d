from __future__ import annotations

import pytest
from starlette.testclient import TestClient


def test_the_profile_page_is_the_books_economy_first(client: TestClient) -> None:
    answer = client.get("/profile", follow_redirects=False)
    assert answer.headers["location"] == "/profile/CHN"
    page = client.get("/profile/CHN").text
    assert "China&#39;s trade is" in page
    assert 'href="/static/report/profile.css"' in page
    assert "<script>" not in page
    assert "style=" not in page
    assert '<option value="CHN" selected>' in page
    assert client.get("/profile?economy=DEU", follow_redirects=False).headers["location"] == "/profile/DEU"


@pytest.mark.parametrize(
    ("form", "kind", "begins"),
    [
        ("html", "text/html", b"<!doctype html>"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("json", "application/json", b'{"schema": "openward.profile/1"'),
    ],
)
def test_a_profile_can_be_saved(client: TestClient, form: str, kind: str, begins: bytes) -> None:
    answer = client.get(f"/profile/CHN/profile.{form}")
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"] == f'attachment; filename="CHN.{form}"'
    assert answer.content.startswith(begins)


def test_the_api_gives_the_profile(client: TestClient) -> None:
    document = client.get("/api/profile/CHN").json()
    assert document["schema"] == "openward.profile/1"
    assert document["economy"] == "CHN"


@pytest.mark.parametrize(
    ("path", "status"), [("/profile/XXX", 404), ("/profile/FJI", 404), ("/profile/CHN/profile.doc", 422)]
)
def test_what_is_not_there_is_said(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
