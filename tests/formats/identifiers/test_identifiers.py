"""OIDs, UUIDs and uniqueId."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.identifiers import (
    identifier_of_unique_id,
    normalise_root,
    normalise_unique_id,
    unique_id_of,
)
from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier

UUID = "0f8b9a52-3c1d-4e6f-8a7b-9c0d1e2f3a4b"
OIDS = st.from_regex(r"[0-2](\.(0|[1-9][0-9]{0,5})){1,8}", fullmatch=True)


@pytest.mark.parametrize(
    ("spelling", "unique_id"),
    [
        ("1.2.250.1.999.1", "1.2.250.1.999.1"),
        (" urn:oid:1.2.250.1.999.1 ", "1.2.250.1.999.1"),
        ("1.2.250.1.999^DOC-7", "1.2.250.1.999^DOC-7"),
        ("urn:oid:1.2.250.1.999^DOC-7", "1.2.250.1.999^DOC-7"),
        (f"urn:uuid:{UUID}", f"urn:uuid:{UUID}"),
        (UUID.upper(), f"urn:uuid:{UUID}"),
        (f"URN:UUID:{UUID.upper()}", f"urn:uuid:{UUID}"),
    ],
)
def test_a_unique_id_has_one_spelling(spelling: str, unique_id: str) -> None:
    assert normalise_unique_id(spelling) == unique_id
    assert normalise_unique_id(unique_id) == unique_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DOC-7",
        "^DOC",
        f"urn:uuid:{UUID}^1",
        "1.2^a^b",
        "3.1",
        "1." + "1" * 127,
        "http://a.fr/1",
    ],
)
def test_what_is_no_unique_id_is_refused(text: str) -> None:
    with pytest.raises(CarnetError) as error:
        normalise_unique_id(text, "masterIdentifier")
    assert (error.value.code, error.value.element) == ("unique-id-malformed", "masterIdentifier")


@given(OIDS, st.text(st.characters(codec="ascii", exclude_characters="^"), max_size=40))
def test_root_and_extension_come_back_from_a_unique_id(root: str, extension: str) -> None:
    identifier = Identifier(root, extension)
    assert identifier_of_unique_id(unique_id_of(identifier)) == identifier


@given(st.uuids())
def test_a_uuid_comes_back_from_a_unique_id(uuid: object) -> None:
    identifier = Identifier(str(uuid))
    assert identifier_of_unique_id(unique_id_of(identifier)) == identifier


@given(st.text(max_size=60))
def test_a_root_has_one_spelling(root: str) -> None:
    assert normalise_root(normalise_root(root)) == normalise_root(root)
