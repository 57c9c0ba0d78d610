"""Running servers, and visits to their pages that are watched to their end."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.system.durability.server import Server, new_store, until

Visit = Callable[..., Page]
_WATCH_POLICY = """addEventListener("securitypolicyviolation", event =>
  console.error(`policy: ${event.violatedDirective} stopped ${event.blockedURI} ${event.sample}`));
"""
_PATIENCE = 10_000  # ms


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over an empty test store."""
    server = Server(new_store(tmp_path_factory.mktemp("site") / "store"), workers=1)
    server.start()
    yield server.base
    defects = [*server.logged("portal-defect"), *server.logged("fhir-defect")]
    status = server.end()
    assert not defects, [line.get("where") for line in defects[:5]]
    assert status == 0


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The address of a server whose pages wait, fail and stream (``tests.portal.served``)."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return httpx2.get(base + "/part", trust_env=False).status_code == 200
        except httpx2.TransportError:
            return False

    with subprocess.Popen(
        [sys.executable, "-m", "tests.portal.served", str(port)], stderr=subprocess.DEVNULL
    ) as process:
        until(answers, "the server of tests")
        yield base
        process.kill()


class Watch:
    """What went wrong in the pages of a context, seen from outside of them."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.faults: list[str] = []
        self.expected: list[str] = []
        self._origin = urlsplit(site).netloc
        context.on("request", self._asked)
        context.on("console", self._told)
        context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))
        context.add_init_script(_WATCH_POLICY)

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.netloc != self._origin and url.scheme not in ("blob", "data"):
            self.faults.append(f"asked another origin: {request.url}")

    def _told(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def check(self) -> None:
        """No fault but those that a test expects (by a part of their text)."""
        unexpected = [
            fault for fault in self.faults if not any(part in fault for part in self.expected)
        ]
        assert not unexpected, unexpected


def new_context(chromium: Browser, base: str, *, scripts: bool = True) -> BrowserContext:
    """A browser of nobody: no cookies, French, reduced motion."""
    context = chromium.new_context(
        base_url=base,
        locale="fr-FR",
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(_PATIENCE)
    return context


@pytest.fixture
def context(chromium: Browser, site: str) -> Iterator[BrowserContext]:
    """A new browser at the site."""
    context = new_context(chromium, site)
    yield context
    context.close()


@pytest.fixture
def page_without_scripts(chromium: Browser, site: str) -> Iterator[Page]:
    """A new browser at the site, its scripts switched off."""
    context = new_context(chromium, site, scripts=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def live_page(chromium: Browser, served: str) -> Iterator[Page]:
    """A page that listens to events of its server, watched as every other."""
    context = new_context(chromium, served)
    watch = Watch(context, served)
    page = context.new_page()
    page.goto("/live")
    yield page
    context.close()
    watch.check()


@pytest.fixture
def watch(context: BrowserContext, site: str) -> Iterator[Watch]:
    """Watches all pages of the context; its faults fail the test that caused them."""
    watch = Watch(context, site)
    yield watch
    watch.check()


@pytest.fixture
def visit(context: BrowserContext, watch: Watch) -> Visit:
    """Opens a page: ``visit("/design", theme="dark")``."""
    del watch  # it watches

    def open_page(path: str, **query: Any) -> Page:
        page = context.new_page()
        page.goto(f"{path}?{urlencode(query)}" if query else path)
        return page

    return open_page
