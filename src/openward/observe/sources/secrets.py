"""Keys come from the environment and stay out of every message and file."""

from __future__ import annotations

import os
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from openward.errors import MissingDataError
from openward.observe.sources.model import Key

_SECRET_NAME = re.compile(
    r"key$|^key|token|secret|passw|signature|^sig$|credential|^auth|x-amz|access[-_]?id", re.IGNORECASE
)
_IN_TEXT = re.compile(
    r"(?i)((?:subscription[-_]?key|api[-_]?key|access[-_]?token|token|password|secret|signature|sig)[\"']?\s*[=:]\s*[\"']?)"
    r"[^\s&\"'<>]+"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{6,}")
_USER = re.compile(r"(?<=://)[^/\s@]+@")


def secret(key: Key) -> str | None:
    """Read a key from the environment.

    Raises
    ------
    MissingDataError
        It is required and not set.
    """
    value = os.environ.get(key.variable, "").strip()
    if value:
        return value
    if key.required:
        raise MissingDataError(
            f"the service asks for a key and {key.variable} is not set",
            hint=f"get one at {key.page} and put it into the environment variable {key.variable}",
        )
    return None


def public_address(url: str) -> str:
    """Give an address without user names and without the values of secret query fields."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    query = urlencode(
        [
            (name, "***" if _SECRET_NAME.search(name) else value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
        ],
        safe="*,;:@$",
    )
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def public_text(text: str, *, keys: tuple[Key, ...] = ()) -> str:
    """Give a message with everything taken out that is, or looks like, a secret."""
    for key in keys:
        value = os.environ.get(key.variable, "").strip()
        if value:
            text = text.replace(value, "***")
    text = _USER.sub("", text)
    return _BEARER.sub(r"\1 ***", _IN_TEXT.sub(r"\1***", text))
