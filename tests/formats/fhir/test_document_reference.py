from __future__ import annotations

from typing import Any

import msgspec
import orjson
import pytest
from fhir.resources.R4B.documentreference import DocumentReference
from fhirclient.models.documentreference import DocumentReference as ClientReference
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.fhir.document_reference import as_instant, render
from carnet.formats.fhir.dump import BASE, with_base
from carnet.record.document import Code, Flags, Status
from tests.formats.fhir.samples import (
    BINARY_ID,
    ENTRY,
    ENTRY_UUID,
    FULL,
    LOGICAL_ID,
    RECORD_ID,
    STATE,
)

NOW = 1_704_200_000


def rendered(entry: Any = ENTRY, state: Any = STATE, replaces: str | None = None) -> dict[str, Any]:
    stored = render(entry, state, RECORD_ID, replaces, NOW)
    found: dict[str, Any] = orjson.loads(with_base(stored, "https://carnet.example/fhir"))
    return found


@pytest.mark.parametrize("entry", [ENTRY, FULL], ids=["least", "most"])
def test_foreign_models_read_what_is_rendered(entry: Any) -> None:
    resource = rendered(entry)
    assert DocumentReference.model_validate(resource).id == ENTRY_UUID
    assert ClientReference(resource).as_json()["id"] == ENTRY_UUID


def test_every_element_that_pdsm_asks_for_is_there() -> None:
    resource = rendered()
    needed = (
        "masterIdentifier status type category subject date author custodian securityLabel content "
        "context contained identifier meta"
    )
    assert [name for name in needed.split() if name not in resource] == []
    attachment = resource["content"][0]["attachment"]
    assert {"contentType", "language", "url", "size", "hash", "title", "creation"} == set(
        attachment
    )
    assert "docStatus" not in resource
    assert "modifierExtension" not in resource


def test_the_server_says_version_ids_and_address() -> None:
    resource = rendered()
    assert resource["meta"]["versionId"] == "3"
    assert resource["meta"]["lastUpdated"] == "2024-01-02T12:00:00Z"
    values = [(item["use"], item["value"]) for item in resource["identifier"]]
    assert values == [
        ("official", f"urn:uuid:{ENTRY_UUID}"),
        ("secondary", f"urn:uuid:{LOGICAL_ID}"),
    ]
    url = resource["content"][0]["attachment"]["url"]
    assert url == f"https://carnet.example/fhir/Binary/{BINARY_ID}"


def test_stored_bytes_hold_no_base() -> None:
    stored = render(ENTRY, STATE, RECORD_ID, None, NOW)
    assert stored.count(BASE) == 1
    assert b"carnet.example/fhir/Binary" not in stored


def test_the_hash_is_base64_of_the_sha1() -> None:
    attachment = rendered()["content"][0]["attachment"]
    assert attachment["hash"] == "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="


@pytest.mark.parametrize(
    ("status", "said", "archived"),
    [
        (Status.APPROVED, "current", False),
        (Status.DEPRECATED, "superseded", False),
        (Status.ARCHIVED, "current", True),
        (Status.DELETED, "entered-in-error", False),
    ],
)
def test_status_and_archive(status: Status, said: str, archived: bool) -> None:
    resource = rendered(state=msgspec.structs.replace(STATE, status=status))
    assert resource["status"] == said
    assert ("extension" in resource) is archived


def test_flags_in_force_stand_beside_the_level() -> None:
    flags = Flags(hidden_from_professionals=True, patient_until=NOW + 1)
    resource = rendered(state=msgspec.structs.replace(STATE, flags=flags))
    codes = [label["coding"][0]["code"] for label in resource["securityLabel"]]
    assert codes == ["N", "MASQUE_PS", "INVISIBLE_PATIENT"]


def test_a_flag_that_is_due_is_gone() -> None:
    flags = Flags(patient_until=NOW)
    resource = rendered(state=msgspec.structs.replace(STATE, flags=flags))
    assert [label["coding"][0]["code"] for label in resource["securityLabel"]] == ["N"]


@pytest.mark.parametrize(
    ("unique_id", "system", "value"),
    [
        ("1.2.3.4", "urn:ietf:rfc:3986", "urn:oid:1.2.3.4"),
        (f"urn:uuid:{ENTRY_UUID}", "urn:ietf:rfc:3986", f"urn:uuid:{ENTRY_UUID}"),
        ("1.2.3.4^A7", "urn:oid:1.2.3.4", "A7"),
    ],
)
def test_the_three_forms_of_a_unique_id(unique_id: str, system: str, value: str) -> None:
    master = rendered(msgspec.structs.replace(ENTRY, unique_id=unique_id))["masterIdentifier"]
    assert (master["use"], master["system"], master["value"]) == ("usual", system, value)


def test_the_replaced_document_is_named_by_id_or_by_its_unique_id() -> None:
    by_id = rendered(FULL, replaces="41111111-1111-4111-8111-111111111111")["relatesTo"][0]
    assert by_id["target"]["reference"] == "DocumentReference/41111111-1111-4111-8111-111111111111"
    absent = rendered(FULL)["relatesTo"][0]
    assert absent["target"]["identifier"]["value"] == "urn:oid:1.2.250.1.999.1.41"
    assert "relatesTo" not in rendered(ENTRY)


def test_every_contained_resource_is_referred_to() -> None:
    resource = rendered(FULL)
    text = orjson.dumps(resource).decode()
    for contained in resource["contained"]:
        assert f'"reference":"#{contained["id"]}"' in text


@pytest.mark.parametrize(
    ("date_time", "instant"),
    [
        ("2024", "2024-01-01T00:00:00Z"),
        ("2024-05", "2024-05-01T00:00:00Z"),
        ("2024-05-06", "2024-05-06T00:00:00Z"),
        ("2024-05-06T07:08:09+02:00", "2024-05-06T07:08:09+02:00"),
    ],
)
def test_a_partial_date_becomes_the_instant_where_it_begins(date_time: str, instant: str) -> None:
    assert as_instant(date_time) == instant


@given(st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_no_text_can_forge_the_mark_of_the_base(title: str, code: str) -> None:
    entry = msgspec.structs.replace(ENTRY, title=title, type=Code("1.2.3", code, title))
    stored = render(entry, STATE, RECORD_ID, None, NOW)
    assert stored.count(BASE) == 1
    assert orjson.loads(with_base(stored, "x"))["content"][0]["attachment"]["title"] == title
