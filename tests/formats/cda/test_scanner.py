"""Reading CDA piece by piece: what is kept, what is dropped, what is refused."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.cda import CdaScanner, read_cda
from carnet.formats.cda.scanner import HEADER_MAXIMUM
from carnet.record.catalogue import CATALOGUE
from carnet.record.document import AuthorKind, Code
from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import Identifier, Ins, Name, Sex
from tests.formats.cda.minimal import MINIMAL, PDF, changed, structured, without


def refusal(data: bytes) -> CarnetError:
    with pytest.raises(CarnetError) as caught:
        read_cda(data, narrative=True)
    assert caught.value.code in CATALOGUE
    return caught.value


def test_the_header_is_read_in_the_terms_of_the_field() -> None:
    document = read_cda(MINIMAL.encode())
    assert document.id == Identifier("1.2.250.1.999.1.1")
    assert document.set_id == Identifier("1.2.250.1.999.1")
    assert document.version_number == 1
    assert document.title == "Lettre du cardiologue"
    assert document.effective_time == "2026-01-05T10:15:00+01:00"
    assert document.patient.ins == Ins("279035121518989", "1.2.250.1.213.1.4.10")
    traits = document.patient.traits
    assert traits is not None
    assert (traits.birth_family, traits.first_given) == ("ESSAI", "CLAIRE")
    assert (traits.given_names, traits.sex) == ("CLAIRE ANNE", Sex.FEMALE)
    assert (traits.birth_date, traits.birth_place) == ("1979-03-28", "51215")
    assert (traits.used_family, traits.used_given) == ("MODELE", "CLARA")
    assert document.guardians[0].name == Name("ESSAI", "Paul")
    author = document.authors[0]
    assert author.kind is AuthorKind.PROFESSIONAL
    assert author.name == Name("INVENTEE", "Ada", "MME", "DR")
    assert author.specialty == Code("1.2.250.1.213.1.1.4.5", "G15_10/SM05")
    assert document.main_act is not None
    assert document.main_act.stop == "2026-01-05T10:00:00+01:00"
    assert document.encounter is not None
    assert document.encounter.facility == Code("1.2.250.1.71.4.2.4", "SA07")
    assert (document.level, document.media_type) == (1, "application/pdf")
    assert (document.media_size, document.embedded) == (len(b"%PDF-1.4 invented"), 1)
    assert document.notices == ()


def test_a_prefix_for_hl7_reads_alike() -> None:
    prefixed = MINIMAL.replace("</", "</h:").replace("<", "<h:").replace("<h:/h:", "</h:")
    prefixed = prefixed.replace("<h:?xml", "<?xml").replace('xmlns="urn:hl7', 'xmlns:h="urn:hl7')
    assert "<h:ClinicalDocument xmlns:h" in prefixed
    assert read_cda(prefixed.encode()) == read_cda(MINIMAL.encode())


@pytest.mark.parametrize(("code", "sex"), [("F", Sex.FEMALE), ("M", Sex.MALE), ("UN", Sex("I"))])
def test_sex_codes(code: str, sex: Sex) -> None:
    document = read_cda(changed(('<administrativeGenderCode code="F"', gender(code))))
    assert document.patient.traits is not None
    assert document.patient.traits.sex is sex


def gender(code: str) -> str:
    return f'<administrativeGenderCode code="{code}"'


def test_sp_is_read_as_the_used_name() -> None:
    document = read_cda(changed(('qualifier="CL">MODELE', 'qualifier="SP">MODELE')))
    assert document.patient.traits is not None
    assert document.patient.traits.used_family == "MODELE"


def test_the_nir_goes_before_the_nia_and_other_roots_are_no_ins() -> None:
    nia = '<id root="1.2.250.1.213.1.4.9" extension="879035121518989"/>'
    nir = '<id root="1.2.250.1.213.1.4.8" extension="279035121518989"/>'
    old = '<id root="1.2.250.1.213.1.4.2" extension="1234567890123456789012"/>'
    stated = '<id root="1.2.250.1.213.1.4.10" extension="279035121518989"/>'
    both = read_cda(changed((stated, old + nia + nir)))
    assert both.patient.ins == Ins("279035121518989", "1.2.250.1.213.1.4.8")
    assert read_cda(changed((stated, old))).patient.ins is None


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("G15_10/SM05", "EXP_PATIENT", AuthorKind.PATIENT),
        (
            '<id root="1.2.250.1.71.4.2.1" extension="810000000009"/>\n<code code="G15',
            '<id root="1.2.250.1.213.1.4.10" extension="279035121518989"/><code code="G15',
            AuthorKind.PATIENT,
        ),
        (
            (
                "<assignedPerson><name><prefix>MME</prefix><given>Ada</given><family>INVENTEE</family>"
                "\n<suffix>DR</suffix></name></assignedPerson>"
            ),
            (
                "<assignedAuthoringDevice><manufacturerModelName>.</manufacturerModelName>"
                "<softwareName>Robot 3</softwareName></assignedAuthoringDevice>"
            ),
            AuthorKind.DEVICE,
        ),
        (
            (
                "<assignedPerson><name><prefix>MME</prefix><given>Ada</given><family>INVENTEE</family>"
                "\n<suffix>DR</suffix></name></assignedPerson>"
            ),
            "<representedOrganization><name>Centre</name></representedOrganization>",
            AuthorKind.ORGANIZATION,
        ),
    ],
)
def test_kinds_of_author(old: str, new: str, kind: AuthorKind) -> None:
    author = read_cda(changed((old, new))).authors[0]
    assert author.kind is kind
    if kind is AuthorKind.DEVICE:
        assert author.device == "Robot 3"


def test_a_secondary_time_that_cannot_be_read_is_ignored_with_a_notice() -> None:
    document = read_cda(changed(('<legalAuthenticator><time value="20260105"', bad_time())))
    assert document.legal_authenticator is not None
    assert document.legal_authenticator.time is None
    place = "/ClinicalDocument/legalAuthenticator/time"
    assert document.notices == (Notice("cda-time-ignored", place),)


def bad_time() -> str:
    return '<legalAuthenticator><time value="hier"'


INS = '<id root="1.2.250.1.213.1.4.10" extension="279035121518989"/>'
EVENT_LOW = "/ClinicalDocument/documentationOf[1]/serviceEvent/effectiveTime/low"
BROKEN = {
    "other namespace": (
        changed(("urn:hl7-org:v3", "urn:hl7-org:v2")),
        ("cda-not-a-document", "/*"),
    ),
    "no namespace": (b"<ClinicalDocument/>", ("cda-not-a-document", "/*")),
    "other XML": (b"<html><body/></html>", ("cda-not-a-document", "/*")),
    "no body": (
        without("<component>", "</component>"),
        ("cda-body-missing", "/ClinicalDocument/component"),
    ),
    "body of another kind": (
        changed(("nonXMLBody", "otherBody")),
        ("cda-body-missing", "/ClinicalDocument/component"),
    ),
    "empty file": (
        changed((PDF, " \n ")),
        ("cda-body-missing", "/ClinicalDocument/component/nonXMLBody/text"),
    ),
    "two bodies in one component": (
        changed(("</nonXMLBody>", "</nonXMLBody><structuredBody/>")),
        ("cda-element-repeated", "/ClinicalDocument/component/*"),
    ),
    "second component": (
        changed(("</component>", "</component><component/>")),
        ("cda-element-repeated", "/ClinicalDocument/component/following-sibling::*"),
    ),
    "header after the body": (
        changed(("</component>", '</component><id root="1.2"/>')),
        ("cda-element-misplaced", "/ClinicalDocument/component/following-sibling::*"),
    ),
    "two patients": (
        changed(("</recordTarget>", "</recordTarget><recordTarget/>")),
        ("cda-element-repeated", "/ClinicalDocument/recordTarget[2]"),
    ),
    "two INS": (
        changed((INS, INS + INS.replace("2790351215189", "1790351215189"))),
        ("cda-ins-ambiguous", "/ClinicalDocument/recordTarget/patientRole/id"),
    ),
    "another sex": (
        changed(('<administrativeGenderCode code="F"', gender("X"))),
        (
            "cda-sex-unknown",
            "/ClinicalDocument/recordTarget/patientRole/patient/administrativeGenderCode",
        ),
    ),
    "birth time": (
        changed(("19790328", "19791328")),
        ("cda-time-malformed", "/ClinicalDocument/recordTarget/patientRole/patient/birthTime"),
    ),
    "effective time": (
        changed(('<effectiveTime value="20260105101500+0100"/>', '<effectiveTime value="5"/>')),
        ("cda-time-malformed", "/ClinicalDocument/effectiveTime"),
    ),
    "start of the act": (
        changed(('<low value="20260105093000+0100"/>', '<low value="20261305"/>')),
        ("cda-time-malformed", EVENT_LOW),
    ),
    **{
        f"version {value[:12]}": (
            changed(('<versionNumber value="1"/>', f'<versionNumber value="{value}"/>')),
            ("cda-version-malformed", "/ClinicalDocument/versionNumber"),
        )
        for value in ("0", "-1", "1.0", "x", "²", "1" * 10, "9" * 100_000)
    },
    "base64 with another character": (
        changed((PDF, PDF[:8] + "*" + PDF[9:])),
        ("base64-malformed", "/ClinicalDocument/component/nonXMLBody/text"),
    ),
    "base64 cut": (
        changed((PDF, PDF[:-2])),
        ("base64-malformed", "/ClinicalDocument/component/nonXMLBody/text"),
    ),
    "base64 in an entry": (
        structured(
            "<component><section><entry><observationMedia><value representation='B64'>A"
            "</value></observationMedia></entry></section></component>"
        ),
        (
            "base64-malformed",
            (
                "/ClinicalDocument/component/structuredBody/component/section/entry/observationMedia"
                "/value"
            ),
        ),
    ),
    "DOCTYPE": (
        changed(("<ClinicalDocument", "<!DOCTYPE x []><ClinicalDocument")),
        ("xml-dtd-refused", None),
    ),
    "deep body": (
        structured("<component>" * 100_000),
        ("xml-too-deep", None),
    ),
    "truncated": (MINIMAL.encode()[:-30], ("xml-truncated", None)),
    "NUL": (changed((PDF, PDF[:8] + "\x00" + PDF[8:])), ("xml-malformed", None)),
    "surrogate as reference": (
        changed(("Lettre", "&#xD800;")),
        ("xml-malformed", None),
    ),
}


@pytest.mark.parametrize(("data", "expected"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_document_is_refused_with_code_and_place(
    data: bytes, expected: tuple[str, str | None]
) -> None:
    error = refusal(data)
    code, place = expected
    assert error.code == code
    assert error.element is not None
    assert error.element == place or (place is None and error.element.startswith("line "))


def test_a_header_is_bounded_in_bytes_and_in_elements() -> None:
    long = changed(("Lettre", "x" * (HEADER_MAXIMUM + 200_000)))
    many = changed(("<realmCode", '<templateId root="1.2"/>' * 30_000 + "<realmCode"))
    assert refusal(long).code == "cda-header-too-large"
    assert refusal(many).code == "cda-header-too-large"


def test_text_between_many_header_elements_costs_no_more_than_itself() -> None:
    mixed = changed(("<realmCode", f"<x>{'a<b/>' * 15_000}</x><realmCode"))
    assert read_cda(mixed).title == "Lettre du cardiologue"


def test_embedded_files_of_entries_are_counted_and_sections_go_on() -> None:
    media = f"<observationMedia><value representation='B64'>{PDF}</value></observationMedia>"
    section = f"<section><title>T</title><text>a</text><entry>{media}</entry></section>"
    sections = f"<component>{section}</component>" * 3
    document = read_cda(structured(sections), narrative=True)
    assert (document.level, document.embedded) == (3, 3)
    assert document.narrative == "T\na\n\nT\na\n\nT\na"


def large_pieces(size: int) -> list[bytes]:
    """A level 1 document whose file has ``size`` bytes of base64, in pieces of 1 MiB."""
    head, tail = MINIMAL.encode().split(PDF.encode())
    line = b"QUJD" * 19 + b"\n"
    block = line * (1_048_576 // len(line))
    return [head, *([block] * (size // len(block))), tail]


def test_memory_does_not_grow_with_the_embedded_file() -> None:
    pieces = large_pieces(40_000_000)
    tracemalloc.start()
    try:
        scanner = CdaScanner(narrative=True)
        for piece in pieces:
            scanner.feed(piece)
        document = scanner.close()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert document.media_size > 29_000_000
    assert peak < 4_000_000


def test_the_process_does_not_grow_either() -> None:
    """Memory of expat itself, which tracemalloc does not see: under 60 MB for 40 MB of base64."""
    program = (
        "import resource\n"
        "from carnet.formats.cda import CdaScanner\n"
        "from tests.formats.cda.test_scanner import large_pieces\n"
        "pieces = large_pieces(40_000_000)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "scanner = CdaScanner()\n"
        "[scanner.feed(piece) for piece in pieces]\n"
        "scanner.close()\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert int(done.stdout) < 60_000  # KiB


def test_more_than_fifty_megabytes_are_refused() -> None:
    scanner = CdaScanner()
    data = b"".join(large_pieces(60_000_000))
    with pytest.raises(CarnetError) as caught:
        scanner.feed(data)
    assert caught.value.code == "xml-too-large"


@given(st.integers(0, len(MINIMAL.encode()) - 1), st.binary(max_size=4))
def test_any_damage_is_read_or_refused(place: int, junk: bytes) -> None:
    data = MINIMAL.encode()
    try:
        read_cda(data[:place] + junk + data[place + 1 :], narrative=True)
    except CarnetError as error:
        assert error.code in CATALOGUE  # noqa: PT017  # any other exception fails the test
