"""Pages that everybody can open: good at every width, for the keyboard, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.portal.checks import assert_good, assert_keyboard_reaches_all
from tests.portal.conftest import Visit, Watch
from tools.screens import take

PAGES = ("/", "/affichage", "/affichage?enregistre", "/accessibilite")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_good(visit: Visit, path: str) -> None:
    page = visit(path)
    assert_good(page)
    assert_keyboard_reaches_all(page)


@pytest.mark.parametrize("path", ["/", "/affichage", "/accessibilite"])
def test_a_page_is_good_in_the_dark_and_in_english(visit: Visit, path: str) -> None:
    page = visit(path, theme="dark", lang="en")
    assert_good(page)


def test_a_page_that_is_not_there_is_good_too(visit: Visit, watch: Watch) -> None:
    watch.expected.append("404")
    page = visit("/nulle-part")
    assert_good(page)
    page.get_by_role("link", name="Aller à l’accueil").click()
    expect(page).to_have_url(re.compile(r"/$"))


def test_the_first_key_leads_past_what_comes_before_the_page(visit: Visit) -> None:
    page = visit("/accessibilite")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_theme_follows_the_device_until_somebody_chooses(visit: Visit) -> None:
    page = visit("/")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(ground)
    assert light != dark
    page.goto("/affichage")
    page.get_by_label("Claire").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("C’est enregistré")).to_be_visible()
    assert page.evaluate(ground) == light


def test_pictures_of_pages_can_be_taken(chromium: Browser, site: str, tmp_path: Path) -> None:
    written = take(chromium, site, {"home": "/"}, tmp_path)
    assert [file.name for file in written] == [
        "home-1280.png",
        "home-1280-dark.png",
        "home-360.png",
        "home-360-dark.png",
    ]
    assert written[0].read_bytes() != written[1].read_bytes()
