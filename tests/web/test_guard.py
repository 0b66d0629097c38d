from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from openward.web.guard import MOST_BYTES


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8765", "localhost:1234", "LOCALHOST", "[::1]:8765"])
def test_it_answers_under_names_of_this_machine(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "", "10.0.0.1"]
)
def test_a_name_that_was_pointed_here_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/health", headers={"host": host})
    assert answer.status_code == 403
    assert "answers only to" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_a_form_of_another_site_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/reform/check", data={"text": "x"}, headers=headers).status_code == 403


def test_a_form_of_its_own_is_read(client: TestClient) -> None:
    headers = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}
    assert client.post("/reform/check", data={"text": "x"}, headers=headers).status_code == 200


def test_a_large_body_is_refused_with_and_without_its_length(client: TestClient) -> None:
    body = b"text=" + b"x" * MOST_BYTES
    assert client.post("/reform/check", content=body).status_code == 413
    assert client.post("/reform/check", content=iter([body[:1000], body[1000:]])).status_code == 413


def test_every_answer_carries_the_policy(client: TestClient) -> None:
    for path in ("/", "/lookup", "/health", "/nowhere", "/static/web/web.css"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_no_documentation_page_loads_scripts_from_elsewhere(client: TestClient) -> None:
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404
    schema = client.get("/openapi.json").json()
    assert {"/api/rate", "/api/impact/{ref}", "/api/reforms", "/health"} <= set(schema["paths"])
