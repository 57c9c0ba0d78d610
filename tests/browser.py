"""A real browser for tests: the distribution's Chromium, driven by Playwright.

One browser a test module: while Playwright's synchronous interface runs, its event loop counts as
running in this thread, and ``asyncio.run`` in a test would be refused.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NewBrowser = Callable[[], Browser]
_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium without a window; runs as root too."""
    program = shutil.which("chromium")
    assert program is not None, "install chromium (tools/install_test_needs.sh does)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield browser
        browser.close()
