"""What the API says of itself, tried with whatever fits it: no answer is an error of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from postgres_server import NOON

from openward.cases.people import enroll
from openward.cases.roles import Person, Role
from openward.cases.store import Store
from openward.web.cases import create_cases_app


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Any:
    store = Store(Path(tmp_path_factory.mktemp("api")) / "cases.db", create=True)
    token = enroll(store, Person("root", Role.ADMIN), "anna", Role.OFFICER)
    app = create_cases_app(
        store, login=True, now=lambda: NOON, hosts=["localhost", "127.0.0.1", "testserver"]
    )
    found = schemathesis.openapi.from_asgi("/openapi.json", app)
    found.headers_for_tests = {"authorization": f"Bearer {token}"}
    return found


@pytest.mark.slow
def test_whatever_fits_the_schema_is_answered(served: Any) -> None:
    tried, seen = 0, set()
    for found in served.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def ask(case: Any) -> None:
            answer = case.call(headers=served.headers_for_tests)
            seen.add(answer.status_code)
            assert answer.status_code < 500, (case.method, case.path, answer.text)

        ask()
        tried += 1
    assert tried == 17
    assert {200, 422} <= seen - {401}
