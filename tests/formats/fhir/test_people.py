"""Contained people: what is rendered is read back as it was."""

from __future__ import annotations

from typing import Any

import msgspec
import orjson
import pytest

from carnet.formats.fhir.people import Resource, add_author, add_person, source_patient_json
from carnet.formats.fhir.people_reading import (
    Contained,
    read_author,
    read_organization,
    read_person,
    read_traits,
)
from carnet.formats.fhir.reading import Element
from carnet.record.document import Author, AuthorKind, Person
from carnet.record.errors import CarnetError
from carnet.record.identity import Name
from tests.formats.fhir.samples import AUTHOR, DOCTOR, FULL, HOSPITAL, TRAITS


def contained_of(resources: list[Resource]) -> Contained:
    read = orjson.loads(orjson.dumps(resources))
    return Contained([Element(item, f"R.contained[{i}]") for i, item in enumerate(read)])


@pytest.mark.parametrize("author", FULL.authors, ids=lambda author: str(author.kind))
def test_an_author_comes_back(author: Author) -> None:
    resources: list[Resource] = []
    reference = add_author(author, resources, "author-1")
    contained = contained_of(resources)
    found = read_author(Element(reference, "R.author[0]"), contained)
    contained.done()
    assert found.kind is author.kind
    assert found.name == author.name
    assert found.organization == author.organization
    assert (found.role, found.specialty) == (author.role, author.specialty)
    assert found.device == author.device


def test_an_authenticator_comes_back() -> None:
    resources: list[Resource] = []
    person = Person(DOCTOR, Name("LEGRIS", "Basile"), HOSPITAL)
    reference = add_person(person, resources, "authenticator")
    assert read_person(Element(reference, "R.authenticator"), contained_of(resources)) == person


def test_traits_come_back_without_the_birthplace() -> None:
    found = read_traits(Element(source_patient_json(TRAITS, None, "p"), "R.contained[0]"))
    assert found == msgspec.structs.replace(TRAITS, birth_place=None)


def test_traits_that_lack_one_are_none() -> None:
    patient = source_patient_json(TRAITS, None, "p")
    del patient["birthDate"]
    assert read_traits(Element(patient, "R.contained[0]")) is None


def test_a_logical_reference_is_known_by_the_national_root() -> None:
    reference: dict[str, Any] = {
        "identifier": {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "801234567897"},
        "display": "Dr Basile Legris",
    }
    found = read_author(Element(reference, "R.author[0]"), contained_of([]))
    assert found == Author(AuthorKind.PROFESSIONAL, DOCTOR, Name(family="Dr Basile Legris"))


def test_the_organisation_of_mhd_stands_on_the_reference() -> None:
    reference: dict[str, Any] = {
        "reference": "#p",
        "extension": [
            {
                "url": "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-authorOrg",
                "valueReference": {"reference": "#o"},
            }
        ],
    }
    resources: list[Resource] = [
        {"resourceType": "Practitioner", "id": "p", "name": [{"family": "LEGRIS"}]},
        {"resourceType": "Organization", "id": "o", "name": "Cabinet"},
    ]
    found = read_author(Element(reference, "R.author[0]"), contained_of(resources))
    assert found.organization is not None
    assert found.organization.name == "Cabinet"
    assert AUTHOR.organization == HOSPITAL


@pytest.mark.parametrize(
    ("reference", "resources", "code"),
    [
        ({"reference": "#x"}, [], "contained-absent"),
        ({"reference": "Practitioner/1"}, [], "reference-external"),
        ({"display": "somebody"}, [], "element-required"),
        ({"identifier": {"system": "urn:oid:1.2.3", "value": "4"}}, [], "author-kind"),
        ({"reference": "#r"}, [{"resourceType": "RelatedPerson", "id": "r"}], "author-kind"),
        (
            {"reference": "#p"},
            [{"resourceType": "Practitioner", "id": "p", "colour": "red"}],
            "element-unknown",
        ),
    ],
)
def test_an_author_that_cannot_be_read_is_refused(
    reference: dict[str, Any], resources: list[Resource], code: str
) -> None:
    with pytest.raises(CarnetError) as caught:
        read_author(Element(reference, "R.author[0]"), contained_of(resources))
    assert caught.value.code == code


def test_contained_resources_need_an_id_of_their_own_and_a_use() -> None:
    one: Resource = {"resourceType": "Organization", "id": "o", "name": "A"}
    with pytest.raises(CarnetError) as caught:
        contained_of([one, one])
    assert caught.value.code == "contained-repeated"
    unused = contained_of([one])
    with pytest.raises(CarnetError) as caught:
        unused.done()
    assert caught.value.code == "contained-unused"


def test_an_organisation_without_name_or_identifier_is_refused() -> None:
    resources: list[Resource] = [{"resourceType": "Organization", "id": "o", "type": []}]
    with pytest.raises(CarnetError) as caught:
        read_organization(Element({"reference": "#o"}, "R.custodian"), contained_of(resources))
    assert caught.value.code == "element-required"
