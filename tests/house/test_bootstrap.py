"""The set-up from nothing: what counts as done, and how the lock is read."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", REPOSITORY / "scripts" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with locks and an environment that looks installed but has no stamp."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text("uv==1 \\\n    --hash=sha256:00\n")
    (tmp_path / "requirements" / "all.txt").write_text("uv==1 \\\n    --hash=sha256:00\nruff==1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


def install_nothing(root: Path, level: str) -> None:
    """Stand in for an installation that works."""


def test_an_environment_without_stamp_is_not_current(bootstrap: ModuleType, project: Path) -> None:
    assert not bootstrap.is_current(project, "run")


def test_everything_holds_what_running_needs(
    bootstrap: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "install", install_nothing)
    bootstrap.ensure(project, "all")
    assert bootstrap.is_current(project, "all")
    assert bootstrap.is_current(project, "run")


def test_running_does_not_hold_everything(
    bootstrap: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "install", install_nothing)
    bootstrap.ensure(project, "run")
    assert bootstrap.is_current(project, "run")
    assert not bootstrap.is_current(project, "all")


@pytest.mark.parametrize("changed", ["requirements/run.txt", "pyproject.toml"])
def test_a_changed_file_makes_the_environment_stale(
    bootstrap: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    monkeypatch.setattr(bootstrap, "install", install_nothing)
    bootstrap.ensure(project, "run")
    with (project / changed).open("a") as file:
        file.write("# changed\n")
    assert not bootstrap.is_current(project, "run")


def test_a_lost_interpreter_makes_the_environment_stale(
    bootstrap: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "install", install_nothing)
    bootstrap.ensure(project, "run")
    (project / ".venv" / "bin" / "python").unlink()
    (project / ".venv" / "bin" / "python").symlink_to(project / "gone")
    assert not bootstrap.is_current(project, "run")


def test_a_current_environment_is_left_alone(
    bootstrap: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "install", install_nothing)
    bootstrap.ensure(project, "all")

    def forbidden(*_: object) -> None:
        raise AssertionError("a current environment was touched")

    monkeypatch.setattr(bootstrap, "make_environment", forbidden)
    monkeypatch.setattr(bootstrap, "install", forbidden)
    bootstrap.ensure(project, "run")
    bootstrap.ensure(project, "all")


def test_an_interrupted_installation_does_not_count(
    bootstrap: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "install", install_nothing)
    bootstrap.ensure(project, "all")
    (project / "pyproject.toml").write_text("[project]\n# changed\n")

    def interrupted(root: Path, level: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.ensure(project, "all")
    assert not any(bootstrap.stamp_path(project, level).exists() for level in bootstrap.LEVELS)


def test_a_failed_step_is_one_message_and_an_exit_code(
    bootstrap: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", project)
    monkeypatch.setattr(bootstrap, "run", lambda command, *, root: False)
    assert bootstrap.main(["run"]) == 3
    assert "hint:" in capfd.readouterr().err
    assert bootstrap.main(["nonsense"]) == 2


def test_pip_stands_in_where_uv_fails(
    bootstrap: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def record(command: list[object], *, root: Path) -> bool:
        commands.append([str(word) for word in command])
        return not commands[-1][0].endswith("/uv")

    monkeypatch.setattr(bootstrap, "run", record)
    bootstrap.install(project, "all")
    with_hashes = [command for command in commands if "--require-hashes" in command]
    assert [Path(command[0]).name for command in with_hashes] == ["python", "uv", "python"]
    assert "--no-index" in commands[-1]


def test_lock_entries_keep_hashes_and_forks(bootstrap: ModuleType) -> None:
    text = (
        "# head\n"
        "numpy==2.4 ; python_full_version < '3.12' \\\n    --hash=sha256:aa\n    # via openward\n"
        "numpy==2.5 ; python_full_version >= '3.12' \\\n    --hash=sha256:bb\n"
        "uv==0.1 \\\n    --hash=sha256:cc\n"
    )
    entries = bootstrap.split_lock(text)
    assert list(entries) == ["numpy", "uv"]
    assert entries["numpy"].count("--hash") == 2
    assert entries["uv"] == "uv==0.1 \\\n    --hash=sha256:cc\n"
