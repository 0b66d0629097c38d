"""Delivery against real servers on this machine: a file, HTTP, SMTP; failures are kept and tried again."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from watch_fixture import alert

from openward.watch.deliver import deliver, due, plain_text
from openward.watch.life import change, open_alerts
from openward.watch.log import read_log
from openward.watch.spec import Subscriber

ALERTS = (alert(), alert("stock-up"))


@contextmanager
def serving(server: Any) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Hook(HTTPServer):
    """Takes alerts; answers with the next status in line, then 200."""

    def __init__(self, *statuses: int) -> None:
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.statuses = list(statuses)
        self.asked = 0
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(BaseHTTPRequestHandler):
    """Answer of the hook."""

    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        if status == 200:
            self.server.taken.append((self.headers["X-Openward-Alert"], json.loads(body)))
        self.send_response(status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Mail(ThreadingTCPServer):
    """A mail server that keeps what it gets; refuses recipients that begin with ``no``."""

    daemon_threads = True

    def __init__(self) -> None:
        self.messages: list[str] = []
        super().__init__(("127.0.0.1", 0), Session)


class Session(StreamRequestHandler):
    """As much of RFC 5321 as a client needs."""

    server: Mail

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline():
            word = line.decode().strip().upper()
            if word.startswith("EHLO"):
                self.say("250 here")
            elif word.startswith("RCPT TO:<NO"):
                self.say("550 nobody")
            elif word == "DATA":
                self.say("354 go on")
                body = []
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    body.append(part.decode())
                self.server.messages.append("".join(body))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


def local(port: int) -> str:
    return f"http://127.0.0.1:{port}/in"


def record_of(folder: Path) -> Path:
    record = folder / "watch.jsonl"
    open_alerts(record, ALERTS, by="run")
    return record


def test_a_file_gets_every_alert_once(tmp_path: Path) -> None:
    record = record_of(tmp_path)
    desk = Subscriber(name="desk", kind="file", path=tmp_path / "desk.jsonl")
    assert [one.error for one in deliver(record, [desk])] == ["", ""]
    assert deliver(record, [desk]) == ()
    lines = (tmp_path / "desk.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [one.id for one in ALERTS]


def test_a_webhook_gets_the_document(tmp_path: Path) -> None:
    with serving(hook := Hook()) as port:
        subscriber = Subscriber(
            name="hook", kind="webhook", url=f"http://127.0.0.1:{port}/in", rules=("stop",)
        )
        told = deliver(record_of(tmp_path), [subscriber])
    assert [one.alert for one in told] == [ALERTS[0].id]
    assert hook.taken == [(ALERTS[0].id, ALERTS[0].document())]


def test_a_failing_webhook_is_tried_again(tmp_path: Path) -> None:
    with serving(hook := Hook(500, 503)) as port:
        subscriber = Subscriber(name="hook", kind="webhook", url=f"http://127.0.0.1:{port}/")
        told = deliver(record_of(tmp_path), [subscriber], pause=0.01)
    assert [(one.error, one.tries) for one in told] == [("", 3), ("", 1)]
    assert [key for key, _ in hook.taken] == [one.id for one in ALERTS]


def test_a_dead_server_loses_nothing(tmp_path: Path) -> None:
    record = record_of(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    dead = Subscriber(name="hook", kind="webhook", url=f"http://127.0.0.1:{port}/")
    desk = Subscriber(name="desk", kind="file", path=tmp_path / "desk.jsonl")
    told = deliver(record, [dead, desk], pause=0.01)
    assert [(one.subscriber, bool(one.error), one.tries) for one in told] == [
        ("hook", True, 3),
        ("desk", False, 1),
        ("hook", True, 1),
        ("desk", False, 1),
    ]
    assert "refused" in told[0].error
    assert {event.kind for event in read_log(record)} == {"opened", "failed", "delivered"}
    change(record, ALERTS[0].id, "acknowledged", by="desk")
    assert [(one.id, who.name) for one, who in due(record, [dead, desk])] == [
        (one.id, "hook") for one in ALERTS
    ]
    with serving(hook := Hook()) as port:
        again = Subscriber(name="hook", kind="webhook", url=f"http://127.0.0.1:{port}/")
        assert all(not one.error for one in deliver(record, [again]))
    assert len(hook.taken) == 2
    assert due(record, [again, desk]) == ()


def test_mail(tmp_path: Path) -> None:
    with serving(mail := Mail()) as port:
        desk = Subscriber(
            name="desk",
            kind="smtp",
            host="127.0.0.1",
            port=port,
            sender="watch@example.org",
            to=("a@example.org",),
        )
        told = deliver(record_of(tmp_path), [desk], pause=0.01)
    assert [one.error for one in told] == ["", ""]
    assert "Subject: [openward] stop: CHN export 250410 WLD" in mail.messages[0]
    assert ALERTS[0].sentence in mail.messages[0]
    assert f"Message-ID: <{ALERTS[0].id}.desk@openward>" in mail.messages[0]


def test_a_refused_recipient_is_a_failure(tmp_path: Path) -> None:
    with serving(Mail()) as port:
        desk = Subscriber(
            name="desk",
            kind="smtp",
            host="127.0.0.1",
            port=port,
            sender="watch@example.org",
            to=("a@example.org", "nobody@example.org"),
        )
        told = deliver(record_of(tmp_path), [desk], pause=0.01)
    assert all("SMTPRecipientsRefused" in one.error for one in told)


def test_an_unwritable_file_is_a_failure(tmp_path: Path) -> None:
    desk = Subscriber(name="desk", kind="file", path=tmp_path / "nowhere" / "desk.jsonl")
    told = deliver(record_of(tmp_path), [desk], pause=0.0)
    assert all("No such file" in one.error for one in told)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/x"])
def test_only_web_addresses_are_hooks(tmp_path: Path, url: str) -> None:
    told = deliver(record_of(tmp_path), [Subscriber(name="x", kind="webhook", url=url)], pause=0.0)
    assert all("no web address" in one.error for one in told)


def test_the_text_leads_with_the_sentence() -> None:
    text = plain_text(ALERTS[0].document())
    assert text.startswith(ALERTS[0].sentence)
    for part in ("threshold 10", "clears", "evidence", "the book has no measure"):
        assert part in text
