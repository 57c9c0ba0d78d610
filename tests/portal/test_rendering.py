"""Templates: escaped, nothing undefined, icons drawn once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from jinja2 import DictLoader, UndefinedError
from markupsafe import Markup

from carnet.portal.assets import Assets
from carnet.portal.manner import Manner
from carnet.portal.rendering import Renderer

NOW = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)  # already the 19th in Paris


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets()


def written(assets: Assets, template: str, manner: Manner | None = None, **values: Any) -> str:
    renderer = Renderer(assets, "/dmp")
    renderer.environment.loader = DictLoader({"page": template, "macros": MACROS})
    return bytes(renderer.page("page", manner or Manner(), NOW, values).body).decode()


MACROS = "{% macro row(item) %}{{ icon('flask-conical') }}{{ item.at | when }}{% endmacro %}"


def test_what_people_write_is_escaped(assets: Assets) -> None:
    evil = "<script>alert(1)</script>"
    assert "<script>" not in written(assets, "{{ x }}{{ _('%(x)s', x=x) }}", x=evil)
    assert "<script>" not in written(assets, "{{ x | when }}{{ x | number }}", x=evil)
    assert "<b>" in written(assets, "{{ x }}", x=Markup("<b>"))


def test_a_name_that_is_not_there_is_an_error(assets: Assets) -> None:
    for template in ("{{ nothing }}", "{% if nothing %}{% endif %}", "{{ item.nothing }}"):
        with pytest.raises(UndefinedError):
            written(assets, template, item={})


def test_a_member_that_a_value_lacks_counts_as_false(assets: Assets) -> None:
    assert written(assets, "{% if item.current %}yes{% else %}no{% endif %}", item={}) == "no"


def test_components_know_the_day_the_language_and_the_icons(assets: Assets) -> None:
    page = "{% from 'macros' import row %}{{ row(item) }}{{ icon_symbols() }}"
    text = written(assets, page, Manner(language="en"), item={"at": "2026-11-18"})
    assert ">yesterday</time>" in text
    assert text.count('<symbol id="icon-flask-conical"') == 1


def test_an_icon_is_drawn_once_and_named_only_where_no_word_stands(assets: Assets) -> None:
    text = written(assets, "{{ icon('eye') }}{{ icon('eye', 'Vu \"ici\"') }}{{ icon_symbols() }}")
    assert text.count("<symbol ") == 1
    assert text.count('<use href="#icon-eye"/>') == 2
    assert 'aria-hidden="true"><use' in text
    assert 'role="img" aria-label="Vu &#34;ici&#34;"' in text
    assert written(assets, "{{ icon_symbols() }}") == ""


def test_an_icon_or_a_file_that_is_none_is_an_error(assets: Assets) -> None:
    for template in ("{{ icon('licorne') }}", "{{ asset('js/licorne.js') }}"):
        with pytest.raises(KeyError):
            written(assets, template)


def test_addresses_begin_where_the_portals_are(assets: Assets) -> None:
    text = written(assets, "{{ link('/affichage') }} {{ asset('carnet.css') }}")
    assert text == f"/dmp/affichage /dmp/static/{assets.hash}/carnet.css"
