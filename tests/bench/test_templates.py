"""A filled template is what building, reading and rendering one document give."""

from __future__ import annotations

import base64
import hashlib
import uuid

import orjson
import pytest

from carnet.bench import people
from carnet.bench.asking import Submission
from carnet.bench.templates import kind_of
from carnet.formats.cda import CdaScanner
from carnet.formats.cda.metadata import entry_of
from carnet.record.document import EntryState, Flags, Status
from carnet.record.identity import has_right_key
from carnet.usecases.clock import instant
from carnet.usecases.rendering import slot_of_state

SEED = b"a seed for tests"
AT = 1_750_000_000
UNIQUE, SERIES = "2.25.12345678901234567890", "2.25.98765432109876543210"


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("number", [0, 17, 49_999])
def test_a_made_document_is_read_and_rendered_to_the_same_bytes(number: int, large: bool) -> None:
    citizen, traits = people.citizen_ins(number), people.citizen_traits(number)
    kind = kind_of(number, number, large=large)
    made = kind.document(UNIQUE, SERIES, citizen, traits, AT)
    scanner = CdaScanner()
    scanner.feed(made.xml)
    sha1, sha256 = hashlib.sha1(made.xml, usedforsecurity=False), hashlib.sha256(made.xml)
    entry, notices = entry_of(scanner.close(), sha1.hexdigest(), sha256.hexdigest(), len(made.xml))
    assert made.entry == entry
    assert not notices
    record_id = people.made_id(SEED, "record", number)
    ids = (people.made_id(SEED, "entry", number), people.made_id(SEED, "document", number))
    logical = str(uuid.UUID(bytes=ids[1]))
    state = EntryState(
        entry_no=4,
        entry_uuid=str(uuid.UUID(bytes=ids[0])),
        logical_id=logical,
        binary_id=logical,
        version=1,
        change=1,
        status=Status.APPROVED,
        flags=Flags(),
        last_updated=instant((AT + 60) * 1_000_000),
    )
    rendered = slot_of_state(record_id, entry, state, None, (AT + 60) * 1_000_000)
    assert kind.slot(made, record_id, 4, ids, AT + 60) == rendered


@pytest.mark.parametrize("large", [False, True])
def test_lengths_are_those_that_the_budgets_speak_of(large: bool) -> None:
    made = kind_of(3, 3, large=large).document(
        UNIQUE, SERIES, people.citizen_ins(3), people.citizen_traits(3), AT
    )
    low, high = (49_000, 51_000) if large else (4_000, 6_000)
    assert low < len(made.xml) < high


def test_a_submission_carries_the_document_of_its_values() -> None:
    for number in range(6):  # heads of all lengths modulo three
        kind = kind_of(number, number, large=True)
        body = Submission(kind).body(number, UNIQUE + "1" * number, SERIES, AT)
        resource = orjson.loads(body)
        attachment = resource["content"][0]["attachment"]
        made = kind.document(
            UNIQUE + "1" * number,
            SERIES,
            people.citizen_ins(number),
            people.citizen_traits(number),
            AT,
        )
        assert base64.b64decode(attachment["data"], validate=True) == made.xml
        assert resource["masterIdentifier"]["value"] == f"urn:oid:{UNIQUE}" + "1" * number


def test_citizens_differ_and_have_right_keys() -> None:
    numbers = [*range(3000), *range(30_000_000, 30_000_100)]
    found = {people.citizen_ins(number).matricule for number in numbers}
    assert len(found) == len(numbers)
    assert all(has_right_key(people.citizen_ins(number)) for number in numbers)
