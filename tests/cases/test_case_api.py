"""The API: every role on every route, and what an attacker would try first."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from postgres_server import NOON
from starlette.testclient import TestClient

from openward.cases.desk import Desk
from openward.cases.machine import Attempt
from openward.cases.people import enroll
from openward.cases.roles import Person, Role
from openward.cases.store import Store
from openward.errors import RefusedError
from openward.web.cases import COOKIE, create_cases_app, serve_cases

BASE = "http://127.0.0.1"
ROOT = Person("root", Role.ADMIN)
ROLES = ["nobody", *(role.value for role in Role)]


@dataclass
class Site:
    client: TestClient
    tokens: dict[str, str]
    case: str
    document: str

    def ask(self, role: str, method: str, path: str, **more: Any) -> Any:
        headers = {} if role == "nobody" else {"authorization": f"Bearer {self.tokens[role]}"}
        path = path.format(case=self.case, sha256=self.document, name="somebody")
        return self.client.request(method, path, headers=headers | more.pop("headers", {}), **more)


@pytest.fixture
def site(tmp_path: Any) -> Iterator[Site]:
    store = Store(tmp_path / "cases.db", create=True)
    tokens = {role.value: enroll(store, ROOT, f"the-{role.value}", role) for role in Role}
    desk = Desk(store, now=lambda: NOON)
    stranger = Person("stranger", Role.APPLICANT)
    case = desk.open(
        "chn-export-licence", stranger, title="x", on=date(2026, 11, 2), facts={"contract_value": 77}
    ).case
    from openward.cases.desk import Upload

    paper = Upload("application", "a.pdf", b"secret paper", confidential=True)
    desk.advance(case, Attempt("accept", date(2026, 11, 3), Person("a", Role.OFFICER), {}), documents=[paper])
    digest = desk.look(case, Person("a", Role.OFFICER)).events[-1].documents[0].sha256
    app = create_cases_app(store, login=True, now=lambda: NOON)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        yield Site(client, tokens, case, digest)
    store.close()


FILE = {"file": ("a.txt", b"text")}
NEW = {"procedure": "chn-export-licence", "title": "x", "on": "2026-11-02"}
ACT = {"action": "consult-experts", "on": "2026-11-04", "seen": 2}
FIX = {"seq": 2, "note": "x", "on": "2026-11-03"}
# Route, what is sent, and who gets what, in the order of ROLES.
MATRIX: list[tuple[str, str, dict[str, Any], tuple[int, ...]]] = [
    ("GET", "/api/procedures", {}, (401, 200, 200, 200, 200, 200, 200)),
    ("DELETE", "/api/session", {}, (401, 200, 200, 200, 200, 200, 200)),
    ("POST", "/api/session", {"json": {"token": "x"}}, (401, 401, 401, 401, 401, 401, 401)),
    ("GET", "/api/people", {}, (401, 403, 403, 403, 403, 403, 200)),
    ("POST", "/api/people", {"json": {"name": "n", "role": "officer"}}, (401, 403, 403, 403, 403, 403, 201)),
    ("DELETE", "/api/people/{name}", {}, (401, 403, 403, 403, 403, 403, 200)),
    ("GET", "/api/cases", {}, (401, 200, 200, 200, 200, 200, 403)),
    ("POST", "/api/cases", {"json": NEW}, (401, 201, 201, 403, 403, 403, 403)),
    # A case of somebody else does not exist for an applicant; nor does any for who hands out roles.
    ("GET", "/api/cases/{case}", {}, (401, 404, 200, 200, 200, 200, 404)),
    ("GET", "/api/cases/{case}/deadlines", {}, (401, 404, 200, 200, 200, 200, 404)),
    ("POST", "/api/cases/{case}/events", {"json": ACT}, (401, 404, 201, 403, 403, 403, 404)),
    ("POST", "/api/cases/{case}/corrections", {"json": FIX}, (401, 403, 201, 403, 403, 403, 403)),
    (
        "POST",
        "/api/cases/{case}/documents",
        {"files": FILE, "data": {"kind": "letter"}},
        (401, 404, 201, 201, 201, 403, 403),
    ),
    ("GET", "/api/cases/{case}/documents/{sha256}", {}, (401, 404, 200, 200, 200, 200, 404)),
    ("GET", "/api/cases/{case}/verify", {}, (401, 403, 200, 200, 200, 200, 403)),
    ("GET", "/api/cases/{case}/bundle", {}, (401, 403, 200, 200, 200, 200, 403)),
    ("GET", "/api/cases/{case}/bundle?confidential=1", {}, (401, 403, 200, 200, 200, 200, 403)),
    ("POST", "/api/bundles/verify", {"files": FILE}, (401, 403, 422, 422, 422, 422, 403)),
]


@pytest.mark.parametrize(("method", "path", "sent", "wanted"), MATRIX)
def test_every_role_on_every_route(
    site: Site, method: str, path: str, sent: dict[str, Any], wanted: tuple[int, ...]
) -> None:
    # The officer comes last: what an officer does would change what the others find.
    order = sorted(ROLES, key=lambda role: role == "officer")
    got = {role: site.ask(role, method, path, **sent).status_code for role in order}
    assert got == dict(zip(ROLES, wanted, strict=True))


def test_the_matrix_knows_every_route(site: Site) -> None:
    schema = site.ask("officer", "GET", "/openapi.json").json()
    served = {
        (m.upper(), path.replace("{case}", "*")) for path, many in schema["paths"].items() for m in many
    }
    tried = {(m, path.partition("?")[0].replace("{case}", "*")) for m, path, _, _ in MATRIX}
    assert served == tried


def test_nobody_reads_a_confidential_fact_without_the_role(site: Site) -> None:
    for role in ("nobody", "applicant", "admin"):
        for method, path, sent, _ in MATRIX:
            answer = site.ask(role, method, path, **sent)
            assert b"secret paper" not in answer.content
            assert "contract_value" not in answer.text
    public = site.ask("auditor", "GET", "/api/cases/{case}/bundle").content
    with zipfile.ZipFile(io.BytesIO(public)) as archive:
        assert not any(b"secret paper" in archive.read(name) for name in archive.namelist())
        assert "sealed.json" not in archive.namelist()
    with zipfile.ZipFile(
        io.BytesIO(site.ask("auditor", "GET", "/api/cases/{case}/bundle?confidential=1").content)
    ) as archive:
        assert b"77" in archive.read("sealed.json")


def test_two_who_saw_the_same_cannot_both_act(site: Site) -> None:
    assert site.ask("officer", "POST", "/api/cases/{case}/events", json=ACT).status_code == 201
    again = site.ask("officer", "POST", "/api/cases/{case}/events", json=ACT)
    assert again.status_code == 409
    assert "moved on" in again.json()["error"]["message"]


def test_a_form_needs_the_word_of_its_session_and_a_planted_session_is_worthless(site: Site) -> None:
    client = site.client
    client.cookies.set(COOKIE, "planted", domain="127.0.0.1", path="/api")
    logged = client.post("/api/session", json={"token": site.tokens["officer"]})
    assert logged.status_code == 200
    header = logged.headers["set-cookie"]
    assert "HttpOnly" in header
    assert "SameSite=strict" in header
    assert "planted" not in header
    session = header.partition(";")[0].partition("=")[2]
    client.cookies.clear()
    cookie = {"cookie": f"{COOKIE}={session}"}
    assert client.get("/api/cases", headers=cookie).status_code == 200
    assert client.get("/api/cases", headers={"cookie": f"{COOKIE}=planted"}).status_code == 401
    assert client.post("/api/cases", json=NEW, headers=cookie).status_code == 403
    assert client.post("/api/cases", json=NEW, headers=cookie | {"x-csrf-token": "x"}).status_code == 403
    word = {"x-csrf-token": logged.json()["csrf"]}
    assert client.post("/api/cases", json=NEW, headers=cookie | word).status_code == 201
    assert client.delete("/api/session", headers=cookie | word).status_code == 200
    assert client.get("/api/cases", headers=cookie).status_code == 401


def test_a_form_of_another_site_is_turned_away(site: Site) -> None:
    evil = {"origin": "https://evil.example"}
    assert site.ask("officer", "POST", "/api/cases", json=NEW, headers=evil).status_code == 403
    assert site.ask("officer", "GET", "/api/cases", headers={"host": "evil.example"}).status_code == 403


def test_tokens_are_kept_as_hashes(site: Site) -> None:
    from openward.cases.tables import people

    with site.client.app.state.desk.store.reading() as connection:  # type: ignore[attr-defined]
        kept = str(connection.execute(people.select()).all())
    assert not any(token in kept for token in site.tokens.values())


def test_a_dismissed_person_is_out_at_once(site: Site) -> None:
    assert site.ask("admin", "DELETE", "/api/people/the-officer").json() == {"removed": True}
    assert site.ask("officer", "GET", "/api/cases").status_code == 401


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x", "/etc/passwd", "a\r\nSet-Cookie: x=1"])
def test_a_file_name_is_never_a_path(site: Site, name: str) -> None:
    answer = site.ask(
        "officer",
        "POST",
        "/api/cases/{case}/documents",
        files={"file": (name, b"x")},
        data={"kind": "letter"},
    )
    assert answer.status_code == 201
    assert "../" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/api/cases/..%2f..%2fetc%2fpasswd",
        "/api/cases/%27%20OR%201%3D1--",
        "/api/cases/{case}/documents/..%2f..%2fx",
        "/api/cases/{{7*7}}",
    ],
)
def test_addresses_that_are_no_names_find_nothing(site: Site, path: str) -> None:
    answer = site.client.get(
        path.replace("{case}", site.case), headers={"authorization": f"Bearer {site.tokens['officer']}"}
    )
    assert answer.status_code in (404, 422)
    assert "49" not in answer.text


def test_injected_words_are_data(site: Site) -> None:
    evil = "x'); DROP TABLE events; -- {{7*7}} <script>"
    opened = site.ask("officer", "POST", "/api/cases", json={**NEW, "title": evil})
    assert opened.status_code == 201
    rows = site.ask("officer", "GET", "/api/cases").json()["cases"]
    assert evil in {row["title"] for row in rows}
    assert site.ask("officer", "GET", "/api/cases", params={"after": "x' OR '1'='1/"}).status_code == 200


def test_an_upload_that_is_too_large_is_turned_away(site: Site) -> None:
    answer = site.ask(
        "officer",
        "POST",
        "/api/cases/{case}/documents",
        files={"file": ("big", bytes(33 << 20))},
        data={"kind": "letter"},
    )
    assert answer.status_code == 413


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped(**{"events.jsonl": bytes(300 << 20)}), "zip bomb"),
        (zipped(**{"../../evil": b"x"}), "no place"),
        (zipped(**{"documents/../evil": b"x"}), "no place"),
        (
            zipped(**{"manifest.json": b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;"}),
            "not a bundle",
        ),
        (b"PK\x03\x04rubbish", "not a zip"),
    ],
    ids=["bomb", "path", "path-inside", "entity", "rubbish"],
)
def test_bundles_that_attack_are_refused(site: Site, content: bytes, said: str) -> None:
    answer = site.ask("officer", "POST", "/api/bundles/verify", files={"file": ("b.zip", content)})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_bundle_is_whole_and_a_changed_one_is_not(site: Site) -> None:
    good = site.ask("auditor", "GET", "/api/cases/{case}/bundle?confidential=1").content
    assert good == site.ask("auditor", "GET", "/api/cases/{case}/bundle?confidential=1").content
    assert site.ask("officer", "POST", "/api/bundles/verify", files={"file": ("b", good)}).json()["whole"]
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["events.jsonl"] = files["events.jsonl"].replace(b"2026-11-03", b"2026-11-05", 1)
    bad = site.ask("officer", "POST", "/api/bundles/verify", files={"file": ("b", zipped(**files))}).json()
    assert (bad["whole"], bad["tampered"]) == (False, 2)


def test_without_login_it_stays_on_this_machine(tmp_path: Any) -> None:
    store = Store(tmp_path / "cases.db", create=True)
    for host in ("0.0.0.0", "192.168.1.4", "example.org", "::"):
        with pytest.raises(RefusedError, match="without login"):
            serve_cases(store, login=False, host=host)
        with pytest.raises(RefusedError, match="without login"):
            create_cases_app(store, login=False, hosts=[host])
    app = create_cases_app(store, login=False, now=lambda: NOON)
    with TestClient(app, base_url=BASE) as client:
        assert client.post("/api/cases", json=NEW).status_code == 201
        assert client.get("/api/cases", headers={"x-openward-role": "admin"}).status_code == 403
        assert client.get("/api/cases", headers={"x-openward-role": "king"}).status_code == 422
    store.close()


def test_no_answer_to_strange_input_is_an_error_of_ours(site: Site) -> None:
    strange: list[Any] = [None, [], 7, "x", {"on": "x"}, {**NEW, "x": 1}, {**NEW, "facts": {"a": 1e999}}]
    strange += [{**NEW, "procedure": "no"}, {**NEW, "on": "2099-01-01"}, {**NEW, "facts": {"a": 2**70}}]
    for body in strange:
        import json

        sent = {"content": json.dumps(body), "headers": {"content-type": "application/json"}}
        answer = site.ask("officer", "POST", "/api/cases", **sent)
        assert 400 <= answer.status_code < 500, (body, answer.text)
