"""PDF: shown without what acts; broken, locked, long and odd ones answered in words."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image

from carnet.reading.model import Pages, Unreadable
from carnet.record.errors import CarnetError
from tests.reading import samples
from tests.reading.conftest import Asked

PDF = "application/pdf"
_ACTS = (
    b"JavaScript", b"/JS", b"/Launch", b"/URI", b"/GoToR", b"/SubmitForm", b"/OpenAction", b"/AA",
    b"/EmbeddedFiles", b"/EmbeddedFile", b"/XFA", b"/AcroForm", b"/RichMedia", b"/Ref", b"evil",
    b"app.alert", b"cmd.exe", b"virus",
)  # fmt: skip


def plain(pdf: bytes) -> bytes:
    """The PDF with every stream and object written out."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(
            out,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
        )
    return out.getvalue()


def codes(asked: Asked, content: bytes) -> list[str]:
    return [notice.code for notice in asked.document(content, PDF).notices]


def test_a_pdf_is_pages_and_a_copy_that_shows_the_same(asked: Asked) -> None:
    made = asked.document(samples.pdf("Un", "Deux"), PDF)
    assert isinstance(made.body, Pages)
    assert made.body.count == 2
    assert not made.notices
    assert asked.text(made.body.pdf, PDF, 2).lines[0].text == "Deux"


def test_nothing_that_acts_is_in_the_copy(asked: Asked) -> None:
    hostile = samples.hostile_pdf()
    before = plain(hostile)
    assert all(word in before for word in _ACTS)
    made = asked.document(hostile, PDF)
    assert isinstance(made.body, Pages)
    after = plain(made.body.pdf)
    assert [word for word in _ACTS if word in after] == []


def test_of_catalogue_and_pages_only_what_shows_is_kept(asked: Asked) -> None:
    with pikepdf.open(io.BytesIO(samples.pdf("Un"))) as document:
        document.Root.SpiderInfo = pikepdf.Dictionary(V=1.0)
        document.Root.Unknown = pikepdf.String("x")
        document.pages[0].obj.PieceInfo = pikepdf.Dictionary(App=pikepdf.String("x"))
        document.docinfo["/Author"] = "Inconnu"
        out = io.BytesIO()
        document.save(out)
    made = asked.document(out.getvalue(), PDF)
    assert isinstance(made.body, Pages)
    with pikepdf.open(io.BytesIO(made.body.pdf)) as document:
        assert set(document.Root.keys()) <= {"/Type", "/Pages", "/Outlines"}
        assert "/PieceInfo" not in document.pages[0].obj
        assert "/Info" not in document.trailer


def test_the_reader_is_told_what_is_not_in_the_copy(asked: Asked) -> None:
    notices = {
        each.code: each.params for each in asked.document(samples.hostile_pdf(), PDF).notices
    }
    removed = {"actions", "files", "forms", "media", "references", "links"}
    assert set(notices) == {f"reading-pdf-{sort}-removed" for sort in removed}
    assert int(notices["reading-pdf-links-removed"]["count"]) >= 2


def test_what_was_typed_into_a_form_stays_visible(asked: Asked) -> None:
    made = asked.document(samples.hostile_pdf(), PDF)
    assert isinstance(made.body, Pages)
    words = [line.text for line in asked.text(made.body.pdf, PDF, 1).lines]
    assert "VALEUR" in words


def test_links_inside_the_document_stay(asked: Asked) -> None:
    made = asked.document(samples.hostile_pdf(), PDF)
    assert isinstance(made.body, Pages)
    with pikepdf.open(io.BytesIO(made.body.pdf)) as document:
        links = [annotation.A.S for annotation in document.pages[0].obj.Annots]
    assert links == [pikepdf.Name.GoTo]


def test_a_page_is_a_picture_of_the_width_asked_for(asked: Asked) -> None:
    made = asked.page(samples.pdf("Un", "Deux"), PDF, 2, width=600)
    assert (made.width, made.height, made.page, made.pages) == (600, 800, 2, 2)
    drawn = Image.open(io.BytesIO(made.content)).convert("L")
    assert sum(drawn.histogram()[:100]) > 0  # it has ink


def test_text_comes_with_its_boxes(asked: Asked) -> None:
    made = asked.text(samples.pdf("Bonjour"), PDF, 1)
    assert (made.width, made.height) == (300, 400)
    (line,) = made.lines
    assert line.text == "Bonjour"
    assert line.left == pytest.approx(0.1, abs=0.01)
    assert line.bottom == pytest.approx(1 - 350 / 400, abs=0.02)


@pytest.mark.parametrize("page", [0, -1, 3, 10**9])
def test_a_page_that_is_not_there_is_refused(asked: Asked, page: int) -> None:
    with pytest.raises(CarnetError) as caught:
        asked.page(samples.pdf("Un", "Deux"), PDF, page)
    assert caught.value.code == "reading-page-absent"


def test_one_that_asks_for_a_password_says_so(asked: Asked) -> None:
    locked = samples.pdf("Secret", encrypt="sésame")
    assert asked.document(locked, PDF).body == Unreadable("reading-pdf-encrypted")
    with pytest.raises(CarnetError) as caught:
        asked.page(locked, PDF, 1)
    assert caught.value.code == "reading-pdf-encrypted"


def test_one_that_only_forbids_printing_is_read(asked: Asked) -> None:
    made = asked.document(samples.pdf("Ouvert", encrypt=""), PDF)
    assert isinstance(made.body, Pages)
    with pikepdf.open(io.BytesIO(made.body.pdf)) as document:
        assert not document.is_encrypted


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"bonjour", b"%PDF-1.7\n" + bytes(10_000), samples.pdf()[:200]],
    ids=["empty", "head", "words", "zeros", "torn"],
)
def test_one_that_is_none_says_so(asked: Asked, content: bytes) -> None:
    assert asked.document(content, PDF).body == Unreadable("reading-pdf-broken")


def test_one_whose_end_is_lost_is_repaired(asked: Asked) -> None:
    made = asked.document(samples.pdf("Un", "Deux")[:-60], PDF)
    assert isinstance(made.body, Pages)
    assert made.body.count == 2


def test_nine_hundred_pages_are_read(asked: Asked) -> None:
    long = samples.pdf(*(f"Page {n}" for n in range(1, 901)))
    made = asked.document(long, PDF)
    assert isinstance(made.body, Pages)
    assert made.body.count == 900
    assert asked.text(long, PDF, 900).lines[0].text == "Page 900"


def test_letters_that_stand_for_nothing_known_are_told(asked: Asked) -> None:
    assert codes(asked, samples.pdf_without_text_map()) == ["reading-pdf-without-text"]
    assert codes(asked, samples.pdf("Bonjour")) == []


def test_a_page_of_absurd_size_is_drawn_within_bounds(asked: Asked) -> None:
    with pikepdf.open(io.BytesIO(samples.pdf())) as document:
        document.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 10, 1_000_000])
        out = io.BytesIO()
        document.save(out)
    made = asked.page(out.getvalue(), PDF, 1, width=3_000)
    assert made.width * made.height <= 12_100_000


def test_a_polyglot_is_only_the_pdf_that_it_is_declared_to_be(asked: Asked) -> None:
    html = b"<html><script>alert(1)</script>\n"
    archive = b"PK\x03\x04" + bytes(26)
    made = asked.document(html + samples.pdf("Un") + archive, PDF)
    assert isinstance(made.body, Pages)
    assert made.body.pdf.startswith(b"%PDF-")
    assert b"<script>" not in plain(made.body.pdf)
    assert b"PK\x03\x04" not in made.body.pdf


def test_objects_within_each_other_without_end_are_refused(asked: Asked) -> None:
    deep = b"<< /A " * 400 + b"1" + b" >>" * 400
    torn = samples.pdf().replace(b"/Type /Catalog", b"/Type /Catalog /Lang " + deep)
    body = asked.document(torn, PDF).body
    assert isinstance(body, Pages | Unreadable)
    if isinstance(body, Unreadable):
        assert body.code == "reading-pdf-broken"
