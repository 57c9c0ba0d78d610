"""The page of all components, which is also what others are made of."""

from __future__ import annotations

from itertools import cycle

import pytest

from carnet.portal.pages.design import EXAMPLES
from tests.portal.checks import (
    assert_accessible,
    assert_fits,
    assert_good,
    assert_keyboard_reaches_all,
)
from tests.portal.conftest import Visit

# Every theme with every density and every language, and every density with every language.
MANNERS = (
    ("light", "calm", "fr"),
    ("light", "dense", "en"),
    ("dark", "calm", "en"),
    ("dark", "dense", "fr"),
)


@pytest.mark.parametrize(("theme", "density", "lang"), MANNERS)
def test_axe_finds_nothing_in_any_component(
    visit: Visit, theme: str, density: str, lang: str
) -> None:
    page = visit("/design", theme=theme, density=density, lang=lang)
    assert page.locator("html").get_attribute("lang") == lang
    assert_accessible(page)


@pytest.mark.parametrize(
    ("name", "theme"), list(zip(EXAMPLES, cycle(("light", "dark")), strict=False))
)
def test_a_page_composed_of_them_is_good(visit: Visit, name: str, theme: str) -> None:
    page = visit(f"/design/exemples/{name}", theme=theme)
    assert_good(page)
    assert_keyboard_reaches_all(page)


@pytest.mark.parametrize("density", ["calm", "dense"])
def test_components_fit_every_width(visit: Visit, density: str) -> None:
    assert_fits(visit("/design", density=density))


def test_the_keyboard_reaches_every_component(visit: Visit) -> None:
    assert_keyboard_reaches_all(visit("/design"))
