from __future__ import annotations

import msgspec

from carnet.record.document import Author, AuthorKind, Organization
from carnet.record.identity import OID_PROFESSIONAL, OID_STRUCTURE, Identifier
from carnet.record.structures import actor_key
from carnet.storage.authors import author_keys, structure_keys
from tests.storage.samples import INS, an_entry

ONE = Identifier(OID_PROFESSIONAL, "810000000017")
TWO = Identifier(OID_PROFESSIONAL, "810000000025")
HOUSE = Identifier(OID_STRUCTURE, "1750712184")


def by(*authors: Author) -> list[str]:
    return author_keys(msgspec.structs.replace(an_entry(), authors=authors))


def professional(identifier: Identifier | None, house: Identifier | None = None) -> Author:
    return Author(AuthorKind.PROFESSIONAL, identifier=identifier, organization=Organization(house))


def test_authors_are_told_once_the_first_first() -> None:
    assert by(professional(TWO), professional(ONE), professional(TWO)) == [
        actor_key(TWO),
        actor_key(ONE),
    ]


def test_a_patient_who_writes_goes_by_their_ins() -> None:
    author = Author(AuthorKind.PATIENT, identifier=Identifier("1.2.3", "local"))
    assert by(author) == [f"{INS.oid}|{INS.matricule}"]


def test_who_has_no_identifier_is_not_looked_up() -> None:
    assert by(professional(None), Author(AuthorKind.DEVICE, device="Analyseur")) == []


def test_structures_are_those_of_the_authors() -> None:
    entry = msgspec.structs.replace(
        an_entry(), authors=(professional(ONE, HOUSE), professional(TWO), Author(AuthorKind.DEVICE))
    )
    assert structure_keys(entry) == [actor_key(HOUSE)]
