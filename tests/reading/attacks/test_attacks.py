"""The attack list in a real browser: nothing runs, nothing leaves, only the document speaks.

Each document is read, put into a page as the portal does, and opened with the policy of the portal
and without any.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from carnet.reading.model import Html, Pages, Unreadable
from tests.reading.attacks.documents import attacks, document
from tests.reading.attacks.site import Site
from tests.reading.attacks.watch import NOWHERE, Watch, provoke, seen

ATTACKS = attacks()
RAW = {
    "raw-script": ("<script>window.marked = 1</script>", "ran"),
    "raw-event": ("<img src=x onerror=window.marked=1>", "ran"),
    "raw-hover": ("<p onmouseover=window.marked=1>a</p>", "ran"),
    "raw-picture": ("<img src=https://evil.example/a.png>", "asked https://evil.example/a.png"),
    "raw-style": (
        "<p style='background:url(https://evil.example/b.png)'>a</p>",
        "asked https://evil.example/b.png",
    ),
    "raw-frame": ("<iframe src=https://evil.example/></iframe>", "asked https://evil.example/"),
    "raw-dialog": ("<script>alert(1)</script>", "dialog: 1"),
    "raw-refresh": (
        "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
        "asked https://evil.example/",
    ),
    "raw-import": (
        "<style>@import 'https://evil.example/x.css';</style>",
        "asked https://evil.example/x.css",
    ),
}
"""Attacks that no reader has seen: without them a blind watch would pass every test."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    made = Site(
        {name: document(attack) for name, attack in ATTACKS.items()},
        {name: html for name, (html, _) in RAW.items()},
    )
    yield made
    made.close()


Tab = tuple[Page, Watch]


@contextmanager
def opened(chromium: Browser, site: Site) -> Iterator[Tab]:
    """A tab, and who watches it."""
    context = chromium.new_context(
        locale="fr-FR", viewport={"width": 1000, "height": 1400}, proxy=NOWHERE
    )
    context.set_default_timeout(20_000)
    watch = Watch(context, site.base)
    page = context.new_page()
    watch.follow(page)
    yield page, watch
    context.close()


@pytest.fixture(scope="module")
def tab(chromium: Browser, site: Site) -> Iterator[Tab]:
    with opened(chromium, site) as made:
        yield made


def shown(page: Page, site: Site, name: str) -> None:
    """Waits until what scripts of the portal bring is there."""
    if isinstance(site.readable(name).body, Pages):
        count = page.locator(".reader").get_attribute("data-pages")
        page.wait_for_function(
            "count => document.querySelectorAll('[data-drawn]').length == count"
            " || document.querySelector('[data-failed]')",
            arg=int(count or 0),
        )
        assert page.locator(".reader").get_attribute("data-failed") is None


@pytest.mark.parametrize("policy", ["with", "without"])
@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_does_nothing(tab: Tab, site: Site, name: str, policy: str) -> None:
    page, watch = tab
    watch.faults.clear()
    page.goto(f"{site.base}/{policy}/{name}")
    shown(page, site, name)
    words = seen(page)
    assert not provoke(page)
    assert not watch.faults
    assert page.url == f"{site.base}/{policy}/{name}"
    attack, body = ATTACKS[name], site.readable(name).body
    if attack.code is not None:
        assert isinstance(body, Unreadable)
        assert body.code == attack.code
        assert words == ""
        assert page.get_by_role("link", name="Document d’origine").count() == 1
        return
    assert not isinstance(body, Unreadable), body.code
    if isinstance(body, Pages):  # pdf.js places each run of letters by itself
        assert words.replace(" ", "") == str(attack.says).replace(" ", "")
        return
    heading = "Titre" if isinstance(body, Html) and attack.title == "Titre" else ""
    assert words == f"{heading} {attack.says}".strip()


@pytest.mark.parametrize("name", RAW)
def test_the_watch_sees_what_happens_where_nobody_guards(
    chromium: Browser, site: Site, name: str
) -> None:
    with opened(chromium, site) as (page, watch):
        expected = RAW[name][1]
        page.goto(f"{site.base}/without/{name}", wait_until="commit")
        if expected == "ran":
            page.wait_for_load_state("load")  # the others may never be done
        if expected == "ran":
            assert provoke(page)
            return
        while expected not in watch.faults:
            page.wait_for_timeout(10)  # the test's own timeout ends this


@pytest.mark.parametrize("name", ["raw-script", "raw-event", "raw-picture", "raw-style"])
def test_the_policy_alone_stops_them_too(chromium: Browser, site: Site, name: str) -> None:
    with opened(chromium, site) as (page, watch):
        page.goto(f"{site.base}/with/{name}")
        assert not provoke(page)
        assert any("Content Security Policy" in fault for fault in watch.faults)
