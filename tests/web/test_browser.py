"""The pages in a real browser: they work, fit, and ask nobody but this machine for anything."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from web_bench import FakeStudy

from impact_fixture import make_impact
from openward.book.model import Book
from openward.report.impact_html import render
from openward.web.app import create_app

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as driver:
        profile = str(tmp_path_factory.mktemp("profile"))
        context = driver.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=FLAGS, viewport=WIDE
        )
        yield context
        context.close()


class Watched:
    """A page, the addresses it asked for and what it complained of."""

    def __init__(self, context: Any, allowed: Callable[[str], bool]) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page = context.new_page()
        self.page.set_viewport_size(WIDE)
        self.page.route("**/*", lambda route: self._pass(route, allowed))
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))

    def _pass(self, route: Any, allowed: Callable[[str], bool]) -> None:
        url = route.request.url
        if allowed(url):
            route.continue_()
        else:
            self.asked.append(url)
            route.abort()

    def close(self) -> None:
        self.page.close()
        assert self.asked == []
        assert self.complaints == []


@pytest.fixture
def saved(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The self-contained page, opened as a file."""
    target = tmp_path / "study.html"
    target.write_text(render(make_impact()), encoding="utf-8")
    watched = Watched(browser, lambda url: url == target.as_uri() or url.startswith("data:"))
    watched.page.goto(target.as_uri())
    yield watched.page
    watched.close()


@pytest.fixture(scope="module")
def bench(book: Book) -> Iterator[tuple[str, FakeStudy]]:
    """The workbench with a made-up study, served on a free port."""
    study = FakeStudy()
    app = create_app(book=book, study=study)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{door.getsockname()[1]}", study
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def visit(browser: Any, bench: tuple[str, FakeStudy]) -> Iterator[Any]:
    url, _ = bench
    watched = Watched(browser, lambda asked: asked.startswith((f"{url}/", "data:")))
    yield lambda path: (watched.page.goto(url + path), watched.page)[1]
    watched.close()


def test_the_saved_page_sorts_and_filters(saved: Any) -> None:
    table = saved.locator("#table-economies")
    first = table.locator("tbody tr th").first
    header = table.locator("thead th").nth(13)
    header.get_by_role("button").click()
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "ascending"
    assert "China" in first.inner_text()
    table.get_by_role("searchbox").fill("tunisia")
    assert table.locator("tbody tr:visible").count() == 1


def test_figures_are_read_out_under_the_pointer(saved: Any) -> None:
    bar = saved.locator("#fig-gains .mark").first
    bar.scroll_into_view_if_needed()
    bar.hover()
    assert " %" in saved.locator("#tip").inner_text()


def test_the_keyboard_reaches_parts_and_tables(saved: Any) -> None:
    saved.keyboard.press("Tab")
    assert saved.evaluate("document.activeElement.className") == "skip"
    saved.locator("#table-economies thead button").first.focus()
    saved.keyboard.press("Enter")
    assert saved.locator("#table-economies thead th").first.get_attribute("aria-sort") == "ascending"


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_saved_page_fits(saved: Any, size: dict[str, int]) -> None:
    saved.set_viewport_size(size)
    assert saved.evaluate(OVERFLOW) <= 0


def test_the_saved_page_reads_without_script(browser: Any, tmp_path: Path) -> None:
    target = tmp_path / "study.html"
    text = render(make_impact())
    target.write_text(text[: text.index("<script>")], encoding="utf-8")
    watched = Watched(browser, lambda url: url == target.as_uri() or url.startswith("data:"))
    watched.page.goto(target.as_uri())
    assert watched.page.locator("#table-economies tbody tr").count() == 80
    assert watched.page.locator("#fig-map .chart svg").bounding_box()["width"] > 500
    watched.close()


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("path", ["/lookup", "/reform/rcep-undone", "/impact/africa-zero-tariff"])
def test_the_pages_fit(visit: Any, path: str, size: dict[str, int]) -> None:
    page = visit(path)
    page.set_viewport_size(size)
    page.locator("h1").first.wait_for()
    assert page.evaluate(OVERFLOW) <= 0


def test_a_choice_changes_answer_and_address(visit: Any) -> None:
    page = visit("/lookup?importer=CHN&partner=ZAF&industry=C10T12&on=2026-05-01")
    assert "China applied 0 %" in page.locator("h1").inner_text()
    page.locator("select[name=partner]").select_option("DEU")
    page.wait_for_url("**partner=DEU**")
    assert "Germany" in page.locator("h1").inner_text()
    page.go_back()
    page.wait_for_url("**partner=ZAF**")


def test_a_click_on_a_value_asks_again_and_stays_in_the_address(visit: Any) -> None:
    page = visit("/lookup?mode=goods&origin=BRA&hs=02023000&on=2026-05-01")
    page.set_viewport_size(NARROW)
    assert page.evaluate(OVERFLOW) <= 0
    page.get_by_role("link", name="in_quota:CHN-BEEF-BRA = true").click()
    page.wait_for_url("**fact=in_quota*")
    assert "charges 12 %" in page.locator("h1").inner_text()
    page.locator("input[name=hs]").fill("70131000")
    page.locator("input[name=hs]").press("Enter")
    page.wait_for_url("**hs=70131000*")
    page.get_by_text("under 70131000").first.wait_for()
    assert "mode=goods" in page.url


def test_an_error_is_shown_while_editing_and_goes_away(visit: Any) -> None:
    page = visit("/reform/rcep-undone")
    good = page.locator("#text").input_value()
    page.locator("#text").fill(good.replace("group: RCEP", "group: RCPE", 1))
    page.locator("#preflight .errors").wait_for()
    assert "RCPE" in page.locator("#preflight").inner_text()
    assert "reform:" in page.locator("#preflight .where").first.inner_text()
    page.locator("#text").fill(good.replace("2027-01-01", "2027-06-01"))
    page.locator("#preflight .go").wait_for()
    assert page.locator("#preflight .errors").count() == 0
    page.get_by_role("button", name="Check and keep").click()
    page.wait_for_url("**/reform/*")
    assert "2027-06-01" in page.locator("#text").input_value()


def test_progress_turns_into_the_answer(visit: Any, bench: tuple[str, FakeStudy]) -> None:
    _, study = bench
    study.hold = threading.Event()
    page = visit("/impact/rcep-undone?from_law=2025-06-30")
    page.get_by_text("solving the world").wait_for()
    study.hold.set()
    page.locator("section#opening").wait_for()
    assert "from_law=2025-06-30" in page.url
    assert page.locator("#table-economies thead button").count() > 5
    study.hold = None


@pytest.mark.slow
def test_the_command_opens_on_a_solved_reform_and_stops(browser: Any, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "openward", "serve", "--port", str(port)],
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        assert answers(f"{url}/health", process)
        watched = Watched(browser, lambda asked: asked.startswith((f"{url}/", "data:")))
        watched.page.goto(url)
        assert "Zero tariffs for African partners" in watched.page.locator("main").inner_text()
        assert watched.page.locator("section.part").count() == 5
        assert watched.page.locator("#progress").count() == 0
        watched.close()
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert url in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def answers(url: str, process: subprocess.Popen[str], *, patience: float = 90.0) -> bool:
    """Wait until a server answers; False where it stopped or never did."""
    end = time.monotonic() + patience
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.2)
    return False
