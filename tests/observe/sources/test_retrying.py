"""Back-off grows, is capped and jittered; only passing faults count; secrets stay secret."""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.error
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.errors import MissingDataError
from openward.observe.sources.model import Key
from openward.observe.sources.retrying import CutOff, Patience, asked_wait, is_passing
from openward.observe.sources.secrets import public_address, public_text, secret

NOON = datetime(2025, 6, 2, 12, 0, 0, tzinfo=UTC)


@given(failures=st.integers(1, 1000), draw=st.floats(0, 1, exclude_max=True))
def test_waits_lie_between_zero_and_the_doubled_base(failures: int, draw: float) -> None:
    wait = Patience(base=0.5, cap=20).wait(failures, draw=draw)
    assert 0 <= wait <= min(20, 0.5 * 2 ** min(failures - 1, 50))


def test_the_middle_draws_wait_half_a_second_then_one_then_two() -> None:
    patience = Patience(base=1.0)
    assert [patience.wait(n, draw=0.5) for n in (1, 2, 3, 7, 8)] == [0.5, 1.0, 2.0, 30.0, 30.0]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 3 ", 3.0),
        ("Mon, 02 Jun 2025 12:01:30 GMT", 90.0),
        ("Mon, 02 Jun 2025 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
    ],
)
def test_retry_after(text: str | None, seconds: float | None) -> None:
    assert asked_wait(text, now=NOON) == seconds


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (TimeoutError(), True),
        (ConnectionResetError(), True),
        (CutOff("x"), True),
        (http.client.IncompleteRead(b""), True),
        (http.client.RemoteDisconnected(), True),
        (urllib.error.URLError(TimeoutError()), True),
        (urllib.error.URLError(ssl.SSLCertVerificationError("expired")), False),
        (ssl.SSLCertVerificationError("expired"), False),
        (ssl.SSLEOFError("cut"), True),
        (urllib.error.URLError(socket.gaierror(socket.EAI_NONAME, "no such name")), False),
        (urllib.error.URLError(socket.gaierror(socket.EAI_AGAIN, "try again")), True),
        (urllib.error.URLError("unknown url type"), False),
        (PermissionError(), False),
        (http.client.InvalidURL(), False),
    ],
)
def test_which_faults_pass(error: BaseException, passing: bool) -> None:
    assert is_passing(error) is passing


def test_addresses_are_shown_without_secrets() -> None:
    url = "https://me:pw@api.example.org/v1/get?reporterCode=156&subscription-key=abc123&token=t&period=2023"
    shown = public_address(url)
    assert (
        shown == "https://api.example.org/v1/get?reporterCode=156&subscription-key=***&token=***&period=2023"
    )


def test_texts_are_shown_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_KEY", "abcdef0123")
    key = Key("TRIAL_KEY", "X-Key", "https://example.org")
    text = "GET /x?subscription-key=zzz with abcdef0123 and Bearer eyJhbGciOi failed at https://u:p@host/y"
    shown = public_text(text, keys=(key,))
    for hidden in ("zzz", "abcdef0123", "eyJhbGciOi", "u:p"):
        assert hidden not in shown
    assert "host/y" in shown


def test_a_missing_key_says_which_and_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRIAL_KEY", raising=False)
    with pytest.raises(MissingDataError, match="TRIAL_KEY is not set") as caught:
        secret(Key("TRIAL_KEY", "X-Key", "https://example.org/get-one"))
    assert "https://example.org/get-one" in caught.value.hint
    assert secret(Key("TRIAL_KEY", "X-Key", "https://example.org", required=False)) is None
