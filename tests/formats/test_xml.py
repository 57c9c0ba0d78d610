"""Hostile and broken XML: a precise refusal each time, never another exception, never a wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.xml import PIECE, SafeXmlReader, XmlLimits
from carnet.record.catalogue import CATALOGUE
from carnet.record.errors import CarnetError


class Events:
    """Keeps what a reader hands out."""

    def __init__(self, limits: XmlLimits | None = None) -> None:
        self.seen: list[str] = []
        self.reader = SafeXmlReader(self._start, self._end, limits or XmlLimits())
        self.reader.on_text = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.seen.append(f"<{name} {sorted(attributes.items())}>")

    def _end(self, name: str) -> None:
        self.seen.append(f"</{name}>")

    def _text(self, text: str) -> None:
        self.seen.append(text)

    def read(self, data: bytes, step: int | None = None) -> list[str]:
        for start in range(0, len(data), step or max(1, len(data))):
            self.reader.feed(data[start : start + (step or len(data))])
        self.reader.close()
        return self.seen


def refusal(data: bytes, limits: XmlLimits | None = None) -> CarnetError:
    with pytest.raises(CarnetError) as caught:
        Events(limits).read(data)
    assert caught.value.code in CATALOGUE
    return caught.value


BOMB = b"""<!DOCTYPE a [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaa">%s]><a>&z;</a>""" % b"".join(
    b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 50) for i in range(25)
)

REFUSED = {
    "nothing": (b"", "xml-truncated"),
    "blanks only": (b"  \n ", "xml-truncated"),
    "text without element": (b"hello", "xml-malformed"),
    "cut in text": (b"<a>text", "xml-truncated"),
    "cut in a tag": (b"<a><b x='1", "xml-truncated"),
    "cut in CDATA": (b"<a><![CDATA[ x", "xml-truncated"),
    "cut in a character": ("<a>é".encode()[:-1], "xml-encoding-refused"),
    "NUL in text": (b"<a>x\x00y</a>", "xml-malformed"),
    "NUL between elements": (b"<a>\x00</a>", "xml-malformed"),
    "control character": (b"<a>&#1;</a>", "xml-malformed"),
    "lone surrogate as reference": (b"<a>&#xD800;</a>", "xml-malformed"),
    "surrogate in UTF-8": (b"<a>\xed\xa0\x80</a>", "xml-malformed"),
    "byte that is no UTF-8": (b"<a>\xff</a>", "xml-malformed"),
    "wrong nesting": (b"<a><b></a></b>", "xml-malformed"),
    "two roots": (b"<a/><b/>", "xml-malformed"),
    "same attribute twice": (b"<a x='1' x='2'/>", "xml-malformed"),
    "prefix without namespace": (b"<p:a/>", "xml-malformed"),
    "unknown entity": (b"<a>&eacute;</a>", "xml-entity-refused"),
    "unknown encoding": (b"<?xml version='1.0' encoding='klingon'?><a/>", "xml-encoding-refused"),
    "multi-byte encoding": (b"<?xml version='1.0' encoding='utf-7'?><a/>", "xml-encoding-refused"),
    "codec that is no charset": (
        b"<?xml version='1.0' encoding='rot13'?><a/>",
        "xml-encoding-refused",
    ),
    "declared UTF-16, is not": (
        b"<?xml version='1.0' encoding='UTF-16'?><a/>",
        "xml-encoding-refused",
    ),
    "DOCTYPE": (b"<!DOCTYPE a><a/>", "xml-dtd-refused"),
    "DOCTYPE in UTF-16": ("<!DOCTYPE a><a/>".encode("utf-16"), "xml-dtd-refused"),
    "external DTD": (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "xml-dtd-refused"),
    "external entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        "xml-dtd-refused",
    ),
    "parameter entity": (
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]><a/>',
        "xml-dtd-refused",
    ),
    "billion laughs": (BOMB, "xml-dtd-refused"),
    "quadratic blow-up": (
        b'<!DOCTYPE a [<!ENTITY x "%s">]><a>%s</a>' % (b"y" * 50_000, b"&x;" * 50_000),
        "xml-dtd-refused",
    ),
    "100,000 levels": (b"<a>" * 100_000, "xml-too-deep"),
    "101 attributes": (
        b"<a %s/>" % b" ".join(b'x%d=""' % i for i in range(101)),
        "xml-too-many",
    ),
    "a million attributes": (
        b"<a %s/>" % b" ".join(b'x%d=""' % i for i in range(1_000_000)),
        "xml-too-many",
    ),
    "an endless attribute": (b'<a x="%s"/>' % (b"y" * 2_000_000), "xml-too-many"),
    "an endless comment": (b"<a><!-- %s --></a>" % (b"y" * 2_000_000), "xml-too-many"),
    "an endless name": (b"<" + b"y" * 2_000_000, "xml-too-many"),
    "100,000 names": (
        b"<a>%s</a>" % b"".join(b"<x%d/>" % i for i in range(100_000)),
        "xml-too-many",
    ),
    "100 prefixes": (
        b"<a>%s</a>" % b"".join(b'<x xmlns:p%d="u"/>' % i for i in range(100)),
        "xml-too-many",
    ),
    "a million elements": (b"<a>%s</a>" % (b"<b/>" * 1_000_000), "xml-too-many"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_broken_or_hostile_xml_is_refused_by_its_own_code(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_a_refusal_says_where() -> None:
    error = refusal(b"<a>\n  <b></c>\n</a>")
    assert error.element == "line 2, column 8"
    assert error.params == {"reason": "mismatched tag"}


def test_more_bytes_than_allowed_are_refused() -> None:
    assert refusal(b"<a>%s</a>" % (b" " * 100), XmlLimits(size=100)).code == "xml-too-large"


def test_the_limit_of_size_holds_over_pieces() -> None:
    events = Events(XmlLimits(size=3 * PIECE))
    events.reader.feed(b"<a>")
    with pytest.raises(CarnetError) as caught:
        events.reader.feed(b" " * (4 * PIECE))
    assert caught.value.code == "xml-too-large"


def test_what_was_refused_stays_refused() -> None:
    events = Events()
    with pytest.raises(CarnetError):
        events.reader.feed(b"<!DOCTYPE a><a>")
    with pytest.raises(CarnetError) as fed:
        events.reader.feed(b"</a>")
    with pytest.raises(CarnetError) as closed:
        events.reader.close()
    assert fed.value.code == closed.value.code == "xml-dtd-refused"
    assert events.seen == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "cp1252"])
def test_the_usual_encodings_are_read(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8", "cp1252": "windows-1252"}.get(encoding, encoding)
    text = f"<?xml version='1.0' encoding='{declared}'?><a>Dépistage</a>"
    assert Events().read(text.encode(encoding)) == ["<a []>", "Dépistage", "</a>"]


def test_names_carry_their_namespace_and_attributes_are_plain() -> None:
    data = b'<p:a xmlns:p="urn:x" p:k="1" l="2"><b/></p:a>'
    assert Events().read(data) == [
        "<urn:x a [('l', '2'), ('urn:x k', '1')]>",
        "<b []>",
        "</b>",
        "</urn:x a>",
    ]


def test_text_can_be_dropped_and_asked_for_again() -> None:
    events = Events()
    events.reader.on_text = None
    assert events.reader.on_text is None
    assert events.read(b"<a>gone</a>") == ["<a []>", "</a>"]


def test_a_long_text_is_no_endless_token() -> None:
    events = Events()
    events.read(b"<a>%s</a>" % (b"x" * 2_000_000))
    assert sum(len(piece) for piece in events.seen if piece.startswith("x")) == 2_000_000


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        Events().read(data)
    except CarnetError as error:
        assert error.code in CATALOGUE  # noqa: PT017  # any other exception fails the test


@given(
    st.lists(st.sampled_from([b"<a>", b"</a>", b"&amp;", b"&#xE9;", b"x", b"<!--", b"-->"])),
    st.integers(1, 7),
)
def test_the_size_of_pieces_changes_nothing(parts: list[bytes], step: int) -> None:
    data = b"<r>" + b"".join(parts) + b"</r>"
    assert outcome(data, step) == outcome(data, None)


def outcome(data: bytes, step: int | None) -> str:
    events = Events()
    try:
        return "".join(events.read(data, step))
    except CarnetError as error:
        return error.code
