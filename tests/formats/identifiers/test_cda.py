"""``id`` elements of CDA."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.identifiers.cda import (
    identifier_from_cda,
    identifier_to_cda,
    ins_from_cda,
    ins_to_cda,
    unique_id_from_cda,
    unique_id_to_cda,
)
from carnet.record.errors import CarnetError
from carnet.record.identity import OID_INS_NIR_TEST, Identifier, Ins

INS = Ins("279035121518989", OID_INS_NIR_TEST)
UUID = "0f8b9a52-3c1d-4e6f-8a7b-9c0d1e2f3a4b"
OIDS = st.from_regex(r"[0-2](\.(0|[1-9][0-9]{0,5})){1,8}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30)


@given(OIDS | st.uuids().map(str), TEXTS.map(str.strip))
def test_an_identifier_comes_back_from_its_attributes(root: str, extension: str) -> None:
    identifier = Identifier(root, extension)
    attributes = identifier_to_cda(identifier)
    assert identifier_from_cda(attributes["root"], attributes.get("extension")) == identifier


def test_a_uuid_is_written_in_upper_case_and_kept_in_lower_case() -> None:
    assert identifier_from_cda(UUID.upper(), None) == Identifier(UUID)
    assert identifier_to_cda(Identifier(UUID)) == {"root": UUID.upper()}


def test_an_odd_root_stays_as_it_stands() -> None:
    odd = "2B4F0C5E-0000-4000-8000-00000000LSM1"
    assert identifier_from_cda(odd, None) == Identifier(odd)


@pytest.mark.parametrize("root", [None, "", " "])
def test_an_id_without_root_is_refused(root: str | None) -> None:
    with pytest.raises(CarnetError) as error:
        identifier_from_cda(root, "1", "id")
    assert (error.value.code, error.value.element) == ("identifier-malformed", "id")


def test_an_ins_comes_back_and_other_numbers_of_a_patient_are_none() -> None:
    attributes = ins_to_cda(INS)
    assert ins_from_cda(attributes["root"], attributes["extension"]) == INS
    assert ins_from_cda("1.2.250.1.213.1.4.13", INS.matricule) is None
    assert ins_from_cda(None, INS.matricule) is None


def test_an_ins_without_its_form_is_refused() -> None:
    with pytest.raises(CarnetError) as error:
        ins_from_cda(OID_INS_NIR_TEST, None)
    assert error.value.code == "ins-malformed"


@pytest.mark.parametrize("unique_id", ["1.2.250.1.999.7", "1.2.250^A7", f"urn:uuid:{UUID}"])
def test_a_unique_id_comes_back(unique_id: str) -> None:
    attributes = unique_id_to_cda(unique_id)
    assert unique_id_from_cda(attributes["root"], attributes.get("extension")) == unique_id
