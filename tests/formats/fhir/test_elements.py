from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.fhir.elements import (
    hash_json,
    name_json,
    read_hash,
    read_identifier,
    read_name,
    read_unique_id,
)
from carnet.formats.fhir.reading import Element
from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier, Name


@given(st.binary(min_size=20, max_size=20))
def test_a_hash_comes_back(digest: bytes) -> None:
    assert read_hash(hash_json(digest.hex()), "R.hash") == digest.hex()


@pytest.mark.parametrize("text", ["", "abc", "é", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0", "QQ=="])
def test_a_hash_of_another_length_or_alphabet_is_refused(text: str) -> None:
    with pytest.raises(CarnetError) as caught:
        read_hash(text, "R.hash")
    assert (caught.value.code, caught.value.element) == ("hash-malformed", "R.hash")


def test_a_name_comes_back() -> None:
    name = Name("LEGRIS", "Basile", "DR", "PhD")
    assert read_name(Element(name_json(name), "R.name[0]")) == name


def test_a_name_in_one_text_is_kept_as_family() -> None:
    assert read_name(Element({"text": "Dr Legris"}, "R.name[0]")) == Name(family="Dr Legris")


def test_identifiers_are_read_with_their_system() -> None:
    element = Element({"system": "urn:oid:1.2.3", "value": "A", "use": "official"}, "R.identifier")
    assert read_identifier(element) == Identifier("1.2.3", "A")
    master = Element({"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3"}, "R.master")
    assert read_unique_id(master) == "1.2.3"


@pytest.mark.parametrize(
    ("identifier", "code"),
    [
        ({"value": "A"}, "identifier-malformed"),
        ({"system": "urn:oid:1.2.3", "value": "A", "colour": "x"}, "element-unknown"),
        ({"system": "urn:oid:1.2.3"}, "element-required"),
    ],
)
def test_an_identifier_that_cannot_be_read_is_refused(
    identifier: dict[str, object], code: str
) -> None:
    with pytest.raises(CarnetError) as caught:
        read_identifier(Element(identifier, "R.identifier"))
    assert caught.value.code == code
