"""Tell subscribers: a file, a webhook, a mail. What fails is recorded and tried again; nothing is lost."""

from __future__ import annotations

import http.client
import json
import os
import smtplib
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from openward.observe.durable import locked
from openward.watch.life import Standing, standings
from openward.watch.log import Draft, append, read_log, writing
from openward.watch.spec import Subscriber

TIMEOUT_S = 10.0
TRIES = 3
PAUSE_S = 0.2


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to tell one subscriber of one alert: `error` is empty where it was taken."""

    alert: str
    subscriber: str
    error: str
    tries: int


def due(path: Path, subscribers: Sequence[Subscriber]) -> tuple[tuple[Standing, Subscriber], ...]:
    """Give the alerts that subscribers were not told of yet, oldest first."""
    events = read_log(path)
    told = {(event.alert, event.body["subscriber"]) for event in events if event.kind == "delivered"}
    return tuple(
        (one, subscriber)
        for one in standings(events).values()
        for subscriber in subscribers
        if (one.id, subscriber.name) not in told and _wants(subscriber, one.document)
    )


def deliver(path: Path, subscribers: Sequence[Subscriber], *, pause: float = PAUSE_S) -> tuple[Delivery, ...]:
    """Tell subscribers of what is due; record what was taken and what failed.

    A delivery is recorded after the other side took it, so a crash in between repeats it: at least once,
    never none. The alert's id goes with it (`X-Openward-Alert`, `Message-ID`) so that the other side knows.

    Parameters
    ----------
    path : Path
        The record.
    subscribers : sequence of Subscriber
    pause : float
        Seconds before the second try; doubled before the third.
    """
    done: list[Delivery] = []
    path.parent.mkdir(parents=True, exist_ok=True)
    # Its own lock: officers go on working on the record while a slow server is waited for.
    with locked(path.with_name(f".{path.name}.delivery.lock")):
        for one, subscriber in due(path, subscribers):
            down = any(before.error for before in done if before.subscriber == subscriber.name)
            error, tries = _attempt(one, subscriber, pause, most=1 if down else TRIES)
            body: dict[str, Any] = {"subscriber": subscriber.name, "tries": tries}
            kind = "failed" if error else "delivered"
            at = datetime.now(UTC).isoformat(timespec="seconds")
            draft = Draft(kind, one.id, at, "openward", body | ({"error": error} if error else {}))
            with writing(path):
                append(path, [draft], seen=len(read_log(path)))
            done.append(Delivery(one.id, subscriber.name, error, tries))
    return tuple(done)


def _wants(subscriber: Subscriber, document: Mapping[str, Any]) -> bool:
    product = str(document["subject"].get("product", ""))
    by_rule = not subscriber.rules or document["rule"] in subscriber.rules
    return by_rule and (not subscriber.products or product.startswith(subscriber.products))


def _attempt(one: Standing, subscriber: Subscriber, pause: float, *, most: int) -> tuple[str, int]:
    """Try up to `most` times: a server that was down a moment ago is asked once."""
    error = ""
    for tried in range(1, most + 1):
        try:
            _send(one, subscriber)
            return "", tried
        except (OSError, smtplib.SMTPException, http.client.HTTPException, ValueError) as failure:
            error = f"{type(failure).__name__}: {failure}"
        if tried < most:
            time.sleep(pause * 2 ** (tried - 1))
    return error, most


def _send(one: Standing, subscriber: Subscriber) -> None:
    if subscriber.kind == "file" and subscriber.path is not None:
        _to_file(one, subscriber.path)
    elif subscriber.kind == "webhook" and subscriber.url is not None:
        _to_webhook(one, subscriber.url)
    elif subscriber.host is not None:
        _to_mail(one, subscriber)


def _to_file(one: Standing, path: Path) -> None:
    line = (json.dumps(one.document, ensure_ascii=False) + "\n").encode()
    with path.open("ab") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _to_webhook(one: Standing, url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url!r} is no web address")
    headers = {"Content-Type": "application/json", "X-Openward-Alert": one.id}
    body = json.dumps(one.document, ensure_ascii=False).encode()
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        if not 200 <= answer.status < 300:
            raise urllib.error.URLError(f"status {answer.status}")


def _to_mail(one: Standing, subscriber: Subscriber) -> None:
    document = one.document
    message = EmailMessage()
    message["Subject"] = f"[openward] {document['rule']}: {' '.join(document['subject'].values())}"
    message["From"] = subscriber.sender or ""
    message["To"] = ", ".join(subscriber.to)
    message["Message-ID"] = f"<{one.id}.{subscriber.name.replace(' ', '-')}@openward>"
    message.set_content(plain_text(document))
    with smtplib.SMTP(subscriber.host or "", subscriber.port, timeout=TIMEOUT_S) as server:
        if subscriber.starttls:
            server.starttls()
        refused = server.send_message(message)
    if refused:
        raise smtplib.SMTPRecipientsRefused(refused)


def plain_text(document: Mapping[str, Any]) -> str:
    """Write an alert for a reader: the sentence first, then rule, evidence, law and what clears it."""
    lines = [
        document["sentence"],
        "",
        f"rule       {document['rule']} ({document['family']}), alert {document['id']}",
        f"statistic  {document['statistic']:.3g}, threshold {document['threshold']:g}: {document['meaning']}",
        f"window     {document['window'][0]} to {document['window'][1]}",
        f"clears     {document['clears']}",
    ]
    for title, key in (("in force since", "in_force"), ("announced from", "announced")):
        for law in document[key]:
            lines.append(f"{title} {law['since']}: {law['sentence']} [{law['citation']}]")
    if not document["in_force"] and not document["announced"]:
        lines.append("law        the book has no measure on this product and flow that day")
    for row in document["evidence"]:
        lines.append("evidence   " + ", ".join(f"{k} {_figure(v)}" for k, v in row.items() if v is not None))
    lines += [f"note       {note}" for note in document["notes"]]
    return "\n".join(lines) + "\n"


def _figure(value: object) -> str:
    return f"{value:,.0f}" if isinstance(value, float) and abs(value) >= 100 else str(value)
