"""Documents whole: header, copies, versions, children, the dead, two matricules."""

from __future__ import annotations

import base64
import re
from datetime import date, datetime

import msgspec
from lxml import etree

from carnet.formats.cda import read_cda
from carnet.population.making import Made, make
from carnet.population.model import Document, Life, Person
from carnet.population.scripts.cast import Cast
from carnet.record.identity import OID_INS_NIA, OID_INS_NIR_TEST, Ins, Sex, ins_key
from tests.population.invented import TODAY, at, person, who
from tests.population.writing.paper_reading import text_of
from tests.population.writing.samples import (
    SALT,
    made,
    of_key,
    remade,
    with_documents,
    xml_of,
)

NS = {"h": "urn:hl7-org:v3"}
_FILE = re.compile(rb'representation="B64"[^>]*>([^<]+)<')


def files_in(xml: bytes) -> list[bytes]:
    """The files that a document holds."""
    return [base64.b64decode(found) for found in _FILE.findall(xml)]


def texts(xml: bytes, path: str) -> list[str]:
    found = etree.fromstring(xml).xpath(path, namespaces=NS)
    assert isinstance(found, list)
    return [str(one) for one in found]


def single(one: Document, known: Person | None = None) -> bytes:
    """The bytes of a life's only document."""
    (written,) = remade(one, **({} if known is None else {"person": known})).written
    return written.xml


class Family(Cast):
    """The cast with parents who have lives elsewhere."""

    def __init__(self, *people: Person) -> None:
        super().__init__(TODAY)
        self.people |= {one.key: one for one in people}


def test_equal_lives_and_salts_give_equal_bytes_and_other_salts_other_identifiers() -> None:
    known = with_documents(of_key("courrier"))
    first, again = make(known, who(), SALT), make(known, who(), SALT)
    other = make(known, who(), "autre")
    assert first.written[0].xml == again.written[0].xml
    assert first.written[0].unique_id != other.written[0].unique_id


def test_a_copy_is_the_same_paper_under_other_identifiers_kept_by_its_sender() -> None:
    original, copy = xml_of("courrier"), xml_of("copie")
    assert files_in(original) == files_in(copy)
    first, second = read_cda(original), read_cda(copy)
    assert first.id != second.id
    assert first.set_id != second.set_id
    author = "//h:author/h:assignedAuthor/h:id/@extension"
    keeper = "//h:custodian//h:name/text()"
    assert texts(original, author) == texts(copy, author)
    assert texts(original, keeper) == ["Cabinet de cardiologie du Quai"]
    assert texts(copy, keeper) == ["Cabinet médical des Tilleuls"]
    written = {one.key: one for one in made().written}
    assert written["copie"].sender == "dr-garrigue"
    assert written["copie"].created == at("2026-03-01")


def test_a_copy_of_results_is_the_same_to_the_byte() -> None:
    first = of_key("bilan-2")
    scan = msgspec.structs.replace(
        first, key="copie", at=at("2025-06-01"), copy_of="bilan-2", sender="dr-garrigue"
    )
    found = remade(of_key("bilan"), first, scan)
    assert files_in(xml_of("bilan-2", found)) == files_in(xml_of("copie", found))
    said = '//h:observation[h:templateId/@root="1.2.250.1.213.1.1.3.80"]/h:value/@value'
    assert texts(xml_of("bilan-2", found), said) == texts(xml_of("copie", found), said)


def test_a_new_version_has_the_set_of_the_old_one_and_the_next_number() -> None:
    first, second = read_cda(xml_of("bilan")), read_cda(xml_of("bilan-corrige"))
    assert first.set_id == second.set_id
    assert (first.version_number, second.version_number) == (1, 2)
    written = {one.key: one for one in made().written}
    assert written["bilan-corrige"].replaces == written["bilan"].unique_id
    parent = "//h:relatedDocument[@typeCode='RPLC']/h:parentDocument/h:id/@root"
    assert texts(xml_of("bilan-corrige"), parent) == [written["bilan"].unique_id]


def test_a_third_version_counts_on() -> None:
    second = of_key("bilan-corrige")
    third = msgspec.structs.replace(second, key="troisieme", replaces="bilan-corrige")
    found = remade(of_key("bilan"), second, third)
    assert read_cda(xml_of("troisieme", found)).version_number == 3


def test_a_waiting_number_stands_until_the_nir_is_known() -> None:
    number = "2660435238998"
    nia = Ins(f"{number}{ins_key(number):02d}", OID_INS_NIA)
    known = msgspec.structs.replace(
        person(), ins=nia, later_ins=person().ins, later_from=at("2025-06-01")
    )
    before = single(of_key("courrier"), known)
    late = msgspec.structs.replace(of_key("courrier"), at=at("2025-07-01"))
    after = single(late, known)
    ins = "//h:patientRole/h:id/@root"
    assert texts(before, ins) == [OID_INS_NIA]
    assert texts(after, ins) == [OID_INS_NIR_TEST]
    assert "(NIA)" in text_of(files_in(before)[0])
    assert "(test)" in text_of(files_in(after)[0])


def child(born: date) -> tuple[Life, Family]:
    mother = msgspec.structs.replace(person(), key="mere", phone="0639980101")
    kid = msgspec.structs.replace(person(Sex.MALE, born), key="petit", guardians=("mere",))
    return with_documents(of_key("courrier"), person=kid), Family(mother)


def test_parents_stand_in_the_header_while_the_patient_is_a_child() -> None:
    guardian = "//h:guardian/h:guardianPerson/h:name/h:family/text()"
    for born, expected in ((date(2007, 2, 4), ["LEHUIC"]), (date(2007, 2, 3), [])):
        life, family = child(born)  # the letter is of 3 February 2025
        (written,) = make(life, family, SALT).written
        assert texts(written.xml, guardian) == expected


def test_papers_of_the_days_after_a_death_say_so() -> None:
    known = msgspec.structs.replace(person(), died=date(2025, 2, 1))
    xml = single(of_key("courrier"), known)
    assert "décédée le 1er février 2025" in text_of(files_in(xml)[0])
    assert made_of(known).truth.person.died == "2025-02-01"
    alive = single(of_key("courrier"), msgspec.structs.replace(known, died=date(2025, 2, 3)))
    assert "décédée" not in text_of(files_in(alive)[0])


def made_of(known: Person) -> Made:
    return remade(of_key("courrier"), person=known)


def test_who_asked_and_the_doctor_stand_in_the_header() -> None:
    xml = xml_of("bilan")
    assert texts(xml, "//h:participant[@typeCode='REF']//h:family/text()") == ["GARRIGUE"]
    assert texts(xml, "//h:participant[@typeCode='INF']//h:family/text()") == ["GARRIGUE"]
    assert texts(xml, "//h:informationRecipient//h:family/text()") == ["GARRIGUE"]
    assert texts(xml_of("ordonnance"), "//h:participant//h:family/text()") == []


def test_an_order_is_as_old_as_what_the_orderer_wrote_last() -> None:
    asked = msgspec.structs.replace(of_key("ordonnance"), at=at("2025-01-02"))
    when = "//h:participant[@typeCode='REF']/h:time/h:high/@value"
    assert texts(xml_of("bilan", remade(asked, of_key("bilan"))), when) == ["20250102100000+0100"]
    assert texts(single(of_key("bilan")), when) == ["20250106100000+0100"]


def test_nobody_asked_for_anything_before_a_birth() -> None:
    newborn = person(Sex.MALE, date(2025, 1, 12))
    when = "//h:participant[@typeCode='REF']/h:time/h:high/@value"
    assert texts(single(of_key("bilan"), newborn), when) == ["20250112000000+0100"]


def test_a_letter_to_a_structure_or_to_the_patient_has_no_professional_recipient() -> None:
    for to in ("vilaine", "self"):
        one = msgspec.structs.replace(of_key("courrier"), to=to)
        assert texts(single(one), "//h:informationRecipient") == []


def test_documents_of_the_citizen_say_so_everywhere() -> None:
    for key in ("directives", "photo"):
        xml = xml_of(key)
        assert texts(xml, "//h:custodian//h:id/@root") == ["1.2.250.1.213.4.1"]
        ins = "/h:assignedEntity/h:id/@extension"
        expected = [person().ins.matricule]
        assert texts(xml, "//h:author/h:assignedAuthor/h:id/@extension") == expected
        assert texts(xml, f"//h:legalAuthenticator{ins}") == expected


def test_a_stay_bounds_act_and_encounter() -> None:
    for path in ("//h:documentationOf[1]/h:serviceEvent", "//h:encompassingEncounter"):
        low = texts(xml_of("sortie"), f"{path}/h:effectiveTime/h:low/@value")
        high = texts(xml_of("sortie"), f"{path}/h:effectiveTime/h:high/@value")
        assert (low, high) == (["20250304100000+0100"], ["20250308100000+0100"])


def test_documents_are_made_after_their_act_and_fed_after_they_are_made() -> None:
    acts: dict[str, datetime] = {one.key: one.at for one in made().life.documents}
    for one in made().written:
        assert acts[one.key] <= one.created < one.deposited
    lag = {one.key: one.created - acts[one.key] for one in made().written}
    assert lag["bilan"] > lag["ordonnance"]


def test_a_kind_with_one_title_has_it_whatever_the_life_says_and_the_paper_keeps_its_own() -> None:
    fixed = "Compte rendu d'examens biologiques"
    written = {one.key: one for one in made().written}
    assert written["bilan"].title == fixed
    assert texts(xml_of("bilan"), "/h:ClinicalDocument/h:title/text()") == [fixed]
    assert "BILAN" in text_of(files_in(xml_of("bilan"))[0])
    assert written["courrier"].title == "Courrier"
