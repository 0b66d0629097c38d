"""One HTTP connection by the standard library: proxies from the environment, time-outs, safe redirects."""

from __future__ import annotations

import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import IO, Any, Protocol
from urllib.parse import urlsplit

from openward.errors import InputError
from openward.observe.sources.model import Download
from openward.observe.sources.secrets import public_address, secret

_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)\s*$")


class Body(Protocol):
    """What is read from a connection."""

    def read1(self, amount: int, /) -> bytes:
        """Give what is there, up to so many bytes; none at the end."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """Head of a server's answer.

    Attributes
    ----------
    status : int
        200, 206 or 416.
    start : int
        Position of the first byte in the whole file.
    total : int, optional
        Length of the whole file where the server tells it.
    etag, last_modified : str
        Validators; empty where absent.
    is_framed : bool
        A cut inside the body would be noticed: its length was announced, or it comes in chunks.
    body : Body
    """

    status: int
    start: int
    total: int | None
    etag: str
    last_modified: str
    is_framed: bool
    body: Body

    @property
    def validator(self) -> str:
        """What proves in ``If-Range`` that the file is still the same: a strong ETag, else the date."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


class _NoBody:
    def read1(self, amount: int, /) -> bytes:
        return b""

    def close(self) -> None:
        pass


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Redirects stay on http and https, and never go from https down to http."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        scheme = urlsplit(newurl).scheme
        if scheme not in ("http", "https") or (req.type == "https" and scheme != "https"):
            raise InputError(
                f"the server sends us on to {public_address(newurl)}",
                hint="a redirect must not leave https; check the address",
                where=public_address(req.full_url),
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def connect(download: Download, *, extra: Mapping[str, str], timeout: float) -> Answer:
    """Ask for a file.

    Parameters
    ----------
    download : Download
    extra : mapping
        Headers of this try (``Range``, ``If-Range``).
    timeout : float
        Seconds without a byte.

    Returns
    -------
    Answer
        The caller closes its body.

    Raises
    ------
    urllib.error.HTTPError, OSError, http.client.HTTPException
        As the standard library has them; `retrying.is_passing` sorts them.
    InputError
        An unsafe redirect, or a body in a coding that was not asked for.
    """
    headers = {"User-Agent": "openward (trade data reader)", "Accept-Encoding": "identity"}
    request = urllib.request.Request(download.url, headers={**headers, **download.headers, **extra})
    value = secret(download.key) if download.key else None
    if value is not None and download.key is not None:
        # Unredirected: a redirect to another host must not carry the secret along.
        request.add_unredirected_header(download.key.header, download.key.prefix + value)
    opener = urllib.request.build_opener(_SafeRedirects)
    try:
        response: Any = opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        if error.code != 416:
            raise
        _, total = _place(error.headers)
        error.close()
        return Answer(416, 0, total, *_validators(error.headers), is_framed=True, body=_NoBody())
    coding = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    if coding != "identity":
        response.close()
        raise InputError(
            f"the server packs the file as {coding} though it was asked not to",
            hint="download it with a browser and give it with --file",
            where=public_address(download.url),
        )
    if response.status == 206:
        start, total = _place(response.headers)
    else:
        start, total = 0, _length(response.headers)
    framed = _length(response.headers) is not None or bool(getattr(response, "chunked", False))
    return Answer(
        response.status, start, total, *_validators(response.headers), is_framed=framed, body=response
    )


def _validators(headers: Message) -> tuple[str, str]:
    return (headers.get("ETag") or "").strip(), (headers.get("Last-Modified") or "").strip()


def _length(headers: Message) -> int | None:
    text = (headers.get("Content-Length") or "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _place(headers: Message) -> tuple[int, int | None]:
    """First byte and total length of a part; -1 where the server does not say."""
    found = _RANGE.match((headers.get("Content-Range") or "").strip())
    if found is None:
        return -1, None
    first, _, total = found.groups()
    return int(first) if first else -1, None if total == "*" else int(total)
