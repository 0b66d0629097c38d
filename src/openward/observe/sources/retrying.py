"""When to try again, and how long to wait: exponential back-off with full jitter, on passing faults only."""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.error
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be another one later (RFC 9110 section 15, RFC 6585 section 4, RFC 8470 section 5.2)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long.

    Attributes
    ----------
    attempts : int
        Tries in a row that bring no new byte before giving up; at least one.
    base : float
        Seconds before the second try at most; doubles with each further one.
    cap : float
        Longest wait of our own, in seconds.
    cap_asked : float
        Longest wait a server may ask for (``Retry-After``), in seconds; beyond it we stop and say so.
    """

    attempts: int = 6
    base: float = 1.0
    cap: float = 60.0
    cap_asked: float = 300.0

    def wait(self, failures: int, *, draw: float) -> float:
        """Give the seconds to wait after so many failures in a row.

        Full jitter: uniform between zero and ``min(cap, base * 2**(failures - 1))``, so that clients that
        failed together do not come back together.

        Parameters
        ----------
        failures : int
            At least one.
        draw : float
            Uniform in [0, 1).
        """
        return draw * min(self.cap, self.base * 2.0 ** min(failures - 1, 60))


class CutOff(Exception):  # noqa: N818  (it is a state of a connection)
    """The connection ended before the announced length."""


def is_passing(error: BaseException) -> bool:
    """Tell whether a fault may be gone at the next try.

    A refused request (4xx), a certificate that does not verify, or a name that does not exist will be the
    same next time; a broken or silent connection and an overloaded server may not.
    """
    if isinstance(error, urllib.error.HTTPError):
        return error.code in PASSING_STATUS
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, BaseException):
        return is_passing(error.reason)
    if isinstance(error, ssl.SSLCertVerificationError):
        return False
    if isinstance(error, socket.gaierror):
        return error.errno == socket.EAI_AGAIN
    if isinstance(error, http.client.InvalidURL | http.client.NotConnected):
        return False
    return isinstance(
        error, CutOff | TimeoutError | ConnectionError | ssl.SSLError | http.client.HTTPException
    )


def asked_wait(value: str | None, *, now: datetime) -> float | None:
    """Read ``Retry-After``: seconds, or a date (RFC 9110 section 10.2.3); None if absent or unreadable."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
