"""Small invented documents, and what their HTML says."""

from __future__ import annotations

from typing import Any

from lxml import html as lxml_html

from carnet.formats.cda.html import CdaReading, Narrative, read_html
from tests.formats.cda.minimal import structured

FILES = "/documents/1/files/"


def section(text: str, title: str = "Titre") -> str:
    """One section of a body."""
    return f"<component><section><title>{title}</title><text>{text}</text></section></component>"


def reading(text: str, **options: Any) -> CdaReading:
    """A document whose only section says this."""
    return read_html(structured(section(text)), media=FILES, **options)


def narrative(text: str, **options: Any) -> Narrative:
    """The narrative of a document whose only section says this."""
    made = reading(text, **options).narrative
    assert made is not None
    return made


def inside(text: str, **options: Any) -> str:
    """The HTML of that section's text alone."""
    html = narrative(text, **options).html
    start = html.index('<div class="cda-text">') + len('<div class="cda-text">')
    return html[start : html.rindex("</div></section>")]


def words(html: str) -> str:
    """What a person reads in the HTML, white space as one blank."""
    return " ".join(lxml_html.fromstring(f"<div>{html}</div>").text_content().split())
