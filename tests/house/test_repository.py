"""What the repository as a whole promises: layers, one version, a light start, no trace of a machine."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import openward

REPOSITORY = Path(__file__).resolve().parents[2]

# Put together here, so that this file does not hold what it looks for.
MACHINE_PATH = re.compile("(?<![\\w.}/-])/(" + "|".join(("work", "root", "home", "tmp", "opt")) + ")/")
FORBIDDEN = {
    "a registry host": re.compile(
        "|".join(("py" + "pi\\.org", "python" + "hosted", "npm" + "js\\.org", "deb\\.deb" + "ian"))
    ),
    "a path of a machine": MACHINE_PATH,
}


def tracked_files() -> list[Path]:
    """Files of the repository that hold text."""
    try:
        listing = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout, so what belongs to the repository is not known")
    paths = [REPOSITORY / name for name in listing.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096]]


def modules_loaded_by(code: str) -> set[str]:
    """Top-level modules a fresh interpreter holds after running some code."""
    script = f"{code}\nimport sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names_a_machine_or_registry(what: str) -> None:
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()[:100]}"
        for path in tracked_files()
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1
        )
        if FORBIDDEN[what].search(line)
    ]
    assert not found, f"{what} in the repository"


def test_imports_point_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_version_is_written_once() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "src/openward/__init__.py"
    assert re.fullmatch(r"\d+\.\d+\.\d+", openward.__version__)


def test_every_page_of_the_docs_is_listed() -> None:
    docs = REPOSITORY / "docs"
    listed = "\n".join(path.read_text() for path in docs.rglob("*.md") if "_build" not in path.parts)
    pages = [path for path in docs.glob("*.md") if path.name != "index.md"]
    missing = [page.name for page in pages if not re.search(rf"^{page.stem}$", listed, flags=re.MULTILINE)]
    assert not missing


def test_every_decision_has_its_number_and_status() -> None:
    records = sorted((REPOSITORY / "docs" / "adr").glob("[0-9]*.md"))
    for number, record in enumerate(records, start=1):
        text = record.read_text()
        assert record.name.startswith(f"{number:04d}-")
        assert text.startswith(f"# {number:04d}. ")
        assert "\nStatus: " in text


@pytest.mark.parametrize("code", ["import openward", "import openward.cli.main"])
def test_importing_is_light(code: str) -> None:
    heavy = {"numpy", "polars", "pydantic", "fastapi", "uvicorn", "altair", "jinja2", "yaml"}
    assert not heavy & modules_loaded_by(code)


def test_help_is_light_and_works() -> None:
    code = (
        "import contextlib, openward.cli.main as m\nwith contextlib.suppress(SystemExit): m.run(['--help'])"
    )
    assert not {"numpy", "polars", "fastapi", "pydantic", "altair"} & modules_loaded_by(code)
