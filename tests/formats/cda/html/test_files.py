"""Files inside a CDA: what the narrative shows in its place, and their bytes by number."""

from __future__ import annotations

import base64

import pytest

from carnet.formats.cda.html import embedded, read_html
from carnet.record.errors import CarnetError
from tests.formats.cda.html.told import FILES, section
from tests.formats.cda.minimal import changed, structured

_DATA = base64.b64encode(b"points").decode()


def media(identifier: str, media_type: str = "image/png", value: str = _DATA) -> str:
    return (
        f'<entry><observationMedia ID="{identifier}" classCode="OBS" moodCode="EVN">'
        f'<value mediaType="{media_type}" representation="B64">{value}</value>'
        "</observationMedia></entry>"
    )


def document(text: str, *entries: str) -> bytes:
    made = section(text).replace("</section>", "".join(entries) + "</section>")
    return structured(made)


def test_a_picture_stands_in_its_place_and_other_files_are_links() -> None:
    data = document(
        '<renderMultiMedia referencedObject="a b"><caption>Deux</caption></renderMultiMedia>',
        media("a"),
        media("b", "application/pdf"),
    )
    made = read_html(data, media=FILES)
    assert made.narrative is not None
    assert (
        '<span class="cda-media"><img class="cda-image" alt="" loading="lazy" '
        f'src="{FILES}1"> <a class="cda-attachment" href="{FILES}2" '
        'rel="noopener noreferrer">b (PDF)</a><span class="cda-caption">Deux</span></span>'
    ) in made.narrative.html
    assert [(f.number, f.name, f.media_type, f.shown) for f in made.attachments] == [
        (1, "a", "image/png", True),
        (2, "b", "application/pdf", True),
    ]


def test_without_an_address_for_files_they_are_only_named() -> None:
    made = read_html(document('<renderMultiMedia referencedObject="a"/>', media("a")))
    assert made.narrative is not None
    assert '<span class="cda-attachment">a (PNG)</span>' in made.narrative.html


def test_what_is_pointed_at_and_is_not_there_is_named() -> None:
    made = read_html(document('<renderMultiMedia referencedObject="x"/>'), media=FILES)
    assert made.narrative is not None
    assert '<span class="cda-missing">[x]</span>' in made.narrative.html


def test_a_file_that_no_words_point_at_is_listed_all_the_same() -> None:
    made = read_html(document("rien", media("a")), media=FILES)
    assert [(f.name, f.shown) for f in made.attachments] == [("a", False)]


def test_a_region_of_interest_stands_for_the_picture_inside_it() -> None:
    region = '<entry><regionOfInterest ID="r"><entryRelationship>{}</entryRelationship>'
    entry = region.format(media("p").removeprefix("<entry>").removesuffix("</entry>"))
    made = read_html(
        document('<renderMultiMedia referencedObject="r"/>', entry + "</regionOfInterest></entry>"),
        media=FILES,
    )
    assert made.narrative is not None
    assert f'src="{FILES}1"' in made.narrative.html


def test_a_file_elsewhere_is_named_and_never_loaded() -> None:
    entry = (
        '<entry><observationMedia ID="a"><value mediaType="image/png">'
        '<reference value="https://exemple.fr/a.png"/></value></observationMedia></entry>'
    )
    data = document('<renderMultiMedia referencedObject="a"/>', entry)
    made = read_html(data, media=FILES)
    assert made.narrative is not None
    assert "exemple.fr" not in made.narrative.html
    assert made.attachments[0].address == "https://exemple.fr/a.png"
    with pytest.raises(CarnetError) as caught:
        embedded(data, 1)
    assert caught.value.code == "reading-file-absent"


def test_the_bytes_of_a_file_by_its_number() -> None:
    data = document("x", media("a"), media("b", "text/plain", "w6k=\n"))
    found, content = embedded(data, 2)
    assert (found.name, content) == ("b", b"\xc3\xa9")
    assert embedded(data, 1)[1] == b"points"


def test_the_body_of_level_1_is_number_0() -> None:
    found, content = embedded(changed(), 0)
    assert found.media_type == "application/pdf"
    assert content == b"%PDF-1.4 invented"


def test_a_number_that_is_none_and_base64_that_is_none_are_refused() -> None:
    data = document("x", media("a", value="*"))
    for number, code in ((0, "reading-file-absent"), (2, "reading-file-absent"),
                         (1, "base64-malformed")):  # fmt: skip
        with pytest.raises(CarnetError) as caught:
            embedded(data, number)
        assert caught.value.code == code
