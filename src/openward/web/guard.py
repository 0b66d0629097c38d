"""The door of the workbench: who may ask, how much they may send, what a page may do.

The workbench listens on this machine alone and has no login, so it must not be a way in for pages from
elsewhere: a name that points here (DNS rebinding) or a form on another site is turned away.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 256 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": a browser then sends the origin of its own forms as "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """ASGI middleware that checks host, origin and size, and sets the security headers.

    Parameters
    ----------
    app : ASGI application
    hosts : iterable of str
        Host names the workbench answers to, without port.
    most_bytes : int
        Largest body of a request.
    """

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], most_bytes: int = MOST_BYTES) -> None:
        self.app = app
        self.hosts = frozenset(h.lower() for h in hosts)
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or turn it away."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        refusal = self._refusal(scope["method"], headers)
        body = b"" if refusal else await self._body(headers, receive)
        if body is None:
            text = (
                f"The request is larger than {self.most_bytes:,} bytes.\nhint: a reform is a few kilobytes\n"
            )
            refusal = PlainTextResponse(text, 413)
        if refusal is not None:
            await refusal(scope, receive, dressed)
            return

        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, dressed)

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "")
        if _name(host) not in self.hosts:
            names = ", ".join(sorted(self.hosts))
            text = f"The workbench answers only to {names}.\nhint: open it under one of these\n"
            return PlainTextResponse(text, 403)
        if method in SAFE:
            return None
        origin = headers.get("origin")
        foreign = origin is not None and urlsplit(origin).netloc.lower() != host.lower()
        if foreign or headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return PlainTextResponse("A form of another site cannot be sent here.\n", 403)
        return None

    async def _body(self, headers: Headers, receive: Receive) -> bytes | None:
        """Read the body; None where it is too large."""
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.most_bytes:
            return None
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return bytes(body)
            body += message.get("body", b"")
            if len(body) > self.most_bytes:
                return None
            if not message.get("more_body", False):
                return bytes(body)


def _name(host: str) -> str:
    """Give the name of a Host header without its port."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.lower()
