"""Imaging reports: act, modality, and the words in the order that radiologists write them."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.build import EncodedBody, ImagingBody, Order
from carnet.population.model import Imaging
from carnet.population.writing import imaging
from carnet.population.writing.made import Made
from tests.population.writing.paper_reading import text_of
from tests.population.writing.samples import IMAGING, context_of, of_key, with_documents


def made(content: Imaging = IMAGING, *, as_pdf: bool = False) -> Made:
    one = msgspec.structs.replace(of_key("radio"), content=content, as_pdf=as_pdf)
    return imaging.write(context_of("radio", with_documents(one)), content)


def body(content: Imaging = IMAGING) -> ImagingBody:
    found = made(content).body
    assert isinstance(found, ImagingBody)
    return found


def test_the_act_has_its_codes_and_its_modality() -> None:
    found = made()
    assert found.act is not None
    assert found.act.code == "24727-0"
    assert [one.code.code for one in found.act_translations] == ["ACQH004", "CT"]
    (exam,) = body().exams
    assert exam.site.words == "crâne et tronc"
    assert exam.technique == ("Acquisition hélicoïdale avec injection.",)


def test_an_act_without_codes_is_named_by_words() -> None:
    found = made(msgspec.structs.replace(IMAGING, exam="knee-x-ray"))
    assert (found.act, found.act_translations) == (None, ())
    assert isinstance(found.body, ImagingBody)
    assert found.body.exams[0].act.words == "Radiographie du genou"


def test_where_nobody_concluded_the_last_finding_does_and_stands_once() -> None:
    found = body(msgspec.structs.replace(IMAGING, conclusion=()))
    assert found.findings == ("Pas de lésion du parenchyme cérébral.",)
    assert found.conclusion == ("Pas de foyer pulmonaire.",)


def test_the_accession_number_is_that_of_the_paper() -> None:
    found = made()
    (order,) = found.orders
    assert isinstance(order, Order)
    assert order.accession is not None
    assert order.accession.extension is not None
    assert order.accession.extension.startswith("CT25")
    assert order.accession.extension in text_of(body().pdf or b"")


def test_the_paper_goes_from_indication_to_conclusion() -> None:
    paper = text_of(body().pdf or b"")
    places = [
        paper.index(word)
        for word in ("INDICATION", "TECHNIQUE", "COMPARAISON", "RÉSULTAT", "CONCLUSION")
    ]
    assert places == sorted(places)
    assert "Examen normal." in paper


def test_the_paper_alone_keeps_act_and_order() -> None:
    found = made(as_pdf=True)
    assert isinstance(found.body, EncodedBody)
    assert found.act == made().act
    assert found.orders == made().orders
