from __future__ import annotations

import orjson
from fhir.resources.R4B.bundle import Bundle

from carnet.formats.fhir.bundle import entry, searchset
from carnet.formats.fhir.document_reference import render
from carnet.formats.fhir.dump import with_base
from carnet.formats.fhir.operation_outcome import of_notices
from tests.formats.fhir.samples import ENTRY, ENTRY_UUID, RECORD_ID, STATE


def test_a_searchset_is_joined_from_ready_bytes() -> None:
    resource = render(ENTRY, STATE, RECORD_ID, None, 0)
    entries = [
        entry(b"\x01/DocumentReference/" + ENTRY_UUID.encode(), resource),
        entry(None, of_notices([]), "outcome"),
    ]
    joined = searchset(entries, 12, [("self", 'https://x/fhir/DocumentReference?a="1"')])
    bundle = orjson.loads(with_base(joined, "https://x/fhir"))
    Bundle.model_validate(bundle)
    assert bundle["total"] == 12
    assert bundle["entry"][0]["fullUrl"] == f"https://x/fhir/DocumentReference/{ENTRY_UUID}"
    assert [item["search"]["mode"] for item in bundle["entry"]] == ["match", "outcome"]
    assert "fullUrl" not in bundle["entry"][1]


def test_an_empty_searchset_has_no_entry_at_all() -> None:
    bundle = orjson.loads(searchset([], 0, [("self", "https://x")]))
    Bundle.model_validate(bundle)
    assert "entry" not in bundle
