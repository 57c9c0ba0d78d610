"""The results of one document as DiagnosticReport (R4 §10.3)."""

from __future__ import annotations

from carnet.clinical.model import Report
from carnet.fhir.resources.facts.elements import UNKNOWN, Json, instant
from carnet.formats.fhir import urls
from carnet.formats.fhir.dump import dump, own_url

LABORATORY = "LAB"
_CARRIED = ("contentType", "language", "title")


def render(report: Report, record_id: str) -> bytes:
    """The DiagnosticReport of a document; its code is the document's type."""
    source = report.source
    metadata = source.metadata
    out: Json = {
        "resourceType": "DiagnosticReport",
        "id": report.id,
        "meta": {"source": own_url(f"DocumentReference/{source.entry_uuid}")},
        "status": "final",
        "category": [{"coding": [{"system": urls.SERVICE_SECTION, "code": LABORATORY}]}],
        "code": metadata.get("type", UNKNOWN),
        "subject": {"reference": "Patient/" + record_id},
    }
    context = metadata.get("context")
    when = context.get("period") if isinstance(context, dict) else None
    if when:
        out["effectivePeriod"] = when
    out["issued"] = instant(source.created)
    out["result"] = [{"reference": f"Observation/{one.id}"} for one in report.told]
    out["presentedForm"] = [_attachment(metadata, source.document_id)]
    return dump(out)


def _attachment(metadata: Json, document_id: str) -> Json:
    """The document itself, by its address."""
    content = metadata.get("content")
    given = content[0].get("attachment") if isinstance(content, list) and content else None
    known = given if isinstance(given, dict) else {}
    out: Json = {name: known[name] for name in _CARRIED if name in known}
    out["url"] = own_url(f"Binary/{document_id}")
    return out
