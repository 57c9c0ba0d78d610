"""Renders a trace as an AuditEvent, after the patterns of IHE BALP (query, read, create, update).

The profiles of BALP are not claimed in meta.profile: they want the network address of the client,
which Carnet does not keep in a record. Source and destination follow DICOM as BALP does: for a
query the client is the source, for a read the server is.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from carnet.formats.fhir import urls
from carnet.formats.fhir.dump import dump
from carnet.formats.identifiers.fhir import identifier_to_fhir
from carnet.record.identity import Identifier
from carnet.record.trace import Act, Outcome, Trace

_QUERY = ("E", "search")
_READ = ("R", "read")
_CREATE = ("C", "create")
_UPDATE = ("U", "update")

_PATTERNS = {
    Act.CHECK_RECORD: _QUERY,
    Act.FIND: _QUERY,
    Act.READ_FACTS: _QUERY,
    Act.READ_HISTORY: _QUERY,
    Act.READ_ENTRY: _READ,
    Act.RETRIEVE: _READ,
    Act.READ_CONSENT: _READ,
    Act.DERIVE: _READ,
    Act.OPEN_RECORD: _CREATE,
    Act.SUBMIT: _CREATE,
    Act.GRANT: _CREATE,
    Act.BLOCK: _CREATE,
    Act.NAME_PHYSICIAN: _CREATE,
    Act.ATTEST_CONSENT: _CREATE,
}
_PURPOSES = {"normal": "TREAT", "break-glass": "ETREAT", "regulation": "ETREAT"}


def render(trace: Trace, record_id: str, documents: tuple[str, ...]) -> bytes:
    """The AuditEvent of a trace; ``documents`` are the ids that its reader may still see."""
    action, interaction = _PATTERNS.get(trace.act, _UPDATE)
    out: dict[str, object] = {
        "resourceType": "AuditEvent",
        "id": trace.id.hex(),
        "type": {"system": urls.AUDIT_TYPE, "code": "rest", "display": "RESTful Operation"},
        "subtype": [
            {"system": urls.RESTFUL, "code": interaction},
            {"system": urls.ACTS, "code": trace.act.value},
        ],
        "action": action,
        "recorded": _instant(trace.at),
        "outcome": "0" if trace.outcome is Outcome.PERMITTED else "4",
        "purposeOfEvent": [
            {
                "coding": [
                    {"system": urls.ACT_REASON, "code": _PURPOSES.get(trace.purpose, "TREAT")}
                ],
                "text": trace.purpose,
            }
        ],
        "agent": _agents(trace, interaction),
        "source": {
            "observer": {"display": "Carnet"},
            "type": [{"system": urls.AUDIT_SOURCE, "code": "4", "display": "Application Server"}],
        },
        "entity": _entities(trace, record_id, documents),
    }
    extensions = _extensions(trace)
    if extensions:
        out["extension"] = extensions
    if trace.outcome is Outcome.REFUSED:
        out["outcomeDesc"] = trace.reason or "refused"
    return dump(out)


def _instant(microseconds: int) -> str:
    moment = datetime.fromtimestamp(microseconds // 1_000_000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{microseconds % 1_000_000 // 1000:03d}Z"


def _extensions(trace: Trace) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    if trace.reason:
        out.append({"url": urls.DECISION, "valueCode": trace.reason})
    if trace.stated_reason:
        out.append({"url": urls.STATED_REASON, "valueString": trace.stated_reason})
    return out


def _who(actor: str, name: str | None) -> dict[str, object]:
    root, _, extension = actor.partition("|")
    who: dict[str, object] = {}
    if root:
        who["identifier"] = identifier_to_fhir(Identifier(root, extension))
    if name:
        who["display"] = name
    return who


def _agents(trace: Trace, interaction: str) -> list[dict[str, object]]:
    person: dict[str, object] = {
        "type": {"coding": [{"system": urls.PARTICIPATION, "code": "IRCP"}]},
        "role": [{"coding": [{"system": urls.CALLER_KINDS, "code": trace.caller}]}],
        "who": _who(trace.actor, trace.name),
        "requestor": True,
    }
    if trace.profession:
        person["role"] = [
            {"coding": [{"system": urls.CALLER_KINDS, "code": trace.caller}]},
            {"text": trace.profession},
        ]
    agents = [person]
    if trace.structure or trace.structure_name:
        agents.append(
            {
                "type": {"coding": [{"system": urls.PARTICIPATION, "code": "PROV"}]},
                "who": _who(trace.structure or "", trace.structure_name),
                "requestor": False,
            }
        )
    if trace.on_behalf_of:
        agents.append(
            {
                "type": {"coding": [{"system": urls.PARTICIPATION, "code": "BEN"}]},
                "who": _who(trace.on_behalf_of, None),
                "requestor": False,
            }
        )
    client, server = ("110152", "110153") if interaction == "read" else ("110153", "110152")
    if trace.software:
        agents.append(_machine(client, trace.software))
    agents.append(_machine(server, "Carnet"))
    return agents


def _machine(role: str, name: str) -> dict[str, object]:
    return {
        "type": {"coding": [{"system": urls.DCM, "code": role}]},
        "who": {"display": name},
        "requestor": False,
    }


def _entities(trace: Trace, record_id: str, documents: tuple[str, ...]) -> list[dict[str, object]]:
    out: list[dict[str, object]] = [
        {
            "what": {"reference": "Patient/" + record_id},
            "type": {"system": urls.AUDIT_ENTITY_TYPE, "code": "1", "display": "Person"},
            "role": {"system": urls.OBJECT_ROLE, "code": "1", "display": "Patient"},
        }
    ]
    out.extend(
        {
            "what": {"reference": "DocumentReference/" + document},
            "type": {"system": urls.AUDIT_ENTITY_TYPE, "code": "2", "display": "System Object"},
            "role": {"system": urls.OBJECT_ROLE, "code": "3", "display": "Report"},
        }
        for document in documents
    )
    if trace.criteria:
        out.append(
            {
                "type": {"system": urls.AUDIT_ENTITY_TYPE, "code": "2", "display": "System Object"},
                "role": {"system": urls.OBJECT_ROLE, "code": "24", "display": "Query"},
                "query": base64.b64encode(trace.criteria.encode()).decode(),
            }
        )
    return out
