"""CDA header to DocumentEntry: what follows from what, what is warned of, what is refused."""

from __future__ import annotations

import pytest

from carnet.formats.cda import read_cda
from carnet.formats.cda.metadata import entry_of
from carnet.record.catalogue import CATALOGUE
from carnet.record.document import Code, DocumentEntry
from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import Identifier
from tests.formats.cda.minimal import MINIMAL, changed, structured, without

SHA1, SHA256 = "1" * 40, "2" * 64
ACT = "/ClinicalDocument/documentationOf[1]/serviceEvent"
CUSTODIAN = "/ClinicalDocument/custodian/assignedCustodian/representedCustodianOrganization/id"
PATIENT = "/ClinicalDocument/recordTarget/patientRole/patient"


def entry(data: bytes, *, accept: bool = False) -> tuple[DocumentEntry, tuple[Notice, ...]]:
    return entry_of(read_cda(data), SHA1, SHA256, len(data), accept_unknown_type=accept)


def codes(notices: tuple[Notice, ...]) -> list[str]:
    assert all(notice.code in CATALOGUE for notice in notices)
    return [notice.code for notice in notices]


def test_the_entry_of_a_whole_header() -> None:
    data = MINIMAL.encode()
    metadata, notices = entry(data)
    assert notices == ()
    assert metadata.unique_id == "1.2.250.1.999.1.1"
    assert metadata.type.display == "CR ou fiche de consultation ou de visite"
    assert metadata.class_code.code == "10"
    assert metadata.format is not None
    assert metadata.format.code == "urn:ihe:iti:xds-sd:pdf:2008"
    assert (metadata.mime_type, metadata.language) == ("text/xml", "fr-FR")
    assert (metadata.hash_sha1, metadata.hash_sha256) == (SHA1, SHA256)
    assert metadata.size == len(data)
    assert metadata.creation_time == "2026-01-05T10:15:00+01:00"
    assert metadata.service_start == "2026-01-05T09:30:00+01:00"
    assert metadata.service_stop == "2026-01-05T10:00:00+01:00"
    assert metadata.facility.code == "SA07"
    assert metadata.practice_setting.display == "Ambulatoire"
    assert metadata.events == (Code("1.2.250.1.215.300.1", "DEQP003"),)
    assert metadata.source_patient_id == Identifier("1.2.250.1.999.2", "IPP-42")
    assert metadata.source_patient is not None
    assert metadata.authenticator is not None
    assert (metadata.set_id, metadata.version_number) == ("1.2.250.1.999.1", 1)
    assert metadata.replaces is None


def test_a_structured_body_takes_its_format_from_the_model() -> None:
    section = "<component><section><text>x</text></section></component>"
    data = structured(section).replace(
        b'<templateId root="1.3.6.1.4.1.19376.1.2.20"/>',
        b'<templateId root="1.3.6.1.4.1.19376.1.3.3"/>'
        b'<templateId root="1.2.250.1.213.1.1.1.55" extension="2024.01"/>',
    )
    metadata, _ = entry(data)
    assert metadata.format is not None
    assert metadata.format.code == "urn:ihe:lab:xd-lab:2008"


@pytest.mark.parametrize(
    "data",
    [
        changed(('mediaType="application/pdf"', 'mediaType="video/mp4"')),
        changed((' mediaType="application/pdf"', "")),
        structured("<component><section><text>x</text></section></component>"),
    ],
)
def test_a_format_that_no_table_gives_is_a_warning(data: bytes) -> None:
    metadata, notices = entry(data)
    assert metadata.format is None
    assert codes(notices) == ["format-unknown"]


def test_the_first_of_several_acts_with_a_performer_is_the_main_one() -> None:
    start = MINIMAL.index("<documentationOf>")
    end = MINIMAL.index("</documentationOf>") + len("</documentationOf>")
    act = MINIMAL[start:end]
    without_performer = "<documentationOf><serviceEvent><code code='Z13.9' codeSystem="
    without_performer += "'2.16.840.1.113883.6.3'/></serviceEvent></documentationOf>"
    later = act.replace("20260105093000", "20260105094500")
    metadata, _ = entry(changed((act, without_performer + act + later)))
    assert metadata.service_start == "2026-01-05T09:30:00+01:00"
    assert [code.code for code in metadata.events] == ["Z13.9", "DEQP003"]


def test_the_setting_of_an_author_stands_in_for_the_performers() -> None:
    setting = '<standardIndustryClassCode code="AMBULATOIRE"\n codeSystem="1.2.250.1.213.1.1.4.9"/>'
    author = "</assignedPerson>\n</assignedAuthor>"
    moved = changed(
        (setting, ""),
        (
            author,
            (
                f"</assignedPerson><representedOrganization>{setting}</representedOrganization>"
                "</assignedAuthor>"
            ),
        ),
    )
    metadata, notices = entry(moved)
    assert metadata.practice_setting.code == "AMBULATOIRE"
    assert notices == ()


def test_a_replaced_document_is_named_by_its_unique_id() -> None:
    related = (
        '<relatedDocument typeCode="RPLC"><parentDocument>'
        '<id root="1.2.250.1.999.1.0" extension="A1"/></parentDocument></relatedDocument>'
    )
    metadata, _ = entry(changed(("<componentOf>", related + "<componentOf>")))
    assert metadata.replaces == "1.2.250.1.999.1.0^A1"
    appended = related.replace("RPLC", "APND")
    metadata, _ = entry(changed(("<componentOf>", appended + "<componentOf>")))
    assert metadata.replaces is None


def test_an_unknown_type_is_refused_or_a_warning() -> None:
    # 10213-7 has a class in ASS_X04 and stands no longer in J07.
    data = changed(("11488-4", "10213-7"))
    with pytest.raises(CarnetError) as caught:
        entry(data)
    assert (caught.value.code, caught.value.element) == ("type-unknown", "/ClinicalDocument/code")
    metadata, notices = entry(data, accept=True)
    assert metadata.type.code == "10213-7"
    assert codes(notices) == ["type-unknown"]


def test_a_type_without_class_is_refused_all_the_same() -> None:
    with pytest.raises(CarnetError) as caught:
        entry(changed(("11488-4", "0-0")), accept=True)
    assert caught.value.code == "class-unknown"


@pytest.mark.parametrize("code", ["N", "R", "V"])
def test_the_levels_of_a_shared_document_are_kept(code: str) -> None:
    metadata, notices = entry(changed(('<confidentialityCode code="N"', level(code))))
    assert metadata.confidentiality.code == code
    assert notices == ()


@pytest.mark.parametrize("code", ["L", "M", "U"])
def test_levels_below_normal_become_normal_with_a_warning(code: str) -> None:
    metadata, notices = entry(changed(('<confidentialityCode code="N"', level(code))))
    assert metadata.confidentiality.code == "N"
    assert codes(notices) == ["confidentiality-raised"]


def level(code: str) -> str:
    return f'<confidentialityCode code="{code}"'


WARNED = {
    "facility-unknown": changed(("SA07", "SA99")),
    "practice-setting-unknown": changed(("AMBULATOIRE", "AILLEURS")),
    "profession-unknown": changed(("G15_10/SM05", "G99")),
    "author-without-profession": changed(
        ('<code code="G15_10/SM05" codeSystem="1.2.250.1.213.1.1.4.5"/>', "")
    ),
    "luhn-key": changed(("1990000010", "1990000011")),
    "cda-time-ignored": changed(
        ('<author><time value="20260105101500+0100"', '<author><time value="x"')
    ),
}


@pytest.mark.parametrize(("code", "data"), WARNED.items(), ids=WARNED.keys())
def test_what_is_odd_is_kept_with_a_warning(code: str, data: bytes) -> None:
    metadata, notices = entry(data)
    assert codes(notices) == [code]
    assert notices[0].element is not None
    assert metadata.unique_id == "1.2.250.1.999.1.1"


MISSING = {
    "id": ('<id root="1.2.250.1.999.1.1"/>', "cda-element-missing", "/ClinicalDocument/id"),
    "code": (
        '<code code="11488-4" codeSystem="2.16.840.1.113883.6.1"/>',
        "cda-element-missing",
        "/ClinicalDocument/code",
    ),
    "title": (
        "<title>Lettre du cardiologue</title>",
        "cda-element-missing",
        "/ClinicalDocument/title",
    ),
    "effectiveTime": (
        '<effectiveTime value="20260105101500+0100"/>',
        "cda-element-missing",
        "/ClinicalDocument/effectiveTime",
    ),
    "confidentiality": (
        '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>',
        "cda-element-missing",
        "/ClinicalDocument/confidentialityCode",
    ),
    "start of the service": (
        '<low value="20260105093000+0100"/>',
        "cda-element-missing",
        f"{ACT}/effectiveTime/low",
    ),
    "facility": (
        '<code code="SA07" codeSystem="1.2.250.1.71.4.2.4"/>',
        "cda-element-missing",
        "/ClinicalDocument/componentOf/encompassingEncounter/location/healthCareFacility/code",
    ),
    "practice setting": (
        '<standardIndustryClassCode code="AMBULATOIRE"\n codeSystem="1.2.250.1.213.1.1.4.9"/>',
        "cda-element-missing",
        f"{ACT}/performer/assignedEntity/representedOrganization/standardIndustryClassCode",
    ),
    "custodian's id": (
        '<id root="1.2.250.1.71.4.2.2" extension="1990000010"/>',
        "cda-element-missing",
        CUSTODIAN,
    ),
    "INS": (
        '<id root="1.2.250.1.213.1.4.10" extension="279035121518989"/>',
        "cda-ins-missing",
        "/ClinicalDocument/recordTarget/patientRole/id",
    ),
    "birth name": (
        '<family qualifier="BR">ESSAI</family>',
        "cda-trait-missing",
        f"{PATIENT}/name/family[@qualifier='BR']",
    ),
    "first given name": (
        '<given qualifier="BR">CLAIRE</given>',
        "cda-trait-missing",
        f"{PATIENT}/name/given[@qualifier='BR']",
    ),
    "given names": (
        "<given>CLAIRE ANNE</given>",
        "cda-trait-missing",
        f"{PATIENT}/name/given[not(@qualifier)]",
    ),
    "sex": (
        '<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>',
        "cda-trait-missing",
        f"{PATIENT}/administrativeGenderCode",
    ),
    "birth date": ('<birthTime value="19790328"/>', "cda-trait-missing", f"{PATIENT}/birthTime"),
    "birthplace": (
        "<county>51215</county>",
        "cda-trait-missing",
        f"{PATIENT}/birthplace/place/addr/county",
    ),
}


@pytest.mark.parametrize(("text", "code", "element"), MISSING.values(), ids=MISSING.keys())
def test_what_metadata_need_and_the_header_lacks_is_named(
    text: str, code: str, element: str
) -> None:
    with pytest.raises(CarnetError) as caught:
        entry(changed((text, "")))
    assert (caught.value.code, caught.value.element) == (code, element)
    assert code in CATALOGUE


@pytest.mark.parametrize(
    ("start", "end", "element"),
    [
        ("<author>", "</author>", "/ClinicalDocument/author"),
        ("<custodian>", "</custodian>", CUSTODIAN),
        ("<legalAuthenticator>", "</legalAuthenticator>", "/ClinicalDocument/legalAuthenticator"),
        (
            "<performer",
            "</performer>",
            "/ClinicalDocument/documentationOf/serviceEvent/performer",
        ),
        (
            "<componentOf>",
            "</componentOf>",
            "/ClinicalDocument/componentOf/encompassingEncounter/location/healthCareFacility/code",
        ),
    ],
)
def test_a_missing_part_is_named(start: str, end: str, element: str) -> None:
    with pytest.raises(CarnetError) as caught:
        entry(without(start, end))
    assert (caught.value.code, caught.value.element) == ("cda-element-missing", element)


def test_a_missing_record_target_leaves_no_ins() -> None:
    with pytest.raises(CarnetError) as caught:
        entry(without("<recordTarget>", "</recordTarget>"))
    assert caught.value.code == "cda-ins-missing"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('extension="279035121518989"', 'extension="27903512151898"', "ins-malformed"),
        ('<id root="1.2.250.1.999.1.1"/>', '<id root="not an oid"/>', "unique-id-malformed"),
        (
            '<id root="1.2.250.1.999.1.1"/>',
            f'<id root="1.2.250.1.999.1.1" extension="{"x" * 128}"/>',
            "unique-id-malformed",
        ),
        ('<confidentialityCode code="N"', '<confidentialityCode code="Z"', "visibility-unknown"),
    ],
)
def test_what_is_malformed_is_refused(old: str, new: str, code: str) -> None:
    with pytest.raises(CarnetError) as caught:
        entry(changed((old, new)))
    assert caught.value.code == code
    assert caught.value.element is not None


def test_a_long_code_is_cut_where_an_error_repeats_it() -> None:
    with pytest.raises(CarnetError) as caught:
        entry(changed(("11488-4", "9" * 10_000)))
    assert len(str(caught.value.params["value"])) == 64
