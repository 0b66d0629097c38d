from __future__ import annotations

import threading

import pytest
from starlette.testclient import TestClient
from web_bench import FakeStudy, finished

from openward.web.studies import MOST_WAITING


def test_the_first_page_is_the_first_impact(client: TestClient) -> None:
    page = finished(client, "/")
    assert "Zero tariffs for African partners" in page
    for part in ("law", "opening", "safeguards", "reliability", "reproduce"):
        assert f'<section class="part" id="{part}"' in page
    assert "<script>" not in page
    assert "<style" not in page
    assert "style=" not in page


def test_progress_is_shown_while_it_is_solved(client: TestClient, study: FakeStudy) -> None:
    study.hold = threading.Event()
    page = client.get("/impact/rcep-undone").text
    assert 'hx-get="/impact/rcep-undone/progress"' in page
    assert "<noscript>" in page
    assert study.reached.wait(10)
    running = client.get("/impact/rcep-undone/progress")
    assert "solving the world" in running.text
    assert "hx-refresh" not in running.headers
    assert client.get("/api/impact/rcep-undone").status_code == 202
    study.hold.set()
    finished(client, "/impact/rcep-undone")
    assert client.get("/impact/rcep-undone/progress").headers["hx-refresh"] == "true"


def test_a_question_is_solved_once(client: TestClient, study: FakeStudy) -> None:
    finished(client, "/")
    finished(client, "/impact/africa-zero-tariff")
    finished(client, "/impact/africa-zero-tariff?closure=fixed")
    assert len(study.calls) == 1
    finished(client, "/impact/africa-zero-tariff?closure=balanced&from_law=2022-08-31&elasticities=uniform-4")
    assert study.calls[1]["closure"] == "balanced"
    assert study.calls[1]["from_law"].isoformat() == "2022-08-31"
    assert study.calls[1]["elasticities"] == "uniform-4"


@pytest.mark.parametrize(
    ("form", "kind", "begins"),
    [
        ("html", "text/html", "<!doctype html>"),
        ("csv", "text/csv", "economy,name,"),
        ("md", "text/markdown", "# Zero tariffs"),
        ("json", "application/json", '{"schema": "openward.impact/1"'),
    ],
)
def test_a_study_can_be_saved(client: TestClient, form: str, kind: str, begins: str) -> None:
    answer = client.get(f"/impact/africa-zero-tariff/study.{form}")
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"] == f'attachment; filename="africa-zero-tariff.{form}"'
    assert answer.text.startswith(begins)


def test_json_can_wait(client: TestClient) -> None:
    document = client.get("/api/impact/africa-zero-tariff?wait=true").json()
    assert document["schema"] == "openward.impact/1"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/impact/nothing", 404),
        ("/impact/rcep-undone?from_law=soon", 422),
        ("/impact/rcep-undone?closure=open", 422),
        ("/impact/rcep-undone/study.pdf", 422),
        ("/impact/a/b/c", 404),
    ],
)
def test_bad_addresses(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert 'class="errors"' in answer.text


def test_a_study_that_fails_says_so_and_can_be_tried_again(client: TestClient, study: FakeStudy) -> None:
    study.diverge()
    answer = client.get("/api/impact/rcep-undone?wait=true")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "not-converged"
    study.error = None
    assert client.get("/api/impact/rcep-undone?wait=true").status_code == 200


def test_a_bug_is_a_sentence_on_the_page(
    client: TestClient, study: FakeStudy, caplog: pytest.LogCaptureFixture
) -> None:
    study.error = ZeroDivisionError("secret detail")
    client.get("/api/impact/rcep-undone?wait=true")
    study.error = ZeroDivisionError("secret detail")
    answer = client.get("/api/impact/rcep-undone?wait=true")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "ZeroDivisionError" in answer.text
    assert "secret detail" in caplog.text


def test_too_many_questions_are_refused(client: TestClient, study: FakeStudy) -> None:
    study.hold = threading.Event()
    try:
        days = [f"2020-01-{d:02d}" for d in range(1, MOST_WAITING + 3)]
        answers = [client.get(f"/impact/rcep-undone?from_law={day}").status_code for day in days]
    finally:
        study.hold.set()
    assert answers[: MOST_WAITING + 1] == [200] * (MOST_WAITING + 1)
    assert answers[-1] == 409
