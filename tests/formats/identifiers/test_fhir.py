"""Identifiers of FHIR."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.identifiers import normalise_root
from carnet.formats.identifiers.fhir import (
    TYPE_SYSTEM,
    URI_SYSTEM,
    identifier_from_fhir,
    identifier_to_fhir,
    ins_from_fhir,
    ins_to_fhir,
    root_of_system,
    system_of_root,
    unique_id_from_fhir,
    unique_id_to_fhir,
)
from carnet.record.errors import CarnetError
from carnet.record.identity import (
    INS_OIDS,
    OID_INS_NIA,
    OID_INS_NIR,
    OID_INS_NIR_DEMO,
    OID_INS_NIR_TEST,
    Identifier,
    Ins,
)
from carnet.record.structures import professional, structure

UUID = "0f8b9a52-3c1d-4e6f-8a7b-9c0d1e2f3a4b"
OIDS = st.from_regex(r"[0-2](\.(0|[1-9][0-9]{0,5})){1,8}", fullmatch=True)
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30)


@pytest.mark.parametrize(
    ("oid", "code"),
    [
        (OID_INS_NIR, "INS-NIR"),
        (OID_INS_NIA, "INS-NIA"),
        (OID_INS_NIR_TEST, "INS-NIR-TEST"),
        (OID_INS_NIR_DEMO, "INS-NIR-DEMO"),
    ],
)
def test_an_ins_has_its_type_and_use(oid: str, code: str) -> None:
    ins = Ins("279035121518989", oid)
    expected = {
        "use": "official",
        "type": {"coding": [{"system": TYPE_SYSTEM, "code": code}]},
        "system": f"urn:oid:{oid}",
        "value": "279035121518989",
    }
    assert ins_to_fhir(ins) == expected
    assert ins_to_fhir(ins, former=True) == expected | {"use": "old"}
    assert ins_from_fhir(ins_to_fhir(ins)) == ins


@given(
    st.from_regex(r"[1-478][0-9]{4}([0-9]{2}|2[AB])[0-9]{8}", fullmatch=True),
    st.sampled_from(INS_OIDS),
)
def test_every_ins_comes_back(matricule: str, oid: str) -> None:
    ins = Ins(matricule, oid)
    assert ins_from_fhir(ins_to_fhir(ins)) == ins


def test_the_identifier_of_something_else_is_no_ins() -> None:
    with pytest.raises(CarnetError) as error:
        ins_from_fhir({"system": "urn:oid:1.2.3", "value": "279035121518989"}, "subject")
    assert (error.value.code, error.value.element) == ("ins-oid-unknown", "subject")


def test_professionals_and_structures_have_their_type() -> None:
    doctor = identifier_to_fhir(professional("801234567897"))
    house = identifier_to_fhir(structure("1750100125"))
    assert doctor["type"] == {"coding": [{"system": TYPE_SYSTEM, "code": "IDNPS"}]}
    assert house["type"] == {"coding": [{"system": TYPE_SYSTEM, "code": "IDNST"}]}
    assert identifier_from_fhir(doctor) == professional("801234567897")
    assert identifier_from_fhir(house) == structure("1750100125")


@pytest.mark.parametrize(
    ("system", "value", "identifier"),
    [
        ("https://rpps.esante.gouv.fr", "01234567897", professional("801234567897")),
        ("https://rpps.esante.gouv.fr", "801234567897", professional("801234567897")),
        ("https://finess.esante.gouv.fr", "750100125", structure("1750100125")),
        ("https://sirene.fr", "732829320", structure("2732829320")),
        ("https://sirene.fr", "18003502400041", structure("318003502400041")),
    ],
)
def test_numbers_under_their_own_system_become_national_identifiers(
    system: str, value: str, identifier: Identifier
) -> None:
    assert identifier_from_fhir({"system": system, "value": value}) == identifier


@given(OIDS, VALUES.map(str.strip))
def test_an_identifier_comes_back(root: str, extension: str) -> None:
    identifier = Identifier(root, extension)
    assert identifier_from_fhir(identifier_to_fhir(identifier)) == identifier


def test_a_value_that_says_all_has_the_system_of_uris() -> None:
    oid, uuid = Identifier("1.2.250.1.999"), Identifier(UUID)
    assert identifier_to_fhir(oid) == {"system": URI_SYSTEM, "value": "urn:oid:1.2.250.1.999"}
    assert identifier_to_fhir(uuid) == {"system": URI_SYSTEM, "value": f"urn:uuid:{UUID}"}
    assert identifier_from_fhir(identifier_to_fhir(uuid)) == uuid
    assert identifier_from_fhir({"value": f"urn:uuid:{UUID.upper()}"}) == uuid


def test_an_unknown_system_stays_as_it_is() -> None:
    local = {"system": "http://hospital.example/ids", "value": "A 7"}
    assert identifier_from_fhir(local) == Identifier("http://hospital.example/ids", "A 7")
    assert identifier_to_fhir(identifier_from_fhir(local)) == local
    assert system_of_root("http://hospital.example/ids") == "http://hospital.example/ids"
    assert root_of_system("urn:oid:1.2.3") == "1.2.3"


@pytest.mark.parametrize(
    "resource",
    [
        {},
        {"system": "urn:oid:1.2.3"},
        {"value": "7"},
        {"system": "urn:oid:1.2.3", "value": " "},
        {"system": 7, "value": "7"},
        {"system": "urn:oid:1.2.3", "value": 7},
        {"system": "", "value": "7"},
    ],
)
def test_an_identifier_needs_system_and_value(resource: dict[str, object]) -> None:
    with pytest.raises(CarnetError) as error:
        identifier_from_fhir(resource, "author.identifier")
    assert (error.value.code, error.value.element) == ("identifier-malformed", "author.identifier")


@pytest.mark.parametrize(
    ("unique_id", "system", "value"),
    [
        ("1.2.250.1.999.7", URI_SYSTEM, "urn:oid:1.2.250.1.999.7"),
        (f"urn:uuid:{UUID}", URI_SYSTEM, f"urn:uuid:{UUID}"),
        ("1.2.250.1.999^DOC 7", "urn:oid:1.2.250.1.999", "DOC 7"),
    ],
)
def test_a_unique_id_is_a_master_identifier(unique_id: str, system: str, value: str) -> None:
    written = unique_id_to_fhir(unique_id)
    assert written == {"use": "usual", "system": system, "value": value}
    assert unique_id_from_fhir(written) == unique_id


def test_a_master_identifier_of_another_form_is_refused() -> None:
    with pytest.raises(CarnetError) as error:
        unique_id_from_fhir({"system": "http://hospital.example/ids", "value": "7"})
    assert error.value.code == "unique-id-malformed"


@given(OIDS, st.text("ABC019-.^/& ", min_size=1, max_size=20).map(str.strip))
def test_a_unique_id_with_extension_comes_back_or_is_refused(root: str, extension: str) -> None:
    resource = {"system": f"urn:oid:{root}", "value": extension}
    if not extension or "^" in extension:
        with pytest.raises(CarnetError):
            unique_id_from_fhir(resource)
        return
    written = unique_id_to_fhir(unique_id_from_fhir(resource))
    assert normalise_root(cast("str", written["system"])) == root
    assert written["value"] == extension
