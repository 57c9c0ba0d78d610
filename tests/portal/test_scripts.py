"""What scripts add to pages, in a real browser and under the real policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.portal.conftest import Visit, Watch

WORD = (
    '<p><button class="word" type="button" popovertarget="m" data-word>HbA1c</button>'
    '<span class="meaning" id="m" popover>Le sucre des trois derniers mois</span></p>'
)
OUT_OF_REACH = (5, 795)


def with_more(context: BrowserContext, markup: str) -> None:
    """Every page of the context carries more markup, as a component would bring it."""

    def answer(route: Route) -> None:
        got = route.fetch()
        body = got.text().replace("<main ", markup + "<main ", 1)
        route.fulfill(response=got, body=body)

    context.route("**/accessibilite", answer)


@pytest.fixture
def page(visit: Visit, context: BrowserContext, request: pytest.FixtureRequest) -> Page:
    """The page of the statement, with the markup that a test is about."""
    with_more(context, request.param)
    return visit("/accessibilite")


@pytest.mark.parametrize("page", [WORD], indirect=True)
def test_an_explanation_comes_by_hovering_and_stays_while_it_is_hovered(page: Page) -> None:
    meaning = page.locator("#m")
    expect(meaning).to_be_hidden()
    page.locator("[data-word]").hover()
    expect(meaning).to_be_visible()
    meaning.hover()
    expect(meaning).to_be_visible()
    page.mouse.move(*OUT_OF_REACH)
    expect(meaning).to_be_hidden()


@pytest.mark.parametrize("page", [WORD], indirect=True)
def test_an_explanation_comes_with_the_focus_and_goes_with_escape(page: Page) -> None:
    word, meaning = page.locator("[data-word]"), page.locator("#m")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(word).to_be_focused()
    expect(meaning).to_be_visible()
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(word).to_be_focused()


@pytest.mark.parametrize("page", [WORD], indirect=True)
def test_escape_ends_an_explanation_under_a_pointer_that_does_not_move(page: Page) -> None:
    page.locator("[data-word]").hover()
    expect(page.locator("#m")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#m")).to_be_hidden()


DIALOG = (
    '<p><a href="/nulle-part" data-dialog="d">Supprimer</a></p>'
    '<dialog id="d" aria-labelledby="t"><h2 id="t">Supprimer ?</h2>'
    '<form method="dialog"><button>Fermer</button></form></dialog>'
)


@pytest.mark.parametrize("page", [DIALOG], indirect=True)
def test_a_link_to_a_question_opens_it_here_and_focus_comes_back(page: Page) -> None:
    link = page.get_by_role("link", name="Supprimer")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Supprimer ?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()
    assert page.url.endswith("/accessibilite")


KEYS = (
    '<p><a href="#page" data-key="n">Suivant</a> '
    '<label>Chercher <input data-key="/" name="q"></label></p>'
)


@pytest.mark.parametrize("page", [KEYS], indirect=True)
def test_one_key_acts_but_not_while_somebody_writes(page: Page) -> None:
    page.keyboard.press("/")
    field = page.get_by_label("Chercher")
    expect(field).to_be_focused()
    page.keyboard.type("n/n")
    expect(field).to_have_value("n/n")
    assert "#" not in page.url
    field.blur()
    page.keyboard.press("Control+n")
    assert "#" not in page.url
    page.keyboard.press("n")
    assert page.url.endswith("#page")


def test_keys_do_nothing_once_they_are_switched_off(visit: Visit, context: BrowserContext) -> None:
    settings = visit("/affichage")
    settings.get_by_label("Désactivés").check()
    settings.get_by_role("button", name="Enregistrer").click()
    expect(settings.get_by_text("C’est enregistré")).to_be_visible()
    with_more(context, KEYS)
    page = visit("/accessibilite")
    page.keyboard.press("n")
    page.keyboard.press("/")
    assert "#" not in page.url
    expect(page.get_by_label("Chercher")).not_to_be_focused()


def session(seconds: float) -> str:
    ends = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    return (
        f'<template data-session-ends="{ends}" data-session-warns="120"><div role="alert">'
        "<p>Votre session finit bientôt</p>"
        '<form method="post" action="/session"><button>Rester</button></form></div></template>'
    )


def test_the_end_of_a_session_is_announced_and_put_off(
    visit: Visit, context: BrowserContext
) -> None:
    with_more(context, session(60))
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    context.route(
        "**/session", lambda route: route.fulfill(status=204, headers={"Session-Ends": later})
    )
    page = visit("/accessibilite")
    expect(page.get_by_role("alert")).to_contain_text("Votre session finit bientôt")
    page.get_by_role("button", name="Rester").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert page.url.endswith("/accessibilite")


def test_an_end_that_is_far_is_not_announced(visit: Visit, context: BrowserContext) -> None:
    with_more(context, session(3600))
    page = visit("/accessibilite")
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_at_the_end_of_a_session_nothing_private_stays(
    visit: Visit, context: BrowserContext
) -> None:
    with_more(context, session(1.5))
    page = visit("/accessibilite")
    expect(page.get_by_role("alert")).to_be_visible()
    context.unroute("**/accessibilite")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_where_a_session_cannot_be_put_off_the_server_says_why(
    visit: Visit, context: BrowserContext, watch: Watch
) -> None:
    watch.expected.append("404")
    with_more(context, session(60))
    page = visit("/accessibilite")
    page.get_by_role("button", name="Rester").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cette page n’existe pas")


def test_pages_answer_without_scripts(page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto("/affichage")
    page.get_by_label("Sombre").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_part_that_htmx_asks_for_is_swapped_in_and_events_arrive(
    live_page: Page,
) -> None:
    live_page.get_by_role("button", name="Demander").click()
    expect(live_page.locator("#asked")).to_have_text("Une partie")
    expect(live_page.locator("#heard")).to_contain_text("Document 2")
