from __future__ import annotations

import socket

import pytest

from openward.errors import RefusedError
from openward.web.serve import reserve


def test_a_taken_port_is_said_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(RefusedError, match=f"port {port} is taken") as caught:
            reserve("127.0.0.1", port)
    assert caught.value.exit_code == 6
    assert "--port" in caught.value.hint


def test_a_reserved_port_does_not_answer_yet() -> None:
    with reserve("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        with socket.socket() as asker:
            assert asker.connect_ex(("127.0.0.1", port)) != 0


def test_an_unknown_host() -> None:
    with pytest.raises(RefusedError):
        reserve("no such host", 8765)
