"""Start the workbench on this machine."""

from __future__ import annotations

import errno
import signal
import socket
import sys
from types import FrameType

from openward.errors import OpenwardError, RefusedError
from openward.web.studies import Question

HIGHEST_PORT = 65535


def serve(host: str = "127.0.0.1", port: int = 8765, open_browser: bool = False) -> None:
    """Serve the workbench until it is stopped; its first study is solved before it opens.

    Parameters
    ----------
    host : str
        Address to listen on; the workbench has no login, so keep it on this machine.
    port : int
    open_browser : bool
        Whether to open the page when it is ready.

    Raises
    ------
    RefusedError
        The port is taken or may not be used.
    """
    door = reserve(host, port)
    with door:
        import uvicorn

        from openward.web.app import LOCAL, create_app

        _say("openward workbench: reading the law")
        app = create_app(hosts=(*LOCAL, host))
        _warm_up(app.state.workbench)
        url = f"http://{host}:{door.getsockname()[1]}/"
        _say(f"openward workbench: {url} (stop with Ctrl-C)")
        if open_browser:
            import threading
            import webbrowser

            threading.Timer(0.5, webbrowser.open, (url,)).start()
        signal.signal(signal.SIGTERM, _stop)
        try:
            uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[door])
        except KeyboardInterrupt:
            pass
        finally:
            app.state.workbench.studies.close()
        _say("openward workbench: stopped")


def reserve(host: str, port: int) -> socket.socket:
    """Take a port without answering on it yet.

    Raises
    ------
    RefusedError
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, OverflowError) as error:
        raise RefusedError(f"no address {host}:{port}", hint="use 127.0.0.1", where="--host") from error
    door = socket.socket(family, kind, protocol)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
    except OSError as error:
        door.close()
        taken = error.errno == errno.EADDRINUSE
        why = (
            "is taken: another program, perhaps another workbench, listens there" if taken else error.strerror
        )
        other = port + 1 if 1024 <= port < HIGHEST_PORT else 8765
        raise RefusedError(
            f"port {port} {why}", hint=f"choose another one: --port {other}", where="--port"
        ) from error
    return door


def _warm_up(bench: object) -> None:
    """Solve the first study, saying how far it is."""
    from openward.web.workbench import Workbench

    assert isinstance(bench, Workbench)
    draft = bench.shelf.get(bench.first)
    told: list[str] = []

    def tell(stage: str, share: float) -> None:
        if stage not in told:
            told.append(stage)
            _say(f"  {stage} ({share:.0%})")

    job = bench.studies.ask(Question(draft.ref), draft.reform, progress=tell)
    job.done.wait()
    if isinstance(job.error, OpenwardError):
        _say(f"openward workbench: the first study failed, its page says why\n{job.error}")


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _say(message: str) -> None:
    sys.stderr.write(message + "\n")
    sys.stderr.flush()
