"""CX, XCN and XON of XDS metadata."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.identifiers.cx import (
    Cx,
    author_from_xcn,
    author_to_xcn,
    cx_from_text,
    cx_to_text,
    escape,
    ins_from_cx,
    ins_to_cx,
    organization_from_xon,
    organization_to_xon,
    person_from_xcn,
    person_to_xcn,
    reference_from_cx,
    reference_to_cx,
    unescape,
)
from carnet.record.document import Author, AuthorKind, Organization, Person, Reference
from carnet.record.errors import CarnetError
from carnet.record.identity import OID_INS_NIR, OID_INS_NIR_TEST, Identifier, Ins, Name
from carnet.record.structures import professional, structure

INS = Ins("279035121518989", OID_INS_NIR)
DELIMITERS = "^&~\\|"
OIDS = st.from_regex(r"[0-2](\.(0|[1-9][0-9]{0,5})){1,8}", fullmatch=True)
# Delimiters are as frequent as letters, so that escaping is met at every turn.
TEXTS = (
    st.text(st.sampled_from(DELIMITERS + "EFSRTabé '1.") | st.characters(codec="utf-8"), min_size=1)
    .map(str.strip)
    .filter(bool)
)
MAYBE = st.none() | TEXTS
IDENTIFIERS = st.builds(Identifier, OIDS, TEXTS) | st.builds(Identifier, OIDS)
NAMES = st.builds(Name, MAYBE, MAYBE, MAYBE, MAYBE).map(lambda n: None if n == Name() else n)


@given(st.text())
def test_a_text_comes_back_from_its_escaped_form(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not set(escape(text)) & set("^&~|")


def test_escapes_that_name_no_delimiter_stay() -> None:
    assert unescape(r"a\H\b\X0D\ c\\") == r"a\H\b\X0D\ c\\"


def test_an_ins_is_a_cx_of_type_nh() -> None:
    assert ins_to_cx(INS) == "279035121518989^^^&1.2.250.1.213.1.4.8&ISO^NH"
    assert ins_from_cx(ins_to_cx(INS)) == INS
    assert ins_from_cx("279035121518989^^^&1.2.250.1.213.1.4.8&ISO^NH^^20100907") == INS
    assert ins_from_cx("279035121518989^^^&1.2.250.1.213.1.4.8&ISO") == INS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "identifier-malformed"),
        ("279035121518989", "identifier-malformed"),
        ("^^^&1.2.250.1.213.1.4.8&ISO^NH", "identifier-malformed"),
        ("279035121518989^^^HOPITAL^NH", "identifier-malformed"),
        ("279035121518989^^^&1.2.3&ISO^NH", "ins-oid-unknown"),
        ("279^^^&1.2.250.1.213.1.4.8&ISO^NH", "ins-malformed"),
    ],
)
def test_a_cx_that_is_no_ins_is_refused(text: str, code: str) -> None:
    with pytest.raises(CarnetError) as error:
        ins_from_cx(text, "patientId")
    assert (error.value.code, error.value.element) == (code, "patientId")


@given(st.builds(Cx, st.builds(Identifier, OIDS, TEXTS), MAYBE))
def test_a_cx_comes_back(cx: Cx) -> None:
    assert cx_from_text(cx_to_text(cx)) == cx


def test_a_reference_names_its_kind() -> None:
    order = Reference(Identifier("1.2.250.1.999", "ORD-7"), "urn:ihe:iti:xds:2013:order")
    study = Reference(Identifier("1.2.250.1.999.4"), "urn:ihe:iti:xds:2016:studyInstanceUID")
    assert reference_to_cx(order) == "ORD-7^^^&1.2.250.1.999&ISO^urn:ihe:iti:xds:2013:order"
    assert reference_to_cx(study) == "1.2.250.1.999.4^^^^urn:ihe:iti:xds:2016:studyInstanceUID"


@given(st.builds(Reference, IDENTIFIERS, TEXTS))
def test_a_reference_comes_back(reference: Reference) -> None:
    assert reference_from_cx(reference_to_cx(reference)) == reference


@pytest.mark.parametrize("text", ["", "7^^^&1.2&ISO", "^^^&1.2&ISO^urn:x"])
def test_a_reference_without_value_or_kind_is_refused(text: str) -> None:
    with pytest.raises(CarnetError) as error:
        reference_from_cx(text)
    assert error.value.code == "identifier-malformed"


DOCTOR = Author(
    AuthorKind.PROFESSIONAL,
    identifier=professional("801234567897"),
    name=Name(family="NAME", given="Given"),
)


def test_a_professional_is_an_xcn_of_type_idnps() -> None:
    text = "801234567897^NAME^Given^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
    assert author_to_xcn(DOCTOR) == text
    assert author_from_xcn(text) == DOCTOR


def test_the_patient_is_an_xcn_of_type_nh() -> None:
    patient = Author(
        AuthorKind.PATIENT,
        identifier=Identifier(OID_INS_NIR_TEST, INS.matricule),
        name=Name(family="PAT-TROIS", given="DOMINIQUE"),
    )
    text = author_to_xcn(patient)
    assert text == ("279035121518989^PAT-TROIS^DOMINIQUE^^^^^^&1.2.250.1.213.1.4.10&ISO^D^^^NH")
    assert author_from_xcn(text) == patient


def test_a_system_is_an_xcn_of_type_ri_with_its_model_as_name() -> None:
    device = Author(AuthorKind.DEVICE, identifier=Identifier("1.2.250.1.999", "7"), device="Auto 3")
    text = author_to_xcn(device)
    assert text == "7^Auto 3^^^^^^^&1.2.250.1.999&ISO^U^^^RI"
    assert author_from_xcn(text) == device
    two_parts = author_from_xcn("7^Auto^Logiciel 3^^^^^^&1.2.250.1.999&ISO^U^^^RI")
    assert two_parts.device == "Auto Logiciel 3"


def test_a_structure_alone_is_no_author_person() -> None:
    assert author_to_xcn(Author(AuthorKind.ORGANIZATION)) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("279035121518989^N^G^^^^^^&1.2.250.1.213.1.4.8&ISO^D", AuthorKind.PATIENT),
        ("279035121518989^N^G^^^^^^&1.2.3&ISO^D^^^INS-NIR", AuthorKind.PATIENT),
        ("7^Auto^^^^^^^&1.2.3&ISO^U", AuthorKind.DEVICE),
        ("801234567897^N^G^^^^^^&1.2.250.1.71.4.2.1&ISO^U", AuthorKind.PROFESSIONAL),
        ("^NAME^Given", AuthorKind.PROFESSIONAL),
    ],
)
def test_the_kind_of_author_is_found_where_the_type_says_nothing(
    text: str, kind: AuthorKind
) -> None:
    assert author_from_xcn(text).kind is kind


def test_given_names_of_two_components_are_joined() -> None:
    assert author_from_xcn("^NAME^Anne^Claude").name == Name(family="NAME", given="Anne Claude")


def test_an_identifier_without_authority_is_refused() -> None:
    for read in (author_from_xcn, person_from_xcn):
        with pytest.raises(CarnetError) as error:
            read("801234567897^NAME^Given")
        assert error.value.code == "identifier-malformed"
    with pytest.raises(CarnetError):
        organization_from_xon("NAME^^^^^^^^^1750100125")


@given(
    st.sampled_from([AuthorKind.PROFESSIONAL, AuthorKind.PATIENT]),
    st.none() | IDENTIFIERS,
    NAMES,
)
def test_a_person_as_author_comes_back(
    kind: AuthorKind, identifier: Identifier | None, name: Name | None
) -> None:
    author = Author(kind, identifier=identifier, name=name)
    text = author_to_xcn(author)
    assert text is not None
    assert author_from_xcn(text) == author


@given(st.none() | IDENTIFIERS, MAYBE)
def test_a_device_as_author_comes_back(identifier: Identifier | None, device: str | None) -> None:
    author = Author(AuthorKind.DEVICE, identifier=identifier, device=device)
    text = author_to_xcn(author)
    assert text is not None
    assert author_from_xcn(text) == author


@given(st.builds(Person, st.none() | IDENTIFIERS, NAMES))
def test_an_authenticator_comes_back(person: Person) -> None:
    assert person_from_xcn(person_to_xcn(person)) == person


def test_a_patient_who_signs_is_of_type_nh() -> None:
    person = Person(Identifier(INS.oid, INS.matricule), Name(family="PAT-TROIS"))
    assert person_to_xcn(person).endswith("^NH")


def test_a_structure_is_an_xon_of_type_idnst() -> None:
    house = Organization(structure("1750100125"), "NAME")
    text = "NAME^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1750100125"
    assert organization_to_xon(house) == text
    assert organization_from_xon(text) == house
    assert organization_to_xon(Organization(Identifier("1.3.2", "732829320"), "SERVICE")) == (
        "SERVICE^^^^^&1.3.2&ISO^SIREN^^^732829320"
    )


@given(st.builds(Organization, st.none() | IDENTIFIERS, MAYBE))
def test_a_structure_comes_back(organization: Organization) -> None:
    assert organization_from_xon(organization_to_xon(organization)) == organization
