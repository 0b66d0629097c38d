"""A real HTTP server on this machine whose faults are written down before each answer."""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Step:
    """How one request is answered; the plain one serves the file as a good server does."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    cut_after: int | None = None
    reset: bool = False
    hang: float = 0.0
    ignore_range: bool = False
    ignore_if_range: bool = False
    shift_range: int = 0
    announce_length: bool = True
    chunked: bool = False
    etag: str | None = None
    then: Callable[[Shelf], None] | None = None


@dataclass
class Seen:
    path: str
    headers: dict[str, str]


@dataclass
class Shelf:
    """The file served, the steps to come (then plain ones), and the requests seen."""

    content: bytes
    etag: str = '"first"'
    last_modified: str = ""
    steps: list[Step] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    url: str = ""

    def address(self, name: str = "file.bin") -> str:
        return f"{self.url}/{name}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    shelf: Shelf

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.close_connection = True
        shelf = self.shelf
        shelf.seen.append(Seen(self.path, dict(self.headers.items())))
        step = shelf.steps.pop(0) if shelf.steps else Step()
        if step.then:
            step.then(shelf)
        if step.hang:
            time.sleep(step.hang)
            return
        if step.status is not None:
            self._plain(step)
            return
        self._serve(shelf, step)

    def _plain(self, step: Step) -> None:
        body = step.body if step.body is not None else b""
        self.send_response(step.status or 200)
        for name, value in step.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _serve(self, shelf: Shelf, step: Step) -> None:
        whole, etag = shelf.content, step.etag if step.etag is not None else shelf.etag
        start = self._start(whole, etag, shelf, step)
        if start is not None and start >= len(whole):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(whole)}")
            self._validators(etag, shelf)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        first = 0 if start is None else max(0, start + step.shift_range)
        rest = whole[first:]
        self.send_response(200 if start is None else 206)
        if start is not None:
            self.send_header("Content-Range", f"bytes {first}-{len(whole) - 1}/{len(whole)}")
        self._validators(etag, shelf)
        for name, value in step.headers.items():
            self.send_header(name, value)
        if step.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif step.announce_length:
            self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self._send(rest, step)

    def _send(self, rest: bytes, step: Step) -> None:
        sent = rest if step.cut_after is None else rest[: step.cut_after]
        if step.chunked:
            for at in range(0, len(sent), 1000):
                piece = sent[at : at + 1000]
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            if step.cut_after is None:
                self.wfile.write(b"0\r\n\r\n")
        else:
            self.wfile.write(sent)
        self.wfile.flush()
        if step.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def _start(self, whole: bytes, etag: str, shelf: Shelf, step: Step) -> int | None:
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if found is None or step.ignore_range:
            return None
        condition = self.headers.get("If-Range")
        if condition and not step.ignore_if_range and condition not in (etag, shelf.last_modified):
            return None
        return int(found.group(1))

    def _validators(self, etag: str, shelf: Shelf) -> None:
        if etag:
            self.send_header("ETag", etag)
        if shelf.last_modified:
            self.send_header("Last-Modified", shelf.last_modified)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Broken connections are what this server is for."""


@contextmanager
def serving(content: bytes) -> Iterator[Shelf]:
    """Serve one file on 127.0.0.1 until the block ends."""
    shelf = Shelf(content)
    handler = type("Handler", (_Handler,), {"shelf": shelf})
    server = _Server(("127.0.0.1", 0), handler)
    shelf.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield shelf
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
