"""Prove that ``make run`` works in a clone: it starts, answers with the impact page on its port, and stops.

``python .ci/prove_run.py CLONE --home DIR [--offline]``. The environment is that of a new user: an empty
home and nothing but PATH (and the language). With ``--offline`` only the loopback can be reached.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

MARKER = 'id="reliability"'
START_SECONDS = {"online": 600, "offline": 60}
DEAD_PROXY = "http://127.0.0.1:9"


def free_port() -> int:
    """Give a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def enter_empty_network() -> bool:
    """Move this process into a network that holds only the loopback; tell whether that was possible."""
    clone_newnet, set_flags, up_and_running = 0x40000000, 0x8914, 0x1 | 0x40
    if ctypes.CDLL(None, use_errno=True).unshare(clone_newnet) != 0:
        return False
    with socket.socket() as control:
        fcntl.ioctl(control, set_flags, struct.pack("16sH14x", b"lo", up_and_running))
    return True


def user_environment(home: Path, *, port: int, offline: bool) -> dict[str, str]:
    """Give the environment of somebody who has just cloned the repository."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    proxies = ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY") if offline else ()
    return {**kept, **dict.fromkeys(proxies, DEAD_PROXY), "HOME": str(home), "PORT": str(port)}


def page(url: str) -> str:
    """Fetch a page; empty where nobody answers yet."""
    try:
        with build_opener(ProxyHandler({})).open(url, timeout=10) as answer:
            return str(answer.read().decode()) if answer.status == 200 else ""
    except (URLError, OSError):
        return ""


def wait_for_impact(server: subprocess.Popen[bytes], url: str, *, seconds: float) -> bool:
    """Ask for the page until it holds the impact, the server ends, or time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        if MARKER in page(url):
            return True
        time.sleep(0.5)
    return False


def main() -> int:
    """Run the script; give its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clone", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--offline", action="store_true")
    options = parser.parse_args()
    mode = "offline" if options.offline else "online"
    if options.offline and not enter_empty_network():
        print("prove_run: no network namespace to be had, going on with dead proxies only")

    port = free_port()
    environment = user_environment(options.home, port=port, offline=options.offline)
    begun = time.monotonic()
    server = subprocess.Popen(["make", "run"], cwd=options.clone, env=environment, start_new_session=True)
    answered = wait_for_impact(server, f"http://127.0.0.1:{port}/", seconds=START_SECONDS[mode])
    seconds = time.monotonic() - begun
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGINT)
    try:
        server.wait(timeout=20)
        stopped = True
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        stopped = False
    answer = "answered with the impact page" if answered else "did NOT answer with the impact page"
    print(f"make run, {mode}: {answer} after {seconds:.1f} s, {'stopped' if stopped else 'did NOT stop'}")
    return 0 if answered and stopped else 1


if __name__ == "__main__":
    sys.exit(main())
