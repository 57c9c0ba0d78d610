"""ITI-105 Simplified Publish, ``POST DocumentReference`` (MHD 4.2.x §3.105, PDSm §3; TD2.1)."""

from __future__ import annotations

from carnet.fhir.body import Body, read_resource
from carnet.fhir.call import Call, version_headers
from carnet.fhir.http import Response
from carnet.fhir.negotiate import FHIR_JSON, JSON, check_content
from carnet.fhir.resources.document_reference import parse
from carnet.record.errors import CarnetError, Notice
from carnet.usecases.requests import SubmissionResult, SubmissionStatus, SubmittedDocument

_DATA = "content[0].attachment.data"


async def interact(call: Call) -> Response:
    """201 with Location and the stored resource; 200 for a repeated identical submission."""
    call.no_parameters()
    headers = call.request.headers
    encoding = headers.get("content-encoding", "")
    check_content(headers.get("content-type", ""), encoding, (FHIR_JSON, JSON))
    body = await read_resource(call.request, "DocumentReference", call.services.spools)
    try:
        return await _submit(call, body)
    finally:
        body.close()


async def _submit(call: Call, body: Body) -> Response:
    declared = parse(body.resource, call.base)
    if declared.record_id is not None:
        status = await call.services.check_record_by_id(call.caller, declared.record_id)
        declared.entry.patient = status.ins
    content = body.contents.get(_DATA)
    if content is None:
        raise CarnetError("element-required", f"DocumentReference.{_DATA}")
    document = SubmittedDocument(content, declared.entry)
    result = await call.services.submit(call.caller, document, not call.lenient)
    return _answer(call, result, declared.warnings)


def _answer(call: Call, result: SubmissionResult, warnings: tuple[Notice, ...]) -> Response:
    headers = [
        ("location", f"{call.base}/DocumentReference/{result.entry_uuid}"),
        *version_headers(result.change, result.last_updated),
    ]
    status = 201 if result.status is SubmissionStatus.STORED else 200
    return call.changed(status, result.resource, headers, (*warnings, *result.warnings))
