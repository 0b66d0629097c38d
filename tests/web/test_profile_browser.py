"""The profile in a real browser: it fits a desk and a phone, and asks nobody for anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_browser import CHROMIUM, FLAGS, NARROW, OVERFLOW, WIDE, Watched

from openward.report.profile.build import profile
from openward.report.profile.page import render

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("profile")), executable_path=CHROMIUM, args=FLAGS, viewport=WIDE
        )
        yield context
        context.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pages") / "ISL.html"
    target.write_text(render(profile("ISL")), encoding="utf-8")
    return target


def test_the_page_fits_and_asks_nobody(browser: Any, written: Path) -> None:
    watched = Watched(browser, lambda url: url == written.as_uri() or url.startswith("data:"))
    page = watched.page
    page.goto(written.as_uri())
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert page.evaluate(OVERFLOW) == 0
    columns = page.evaluate("getComputedStyle(document.querySelector('.profile')).columnCount")
    assert columns == "1"
    page.locator('sup a[href="#source-1"]').first.click()
    assert page.locator("#source-1").bounding_box() is not None
    assert page.locator(".figure .chart svg").count() == 5
    watched.close()
