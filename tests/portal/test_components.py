"""Components say in words what they show, escape what they are given, are on the design page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from jinja2 import BaseLoader, ChoiceLoader, DictLoader
from lxml import html

from carnet import portal
from carnet.portal.assets import Assets
from carnet.portal.manner import Manner
from carnet.portal.rendering import Renderer

TEMPLATES = Path(portal.__file__).parent / "templates"
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"
Write = Callable[..., html.HtmlElement]
LETTER = {"href": "/d/1", "title": "Lettre", "sign": "mail", "when": "14 novembre"}


def _written(assets: Assets, call: str, **values: Any) -> html.HtmlElement:
    renderer = Renderer(assets)
    own = renderer.environment.loader
    assert isinstance(own, BaseLoader)
    renderer.environment.loader = ChoiceLoader([DictLoader({"page": call}), own])
    body = renderer.page("page", Manner(), NOW, values).body
    return html.fragment_fromstring(bytes(body).decode(), create_parent="main")


@pytest.fixture(scope="module")
def write() -> Write:
    return partial(_written, Assets())


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_an_unread_document_says_so_beside_its_dot(write: Write) -> None:
    call = "{% from 'components/doc.html' import doc %}{{ doc(d) }}"
    unread = write(call, d=LETTER | {"unread": True})
    assert words(unread).startswith("Non lu : Lettre")
    assert unread.cssselect(".dot")
    read = write(call, d=LETTER)
    assert "Non lu" not in words(read)
    assert not read.cssselect(".dot")


def test_every_state_of_a_document_is_a_word_and_an_icon(write: Write) -> None:
    source = (TEMPLATES / "components" / "tag.html").read_text(encoding="utf-8")
    block = source[source.index("macro state") : source.index("{{ tag(*states")]
    names = re.findall(r'^  "([a-z-]+)":', block, re.MULTILINE)
    assert len(names) > 10
    for name in names:
        call = "{% from 'components/tag.html' import state %}{{ state(name) }}"
        shown = write(call, name=name)
        assert words(shown)
        assert shown.cssselect("svg")


def test_a_mark_of_the_laboratory_is_said_and_normal_says_nothing(write: Write) -> None:
    call = "{% from 'components/tag.html' import reported %}{{ reported(code) }}"
    assert words(write(call, code="H")) == "au-dessus"
    assert words(write(call, code="signalé par téléphone")) == "signalé par téléphone"
    assert words(write(call, code="N")) == words(write(call, code="")) == ""


def test_allergies_are_red_only_where_there_are_some(write: Write) -> None:
    call = (
        "{% from 'components/fact.html' import facts %}"
        "{{ facts('Allergies', items, danger=true, empty='Aucun document n’en parle.') }}"
    )
    assert write(call, items=[{"what": "Latex"}]).cssselect(".danger")
    none = write(call, items=[])
    assert not none.cssselect(".danger")
    assert "Aucun document n’en parle." in words(none)


def test_a_disabled_link_leads_nowhere(write: Write) -> None:
    call = "{% from 'components/button.html' import button %}{{ button('x', '/x', disabled=d) }}"
    assert write(call, d=False).cssselect("a[href='/x']")
    disabled = write(call, d=True)
    assert disabled.cssselect("a[aria-disabled='true']")
    assert not disabled.cssselect("[href]")


def test_an_error_is_tied_to_its_field_and_begins_with_the_word(write: Write) -> None:
    call = "{% from 'components/field.html' import field %}{{ field('a', 'A', error='Vide.') }}"
    shown = write(call)
    (box,) = shown.cssselect("input")
    assert box.get("aria-invalid") == "true"
    assert words(shown.get_element_by_id(box.get("aria-describedby", ""))) == "Erreur : Vide."


def test_cells_of_a_table_know_their_column(write: Write) -> None:
    call = "{% from 'components/table.html' import table %}{{ table('T', columns, rows) }}"
    shown = write(call, columns=[{"label": "Nom"}, {"label": "Valeur"}], rows=[["HbA1c", "7,1 %"]])
    (cell,) = shown.cssselect("td")
    assert cell.get("data-label") == "Valeur"
    assert words(shown.cssselect("tbody th")[0]) == "HbA1c"


_GIVEN = {
    "doc.html doc": "{'href': x, 'title': x, 'say': x, 'who': x, 'when': x, 'sign': 'mail'}",
    "fact.html facts": "x, [{'what': x, 'aside': x, 'said': x, 'source': x, 'codes': [(x, x)]}]",
    "result.html results": "x, [{'name': x, 'value': x, 'mark': x, 'bounds': x, 'since': x}]",
    "history.html history": "[{'words': x, 'detail': x}]",
    "sentence.html sentence": "x, x",
    "word.html word": "x, x, x, x",
    "field.html field": "x, x, value=x, help=x, error=x",
    "shell.html person": "{'initials': x, 'name': x, 'note': x, 'address': x}",
    "shell.html tabs": "[{'label': x, 'address': x, 'close': x}]",
    "error.html failure": "x, x, x, x, x, x",
    "error.html summary": "[(x, x)]",
    "tag.html tag": "x",
}


@pytest.mark.parametrize("macro", _GIVEN)
def test_what_components_are_given_is_escaped(write: Write, macro: str) -> None:
    file, name = macro.split()
    call = f"{{% from 'components/{file}' import {name} %}}{{{{ {name}({_GIVEN[macro]}) }}}}"
    shown = write(call, x=EVIL)
    assert not shown.cssselect("script")
    assert EVIL in shown.text_content()


def test_every_component_is_on_the_design_page() -> None:
    shown = "".join(
        path.read_text(encoding="utf-8") for path in (TEMPLATES / "design").rglob("*.html")
    )
    parts = {"components/reader_header.html"}  # of the reader
    every = {f"components/{path.name}" for path in (TEMPLATES / "components").glob("*.html")}
    missing = {name for name in every - parts if f'"{name}"' not in shown}
    assert not missing


def test_no_template_holds_a_style_or_a_script_of_its_own() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"\sstyle=|<\w[^<>{]*\son[a-z]+=|<style|javascript:", text), path
        assert not re.search(r"<script(?![^>]* src=)", text), path
