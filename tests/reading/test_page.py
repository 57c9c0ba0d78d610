"""Documents in the reader of the portal, in a real browser: legible, reachable, as they are."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.corpus import corpus_folder
from tests.formats.cda.html.test_files import document, media
from tests.portal.checks import assert_accessible, assert_fits
from tests.reading import samples
from tests.reading.attacks.site import Site
from tests.reading.attacks.watch import NOWHERE, Watch
from tests.reading.test_reader import level_1

_SAMPLES = (
    "BIO-CR-BIO_2024.01_Electrophorese.xml",
    "CANCER-PPS_2022.01_feuille-de-style-externe.xml",
    "VSM_1.4_2022.01.xml",
    "CSE-CS24_2025.01.xml",
    "DLU-EHPAD-DLU_2022.01.xml",
    "CARD-F-PRC-DCI_2022.01.xml",
    "OPH-CR-RTN_2022.01.xml",
)
_PAGES = [f"Page numéro {number}" for number in range(1, 31)]


def _wide_table() -> bytes:
    heads = "".join(f"<th>Colonne {n}</th>" for n in range(12))
    cells = "".join(f"<td>valeur {n}</td>" for n in range(12))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"
    picture = base64.b64encode(samples.picture("PNG", (900, 300))).decode()
    return document(
        f'{table}<renderMultiMedia referencedObject="a"/><content ID="ici">ici</content>',
        media("a", value=picture),
    )


def _documents() -> dict[str, bytes]:
    folder: Path = corpus_folder()
    return {
        **{name.partition(".")[0]: (folder / name).read_bytes() for name in _SAMPLES},
        "wide": _wide_table(),
        "pdf": level_1(samples.pdf(*_PAGES), "application/pdf"),
        "hostile": level_1(samples.hostile_pdf(), "application/pdf"),
        "tiff": level_1(samples.tiff(3), "image/tiff"),
        "photograph": level_1(samples.photograph(), "image/jpeg"),
        "text": level_1(("mot " * 400 + "\n").encode() * 20, "text/plain"),
        "locked": level_1(samples.pdf_locked(), "application/pdf"),
    }


@pytest.fixture(scope="module")
def shelf() -> Iterator[Site]:
    made = Site(_documents(), {})
    yield made
    made.close()


@pytest.fixture
def page(chromium: Browser, shelf: Site) -> Iterator[Page]:
    with _context(chromium, shelf, scripts=True) as page:
        yield page


@contextmanager
def _context(chromium: Browser, shelf: Site, *, scripts: bool) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=shelf.base,
        locale="fr-FR",
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
        proxy=NOWHERE,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(20_000)
    watch = Watch(context, shelf.base)
    page = context.new_page()
    watch.follow(page)
    yield page
    context.close()
    assert not watch.faults


def _drawn(page: Page, number: int) -> None:
    expect(page.locator(f"[id='page={number}'][data-drawn]")).to_be_visible()


@pytest.mark.parametrize("name", sorted({*_documents(), "wide"}))
def test_a_document_is_accessible_and_fits_every_width(page: Page, name: str) -> None:
    page.goto(f"/with/{name}")
    if name in ("pdf", "hostile"):
        _drawn(page, 1)
    assert_accessible(page)
    page.locator("summary").click()
    assert_accessible(page)
    assert_fits(page)


def test_a_wide_table_is_a_list_on_a_phone_and_moves_by_keyboard_elsewhere(page: Page) -> None:
    page.goto("/with/wide")
    frame = page.locator(".cda-table")
    assert frame.get_attribute("tabindex") is None
    page.set_viewport_size({"width": 700, "height": 800})
    expect(frame).to_have_attribute("tabindex", "0")
    page.set_viewport_size({"width": 360, "height": 800})
    expect(frame).not_to_have_attribute("tabindex", "0")
    cell = page.get_by_role("cell", name="valeur 11")
    label = cell.evaluate("node => getComputedStyle(node, '::before').content")
    assert label == '"Colonne 11"'


def test_a_fact_leads_to_the_words_that_say_it(page: Page) -> None:
    page.goto("/with/wide#doc-i-ici")
    expect(page.locator(":target")).to_have_text("ici")


def test_a_picture_inside_a_document_is_shown(page: Page) -> None:
    page.goto("/with/wide")
    picture = page.locator(".cda-image")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.cda-image').naturalWidth === 900")


def test_pages_are_drawn_when_they_come_near_and_dropped_when_far(page: Page) -> None:
    page.goto("/with/pdf")
    _drawn(page, 1)
    assert page.locator(".pages > section").count() == 30
    assert page.locator(".pages canvas").count() < 10
    page.goto("/with/pdf#page=20")
    _drawn(page, 20)
    assert page.evaluate("() => document.activeElement.id") == "page=20"
    expect(page.locator("[id='page=1'] canvas")).to_have_count(0)


def test_text_of_a_page_can_be_selected_where_it_stands(page: Page) -> None:
    page.goto("/with/pdf#page=3")
    _drawn(page, 3)
    words = page.locator("[id='page=3'] .layer span", has_text="Page numéro 3")
    box = words.bounding_box()
    sheet = page.locator("[id='page=3']").bounding_box()
    assert box is not None
    assert sheet is not None
    assert (box["x"] - sheet["x"]) / sheet["width"] == pytest.approx(0.1, abs=0.02)
    assert (box["y"] - sheet["y"]) / sheet["height"] == pytest.approx(1 - 362 / 400, abs=0.03)
    words.select_text()
    assert page.evaluate("() => String(getSelection())").strip() == "Page numéro 3"


def test_a_page_is_reached_by_its_number(page: Page) -> None:
    page.goto("/with/pdf")
    _drawn(page, 1)
    page.get_by_label("Aller à la page").fill("12")
    page.get_by_role("button", name="Aller").click()
    _drawn(page, 12)
    assert page.url.endswith("#page=12")


def test_a_link_inside_a_pdf_leads_to_its_page(page: Page) -> None:
    page.goto("/with/hostile")
    _drawn(page, 1)
    page.get_by_role("link", name="Page 2 sur 2").click()
    assert page.url.endswith("#page=2")


def test_a_pdf_that_acts_says_what_is_not_shown(page: Page) -> None:
    page.goto("/with/hostile")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("commandes automatiques. Carnet ne les exécute pas")


def test_pages_of_a_fax_are_pictures(page: Page) -> None:
    page.goto("/with/tiff")
    assert page.locator(".pictures img").count() == 3
    page.wait_for_function(
        "() => [...document.querySelectorAll('.pictures img')].every(each => each.naturalWidth)"
    )


def test_what_cannot_be_shown_says_why_and_offers_the_original(page: Page) -> None:
    page.goto("/with/locked")
    expect(page.locator(".notice")).to_contain_text("protégé par un mot de passe")
    link = page.get_by_role("link", name="Document d’origine")
    assert link.get_attribute("href") == "/original/locked"


def test_without_scripts_the_pages_are_pictures(chromium: Browser, shelf: Site) -> None:
    with _context(chromium, shelf, scripts=False) as page:
        page.goto("/with/pdf")
        expect(page.locator("noscript .pictures img")).to_have_count(10)
        expect(page.locator("noscript .reader-more a")).to_have_count(20)
