"""The pictures in a browser, under the policy of the portals: nothing refused, nothing too wide.

The page is no page of the portal: it is made of every picture in every state and answered inside
the browser, with the portal's own styles and headers.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from carnet.portal import charts
from carnet.portal.assets import HERE
from carnet.portal.explained import Explainer
from carnet.portal.headers import ALWAYS
from carnet.portal.words import speaking
from tests.portal.charts.samples import environment, macro, page
from tests.portal.checks import assert_accessible, assert_fits, assert_keyboard_reaches_all
from tests.portal.conftest import Watch, new_context

BASE = "http://localhost:9"  # the name alone is trusted; nothing listens there
FORM = """<!doctype html><html lang="{lang}" data-theme="{theme}" data-density="calm">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Images</title><link rel="stylesheet" href="/carnet.css">
<body><main>{body}</main></body></html>"""


def answer(route: Route) -> None:
    """The page, its styles, their fonts."""
    url = urlsplit(route.request.url)
    name = url.path.removeprefix("/")
    if name == "carnet.css":
        parts = [
            path.read_text(encoding="utf-8")
            for path in sorted((HERE / "static/css").rglob("*.css"))
        ]
        route.fulfill(body="\n".join(parts), content_type="text/css", headers=dict(ALWAYS))
    elif name.startswith("vendor/") and (HERE / name).is_file():
        route.fulfill(path=HERE / name, headers=dict(ALWAYS))
    elif name in ("fr", "en"):
        with speaking("en" if name == "en" else "fr"):
            body = page(environment(), charts.ambient())
        html = FORM.format(lang=name, theme=url.query or "light", body=body)
        route.fulfill(body=html, content_type="text/html", headers=dict(ALWAYS))
    else:
        route.fulfill(status=404)


@pytest.fixture
def pictures(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser in which the page can be opened; what it complains of fails the test."""
    context = new_context(chromium, BASE)
    context.route("**/*", answer)
    watch = Watch(context, BASE)
    watch.expected.append("404")  # the icon that browsers ask for
    yield context
    context.close()
    watch.check()


def opened(context: BrowserContext, address: str) -> Page:
    tab = context.new_page()
    tab.goto(address)
    return tab


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_picture(pictures: BrowserContext, lang: str, theme: str) -> None:
    tab = opened(pictures, f"/{lang}?{theme}")
    for width in (1280, 360):
        tab.set_viewport_size({"width": width, "height": 800})
        assert_accessible(tab)
    tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert_accessible(tab)


def test_pictures_fit_every_width(pictures: BrowserContext) -> None:
    tab = opened(pictures, "/fr")
    assert_fits(tab)


def test_the_keyboard_reaches_every_link_of_a_picture(pictures: BrowserContext) -> None:
    assert_keyboard_reaches_all(opened(pictures, "/fr"))


def test_links_of_a_picture_are_large_enough(pictures: BrowserContext) -> None:
    tab = opened(pictures, "/fr")
    tab.set_viewport_size({"width": 360, "height": 800})
    sizes = tab.evaluate(
        """() => [...document.querySelectorAll("svg a")].map(link => {
          const box = link.getBoundingClientRect(); return [box.width, box.height]; })"""
    )
    assert len(sizes) > 10
    assert all(width >= 24 and height >= 24 for width, height in sizes), sizes


def test_text_of_a_picture_keeps_its_size(pictures: BrowserContext) -> None:
    tab = opened(pictures, "/fr")
    heights = []
    for width in (320, 2560):
        tab.set_viewport_size({"width": width, "height": 800})
        heights.append(
            tab.evaluate(
                "() => document.querySelector('.chart-tick').getBoundingClientRect().height"
            )
        )
    assert heights[0] == heights[1]


def test_a_picture_has_no_style_and_no_script() -> None:
    written = page(environment(), charts.ambient())
    assert " style=" not in written
    assert "<script" not in written
    assert "<style" not in written


def test_a_hostile_name_stays_a_name() -> None:
    env = environment()
    name = '"><script>alert(1)</script>'
    point = charts.Point("2026-11-18", "5", name, "4", "6", interpretation=name, bounds=name)
    written = [
        macro(env, "sparkline", "sparkline", charts.sparkline(name, [point])),
        macro(env, "range", "range_bar", charts.range_bar(name, point)),
        macro(env, "trend", "trend", charts.trend(name, [point]), "a"),
        macro(env, "pressure", "pressure", charts.pressure(name, [charts.Pressure(point)]), "b"),
    ]
    assert all("<script" not in each for each in written)


def test_an_explained_word_opens_by_the_keyboard(chromium: Browser) -> None:
    word = environment().get_template("components/word.html").module.word  # type: ignore[attr-defined]  # a macro
    tab = chromium.new_page()
    tab.set_content(f"<p>{Explainer(word).text('Une IRM du genou', 'w')}</p>")
    tab.keyboard.press("Tab")
    assert not tab.locator("#w-1").is_visible()
    tab.keyboard.press("Enter")
    assert tab.locator("#w-1").is_visible()
    tab.keyboard.press("Escape")
    assert not tab.locator("#w-1").is_visible()
    assert "popover" not in tab.locator("p").inner_text()
    tab.close()
