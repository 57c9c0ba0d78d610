"""Every public sample as HTML: all its words, nothing else, and no fault in its structure."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree, html

from carnet.formats.cda.html import html_id, read_html
from tests.corpus import corpus_files
from tests.formats.cda.html.told import FILES

_NARRATIVE = "{urn:hl7-org:v3}"


def _said(element: etree._Element) -> str:
    """The characters of a narrative without its white space."""
    parts = [str(part) for part in element.xpath(".//text()")]
    return "".join("".join(parts).split())


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: path.name)
def test_the_words_of_a_sample_are_all_there_in_their_order(path: Path) -> None:
    made = read_html(path.read_bytes(), media=FILES).narrative
    tree = etree.fromstring(path.read_bytes())
    texts = [
        text
        for text in tree.iter(f"{_NARRATIVE}text")
        if text.getparent() is not None and text.getparent().tag == f"{_NARRATIVE}section"  # type: ignore[union-attr]
    ]
    if made is None:
        assert not texts
        return
    root = html.fromstring(f"<div>{made.html}</div>")
    for added in root.xpath(
        './/*[@class="cda-address" or @class="cda-attachment" or @class="cda-missing"]'
    ):
        added.drop_tree()
    shown = list(root.xpath('.//div[@class="cda-text"]'))
    assert [_said(each) for each in shown] == [_said(each) for each in texts]


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: path.name)
def test_every_id_of_the_narrative_is_found_once(path: Path) -> None:
    made = read_html(path.read_bytes(), media=FILES).narrative
    if made is None:
        return
    root = html.fromstring(f"<div>{made.html}</div>")
    ids = [str(each) for each in root.xpath(".//@id")]
    assert len(ids) == len(set(ids))
    tree = etree.fromstring(path.read_bytes())
    given = {
        str(element.get("ID"))
        for text in tree.iter(f"{_NARRATIVE}text")
        if text.getparent().tag == f"{_NARRATIVE}section"  # type: ignore[union-attr]
        for element in text.iter()
        if element.get("ID")
    }
    assert {html_id(each) for each in given} <= set(ids)
