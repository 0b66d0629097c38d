"""Set up ``.venv`` from nothing but Python: ``python scripts/bootstrap.py run|all``.

Only the standard library is used, because nothing else is there yet. The steps are: make the environment,
get uv into it (pip does the work where uv cannot be had), install the locked requirements with their hashes,
install openward itself in place. A stamp is written last: while it fits the lock and ``pyproject.toml``,
nothing is done and no network is touched; an interrupted set-up has no stamp and is taken up again.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

LEVELS = ("run", "all")
"""What can be asked for; each level holds the ones before it."""


class SetupError(Exception):
    """A step failed in a way the user can mend."""


def lock_path(root: Path, level: str) -> Path:
    """Give the file that locks a level."""
    return root / "requirements" / f"{level}.txt"


def python_path(root: Path) -> Path:
    """Give the interpreter of the environment."""
    return root / ".venv" / "bin" / "python"


def stamp_path(root: Path, level: str) -> Path:
    """Give the file that says a level is completely installed."""
    return root / ".venv" / f".openward-{level}"


def fingerprint(root: Path, level: str) -> str:
    """Hash what an installed level depends on: its lock, the project file, and where the project lies."""
    files = (lock_path(root, level), root / "pyproject.toml")
    parts = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return hashlib.sha256(" ".join([*parts, str(root)]).encode()).hexdigest()


def is_current(root: Path, level: str) -> bool:
    """Tell whether a level is installed from the files as they are now."""
    stamp = stamp_path(root, level)
    return python_path(root).exists() and stamp.is_file() and stamp.read_text() == fingerprint(root, level)


def split_lock(text: str) -> dict[str, str]:
    """Split a lock by package name; a name that forks by Python version keeps all its entries."""
    entries: dict[str, str] = {}
    name = ""
    for line in text.splitlines(keepends=True):
        if line[:1].isalnum():
            name = line.partition("==")[0].partition("[")[0].strip().lower()
        if name:
            entries[name] = entries.get(name, "") + line
    return entries


def run(command: Sequence[str | Path], *, root: Path) -> bool:
    """Run a command and tell whether it succeeded; its output goes to the user."""
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "UV_NO_PROGRESS": "1"}
    return subprocess.run([str(c) for c in command], cwd=root, env={**os.environ, **quiet}).returncode == 0


def make_environment(root: Path) -> None:
    """Make the environment where there is none, or where what is there does not start or has no pip."""
    python = python_path(root)
    check = [str(python), "-m", "pip", "--version"]
    if python.exists() and subprocess.run(check, capture_output=True, cwd=root).returncode == 0:
        return
    venv.create(root / ".venv", with_pip=True, clear=True)


def install_locked(root: Path, lock: str, *, installer: Sequence[str | Path]) -> bool:
    """Install lock entries with their hashes and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        file.write_text(lock)
        return run([*installer, "--require-hashes", "--no-deps", "-r", file], root=root)


def install(root: Path, level: str) -> None:
    """Install a level with uv, or with pip where uv cannot be had or cannot reach the index.

    Raises
    ------
    SetupError
        Where neither can install the locked requirements, or the project itself.
    """
    python = python_path(root)
    entries = split_lock(lock_path(root, level).read_text())
    pip = (python, "-m", "pip", "install", "--quiet")
    # The platform's certificates are what pip and the user's other tools trust; uv's own may not know them.
    uv = (python.parent / "uv", "pip", "install", "--quiet", "--system-certs", "--python", python)
    has_uv = install_locked(root, entries["uv"], installer=(*pip, "--only-binary", ":all:"))
    rest = "".join(entry for name, entry in entries.items() if name != "uv")
    if not (has_uv and install_locked(root, rest, installer=uv)):
        print("openward: uv is no help here, going on with pip", file=sys.stderr)
        if not install_locked(root, rest, installer=pip):
            raise SetupError("the locked requirements could not be installed (is a package index in reach?)")
    if not run([*pip, "--no-index", "--no-deps", "--no-build-isolation", "--editable", root], root=root):
        raise SetupError("openward itself could not be installed into the environment")


def ensure(root: Path, level: str) -> None:
    """Bring the environment to a level; do nothing where it is there already."""
    if is_current(root, level):
        return
    print(f"openward: setting up .venv ({level}), once; this needs a package index", file=sys.stderr)
    for other in LEVELS:
        stamp_path(root, other).unlink(missing_ok=True)
    make_environment(root)
    install(root, level)
    for held in LEVELS[: LEVELS.index(level) + 1]:
        stamp_path(root, held).write_text(fingerprint(root, held))


def main(arguments: Sequence[str]) -> int:
    """Run the script; give its exit code."""
    if len(arguments) != 1 or arguments[0] not in LEVELS:
        print(f"usage: bootstrap.py {'|'.join(LEVELS)}", file=sys.stderr)
        return 2
    try:
        ensure(ROOT, arguments[0])
    except (SetupError, OSError, subprocess.SubprocessError) as error:
        print(f"openward: {error}\n  hint: mend that and call make again; it starts over", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
