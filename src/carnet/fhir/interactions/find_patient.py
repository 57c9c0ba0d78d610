"""TD0.2, ``GET Patient?identifier=``: does a record exist, may I read it (PDSm for DMP, §TD0.2)."""

from __future__ import annotations

from carnet.fhir import values
from carnet.fhir.call import Call
from carnet.fhir.http import Response
from carnet.fhir.interactions.search import answer, asked_of
from carnet.fhir.params import Asked, Param, Table, apply, written
from carnet.fhir.resources.patient import render, render_authorisation
from carnet.formats.fhir.bundle import entry
from carnet.record.errors import CarnetError
from carnet.record.identity import Ins


class _Draft:
    ins: Ins | None = None


def _identifier(draft: _Draft, asked: Asked) -> None:
    draft.ins = values.ins(asked.value, asked.name)


PATIENTS: Table[_Draft] = Table(
    {"identifier": Param("token", "INS: urn:oid:…|matricule, exactly once.", _identifier)},
    frozenset({"_id", "name", "family", "given", "birthdate", "gender"}),
)


async def interact(call: Call) -> Response:
    """A Bundle without entry where there is no record; else the Patient and the authorisation."""
    asked = await asked_of(call)
    draft = _Draft()
    left_out = apply(PATIENTS, asked, draft, call.lenient)
    if draft.ins is None:
        raise CarnetError("parameter-required", "identifier", name="identifier")
    status = await call.services.check_record(call.caller, draft.ins)
    entries: list[bytes] = []
    if status is not None:
        entries.append(entry(b"\x01/Patient/" + status.record_id.encode(), render(status)))
        authorisation = render_authorisation(status, call.caller)
        if authorisation is not None:
            url, resource = authorisation
            entries.append(entry(url.encode(), resource, "include"))
    used = [item for item in asked if item.name in PATIENTS.params]
    links = [("self", f"{call.base}/Patient?{written(used)}")]
    return answer(call, entries, 1 if status else 0, links, left_out)
